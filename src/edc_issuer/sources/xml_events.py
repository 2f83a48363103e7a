"""XML read as it comes, without what makes XML dangerous.

No document type, so no entities and nothing from elsewhere; at most so many bytes, so
deep. Python's own parser (expat) does it, in pieces, so a large file is never held.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import BinaryIO
from xml.parsers import expat

MAX_DEPTH = 60  # honest ELMO files and spreadsheets nest less than twenty deep
_BLOCK = 1 << 16

Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class BadXml(ValueError):
    """Not well formed, too large or deep, or with a document type."""


def parse(
    file: BinaryIO,
    begin: Begin,
    end: End,
    text: Callable[[str], None] | None = None,
    *,
    limit: int,
) -> None:
    """Call back for each element, names without their namespace; `BadXml` if unsafe.

    `limit` is the most bytes that are read, after any decompression.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0
    local = lru_cache(maxsize=1_000)(_local)  # a sheet has millions of few names

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise BadXml(f"nested deeper than {MAX_DEPTH}")
        begin(local(name), attributes)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(local(name))

    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    parser.StartDoctypeDeclHandler = _refuse
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    _feed(parser, file, limit)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_: object) -> None:
    raise BadXml("a document type, which no honest file of this kind has")


def _feed(parser: expat.XMLParserType, file: BinaryIO, limit: int) -> None:
    left = limit
    try:
        while block := file.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise BadXml(f"more than {limit // 2**20} MB")
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadXml(str(error)) from error

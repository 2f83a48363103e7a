"""A credential in a PNG picture: one text chunk, found by its keyword.

A PNG is a row of chunks, each with its length, its name and a checksum. Every chunk is
walked and held against its checksum; the picture itself is never drawn. PNG (third
edition) sections 5 and 11.3.3; Open Badges 3.0 section 5.3.1.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from edc_issuer.carriers.base import (
    KINDS,
    Carried,
    Kind,
    refuse_large,
    refuse_several,
)
from edc_issuer.errors import Malformed
from edc_issuer.strict_json import MAX_BYTES

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 20_000  # a picture of 16 MB in the usual pieces of 8 kB has two thousand
MAX_LENGTH = 2**31 - 1  # PNG section 5.3
_AROUND = 12  # length, name and checksum of a chunk
_HEADER = 13  # PNG section 11.2.1
_TEXTS = (b"iTXt", b"tEXt", b"zTXt")
_KEYWORDS = {kind.keyword.encode(): kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its name, what it holds, and where it stands in the file."""

    name: bytes
    data: memoryview
    start: int
    end: int


def embed(picture: bytes, data: bytes, kind: Kind, *, replace: bool = False) -> bytes:
    """The picture with the credential in it, right behind its header.

    All other bytes stay as they are. `Malformed` for a picture that breaks its own
    rules; a picture that carries a credential already is `several-credentials`
    unless it is to be replaced.
    """
    chunks = tuple(_chunks(picture))
    old = [chunk for chunk in chunks if _kind(chunk) is not None]
    if old and not replace:
        raise Malformed(
            "the picture carries a credential already", reason="several-credentials"
        )
    header = chunks[0].end
    kept, place = [], header
    for chunk in old:
        kept.append(picture[place : chunk.start])
        place = chunk.end
    kept.append(picture[place:])
    return b"".join([picture[:header], _text_chunk(kind, data), *kept])


def extract(picture: bytes) -> Carried | None:
    """What the picture carries; None where it carries nothing.

    `Malformed` where it breaks the rules of its format (`carrier.*`), where more than
    one credential stands in it, and where a packed one grows too large.
    """
    found = [
        (kind, chunk)
        for chunk in _chunks(picture)
        if (kind := _kind(chunk)) is not None
    ]
    refuse_several(len(found))  # before any of them is unpacked
    return next((Carried(kind, _text(chunk)) for kind, chunk in found), None)


def _chunks(picture: bytes) -> Iterator[Chunk]:
    """Every chunk from IHDR to IEND; `Malformed` for anything else in the file."""
    refuse_large(picture)
    if not picture.startswith(SIGNATURE):
        raise _broken("it does not begin as a PNG")
    place, count, name = len(SIGNATURE), 0, b""
    while place < len(picture):
        if name == b"IEND":
            raise _broken("something stands behind the end of the picture")
        count += 1
        if count > MAX_CHUNKS:
            raise Malformed(
                f"more than {MAX_CHUNKS} chunks in one PNG", reason="limits.size"
            )
        chunk = _chunk(picture, place)
        if (chunk.name == b"IHDR") != (count == 1):
            raise _broken("a PNG begins with its one header (IHDR)")
        name, place = chunk.name, chunk.end
        yield chunk
    if name != b"IEND":
        raise _broken("it is cut short: no IEND at its end")


def _chunk(picture: bytes, start: int) -> Chunk:
    length = int.from_bytes(picture[start : start + 4])
    end = start + _AROUND + length
    if length > MAX_LENGTH or end > len(picture):
        raise _broken("a chunk is longer than what is left of the file")
    name = picture[start + 4 : start + 8]
    if not (name.isascii() and name.isalpha()):
        raise _broken("a chunk without a name")
    if length != {b"IHDR": _HEADER, b"IEND": 0}.get(name, length):
        raise _broken(f"{name.decode()} has another length than a PNG gives it")
    covered = memoryview(picture)[start + 4 : end - 4]
    if zlib.crc32(covered) != int.from_bytes(picture[end - 4 : end]):
        raise Malformed(
            f"the checksum of {name.decode()} is wrong", reason="carrier.checksum"
        )
    return Chunk(name, covered[4:], start, end)


def _kind(chunk: Chunk) -> Kind | None:
    """The kind of credential whose keyword a text chunk bears."""
    if chunk.name not in _TEXTS:
        return None
    # A keyword has at most 79 letters (PNG section 11.3.3.2).
    return _KEYWORDS.get(bytes(chunk.data[:80]).partition(b"\0")[0])


def _text(chunk: Chunk) -> bytes:
    """The text of a chunk; only iTXt is of today, the other two are of old badges."""
    rest = bytes(chunk.data).partition(b"\0")[2]
    if chunk.name == b"tEXt":
        return _ascii(rest)
    if chunk.name == b"zTXt":
        if rest[:1] != b"\0":
            raise _broken("a text packed in an unknown way")
        return _ascii(_unpacked(rest[1:]))
    packed, method = rest[:1], rest[1:2]
    if packed not in (b"\0", b"\x01") or (packed == b"\x01" and method != b"\0"):
        raise _broken("a text packed in an unknown way")
    _language, ends, rest = rest[2:].partition(b"\0")
    _translated, ends_too, text = rest.partition(b"\0")
    if not ends or not ends_too:
        raise _broken("a text chunk that ends before its text")
    return _unpacked(text) if packed == b"\x01" else text


def _ascii(text: bytes) -> bytes:
    # The standard says Latin-1, bakers wrote UTF-8: other letters are read in two ways.
    if not text.isascii():
        raise _broken("an old text chunk with letters beyond ASCII")
    return text


def _unpacked(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(packed, MAX_BYTES)
    except zlib.error as error:
        raise _broken("a packed text that cannot be unpacked") from error
    # A few kilobytes can grow without end; no honest credential is that large.
    if inflater.unconsumed_tail:
        raise Malformed(
            f"a packed text grows beyond {MAX_BYTES} bytes", reason="limits.size"
        )
    if not inflater.eof or inflater.unused_data:
        raise _broken("a packed text that is cut short, or not all of the chunk")
    return text


def _text_chunk(kind: Kind, data: bytes) -> bytes:
    """An iTXt chunk: not packed, language and translated keyword empty."""
    covered = b"iTXt" + kind.keyword.encode() + b"\0\0\0\0\0" + data
    length = (len(covered) - 4).to_bytes(4)
    return length + covered + zlib.crc32(covered).to_bytes(4)


def _broken(what: str) -> Malformed:
    return Malformed(f"not a whole PNG: {what}", reason="carrier.broken")

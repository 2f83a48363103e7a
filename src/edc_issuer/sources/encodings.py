"""Which letters a text file is written in: told for certain, or refused.

UTF-8 (with or without its mark) proves itself. Excel in Slovenian, Croatian and
Serbian writes Windows-1250, which every file of bytes could be; so it is believed only
where all its letters are ones that names of the region have. Nothing is ever read as
something that merely looks possible.
"""

from __future__ import annotations

import codecs
import os
from typing import BinaryIO

from edc_issuer.sources.sheet import unreadable

MAX_BYTES = 2**31  # two million long rows; beyond it somebody wants to fill the disk
_BLOCK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters of the region and of its neighbours' names in Windows-1250 (German, Hungarian,
# and of Italian what there is of it), and good typography. Letters of Czech, Polish and
# Romanian are what č, š and ž become in other encodings, far more often than meant.
_OWN = "čćžšđČĆŽŠĐ"
_OTHERS = "áäéíóöőúüűÁÄÉÍÓÖŐÚÜŰß"
_SIGNS = "„“”‚‘’«»–—…•€§°·×÷²³\u00a0\u00ad%"
_LIKELY = frozenset(_OWN + _OTHERS + _SIGNS)
_RIVALS = (
    ("iso8859-2", "ISO 8859-2"),
    ("cp852", "DOS 852"),
    ("cp1251", "Windows-1251"),
    ("iso8859-5", "ISO 8859-5"),
    ("mac-latin2", "Mac"),
)
_SERBIAN = frozenset("абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ")


def encoding_of(file: BinaryIO, name: str) -> str:
    """The encoding of a text file; `UnreadableRows` where it cannot be told.

    The file is read to its end once, in blocks, and set back to its beginning.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size > MAX_BYTES:
        raise unreadable(name, "file-too-large", limit=MAX_BYTES // 2**20)
    start = file.read(4)
    file.seek(0)
    if not start:
        raise unreadable(name, "file-empty")
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            _whole(file, name, encoding)
            return encoding
    return _unmarked(file, name)


def _whole(file: BinaryIO, name: str, encoding: str) -> None:
    """A mark promises an encoding; every byte has to keep the promise."""
    if not _is(file, "utf-8" if encoding == "utf-8-sig" else encoding):
        raise unreadable(name, "encoding-broken", encoding=encoding)


def _unmarked(file: BinaryIO, name: str) -> str:
    if _two_bytes(file):
        raise unreadable(name, "encoding-nul")
    if _is(file, "utf-8"):
        return "utf-8"
    high = _high_bytes(file)
    letters = _decoded(high, "cp1250")
    if letters is not None and set(letters) <= _LIKELY:
        if _could_be_mac(high, letters):
            raise unreadable(name, "encoding-rival", encoding="Mac")
        return "cp1250"
    for encoding, shown in _RIVALS:
        other = _decoded(high, encoding)
        if other is not None and set(other) <= _LIKELY | _SERBIAN:
            raise unreadable(name, "encoding-rival", encoding=shown)
    odd = sorted(set(letters or ()) - _LIKELY)
    raise unreadable(name, "encoding", value=" ".join(odd[:5]) or "?")


def _could_be_mac(high: bytes, letters: str) -> bool:
    """Whether a Mac may have written it: Špela is ápela, Aleš Aleä in Windows-1250.

    A letter of our own speaks for an encoding in which it is one, where the other has
    none; where both have, nothing is certain.
    """
    other = _decoded(high, "mac-latin2")
    if other is None or other == letters or not set(other) <= _LIKELY:
        return False
    return bool(set(other) & set(_OWN))


def _two_bytes(file: BinaryIO) -> bool:
    """Whether a good part of the beginning is NUL, as in Latin letters of UTF-16.

    A single NUL is a damaged cell, which is told of with its row.
    """
    start = file.read(_BLOCK)
    file.seek(0)
    return start.count(0) * 4 > len(start)


def _is(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _high_bytes(file: BinaryIO) -> bytes:
    """The different bytes above ASCII that the file holds."""
    ascii_letters = bytes(range(128))
    found: set[int] = set()
    while block := file.read(_BLOCK):
        found |= set(block.translate(None, ascii_letters))
    file.seek(0)
    return bytes(sorted(found))


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None

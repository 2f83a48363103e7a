"""As much CBOR as an ecdsa-sd-2023 proof value is made of, in one spelling only.

A proof value comes from strangers. So nothing is decoded that was not asked for:
the caller says which type comes next, lengths are definite and written the shortest
way, tags and simple values do not occur, and nothing may follow the last item. RFC
8949 sections 3 and 4.2.1; Data Integrity ECDSA Cryptosuites 1.0 sections 3.5.2 and
3.5.7 (no tags).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

# Major types (RFC 8949 section 3.1), with the words that a person is told.
UINT, BYTES, TEXT, ARRAY, MAP = 0, 2, 3, 4, 5
_NAMES = {
    0: "a number",
    1: "a negative number",
    2: "bytes",
    3: "a text",
    4: "an array",
    5: "a map",
    6: "a tag",
    7: "a simple value",
}
_INDEFINITE = 31
Item = TypeVar("Item")


class BadCbor(ValueError):
    """Not the CBOR that was asked for; the message says what and where."""


def encode_uint(number: int) -> bytes:
    """A number from 0 to 2^64 - 1."""
    return _head(UINT, number)


def encode_bytes(data: bytes) -> bytes:
    """A byte string of definite length."""
    return _head(BYTES, len(data)) + data


def encode_text(text: str) -> bytes:
    """A text in UTF-8."""
    data = text.encode()
    return _head(TEXT, len(data)) + data


def encode_array(items: Sequence[bytes]) -> bytes:
    """An array of items that are encoded already."""
    return _head(ARRAY, len(items)) + b"".join(items)


def encode_map(entries: Mapping[int, bytes]) -> bytes:
    """A map from numbers to encoded items, smallest key first (section 4.2.1)."""
    pairs = [encode_uint(key) + entries[key] for key in sorted(entries)]
    return _head(MAP, len(entries)) + b"".join(pairs)


def _head(major: int, number: int) -> bytes:
    first = major << 5
    if number < 24:
        return bytes([first | number])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * width:
            return bytes([first | info]) + number.to_bytes(width)
    raise ValueError("a number of more than 64 bits")


class Reader:
    """Takes one item after another; `BadCbor` for anything else than what is asked."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint(self) -> int:
        """The next item, a number."""
        return self._head(UINT)

    def bytes_of(self, length: int) -> bytes:
        """The next item, a byte string of exactly this length."""
        found = self._head(BYTES)
        if found != length:
            raise BadCbor(f"{found} bytes, {length} expected")
        return self._take(length)

    def text(self) -> str:
        """The next item, a text."""
        try:
            return self._take(self._head(TEXT)).decode()
        except UnicodeDecodeError as error:
            raise BadCbor("a text that is not UTF-8") from error

    def array_of(self, length: int) -> None:
        """Enter an array of exactly this many items."""
        found = self._head(ARRAY)
        if found != length:
            raise BadCbor(f"an array of {found}, {length} expected")

    def array(self, item: Callable[[], Item], *, most: int) -> tuple[Item, ...]:
        """The next item, an array whose members `item` reads one by one."""
        return tuple(item() for _ in range(self._count(ARRAY, most)))

    def map(self, item: Callable[[], Item], *, most: int) -> dict[int, Item]:
        """The next item, a map from numbers to what `item` reads; no key twice."""
        found: dict[int, Item] = {}
        for _ in range(self._count(MAP, most)):
            key = self.uint()
            if key in found:
                raise BadCbor(f"the key {key} twice")
            found[key] = item()
        return found

    def end(self) -> None:
        """`BadCbor` unless everything was read."""
        if self._at != len(self._data):
            raise BadCbor(f"{len(self._data) - self._at} bytes behind the last item")

    def _count(self, major: int, most: int) -> int:
        # Before anything is made: a length of four bytes can promise billions.
        count = self._head(major)
        if count > most:
            raise BadCbor(f"{count} items, at most {most} are read")
        return count

    def _head(self, major: int) -> int:
        """The number behind the type of the next item (section 3)."""
        first = self._take(1)[0]
        if first >> 5 != major:
            raise BadCbor(f"{_NAMES[first >> 5]}, {_NAMES[major]} expected")
        info = first & 31
        if info < 24:
            return info
        if info == _INDEFINITE:
            raise BadCbor("a length that is not told")
        if info > 27:
            raise BadCbor("a reserved length")
        width = 1 << info - 24
        number = int.from_bytes(self._take(width))
        if number < (24 if width == 1 else 1 << 4 * width):
            raise BadCbor("a number that is written longer than need be")
        return number

    def _take(self, length: int) -> bytes:
        end = self._at + length
        if end > len(self._data):
            raise BadCbor("cut short")
        taken = self._data[self._at : end]
        self._at = end
        return taken

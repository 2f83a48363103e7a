"""A small strict reader and writer of DER (ITU-T X.690, clauses 8, 10 and 11).

DER gives every value exactly one spelling; anything else is a `DerError`. An
element is opened one level at a time, and never more than `MAX_DEPTH` deep, so
hostile bytes cost no more than their own length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
UTF8_STRING = 0x0C
PRINTABLE_STRING = 0x13
IA5_STRING = 0x16
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

MAX_DEPTH = 32  # a timestamp token with its certificates nests 15 levels
MAX_CHILDREN = 2_000_000  # a CRL of 100 MB lists about that many certificates
MAX_FIELDS = 64  # a structure of named parts; the longest here has ten
MAX_OID = 64  # octets; the longest arc in use, a UUID below 2.25, takes 20
_MAX_INTEGER = 4096  # octets; the longest modulus in use takes 2049

_ENCODINGS = {
    UTF8_STRING: "utf-8",
    0x12: "ascii",  # NumericString
    PRINTABLE_STRING: "ascii",
    0x14: "latin-1",  # TeletexString, as old authorities used it
    IA5_STRING: "ascii",
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
_UTC = re.compile(rb"(\d{2})(\d{10})Z", re.ASCII)
_GENERALIZED = re.compile(rb"(\d{14})(?:\.(\d{0,11}[1-9]))?Z", re.ASCII)


class DerError(ValueError):
    """The bytes are not the DER of what was expected."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag-length-value: identifier octet, content, and all its bytes."""

    tag: int
    content: bytes
    encoded: bytes
    depth: int = 0

    def children(
        self, tag: int | None = None, *, most: int = MAX_CHILDREN
    ) -> tuple[Element, ...]:
        """The elements inside; with `tag`, only if this element carries it.

        `DerError` for more than `most`: reading ends where no honest list goes.
        """
        if tag is not None:
            self.expect(tag)
        if self.depth >= MAX_DEPTH:
            raise DerError(f"nested more than {MAX_DEPTH} deep")
        found: list[Element] = []
        offset = 0
        while offset < len(self.content):
            if len(found) >= most:
                raise DerError(f"more than {most} elements in one")
            element = _element(self.content, offset, self.depth + 1)
            found.append(element)
            offset += len(element.encoded)
        return tuple(found)

    def fields(self, tag: int = SEQUENCE) -> Fields:
        """A cursor over the elements inside, for structures with optional parts."""
        return Fields(self.children(tag, most=MAX_FIELDS))

    def expect(self, tag: int) -> Element:
        """This element if it carries `tag`, else `DerError`."""
        if self.tag != tag:
            raise DerError(f"tag 0x{self.tag:02x} where 0x{tag:02x} is expected")
        return self

    def only(self) -> Element:
        """The single element inside (an explicit tag, an OCTET STRING of DER)."""
        element = _element(self.content, 0, self.depth + 1)
        if len(element.encoded) != len(self.content):
            raise DerError("more than one element where one is expected")
        if element.depth > MAX_DEPTH:
            raise DerError(f"nested more than {MAX_DEPTH} deep")
        return element

    def boolean(self, tag: int = BOOLEAN) -> bool:
        self.expect(tag)
        if self.content not in (b"\x00", b"\xff"):
            raise DerError("a BOOLEAN that is neither 00 nor FF")
        return self.content == b"\xff"

    def integer(self, tag: int = INTEGER) -> int:
        self.expect(tag)
        body = self.content
        if not body or len(body) > _MAX_INTEGER:
            raise DerError(f"an INTEGER of {len(body)} octets")
        if len(body) > 1 and body[0] in (0x00, 0xFF) and body[0] >> 7 == body[1] >> 7:
            raise DerError("an INTEGER with a needless leading octet")
        return int.from_bytes(body, signed=True)

    def oid(self, tag: int = OBJECT_IDENTIFIER) -> str:
        """The dotted form of an object identifier."""
        return _read_oid(self.expect(tag).content)

    def octets(self, tag: int = OCTET_STRING) -> bytes:
        return self.expect(tag).content

    def bits(self, tag: int = BIT_STRING) -> frozenset[int]:
        """Positions of the set bits of a named bit list, most significant first."""
        self.expect(tag)
        # DER cuts trailing zero bits off; several authorities write them (the German
        # trusted list is signed with such certificates), and they mean nothing.
        _, body = self._bit_string()
        width = len(body) * 8
        value = int.from_bytes(body)
        return frozenset(i for i in range(width) if value >> (width - 1 - i) & 1)

    def bit_octets(self) -> bytes:
        """The octets of a BIT STRING that holds whole octets (a signature, a key)."""
        self.expect(BIT_STRING)
        unused, body = self._bit_string()
        if unused:
            raise DerError("a BIT STRING that does not end on an octet")
        return body

    def _bit_string(self) -> tuple[int, bytes]:
        if not self.content:
            raise DerError("an empty BIT STRING")
        unused, body = self.content[0], self.content[1:]
        if unused > 7 or (unused and not body):
            raise DerError(f"a BIT STRING with {unused} unused bits")
        if body and body[-1] & (1 << unused) - 1:
            raise DerError("a BIT STRING whose unused bits are not zero")
        return unused, body

    def text(self) -> str:
        """The text of any of the ASN.1 string types."""
        encoding = _ENCODINGS.get(self.tag)
        if encoding is None:
            raise DerError(f"tag 0x{self.tag:02x} is not a text")
        try:
            return self.content.decode(encoding)
        except UnicodeDecodeError as error:
            raise DerError(f"a text that is not {encoding}") from error

    def time(self) -> datetime:
        """A UTCTime or GeneralizedTime, as aware UTC (X.690 11.7, 11.8)."""
        if self.tag == UTC_TIME:
            match = _UTC.fullmatch(self.content)
            century = b"20" if match and match[1] < b"50" else b"19"
            return _moment(century + match[1] + match[2] if match else b"", b"")
        self.expect(GENERALIZED_TIME)
        match = _GENERALIZED.fullmatch(self.content)
        return _moment(match[1] if match else b"", (match and match[2]) or b"")


class Fields:
    """Takes the elements of a structure in their order; the cursor moves on."""

    __slots__ = ("_at", "_elements")

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self._elements = elements
        self._at = 0

    def take(self, tag: int | None = None) -> Element:
        """The next element, which must be there (and carry `tag`)."""
        if self._at == len(self._elements):
            raise DerError("a structure that ends too early")
        element = self._elements[self._at]
        if tag is not None:
            element.expect(tag)
        self._at += 1
        return element

    def optional(self, tag: int) -> Element | None:
        """The next element if it carries `tag`, else None."""
        if self._at < len(self._elements) and self._elements[self._at].tag == tag:
            return self.take()
        return None

    def rest(self) -> tuple[Element, ...]:
        """All that is left."""
        left = self._elements[self._at :]
        self._at = len(self._elements)
        return left

    def end(self) -> None:
        """`DerError` unless everything was taken."""
        if self._at != len(self._elements):
            raise DerError("a structure with an element too many")


def parse(data: bytes, tag: int | None = None) -> Element:
    """Read exactly one element that fills `data`; `DerError` otherwise."""
    element = _element(data, 0, 0)
    if len(element.encoded) != len(data):
        raise DerError(f"{len(data) - len(element.encoded)} octets after the end")
    return element if tag is None else element.expect(tag)


def _element(data: bytes, start: int, depth: int) -> Element:
    if len(data) - start < 2:
        raise DerError("cut short")
    tag, length = data[start], data[start + 1]
    if tag & 0x1F == 0x1F:
        raise DerError("a tag number above 30")
    body = start + 2
    if length & 0x80:
        width = length & 0x7F
        if not 1 <= width <= 4:
            raise DerError("indefinite length" if not width else "length too long")
        octets = data[body : body + width]
        length = int.from_bytes(octets)
        if len(octets) < width or length < 0x80 or octets[0] == 0:
            raise DerError("a length that is cut short or not minimal")
        body += width
    end = body + length
    if end > len(data):
        raise DerError("cut short")
    return Element(tag, data[body:end], data[start:end], depth)


@lru_cache(maxsize=512)
def _read_oid(body: bytes) -> str:
    if not body or len(body) > MAX_OID or body[-1] & 0x80:
        raise DerError("an object identifier that is empty, too long or cut short")
    arcs: list[int] = []
    arc, fresh = 0, True
    for octet in body:
        if fresh and octet == 0x80:
            raise DerError("an object identifier with a padded arc")
        arc = arc << 7 | octet & 0x7F
        fresh = not octet & 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _moment(digits: bytes, fraction: bytes) -> datetime:
    micros = int(fraction.decode().ljust(6, "0")[:6]) if fraction else 0
    try:
        parts = [int(digits[at : at + 2]) for at in range(4, 14, 2)]
        return datetime(int(digits[:4]), *parts, micros, tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError as error:
        raise DerError("a time that is not written as DER demands") from error


def encode(tag: int, *parts: bytes) -> bytes:
    """Write one element around the parts."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    octets = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + body


def sequence(*parts: bytes) -> bytes:
    return encode(SEQUENCE, *parts)


def integer(number: int) -> bytes:
    bits = (number if number >= 0 else ~number).bit_length()
    return encode(INTEGER, number.to_bytes(bits // 8 + 1, signed=True))


def oid(dotted: str) -> bytes:
    """Write an object identifier; `DerError` for a text that is none."""
    try:
        first, second, *rest = map(int, dotted.split("."))
    except ValueError as error:
        raise DerError(f"{dotted!r} is not an object identifier") from error
    if not (0 <= first <= 2 and second >= 0) or (first < 2 and second > 39):
        raise DerError(f"{dotted!r} is not an object identifier")
    return encode(OBJECT_IDENTIFIER, _arcs((40 * first + second, *rest)))


def _arcs(numbers: Iterable[int]) -> bytes:
    out = bytearray()
    for number in numbers:
        if number < 0:
            raise DerError("a negative arc in an object identifier")
        octets = [number & 0x7F]
        while number := number >> 7:
            octets.append(number & 0x7F | 0x80)
        out += bytes(reversed(octets))
    return bytes(out)

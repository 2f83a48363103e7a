"""Status lists as they travel: bits, packed with gzip, written as base64url.

Positions count from the left, the most significant bit first. W3C Bitstring Status
List v1.0 sections 2.2, 3.3 and 3.4; Status List 2021 writes the same without the
multibase letter.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from dataclasses import dataclass

from edc_issuer.encoding import b64u, unb64, unb64u
from edc_issuer.errors import InputError

MIN_ENTRIES = 131_072  # section 3.2: shorter lists single people out
MAX_BYTES = 8 * 1024 * 1024  # 2^26 bits, more than an honest issuer has credentials
MAX_SIZE = 16  # bits of one entry; each value needs a message of its own
_GZIP = 31  # zlib's word for a window of 32 kB inside the gzip format


class BadStatusList(InputError):
    """The published list cannot be read, so nothing follows from it."""

    code = "status.list"


class OutOfRange(BadStatusList):
    """The list has no such position (RANGE_ERROR of section 3.2)."""

    code = "status.range"


@dataclass(frozen=True, slots=True)
class StatusList:
    """A decoded list; positions count from the left, most significant bit first."""

    bits: bytes

    @classmethod
    def decode(cls, encoded: str) -> StatusList:
        """Read `encodedList` of a `BitstringStatusList`; `BadStatusList`.

        Never more than `MAX_BYTES` are inflated, whatever the text unpacks to.
        """
        if not encoded.startswith("u"):
            raise BadStatusList("not multibase base64url: it does not begin with u")
        try:
            packed = unb64u(encoded[1:])
        except ValueError as error:
            raise BadStatusList(f"not base64url: {error}") from error
        return cls(_inflated(packed))

    @classmethod
    def decode_2021(cls, encoded: str) -> StatusList:
        """Read `encodedList` of a `StatusList2021`, which has no multibase letter.

        Its draft asked for base64; what is published is base64url.
        """
        for read in (unb64u, unb64, _padded):
            try:
                packed = read(encoded)
            except ValueError:
                continue
            return cls(_inflated(packed))
        raise BadStatusList("neither base64url nor base64")

    def encode(self) -> str:
        """The value of `encodedList`: the same text for the same bits."""
        return "u" + b64u(gzip.compress(self.bits, compresslevel=9, mtime=0))

    def entries(self, size: int = 1) -> int:
        """How many entries of `size` bits the list holds."""
        return len(self.bits) * 8 // size

    def value(self, position: int, *, size: int = 1) -> int:
        """The entry at a position, `size` bits wide; `OutOfRange`."""
        # Any whole number may stand in a file, however many digits it has.
        if not 0 <= position < self.entries(size):
            raise OutOfRange(f"no position {_short(position)} in {self.entries(size)}")
        first = position * size
        last = first + size - 1
        window = int.from_bytes(self.bits[first // 8 : last // 8 + 1])
        return window >> (7 - last % 8) & (1 << size) - 1

    def is_set(self, position: int) -> bool:
        """Whether the bit at a position is 1; `OutOfRange`."""
        return self.value(position) != 0


def _padded(text: str) -> bytes:
    """base64url with its padding, which some issuers leave on."""
    data = base64.b64decode(text, altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(data).decode() != text:
        raise ValueError("not canonical base64url")
    return data


def _short(number: int) -> str:
    return str(number) if abs(number) < 10**20 else "of more than 20 digits"


def _inflated(packed: bytes) -> bytes:
    """The bytes of one gzip member, and no other byte behind it."""
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        # A small file can inflate without end; stop where no honest list goes.
        bits = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadStatusList(f"not gzip: {error}") from error
    if len(bits) > MAX_BYTES:
        raise BadStatusList(f"longer than {MAX_BYTES} bytes")
    if not inflater.eof:
        raise BadStatusList("cut short")
    # RFC 1952 lets a file have several members; readers differ in which they read.
    if inflater.unused_data or inflater.unconsumed_tail:
        raise BadStatusList("more than one gzip member, or bytes behind the only one")
    if not bits:
        raise BadStatusList("empty")
    return bits

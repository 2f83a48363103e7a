"""Strict codecs: one spelling per value, everything else refused.

base64url is RFC 7515 section 2, base64 RFC 4648 section 4, base58btc and the
multibase letters are from the Multibase registry as W3C CID v1.0 section 2.4
uses it. Every decoder raises `ValueError` for any other spelling of the value.
"""

from __future__ import annotations

import base64
import binascii

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
MAX_BASE58 = 4096  # conversion is quadratic; keys and signatures are below 200


def b64u(data: bytes) -> str:
    """Encode as base64url without padding, the way JOSE writes bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """Decode unpadded base64url; `ValueError` for any other spelling."""
    # One text for one value: no sign of the other alphabet, no padding, and in the
    # last group, which may be shorter than the rest, no bits that nobody reads.
    if "=" in text or "+" in text or "/" in text:
        raise ValueError("not unpadded base64url")
    padded = text + "=" * (-len(text) % 4)
    data = base64.b64decode(padded, altchars=b"-_", validate=True)
    whole, last = len(text) % 4, len(data) % 3
    if whole and b64u(data[-last:]) != text[-whole:]:
        raise ValueError("not canonical base64url")
    return data


def b64(data: bytes) -> str:
    """Encode as padded base64, the way `x5c` and DER values are written."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Decode padded base64; `ValueError` for any other spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error
    if b64(data) != text:
        raise ValueError("not canonical base64")
    return data


def b58(data: bytes) -> str:
    """Encode as base58btc; each leading zero byte is a leading `1`."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number = int.from_bytes(data)
    pairs: list[str] = []
    while number:
        number, rest = divmod(number, 3364)
        pairs.append(_PAIRS[rest])
    digits = "".join(reversed(pairs))
    return "1" * zeros + digits.removeprefix("1")


def unb58(text: str) -> bytes:
    """Decode base58btc of at most `MAX_BASE58` letters."""
    if len(text) > MAX_BASE58:
        raise ValueError(f"{len(text)} letters of base58, at most {MAX_BASE58}")
    zeros = len(text) - len(text.lstrip("1"))
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise ValueError(f"{letter!r} is not a base58 letter")
        number = number * 58 + value
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multibase(data: bytes) -> str:
    """Encode as multibase base58btc (`z...`)."""
    return "z" + b58(data)


def unmultibase(text: str) -> bytes:
    """Decode multibase `z` (base58btc) or `u` (base64url without padding)."""
    if text.startswith("z"):
        return unb58(text[1:])
    if text.startswith("u"):
        return unb64u(text[1:])
    raise ValueError(f"multibase prefix {text[:1]!r} is not z or u")

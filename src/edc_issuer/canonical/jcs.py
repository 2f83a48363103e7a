"""One byte string for one JSON value: the JSON Canonicalization Scheme.

RFC 8785. Numbers are written as ECMAScript writes them (section 3.2.2.3), members
are sorted by their UTF-16 code units (section 3.2.3).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from edc_issuer.errors import Malformed

MAX_INTEGER = 2**53  # beyond it two JSON readers see two numbers (RFC 7493 2.2)


def jcs(value: Any) -> bytes:
    """Canonical JSON of `value`.

    `Malformed` (`number.range`) for integers beyond 2^53, NaN and infinities;
    `TypeError` for what is no JSON value.
    """
    try:
        if _is_plain(value):
            return _PLAIN.encode(value).encode()
        return "".join(_write(value)).encode()
    except UnicodeEncodeError as error:
        raise Malformed("half a surrogate pair", reason="json.surrogate") from error
    except RecursionError as error:
        raise Malformed("nested too deep", reason="json.depth") from error


_PLAIN = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
_STRING = json.JSONEncoder(ensure_ascii=False).encode


def _is_plain(value: Any) -> bool:
    """Whether the standard encoder writes the canonical form of `value`."""
    pending = [value]
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind is str:
            continue
        if kind is dict:
            # Only beyond the Basic Multilingual Plane does UTF-16 order differ
            # from Python's order by code point.
            if not all(type(key) is str and _is_basic(key) for key in item):
                return False
            pending.extend(item.values())
        elif kind is list:
            pending.extend(item)
        elif kind is int:
            _check_integer(item)
        elif kind is not bool and item is not None:
            return False
    return True


def _is_basic(key: str) -> bool:
    return key.isascii() or max(key) < "\ud800"


def _check_integer(number: int) -> None:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise Malformed("an integer beyond 2^53", reason="number.range")


def _write(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield _STRING(value)
    elif value is None or isinstance(value, bool):
        yield {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        _check_integer(value)
        yield str(value)
    elif isinstance(value, float):
        yield es6_number(value)
    elif isinstance(value, dict):
        yield from _write_object(value)
    elif isinstance(value, list | tuple):
        yield "["
        for number, item in enumerate(value):
            yield "," if number else ""
            yield from _write(item)
        yield "]"
    else:
        raise TypeError(f"{type(value).__name__} is not JSON")


def _write_object(members: dict[str, Any]) -> Iterator[str]:
    yield "{"
    # "surrogatepass" so that a lone surrogate is told as such when it is encoded.
    names = sorted(members, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    for number, name in enumerate(names):
        yield "," if number else ""
        yield _STRING(name) + ":"
        yield from _write(members[name])
    yield "}"


def es6_number(number: float) -> str:
    """The text that ECMAScript's `Number::toString` gives (ECMA-262, 6.1.6.1.20)."""
    if not math.isfinite(number):
        raise Malformed("not a finite number", reason="number.range")
    if number == 0:
        return "0"  # minus zero too
    sign = "-" if number < 0 else ""
    # repr gives the shortest digits that read back, as ECMAScript demands; only
    # the place of the point and the form of the exponent differ.
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _place_point(digits, point)


def _place_point(digits: str, point: int) -> str:
    """Write 0.`digits` times ten to the power of `point`."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    rest = "." + digits[1:] if count > 1 else ""
    return f"{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"

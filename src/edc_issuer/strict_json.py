"""The one JSON reader for everything that comes from outside.

Python's parser takes duplicate members, NaN, half a surrogate pair and numbers
that no other program reads the same way; two programs would then see two
different credentials in one signed text. Here each of them is refused before
anything is decided. RFC 8259, and RFC 7493 (I-JSON) where it is stricter.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from edc_issuer.errors import Malformed

MAX_BYTES = 16 * 1024 * 1024  # the Commission's viewer takes 15 MB
MAX_DEPTH = 128  # the deepest official sample nests 17 levels
_SHORT = 16 * 1024
MAX_DIGITS = 400  # longer than any double's exact decimal form need be

_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(data: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read UTF-8 JSON; `Malformed` names the first rule that the text breaks.

    Reasons: `limits.size`, `json.encoding`, `json.depth`, `json.syntax`,
    `json.duplicate`, `json.number`, `json.surrogate`.
    """
    if len(data) > max_bytes:
        raise Malformed(
            f"more than the {max_bytes} bytes that are read", reason="limits.size"
        )
    text = _decode(data)
    try:
        value = _DECODER.decode(text)
    except Malformed:
        raise
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise Malformed(f"not JSON: {error}", reason="json.syntax") from error
    # In a short text brackets are counted sooner than its values are walked through.
    if len(data) > _SHORT or data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    # An escape (\ud800) can hide half a pair that the UTF-8 decoder cannot see.
    if "\\" in text and "\\u" in text:  # most texts have no escape at all
        _check_surrogates(value)
    return value


def loads_object(data: bytes, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """As `loads`, for a text whose outermost value must be an object."""
    value = loads(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise Malformed("the outermost value is not an object", reason="json.type")
    return value


def _decode(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise Malformed("starts with a byte order mark", reason="json.encoding")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8: {error}", reason="json.encoding") from error


def _check_depth(value: Any) -> None:
    """Level by level, without recursion; the parser itself ends at the stack's."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            item
            for holder in level
            for item in (holder.values() if type(holder) is dict else holder)
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> Malformed:
    return Malformed(f"nested more than {MAX_DEPTH} deep", reason="json.depth")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Malformed(f"member {name!r} twice", reason="json.duplicate")
            seen.add(name)
    return members


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Malformed(f"a number of {len(text)} digits", reason="json.number")
    return int(text)


def _decimal(text: str) -> float:
    if len(text) > MAX_DIGITS:
        raise Malformed(f"a number of {len(text)} digits", reason="json.number")
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Malformed(f"number {text} is too large", reason="json.number")
    return value


def _no_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not JSON", reason="json.number")


def _check_surrogates(value: Any) -> None:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if _SURROGATE.search(item):
                raise Malformed("half a surrogate pair", reason="json.surrogate")
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique,
    parse_int=_integer,
    parse_float=_decimal,
    parse_constant=_no_constant,
)

"""From a record back to JSON values, with nothing added."""

from __future__ import annotations

import datetime
import json
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any

MEMBERS = {"source_note": "_source"}  # field → JSON member, where they differ


def plain(record: Any) -> dict[str, Any]:
    """The JSON object of a dataclass; fields at their default are left out."""
    members: dict[str, Any] = {}
    kind: Any = type(record)
    for name, member, default in _layout(kind):
        value = getattr(record, name)
        if default is MISSING or value != default:
            members[member] = _value(value)
    return members


def to_text(record: Any) -> str:
    """The JSON text of a dataclass, readable letters, one member a line."""
    return json.dumps(plain(record), ensure_ascii=False, allow_nan=False, indent=1)


@cache
def _layout(kind: type[Any]) -> tuple[tuple[str, str, Any], ...]:
    return tuple((f.name, MEMBERS.get(f.name, f.name), f.default) for f in fields(kind))


def _value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if is_dataclass(value):
        return plain(value)
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return value


def _number(value: Decimal) -> int | float:
    # 80 was written as 80 and 0.5 as 0.5: a digit behind the point decides.
    return int(value) if value == value.to_integral_value() else float(value)

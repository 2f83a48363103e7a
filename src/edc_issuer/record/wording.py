"""What pydantic found, in plain words, with a dotted path and a stable code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from edc_issuer.errors import Problem
from edc_issuer.record.fields import LANGUAGE_PATTERN, Fault
from edc_issuer.record.writing import MEMBERS

if TYPE_CHECKING:
    from pydantic import ValidationError

Location = tuple[int | str, ...]
Said = tuple[str, str, Mapping[str, object]]  # code, sentence, values of a `Problem`
MAX_PROBLEMS = 500  # nobody mends more in one go, and a hostile file may hold millions
MAX_KEY = 60  # longest honest member name is half of it

_TOO_DEEP = ("too-deep", "", "is nested deeper than any honest record")
_OBJECT = ("wrong-type", "object", "has to be an object in curly brackets")
# What pydantic calls it → code, case of the code, sentence.
_SENTENCES = {
    "missing": ("missing", "", "is missing"),
    "string_type": ("wrong-type", "text", "has to be a text in quotes"),
    "string_unicode": ("wrong-type", "character", "holds half a character"),
    "string_too_short": ("empty", "text", "may not be empty; leave it out instead"),
    "too_short": ("empty", "list", "needs at least one entry"),
    "tuple_type": ("wrong-type", "list", "has to be a list in square brackets"),
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "bool_type": ("wrong-type", "flag", "has to be true or false, without quotes"),
    "int_type": ("wrong-type", "whole", "has to be a whole number, without quotes"),
    "recursion_loop": _TOO_DEEP,
    "recursion_depth_exceeded": _TOO_DEEP,
    "invalid_key": ("wrong-type", "name", "has a member whose name is not a text"),
}
_PATTERNS = {
    LANGUAGE_PATTERN: (
        "language",
        "has to be a language tag such as sl, en or sr-Latn",
    ),
    r"^[A-Z]{2}$": (
        "country",
        "has to be two capital letters of ISO 3166, such as SI",
    ),
    r"^[0-9]+(\.[0-9]+)?$": ("points", 'has to be a number in quotes, such as "0.5"'),
}


def problems_of(kind: type[Any], error: ValidationError) -> Iterator[Problem]:
    """Each finding once; after `MAX_PROBLEMS` the rest is only counted."""
    found = [item for item in error.errors(include_url=False) if not _follows(item)]
    for item in found[:MAX_PROBLEMS]:
        yield _problem(kind, item)
    if len(found) > MAX_PROBLEMS:
        more = len(found) - MAX_PROBLEMS
        text = f"and {more} more; mend the first ones and try again"
        yield Problem("", "more", text, {"count": more})


def _follows(item: Mapping[str, Any]) -> bool:
    """pydantic counts sound entries only: a list is short where one is at fault."""
    return bool(item["type"] == "too_short" and item["input"])


def _problem(kind: type[Any], item: Mapping[str, Any]) -> Problem:
    location: Location = item["loc"]
    if item["type"] == "unexpected_keyword_argument":
        return _unknown_key(kind, location)
    path = _path(location[:-1] if location[-1:] == ("[key]",) else location)
    if item["type"] != "missing" and item["input"] is None:
        return Problem(path, "null", "null says nothing; leave the field out instead")
    return Problem(path, *_sentence(item))


def _sentence(item: Mapping[str, Any]) -> Said:
    context = item.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, Fault):
        return fault.code, str(fault), fault.values
    if item["type"] == "literal_error":
        return _choices(context["expected"], item["input"])
    if item["type"] == "string_pattern_mismatch":
        case, text = _PATTERNS.get(context["pattern"], ("", "has the wrong form"))
        return "bad-form", text, _values(case)
    if item["type"] == "too_short" and isinstance(item["input"], dict):
        return "empty", "needs a text in at least one language", _values("texts")
    if item["type"] in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "least" if "ge" in context else "most"
        values = {"case": side, "limit": bound}
        return "out-of-range", f"has to be at {side} {bound}", values
    code, case, text = _SENTENCES.get(
        item["type"], ("invalid", "", "is not what belongs here")
    )
    return code, text, _values(case)


def _values(case: str) -> Mapping[str, object]:
    return {"case": case} if case else {}


def _choices(expected: str, given: object) -> Said:
    """`expected` is pydantic's list: 'a', 'b' or 'c'."""
    names = re.findall(r"'([^']*)'", expected)
    hint, values = _did_you_mean(given, names)
    choices = tuple(f"'{name}'" for name in names)
    text = f"has to be {expected}{hint}"
    return "unknown-value", text, {"choices": choices, **values}


def _unknown_key(kind: type[Any], location: Location) -> Problem:
    key = str(location[-1])
    shown = key if len(key) <= MAX_KEY else key[:MAX_KEY] + "…"
    hint, values = _did_you_mean(key, _members_at(kind, location[:-1]))
    path = _path((*location[:-1], shown))
    return Problem(path, "unknown-key", f"is not a field of the record{hint}", values)


def _did_you_mean(given: object, names: list[str]) -> tuple[str, Mapping[str, object]]:
    if not isinstance(given, str) or len(given) > MAX_KEY:
        return "", {}
    close = get_close_matches(given, names, n=1, cutoff=0.6)
    if not close:
        return "", {}
    return f"; did you mean {close[0]!r}?", {"suggestion": repr(close[0])}


def _path(location: Location) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{_printable(step)}"
    return path.removeprefix(".")


def _printable(name: str) -> str:
    """Member names come from the file: nothing that moves a terminal's cursor."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _members_at(kind: Any, location: Location) -> list[str]:
    """Names of the members of the object that stands at `location`."""
    for step in location:
        if isinstance(step, str):
            kind = _children(kind).get(step, object)
    return [
        MEMBERS.get(name, name) for name in getattr(kind, "__dataclass_fields__", ())
    ]


@cache
def _children(kind: Any) -> dict[str, type[Any]]:
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    return {name: found for name, hint in hints.items() if (found := _class_in(hint))}


def _class_in(hint: Any) -> type[Any] | None:
    """The dataclass inside `tuple[X, ...]`, `X | None` and their like."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next(filter(None, map(_class_in, get_args(hint))), None)

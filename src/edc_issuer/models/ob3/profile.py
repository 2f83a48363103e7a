"""A badge held against the table of Open Badges 3.0: where does it leave it?

Nothing here raises, whatever stands in the badge. The walk asks of each node only
what its own keys touch, and a place is made into a text only where it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models.ob3.table import (
    ANY_TYPE,
    BADGE_TYPES,
    NO_TYPE,
    ONE_TYPE,
    SEALED,
    Property,
    advice,
    profile,
)
from edc_issuer.models.tree import Path, pointer, types_of, values
from edc_issuer.models.vcdm import is_absolute_uri


def faults(credential: Mapping[str, Any], *, root: str) -> Iterator[Problem]:
    """Where a badge leaves the table; `root` names the class to begin with."""
    old = root.endswith(" 1.1")
    pending: list[tuple[Path, Any, str]] = [(None, credential, root)]
    while pending:
        here, node, kind = pending.pop()
        if kind == "ProfileRef":
            if isinstance(node, str):
                if not is_absolute_uri(node):
                    yield Problem(pointer(here), *advice("uri"))
                continue
            kind = "Profile"
        elif kind == "Endorsement" and old:
            kind = "Endorsement 1.1"
        if not isinstance(node, dict | Mapping):
            yield Problem(pointer(here), "value.kind", f"must be an object ({kind})")
            continue
        asked = _demands(kind)
        sound = _suits(node, kind, asked)
        for name, value in node.items():
            row = asked.rows.get(name)
            if row is None:
                continue
            holds = row.holds
            if isinstance(value, list):
                sound = sound and row.many and value != []
                if holds is None:
                    found = _items(value, here, name)
                    pending += [(place, item, row.range) for place, item in found]
                elif not all(map(holds, value)):
                    yield from _scalars(value, row, here)
                continue
            sound = sound and not row.many and value is not None
            if holds is not None:
                if not holds(value):
                    yield from _scalars(value, row, here)
            elif value is not None:
                pending.append(((here, name), value, row.range))
        if not sound:
            yield from _own_faults(node, kind, pointer(here))


def _items(value: Any, here: Path, name: str) -> list[tuple[Path, Any]]:
    if isinstance(value, list):
        return [(((here, name), index), item) for index, item in enumerate(value)]
    return [((here, name), value)] if value is not None else []


def _scalars(value: object, row: Property, here: Path) -> Iterator[Problem]:
    code, text = advice(row.range)
    for place, item in _items(value, here, row.name):
        absent = item is None and code != "value.enum"
        if row.holds is not None and not row.holds(item) and not absent:
            yield Problem(pointer(place), code, text)


def _suits(node: Mapping[str, Any], kind: str, asked: _Demands) -> bool:
    """Whether `_own_faults` has nothing to tell beyond single properties.

    May say no where nothing is wrong, never yes where something is.
    """
    stated = node.get("type")
    if asked.types:
        if isinstance(stated, list) == asked.one_type:
            return False
        if not _names_any(stated, asked.types):
            return False
    return (
        asked.required <= node.keys()
        and (asked.keys is None or node.keys() <= asked.keys)
        and (kind not in ANY_TYPE or isinstance(stated, str))
        and (kind not in _SPECIAL or not any(_SPECIAL[kind](node, "")))
    )


def _names_any(stated: object, types: tuple[str, ...]) -> bool:
    if isinstance(stated, list):
        return types[0] in stated or types[-1] in stated
    return stated in types


@dataclass(frozen=True, slots=True)
class _Demands:
    """What is asked of every node of a class.

    `types`: one of at most two, empty where any will do; `keys`: all that may stand,
    None where any may.
    """

    rows: Mapping[str, Property]
    required: frozenset[str]
    types: tuple[str, ...]
    one_type: bool
    keys: frozenset[str] | None


@cache
def _demands(kind: str) -> _Demands:
    rows = profile(kind)
    return _Demands(
        rows=rows,
        required=frozenset(name for name, row in rows.items() if row.required),
        types=() if kind in ANY_TYPE | NO_TYPE else _wanted(kind),
        one_type=kind in ONE_TYPE,
        keys=frozenset({*rows, "type"}) if kind in SEALED else None,
    )


def _own_faults(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    yield from _type(node, kind, path)
    known = profile(kind)
    for name, row in known.items():
        if name in node:
            yield from _cardinality(node[name], row, f"{path}/{name}")
        elif row.required:
            yield Problem(f"{path}/{name}", "property.missing", "must be there")
    if kind in SEALED:
        for _ in node.keys() - known.keys() - {"type"}:
            yield Problem(path, "property.unknown", f"a property that {kind} has not")
    yield from _SPECIAL.get(kind, _nothing)(node, path)


def _cardinality(value: Any, row: Property, here: str) -> Iterator[Problem]:
    if value is None:
        yield Problem(here, "value.null", "leave out what has no value")
    elif isinstance(value, list) and not value:
        yield Problem(here, "value.empty", "leave out a list without members")
    elif row.many and not isinstance(value, list):
        code = "ob3.strict" if row.compactable else "value.array"
        yield Problem(here, code, "must be a list, even of one")
    elif not row.many and isinstance(value, list):
        code = "value.several" if len(value) > 1 else "ob3.strict"
        yield Problem(here, code, "must be one value, not a list")


def _type(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    stated, here = types_of(node), f"{path}/type"
    wanted = _wanted(kind)
    if kind in NO_TYPE:
        return
    if kind in ANY_TYPE:
        if not stated:
            yield Problem(here, "node.type", "must say its type")
        elif not isinstance(node.get("type"), str):
            yield Problem(here, "ob3.strict", "must be one text")
        return
    if not set(wanted) & set(stated):
        fatal = kind.startswith(("Badge", "Endorsement")) and "Subject" not in kind
        code = "type.missing" if fatal else "node.type"
        yield Problem(here, code, f"the type must be {' or '.join(wanted)}")
    elif isinstance(node.get("type"), list) == (kind in ONE_TYPE):
        form = "one text" if kind in ONE_TYPE else "a list, even of one"
        yield Problem(here, "ob3.strict", f"must be {form}")


def _wanted(kind: str) -> tuple[str, ...]:
    if kind.startswith("Badge"):
        return BADGE_TYPES
    if kind in ("Clr", "Clr 1.1"):
        return ("ClrCredential",)
    if kind in ("Endorsement", "Endorsement 1.1"):
        return ("EndorsementCredential",)
    return (kind,)


def _criteria(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not node.get("id") and not node.get("narrative"):
        yield Problem(path, "criteria.empty", "give the criteria an id or a narrative")


def _recipient(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not node.get("id") and not values(node.get("identifier")):
        yield Problem(path, "subject.nobody", "give the recipient an id or identifier")


def _nothing(node: Mapping[str, Any], path: str) -> Iterator[Problem]:
    yield from ()


_SPECIAL: dict[str, Callable[[Mapping[str, Any], str], Iterator[Problem]]] = {
    "Criteria": _criteria,
    "AchievementSubject": _recipient,
}

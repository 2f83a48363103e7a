"""Walking a credential as a plain tree, whatever nonsense stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_PREFIXED = re.compile(r"[/#:]")
# The path of the parent, and a key or an index; None at the top. Made into a text
# only where a place is told: that costs more than the rest of a walk.
Path = tuple[Any, str | int] | None

_LEAVES = (str, int, float, type(None))  # what holds no further object
_PLAIN = frozenset({*_LEAVES, bool})  # the same, for what a parser of JSON gives
# Asked in this order, for an abstract class is slow to say no.
_LISTS = (list, tuple)
_OBJECTS = (dict, Mapping)  # the first answers at once for all that JSON gives


def nodes(value: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every object with its path, the outermost first."""
    pending: list[tuple[Path, Any]] = [(None, value)]
    while pending:
        here, item = pending.pop()
        if isinstance(item, _LISTS):
            steps: Iterable[tuple[Any, Any]] = enumerate(item)
        elif isinstance(item, _OBJECTS):
            yield here, item
            steps = item.items()
        else:
            continue
        below = [
            ((here, step), held)
            for step, held in steps
            if not isinstance(held, _LEAVES)
        ]
        pending += reversed(below)


def objects(value: Any) -> list[Mapping[str, Any]]:
    """Every object in the order of `nodes`, for a third of its time: without paths."""
    found: list[Mapping[str, Any]] = []
    pending: list[Any] = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, _LISTS):
            below: Sequence[Any] = item
        elif isinstance(item, _OBJECTS):
            found.append(item)
            below = list(item.values())
        else:
            continue
        for held in reversed(below):
            if type(held) not in _PLAIN:
                pending.append(held)
    return found


@dataclass(frozen=True, slots=True)
class Survey:
    """A tree looked through once, for all who ask about it.

    Most questions are answered by the few keys of a tree; only where one of them is
    in question does anybody have to look for its place.
    """

    objects: Sequence[Mapping[str, Any]]  # in the order of `objects`
    keys: frozenset[str]  # every key that stands anywhere

    @classmethod
    def of(cls, value: Any) -> Survey:
        """Look through a value of any shape."""
        found = objects(value)
        return cls(found, frozenset().union(*found))


def pointer(path: Path, *more: str) -> str:
    """A path as a JSON pointer (RFC 6901), empty at the top."""
    steps: list[object] = list(reversed(more))
    while path is not None:
        path, step = path[0], path[1]
        steps.append(step)
    return "".join(f"/{_escaped(step)}" for step in reversed(steps))


def values(item: Any) -> list[Any]:
    """What a property holds as a list: nothing, one value or several."""
    if item is None:
        return []
    return list(item) if isinstance(item, list | tuple) else [item]


def texts(item: Any) -> list[str]:
    """The texts of a property: plain, in a list, by language or as value objects."""
    if isinstance(item, str):
        return [item]
    if isinstance(item, _LEAVES):
        return []
    if isinstance(item, _LISTS):
        return [text for value in item for text in texts(value)]
    if isinstance(item, _OBJECTS):
        if "@value" in item:
            return texts(item["@value"])
        return [text for value in item.values() for text in texts(value)]
    return []


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The types of a node, under `type` or its keyword."""
    stated = values(node.get("type"))
    if "@type" in node:
        stated += values(node["@type"])
    return tuple([value for value in stated if isinstance(value, str)])


def id_of(node: Mapping[str, Any]) -> str | None:
    """The id of a node, under `id` or its keyword; None if it has none."""
    for key in ("id", "@id"):
        if isinstance(node.get(key), str):
            return str(node[key])
    return None


def comparable_id(identifier: str) -> str:
    """An id as two ids are compared: percent-decoded and trimmed (Open Badges 3.0)."""
    return unquote(identifier).strip()


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def respelled(node: Mapping[str, Any], names: Collection[str]) -> tuple[str, ...]:
    """Keys that say one of `names` as a full IRI or with a prefix (`cred:name`).

    Also keywords of JSON-LD that hold some of them for the same or another node
    (`@nest`). A reader of the tree overlooks them, a reader of the graph does not.
    """
    return tuple(
        key
        for key, value in node.items()
        if (_PREFIXED.search(key) and _PREFIXED.split(key)[-1] in names)
        or (key in _HOLDING and not Survey.of(value).keys.isdisjoint(names))
    )


_HOLDING = frozenset({"@graph", "@included", "@nest", "@reverse"})

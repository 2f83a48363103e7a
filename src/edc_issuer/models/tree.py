"""Walking a credential as a plain tree, whatever nonsense stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_PREFIXED = re.compile(r"[/#:]")
_LEAVES = (str, int, float, type(None))  # what holds no further object


def nodes(value: Any, *, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object with its JSON pointer, the outermost first."""
    pending = [(path, value)]
    while pending:
        here, item = pending.pop()
        if isinstance(item, Mapping):
            yield here, item
            # Most values are texts: making a path for each would cost more than
            # all the rest of the walk.
            pending += [
                (f"{here}/{_escaped(key)}", held)
                for key, held in reversed(list(item.items()))
                if not isinstance(held, _LEAVES)
            ]
        elif isinstance(item, list | tuple):
            pending += [
                (f"{here}/{index}", item[index])
                for index in range(len(item) - 1, -1, -1)
                if not isinstance(item[index], _LEAVES)
            ]


def values(item: Any) -> list[Any]:
    """What a property holds as a list: nothing, one value or several."""
    if item is None:
        return []
    return list(item) if isinstance(item, list | tuple) else [item]


def texts(item: Any) -> list[str]:
    """The texts of a property: plain, in a list, by language or as value objects."""
    if isinstance(item, str):
        return [item]
    if isinstance(item, Mapping):
        if "@value" in item:
            return texts(item["@value"])
        return [text for value in item.values() for text in texts(value)]
    if isinstance(item, list | tuple):
        return [text for value in item for text in texts(value)]
    return []


def types_of(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The types of a node, under `type` or its keyword."""
    return tuple(
        value
        for key in ("type", "@type")
        for value in values(node.get(key))
        if isinstance(value, str)
    )


def id_of(node: Mapping[str, Any]) -> str | None:
    """The id of a node, under `id` or its keyword; None if it has none."""
    for key in ("id", "@id"):
        if isinstance(node.get(key), str):
            return str(node[key])
    return None


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def respelled(node: Mapping[str, Any], names: Collection[str]) -> tuple[str, ...]:
    """Keys that say one of `names` as a full IRI or with a prefix (`cred:name`).

    A reader of the tree overlooks them, a reader of the graph does not.
    """
    return tuple(
        key
        for key in node
        if _PREFIXED.search(key) and _PREFIXED.split(key)[-1] in names
    )

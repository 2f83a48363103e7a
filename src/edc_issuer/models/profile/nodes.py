"""The values of a credential's graph: things, texts, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Path = tuple[Any, str | int] | None  # the path of the parent, and a key or index


class Literal(NamedTuple):
    """A text, number or date: its lexical form, datatype IRI, and language."""

    lexical: str
    datatype: str
    language: str = ""


class Slip(NamedTuple):
    """Something that JSON-LD drops, refuses, or reads unlike a person would.

    `kind`: undefined-key, undefined-type, bad-id, keyword, bad-value, language,
    context, depth. `what` is the key or word concerned.
    """

    kind: str
    path: Path
    what: str = ""


class Node:
    """One described thing, with an empty `id` where it is a blank node.

    `mentions` are its different descriptions in the tree, `sides` what each of
    them says; `is_closed`: repeating a description would add nothing.
    """

    __slots__ = ("id", "is_closed", "mentions", "path", "properties", "sides", "types")

    def __init__(self, ident: str, path: Path) -> None:
        self.id = ident
        self.path = path
        self.types: dict[str, None] = {}
        self.properties: dict[str, list[Value]] = {}
        self.mentions: list[tuple[Path, dict[str, Any]]] = []
        self.sides: list[set[tuple[str, Value | str]]] = []
        self.is_closed = False

    @property
    def is_iri(self) -> bool:
        """Named so that others can speak of it; a blank node is not."""
        return bool(self.id) and not self.id.startswith("_:")

    def merge(self, types: tuple[str, ...], said: dict[str, list[Value]]) -> None:
        """Add one more description to what is known."""
        known = dict.fromkeys(types)
        if not self.properties and not self.types:
            self.types, self.properties = known, said
            return
        if not self.sides:
            self.sides.append(_pairs(self.types, self.properties))
        self.sides.append(_pairs(known, said))
        self.types.update(known)
        for iri, values in said.items():
            self.properties.setdefault(iri, []).extend(values)


Value = Node | Literal


def walk(path: Path) -> Iterator[str | int]:
    """The steps of a path from the top of the credential."""
    steps: list[str | int] = []
    while path is not None:
        path, step = path[0], path[1]
        steps.append(step)
    return reversed(steps)


def dotted(path: Path, *more: str) -> str:
    """`credentialSubject.hasClaim.0.title`; an index only where there are several."""
    steps = (str(step) for step in (*walk(path), *more))
    return ".".join(_visible(step) for step in steps if step)


def _visible(step: str) -> str:
    """A letter of no width, or one that steers a terminal, is shown by its number."""
    if step.isprintable():
        return step
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in step)


def _pairs(
    types: Iterable[str], said: Mapping[str, list[Value]]
) -> set[tuple[str, Value | str]]:
    found: set[tuple[str, Value | str]] = {("@type", name) for name in types}
    for iri, values in said.items():
        found.update((iri, value) for value in values)
    return found

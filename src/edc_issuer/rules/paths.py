"""A small language for places in a record or a credential: `programme.outcomes.title`.

- Names joined by dots; lists are looked through, an empty `[]` says nothing.
- `a|b`: either of two paths.
- `[k=v]`, `[k!=v]`, `[k^=v]`, `[k*=v]`: only objects whose member is, is not, begins
  with, holds `v`; `[k]`: only objects where it says anything. A member that is an
  object stands for its `id`.
- `#kind` at the end: only values that can be read as that kind (`values.KINDS`).

In a credential an object may say the rest of itself elsewhere under the same id, so
objects of one id are read as one. A value that says nothing (null, blank, an object
of nothing but a type) is not there. The work is linear in the document, whatever it
is: no recursion, and no step visits an object twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from edc_issuer.rules.values import KINDS, SILENT, is_filled, is_written, parts

Trail = tuple[Any, str | int] | None  # the trail of the parent, then a key or an index
Place = tuple[Any, Trail]
Node = tuple[Mapping[str, Any], Trail]
Whole = tuple[Any, Trail, list[Mapping[str, Any]]]
MAX_SHOWN = 60  # letters of one key in a place: keys of a credential are a stranger's

_STEP = re.compile(r"(?P<name>[\w@-]*)(?P<filters>(?:\[[^\]]*\])*)(?:\.|\Z)")
_FILTER = re.compile(
    r"\[(?P<key>[\w@-]+)(?:(?P<sign>!=|\^=|\*=|=)(?P<value>[^\]]*))?\]"
)
_BAR = re.compile(r"\|(?![^\[]*\])")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a member of an object has to be for the path to go on through it."""

    key: str
    sign: str
    value: str

    def accepts(self, nodes: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the object, in all the places that it is said, fulfils it."""
        held = [node[self.key] for node in nodes if self.key in node]
        if not self.sign:
            return any(map(is_filled, held))
        if self.sign == "!=":
            return self.value not in _words(held)
        if self.sign == "^=":
            return any(word.startswith(self.value) for word in _words(held))
        if self.sign == "*=":
            return any(self.value in word for word in _words(held))
        return self.value in _words(held)


@dataclass(frozen=True, slots=True)
class Step:
    """One member to go to, and which of the objects found there count."""

    name: str
    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a document, and the kind that its values have to be of."""

    text: str
    steps: tuple[Step, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that stands there; `readable` unless it is not of the wanted kind."""

    value: Any
    trail: Trail
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Tree:
    """A document to look into; `by_id` holds the objects of each id, if they join.

    Where a path leads is remembered: many elements ask for notes and alignments, of
    which a stranger's file may hold a hundred thousand.
    """

    root: Any
    by_id: Mapping[str, Sequence[Node]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    _known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, root: Any, *, joined: bool) -> Tree:
        """A tree; `joined` reads objects of one id as one, as JSON-LD does."""
        return cls(root, _by_id(root), SILENT) if joined else cls(root)

    def find(self, text: str) -> Iterator[Hit]:
        """Every value at a path (or at either of several) that says something."""
        for path in parse(text):
            for value, trail in self._reach(path.steps):
                if is_filled(value, self.silent):
                    readable = not path.kind or KINDS[path.kind](value)
                    yield Hit(value, trail, readable)

    def hollow(self, text: str) -> Iterator[Hit]:
        """Every value at a path where something stands that says nothing: `n/a`."""
        for path in parse(text):
            for value, trail in self._reach(path.steps):
                silent = self.silent
                if is_written(value, silent) and not is_filled(value, silent):
                    yield Hit(value, trail, readable=False)

    def _reach(self, steps: tuple[Step, ...]) -> list[Place]:
        """Where some steps lead; lists are replaced by what they hold."""
        if not steps:
            return list(parts(iter([(self.root, None)])))
        if steps not in self._known:
            last = steps[-1]
            way = self._filtered if last.filters else self._below
            self._known[steps] = list(way(steps))
        found: list[Place] = self._known[steps]
        return found

    def _below(self, steps: tuple[Step, ...]) -> Iterator[Place]:
        *before, last = steps
        seen: set[int] = set()  # objects of one id count as one, looked at once
        for value, trail in self._reach(tuple(before)):
            for node, at in self._wholes(value, trail, seen):
                if not last.name:  # a path that begins with a filter stays there
                    yield node, at
                elif last.name in node:
                    yield from parts(iter([(node[last.name], (at, last.name))]))

    def _filtered(self, steps: tuple[Step, ...]) -> Iterator[Place]:
        *before, last = steps
        base = (*before, Step(last.name, ()))
        first, *others = last.filters
        if first.sign == "=":
            chosen = self._index(base, first.key).get(first.value, [])
        else:
            chosen = [e for e in self._objects(base) if first.accepts(e[2])]
        for value, trail, wholes in chosen:
            if all(one.accepts(wholes) for one in others):
                yield value, trail

    def _objects(self, steps: tuple[Step, ...]) -> list[Whole]:
        """The objects at a path, each with all the places that say it."""
        key = ("objects", steps)
        if key not in self._known:
            seen: set[int] = set()
            found = []
            for value, trail in self._reach(steps):
                wholes = [node for node, _ in self._wholes(value, trail, seen)]
                if wholes:
                    found.append((value, trail, wholes))
            self._known[key] = found
        objects: list[Whole] = self._known[key]
        return objects

    def _index(self, steps: tuple[Step, ...], member: str) -> dict[str, list[Whole]]:
        """The objects at a path by what a member of theirs says."""
        key = ("index", steps, member)
        if key not in self._known:
            found: dict[str, list[Whole]] = {}
            for entry in self._objects(steps):
                held = [node[member] for node in entry[2] if member in node]
                for word in dict.fromkeys(_words(held)):
                    found.setdefault(word, []).append(entry)
            self._known[key] = found
        index: dict[str, list[Whole]] = self._known[key]
        return index

    def _wholes(self, value: Any, trail: Trail, seen: set[int]) -> Iterator[Node]:
        """The object at a place and what else is said of it, each once."""
        name = value
        if isinstance(value, Mapping):
            if id(value) not in seen:
                seen.add(id(value))
                yield value, trail
            name = value.get("id", value.get("@id"))
        if not isinstance(name, str) or name not in self.by_id:
            return
        if id(self.by_id[name]) not in seen:
            seen.add(id(self.by_id[name]))
            for node, at in self.by_id[name]:
                if id(node) not in seen:
                    seen.add(id(node))
                    yield node, at


@cache
def parse(text: str) -> tuple[Path, ...]:
    """The alternatives of a path; `ValueError` for one that cannot be read.

    Paths come from our own data, never from a document: the cache stays small.
    """
    return tuple(_path(part.strip()) for part in _BAR.split(text))


def dotted(trail: Trail) -> str:
    """A place in a record as its problems name it: `programme.outcomes[0].title`."""
    text = ""
    for step in _forward(trail):
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step[:MAX_SHOWN]}" if text else step[:MAX_SHOWN]
    return text


def pointer(trail: Trail) -> str:
    """A place in a credential as a JSON pointer (RFC 6901)."""
    steps = (str(step)[:MAX_SHOWN] for step in _forward(trail))
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _forward(trail: Trail) -> Iterator[str | int]:
    steps: list[str | int] = []
    while trail is not None:
        trail, step = trail[0], trail[1]
        steps.append(step)
    return reversed(steps)


def _path(text: str) -> Path:
    body, _, kind = text.rpartition("#") if "#" in text else (text, "", "")
    if kind and kind not in KINDS:
        raise ValueError(f"{text}: no such kind of value")
    steps, at = [], 0
    body = body.replace("[]", "")
    while at < len(body):
        match = _STEP.match(body, at)
        if match is None or not (match["name"] or (match["filters"] and not at)):
            raise ValueError(f"{text}: cannot be read from letter {at + 1}")
        steps.append(Step(match["name"], tuple(_filters(match["filters"]))))
        at = match.end()
    return Path(text, tuple(steps), kind)


def _filters(text: str) -> Iterator[Filter]:
    for match in _FILTER.finditer(text):
        yield Filter(match["key"], match["sign"] or "", match["value"] or "")


def _words(held: list[Any]) -> list[str]:
    """Texts to compare with: of a list each, of an object its id."""
    words = []
    for item, _ in parts(iter([(value, None) for value in held])):
        if isinstance(item, Mapping):
            item = item.get("id", item.get("@id"))
        if isinstance(item, bool):
            words.append("true" if item else "false")
        elif isinstance(item, str | int | float):
            words.append(str(item))
    return words


def _by_id(root: Any) -> dict[str, list[Node]]:
    """Objects of an id that is said in more than one place."""
    found: dict[str, list[Node]] = {}
    pending: list[Place] = [(root, None)]
    while pending:
        value, trail = pending.pop()
        if isinstance(value, Mapping):
            name = value.get("id", value.get("@id"))
            if isinstance(name, str):
                found.setdefault(name, []).append((value, trail))
            pending += [(held, (trail, key)) for key, held in value.items()]
        elif isinstance(value, list | tuple):
            pending += [(held, (trail, at)) for at, held in enumerate(value)]
    return found

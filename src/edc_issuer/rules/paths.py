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

from edc_issuer.rules.values import KINDS, is_filled, parts

Trail = tuple[Any, str | int] | None  # the trail of the parent, then a key or an index
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
    """A document to look into; `by_id` holds the objects of each id, if they join."""

    root: Any
    by_id: Mapping[str, Sequence[tuple[Mapping[str, Any], Trail]]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, root: Any, *, joined: bool) -> Tree:
        """A tree; `joined` reads objects of one id as one, as JSON-LD does."""
        return cls(root, _by_id(root) if joined else {})

    def find(self, text: str) -> Iterator[Hit]:
        """Every value at a path (or at either of several) that says something."""
        for path in parse(text):
            for value, trail in self._at(path):
                if is_filled(value):
                    readable = not path.kind or KINDS[path.kind](value)
                    yield Hit(value, trail, readable)

    def _at(self, path: Path) -> Iterator[tuple[Any, Trail]]:
        here: Iterator[tuple[Any, Trail]] = iter([(self.root, None)])
        for number, step in enumerate(path.steps):
            last = number == len(path.steps) - 1
            here = self._step(here, step, last=last)
        return here

    def _step(
        self, here: Iterator[tuple[Any, Trail]], step: Step, *, last: bool
    ) -> Iterator[tuple[Any, Trail]]:
        # Objects of one id count as one: looked at once here, and once by the filter.
        seen: set[int] = set()
        judged: set[int] = set()
        for value, trail in parts(here):
            for node, at in self._wholes(value, trail, seen):
                if not step.name:  # a path that begins with a filter stays where it is
                    below: list[tuple[Any, Trail]] = [(node, at)]
                elif step.name in node:
                    below = [(node[step.name], (at, step.name))]
                else:
                    continue
                yield from self._kept(below, step, judged, last=last)

    def _kept(
        self,
        below: list[tuple[Any, Trail]],
        step: Step,
        judged: set[int],
        *,
        last: bool,
    ) -> Iterator[tuple[Any, Trail]]:
        if not step.filters:
            yield from parts(iter(below)) if last else below
            return
        for value, trail in parts(iter(below)):
            wholes = [node for node, _ in self._wholes(value, trail, judged)]
            if wholes and all(f.accepts(wholes) for f in step.filters):
                yield value, trail

    def _wholes(
        self, value: Any, trail: Trail, seen: set[int]
    ) -> Iterator[tuple[Mapping[str, Any], Trail]]:
        """The object at a place and what else is said of it, each once."""
        if isinstance(value, Mapping):
            if id(value) not in seen:
                seen.add(id(value))
                yield value, trail
            name = value.get("id", value.get("@id"))
        else:
            name = value
        if isinstance(name, str) and name in self.by_id:
            if id(self.by_id[name]) in seen:
                return
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
        if match is None or match.end() == at:
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


def _by_id(root: Any) -> dict[str, list[tuple[Mapping[str, Any], Trail]]]:
    """Objects of an id that is said in more than one place."""
    found: dict[str, list[tuple[Mapping[str, Any], Trail]]] = {}
    pending: list[tuple[Any, Trail]] = [(root, None)]
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

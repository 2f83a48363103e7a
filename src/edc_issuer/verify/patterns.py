"""Patterns of strangers, matched in bounded time.

The matcher of Python goes back and tries again, which a pattern can make take for
ever. This one walks through the text once and keeps all places of the pattern where it
may be (K. Thompson, Regular Expression Search Algorithm, 1968): the work is the length
of the text times that of the pattern. What cannot be matched so, looking around or
back, is refused.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from edc_issuer.errors import EdcError

MAX_PATTERN = 2_000  # letters of a pattern
MAX_STATES = 5_000  # places in it, its repetitions written out
_PARSER: Any = import_module("re._parser")
_CODES: Any = import_module("re._constants")
_UNENDING = _CODES.MAXREPEAT
# ECMA-262 gives these classes ASCII letters, but for white space.
_CLASSES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": lambda sign: sign in "0123456789",
    "CATEGORY_WORD": lambda sign: sign == "_" or (sign.isascii() and sign.isalnum()),
    "CATEGORY_SPACE": lambda sign: sign.isspace() or sign == "\ufeff",
}
_LINE_ENDS = "\n\r\u2028\u2029"


class NotMatchable(EdcError):
    """The pattern is none, or of a kind that is not matched here."""

    code = "pattern-not-matchable"


@dataclass(frozen=True, slots=True)
class _State:
    """One place: a letter to read, or an assertion, or ways on that read nothing."""

    ways: tuple[int, ...]
    reads: Callable[[str], bool] | None = None
    asserts: str = ""  # "start" or "end" of the text


@dataclass(slots=True)
class Machine:
    """The pattern of a JSON Schema (ECMA-262), as places; the first is its end."""

    states: list[_State] = field(default_factory=lambda: [_State(())])
    start: int = 0

    @classmethod
    def of(cls, pattern: str) -> Machine:
        """Read a pattern; `NotMatchable` for one that is none or not read here."""
        if len(pattern) > MAX_PATTERN:
            raise NotMatchable(f"a pattern of {len(pattern)} letters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                parsed = _PARSER.parse(pattern)
        except (re.error, Warning, RecursionError, OverflowError) as error:
            raise NotMatchable("no pattern that is read here") from error
        if parsed.state.flags & ~re.UNICODE:
            raise NotMatchable("a pattern with flags")
        machine = cls()
        machine.start = machine._all(parsed, 0)
        return machine

    def work(self, text: str) -> int:
        """How many steps it takes at most to look through a text."""
        return len(self.states) * (len(text) + 1)

    def finds(self, text: str) -> bool:
        """Whether the pattern is anywhere in the text.

        Walk through the text once; the pattern may begin at any letter.
        """
        active: set[int] = set()
        for position in range(len(text) + 1):
            reached = self._reached([*active, self.start], position, len(text))
            if 0 in reached:
                return True
            if position == len(text):
                return False
            sign = text[position]
            active = {
                way
                for place in reached
                if (reads := self.states[place].reads) is not None and reads(sign)
                for way in self.states[place].ways
            }
        return False

    def _reached(self, places: Iterable[int], position: int, length: int) -> set[int]:
        """All places that can be reached from these without reading a letter."""
        seen: set[int] = set()
        pending = list(places)
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            state = self.states[place]
            here = {"": True, "start": position == 0, "end": position == length}
            if state.reads is None and here[state.asserts]:
                pending += state.ways
        return seen

    def _add(self, state: _State) -> int:
        if len(self.states) >= MAX_STATES:
            raise NotMatchable("the pattern repeats too much")
        self.states.append(state)
        return len(self.states) - 1

    # Built from the end: each part is told where it leads to.

    def _all(self, parts: Sequence[Any], then: int) -> int:
        for kind, value in reversed(list(parts)):
            then = self._one(str(kind), value, then)
        return then

    def _one(self, kind: str, value: Any, then: int) -> int:
        if kind in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._add(_State((then,), reads=_reading(kind, value)))
        if kind == "BRANCH":
            return self._add(_State(tuple(self._all(one, then) for one in value[1])))
        if kind == "SUBPATTERN" and not value[1] and not value[2]:
            return self._all(value[3], then)
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, parts = value
            return self._repeated(least, most, parts, then)
        if kind == "AT" and str(value) in ("AT_BEGINNING", "AT_END"):
            where = "start" if str(value) == "AT_BEGINNING" else "end"
            return self._add(_State((then,), asserts=where))
        raise NotMatchable("a pattern that looks around or back")

    def _repeated(self, least: int, most: int, parts: Any, then: int) -> int:
        if most == _UNENDING:
            loop = self._add(_State(()))
            self.states[loop] = _State((self._all(parts, loop), then))
            last = loop
        else:
            last = then
            for _ in range(most - least):
                last = self._add(_State((self._all(parts, last), then)))
        for _ in range(least):
            last = self._all(parts, last)
        return last


def _reading(kind: str, value: Any) -> Callable[[str], bool]:
    """Which letters one place reads."""
    if kind == "ANY":
        return lambda sign: sign not in _LINE_ENDS
    if kind == "IN":
        return _one_of(value)
    same = chr(value)
    return (lambda s: s == same) if kind == "LITERAL" else (lambda s: s != same)


def _one_of(items: Any) -> Callable[[str], bool]:
    tests: list[Callable[[str], bool]] = []
    negated = False
    for code, value in items:
        kind = str(code)
        if kind == "NEGATE":
            negated = True
        elif kind == "RANGE":
            tests.append(lambda s, r=value: r[0] <= ord(s) <= r[1])  # type: ignore[misc]
        elif kind == "LITERAL":
            tests.append(lambda s, v=value: ord(s) == v)  # type: ignore[misc]
        elif kind == "CATEGORY":
            tests.append(_category(str(value)))
        else:
            raise NotMatchable("a class of letters that is not read here")
    return lambda sign: any(test(sign) for test in tests) != negated


def _category(name: str) -> Callable[[str], bool]:
    plain = name.replace("_NOT", "")
    if plain not in _CLASSES:
        raise NotMatchable("a class of letters that is not read here")
    test, wanted = _CLASSES[plain], plain == name
    return lambda sign: test(sign) is wanted

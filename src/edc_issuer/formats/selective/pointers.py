"""Which part of a document somebody chose, and the smaller document that it makes.

A choice is a list of JSON pointers. What they lead to is taken whole; of everything
on the way to it only the identifier and the type, without which a statement would
mean nothing. Data Integrity ECDSA Cryptosuites 1.0 sections 3.4.10 to 3.4.13, RFC
6901.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.errors import InputError

MAX_POINTERS = 1_000  # of one choice; a badge has a few dozen places to point at
MAX_POINTER = 2_000  # letters of one pointer
_INDEX = re.compile(r"(0|[1-9][0-9]{0,9})\Z", re.ASCII)
_STRAY = re.compile(r"~(?![01])")


class BadPointer(InputError):
    """A JSON pointer that leads nowhere in this document, or is none; `.pointer`."""

    code = "bad-pointer"

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(f"{pointer[:200]!a}: {why}")
        self.pointer = pointer


class CuttingPointer(BadPointer):
    """A pointer, or one beside it, that takes apart what was signed as one value."""

    code = "cutting-pointer"

    def __init__(self, pointer: str) -> None:
        super().__init__(pointer, "a part of what was signed as one value")


@dataclass(slots=True)
class _Choice:
    """One place of the document: chosen whole, or some of what is below it."""

    whole: bool = False
    below: dict[str | int, _Choice] = field(default_factory=dict)


def parts_of(pointer: str) -> tuple[str, ...]:
    """The members that a pointer names, unescaped (section 3.4.10).

    `""` is the whole document and has none. Raises `BadPointer`.
    """
    if len(pointer) > MAX_POINTER:
        raise BadPointer(pointer, "a pointer of unheard-of length")
    if pointer and not pointer.startswith("/"):
        raise BadPointer(pointer, "a JSON pointer begins with /")
    if _STRAY.search(pointer):
        raise BadPointer(pointer, "~ is written ~0 in a JSON pointer")
    return tuple(
        part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]
    )


def pointer_of(parts: Sequence[str | int]) -> str:
    """The pointer of a place, escaped."""
    return "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts
    )


def select(
    document: Mapping[str, Any], pointers: Sequence[str]
) -> dict[str, Any] | None:
    """The part of a compact document that pointers choose (section 3.4.13).

    None where there is no pointer at all. The members keep the document's order, so
    that the order of the pointers does not show. Raises `BadPointer`.
    """
    if not pointers:
        return None
    if len(pointers) > MAX_POINTERS:
        raise BadPointer(pointers[0], f"one of more than {MAX_POINTERS} pointers")
    root = _Choice()
    for pointer in pointers:
        _choose(root, document, pointer)
    chosen: dict[str, Any] = _chosen(document, root)
    if "@context" in document:
        chosen = {"@context": copy.deepcopy(document["@context"]), **chosen}
    return chosen


def _choose(root: _Choice, document: Any, pointer: str) -> None:
    """Mark the place that a pointer leads to (section 3.4.12)."""
    choice, value = root, document
    for part in parts_of(pointer):
        key, value = _step(value, part, pointer)
        choice = choice.below.setdefault(key, _Choice())
    choice.whole = True


def _step(value: Any, part: str, pointer: str) -> tuple[str | int, Any]:
    """The key that a part of a pointer means here, and what stands there."""
    if isinstance(value, list) and _INDEX.match(part) and int(part) < len(value):
        return int(part), value[int(part)]
    if isinstance(value, Mapping) and part in value:
        return part, value[part]
    raise BadPointer(pointer, "nothing stands there in this file")


def _chosen(value: Any, choice: _Choice) -> Any:
    if choice.whole:
        return copy.deepcopy(value)
    if isinstance(value, list):
        indexes = sorted(int(index) for index in choice.below)
        return [_chosen(value[index], choice.below[index]) for index in indexes]
    kept: dict[str, Any] = {}
    for key, member in value.items():
        if key in choice.below:
            kept[key] = _chosen(member, choice.below[key])
        elif _goes_along(key, member):
            kept[key] = copy.deepcopy(member)
    return kept


def _goes_along(key: str, member: Any) -> bool:
    """Whether a member stays with whatever is chosen below it (section 3.4.11)."""
    if key == "id":
        return isinstance(member, str) and bool(member) and not member.startswith("_:")
    return key == "type" and bool(member)

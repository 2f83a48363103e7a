"""Random changes of a file: of its bytes, of its JSON, and of its tokens.

Every mutant comes from a seed, so that one that was found once is found again.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from edc_issuer.encoding import b64u, unb64u

_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\w+-]{1,40}|[^\w\s"]|\s+', re.DOTALL)
_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    5.0,
    1e21,
    2**53 + 1,
    "",
    "a",
    "č",
    "urn:x:1",
    "_:b0",
    [],
    {},
    [[]],
    {"id": "urn:x:1"},
    {"@value": "a", "@language": "sl"},
    {"@context": {"name": "urn:x:name"}},
)
_KEYS = (
    "id",
    "@id",
    "type",
    "name",
    "@context",
    "@included",
    "@graph",
    "proof",
    "credentialStatus",
    "issuer",
    "na\u200bme",
    "x:y",
)


@dataclass(frozen=True)
class Mutant:
    """One mutant; `where` names the kind of change for the failure message."""

    where: str
    data: bytes


def mutants(twin: bytes, *, beside: bytes, seed: int, count: int) -> Iterator[Mutant]:
    """`count` mutants of `twin`; `beside` is another honest file to splice from.

    What comes out as one of the two honest files again is no mutant.
    """
    chance = random.Random(seed)
    while count:
        kind = chance.choice(_KINDS)
        data = kind(chance, twin, beside)
        if data not in (twin, beside):
            count -= 1
            yield Mutant(kind.__name__, data)


def _flipped(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    data = bytearray(twin)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _replaced(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    data = bytearray(twin)
    data[chance.randrange(len(data))] = chance.choice(b'09azAZ-_ "{}[],:.\\=+/\0\xff')
    return bytes(data)


def _deleted(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    start, end = _span(chance, len(twin))
    return twin[:start] + twin[end:]


def _duplicated(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    start, end = _span(chance, len(twin))
    return twin[:end] + twin[start:]


def _swapped(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    start, middle = _span(chance, len(twin))
    end = min(len(twin), 2 * middle - start)
    return twin[:start] + twin[middle:end] + twin[start:middle] + twin[end:]


def _cut(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    return twin[: chance.randrange(len(twin))]


def _spliced(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    """Some tokens of another file in the place of some of this one."""
    own, other = _TOKENS.findall(twin), _TOKENS.findall(beside)
    start, end = _span(chance, len(own), longest=4)
    begin, stop = _span(chance, len(other), longest=4)
    return b"".join((*own[:start], *other[begin:stop], *own[end:]))


def _exchanged(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    """Two tokens of one kind change places."""
    tokens = _TOKENS.findall(twin)
    one = chance.randrange(len(tokens))
    alike = [i for i, t in enumerate(tokens) if t[:1] == tokens[one][:1]]
    two = chance.choice(alike)
    tokens[one], tokens[two] = tokens[two], tokens[one]
    return b"".join(tokens)


def _restructured(chance: random.Random, twin: bytes, beside: bytes) -> bytes:
    """The JSON inside, changed as JSON and written as it was."""
    layers = _unwrapped(twin)
    layer = chance.choice(layers)
    tree = copy.deepcopy(layer.tree)
    for _ in range(chance.choice((1, 1, 2))):
        _change(chance, tree)
    return layer.wrap(tree)


def _span(chance: random.Random, length: int, *, longest: int = 40) -> tuple[int, int]:
    start = chance.randrange(length)
    return start, min(length, start + chance.randint(1, longest))


# The last kind finds most, and byte changes of covered bytes fail soonest.
_KINDS: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (
    _flipped,
    _replaced,
    _deleted,
    _duplicated,
    _swapped,
    _cut,
    _spliced,
    _exchanged,
    _restructured,
    _restructured,
    _restructured,
)


@dataclass(frozen=True)
class _Layer:
    """One JSON tree in a file, and how to write the file with another in its place."""

    tree: Any
    wrap: Callable[[Any], bytes]


def _dumped(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def _unwrapped(twin: bytes) -> list[_Layer]:
    if not twin.startswith(b"{"):
        return _layers_of_line(twin)
    tree = json.loads(twin)
    whole = _Layer(tree, _dumped)
    return [whole, *_layers_of_seal(tree)] if "payload" in tree else [whole]


def _layers_of_line(twin: bytes) -> list[_Layer]:
    parts = twin.split(b".")

    def wrapped(place: int) -> Callable[[Any], bytes]:
        def wrap(tree: Any) -> bytes:
            new = b64u(_dumped(tree)).encode()
            return b".".join((*parts[:place], new, *parts[place + 1 :]))

        return wrap

    return [
        _Layer(json.loads(unb64u(parts[place].decode())), wrapped(place))
        for place in (0, 1, 1)
    ]


def _layers_of_seal(tree: dict[str, Any]) -> list[_Layer]:
    seal = tree["signatures"][0]

    def payload(new: Any) -> bytes:
        return _dumped({**tree, "payload": _dumped(new).decode()})

    def header(new: Any) -> bytes:
        changed = {**seal, "protected": b64u(_dumped(new))}
        return _dumped({**tree, "signatures": [changed]})

    text = unb64u(seal["protected"])
    return [
        _Layer(json.loads(tree["payload"]), payload),
        _Layer(json.loads(tree["payload"]), payload),
        _Layer(json.loads(text), header),
    ]


def _change(chance: random.Random, tree: Any) -> None:
    """Change one place of a tree in some way that JSON allows."""
    holders = list(_holders(tree))
    holder = chance.choice(holders)
    if isinstance(holder, list):
        _change_list(chance, holder)
    else:
        _change_object(chance, holder, holders)


def _holders(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(value)


def _change_list(chance: random.Random, holder: list[Any]) -> None:
    match chance.randrange(4) if holder else 3:
        case 0:
            holder.pop(chance.randrange(len(holder)))
        case 1:
            holder.append(copy.deepcopy(chance.choice(holder)))
        case 2:
            chance.shuffle(holder)
        case _:
            holder.append(copy.deepcopy(chance.choice(_VALUES)))


def _change_object(
    chance: random.Random, holder: dict[str, Any], holders: list[Any]
) -> None:
    key = chance.choice(list(holder)) if holder else "id"
    value = holder.get(key)
    match chance.randrange(8):
        case 0:
            holder.pop(key, None)
        case 1:
            holder[chance.choice(_KEYS)] = holder.pop(key, None)
        case 2:
            holder[chance.choice(_KEYS)] = copy.deepcopy(value)
        case 3:
            holder[key] = copy.deepcopy(chance.choice(_VALUES))
        case 4:
            holder[key] = value[0] if isinstance(value, list) and value else [value]
        case 5:
            members = list(holder.items())
            chance.shuffle(members)
            holder.clear()
            holder.update(members)
        case 6:
            holder[key] = copy.deepcopy(chance.choice(holders))
        case _:
            holder[key] = f"{value} " if isinstance(value, str) else str(value)

"""Documents made of nothing but the paths that an element asks for."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edc_issuer.rules.elements import Expression, Inspected
from edc_issuer.rules.paths import Step, Tree, parse

KINDS = ("record", "elm", "ob3")
EMPTY: dict[str, dict[str, Any]] = {
    "record": {"record_version": "1"},
    "elm": {"type": ["VerifiableCredential", "EuropeanDigitalCredential"]},
    "ob3": {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
}
OF_KIND = {
    "": "Čebela šđć",
    "country": "SI",
    "day": "2025-06-10",
    "did": "did:key:z6Mk",
    "duration": "PT15H",
    "moment": "2025-06-10T12:00:00Z",
    "positive": "2",
}


def document(kind: str, paths: Iterable[str], **values: Any) -> dict[str, Any]:
    """A document of a kind that holds a value at each of the paths, and no more.

    `values` are what stands at paths of a kind of value instead of a fitting one.
    """
    made = copy.deepcopy(EMPTY[kind])
    for text in paths:
        path = parse(text)[0]
        _put(made, path.steps, values.get(path.kind, OF_KIND[path.kind]))
    return made


def full(expression: Expression) -> Iterator[str]:
    """The fewest paths that make it present."""
    if "first" in expression:
        yield expression["first"]
    for term in expression.get("all_of", ()):
        yield from [term] if isinstance(term, str) else full(term)
    for term in expression.get("any_of", ())[:1]:
        yield from [term] if isinstance(term, str) else full(term)


def every(expression: Expression) -> Iterator[str]:
    """All paths that count for it, weak ones too."""
    if "first" in expression:
        yield expression["first"]
    for name in ("all_of", "any_of", "weak", "not_applicable"):
        for term in expression.get(name, ()):
            yield from [term] if isinstance(term, str) else every(term)


def partial(expression: Expression) -> list[str]:
    """Paths that make it partial and no more; empty where nothing can."""
    if expression.get("weak"):
        return [expression["weak"][0]]
    parts = [list(full({"all_of": [t]})) for t in expression.get("all_of", ())]
    return parts[0] if len(parts) > 1 else []


def without(found: Mapping[str, Any], expression: Expression) -> dict[str, Any]:
    """A document from which everything that counts for an element is taken."""
    left: dict[str, Any] = copy.deepcopy(dict(found))
    for path in every(expression):
        for _ in range(100):
            tree: Tree = Inspected.of(left).tree
            hit = next(tree.find(path), None)
            if hit is None:
                break
            _drop(left, hit.trail)
    return left


def _drop(root: Any, trail: Any) -> None:
    steps = []
    while trail is not None:
        trail, step = trail
        steps.append(step)
    for step in reversed(steps[1:]):
        root = root[step]
    del root[steps[0]]


def _put(node: dict[str, Any], steps: tuple[Step, ...], value: Any) -> None:
    *before, last = steps
    for step in before:
        node = _into(node, step)
    if last.filters or not last.name:
        _into(node, last)["also"] = value
    else:
        node[last.name] = value


def _into(node: dict[str, Any], step: Step) -> dict[str, Any]:
    wanted = {f.key: f.value or "x" for f in step.filters if f.sign != "!="}
    if not step.name:
        node.update(wanted)
        return node
    held = node.setdefault(step.name, [])
    if isinstance(held, list):
        for item in held:
            if all(item.get(key) == value for key, value in wanted.items()):
                return dict_of(item)
        held.append(dict(wanted))
        return dict_of(held[-1])
    raise AssertionError(step)


def dict_of(value: Any) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value

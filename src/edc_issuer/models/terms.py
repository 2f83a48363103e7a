"""Keys that no context of a credential defines, so that a graph would drop them.

A look at names only: a key counts as defined if any of the named contexts, or one
scoped inside them, has it as a term. That finds the mistyped key, the look-alike
letter and the invisible character. Which scope a term belongs to is left to the
canonical form, which refuses what it cannot place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from edc_issuer.documents import BUNDLED
from edc_issuer.errors import Problem
from edc_issuer.models.tree import Path, Survey, pointer, values


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of some contexts; `opaque` hold JSON of which no key is a term.

    `complete` is False where a context is not at hand or defines every key.
    """

    names: frozenset[str]
    opaque: frozenset[str]
    complete: bool


def undefined_keys(
    credential: Mapping[str, Any], *, survey: Survey
) -> Iterator[Problem]:
    """`key.undefined` for each undefined key; nothing where contexts are unknown."""
    settled = _all_defined(credential, survey.keys)
    return iter(()) if settled else _undefined(credential)


def _all_defined(credential: Mapping[str, Any], keys: frozenset[str]) -> bool:
    """Whether the outermost contexts settle it: inner ones only add further terms."""
    terms = terms_of(_named(credential))
    strange = keys - terms.names if terms.complete else ()
    return all(key.startswith("@") or ":" in key for key in strange)


def _undefined(credential: Mapping[str, Any]) -> Iterator[Problem]:
    pending: list[tuple[Path, Any, tuple[str, ...]]] = [(None, credential, ())]
    while pending:
        path, node, contexts = pending.pop()
        if isinstance(node, list):
            pending.extend(
                ((path, index), item, contexts) for index, item in enumerate(node)
            )
        if not isinstance(node, dict | Mapping):
            continue
        if "@context" in node:
            contexts = (*contexts, *_named(node))
        terms = terms_of(contexts)
        for key, value in node.items():
            if key.startswith("@") or key in terms.opaque:
                continue
            # A key with a colon is an IRI of its own, or a prefixed one.
            if terms.complete and key not in terms.names and ":" not in key:
                yield Problem(pointer(path), "key.undefined", _message(key))
            if not isinstance(value, str):
                pending.append(((path, key), value, contexts))


@lru_cache(maxsize=256)
def terms_of(contexts: tuple[str, ...]) -> Terms:
    """All terms of bundled contexts, those of their scoped contexts included."""
    names: set[str] = set()
    opaque: set[str] = set()
    known = set(BUNDLED.urls)
    complete = known.issuperset(contexts)
    pending = [BUNDLED.get(url).get("@context") for url in known.intersection(contexts)]
    while pending:
        context = pending.pop()
        pending.extend(item for item in values(context) if item is not context)
        if not isinstance(context, Mapping):
            continue
        complete = complete and "@vocab" not in context
        for name, definition in context.items():
            names.add(name)
            if isinstance(definition, Mapping):
                pending.append(definition.get("@context"))
                if definition.get("@type") == "@json":
                    opaque.add(name)
    return Terms(frozenset(names), frozenset(opaque), complete)


def _named(node: Mapping[str, Any]) -> tuple[str, ...]:
    # What is no URL is no known context either, and leaves the answer open.
    return tuple(str(context) for context in values(node.get("@context")))


def _message(key: str) -> str:
    # The key is a stranger's text: shown bounded, and in ASCII so that a letter of
    # another script is seen.
    return f"no context of the file defines the key {key[:60]!a}"

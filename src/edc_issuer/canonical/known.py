"""What is left of a document when keys that mean nothing are left out.

In an enveloping format every byte is signed, also a key that no context defines. A
JSON-LD reader drops such a key, a reader of the tree would show it: so it is named
as unknown and never shown as what the issuer said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edc_issuer.canonical.contexts import ActiveContext, active_context
from edc_issuer.canonical.definitions import NotNative
from edc_issuer.canonical.terms import Refused
from edc_issuer.canonical.walk import child_context, context_urls, key_term, types_of
from edc_issuer.documents import Documents
from edc_issuer.errors import InputError

_UNREADABLE = (InputError, NotNative, Refused)


def known_content(
    document: Mapping[str, Any], *, documents: Documents
) -> dict[str, Any]:
    """A copy of the document without the members whose keys are not terms.

    Where the contexts themselves cannot be read nothing is known: the copy has
    nothing but its `@context`. Nothing raises for what the document holds.
    """
    try:
        active = active_context(context_urls(document), documents)
    except _UNREADABLE:
        return {"@context": document.get("@context")}
    return _node(document, active)


def _node(members: Mapping[str, Any], active: ActiveContext) -> dict[str, Any]:
    try:
        types = types_of(members, active)
        inner = active.for_types(types) if types else active
    except _UNREADABLE:
        return {}
    kept: dict[str, Any] = {}
    for key, value in members.items():
        if key == "@context":
            kept[key] = value
            continue
        try:
            term = key_term(key, inner)
        except _UNREADABLE:
            continue
        if "@language" in term.container or term.type == "@json":
            kept[key] = value
        else:
            kept[key] = _value(value, term, inner)
    return kept


def _value(value: Any, term: Any, active: ActiveContext) -> Any:
    if isinstance(value, list):
        return [_value(item, term, active) for item in value]
    if not isinstance(value, Mapping) or "@value" in value:
        return value
    if value.keys() == {"part"}:
        return value  # stands for an inner credential, which has its own verdict
    try:
        inner = child_context(term, value, active)
    except _UNREADABLE:
        return {}
    return _node(value, inner)

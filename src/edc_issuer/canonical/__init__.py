"""Canonical forms of JSON and JSON-LD: what is hashed when a credential is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.canonical.contexts import active_context
from edc_issuer.canonical.definitions import NotNative
from edc_issuer.canonical.jcs import jcs
from edc_issuer.canonical.known import known_content
from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits, Quad, rdfc10
from edc_issuer.canonical.view import View, view
from edc_issuer.canonical.walk import context_urls, quads_of
from edc_issuer.documents import Documents

__all__ = [
    "DEFAULT_LIMITS",
    "Canonical",
    "Limits",
    "View",
    "canonicalize",
    "check_signable",
    "context_urls",
    "jcs",
    "known_content",
    "quads",
    "rdfc10",
    "view",
]


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical N-Quads of a document.

    `fallback` tells that the complete JSON-LD processor had to read it.
    """

    nquads: bytes
    fallback: bool


def canonicalize(
    document: Mapping[str, Any],
    *,
    documents: Documents,
    hash: str = "sha256",
    limits: Limits = DEFAULT_LIMITS,
) -> Canonical:
    """What a JSON-LD document says, as RDFC-1.0 writes it, in safe mode.

    `Malformed` for everything that a signature over the result would not cover, or
    that two processors would read differently: `key.undefined`, `not-compact`,
    `context.inline`, `context.not_allowed`, `context.invalid`, `context.missing`,
    `context.duplicate`, `iri.invalid`, `iri.blank`, `type.undefined`, `null`,
    `language.invalid`, `number.range`, `empty.dataset`, `limits.canonicalization`.
    """
    quads, fallback = _quads(document, documents, limits)
    nquads = rdfc10(quads, hash=hash, limits=limits).nquads
    return Canonical(nquads, fallback)


def check_signable(
    document: Mapping[str, Any],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Refuse what `canonicalize` refuses, of a document that is signed as its text."""
    _quads(document, documents, limits)


def quads(
    document: Mapping[str, Any],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Quad]:
    """The statements that `canonicalize` puts into one form, under the same rules."""
    return _quads(document, documents, limits)[0]


def _quads(
    document: Mapping[str, Any], documents: Documents, limits: Limits
) -> tuple[list[Quad], bool]:
    urls = context_urls(document)
    try:
        return quads_of(document, active_context(urls, documents), limits), False
    except NotNative:
        from edc_issuer.canonical.fallback import quads_by_pyld

        return quads_by_pyld(document, documents, limits), True

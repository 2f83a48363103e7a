"""What lies elsewhere and is at hand: documents whose digest is signed, and schemas.

A credential may say by a digest which version of a document it means, and by a schema
what shape it has. Both are looked up among the bundled contexts and those that the
operator named (`--contexts DIR`), and nowhere else: nothing is fetched. VCDM 2.0
sections 4.11 and 5.3; W3C VC JSON Schema section 2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edc_issuer.documents import Documents
from edc_issuer.errors import Problem
from edc_issuer.models.tree import types_of, values
from edc_issuer.models.vcdm_members import digests_of
from edc_issuer.verify.json_schema import NotDecidable, violations

MISMATCH, UNSURE = "related.mismatch", "related.unsure"
VIOLATION, NOT_AT_HAND = "schema.violation", "schema.not-at-hand"
# What is worth telling and no fault of the credential.
UNCHECKED = frozenset({"related.not-at-hand", NOT_AT_HAND, "schema.not-decidable"})
Stated = Sequence[Mapping[str, set[bytes]]]
MAX_RESOURCES = 100
MAX_SCHEMAS = 10
_SCHEMA_TYPES = frozenset({"JsonSchema", "1EdTechJsonSchemaValidator2019"})
# Bundled, byte for byte as they are published.
_AS_PUBLISHED = frozenset(
    {
        "https://www.w3.org/2018/credentials/v1",
        "https://www.w3.org/ns/credentials/v2",
        "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    }
)
# Bundled with other white space: the digest of what is published (VC Data Integrity
# 1.0 section 2.4.1, and the repository of Open Badges).
_PUBLISHED = {
    "https://w3id.org/security/multikey/v1": (
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"
    ),
}


def related_problems(
    view: Mapping[str, Any], documents: Documents
) -> Iterator[Problem]:
    """Related resources at hand whose digest is another than the one signed.

    `related.mismatch` decides what words mean and is a failure; `related.unsure` is of
    a document that is bundled otherwise spaced than it was published.
    """
    for resource in values(view.get("relatedResource"))[:MAX_RESOURCES]:
        if not isinstance(resource, Mapping) or not isinstance(resource.get("id"), str):
            continue
        stated = digests_of(resource)
        if stated:
            yield from _compared(resource["id"], stated, documents)


def _compared(url: str, stated: Stated, documents: Documents) -> Iterator[Problem]:
    if url not in documents.urls:
        text = "lies elsewhere; its digest was not compared"
        yield Problem("/relatedResource", "related.not-at-hand", text)
        return
    data = documents.raw(url)
    if _agrees(stated, data) or _is_published(url, stated):
        return
    sure = url in _AS_PUBLISHED or not documents.is_bundled(url)
    text = f"the digest of {url} is not that of the document known here"
    yield Problem("/relatedResource", MISMATCH if sure else UNSURE, text)


def _agrees(stated: Stated, data: bytes) -> bool:
    return all(
        hashlib.new(name, data).digest() in any_of
        for notation in stated
        for name, any_of in notation.items()
    )


def _is_published(url: str, stated: Stated) -> bool:
    known = _PUBLISHED.get(url)
    return known is not None and all(
        bytes.fromhex(known) in notation.get("sha256", ()) for notation in stated
    )


def schema_problems(view: Mapping[str, Any], documents: Documents) -> Iterator[Problem]:
    """What the schemas that a credential names say against it.

    `schema.violation` for each place that breaks one; `schema.not-at-hand` and
    `schema.not-decidable` where nothing could be asked.
    """
    asked: set[str] = set()
    for entry in values(view.get("credentialSchema"))[:MAX_SCHEMAS]:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            continue
        yield from _by_schema(view, entry, documents, asked)


def _by_schema(
    view: Mapping[str, Any],
    entry: Mapping[str, Any],
    documents: Documents,
    asked: set[str],
) -> Iterator[Problem]:
    url, here = entry["id"], "/credentialSchema"
    known = _SCHEMA_TYPES.intersection(types_of(entry)) and url in documents.urls
    if not known:
        text = "the schema is not at hand; nothing was held against it"
        yield Problem(here, NOT_AT_HAND, text)
        return
    stated = digests_of(entry)
    if stated is None or not _agrees(stated, documents.raw(url)):
        text = "the schema known here is another version than the one signed"
        yield Problem(here, "schema.digest", text)
        return
    if url in asked:  # named ten times, a schema would be worth the work of ten
        return
    asked.add(url)
    try:
        yield from violations(view, documents.get(url), documents=documents)
    except NotDecidable as error:
        yield Problem(here, "schema.not-decidable", str(error))

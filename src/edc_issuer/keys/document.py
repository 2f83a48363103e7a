"""The document that a school publishes so that others find the keys of its badges.

A DID document for a did:web, a controlled identifier document for an https address:
each key once, as a Multikey, or as a JsonWebKey where Multikey has no form for it
(RSA), and each under `assertionMethod`. A key that is no longer used stays in it, with
the moment from which it is withdrawn, or badges of years ago could not be confirmed.
W3C DID Core v1.0 section 5, W3C Controlled Identifiers v1.0 section 2.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer.errors import ConfigError
from edc_issuer.jose import PublicKey, public_to_jwk
from edc_issuer.keys.did import multikey, thumbprint
from edc_issuer.keys.identity import ASSERTION

_METHODS: Final = "verificationMethod"
_DID: Final = "https://www.w3.org/ns/did/v1"
_CID: Final = "https://www.w3.org/ns/cid/v1"  # defines both types of method itself
_TYPES: Final = {
    "Multikey": "https://w3id.org/security/multikey/v1",
    "JsonWebKey": "https://w3id.org/security/jwk/v1",
}


def key_document(
    identifier: str,
    keys: Sequence[PublicKey],
    *,
    onto: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The document of `identifier` (did:web or https address) that lists `keys`.

    `onto` is the one published now: all that stands in it stays, and a key that it
    lists already is not listed twice. `ConfigError` where it is somebody else's.
    """
    document = copy.deepcopy(dict(onto or {"id": identifier}))
    if document.get("id") != identifier:
        raise ConfigError(f"the document is about another than {identifier}")
    methods = _rows(document, _METHODS)
    purposes = _rows(document, ASSERTION)
    for key in keys:
        method = method_for(identifier, key)
        if method["id"] not in _ids(methods, identifier):
            methods.append(method)
        if method["id"] not in _ids(purposes, identifier):
            purposes.append(method["id"])
    types = [t for t in _TYPES if any(one.get("type") == t for one in methods)]
    document |= {_METHODS: methods, ASSERTION: purposes}
    document["@context"] = _contexts(document.get("@context"), identifier, types)
    return {name: document[name] for name in sorted(document, key=_order)}


def method_for(identifier: str, key: PublicKey) -> dict[str, Any]:
    """One verification method; its id is the one that `open_signer` signs with."""
    short = multikey(key)
    if short is not None:
        what: dict[str, Any] = {"type": "Multikey", "publicKeyMultibase": short}
    else:
        what = {"type": "JsonWebKey", "publicKeyJwk": public_to_jwk(key)}
    name = short or thumbprint(key)
    kind = what.pop("type")
    own = {"id": f"{identifier}#{name}", "type": kind, "controller": identifier}
    return {**own, **what}


def revoke(
    document: Mapping[str, Any], fragment: str, *, at: datetime
) -> dict[str, Any]:
    """The document with one key withdrawn from `at` on; `ConfigError` if not there.

    A withdrawal is never taken back and never moved.
    """
    changed = copy.deepcopy(dict(document))
    identifier = str(changed.get("id"))
    wanted = f"{identifier}#{fragment.rpartition('#')[2]}"
    found = [
        entry
        for member in (_METHODS, ASSERTION)
        for entry in _rows(changed, member)
        if isinstance(entry, dict) and _absolute(entry.get("id"), identifier) == wanted
    ]
    if not found:
        raise ConfigError(f"the document lists no key {wanted}")
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for method in found:
        method.setdefault("revoked", moment)
    return changed


def fingerprint(key: PublicKey) -> str:
    """SHA-256 of the key (SubjectPublicKeyInfo) in pairs, to compare by telephone."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).digest().hex(":").upper()


def _contexts(given: Any, identifier: str, types: Sequence[str]) -> Any:
    is_did = identifier.startswith("did:")
    needed = [_DID, *(_TYPES[t] for t in types)] if is_did else [_CID]
    had = given if isinstance(given, list) else [given] if given else []
    return [*had, *(one for one in needed if one not in had)]


def _rows(document: dict[str, Any], member: str) -> list[Any]:
    value = document.get(member, [])
    return value if isinstance(value, list) else [value]


def _ids(rows: Sequence[Any], identifier: str) -> set[str]:
    ids = (row.get("id") if isinstance(row, dict) else row for row in rows)
    return {_absolute(one, identifier) for one in ids}


def _absolute(url: Any, identifier: str) -> str:
    text = str(url)
    return identifier + text if text.startswith("#") else text


def _order(name: str) -> tuple[int, str]:
    first = ("@context", "id", _METHODS, ASSERTION)
    return (first.index(name) if name in first else len(first), name)

"""Proofs of every cryptosuite, made here step by step and not by the code under test.

`made` does what a suite's name says, or something else under that name: another
form, another hash, another key. Under `trust()` all that the school really signed
is PASSED.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from attacks.workshop import (
    NAMES,
    Json,
    badge,
    changed,
    encoded,
    proof_options,
    school,
)
from edc_issuer import jose
from edc_issuer.canonical import canonicalize, jcs
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import multibase
from edc_issuer.keys.did import own_identity
from edc_issuer.trust import Trust, TrustedIssuer

HASHES = {"P-384": "sha384"}  # of all other keys SHA-256


@dataclass(frozen=True)
class Key:
    """A key of the school, or of somebody else, as a did:key."""

    kind: str
    private: jose.PrivateKey

    @property
    def did(self) -> str:
        return own_identity(self.private.public_key()).did

    @property
    def method(self) -> str:
        return own_identity(self.private.public_key()).verification_method

    def sign(self, message: bytes, *, digest: str | None = None) -> bytes:
        """A signature by the hash of the key, or by another one."""
        if not isinstance(self.private, ec.EllipticCurvePrivateKey):
            return jose.sign("EdDSA", self.private, message)
        named = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}
        chosen = named[digest or HASHES.get(self.kind, "sha256")]
        how = ec.ECDSA(chosen, deterministic_signing=True)
        size = self.private.curve.key_size
        return jose.raw_ecdsa(self.private.sign(message, how), size)


@cache
def key(kind: str, number: int = 4_001) -> Key:
    """The school's key of this kind; with another `number` somebody else's."""
    if kind == "Ed25519":
        return Key(kind, school().badge.key)
    curve = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[kind]
    return Key(kind, ec.derive_private_key(number, curve))


@cache
def trust() -> Trust:
    """The trust of the workshop, which knows the school by all its keys."""
    known = school().trust
    more = tuple(
        TrustedIssuer(key(kind).did, NAMES, test=True) for kind in ("P-256", "P-384")
    )
    return replace(known, issuers=(*known.issuers, *more))


def options_for(suite: str, by: Key, **changes: Any) -> Json:
    """The members of a proof, but for its value."""
    good = proof_options(cryptosuite=suite, verificationMethod=by.method)
    return changed(good, changes)


def document_of(by: Key, **changes: Any) -> Json:
    """The badge in the name of this key."""
    issuer = {**badge()["issuer"], "id": by.did}
    return badge(**{"issuer": issuer, **changes})


def form_of(value: Mapping[str, Any], form: str, hash: str) -> bytes:
    if form == "jcs":
        return jcs(dict(value))
    return canonicalize(value, documents=BUNDLED, hash=hash).nquads


def proof(
    suite: str,
    by: Key,
    document: Mapping[str, Any],
    *,
    form: str | None = None,
    hash: str | None = None,
    digest: str | None = None,
    over: Sequence[Mapping[str, Any]] = (),
    **options: Any,
) -> Json:
    """A proof named `suite` over `document` and over the proofs `over`.

    `form` ("rdfc", "jcs"), `hash` and `digest` (that of the signature) replace what
    the name promises.
    """
    form = form or ("jcs" if "-jcs-" in suite else "rdfc")
    hash = hash or HASHES.get(by.kind, "sha256")
    if form == "jcs":
        options.setdefault("@context", document["@context"])
    members = options_for(suite, by, **options)
    configuration = members
    if form == "rdfc":
        configuration = {**members, "@context": document["@context"]}
    covered = {**document, "proof": _within(over, form)} if over else document
    parts = (form_of(part, form, hash) for part in (configuration, covered))
    message = b"".join(hashlib.new(hash, part).digest() for part in parts)
    return {**members, "proofValue": multibase(by.sign(message, digest=digest))}


def _within(proofs: Sequence[Mapping[str, Any]], form: str) -> list[Json]:
    """Proofs in a document; by meaning, the contexts in force need no repeating."""
    left_out = {"@context"} if form == "rdfc" else set()
    return [{k: v for k, v in one.items() if k not in left_out} for one in proofs]


def made(suite: str, kind: str = "Ed25519", **how: Any) -> bytes:
    """A badge of the school with one proof, as `proof` makes it."""
    by = key(kind)
    document = how.pop("document", None) or document_of(by)
    return encoded({**document, "proof": [proof(suite, by, document, **how)]})


def chained(document: Mapping[str, Any] | None = None) -> bytes:
    """A badge that somebody else signed first, and the school over his proof."""
    by, other = key("Ed25519"), key("P-256", 9_009)
    said = document or document_of(by)
    name = "urn:uuid:6f0d1f0e-1111-4f2a-9d57-6d1f5b0f7a11"
    below = proof("ecdsa-rdfc-2019", other, said, id=name)
    above = proof("eddsa-rdfc-2022", by, said, over=[below], previousProof=name)
    return encoded({**said, "proof": [below, above]})

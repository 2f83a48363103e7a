"""Which key a proof was made with, and how we know it.

A certificate is in the file and chosen by the digest that the signature covers. A
DID such as did:key is its own key; the document of any other address was stored by
the operator, or this run fetched it from there, where the caller opened the door.
Everything else (a `jwk` in the header, a key in the fragment of an address) is only
*named* in the file: whoever wrote the file wrote it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from cryptography import x509

from edc_issuer.errors import InputError
from edc_issuer.formats.base import Envelope, Proof
from edc_issuer.jose import PublicKey, public_from_jwk
from edc_issuer.keys.identity import ASSERTION
from edc_issuer.trust import Trust
from edc_issuer.trust.did import (
    Fetch,
    ResolvedKey,
    Unresolved,
    keys_at,
    resolve,
)
from edc_issuer.verify.answers import Answers


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that is at hand.

    `how`: "certificate", "did" (the DID itself yields or lists it), "https" (the
    document at an https address lists it), or "file" (nobody but the file says whose
    it is). `resolved` is set where `how` is "did" or "https".
    """

    public_key: PublicKey
    how: str
    certificate: x509.Certificate | None = None
    resolved: ResolvedKey | None = None

    @property
    def did(self) -> str | None:
        """The DID or https address whose key it is; None where the file alone says."""
        return self.resolved.did if self.resolved else None


def find_key(
    answers: Answers,
    envelope: Envelope,
    proof: Proof,
    *,
    trust: Trust,
    issuer: str | None,
    fetch: Fetch | None = None,
    purpose: str = ASSERTION,
) -> SigningKey | None:
    """Answer `proof.key`; None where no key is at hand.

    An address that is a bare fragment is looked up inside `issuer` only. `fetch`
    brings documents from their own address; without it nobody is asked.
    """
    try:
        key = _find(proof, trust, issuer, fetch, purpose)
    except Unresolved as error:
        answers.leaves_open(
            "proof.key",
            error.reason,
            detail=str(error),
            address=proof.hint.url,
            keys_at=keys_at(error.did),
            **_stored(trust, error),
        )
        return None
    except InputError as error:
        if error.reason == "weak.key":
            # Nobody can use such a key, but what is wrong with it is its strength.
            answers.because("proof.algorithm", error)
            answers.leaves_open("proof.key", "key-unreadable", detail=str(error))
        else:
            answers.because("proof.key", error)
        return None
    if key is None or (envelope.carries_certificates and key.certificate is None):
        answers.leaves_open(
            "proof.key",
            "no-key",
            detail="the file names no key that could be found",
            etsi="NO_SIGNING_CERTIFICATE_FOUND",
        )
        return None
    answers.passes("proof.key", key.how, address=proof.hint.url, **_found_in(key))
    return key


def _stored(trust: Trust, error: Unresolved) -> dict[str, Any]:
    """Whose document the operator stored that lacks this key, and when."""
    for one in trust.dids:
        if one.did == error.did and error.reason == "key-not-listed-now":
            return {"stored": {"address": one.did, "at": one.stored_at.isoformat()}}
    return {}


def _found_in(key: SigningKey) -> dict[str, Any]:
    """Where the document that lists the key came from, so that it can be kept."""
    document = key.resolved.document if key.resolved else None
    return {"document": document.told()} if document else {}


def _find(
    proof: Proof,
    trust: Trust,
    issuer: str | None,
    fetch: Fetch | None,
    purpose: str,
) -> SigningKey | None:
    hint = proof.hint
    if hint.certificate is not None:
        key = cast(PublicKey, hint.certificate.public_key())
        return SigningKey(key, "certificate", certificate=hint.certificate)
    if hint.jwk is not None:
        return SigningKey(public_from_jwk(hint.jwk), "file")
    if hint.url is not None:
        found = resolve(
            hint.url, dids=trust.dids, issuer=issuer, fetch=fetch, purpose=purpose
        )
        return _from_url(found)
    return None


def _from_url(resolved: ResolvedKey) -> SigningKey:
    if resolved.how == "fragment":
        return SigningKey(resolved.public_key, "file")
    how = "did" if resolved.did.startswith("did:") else "https"
    return SigningKey(resolved.public_key, how, resolved=resolved)

"""The members of a Data Integrity proof, read; nothing is verified here.

W3C Verifiable Credential Data Integrity 1.0 section 2.1. What a proof says of
itself is believed only once its signature has been verified: all but `proofValue`
is hashed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from edc_issuer.encoding import unmultibase
from edc_issuer.errors import Malformed, ProofInvalid
from edc_issuer.formats.base import KeyHint, Proof
from edc_issuer.formats.suites import LEGACY, PROOF_TYPE, UNKNOWN, Suite
from edc_issuer.keys.identity import ASSERTION, AUTHENTICATION

Members = Mapping[str, Any]
MAX_PROOFS = 32  # a proof set of honest co-signers is a handful
MAX_HASHED = 8  # ways to hash the document anew: over other proofs, other contexts
_STAMP = re.compile(  # xsd:dateTimeStamp: a time without its zone is no time
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII
)
# All that section 2.1 gives a proof. Where no context is asked, this list is.
DEFINED = frozenset(
    {
        "@context",
        "id",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
        "previousProof",
        "domain",
        "challenge",
        "nonce",
    }
)


def proofs_of(document: Members) -> tuple[Members, ...]:
    """The proof objects of a document; `Malformed` for what is no proof.

    Reasons: `proof.malformed`, `limits.proofs`.
    """
    if "proof" not in document:
        return ()
    value = document["proof"]
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(proof, dict) and proof for proof in proofs):
        raise Malformed("proof is not an object or some", reason="proof.malformed")
    chained = sum("previousProof" in proof for proof in proofs)
    readings = len({repr(proof.get("@context")) for proof in proofs[:MAX_PROOFS]})
    if len(proofs) > MAX_PROOFS or max(chained, readings) > MAX_HASHED:
        raise Malformed(
            f"{len(proofs)} proofs, {chained} of them over others; at most "
            f"{MAX_PROOFS} and {MAX_HASHED} are read",
            reason="limits.proofs",
        )
    return tuple(proofs)


def read_proof(index: int, proof: Members, suite: Suite | None) -> Proof:
    """What one proof says of itself, its named proofs not yet looked up.

    `Malformed`: `proof.malformed`, `proof.created`, `proof.expires`; of a suite that
    is not known only what every proof has is read.
    """
    kind = _text(proof, "type", required=True)
    name = _text(proof, "cryptosuite", required=kind == PROOF_TYPE)
    method = _text(proof, "verificationMethod", required=suite is not None)
    return Proof(
        index=index,
        algorithm=name if kind == PROOF_TYPE and name else str(kind),
        hint=KeyHint(url=method),
        claimed_at=_time(proof, "created"),
        expires=_time(proof, "expires"),
        notes=_notes(suite),
        purpose=_text(proof, "proofPurpose", required=False),
        domain=_domain(proof) if suite else (),
        challenge=_text(proof, "challenge", required="challenge" in proof)
        if suite
        else None,
    )


def _notes(suite: Suite | None) -> tuple[str, ...]:
    if suite is None:
        return (UNKNOWN,)
    return (LEGACY,) if suite.legacy else ()


def _text(proof: Members, name: str, *, required: bool) -> str | None:
    value = proof.get(name)
    if isinstance(value, str) and value:
        return value
    if required:
        raise Malformed(f"{name} of a proof is no text", reason="proof.malformed")
    return None


def _domain(proof: Members) -> tuple[str, ...]:
    value = proof.get("domain", [])
    domains = value if isinstance(value, list) else [value]
    if not all(isinstance(domain, str) and domain for domain in domains):
        raise Malformed("domain of a proof is no text", reason="proof.malformed")
    return tuple(domains)


def _time(proof: Members, name: str) -> datetime | None:
    if name not in proof:
        return None
    value = proof[name]
    try:
        if isinstance(value, str) and _STAMP.match(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise Malformed(
        f"{name} of a proof is no date and time with a zone", reason=f"proof.{name}"
    )


def named_by(proof: Members, proofs: Sequence[Members]) -> tuple[int, ...]:
    """Where the proofs stand that this one names, in the order of the file.

    `Malformed` (`proof.chain`) where one is not there, or two answer to its name
    (section 4.5 steps 3.2 and 3.3).
    """
    if "previousProof" not in proof:
        return ()
    value = proof["previousProof"]
    names = value if isinstance(value, list) else [value]
    if len(names) > MAX_PROOFS:
        raise Malformed("a proof builds on too many others", reason="limits.proofs")
    found: set[int] = set()
    for name in names:
        places = [i for i, one in enumerate(proofs) if one.get("id") == name]
        if not isinstance(name, str) or len(places) != 1:
            raise Malformed(
                "a proof builds on another that is not there, or not there once",
                reason="proof.chain",
            )
        found.add(places[0])
    if not found:
        raise Malformed("a proof builds on no other", reason="proof.chain")
    return tuple(sorted(found))


def in_chain(links: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """For each proof all that it rests on, near and far.

    `Malformed` (`proof.chain`) for a proof that rests on itself: nobody can have
    made it.
    """
    return tuple(_below(index, links) for index in range(len(links)))


def _below(index: int, links: Sequence[Sequence[int]]) -> tuple[int, ...]:
    found: set[int] = set()
    pending = list(links[index])
    while pending:
        link = pending.pop()
        if link == index:
            raise Malformed("a proof that builds on itself", reason="proof.chain")
        if link not in found:
            found.add(link)
            pending.extend(links[link])
    return tuple(sorted(found))


def check_purpose(proof: Members, document: Members) -> None:
    """`ProofInvalid` (`proof.purpose`) unless it was made to say this (4.4 step 4).

    Who hands over a presentation proves who he is; who issues asserts.
    """
    purposes = {ASSERTION}
    if is_presentation(document):
        purposes.add(AUTHENTICATION)
    purpose = proof.get("proofPurpose")
    if not isinstance(purpose, str) or purpose not in purposes:
        raise ProofInvalid(
            "the proof was made for another purpose than to assert this content",
            reason="proof.purpose",
        )


def is_presentation(document: Members) -> bool:
    """Whether the document is a presentation, and no credential besides."""
    types = document.get("type")
    named = types if isinstance(types, list) else [types]
    return "VerifiablePresentation" in named and "VerifiableCredential" not in named


def signature_of(proof: Members) -> bytes:
    """The bytes of `proofValue`; `ProofInvalid` (`proof.value`).

    EdDSA Cryptosuites section 3.2.1 and ECDSA Cryptosuites section 3.2.1: the
    header z, base58btc. A second spelling would make two files of one.
    """
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofInvalid("proofValue is not multibase z", reason="proof.value")
    try:
        return unmultibase(value)
    except ValueError as error:
        raise ProofInvalid("proofValue is not base58", reason="proof.value") from error

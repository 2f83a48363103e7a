"""Rows 44 to 49: what a Data Integrity proof says about itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from attacks.case import Case, honest_badge
from attacks.workshop import (
    OB,
    V2,
    attacker,
    badge,
    encoded,
    method_of,
    proof_for,
    proof_options,
    proved,
    school,
    signs,
)
from edc_issuer.canonical.jcs import jcs
from edc_issuer.encoding import b64u, multibase, unmultibase

_MALFORMED = "format.wellformed fail"
_FORGED = "proof.integrity fail signature"
_UNSUPPORTED = "proof.integrity undecided suite.unsupported"


def _proved_with(**options: Any) -> bytes:
    """A badge whose proof says something else, and is signed so by the school."""
    return encoded(proved(options=proof_options(**options)))


def _relabelled(**members: Any) -> bytes:
    """The school's own proof with members changed afterwards; None takes one out."""
    document = proved()
    proof = {**document["proof"][0], **members}
    document["proof"] = [{k: v for k, v in proof.items() if v is not None}]
    return encoded(document)


def _value(**changes: Any) -> str:
    value: str = proved()["proof"][0]["proofValue"]
    return value


def _in_base64url() -> bytes:
    return _relabelled(proofValue="u" + b64u(unmultibase(_value())))


ROW_44 = (
    Case(
        44,
        "created-missing",
        "the proof has no date, which is allowed",
        honest_badge,
        partial(_proved_with, created=None),
        "time.signed undecided no-time",
        passes=True,
    ),
    Case(
        44,
        "purpose-authentication",
        "the school proved who it is, not what the badge says",
        honest_badge,
        partial(_proved_with, proofPurpose="authentication"),
        "proof.integrity fail proof.purpose",
    ),
    Case(
        44,
        "purpose-relabelled",
        "the purpose is changed afterwards",
        honest_badge,
        partial(_relabelled, proofPurpose="authentication"),
        "proof.integrity fail proof.purpose",
    ),
    Case(
        44,
        "purpose-missing",
        "the proof has no purpose",
        honest_badge,
        partial(_proved_with, proofPurpose=None),
        "proof.integrity fail proof.purpose",
    ),
    Case(
        44,
        "unknown-suite",
        "a suite that nobody knows",
        honest_badge,
        partial(_relabelled, cryptosuite="zgled-2025"),
        _UNSUPPORTED,
    ),
    *(
        Case(
            44,
            f"legacy-{kind}",
            f"the proof is of the old type {kind}",
            honest_badge,
            partial(_relabelled, type=kind, cryptosuite=None),
            expected,
        )
        for kind, expected in (
            ("Ed25519Signature2018", _UNSUPPORTED),
            ("Ed25519Signature2020", f"{_MALFORMED} type.undefined"),
        )
    ),
    Case(
        44,
        "value-in-base64url",
        "the same signature as multibase u",
        honest_badge,
        _in_base64url,
        "proof.integrity fail proof.value",
    ),
    Case(
        44,
        "value-without-prefix",
        "the multibase letter is gone",
        honest_badge,
        lambda: _relabelled(proofValue=_value()[1:]),
        "proof.integrity fail proof.value",
    ),
    Case(
        44,
        "value-missing",
        "the signature is gone",
        honest_badge,
        partial(_relabelled, proofValue=None),
        "proof.integrity fail proof.value",
    ),
    Case(
        44,
        "value-one-byte-short",
        "the signature lacks its last byte",
        honest_badge,
        lambda: _relabelled(proofValue=multibase(unmultibase(_value())[:-1])),
        _FORGED,
    ),
    Case(
        44,
        "other-contexts",
        "the proof names fewer contexts than the document",
        honest_badge,
        partial(_relabelled, **{"@context": [V2]}),
        "proof.integrity fail proof.context",
    ),
    Case(
        44,
        "same-contexts",
        "the proof repeats the document's contexts, which is allowed",
        honest_badge,
        partial(_relabelled, **{"@context": [V2, OB]}),
        "proof.integrity pass",
        passes=True,
    ),
    Case(
        44,
        "key-in-another-place",
        "the proof names the attacker's key",
        honest_badge,
        lambda: _relabelled(verificationMethod=method_of(attacker())),
        _FORGED,
    ),
    Case(
        44,
        "unknown-option",
        "the proof gets a key that no context defines",
        honest_badge,
        partial(_relabelled, gradeText="odlično"),
        f"{_MALFORMED} key.undefined",
    ),
)


def _attackers_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    options = proof_options(verificationMethod=method_of(attacker()))
    return proof_for(document, options, sign=signs(attacker()))


def _proof_set(*, changed: bool) -> bytes:
    document = badge(name="Magister čebelarstva") if changed else badge()
    proofs = [_attackers_proof(document), proof_for(badge())]
    return encoded({**document, "proof": proofs})


ROW_45 = (
    Case(
        45,
        "issuers-proof-invalid",
        "the badge is changed; the attacker's proof fits, the school's does not",
        honest_badge,
        partial(_proof_set, changed=True),
        _FORGED,
    ),
    Case(
        45,
        "attackers-proof-beside",
        "the attacker adds a proof; the school's still fits",
        honest_badge,
        partial(_proof_set, changed=False),
        "proof.integrity pass",
        passes=True,
    ),
    Case(
        45,
        "only-the-attackers",
        "the attacker's proof replaces the school's",
        honest_badge,
        lambda: encoded({**badge(), "proof": [_attackers_proof(badge())]}),
        "issuer.identified undecided key-not-listed-now",
    ),
    Case(
        45,
        "chain-to-nothing",
        "the proof builds on another that is not there",
        honest_badge,
        partial(_relabelled, previousProof="urn:uuid:0"),
        f"{_MALFORMED} proof.chain",
    ),
)

ROW_46 = (
    Case(
        46,
        "expired",
        "the proof has expired",
        honest_badge,
        partial(_proved_with, expires="2025-08-31T00:00:00Z"),
        "credential.validity fail expired",
    ),
    Case(
        46,
        "created-in-the-future",
        "the proof says a day that nobody has seen",
        honest_badge,
        partial(_proved_with, created="2999-01-01T00:00:00Z"),
        "time.signed warn future-time",
        passes=True,
    ),
    Case(
        46,
        "created-without-zone",
        "the date of the proof has no zone",
        honest_badge,
        partial(_proved_with, created="2025-09-01T10:00:00"),
        f"{_MALFORMED} proof.created",
    ),
    Case(
        46,
        "expires-without-zone",
        "the end of the proof has no zone",
        honest_badge,
        partial(_proved_with, expires="2026-09-01T10:00:00"),
        f"{_MALFORMED} proof.expires",
    ),
    Case(
        46,
        "created-on-no-day",
        "the date of the proof does not exist",
        honest_badge,
        partial(_relabelled, created="2025-02-30T10:00:00Z"),
        f"{_MALFORMED} proof.created",
    ),
)


def _proof_is(value: Any) -> bytes:
    return encoded({**badge(), "proof": value})


def _many_proofs() -> bytes:
    return _proof_is(proved()["proof"] * 10_000)


ROW_47 = (
    *(
        Case(
            47,
            name,
            f"proof is {name}",
            honest_badge,
            partial(_proof_is, value),
            f"{_MALFORMED} proof.malformed",
        )
        for name, value in (
            ("empty-object", {}),
            ("empty-list", []),
            ("text", "z3FXQ"),
            ("number", 7),
            ("null", None),
            ("list-of-texts", ["z3FXQ"]),
            ("list-in-list", [[{}]]),
            ("without-type", {"cryptosuite": "eddsa-rdfc-2022"}),
        )
    ),
    Case(
        47,
        "10000-proofs",
        "the proof is repeated ten thousand times",
        honest_badge,
        _many_proofs,
        f"{_MALFORMED} limits.proofs",
    ),
)


def _jcs_proof(cryptosuite: str) -> bytes:
    """A real eddsa-jcs-2022 signature of the school, under any suite's name."""
    options = proof_options(cryptosuite=cryptosuite)
    configuration = jcs({"@context": [V2, OB], **options})
    hashes = (hashlib.sha256(part).digest() for part in (configuration, jcs(badge())))
    value = multibase(signs(school().badge)(b"".join(hashes)))
    return encoded({**badge(), "proof": [{**options, "proofValue": value}]})


ROW_48 = (
    Case(
        48,
        "rdfc-as-jcs",
        "the proof over the meaning is called one over the text",
        honest_badge,
        partial(_relabelled, cryptosuite="eddsa-jcs-2022"),
        _FORGED,
    ),
    Case(
        48,
        "jcs-as-rdfc",
        "a proof over the text is called one over the meaning",
        honest_badge,
        partial(_jcs_proof, "eddsa-rdfc-2022"),
        _FORGED,
    ),
    Case(
        48,
        "eddsa-as-ecdsa",
        "the proof is called one of another kind of key",
        honest_badge,
        partial(_relabelled, cryptosuite="ecdsa-rdfc-2019"),
        "proof.algorithm fail alg.not_allowed",
    ),
)


def _claims_to_be(name: str, **issuer: Any) -> bytes:
    """A badge that the attacker signed with a key of his own."""
    profile = {"id": attacker().did, "type": ["Profile"], "name": name, **issuer}
    document = badge(issuer=profile)
    return encoded({**document, "proof": [_attackers_proof(document)]})


ROW_49 = (
    Case(
        49,
        "name-only",
        "a fresh key calls itself the University of Ljubljana",
        honest_badge,
        lambda: _claims_to_be("University of Ljubljana"),
        "issuer.trusted undecided not-listed",
    ),
    Case(
        49,
        "name-not-proved",
        "a fresh key calls itself the University of Ljubljana",
        honest_badge,
        lambda: _claims_to_be("University of Ljubljana"),
        "issuer.identified undecided name-not-proved",
    ),
    Case(
        49,
        "name-of-a-trusted-school",
        "a fresh key calls itself a school that the operator trusts",
        honest_badge,
        lambda: _claims_to_be(badge()["issuer"]["name"]),
        "issuer.trusted undecided not-listed",
    ),
    Case(
        49,
        "identifier-of-a-trusted-school",
        "a fresh key states the legal identifier of a trusted school",
        honest_badge,
        lambda: _claims_to_be(
            badge()["issuer"]["name"],
            otherIdentifier=[
                {
                    "type": "IdentifierEntry",
                    "identifier": "NTRSI-1234567",
                    "identifierType": "ext:eidasLegalIdentifier",
                }
            ],
        ),
        "issuer.trusted undecided not-listed",
    ),
)

CASES = (*ROW_44, *ROW_45, *ROW_46, *ROW_47, *ROW_48, *ROW_49)

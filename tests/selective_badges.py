"""Badges that can be shown in part, for tests: signed, opened up and put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

import statuses
from edc_issuer import jose
from edc_issuer.derivation import derive
from edc_issuer.documents import BUNDLED
from edc_issuer.formats.base import Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    DerivedProofValue,
)
from edc_issuer.keys.did import own_identity
from edc_issuer.report import Report
from edc_issuer.trust import Trust, TrustedIssuer
from statuses import list_credential

Document = dict[str, Any]
AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
KEY = ec.derive_private_key(7, ec.SECP256R1())
OTHER = ec.derive_private_key(8, ec.SECP256R1())
IDENTITY = own_identity(KEY.public_key())
NAME = "/credentialSubject/achievement/name"
LIST = "https://zgled.example/status/preklici-1"
CREDITS = "/credentialSubject/creditsEarned"


def badge() -> Document:
    """A badge with an end, nameless things inside, and letters of both scripts."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:7e5d6b0e-8c6e-4f2a-9d0c-6a1b2c3d4e5f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": IDENTITY.did, "type": ["Profile"], "name": "Šola Zgled"},
        "validFrom": "2025-06-01T00:00:00Z",
        "validUntil": "2035-06-01T00:00:00Z",
        "credentialStatus": {
            "id": f"{LIST}#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": LIST,
        },
        "name": "Ekologija – ђ č š ž ć đ",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "creditsEarned": 5,
            "achievement": {
                "id": "urn:uuid:11111111-1111-4111-8111-111111111111",
                "type": ["Achievement"],
                "name": "Заштита природе",
                "description": "Čuvanje narave.",
                "criteria": {"narrative": "Đačka mreža: žabe i ćukovi."},
                "tag": ["šuma", "вода"],
                "alignment": [
                    {"type": ["Alignment"], "targetName": "A", "targetUrl": "urn:x:a"},
                    {"type": ["Alignment"], "targetName": "B", "targetUrl": "urn:x:b"},
                ],
            },
        },
    }


def signed(
    document: Document | None = None, key: ec.EllipticCurvePrivateKey = KEY
) -> bytes:
    """The file that a school gives to a learner."""
    pending = DATA_INTEGRITY.prepare(
        document or badge(),
        Signing(
            own_identity(key.public_key()),
            "ES256",
            at=AT,
            options={"cryptosuite": "ecdsa-sd-2023"},
        ),
    )
    return DATA_INTEGRITY.attach(pending, jose.sign("ES256", key, pending.to_be_signed))


@cache
def trust() -> Trust:
    """Of somebody who knows the school by its key."""
    issuer = TrustedIssuer(IDENTITY.did, ("Šola Zgled",), test=True)
    return Trust(issuers=(issuer,), test=True)


@cache
def status_list() -> bytes:
    """The school's own list; position 7 is clear."""
    pending = DATA_INTEGRITY.prepare(
        list_credential(id=LIST, issuer=IDENTITY.did),
        Signing(IDENTITY, "ES256", at=AT, options={"cryptosuite": "ecdsa-rdfc-2019"}),
    )
    return DATA_INTEGRITY.attach(pending, jose.sign("ES256", KEY, pending.to_be_signed))


def report(data: bytes) -> Report:
    """What somebody learns who knows the school and asks for its list."""
    return statuses.verify(data, online={LIST: status_list()}, trust=trust())


@cache
def base() -> bytes:
    """The badge above, signed once."""
    return signed()


@cache
def copy(*pointers: str) -> bytes:
    """A copy of it that shows these."""
    return derive(base(), reveal=pointers or (NAME, CREDITS)).data


def document_of(data: bytes) -> Document:
    document: Document = json.loads(data)
    return document


def proof_of(document: Document) -> Document:
    (proof,) = document["proof"]
    assert isinstance(proof, dict)
    return proof


def verify(data: bytes) -> Any:
    """Verify the one proof of a file with the school's key; what it covers."""
    envelope = DATA_INTEGRITY.open(data, documents=BUNDLED)
    (proof,) = envelope.proofs
    DATA_INTEGRITY.verify(envelope, proof, KEY.public_key())
    return DATA_INTEGRITY.covered(envelope, proof)


def with_value(data: bytes, **changes: Any) -> bytes:
    """A copy whose proof value has other parts."""
    document = document_of(data)
    proof = proof_of(document)
    value = replace(DerivedProofValue.parse(proof["proofValue"]), **changes)
    proof["proofValue"] = value.serialize()
    return json.dumps(document, ensure_ascii=False).encode()


def with_base_value(data: bytes, **changes: Any) -> bytes:
    """A base proof whose value has other parts."""
    document = document_of(data)
    proof = proof_of(document)
    value = replace(BaseProofValue.parse(proof["proofValue"]), **changes)
    proof["proofValue"] = value.serialize()
    return json.dumps(document, ensure_ascii=False).encode()


def value_of(data: bytes) -> DerivedProofValue:
    return DerivedProofValue.parse(proof_of(document_of(data))["proofValue"])


def with_text(data: bytes, text: str) -> bytes:
    """A file whose `proofValue` is this text."""
    document = document_of(data)
    proof_of(document)["proofValue"] = text
    return json.dumps(document, ensure_ascii=False).encode()


def changed(data: bytes, change: Callable[[Document], object]) -> bytes:
    """A file with something changed in its content."""
    document = document_of(data)
    change(document)
    return json.dumps(document, ensure_ascii=False).encode()


def texts_in(value: Any) -> set[str]:
    """Every text and number below a value, but for contexts and the proof."""
    if isinstance(value, Mapping):
        kept = (v for k, v in value.items() if k not in ("@context", "proof"))
        return set().union(*map(texts_in, kept), set())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return set().union(*map(texts_in, value), set())
    return {str(value)}

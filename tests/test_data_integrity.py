"""Data Integrity proofs: the vectors of W3C and 1EdTech, and what must not pass."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from conftest import shared_file
from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.encoding import multibase, unmultibase
from edc_issuer.errors import (
    ConfigError,
    InputError,
    Malformed,
    ProofInvalid,
    RecordError,
    Unsupported,
)
from edc_issuer.formats.base import Envelope, Pending, Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY, MAX_PROOFS
from edc_issuer.keys.identity import DidIdentity

Document = dict[str, Any]
AT = datetime(2025, 6, 1, 12, 0, 0, 999_999, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def did_of(key: Ed25519PublicKey) -> DidIdentity:
    name = multibase(b"\xed\x01" + key.public_bytes_raw())
    return DidIdentity(f"did:key:{name}", f"did:key:{name}#{name}", key)


IDENTITY = did_of(KEY.public_key())


def key_named(method: str | None) -> Ed25519PublicKey:
    """The Ed25519 key that a method carries in its own name."""
    data = unmultibase(re.split("[#:]", str(method))[-1])
    assert data[:2] == b"\xed\x01"
    return Ed25519PublicKey.from_public_bytes(data[2:])


def badge() -> Document:
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:7e5d6b0e-8c6e-4f2a-9d0c-6a1b2c3d4e5f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": IDENTITY.did, "type": ["Profile"], "name": "Šola Zgled"},
        "validFrom": "2025-06-01T00:00:00Z",
        "name": "Ekologija – ђ č š ž \b\u007f",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["AchievementSubject"],
            "creditsEarned": 5,
            "achievement": {
                "id": "urn:uuid:1",
                "type": ["Achievement"],
                "name": "Ekologija",
                "description": "d",
                "criteria": {"narrative": "n"},
                "tag": ["a", "b"],
            },
        },
    }


def prepared(credential: Document, documents: Documents = BUNDLED) -> Pending:
    return DATA_INTEGRITY.prepare(
        credential, Signing(IDENTITY, "EdDSA", at=AT, documents=documents)
    )


def issued(credential: Document | None = None) -> Document:
    pending = prepared(credential or badge())
    data = DATA_INTEGRITY.attach(pending, KEY.sign(pending.to_be_signed))
    document: Document = json.loads(data)
    return document


def opened(document: Any, documents: Documents = BUNDLED) -> Envelope:
    return DATA_INTEGRITY.open(json.dumps(document).encode(), documents=documents)


def verify(document: Document) -> Any:
    """Verify the first proof; what it covers."""
    envelope = opened(document)
    (proof, *_) = envelope.proofs
    DATA_INTEGRITY.verify(envelope, proof, KEY.public_key())
    return DATA_INTEGRITY.covered(envelope, proof)


def examples() -> Documents:
    return BUNDLED.with_directory(shared_file("standards/contexts"))


# Vectors


@pytest.mark.parametrize("folder", ["eddsa-rdfc-2022", "eddsa-rdfc-2022/employ"])
def test_the_vectors_of_the_suite_come_out_byte_for_byte(folder: str) -> None:
    path = shared_file(f"standards/vc-di-eddsa/{folder}")
    documents = examples()
    signed = json.loads((path / "signedDataInt.json").read_bytes())
    proof = signed.pop("proof")
    did, _, _ = proof["verificationMethod"].partition("#")
    secret = secret_of(path, did.removeprefix("did:key:"))
    identity = DidIdentity(did, proof["verificationMethod"], secret.public_key())

    pending = DATA_INTEGRITY.prepare(
        signed,
        Signing(
            identity,
            "Ed25519",
            at=datetime.fromisoformat(proof["created"]),
            documents=documents,
        ),
    )
    data = DATA_INTEGRITY.attach(pending, secret.sign(pending.to_be_signed))

    canonical = (path / "canonDocDataInt.txt").read_bytes()
    assert canonicalize(signed, documents=documents).nquads == canonical
    combined = (path / "combinedHashDataInt.txt").read_text().strip()
    assert pending.to_be_signed.hex() == combined
    assert json.loads(data)["proof"] == [proof]


def secret_of(path: Path, public: str) -> Ed25519PrivateKey:
    pairs = json.loads(shared_file("standards/vc-di-eddsa/keyPair.json").read_bytes())
    assert pairs["publicKeyMultibase"] == public, path
    return Ed25519PrivateKey.from_private_bytes(
        unmultibase(pairs["privateKeyMultibase"])[2:]
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("eddsa-rdfc-2022/signedDataInt.json", ["ok"]),
        ("eddsa-rdfc-2022/employ/signedDataInt.json", ["ok"]),
        ("proof-set-chain/signedProofSet1.json", ["ok"]),
        ("proof-set-chain/signedProofSet2.json", ["ok", "ok"]),
        ("proof-set-chain/signedProofChain1.json", ["ok", "ok", "ok"]),
        ("eddsa-jcs-2022/signedJCS.json", ["ok"]),
        ("Ed25519Signature2020/signedEdSig.json", ["ok"]),
    ],
)
def test_the_signed_files_of_w3c_verify(name: str, expected: list[str]) -> None:
    document = json.loads(shared_file(f"standards/vc-di-eddsa/{name}").read_bytes())

    assert outcomes(opened(document, examples())) == expected


def outcomes(envelope: Envelope) -> list[str]:
    found = []
    for proof in envelope.proofs:
        try:
            named = "z6Mk" in (proof.hint.url or "")
            key = key_named(proof.hint.url) if named else KEY.public_key()
            DATA_INTEGRITY.verify(envelope, proof, key)
            found.append("ok")
        except InputError as error:
            found.append(error.reason)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("simple", ["ok"]),
        ("simple-did-key-method", ["ok"]),
        ("simple-multiple-proofs", ["suite.unsupported", "ok"]),
        ("simple-err-proof-value", ["signature"]),
        ("simple-err-expired", ["ok"]),
        ("complete", ["ok"]),
        ("endorsement-valid", ["ok"]),
        ("simple-eddsa-2022", ["ok"]),
        ("simple_v1", ["ok"]),
    ],
)
def test_the_badges_of_1edtech_give_their_outcomes(
    name: str, expected: list[str]
) -> None:
    document = json.loads(shared_file(f"samples/ob30/{name}.json").read_bytes())

    assert outcomes(opened(document, examples())) == expected


@pytest.mark.parametrize(
    "name",
    [
        "simple-err-issuer-type",
        "simple-err-issuer-parentorg-type",
        "simple-err-credential-subject-result-type",
    ],
)
def test_badges_with_types_that_nobody_defined_are_malformed(name: str) -> None:
    document = json.loads(shared_file(f"samples/ob30/{name}.json").read_bytes())

    with pytest.raises(Malformed) as caught:
        opened(document)

    assert caught.value.reason == "type.undefined"


def test_the_vector_of_the_open_badges_specification_is_reproduced() -> None:
    folder = shared_file("standards/open-badges-3.0")
    page = html.unescape((folder / "linked-data-proof-ob.html").read_text())
    found = [
        json.loads(text)
        for text in re.findall(r"<pre[^>]*>\s*(\{.*?\})\s*</pre", page, re.DOTALL)
        if '"@context"' in text and '"proofValue"' in text
    ]
    assert found
    document = found[0]
    proof = document["proof"]
    unsecured = {k: v for k, v in document.items() if k != "proof"}
    configuration = {k: v for k, v in proof.items() if k != "proofValue"}
    configuration["@context"] = document["@context"]

    canonical = [
        canonicalize(part, documents=BUNDLED).nquads
        for part in (unsecured, configuration)
    ]

    assert canonical == [
        (folder / "test-vectors" / f"{name}-canon.txt").read_bytes()
        for name in ("document", "proof")
    ]
    assert outcomes(opened(document)) == ["ok"]


# Issuing


def test_what_we_sign_verifies_and_shows_the_credential() -> None:
    assert verify(issued()) == badge()


def test_a_proof_is_one_object_in_an_array_with_whole_seconds() -> None:
    (proof,) = issued()["proof"]

    assert proof | {"proofValue": ""} == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2025-06-01T12:00:00Z",
        "verificationMethod": IDENTITY.verification_method,
        "proofPurpose": "assertionMethod",
        "proofValue": "",
    }


def test_a_pending_proof_survives_the_walk_to_another_room() -> None:
    pending = prepared(badge())
    walked = Pending.from_json(json.loads(json.dumps(pending.to_json())))

    data = DATA_INTEGRITY.attach(walked, KEY.sign(walked.to_be_signed))

    assert verify(json.loads(data)) == badge()


def test_a_key_of_another_kind_cannot_sign_so() -> None:
    key = ec.generate_private_key(ec.SECP521R1()).public_key()

    with pytest.raises(ConfigError, match="Ed25519"):
        DATA_INTEGRITY.prepare(
            badge(),
            Signing(DidIdentity("did:jwk:e", "did:jwk:e#0", key), "ES512", at=AT),
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"gradeText": "x"}, "key.undefined", id="undefined-key"),
        pytest.param({"description": None}, "null", id="null"),
        pytest.param({"proof": []}, "proof", id="signed-already"),
    ],
)
def test_what_cannot_be_signed_is_refused_before_signing(
    change: Document, code: str
) -> None:
    with pytest.raises(RecordError) as caught:
        prepared(badge() | change)

    assert [problem.code for problem in caught.value.problems] == [code]


# What must not pass. Every change is made to a document that verifies.


def edit(path: str, value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        *parents, last = path.split(".")
        place: Any = document
        for name in parents:
            place = place[int(name) if name.isdigit() else name]
        if value is REMOVED:
            del place[last]
        else:
            place[last] = value

    return change


REMOVED = object()
FOREIGN = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)


@pytest.mark.parametrize(
    ("path", "value", "kind", "reason"),
    [
        ("name", "Magisterij", ProofInvalid, "signature"),
        ("credentialSubject.id", "did:example:other", ProofInvalid, "signature"),
        ("credentialSubject.creditsEarned", 6, ProofInvalid, "signature"),
        ("validFrom", REMOVED, ProofInvalid, "signature"),
        ("validUntil", "2099-01-01T00:00:00Z", ProofInvalid, "signature"),
        ("gradeText", "x", Malformed, "key.undefined"),
        ("name", None, Malformed, "null"),
        ("description", None, Malformed, "null"),
        ("credentialSubject.achievement.@included", [], Malformed, "not-compact"),
        ("proof", {}, Malformed, "proof.malformed"),
        ("proof", [], Malformed, "proof.malformed"),
        ("proof", [{}], Malformed, "proof.malformed"),
        ("proof", "x", Malformed, "proof.malformed"),
        ("proof", None, Malformed, "proof.malformed"),
        ("proof.0.type", REMOVED, Malformed, "proof.malformed"),
        ("proof.0.type", ["DataIntegrityProof"], Malformed, "proof.malformed"),
        ("proof.0.cryptosuite", REMOVED, Malformed, "proof.malformed"),
        ("proof.0.cryptosuite", "eddsa-jcs-2022", ProofInvalid, "signature"),
        ("proof.0.cryptosuite", "ecdsa-rdfc-2019", ProofInvalid, "alg.not_allowed"),
        ("proof.0.cryptosuite", "eddsa-2022", ProofInvalid, "signature"),
        ("proof.0.cryptosuite", "none", Unsupported, "suite.unsupported"),
        ("proof.0.type", "Ed25519Signature2020", Malformed, "type.undefined"),
        ("proof.0.type", "Ed25519Signature2018", Unsupported, "suite.unsupported"),
        ("proof.0.verificationMethod", REMOVED, Malformed, "proof.malformed"),
        ("proof.0.verificationMethod", {"id": "x"}, Malformed, "proof.malformed"),
        ("proof.0.verificationMethod", "did:x:y#z", ProofInvalid, "signature"),
        ("proof.0.proofPurpose", "authentication", ProofInvalid, "proof.purpose"),
        ("proof.0.proofPurpose", REMOVED, ProofInvalid, "proof.purpose"),
        ("proof.0.created", REMOVED, ProofInvalid, "signature"),
        ("proof.0.created", "2025-06-01T12:00:01Z", ProofInvalid, "signature"),
        ("proof.0.created", "2025-06-01T12:00:00", Malformed, "proof.created"),
        ("proof.0.created", "2025-06-01", Malformed, "proof.created"),
        ("proof.0.created", "2025-02-30T12:00:00Z", Malformed, "proof.created"),
        ("proof.0.created", 5, Malformed, "proof.created"),
        ("proof.0.expires", "2099-01-01T00:00:00Z", ProofInvalid, "signature"),
        ("proof.0.expires", "2099-01-01T00:00:00", Malformed, "proof.expires"),
        ("proof.0.proofValue", REMOVED, ProofInvalid, "proof.value"),
        ("proof.0.proofValue", "", ProofInvalid, "proof.value"),
        ("proof.0.proofValue", "z", ProofInvalid, "signature"),
        ("proof.0.proofValue", "z0OIl", ProofInvalid, "proof.value"),
        ("proof.0.proofValue", "uAAAA", ProofInvalid, "proof.value"),
        ("proof.0.proofValue", 7, ProofInvalid, "proof.value"),
        ("proof.0.@context", ["urn:other"], ProofInvalid, "proof.context"),
        ("proof.0.previousProof", "urn:absent", Malformed, "proof.chain"),
        ("proof.0.previousProof", [5], Malformed, "proof.chain"),
        ("proof.0.secret", "x", Malformed, "key.undefined"),
        ("proof.0.proofPurpose", None, Malformed, "null"),
        ("@context", None, Malformed, "context.inline"),
    ],
)
def test_a_changed_document_does_not_verify(
    path: str, value: Any, kind: type[InputError], reason: str
) -> None:
    document = issued()
    assert verify(document) == badge()
    edit(path, value)(document)

    with pytest.raises(kind) as caught:
        verify(document)

    assert caught.value.reason == reason


def test_another_key_does_not_fit() -> None:
    envelope = opened(issued())

    with pytest.raises(ProofInvalid):
        DATA_INTEGRITY.verify(envelope, envelope.proofs[0], FOREIGN.public_key())


def test_a_key_of_another_algorithm_is_refused_as_such() -> None:
    envelope = opened(issued())
    key = ec.generate_private_key(ec.SECP256R1()).public_key()

    with pytest.raises(ProofInvalid) as caught:
        DATA_INTEGRITY.verify(envelope, envelope.proofs[0], key)

    assert caught.value.reason == "alg.not_allowed"


def test_every_proof_of_a_set_is_judged_on_its_own() -> None:
    document = issued()
    pending = DATA_INTEGRITY.prepare(
        badge(), Signing(did_of(FOREIGN.public_key()), "EdDSA", at=AT)
    )
    other = json.loads(
        DATA_INTEGRITY.attach(pending, FOREIGN.sign(pending.to_be_signed))
    )
    broken = document["proof"][0] | {"created": "2024-01-01T00:00:00Z"}
    document["proof"] = [*other["proof"], broken]

    assert outcomes(opened(document)) == ["ok", "signature"]


def test_a_proof_over_another_proof_is_never_taken_for_a_plain_one() -> None:
    document = issued()
    (plain,) = document["proof"]
    first = plain | {"id": "urn:first"}
    document["proof"] = [first, plain | {"previousProof": "urn:first"}, plain]

    assert outcomes(opened(document)) == ["signature", "signature", "ok"]


def test_a_file_with_thousands_of_proofs_is_not_read() -> None:
    document = issued()
    document["proof"] = document["proof"] * (MAX_PROOFS + 1)

    with pytest.raises(Malformed) as caught:
        opened(document)

    assert caught.value.reason == "limits.proofs"


def test_a_document_without_proof_opens_without_proofs() -> None:
    assert opened(badge()).proofs == ()


def test_numbers_and_order_of_one_canonical_form_verify_and_show_one_value() -> None:
    document = issued()
    document["credentialSubject"]["creditsEarned"] = 5.0
    document["credentialSubject"]["achievement"]["tag"].reverse()

    seen = verify(document)

    assert json.dumps(seen["credentialSubject"]["creditsEarned"]) == "5"


def test_a_proof_says_when_it_was_made_and_ends() -> None:
    document = issued()
    document["proof"][0]["expires"] = "2030-01-01T00:00:00.5+02:00"

    (proof,) = opened(document).proofs

    assert proof.claimed_at == AT.replace(microsecond=0)
    assert proof.expires == datetime.fromisoformat("2030-01-01T00:00:00.5+02:00")
    assert proof.algorithm == "eddsa-rdfc-2022"
    assert proof.hint.url == IDENTITY.verification_method


def test_ids_with_properties_in_two_places_are_told() -> None:
    credential = badge()
    credential["credentialSubject"]["achievement"]["creator"] = credential["issuer"]
    envelope = opened(issued(credential))

    assert envelope.merged == (IDENTITY.did,)

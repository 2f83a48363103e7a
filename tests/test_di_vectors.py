"""Every vector of the W3C EdDSA and ECDSA cryptosuites: each step, and the whole.

EdDSA signs one message in one way, so signed files come out byte for byte. ECDSA
draws a number for each signature: there every step before it must be equal, and
the published signature must verify.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from conftest import shared_file
from edc_issuer import jose
from edc_issuer.canonical import canonicalize, jcs
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.encoding import b58, multibase, unmultibase
from edc_issuer.errors import ProofInvalid
from edc_issuer.formats.base import Envelope, Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY, method_of
from edc_issuer.formats.method import Signed
from edc_issuer.formats.suites import suite_named, suite_of
from edc_issuer.keys.did import read_multikey
from edc_issuer.keys.identity import DidIdentity
from edc_issuer.report import Outcome
from edc_issuer.trust import Trust
from edc_issuer.trust.did import resolve
from edc_issuer.verify import Verifier

Document = dict[str, Any]
EDDSA, ECDSA = "standards/vc-di-eddsa", "standards/vc-di-ecdsa"


@dataclass(frozen=True)
class Vector:
    """One folder: files are `<step><suffix>`."""

    folder: str
    suffix: str
    hash: str = "sha256"
    form: str = "rdfc"

    def text(self, step: str) -> str:
        path = shared_file(f"{self.folder}/{step}{self.suffix}.txt")
        return path.read_text().strip()

    def raw(self, step: str) -> bytes:
        return shared_file(f"{self.folder}/{step}{self.suffix}.txt").read_bytes()

    def json(self, step: str) -> Document:
        path = shared_file(f"{self.folder}/{step}{self.suffix}.json")
        found: Document = json.loads(path.read_bytes())
        return found

    def canonical(self, document: Document) -> bytes:
        if self.form == "jcs":
            return jcs(document)
        documents = contexts()
        return canonicalize(document, documents=documents, hash=self.hash).nquads


EDDSA_VECTORS = (
    Vector(f"{EDDSA}/eddsa-rdfc-2022", "DataInt"),
    Vector(f"{EDDSA}/eddsa-rdfc-2022/employ", "DataInt"),
    Vector(f"{EDDSA}/eddsa-jcs-2022", "JCS", form="jcs"),
)
LEGACY = Vector(f"{EDDSA}/Ed25519Signature2020", "EdSig")
ECDSA_VECTORS = (
    Vector(f"{ECDSA}/ecdsa-rdfc-2019-p256", "ECDSAP256"),
    Vector(f"{ECDSA}/ecdsa-rdfc-2019-p256/employ", "ECDSAP256"),
    Vector(f"{ECDSA}/ecdsa-rdfc-2019-p384", "ECDSAP384", hash="sha384"),
    Vector(f"{ECDSA}/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", hash="sha384"),
    Vector(f"{ECDSA}/ecdsa-jcs-2019-p256", "JCSECDSAP256", form="jcs"),
    Vector(f"{ECDSA}/ecdsa-jcs-2019-p384", "JCSECDSAP384", hash="sha384", form="jcs"),
)
PLAIN = (*EDDSA_VECTORS, *ECDSA_VECTORS)
EVERY = (*PLAIN, LEGACY)
every_vector = pytest.mark.parametrize("vector", EVERY, ids=lambda v: v.folder)


def contexts() -> Documents:
    return BUNDLED.with_directory(shared_file("standards/contexts"))


def without(document: Document, *names: str) -> Document:
    return {k: v for k, v in document.items() if k not in names}


def opened(document: Document) -> Envelope:
    return DATA_INTEGRITY.open(json.dumps(document).encode(), documents=contexts())


def verify_all(document: Document) -> int:
    """Verify every proof with the key that its did:key is; how many there were."""
    envelope = opened(document)
    for proof in envelope.proofs:
        key = resolve(str(proof.hint.url)).public_key
        DATA_INTEGRITY.verify(envelope, proof, key)
    return len(envelope.proofs)


# The steps


@every_vector
def test_document_and_proof_have_the_published_forms(vector: Vector) -> None:
    signed, configuration = vector.json("signed"), vector.json("proofConfig")

    document = vector.canonical(without(signed, "proof"))

    assert document == vector.raw("canonDoc")
    assert vector.canonical(configuration) == vector.raw("proofCanon")


@every_vector
def test_the_published_hashes_are_those_of_the_forms(vector: Vector) -> None:
    forms = [vector.raw(step) for step in ("proofCanon", "canonDoc")]

    hashes = [hashlib.new(vector.hash, form).hexdigest() for form in forms]

    assert hashes == [vector.text("proofHash"), vector.text("docHash")]
    assert "".join(hashes) == vector.text("combinedHash")


@every_vector
def test_the_signature_is_over_the_combined_hash(vector: Vector) -> None:
    envelope = opened(vector.json("signed"))
    signed = envelope.proofs[0].internals

    assert signed.message.hex() == vector.text("combinedHash")
    assert signed.signature.hex() == vector.text("sigHex")
    assert multibase(signed.signature) == vector.text("sigBTC58")


@every_vector
def test_a_signed_file_verifies_and_shows_what_was_signed(vector: Vector) -> None:
    document = vector.json("signed")
    envelope = opened(document)

    assert verify_all(document) == 1
    covered = DATA_INTEGRITY.covered(envelope, envelope.proofs[0])
    assert set(covered) == set(without(document, "proof"))


@every_vector
def test_a_changed_file_does_not_verify(vector: Vector) -> None:
    document = vector.json("signed")
    assert verify_all(document) == 1
    document["credentialSubject"]["id"] = "did:example:somebody-else"

    with pytest.raises(ProofInvalid, match="does not fit"):
        verify_all(document)


@pytest.mark.parametrize("vector", PLAIN, ids=lambda v: v.folder)
def test_our_own_signing_makes_the_published_message(vector: Vector) -> None:
    document = vector.json("signed")
    proof = document["proof"]
    secret = secret_for(proof["verificationMethod"])
    suite = suite_of(proof)
    assert suite is not None
    means = suite.means_for(secret.public_key())
    assert means is not None

    data = signed_by(secret, means.algorithm, document)

    made = json.loads(data)["proof"][0]
    if vector in EDDSA_VECTORS:
        assert made == proof
    assert without(made, "proofValue") == without(proof, "proofValue")
    assert verify_all(json.loads(data)) == 1


def signed_by(secret: jose.PrivateKey, algorithm: str, document: Document) -> bytes:
    """The document signed anew with the options of its own proof."""
    proof = document["proof"]
    pending = DATA_INTEGRITY.prepare(
        without(document, "proof"), signing(secret, algorithm, proof)
    )
    message = jose.sign(algorithm, secret, pending.to_be_signed)
    return DATA_INTEGRITY.attach(pending, message)


def signing(secret: jose.PrivateKey, algorithm: str, proof: Document) -> Signing:
    method = proof["verificationMethod"]
    further = {k: proof[k] for k in ("id", "previousProof") if k in proof}
    return Signing(
        DidIdentity(method.partition("#")[0], method, secret.public_key()),
        algorithm,
        at=datetime.fromisoformat(proof["created"]),
        options={"cryptosuite": proof["cryptosuite"], "proof": further},
        documents=contexts(),
    )


def key_pairs() -> Iterator[Document]:
    for name in (
        f"{EDDSA}/keyPair.json",
        f"{ECDSA}/p256KeyPair.json",
        f"{ECDSA}/p384KeyPair.json",
    ):
        yield json.loads(shared_file(name).read_bytes())
    path = shared_file(f"{EDDSA}/proof-set-chain/multiKeyPairs.json")
    yield from json.loads(path.read_bytes()).values()


def secret_for(method: str) -> jose.PrivateKey:
    """The private key of the vectors that this method is the public half of."""
    for pair in key_pairs():
        public = pair["publicKeyMultibase"]
        if public == method.rpartition("#")[2]:
            text = pair.get("secretKeyMultibase") or pair["privateKeyMultibase"]
            return _secret(unmultibase(text)[2:], public)
    pytest.skip(f"no private key is published for {method}")


def _secret(body: bytes, public: str) -> jose.PrivateKey:
    key = read_multikey(public)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return ec.derive_private_key(int.from_bytes(body), key.curve)
    return Ed25519PrivateKey.from_private_bytes(body)


# Sets and chains of proofs

CHAIN = f"{EDDSA}/proof-set-chain"
# The file, and the configuration of the proof that it has more than the one before
STEPS = (
    ("unsigned.json", "proofSetConfig1.json", "signedProofSet1.json"),
    ("signedProofSet1.json", "proofSetConfig2.json", "signedProofSet2.json"),
    ("signedProofSet2.json", "proofChainConfig1.json", "signedProofChain1.json"),
    ("signedProofChain1.json", "proofChainConfig2.json", "signedProofChain2.json"),
)


def chained(name: str) -> Document:
    found: Document = json.loads(shared_file(f"{CHAIN}/{name}").read_bytes())
    return found


def proofs_in(document: Document) -> list[Document]:
    value = document.get("proof", [])
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("before", "options", "after"), STEPS, ids=[s[2] for s in STEPS]
)
def test_each_proof_of_a_set_or_chain_is_made_again(
    before: str, options: str, after: str
) -> None:
    configuration = chained(options)
    secret = secret_for(configuration["verificationMethod"])

    pending = DATA_INTEGRITY.prepare_further(
        chained(before), signing(secret, "Ed25519", configuration)
    )
    value = jose.sign("Ed25519", secret, pending.to_be_signed)
    made = json.loads(DATA_INTEGRITY.attach(pending, value))

    assert made["proof"] == proofs_in(chained(after))
    assert without(made, "proof") == without(chained(after), "proof")


@pytest.mark.parametrize(
    ("number", "named"), [(1, (0, 1)), (2, (0, 1, 2))], ids=["chain1", "chain2"]
)
def test_a_chain_says_what_it_rests_on_and_verifies(
    number: int, named: tuple[int, ...]
) -> None:
    document = chained(f"signedProofChain{number}.json")

    assert verify_all(document) == number + 2
    assert opened(document).proofs[-1].after == named


@pytest.mark.parametrize("name", ["signedProofSet1.json", "signedProofSet2.json"])
def test_the_proofs_of_a_set_rest_on_nothing(name: str) -> None:
    document = chained(name)

    assert verify_all(document) == len(proofs_in(document))
    assert all(proof.after == () for proof in opened(document).proofs)


@pytest.mark.parametrize("changed", range(2))
def test_a_chain_over_a_changed_proof_does_not_verify(changed: int) -> None:
    document = chained("signedProofChain1.json")
    proof = document["proof"][changed]
    proof["proofValue"] = "z" + b58(bytes(64))
    envelope = opened(document)
    proof = envelope.proofs[2]
    key = resolve(str(proof.hint.url)).public_key

    with pytest.raises(ProofInvalid, match="does not fit"):
        DATA_INTEGRITY.verify(envelope, proof, key)


def test_the_documents_between_are_the_published_ones() -> None:
    for number, (names, published) in enumerate(
        [((0, 1), "proofChainTempDoc1.json"), ((2,), "proofChainTempDoc2.json")]
    ):
        document = chained("signedProofChain2.json")
        document["proof"] = [document["proof"][i] for i in names]

        ours = canonicalize(document, documents=contexts()).nquads

        theirs = canonicalize(chained(published), documents=contexts()).nquads
        assert ours == theirs, number


# The whole report


def signed_files() -> list[str]:
    folders = [f"{vector.folder}/signed{vector.suffix}.json" for vector in EVERY]
    return [*folders, *(f"{CHAIN}/{after}" for _, _, after in STEPS)]


@pytest.mark.parametrize("name", signed_files())
def test_a_vector_is_intact_and_its_key_is_nobodys(name: str) -> None:
    verifier = Verifier(trust=Trust(), documents=contexts())

    report = verifier.verify(shared_file(name).read_bytes())

    assert report.check("proof.integrity").status == "pass"
    assert report.outcome is Outcome.INDETERMINATE
    assert report.content is not None


# Signatures as Project Wycheproof has them, and their like for the other curve

WYCHEPROOF = "standards/wycheproof"


def accepts(suite: str, key: Any, message: bytes, signature: bytes) -> bool:
    """Whether the suite takes these bytes for a signature of this key."""
    row = suite_named(suite)
    assert row is not None
    signed = Signed(row, message=message, signature=signature)
    try:
        method_of(row).verify(signed, key)
    except ProofInvalid:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "suites"),
    [
        (
            "ecdsa_secp256r1_sha256_p1363_test.json",
            ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"),
        ),
        ("ed25519_test.json", ("eddsa-rdfc-2022", "eddsa-jcs-2022", "eddsa-2022")),
    ],
)
def test_wycheproof_signatures_are_judged_as_stated_in_every_suite(
    name: str, suites: tuple[str, ...]
) -> None:
    wrong = []
    content = json.loads(shared_file(f"{WYCHEPROOF}/{name}").read_bytes())

    for group in content["testGroups"]:
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        for case in group["tests"]:
            message, value = (bytes.fromhex(case[k]) for k in ("msg", "sig"))
            for suite in suites:
                accepted = accepts(suite, key, message, value)
                if accepted != (case["result"] == "valid"):
                    wrong.append((suite, case["tcId"]))

    assert content["numberOfTests"] > 100
    assert wrong == []


# The order of each curve's group (SEC 2, sections 2.4.2 and 2.5.1).
ORDERS = {
    "P-256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "P-384": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        16,
    ),
}


@pytest.mark.parametrize(
    ("curve", "algorithm"),
    [(ec.SECP256R1(), "ES256"), (ec.SECP384R1(), "ES384")],
    ids=["P-256", "P-384"],
)
def test_numbers_outside_the_group_are_no_signature(
    curve: ec.EllipticCurve, algorithm: str
) -> None:
    order = ORDERS["P-256" if algorithm == "ES256" else "P-384"]
    width = curve.key_size // 8
    secret = ec.derive_private_key(7, curve)
    key, message = secret.public_key(), b"Spri\xc4\x8devalo"
    raw = jose.sign(algorithm, secret, message)
    r, s = int.from_bytes(raw[:width]), int.from_bytes(raw[width:])
    top = (1 << (8 * width)) - 1

    def pair(one: int, other: int) -> bytes:
        return one.to_bytes(width) + other.to_bytes(width)

    good = [pair(r, s), pair(r, order - s)]
    bad = [
        *(pair(r, n) for n in (0, 1, order - 1, order, order + 1, top, s ^ 1)),
        *(pair(n, s) for n in (0, 1, order - 1, order, order + 1, top, r ^ 1)),
        *(pair(n, m) for n in (0, 1, order, top) for m in (0, 1, order, top)),
        pair(s, r),
        pair(order - r, s),
        raw[:-1],
        raw[1:],
        raw + b"\0",
        b"\0" + raw,
        bytes(1) + raw[:width] + bytes(1) + raw[width:],
        b"",
        encode_dss_signature(r, s),
    ]
    for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        assert all(accepts(suite, key, message, value) for value in good)
        assert not any(accepts(suite, key, message, value) for value in bad)

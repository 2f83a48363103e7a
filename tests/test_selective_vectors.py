"""ecdsa-sd-2023: every intermediate result of the W3C vectors comes out.

The clauses are those of Data Integrity ECDSA Cryptosuites 1.0, appendix A.7 (prc, a
residence card) and A.8 (employ, an employment authorization).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from conftest import shared_file
from edc_issuer import jose
from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import unmultibase
from edc_issuer.formats.selective import base, disclosure
from edc_issuer.formats.selective.grouping import (
    Grouped,
    grouped,
    hash_of,
    hmac_labels,
)
from edc_issuer.formats.selective.pointers import select
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    DerivedProofValue,
    public_bytes,
    public_key,
)
from edc_issuer.formats.selective.skolem import lines_of, skolemize
from edc_issuer.keys.did import read_multikey

HOME = "standards/vc-di-ecdsa"


@dataclass(frozen=True)
class Vector:
    """One of the two examples of the specification."""

    name: str
    pointers: tuple[str, str]

    @cached_property
    def folder(self) -> Path:
        return shared_file(f"{HOME}/ecdsa-sd-2023/{self.name}")

    def json(self, name: str) -> Any:
        return json.loads((self.folder / f"{name}.json").read_bytes())

    def shared(self, number: int) -> Any:
        return json.loads(
            shared_file(f"{HOME}/{self.pointers[number]}.json").read_bytes()
        )

    @property
    def document(self) -> dict[str, Any]:
        signed: dict[str, Any] = self.json("addSignedSDBase")
        return without_proof(signed)

    @property
    def mandatory(self) -> list[str]:
        pointers: list[str] = self.shared(0)
        return pointers

    @property
    def selective(self) -> list[str]:
        pointers: list[str] = self.shared(1)
        return pointers

    def keys(self) -> Any:
        path = shared_file(f"{HOME}/ecdsa-sd-2023/SDKeyMaterial.json")
        return json.loads(path.read_bytes())

    @property
    def hmac_key(self) -> bytes:
        return bytes.fromhex(self.keys()["hmacKeyString"])

    def base_value(self) -> BaseProofValue:
        return BaseProofValue.parse(self.json("addSignedSDBase")["proof"]["proofValue"])

    def derived_value(self) -> DerivedProofValue:
        return DerivedProofValue.parse(
            self.json("derivedRevealDocument")["proof"]["proofValue"]
        )

    def grouped(self) -> Grouped:
        combined = [*self.mandatory, *self.selective]
        return grouped(
            self.document,
            hmac_labels(self.hmac_key),
            {
                "mandatory": self.mandatory,
                "selective": self.selective,
                "combined": combined,
            },
            documents=BUNDLED,
        )

    def proof_hash(self) -> bytes:
        configuration = self.json("addProofConfig")
        nquads = canonicalize(configuration, documents=BUNDLED).nquads
        return hashlib.sha256(nquads).digest()


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k != "proof"}


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A P-256 key of the vectors: Multikey, prefix 0x8626."""
    data = unmultibase(text)
    assert data[:2] == b"\x86\x26"
    return ec.derive_private_key(int.from_bytes(data[2:]), ec.SECP256R1())


def pairs(value: Any) -> dict[Any, Any]:
    assert value["dataType"] == "Map"
    return dict(value["value"])


def deterministic(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    """The RFC 6979 signature, as the vectors were made."""
    der = key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return jose.raw_ecdsa(der, 256).hex()


VECTORS = [
    Vector("prc", ("prCredMandatory", "prCredSelective")),
    Vector("employ", ("employMandatory", "employSelective")),
]


@pytest.fixture(params=VECTORS, ids=lambda vector: vector.name)
def vector(request: pytest.FixtureRequest) -> Vector:
    chosen: Vector = request.param
    assert chosen.folder.exists()
    return chosen


# Base proof


def test_a7_the_document_has_the_canonical_form_of_add_base_doc_canon(
    vector: Vector,
) -> None:
    nquads = canonicalize(vector.document, documents=BUNDLED).nquads.decode()

    assert nquads.splitlines(keepends=True) == vector.json("addBaseDocCanon")


def test_344_hmac_labels_and_their_order_are_those_of_add_base_doc_hmac_canon(
    vector: Vector,
) -> None:
    found = vector.grouped().statements.lines

    assert list(found) == vector.json("addBaseDocHMACCanon")


def test_344_the_label_map_is_that_of_derived_all_group_data(vector: Vector) -> None:
    told = pairs(vector.json("derivedAllGroupData")["labelMap"])
    labels = vector.grouped().statements.labels

    # Blank nodes are named by chance there; what they became is not.
    assert {label.removeprefix("_:") for label in labels.values()} == set(told.values())


def test_3413_pointers_select_the_values_of_add_pointer_values(vector: Vector) -> None:
    for row in vector.json("addPointerValues"):
        selected = select(vector.document, [row["pointer"]])

        assert selected is not None
        assert selected[row["pointer"][1:]] == row["value"]


def test_3413_the_selection_is_that_of_derived_unsigned_reveal(vector: Vector) -> None:
    selected = select(vector.document, [*vector.mandatory, *vector.selective])

    assert selected == vector.json("derivedUnsignedReveal")


def test_3411_a_selection_keeps_the_types_on_the_way(vector: Vector) -> None:
    selected = select(vector.document, vector.selective)

    assert selected is not None
    kept = vector.document["credentialSubject"]["type"]
    assert selected["credentialSubject"]["type"] == kept


def test_348_every_nameless_thing_gets_one_name(vector: Vector) -> None:
    told = vector.json("derivedAllGroupData")["skolemized"]["compact"]

    named = skolemize(vector.document, documents=BUNDLED).document

    assert shape(named) == shape(told)


def shape(value: Any) -> Any:
    """A tree with every given name as `x` and one-element lists as their element."""
    if isinstance(value, list):
        items = [shape(item) for item in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, str) and value.startswith("urn:bnid:"):
        return "x"
    return value


def test_349_deskolemized_statements_are_those_of_the_document(vector: Vector) -> None:
    whole = skolemize(vector.document, documents=BUNDLED)
    told = vector.json("derivedAllGroupData")["deskolemizedNQuads"]

    found = list(lines_of(whole.quads(whole.document)))

    assert sorted(map(unlabelled, found)) == sorted(map(unlabelled, told))


def unlabelled(line: str) -> str:
    return " ".join("_:x" if part[:2] == "_:" else part for part in line.split(" "))


@pytest.mark.parametrize("group", ["mandatory", "selective", "combined"])
def test_3416_groups_match_the_statements_of_derived_all_group_data(
    vector: Vector, group: str
) -> None:
    told = vector.json("derivedAllGroupData")["groups"][group]
    whole = vector.grouped()
    matching = whole.groups[group].matching
    lines = whole.statements.lines

    assert {i: lines[i] for i in matching} == pairs(told["matching"])
    rest = set(range(len(lines))) - set(matching)
    assert {i: lines[i] for i in rest} == pairs(told["nonMatching"])
    found = list(lines_of(whole.groups[group].quads))
    assert sorted(map(unlabelled, found)) == sorted(
        map(unlabelled, told["deskolemizedNQuads"])
    )


def test_362_base_transformation_separates_as_add_base_transform(
    vector: Vector,
) -> None:
    told = vector.json("addBaseTransform")
    assert vector.mandatory == told["mandatoryPointers"]
    assert vector.hmac_key.hex().upper() == told["hmacKeyString"]

    apart = base.transform(
        vector.document, vector.mandatory, vector.hmac_key, documents=BUNDLED
    )

    assert list(apart.mandatory) == list(pairs(told["mandatory"]).values())
    assert list(apart.others) == list(pairs(told["nonMandatory"]).values())


def test_364_the_proof_configuration_has_the_canonical_form_of_the_vector(
    vector: Vector,
) -> None:
    nquads = canonicalize(vector.json("addProofConfig"), documents=BUNDLED).nquads

    told = (vector.folder / "addProofConfigCanon.txt").read_bytes()
    assert nquads.strip() == told.strip()


def test_363_base_hashing_gives_the_two_hashes_of_add_hash_data(
    vector: Vector,
) -> None:
    told = vector.json("addHashData")
    apart = base.transform(
        vector.document, vector.mandatory, vector.hmac_key, documents=BUNDLED
    )

    assert vector.proof_hash().hex() == told["proofHash"]
    assert apart.mandatory_hash.hex() == told["mandatoryHash"]


def test_365_statement_and_base_signatures_are_those_of_the_vector(
    vector: Vector,
) -> None:
    told, keys = vector.json("addRawBaseSignatureInfo"), vector.keys()
    own = private_key(keys["proofKeyPair"]["secretKeyMultibase"])
    issuer = private_key(keys["baseKeyPair"]["secretKeyMultibase"])
    apart = base.transform(
        vector.document, vector.mandatory, vector.hmac_key, documents=BUNDLED
    )

    signatures = [deterministic(own, line.encode()) for line in apart.others]
    key = public_bytes(own.public_key())
    signed = base.to_be_signed(vector.proof_hash(), key, apart.mandatory_hash)

    assert signatures == told["signatures"]
    assert key == unmultibase(told["publicKey"])
    assert deterministic(issuer, signed) == told["baseSignature"]


def test_352_the_base_proof_value_is_written_byte_for_byte(vector: Vector) -> None:
    told, key = vector.json("addRawBaseSignatureInfo"), vector.hmac_key
    value = BaseProofValue(
        bytes.fromhex(told["baseSignature"]),
        unmultibase(told["publicKey"]),
        key,
        tuple(map(bytes.fromhex, told["signatures"])),
        tuple(vector.mandatory),
    )

    expected = vector.json("addSignedSDBase")["proof"]["proofValue"]
    assert value.serialize() == expected


def test_353_the_base_proof_value_is_read_as_derived_recovered_base_data(
    vector: Vector,
) -> None:
    told = vector.json("derivedRecoveredBaseData")

    value = vector.base_value()

    assert value.base_signature.hex() == told["baseSignature"]
    assert value.public_key == unmultibase(told["proofPublicKey"])
    assert value.hmac_key.hex() == told["hmacKey"]
    assert [s.hex() for s in value.signatures] == told["signatures"]
    assert list(value.mandatory_pointers) == told["mandatoryPointers"]


def test_366_everything_in_the_base_proof_was_signed_by_the_issuer(
    vector: Vector,
) -> None:
    key = read_multikey(vector.keys()["baseKeyPair"]["publicKeyMultibase"])

    base.verify_base(
        vector.document,
        vector.base_value(),
        vector.proof_hash(),
        key,
        documents=BUNDLED,
    )


# Derived proof


def test_354_group_indexes_are_those_of_derived_group_indexes(vector: Vector) -> None:
    told, whole = vector.json("derivedGroupIndexes"), vector.grouped()
    mandatory = whole.groups["mandatory"].matching

    assert list(whole.groups["combined"].matching) == told["combinedIndexes"]
    assert list(mandatory) == told["mandatoryIndexes"]
    assert list(whole.groups["selective"].matching) == told["selectiveIndexes"]
    rest = [i for i in range(len(whole.statements.lines)) if i not in mandatory]
    assert rest == told["nonMandatoryIndexes"]


def test_354_mandatory_indexes_are_adjusted_as_in_the_vector(vector: Vector) -> None:
    told = vector.json("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]

    assert list(disclosure.mandatory_indexes(vector.grouped())) == told


def test_354_signatures_are_filtered_as_in_derived_adj_signatures(
    vector: Vector,
) -> None:
    told, whole = vector.json("derivedAdjSignatures"), vector.grouped()

    kept = disclosure.chosen_signatures(vector.base_value().signatures, whole)

    assert list(disclosure.signed_indexes(whole)) == told["adjSignatureIndexes"]
    assert [s.hex() for s in kept] == told["filteredSignatures"]


def test_354_the_disclosure_data_is_that_of_the_vector(vector: Vector) -> None:
    told = vector.json("derivedDisclosureData")

    shown = disclosure.disclose(
        vector.document, vector.base_value(), vector.selective, documents=BUNDLED
    )

    assert shown.document == vector.json("derivedUnsignedReveal")
    assert shown.value.base_signature.hex() == told["baseSignature"]
    assert shown.value.public_key == unmultibase(told["publicKey"])
    assert [s.hex() for s in shown.value.signatures] == told["signatures"]
    assert dict(shown.value.label_map()) == pairs(told["labelMap"])
    assert list(shown.value.mandatory_indexes) == told["mandatoryIndexes"]


def test_357_the_derived_proof_value_is_written_byte_for_byte(vector: Vector) -> None:
    shown = disclosure.disclose(
        vector.document, vector.base_value(), vector.selective, documents=BUNDLED
    )

    expected = vector.json("derivedRevealDocument")["proof"]["proofValue"]
    assert shown.value.serialize() == expected


def test_358_the_derived_proof_value_is_read_as_verify_derived_proof_value(
    vector: Vector,
) -> None:
    told = vector.json("verifyDerivedProofValue")

    value = vector.derived_value()

    assert value.base_signature.hex() == told["baseSignature"]
    assert value.public_key == unmultibase(told["publicKey"])
    assert [s.hex() for s in value.signatures] == told["signatures"]
    assert [list(row) for row in value.label_map().items()] == told["labelMap"]
    assert list(value.mandatory_indexes) == told["mandatoryIndexes"]


def test_359_verify_data_is_that_of_verify_create_verify_data(vector: Vector) -> None:
    told, value = vector.json("verifyCreateVerifyData"), vector.derived_value()
    shown = without_proof(vector.json("derivedRevealDocument"))

    whole = skolemize(shown, documents=BUNDLED)
    mandatory, others = disclosure.separated(whole.quads(whole.document), value)

    assert sorted([*mandatory, *others]) == vector.json("verifyNQuads")
    assert list(others) == told["nonMandatory"]
    assert hash_of(mandatory).hex() == told["mandatoryHash"]
    assert vector.proof_hash().hex() == told["proofHash"]
    assert public_bytes(public_key(value.public_key)) == unmultibase(told["publicKey"])


def test_367_the_derived_proof_of_the_vector_verifies(vector: Vector) -> None:
    key = read_multikey(vector.keys()["baseKeyPair"]["publicKeyMultibase"])
    shown = without_proof(vector.json("derivedRevealDocument"))
    whole = skolemize(shown, documents=BUNDLED)

    disclosure.verify_derived(
        whole.quads(whole.document), vector.derived_value(), vector.proof_hash(), key
    )

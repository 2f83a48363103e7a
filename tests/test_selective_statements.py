"""What the standard demands of ecdsa-sd-2023, clause by clause.

Each test bears the clause of *Data Integrity ECDSA Cryptosuites 1.0* in its name. The
intermediate results of its examples stand in `test_selective_vectors`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from edc_issuer import jose
from edc_issuer.canonical import canonicalize
from edc_issuer.derivation import derive
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import ConfigError, ProofInvalid
from edc_issuer.formats.base import Signing
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.selective import base as base_proofs
from edc_issuer.formats.selective.grouping import grouped, hmac_labels
from edc_issuer.formats.selective.pointers import BadPointer, select
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    DerivedProofValue,
)
from edc_issuer.report import Outcome
from selective_badges import (
    AT,
    CREDITS,
    IDENTITY,
    KEY,
    NAME,
    Document,
    badge,
    base,
    changed,
    copy,
    document_of,
    proof_of,
    report,
    value_of,
    with_text,
)


def bytes_of(data: bytes) -> bytes:
    """The bytes of the `proofValue` of a file."""
    text = proof_of(document_of(data))["proofValue"]
    assert text[0] == "u"
    return unb64u(text[1:])


def base_value() -> BaseProofValue:
    return BaseProofValue.parse(proof_of(document_of(base()))["proofValue"])


def content(data: bytes) -> Document:
    return {k: v for k, v in document_of(data).items() if k != "proof"}


def integrity(data: bytes) -> str:
    check = report(data).check("proof.integrity")
    return f"{check.status} {check.reason}".strip()


def fits(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    """ES256 by the library alone."""
    halves = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key.verify(encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def edited(change: Callable[[Document], object]) -> bytes:
    """The copy with something changed in its proof."""
    return changed(copy(), lambda document: change(proof_of(document)))


# 2.2 Proof representations


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("type", "EcdsaSecp256r1Signature2019", "undecided suite.unsupported"),
        ("cryptosuite", "ecdsa-sd-2024", "undecided suite.unsupported"),
        ("cryptosuite", "ECDSA-SD-2023", "undecided suite.unsupported"),
        ("cryptosuite", "ecdsa-rdfc-2019", "fail proof.value"),
        ("cryptosuite", "ecdsa-jcs-2019", "fail proof.value"),
    ],
)
def test_ecdsa_sd_2_2_1_type_and_cryptosuite_are_those_of_the_standard(
    member: str, value: str, expected: str
) -> None:
    assert integrity(copy()) == "pass disclosed-part"
    assert integrity(edited(lambda proof: proof.update({member: value}))) == expected


def test_ecdsa_sd_2_2_1_the_value_is_multibase_base64url() -> None:
    text = proof_of(document_of(copy()))["proofValue"]

    assert integrity(with_text(copy(), text)) == "pass disclosed-part"
    for other in (text[1:], "m" + text[1:], "U" + text[1:], text + "="):
        assert integrity(with_text(copy(), other)) == "fail proof.value"


def test_ecdsa_sd_2_2_1_the_purpose_matches_the_verification_method() -> None:
    for purpose in ("authentication", "capabilityInvocation", None):
        attack = edited(lambda proof, p=purpose: proof.update(proofPurpose=p))  # type: ignore[misc]
        assert report(attack).outcome is Outcome.FAILED


# 3.4 Selective disclosure functions


def test_ecdsa_sd_3_4_1_labels_are_replaced_before_statements_are_ordered() -> None:
    lines = grouped(
        badge(), hmac_labels(b"\1" * 32), {}, documents=BUNDLED
    ).statements.lines

    assert list(lines) == sorted(lines)
    assert any(line.startswith("_:u") for line in lines)
    assert not any("_:c14n" in line for line in lines)


def test_ecdsa_sd_3_4_3_a_verifier_takes_the_labels_of_the_proof() -> None:
    shown = canonicalize(content(copy()), documents=BUNDLED).nquads.decode()
    blank = {part for part in shown.split() if part.startswith("_:c14n")}

    labels = value_of(copy()).label_map()

    assert {f"_:{label}" for label in labels} == blank


def test_ecdsa_sd_3_4_4_a_label_is_the_hmac_of_the_canonical_one() -> None:
    key = base_value().hmac_key
    plain = canonicalize(content(base()), documents=BUNDLED).nquads.decode()
    blank = {part[2:] for part in plain.split() if part.startswith("_:c14n")}
    expected = {
        "_:u" + b64u(hmac.new(key, label.encode(), hashlib.sha256).digest())
        for label in blank
    }

    found = grouped(badge(), hmac_labels(key), {}, documents=BUNDLED)

    assert set(found.statements.labels.values()) == expected


def test_ecdsa_sd_3_4_11_identifiers_on_the_path_must_be_included() -> None:
    selected = select(badge(), [NAME])

    assert selected is not None
    assert selected["id"] == badge()["id"]
    achievement = selected["credentialSubject"]["achievement"]
    assert achievement["id"] == badge()["credentialSubject"]["achievement"]["id"]


def test_ecdsa_sd_3_4_11_types_on_the_path_must_be_included() -> None:
    selected = select(badge(), [NAME])

    assert selected is not None
    assert selected["type"] == badge()["type"]
    assert selected["credentialSubject"]["type"] == ["AchievementSubject"]
    assert selected["credentialSubject"]["achievement"]["type"] == ["Achievement"]


def test_ecdsa_sd_3_4_12_a_pointer_that_does_not_match_is_an_error() -> None:
    assert derive(base(), reveal=[NAME])
    with pytest.raises(BadPointer):
        derive(base(), reveal=[NAME, "/credentialSubject/nothing"])


def test_ecdsa_sd_3_4_13_no_pointers_select_nothing() -> None:
    assert select(badge(), []) is None


def test_ecdsa_sd_3_4_16_what_matches_and_what_does_not_is_everything() -> None:
    found = grouped(
        badge(), hmac_labels(b"\1" * 32), {"a": ["/issuer"]}, documents=BUNDLED
    )

    matching = [found.statements.lines[i] for i in found.groups["a"].matching]
    assert all(line in found.statements.lines for line in matching)
    assert sum("Profile" in line for line in matching) == 1
    assert not any("Achievement>" in line for line in matching)


def test_ecdsa_sd_3_4_17_mandatory_statements_are_hashed_joined() -> None:
    apart = base_proofs.transform(badge(), ["/issuer"], b"\1" * 32, documents=BUNDLED)

    joined = "".join(apart.mandatory).encode()
    assert apart.mandatory_hash == hashlib.sha256(joined).digest()
    assert all(line.endswith(" .\n") for line in apart.mandatory)


# 3.5 ecdsa-sd-2023 functions


def signed_bytes(data: bytes, mandatory_hash: bytes, key: bytes) -> bytes:
    """What the issuer signs, put together by hand (3.5.1)."""
    document = document_of(data)
    options = {k: v for k, v in proof_of(document).items() if k != "proofValue"}
    options["@context"] = document["@context"]
    nquads = canonicalize(options, documents=BUNDLED).nquads
    return hashlib.sha256(nquads).digest() + key + mandatory_hash


def test_ecdsa_sd_3_5_1_the_issuer_signs_proof_hash_key_and_mandatory_hash() -> None:
    value = base_value()
    apart = base_proofs.transform(
        badge(), value.mandatory_pointers, value.hmac_key, documents=BUNDLED
    )
    message = signed_bytes(base(), apart.mandatory_hash, value.public_key)

    assert fits(KEY.public_key(), value.base_signature, message)
    assert not fits(KEY.public_key(), value.base_signature, message[::-1])


def test_ecdsa_sd_3_5_2_a_base_proof_starts_with_its_header_and_five_items() -> None:
    assert bytes_of(base())[:4] == b"\xd9\x5d\x00\x85"


def test_ecdsa_sd_3_5_7_a_derived_proof_starts_with_its_header_and_five_items() -> None:
    assert bytes_of(copy())[:4] == b"\xd9\x5d\x01\x85"


@pytest.mark.parametrize("make", [base, copy])
def test_ecdsa_sd_3_5_2_and_3_5_7_no_item_is_tagged(make: Callable[[], bytes]) -> None:
    assert majors(bytes_of(make())[3:]) <= {0, 2, 3, 4, 5}


def majors(data: bytes) -> set[int]:
    """The major types in CBOR, by a reader of its own."""
    found, at = set(), 0
    while at < len(data):
        major, info = data[at] >> 5, data[at] & 31
        found.add(major)
        width = {24: 1, 25: 2, 26: 4, 27: 8}.get(info, 0)
        count = int.from_bytes(data[at + 1 : at + 1 + width]) if width else info
        at += 1 + width + (count if major in (2, 3) else 0)
    assert at == len(data)
    return found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("z6Mk", id="another-multibase"),
        pytest.param("u" + b64u(b"\xd9\x5d\x01\x85"), id="the-other-header"),
        pytest.param("u" + b64u(b"\xd9\x5d\x00\x84"), id="four-items"),
        pytest.param("u" + b64u(b"\xd9\x5d\x00\xa0"), id="no-array"),
    ],
)
def test_ecdsa_sd_3_5_3_another_base_proof_value_is_an_error(text: str) -> None:
    assert base_value()
    with pytest.raises(ProofInvalid):
        BaseProofValue.parse(text)


def test_ecdsa_sd_3_5_4_only_signatures_of_chosen_statements_are_shown() -> None:
    chosen = value_of(copy(NAME)).signatures
    more = value_of(copy(NAME, CREDITS)).signatures

    assert set(chosen) < set(more) < set(base_value().signatures)


def test_ecdsa_sd_3_5_5_and_3_5_6_labels_are_numbers_and_32_bytes() -> None:
    labels = value_of(copy()).labels

    assert all(
        isinstance(key, int) and len(label) == 32 for key, label in labels.items()
    )
    assert value_of(copy()).label_map() == {
        f"c14n{key}": "u" + b64u(label) for key, label in labels.items()
    }


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("base_signature", b"\1" * 63),
        ("public_key", b"\x80\x24" + b"\2" * 34),
        ("signatures", (b"\1" * 65,)),
        ("labels", {0: b"\1" * 31}),
    ],
)
def test_ecdsa_sd_3_5_8_each_item_has_its_length(name: str, bad: Any) -> None:
    good = value_of(copy())
    broken = {**{n: getattr(good, n) for n in good.__slots__}, name: bad}

    assert DerivedProofValue.parse(good.serialize()) == good
    with pytest.raises(ProofInvalid):
        DerivedProofValue.parse(DerivedProofValue(**broken).serialize())


# 3.6 ecdsa-sd-2023


def test_ecdsa_sd_3_6_2_the_hmac_key_is_as_long_as_the_digest_and_fresh() -> None:
    one, two = (prepared()["hmac_key"] for _ in range(2))

    assert len(unb64u(one)) == len(unb64u(two)) == hashlib.sha256().digest_size
    assert one != two


def prepared() -> dict[str, Any]:
    pending = DATA_INTEGRITY.prepare(badge(), signing())
    parts: dict[str, Any] = pending.parts["selective"]
    return parts


def signing(**proof: Any) -> Signing:
    options = {"cryptosuite": "ecdsa-sd-2023", **({"proof": proof} if proof else {})}
    return Signing(IDENTITY, "ES256", at=AT, options=options)


def test_ecdsa_sd_3_6_2_strings_are_utf_8() -> None:
    value = base_value()
    apart = base_proofs.transform(
        badge(), value.mandatory_pointers, value.hmac_key, documents=BUNDLED
    )
    place = next(i for i, line in enumerate(apart.others) if "Заштита" in line)
    own = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), value.public_key[2:]
    )

    line = apart.others[place]
    assert fits(own, value.signatures[place], line.encode("utf-8"))
    assert not fits(own, value.signatures[place], line.encode("utf-16"))


@pytest.mark.parametrize("moment", ["yesterday", "2025-06-01", "2025-06-01T00:00:00"])
def test_ecdsa_sd_3_6_4_a_time_that_is_none_is_an_error(moment: str) -> None:
    assert DATA_INTEGRITY.prepare(badge(), signing(expires="2035-06-01T00:00:00Z"))
    with pytest.raises(ConfigError):
        DATA_INTEGRITY.prepare(badge(), signing(expires=moment))


def test_ecdsa_sd_3_6_4_the_configuration_has_the_contexts_of_the_document() -> None:
    other = ["https://www.w3.org/ns/credentials/v2"]

    attack = edited(lambda proof: proof.update({"@context": other}))
    same = edited(lambda p: p.update({"@context": document_of(copy())["@context"]}))

    assert integrity(attack) == "fail proof.context"
    assert integrity(same) == "pass disclosed-part"


def test_ecdsa_sd_3_6_5_each_statement_that_may_be_withheld_is_signed_alone() -> None:
    value = base_value()
    apart = base_proofs.transform(
        badge(), value.mandatory_pointers, value.hmac_key, documents=BUNDLED
    )
    own = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), value.public_key[2:]
    )

    assert len(value.signatures) == len(apart.others)
    for signature, line in zip(value.signatures, apart.others, strict=True):
        assert fits(own, signature, line.encode())


def test_ecdsa_sd_3_6_5_the_key_of_statements_is_a_multikey_of_p_256() -> None:
    key = base_value().public_key

    assert key[:2] == b"\x80\x24"
    assert key[2] in (2, 3)
    assert len(key) == 35


def test_ecdsa_sd_3_6_5_the_key_of_statements_is_for_one_proof() -> None:
    assert prepared()["public_key"] != prepared()["public_key"]


def test_ecdsa_sd_3_6_6_a_copy_has_the_proof_with_another_value() -> None:
    mine, theirs = proof_of(document_of(base())), proof_of(document_of(copy()))

    assert mine.pop("proofValue") != theirs.pop("proofValue")
    assert mine == theirs


def test_ecdsa_sd_3_6_7_as_many_signatures_as_statements_or_an_error() -> None:
    more = changed(copy(), lambda document: document.update(name="Nov"))

    assert integrity(copy()) == "pass disclosed-part"
    assert integrity(more) == "fail proof.count"


def test_ecdsa_sd_3_6_7_the_issuers_signature_is_checked() -> None:
    value = value_of(copy())
    forged = jose.sign("ES256", ec.generate_private_key(ec.SECP256R1()), b"x")
    parts = {n: getattr(value, n) for n in value.__slots__}
    attack = DerivedProofValue(**{**parts, "base_signature": forged}).serialize()

    assert integrity(with_text(copy(), attack)) == "fail signature"


def test_ecdsa_sd_3_6_7_each_statement_is_checked() -> None:
    for place in range(len(value_of(copy()).signatures)):
        value = value_of(copy())
        signatures = list(value.signatures)
        signatures[place] = bytes(64)
        parts = {n: getattr(value, n) for n in value.__slots__}
        attack = DerivedProofValue(**{**parts, "signatures": tuple(signatures)})

        assert integrity(with_text(copy(), attack.serialize())) == "fail signature"


def test_ecdsa_sd_3_6_7_nothing_is_handed_on_where_it_does_not_verify() -> None:
    attack = json.loads(copy())
    attack["credentialSubject"]["achievement"]["name"] = "Злато"

    assert report(copy()).content is not None
    assert report(json.dumps(attack).encode()).content is None

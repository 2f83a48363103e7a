"""JOSE on `cryptography`: which algorithm goes with which key, and Wycheproof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from conftest import shared_file
from edc_issuer import jose
from edc_issuer.errors import InputError, Malformed, ProofInvalid, Unsupported
from edc_issuer.formats import jws

WYCHEPROOF = "standards/wycheproof"
# Valid to Wycheproof and refused here on purpose, by the algorithm of the key. A
# shared secret proves nothing to a third party; "ES521" is no name of RFC 7518; 346
# and 350 sign with PS384 under a key marked PS256, which 338 and 340 call invalid.
REFUSED = {"HS256", "HS384", "HS512", "ES521", "PS256"}


def groups(name: str) -> Iterator[dict[str, Any]]:
    yield from json.loads(shared_file(f"{WYCHEPROOF}/{name}").read_bytes())[
        "testGroups"
    ]


def verified(text: str, jwk: dict[str, Any]) -> None:
    """Every step from a JWK and a compact JWS to a good signature."""
    opened = jws.read(text.encode(), understood=frozenset())
    if opened.serialization != "compact":
        raise Malformed("not compact")
    signature = opened.signatures[0]
    alg = signature.header["alg"]
    _ = opened.content
    key = jose.public_from_jwk(jwk)
    if jose.weakness(key):
        raise ProofInvalid("weak", reason="weak.key")
    if not jose.jwk_allows(jwk, alg):
        raise ProofInvalid("another algorithm", reason="alg.not_allowed")
    jose.verify(alg, key, signature.value, opened.signing_input(signature))


def public(jwk: dict[str, Any]) -> dict[str, Any]:
    private = {"d", "p", "q", "dp", "dq", "qi"}
    return {name: value for name, value in jwk.items() if name not in private}


def is_accepted(text: str, jwk: dict[str, Any]) -> bool:
    try:
        verified(text, jwk)
    except InputError:
        return False
    return True


def test_wycheproof_signatures_are_judged_as_stated() -> None:
    refused: list[Any] = []
    wrong: list[Any] = []

    for group in groups("json_web_signature_test.json"):
        jwk = group.get("public") or group["private"]
        for case in group["tests"]:
            accepted = is_accepted(case["jws"], jwk)
            if accepted != (case["result"] == "valid"):
                (wrong if accepted else refused).append((case["tcId"], jwk["alg"]))

    assert wrong == []
    assert {alg for _, alg in refused} <= REFUSED
    assert [number for number, _ in refused] == [
        1, 346, 347, 348, 350, 351, 352, 357, 358, 359, 372, 373, 376, 377,
    ]  # fmt: skip


def test_wycheproof_keys_are_judged_as_stated() -> None:
    refused: list[Any] = []
    wrong: list[Any] = []

    for group in groups("json_web_key_test.json"):
        keys = [public(key) for key in group["private"]["keys"]]
        for case in group["tests"]:
            accepted = len(keys) == 1 and is_accepted(case["jws"], keys[0])
            if accepted != (case["result"] == "valid"):
                (wrong if accepted else refused).append(keys[0]["alg"])

    assert wrong == []
    assert set(refused) == {"HS256", "HS384", "HS512"}


@pytest.mark.parametrize(
    ("name", "alg"),
    [
        ("ecdsa_secp256r1_sha256_p1363_test.json", "ES256"),
        ("ed25519_test.json", "EdDSA"),
    ],
)
def test_wycheproof_raw_signatures_are_judged_as_stated(name: str, alg: str) -> None:
    seen, wrong = 0, list[int]()

    for group in groups(name):
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        for case in group["tests"]:
            seen += 1
            message, value = (bytes.fromhex(case[k]) for k in ("msg", "sig"))
            assert isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey)
            try:
                jose.verify(alg, key, value, message)
                accepted = True
            except ProofInvalid:
                accepted = False
            if accepted != (case["result"] == "valid"):
                wrong.append(case["tcId"])

    assert seen > 100
    assert wrong == []


RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
P521 = ec.generate_private_key(ec.SECP521R1())
ED = ed25519.Ed25519PrivateKey.generate()
KEYS: dict[str, jose.PrivateKey] = {
    "RS": RSA,
    "PS": RSA,
    "ES256": P256,
    "ES384": P384,
    "ES512": P521,
    "EdDSA": ED,
    "Ed25519": ED,
}


def own_key(alg: str) -> jose.PrivateKey:
    return KEYS.get(alg) or KEYS[alg[:2]]


@pytest.mark.parametrize("alg", jose.ALGORITHMS)
def test_what_a_key_signs_it_verifies_and_nothing_else(alg: str) -> None:
    key = own_key(alg)
    signature = jose.sign(alg, key, "Žiga Đurić".encode())

    jose.verify(alg, key.public_key(), signature, "Žiga Đurić".encode())

    with pytest.raises(ProofInvalid, match="does not fit the content"):
        jose.verify(alg, key.public_key(), signature, b"Ziga Duric")


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES256K", "RS1", "", *KEYS])
@pytest.mark.parametrize("kind", KEYS)
def test_a_key_takes_only_its_own_algorithms(alg: str, kind: str) -> None:
    key = KEYS[kind].public_key()
    own = alg in jose.ALGORITHMS and own_key(alg) is KEYS[kind]

    assert jose.fits(alg, key) == own
    if not own:
        with pytest.raises(ProofInvalid) as caught:
            jose.verify(alg, key, b"", b"")
        assert caught.value.reason == "alg.not_allowed"


def test_signing_with_an_algorithm_of_another_key_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        jose.sign("ES384", P256, b"")


def test_a_der_signature_is_called_one() -> None:
    from cryptography.hazmat.primitives import hashes

    der = P256.sign(b"x", ec.ECDSA(hashes.SHA256()))

    with pytest.raises(ProofInvalid, match="DER encoded") as caught:
        jose.verify("ES256", P256.public_key(), der, b"x")

    assert caught.value.reason == "signature.length"


ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(bytes(32) + b"\1" * 32, id="r-is-zero"),
        pytest.param(b"\1" * 32 + bytes(32), id="s-is-zero"),
        pytest.param(ORDER.to_bytes(32) + b"\1" * 32, id="r-is-the-order"),
        pytest.param(b"\xff" * 64, id="r-and-s-beyond-the-order"),
        pytest.param(b"\1" * 63, id="63-bytes"),
        pytest.param(b"\1" * 65, id="65-bytes"),
        pytest.param(b"", id="empty"),
    ],
)
def test_numbers_no_signature_can_have_are_refused(value: bytes) -> None:
    with pytest.raises(ProofInvalid):
        jose.verify("ES256", P256.public_key(), value, b"x")


@pytest.mark.parametrize("key", [RSA, P256, P384, P521, ED])
def test_a_public_key_survives_its_jwk(key: jose.PrivateKey) -> None:
    jwk = jose.public_to_jwk(key.public_key())

    assert jose.public_from_jwk(jwk) == key.public_key()


def jwk_of(key: jose.PrivateKey, **changes: Any) -> dict[str, Any]:
    return {**jose.public_to_jwk(key.public_key()), **changes}


@pytest.mark.parametrize(
    ("jwk", "reason"),
    [
        pytest.param(jwk_of(ED, d="AA"), "jwk", id="private"),
        pytest.param({"kty": "oct", "k": "AA"}, "jwk", id="secret"),
        pytest.param({}, "jwk", id="empty"),
        pytest.param(jwk_of(P256, x="AA=="), "jwk", id="padding"),
        pytest.param(jwk_of(P256, x=7), "jwk", id="number"),
        pytest.param(jwk_of(P256, crv="P-384"), "jwk", id="not-on-the-curve"),
        pytest.param(jwk_of(P256, crv=[]), "jwk", id="curve-is-a-list"),
        pytest.param(jwk_of(P256, use="enc"), "jwk", id="for-encryption"),
        pytest.param(jwk_of(P256, key_ops=["encrypt"]), "jwk", id="to-encrypt"),
        pytest.param(jwk_of(P256, key_ops=7), "jwk", id="operations-are-a-number"),
        pytest.param(jwk_of(P256, alg="ES384"), "jwk", id="algorithm-of-another"),
        pytest.param(jwk_of(P256, alg=["ES256"]), "jwk", id="algorithm-is-a-list"),
        pytest.param(jwk_of(RSA, e="AQ"), "weak.key", id="exponent-one"),
        pytest.param(jwk_of(RSA, n="_" * 4000), "jwk", id="too-long"),
        pytest.param(jwk_of(ED, crv="X25519"), "unsupported", id="x25519"),
        pytest.param(jwk_of(P256, crv="secp256k1"), "unsupported", id="koblitz"),
    ],
)
def test_a_jwk_that_is_no_public_signing_key_is_refused(
    jwk: dict[str, Any], reason: str
) -> None:
    with pytest.raises((Malformed, Unsupported)) as caught:
        jose.public_from_jwk(jwk)

    assert caught.value.reason == reason


def test_a_jwk_that_names_an_algorithm_allows_no_other() -> None:
    assert jose.jwk_allows({}, "ES256")
    assert jose.jwk_allows({"alg": "EdDSA"}, "Ed25519")
    assert not jose.jwk_allows({"alg": "PS256"}, "PS384")
    assert not jose.jwk_allows({"alg": "PS256"}, "RS256")
    assert not jose.jwk_allows({"alg": ["ES256"]}, "ES256")


def test_keys_that_must_not_be_relied_on_are_named() -> None:
    short = rsa.generate_private_key(65537, 1024).public_key()

    assert "1024 bits" in (jose.weakness(short) or "")
    assert jose.weakness(RSA.public_key()) is None
    assert jose.weakness(P256.public_key()) is None


def test_a_key_of_a_broken_chip_is_named() -> None:
    (group,) = (
        g
        for g in groups("json_web_key_test.json")
        if g["comment"] == "jws_rsa_roca_key"
    )

    weak = jose.weakness(jose.public_from_jwk(public(group["private"]["keys"][0])))

    assert "CVE-2017-15361" in (weak or "")

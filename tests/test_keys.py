"""Opening keys: which file gives which identity and algorithm, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from jwcrypto.jwk import JWK

from edc_issuer import jose
from edc_issuer.cms.qualified import QC_TYPE_ESIGN, QcStatements
from edc_issuer.errors import ConfigError, SigningError
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import DidIdentity, X509Identity, open_signer
from edc_issuer.keys.badge import new_badge_key
from edc_issuer.keys.checks import names_organisation, usable_for_seal
from edc_issuer.keys.did import did_jwk, did_key
from edc_issuer.keys.testpki import Plan, TestOrganisation, TestPki, new_seal, seal_plan

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHOOL = TestOrganisation("Srednja strokovna šola Zgled", "NTRSI-1234567", "SI")
PASSWORD = "geslo-ščž"


def pem(key: PrivateKey, password: str | None = None) -> bytes:
    encryption = BestAvailableEncryption(password.encode()) if password else None
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()
    )


def p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def pki() -> TestPki:
    return TestPki.create([SCHOOL], at=AT)


@pytest.fixture(scope="module")
def rsa_2048() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


# --- PKCS#12 ------------------------------------------------------------------------


def test_pkcs12_gives_the_seal_its_chain_and_a_working_key(
    pki: TestPki, tmp_path: Path
) -> None:
    pki.write(tmp_path, password=PASSWORD)

    with open_signer(f"file:{tmp_path}/seal.p12", secret=lambda _: PASSWORD) as signer:
        (signature,) = signer.sign([b"message"])

    assert isinstance(signer.identity, X509Identity)
    assert signer.identity.certificate == pki.seals[0].certificate
    assert signer.identity.chain == (pki.seal_ca.certificate,)
    assert signer.algorithm == "ES256"
    public = pki.seals[0].key.public_key()
    jose.verify("ES256", public, signature, b"message")


def test_the_prompt_names_the_file(pki: TestPki, tmp_path: Path) -> None:
    pki.write(tmp_path, password=PASSWORD)
    prompts: list[str] = []

    def secret(prompt: str) -> str:
        prompts.append(prompt)
        return PASSWORD

    open_signer(str(tmp_path / "seal.p12"), secret=secret)

    assert prompts == ["Password of seal.p12: "]


@pytest.mark.parametrize("password", [None, ""], ids=["unencrypted", "empty-password"])
def test_an_open_file_asks_for_no_password(
    pki: TestPki, tmp_path: Path, password: str | None
) -> None:
    (tmp_path / "seal.pfx").write_bytes(pki.pkcs12(pki.seals[0], password=password))

    signer = open_signer(f"file:{tmp_path}/seal.pfx", secret=None)

    assert isinstance(signer.identity, X509Identity)


def test_a_wrong_password_is_told_without_being_shown(
    pki: TestPki, tmp_path: Path
) -> None:
    pki.write(tmp_path, password=PASSWORD)

    with pytest.raises(ConfigError, match="wrong password") as caught:
        open_signer(f"file:{tmp_path}/seal.p12", secret=lambda _: "drugo-geslo")

    assert "drugo-geslo" not in str(caught.value)
    assert "drugo-geslo" not in repr(caught.value.__context__)


def test_a_missing_password_says_how_to_give_one(pki: TestPki, tmp_path: Path) -> None:
    pki.write(tmp_path, password=PASSWORD)

    with pytest.raises(ConfigError, match="--key-secret-env"):
        open_signer(f"file:{tmp_path}/seal.p12")


def test_pkcs12_without_a_key_is_refused(pki: TestPki, tmp_path: Path) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"x", None, pki.seals[0].certificate, None, NoEncryption()
    )
    (tmp_path / "seal.p12").write_bytes(data)

    with pytest.raises(ConfigError, match="no private key"):
        open_signer(f"file:{tmp_path}/seal.p12")


# --- PEM ----------------------------------------------------------------------------


def test_pem_with_certificates_is_a_seal_in_any_order(
    pki: TestPki, tmp_path: Path
) -> None:
    seal = pki.seals[0]
    chain = (pki.root.certificate, pki.seal_ca.certificate, seal.certificate)
    blocks = [certificate.public_bytes(Encoding.PEM) for certificate in chain]
    (tmp_path / "key.pem").write_bytes(b"".join([*blocks, pem(seal.key)]))

    signer = open_signer(f"file:{tmp_path}/key.pem")

    assert isinstance(signer.identity, X509Identity)
    assert signer.identity.certificate == seal.certificate
    assert signer.identity.chain == (pki.seal_ca.certificate,)


def test_the_certificate_may_lie_beside_the_key(pki: TestPki, tmp_path: Path) -> None:
    seal = pki.seals[0]
    (tmp_path / "key.pem").write_bytes(pem(seal.key))
    (tmp_path / "key.crt").write_bytes(seal.certificate.public_bytes(Encoding.DER))

    signer = open_signer(f"file:{tmp_path}/key.pem")

    assert isinstance(signer.identity, X509Identity)


def test_a_key_that_is_not_the_certificates_is_refused(
    pki: TestPki, tmp_path: Path
) -> None:
    certificate = pki.seals[0].certificate.public_bytes(Encoding.PEM)
    (tmp_path / "key.pem").write_bytes(pem(p256()) + certificate)

    with pytest.raises(ConfigError, match="belongs to the key"):
        open_signer(f"file:{tmp_path}/key.pem")


def test_an_encrypted_pem_asks_and_opens(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(p256(), PASSWORD))

    assert open_signer(f"{tmp_path}/key.pem", secret=lambda _: PASSWORD).algorithm
    with pytest.raises(ConfigError, match="wrong password"):
        open_signer(f"{tmp_path}/key.pem", secret=lambda _: "x")
    with pytest.raises(ConfigError, match="password"):
        open_signer(f"{tmp_path}/key.pem")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(pem(p256()) + pem(p256()), "2 private keys", id="two-keys"),
        pytest.param(b"hello", "not a key file", id="text"),
        pytest.param(b"", "not a key file", id="empty"),
        pytest.param(
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "cannot|can be read",
            id="damaged",
        ),
        pytest.param(
            b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "0 private keys",
            id="public-only",
        ),
    ],
)
def test_files_that_hold_no_single_key_are_refused(
    content: bytes, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(content)

    with pytest.raises(ConfigError, match=complaint):
        open_signer(f"file:{tmp_path}/key.pem")


# --- bare keys and DIDs -------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "prefix", "algorithm"),
    [
        (ed25519.Ed25519PrivateKey.generate(), "did:key:z6Mk", "EdDSA"),
        (p256(), "did:key:zDn", "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "did:key:z82", "ES384"),
    ],
    ids=["ed25519", "p256", "p384"],
)
def test_a_bare_key_is_its_own_did(
    key: PrivateKey, prefix: str, algorithm: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(pem(key))

    signer = open_signer(f"file:{tmp_path}/key.pem")

    assert isinstance(signer.identity, DidIdentity)
    assert signer.identity.did == did_key(key.public_key())
    assert signer.identity.did.startswith(prefix)
    name = signer.identity.did.removeprefix("did:key:")
    assert signer.identity.verification_method == f"{signer.identity.did}#{name}"
    assert signer.algorithm == algorithm


def test_a_bare_rsa_key_is_a_did_jwk(
    rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(pem(rsa_2048))

    identity = open_signer(f"file:{tmp_path}/key.pem").identity

    assert isinstance(identity, DidIdentity)
    assert identity.did == did_jwk(rsa_2048.public_key())
    assert identity.verification_method == f"{identity.did}#0"


@pytest.mark.parametrize(
    ("fragment", "did", "method"),
    [
        ("did:web:school.example", "did:web:school.example", None),
        (
            "did:web:school.example#key-1",
            "did:web:school.example",
            "did:web:school.example#key-1",
        ),
    ],
)
def test_the_address_may_name_the_did(
    fragment: str, did: str, method: str | None, tmp_path: Path
) -> None:
    new_badge_key().write(tmp_path / "key.pem")

    identity = open_signer(f"file:{tmp_path}/key.pem#{fragment}").identity

    assert isinstance(identity, DidIdentity)
    assert identity.did == did
    expected = method or f"{did}#{did_key(identity.public_key)[8:]}"
    assert identity.verification_method == expected


def test_a_named_did_wins_over_a_certificate(pki: TestPki, tmp_path: Path) -> None:
    seal = pki.seals[0]
    certificate = seal.certificate.public_bytes(Encoding.PEM)
    (tmp_path / "key.pem").write_bytes(pem(seal.key) + certificate)

    identity = open_signer(f"file:{tmp_path}/key.pem#did:key").identity

    assert isinstance(identity, DidIdentity)
    assert identity.did == did_key(seal.key.public_key())


@pytest.mark.parametrize("fragment", ["did:key:z6MkforeignKey", "did:web:", "did:web"])
def test_a_did_that_is_not_the_keys_is_refused(fragment: str, tmp_path: Path) -> None:
    new_badge_key().write(tmp_path / "key.pem")

    with pytest.raises(ConfigError):
        open_signer(f"file:{tmp_path}/key.pem#{fragment}")


# --- JWK ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "members",
    [
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "EC", "crv": "P-256"},
        {"kty": "RSA", "size": 2048},
    ],
    ids=["ed25519", "p256", "rsa"],
)
def test_a_jwk_made_elsewhere_opens(members: dict[str, object], tmp_path: Path) -> None:
    jwk = JWK.generate(**members)
    (tmp_path / "key.jwk").write_text(jwk.export_private())

    with open_signer(f"file:{tmp_path}/key.jwk") as signer:
        (signature,) = signer.sign([b"m"])

    assert isinstance(signer.identity, DidIdentity)
    jose.verify(signer.algorithm, signer.identity.public_key, signature, b"m")


def test_a_jwk_without_its_private_half_is_refused(tmp_path: Path) -> None:
    jwk = JWK.generate(kty="EC", crv="P-256")
    (tmp_path / "key.jwk").write_text(jwk.export_public())

    with pytest.raises(ConfigError, match="JWK"):
        open_signer(f"file:{tmp_path}/key.jwk")


def test_a_jwk_of_two_keys_is_refused_without_showing_them(tmp_path: Path) -> None:
    one = json.loads(JWK.generate(kty="OKP", crv="Ed25519").export_private())
    other = json.loads(JWK.generate(kty="OKP", crv="Ed25519").export_private())
    (tmp_path / "key.jwk").write_text(json.dumps({**one, "x": other["x"]}))

    with pytest.raises(ConfigError) as caught:
        open_signer(f"file:{tmp_path}/key.jwk")

    assert one["d"] not in str(caught.value)


# --- algorithms and addresses -------------------------------------------------------


def test_rsa_of_2048_bits_signs_rs256_and_says_until_when(
    rsa_2048: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(pem(rsa_2048))

    signer = open_signer(f"file:{tmp_path}/key.pem")

    assert signer.algorithm == "RS256"
    (note,) = signer.notes
    assert "2028" in str(note)
    assert note.values == {"algorithm": "RS256"}


def test_rsa_of_3072_bits_signs_ps256_without_a_note(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(pem(rsa.generate_private_key(65537, 3072)))

    signer = open_signer(f"file:{tmp_path}/key.pem")
    asked = open_signer(f"file:{tmp_path}/key.pem", algorithm="RS256")

    assert (signer.algorithm, signer.notes) == ("PS256", ())
    assert asked.algorithm == "RS256"
    assert asked.notes


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        pytest.param(rsa.generate_private_key(65537, 1024), "1024 bits", id="rsa-1024"),
        pytest.param(
            ec.generate_private_key(ec.SECP256K1()), "another type", id="secp256k1"
        ),
        pytest.param(
            ec.generate_private_key(ec.SECP521R1()), "another type", id="p521"
        ),
    ],
)
def test_keys_that_nobody_should_rely_on_are_refused(
    key: PrivateKey, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(pem(key))

    with pytest.raises(ConfigError, match=complaint):
        open_signer(f"file:{tmp_path}/key.pem")


@pytest.mark.parametrize("algorithm", ["RS256", "ES384", "EdDSA", "none", "HS256"])
def test_an_algorithm_that_is_not_the_keys_is_refused(
    algorithm: str, tmp_path: Path
) -> None:
    (tmp_path / "key.pem").write_bytes(pem(p256()))

    with pytest.raises(ConfigError, match="ES256"):
        open_signer(f"file:{tmp_path}/key.pem", algorithm=algorithm)


@pytest.mark.parametrize(
    ("uri", "complaint"),
    [
        ("pkcs11:token=Sola;object=zig", "not built yet"),
        ("csc:https://seal.example/", "not built yet"),
        ("https://seal.example/key.pem", "no kind of key address"),
        ("vault:secret/seal", "no kind of key address"),
        ("file:", "no file"),
        ("file://server/share/seal.p12", "another machine"),
        ("file:missing.p12", "missing.p12"),
        ("missing.p12", "missing.p12"),
    ],
)
def test_addresses_that_cannot_be_opened_say_why(uri: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        open_signer(uri)


def test_file_urls_and_bare_paths_open_the_same_key(tmp_path: Path) -> None:
    path = new_badge_key().write(tmp_path / "ključ.pem")

    identities = [
        open_signer(uri).identity for uri in (str(path), f"file:{path}", path.as_uri())
    ]

    assert identities[0] == identities[1] == identities[2]


def test_a_closed_signer_signs_no_more(tmp_path: Path) -> None:
    path = new_badge_key().write(tmp_path / "key.pem")

    with open_signer(str(path)) as signer:
        signer.sign([b"m"])

    with pytest.raises(SigningError, match="closed"):
        signer.sign([b"m"])


# --- is it usable for a seal --------------------------------------------------------

GIVEN_NAME, SURNAME, PSEUDONYM = "2.5.4.42", "2.5.4.4", "2.5.4.65"


def personal(plan: Plan) -> Plan:
    person = ((GIVEN_NAME, "Ana"), (SURNAME, "Novak"))
    signing = QcStatements(compliance=True, types=(QC_TYPE_ESIGN,))
    return replace(plan, subject=(*plan.subject, *person), qualified=signing)


def with_purpose(purpose: str) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, extended_key_usage=(purpose,))


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        pytest.param(
            lambda p: replace(p, not_after=AT - timedelta(seconds=1)),
            "certificate-expired",
            "expired on 2026-11-20",
            id="expired",
        ),
        pytest.param(
            lambda p: replace(p, not_before=AT + timedelta(hours=1)),
            "certificate-not-yet-valid",
            "only from",
            id="not-yet-valid",
        ),
        pytest.param(
            lambda p: replace(p, ca=True), "not-a-seal", "authority", id="authority"
        ),
        pytest.param(
            lambda p: replace(p, key_usage=("keyEncipherment",)),
            "not-a-seal",
            "key usage",
            id="only-encipherment",
        ),
        pytest.param(
            lambda p: replace(p, key_usage=()), "not-a-seal", "key usage", id="no-usage"
        ),
        pytest.param(
            with_purpose("1.3.6.1.5.5.7.3.1"), "not-a-seal", "web server", id="tls"
        ),
        pytest.param(
            with_purpose("1.3.6.1.5.5.7.3.3"), "not-a-seal", "programs", id="code"
        ),
        pytest.param(
            with_purpose("1.3.6.1.5.5.7.3.8"), "not-a-seal", "timestamp", id="tsa"
        ),
        pytest.param(
            with_purpose("1.3.6.1.5.5.7.3.9"), "not-a-seal", "OCSP", id="ocsp"
        ),
        pytest.param(personal, "not-a-seal", "person", id="personal"),
        pytest.param(
            lambda p: replace(p, subject=(*p.subject, (PSEUDONYM, "Ravnatelj"))),
            "not-a-seal",
            "pseudonym",
            id="pseudonym",
        ),
        pytest.param(
            lambda p: replace(
                p, qualified=QcStatements(compliance=True, types=(QC_TYPE_ESIGN,))
            ),
            "not-a-seal",
            "QcType",
            id="for-signatures",
        ),
        pytest.param(
            lambda p: replace(p, subject=p.subject[:1] + p.subject[2:]),
            "not-a-seal",
            "does not name",
            id="no-organisation",
        ),
        pytest.param(
            lambda p: replace(p, subject=(*p.subject, ("2.5.4.10", "Druga šola"))),
            "not-a-seal",
            "does not name one",
            id="two-organisations",
        ),
    ],
)
def test_certificates_that_cannot_seal_are_refused_before_anything_is_made(
    pki: TestPki, change: Callable[[Plan], Plan], code: str, words: str
) -> None:
    plan = change(seal_plan(SCHOOL, AT))
    seal = new_seal(pki.seal_ca, SCHOOL, at=AT, key=p256(), serial=7, plan=plan)

    good = list(usable_for_seal(X509Identity(pki.seals[0].certificate), AT))
    problems = list(usable_for_seal(X509Identity(seal.certificate), AT))

    assert good == []
    assert [problem.code for problem in problems] == [code]
    assert words in problems[0].message


@pytest.mark.parametrize("purpose", ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"])
def test_client_and_mail_purposes_do_not_hinder_a_seal(
    pki: TestPki, purpose: str
) -> None:
    plan = with_purpose(purpose)(seal_plan(SCHOOL, AT))
    seal = new_seal(pki.seal_ca, SCHOOL, at=AT, key=p256(), serial=7, plan=plan)

    assert list(usable_for_seal(X509Identity(seal.certificate), AT)) == []


def test_a_weak_certificate_key_is_told(pki: TestPki) -> None:
    key = rsa.generate_private_key(65537, 1024)
    seal = new_seal(pki.seal_ca, SCHOOL, at=AT, key=key, serial=7)

    problems = list(usable_for_seal(X509Identity(seal.certificate), AT))

    assert [problem.code for problem in problems] == ["weak-key"]


def test_the_certificate_names_its_organisation(pki: TestPki) -> None:
    named = names_organisation(pki.seals[0].certificate)

    assert (named.name, named.identifier, named.country) == (
        SCHOOL.name,
        SCHOOL.identifier,
        "SI",
    )


def test_names_of_a_root_without_identifier_are_partial(pki: TestPki) -> None:
    named = names_organisation(pki.root.certificate)

    assert named.identifier is None
    assert isinstance(pki.root.certificate, x509.Certificate)

"""The test PKI: fresh, complete, readable by others, and never taken for real."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edc_issuer.cms import qc_statements
from edc_issuer.cms.qualified import QC_TYPE_ESEAL
from edc_issuer.cms.readers import TEST_POLICY, is_test_certificate
from edc_issuer.errors import ConfigError
from edc_issuer.keys import open_signer
from edc_issuer.keys.badge import new_badge_key
from edc_issuer.keys.testpki import TestOrganisation, TestPki, seal_plan, self_signed

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHOOLS = (
    TestOrganisation("Srednja strokovna šola Zgled", "NTRSI-1234567", "SI"),
    TestOrganisation("Техничка школа Пример", "NTRRS-07000000", "RS"),
)


def test_every_certificate_carries_the_test_policy() -> None:
    pki = TestPki.create(SCHOOLS, at=AT)

    certificates = [pki.root.certificate, pki.seal_ca.certificate]
    certificates += [seal.certificate for seal in pki.seals]

    assert TEST_POLICY.startswith("2.25.")
    assert all(map(is_test_certificate, certificates))


def test_a_seal_says_what_it_is() -> None:
    seal = TestPki.create(SCHOOLS, at=AT).seal("NTRRS-07000000")

    statements = qc_statements(seal.certificate)

    assert statements is not None
    assert (statements.compliance, statements.sscd) == (True, False)
    assert statements.types == (QC_TYPE_ESEAL,)
    subject = seal.certificate.subject.rfc4514_string()
    assert "Техничка школа Пример" in subject


def test_two_runs_share_nothing() -> None:
    one, other = (TestPki.create(SCHOOLS[:1], at=AT) for _ in range(2))

    assert one.root.certificate != other.root.certificate
    assert one.seals[0].key.public_key() != other.seals[0].key.public_key()


def test_given_keys_and_serials_decide_everything_that_is_signed() -> None:
    def made() -> bytes:
        secrets = iter(range(1, 10))
        serials = iter(range(1, 10))
        pki = TestPki.create(
            SCHOOLS[:1],
            at=AT,
            new_key=lambda: ec.derive_private_key(next(secrets), ec.SECP256R1()),
            new_serial=lambda: next(serials),
        )
        return pki.seals[0].certificate.tbs_certificate_bytes

    assert made() == made()


def test_openssl_accepts_the_chain_with_its_lists(tmp_path: Path) -> None:
    pki = TestPki.create(SCHOOLS[:1], at=datetime.now(UTC))
    pki.write(tmp_path, password=None)
    leaf = tmp_path / "leaf.pem"
    from cryptography.hazmat.primitives.serialization import Encoding

    leaf.write_bytes(pki.seals[0].certificate.public_bytes(Encoding.PEM))
    lists = tmp_path / "lists.pem"
    lists.write_bytes(b"".join(crl.public_bytes(Encoding.PEM) for crl in pki.crls))

    result = subprocess.run(
        [
            "openssl",
            "verify",
            "-crl_check_all",
            *("-CAfile", str(tmp_path / "root.pem")),
            *("-untrusted", str(tmp_path / "seal-ca.pem")),
            *("-CRLfile", str(lists)),
            str(leaf),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stdout.strip().endswith("OK"), result.stderr


def test_written_files_are_complete_and_keys_are_for_their_owner(
    tmp_path: Path,
) -> None:
    written = TestPki.create(SCHOOLS, at=AT).write(tmp_path / "new", password="x")

    assert sorted(path.name for path in written) == [
        "root.crl",
        "root.pem",
        "seal-NTRRS-07000000.p12",
        "seal-NTRSI-1234567.p12",
        "seal-ca.crl",
        "seal-ca.pem",
    ]
    modes = {p.suffix: stat.S_IMODE(p.stat().st_mode) for p in written}
    assert modes[".p12"] == 0o600


def test_no_seal_is_ever_overwritten(tmp_path: Path) -> None:
    pki = TestPki.create(SCHOOLS[:1], at=AT)
    pki.write(tmp_path, password="x")
    before = (tmp_path / "seal.p12").read_bytes()

    with pytest.raises(ConfigError, match="exists already"):
        TestPki.create(SCHOOLS[:1], at=AT).write(tmp_path, password="x")

    assert (tmp_path / "seal.p12").read_bytes() == before


@pytest.mark.parametrize("name", ["badge.jwk", "badge.pem"])
def test_a_badge_key_opens_as_the_did_it_names(name: str, tmp_path: Path) -> None:
    badge = new_badge_key()

    path = badge.write(tmp_path / name)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert getattr(open_signer(str(path)).identity, "did", None) == badge.did
    with pytest.raises(ConfigError, match="exists already"):
        new_badge_key().write(path)


def test_rsa_keys_work_throughout() -> None:
    key = rsa.generate_private_key(65537, 2048)

    pki = TestPki.create(SCHOOLS[:1], at=AT, new_key=lambda: key)

    pki.seals[0].certificate.verify_directly_issued_by(pki.seal_ca.certificate)


def test_a_forger_can_sign_for_himself_only() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    forged = self_signed(seal_plan(SCHOOLS[0], AT), key, serial=1)

    assert forged.certificate.issuer == forged.certificate.subject


def test_the_lists_speak_for_a_year() -> None:
    pki = TestPki.create(SCHOOLS, at=AT)

    for crl in pki.crls:
        assert isinstance(crl, x509.CertificateRevocationList)
        assert crl.next_update_utc == AT + timedelta(days=365)

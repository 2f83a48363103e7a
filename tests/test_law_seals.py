"""The law of verdicts, parts 7 and 8: what a seal is, and whether it was withdrawn.

Each sentence stands beside its twin: the same file under the same trust, PASSED.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from attacks.seals import (
    DAY,
    anchor,
    certificate,
    new_key,
    real,
    real_ca,
    real_seal,
    real_trust,
    sealed_for_real,
    sealed_with,
    subject_of,
)
from attacks.workshop import AT, MADE, SCHOOL, answer, header_of, school, sealed, verify
from edc_issuer.cms import der
from edc_issuer.cms.qualified import QC_TYPE_ESEAL, QcStatements
from edc_issuer.cms.readers import DELTA_CRL, ISSUING_DISTRIBUTION_POINT
from edc_issuer.cms.seal import GIVEN_NAME, PSEUDONYM, SURNAME
from edc_issuer.documents import BUNDLED
from edc_issuer.jose import sign
from edc_issuer.keys.testpki import Authority, CrlPlan, Withdrawn, seal_plan
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust
from edc_issuer.verify.run import Run

SEAL = "seal.certificate"
REVOCATION = "seal.revocation"
ESIGN = "0.4.0.1862.1.6.1"
CLIENT_AUTH, EMAIL = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"
SERVER_AUTH, CODE = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3"
TIME_STAMPING, OCSP = "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"


def assert_passed(data: bytes, trust: Trust | None = None) -> None:
    assert verify(data, trust=trust).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"more": ((GIVEN_NAME, "Ana"),)}, id="given-name"),
        pytest.param({"more": ((SURNAME, "Čeh"),)}, id="surname"),
        pytest.param({"more": ((PSEUDONYM, "Čebela"),)}, id="pseudonym"),
        pytest.param({"subject": subject_of(name=None)}, id="no-organisation"),
        pytest.param({"key_usage": ("keyAgreement",)}, id="not-for-signing"),
        pytest.param({"key_usage": ()}, id="no-key-usage"),
        pytest.param({"ca": True, "key_usage": ("keyCertSign",)}, id="authority"),
        pytest.param({"extended_key_usage": (SERVER_AUTH,)}, id="web-server"),
        pytest.param({"extended_key_usage": (CODE,)}, id="code"),
        pytest.param({"extended_key_usage": (TIME_STAMPING,)}, id="timestamps"),
        pytest.param({"extended_key_usage": (EMAIL, OCSP)}, id="ocsp"),
        pytest.param({"qualified": QcStatements(types=(ESIGN,))}, id="qc-type-esign"),
    ],
)
def test_only_an_organisations_own_certificate_seals(changes: dict[str, Any]) -> None:
    report = verify(sealed_with(certificate(**changes)))

    assert_passed(sealed_with(certificate()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, SEAL) == "undecided not-a-seal"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"extended_key_usage": (CLIENT_AUTH, EMAIL)}, id="official-sample"
        ),
        pytest.param({"key_usage": ("nonRepudiation",)}, id="non-repudiation-only"),
        pytest.param({"key_usage": ("digitalSignature",)}, id="signature-only"),
        pytest.param({"qualified": None}, id="not-qualified"),
        pytest.param(
            {"qualified": QcStatements(types=(ESIGN, QC_TYPE_ESEAL))}, id="two-qc-types"
        ),
    ],
)
def test_certificates_that_are_fine_seal(changes: dict[str, Any]) -> None:
    assert_passed(sealed_with(certificate(**changes)))


def test_a_personal_certificate_says_whose_it_is() -> None:
    personal = certificate(more=((GIVEN_NAME, "Ana"), (SURNAME, "Čeh")))

    check = verify(sealed_with(personal)).check(SEAL)

    assert "Srednja šola Zgled" in check.detail
    assert "person" in check.detail


def test_a_seal_without_a_certificate_has_no_signing_certificate() -> None:
    report = verify(sealed(header_of(x5c=None)))

    assert_passed(sealed())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, SEAL) == "undecided NO_SIGNING_CERTIFICATE_FOUND"


def test_an_expired_certificate_is_out_of_bounds_whatever_iat_says() -> None:
    expired = certificate(not_after=AT - DAY)
    backdated = header_of(expired, iat=int((AT - 2 * DAY).timestamp()))

    report = verify(sealed(backdated))

    assert_passed(sealed(header_of(iat=backdated["iat"])))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, SEAL) == "undecided OUT_OF_BOUNDS_NO_POE"
    assert answer(report, "time.signed") == "warn claimed-only"


def test_a_certificate_before_its_time_fails() -> None:
    report = verify(sealed_with(certificate(not_before=AT + DAY)))

    assert_passed(sealed_with(certificate()))
    assert report.outcome is Outcome.FAILED
    assert answer(report, SEAL) == "fail NOT_YET_VALID"


def test_a_test_certificate_under_a_real_anchor_fails() -> None:
    pki = school().pki
    real_anchor = real_trust(
        seal_anchors=(anchor(pki.root.certificate),), crls=pki.crls
    )

    report = verify(sealed(), trust=real_anchor)

    assert_passed(sealed())
    assert report.outcome is Outcome.FAILED
    assert answer(report, SEAL) == "fail test-policy"


def test_an_anchor_for_timestamps_never_serves_seals() -> None:
    good = real_trust()
    turned = replace(good, seal_anchors=(), timestamp_anchors=good.seal_anchors)

    report = verify(sealed_for_real(), trust=turned)

    assert_passed(sealed_for_real(), good)
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, SEAL) == "undecided no-anchor"


def test_trust_in_nobody_is_trust_in_nobody() -> None:
    report = verify(sealed_for_real(), trust=Trust())

    assert_passed(sealed_for_real(), real_trust())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "issuer.trusted") == "undecided no-anchor"


def test_an_algorithm_past_its_end_is_undecided() -> None:
    key = rsa.generate_private_key(65537, 2048)
    ca = school().pki.seal_ca
    plan = replace(seal_plan(SCHOOL, MADE), not_after=AT.replace(year=2030))
    own = ca.issue(plan, key.public_key(), serial=99)
    data = sealed(
        {**header_of(own), "alg": "RS256"}, sign=lambda m: sign("RS256", key, m)
    )

    later = _judged_at(data, AT.replace(year=2029, month=6))

    assert_passed(data)
    expected = "undecided CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    assert answer(later, "proof.algorithm") == expected
    assert later.outcome is Outcome.INDETERMINATE


# --- part 8: withdrawn ---


def _list(
    by: Authority | None = None, **changes: Any
) -> x509.CertificateRevocationList:
    plan = CrlPlan(AT - DAY, AT + DAY)
    return (by or school().pki.seal_ca).crl(replace(plan, **changes))


def _trust_with(*seal_lists: x509.CertificateRevocationList) -> Trust:
    """The school's trust with other lists of the CA that made its seal."""
    own = school()
    return replace(own.trust, crls=(_list(own.pki.root), *seal_lists))


def _withdrawn(at: datetime, **changes: Any) -> x509.CertificateRevocationList:
    serial = school().seal.certificate.serial_number
    return _list(withdrawn=(Withdrawn(serial, at, **changes),))


def _scope(*fields: bytes) -> tuple[tuple[str, bool, bytes], ...]:
    return ((ISSUING_DISTRIBUTION_POINT, True, der.sequence(*fields)),)


_ONLY_AUTHORITIES = der.encode(0x82, b"\xff")
_SOME_REASONS = der.encode(0x83, b"\x06\x40")
_INDIRECT = der.encode(0x84, b"\xff")
_ONLY_USERS = der.encode(0x81, b"\xff")
_ANOTHER_PLACE = der.encode(
    0xA0, der.encode(0xA0, der.encode(0x86, b"http://crl.example/another.crl"))
)


def test_a_current_list_settles_it() -> None:
    assert_passed(sealed(), _trust_with(_list()))


def test_no_list_at_all_is_no_evidence() -> None:
    report = verify(sealed(), trust=_trust_with())

    assert_passed(sealed(), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided no-data"


def test_an_authority_in_the_path_needs_a_list_too() -> None:
    trust = replace(school().trust, crls=(_list(),))

    report = verify(sealed(), trust=trust)

    assert_passed(sealed(), _trust_with(_list()))
    assert answer(report, REVOCATION) == "undecided no-data"


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(_scope(_ONLY_AUTHORITIES), id="only-authorities"),
        pytest.param(_scope(_SOME_REASONS), id="only-some-reasons"),
        pytest.param(_scope(_INDIRECT), id="indirect"),
        pytest.param(_scope(_ANOTHER_PLACE), id="another-distribution-point"),
        pytest.param(((DELTA_CRL, True, der.integer(1)),), id="delta-alone"),
        pytest.param((("1.2.3.4", True, b"\x05\x00"),), id="unknown-critical"),
    ],
)
def test_a_list_of_another_scope_settles_nothing(extra: Any) -> None:
    report = verify(sealed(), trust=_trust_with(_list(extra=extra)))

    assert_passed(sealed(), _trust_with(_list(extra=_scope(_ONLY_USERS))))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided other-scope"


@pytest.mark.parametrize(
    ("made", "until"),
    [
        pytest.param(AT - 10 * DAY, AT - 4 * DAY, id="older-than-its-own-window"),
        pytest.param(MADE - 2 * DAY, AT + 90 * DAY, id="before-the-certificate"),
    ],
)
def test_a_stale_list_settles_nothing(made: datetime, until: datetime) -> None:
    stale = _list(this_update=made, next_update=until)

    report = verify(sealed(), trust=_trust_with(stale))

    assert_passed(sealed(), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided stale"


def test_a_list_made_after_the_certificate_expired_settles_nothing() -> None:
    ended = certificate(not_after=AT - 2 * DAY)

    report = verify(sealed_with(ended), trust=_trust_with(_list()))

    assert_passed(sealed_with(certificate()), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided after-expiry"


def test_a_list_signed_by_somebody_else_is_no_list() -> None:
    ca = school().pki.seal_ca
    forged = _list(Authority(ca.certificate, new_key()))

    report = verify(sealed(), trust=_trust_with(forged))

    assert_passed(sealed(), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided no-data"


def test_an_impostors_bad_news_leaves_the_seal_alone() -> None:
    serial = school().seal.certificate.serial_number
    impostor = Authority(school().pki.seal_ca.certificate, new_key())
    lie = _list(impostor, withdrawn=(Withdrawn(serial, AT - 5 * DAY),))

    assert_passed(sealed(), _trust_with(_list(), lie))


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(_withdrawn(AT - 2 * DAY), id="before-the-seal-says-it-was-made"),
        pytest.param(_withdrawn(AT - timedelta(minutes=1)), id="after-it"),
        pytest.param(
            _withdrawn(AT - DAY, invalid_since=AT - 20 * DAY), id="compromised-before"
        ),
        pytest.param(_withdrawn(AT + 100 * DAY), id="later-than-the-time-asked-about"),
    ],
)
def test_without_a_proved_time_every_withdrawal_counts(
    listed: x509.CertificateRevocationList,
) -> None:
    report = verify(sealed(), trust=_trust_with(listed, _list()))

    assert_passed(sealed(), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided REVOKED_NO_POE"


def test_bad_news_counts_at_any_age_and_scope() -> None:
    serial = school().seal.certificate.serial_number
    old = _list(
        this_update=AT - 20 * DAY,
        next_update=AT - 19 * DAY,
        withdrawn=(Withdrawn(serial, AT - 21 * DAY),),
    )

    report = verify(sealed(), trust=_trust_with(old, _list()))

    assert_passed(sealed(), _trust_with(_list()))
    assert answer(report, REVOCATION) == "undecided REVOKED_NO_POE"


def test_a_withdrawn_authority_withdraws_the_seals_below_it() -> None:
    own = school().pki
    serial = own.seal_ca.certificate.serial_number
    listed = _list(own.root, withdrawn=(Withdrawn(serial, AT - 2 * DAY),))

    report = verify(sealed(), trust=replace(school().trust, crls=(listed, _list())))

    assert_passed(sealed(), _trust_with(_list()))
    assert report.outcome is Outcome.INDETERMINATE
    assert report.check(REVOCATION).evidence["etsi"] == "REVOKED_CA_NO_POE"


# --- part 6: pinned certificates ---


def _pinned(certificate: x509.Certificate, **changes: Any) -> Trust:
    return Trust(seal_anchors=(anchor(certificate, pinned=True),), **changes)


def test_a_pinned_certificate_without_a_service_is_enough_until_it_is_removed() -> None:
    report = verify(sealed_for_real(), trust=_pinned(real_seal()))
    removed = verify(sealed_for_real(), trust=Trust())

    assert report.outcome is Outcome.PASSED
    assert answer(report, REVOCATION) == "warn pinned"
    assert removed.outcome is Outcome.INDETERMINATE


def test_a_pinned_certificate_that_names_a_service_is_asked_about() -> None:
    named = certificate(
        by=real_ca(), policies=(), crl_address="http://crl.example/1.crl"
    )

    report = verify(sealed_with(named), trust=_pinned(named))

    assert_passed(sealed_for_real(), _pinned(real_seal()))
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, REVOCATION) == "undecided no-data"


def test_a_pinned_certificate_expires_like_any_other() -> None:
    ended = certificate(by=real_ca(), policies=(), not_after=AT - DAY)

    report = verify(sealed_with(ended), trust=_pinned(ended))

    assert_passed(sealed_for_real(), _pinned(real_seal()))
    assert answer(report, SEAL) == "undecided OUT_OF_BOUNDS_NO_POE"


def test_a_pinned_certificate_vouches_for_nothing_below_it() -> None:
    pinned = _pinned(real_ca().certificate, crls=real_trust().crls)

    report = verify(sealed_for_real(), trust=pinned)

    assert_passed(sealed_for_real(), real_trust())
    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, SEAL) == "undecided no-anchor"


def test_a_real_seal_needs_a_list_of_each_authority() -> None:
    report = verify(sealed_for_real(), trust=real_trust(crls=()))

    assert_passed(sealed_for_real(), real_trust())
    assert real().certificate in [a.certificate for a in real_trust().seal_anchors]
    assert answer(report, REVOCATION) == "undecided no-data"


def _judged_at(data: bytes, at: datetime) -> Report:
    """The report of a day that has not come yet, which `verify` refuses to name."""
    fresh = CrlPlan(at - DAY, at + DAY)
    pki = school().pki
    trust = replace(school().trust, crls=(pki.root.crl(fresh), pki.seal_ca.crl(fresh)))
    return Run(trust, BUNDLED, at=at, now=at).file(data)

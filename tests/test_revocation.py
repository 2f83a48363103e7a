"""Withdrawn or not: each sentence of the law of verdicts 8 beside its good twin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from edc_issuer.cms import der
from edc_issuer.keys.testpki import Authority, Withdrawn, self_signed
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import build_path
from edc_issuer.trust.revocation import (
    Revocation,
    path_revocations,
    revocation_status,
    sub_indication,
    worst,
)
from pki import AT, DAY, anchor, authority, crl, new_key, root, school_plan, seal

IDP, DELTA, EXPIRED_KEPT = "2.5.29.28", "2.5.29.27", "2.5.29.60"
ADDRESS = "http://crl.school-ca.example/1.crl"

CA = authority(root())
SEAL = seal(CA, crl_address=ADDRESS)


def scope(*parts: bytes) -> tuple[tuple[str, bool, bytes], ...]:
    return ((IDP, True, der.sequence(*parts)),)


def at_address(address: str) -> bytes:
    """`distributionPoint` with one URI as fullName."""
    return der.encode(0xA0, der.encode(0xA0, der.encode(0x86, address.encode())))


def flag(tag: int) -> bytes:
    return der.encode(tag, b"\xff")


def judge(*crls: x509.CertificateRevocationList, **changes: Any) -> Revocation:
    evidence = Evidence(crls=crls)
    given = {"at": AT, **changes}
    return revocation_status(SEAL, CA.certificate, evidence, **given)


def withdrawn(certificate: x509.Certificate = SEAL, **changes: Any) -> Withdrawn:
    return Withdrawn(certificate.serial_number, **{"at": AT - DAY, **changes})


# --- settled ------------------------------------------------------------------------


def test_a_current_list_without_the_certificate_settles_it() -> None:
    result = judge(crl(CA))

    assert (result.status, result.reason) == ("good", "")
    assert result.this_update == AT - DAY
    assert result.next_update == AT + DAY


def test_nothing_at_hand_settles_nothing() -> None:
    assert judge().reason == "no-data"
    assert judge().status == "undecided"


def test_another_certificate_on_the_list_is_no_news() -> None:
    other = seal(CA)

    assert judge(crl(CA, withdrawn=(withdrawn(other),))).status == "good"


# --- whose list ---------------------------------------------------------------------


def test_a_list_signed_by_somebody_else_is_no_list() -> None:
    impostor = Authority(CA.certificate, new_key())

    assert judge(crl(impostor)).reason == "no-data"
    assert judge(crl(CA)).status == "good"


def test_a_list_of_another_authority_is_no_list() -> None:
    other = authority(root(), subject=(("2.5.4.6", "HR"),))

    assert judge(crl(other)).reason == "no-data"


def test_a_list_of_the_same_key_under_another_name_is_no_list() -> None:
    renamed = authority(root(), key=CA.key, subject=(("2.5.4.6", "HR"),))

    assert judge(crl(renamed)).reason == "no-data"


def test_a_list_signed_with_sha1_is_no_list() -> None:
    forgeable = resigned(crl(CA), hashes.SHA1())

    assert judge(forgeable).reason == "no-data"
    assert judge(resigned(crl(CA), hashes.SHA256())).status == "good"


def resigned(
    original: x509.CertificateRevocationList,
    digest: hashes.HashAlgorithm,
    *,
    without_end: bool = False,
) -> x509.CertificateRevocationList:
    """The list signed anew by CA, as no builder would: with SHA-1, without an end."""
    oid = "1.2.840.10045.4.1" if digest.name == "sha1" else "1.2.840.10045.4.3.2"
    algorithm = der.sequence(der.oid(oid))
    parts = [e.encoded for e in der.parse(original.tbs_certlist_bytes).children()]
    parts[1] = algorithm
    if without_end:
        del parts[4]
    body = der.sequence(*parts)
    assert isinstance(CA.key, ec.EllipticCurvePrivateKey)
    signature = CA.key.sign(body, ec.ECDSA(digest))
    bits = der.encode(der.BIT_STRING, b"\0" + signature)
    return x509.load_der_x509_crl(der.sequence(body, algorithm, bits))


def test_one_list_is_asked_anew_for_each_authority() -> None:
    twin = authority(root())  # the same name, another key
    given = crl(CA)
    evidence = Evidence(crls=(given,))

    def status(issuer: Authority) -> str:
        return revocation_status(SEAL, issuer.certificate, evidence, at=AT).status

    asked = [status(one) for one in (CA, twin, CA, twin)]

    assert asked == ["good", "undecided", "good", "undecided"]


def test_an_impostors_bad_news_is_no_news() -> None:
    impostor = Authority(CA.certificate, new_key())
    forged = crl(impostor, withdrawn=(withdrawn(),))

    assert judge(forged, crl(CA)).status == "good"


def test_an_authority_that_may_not_sign_lists_has_none() -> None:
    silent = authority(root(), key_usage=("keyCertSign",))
    leaf = seal(silent)

    result = revocation_status(
        leaf, silent.certificate, Evidence(crls=(crl(silent),)), at=AT
    )

    assert result.reason == "no-data"


def test_an_authority_that_says_nothing_of_its_key_may_sign_lists() -> None:
    old = authority(root(), key_usage=())
    leaf, evidence = seal(old), Evidence(crls=(crl(old),))

    result = revocation_status(leaf, old.certificate, evidence, at=AT)

    assert result.status == "good"


def test_an_authority_whose_usage_cannot_be_read_has_no_list() -> None:
    odd = authority(root(), key_usage=(), extra=(("2.5.29.15", False, b"\x04\x01x"),))
    leaf, evidence = seal(odd), Evidence(crls=(crl(odd),))

    result = revocation_status(leaf, odd.certificate, evidence, at=AT)

    assert result.reason == "no-data"


# --- about this certificate ---------------------------------------------------------


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(scope(flag(0x82)), id="only-authorities"),
        pytest.param(scope(flag(0x85)), id="only-attributes"),
        pytest.param(scope(der.encode(0x83, b"\x01\x40")), id="some-reasons"),
        pytest.param(scope(flag(0x84)), id="indirect"),
        pytest.param(scope(at_address("http://crl.other.example/2.crl")), id="place"),
        pytest.param(((DELTA, True, der.integer(1)),), id="delta"),
        pytest.param((("1.2.3.4", True, b"\x05\x00"),), id="unknown-critical"),
        pytest.param(((IDP, True, b"\x30\x80"),), id="unreadable-scope"),
    ],
)
def test_a_list_of_another_scope_settles_nothing(
    extra: tuple[tuple[str, bool, bytes], ...],
) -> None:
    result = judge(crl(CA, extra=extra))

    assert (result.status, result.reason) == ("undecided", "other-scope")


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(scope(flag(0x81)), id="users"),
        pytest.param(scope(at_address(ADDRESS)), id="its-own-place"),
        pytest.param(scope(at_address(ADDRESS), flag(0x81)), id="both"),
        pytest.param((("1.2.3.4", False, b"\x05\x00"),), id="unknown-not-critical"),
    ],
)
def test_a_list_whose_scope_covers_it_settles_it(
    extra: tuple[tuple[str, bool, bytes], ...],
) -> None:
    assert judge(crl(CA, extra=extra)).status == "good"


def test_a_list_of_users_says_nothing_about_an_authority() -> None:
    top = root()
    ca = authority(top).certificate

    users = crl(top, extra=scope(flag(0x81)))
    authorities = crl(top, extra=scope(flag(0x82)))

    def told(one: x509.CertificateRevocationList) -> Revocation:
        return revocation_status(ca, top.certificate, Evidence(crls=(one,)), at=AT)

    assert told(users).reason == "other-scope"
    assert told(authorities).status == "good"


def test_a_certificate_without_a_place_is_on_its_issuers_list_only() -> None:
    leaf = seal(CA)
    issuer = der.encode(0xA4, CA.certificate.subject.public_bytes())
    own = scope(der.encode(0xA0, der.encode(0xA0, issuer)))
    elsewhere = scope(at_address(ADDRESS))

    def status(extra: tuple[tuple[str, bool, bytes], ...]) -> str:
        lists = Evidence(crls=(crl(CA, extra=extra),))
        return revocation_status(leaf, CA.certificate, lists, at=AT).status

    assert (status(own), status(elsewhere)) == ("good", "undecided")


def test_a_certificate_without_any_extension_is_a_users() -> None:
    parts = [e.encoded for e in der.parse(SEAL.tbs_certificate_bytes).children()]
    bare = x509.load_der_x509_certificate(signed_body(parts[:-1]))

    def status(*parts: bytes) -> str:
        evidence = Evidence(crls=(crl(CA, extra=scope(*parts)),))
        return revocation_status(bare, CA.certificate, evidence, at=AT).status

    assert (status(flag(0x81)), status(flag(0x82))) == ("good", "undecided")


def test_a_place_for_some_reasons_only_is_no_full_list() -> None:
    uri = der.encode(0x86, ADDRESS.encode())
    place = der.encode(0xA0, der.encode(0xA0, uri))
    some_reasons = der.encode(0x81, b"\x01\x40")
    other_issuer = der.encode(0xA2, der.encode(0x82, b"other.example"))

    def status(*parts: bytes) -> str:
        points = der.sequence(der.sequence(place, *parts))
        leaf = seal(CA, extra=(("2.5.29.31", False, points),))
        lists = Evidence(crls=(crl(CA, extra=scope(at_address(ADDRESS))),))
        return revocation_status(leaf, CA.certificate, lists, at=AT).status

    assert status() == "good"
    assert status(some_reasons) == status(other_issuer) == "undecided"


def test_a_good_list_beside_one_of_another_scope_settles_it() -> None:
    other = crl(CA, extra=scope(flag(0x82)))

    assert judge(other, crl(CA)).status == "good"


# --- fresh enough -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(timedelta(hours=1), "good", id="current"),
        pytest.param(timedelta(days=2), "good", id="just-fresh"),
        pytest.param(timedelta(days=2, seconds=1), "undecided", id="just-stale"),
        pytest.param(timedelta(days=60), "undecided", id="old"),
    ],
)
def test_a_list_is_fresh_for_as_long_as_it_was_made_for(
    age: timedelta, status: str
) -> None:
    made = AT - age

    result = judge(crl(CA, made=made, until=made + 2 * DAY))

    assert result.status == status
    assert result.reason == ("" if status == "good" else "stale")


@pytest.mark.parametrize(
    ("hours", "status"), [(23, "good"), (24, "good"), (25, "undecided")]
)
def test_a_list_without_an_end_is_fresh_for_a_day(hours: int, status: str) -> None:
    made = AT - timedelta(hours=hours)
    undated = resigned(crl(CA, made=made), hashes.SHA256(), without_end=True)

    assert undated.next_update_utc is None
    assert judge(undated).status == status


def test_a_list_made_before_the_certificate_settles_nothing() -> None:
    issued = SEAL.not_valid_before_utc
    old = crl(CA, made=issued - timedelta(seconds=1), until=AT + 300 * DAY)
    current = crl(CA, made=issued, until=AT + 300 * DAY)

    assert judge(old).reason == "stale"
    assert judge(current).status == "good"


def test_a_list_of_the_last_moment_of_the_certificate_still_speaks_of_it() -> None:
    ended = SEAL.not_valid_after_utc

    assert judge(crl(CA, made=ended, until=ended + DAY), at=ended).status == "good"
    just_after = ended + timedelta(seconds=1)
    late = judge(crl(CA, made=just_after, until=ended + DAY), at=ended)
    assert late.reason == "after-expiry"


def test_the_most_telling_reason_is_given() -> None:
    old = crl(CA, made=AT - 20 * DAY, until=AT - 19 * DAY)
    other = crl(CA, extra=scope(flag(0x82)))

    assert judge(other, old).reason == judge(old, other).reason == "stale"
    assert judge(other).reason == "other-scope"


def test_the_proved_time_of_signing_is_the_control_time() -> None:
    then = AT - 30 * DAY
    old = crl(CA, made=then - timedelta(hours=1), until=then + DAY)

    assert judge(old).reason == "stale"
    assert judge(old, proved_at=then).status == "good"


def test_a_list_made_after_the_certificate_ended_settles_nothing() -> None:
    ended = SEAL.not_valid_after_utc
    later = {"made": ended + DAY, "until": ended + 3 * DAY}
    moment = ended + DAY

    def kept(since: str) -> tuple[tuple[str, bool, bytes], ...]:
        return ((EXPIRED_KEPT, False, der.encode(0x18, since.encode())),)

    plain = judge(crl(CA, **later), at=moment)
    keeps = judge(crl(CA, extra=kept("20200101000000Z"), **later), at=moment)
    too_late = judge(crl(CA, extra=kept("20400101000000Z"), **later), at=moment)

    assert (plain.status, plain.reason) == ("undecided", "after-expiry")
    assert keeps.status == "good"
    assert too_late.reason == "after-expiry"


YEAR_ZERO = der.encode(der.GENERALIZED_TIME, b"00000101000000Z")


def test_a_list_of_a_year_that_no_calendar_has_is_no_list() -> None:
    assert judge(signed_anew(crl(CA), {3: YEAR_ZERO})).reason == "no-data"
    assert judge(signed_anew(crl(CA), {4: YEAR_ZERO})).reason == "no-data"
    assert judge(signed_anew(crl(CA), {})).status == "good"
    assert judge(signed_anew(crl(CA), {3: YEAR_ZERO}), crl(CA)).status == "good"


def signed_anew(
    original: x509.CertificateRevocationList, changes: dict[int, bytes]
) -> x509.CertificateRevocationList:
    """The list with some parts of its body replaced, signed by its authority."""
    parts = [e.encoded for e in der.parse(original.tbs_certlist_bytes).children()]
    for place, part in changes.items():
        parts[place] = part
    return x509.load_der_x509_crl(signed_body(parts))


def signed_body(parts: list[bytes]) -> bytes:
    body = der.sequence(*parts)
    assert isinstance(CA.key, ec.EllipticCurvePrivateKey)
    bits = b"\0" + CA.key.sign(body, ec.ECDSA(hashes.SHA256()))
    algorithm = der.sequence(der.oid("1.2.840.10045.4.3.2"))
    return der.sequence(body, algorithm, der.encode(der.BIT_STRING, bits))


@pytest.mark.parametrize("place", [0, 1], ids=["begin", "end"])
def test_a_certificate_of_such_a_year_is_spoken_of_by_none(place: int) -> None:
    tbs = der.parse(SEAL.tbs_certificate_bytes)
    parts = [e.encoded for e in tbs.children()]
    times = [e.encoded for e in der.parse(parts[4]).children()]
    plain = x509.load_der_x509_certificate(signed_body(parts))
    times[place] = YEAR_ZERO
    parts[4] = der.sequence(*times)
    odd = x509.load_der_x509_certificate(signed_body(parts))
    evidence = Evidence(crls=(crl(CA),))

    def status(certificate: x509.Certificate) -> str:
        return revocation_status(certificate, CA.certificate, evidence, at=AT).status

    assert (status(plain), status(odd)) == ("good", "undecided")


# --- bad news -----------------------------------------------------------------------


@pytest.mark.parametrize("days", [4, 5], ids=["that-moment", "before"])
def test_withdrawn_before_the_proved_seal_is_revoked(days: int) -> None:
    news = crl(CA, withdrawn=(withdrawn(at=AT - days * DAY),))

    result = judge(news, proved_at=AT - 4 * DAY)

    assert (result.status, result.reason) == ("revoked", "revoked")
    assert result.revoked_at == AT - days * DAY


def test_withdrawn_after_the_proved_seal_is_good_for_it() -> None:
    news = crl(CA, withdrawn=(withdrawn(at=AT - 3 * DAY),))

    assert judge(news, proved_at=AT - 4 * DAY).status == "good"


@pytest.mark.parametrize("when", [AT - 300 * DAY, AT - DAY, AT + DAY])
def test_without_a_proved_time_every_withdrawal_counts(when: Any) -> None:
    result = judge(crl(CA, withdrawn=(withdrawn(at=when),)))

    assert (result.status, result.reason) == ("undecided", "revoked-no-poe")
    assert result.sub_indication == "REVOKED_NO_POE"


def test_bad_news_counts_at_any_age_and_beside_good_ones() -> None:
    old = crl(
        CA,
        made=AT - 60 * DAY,
        until=AT - 59 * DAY,
        withdrawn=(withdrawn(at=AT - 70 * DAY),),
    )

    assert judge(crl(CA), old).reason == "revoked-no-poe"
    assert judge(crl(CA), old, proved_at=AT - DAY).status == "revoked"


def test_bad_news_counts_in_a_list_of_changes() -> None:
    delta = crl(CA, extra=((DELTA, True, der.integer(1)),), withdrawn=(withdrawn(),))

    assert judge(crl(CA), delta).reason == "revoked-no-poe"


def test_taken_off_the_list_is_no_bad_news() -> None:
    line = withdrawn(reason="removeFromCRL")
    delta = crl(CA, extra=((DELTA, True, der.integer(1)),), withdrawn=(line,))

    assert judge(crl(CA), delta).status == "good"


def test_a_line_of_an_indirect_list_may_mean_another_certificate() -> None:
    indirect = crl(CA, extra=scope(flag(0x84)), withdrawn=(withdrawn(),))

    assert judge(indirect, crl(CA)).status == "good"


@pytest.mark.parametrize(
    ("since", "status", "reason"),
    [
        pytest.param(AT - 5 * DAY, "undecided", "compromised-before", id="before"),
        pytest.param(AT - 4 * DAY, "undecided", "compromised-before", id="that-moment"),
        pytest.param(AT - 3 * DAY, "good", "", id="after"),
        pytest.param(None, "good", "", id="unsaid"),
    ],
)
def test_a_key_said_to_be_broken_before_the_seal_is_undecided(
    since: Any, status: str, reason: str
) -> None:
    line = withdrawn(at=AT - 2 * DAY, invalid_since=since)

    result = judge(crl(CA, withdrawn=(line,)), proved_at=AT - 4 * DAY)

    assert (result.status, result.reason) == (status, reason)


def test_a_line_that_cannot_be_read_is_no_excuse() -> None:
    # revoked after the seal, but an unreadable invalidityDate may lie before it
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(SEAL.serial_number)
        .revocation_date(AT - 2 * DAY)
        .add_extension(
            x509.UnrecognizedExtension(x509.InvalidityDate.oid, b"\x05\x00"), False
        )
        .build()
    )
    news = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(CA.certificate.subject)
        .last_update(AT - DAY)
        .next_update(AT + DAY)
        .add_revoked_certificate(entry)
        .sign(CA.key, hashes.SHA256())
    )

    assert judge(news, proved_at=AT - 4 * DAY).reason == "compromised-before"


def test_a_suspended_certificate_is_withdrawn() -> None:
    held = crl(CA, withdrawn=(withdrawn(reason="certificateHold"),))

    assert judge(held).reason == "revoked-no-poe"


# --- hostile bytes ------------------------------------------------------------------

GOOD_LIST = crl(CA, withdrawn=(withdrawn(seal(CA)),)).public_bytes(Encoding.DER)


@settings(max_examples=300)
@given(st.integers(0, len(GOOD_LIST) - 1), st.integers(0, 255))
def test_a_changed_list_never_counts_and_breaks_nothing(place: int, octet: int) -> None:
    changed = bytearray(GOOD_LIST)
    changed[place] = octet
    try:
        given_list = x509.load_der_x509_crl(bytes(changed))
    except ValueError:
        return

    result = judge(given_list)

    assert result.status == ("good" if bytes(changed) == GOOD_LIST else "undecided")


# --- the words of EN 319 102-1 ------------------------------------------------------


def test_an_expired_seal_that_was_on_no_list_is_not_revoked() -> None:
    top = root()
    ca = authority(top)
    leaf = seal(ca, not_after=AT - 10 * DAY)
    then = {"made": AT - 20 * DAY, "until": AT - 15 * DAY}
    anchors = [anchor(top.certificate)]
    path = build_path(leaf, pool=[ca.certificate], anchors=anchors, at=AT)

    def word(*lists: x509.CertificateRevocationList) -> str | None:
        return sub_indication(path, path_revocations(path, Evidence(crls=lists), at=AT))

    assert word(crl(top), crl(ca, **then)) == "OUT_OF_BOUNDS_NOT_REVOKED"
    # Measured with DSS 6.4: these are told before the end of the certificate.
    assert word(crl(top)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    assert word(crl(top), crl(ca)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    news = crl(ca, withdrawn=(withdrawn(leaf),), **then)
    assert word(crl(top), news) == "REVOKED_NO_POE"


def test_a_withdrawn_authority_keeps_its_own_word_above_a_seal_without_fault() -> None:
    top = root()
    ca = authority(top)
    anchors = [anchor(top.certificate)]
    path = build_path(seal(ca), pool=[ca.certificate], anchors=anchors, at=AT)
    gone = crl(top, withdrawn=(withdrawn(ca.certificate),))
    lists = Evidence(crls=(gone, crl(ca)))

    found = path_revocations(path, lists, at=AT)

    assert [one.status for one in found] == ["good", "undecided"]
    assert sub_indication(path, found) == "REVOKED_CA_NO_POE"


def test_a_good_path_takes_the_word_of_its_revocation() -> None:
    top = root()
    ca = authority(top)
    leaf = seal(ca)
    anchors = [anchor(top.certificate)]
    path = build_path(leaf, pool=[ca.certificate], anchors=anchors, at=AT)

    def word(*lists: x509.CertificateRevocationList) -> str | None:
        return sub_indication(path, path_revocations(path, Evidence(crls=lists), at=AT))

    assert word(crl(top), crl(ca)) is None
    assert word(crl(top)) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    old = {"made": AT - 20 * DAY, "until": AT - 15 * DAY}
    assert word(crl(top), crl(ca, **old)) is None  # as DSS: freshness is not asked
    assert word(crl(top), crl(ca, withdrawn=(withdrawn(leaf),))) == "REVOKED_NO_POE"
    assert sub_indication(build_path(leaf, pool=[], anchors=[], at=AT), ()) == (
        "NO_CERTIFICATE_CHAIN_FOUND"
    )


# --- the whole path -----------------------------------------------------------------


def judge_path(
    *lists: x509.CertificateRevocationList, top: Authority, ca: Authority
) -> Any:
    leaf = seal(ca)
    anchors = [anchor(top.certificate)]
    path = build_path(leaf, pool=[ca.certificate], anchors=anchors, at=AT)
    return path_revocations(path, Evidence(crls=lists), at=AT)


def test_every_certificate_below_the_anchor_is_judged() -> None:
    top = root()
    ca = authority(top)

    both = judge_path(crl(top), crl(ca), top=top, ca=ca)
    only_seal = judge_path(crl(ca), top=top, ca=ca)
    only_ca = judge_path(crl(top), top=top, ca=ca)

    assert [one.status for one in both] == ["good", "good"]
    assert worst(both).status == "good"
    assert worst(only_seal).reason == "no-data"
    assert worst(only_ca).reason == "no-data"


def test_a_withdrawn_authority_withdraws_what_is_below() -> None:
    top = root()
    ca = authority(top)
    news = crl(top, withdrawn=(withdrawn(ca.certificate),))

    result = worst(judge_path(news, crl(ca), top=top, ca=ca))

    assert result.status == "undecided"
    assert result.sub_indication == "REVOKED_CA_NO_POE"


def test_a_path_is_judged_for_the_proved_time() -> None:
    top = root()
    leaf = seal(top)
    path = build_path(leaf, pool=[], anchors=[anchor(top.certificate)], at=AT)
    then = AT - 30 * DAY
    evidence = Evidence(crls=(crl(top, made=then, until=then + DAY),))

    def reason(**times: Any) -> str:
        (result,) = path_revocations(path, evidence, **times)
        return result.reason

    assert reason(at=AT) == "stale"
    assert reason(at=AT, proved_at=then) == ""
    assert reason(at=then) == ""
    assert reason(at=then, proved_at=AT) == "stale"


def test_withdrawn_decides_before_anything_undecided() -> None:
    gone = Revocation("revoked", "revoked")
    open_, good = Revocation("undecided", "stale"), Revocation("good")

    for answers in ((open_, gone, good), (gone, open_), (good, gone)):
        assert worst(answers).status == "revoked"
    assert worst((good, open_)).status == "undecided"
    unknown = Revocation("undecided", "no-data")
    assert worst((unknown, open_)).reason == "stale"


def test_a_path_without_an_anchor_has_no_answers() -> None:
    path = build_path(SEAL, pool=[], anchors=[], at=AT)

    assert path_revocations(path, Evidence(crls=(crl(CA),)), at=AT) == ()


def test_a_pinned_certificate_without_a_service_is_good_until_unpinned() -> None:
    own = self_signed(school_plan(), new_key(), serial=9).certificate
    path = build_path(own, pool=[], anchors=[anchor(own, pinned=True)], at=AT)

    (result,) = path_revocations(path, Evidence(), at=AT)

    assert (result.status, result.reason) == ("good", "pinned")


def test_a_pinned_certificate_with_a_service_is_judged_like_any_other() -> None:
    path = build_path(SEAL, pool=[], anchors=[anchor(SEAL, pinned=True)], at=AT)
    pool = [CA.certificate]

    def reason(*lists: x509.CertificateRevocationList) -> tuple[str, str]:
        (result,) = path_revocations(path, Evidence(crls=lists), at=AT, pool=pool)
        return result.status, result.reason

    assert reason() == ("undecided", "no-data")
    assert reason(crl(CA)) == ("good", "")
    assert reason(crl(CA, withdrawn=(withdrawn(),))) == ("undecided", "revoked-no-poe")


def test_other_key_types_sign_lists_too() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    ca = authority(root(), key=key)

    result = revocation_status(
        seal(ca), ca.certificate, Evidence(crls=(crl(ca),)), at=AT
    )

    assert result.status == "good"

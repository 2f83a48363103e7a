"""OCSP answers: about whom, for when, and what follows from them (verdicts, part 8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
)
from cryptography.x509 import ocsp

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import write_digest
from edc_issuer.cms.ocsp import (
    ARCHIVE_CUTOFF,
    CERT_HASH,
    INVALIDITY_DATE,
    NONCE,
)
from edc_issuer.keys.testocsp import (
    single_answer,
)
from edc_issuer.keys.testpki import Authority
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.ocsp import cert_id
from edc_issuer.trust.path import build_path
from edc_issuer.trust.revocation import (
    path_revocations,
    statements_about,
    sub_indication,
    worst,
)
from pki import AT, DAY, anchor, authority, crl, new_key, seal
from responders import (
    CA,
    GOOD,
    NOTHING,
    OTHER,
    RESPONDER,
    SEAL,
    TOP,
    answer,
    judge,
    plan,
    responder,
    told,
    withdrawn,
)

# --- settled ------------------------------------------------------------------------


def test_a_current_answer_settles_it_and_says_which_one_it_was() -> None:
    given = answer()

    result = judge(given)

    assert (result.status, result.reason, result.kind) == ("good", "", "ocsp")
    assert (result.this_update, result.next_update) == (AT - DAY, AT + DAY)
    assert result.produced_at == AT - DAY
    digest = hashes.Hash(hashes.SHA256())
    digest.update(given.public_bytes(Encoding.DER))
    assert result.sha256 == digest.finalize().hex()
    assert result.issuer == RESPONDER.certificate.subject.rfc4514_string()


def test_a_list_that_settles_it_is_named_likewise() -> None:
    given = crl(CA)

    result = judge(crls=(given,))

    assert (result.status, result.kind) == ("good", "crl")
    assert result.sha256 == given.fingerprint(hashes.SHA256()).hex()
    assert result.issuer == CA.certificate.subject.rfc4514_string()
    assert result.produced_at is None


# --- successful ---------------------------------------------------------------------


@pytest.mark.parametrize("status", [1, 2, 3, 5, 6])
def test_an_answer_that_says_it_failed_settles_nothing(status: int) -> None:
    assert told(answer(response_status=status)) == NOTHING
    assert told(answer(response_status=0)) == GOOD


# --- about this certificate ---------------------------------------------------------


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha384", "sha512"])
def test_it_names_the_certificate_with_any_usual_hash(digest: str) -> None:
    assert told(answer(digest=digest)) == GOOD


def test_an_answer_for_another_serial_number_is_about_another() -> None:
    assert told(answer(serial=SEAL.serial_number + 1)) == NOTHING
    assert told(answer(serial=SEAL.serial_number)) == GOOD


def test_an_answer_with_hashes_of_another_issuer_is_about_another() -> None:
    twin = authority(TOP)  # the same name, another key
    renamed = authority(TOP, key=CA.key, subject=(("2.5.4.6", "HR"),))

    assert told(answer(issuer=twin.certificate)) == NOTHING
    assert told(answer(issuer=renamed.certificate)) == NOTHING
    assert told(answer(issuer=CA.certificate)) == GOOD


def test_hashes_of_an_unknown_algorithm_name_nobody() -> None:
    assert told(answer(digest="sha3-256")) == NOTHING
    assert cert_id(SEAL, CA.certificate, "1.2.3") is None


def test_the_hash_of_the_whole_certificate_must_fit_where_it_is_given() -> None:
    def of(certificate: x509.Certificate) -> tuple[tuple[str, bool, bytes], ...]:
        digest = certificate.fingerprint(hashes.SHA256())
        value = der.sequence(
            write_digest("sha256"), der.encode(der.OCTET_STRING, digest)
        )
        return ((CERT_HASH, False, value),)

    assert told(answer(single=of(OTHER))) == NOTHING
    assert told(answer(single=of(SEAL))) == GOOD
    assert told(answer(single=((CERT_HASH, False, b"\x05\x00"),))) == NOTHING


def test_the_whole_certificate_hashed_with_something_unknown_fits_nothing() -> None:
    value = der.sequence(
        write_digest("sha3-256"), der.encode(der.OCTET_STRING, bytes(32))
    )

    assert told(answer(single=((CERT_HASH, False, value),))) == NOTHING
    assert told(answer(single=((CERT_HASH, False, der.sequence()),))) == NOTHING


def test_one_answer_may_speak_of_several_certificates() -> None:
    other = single_answer(plan(certificate=OTHER, status="revoked"))
    own = single_answer(plan())

    assert told(answer(beside=(other,))) == GOOD
    both = answer(certificate=OTHER, status="revoked", beside=(own,))
    assert told(both) == GOOD


# --- fresh enough -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "status"),
    [
        pytest.param(timedelta(hours=1), "good", id="current"),
        pytest.param(timedelta(days=2), "good", id="just-fresh"),
        pytest.param(timedelta(days=2, seconds=1), "undecided", id="just-stale"),
        pytest.param(timedelta(days=40), "undecided", id="old"),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_it_was_made_for(
    age: timedelta, status: str
) -> None:
    made = AT - age

    result = judge(answer(this_update=made, next_update=made + 2 * DAY))

    assert result.status == status
    assert result.reason == ("" if status == "good" else "stale")


@pytest.mark.parametrize(
    ("hours", "status"), [(23, "good"), (24, "good"), (25, "undecided")]
)
def test_an_answer_without_an_end_is_fresh_for_a_day(hours: int, status: str) -> None:
    made = AT - timedelta(hours=hours)

    assert judge(answer(this_update=made, next_update=None)).status == status


def test_an_answer_without_an_end_of_2010_is_old() -> None:
    by = responder(not_before=datetime(2009, 1, 1, tzinfo=UTC))
    old = answer(by, this_update=datetime(2010, 1, 1, tzinfo=UTC), next_update=None)

    assert told(old) == ("undecided", "stale")


def test_an_answer_that_ends_before_it_begins_is_never_fresh() -> None:
    backwards = answer(this_update=AT - DAY, next_update=AT - 2 * DAY)

    assert told(backwards) == ("undecided", "stale")


def test_the_proved_time_of_signing_is_the_control_time() -> None:
    then = AT - 30 * DAY
    made = then - timedelta(hours=1)
    old = answer(this_update=made, next_update=then + DAY)

    assert told(old) == ("undecided", "stale")
    assert told(old, proved_at=then) == GOOD


def test_an_answer_given_after_the_proved_time_is_fresh_for_it() -> None:
    assert told(answer(), proved_at=AT - 30 * DAY) == GOOD


def test_an_answer_a_few_seconds_older_than_the_timestamp_is_fresh() -> None:
    # As in the official sample: the answer was asked for before the timestamp.
    then = AT - 30 * DAY
    made = then - timedelta(seconds=3)
    given = answer(this_update=made, next_update=made + 7 * DAY)

    assert told(given, proved_at=then) == GOOD


def test_an_answer_of_before_the_certificate_settles_nothing() -> None:
    issued = SEAL.not_valid_before_utc
    by = responder(not_before=issued - 10 * DAY)
    early = answer(
        by, this_update=issued - timedelta(seconds=1), next_update=AT + 300 * DAY
    )
    first = answer(by, this_update=issued, next_update=AT + 300 * DAY)

    assert told(early) == ("undecided", "stale")
    assert told(first) == GOOD


def test_an_answer_of_after_the_end_needs_an_archive() -> None:
    ended = SEAL.not_valid_after_utc
    by = responder(not_after=ended + 100 * DAY)
    later = {"this_update": ended + DAY, "next_update": ended + 3 * DAY}

    def kept(since: datetime) -> tuple[tuple[str, bool, bytes], ...]:
        text = f"{since:%Y%m%d%H%M%S}Z".encode()
        return ((ARCHIVE_CUTOFF, False, der.encode(der.GENERALIZED_TIME, text)),)

    def said(**changes: Any) -> tuple[str, str]:
        return told(answer(by, **later, **changes), at=ended + DAY)

    assert said() == ("undecided", "after-expiry")
    assert said(single=kept(ended)) == GOOD
    assert said(single=kept(ended + timedelta(seconds=1)))[1] == "after-expiry"
    unreadable = ((ARCHIVE_CUTOFF, False, b"\x05\x00"),)
    assert said(single=unreadable)[1] == "after-expiry"


# --- unknown, odd -------------------------------------------------------------------


def test_unknown_is_no_news() -> None:
    unknown = answer(status="unknown")

    result = judge(unknown)

    assert (result.status, result.reason) == ("undecided", "unknown-to-responder")
    assert result.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    assert told(unknown, answer()) == GOOD
    assert told(unknown, crls=(crl(CA),)) == GOOD


@pytest.mark.parametrize("place", ["single", "extensions"])
def test_a_critical_extension_that_nobody_knows_settles_nothing(place: str) -> None:
    unknown = {place: (("1.2.3.4", True, b"\x05\x00"),)}
    harmless = {place: (("1.2.3.4", False, b"\x05\x00"),)}

    assert told(answer(**unknown)) == ("undecided", "other-scope")
    assert told(answer(**harmless)) == GOOD
    nonce = der.encode(der.OCTET_STRING, b"\1\2\3")
    assert told(answer(**{place: ((NONCE, True, nonce),)})) == GOOD


# --- bad news -----------------------------------------------------------------------


@pytest.mark.parametrize("days", [4, 5], ids=["that-moment", "before"])
def test_withdrawn_before_the_proved_seal_is_revoked(days: int) -> None:
    news = answer(status="revoked", revoked_at=AT - days * DAY, reason=1)

    result = judge(news, proved_at=AT - 4 * DAY)

    assert (result.status, result.reason) == ("revoked", "revoked")
    assert result.sub_indication == "REVOKED"
    assert result.revoked_at == AT - days * DAY
    assert result.revocation_reason == "keyCompromise"


@pytest.mark.parametrize("reason", [None, 0, 1, 4, 5])
def test_withdrawn_after_the_proved_seal_is_good_for_it(reason: int | None) -> None:
    news = answer(status="revoked", revoked_at=AT - 3 * DAY, reason=reason)

    assert told(news, proved_at=AT - 4 * DAY) == GOOD


@pytest.mark.parametrize("when", [AT - 300 * DAY, AT - DAY, AT + DAY])
def test_without_a_proved_time_every_withdrawal_counts(when: datetime) -> None:
    result = judge(answer(status="revoked", revoked_at=when))

    assert (result.status, result.reason) == ("undecided", "revoked-no-poe")
    assert result.sub_indication == "REVOKED_NO_POE"


def test_bad_news_counts_at_any_age_and_beside_good_ones() -> None:
    long_ago = {"this_update": AT - 40 * DAY, "next_update": AT - 39 * DAY}
    old = answer(status="revoked", revoked_at=AT - 41 * DAY, **long_ago)

    assert told(answer(), old)[1] == "revoked-no-poe"
    assert told(answer(), old, proved_at=AT - DAY)[0] == "revoked"
    assert told(old, crls=(crl(CA),))[1] == "revoked-no-poe"
    assert told(answer(), crls=(crl(CA, withdrawn=(withdrawn(SEAL),)),))[1] == (
        "revoked-no-poe"
    )


def test_bad_news_counts_in_an_answer_with_a_critical_extension() -> None:
    odd = (("1.2.3.4", True, b"\x05\x00"),)

    assert told(answer(), answer(status="revoked", single=odd))[1] == "revoked-no-poe"


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        pytest.param(AT - 5 * DAY, "compromised-before", id="before"),
        pytest.param(AT - 4 * DAY, "compromised-before", id="that-moment"),
        pytest.param(AT - 3 * DAY, "", id="after"),
        pytest.param(None, "compromised-before", id="unreadable"),
    ],
)
def test_a_key_said_to_be_broken_before_the_seal_is_undecided(
    since: datetime | None, expected: str
) -> None:
    text = f"{since:%Y%m%d%H%M%S}Z".encode() if since else b"yesterday"
    value = der.encode(der.GENERALIZED_TIME, text)
    news = answer(
        status="revoked",
        revoked_at=AT - 2 * DAY,
        single=((INVALIDITY_DATE, False, value),),
    )

    assert judge(news, proved_at=AT - 4 * DAY).reason == expected


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        (None, None),
        (0, "unspecified"),
        (1, "keyCompromise"),
        (2, "cACompromise"),
        (3, "affiliationChanged"),
        (4, "superseded"),
        (5, "cessationOfOperation"),
        (6, "certificateHold"),
        (7, None),
        (8, "removeFromCRL"),
        (9, "privilegeWithdrawn"),
        (10, "aACompromise"),
        (11, None),
    ],
)
def test_reasons_have_their_names_and_none_is_good(
    reason: int | None, name: str | None
) -> None:
    result = judge(answer(status="revoked", revoked_at=AT - DAY, reason=reason))

    assert result.reason == "revoked-no-poe"
    assert result.revocation_reason == name


def test_a_suspended_certificate_is_withdrawn() -> None:
    held = judge(answer(status="revoked", revoked_at=AT - DAY, reason=6))

    assert held.reason == "revoked-no-poe"
    assert held.revocation_reason == "certificateHold"


# --- the whole path -----------------------------------------------------------------


def test_every_certificate_below_the_anchor_is_judged_with_what_is_at_hand() -> None:
    own = answer()
    of_ca = answer(TOP, certificate=CA.certificate, issuer=TOP.certificate)
    path = build_path(
        SEAL, pool=[CA.certificate], anchors=[anchor(TOP.certificate)], at=AT
    )

    def statuses(*answers: ocsp.OCSPResponse, **lists: Any) -> list[str]:
        evidence = Evidence(lists.get("crls", ()), answers)
        return [one.status for one in path_revocations(path, evidence, at=AT)]

    assert statuses(own, of_ca) == ["good", "good"]
    assert statuses(own, crls=(crl(TOP),)) == ["good", "good"]
    assert statuses(own) == ["good", "undecided"]
    assert statuses(of_ca) == ["undecided", "good"]


def test_a_withdrawn_authority_withdraws_what_is_below() -> None:
    gone = answer(
        TOP, certificate=CA.certificate, issuer=TOP.certificate, status="revoked"
    )
    path = build_path(
        SEAL, pool=[CA.certificate], anchors=[anchor(TOP.certificate)], at=AT
    )

    result = worst(path_revocations(path, Evidence(ocsp=(answer(), gone)), at=AT))

    assert (result.status, result.sub_indication) == ("undecided", "REVOKED_CA_NO_POE")
    assert result.kind == "ocsp"


def test_a_stale_answer_is_no_fault_for_the_word_of_etsi() -> None:
    path = build_path(SEAL, pool=[], anchors=[anchor(CA.certificate)], at=AT)
    old = {"this_update": AT - 20 * DAY, "next_update": AT - 19 * DAY}

    def word(given: ocsp.OCSPResponse) -> str | None:
        found = path_revocations(path, Evidence(ocsp=(given,)), at=AT)
        return sub_indication(path, found)

    assert word(answer(**old)) is None
    assert word(answer(status="unknown")) == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    assert word(answer(status="revoked")) == "REVOKED_NO_POE"


def test_a_pinned_certificate_finds_its_issuer_in_the_evidence() -> None:
    named = seal(CA, ocsp_address="http://ocsp.school-ca.example")
    path = build_path(named, pool=[], anchors=[anchor(named, pinned=True)], at=AT)
    given = answer(certificate=named)

    def reason(evidence: Evidence) -> tuple[str, str]:
        (result,) = path_revocations(path, evidence, at=AT)
        return result.status, result.reason

    assert reason(Evidence(ocsp=(given,))) == NOTHING
    assert reason(Evidence((), (given,), (CA.certificate,))) == GOOD


def test_all_statements_are_told_the_newest_first() -> None:
    newest = answer(this_update=AT - DAY / 2)
    old = {"this_update": AT - 40 * DAY, "next_update": AT - 39 * DAY}
    forged = answer(Authority(RESPONDER.certificate, new_key()))
    evidence = Evidence((crl(CA),), (answer(**old), newest, forged))

    found = statements_about(SEAL, CA.certificate, evidence)

    assert [one.kind for one in found] == ["ocsp", "crl", "ocsp"]
    assert [one.this_update for one in found] == [
        AT - DAY / 2,
        AT - DAY,
        AT - 40 * DAY,
    ]

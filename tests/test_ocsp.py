"""OCSP answers: each sentence of the law of verdicts 8 beside its good twin."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer import strict_json
from edc_issuer.cms import der
from edc_issuer.cms.algorithms import write_digest
from edc_issuer.cms.der import DerError
from edc_issuer.cms.ocsp import (
    ARCHIVE_CUTOFF,
    CERT_HASH,
    INVALIDITY_DATE,
    NONCE,
    OCSP_SIGNING,
    CertId,
    Question,
    read_answer,
    read_request,
    write_request,
)
from edc_issuer.encoding import unb64, unb64u
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testocsp import (
    UNCHECKED,
    AnswerPlan,
    TestResponder,
    ocsp_answer,
    responder_plan,
    single_answer,
)
from edc_issuer.keys.testpki import Authority, Withdrawn
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.ocsp import cert_id
from edc_issuer.trust.path import build_path
from edc_issuer.trust.revocation import (
    Revocation,
    path_revocations,
    revocation_status,
    statements_about,
    sub_indication,
    worst,
)
from pki import AT, DAY, anchor, authority, crl, new_key, root, seal

TOP = root()
CA = authority(TOP)
SEAL = seal(CA)
OTHER = seal(CA)
NO_CHECK_LEFT_OUT: dict[str, Any] = {"extra": ()}


def withdrawn(certificate: x509.Certificate, **changes: Any) -> Withdrawn:
    return Withdrawn(certificate.serial_number, **{"at": AT - DAY, **changes})


def responder(
    above: Authority = CA, *, key: PrivateKey | None = None, **changes: Any
) -> Authority:
    """A delegated responder of `above`, with the named fields of its plan changed."""
    key = key or new_key()
    plan = replace(responder_plan(AT - 50 * DAY), **changes)
    serial = x509.random_serial_number()
    return Authority(above.issue(plan, key.public_key(), serial=serial), key)


RESPONDER = responder()


def plan(**changes: Any) -> AnswerPlan:
    """The good answer about SEAL, a day old and good for two, changed."""
    given: dict[str, Any] = {
        "certificate": SEAL,
        "issuer": CA.certificate,
        "this_update": AT - DAY,
        "next_update": AT + DAY,
    }
    return AnswerPlan(**{**given, **changes})


def answer(by: Authority = RESPONDER, /, **changes: Any) -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(ocsp_answer(by, plan(**changes)))


def judge(*answers: ocsp.OCSPResponse, **changes: Any) -> Revocation:
    """The verdict on SEAL; `crls`, `certificates` and times as named."""
    evidence = Evidence(
        changes.pop("crls", ()), answers, changes.pop("certificates", ())
    )
    given = {"at": AT, **changes}
    return revocation_status(SEAL, CA.certificate, evidence, **given)


def told(*answers: ocsp.OCSPResponse, **changes: Any) -> tuple[str, str]:
    result = judge(*answers, **changes)
    return result.status, result.reason


GOOD = ("good", "")
NOTHING = ("undecided", "no-data")


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


# --- signed -------------------------------------------------------------------------


def test_the_issuer_may_answer_itself() -> None:
    assert told(answer(CA)) == GOOD
    assert told(answer(CA, certificates=(), by_key=False)) == GOOD


def test_a_changed_answer_is_none() -> None:
    good = answer().public_bytes(Encoding.DER)
    told_of = good.replace(b"20261119120000Z", b"20261119120001Z", 1)
    changed = ocsp.load_der_ocsp_response(told_of)

    assert told_of != good
    assert told(changed) == NOTHING
    assert told(answer(signature_of=lambda signed: signed + b"\0")) == NOTHING


def test_an_impostor_cannot_answer() -> None:
    impostor = Authority(RESPONDER.certificate, new_key())

    assert told(answer(impostor)) == NOTHING
    assert told(answer(impostor, status="revoked"), answer()) == told(answer()) == GOOD


def test_a_responder_of_another_authority_cannot_answer() -> None:
    stranger = authority(root())
    twin = authority(TOP)

    assert told(answer(responder(stranger))) == NOTHING
    assert told(answer(responder(twin))) == NOTHING
    assert told(answer(responder(CA))) == GOOD


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"extended_key_usage": ()}, id="no-purpose"),
        pytest.param({"extended_key_usage": ("2.5.29.37.0",)}, id="any-purpose"),
        pytest.param({"extended_key_usage": ("1.3.6.1.5.5.7.3.8",)}, id="timestamps"),
        pytest.param({"key_usage": ("keyEncipherment",)}, id="no-signatures"),
        pytest.param({"extra": (("1.2.3.4", True, b"\x05\x00"),)}, id="critical"),
        pytest.param({"not_before": AT - DAY / 2}, id="not-yet-valid"),
        pytest.param({"not_after": AT - 2 * DAY}, id="expired"),
    ],
)
def test_a_responder_without_the_right_to_answer_cannot(
    changes: dict[str, Any],
) -> None:
    assert told(answer(responder(**changes))) == NOTHING
    assert told(answer(responder())) == GOOD


def test_a_responder_with_other_purposes_besides_may_answer() -> None:
    purposes = ("1.3.6.1.5.5.7.3.4", OCSP_SIGNING)

    assert told(answer(responder(extended_key_usage=purposes))) == GOOD
    assert told(answer(responder(key_usage=()))) == GOOD
    assert told(answer(responder(key_usage=("nonRepudiation",)))) == GOOD


def test_the_responder_must_be_valid_when_it_produced_the_answer() -> None:
    ended = responder(not_after=AT - 2 * DAY)

    while_valid = answer(ended, produced_at=AT - 3 * DAY)
    at_the_end = answer(ended, produced_at=AT - 2 * DAY)
    afterwards = answer(ended, produced_at=AT - 2 * DAY + timedelta(seconds=1))

    assert told(while_valid) == told(at_the_end) == GOOD
    assert told(afterwards) == NOTHING


def test_the_certificate_cannot_speak_for_itself() -> None:
    key = new_key()
    own = seal(CA, key=key, extended_key_usage=(OCSP_SIGNING,), extra=UNCHECKED)
    itself = Authority(own, key)

    def status(by: Authority) -> str:
        given = ocsp.load_der_ocsp_response(ocsp_answer(by, plan(certificate=own)))
        evidence = Evidence(ocsp=(given,))
        return revocation_status(own, CA.certificate, evidence, at=AT).reason

    assert status(itself) == "no-data"
    assert status(RESPONDER) == ""


def test_the_responder_is_found_in_the_answer_or_in_the_pool() -> None:
    bare = answer(certificates=())
    elsewhere = (OTHER, RESPONDER.certificate)

    assert told(bare) == NOTHING
    assert told(bare, certificates=elsewhere) == GOOD
    assert told(bare, pool=elsewhere) == GOOD


def test_the_responder_is_found_by_its_name_too() -> None:
    other = responder(subject=(("2.5.4.3", "Another"),))

    assert told(answer(by_key=False)) == GOOD
    assert told(answer(by_key=False, certificates=(other.certificate,))) == NOTHING


@pytest.mark.parametrize("by_key", [True, False], ids=["key", "name"])
def test_who_answers_must_be_who_it_says(by_key: bool) -> None:
    other = responder(subject=(("2.5.4.3", "Another"),))
    disguised = Authority(other.certificate, RESPONDER.key)
    carried = (RESPONDER.certificate, other.certificate)

    told_of = answer(disguised, by_key=by_key, certificates=carried)

    assert told(told_of) == NOTHING
    assert told(answer(by_key=by_key, certificates=carried)) == GOOD


def test_any_number_of_namesakes_hides_no_responder() -> None:
    namesakes = [responder(authority(root())).certificate for _ in range(20)]
    pool = (*namesakes, RESPONDER.certificate)

    assert told(answer(by_key=False, certificates=()), pool=pool) == GOOD
    assert told(answer(by_key=False, certificates=()), pool=pool[:-1]) == NOTHING


@pytest.mark.parametrize(
    "oid", ["2.5.29.15", "2.5.29.37"], ids=["key-usage", "purposes"]
)
def test_a_responder_whose_certificate_cannot_be_read_cannot_answer(oid: str) -> None:
    usual = {"2.5.29.15": "key_usage", "2.5.29.37": "extended_key_usage"}
    left_out: dict[str, Any] = {usual[oid]: ()}
    odd = responder(extra=(*UNCHECKED, (oid, False, b"\x04\x01x")), **left_out)

    assert told(answer(odd)) == NOTHING


def test_a_responder_whose_certificate_is_signed_with_sha1_cannot_answer() -> None:
    key = rsa.generate_private_key(65537, 2048)
    ca = authority(TOP, key=key)
    leaf, by = seal(ca), responder(ca)

    def reason(certificate: x509.Certificate) -> str:
        carrying = {"certificate": leaf, "issuer": ca.certificate}
        made = answer(by, certificates=(certificate,), **carrying)
        evidence = Evidence(ocsp=(made,))
        return revocation_status(leaf, ca.certificate, evidence, at=AT).reason

    assert reason(signed_again(by.certificate, key, hashes.SHA256())) == ""
    assert reason(signed_again(by.certificate, key, hashes.SHA1())) == "no-data"


def signed_again(
    certificate: x509.Certificate, key: rsa.RSAPrivateKey, digest: hashes.HashAlgorithm
) -> x509.Certificate:
    """The certificate signed anew by its RSA authority, as no builder would."""
    oids = {"sha1": "1.2.840.113549.1.1.5", "sha256": "1.2.840.113549.1.1.11"}
    algorithm = der.sequence(der.oid(oids[digest.name]), der.encode(der.NULL))
    parts = [e.encoded for e in der.parse(certificate.tbs_certificate_bytes).children()]
    parts[2] = algorithm
    body = der.sequence(*parts)
    bits = b"\0" + key.sign(body, padding.PKCS1v15(), digest)
    encoded = der.sequence(body, algorithm, der.encode(der.BIT_STRING, bits))
    return x509.load_der_x509_certificate(encoded)


def test_odd_certificates_beside_the_responders_change_nothing() -> None:
    version = b"\xa0\x03\x02\x01"
    plain = OTHER.public_bytes(Encoding.DER)
    odd = plain.replace(version + b"\x02", version + b"\x07", 1)
    good = answer().public_bytes(Encoding.DER)
    own = RESPONDER.certificate.public_bytes(Encoding.DER)

    def carrying(*certificates: bytes) -> ocsp.OCSPResponse:
        carried = der.encode(0xA0, der.sequence(*certificates))
        return ocsp.load_der_ocsp_response(rebuilt(good, carried))

    assert odd != plain
    assert told(carrying(odd, own)) == GOOD
    assert told(carrying(odd)) == NOTHING


def rebuilt(good: bytes, carried: bytes) -> bytes:
    """The answer with other certificates, which its signature does not cover."""
    status, wrapper = der.parse(good).children()
    kind, octets = wrapper.only().children()
    signed, algorithm, signature, _ = der.parse(octets.octets()).children()
    basic = der.sequence(signed.encoded, algorithm.encoded, signature.encoded, carried)
    inner = der.sequence(kind.encoded, der.encode(der.OCTET_STRING, basic))
    return der.sequence(status.encoded, der.encode(0xA0, inner))


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(rsa.generate_private_key(65537, 2048), id="RSA"),
        pytest.param(ec.generate_private_key(ec.SECP384R1()), id="P-384"),
        pytest.param(ed25519.Ed25519PrivateKey.generate(), id="Ed25519"),
    ],
)
def test_responders_have_keys_of_all_usual_types(key: PrivateKey) -> None:
    by = responder(key=key)

    assert told(answer(by)) == GOOD
    assert told(answer(by, signature_of=lambda signed: signed[:-1])) == NOTHING


def test_rsa_pss_is_read_with_its_own_parameters() -> None:
    by = responder(key=rsa.generate_private_key(65537, 2048))

    assert told(answer(by, pss=True)) == GOOD
    assert told(answer(by, pss=True, signed_with="sha512")) == GOOD
    assert told(answer(by, pss=True, signed_with="sha1")) == NOTHING


def test_an_answer_signed_with_sha1_is_none() -> None:
    for key in (new_key(), rsa.generate_private_key(65537, 2048)):
        by = responder(key=key)
        assert told(answer(by, signed_with="sha1")) == NOTHING
        assert told(answer(by, signed_with="sha256")) == GOOD


def test_an_answer_signed_with_a_short_key_is_none() -> None:
    short = rsa.generate_private_key(65537, 1024)

    assert told(answer(responder(key=short))) == NOTHING


# --- a responder that may be withdrawn itself ---------------------------------------


CHECKED = responder(**NO_CHECK_LEFT_OUT)


def about(certificate: x509.Certificate, by: Authority, **changes: Any) -> Any:
    return answer(by, certificate=certificate, **changes)


def test_a_responder_that_can_be_withdrawn_needs_its_own_answer() -> None:
    bare = judge(answer(CHECKED))

    assert (bare.status, bare.reason) == NOTHING
    assert "signer" in bare.detail
    assert bare.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    assert told(answer(CHECKED), crls=(crl(CA),)) == GOOD
    vouched = (answer(CHECKED), about(CHECKED.certificate, CA))
    assert told(*vouched) == GOOD
    unchecked = about(CHECKED.certificate, RESPONDER)
    assert told(answer(CHECKED), unchecked) == GOOD


def test_an_old_answer_about_the_responder_is_not_enough() -> None:
    old = {"this_update": AT - 20 * DAY, "next_update": AT - 19 * DAY}

    assert told(answer(CHECKED), about(CHECKED.certificate, CA, **old)) == NOTHING
    assert told(answer(CHECKED), about(CHECKED.certificate, CA)) == GOOD


def test_a_withdrawn_responder_says_nothing_good_or_bad() -> None:
    gone = crl(CA, withdrawn=(withdrawn(CHECKED.certificate),))
    bad = answer(CHECKED, status="revoked", revoked_at=AT - 9 * DAY)

    assert told(answer(CHECKED), crls=(gone,))[1] == ""  # the list itself is good
    result = judge(answer(CHECKED), about(CHECKED.certificate, CA, status="revoked"))
    assert (result.status, result.reason) == NOTHING
    assert told(bad, crls=(gone,), proved_at=AT - DAY) == GOOD


def test_a_responder_withdrawn_at_any_time_is_withdrawn() -> None:
    # Its own dates are its word: whoever has the key can write older ones.
    proved = AT - 4 * DAY
    gone_later = about(
        CHECKED.certificate, CA, status="revoked", revoked_at=proved + DAY
    )

    assert told(answer(CHECKED), gone_later, proved_at=proved) == NOTHING
    assert told(answer(RESPONDER), gone_later, proved_at=proved) == GOOD


def test_responders_cannot_vouch_for_each_other() -> None:
    one, two = responder(**NO_CHECK_LEFT_OUT), responder(**NO_CHECK_LEFT_OUT)
    circle = (
        answer(one),
        about(one.certificate, two),
        about(two.certificate, one),
    )

    assert told(*circle) == NOTHING
    assert told(*circle, about(two.certificate, CA)) == GOOD


def test_a_long_row_of_responders_is_not_followed() -> None:
    row = [responder(**NO_CHECK_LEFT_OUT) for _ in range(3)]
    vouching = [about(a.certificate, b) for a, b in pairwise(row)]

    assert told(answer(row[0]), *vouching, about(row[2].certificate, CA)) == NOTHING
    short = (answer(row[1]), vouching[1], about(row[2].certificate, CA))
    assert told(*short) == GOOD


def test_bad_news_of_an_unconfirmed_responder_stops_a_pass_and_fails_nothing() -> None:
    bad = answer(CHECKED, status="revoked", revoked_at=AT - 9 * DAY)
    good = answer()

    alone = judge(bad, proved_at=AT - DAY)
    beside = judge(good, bad, proved_at=AT - DAY)
    confirmed = judge(bad, about(CHECKED.certificate, CA), proved_at=AT - DAY)

    assert (alone.status, alone.reason) == ("undecided", "revoked-no-poe")
    assert (beside.status, beside.reason) == ("undecided", "revoked-no-poe")
    assert confirmed.status == "revoked"


def test_any_number_of_answers_by_one_responder_are_asked_about_once() -> None:
    many = [
        answer(CHECKED, extensions=((NONCE, False, der.integer(n)),)) for n in range(40)
    ]
    of_responder = [
        about(CHECKED.certificate, CA, extensions=((NONCE, False, der.integer(n)),))
        for n in range(40)
    ]

    assert told(*many, *of_responder) == GOOD


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


# --- requests -----------------------------------------------------------------------


def test_a_request_says_which_certificate_and_nothing_more() -> None:
    named = cert_id(SEAL, CA.certificate, "1.3.14.3.2.26")
    assert isinstance(named, CertId)
    nonce = der.encode(der.OCTET_STRING, b"0123456789abcdef")

    request = write_request(Question((named,), nonce))

    theirs = ocsp.load_der_ocsp_request(request)
    assert theirs.serial_number == SEAL.serial_number
    assert theirs.issuer_key_hash == named.issuer_key_hash
    assert theirs.extensions[0].value.nonce == b"0123456789abcdef"
    assert read_request(request) == Question((named,), nonce)
    assert b"Zgled" not in request


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"\x30\x04\x30\x02\x30\x00"])
def test_what_asks_nothing_is_no_request(data: bytes) -> None:
    with pytest.raises(DerError):
        read_request(data)


def test_the_test_responder_answers_what_is_asked() -> None:
    since = ((OTHER.serial_number, AT - DAY),)
    server = TestResponder(RESPONDER, CA.certificate, (SEAL, OTHER), since)

    def asked(certificate: x509.Certificate) -> ocsp.OCSPResponse:
        named = cert_id(certificate, CA.certificate, "1.3.14.3.2.26")
        assert named is not None
        request = write_request(Question((named,), der.encode(4, b"nonce")))
        return ocsp.load_der_ocsp_response(server.answer(request, at=AT))

    assert told(asked(SEAL)) == GOOD
    assert asked(OTHER).certificate_status is ocsp.OCSPCertStatus.REVOKED
    unknown = asked(RESPONDER.certificate).response_status
    assert unknown is ocsp.OCSPResponseStatus.UNAUTHORIZED
    garbage = ocsp.load_der_ocsp_response(server.answer(b"?", at=AT))
    assert garbage.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


# --- hostile bytes ------------------------------------------------------------------


@given(st.binary(max_size=300))
def test_random_bytes_are_no_answer(data: bytes) -> None:
    with pytest.raises(DerError):
        read_answer(data)


GOOD_BYTES = ocsp_answer(RESPONDER, plan())


@settings(max_examples=300)
@given(
    st.integers(0, len(GOOD_BYTES) - 1),
    st.integers(0, 255),
    st.sampled_from(["replace", "insert", "cut"]),
)
def test_a_changed_answer_is_refused_and_breaks_nothing(
    place: int, octet: int, how: str
) -> None:
    changed = bytearray(GOOD_BYTES)
    if how == "replace":
        changed[place] = octet
    elif how == "insert":
        changed.insert(place, octet)
    else:
        del changed[place:]
    try:
        given = ocsp.load_der_ocsp_response(bytes(changed))
    except ValueError:
        return

    # What stands beside the signed part (certificates) may change without harm.
    assert judge(given).status in ("good", "undecided")


@settings(max_examples=300)
@given(st.integers(0, len(GOOD_BYTES) - 1), st.integers(0, 255))
def test_a_change_of_what_is_signed_never_counts(place: int, octet: int) -> None:
    changed = bytearray(GOOD_BYTES)
    changed[place] = octet
    try:
        basic = read_answer(bytes(changed))
        given = ocsp.load_der_ocsp_response(bytes(changed))
    except ValueError:
        return
    if basic.signed == read_answer(GOOD_BYTES).signed:
        return

    assert told(given) == NOTHING


def test_an_answer_about_very_many_certificates_is_not_read() -> None:
    one = single_answer(plan(certificate=OTHER))

    assert told(answer(beside=(one,) * 10)) == GOOD
    assert told(answer(beside=(one,) * 1001)) == NOTHING


# --- openssl ------------------------------------------------------------------------


def pem(folder: Path, name: str, *items: Any) -> str:
    path = folder / name
    path.write_bytes(b"".join(item.public_bytes(Encoding.PEM) for item in items))
    return str(path)


def openssl(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        ["openssl", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


# openssl looks at the clock itself: these certificates outlast this program.
FAR = AT + 20_000 * DAY
LASTING = authority(root(not_after=FAR), not_after=FAR)
LASTING_SEAL = seal(LASTING, not_after=FAR)
LASTING_RESPONDER = responder(LASTING, not_after=FAR)


def lasting(given: ocsp.OCSPResponse, **changes: Any) -> Revocation:
    """The verdict on LASTING_SEAL of today."""
    times = {"at": now(), **changes}
    evidence = Evidence(ocsp=(given,))
    return revocation_status(LASTING_SEAL, LASTING.certificate, evidence, **times)


def test_openssl_takes_our_answers(tmp_path: Path) -> None:
    at = now()
    given = plan(
        certificate=LASTING_SEAL,
        issuer=LASTING.certificate,
        this_update=at - timedelta(hours=1),
        next_update=at + DAY,
    )
    gone = replace(given, status="revoked", revoked_at=at - DAY, reason=1)
    for name, one in (("good", given), ("revoked", gone)):
        made = ocsp_answer(LASTING_RESPONDER, one)
        (tmp_path / f"{name}.der").write_bytes(made)
    pem(tmp_path, "ca.pem", LASTING.certificate)
    pem(tmp_path, "seal.pem", LASTING_SEAL)
    asked = ["-issuer", "ca.pem", "-cert", "seal.pem", "-CAfile", "ca.pem"]
    asked += ["-partial_chain", "-no_nonce"]

    def said(name: str) -> str:
        return openssl("ocsp", "-respin", name, *asked, folder=tmp_path)

    assert "Response verify OK" in said("good.der")
    assert "seal.pem: good" in said("good.der")
    assert "seal.pem: revoked" in said("revoked.der")
    assert "keyCompromise" in said("revoked.der")
    (tmp_path / "changed.der").write_bytes(
        ocsp_answer(LASTING_RESPONDER, replace(given, signature_of=bytes.upper))
    )
    assert "Response Verify Failure" in said("changed.der")


def key_pem(folder: Path, name: str, key: Any) -> str:
    path = folder / name
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return str(path)


def theirs(folder: Path, line: str) -> ocsp.OCSPResponse:
    """What openssl answers about LASTING_SEAL, with this line in its index."""
    (folder / "index.txt").write_text(line)
    pem(folder, "ca.pem", LASTING.certificate)
    pem(folder, "seal.pem", LASTING_SEAL)
    pem(folder, "responder.pem", LASTING_RESPONDER.certificate)
    key_pem(folder, "responder.key", LASTING_RESPONDER.key)
    answering = ["-index", "index.txt", "-CA", "ca.pem", "-rsigner", "responder.pem"]
    answering += ["-rkey", "responder.key", "-ndays", "7", "-respout", "theirs.der"]
    asking = ["-issuer", "ca.pem", "-cert", "seal.pem", "-noverify", "-no_nonce"]
    said = openssl("ocsp", *answering, *asking, folder=folder)
    assert (folder / "theirs.der").exists(), said
    return ocsp.load_der_ocsp_response((folder / "theirs.der").read_bytes())


def test_we_take_openssls_answers(tmp_path: Path) -> None:
    serial = f"{LASTING_SEAL.serial_number:X}"
    serial = serial if len(serial) % 2 == 0 else f"0{serial}"
    name = f"{serial}\tunknown\t/CN=Zgled\n"
    good = theirs(tmp_path, f"V\t300101000000Z\t\t{name}")
    withdrawn_then = "R\t300101000000Z\t260901000000Z,keyCompromise\t"
    gone = theirs(tmp_path, f"{withdrawn_then}{name}")
    nobody = theirs(tmp_path, "")

    assert lasting(good).status == "good"
    assert lasting(gone).reason == "revoked-no-poe"
    found = lasting(gone, proved_at=datetime(2026, 9, 2, tzinfo=UTC))
    assert (found.status, found.revocation_reason) == ("revoked", "keyCompromise")
    assert lasting(nobody).reason == "unknown-to-responder"


# --- the official samples -----------------------------------------------------------


def sample(name: str) -> tuple[x509.Certificate, Evidence]:
    """The seal certificate of a sealed file, and what its `etsiU` brings along."""
    document = strict_json.loads(shared_file(f"samples/edc/{name}").read_bytes())
    (signature,) = document["signatures"]
    header = strict_json.loads(unb64u(signature["protected"]))
    parts = []
    for row in signature["header"]["etsiU"]:
        element = strict_json.loads(unb64u(row))
        for one in element.get("xVals", ()):
            parts.append(unb64(one["x509Cert"]["val"]))
        for values in element.get("rVals", {}).values():
            parts += [unb64(one["val"]) for one in values]
    evidence = Evidence.merged(map(Evidence.read, parts))
    leaf = base64.b64decode(header["x5c"][0])
    return x509.load_der_x509_certificate(leaf), evidence


@pytest.mark.parametrize(
    "name", ["Sample-MC-Annex1-signed.jsonld", "credential-signed.jsonld"]
)
def test_the_answers_in_the_official_samples_settle_their_time(name: str) -> None:
    leaf, evidence = sample(name)
    (issuer,) = {c for c in evidence.certificates if c.subject == leaf.issuer}
    (given,) = evidence.ocsp
    then = given.responses.__iter__().__next__().this_update_utc

    def at(moment: datetime) -> tuple[str, str]:
        result = revocation_status(leaf, issuer, evidence, at=moment)
        return result.status, result.reason

    # The answer is two or three seconds older than the timestamp, and fresh for it.
    assert at(then + timedelta(seconds=3)) == GOOD
    assert at(then + timedelta(days=6)) == GOOD
    assert at(then + timedelta(days=8)) == ("undecided", "stale")
    assert at(AT) == ("undecided", "stale")


def test_the_list_in_the_official_sample_speaks_for_its_timestamp_authority() -> None:
    _, evidence = sample("Sample-MC-Annex1-signed.jsonld")
    (listed,) = evidence.crls
    (top,) = {c for c in evidence.certificates if c.subject == listed.issuer}
    (tsa,) = {c for c in evidence.certificates if c.issuer == top.subject and c != top}
    then = datetime(2023, 9, 27, 12, tzinfo=UTC)

    assert revocation_status(tsa, top, evidence, at=then).status == "good"
    late = revocation_status(tsa, top, evidence, at=AT)
    assert (late.status, late.reason) == ("undecided", "stale")

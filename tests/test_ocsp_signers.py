"""Who may answer for an authority, and who vouches for those that do (RFC 6960)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
)
from cryptography.x509 import ocsp

from edc_issuer.cms import der
from edc_issuer.cms.ocsp import (
    NONCE,
    OCSP_SIGNING,
)
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testocsp import (
    UNCHECKED,
    ocsp_answer,
)
from edc_issuer.keys.testpki import Authority
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import build_path
from edc_issuer.trust.revocation import (
    Revocation,
    path_revocations,
    revocation_status,
)
from pki import AT, DAY, anchor, authority, crl, new_key, root, seal
from responders import (
    CA,
    CHECKED,
    GOOD,
    NO_CHECK_LEFT_OUT,
    NOTHING,
    OTHER,
    RESPONDER,
    SEAL,
    TOP,
    about,
    answer,
    judge,
    plan,
    responder,
    told,
    withdrawn,
)

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
        pytest.param(
            {"extra": (*UNCHECKED, ("1.2.3.4", True, b"\x05\x00"))}, id="critical"
        ),
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


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        pytest.param(AT - 2 * DAY, "", id="before-its-end"),
        pytest.param(AT - DAY, "", id="at-its-end"),
        pytest.param(AT, "no-data", id="since"),
    ],
)
def test_a_responder_that_has_ended_must_be_known_to_have_answered_before(
    known: datetime, reason: str
) -> None:
    ended = responder(not_after=AT - DAY)
    path = build_path(SEAL, pool=[], anchors=[anchor(CA.certificate)], at=AT)
    made = {"this_update": AT - 3 * DAY, "next_update": AT + DAY}

    def told_of(by: Authority) -> Revocation:
        given = answer(by, **made)
        (result,) = path_revocations(
            path, Evidence(ocsp=(given,)), at=AT, known_since=lambda _: known
        )
        return result

    assert told_of(ended).reason == reason
    assert told_of(responder()).status == "good"
    assert told_of(CA).status == "good"


def test_what_the_issuer_signed_itself_ends_with_the_path() -> None:
    old = authority(TOP, not_after=AT - DAY)
    leaf = seal(old)
    path = build_path(leaf, pool=[], anchors=[anchor(old.certificate)], at=AT)
    given = answer(old, certificate=leaf, issuer=old.certificate)
    evidence = Evidence(ocsp=(given,))

    (result,) = path_revocations(path, evidence, at=AT, known_since=lambda _: AT)

    assert result.status == "good"


# --- a responder that may be withdrawn itself ---------------------------------------


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

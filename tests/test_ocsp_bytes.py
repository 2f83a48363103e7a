"""OCSP as bytes: requests, strict reading, and answers that somebody damaged."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st

from edc_issuer.cms import der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.ocsp import (
    CertId,
    Question,
    read_answer,
    read_request,
    write_request,
)
from edc_issuer.keys.testocsp import (
    TestResponder,
    ocsp_answer,
    single_answer,
)
from edc_issuer.trust.ocsp import cert_id
from pki import AT, DAY
from responders import (
    CA,
    GOOD,
    NOTHING,
    OTHER,
    RESPONDER,
    SEAL,
    answer,
    judge,
    plan,
    told,
)

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


# --- read strictly ------------------------------------------------------------------


def resigned(*parts: bytes) -> bytes:
    """An answer of the issuer whose ResponseData are these parts."""
    signed = der.sequence(*parts)
    assert isinstance(CA.key, ec.EllipticCurvePrivateKey)
    signature = CA.key.sign(signed, ec.ECDSA(hashes.SHA256()))
    algorithm = der.sequence(der.oid("1.2.840.10045.4.3.2"))
    bits = der.encode(der.BIT_STRING, b"\0" + signature)
    basic = der.encode(der.OCTET_STRING, der.sequence(signed, algorithm, bits))
    inner = der.sequence(der.oid("1.3.6.1.5.5.7.48.1.1"), basic)
    return der.sequence(der.encode(0x0A, b"\0"), der.encode(0xA0, inner))


def parts_of(answered: bytes) -> list[bytes]:
    """The parts of ResponseData: who, when, about whom."""
    return [one.encoded for one in der.parse(read_answer(answered).signed).children()]


BY_ISSUER = ocsp_answer(CA, plan())


def said(data: bytes) -> tuple[str, str]:
    """What we make of it, also where the other reader refuses it at once."""
    try:
        return told(ocsp.load_der_ocsp_response(data))
    except ValueError:
        read_answer(data)  # DerError: neither reads it
        raise


@pytest.mark.parametrize(
    ("version", "is_read"),
    [(None, True), (0, True), (1, False), (2, False)],
)
def test_only_the_first_version_is_read(version: int | None, is_read: bool) -> None:
    # DER leaves the default out; some responders write it all the same.
    stated = [] if version is None else [der.encode(0xA0, der.integer(version))]
    made = resigned(*stated, *parts_of(BY_ISSUER))

    if is_read:
        assert read_answer(made).signed
    else:
        with pytest.raises(DerError, match="version"):
            read_answer(made)


@pytest.mark.parametrize(
    ("status", "is_read"),
    [
        pytest.param(b"\x80\x00", True, id="good"),
        pytest.param(b"\x82\x00", True, id="unknown"),
        pytest.param(b"\x80\x01\x00", False, id="good-with-content"),
        pytest.param(b"\x82\x01\x00", False, id="unknown-with-content"),
        pytest.param(b"\x83\x00", False, id="another"),
        pytest.param(b"\x05\x00", False, id="null"),
        pytest.param(b"\xa1\x00", False, id="revoked-without-time"),
    ],
)
def test_only_the_three_statuses_are_read(status: bytes, is_read: bool) -> None:
    who, when, about_whom = parts_of(BY_ISSUER)
    single = der.parse(about_whom).only()
    fields = [one.encoded for one in single.children()]
    fields[1] = status
    made = resigned(who, when, der.sequence(der.sequence(*fields)))

    if is_read:
        assert read_answer(made).singles[0].status in ("good", "unknown")
    else:
        with pytest.raises(DerError):
            read_answer(made)


def test_an_answer_rebuilt_from_its_parts_is_the_good_twin() -> None:
    assert said(resigned(*parts_of(BY_ISSUER))) == GOOD


@pytest.mark.parametrize("extra", [b"\xa0\x03\x02\x01\x00", b"\x05\x00"])
def test_what_stands_behind_the_end_is_refused(extra: bytes) -> None:
    made = resigned(*parts_of(BY_ISSUER), extra)

    with pytest.raises(DerError):
        read_answer(made)


def test_many_certificates_beside_an_answer_are_not_all_tried() -> None:
    own, other = RESPONDER.certificate, OTHER

    assert told(answer(certificates=(*[other] * 15, own))) == GOOD
    assert told(answer(certificates=(*[other] * 16, own))) == NOTHING


def test_a_request_with_a_version_and_a_name_is_read() -> None:
    named = cert_id(SEAL, CA.certificate, "1.3.14.3.2.26")
    assert named is not None
    (plain,) = der.parse(write_request(Question((named,)))).children()
    asked = [one.encoded for one in plain.children()]
    name = der.encode(0xA1, der.encode(0xA4, SEAL.subject.public_bytes()))
    version = der.encode(0xA0, der.integer(0))

    made = der.sequence(der.sequence(version, name, *asked))

    assert read_request(made) == Question((named,))


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

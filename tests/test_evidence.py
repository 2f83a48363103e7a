"""Evidence that is handed over: what is read, what is refused, and each thing once."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.cms import der
from edc_issuer.errors import ConfigError
from edc_issuer.keys.testocsp import AnswerPlan, ocsp_answer
from edc_issuer.trust import evidence as module
from edc_issuer.trust.evidence import Evidence, SameList, crl_digest, ocsp_digest
from pki import AT, DAY, authority, crl, root, seal

TOP = root()
CA = authority(TOP)
SEAL = seal(CA)
CRL = crl(CA)
ANSWER_DER = ocsp_answer(CA, AnswerPlan(SEAL, CA.certificate, AT, AT + DAY))
ANSWER = ocsp.load_der_ocsp_response(ANSWER_DER)


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_list_is_read_in_both_encodings(encoding: Encoding) -> None:
    found = Evidence.read(CRL.public_bytes(encoding))

    assert found == Evidence(crls=(CRL,))


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_certificate_is_read_in_both_encodings(encoding: Encoding) -> None:
    found = Evidence.read(SEAL.public_bytes(encoding))

    assert found == Evidence(certificates=(SEAL,))


def test_several_certificates_may_stand_in_one_file() -> None:
    chain = (SEAL, CA.certificate, TOP.certificate)
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in chain)

    assert Evidence.read(pem).certificates == chain


def test_an_answer_is_read() -> None:
    (found,) = Evidence.read(ANSWER_DER).ocsp

    assert found.public_bytes(Encoding.DER) == ANSWER_DER


def test_an_answer_that_failed_is_read_and_proves_nothing() -> None:
    failed = der.sequence(der.encode(0x0A, b"\x06"))

    assert len(Evidence.read(failed).ocsp) == 1


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="json"),
        pytest.param(b"\x30\x80", id="cut-short"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\n%%\n", id="torn-pem"),
        pytest.param(
            b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", id="empty-pem"
        ),
        pytest.param(b"-----BEGIN PRIVATE KEY-----\n", id="key"),
    ],
)
def test_anything_else_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"list\.crl: not a revocation list"):
        Evidence.read(data, source="list.crl")


@pytest.mark.parametrize(
    ("limit", "data"),
    [
        pytest.param("MAX_CRL", CRL.public_bytes(Encoding.DER), id="list"),
        pytest.param("MAX_CRL", CRL.public_bytes(Encoding.PEM), id="pem-list"),
        pytest.param("MAX_ANSWER", ANSWER_DER, id="answer"),
        pytest.param("MAX_CERTIFICATES", SEAL.public_bytes(Encoding.DER), id="one"),
        pytest.param("MAX_CERTIFICATES", SEAL.public_bytes(Encoding.PEM), id="pem"),
    ],
)
def test_what_is_too_large_is_refused(
    limit: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, len(data))
    assert Evidence.read(data)
    monkeypatch.setattr(module, limit, len(data) - 1)

    with pytest.raises(ConfigError):
        Evidence.read(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    with pytest.raises(ConfigError):
        Evidence.read(data)


# --- each once ----------------------------------------------------------------------


def again(data: bytes) -> Any:
    return x509.load_der_x509_crl(data)


def test_what_comes_twice_is_kept_once() -> None:
    copy = again(CRL.public_bytes(Encoding.DER))
    other = ocsp.load_der_ocsp_response(ANSWER_DER)
    twin = x509.load_der_x509_certificate(SEAL.public_bytes(Encoding.DER))

    found = Evidence((CRL, copy, CRL), (ANSWER, other), (SEAL, twin, SEAL))

    assert (len(found.crls), len(found.ocsp)) == (1, 1)
    assert found.certificates == (SEAL,)


def test_a_forged_twin_with_the_same_signature_replaces_nothing() -> None:
    real = CRL.public_bytes(Encoding.DER)
    forged = again(real.replace(b"261119120000Z", b"261119120001Z", 1))
    assert forged.signature == CRL.signature

    for lists in ((CRL, forged), (forged, CRL)):
        assert len(Evidence(crls=lists).crls) == 2


def test_two_equal_lists_are_two_keys() -> None:
    copy = again(CRL.public_bytes(Encoding.DER))

    assert SameList(CRL) == SameList(CRL)
    assert hash(SameList(CRL)) == hash(SameList(CRL))
    assert SameList(CRL) != SameList(copy)
    assert SameList(CRL) != CRL


def test_adding_keeps_the_order_and_leaves_out_what_is_there() -> None:
    first = Evidence(crls=(CRL,), certificates=(SEAL,))
    second = Evidence((CRL,), (ANSWER,), (CA.certificate, SEAL))

    whole = first + second

    assert whole.crls == (CRL,)
    assert whole.ocsp == (ANSWER,)
    assert whole.certificates == (SEAL, CA.certificate)
    assert first + Evidence() is first
    assert Evidence() + second is second
    assert Evidence.merged([]) == Evidence()
    merged = Evidence.merged([first, second])
    assert (merged.crls, merged.certificates) == (whole.crls, whole.certificates)


def test_empty_evidence_is_none() -> None:
    assert not Evidence()
    assert Evidence(certificates=(SEAL,))
    assert Evidence(crls=(CRL,))
    assert Evidence(ocsp=(ANSWER,))


def test_digests_are_those_of_the_bytes() -> None:
    def digest(data: bytes) -> str:
        hashed = hashes.Hash(hashes.SHA256())
        hashed.update(data)
        return hashed.finalize().hex()

    assert crl_digest(CRL) == digest(CRL.public_bytes(Encoding.DER))
    assert ocsp_digest(ANSWER) == digest(ANSWER_DER)

"""Strict DER, and what is read with it: IssuerSerial, extensions, QCStatements."""

from __future__ import annotations

import base64
import json
import re
import warnings
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.cms import (
    DerError,
    QcStatements,
    der,
    extensions,
    issuer_serial,
    matches_issuer_serial,
    parse,
    qc_statements,
    read_qc_statements,
    write_qc_statements,
)
from edc_issuer.cms import readers as x
from edc_issuer.cms.certificate import name_values, subject_der
from edc_issuer.cms.qualified import QC_TYPE_ESEAL, QC_TYPE_ESIGN
from edc_issuer.cms.seal import names_organisation, seal_problem
from edc_issuer.keys.testpki import TestOrganisation, TestPki

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SCHOOL = TestOrganisation("Srednja strokovna šola Zgled", "NTRSI-1234567", "SI")
SEALED = "samples/edc/Sample-MC-Annex1-signed.jsonld"


@pytest.fixture(scope="module")
def seal() -> x509.Certificate:
    return TestPki.create([SCHOOL], at=AT).seals[0].certificate


def protected_header(name: str) -> dict[str, Any]:
    document = json.loads(shared_file(name).read_bytes())
    encoded = document["signatures"][0]["protected"]
    header: dict[str, Any] = json.loads(base64.urlsafe_b64decode(encoded + "=="))
    return header


@cache
def real_certificates() -> list[x509.Certificate]:
    """Every certificate of the trusted lists at hand: real ones of many makers."""
    pattern = re.compile(r"X509Certificate>([A-Za-z0-9+/=\s]+)<")
    found = set()
    for path in shared_file("samples/trusted-lists").glob("*.xml"):
        found |= {base64.b64decode(m) for m in pattern.findall(path.read_text())}
    certificates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for data in found:
            try:
                certificates.append(x509.load_der_x509_certificate(data))
            except ValueError:
                continue
    return certificates


# --- elements -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        pytest.param("", "cut short", id="empty"),
        pytest.param("30", "cut short", id="no-length"),
        pytest.param("3001", "cut short", id="no-content"),
        pytest.param("3080020100" + "0000", "indefinite", id="indefinite-length"),
        pytest.param("308101" + "00", "minimal", id="long-form-for-short-length"),
        pytest.param("30820001" + "00", "minimal", id="leading-zero-in-length"),
        pytest.param("30820081" + "05" * 129, "minimal", id="padded-length"),
        pytest.param("3085" + "0000000001" + "00", "too long", id="five-length-octets"),
        pytest.param("1f8101" + "00", "tag number", id="high-tag-number"),
        pytest.param("0500" + "00", "after the end", id="trailing-octet"),
    ],
)
def test_what_is_not_der_is_refused(data: str, complaint: str) -> None:
    with pytest.raises(DerError, match=complaint):
        parse(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("data", "read"),
    [
        pytest.param("02020001", "integer", id="padded-positive-integer"),
        pytest.param("0202ff80", "integer", id="padded-negative-integer"),
        pytest.param("0200", "integer", id="empty-integer"),
        pytest.param("0101" + "01", "boolean", id="boolean-one"),
        pytest.param("0603" + "2a8001", "oid", id="padded-arc"),
        pytest.param("0602" + "2a86", "oid", id="arc-cut-short"),
        pytest.param("0600", "oid", id="empty-oid"),
        pytest.param("0300", "bits", id="bit-string-without-count"),
        pytest.param("0302" + "0801", "bits", id="eight-unused-bits"),
        pytest.param("0302" + "0181", "bits", id="unused-bit-set"),
        pytest.param("0302" + "0180", "bit_octets", id="half-an-octet"),
        pytest.param("0c01" + "ff", "text", id="not-utf8"),
        pytest.param("0401" + "00", "text", id="octets-as-text"),
        pytest.param("180f" + b"20261120120000+0100".hex()[:30], "time"),
        pytest.param("180d" + b"202611201200Z".hex(), "time", id="no-seconds"),
        pytest.param("1812" + b"20261120120000.10Z".hex(), "time", id="zero-fraction"),
        pytest.param("180f" + b"20261320120000Z".hex(), "time", id="month-13"),
        pytest.param("020101", "oid", id="another-tag"),
        pytest.param("020101", "text", id="integer-as-text"),
    ],
)
def test_every_value_has_one_spelling(data: str, read: str) -> None:
    with pytest.raises(DerError):
        getattr(parse(bytes.fromhex(data)), read)()


def test_nesting_ends_at_the_limit() -> None:
    data = b"\x05\x00"
    for _ in range(der.MAX_DEPTH + 2):
        data = der.sequence(data)

    with pytest.raises(DerError, match="deep"):
        walk(parse(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x17\x0d261120120000Z", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        (b"\x17\x0d991120120000Z", datetime(1999, 11, 20, 12, tzinfo=UTC)),
        (b"\x18\x0f20261120120000Z", datetime(2026, 11, 20, 12, tzinfo=UTC)),
        (
            b"\x18\x1120261120120000.5Z",
            datetime(2026, 11, 20, 12, microsecond=500_000, tzinfo=UTC),
        ),
    ],
)
def test_times_are_read_as_utc(data: bytes, expected: datetime) -> None:
    assert parse(data).time() == expected


@given(st.integers(min_value=-(2**300), max_value=2**300))
def test_integers_are_written_and_read_as_asn1crypto_does(number: int) -> None:
    data = der.integer(number)

    assert data == core.Integer(number).dump()
    assert parse(data).integer() == number


@given(
    st.tuples(st.integers(0, 1), st.integers(0, 39))
    | st.tuples(st.just(2), st.integers(0, 2**40)),
    st.lists(st.integers(0, 2**128), max_size=2),
)
def test_object_identifiers_survive_the_round_trip(
    head: tuple[int, int], rest: list[int]
) -> None:
    dotted = ".".join(map(str, (*head, *rest)))

    assert parse(der.oid(dotted)).oid() == dotted


@pytest.mark.parametrize("text", ["", "1", "3.1", "1.40", "1.2.x", "1.2.-3", "1..2"])
def test_texts_that_are_no_object_identifier_are_refused(text: str) -> None:
    with pytest.raises(DerError):
        der.oid(text)


def walk(element: der.Element) -> None:
    """Try every reading of every element."""
    for read in ("boolean", "integer", "oid", "bits", "bit_octets", "text", "time"):
        try:
            getattr(element, read)()
        except DerError:
            continue
    for child in element.children():
        walk(child)


@given(st.binary(max_size=200) | st.binary(max_size=60).map(der.sequence))
def test_any_bytes_are_read_or_refused_as_der_error(data: bytes) -> None:
    try:
        walk(parse(data))
    except DerError:
        return


@given(st.data())
def test_mutated_statements_are_read_or_refused_as_der_error(
    data: st.DataObject,
) -> None:
    good = bytearray(
        write_qc_statements(
            QcStatements(True, True, (QC_TYPE_ESEAL,), ("SI",), "0.4.0.194121.1.2")
        )
    )
    place = data.draw(st.integers(0, len(good) - 1))
    good[place] = data.draw(st.integers(0, 255))

    try:
        read_qc_statements(bytes(good))
    except DerError:
        return


# --- certificates -------------------------------------------------------------------


@pytest.mark.parametrize("name", [SEALED, "samples/edc/credential-signed.jsonld"])
def test_kid_of_official_samples_is_rebuilt_byte_for_byte(name: str) -> None:
    header = protected_header(name)
    certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))

    assert base64.b64encode(issuer_serial(certificate)).decode() == header["kid"]


def test_issuer_serial_fits_its_certificate_and_no_other() -> None:
    one, other = TestPki.create(
        [SCHOOL, TestOrganisation("Šola Primer", "VATSI-12345678", "SI")], at=AT
    ).seals

    assert matches_issuer_serial(issuer_serial(one.certificate), one.certificate)
    assert not matches_issuer_serial(issuer_serial(one.certificate), other.certificate)
    assert not matches_issuer_serial(b"", one.certificate)


def test_issuer_serial_agrees_with_asn1crypto(seal: x509.Certificate) -> None:
    class IssuerSerial(core.Sequence):  # type: ignore[misc]
        _fields = [("issuer", asn1.GeneralNames), ("serial", core.Integer)]  # noqa: RUF012

    read = IssuerSerial.load(issuer_serial(seal), strict=True)

    assert read["serial"].native == seal.serial_number
    assert read["issuer"][0].chosen.untag().dump() == seal.issuer.public_bytes()


def test_extensions_are_those_that_cryptography_reads(seal: x509.Certificate) -> None:
    ours = [(found.oid, found.critical) for found in extensions(seal)]

    assert ours == [(e.oid.dotted_string, e.critical) for e in seal.extensions]


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_each_reader_agrees_with_cryptography() -> None:
    compared = 0
    for certificate in real_certificates():
        try:
            theirs = certificate.extensions
        except ValueError:
            continue
        compared += 1
        assert x.critical_extensions(certificate) == {
            e.oid.dotted_string for e in theirs if e.critical
        }
        for extension in theirs:
            compare(certificate, extension.value)
    assert compared > 400


def compare(certificate: x509.Certificate, value: x509.ExtensionType) -> None:
    match value:
        case x509.BasicConstraints():
            assert x.basic_constraints(certificate) == x.BasicConstraints(
                value.ca, value.path_length
            )
        case x509.KeyUsage():
            usage = x.key_usage(certificate) or frozenset()
            assert ("keyCertSign" in usage) == value.key_cert_sign
            assert ("cRLSign" in usage) == value.crl_sign
            assert ("digitalSignature" in usage) == value.digital_signature
            assert ("nonRepudiation" in usage) == value.content_commitment
        case x509.ExtendedKeyUsage():
            purposes = x.extended_key_usage(certificate)
            assert purposes == tuple(purpose.dotted_string for purpose in value)
        case x509.CertificatePolicies():
            policies = tuple(p.policy_identifier.dotted_string for p in value)
            assert x.policies(certificate) == policies
        case x509.SubjectKeyIdentifier():
            assert x.subject_key_identifier(certificate) == value.digest
        case x509.CRLDistributionPoints():
            addresses = [
                name.value
                for point in value
                for name in point.full_name or ()
                if isinstance(name, x509.UniformResourceIdentifier)
            ]
            assert set(addresses) <= set(x.revocation_addresses(certificate))


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_real_certificates_that_cryptography_refuses_whole_are_read_here() -> None:
    refused = []
    for certificate in real_certificates():
        try:
            _ = certificate.extensions
        except ValueError:
            refused.append(certificate)

    assert len(refused) > 20
    for certificate in refused:
        assert extensions(certificate)
        x.basic_constraints(certificate)
        x.key_usage(certificate)
        x.policies(certificate)
        qc_statements(certificate)
        assert names_organisation(certificate).country


def test_an_extension_that_comes_twice_is_refused(seal: x509.Certificate) -> None:
    duplicated = extensions(seal)[0]
    one = der.sequence(der.oid(duplicated.oid), der.encode(4, duplicated.value))
    wrapper = parse(der.encode(0xA3, der.sequence(one, one)))

    from edc_issuer.cms import certificate

    with pytest.raises(DerError, match="twice"):
        certificate._extensions(wrapper)


def test_subject_values_keep_their_letters(seal: x509.Certificate) -> None:
    assert name_values(subject_der(seal), "2.5.4.10") == (SCHOOL.name,)
    assert name_values(subject_der(seal), "2.5.4.97") == (SCHOOL.identifier,)


# --- qualified statements -----------------------------------------------------------


def test_statements_of_the_official_sample_are_read() -> None:
    header = protected_header(SEALED)
    certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))

    assert qc_statements(certificate) == QcStatements(
        compliance=True, types=(QC_TYPE_ESEAL,), retention_years=15
    )


def test_where_the_authority_discloses_its_terms_is_read() -> None:
    said = QcStatements(
        compliance=True,
        types=(QC_TYPE_ESEAL,),
        legislation=("SI",),
        retention_years=10,
        disclosures=(("https://ca.example/pds_sl.pdf", "sl"),),
    )

    assert read_qc_statements(write_qc_statements(said)) == said


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("0.4.0.1862.1.3", id="retention"),
        pytest.param("0.4.0.1862.1.5", id="disclosure"),
    ],
)
def test_an_odd_statement_that_only_informs_costs_no_other(odd: str) -> None:
    kind = der.sequence(der.oid(QC_TYPE_ESEAL))
    data = der.sequence(
        der.sequence(der.oid("0.4.0.1862.1.1")),
        der.sequence(der.oid("0.4.0.1862.1.6"), kind),
        der.sequence(der.oid(odd), der.sequence(der.oid("1.2.3"))),
    )

    assert read_qc_statements(data) == QcStatements(
        compliance=True, types=(QC_TYPE_ESEAL,)
    )


@given(
    st.builds(
        QcStatements,
        st.booleans(),
        st.booleans(),
        st.sampled_from([(), (QC_TYPE_ESEAL,), (QC_TYPE_ESEAL, QC_TYPE_ESIGN)]),
        st.sampled_from([(), ("SI",), ("SI", "HR")]),
        st.sampled_from([None, "0.4.0.194121.1.2"]),
    )
)
def test_statements_survive_the_round_trip(statements: QcStatements) -> None:
    assert read_qc_statements(write_qc_statements(statements)) == statements


def test_a_certificate_without_statements_has_none() -> None:
    root = TestPki.create([], at=AT).root.certificate

    assert qc_statements(root) is None


def test_the_official_seal_is_a_seal_and_its_authority_is_not() -> None:
    header = protected_header(SEALED)
    certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    root = TestPki.create([], at=AT).root.certificate

    assert seal_problem(certificate) is None
    assert "authority" in str(seal_problem(root))

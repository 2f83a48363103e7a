"""Parts of certificates and CRLs read from their own bytes (RFC 5280).

`cryptography` reads all extensions of a certificate at once and refuses the whole
when one of them is odd; some authorities in the EU trusted lists have such
certificates. Here each extension is read alone, when somebody asks for it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.cms import der
from edc_issuer.cms.der import DerError, Element
from edc_issuer.cms.remembering import remembered

_VERSION = 0xA0
_DIRECTORY_NAME = 0xA4
_CERTIFICATE_EXTENSIONS = 0xA3
_CRL_EXTENSIONS = 0xA0
MAX_BYTES = 64 * 1024  # real ones have up to ten thousand
_MAX_EXTENSIONS = 100  # real certificates have up to some twenty


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: dotted object identifier, critical or not, DER of its value."""

    oid: str
    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class _Body:
    serial: bytes
    issuer: bytes
    subject: bytes
    key: bytes
    extensions: Element | None


def load(data: bytes) -> x509.Certificate:
    """A certificate from its DER; the same bytes give the same object.

    Raises `ValueError` or `x509.InvalidVersion` for what is none, and `ValueError`
    for one of more than `MAX_BYTES`: a thousand of them are kept in memory.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data)} bytes are no certificate")
    return _load(data)


@lru_cache(maxsize=1024)
def _load(data: bytes) -> x509.Certificate:
    with warnings.catch_warnings():
        # Certificates of old authorities have serial numbers that are not positive.
        warnings.simplefilter("ignore")
        return x509.load_der_x509_certificate(data)


@remembered
def encoded(certificate: x509.Certificate) -> bytes:
    """The DER of a certificate."""
    return certificate.public_bytes(Encoding.DER)


@remembered
def _body(certificate: x509.Certificate) -> _Body:
    fields = der.parse(certificate.tbs_certificate_bytes).fields()
    fields.optional(_VERSION)
    serial = fields.take(der.INTEGER).encoded
    fields.take(der.SEQUENCE)  # signature algorithm
    issuer = fields.take(der.SEQUENCE).encoded
    fields.take(der.SEQUENCE)  # validity
    subject = fields.take(der.SEQUENCE).encoded
    key = fields.take(der.SEQUENCE).encoded
    extensions = [e for e in fields.rest() if e.tag == _CERTIFICATE_EXTENSIONS]
    return _Body(serial, issuer, subject, key, extensions[0] if extensions else None)


def issuer_serial(certificate: x509.Certificate) -> bytes:
    """DER of `IssuerSerial`, whose base64 is the `kid` of a JAdES seal.

    `SEQUENCE { GeneralNames { [4] Name }, INTEGER }`, RFC 5035 section 5 as used by
    ETSI TS 119 182-1 clause 5.1.4. Issuer and serial are the certificate's bytes.
    """
    body = _body(certificate)
    name = der.encode(_DIRECTORY_NAME, body.issuer)
    return der.sequence(der.sequence(name), body.serial)


def matches_issuer_serial(data: bytes, certificate: x509.Certificate) -> bool:
    """Whether `data` is the `IssuerSerial` of this very certificate."""
    return data == issuer_serial(certificate)


def subject_der(certificate: x509.Certificate) -> bytes:
    """The subject's name as it is written in the certificate."""
    return _body(certificate).subject


def issuer_der(certificate: x509.Certificate) -> bytes:
    """The issuer's name as it is written in the certificate."""
    return _body(certificate).issuer


def serial_der(certificate: x509.Certificate) -> bytes:
    """The serial number as its INTEGER is written; some old ones are negative."""
    return _body(certificate).serial


def name_and_key(certificate: x509.Certificate) -> tuple[bytes, bytes]:
    """Subject and SubjectPublicKeyInfo: what makes two authorities the same one."""
    body = _body(certificate)
    return body.subject, body.key


@remembered
def subject_text(certificate: x509.Certificate) -> str:
    """The subject as RFC 4514 writes it; never raises, whatever the name holds."""
    try:
        return certificate.subject.rfc4514_string()
    except (ValueError, TypeError):
        return "(a name that cannot be read)"


@remembered
def issuer_text(certificate: x509.Certificate) -> str:
    """The issuer as RFC 4514 writes it; never raises, whatever the name holds."""
    try:
        return certificate.issuer.rfc4514_string()
    except (ValueError, TypeError):
        return "(a name that cannot be read)"


def name_values(name: bytes, oid: str) -> tuple[str, ...]:
    """The texts of one attribute type in a DER `Name`, in their order."""
    return tuple(value.text() for kind, value in _attributes(name) if kind == oid)


@lru_cache(maxsize=512)
def _attributes(name: bytes) -> tuple[tuple[str, Element], ...]:
    """Types and values of a `Name`; of each certificate some ten are asked for."""
    read = []
    for rdn in der.parse(name).children(der.SEQUENCE):
        for attribute in rdn.children(der.SET):
            fields = attribute.fields()
            read.append((fields.take().oid(), fields.take()))
    return tuple(read)


@remembered
def extensions(certificate: x509.Certificate) -> tuple[Extension, ...]:
    """All extensions of a certificate, undigested; `DerError` if one comes twice."""
    wrapper = _body(certificate).extensions
    return _extensions(wrapper)


def crl_extensions(crl: x509.CertificateRevocationList) -> tuple[Extension, ...]:
    """All extensions of a CRL (not those of its entries), undigested."""
    wrappers = [
        element
        for element in der.parse(crl.tbs_certlist_bytes).children(der.SEQUENCE)
        if element.tag == _CRL_EXTENSIONS
    ]
    return _extensions(wrappers[0] if wrappers else None)


def _extensions(wrapper: Element | None) -> tuple[Extension, ...]:
    if wrapper is None:
        return ()
    return read_extensions(wrapper.only().children(der.SEQUENCE, most=_MAX_EXTENSIONS))


def read_extensions(elements: Iterable[Element]) -> tuple[Extension, ...]:
    """Extensions from their elements; `DerError` if one comes twice."""
    found = tuple(map(_extension, elements))
    if len({extension.oid for extension in found}) != len(found):
        raise DerError("an extension that comes twice")  # RFC 5280 section 4.2
    return found


def _extension(element: Element) -> Extension:
    fields = element.fields()
    oid = fields.take().oid()
    flag = fields.optional(der.BOOLEAN)
    # DER leaves a FALSE out; several authorities write it, and it means the same.
    critical = flag is not None and flag.boolean()
    value = fields.take(der.OCTET_STRING).content
    fields.end()
    return Extension(oid, critical, value)


def extension(certificate: x509.Certificate, oid: str) -> Extension | None:
    """One extension by its object identifier, or None where it is absent."""
    for found in extensions(certificate):
        if found.oid == oid:
            return found
    return None

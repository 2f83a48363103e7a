"""Readers for the extensions that decide about a path, a seal or a CRL (RFC 5280).

Each reads one extension from its own bytes and returns None where it is absent;
`DerError` where it is there and cannot be read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from edc_issuer.cms import der
from edc_issuer.cms.certificate import Extension, extension, extensions
from edc_issuer.cms.der import Element

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
CERTIFICATE_POLICIES = "2.5.29.32"
NAME_CONSTRAINTS = "2.5.29.30"
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
DELTA_CRL = "2.5.29.27"
EXPIRED_ON_CRL = "2.5.29.60"

# What `key new` and the fixtures put into every certificate, so that a test seal
# can never be taken for a real one: an arc of our own that nobody else can use.
TEST_POLICY = f"2.25.{uuid.UUID('5f7e4c1b-0d7a-4b1e-9a53-6b8f2d40c7e9').int}"

DIRECTORY_NAME = 0xA4
URI = 0x86
OCSP = "1.3.6.1.5.5.7.48.1"
CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
_USAGES = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """Whether it is an authority, and how many may stand below it (section 4.2.1.9)."""

    ca: bool = False
    path_length: int | None = None


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """Subtrees as (GeneralName tag, content) (section 4.2.1.10)."""

    permitted: tuple[tuple[int, bytes], ...] = ()
    excluded: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """One place where a certificate says its CRL is; names are DER GeneralNames."""

    names: tuple[bytes, ...] = ()
    all_reasons: bool = True
    other_issuer: bool = False


@dataclass(frozen=True, slots=True)
class CrlScope:
    """What a CRL speaks about: its IssuingDistributionPoint (section 5.2.5)."""

    names: tuple[bytes, ...] = ()
    only_users: bool = False
    only_authorities: bool = False
    only_attributes: bool = False
    all_reasons: bool = True
    indirect: bool = False


def _value(certificate: x509.Certificate, oid: str) -> Element | None:
    found = extension(certificate, oid)
    return None if found is None else der.parse(found.value)


def basic_constraints(certificate: x509.Certificate) -> BasicConstraints | None:
    value = _value(certificate, BASIC_CONSTRAINTS)
    if value is None:
        return None
    fields = value.fields()
    flag, length = fields.optional(der.BOOLEAN), fields.optional(der.INTEGER)
    fields.end()
    ca = flag is not None and flag.boolean()
    return BasicConstraints(ca, length.integer() if length else None)


def key_usage(certificate: x509.Certificate) -> frozenset[str] | None:
    """The usages by their names in RFC 5280, section 4.2.1.3."""
    value = _value(certificate, KEY_USAGE)
    if value is None:
        return None
    return frozenset(_USAGES[bit] for bit in value.bits() if bit < len(_USAGES))


def extended_key_usage(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """The purposes as dotted object identifiers, section 4.2.1.12."""
    value = _value(certificate, EXTENDED_KEY_USAGE)
    if value is None:
        return None
    return tuple(purpose.oid() for purpose in value.children(der.SEQUENCE))


def policies(certificate: x509.Certificate) -> tuple[str, ...]:
    """The certificate policies as dotted object identifiers, section 4.2.1.4."""
    value = _value(certificate, CERTIFICATE_POLICIES)
    if value is None:
        return ()
    return tuple(p.fields().take().oid() for p in value.children(der.SEQUENCE))


def is_test_certificate(certificate: x509.Certificate) -> bool:
    """Whether it carries the policy of our test authorities."""
    return TEST_POLICY in policies(certificate)


def subject_key_identifier(certificate: x509.Certificate) -> bytes | None:
    value = _value(certificate, SUBJECT_KEY_IDENTIFIER)
    return None if value is None else value.octets()


def alternative_names(certificate: x509.Certificate) -> tuple[tuple[int, bytes], ...]:
    """The subject's other names as (GeneralName tag, content)."""
    value = _value(certificate, SUBJECT_ALTERNATIVE_NAME)
    if value is None:
        return ()
    return tuple((name.tag, name.content) for name in value.children(der.SEQUENCE))


def name_constraints(certificate: x509.Certificate) -> NameConstraints | None:
    value = _value(certificate, NAME_CONSTRAINTS)
    if value is None:
        return None
    fields = value.fields()
    permitted, excluded = fields.optional(0xA0), fields.optional(0xA1)
    fields.end()
    return NameConstraints(_subtrees(permitted), _subtrees(excluded))


def _subtrees(element: Element | None) -> tuple[tuple[int, bytes], ...]:
    if element is None:
        return ()
    bases = [subtree.fields().take() for subtree in element.children()]
    return tuple((base.tag, base.content) for base in bases)


def distribution_points(
    certificate: x509.Certificate,
) -> tuple[DistributionPoint, ...]:
    """Where the certificate says that its CRLs are, section 4.2.1.13."""
    value = _value(certificate, CRL_DISTRIBUTION_POINTS)
    if value is None:
        return ()
    return tuple(map(_distribution_point, value.children(der.SEQUENCE)))


def _distribution_point(element: Element) -> DistributionPoint:
    fields = element.fields()
    name, reasons = fields.optional(0xA0), fields.optional(0x81)
    other = fields.optional(0xA2)
    fields.end()
    return DistributionPoint(_point_names(name), reasons is None, other is not None)


def _point_names(element: Element | None) -> tuple[bytes, ...]:
    """`fullName` as encoded GeneralNames; a relative name as its own encoding."""
    if element is None:
        return ()
    name = element.only()
    if name.tag != 0xA0:
        return (name.encoded,)
    return tuple(general.encoded for general in name.children())


def revocation_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Every address of a CRL or an OCSP responder that the certificate names."""
    points = [n for point in distribution_points(certificate) for n in point.names]
    return (*addresses_among(points), *access_addresses(certificate, OCSP))


def access_addresses(certificate: x509.Certificate, method: str) -> tuple[str, ...]:
    """Where the certificate says that `OCSP` or `CA_ISSUERS` are (4.2.2.1)."""
    value = _value(certificate, AUTHORITY_INFORMATION)
    names = []
    for access in value.children(der.SEQUENCE) if value else ():
        fields = access.fields()
        if fields.take().oid() == method:
            names.append(fields.take().encoded)
    return addresses_among(names)


def addresses_among(names: Iterable[bytes]) -> tuple[str, ...]:
    """The texts of those DER GeneralNames that are addresses."""
    found = [der.parse(name) for name in names]
    return tuple(e.content.decode("ascii", "replace") for e in found if e.tag == URI)


def critical_extensions(certificate: x509.Certificate) -> frozenset[str]:
    """Object identifiers of all extensions that are marked critical."""
    return frozenset(e.oid for e in extensions(certificate) if e.critical)


def crl_scope(found: tuple[Extension, ...]) -> CrlScope:
    """The scope of a CRL from its extensions; without one it covers everything."""
    for candidate in found:
        if candidate.oid == ISSUING_DISTRIBUTION_POINT:
            return _scope(der.parse(candidate.value))
    return CrlScope()


def _scope(value: Element) -> CrlScope:
    fields = value.fields()
    name = fields.optional(0xA0)
    users, authorities = fields.optional(0x81), fields.optional(0x82)
    reasons = fields.optional(0x83)
    indirect, attributes = fields.optional(0x84), fields.optional(0x85)
    fields.end()
    return CrlScope(
        names=_point_names(name),
        only_users=users is not None and users.boolean(0x81),
        only_authorities=authorities is not None and authorities.boolean(0x82),
        only_attributes=attributes is not None and attributes.boolean(0x85),
        all_reasons=reasons is None,
        indirect=indirect is not None and indirect.boolean(0x84),
    )


def expired_kept_since(found: tuple[Extension, ...]) -> datetime | None:
    """`expiredCertsOnCRL` (X.509 9.5.2.6): expired certificates stay since then."""
    for candidate in found:
        if candidate.oid == EXPIRED_ON_CRL:
            return der.parse(candidate.value).time()
    return None

"""What a seal certificate is: a legal person's, made for sealing, and no other.

A member of staff's personal certificate also carries the university's name; so
does its web server's. ETSI EN 319 412-3 (legal persons) and EN 319 412-5 (QcType).
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509

from edc_issuer.cms.certificate import issuer_der, name_values, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.qualified import QC_TYPE_ESEAL, qc_statements
from edc_issuer.cms.readers import basic_constraints, extended_key_usage, key_usage

COMMON_NAME = "2.5.4.3"
SURNAME = "2.5.4.4"
COUNTRY = "2.5.4.6"
ORGANIZATION = "2.5.4.10"
GIVEN_NAME = "2.5.4.42"
PSEUDONYM = "2.5.4.65"
ORGANIZATION_IDENTIFIER = "2.5.4.97"

_PERSONAL = {SURNAME: "surname", GIVEN_NAME: "given name", PSEUDONYM: "pseudonym"}
_OTHER_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "a web server's certificate",
    "1.3.6.1.5.5.7.3.3": "a certificate for signing programs",
    "1.3.6.1.5.5.7.3.8": "a timestamp authority's certificate",
    "1.3.6.1.5.5.7.3.9": "an OCSP responder's certificate",
}


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """The organisation a certificate names; None for what it does not say."""

    name: str | None
    identifier: str | None
    country: str | None


def names_organisation(certificate: x509.Certificate) -> OrganisationName:
    """The organisation of the subject (O, 2.5.4.97, C); what is unreadable is None.

    A subject with two of one kind names nobody: a reader could pick either.
    """
    return OrganisationName(
        name=_single(certificate, ORGANIZATION),
        identifier=_single(certificate, ORGANIZATION_IDENTIFIER),
        country=_single(certificate, COUNTRY),
    )


def issuer_country(certificate: x509.Certificate) -> str | None:
    """The country of the authority that issued it; None where it names not one."""
    try:
        values = name_values(issuer_der(certificate), COUNTRY)
    except DerError:
        return None
    return values[0] if len(values) == 1 else None


def _single(certificate: x509.Certificate, oid: str) -> str | None:
    try:
        values = name_values(subject_der(certificate), oid)
    except DerError:
        return None
    return values[0] if len(values) == 1 and values[0].strip() else None


def whose(certificate: x509.Certificate) -> str:
    """The subject in words, for a sentence: common name and organisation."""
    try:
        subject = subject_der(certificate)
        names = [
            *name_values(subject, COMMON_NAME),
            *name_values(subject, ORGANIZATION),
        ]
    except DerError:
        return "somebody whose name cannot be read"
    return ", ".join(dict.fromkeys(names)) or "somebody without a name"


def seal_problem(certificate: x509.Certificate) -> str | None:
    """Why this is not an organisation's seal certificate, in words; None if it is."""
    try:
        return _kind_problem(certificate) or _usage_problem(certificate)
    except ValueError as error:
        return f"a certificate that cannot be read ({error})"


def _kind_problem(certificate: x509.Certificate) -> str | None:
    subject = subject_der(certificate)
    for oid, word in _PERSONAL.items():
        if name_values(subject, oid):
            return f"a person's certificate (it has a {word})"
    if names_organisation(certificate).name is None:
        return "a certificate that does not name one organisation"
    constraints = basic_constraints(certificate)
    if constraints is not None and constraints.ca:
        return "a certification authority's certificate"
    return None


def _usage_problem(certificate: x509.Certificate) -> str | None:
    usage = key_usage(certificate) or frozenset()
    if not usage & {"digitalSignature", "nonRepudiation"}:
        return "a certificate that is not meant for signing (key usage)"
    for purpose in extended_key_usage(certificate) or ():
        if purpose in _OTHER_PURPOSES:
            return _OTHER_PURPOSES[purpose]
    statements = qc_statements(certificate)
    types = statements.types if statements else ()
    if types and QC_TYPE_ESEAL not in types:
        return "a qualified certificate of another type than seals (QcType)"
    return None

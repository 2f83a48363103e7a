"""What a seal certificate says of itself, for the evidence of a report.

All of it is the authority's word (ETSI EN 319 412-3, 412-5). That a certificate
calls itself qualified makes it none: `seal.qualified` asks the trusted lists.
"""

from __future__ import annotations

from typing import Any

from cryptography import x509

from edc_issuer.cms.der import DerError
from edc_issuer.cms.qualified import (
    QC_TYPE_ESEAL,
    QC_TYPE_ESIGN,
    QC_TYPE_WEB,
    QcStatements,
    qc_statements,
)
from edc_issuer.cms.readers import policies
from edc_issuer.cms.seal import names_organisation

_TYPES = {QC_TYPE_ESIGN: "esign", QC_TYPE_ESEAL: "eseal", QC_TYPE_WEB: "web"}


def certificate_facts(certificate: x509.Certificate) -> dict[str, Any]:
    """Organisation, policies and qualified statements; unreadable ones are None."""
    named = names_organisation(certificate)
    return {
        "organisation": named.name,
        "organizationIdentifier": named.identifier,
        "country": named.country,
        "policies": _policies(certificate),
        "qualified": _qualified(certificate),
    }


def _policies(certificate: x509.Certificate) -> list[str] | None:
    try:
        return list(policies(certificate))
    except DerError:
        return None


def _qualified(certificate: x509.Certificate) -> dict[str, Any] | None:
    """The QCStatements; None where it has none, or none that can be read."""
    try:
        said = qc_statements(certificate)
    except DerError:
        return None
    return _statements(said) if said else None


def _statements(said: QcStatements) -> dict[str, Any]:
    return {
        "compliance": said.compliance,
        "qscd": said.sscd,
        "types": [_TYPES.get(kind, kind) for kind in said.types],
        "legislation": list(said.legislation),
        "retention_years": said.retention_years,
        "disclosures": [
            {"url": url, "language": language} for url, language in said.disclosures
        ],
    }

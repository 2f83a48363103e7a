"""Whose seal certificate it is, as `seal.certificate` asks (the law of verdicts 7)."""

from __future__ import annotations

from edc_issuer.cms.readers import is_test_certificate
from edc_issuer.cms.seal import (
    OrganisationName,
    names_organisation,
    seal_problem,
    whose,
)

__all__ = [
    "OrganisationName",
    "is_test_certificate",
    "names_organisation",
    "seal_problem",
    "whose",
]

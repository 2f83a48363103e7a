"""Questions to a key before anything is made with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from edc_issuer.cms.seal import (
    OrganisationName,
    names_organisation,
    seal_problem,
    whose,
)
from edc_issuer.errors import Problem
from edc_issuer.jose import weakness
from edc_issuer.keys.identity import X509Identity

__all__ = ["OrganisationName", "names_organisation", "usable_for_seal"]


def usable_for_seal(identity: X509Identity, at: datetime) -> Iterator[Problem]:
    """Every reason why a seal made at `at` with this certificate would be worthless.

    Codes: `certificate-expired`, `certificate-not-yet-valid`, `not-a-seal`,
    `weak-key`. The path is `key`: the fault is in the set-up, not in a record.
    """
    certificate = identity.certificate
    owner = whose(certificate)
    if at > certificate.not_valid_after_utc:
        ended = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        message = f"the certificate of {owner} expired on {ended}; get a new one"
        yield Problem("key", "certificate-expired", message)
    if at < certificate.not_valid_before_utc:
        begins = f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
        message = f"the certificate of {owner} is valid only from {begins}"
        yield Problem("key", "certificate-not-yet-valid", message)
    problem = seal_problem(certificate)
    if problem:
        message = f"{owner}: {problem}; a seal needs an organisation's seal certificate"
        yield Problem("key", "not-a-seal", message)
    weak = _weakness(identity)
    if weak:
        message = f"the certificate of {owner}: {weak}; make a new key"
        yield Problem("key", "weak-key", message)


def _weakness(identity: X509Identity) -> str | None:
    key = identity.certificate.public_key()
    return weakness(key)  # type: ignore[arg-type]  # asks for RSA, and lets others be

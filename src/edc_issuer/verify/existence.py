"""Since when things are known to have existed, and how far back trust reaches.

A signature, a certificate or a revocation list may be forged by whoever breaks a key
later; what is known to have existed before that day cannot (EN 319 102-1, clause
5.6.2.3). Without any proof a thing is known since the time asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from cryptography import x509

from edc_issuer.cms.certificate import encoded
from edc_issuer.trust.algorithms import certificate_end
from edc_issuer.trust.dossier import Dossier
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult
from edc_issuer.trust.revocation import HOLD, statements_about
from edc_issuer.trust.statement import Statement


@dataclass(slots=True)
class Existence:
    """The earliest proved time of each thing; `at` for all others."""

    at: datetime
    since: dict[str, datetime] = field(default_factory=dict)

    def prove(self, data: bytes, moment: datetime) -> None:
        """These bytes existed at `moment`."""
        key = _digest(data)
        self.since[key] = min(self.since.get(key, moment), moment)

    def prove_certificate(self, certificate: x509.Certificate, at: datetime) -> None:
        self.prove(encoded(certificate), at)

    def of(self, data: bytes) -> datetime:
        return self.of_digest(_digest(data))

    def of_digest(self, sha256: str) -> datetime:
        """The same for what is named by the hexadecimal digest of its bytes."""
        return min(self.since.get(sha256, self.at), self.at)

    def of_certificate(self, certificate: x509.Certificate) -> datetime:
        return self.of(encoded(certificate))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def control_time(
    path: PathResult,
    evidence: Evidence | Dossier,
    existence: Existence,
    *,
    pool: Sequence[x509.Certificate] = (),
) -> datetime | None:
    """Until when what this path vouches for can be believed; None if never.

    Validation time sliding, EN 319 102-1 clause 5.6.2.2, from the anchor downwards:
    a withdrawal moves the time back to its date, the end of an algorithm to its
    day, and each certificate and answer has to have existed before. How fresh an
    answer is, is asked elsewhere (`trust.revocation`).
    """
    control = existence.at
    pairs = list(zip(path.certificates, path.certificates[1:], strict=False))
    for certificate, issuer in reversed(pairs):
        if existence.of_certificate(certificate) > control:
            return None
        said = statements_about(certificate, issuer, evidence, pool=pool)
        usable = [one for one in said if _is_usable(one, existence, control)]
        withdrawn = [
            one.withdrawal.at
            for one in usable
            if one.withdrawal and not _is_lifted(one, usable)
        ]
        control = min([control, *withdrawn, *_ends(certificate, issuer)])
        if said and not usable:
            return None
    return control


def _is_usable(one: Statement, existence: Existence, control: datetime) -> bool:
    return one.this_update <= control and existence.of_digest(one.sha256) <= control


def _is_lifted(held: Statement, usable: list[Statement]) -> bool:
    """Whether a later statement says that a hold has ended (RFC 5280 section 5.3.1)."""
    if held.withdrawal is None or held.withdrawal.reason != HOLD:
        return False
    return any(
        one.withdrawal is None
        and one.flaw is None
        and one.this_update > held.this_update
        for one in usable
    )


def _ends(certificate: x509.Certificate, issuer: x509.Certificate) -> list[datetime]:
    """The first moment at which the issuer's signature is no longer enough."""
    end = certificate_end(certificate, issuer.public_key())  # type: ignore[arg-type]
    return [start_of(end)] if end is not None else []


def start_of(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def holds_at(path: PathResult, moment: datetime) -> bool:
    """Whether every certificate below the anchor is in force at a moment."""
    below = path.certificates[:-1] or path.certificates
    return all(
        one.not_valid_before_utc <= moment <= one.not_valid_after_utc for one in below
    )


def ends_of(path: PathResult) -> list[datetime]:
    """When what stands below the anchor expires, and when its signatures end."""
    below = path.certificates[:-1] or path.certificates
    pairs = zip(path.certificates, path.certificates[1:], strict=False)
    ends = [end for one, issuer in pairs for end in _ends(one, issuer)]
    return [one.not_valid_after_utc for one in below] + ends

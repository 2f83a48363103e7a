"""Twins: an EDC and a badge of one award, which name each other (decision 18).

The badge's id follows from the record, so it is known before there is a badge. The
EDC is sealed first and names it; then the badge is signed and names the EDC by its
id and by the SHA-256 of the payload of its seal. That payload is what the seal signs:
timestamps that are added to the file later leave it as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from edc_issuer.documents import BUNDLED
from edc_issuer.draft import draft
from edc_issuer.errors import ConfigError
from edc_issuer.formats.jades import JADES, payload_of
from edc_issuer.issue import Issued, Issuer
from edc_issuer.models.base import Twin
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord


@dataclass(frozen=True, slots=True)
class Twins:
    """Both credentials of one award, each verified before it left."""

    edc: Issued
    badge: Issued


def issue_twins(
    record: CredentialRecord,
    *,
    edc: Issuer,
    badge: Issuer,
    at: datetime | None = None,
) -> Twins:
    """Issue an EDC and a badge that name each other; neither leaves without the other.

    Raises what `Issuer.issue` raises, and `ConfigError` where the issuers are not of
    these two models.
    """
    if edc.profile.model is not ELM or badge.profile.model is not OB3:
        raise ConfigError(
            "twins are an EDC (edc-jades) and a badge (ob3-jwt, vc-jwt or ob3-di); "
            "give one issuer of each"
        )
    moment = at or datetime.now(UTC)
    _check_badge(record, badge, moment)  # before anything is sealed
    sealed = edc.issue(record, at=moment, twin=Twin(badge.credential_id(record)))
    known = Twin(edc.credential_id(record), payload_sha256(sealed))
    return Twins(sealed, badge.issue(record, at=moment, twin=known))


def _check_badge(record: CredentialRecord, badge: Issuer, at: datetime) -> None:
    """What `badge` would refuse, it refuses now: a seal cannot be taken back."""
    draft(
        record,
        badge.profile.model,
        at=at,
        credential_id=badge.credential_id(record),
        files=badge.files,
        language=badge.language,
        status=badge.status_of(record),
    )


def payload_sha256(sealed: Issued) -> str:
    """The digest, in hexadecimal, of what a seal signs."""
    envelope = JADES.open(sealed.data, documents=BUNDLED)
    return hashlib.sha256(payload_of(envelope)).hexdigest()

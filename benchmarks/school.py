"""The school of the tests, its keys and credentials, made once for all benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from edc_issuer.documents import BUNDLED
from edc_issuer.formats.base import Envelope, Format, Signing
from edc_issuer.issue import PROFILES
from edc_issuer.jose import PublicKey
from edc_issuer.keys import DidIdentity, Signer, X509Identity, open_signer
from edc_issuer.models.base import BuildContext, Media, Model
from edc_issuer.record import CredentialRecord
from edc_issuer.render import render_pages
from world import PASSWORD, PROFILE_IDS, record, world

__all__ = ["NOW", "PROFILE_IDS", "School", "school"]

NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class School:
    """One profile with its key, and the credential that it makes of the record."""

    signer: Signer
    model: Model
    format: Format
    record: CredentialRecord
    context: BuildContext

    def built(self) -> dict[str, Any]:
        """The unsigned credential."""
        return self.model.build(self.record, self.context).credential

    def signed(self, credential: Mapping[str, Any]) -> bytes:
        """The file of one credential: prepared, signed, put together."""
        signing = Signing(self.signer.identity, self.signer.algorithm, NOW)
        pending = self.format.prepare(credential, signing)
        return self.format.attach(pending, self.signer.sign([pending.to_be_signed])[0])

    def opened(self, data: bytes) -> Envelope:
        """The file read with all its proofs, nothing verified."""
        return self.format.open(data, documents=BUNDLED)

    def self_verified(self, data: bytes) -> None:
        """As `Issuer` does before a file leaves: opened, its signature verified."""
        envelope = self.opened(data)
        self.format.verify(envelope, envelope.proofs[0], self.public_key)

    @property
    def public_key(self) -> PublicKey:
        identity = self.signer.identity
        if isinstance(identity, X509Identity):
            return identity.certificate.public_key()  # type: ignore[return-value]
        assert isinstance(identity, DidIdentity)
        return identity.public_key


@cache
def school(profile_id: str) -> School:
    """The school with its seal or its badge key."""
    profile = PROFILES[profile_id]
    given = record()
    signer = open_signer(world().key(profile_id), secret=lambda prompt: PASSWORD)
    identity = signer.identity
    is_badge = isinstance(identity, DidIdentity)
    context = BuildContext(
        at=NOW,
        credential_id="urn:uuid:7c3b3f0e-6a2d-5d0b-9a52-0b3f1c8e4d61",
        issuer_id=identity.did if isinstance(identity, DidIdentity) else None,
        pictures={} if is_badge else _pages(given),
    )
    return School(signer, profile.model, profile.format, given, context)


def _pages(given: CredentialRecord) -> dict[str, tuple[Media, ...]]:
    return {language: render_pages(given, language) for language in given.languages}

"""Credentials that nobody signed: they are opened, named, and never believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edc_issuer import strict_json
from edc_issuer.documents import Documents
from edc_issuer.errors import ConfigError, Malformed, ProofInvalid
from edc_issuer.formats.base import Envelope, Pending, Proof, Signing
from edc_issuer.jose import PublicKey

if TYPE_CHECKING:
    from edc_issuer.canonical import Limits


@dataclass(frozen=True, slots=True)
class Plain:
    """A JSON-LD credential without a proof; a row of `formats.FORMATS`."""

    id: str = "unsigned"
    media_type: str = "application/ld+json"
    suffix: str = ".jsonld"

    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending:
        raise ConfigError("an unsigned credential is not issued")

    def attach(self, pending: Pending, signature: bytes) -> bytes:
        raise ConfigError("an unsigned credential takes no signature")

    def recognises(self, data: bytes) -> bool:
        """Whether this is a JSON object with a `@context` and no `proof`."""
        try:
            members = strict_json.loads_object(data)
        except Malformed:
            return False
        return "@context" in members and "proof" not in members

    def open(
        self, data: bytes, *, documents: Documents, limits: Limits | None = None
    ) -> Envelope:
        """An envelope without any proof; `internals` is the document itself."""
        return Envelope(format=self.id, proofs=(), internals=strict_json.loads(data))

    def covered(self, envelope: Envelope, proof: Proof) -> Any:
        return None

    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None:
        raise ProofInvalid("nothing here is signed", reason="unsigned")


PLAIN = Plain()

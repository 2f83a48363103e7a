"""What every securing mechanism has in common: the values passed along its road.

Issuing: `prepare` → `Pending` → (signature) → `attach` → bytes.
Verifying: `open` → `Envelope` with its `Proof`s → `verify` one proof with a key →
`covered` gives the content that this proof signs. `open` never decides anything
about trust and never verifies; `verify` raises `ProofInvalid`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from cryptography import x509

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import Unsupported
from edc_issuer.jose import PublicKey
from edc_issuer.keys.identity import Identity

if TYPE_CHECKING:
    from edc_issuer.canonical import Limits


@dataclass(frozen=True, slots=True)
class KeyHint:
    """Where a proof says that its key is. Nothing of it is believed yet.

    `certificate` is the one whose digest the protected header states, never just
    the first of `x5c`; `chain` are all others that came along.
    """

    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    url: str | None = None  # kid or verificationMethod
    jwk: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One signature as it stands in the file; parsed, not verified.

    `algorithm` is a JOSE `alg` or a Data Integrity cryptosuite. `claimed_at` is
    what the signer says (`iat`, `sigT`, `created`) and proves no time. `notes`
    are oddities worth telling that do not break the format.

    `purpose`, `domain` and `challenge` are what a Data Integrity proof states; `after`
    are the indices of all proofs that it rests on, near and far: they must hold too.
    """

    index: int
    algorithm: str
    hint: KeyHint
    claimed_at: datetime | None = None
    expires: datetime | None = None
    level: str | None = None  # "B", "T", "LT", "LTA" for seals
    notes: tuple[str, ...] = ()
    purpose: str | None = None
    domain: tuple[str, ...] = ()
    challenge: str | None = None
    after: tuple[int, ...] = ()
    internals: Any = field(default=None, repr=False)  # the format's own


@dataclass(frozen=True, slots=True)
class Envelope:
    """A whole file, opened.

    `carries_certificates` says whether proofs of this format name X.509
    certificates, so that `seal.*` is asked at all. `merged` are the ids whose
    properties stood in more than one place of the file. `profile` is the dialect of a
    format that has several (`ob3-jwt`, `vc-jwt`).
    """

    format: str
    proofs: tuple[Proof, ...]
    profile: str | None = None
    carries_certificates: bool = False
    merged: tuple[str, ...] = ()
    internals: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Signing:
    """By whom, with what, when and under which contexts something is signed.

    `options` are the format's own (`{"layout": "edci-1.x"}` of a seal).
    """

    identity: Identity
    algorithm: str
    at: datetime
    options: Mapping[str, Any] = field(default_factory=dict)
    documents: Documents = BUNDLED


@dataclass(frozen=True, slots=True)
class Pending:
    """A credential ready to be signed; plain data, so it can walk to a smart card."""

    format: str
    to_be_signed: bytes
    algorithm: str
    parts: Mapping[str, Any]  # JSON values that `attach` puts together

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "algorithm": self.algorithm,
            "to_be_signed": b64u(self.to_be_signed),
            "parts": dict(self.parts),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Pending:
        return cls(
            format=data["format"],
            to_be_signed=unb64u(data["to_be_signed"]),
            algorithm=data["algorithm"],
            parts=data["parts"],
        )


class HolderOnly(Unsupported):
    """A proof in which everything holds, and which is for the holder alone.

    Whoever made it has what was wanted; to anybody else nothing follows from it.
    """

    code = "holder-only"


class Format(Protocol):
    """One securing mechanism; a row in `formats.FORMATS`."""

    @property
    def id(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending: ...
    def attach(self, pending: Pending, signature: bytes) -> bytes: ...
    def recognises(self, data: bytes) -> bool: ...
    def open(
        self, data: bytes, *, documents: Documents, limits: Limits | None = None
    ) -> Envelope: ...
    def covered(self, envelope: Envelope, proof: Proof) -> Any: ...
    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None: ...

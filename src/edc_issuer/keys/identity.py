"""The two kinds of identity a signature can carry, and the `Signer` protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from cryptography import x509

from edc_issuer.jose import PublicKey

# What a key is listed for (verification relationships, CID v1.0 section 2.3): issuers
# assert, holders authenticate.
ASSERTION: Final = "assertionMethod"
AUTHENTICATION: Final = "authentication"


@dataclass(frozen=True, slots=True)
class X509Identity:
    """A seal certificate and the intermediates between it and its root."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class DidIdentity:
    """A DID (`did:key:z6Mk...`) and the key in it (`did:key:z6Mk...#z6Mk...`)."""

    did: str
    verification_method: str
    public_key: PublicKey


Identity = X509Identity | DidIdentity


class Signer(Protocol):
    """Turns messages into JOSE-shaped signatures (ECDSA as r || s).

    `sign` raises `SigningError`, never anything else; one call may carry many
    messages. Use it as a context manager: leaving it closes the key.
    """

    @property
    def algorithm(self) -> str: ...
    @property
    def identity(self) -> Identity: ...
    def sign(self, messages: Sequence[bytes]) -> list[bytes]: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

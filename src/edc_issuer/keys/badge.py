"""A bare key for badges: fresh, for its owner only, and a DID by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from edc_issuer.encoding import b64u
from edc_issuer.jose import public_to_jwk
from edc_issuer.keys.did import did_key
from edc_issuer.keys.files import PRIVATE, write_new


@dataclass(frozen=True, slots=True)
class BadgeKey:
    """A bare Ed25519 key for badges, and the DID that it is."""

    key: ed25519.Ed25519PrivateKey
    did: str

    @classmethod
    def create(cls) -> BadgeKey:
        return cls.of(ed25519.Ed25519PrivateKey.generate())

    @classmethod
    def of(cls, key: ed25519.Ed25519PrivateKey) -> BadgeKey:
        """The badge key made of a key that is there already."""
        return cls(key, did_key(key.public_key()))

    def write(self, path: Path) -> Path:
        """Write it as JWK (`.jwk`) or else PEM, for its owner only; never over one."""
        data = self._jwk() if path.suffix == ".jwk" else self._pem()
        write_new(path, data, mode=PRIVATE)
        return path

    def _jwk(self) -> bytes:
        private = b64u(self.key.private_bytes_raw())
        members = {**public_to_jwk(self.key.public_key()), "d": private}
        return json.dumps(members, indent=2).encode() + b"\n"

    def _pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_badge_key() -> BadgeKey:
    """A fresh key for badges; its `did` is what others are told."""
    return BadgeKey.create()

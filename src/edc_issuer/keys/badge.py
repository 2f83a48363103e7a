"""A bare key for badges: fresh, for its owner only, and a DID by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from edc_issuer.encoding import b64u
from edc_issuer.errors import ConfigError
from edc_issuer.jose import PrivateKey, public_to_jwk
from edc_issuer.keys.did import did_key
from edc_issuer.keys.files import PRIVATE, write_new

KEY_TYPES = ("ed25519", "p-256", "p-384", "rsa")
RSA_BITS = 3072  # ETSI TS 119 312: without an end date, with PSS


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


def new_key(kind: str) -> PrivateKey:
    """A fresh key of one of `KEY_TYPES`; `ConfigError` for another."""
    match kind.lower():
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "p-256":
            return ec.generate_private_key(ec.SECP256R1())
        case "p-384":
            return ec.generate_private_key(ec.SECP384R1())
        case "rsa":
            return rsa.generate_private_key(65537, RSA_BITS)
    raise ConfigError(f"{kind}: choose {', '.join(KEY_TYPES)}")


def write_key(path: Path, key: PrivateKey, *, password: str | None = None) -> Path:
    """Write a key as PEM for its owner only, locked if there is a password.

    It never takes the place of another file.
    """
    how: KeySerializationEncryption = NoEncryption()
    if password:
        how = BestAvailableEncryption(password.encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    write_new(path, pem, mode=PRIVATE)
    return path

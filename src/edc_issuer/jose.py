"""JOSE algorithms on `cryptography`: a key fixes its algorithm, never a header.

Signatures are JOSE-shaped bytes (ECDSA as r || s, RFC 7518 section 3.4). Which
(algorithm, key type, curve) belong together is the one table `ALGORITHMS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import Malformed, ProofInvalid

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

MIN_RSA_BITS = 2048  # RFC 7518 section 3.3
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
}
_CURVE_NAMES = {curve.name: name for name, curve in _CURVES.items()}


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One `alg` value: its family, hash and, for ECDSA, its curve."""

    name: str
    family: str  # "RS", "PS", "ES" or "EdDSA"
    digest: type[hashes.HashAlgorithm] | None
    curve: str | None = None


ALGORITHMS: Mapping[str, Algorithm] = {
    row.name: row
    for row in (
        Algorithm("RS256", "RS", hashes.SHA256),
        Algorithm("RS384", "RS", hashes.SHA384),
        Algorithm("RS512", "RS", hashes.SHA512),
        Algorithm("PS256", "PS", hashes.SHA256),
        Algorithm("PS384", "PS", hashes.SHA384),
        Algorithm("PS512", "PS", hashes.SHA512),
        Algorithm("ES256", "ES", hashes.SHA256, "P-256"),
        Algorithm("ES384", "ES", hashes.SHA384, "P-384"),
        Algorithm("EdDSA", "EdDSA", None),  # RFC 8037
        Algorithm("Ed25519", "EdDSA", None),  # RFC 9864
    )
}


def fits(alg: str, key: object) -> bool:
    """Whether `alg` is one that this very key may be used with."""
    row = ALGORITHMS.get(alg)
    if row is None:
        return False
    if row.family in ("RS", "PS"):
        return isinstance(key, rsa.RSAPublicKey | rsa.RSAPrivateKey)
    if row.family == "ES":
        if not isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey):
            return False
        return _CURVE_NAMES.get(key.curve.name) == row.curve
    return isinstance(key, ed25519.Ed25519PublicKey | ed25519.Ed25519PrivateKey)


def weakness(key: PublicKey) -> str | None:
    """Why this key must not be relied on (`weak.key` of the attack table), or None."""
    if not isinstance(key, rsa.RSAPublicKey):
        return None
    numbers = key.public_numbers()
    if key.key_size < MIN_RSA_BITS:
        return f"RSA key of {key.key_size} bits, at least {MIN_RSA_BITS} required"
    if numbers.e < 3 or numbers.e % 2 == 0:
        return f"RSA key with exponent {numbers.e}"
    return None


def sign(alg: str, key: PrivateKey, message: bytes) -> bytes:
    """Sign with a local key; `ValueError` if `alg` is not the key's own."""
    if not fits(alg, key):
        raise ValueError(f"{alg} does not fit the key")
    row = ALGORITHMS[alg]
    if isinstance(key, rsa.RSAPrivateKey):
        assert row.digest is not None
        return key.sign(message, _padding(row), row.digest())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        assert row.digest is not None
        der = key.sign(message, ec.ECDSA(row.digest()))
        return raw_ecdsa(der, key.curve.key_size)
    return key.sign(message)


def verify(alg: str, key: PublicKey, signature: bytes, message: bytes) -> None:
    """Raise `ProofInvalid` unless `signature` is the key's own over `message`."""
    if not fits(alg, key):
        raise ProofInvalid(f"{alg} does not fit the key", reason="alg.not_allowed")
    row = ALGORITHMS[alg]
    try:
        if isinstance(key, rsa.RSAPublicKey):
            assert row.digest is not None
            key.verify(signature, message, _padding(row), row.digest())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            assert row.digest is not None
            der = _der_ecdsa(signature, key.curve.key_size)
            key.verify(der, message, ec.ECDSA(row.digest()))
        else:
            key.verify(signature, message)
    except InvalidSignature as error:
        raise ProofInvalid(
            "the signature does not fit the content", reason="signature"
        ) from error


def raw_ecdsa(der: bytes, key_bits: int) -> bytes:
    """DER `ECDSA-Sig-Value` to r || s, each as long as the curve's order."""
    width = (key_bits + 7) // 8
    r, s = decode_dss_signature(der)
    return r.to_bytes(width) + s.to_bytes(width)


def _der_ecdsa(signature: bytes, key_bits: int) -> bytes:
    width = (key_bits + 7) // 8
    if len(signature) != 2 * width:
        hint = " (it is DER encoded)" if signature[:1] == b"\x30" else ""
        raise ProofInvalid(
            f"an ECDSA signature of {len(signature)} bytes, {2 * width} expected{hint}",
            reason="signature.length",
        )
    return encode_dss_signature(
        int.from_bytes(signature[:width]), int.from_bytes(signature[width:])
    )


def _padding(row: Algorithm) -> padding.AsymmetricPadding:
    if row.family == "RS":
        return padding.PKCS1v15()
    assert row.digest is not None
    digest = row.digest()
    return padding.PSS(padding.MGF1(digest), digest.digest_size)


def public_from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Read a public JWK (RSA, EC P-256/384/521, OKP Ed25519); else `Malformed`.

    A JWK that carries private members is refused (RFC 7517 section 9.2).
    """
    if "d" in jwk or "k" in jwk:
        raise Malformed("the JWK carries a private or secret key", reason="jwk")
    try:
        return _read_jwk(jwk)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"not a JWK: {error}", reason="jwk") from error


def _read_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    kind = jwk["kty"]
    if kind == "RSA":
        n, e = (int.from_bytes(unb64u(jwk[name])) for name in ("n", "e"))
        return rsa.RSAPublicNumbers(e, n).public_key()
    if kind == "EC":
        x, y = (int.from_bytes(unb64u(jwk[name])) for name in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, _CURVES[jwk["crv"]]()).public_key()
    if kind == "OKP" and jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64u(jwk["x"]))
    raise ValueError(f"key type {kind!r} is not supported")


def public_to_jwk(key: PublicKey) -> dict[str, str]:
    """Write a public key as a JWK with just its required members (RFC 7638 3.2)."""
    if isinstance(key, rsa.RSAPublicKey):
        rsa_numbers = key.public_numbers()
        return {
            "e": _uint(rsa_numbers.e),
            "kty": "RSA",
            "n": _uint(rsa_numbers.n),
        }
    if isinstance(key, ec.EllipticCurvePublicKey):
        ec_numbers = key.public_numbers()
        width = (key.curve.key_size + 7) // 8
        return {
            "crv": _CURVE_NAMES[key.curve.name],
            "kty": "EC",
            "x": b64u(ec_numbers.x.to_bytes(width)),
            "y": b64u(ec_numbers.y.to_bytes(width)),
        }
    return {"crv": "Ed25519", "kty": "OKP", "x": b64u(key.public_bytes_raw())}


def _uint(number: int) -> str:
    return b64u(number.to_bytes((number.bit_length() + 7) // 8))

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
from edc_issuer.errors import Malformed, ProofInvalid, Unsupported

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

MIN_RSA_BITS = 2048  # RFC 7518 section 3.3
MAX_RSA_BITS = 16384  # OpenSSL verifies no longer ones
# The keys of certain chips (CVE-2017-15361, ROCA) lie, modulo each of these primes,
# in the subgroup that 65537 generates; its order stands beside the prime. Of other
# keys one in 2^27 does.
_ROCA = (
    (11, 2),
    (13, 6),
    (17, 8),
    (19, 9),
    (37, 3),
    (53, 26),
    (61, 20),
    (71, 35),
    (73, 24),
    (79, 13),
    (97, 6),
    (103, 51),
    (107, 53),
    (109, 54),
    (127, 42),
    (151, 50),
    (157, 78),
)
_CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
}
_CURVE_NAMES = {curve().name: name for name, curve in _CURVES.items()}


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One `alg` value: its family, hash and, for ECDSA, its curve."""

    name: str
    family: str  # "RS", "PS", "ES" or "EdDSA"
    digest: type[hashes.HashAlgorithm]  # Ed25519 does its own hashing, with this one
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
        Algorithm("ES512", "ES", hashes.SHA512, "P-521"),
        Algorithm("EdDSA", "EdDSA", hashes.SHA512),  # RFC 8037
        Algorithm("Ed25519", "EdDSA", hashes.SHA512),  # RFC 9864
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
    if all(pow(numbers.n, order, prime) == 1 for prime, order in _ROCA):
        return "RSA key of a chip whose keys can be computed (CVE-2017-15361)"
    return None


def sign(alg: str, key: PrivateKey, message: bytes) -> bytes:
    """Sign with a local key; `ValueError` if `alg` is not the key's own."""
    if not fits(alg, key):
        raise ValueError(f"{alg} does not fit the key")
    row = ALGORITHMS[alg]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, _padding(row), row.digest())
    if isinstance(key, ec.EllipticCurvePrivateKey):
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
            key.verify(signature, message, _padding(row), row.digest())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            der = _der_ecdsa(signature, key.curve.key_size)
            key.verify(der, message, ec.ECDSA(row.digest()))
        else:
            key.verify(signature, message)
    # ValueError: OpenSSL cannot use this key for this algorithm at all.
    except (InvalidSignature, ValueError) as error:
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
    digest = row.digest()
    return padding.PSS(padding.MGF1(digest), digest.digest_size)


def public_from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Read a public JWK (RSA, EC P-256/384/521, OKP Ed25519).

    `Malformed` for a JWK that carries private members (RFC 7517 section 9.2), is
    meant for something else than signatures (sections 4.2 to 4.4) or is no key;
    `Unsupported` for other kinds of key. Ask `jwk_allows` about the algorithm.
    """
    if "d" in jwk or "k" in jwk:
        raise Malformed("the JWK carries a private or secret key", reason="jwk")
    use, operations = jwk.get("use", "sig"), jwk.get("key_ops", ["verify"])
    if use != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise Malformed("the JWK is not for signatures", reason="jwk")
    try:
        key = _read_jwk(jwk)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed("not a JWK of its own kind", reason="jwk") from error
    if "alg" in jwk and not (isinstance(jwk["alg"], str) and fits(jwk["alg"], key)):
        raise Malformed("the JWK names an algorithm not its own", reason="jwk")
    return key


def jwk_allows(jwk: Mapping[str, Any], alg: str) -> bool:
    """Whether a JWK leaves `alg` open or names it (RFC 7517 section 4.4)."""
    named = jwk.get("alg", alg)
    # RFC 9864 gives EdDSA with Ed25519 a name of its own.
    return isinstance(named, str) and _RENAMED.get(named, named) == _RENAMED.get(
        alg, alg
    )


_RENAMED = {"Ed25519": "EdDSA"}


def _read_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    kind, curve = jwk["kty"], jwk.get("crv")
    if kind == "RSA":
        return _read_rsa(jwk)
    if kind == "EC" and curve in _CURVES:
        x, y = (int.from_bytes(unb64u(jwk[name])) for name in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, _CURVES[curve]()).public_key()
    if kind == "OKP" and curve == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(unb64u(jwk["x"]))
    raise Unsupported("a JWK of a kind of key that is not used here")


def _read_rsa(jwk: Mapping[str, Any]) -> rsa.RSAPublicKey:
    n, e = (int.from_bytes(unb64u(jwk[name])) for name in ("n", "e"))
    if e < 3 or e % 2 == 0:
        raise Malformed("an RSA key whose exponent is 1 or even", reason="weak.key")
    if n.bit_length() > MAX_RSA_BITS:
        raise Malformed("an RSA key of unheard-of length", reason="jwk")
    return rsa.RSAPublicNumbers(e, n).public_key()


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

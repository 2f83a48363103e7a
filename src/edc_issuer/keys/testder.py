"""What test answers and test timestamps are both written with (RFC 5280, RFC 8017)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from edc_issuer.cms import der
from edc_issuer.cms.algorithms import (
    DIGESTS,
    ED25519,
    MGF1,
    RSA_ENCRYPTION,
    RSASSA_PSS,
    SIGNATURE_OIDS,
    write_digest,
)
from edc_issuer.jose import PrivateKey

_NULL = der.encode(der.NULL)


def extension_list(extensions: Iterable[tuple[str, bool, bytes]]) -> list[bytes]:
    """Each Extension of (object identifier, critical, DER value)."""
    return [
        der.sequence(
            der.oid(oid),
            der.encode(der.BOOLEAN, b"\xff") if critical else b"",
            der.encode(der.OCTET_STRING, value),
        )
        for oid, critical, value in extensions
    ]


def generalized_time(moment: datetime) -> bytes:
    """A GeneralizedTime in UTC, with a fraction only where there is one."""
    text = f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    return der.encode(der.GENERALIZED_TIME, f"{text}Z".encode())


def hashed(name: str, data: bytes) -> bytes:
    return hashlib.new(name.replace("-", "_"), data).digest()


def sign_as(
    key: PrivateKey, message: bytes, *, digest: str, family: str | None = None
) -> tuple[bytes, bytes]:
    """The AlgorithmIdentifier and the signature.

    `family` "PS" asks an RSA key for RSASSA-PSS, "rsaEncryption" for the algorithm
    that names no hash.
    """
    made = DIGESTS[digest][1]()
    if isinstance(key, rsa.RSAPrivateKey) and family == "PS":
        scheme = padding.PSS(padding.MGF1(made), made.digest_size)
        return _pss(digest, made.digest_size), key.sign(message, scheme, made)
    if isinstance(key, rsa.RSAPrivateKey):
        named = SIGNATURE_OIDS["RS", digest]
        oid = RSA_ENCRYPTION if family == "rsaEncryption" else named
        signature = key.sign(message, padding.PKCS1v15(), made)
        return der.sequence(der.oid(oid), _NULL), signature
    if isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm = der.sequence(der.oid(SIGNATURE_OIDS["ES", digest]))
        return algorithm, key.sign(message, ec.ECDSA(made))
    return der.sequence(der.oid(ED25519)), key.sign(message)


def _pss(digest: str, salt: int) -> bytes:
    if digest == "sha1":
        return der.sequence(der.oid(RSASSA_PSS), der.sequence())  # all defaults
    hashing = write_digest(digest)
    parameters = der.sequence(
        der.encode(0xA0, hashing),
        der.encode(0xA1, der.sequence(der.oid(MGF1), hashing)),
        der.encode(0xA2, der.integer(salt)),
    )
    return der.sequence(der.oid(RSASSA_PSS), parameters)

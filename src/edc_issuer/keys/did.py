"""DIDs that are their own key: `did:key` and `did:jwk`, written and read.

did:key is the W3C CCG method v0.7 with the multicodec prefixes of W3C CID v1.0
section 2.2; did:jwk is the method of its community specification, whose one key
is always `#0`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer import strict_json
from edc_issuer.encoding import b64u, multibase, unb58, unb64u
from edc_issuer.errors import Malformed, Unsupported
from edc_issuer.jose import PublicKey, public_from_jwk, public_to_jwk
from edc_issuer.keys.identity import DidIdentity

# Multicodec prefixes as varints, and the length of the key that follows.
ED25519: Final = b"\xed\x01"
P256: Final = b"\x80\x24"
P384: Final = b"\x81\x24"
_LENGTHS: Final = {ED25519: 32, P256: 33, P384: 49}
_UNSUPPORTED: Final = {
    b"\xe7\x01": "secp256k1",
    b"\x82\x24": "P-521",
    b"\x85\x24": "RSA",
    b"\xeb\x01": "BLS12-381",
}
MAX_DID: Final = 8192  # a did:jwk of an RSA key of 4096 bits has about 1,000 letters


def multikey(key: PublicKey) -> str | None:
    """The Multikey text (`z6Mk...`) of a key; None where did:key has no short form."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return multibase(ED25519 + key.public_bytes_raw())
    if isinstance(key, ec.EllipticCurvePublicKey):
        prefix = {"secp256r1": P256, "secp384r1": P384}.get(key.curve.name)
        point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        return multibase(prefix + point) if prefix else None
    return None


def did_key(key: PublicKey) -> str:
    """The did:key of an Ed25519, P-256 or P-384 key; `ValueError` for others."""
    text = multikey(key)
    if text is None:
        raise ValueError("did:key is for Ed25519, P-256 and P-384 keys")
    return f"did:key:{text}"


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of any key; members sorted, so that one key has one DID."""
    return f"did:jwk:{b64u(_canonical_jwk(key))}"


def thumbprint(key: PublicKey) -> str:
    """The RFC 7638 thumbprint (SHA-256, base64url) of a key."""
    return b64u(hashlib.sha256(_canonical_jwk(key)).digest())


def _canonical_jwk(key: PublicKey) -> bytes:
    jwk = public_to_jwk(key)
    return json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()


def own_identity(key: PublicKey) -> DidIdentity:
    """The identity of a bare key: did:key where there is one, else did:jwk."""
    text = multikey(key)
    if text is not None:
        return DidIdentity(f"did:key:{text}", f"did:key:{text}#{text}", key)
    did = did_jwk(key)
    return DidIdentity(did, f"{did}#0", key)


def read_multikey(text: str) -> PublicKey:
    """Read a Multikey in base58btc; `Malformed` or `Unsupported` (section 2.2.2).

    Reasons: `did.multibase`, `did.base58`, `did.multicodec`, `did.length`,
    `did.point`.
    """
    if not text.startswith("z"):
        raise Malformed("a key that is not base58btc (z...)", reason="did.multibase")
    try:
        data = unb58(text[1:])
    except ValueError as error:
        raise Malformed(
            f"a key that is not base58: {error}", reason="did.base58"
        ) from (error)
    prefix, body = data[:2], data[2:]
    if prefix in _UNSUPPORTED:
        raise Unsupported(f"keys of type {_UNSUPPORTED[prefix]} are not read")
    if prefix not in _LENGTHS:
        raise Malformed("a key of no type that can sign", reason="did.multicodec")
    if len(body) != _LENGTHS[prefix]:
        raise Malformed(
            f"a key of {len(body)} bytes, {_LENGTHS[prefix]} expected",
            reason="did.length",
        )
    return _key(prefix, body)


def _key(prefix: bytes, body: bytes) -> PublicKey:
    if prefix == ED25519:
        return ed25519.Ed25519PublicKey.from_public_bytes(body)
    curve = ec.SECP256R1() if prefix == P256 else ec.SECP384R1()
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, body)
    except ValueError as error:
        raise Malformed("a key that is not a point", reason="did.point") from error


def read_did_jwk(encoded: str) -> tuple[PublicKey, str | None]:
    """The key of a did:jwk and the one `alg` that it is for, if it names one.

    `Malformed` if it is none, or not for signatures.
    """
    try:
        data = unb64u(encoded)
    except ValueError as error:
        raise Malformed(f"a did:jwk that is {error}", reason="did.jwk") from error
    jwk = strict_json.loads_object(data, max_bytes=MAX_DID)
    return public_from_jwk(jwk), jwk.get("alg")

"""`jwcrypto` and `joserfc`: two JOSE libraries on our seals and tokens.

Neither knows JAdES; each is told which header members are understood, and joserfc
that a header with certificates in it is longer than 512 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws as joserfc_jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter
from jwcrypto.common import JWException, JWSEHeaderParameter
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from edc_issuer.jose import PublicKey

JWCRYPTO = "jwcrypto"
JOSERFC = "joserfc"
VERSIONS = {name: version(name) for name in (JWCRYPTO, JOSERFC)}
_ALGORITHMS = ["ES256", "ES384", "PS256", "RS256", "EdDSA"]
_MEMBERS = {"iat": "int", "sigT": "str"}


def _said(read: Callable[[], str], expected: str) -> str:
    """ "valid" where the signature holds and covers these very characters."""
    try:
        return "valid" if read() == expected else "valid, for another payload"
    except (JWException, JoseError) as error:
        return f"refused: {type(error).__name__}"


def _pem(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _text(payload: bytes | str) -> str:
    return payload.decode() if isinstance(payload, bytes) else payload


def _jwcrypto(data: bytes, key: PublicKey) -> str:
    members = {
        name: JWSEHeaderParameter(name, mustprotect=True, supported=True, check_fn=None)
        for name in _MEMBERS
    }
    reader = JWS(header_registry=members)
    reader.allowed_algs = _ALGORITHMS
    reader.deserialize(data.decode(), JWK.from_pem(_pem(key)))
    return _text(reader.payload)


def _joserfc(data: bytes, key: PublicKey) -> str:
    members = {name: HeaderParameter(name, kind) for name, kind in _MEMBERS.items()}
    registry = JWSRegistry(header_registry=members, algorithms=_ALGORITHMS)
    registry.max_header_length = 16 * 1024
    registry.max_payload_length = 4 * 1024 * 1024
    jwk = import_key(json.loads(JWK.from_pem(_pem(key)).export()))
    if data.startswith(b"{"):
        read = joserfc_jws.deserialize_json(json.loads(data), jwk, registry=registry)
    else:
        read = joserfc_jws.deserialize_compact(data, jwk, registry=registry)
    return _text(read.payload)


def ask(judge: str, data: bytes, key: PublicKey, *, payload: str) -> str:
    """What one of the two says of a JWS that should sign this payload."""
    read = _jwcrypto if judge == JWCRYPTO else _joserfc
    return _said(lambda: read(data, key), payload)

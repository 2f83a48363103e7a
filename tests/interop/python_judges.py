"""`openbadgeslib` and `openvc-core`, asked to verify and to issue.

Both canonicalize with pyld, which writes some control characters as they are where
RDFC-1.0 (section 5) has `\\b`, `\\f` or `\\u0001`. A badge with one of these in a text
cannot be exchanged with them as Data Integrity, in either direction; the JavaScript
judges side with us.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import openvc
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpSigner, OB3LdpVerifier, OB3Signer, OB3Verifier
from openbadgeslib.ob3.credential import OpenBadgeCredential
from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey, P256SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite

from edc_issuer.documents import BUNDLED
from edc_issuer.jose import PrivateKey, PublicKey
from edc_issuer.keys.did import own_identity

OPENBADGESLIB = "openbadgeslib"
OPENVC = "openvc-core"
VERSIONS = {name: version(name) for name in (OPENBADGESLIB, OPENVC)}
_OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
Badge = Mapping[str, Any]


def _said(ask: Callable[[], object]) -> str:
    """What a judge that raises says, in its own words."""
    try:
        ask()
    except (LibOpenBadgesException, OpenvcError) as error:
        return f"refused: {error}"
    return "valid"


def _contexts() -> Mapping[str, Any]:
    """openvc-core brings the credentials context only; it is handed this one."""
    return {_OB_CONTEXT: BUNDLED.get(_OB_CONTEXT)}


def openbadgeslib_di(badge: Badge) -> str:
    """openbadgeslib on an embedded proof; the key is the issuer's DID."""
    verifier = OB3LdpVerifier.for_issuer_did(badge["issuer"]["id"])
    return _said(lambda: verifier.verify(json.dumps(badge)))


def openvc_di(badge: Badge) -> str:
    """openvc-core on an embedded proof, out of its array: it reads a single one."""
    single = {**badge, "proof": badge["proof"][0]}
    return _said(lambda: openvc.verify_credential(single, extra_contexts=_contexts()))


def openbadgeslib_jwt(token: bytes, key: PublicKey) -> str:
    """openbadgeslib on a VC-JWT, under the key that its user knows."""
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _said(lambda: OB3Verifier(pem).verify(token.decode()))


def openvc_jwt(token: bytes, key: PublicKey) -> str:
    """openvc-core on a VC-JWT; it finds the key by the issuer's DID."""
    return _said(lambda: openvc.verify_credential(token.decode()))


@dataclass(frozen=True, slots=True)
class Maker:
    """A school that works with one of these libraries, and its key."""

    key: PrivateKey

    @property
    def did(self) -> str:
        """Who it says it is: the DID of its key."""
        return own_identity(self.key.public_key()).did

    @property
    def _method(self) -> str:
        return own_identity(self.key.public_key()).verification_method

    @property
    def pem(self) -> bytes:
        """The key, as both take it."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def named(self, badge: Badge) -> dict[str, Any]:
        """An unsigned badge with this school in place of its issuer."""
        text = json.dumps(badge).replace(badge["issuer"]["id"], self.did)
        value: dict[str, Any] = json.loads(text)
        return value

    def badge(self, judge: str, badge: Badge) -> bytes:
        """A badge with an embedded proof made by one of the two."""
        made = self._openvc_di if judge == OPENVC else self._openbadgeslib_di
        return made(badge)

    def token(self, judge: str, badge: Badge, algorithm: str) -> bytes:
        """A VC-JWT made by one of the two; openvc-core has no RSA key."""
        made = self._openvc_jwt if judge == OPENVC else self._openbadgeslib_jwt
        return made(badge, algorithm)

    def _openbadgeslib_di(self, badge: Badge) -> bytes:
        """What openbadgeslib keeps of a badge, with its embedded proof."""
        model = OpenBadgeCredential.from_vc_document(self.named(badge))
        return str(OB3LdpSigner(self.pem).sign_to_json(model)).encode()

    def _openbadgeslib_jwt(self, badge: Badge, algorithm: str) -> bytes:
        """The same as a VC-JWT with the key in its header."""
        model = OpenBadgeCredential.from_vc_document(self.named(badge))
        return str(OB3Signer(self.pem, algorithm).sign(model)).encode()

    def _openvc_di(self, badge: Badge) -> bytes:
        """The whole badge with an embedded proof of openvc-core."""
        signed = DataIntegrityProofSuite().add_proof(
            self.named(badge),
            signing_key=Ed25519SigningKey.from_pem(self.pem, self._method),
            verification_method=self._method,
            extra_contexts=_contexts(),
        )
        return json.dumps(signed).encode()

    def _openvc_jwt(self, badge: Badge, algorithm: str) -> bytes:
        """The whole badge in the `vc` claim of openvc-core's VC-JWT."""
        kind = P256SigningKey if algorithm == "ES256" else Ed25519SigningKey
        key = kind.from_pem(self.pem, self._method)
        return str(VcJwtProofSuite().sign(self.named(badge), signing_key=key)).encode()

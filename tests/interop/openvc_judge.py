"""`openvc-core` with each cryptosuite and kind of token that it knows, both ways.

What it takes is one embedded proof, not a list of proofs: it is given ours out of
the list that the Open Badges schema demands. Contexts that it lacks are handed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import version
from typing import Any

import openvc
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from openvc.errors import OpenvcError
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.ecdsa_sd import EcdsaSdProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from openvc.proof.vp_jwt import VpJwtProofSuite
from openvc.resolvers import default_status_list_resolver
from openvc.status import (
    build_status_list_credential,
    build_status_list_entry,
    new_bitstring,
    set_status_bit,
)
from openvc.verify import default_resolver

from edc_issuer.documents import BUNDLED
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.did import own_identity

JUDGE = "openvc-core"
VERSION = version(JUDGE)
ENTRIES = 131_072
_OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_CONTEXTS = {_OB_CONTEXT: BUNDLED.get(_OB_CONTEXT)}
Badge = Mapping[str, Any]
_BACKENDS: Mapping[str, Any] = {
    "Ed25519": openvc.Ed25519SigningKey,
    "P-256": openvc.P256SigningKey,
    "P-384": openvc.P384SigningKey,
}
_SUITES = {
    "eddsa-rdfc-2022": DataIntegrityProofSuite,
    "eddsa-jcs-2022": EddsaJcsProofSuite,
    "ecdsa-rdfc-2019": EcdsaRdfcProofSuite,
    "ecdsa-jcs-2019": EcdsaJcsProofSuite,
}


def said(ask: Callable[[], object]) -> str:
    """ "valid", or what it refuses with, in its own words but not quoting the file."""
    try:
        ask()
    except OpenvcError as error:
        words, _, _ = str(error).partition(": (")
        return f"refused: {words}"
    return "valid"


def single(document: Badge) -> dict[str, Any]:
    """A document with one proof instead of a list of one."""
    proof = document["proof"]
    return {**document, "proof": proof[0] if isinstance(proof, list) else proof}


def verify(badge: Badge) -> str:
    """Of a badge with an embedded proof."""
    given = single(badge)
    return said(lambda: openvc.verify_credential(given, extra_contexts=_CONTEXTS))


def verify_token(token: bytes) -> str:
    """Of a VC-JWT, or of a badge in its envelope."""
    text = token.decode()
    given = json.loads(text) if text.startswith("{") else text
    return said(lambda: openvc.verify_credential(given))


def verify_with_list(badge: Badge, lists: Mapping[str, bytes]) -> str:
    """Of a badge with a status, when these lists lie at these addresses."""

    def fetch(url: str) -> str:
        if url not in lists:
            raise OpenvcError("not found")
        text = lists[url].decode()
        return json.dumps(single(json.loads(text))) if text.startswith("{") else text

    resolve = default_status_list_resolver(fetch=fetch, extra_contexts=_CONTEXTS)
    policy = openvc.VerificationPolicy(require_status_issuer_binding=True)
    return said(
        lambda: openvc.verify_credential(
            single(badge),
            policy=policy,
            resolve_status_list=resolve,
            extra_contexts=_CONTEXTS,
        )
    )


def verify_presentation(document: Badge, *, challenge: str, domain: str) -> str:
    """Of a presentation with an embedded proof, and of each badge in it."""
    given = single(document)
    suite = _suite(given["proof"]["cryptosuite"])
    more = {} if "jcs" in given["proof"]["cryptosuite"] else _more()

    def ask() -> None:
        suite.verify(
            given,
            resolver=default_resolver(),
            expected_proof_purpose="authentication",
            expected_challenge=challenge,
            expected_domain=domain,
            **more,
        )
        for badge in given["verifiableCredential"]:
            openvc.verify_credential(single(badge), extra_contexts=_CONTEXTS)

    return said(ask)


def verify_vp_token(token: bytes, *, challenge: str, domain: str) -> str:
    """Of a presentation that is a JWT."""
    return said(
        lambda: VpJwtProofSuite().verify(
            token.decode(), audience=domain, nonce=challenge, extra_contexts=_CONTEXTS
        )
    )


def _suite(name: str) -> Any:
    return _SUITES[name]()


def _more() -> dict[str, Any]:
    return {"extra_contexts": _CONTEXTS}


@dataclass(frozen=True)
class Maker:
    """A school, or a learner, who signs with openvc-core; `kind` is that of the key."""

    kind: str
    key: PrivateKey

    @cached_property
    def did(self) -> str:
        """The DID of its key."""
        return own_identity(self.key.public_key()).did

    @cached_property
    def method(self) -> str:
        """The address of its key."""
        return own_identity(self.key.public_key()).verification_method

    @cached_property
    def _signs(self) -> Any:
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return _BACKENDS[self.kind].from_pem(pem, self.method)

    def named(self, badge: Badge) -> dict[str, Any]:
        """An unsigned badge with this school in place of its issuer."""
        text = json.dumps(badge).replace(badge["issuer"]["id"], self.did)
        value: dict[str, Any] = json.loads(text)
        return value

    def signed(self, suite: str, document: Badge, **options: Any) -> dict[str, Any]:
        """Any document as it is, with an embedded proof."""
        more = {} if "jcs" in suite else _more()
        secured: dict[str, Any] = _suite(suite).add_proof(
            dict(document),
            signing_key=self._signs,
            verification_method=self.method,
            **more,
            **options,
        )
        return secured

    def base(self, badge: Badge, mandatory: Sequence[str]) -> dict[str, Any]:
        """A badge that its learner can show in part."""
        secured: dict[str, Any] = EcdsaSdProofSuite().add_base_proof(
            self.named(badge),
            signing_key=self._signs,
            verification_method=self.method,
            mandatory_pointers=mandatory,
            extra_contexts=_CONTEXTS,
        )
        return secured

    def token(self, badge: Badge) -> bytes:
        """A VC-JWT: the badge in its `vc` claim."""
        return self.enveloped(self.named(badge))

    def enveloped(self, credential: Badge) -> bytes:
        """A VC-JWT of any credential as it is."""
        text = VcJwtProofSuite().sign(dict(credential), signing_key=self._signs)
        return str(text).encode()

    def vp_token(
        self, badges: Sequence[bytes], *, challenge: str, domain: str
    ) -> bytes:
        """A presentation as a JWT: the badges in its `vp` claim."""
        held = [
            json.loads(badge) if badge.startswith(b"{") else badge.decode()
            for badge in badges
        ]
        text = VpJwtProofSuite().sign(
            held, holder_key=self._signs, audience=domain, nonce=challenge
        )
        return str(text).encode()

    def status_list(self, url: str, positions: Sequence[int], purpose: str) -> Badge:
        """An unsigned list of this school, in which these positions are set."""
        bits = new_bitstring(ENTRIES)
        for position in positions:
            set_status_bit(bits, position, 1)
        now = datetime.now(UTC)
        made: Badge = build_status_list_credential(
            id=url,
            issuer=self.did,
            bitstring=bits,
            status_purpose=purpose,
            valid_from=now - timedelta(hours=1),
            valid_until=now + timedelta(days=1),
        )
        return made


def disclosed(base: Badge, reveal: Sequence[str]) -> dict[str, Any]:
    """What openvc-core lets a learner show of a badge."""
    shown: dict[str, Any] = EcdsaSdProofSuite().derive_proof(
        single(base), selective_pointers=reveal, extra_contexts=_CONTEXTS
    )
    return shown


def entry(url: str, position: int, purpose: str) -> dict[str, Any]:
    """How a badge names its position in a list."""
    made: dict[str, Any] = build_status_list_entry(
        status_list_credential=url,
        index=position,
        status_purpose=purpose,
        id=f"{url}#{position}",
    )
    return made

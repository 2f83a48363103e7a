"""Credentials as one line of text: the VC-JWT.

The credential is the payload of a compact JSON Web Signature. Written in one of two
profiles (`jwt_profiles`): Open Badges 3.0 section 8.2, or W3C VC-JOSE-COSE. Read are
both, and the `vc` and `vp` claims of VCDM 1.1; the envelope says which one it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from edc_issuer import jose, strict_json
from edc_issuer.documents import Documents
from edc_issuer.encoding import b64u
from edc_issuer.errors import Malformed, ProofInvalid, Unsupported
from edc_issuer.formats import jws, jwt_claims
from edc_issuer.formats.base import Envelope, KeyHint, Pending, Proof, Signing
from edc_issuer.formats.jwt_claims import Claims, Said
from edc_issuer.formats.jwt_profiles import (
    OB3,
    OB3_JWT,
    VC_JOSE,
    VC_JWT,
    Profile,
    kind_of,
    profile_of,
)
from edc_issuer.jose import PublicKey

if TYPE_CHECKING:
    from edc_issuer.canonical import Limits

_BEGIN = re.compile(rb"\s*e[yw][A-Za-z0-9_=+/-]*\.")  # base64url of a brace
_OB2 = "https://w3id.org/openbadges/v2"
_CREDENTIALS = frozenset({"jwt", "vc+jwt", "vc+ld+jwt"})
_PRESENTATIONS = frozenset({"vp+jwt", "vp+ld+jwt"})
_HEADER = frozenset({"alg", "kid", "jwk", "typ", "cty"})


@dataclass(frozen=True, slots=True)
class Token:
    """An opened VC-JWT: the signature's parts, and what the payload says twice."""

    jws: jws.Jws
    claims: Claims
    said: Said


@dataclass(frozen=True, slots=True)
class Jwt:
    """The VC-JWT format; a row of `formats.FORMATS`.

    All profiles are read by each of them; `writes` is the one that is written.
    """

    id: str = "jwt"
    suffix: str = ".jwt"
    writes: Profile = OB3

    @property
    def media_type(self) -> str:
        return self.writes.media_type

    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending:
        """Make a VC-JWT ready to be signed.

        Of `ob3-jwt` the option `key` "jwk" puts the key itself in the header in place
        of its address. Of `vc-jwt` the option `kind` "presentation" writes a `vp+jwt`,
        with `domain` (whom it is for) and `challenge` (what they asked) as the claims
        `aud` and `nonce`. Raises what `Profile.write` raises.
        """
        header, payload = self.writes.write(credential, signing)
        first = b64u(jws.dump(header))
        second = b64u(jws.dump(payload))
        return Pending(
            format=self.id,
            to_be_signed=f"{first}.{second}".encode(),
            algorithm=signing.algorithm,
            parts={},
        )

    def attach(self, pending: Pending, signature: bytes) -> bytes:
        return b"%b.%b" % (pending.to_be_signed, b64u(signature).encode())

    def recognises(self, data: bytes) -> bool:
        """Whether this begins as a compact JWS; ask after `JADES`."""
        return _BEGIN.match(data) is not None

    def open(
        self, data: bytes, *, documents: Documents, limits: Limits | None = None
    ) -> Envelope:
        """Read a VC-JWT; nothing is verified.

        Raises `Malformed`; `Unsupported` for an SD-JWT, a JWE, a signed Open
        Badge 2.0, and a JWT whose `typ` is not that of a credential.
        """
        if b"~" in data:
            raise Unsupported("an SD-JWT (selective disclosure) is not read yet")
        # RFC 7797 section 7 keeps `b64` out of a JWT, so `crit` can demand nothing.
        opened = jws.read(data, understood=frozenset())
        if opened.serialization != "compact":
            raise Malformed("a JWT is a compact JWS", reason="jws.parts")
        payload = strict_json.loads_object(opened.content)
        if payload.get("@context") == _OB2:
            raise Unsupported("a signed Open Badge 2.0; Open Badges 3.0 are read here")
        claims = Claims.read(payload)
        said = jwt_claims.read_payload(payload, claims)
        _check_typ(opened.signatures[0].header, payload, said)
        profile = profile_of(opened.signatures[0].header, payload)
        return Envelope(
            format=self.id,
            proofs=(_proof(opened, said, claims, profile),),
            profile=profile,
            internals=Token(opened, claims, said),
        )

    def covered(self, envelope: Envelope, proof: Proof) -> Any:
        """The credential or presentation, without the registered claims."""
        return _token(envelope).said.document

    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None:
        """Raise `ProofInvalid` unless this key signed, and the claims agree.

        A payload whose `iss`, `sub` or `jti` is not the credential's issuer,
        subject or id says two things at once (`claims.conflict`).
        """
        token = _token(envelope)
        signature = token.jws.signatures[0]
        message = token.jws.signing_input(signature)
        jose.verify(proof.algorithm, key, signature.value, message)
        unlike = jwt_claims.conflicts(token.said, token.claims, signature.header)
        if unlike:
            raise ProofInvalid(
                f"the claims {', '.join(unlike)} contradict the credential",
                reason="claims.conflict",
            )


JWT = Jwt()
VC_JOSE_JWT = Jwt(writes=VC_JOSE)


def not_before(proof: Proof) -> datetime | None:
    """The claim `nbf` of a VC-JWT's proof."""
    return proof.internals.not_before if isinstance(proof.internals, Claims) else None


def _token(envelope: Envelope) -> Token:
    if not isinstance(envelope.internals, Token):
        raise TypeError(f"an envelope of the format {envelope.format}, not jwt")
    return envelope.internals


def _check_typ(
    header: Mapping[str, Any], payload: Mapping[str, Any], said: Said
) -> None:
    """One kind of JWT must never pass for another (RFC 8725 section 3.11)."""
    typ = header.get("typ", "JWT")
    if not isinstance(typ, str):
        raise Malformed("typ is not text", reason="header")
    name = kind_of(header)
    if name not in _CREDENTIALS | _PRESENTATIONS:
        raise Unsupported("a JWT of another kind; typ is JWT, vc+jwt or vp+jwt here")
    if name != "jwt" and not payload.keys().isdisjoint(("vc", "vp")):
        raise Malformed("vc and vp do not go with vc+jwt", reason="jwt.claims")
    if name in _PRESENTATIONS and said.kind != "presentation":
        raise Malformed("typ vp+jwt without a presentation", reason="jwt.claims")
    if name in _CREDENTIALS - {"jwt"} and said.kind == "presentation":
        raise Malformed("typ vc+jwt without a credential", reason="jwt.claims")


def _proof(opened: jws.Jws, said: Said, claims: Claims, profile: str) -> Proof:
    header = opened.signatures[0].header
    return Proof(
        index=0,
        algorithm=header["alg"],
        hint=KeyHint(url=_key_url(header, claims, said), jwk=_jwk(header)),
        claimed_at=claims.issued_at,
        expires=claims.expires,
        notes=tuple(_notes(header, said, claims, profile)),
        domain=claims.audience,
        challenge=claims.nonce,
        internals=claims,
    )


def _key_url(header: Mapping[str, Any], claims: Claims, said: Said) -> str | None:
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise Malformed("kid is not text", reason="header")
    # VC-JOSE-COSE leaves `iss` out where the document names its issuer anyway.
    issuer = claims.issuer or jwt_claims.speaker_of(said) or ""
    if kid is None:
        return issuer if issuer.startswith("did:") and "jwk" not in header else None
    if kid.startswith("#"):
        return issuer + kid
    # A name that is no address is that of a key in the issuer's document or JWK set.
    has_document = issuer.startswith(("https://", "did:web:"))
    return f"{issuer}#{kid}" if has_document and ":" not in kid else kid


def _jwk(header: Mapping[str, Any]) -> Mapping[str, Any] | None:
    jwk = header.get("jwk")
    if "jwk" not in header:
        return None
    if not isinstance(jwk, dict) or "d" in jwk or "k" in jwk:
        raise Malformed("jwk is not a public key", reason="jwk")
    if not jose.jwk_allows(jwk, header["alg"]):
        raise Malformed("alg is not the one that the jwk names", reason="jwk")
    return jwk


def _notes(
    header: Mapping[str, Any], said: Said, claims: Claims, profile: str
) -> Iterator[str]:
    if said.kind == "presentation":
        yield "presentation"
    # In vc-jwt these claims are about the signature (VC-JOSE-COSE section 3.1.3).
    if profile != VC_JWT and jwt_claims.has_two_windows(said, claims):
        yield "two-windows"
    if "x5u" in header or "jku" in header:
        yield "key-address-not-followed"
    if profile == OB3_JWT and header.keys() - _HEADER:
        yield "header-not-of-a-badge"

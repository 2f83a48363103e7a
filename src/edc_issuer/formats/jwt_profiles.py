"""The two ways to write a credential as a JWT: that of Open Badges, that of the W3C.

They differ in what stands around one and the same credential. Open Badges 3.0
section 8.2 repeats issuer, id and dates as claims under a header of three members;
W3C VC-JOSE-COSE section 3.1 signs the credential as it is and says by `typ` what it
is. A reader of the one often refuses the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer import jose
from edc_issuer.documents import Documents
from edc_issuer.errors import ConfigError, InputError, Problem, RecordError
from edc_issuer.formats import jwt_claims
from edc_issuer.formats.base import Signing
from edc_issuer.keys.identity import DidIdentity

Members = dict[str, Any]
OB3_JWT, VC_JWT, VCDM_1_JWT = "ob3-jwt", "vc-jwt", "vcdm-1.1-jwt"
V2 = "https://www.w3.org/ns/credentials/v2"


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to write: its name, its algorithms, and what makes the two parts."""

    id: str
    media_type: str
    algorithms: tuple[str, ...]
    header: Callable[[DidIdentity, Signing], Members]
    payload: Callable[[Mapping[str, Any], DidIdentity, Signing], Members]

    def write(
        self, credential: Mapping[str, Any], signing: Signing
    ) -> tuple[Members, Members]:
        """Header and payload.

        `ConfigError` for an identity that is no DID or an algorithm that is not the
        key's own, `RecordError` for a credential that cannot be written so.
        """
        holder = self._signer(signing)
        return self.header(holder, signing), self.payload(credential, holder, signing)

    def _signer(self, signing: Signing) -> DidIdentity:
        identity, algorithm = signing.identity, signing.algorithm
        if not isinstance(identity, DidIdentity):
            raise ConfigError("a VC-JWT is signed by a DID; this key has a certificate")
        if algorithm not in self.algorithms or not jose.fits(
            algorithm, identity.public_key
        ):
            raise ConfigError(
                f"{algorithm} is not for this key; {self.id} takes "
                f"{', '.join(self.algorithms)}"
            )
        return identity


def profile_of(header: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    """Which of the profiles a JWT follows, by its `typ` and by its claims."""
    if not payload.keys().isdisjoint(("vc", "vp")):
        return VCDM_1_JWT
    return VC_JWT if kind_of(header) != "jwt" else OB3_JWT


def kind_of(header: Mapping[str, Any]) -> str:
    """`typ` in lower case, without the prefix it may have (RFC 7515 section 4.1.9)."""
    return str(header.get("typ", "JWT")).lower().removeprefix("application/")


def _badge_header(holder: DidIdentity, signing: Signing) -> Members:
    """Only these: Open Badges 3.0 section 8.2.3 allows no others."""
    header: Members = {"alg": signing.algorithm, "typ": "JWT"}
    key = signing.options.get("key", "kid")
    if key == "kid":
        return {**header, "kid": holder.verification_method}
    if key == "jwk":
        return {**header, "jwk": jose.public_to_jwk(holder.public_key)}
    raise ConfigError(f"a VC-JWT names its key by kid or jwk, not by {key!r}")


def _badge_payload(
    credential: Mapping[str, Any], holder: DidIdentity, signing: Signing
) -> Members:
    claims = jwt_claims.write(credential, at=signing.at)
    _refuse_other_signer(claims["iss"], holder)
    return {**credential, **claims}


def _w3c_header(holder: DidIdentity, signing: Signing) -> Members:
    """Section 3.1.1: `typ` and `cty`; section 4.1.1: `kid` is where the key is."""
    kind = "vp" if _is_presentation(signing) else "vc"
    return {
        "alg": signing.algorithm,
        "typ": f"{kind}+jwt",
        "cty": kind,
        "kid": holder.verification_method,
    }


def _is_presentation(signing: Signing) -> bool:
    return signing.options.get("kind") == "presentation"


def _w3c_payload(
    document: Mapping[str, Any], holder: DidIdentity, signing: Signing
) -> Members:
    """The document as it is, and when it was signed (`iat`, section 3.1.3).

    Of a presentation also whom it is for, and their challenge.
    """
    refused = [*_unlike_w3c(document)]
    if refused:
        raise RecordError(refused)
    bound: Members = {"iat": int(signing.at.timestamp())}
    if _is_presentation(signing):
        refuse_unsignable(document, signing.documents)
        bound["aud"] = signing.options.get("domain")
        bound["nonce"] = signing.options.get("challenge")
    else:
        issuer = document.get("issuer")
        named = issuer.get("id") if isinstance(issuer, Mapping) else issuer
        _refuse_other_signer(named, holder)
    return {**document, **{k: v for k, v in bound.items() if v is not None}}


def _unlike_w3c(document: Mapping[str, Any]) -> list[Problem]:
    """Section 3.1.3: what must not stand there, and what the media type is about."""
    problems = [
        Problem(name, "jwt.claim", "is the name of a JWT claim; rename the property")
        for name in sorted({*jwt_claims.CLAIMS, "vc", "vp"} & document.keys())
    ]
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if first != V2:
        text = f"vc-jwt is for version 2.0 of the data model; it begins with {V2}"
        problems.append(Problem("@context", "version.mixed", text))
    return problems


def refuse_unsignable(document: Mapping[str, Any], documents: Documents) -> None:
    """`RecordError` for what a JSON-LD reader would drop: it is not signed at all.

    For whoever signs documents that others wrote; what a model builds was inspected.
    """
    # Here, because the older profile does without the rules of JSON-LD.
    from edc_issuer.canonical import check_signable

    try:
        check_signable(document, documents=documents)
    except InputError as error:
        raise RecordError([Problem("", error.reason, str(error))]) from error


def _refuse_other_signer(issuer: object, holder: DidIdentity) -> None:
    if issuer != holder.did:
        message = "is not the DID of the key; verifiers would refuse the badge"
        raise RecordError([Problem("issuer.id", "issuer.not-signer", message)])


OB3 = Profile(
    OB3_JWT,
    "application/jwt",
    ("ES256", "EdDSA", "RS256"),  # what verifiers of Open Badges read
    _badge_header,
    _badge_payload,
)
VC_JOSE = Profile(
    VC_JWT,
    "application/vc+jwt",
    ("ES256", "ES384", "EdDSA", "PS256", "RS256"),
    _w3c_header,
    _w3c_payload,
)

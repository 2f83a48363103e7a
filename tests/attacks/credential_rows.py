"""What a credential says twice and unlike, when it holds, and what it points to."""

from __future__ import annotations

from typing import Any

from attacks.case import Case, honest_badge, honest_jwt, honest_seal
from attacks.workshop import (
    AT,
    OB,
    V1,
    V2,
    badge,
    claims,
    compact_json,
    edc,
    encoded,
    jwt,
    jwt_header,
    proved,
    sealed,
)


def w3c(**changes: Any) -> bytes:
    """The badge as W3C VC-JOSE-COSE signs it, with more members beside it."""
    return jwt({**badge(), **changes}, header=jwt_header(typ="vc+jwt", cty="vc"))


def honest_w3c() -> bytes:
    return w3c()


def _wrapped(**around: Any) -> bytes:
    """The badge in a `vc` claim, with other claims around it."""
    return jwt({"vc": badge(), **claims_alone(), **around})


def claims_alone() -> dict[str, Any]:
    return {k: v for k, v in claims().items() if k in ("iss", "jti", "sub", "nbf")}


_CONFLICT = "proof.integrity fail claims.conflict"
_OTHERS = {
    "iss": "did:web:drugi.example",
    "sub": "did:web:druga.example",
    "jti": "urn:uuid:druga",
}
ROW_25 = (
    *(
        Case(
            25,
            f"{claim}-conflict",
            f"the claim {claim} names something else than the badge",
            honest_jwt,
            lambda claim=claim, other=other: jwt(claims(**{claim: other})),  # type: ignore[misc]
            _CONFLICT,
        )
        for claim, other in _OTHERS.items()
    ),
    *(
        Case(
            25,
            f"{claim}-conflict-in-vc-jwt",
            f"the claim {claim} names something else, in the profile of the W3C",
            honest_w3c,
            lambda claim=claim, other=other: w3c(**{claim: other}),  # type: ignore[misc]
            _CONFLICT,
        )
        for claim, other in _OTHERS.items()
    ),
    *(
        Case(
            25,
            f"{claim}-conflict-around-a-vc-claim",
            f"the claim {claim} names something else than the credential inside",
            _wrapped,
            lambda claim=claim, other=other: _wrapped(**{claim: other}),  # type: ignore[misc]
            _CONFLICT,
        )
        for claim, other in _OTHERS.items()
    ),
    Case(
        25,
        "nbf-conflict",
        "nbf is a year before validFrom: the narrower window counts",
        honest_jwt,
        lambda: jwt(claims(nbf=claims()["nbf"] - 31_536_000)),
        "credential.validity warn two-windows",
        passes=True,
    ),
    Case(
        25,
        "nbf-later-than-validFrom",
        "nbf has not come yet, whatever validFrom says",
        honest_jwt,
        lambda: jwt(claims(nbf=int(AT.timestamp()) + 60)),
        "credential.validity fail not-yet-valid",
    ),
    Case(
        25,
        "exp-before-validUntil",
        "exp has passed, validUntil has not",
        honest_jwt,
        lambda: jwt(
            claims(
                badge(validUntil="2035-01-01T00:00:00Z"), exp=int(AT.timestamp()) - 60
            )
        ),
        "credential.validity fail expired",
    ),
    Case(
        25,
        "exp-of-a-vc-jwt",
        "the signature has ended, the credential says nothing of an end",
        honest_w3c,
        lambda: w3c(exp=int(AT.timestamp()) - 60),
        "credential.validity fail expired",
    ),
    Case(
        25,
        "status-hidden-beside-vc",
        "a status beside the vc claim that the credential inside does not have",
        _wrapped,
        lambda: _wrapped(credentialStatus={"id": "urn:x:1", "type": "Neznan"}),
        "credential.status undecided status-type-unknown",
    ),
)


def _with_jwt_proof(**changes: Any) -> bytes:
    """The genuine JWT inside a proof, and around it what a reader would see."""
    proof = {"type": "JwtProof2020", "jwt": honest_jwt().decode()}
    return encoded({**badge(**changes), "proof": proof})


ROW_26 = (
    Case(
        26,
        "outer-object-changed",
        "proof.jwt is genuine, the object around it says something else",
        honest_jwt,
        lambda: _with_jwt_proof(name="Magister čebelarstva"),
        "proof.integrity undecided blocked",
    ),
    Case(
        26,
        "outer-object-as-signed",
        "proof.jwt is genuine, and so is what stands around it: nobody signed that",
        honest_jwt,
        _with_jwt_proof,
        "proof.integrity undecided blocked",
    ),
)


def _dated(**dates: Any) -> bytes:
    return encoded(proved(badge(**dates)))


_DATES: tuple[tuple[str, dict[str, Any], str, bool], ...] = (
    ("future", {"validFrom": "2025-09-02T00:00:00Z"}, "fail not-yet-valid", False),
    ("past", {"validUntil": "2025-08-31T00:00:00Z"}, "fail expired", False),
    (
        "ends-before-it-begins",
        {"validUntil": "2024-01-01T00:00:00Z"},
        "fail expired",
        False,
    ),
    (
        "30-february",
        {"validUntil": "2026-02-30T00:00:00Z"},
        "undecided date-unreadable",
        False,
    ),
    ("no-zone", {"validFrom": "2025-06-20T00:00:00"}, "pass no-end", True),
    ("leap-second", {"validFrom": "2016-12-31T23:59:60Z"}, "pass no-end", True),
    ("year-9999", {"validUntil": "9999-12-31T23:59:59Z"}, "pass", True),
    ("14-hours-ahead", {"validFrom": "2025-06-20T00:00:00+14:00"}, "pass no-end", True),
    (
        "15-hours-ahead",
        {"validFrom": "2025-06-20T00:00:00+15:00"},
        "undecided date-unreadable",
        False,
    ),
    ("a-word", {"validUntil": "nikoli"}, "undecided date-unreadable", False),
)
ROW_63 = tuple(
    Case(
        63,
        name,
        f"{dates}",
        honest_badge,
        lambda dates=dates: _dated(**dates),  # type: ignore[misc]
        f"credential.validity {expected}",
        passes=passes,
    )
    for name, dates, expected, passes in _DATES
)


def _in_jwt(**changes: Any) -> bytes:
    return jwt({**claims(), **changes})


ROW_64 = (
    Case(
        64,
        "issuanceDate-in-2.0",
        "a date of version 1.1 under the context of version 2.0",
        honest_jwt,
        lambda: _in_jwt(issuanceDate="2020-01-01T00:00:00Z"),
        "credential.model fail version.mixed",
    ),
    Case(
        64,
        "expirationDate-in-2.0",
        "an end of version 1.1 under the context of version 2.0",
        honest_w3c,
        lambda: w3c(expirationDate="2035-01-01T00:00:00Z"),
        "credential.model fail version.mixed",
    ),
    Case(
        64,
        "validFrom-in-1.1",
        "a date of version 2.0 alone under the context of version 1.1",
        honest_jwt,
        lambda: _in_jwt(**{"@context": [V1, OB]}),
        "credential.model fail version.mixed",
    ),
    Case(
        64,
        "both-contexts",
        "the contexts of both versions in one badge",
        honest_jwt,
        lambda: _in_jwt(**{"@context": [V2, V1, OB]}),
        "credential.model fail version.mixed",
    ),
    Case(
        64,
        "both-contexts-in-a-seal",
        "the contexts of both versions in an EDC",
        honest_seal,
        lambda: sealed(
            payload=compact_json(edc(**{"@context": [*edc()["@context"], V2]}))
        ),
        "credential.model fail version.mixed",
    ),
    Case(
        64,
        "both-contexts-in-a-graph",
        "two contexts that redefine each other's words: nobody can read it",
        honest_badge,
        lambda: encoded({**proved(), "@context": [V2, V1, OB]}),
        "format.wellformed fail context.invalid",
    ),
)


def _by_schema(url: str, kind: str = "JsonSchema") -> bytes:
    schema = [{"id": url, "type": kind}]
    return encoded(proved(badge(credentialSchema=schema)))


_UNKNOWN_SCHEMAS = {
    "internal": "http://169.254.169.254/latest/meta-data",
    "localhost": "https://localhost:8443/schema.json",
    "a-file": "file:///etc/passwd",
    "elsewhere": "https://shema.example/schema.json",
    "inline": "data:application/schema+json,true",
}
ROW_65 = tuple(
    Case(
        65,
        f"schema-{name}",
        "the schema is at an address; nothing is fetched, and that it was not is said",
        honest_badge,
        lambda url=url: _by_schema(url),  # type: ignore[misc]
        "credential.content pass not-all-at-hand",
        passes=True,
    )
    for name, url in _UNKNOWN_SCHEMAS.items()
)

CASES = (*ROW_25, *ROW_26, *ROW_63, *ROW_64, *ROW_65)

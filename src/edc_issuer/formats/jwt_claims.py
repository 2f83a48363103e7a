"""JWT claims beside a credential: what they repeat, add, or contradict.

A VC-JWT says some things twice: who issued (`iss` and `issuer`), about whom
(`sub`), which credential (`jti`) and when (`nbf`, `exp`). Open Badges 3.0 section
8.2.4 and W3C VCDM 1.1 section 6.3.1 (`vc` and `vp` claims).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from edc_issuer.errors import Malformed, Problem, RecordError

CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})  # RFC 7519, 4.1
_CREDENTIALS = ("VerifiableCredential", "EuropeanDigitalCredential")
_VCDM_2 = "https://www.w3.org/ns/credentials/v2"
_DATES = {False: ("issuanceDate", "expirationDate"), True: ("validFrom", "validUntil")}
# Written beside `vc` they are signed as well; whoever looks into `vc` alone would
# take a credential that may be withdrawn, or has ended, for one that cannot.
_LIMITING = ("credentialStatus", "expirationDate", "validUntil")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class Claims:
    """The registered claims of one payload; None where absent."""

    issuer: str | None
    subject: str | None
    id: str | None
    issued_at: datetime | None
    not_before: datetime | None
    expires: datetime | None
    audience: tuple[str, ...] = ()
    nonce: str | None = None

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Claims:
        """Read them strictly; `Malformed` (`jwt.claims`) for one of another kind."""
        return cls(
            issuer=_string(payload, "iss"),
            subject=_string(payload, "sub"),
            id=_string(payload, "jti"),
            issued_at=_numeric_date(payload, "iat"),
            not_before=_numeric_date(payload, "nbf"),
            expires=_numeric_date(payload, "exp"),
            audience=_audience(payload),
            nonce=_nonce(payload),
        )


def _string(payload: Mapping[str, Any], name: str) -> str | None:
    value = payload.get(name)
    if name in payload and not isinstance(value, str):
        raise Malformed(f"the claim {name} is not a string", reason="jwt.claims")
    return value


def _audience(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom a JWT is for: one name or some (RFC 7519 section 4.1.3)."""
    value = payload.get("aud", [])
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise Malformed("the claim aud is not a name or some", reason="jwt.claims")
    return tuple(names)


def _nonce(payload: Mapping[str, Any]) -> str | None:
    # Only presentations have the claim; elsewhere it is a key like any other.
    value = payload.get("nonce")
    return value if isinstance(value, str) else None


def _numeric_date(payload: Mapping[str, Any], name: str) -> datetime | None:
    if name not in payload:
        return None
    value = payload[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"the claim {name} is not a number", reason="jwt.claims")
    try:
        if math.isfinite(value):
            return _EPOCH + timedelta(seconds=value)
    except OverflowError:
        pass
    raise Malformed(f"the claim {name} is no time at all", reason="jwt.claims")


@dataclass(frozen=True, slots=True)
class Said:
    """What a payload says; `kind` is "credential" or "presentation"."""

    kind: str
    document: Mapping[str, Any]


def read_payload(payload: Mapping[str, Any], claims: Claims) -> Said:
    """Take the credential or presentation out, without the registered claims.

    From a `vc` or `vp` claim what the document leaves out is filled in from the
    claims. `Malformed` (`jwt.claims`) where a payload holds more than one.
    """
    wrapped = [name for name in ("vc", "vp") if name in payload]
    if not wrapped:
        document = {k: v for k, v in payload.items() if k not in CLAIMS}
        kind = _kind(document)
        if kind == "presentation":
            document.pop("nonce", None)
        return Said(kind, document)
    inner = payload[wrapped[0]]
    if len(wrapped) > 1 or "@context" in payload or "credentialSubject" in payload:
        raise Malformed("two documents in one payload", reason="jwt.claims")
    if not isinstance(inner, dict):
        raise Malformed(f"{wrapped[0]} is not an object", reason="jwt.claims")
    if (_kind(inner) == "presentation") is not (wrapped == ["vp"]) and _types(inner):
        raise Malformed(f"{wrapped[0]} holds another kind", reason="jwt.claims")
    if wrapped == ["vp"]:
        added = {"id": claims.id, "holder": claims.issuer}
        return Said("presentation", {**_given(added), **inner})
    beside = {name: payload[name] for name in _LIMITING if name in payload}
    if any(inner.get(name, value) != value for name, value in beside.items()):
        raise Malformed("two documents in one payload", reason="jwt.claims")
    return Said("credential", _completed({**beside, **inner}, claims))


def _kind(document: Mapping[str, Any]) -> str:
    listed = _types(document)
    # What calls itself both is judged as the credential that it may be taken for.
    is_credential = any(name in listed for name in _CREDENTIALS)
    is_envelope = "VerifiablePresentation" in listed and not is_credential
    return "presentation" if is_envelope else "credential"


def _types(document: Mapping[str, Any]) -> list[Any]:
    types = document.get("type")
    return types if isinstance(types, list) else [types] if types else []


def _given(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _completed(inner: Mapping[str, Any], claims: Claims) -> dict[str, Any]:
    """VCDM 1.1 section 6.3.1, decoding: a claim stands for an absent property.

    Some issuers wrap a 2.0 credential too; its dates have their own names then.
    """
    start, end = _DATES[_is_2_0(inner)]
    added = {
        "id": claims.id,
        "issuer": claims.issuer,
        start: _text(claims.not_before),
        end: _text(claims.expires),
    }
    document = {**_given(added), **inner}
    for name, claim in (
        ("issuer", claims.issuer),
        ("credentialSubject", claims.subject),
    ):
        node = document.get(name)
        if claim is not None and isinstance(node, dict) and "id" not in node:
            document[name] = {"id": claim, **node}
    return document


def _is_2_0(inner: Mapping[str, Any]) -> bool:
    context = inner.get("@context")
    return _VCDM_2 in (context if isinstance(context, list) else [context])


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def speaker_of(said: Said) -> str | None:
    """Whom the document names as its issuer, or as the holder of a presentation."""
    name = "holder" if said.kind == "presentation" else "issuer"
    ids = _ids(said.document.get(name))
    return ids[0] if len(ids) == 1 and isinstance(ids[0], str) else None


def conflicts(said: Said, claims: Claims, header: Mapping[str, Any]) -> tuple[str, ...]:
    """The claims `iss`, `sub`, `jti` that contradict the document (`iss`, ...).

    A header may repeat `iss` (RFC 7519 section 5.3), and then says the same.
    """
    document, issuer = said.document, header.get("iss", claims.issuer)
    if claims.issuer is not None and issuer != claims.issuer:
        return ("iss",)
    if said.kind == "presentation":
        pairs = [("iss", issuer, _ids(document.get("holder")))]
    else:
        pairs = [
            ("iss", issuer, _ids(document.get("issuer"))),
            ("sub", claims.subject, _ids(document.get("credentialSubject"))),
        ]
    pairs.append(("jti", claims.id, _ids(document.get("id"))))
    return tuple(n for n, claim, ids in pairs if claim and ids and claim not in ids)


def _ids(value: Any) -> tuple[Any, ...]:
    nodes = value if isinstance(value, list) else [value]
    found = (node.get("id") if isinstance(node, dict) else node for node in nodes)
    return tuple(item for item in found if item is not None)


def has_two_windows(said: Said, claims: Claims) -> bool:
    """Whether `nbf` or `exp` states another time than the document's own dates."""
    pairs = (
        (claims.not_before, ("validFrom", "issuanceDate")),
        (claims.expires, ("validUntil", "expirationDate")),
    )
    return any(
        claim is not None and abs(claim - stated) >= timedelta(seconds=1)
        for claim, names in pairs
        for stated in _stated(said.document, names)
    )


def _stated(document: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[datetime]:
    for name in names:
        moment = read_moment(document.get(name))
        if moment is not None:
            yield moment


def read_moment(value: Any) -> datetime | None:
    """A full time with its offset, or None for anything less."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write(credential: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The claims that Open Badges 3.0 demands beside the credential, and `iat`.

    `RecordError` names each property that is missing for them or already stands
    where a claim goes.
    """
    problems = [
        Problem(name, "jwt.claim", "is the name of a JWT claim; rename the property")
        for name in sorted(CLAIMS & credential.keys())
    ]
    issuer, jti = _ids(credential.get("issuer")), credential.get("id")
    start = read_moment(credential.get("validFrom", credential.get("issuanceDate")))
    end = credential.get("validUntil", credential.get("expirationDate"))
    until = read_moment(end)
    required = (("issuer.id", issuer), ("id", jti), ("validFrom", start))
    problems += [_missing(path) for path, value in required if not value]
    if end is not None and until is None:
        problems.append(_missing("validUntil"))
    if problems or start is None:
        raise RecordError(problems)
    subject = _ids(credential.get("credentialSubject"))
    claims = {"iss": issuer[0], "jti": jti, "nbf": _number(start)}
    if len(subject) == 1:
        claims["sub"] = subject[0]
    if until is not None:
        claims["exp"] = _number(until)
    return {**claims, "iat": int(at.timestamp())}


def _missing(path: str) -> Problem:
    return Problem(
        path, "jwt.claim", "a VC-JWT states this; times need seconds and an offset"
    )


def _number(moment: datetime) -> int | float:
    seconds = (moment - _EPOCH).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds

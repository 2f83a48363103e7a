"""What JAdES and VC-JWT share: the JSON Web Signature itself, read strictly.

Two programs must never read two different things in one signed text. So there is
one spelling of base64url, no member may occur twice, a header parameter stands in
one place, and what `crit` demands is understood or refused. RFC 7515 sections 4,
5.2 and 7; RFC 7797 for payloads that are not base64url (`b64`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from edc_issuer import strict_json
from edc_issuer.encoding import unb64u
from edc_issuer.errors import Malformed, Problem, RecordError, Unsupported

WHITE = b" \t\r\n"
MAX_SIGNATURES = 32  # a diploma has a handful of seals
MAX_HEADER = 1024 * 1024  # a header with certificates and a timestamp has 10 kB


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the two texts as they stand, and what they decode to."""

    protected: str
    header: Mapping[str, Any]
    unprotected: Mapping[str, Any]
    signature: str
    value: bytes


@dataclass(frozen=True)
class Jws:
    """A whole JWS. `payload` is the text as it stands, None where it is detached.

    `serialization` is "general", "flattened" or "compact"; `b64` is the same for
    all signatures (RFC 7797 section 3); `extra` are members no signature covers.
    """

    serialization: str
    payload: str | None
    signatures: tuple[Signature, ...]
    extra: tuple[str, ...] = ()

    @property
    def b64(self) -> bool:
        return self.signatures[0].header.get("b64", True) is True

    @cached_property
    def signed_payload(self) -> bytes:
        """The payload's octets in every signing input and timestamp imprint."""
        return (self.payload or "").encode()

    @cached_property
    def content(self) -> bytes:
        """The payload's own octets; `Malformed` if they are not base64url."""
        if not self.b64:
            return self.signed_payload
        return base64url(self.payload or "", "the payload")

    def signing_input(self, signature: Signature) -> bytes:
        """What was signed: RFC 7515 section 5.1, RFC 7797 section 3."""
        return b"%b.%b" % (signature.protected.encode(), self.signed_payload)


def base64url(text: str, what: str) -> bytes:
    """Decode base64url; `Malformed` (`base64url`) for any other spelling."""
    try:
        return unb64u(text)
    except ValueError as error:
        raise Malformed(
            f"{what} is not base64url as RFC 7515 writes it", reason="base64url"
        ) from error


def protected_header(text: str) -> dict[str, Any]:
    """Decode a protected header, which must be a JSON object."""
    data = base64url(text, "a protected header")
    return strict_json.loads_object(data, max_bytes=MAX_HEADER)


def is_json(data: bytes) -> bool:
    """Whether this is a JSON text rather than a compact serialization."""
    return data.lstrip(WHITE).startswith(b"{")


def read(data: bytes, *, understood: frozenset[str]) -> Jws:
    """Read any of the three serializations; nothing is verified.

    `understood` are the extensions that `crit` may demand. White space before and
    after the whole is allowed. Raises `Malformed`, and `Unsupported` for a JWE.
    """
    if is_json(data):
        jws = _read_json(strict_json.loads_object(data))
    else:
        jws = read_compact(data)
    for signature in jws.signatures:
        _check_header(signature, understood)
    if len({s.header.get("b64", True) for s in jws.signatures}) > 1:
        raise Malformed("the signatures disagree about b64", reason="b64")
    return jws


def read_compact(data: bytes) -> Jws:
    """Split a compact serialization; its header's rules are checked by `read`."""
    if len(data) > strict_json.MAX_BYTES:
        raise Malformed(f"{len(data)} bytes are too many", reason="limits.size")
    try:
        first, _, rest = data.strip(WHITE).decode("utf-8").partition(".")
    except UnicodeDecodeError as error:
        raise Malformed("a compact JWS is ASCII", reason="jws.parts") from error
    header = protected_header(first)
    payload, dot, last = rest.rpartition(".")
    if not dot:
        raise Malformed("a compact JWS has three parts", reason="jws.parts")
    if "." in payload:
        raise _too_many_parts(header, payload.count(".") + 3)
    value = base64url(last, "the signature")
    return Jws("compact", payload, (Signature(first, header, {}, last, value),))


def _too_many_parts(header: Mapping[str, Any], count: int) -> Exception:
    if "enc" in header:
        return Unsupported("an encrypted JWE; it is not decrypted here")
    if header.get("b64") is False:
        return Malformed(
            "an unencoded payload with a dot in a compact JWS (RFC 7797, 5.2)",
            reason="b64",
        )
    return Malformed(f"{count} parts, a compact JWS has three", reason="jws.parts")


def _read_json(members: Mapping[str, Any]) -> Jws:
    if "ciphertext" in members:
        raise Unsupported("an encrypted JWE; it is not decrypted here")
    payload = members.get("payload")
    if "payload" in members and not isinstance(payload, str):
        raise Malformed("payload is not a string", reason="jws.members")
    general = "signatures" in members
    if general and not members.keys().isdisjoint(_SIGNATURE):
        raise Malformed("general and flattened JWS in one", reason="jws.members")
    rows = _rows(members["signatures"]) if general else (members,)
    if not _SAYING.isdisjoint(members):
        # RFC 7515 lets a reader overlook them, which one of JSON-LD does not.
        raise Malformed("a JWS and a credential in one", reason="jws.members")
    own = {"payload", "signatures"} if general else {"payload", *_SIGNATURE}
    return Jws(
        "general" if general else "flattened",
        payload,
        tuple(map(_signature, rows)),
        tuple(sorted(members.keys() - own)),
    )


_SIGNATURE = frozenset({"protected", "header", "signature"})
# Members by which others take a file for a credential that says what they say.
_SAYING = frozenset(
    {"@context", "credentialSubject", "issuer", "proof", "verifiableCredential"}
)


def _rows(value: Any) -> Sequence[Any]:
    if not isinstance(value, list) or not value:
        raise Malformed("signatures is not a list of them", reason="jws.members")
    if len(value) > MAX_SIGNATURES:
        raise Malformed(
            f"{len(value)} signatures, at most {MAX_SIGNATURES} are read",
            reason="limits.signatures",
        )
    return value


def _signature(row: Any) -> Signature:
    if not isinstance(row, dict):
        raise Malformed("a signature is not an object", reason="jws.members")
    protected, unprotected = row.get("protected", ""), row.get("header", {})
    text = row.get("signature")
    if not isinstance(protected, str) or not isinstance(text, str):
        raise Malformed("protected and signature are strings", reason="jws.members")
    if not isinstance(unprotected, dict):
        raise Malformed("header is not an object", reason="jws.members")
    header = protected_header(protected) if protected else {}
    value = base64url(text, "a signature")
    return Signature(protected, header, unprotected, text, value)


def _check_header(signature: Signature, understood: frozenset[str]) -> None:
    header, unprotected = signature.header, signature.unprotected
    if not isinstance(header.get("alg"), str):
        raise Malformed(
            "the protected header names no algorithm (alg)", reason="alg.missing"
        )
    twice = header.keys() & unprotected.keys()
    if twice:
        raise Malformed(
            f"{sorted(twice)} stands in both headers (RFC 7515, 4)", reason="header"
        )
    for name in ("crit", "b64"):
        if name in unprotected:
            raise Malformed(f"{name} is not protected", reason=name)
    _check_crit(header, unprotected, understood)
    _check_b64(header)


def _check_crit(
    header: Mapping[str, Any],
    unprotected: Mapping[str, Any],
    understood: frozenset[str],
) -> None:
    """RFC 7515 section 4.1.11, every sentence of it."""
    if "crit" not in header:
        return
    names = header["crit"]
    if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
        raise Malformed("crit is not a list of names", reason="crit")
    if not names or len(set(names)) != len(names):
        raise Malformed("crit is empty or names something twice", reason="crit")
    for name in names:
        # No standard header is among those understood: RFC 7515 forbids to name them.
        if name not in understood:
            raise Malformed(f"crit demands {name!r}, unknown here", reason="crit")
        if name not in header and name not in unprotected:
            raise Malformed(f"crit names {name}, which is absent", reason="crit")


def _check_b64(header: Mapping[str, Any]) -> None:
    """RFC 7797 section 6: an unencoded payload is stated where all must look."""
    value = header.get("b64", True)
    if not isinstance(value, bool):
        raise Malformed("b64 is not true or false", reason="b64")
    if not value and "b64" not in header.get("crit", ()):
        raise Malformed("b64 is false and crit does not name it", reason="b64")


def dump(value: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8, letters as they are; `RecordError` if it cannot be."""
    try:
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, RecursionError):
        # Not chained: a UnicodeEncodeError quotes the learner's text.
        problem = Problem("", "json", "cannot be written as JSON (RFC 8259)")
        raise RecordError([problem]) from None


def escaped(text: bytes) -> bytes:
    """JSON text in UTF-8 as it stands in a JSON string; `dump` does it slower.

    It has no control characters but as escapes; where it has, nobody can read what
    it was put into.
    """
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


# A loop ends in a RecursionError; looking for it beforehand costs a seventh more.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
)

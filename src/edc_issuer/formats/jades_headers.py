"""The protected header of a JAdES seal: who, when, and which certificate.

The certificate is the one whose digest the header states, wherever it stands in
`x5c`; `kid` is only a hint. ETSI TS 119 182-1 (v1.1.1 with `sigT`, v1.2.1 with
`iat`), clauses 5.1 and 5.2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from edc_issuer import cms
from edc_issuer.cms.certificate import encoded, issuer_der, load
from edc_issuer.encoding import b64, b64u, unb64, unb64u
from edc_issuer.errors import ConfigError, Malformed, Unsupported
from edc_issuer.jose import PublicKey
from edc_issuer.keys.identity import X509Identity

MAX_CERTIFICATES = 64  # a path has five; more is an attempt to keep us busy
OLD_LAYOUT = "edci-1.x"  # what the Commission's older viewers read: `sigT`, no `tstVD`
IAT_FROM = datetime(2025, 7, 15, tzinfo=UTC)  # from then on a baseline seal has iat
EXP_UNREADABLE = "exp-out-of-range"  # an end that is stated, and nobody knows when
# Clause 5.1.9 and 5.2: what `crit` of a seal may demand, because it is read here.
UNDERSTOOD = frozenset(
    [
        "b64",
        "sigT",
        "iat",
        "exp",
        "x5t#o",
        "sigX5ts",
        "srCms",
        "sigPl",
        "srAts",
        "adoTst",
        "sigPId",
        "sigD",
        "etsiU",
    ]
)
REFERENCES = ("x5t#S256", "x5t#o", "sigX5ts")
_DIGESTS = {
    "S256": "sha256",
    "S384": "sha384",
    "S512": "sha512",
    "S3-256": "sha3_256",
    "S3-384": "sha3_384",
    "S3-512": "sha3_512",
}
_SIG_T = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SHAPES: Mapping[str, type] = {
    "kid": str,
    "typ": str,
    "cty": str,
    "x5u": str,
    "jku": str,
    "jwk": dict,
    "x5c": list,
    "x5t": str,
    "x5t#S256": str,
    "x5t#o": dict,
    "sigX5ts": list,
    "sigT": str,
    "sigPId": dict,
    "sigPl": dict,
    "srCms": list,
    "srAts": list,
    "adoTst": dict,
    "sigD": dict,
}
_OTHERS = frozenset({"alg", "crit", "b64", "iat", "exp", "nbf"})


def write(
    identity: X509Identity, algorithm: str, *, at: datetime, layout: str | None
) -> dict[str, Any]:
    """The header of a new seal; layout "edci-1.x" is what old validators want.

    Roots are left out of `x5c`: whoever verifies has them, or must not take them
    from here. `ConfigError` for a layout that does not exist.
    """
    certificate = identity.certificate
    der = encoded(certificate)
    chain = [c for c in identity.chain if issuer_der(c) != cms.subject_der(c)]
    header = {
        "alg": algorithm,
        "cty": "ld+json",
        "kid": b64(cms.issuer_serial(certificate)),
        "x5t#S256": b64u(hashlib.sha256(der).digest()),
        "x5c": [b64(der), *(b64(encoded(c)) for c in chain)],
        "typ": "jose+json",
        "b64": False,
    }
    moment = at.astimezone(UTC)
    if layout == OLD_LAYOUT:
        sig_t = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {**header, "sigT": sig_t, "crit": ["b64", "sigT"]}
    if layout is not None:
        raise ConfigError(f"seals have no layout {layout!r}; there is {OLD_LAYOUT}")
    return {**header, "iat": int(moment.timestamp()), "crit": ["b64"]}


def check_shapes(header: Mapping[str, Any]) -> None:
    """Refuse a header parameter that is not of its own kind."""
    for name, kind in _SHAPES.items():
        if name in header and not isinstance(header[name], kind):
            raise Malformed(f"{name} is not of its own kind", reason="header")


@dataclass(frozen=True, slots=True)
class When:
    """What the header says about time; none of it is proved."""

    claimed_at: datetime | None
    expires: datetime | None
    notes: tuple[str, ...] = ()


def when(header: Mapping[str, Any]) -> When:
    """Read `iat`, `sigT` and `exp`; a baseline seal has exactly one of the first."""
    notes = []
    times = [read(header[k]) for k, read in _TIMES.items() if k in header]
    claimed = times[0] if len(times) == 1 else None
    if len(times) != 1:
        notes.append("iat-and-sigT" if times else "no-signing-time")
    elif claimed is None:
        notes.append("iat-out-of-range")
    elif "sigT" in header and claimed >= IAT_FROM:
        notes.append("sigT-after-2025-07-15")
    expires = _seconds(header["exp"], "exp") if "exp" in header else None
    if "exp" in header and expires is None:
        notes.append(EXP_UNREADABLE)
    return When(claimed, expires, tuple(notes))


def _iat(value: Any) -> datetime | None:
    return _seconds(value, "iat")


def _sig_t(value: Any) -> datetime | None:
    if not isinstance(value, str) or not _SIG_T.fullmatch(value):
        raise Malformed("sigT is not YYYY-MM-DDThh:mm:ssZ", reason="sigT")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise Malformed("sigT is not a time that exists", reason="sigT") from error


_TIMES = {"iat": _iat, "sigT": _sig_t}


def _seconds(value: Any, name: str) -> datetime | None:
    """Seconds since 1970; None for a number no calendar has (often milliseconds)."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Malformed(f"{name} is not a number of seconds", reason="header")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def certificates(header: Mapping[str, Any]) -> tuple[x509.Certificate, ...]:
    """The certificates of `x5c`, in its order; `Malformed` (`x5c`)."""
    texts = header.get("x5c", [])
    if len(texts) > MAX_CERTIFICATES:
        raise Malformed(f"{len(texts)} certificates in x5c", reason="x5c")
    return tuple(_certificate(text) for text in texts)


def _certificate(text: Any) -> x509.Certificate:
    if not isinstance(text, str):
        raise Malformed("x5c holds something that is not text", reason="x5c")
    try:
        data = unb64(text)
    except ValueError as error:
        hint = "it is base64url" if re.search("[-_]", text) else "RFC 4648, 4"
        raise Malformed(f"x5c is not base64 ({hint})", reason="x5c") from error
    try:
        return load(data)
    except (ValueError, x509.InvalidVersion) as error:
        hint = "PEM text in base64" if data.startswith(b"-----") else "not DER"
        raise Malformed(f"x5c is no certificate ({hint})", reason="x5c") from error


@dataclass(frozen=True, slots=True)
class Reference:
    """The digest of the signer's certificate, and the header that states it."""

    header: str
    digest: str
    value: bytes

    def fits(self, certificate: x509.Certificate) -> bool:
        der = encoded(certificate)
        return hashlib.new(self.digest, der).digest() == self.value


def references(header: Mapping[str, Any]) -> tuple[Reference, ...]:
    """The signer's reference of each header that has one; a baseline seal has one.

    The first entry of `sigX5ts` is the signer's (clause 5.2.2.3).
    """
    found = []
    if "x5t#S256" in header:
        found.append(Reference("x5t#S256", "sha256", _digest(header["x5t#S256"])))
    if "x5t#o" in header:
        found.append(_reference("x5t#o", header["x5t#o"]))
    if "sigX5ts" in header:
        rows = [_reference("sigX5ts", row) for row in header["sigX5ts"]]
        if not rows:
            raise Malformed("sigX5ts is empty", reason="x5t")
        found.append(rows[0])
    return tuple(found)


def _reference(name: str, value: Any) -> Reference:
    if not isinstance(value, dict) or not isinstance(value.get("digAlg"), str):
        raise Malformed(f"{name} names no digest algorithm", reason="x5t")
    if value["digAlg"] not in _DIGESTS:
        raise Unsupported(f"{name} uses a digest that is not read here")
    return Reference(name, _DIGESTS[value["digAlg"]], _digest(value.get("digVal")))


def _digest(value: Any) -> bytes:
    try:
        return unb64u(value)
    except (TypeError, ValueError) as error:
        raise Malformed("a digest is not base64url", reason="x5t") from error


def signer_of(
    header: Mapping[str, Any], pool: Iterable[x509.Certificate]
) -> tuple[x509.Certificate | None, tuple[x509.Certificate, ...]]:
    """The signer's certificate and all others; None where none came along.

    `pool` are those of `etsiU`, asked only where there is no `x5c`. Raises
    `Malformed` (`x5t`) when the header's own certificates are all others', and
    (`header`) when there is none and the header is damaged.
    """
    own = certificates(header)
    stated = references(header)
    others = tuple(pool)
    if not stated:
        # RFC 7515 4.1.6: the first is the signer's. It is protected, as the digest is.
        return (own[0] if own else None), (*own[1:], *others)
    for certificate in own or others:
        if all(reference.fits(certificate) for reference in stated):
            rest = tuple(c for c in (*own, *others) if c != certificate)
            return certificate, rest
    if own:
        raise Malformed("no certificate of x5c has the stated digest", reason="x5t")
    # One damaged letter turns x5c into a name that means nothing; an honest seal
    # without certificates says nothing but what the standard knows.
    if header.keys() - _SHAPES.keys() - _OTHERS:
        raise Malformed("no certificate, but a parameter unknown", reason="header")
    return None, others


def check_key(certificate: x509.Certificate) -> None:
    """Refuse a certificate whose key cannot be read, or is of a kind not used here."""
    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm as error:
        raise Unsupported("a certificate with an unknown kind of key") from error
    except ValueError as error:
        raise Malformed("the certificate's key is unreadable", reason="x5c") from error
    if not isinstance(key, PublicKey):
        raise Unsupported("a certificate whose kind of key is not used here")


def baseline_notes(header: Mapping[str, Any], notes: Sequence[str]) -> tuple[str, ...]:
    """Where the header leaves the baseline; with any of these there is no level."""
    stated = sum(name in header for name in REFERENCES)
    found = [n for n in notes if n in ("iat-and-sigT", "no-signing-time")]
    if stated != 1:
        found.append(
            "several-certificate-references" if stated else "no-certificate-reference"
        )
    if "b64" in header and "b64" not in header.get("crit", ()):
        found.append("b64-not-in-crit")
    return tuple(found)

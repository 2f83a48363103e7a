"""Rows 16, 17, 20 and 24: signatures that fit other bytes, or another kind of file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from attacks.case import Case, honest_jwt, honest_seal
from attacks.workshop import (
    claims,
    compact_json,
    edc,
    encoded,
    jwt,
    jwt_header,
    one_seal,
    school,
)
from edc_issuer.encoding import b64u, unb64u

_MALFORMED = "format.wellformed fail"
_FORGED = "proof.integrity fail signature"


def _payload_changed(change: Callable[[str], str]) -> bytes:
    members = json.loads(honest_seal())
    members["payload"] = change(members["payload"])
    return encoded(members)


def _pretty(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2)


ROW_16 = tuple(
    Case(16, name, why, honest_seal, partial(_payload_changed, change), _FORGED)
    for name, why, change in (
        ("space", "one space is added", lambda text: text.replace(":", ": ", 1)),
        ("indented", "it is printed prettily", _pretty),
        ("newline-at-the-end", "an editor ended the line", lambda text: text + "\n"),
        ("name", "another learner's name", lambda t: t.replace("Ana Čeh", "Eva Čeh")),
        (
            "escaped",
            "letters are written as escapes",
            lambda t: json.dumps(json.loads(t)),
        ),
        (
            "decomposed",
            "č is written as c and a caron",
            lambda t: t.replace("č", "c\u030c"),
        ),
    )
)


def _two_seals(*seals: Mapping[str, Any]) -> bytes:
    return encoded({"payload": compact_json(edc()), "signatures": list(seals)})


def _bad_seal() -> dict[str, Any]:
    """The school's own seal, over another payload."""
    return one_seal(payload=compact_json(edc(id="urn:credential:other")))


ROW_17 = tuple(
    Case(17, name, why, honest_seal, make, expected)
    for name, why, make, expected in (
        (
            "good-then-bad",
            "a second seal of the school does not fit",
            lambda: _two_seals(one_seal(), _bad_seal()),
            _FORGED,
        ),
        (
            "bad-then-good",
            "the first seal of the school does not fit",
            lambda: _two_seals(_bad_seal(), one_seal()),
            _FORGED,
        ),
    )
)


def _signature_changed(change: Callable[[bytes], bytes]) -> bytes:
    members = json.loads(honest_seal())
    seal = members["signatures"][0]
    seal["signature"] = b64u(change(unb64u(seal["signature"])))
    return encoded(members)


_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _der(raw: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))


_ZERO, _N, _ONE = (n.to_bytes(32) for n in (0, _ORDER, 1))
ROW_20 = tuple(
    Case(
        20,
        name,
        f"the signature is {name}",
        honest_seal,
        partial(_signature_changed, change),
        f"proof.integrity fail {reason}",
    )
    for name, change, reason in (
        ("der", _der, "signature.length"),
        ("63-bytes", lambda raw: raw[:-1], "signature.length"),
        ("65-bytes", lambda raw: raw + b"\0", "signature.length"),
        ("leading-zero", lambda raw: b"\0" + raw, "signature.length"),
        ("empty", lambda raw: b"", "signature.length"),
        ("r-zero", lambda raw: _ZERO + raw[32:], "signature"),
        ("s-zero", lambda raw: raw[:32] + _ZERO, "signature"),
        ("both-zero", lambda raw: _ZERO + _ZERO, "signature"),
        ("r-order", lambda raw: _N + raw[32:], "signature"),
        ("s-order", lambda raw: raw[:32] + _N, "signature"),
        ("both-order", lambda raw: _N + _N, "signature"),
        ("one-one", lambda raw: _ONE + _ONE, "signature"),
        ("halves-swapped", lambda raw: raw[32:] + raw[:32], "signature"),
    )
)


def _presentation(**more: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        **more,
    }


def _presented(inside: Any, **header: Any) -> bytes:
    vp = _presentation(verifiableCredential=inside)
    payload = {"iss": school().badge.did, "vp": vp}
    return jwt(payload, header=jwt_header(**header))


def _sd_jwt(*disclosures: str) -> bytes:
    return "~".join((honest_jwt().decode(), *disclosures, "")).encode()


ROW_24 = (
    Case(
        24,
        "presentation-as-credential",
        "a presentation of the honest badge is handed over as the badge",
        honest_jwt,
        lambda: _presented([honest_jwt().decode()]),
        "credential.model undecided presentation",
    ),
    Case(
        24,
        "presentation-of-nothing",
        "a presentation without credentials",
        honest_jwt,
        lambda: _presented([]),
        f"{_MALFORMED} no-credentials",
    ),
    Case(
        24,
        "presentation-with-the-names-of-a-credential",
        "a presentation carries the issuer and subject of a badge",
        honest_jwt,
        lambda: jwt({"vp": _presentation(), **claims()}),
        f"{_MALFORMED} jwt.claims",
    ),
    Case(
        24,
        "vc-jwt-type-with-vp",
        "typ says credential, the payload is a presentation",
        honest_jwt,
        lambda: _presented([honest_jwt().decode()], typ="vc+jwt"),
        f"{_MALFORMED} jwt.claims",
    ),
    Case(
        24,
        "vp-jwt-type-with-credential",
        "typ says presentation, the payload is a credential",
        honest_jwt,
        lambda: jwt(header=jwt_header(typ="vp+jwt")),
        f"{_MALFORMED} jwt.claims",
    ),
    Case(
        24,
        "another-kind-of-jwt",
        "an access token of the same key",
        honest_jwt,
        lambda: jwt(header=jwt_header(typ="at+jwt")),
        "format.wellformed undecided unsupported",
    ),
    *(
        Case(
            24,
            f"sd-jwt-{name}",
            f"disclosures hang on the badge: {name}",
            honest_jwt,
            partial(_sd_jwt, *disclosures),
            "format.wellformed undecided unsupported",
        )
        for name, disclosures in (
            ("none", ()),
            ("undigested", (b64u(b'["salt","name","Eva"]'),)),
            ("twice", (b64u(b'["salt","name","Eva"]'),) * 2),
        )
    ),
)

CASES = (*ROW_16, *ROW_17, *ROW_20, *ROW_24)

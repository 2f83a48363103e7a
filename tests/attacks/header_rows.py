"""Rows 7, 8, 14, 15, 18, 19, 22 and 23: what a JWS says about itself."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from attacks.case import Case, honest_jwt, honest_seal
from attacks.workshop import (
    Sign,
    compact_json,
    edc,
    encoded,
    header_of,
    jwt,
    jwt_header,
    one_seal,
    school,
    sealed,
)
from edc_issuer import jose
from edc_issuer.encoding import b64u

_MALFORMED = "format.wellformed fail"
_NOT_ALLOWED = "proof.algorithm fail alg.not_allowed"


def _nothing(message: bytes) -> bytes:
    return b""


def _sealed_with(**changes: Any) -> bytes:
    """A seal whose header says something else; None takes a member out."""
    return sealed(header_of(**changes))


def _jwt_with(**changes: Any) -> bytes:
    return jwt(header=jwt_header(**changes))


def _unsealed(alg: Any) -> bytes:
    return sealed(header_of(alg=alg), sign=_nothing)


def _unsigned(alg: Any) -> bytes:
    return jwt(header=jwt_header(alg=alg), sign=_nothing)


_NO_ALG = f"{_MALFORMED} alg.missing"
_ALGS: tuple[tuple[str, Any, str], ...] = (
    ("none", "none", _NOT_ALLOWED),
    ("None", "None", _NOT_ALLOWED),
    ("NONE", "NONE", _NOT_ALLOWED),
    ("missing", None, _NO_ALG),
    ("number", 7, _NO_ALG),
    ("list", ["none"], _NO_ALG),
)

ROW_7 = tuple(
    case
    for name, value, expected in _ALGS
    for case in (
        Case(
            7,
            f"{name}-edc",
            f"alg is {name} and the signature empty",
            honest_seal,
            partial(_unsealed, value),
            expected,
        ),
        Case(
            7,
            f"{name}-jwt",
            f"alg is {name} and the signature empty",
            honest_jwt,
            partial(_unsigned, value),
            expected,
        ),
    )
)


def _hmac(key: bytes) -> Sign:
    return lambda message: hmac.digest(key, message, "sha256")


def _spelled(key: jose.PublicKey, form: str) -> bytes:
    """A public key as an attacker feeds it to an HMAC."""
    if form == "jwk":
        return compact_json(jose.public_to_jwk(key)).encode()
    encoding = Encoding.PEM if form == "pem" else Encoding.DER
    return key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def _hs_seal(form: str) -> bytes:
    key = _spelled(school().seal.key.public_key(), form)
    return sealed(header_of(alg="HS256"), sign=_hmac(key))


def _hs_jwt(form: str) -> bytes:
    key = _spelled(school().badge.key.public_key(), form)
    return jwt(header=jwt_header(alg="HS256"), sign=_hmac(key))


ROW_8 = tuple(
    Case(
        8,
        f"{form}-{name}",
        f"HS256 with the school's public key as {form} for a secret",
        twin,
        partial(make, form),
        _NOT_ALLOWED,
    )
    for form in ("pem", "der", "jwk")
    for name, twin, make in (
        ("edc", honest_seal, _hs_seal),
        ("jwt", honest_jwt, _hs_jwt),
    )
)

_CRITS: tuple[tuple[str, Any], ...] = (
    ("unknown-name", ["b64", "zgled"]),
    ("empty", []),
    ("standard-name", ["b64", "alg"]),
    ("absent-name", ["b64", "sigPId"]),
    ("twice", ["b64", "b64"]),
    ("text", "b64"),
    ("numbers", [1]),
)


def _demanding(name: str, crit: Any, *, form: str) -> bytes:
    extra = {"zgled": True} if name == "unknown-name" else {}
    if form == "edc":
        return sealed({**header_of(crit=crit), **extra})
    names = [n for n in crit if n != "b64"] if isinstance(crit, list) else crit
    return jwt(header=jwt_header(crit=names if name != "twice" else ["x", "x"]) | extra)


ROW_14 = tuple(
    Case(
        14,
        f"{name}-{form}",
        f"crit is faulty: {name}",
        twin,
        partial(_demanding, name, crit, form=form),
        f"{_MALFORMED} crit",
    )
    for name, crit in _CRITS
    for form, twin in (("edc", honest_seal), ("jwt", honest_jwt))
)


def _compact_seal(text: str) -> bytes:
    seal = one_seal(payload=text)
    return f"{seal['protected']}.{text}.{seal['signature']}".encode()


ROW_15 = (
    Case(
        15,
        "b64-false-without-crit",
        "the payload is not encoded, and crit does not say so",
        honest_seal,
        lambda: _sealed_with(crit=["iat"]),
        f"{_MALFORMED} b64",
    ),
    Case(
        15,
        "b64-false-without-any-crit",
        "the payload is not encoded, and there is no crit",
        honest_seal,
        lambda: _sealed_with(crit=None),
        f"{_MALFORMED} b64",
    ),
    Case(
        15,
        "compact-with-dots",
        "an unencoded payload with dots stands in a compact JWS",
        honest_seal,
        lambda: _compact_seal(compact_json(edc())),
        f"{_MALFORMED} b64",
    ),
    Case(
        15,
        "jwt",
        "a JWT asks for an unencoded payload",
        honest_jwt,
        lambda: _jwt_with(b64=False, crit=["b64"]),
        f"{_MALFORMED} crit",
    ),
)


def _resealed(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> bytes:
    """The school's file with members added or taken out."""
    text = compact_json(edc())
    return encoded(change({"payload": text, "signatures": [one_seal(payload=text)]}))


def _flat(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, **members["signatures"][0]}


ROW_18 = tuple(
    Case(18, name, why, honest_seal, partial(_resealed, change), f"{_MALFORMED} {code}")
    for name, why, change, code in (
        (
            "no-signatures",
            "signatures is empty",
            lambda members: members | {"signatures": []},
            "jws.members",
        ),
        (
            "signature-and-signatures",
            "both serializations stand in one file",
            _flat,
            "jws.members",
        ),
        (
            "payload-missing",
            "the payload is gone",
            lambda members: {"signatures": members["signatures"]},
            "jws.members",
        ),
        (
            "payload-object",
            "the payload is an object, not a text",
            lambda members: members | {"payload": edc()},
            "jws.members",
        ),
        (
            "signatures-object",
            "signatures is not a list",
            lambda members: members | {"signatures": members["signatures"][0]},
            "jws.members",
        ),
        (
            "100-signatures",
            "the seal is repeated a hundred times",
            lambda members: members | {"signatures": members["signatures"] * 100},
            "limits.signatures",
        ),
    )
)


def _alg_outside(protected: Any, outside: str) -> bytes:
    header = header_of(alg=protected)
    return sealed(header, unprotected={"alg": outside})


ROW_19 = (
    Case(
        19,
        "unprotected-only",
        "alg stands only where nobody signed it",
        honest_seal,
        lambda: _alg_outside(None, "ES256"),
        _NO_ALG,
    ),
    Case(
        19,
        "different",
        "the unprotected header names another alg",
        honest_seal,
        lambda: _alg_outside("ES256", "none"),
        f"{_MALFORMED} header",
    ),
    Case(
        19,
        "the-same-twice",
        "alg stands in both headers",
        honest_seal,
        lambda: _alg_outside("ES256", "ES256"),
        f"{_MALFORMED} header",
    ),
)

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def other_spelling(text: str) -> str:
    """The same bytes with other unused bits in the last letter."""
    assert len(text) % 4, "no unused bits"
    return text[:-1] + _ALPHABET[_ALPHABET.index(text[-1]) ^ 1]


def _respelled_seal(change: Callable[[str], str]) -> bytes:
    text = compact_json(edc())
    seal = one_seal(payload=text)
    changed = {**seal, "signature": change(seal["signature"])}
    return encoded({"payload": text, "signatures": [changed]})


def _respelled_jwt(change: Callable[[str], str]) -> bytes:
    signed, _, signature = honest_jwt().decode().rpartition(".")
    return f"{signed}.{change(signature)}".encode()


_SPELLINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("other-last-letter", other_spelling),
    ("padding", lambda text: text + "=="),
    ("space-inside", lambda text: text[:9] + " " + text[9:]),
    ("newline-inside", lambda text: text[:9] + "\n" + text[9:]),
    ("base64", lambda text: text[:9] + "+" + text[10:]),
)
ROW_22 = (
    *(
        Case(
            22,
            f"{name}-{form}",
            f"the signature is spelled otherwise: {name}",
            twin,
            partial(make, change),
            expected,
        )
        for name, change in _SPELLINGS
        for form, twin, make, expected in (
            ("edc", honest_seal, _respelled_seal, f"{_MALFORMED} base64url"),
            (
                "jwt",
                honest_jwt,
                _respelled_jwt,
                f"{_MALFORMED} base64url",
            ),
        )
    ),
    *(
        Case(
            22,
            f"white-space-around-{form}",
            "white space stands before and after the file, which is allowed",
            twin,
            lambda twin=twin: b" \r\n" + twin() + b"\n",  # type: ignore[misc]
            "proof.integrity pass",
            passes=True,
        )
        for form, twin in (("edc", honest_seal), ("jwt", honest_jwt))
    ),
)

_JWE = {"alg": "RSA-OAEP", "enc": "A256GCM"}


def _jwe(**more: Any) -> bytes:
    head = b64u(compact_json({**_JWE, **more}).encode())
    return ".".join((head, *(b64u(b"\7" * 16) for _ in range(4)))).encode()


_UNSUPPORTED = "format.wellformed undecided unsupported"
ROW_23 = (
    Case(23, "compact", "an encrypted line", honest_jwt, _jwe, _UNSUPPORTED),
    Case(
        23,
        "zip-bomb",
        "an encrypted line that asks to be inflated",
        honest_jwt,
        lambda: _jwe(zip="DEF"),
        _UNSUPPORTED,
    ),
    Case(
        23,
        "json",
        "an encrypted JSON object",
        honest_seal,
        lambda: encoded({"protected": "e30", "ciphertext": "AAAA", "tag": "AAAA"}),
        _UNSUPPORTED,
    ),
)

CASES = (
    *ROW_7,
    *ROW_8,
    *ROW_14,
    *ROW_15,
    *ROW_18,
    *ROW_19,
    *ROW_22,
    *ROW_23,
)

"""Rows 9 to 13, 16, 17, 20, 21 and 24: whose signature, over which bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from attacks.case import Case, honest_jwt, honest_seal
from attacks.workshop import (
    DID_WEB,
    MADE,
    SCHOOL,
    SL_NAME,
    Sign,
    attacker,
    attacker_seal_key,
    badge,
    claims,
    compact_json,
    edc,
    encoded,
    es256,
    header_of,
    jwt,
    jwt_header,
    one_seal,
    school,
    sealed,
    signs,
)
from edc_issuer import jose
from edc_issuer.encoding import b64, b64u, multibase, unb64u
from edc_issuer.keys.testpki import seal_plan, self_signed

_MALFORMED = "format.wellformed fail"
_FORGED = "proof.integrity fail signature"
_NOT_ALLOWED = "proof.algorithm fail alg.not_allowed"
_NO_KEY = "proof.key undecided no-key"


def _attackers_jwk() -> dict[str, str]:
    return jose.public_to_jwk(attacker().key.public_key())


def _jwt_with_jwk(issuer: str) -> bytes:
    document = badge(issuer={"id": issuer, "type": ["Profile"], "name": SL_NAME})
    header = jwt_header(kid=None, jwk=_attackers_jwk())
    return jwt(claims(document), header=header, sign=signs(attacker()))


def _seal_with_jwk() -> bytes:
    jwk = jose.public_to_jwk(attacker_seal_key().public_key())
    header = header_of(x5c=None, x5t_S256=None, kid=None, jwk=jwk)
    return sealed(header, sign=es256(attacker_seal_key()))


ROW_9 = (
    Case(
        9,
        "jwk-of-another-jwt",
        "the header brings the attacker's key; the issuer's own key is known",
        honest_jwt,
        lambda: _jwt_with_jwk(school().badge.did),
        "issuer.identified undecided key-not-listed-now",
    ),
    Case(
        9,
        "jwk-and-unresolved-issuer",
        "the header brings the attacker's key; the issuer's keys are not at hand",
        honest_jwt,
        lambda: _jwt_with_jwk(DID_WEB),
        "issuer.identified undecided key-only-in-file",
    ),
    Case(
        9,
        "jwk-in-a-seal",
        "the seal brings a key in place of a certificate",
        honest_seal,
        _seal_with_jwk,
        _NO_KEY,
    ),
)


@cache
def forged_certificate() -> x509.Certificate:
    """The attacker's own certificate with everything that stands in the school's."""
    plan = seal_plan(SCHOOL, MADE)
    return self_signed(plan, attacker_seal_key(), serial=1).certificate


def _self_signed() -> bytes:
    header = header_of(forged_certificate())
    return sealed(header, sign=es256(attacker_seal_key()))


def _chain_of_the_school() -> bytes:
    chain = [forged_certificate(), school().pki.seal_ca.certificate]
    header = {**header_of(forged_certificate()), "x5c": list(map(_x5c, chain))}
    return sealed(header, sign=es256(attacker_seal_key()))


def _x5c(certificate: x509.Certificate) -> str:
    return b64(certificate.public_bytes(Encoding.DER))


ROW_10 = tuple(
    Case(10, name, why, honest_seal, make, expected)
    for name, why, make in (
        ("self-signed", "the attacker's certificate names the school", _self_signed),
        (
            "self-signed-with-real-chain",
            "the real authority's certificate is added to the attacker's",
            _chain_of_the_school,
        ),
    )
    for expected in ("issuer.trusted undecided no-anchor",)
)

_INSIDE = "https://169.254.169.254/latest/key"
ROW_11 = (
    *(
        Case(
            11,
            f"{name}-edc",
            f"the certificate is only named by an internal address in {name}",
            honest_seal,
            lambda name=name: sealed(  # type: ignore[misc]
                {**header_of(x5c=None), name: _INSIDE}
            ),
            _NO_KEY,
        )
        for name in ("x5u", "jku")
    ),
    *(
        Case(
            11,
            f"{name}-jwt",
            f"the key is only named by an internal address in {name}",
            honest_jwt,
            lambda name=name: jwt(  # type: ignore[misc]
                header={**jwt_header(kid="key-1"), name: _INSIDE}
            ),
            "proof.key undecided key-not-at-hand",
        )
        for name in ("x5u", "jku")
    ),
)


def _with_x5c(*certificates: x509.Certificate, sign: Sign | None = None) -> bytes:
    return sealed(header_of(x5c=list(map(_x5c, certificates))), sign=sign)


ROW_12 = (
    Case(
        12,
        "no-certificate-fits-the-digest",
        "x5c holds the attacker's certificate, the digest is the school's",
        honest_seal,
        lambda: _with_x5c(forged_certificate(), sign=es256(attacker_seal_key())),
        f"{_MALFORMED} x5t",
    ),
    Case(
        12,
        "attackers-first",
        "the attacker's certificate stands first, and the attacker signed",
        honest_seal,
        lambda: _with_x5c(
            forged_certificate(),
            school().seal.certificate,
            sign=es256(attacker_seal_key()),
        ),
        _FORGED,
    ),
    Case(
        12,
        "own-certificate-second",
        "the school's certificate stands second; the digest decides",
        honest_seal,
        lambda: _with_x5c(school().pki.seal_ca.certificate, school().seal.certificate),
        "proof.integrity pass",
        passes=True,
    ),
)


def _x5c_texts(spell: Callable[[x509.Certificate], str]) -> bytes:
    return sealed(header_of(x5c=[spell(school().seal.certificate)]))


ROW_13 = tuple(
    Case(13, name, why, honest_seal, partial(_x5c_texts, spell), f"{_MALFORMED} x5c")
    for name, why, spell in (
        (
            "pem",
            "x5c holds a PEM file in base64",
            lambda c: b64(c.public_bytes(Encoding.PEM)),
        ),
        (
            "pem-text",
            "x5c holds PEM text as it stands",
            lambda c: c.public_bytes(Encoding.PEM).decode(),
        ),
        (
            "base64url",
            "x5c is written in base64url",
            lambda c: b64u(c.public_bytes(Encoding.DER)),
        ),
    )
)


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


def _sealed_by(key: jose.PrivateKey, alg: str, sign: Sign | None = None) -> bytes:
    """A seal with a certificate of the trusted CA for a key of another kind."""
    plan = replace(seal_plan(SCHOOL, MADE))
    certificate = school().pki.seal_ca.issue(plan, key.public_key(), serial=77)
    header = {**header_of(certificate), "alg": alg}
    return sealed(header, sign=sign or partial(jose.sign, alg, key))


@cache
def _small_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


def _es256_with_p384() -> bytes:
    key = ec.generate_private_key(ec.SECP384R1())
    return _sealed_by(key, "ES256", partial(jose.sign, "ES384", key))


def _signed_as(did: str, alg: str = "EdDSA") -> bytes:
    document = badge(issuer={"id": did, "type": ["Profile"], "name": SL_NAME})
    header = jwt_header(alg=alg, kid=f"{did}#0")
    return jwt(claims(document), header=header, sign=signs(attacker()))


def _did_of_jwk(jwk: Mapping[str, str]) -> str:
    return f"did:jwk:{b64u(compact_json(jwk).encode())}"


def _x25519() -> bytes:
    public = x25519.X25519PrivateKey.generate().public_key().public_bytes_raw()
    jwk = {"crv": "X25519", "kty": "OKP", "x": b64u(public)}
    return _signed_as(_did_of_jwk(jwk))


def _x25519_did_key() -> bytes:
    public = x25519.X25519PrivateKey.generate().public_key().public_bytes_raw()
    did = "did:key:" + multibase(b"\xec\x01" + public)
    return jwt(
        claims(badge(issuer={"id": did, "type": ["Profile"], "name": SL_NAME})),
        header=jwt_header(kid=did),
        sign=signs(attacker()),
    )


def _exponent_one() -> bytes:
    modulus = _small_rsa().private_numbers().p ** 4
    size = (modulus.bit_length() + 7) // 8
    jwk = {"e": "AQ", "kty": "RSA", "n": b64u(modulus.to_bytes(size))}
    return _signed_as(_did_of_jwk(jwk), "RS256")


ROW_21 = (
    Case(
        21,
        "es256-over-p384",
        "alg is ES256, the certificate's key is on P-384",
        honest_seal,
        _es256_with_p384,
        _NOT_ALLOWED,
    ),
    Case(
        21,
        "rsa-1024",
        "the certificate's RSA key has 1024 bits",
        honest_seal,
        lambda: _sealed_by(_small_rsa(), "RS256"),
        "proof.algorithm fail weak.key",
    ),
    Case(
        21,
        "sha-1",
        "alg is RSA with SHA-1",
        honest_seal,
        lambda: _sealed_by(
            _small_rsa(), "RS1", partial(jose.sign, "RS256", _small_rsa())
        ),
        _NOT_ALLOWED,
    ),
    Case(
        21,
        "eddsa-over-x25519",
        "the key is one for key agreement",
        honest_jwt,
        _x25519,
        "proof.key undecided unsupported",
    ),
    Case(
        21,
        "eddsa-over-x25519-did-key",
        "the did:key is one for key agreement",
        honest_jwt,
        _x25519_did_key,
        "proof.key fail did.multicodec",
    ),
    Case(
        21,
        "exponent-one",
        "with e = 1 every text is its own signature",
        honest_jwt,
        _exponent_one,
        "proof.algorithm fail weak.key",
    ),
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

CASES = (
    *ROW_9,
    *ROW_10,
    *ROW_11,
    *ROW_12,
    *ROW_13,
    *ROW_16,
    *ROW_17,
    *ROW_20,
    *ROW_21,
    *ROW_24,
)

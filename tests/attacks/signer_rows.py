"""Rows 9 to 13 and 21: whose key it is, and whether it is one to rely on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
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
    es256,
    header_of,
    jwt,
    jwt_header,
    school,
    sealed,
    signs,
)
from edc_issuer import jose
from edc_issuer.encoding import b64, b64u, multibase
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


CASES = (*ROW_9, *ROW_10, *ROW_11, *ROW_12, *ROW_13, *ROW_21)

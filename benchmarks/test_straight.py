"""Our road beside the same steps written straight, with nothing but the libraries.

The straight side does what the format's standard asks for and no more: no checks of
what goes in, no errors in words, no values of our own between the steps.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from benchmarks.measuring import Rounds
from benchmarks.school import NOW, school
from edc_issuer.formats import jwt_claims
from edc_issuer.keys import DidIdentity
from world import PASSWORD, world


def _dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _b64u(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unb64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _loads(data: bytes) -> Any:
    return json.loads(data, object_pairs_hook=_unique)


def test_edc_jades_from_credential_to_self_verified_file(rounds: Rounds) -> None:
    rounds.benchmark.group = "edc-jades"
    it = school("edc-jades")
    credential = it.built()
    sealed = (world().folder / "keys" / "seal.p12").read_bytes()
    key, certificate, _ = pkcs12.load_key_and_certificates(sealed, PASSWORD.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert certificate is not None
    file = json.loads(it.signed(credential))
    header = json.loads(_unb64u(file["signatures"][0]["protected"]))
    public = key.public_key()

    def straight() -> bytes:
        payload = _dumps(credential)
        protected = _b64u(_dumps(header))
        value = key.sign(protected + b"." + payload, ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(value)
        signature = _b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        seal = {"protected": protected.decode(), "signature": signature.decode()}
        data = _dumps({"payload": payload.decode(), "signatures": [seal]})
        read = _loads(data)
        again = read["signatures"][0]
        stated = _loads(_unb64u(again["protected"]))
        assert stated["alg"] == "ES256"
        raw = _unb64u(again["signature"])
        public.verify(
            encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
            again["protected"].encode() + b"." + read["payload"].encode(),
            ec.ECDSA(hashes.SHA256()),
        )
        return data

    def ours() -> bytes:
        data = it.signed(credential)
        it.self_verified(data)
        return data

    assert json.loads(straight())["payload"] == json.loads(ours())["payload"]
    rounds.at_most(ours, straight, factor=1.5, against="the steps written straight")


def test_ob3_jwt_signing(rounds: Rounds) -> None:
    rounds.benchmark.group = "ob3-jwt"
    it = school("ob3-jwt")
    credential = it.built()
    pem = (world().folder / "keys" / "badge.pem").read_bytes()
    key = load_pem_private_key(pem, None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    identity = it.signer.identity
    assert isinstance(identity, DidIdentity)
    header = {"alg": "EdDSA", "typ": "JWT", "kid": identity.verification_method}
    payload = {**credential, **jwt_claims.write(credential, at=NOW)}

    def straight() -> bytes:
        message = _b64u(_dumps(header)) + b"." + _b64u(_dumps(payload))
        return message + b"." + _b64u(key.sign(message))

    assert straight() == it.signed(credential)
    rounds.at_most(
        lambda: it.signed(credential),
        straight,
        factor=1.3,
        against="json.dumps, base64url and one raw signature",
    )

"""Our road beside the same steps written straight, with nothing but the libraries.

The straight side does what the format's standard asks for and no more: no checks of
what goes in, no errors in words, no values of our own between the steps.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from benchmarks.measuring import Rounds
from benchmarks.school import NOW, school
from edc_issuer.formats.base import Signing
from edc_issuer.formats.jwt import VC_JOSE_JWT
from edc_issuer.keys import DidIdentity, open_signer
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


def _ecdsa(digest: hashes.HashAlgorithm, size: int) -> Callable[[Any, bytes], bytes]:
    def sign(key: Any, message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(digest)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return sign


_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
RAW: Mapping[str, tuple[Callable[[], Any], Callable[[Any, bytes], bytes]]] = {
    "EdDSA": (ed25519.Ed25519PrivateKey.generate, lambda key, text: key.sign(text)),
    "ES256": (
        lambda: ec.generate_private_key(ec.SECP256R1()),
        _ecdsa(hashes.SHA256(), 32),
    ),
    "ES384": (
        lambda: ec.generate_private_key(ec.SECP384R1()),
        _ecdsa(hashes.SHA384(), 48),
    ),
    "RS256": (
        lambda: rsa.generate_private_key(65537, 2048),
        lambda key, text: key.sign(text, padding.PKCS1v15(), hashes.SHA256()),
    ),
    "PS256": (
        lambda: rsa.generate_private_key(65537, 2048),
        lambda key, text: key.sign(text, _PSS, hashes.SHA256()),
    ),
}


@pytest.mark.parametrize("algorithm", RAW)
def test_vc_jwt_signing(rounds: Rounds, algorithm: str, tmp_path: Path) -> None:
    """The credential of the school under a key of each kind."""
    rounds.benchmark.group = "ob3-jwt"
    generate, raw = RAW[algorithm]
    key = generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "badge.pem").write_bytes(pem)
    text = json.dumps(school("ob3-jwt").built())
    with open_signer(f"file:{tmp_path / 'badge.pem'}", algorithm=algorithm) as signer:
        assert isinstance(signer.identity, DidIdentity)
        school_did = json.loads(text)["issuer"]["id"]
        credential = json.loads(text.replace(school_did, signer.identity.did))

        def ours() -> bytes:
            signing = Signing(signer.identity, algorithm, NOW)
            pending = VC_JOSE_JWT.prepare(credential, signing)
            signature = signer.sign([pending.to_be_signed])[0]
            return VC_JOSE_JWT.attach(pending, signature)

        header, payload = map(json.loads, map(_unb64u, ours().decode().split(".")[:2]))

        def straight() -> bytes:
            message = _b64u(_dumps(header)) + b"." + _b64u(_dumps(payload))
            return message + b"." + _b64u(raw(key, message))

        assert straight().split(b".")[:2] == ours().split(b".")[:2]
        rounds.at_most(
            ours,
            straight,
            factor=1.3,
            against="json.dumps, base64url and one raw signature",
        )

"""A small sealing authority for tests, and a writer of seals with any header.

Every key is fresh. `sealed` signs whatever it is told to, so that a broken header
comes with a signature that fits and only the rule under test can refuse it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from edc_issuer import jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64, b64u
from edc_issuer.formats import open_any
from edc_issuer.formats.base import Envelope, Format, Proof

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
CREDENTIAL = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "id": "urn:credential:5f0c",
    "title": {"sl": "Čebelarjenje za začetnike", "sr": "Пчеларство: Ђ ž š ć"},
}
TEXT = json.dumps(CREDENTIAL, ensure_ascii=False, separators=(",", ":"))


def certificate(
    name: str, key: Any, *, by: x509.Certificate | None, by_key: Any
) -> x509.Certificate:
    """A certificate for `key`, signed by `by_key`; self-signed where `by` is None."""
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1))
        .not_valid_after(datetime(2029, 1, 1))
        .sign(by_key, hashes.SHA256())
    )


ROOT_KEY = ec.generate_private_key(ec.SECP256R1())
ROOT = certificate("Koren Žaga", ROOT_KEY, by=None, by_key=ROOT_KEY)
CA_KEY = ec.generate_private_key(ec.SECP256R1())
CA = certificate("Overitelj Češnja", CA_KEY, by=ROOT, by_key=ROOT_KEY)
KEYS: dict[str, jose.PrivateKey] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "RS256": rsa.generate_private_key(65537, 2048),
}
KEYS["PS256"] = KEYS["RS256"]
SEALS = {
    alg: certificate(f"Šola Đak {alg}", key, by=CA, by_key=CA_KEY)
    for alg, key in KEYS.items()
}
SEAL = SEALS["ES256"]


def der(item: x509.Certificate) -> bytes:
    return item.public_bytes(Encoding.DER)


def thumbprint(item: x509.Certificate, digest: str = "sha256") -> str:
    return b64u(hashlib.new(digest, der(item)).digest())


def header(**changes: Any) -> dict[str, Any]:
    """A good header with some members changed; None takes one out."""
    good = {
        "alg": "ES256",
        "x5t#S256": thumbprint(SEAL),
        "x5c": [b64(der(SEAL)), b64(der(CA))],
        "b64": False,
        "iat": int(AT.timestamp()),
        "crit": ["b64"],
    }
    changed = {**good, **{k.replace("x5t_", "x5t#"): v for k, v in changes.items()}}
    return {name: value for name, value in changed.items() if value is not None}


def protect(members: Mapping[str, Any] | str) -> str:
    text = members if isinstance(members, str) else json.dumps(members)
    return b64u(text.encode())


def signature(
    members: Mapping[str, Any] | str,
    payload: str = TEXT,
    *,
    unprotected: Any = None,
    alg: str = "ES256",
) -> dict[str, Any]:
    """One element of `signatures`, signed over `payload` as it stands."""
    protected = protect(members)
    value = jose.sign(alg, KEYS[alg], f"{protected}.{payload}".encode())
    made: dict[str, Any] = {"protected": protected, "signature": b64u(value)}
    return made if unprotected is None else {**made, "header": unprotected}


def sealed(
    members: Mapping[str, Any] | str | None = None,
    payload: str = TEXT,
    *,
    unprotected: Any = None,
    alg: str = "ES256",
) -> bytes:
    """A general JWS with one seal."""
    one = signature(
        header() if members is None else members,
        payload,
        unprotected=unprotected,
        alg=alg,
    )
    return json.dumps({"payload": payload, "signatures": [one]}).encode()


def compact(members: Mapping[str, Any] | str, payload: str) -> bytes:
    """A compact JWS over a payload that is put in as it stands."""
    one = signature(members, payload)
    return f"{one['protected']}.{payload}.{one['signature']}".encode()


def opened(data: bytes) -> tuple[Format, Envelope]:
    return open_any(data, documents=BUNDLED)


def only_proof(data: bytes) -> Proof:
    (proof,) = opened(data)[1].proofs
    return proof


def verify_all(data: bytes) -> Any:
    """Open, verify each proof with the key of its certificate; the content."""
    securing, envelope = opened(data)
    for proof in envelope.proofs:
        assert proof.hint.certificate is not None
        key: Any = proof.hint.certificate.public_key()
        securing.verify(envelope, proof, key)
    return securing.covered(envelope, envelope.proofs[0])

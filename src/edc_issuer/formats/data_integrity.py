"""Proofs that stand inside the credential: W3C Data Integrity.

What is signed is not the file's text but what it says: the canonical form of the
document without its proof, and that of the proof without its value. Open Badges
are signed so, with the suite eddsa-rdfc-2022. Verifiable Credential Data Integrity
1.0 sections 2.1 and 4, Data Integrity EdDSA Cryptosuites 1.0 section 3.2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from edc_issuer import jose, strict_json
from edc_issuer.canonical import View, canonicalize, view
from edc_issuer.documents import Documents
from edc_issuer.encoding import multibase, unmultibase
from edc_issuer.errors import (
    ConfigError,
    InputError,
    Malformed,
    Problem,
    ProofInvalid,
    RecordError,
    Unsupported,
)
from edc_issuer.formats import jws
from edc_issuer.formats.base import Envelope, KeyHint, Pending, Proof, Signing
from edc_issuer.jose import PublicKey
from edc_issuer.keys.identity import DidIdentity, Identity

MAX_PROOFS = 32  # a proof set of honest co-signers is a handful
PURPOSE = "assertionMethod"
_TYPE = "DataIntegrityProof"
# xsd:dateTimeStamp: a time without its zone is no time (section 2.1, `created`)
_STAMP = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Suite:
    """One cryptosuite: its hash and the one signature algorithm it knows."""

    name: str
    hash: str
    algorithm: str
    issues_for: frozenset[str]  # names that signers give that algorithm


SUITES: tuple[Suite, ...] = (
    Suite("eddsa-rdfc-2022", "sha256", "Ed25519", frozenset({"EdDSA", "Ed25519"})),
)


@dataclass(frozen=True)
class Opened:
    """A document without its proofs; `digests` by hash where a known suite asks."""

    document: Mapping[str, Any]
    documents: Documents
    digests: Mapping[str, bytes]

    @cached_property
    def view(self) -> View:
        """The verified view, made once for all proofs of the file."""
        if not self.digests:
            return View(dict(self.document))
        return view(self.document, documents=self.documents)


@dataclass(frozen=True, slots=True)
class Signed:
    """What one proof is verified with; `fault` is why it cannot be."""

    suite: Suite | None
    message: bytes = b""
    signature: bytes = b""
    fault: InputError | None = None


@dataclass(frozen=True, slots=True)
class DataIntegrity:
    """The Data Integrity format; a row of `formats.FORMATS`."""

    id: str = "data-integrity"
    media_type: str = "application/vc"
    suffix: str = ".jsonld"

    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending:
        """Make a proof ready to be signed; `created` is `at`, in whole seconds.

        Raises `ConfigError` for an identity that is no DID or an algorithm that no
        suite has, `RecordError` for a credential that safe mode refuses.
        """
        suite = _suite_for(signing.identity, signing.algorithm)
        proof = {
            "type": _TYPE,
            "cryptosuite": suite.name,
            "created": signing.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verificationMethod": _method(signing.identity),
            "proofPurpose": PURPOSE,
        }
        if "proof" in credential:
            raise RecordError([Problem("proof", "proof", "there is a proof already")])
        try:
            message = _digest(
                _configuration(proof, credential), suite.hash, signing.documents
            ) + _digest(credential, suite.hash, signing.documents)
        except Malformed as error:
            raise RecordError([Problem("", error.reason, str(error))]) from error
        return Pending(
            format=self.id,
            to_be_signed=message,
            algorithm=signing.algorithm,
            parts={"credential": dict(credential), "proof": proof},
        )

    def attach(self, pending: Pending, signature: bytes) -> bytes:
        """The credential with its proof in an array, as strict badge schemas ask."""
        proof = {**pending.parts["proof"], "proofValue": multibase(signature)}
        return jws.dump({**pending.parts["credential"], "proof": [proof]})

    def recognises(self, data: bytes) -> bool:
        """Whether this is a JSON-LD object with a `proof`."""
        try:
            members = strict_json.loads_object(data)
        except Malformed:
            return False
        return "@context" in members and "proof" in members

    def open(self, data: bytes, *, documents: Documents) -> Envelope:
        """Read a document with all its proofs; nothing is verified.

        Where a proof is of a suite in `SUITES` the document goes through safe mode,
        so that `Malformed` has all reasons of `canonicalize` beside those of proofs:
        `proof.malformed`, `proof.created`, `proof.expires`, `proof.chain`,
        `limits.proofs`. Other suites are parsed, and refused by `verify`.
        """
        document = strict_json.loads_object(data)
        proofs = _proofs_of(document)
        unsecured = {k: v for k, v in document.items() if k != "proof"}
        suites = [_suite_of(proof) for proof in proofs]
        read = [
            _read_proof(index, proof, suite)
            for index, (proof, suite) in enumerate(zip(proofs, suites, strict=True))
        ]
        _check_chain(proofs)
        digests = {
            hash: _digest(unsecured, hash, documents)
            for hash in {suite.hash for suite in suites if suite}
        }
        opened = Opened(unsecured, documents, digests)
        return Envelope(
            format=self.id,
            proofs=tuple(
                replace(known, internals=_signed(proof, suite, opened))
                for known, proof, suite in zip(read, proofs, suites, strict=True)
            ),
            merged=opened.view.merged,
            internals=opened,
        )

    def covered(self, envelope: Envelope, proof: Proof) -> Any:
        """The verified view: what the document says without its proofs."""
        opened: Opened = envelope.internals
        return opened.view.content

    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None:
        """Raise `ProofInvalid` unless this proof was made with `key` over the view.

        `Unsupported` (`suite.unsupported`) for suites and chains not built yet.
        """
        signed: Signed = proof.internals
        if signed.fault is not None:
            raise signed.fault
        if signed.suite is None:
            raise Unsupported("no known suite", reason="suite.unsupported")
        jose.verify(signed.suite.algorithm, key, signed.signature, signed.message)


DATA_INTEGRITY = DataIntegrity()


def _suite_for(identity: Identity, algorithm: str) -> Suite:
    if not isinstance(identity, DidIdentity):
        raise ConfigError("a badge is signed with the key of a DID, not a certificate")
    for suite in SUITES:
        if algorithm in suite.issues_for and jose.fits(algorithm, identity.public_key):
            return suite
    raise ConfigError(
        f"no Data Integrity suite for {algorithm} with this key; use an Ed25519 key"
    )


def _method(identity: Identity) -> str:
    assert isinstance(identity, DidIdentity)
    return identity.verification_method


def _digest(document: Mapping[str, Any], hash: str, documents: Documents) -> bytes:
    nquads = canonicalize(document, documents=documents, hash=hash).nquads
    return hashlib.new(hash, nquads).digest()


def _configuration(
    proof: Mapping[str, Any], document: Mapping[str, Any]
) -> dict[str, Any]:
    """The proof as it is hashed: without its value, with the document's contexts."""
    options = {k: v for k, v in proof.items() if k not in ("proofValue", "@context")}
    return {"@context": document.get("@context"), **options}


def _proofs_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "proof" not in document:
        return []
    value = document["proof"]
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(proof, dict) and proof for proof in proofs):
        raise Malformed("proof is not an object or some", reason="proof.malformed")
    if len(proofs) > MAX_PROOFS:
        raise Malformed(
            f"{len(proofs)} proofs, at most {MAX_PROOFS} are read",
            reason="limits.proofs",
        )
    return proofs


def _suite_of(proof: Mapping[str, Any]) -> Suite | None:
    if proof.get("type") != _TYPE:
        return None
    return next((s for s in SUITES if s.name == proof.get("cryptosuite")), None)


def _read_proof(index: int, proof: Mapping[str, Any], suite: Suite | None) -> Proof:
    kind = _text(proof, "type", required=True)
    name = _text(proof, "cryptosuite", required=kind == _TYPE)
    method = _text(proof, "verificationMethod", required=suite is not None)
    return Proof(
        index=index,
        algorithm=name if kind == _TYPE and name else str(kind),
        hint=KeyHint(url=method),
        claimed_at=_time(proof, "created"),
        expires=_time(proof, "expires"),
    )


def _text(proof: Mapping[str, Any], name: str, *, required: bool) -> str | None:
    value = proof.get(name)
    if isinstance(value, str) and value:
        return value
    if required:
        raise Malformed(f"{name} of a proof is no text", reason="proof.malformed")
    return None


def _time(proof: Mapping[str, Any], name: str) -> datetime | None:
    if name not in proof:
        return None
    value = proof[name]
    try:
        if isinstance(value, str) and _STAMP.match(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise Malformed(
        f"{name} of a proof is no date and time with a zone", reason=f"proof.{name}"
    )


def _check_chain(proofs: list[Mapping[str, Any]]) -> None:
    """Every proof that another one names must be there (section 4.2, step 4)."""
    present = {proof["id"] for proof in proofs if isinstance(proof.get("id"), str)}
    for proof in proofs:
        named = proof.get("previousProof", [])
        for name in named if isinstance(named, list) else [named]:
            if not isinstance(name, str) or name not in present:
                raise Malformed(
                    "a proof builds on another that is not there", reason="proof.chain"
                )


def _signed(proof: Mapping[str, Any], suite: Suite | None, opened: Opened) -> Signed:
    if suite is None:
        name = proof.get("cryptosuite", proof.get("type"))
        fault: InputError = Unsupported(
            f"proofs of the kind {name!a} are not verified by this version",
            reason="suite.unsupported",
        )
        return Signed(None, fault=fault)
    configuration = _configuration(proof, opened.document)
    message = _digest(configuration, suite.hash, opened.documents)
    try:
        signature = _signature(proof, opened.document)
    except InputError as error:
        return Signed(suite, fault=error)
    return Signed(suite, message + opened.digests[suite.hash], signature)


def _signature(proof: Mapping[str, Any], document: Mapping[str, Any]) -> bytes:
    """The signature of a proof that may be judged (section 4.2, steps 2 to 6)."""
    if "previousProof" in proof:
        raise Unsupported(
            "a proof over other proofs is not verified by this version",
            reason="suite.unsupported",
        )
    if proof.get("proofPurpose") != PURPOSE:
        raise ProofInvalid(
            "the proof was made for another purpose than to assert this content",
            reason="proof.purpose",
        )
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise ProofInvalid(
            "the proof names other contexts than the document", reason="proof.context"
        )
    value = proof.get("proofValue")
    # Section 3.3.1: the header z, base58btc. A second spelling of one signature
    # would make two files of one.
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofInvalid("proofValue is not multibase z", reason="proof.value")
    try:
        return unmultibase(value)
    except ValueError as error:
        raise ProofInvalid("proofValue is not base58", reason="proof.value") from error

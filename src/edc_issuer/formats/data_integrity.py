"""Proofs that stand inside the credential: W3C Data Integrity.

What is signed is not the file but what it says or how it reads: one form of the
document without its proofs, and of the proof without its value. A file can have
several proofs, of several suites, each over the whole; and a proof can stand over
others (a chain). W3C Verifiable Credential Data Integrity 1.0 sections 2.1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from edc_issuer import strict_json
from edc_issuer.canonical import DEFAULT_LIMITS, Limits
from edc_issuer.documents import Documents
from edc_issuer.errors import (
    ConfigError,
    InputError,
    Malformed,
    Problem,
    RecordError,
    Unsupported,
)
from edc_issuer.formats import jws, proofs
from edc_issuer.formats.base import Envelope, Pending, Proof, Signing
from edc_issuer.formats.hashing import Unsecured
from edc_issuer.formats.method import HASHED, Method, Signed
from edc_issuer.formats.proofs import MAX_PROOFS, Members
from edc_issuer.formats.suites import (
    ISSUED,
    PROOF_TYPE,
    Means,
    Suite,
    may_withhold,
    suite_named,
    suite_of,
)
from edc_issuer.jose import PublicKey
from edc_issuer.keys.identity import ASSERTION, DidIdentity, Identity

__all__ = ["DATA_INTEGRITY", "MAX_PROOFS", "DataIntegrity"]


def method_of(suite: Suite) -> Method:
    """The method of a suite; selective disclosure is loaded when it is met."""
    if suite.canonicalization == "selective":
        from edc_issuer.formats.selective.method import SELECTIVE

        return SELECTIVE
    return HASHED


@dataclass(frozen=True, slots=True)
class DataIntegrity:
    """The Data Integrity format; a row of `formats.FORMATS`."""

    id: str = "data-integrity"
    media_type: str = "application/vc"
    suffix: str = ".jsonld"

    def prepare(self, credential: Mapping[str, Any], signing: Signing) -> Pending:
        """Make a proof ready to be signed; `created` is `at`, in whole seconds.

        The option `cryptosuite` chooses among those that the key fits, `proof` adds
        members (`id`, `expires`, `domain`, `challenge`, `nonce`); ecdsa-sd-2023 has
        two of its own (`selective.method`). Raises
        `ConfigError` for an identity that is no DID or a key or option that no
        suite has, `RecordError` for a credential that safe mode refuses.
        """
        if "proof" in credential:
            raise RecordError([Problem("proof", "proof", "there is a proof already")])
        return _pending(credential, (), signing)

    def prepare_further(self, secured: Mapping[str, Any], signing: Signing) -> Pending:
        """Make one more proof ready, for a document that has some.

        With the option `proof` {"previousProof": id or ids} it stands over those
        (a chain, section 4.3); else beside them (a set). Besides what `prepare`
        raises, `Malformed` for proofs that are none or not there.
        """
        present = proofs.proofs_of(secured)
        if len(present) >= MAX_PROOFS:
            raise RecordError([Problem("proof", "limits.proofs", "too many proofs")])
        unsecured = {k: v for k, v in secured.items() if k != "proof"}
        return _pending(unsecured, present, signing)

    def attach(self, pending: Pending, signature: bytes) -> bytes:
        """The credential with its proofs in an array, as strict badge schemas ask."""
        parts = pending.parts
        suite = suite_of(parts["proof"])
        assert suite is not None
        value = method_of(suite).value(signature, parts)
        proof = {**parts["proof"], "proofValue": value}
        present = [*parts.get("proofs", ()), proof]
        return jws.dump({**parts["credential"], "proof": present})

    def recognises(self, data: bytes) -> bool:
        """Whether this is a JSON-LD object with a `proof`."""
        try:
            members = strict_json.loads_object(data)
        except Malformed:
            return False
        return "@context" in members and "proof" in members

    def open(
        self, data: bytes, *, documents: Documents, limits: Limits | None = None
    ) -> Envelope:
        """Read a document with all its proofs; nothing is verified.

        Where a proof is of a known suite the document goes through safe mode, so
        that `Malformed` has all reasons of `canonicalize` beside those of proofs:
        `proof.malformed`, `proof.created`, `proof.expires`, `proof.chain`,
        `limits.proofs`. Other suites are parsed, and refused by `verify`.
        """
        document = strict_json.loads_object(data)
        present = proofs.proofs_of(document)
        unsecured = {k: v for k, v in document.items() if k != "proof"}
        file = Unsecured(unsecured, present, documents, limits or DEFAULT_LIMITS)
        read = _read(file)
        return Envelope(
            format=self.id, proofs=read, merged=_merged(file, read), internals=file
        )

    def covered(self, envelope: Envelope, proof: Proof) -> Any:
        """The verified view: what the document says without its proofs."""
        file: Unsecured = envelope.internals
        signed: Signed = proof.internals
        if not any(map(suite_of, file.proofs)):
            return dict(file.document)
        return file.view(signed.contexts or file.contexts).content

    def verify(self, envelope: Envelope, proof: Proof, key: PublicKey) -> None:
        """Raise `ProofInvalid` unless this proof was made with `key` over the view.

        `Unsupported` (`suite.unsupported`) for suites that are not known. The proofs
        in `proof.after` have to hold as well, each under its own key.
        """
        signed: Signed = proof.internals
        if signed.fault is not None:
            raise signed.fault
        assert signed.suite is not None
        method_of(signed.suite).verify(signed, key)


DATA_INTEGRITY = DataIntegrity()


def _read(file: Unsecured) -> tuple[Proof, ...]:
    suites = [suite_of(proof) for proof in file.proofs]
    read = [
        proofs.read_proof(index, proof, suite)
        for index, (proof, suite) in enumerate(zip(file.proofs, suites, strict=True))
    ]
    links = [proofs.named_by(proof, file.proofs) for proof in file.proofs]
    chains = proofs.in_chain(links)
    return tuple(
        replace(
            known,
            expires=_first(read[i].expires for i in (known.index, *chain)),
            after=chain,
            internals=_signed(file, file.proofs[known.index], suite, link),
        )
        for known, suite, link, chain in zip(read, suites, links, chains, strict=True)
    )


def _first(ends: Iterable[datetime | None]) -> datetime | None:
    """The first end: what a proof rests on ends with it."""
    return min((end for end in ends if end is not None), default=None)


def _signed(
    file: Unsecured, proof: Members, suite: Suite | None, named: Sequence[int]
) -> Signed:
    if suite is None:
        name = proof.get("cryptosuite", proof.get("type"))
        fault = Unsupported(
            f"proofs of the kind {name!a} are not verified by this version",
            reason="suite.unsupported",
        )
        return Signed(None, fault=fault)
    return method_of(suite).read(file, proof, suite, named)


def _merged(file: Unsecured, read: Sequence[Proof]) -> tuple[str, ...]:
    """Ids whose properties stood in two places, in what any of the proofs covers."""
    if not any(map(suite_of, file.proofs)):
        return ()
    good = [p.internals.contexts for p in read if p.internals.fault is None]
    found = [file.view(contexts).merged for contexts in good or [file.contexts]]
    return tuple(dict.fromkeys(id_ for ids in found for id_ in ids))


_OPTIONS = frozenset({"cryptosuite", "proof"})
_IN_PARTS = frozenset({"mandatoryPointers", "unsafe_endless"})
_FURTHER = frozenset(
    {"id", "expires", "domain", "challenge", "nonce", "previousProof", "proofPurpose"}
)


def _pending(
    credential: Members, present: Sequence[Members], signing: Signing
) -> Pending:
    suite, means = _suite_for(signing)
    known = _OPTIONS | _IN_PARTS if may_withhold(suite.name) else _OPTIONS
    unknown = ", ".join(sorted(signing.options.keys() - known))
    if unknown:
        raise ConfigError(f"a proof has no option {unknown}; there is cryptosuite")
    proof = _options(suite, credential, signing)
    file = Unsecured(credential, present, signing.documents)
    try:
        message, further = method_of(suite).message(
            file, proof, suite, means, options=signing.options
        )
        proofs.check_purpose(proof, credential)
    except Malformed as error:
        raise RecordError([Problem("", error.reason, str(error))]) from error
    except InputError as error:
        raise ConfigError(f"this proof cannot be made: {error}") from error
    return Pending(
        format=DATA_INTEGRITY.id,
        to_be_signed=message,
        algorithm=signing.algorithm,
        parts={
            "credential": dict(credential),
            "proofs": [dict(one) for one in present],
            "proof": proof,
            **further,
        },
    )


def _suite_for(signing: Signing) -> tuple[Suite, Means]:
    """The suite that was asked for, else the first that the key fits."""
    key = _identity(signing.identity).public_key
    asked = signing.options.get("cryptosuite")
    known = ISSUED if asked is None else _asked(asked)
    for suite in known:
        means = suite.means_for(key)
        if means is not None and _is_same(means.algorithm, signing.algorithm):
            return suite, means
    raise ConfigError(
        f"no Data Integrity suite for {signing.algorithm} with this key; use a key of "
        "the kind Ed25519, P-256 or P-384"
        if asked is None
        else f"{asked} is not for {signing.algorithm} with this key"
    )


def _asked(name: Any) -> tuple[Suite, ...]:
    suite = suite_named(name) if isinstance(name, str) else None
    if suite is None or suite.legacy:
        names = ", ".join(one.name for one in ISSUED)
        raise ConfigError(f"no cryptosuite {name!r} to sign with; there are {names}")
    return (suite,)


def _is_same(algorithm: str, named: str) -> bool:
    # RFC 9864 gives EdDSA with Ed25519 a name of its own; signers use either.
    return algorithm == named or {algorithm, named} == {"Ed25519", "EdDSA"}


def _options(suite: Suite, credential: Members, signing: Signing) -> dict[str, Any]:
    """The proof without its value (section 4.2, and `@context` by JCS suites)."""
    further = signing.options.get("proof", {})
    if not isinstance(further, Mapping) or not further.keys() <= _FURTHER:
        raise ConfigError(f"a proof can be given {', '.join(sorted(_FURTHER))}")
    proof: dict[str, Any] = {
        "type": PROOF_TYPE,
        "cryptosuite": suite.name,
        "created": signing.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": _identity(signing.identity).verification_method,
        "proofPurpose": ASSERTION,
        **further,
    }
    if suite.canonicalization == "jcs" and "@context" in credential:
        proof["@context"] = credential["@context"]
    try:
        proofs.read_proof(0, proof, suite)
    except Malformed as error:
        raise ConfigError(f"this proof cannot be made: {error}") from error
    return proof


def _identity(identity: Identity) -> DidIdentity:
    if not isinstance(identity, DidIdentity):
        raise ConfigError("a badge is signed with the key of a DID, not a certificate")
    return identity

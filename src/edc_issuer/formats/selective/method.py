"""How ecdsa-sd-2023 plugs into Data Integrity: made, read and checked like the others.

Two kinds of proof bear its name. The base proof holds everything and is for the
holder alone; the standard gives verifiers no way to accept it. Here it is checked
like any other, so that a broken one is told from a whole one, and then refused with
`HolderOnly`: what it says was not meant for whoever received it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from edc_issuer.canonical import canonicalize, quads
from edc_issuer.canonical.rdfc import Quad
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import (
    ConfigError,
    InputError,
    Problem,
    ProofInvalid,
    RecordError,
    Unsupported,
)
from edc_issuer.formats import proofs
from edc_issuer.formats.base import HolderOnly
from edc_issuer.formats.hashing import Unsecured
from edc_issuer.formats.method import Signed
from edc_issuer.formats.proofs import Members
from edc_issuer.formats.selective import base
from edc_issuer.formats.selective.base import HMAC_BYTES, Prepared, verify_base
from edc_issuer.formats.selective.disclosure import separated, verify_derived
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    DerivedProofValue,
    is_base,
)
from edc_issuer.formats.suites import Means, Suite
from edc_issuer.jose import PublicKey

SUITE = "ecdsa-sd-2023"
# Each may have thousands of signatures; an honest file has one.
MAX_PROOFS = 2
# What our own badges show in every copy (verdicts, part 10): whose it is, what it
# is, and what a later reader must know of its end and its withdrawal.
ALWAYS = (
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "credentialStatus",
)
_ENDS = frozenset({"validUntil", "expirationDate", "credentialStatus"})


@dataclass(frozen=True, slots=True)
class SignedApart(Signed):
    """What one ecdsa-sd-2023 proof is verified with."""

    proof_hash: bytes = b""
    value: BaseProofValue | DerivedProofValue | None = None
    quads: Sequence[Quad] = ()
    file: Unsecured | None = None


@dataclass(frozen=True, slots=True)
class Selective:
    """The method of ecdsa-sd-2023; what differs from `method.Hashed`."""

    def message(
        self,
        file: Unsecured,
        proof: Members,
        suite: Suite,
        means: Means,
        *,
        options: Members,
    ) -> tuple[bytes, Mapping[str, Any]]:
        """What the issuer signs, and what of the base proof exists before that.

        The key of the statements and the one of the labels are drawn here and used
        for this proof only. The option `mandatoryPointers` has further places that
        every copy shows. `RecordError` (`selective.endless`) for a credential with
        neither an end nor a status: nobody could ever rely on a copy of it. With the
        option `unsafe_endless` it is signed all the same, for tests of the standard.
        """
        if file.proofs:
            raise Unsupported("a base proof stands alone", reason="suite.unsupported")
        if _ENDS.isdisjoint(file.document) and not options.get("unsafe_endless"):
            raise RecordError([_endless()])
        prepared = base.prepare(
            file.document,
            mandatory_pointers(file.document, options),
            hmac_key=os.urandom(HMAC_BYTES),
            key=ec.generate_private_key(ec.SECP256R1()),
            documents=file.documents,
        )
        signed = base.to_be_signed(
            _proof_hash(file, proof, suite),
            prepared.public_key,
            prepared.mandatory_hash,
        )
        return signed, {"selective": _to_json(prepared)}

    def value(self, signature: bytes, parts: Mapping[str, Any]) -> str:
        """The `proofValue` of the base proof."""
        return _from_json(parts["selective"]).signed(signature).serialize()

    def read(
        self, file: Unsecured, proof: Members, suite: Suite, named: Sequence[int]
    ) -> Signed:
        """What was signed, and the signatures; of either kind of proof."""
        try:
            _check_alone(file, named)
            proof_hash = _proof_hash(file, proof, suite)
            value = _value(proof.get("proofValue"))
            proofs.check_purpose(proof, file.document)
        except InputError as error:
            return SignedApart(suite, file.contexts, fault=error)
        return SignedApart(
            suite,
            file.contexts,
            proof_hash=proof_hash,
            value=value,
            quads=quads(file.document, documents=file.documents, limits=file.limits),
            file=file,
        )

    def verify(self, signed: Signed, key: PublicKey) -> None:
        """`ProofInvalid` unless all that is shown was signed; else `HolderOnly`."""
        assert isinstance(signed, SignedApart)
        assert signed.suite is not None
        if signed.suite.means_for(key) is None:
            raise ProofInvalid(
                f"{SUITE} is not for a key of this kind", reason="alg.not_allowed"
            )
        assert signed.value is not None
        assert signed.file is not None
        if isinstance(signed.value, DerivedProofValue):
            verify_derived(
                signed.quads,
                signed.value,
                signed.proof_hash,
                key,
                limits=signed.file.limits,
            )
            return
        verify_base(
            signed.file.document,
            signed.value,
            signed.proof_hash,
            key,
            documents=signed.file.documents,
            limits=signed.file.limits,
        )
        raise HolderOnly(
            "the holder's own proof, from which a copy is derived before it is shown",
            reason="proof.base",
        )


SELECTIVE = Selective()


def mandatory_pointers(document: Members, options: Members) -> tuple[str, ...]:
    """What our own badges show in every copy, as far as this one says it, and more."""
    ours = [f"/{name}" for name in ALWAYS if name in document]
    more = options.get("mandatoryPointers", ())
    if isinstance(more, str) or not all(isinstance(item, str) for item in more):
        raise ConfigError("mandatoryPointers are a list of JSON pointers")
    return tuple(dict.fromkeys((*ours, *more)))


def is_always_shown(signed: Signed, predicate: str) -> bool:
    """Whether no copy can leave out anything of what a member says (its full IRI).

    That holds if all statements under it, and about what it names, are mandatory; of
    a copy that says nothing under it nobody can tell. Ask of proofs that hold.
    """
    assert isinstance(signed, SignedApart)
    if not isinstance(signed.value, DerivedProofValue) or signed.file is None:
        return False
    mandatory, others = separated(signed.quads, signed.value, limits=signed.file.limits)
    named = {
        line.split(" ")[2]
        for line in (*mandatory, *others)
        if line.split(" ")[1] == f"<{predicate}>"
    }
    return bool(named) and not any(
        line.split(" ")[1] == f"<{predicate}>" or line.split(" ")[0] in named
        for line in others
    )


def notices(credential: Members) -> Iterator[Problem]:
    """What the issuer of such a badge should read: who it is for, what it lacks."""
    said = "This file is for the learner alone. What others get is a copy of it"
    yield Problem("", "for-the-learner", f"{said}: edc-issuer derive")
    lost = "No copy of this badge can be confirmed: it has no {}, and readers of a copy"
    tail = "cannot tell that from one that was left out."
    if {"validUntil", "expirationDate"}.isdisjoint(credential):
        yield Problem("", "part-without-end", f"{lost.format('end')} {tail}")
    if "credentialStatus" not in credential:
        yield Problem("", "part-without-status", f"{lost.format('status')} {tail}")


def _value(text: object) -> BaseProofValue | DerivedProofValue:
    return (
        BaseProofValue.parse(text) if is_base(text) else DerivedProofValue.parse(text)
    )


def _check_alone(file: Unsecured, named: Sequence[int]) -> None:
    if named:
        raise Unsupported(
            "a selectively disclosed proof over another is not verified here",
            reason="suite.unsupported",
        )
    same = sum(proof.get("cryptosuite") == SUITE for proof in file.proofs)
    if same > MAX_PROOFS:
        raise Unsupported(
            f"{same} proofs of {SUITE}, at most {MAX_PROOFS} are read",
            reason="limits.statements",
        )


def _proof_hash(file: Unsecured, proof: Members, suite: Suite) -> bytes:
    """Of the proof without its value, under the document's contexts (3.6.4)."""
    options = {k: v for k, v in proof.items() if k != "proofValue"}
    options["@context"] = file.contexts_of(proof, suite)
    return hashlib.sha256(
        canonicalize(options, documents=file.documents, limits=file.limits).nquads
    ).digest()


def _endless() -> Problem:
    return Problem(
        "validUntil",
        "selective.endless",
        "a badge that can be shown in part needs an end or a status",
    )


def _to_json(prepared: Prepared) -> dict[str, Any]:
    return {
        "public_key": b64u(prepared.public_key),
        "hmac_key": b64u(prepared.hmac_key),
        "signatures": [b64u(signature) for signature in prepared.signatures],
        "mandatory_pointers": list(prepared.mandatory_pointers),
        "mandatory_hash": b64u(prepared.mandatory_hash),
    }


def _from_json(parts: Mapping[str, Any]) -> Prepared:
    return Prepared(
        unb64u(parts["public_key"]),
        unb64u(parts["hmac_key"]),
        tuple(map(unb64u, parts["signatures"])),
        tuple(parts["mandatory_pointers"]),
        unb64u(parts["mandatory_hash"]),
    )

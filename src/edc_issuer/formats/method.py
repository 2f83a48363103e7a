"""How a proof of one family of suites is made and checked.

Most suites sign two hashes, and `Hashed` is the method of all these. ecdsa-sd-2023
signs every statement by itself: its method is `selective.method`. W3C Verifiable
Credential Data Integrity 1.0 sections 4.2 and 4.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from edc_issuer import jose
from edc_issuer.encoding import multibase
from edc_issuer.errors import InputError, Malformed, ProofInvalid
from edc_issuer.formats import proofs
from edc_issuer.formats.hashing import Unsecured
from edc_issuer.formats.proofs import Members
from edc_issuer.formats.suites import Means, Suite
from edc_issuer.jose import PublicKey


@dataclass(frozen=True, slots=True)
class Signed:
    """What one proof is verified with; `fault` is why it cannot be."""

    suite: Suite | None
    contexts: Any = None
    message: bytes = b""
    signature: bytes = b""
    fault: InputError | None = None


class Method(Protocol):
    """The four steps that differ; `data_integrity.method_of` knows whose they are."""

    def message(
        self,
        file: Unsecured,
        proof: Members,
        suite: Suite,
        means: Means,
        *,
        options: Members,
    ) -> tuple[bytes, Mapping[str, Any]]:
        """What is signed for a proof that is added, and what `value` needs besides."""

    def value(self, signature: bytes, parts: Mapping[str, Any]) -> str:
        """The `proofValue`."""

    def read(
        self, file: Unsecured, proof: Members, suite: Suite, named: Sequence[int]
    ) -> Signed:
        """What a proof is verified with; `named` are the indices it builds on.

        Never raises what concerns one proof alone: it stands in `Signed.fault` until
        somebody asks.
        """

    def verify(self, signed: Signed, key: PublicKey) -> None:
        """`ProofInvalid` unless `key` made this proof."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """One signature over two hashes: the suites of EdDSA, and ECDSA's plain ones."""

    def message(
        self,
        file: Unsecured,
        proof: Members,
        suite: Suite,
        means: Means,
        *,
        options: Members,
    ) -> tuple[bytes, Mapping[str, Any]]:
        """The bytes to be signed, and nothing besides; there are no options."""
        named = proofs.named_by(proof, file.proofs)
        return file.message(proof, suite, means.hash, named), {}

    def value(self, signature: bytes, parts: Mapping[str, Any]) -> str:
        """The `proofValue`: the signature and nothing else."""
        return multibase(signature)

    def read(
        self, file: Unsecured, proof: Members, suite: Suite, named: Sequence[int]
    ) -> Signed:
        """The bytes that were signed, and the signature (section 4.4)."""
        signature, fault = b"", None
        try:
            signature = proofs.signature_of(proof)
        except ProofInvalid as error:
            fault = error
        # Which hash it is, the key decides; until it is at hand, the length tells,
        # and a signature of one length never passes for a key of the other.
        means = suite.means_of_length(len(signature)) or suite.means[0]
        contexts = file.contexts
        try:
            contexts = file.contexts_of(proof, suite)
            message = file.message(proof, suite, means.hash, named)
            proofs.check_purpose(proof, file.document)
        except Malformed as error:
            if not named and contexts == file.contexts:
                raise  # the document is malformed, whoever signed it
            return Signed(suite, fault=error)
        except InputError as error:
            return Signed(suite, fault=error)
        return Signed(suite, contexts, message, signature, fault)

    def verify(self, signed: Signed, key: PublicKey) -> None:
        """`ProofInvalid` unless the signature is the key's own."""
        assert signed.suite is not None
        means = signed.suite.means_for(key)
        if means is None:
            raise ProofInvalid(
                f"{signed.suite.name} is not for a key of this kind",
                reason="alg.not_allowed",
            )
        jose.verify(means.algorithm, key, signed.signature, signed.message)


HASHED = Hashed()

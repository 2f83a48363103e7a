"""What a Data Integrity proof is a signature over: two hashes, one after the other.

First that of the proof without its value, then that of the document without its
proofs, each brought into one form: RDFC-1.0 hashes what a document says, JCS its
text. Where a proof names others, these stand in the hashed document. W3C VC Data
Integrity 1.0 sections 4.3 and 4.5; EdDSA Cryptosuites 3.2 and 3.3; ECDSA
Cryptosuites 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.canonical import (
    DEFAULT_LIMITS,
    Limits,
    View,
    canonicalize,
    check_signable,
    jcs,
    view,
)
from edc_issuer.canonical.terms import is_iri
from edc_issuer.documents import Documents
from edc_issuer.errors import Malformed, ProofInvalid, Unsupported
from edc_issuer.formats.proofs import DEFINED, Members
from edc_issuer.formats.suites import Suite, suite_of


@dataclass(slots=True)
class Unsecured:
    """A document without its proofs; whatever is made of it is made once.

    `proofs` are those of the file, as they stand there.
    """

    document: Members
    proofs: Sequence[Members]
    documents: Documents
    limits: Limits = DEFAULT_LIMITS
    _digests: dict[Any, bytes] = field(default_factory=dict)
    _views: dict[str, View] = field(default_factory=dict)
    _checked: set[str] = field(default_factory=set)

    @property
    def contexts(self) -> Any:
        """The document's own contexts, as they stand."""
        return self.document.get("@context")

    def message(
        self, proof: Members, suite: Suite, hash: str, named: Sequence[int]
    ) -> bytes:
        """The bytes that `proof` signs; `named` are the indices it builds on.

        `Malformed` with the reasons of `canonicalize`, `ProofInvalid`
        (`proof.context`) for a proof under other contexts than its document,
        `Unsupported` where it builds on a proof of a suite that is not known.
        """
        others = [self.proofs[index] for index in named]
        if not all(map(suite_of, others)):
            raise Unsupported(
                "a proof over another of a kind that is not verified here",
                reason="suite.unsupported",
            )
        contexts = self.contexts_of(proof, suite)
        options = {k: v for k, v in proof.items() if k != "proofValue"}
        if suite.canonicalization == "jcs":
            _check_members(options)
            own = jcs(options)
        else:
            options["@context"] = contexts
            own = self._meaning(options, hash)
        digest = self._digest(suite, hash, contexts, others)
        return hashlib.new(hash, own).digest() + digest

    def contexts_of(self, proof: Members, suite: Suite) -> Any:
        """The contexts that the proof covers: the document's, or its first ones.

        `ProofInvalid` (`proof.context`) where they are others. Only a proof over the
        text may name fewer: the rest of them is then not signed (EdDSA Cryptosuites
        3.3.2 step 4), and what it covers is read without them.
        """
        whole = self.contexts
        own = proof.get("@context", whole)
        if own == whole:
            return whole
        first = _listed(own)
        if suite.canonicalization != "jcs" or first != _listed(whole)[: len(first)]:
            raise ProofInvalid(
                "the proof names other contexts than the document",
                reason="proof.context",
            )
        return own

    def view(self, contexts: Any) -> View:
        """The verified view under these contexts, made once for all proofs."""
        key = repr(contexts)
        if key not in self._views:
            document = {**self.document, "@context": contexts}
            self._check(document)
            self._views[key] = view(
                document, documents=self.documents, limits=self.limits
            )
        return self._views[key]

    def _check(self, document: Members) -> None:
        """Safe mode, where no canonicalization of this document went through it."""
        key = repr(document.get("@context"))
        if key not in self._checked:
            check_signable(document, documents=self.documents, limits=self.limits)
            self._checked.add(key)

    def _digest(
        self, suite: Suite, hash: str, contexts: Any, others: Sequence[Members]
    ) -> bytes:
        key = suite.canonicalization, hash, repr(contexts), tuple(map(id, others))
        if key not in self._digests:
            document = {**self.document, "@context": contexts}
            if suite.canonicalization == "jcs":
                self._check(document)
                text = {**document, "proof": list(others)} if others else document
                form = jcs(text)
            else:
                form = self._meaning(_with_proofs(document, others), hash)
                self._checked.add(repr(contexts))
            self._digests[key] = hashlib.new(hash, form).digest()
        return self._digests[key]

    def _meaning(self, document: Members, hash: str) -> bytes:
        return canonicalize(
            document, documents=self.documents, hash=hash, limits=self.limits
        ).nquads


def _listed(contexts: Any) -> list[Any]:
    return contexts if isinstance(contexts, list) else [contexts]


def _with_proofs(document: Members, others: Sequence[Members]) -> Members:
    if not others:
        return document
    return {**document, "proof": [_bare(one, document) for one in others]}


def _bare(proof: Members, document: Members) -> Members:
    """A proof as it stands in a document, under the document's own contexts."""
    if proof.get("@context", document["@context"]) != document["@context"]:
        raise Unsupported(
            "a proof over another that has contexts of its own",
            reason="suite.unsupported",
        )
    return {k: v for k, v in proof.items() if k != "@context"}


def _check_members(options: Members) -> None:
    """What safe mode refuses in a proof, where no canonicalization looks at it."""
    for name, value in options.items():
        if name not in DEFINED:
            raise Malformed(
                f"key {name!a} of a proof is not defined", reason="key.undefined"
            )
        if value is None:
            raise Malformed("null in a proof", reason="null")
        if name in _ADDRESSES and not (isinstance(value, str) and is_iri(value)):
            raise Malformed(
                f"{name} of a proof is no absolute address", reason="iri.invalid"
            )
        if name == "nonce" and not isinstance(value, str):
            raise Malformed("nonce of a proof is no text", reason="proof.malformed")


_ADDRESSES = frozenset({"id", "verificationMethod"})

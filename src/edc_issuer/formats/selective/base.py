"""The issuer's base proof: one signature over what must always be shown, and one
over each other statement, made with a key that exists for this proof only.

Data Integrity ECDSA Cryptosuites 1.0 sections 3.5.1 and 3.6.1 to 3.6.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from edc_issuer import jose
from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits
from edc_issuer.documents import Documents
from edc_issuer.errors import ProofInvalid
from edc_issuer.formats.selective.grouping import (
    Statements,
    grouped,
    hash_of,
    hmac_labels,
)
from edc_issuer.formats.selective.pointers import BadPointer, CuttingPointer
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    public_bytes,
    public_key,
)

ALGORITHM = "ES256"
# 32 bytes: the length of the digest (section 3.6.2, step 1; RFC 2104 section 3)
HMAC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Transformed:
    """A document taken apart (section 3.6.2): what is always shown, and the rest."""

    statements: Statements
    mandatory: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def mandatory_hash(self) -> bytes:
        return hash_of(self.mandatory)


def transform(
    document: Mapping[str, Any],
    mandatory_pointers: Sequence[str],
    hmac_key: bytes,
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> Transformed:
    """Take a document apart (section 3.6.2).

    Raises `BadPointer` for a pointer that leads nowhere or cuts a value apart,
    `Unsupported` and `Malformed` as `grouping.grouped` does.
    """
    whole = grouped(
        document,
        hmac_labels(hmac_key),
        {"mandatory": mandatory_pointers},
        documents=documents,
        limits=limits,
    )
    group = whole.groups["mandatory"]
    if group.foreign:
        raise CuttingPointer(mandatory_pointers[0])
    lines, chosen = whole.statements.lines, frozenset(group.matching)
    return Transformed(
        whole.statements,
        mandatory=tuple(lines[index] for index in group.matching),
        others=tuple(line for i, line in enumerate(lines) if i not in chosen),
    )


def to_be_signed(proof_hash: bytes, key: bytes, mandatory_hash: bytes) -> bytes:
    """What the issuer's own key signs (section 3.5.1)."""
    return proof_hash + key + mandatory_hash


@dataclass(frozen=True, slots=True)
class Prepared:
    """A base proof that lacks the issuer's signature; plain values only.

    The private key of the statements is gone by now (section 3.6.5, step 2).
    """

    public_key: bytes
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]
    mandatory_hash: bytes

    def signed(self, base_signature: bytes) -> BaseProofValue:
        """The whole value, with the issuer's signature (step 7)."""
        return BaseProofValue(
            base_signature,
            self.public_key,
            self.hmac_key,
            self.signatures,
            self.mandatory_pointers,
        )


def prepare(
    document: Mapping[str, Any],
    mandatory_pointers: Sequence[str],
    *,
    hmac_key: bytes,
    key: ec.EllipticCurvePrivateKey,
    documents: Documents,
) -> Prepared:
    """Sign each statement that may be withheld (section 3.6.5, steps 3 and 4).

    `key` (P-256) and `hmac_key` (`HMAC_BYTES`) must be fresh and used for this proof
    only. Raises what `transform` raises.
    """
    apart = transform(document, mandatory_pointers, hmac_key, documents=documents)
    return Prepared(
        public_bytes(key.public_key()),
        hmac_key,
        tuple(jose.sign(ALGORITHM, key, line.encode()) for line in apart.others),
        tuple(mandatory_pointers),
        apart.mandatory_hash,
    )


def verify_base(
    document: Mapping[str, Any],
    value: BaseProofValue,
    proof_hash: bytes,
    key: jose.PublicKey,
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """`ProofInvalid` unless all that a base proof says was signed with `key`.

    The standard has no such algorithm, because a base proof is for holders; it is
    how an issuer and a holder make sure of what they have. Every signature is
    checked, so that no derived proof can fail later.
    """
    try:
        apart = transform(
            document,
            value.mandatory_pointers,
            value.hmac_key,
            documents=documents,
            limits=limits,
        )
    except BadPointer as error:
        raise ProofInvalid(
            f"what must always be shown is not there: {error}", reason="proof.pointers"
        ) from error
    signed = to_be_signed(proof_hash, value.public_key, apart.mandatory_hash)
    jose.verify(ALGORITHM, key, value.base_signature, signed)
    verify_each(value.public_key, value.signatures, apart.others)


def verify_each(
    key: bytes, signatures: Sequence[bytes], statements: Sequence[str]
) -> None:
    """`ProofInvalid` unless each statement has its signature, in order (3.6.7)."""
    if len(signatures) != len(statements):
        raise ProofInvalid(
            f"{len(signatures)} signatures for {len(statements)} statements",
            reason="proof.count",
        )
    own = public_key(key)
    for signature, line in zip(signatures, statements, strict=True):
        jose.verify(ALGORITHM, own, signature, line.encode())

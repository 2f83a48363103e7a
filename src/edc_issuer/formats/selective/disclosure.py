"""The learner's choice: from a base proof to a copy that shows only some of it.

Data Integrity ECDSA Cryptosuites 1.0 sections 3.5.4, 3.5.9, 3.6.6 and 3.6.7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edc_issuer import jose
from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits, Quad, rdfc10
from edc_issuer.documents import Documents
from edc_issuer.encoding import unb64u
from edc_issuer.errors import ProofInvalid
from edc_issuer.formats.selective.base import ALGORITHM, to_be_signed, verify_each
from edc_issuer.formats.selective.grouping import (
    Grouped,
    grouped,
    hash_of,
    hmac_labels,
    relabelled,
)
from edc_issuer.formats.selective.pointers import BadPointer, CuttingPointer, select
from edc_issuer.formats.selective.proof_value import (
    BaseProofValue,
    DerivedProofValue,
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A part of a document, without its proof, and the value that proves it."""

    document: Mapping[str, Any]
    value: DerivedProofValue


def disclose(
    document: Mapping[str, Any],
    base: BaseProofValue,
    selective_pointers: Sequence[str],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> Disclosure:
    """What a holder shows who chose these pointers (section 3.5.4).

    `document` is the one with the base proof, without it. Raises `BadPointer` for a
    pointer that leads nowhere, that cuts one value apart, or where nothing at all is
    chosen; otherwise as `grouping.grouped`.
    """
    combined = (*base.mandatory_pointers, *selective_pointers)
    whole = grouped(
        document,
        hmac_labels(base.hmac_key),
        {
            "mandatory": base.mandatory_pointers,
            "selective": selective_pointers,
            "combined": combined,
        },
        documents=documents,
        limits=limits,
    )
    shown = select(document, combined)
    if shown is None:
        raise BadPointer("", "nothing is chosen")
    if whole.groups["combined"].foreign:
        raise CuttingPointer(combined[-1])
    return Disclosure(
        shown,
        DerivedProofValue(
            base.base_signature,
            base.public_key,
            chosen_signatures(base.signatures, whole),
            verifier_labels(whole),
            mandatory_indexes(whole),
        ),
    )


def mandatory_indexes(whole: Grouped) -> tuple[int, ...]:
    """Where the mandatory statements stand among those shown (step 9)."""
    mandatory = frozenset(whole.groups["mandatory"].matching)
    return tuple(
        relative
        for relative, absolute in enumerate(whole.groups["combined"].matching)
        if absolute in mandatory
    )


def signed_indexes(whole: Grouped) -> tuple[int, ...]:
    """Which of the base proof's signatures are shown (step 10)."""
    mandatory = frozenset(whole.groups["mandatory"].matching)
    selective = frozenset(whole.groups["selective"].matching)
    others = [
        index for index in range(len(whole.statements.lines)) if index not in mandatory
    ]
    return tuple(place for place, index in enumerate(others) if index in selective)


def chosen_signatures(signatures: Sequence[bytes], whole: Grouped) -> tuple[bytes, ...]:
    """The signatures of the statements that were chosen (step 10)."""
    total = len(whole.statements.lines) - len(whole.groups["mandatory"].matching)
    if len(signatures) != total:
        raise ProofInvalid(
            f"{len(signatures)} signatures for {total} statements", reason="proof.count"
        )
    return tuple(signatures[place] for place in signed_indexes(whole))


def verifier_labels(whole: Grouped) -> dict[int, bytes]:
    """The signed labels by the number that a verifier will give (steps 12 to 14)."""
    canonical = rdfc10(whole.groups["combined"].quads).labels
    return {
        int(label.removeprefix("_:c14n")): _digest(whole.statements.labels[node])
        for node, label in canonical.items()
    }


def _digest(label: str) -> bytes:
    return unb64u(label.removeprefix("_:u"))


def verify_derived(
    quads: Sequence[Quad],
    value: DerivedProofValue,
    proof_hash: bytes,
    key: jose.PublicKey,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """`ProofInvalid` unless every statement shown was signed (section 3.6.7).

    `quads` are all statements of the document as it was handed over. What must
    always be shown is covered by one hash: leaving any of it out breaks the
    signature that `key` made.
    """
    mandatory, others = separated(quads, value, limits=limits)
    verify_each(value.public_key, value.signatures, others)
    signed = to_be_signed(proof_hash, value.public_key, hash_of(mandatory))
    jose.verify(ALGORITHM, key, value.base_signature, signed)


def separated(
    quads: Sequence[Quad], value: DerivedProofValue, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The mandatory statements and the others, as they were signed (3.5.9)."""
    known = value.label_map()

    def relabel(canonical: Mapping[str, str]) -> Mapping[str, str]:
        _check_labels(known, frozenset(canonical.values()))
        return {node: known[label] for node, label in canonical.items()}

    lines = relabelled(quads, relabel, limits=limits).lines
    _check_indexes(value.mandatory_indexes, len(lines))
    chosen = frozenset(value.mandatory_indexes)
    return (
        tuple(line for index, line in enumerate(lines) if index in chosen),
        tuple(line for index, line in enumerate(lines) if index not in chosen),
    )


def _check_labels(known: Mapping[str, str], asked: frozenset[str]) -> None:
    """Each nameless thing has one label, and no two have the same.

    Under one label two things of the document would be one in what was signed.
    """
    if known.keys() != asked:
        raise ProofInvalid(
            f"labels for {len(known)} nameless things, the document has {len(asked)} "
            "or other ones",
            reason="proof.labels",
        )
    if len(set(known.values())) != len(known):
        raise ProofInvalid("one label for two nameless things", reason="proof.labels")


def _check_indexes(indexes: Sequence[int], count: int) -> None:
    if len(set(indexes)) != len(indexes) or any(index >= count for index in indexes):
        raise ProofInvalid(
            "a mandatory statement that is named twice or is not there",
            reason="proof.indexes",
        )

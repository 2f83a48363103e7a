"""A badge that shows less: the learner chooses, the copy proves just that.

The school gives the learner a file in which every statement was signed by itself
(ecdsa-sd-2023, a base proof). `revealable` says what can be shown and what every copy
shows, `derive` makes a copy and verifies it. No key is needed, and the school does
not learn of it. Data Integrity ECDSA Cryptosuites 1.0 section 3.6.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from edc_issuer import strict_json
from edc_issuer.carriers import carrier_of, unbake
from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import InputError, ProofInvalid
from edc_issuer.formats import jws, open_any
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.formats.selective.disclosure import Disclosure, disclose
from edc_issuer.formats.selective.method import SUITE
from edc_issuer.formats.selective.pointers import parts_of, pointer_of
from edc_issuer.formats.selective.proof_value import BaseProofValue, is_base
from edc_issuer.formats.selective.skolem import skolemize
from edc_issuer.report import GOOD, Status
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier

_Path = tuple[str | int, ...]
_NAMING = frozenset({"id", "type"})


class NotDerivable(InputError):
    """A file from which no copy can be made that shows less.

    `why`: "derived" (it is such a copy itself), "other-proof" (signed in another
    way), "unsigned", "several" (base proofs).
    """

    code = "not-derivable"

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a copy can show: where it stands, and what it says.

    `always` is what every copy shows, because the issuer wants it so.
    """

    pointer: str
    value: Any
    always: bool


@dataclass(frozen=True, slots=True)
class Derived:
    """A copy that shows a part: the file, what was chosen, what is always shown.

    `confirmed` is whether the issuer's own signature could be checked as well: its
    key may be at an address that nobody was allowed to ask.
    """

    data: bytes = field(repr=False)
    revealed: tuple[str, ...]
    always: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class _Base:
    """A file with a base proof, opened."""

    document: Mapping[str, Any]
    proof: Mapping[str, Any]
    value: BaseProofValue
    as_list: bool


def revealable(data: bytes, *, documents: Documents = BUNDLED) -> tuple[Choice, ...]:
    """What a copy of this file can show, in the order of the file.

    A picture may carry it. Raises `NotDerivable` for a file without a base proof,
    and whatever opening it raises.
    """
    base = _opened(data, documents)
    always = [parts_of(pointer) for pointer in base.value.mandatory_pointers]
    named = skolemize(base.document, documents=documents).document
    return tuple(
        Choice(pointer_of(path), value, _is_always(path, always))
        for path, value in _leaves(base.document, named, ())
    )


def derive(
    data: bytes, *, reveal: Sequence[str], documents: Documents = BUNDLED
) -> Derived:
    """Make a copy that shows what `reveal` points at (JSON pointers), and verify it.

    Whatever a pointer leads to is shown whole, with the identifiers and types on the
    way. Raises `BadPointer` for one that leads nowhere, `NotDerivable` for a file
    without a base proof, `ProofInvalid` where the copy would not hold.
    """
    base = _opened(data, documents)
    shown = disclose(base.document, base.value, reveal, documents=documents)
    copy = _written(base, shown)
    return Derived(
        copy,
        tuple(reveal),
        base.value.mandatory_pointers,
        confirmed=_is_confirmed(copy, documents),
    )


def _opened(data: bytes, documents: Documents) -> _Base:
    if carrier_of(data) is not None:
        data = unbake(data).data
    securing, envelope = open_any(data, documents=documents)
    if not envelope.proofs:
        raise NotDerivable("unsigned", "nobody signed it")
    if securing is not DATA_INTEGRITY:
        raise _other()
    file = envelope.internals
    ours = [proof for proof in file.proofs if proof.get("cryptosuite") == SUITE]
    bases = [proof for proof in ours if is_base(proof.get("proofValue"))]
    if not ours:
        raise _other()
    if not bases:
        raise NotDerivable("derived", "a part of a credential already")
    if len(bases) > 1:
        raise NotDerivable("several", "several base proofs")
    return _Base(
        file.document,
        bases[0],
        BaseProofValue.parse(bases[0]["proofValue"]),
        as_list=isinstance(strict_json.loads_object(data)["proof"], list),
    )


def _other() -> NotDerivable:
    return NotDerivable("other-proof", "signed as a whole")


def _written(base: _Base, shown: Disclosure) -> bytes:
    proof = {**base.proof, "proofValue": shown.value.serialize()}
    return jws.dump({**shown.document, "proof": [proof] if base.as_list else proof})


def _is_confirmed(copy: bytes, documents: Documents) -> bool:
    """Whether the copy is proved; `ProofInvalid` where it is disproved."""
    report = Verifier(trust=Trust(), documents=documents).verify(copy)
    for check_id in ("format.wellformed", "proof.algorithm", "proof.integrity"):
        check = report.check(check_id)
        if check.status is Status.FAIL:
            raise ProofInvalid(
                f"the copy would not hold: {check.detail or check.reason}",
                reason=check.reason or None,
            )
    return report.check("proof.integrity").status in GOOD


def _leaves(value: Any, named: Any, path: _Path) -> Iterator[tuple[_Path, Any]]:
    """Every value that was signed by itself; `named` tells things from values.

    In `named` every thing has an `id`; an object without one is a text in several
    languages or the like, which is one value.
    """
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(item, named[index], (*path, index))
    elif isinstance(value, dict) and "id" in named:
        members = {k: v for k, v in value.items() if k not in ("@context", "type")}
        for key, member in members.items():
            yield from _leaves(member, named[key], (*path, key))
    else:
        yield path, value


def _is_always(path: _Path, always: Sequence[tuple[str, ...]]) -> bool:
    """Whether this place is below one that is always shown, or names one above it."""
    parts = tuple(map(str, path))
    if any(parts[: len(shown)] == shown for shown in always):
        return True
    home = parts[:-1]
    return parts[-1] in _NAMING and any(shown[: len(home)] == home for shown in always)

"""What verification says: one catalogue of questions, each answered on its own.

`Report.checks` holds every question of `CATALOGUE` once, in its order. The
outcome follows from them by one rule (`outcome_of`); nothing else decides it.
Indications are those of ETSI EN 319 102-1, clause 5.1.3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How one question was answered."""

    PASS = "pass"
    WARN = "warn"  # true, but worth knowing
    FAIL = "fail"
    UNDECIDED = "undecided"  # asked, and nothing at hand settles it
    SKIPPED = "skipped"  # does not apply here, or was not asked


class Outcome(StrEnum):
    """The verdict, in the words of EN 319 102-1."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the catalogue.

    `needs` is the question without whose answer this one cannot be asked, `edc`
    the Commission's check it is grouped under in `Report.to_elm`.
    """

    id: str
    needs: str | None
    edc: str
    required: bool


CATALOGUE: tuple[Question, ...] = (
    Question("format.recognised", None, "FORMAT", True),
    Question("format.wellformed", "format.recognised", "FORMAT", True),
    Question("proof.key", "format.wellformed", "SEAL", True),
    Question("proof.integrity", "proof.key", "SEAL", True),
    Question("proof.algorithm", "format.wellformed", "SEAL", True),
    Question("time.signed", "proof.integrity", "SEAL", False),
    Question("seal.certificate", "proof.key", "SEAL", True),
    Question("seal.revocation", "seal.certificate", "SEAL", True),
    Question("seal.qualified", "seal.certificate", "SEAL", False),
    Question("issuer.identified", "proof.integrity", "SEAL", True),
    Question("issuer.trusted", "issuer.identified", "SEAL", True),
    Question("issuer.accredited", "issuer.identified", "ACCREDITATION", False),
    Question("credential.model", "format.wellformed", "FORMAT", True),
    Question("credential.content", "credential.model", "FORMAT", False),
    Question("credential.validity", "proof.integrity", "EXPIRY", True),
    Question("credential.status", "proof.integrity", "REVOCATION", True),
    Question("credential.holder", "proof.integrity", "OWNER", False),
)
CHECK_IDS: tuple[str, ...] = tuple(question.id for question in CATALOGUE)
REQUIRED: frozenset[str] = frozenset(q.id for q in CATALOGUE if q.required)
GOOD: frozenset[Status] = frozenset({Status.PASS, Status.WARN})


@dataclass(frozen=True, slots=True)
class Check:
    """One answered question; `reason` is a stable code, `detail` plain English."""

    id: str
    status: Status
    reason: str = ""
    detail: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who was proved to have signed; `proved_by` says by what."""

    name: str | None
    identifier: str | None
    proved_by: str


@dataclass(frozen=True, slots=True)
class ProofReport:
    """One signature or seal on its own, whatever the others say."""

    format: str
    signer: Signer | None
    role: str  # "issuer" or "other"
    indication: Outcome
    sub_indication: str | None
    level: str | None
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer about one file.

    `signer` is what was proved; `content` is what the signer says, and is None
    unless `proof.integrity` is pass or warn.
    """

    format: str | None
    model: str | None
    checks: tuple[Check, ...]
    outcome: Outcome
    test: bool
    verified_at: datetime
    signer: Signer | None = None
    content: Mapping[str, Any] | None = None
    proofs: tuple[ProofReport, ...] = ()
    parts: tuple[Report, ...] = ()
    carrier: str | None = None
    kind: str = "credential"  # or "presentation"

    def check(self, check_id: str) -> Check:
        """The answer to one question; `KeyError` for an id not in the catalogue."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)


def outcome_of(checks: Iterable[Check], *, may_skip: Collection[str]) -> Outcome:
    """Any fail → FAILED; PASSED only if every required check is pass or warn.

    `may_skip` names the required checks that do not apply to this file: `seal.*`
    where the proof is of a format without certificates, `credential.status` where
    the verified view has no `credentialStatus`.
    """
    statuses = {check.id: check.status for check in checks}
    if Status.FAIL in statuses.values():
        return Outcome.FAILED
    for check_id in REQUIRED:
        status = statuses.get(check_id, Status.UNDECIDED)
        skippable = status is Status.SKIPPED and check_id in may_skip
        if status not in GOOD and not skippable:
            return Outcome.INDETERMINATE
    return Outcome.PASSED

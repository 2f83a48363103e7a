"""What verification says: one catalogue of questions, each answered on its own.

`Report.checks` holds every question of `CATALOGUE` once, in its order. The
outcome follows from them by one rule (`outcome_of`); nothing else decides it.
Indications are those of ETSI EN 319 102-1, clause 5.1.3.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, StrEnum
from typing import Any

REPORT_VERSION = "1"
_MAX_DEPTH = 200  # strict_json reads nothing nested deeper; a report may be hand-made


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
SEAL_CHECKS: tuple[str, ...] = tuple(i for i in CHECK_IDS if i.startswith("seal."))
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

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status.value,
            "reason": self.reason,
            "detail": self.detail,
            "evidence": json_safe(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Signer:
    """Who was proved to have signed; `proved_by` says by what."""

    name: str | None
    identifier: str | None
    proved_by: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "identifier": self.identifier,
            "proved_by": self.proved_by,
        }


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

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "signer": self.signer.to_dict() if self.signer else None,
            "role": self.role,
            "indication": self.indication.value,
            "sub_indication": self.sub_indication,
            "level": self.level,
            "checks": [check.to_dict() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class Refresh:
    """What came of asking for a newer version at the address that the file names.

    `state`: "not-asked", "no-answer", "unusable" (another credential, or one that is
    not proved), "nothing-newer"; "newer" with the `report` on what replaces it.
    """

    address: str
    state: str
    report: Report | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "state": self.state,
            "report": self.report.to_dict() if self.report else None,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer about one file.

    `signer` is what was proved; `content` is what the signer says, and is None
    unless `proof.integrity` is pass or warn. `verified_at` is when somebody looked,
    `as_of` the past moment that was asked about (None: today). `fetched` is every
    address that was asked while verifying: `url`, `method`, then `status` and `bytes`,
    or `why` it gave nothing; of a document of keys also its `text`, `sha256` and `at`.
    `refresh` is where the file says that a newer version may be, and what came of it.
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
    as_of: datetime | None = None
    fetched: tuple[Mapping[str, Any], ...] = ()
    refresh: Refresh | None = None

    def check(self, check_id: str) -> Check:
        """The answer to one question; `KeyError` for an id not in the catalogue."""
        for check in self.checks:
            if check.id == check_id:
                return check
        raise KeyError(check_id)

    def to_dict(self, *, name: str | None = None) -> dict[str, Any]:
        """The stable JSON shape, version `REPORT_VERSION`; `name` is the file's.

        Times are RFC 3339 in UTC; evidence is made of JSON values only.
        """
        shape: dict[str, Any] = {"report_version": REPORT_VERSION}
        if name is not None:
            shape["name"] = name
        return shape | {
            "outcome": self.outcome.value,
            "test": self.test,
            "verified_at": json_safe(self.verified_at),
            "as_of": json_safe(self.as_of),
            "format": self.format,
            "model": self.model,
            "kind": self.kind,
            "carrier": self.carrier,
            "signer": self.signer.to_dict() if self.signer else None,
            "checks": [check.to_dict() for check in self.checks],
            "proofs": [proof.to_dict() for proof in self.proofs],
            "parts": [part.to_dict() for part in self.parts],
            "fetched": json_safe(self.fetched),
            "refresh": self.refresh.to_dict() if self.refresh else None,
            "content": json_safe(self.content),
        }

    def to_json(self, *, name: str | None = None) -> str:
        """`to_dict` as ASCII text, which every console and log can hold."""
        return json.dumps(self.to_dict(name=name), indent=2, allow_nan=False)

    def to_text(
        self,
        *,
        language: str = "en",
        verbose: bool = False,
        name: str | None = None,
        directory: str | None = None,
        option: str | None = None,
    ) -> str:
        """The report for people; `verbose` adds the checks that went without saying.

        `name` is the file's, `directory` the trust folder that next steps speak of,
        `option` the same where their commands have to name it (`--trust`).
        """
        from edc_issuer.report_text import to_text

        return to_text(
            self,
            language=language,
            verbose=verbose,
            name=name,
            directory=directory,
            option=option,
        )

    def to_elm(self) -> dict[str, Any]:
        """The answers grouped as the Commission's checks; see `report_elm.to_elm`."""
        from edc_issuer.report_elm import to_elm

        return to_elm(self)


def json_safe(value: Any, depth: int = 0) -> Any:
    """The value in JSON's own types: moments as RFC 3339 in UTC, the rest as text."""
    if isinstance(value, Enum):
        return json_safe(value.value, depth)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if depth >= _MAX_DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return {str(key): json_safe(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Iterable):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [json_safe(item, depth + 1) for item in items]
    return str(value)


def overall(report: Report) -> Outcome:
    """What is printed and counted: for a presentation the worst of it and its parts.

    An envelope is never PASSED by itself, so neither is a presentation. A learner
    record is what its credentials say, and PASSED only where all of them are; one that
    is not makes the record no forgery.
    """
    if report.model == "clr" and report.outcome is Outcome.PASSED:
        whole = all(overall(part) is Outcome.PASSED for part in report.parts)
        return Outcome.PASSED if whole else Outcome.INDETERMINATE
    if report.kind != "presentation":
        return report.outcome
    outcomes = {report.outcome, *map(overall, report.parts)}
    return Outcome.FAILED if Outcome.FAILED in outcomes else Outcome.INDETERMINATE


def exit_code(reports: Sequence[Report], *, allow_test: bool) -> int:
    """0 all PASSED, 1 any FAILED, 3 otherwise; test trust passes only if allowed."""
    outcomes = {overall(report) for report in reports}
    if Outcome.FAILED in outcomes:
        return 1
    if not reports or outcomes != {Outcome.PASSED}:
        return 3
    return 3 if any(report.test for report in reports) and not allow_test else 0


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

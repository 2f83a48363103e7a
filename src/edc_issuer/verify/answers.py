"""Answers to the catalogue, collected one by one and completed by its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from edc_issuer.errors import InputError, Unsupported
from edc_issuer.report import CATALOGUE, GOOD, Check, Question, Status


@dataclass(slots=True)
class Answers:
    """A growing set of checks; `complete` answers what nobody could ask."""

    checks: dict[str, Check] = field(default_factory=dict)

    def give(
        self,
        check_id: str,
        status: Status,
        reason: str = "",
        *,
        detail: str = "",
        **evidence: Any,
    ) -> None:
        """Answer one question, once."""
        if check_id in self.checks:
            raise AssertionError(f"{check_id} is answered twice")
        self.checks[check_id] = Check(check_id, status, reason, detail, evidence)

    def passes(self, check_id: str, reason: str = "", **evidence: Any) -> None:
        self.give(check_id, Status.PASS, reason, **evidence)

    def warns(self, check_id: str, reason: str, **evidence: Any) -> None:
        self.give(check_id, Status.WARN, reason, **evidence)

    def fails(self, check_id: str, reason: str, **evidence: Any) -> None:
        self.give(check_id, Status.FAIL, reason, **evidence)

    def weakens(self, check_id: str, reason: str) -> None:
        """Turn a pass into a warning; any other answer says enough already."""
        check = self.checks.get(check_id)
        if check is not None and check.status is Status.PASS:
            self.checks[check_id] = replace(check, status=Status.WARN, reason=reason)

    def leaves_open(self, check_id: str, reason: str, **evidence: Any) -> None:
        self.give(check_id, Status.UNDECIDED, reason, **evidence)

    def skips(self, check_id: str, reason: str, **evidence: Any) -> None:
        self.give(check_id, Status.SKIPPED, reason, **evidence)

    def because(self, check_id: str, error: InputError) -> None:
        """An `InputError` as a check: unsupported is undecided, all else fails."""
        status = Status.UNDECIDED if isinstance(error, Unsupported) else Status.FAIL
        self.give(check_id, status, error.reason, detail=str(error))

    def status(self, check_id: str) -> Status | None:
        check = self.checks.get(check_id)
        return check.status if check else None

    def has_fail(self) -> bool:
        """Whether any question so far was answered with fail."""
        return any(check.status is Status.FAIL for check in self.checks.values())

    def is_good(self, check_id: str) -> bool:
        """Whether the question was answered with pass or warn."""
        return self.status(check_id) in GOOD

    def merge(self, other: Mapping[str, Check]) -> None:
        for check_id, check in other.items():
            if check_id in self.checks:
                raise AssertionError(f"{check_id} is answered twice")
            self.checks[check_id] = check

    def complete(self, questions: Sequence[Question] = CATALOGUE) -> tuple[Check, ...]:
        """Every question once, in order; unasked ones are undecided `blocked`."""
        given = self.checks
        return tuple(
            [given.get(question.id) or _blocked(question) for question in questions]
        )


def _blocked(question: Question) -> Check:
    why = f"{question.needs} has no good answer"
    return Check(question.id, Status.UNDECIDED, "blocked", why)

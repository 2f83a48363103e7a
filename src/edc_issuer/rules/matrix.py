"""The learner matrix: which learner finished what, and so is awarded what.

A trainer keeps one sheet for a group: a row for each unit, diary and assessment, a
column for each learner. Who reads the sheet fills these values in. What is decided
here is what the rules allow; awarding stays an act of the school.

Rows of a programme `S4G-ECO`: its units by their codes, `S4G-ECO-D` the diary,
`S4G-ECO-A` the points (or the id of the assessment), `S4G-ECO-DATE` its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from edc_issuer.messages import Messages
from edc_issuer.record import Programme
from edc_issuer.rules.subject import MICRO_KINDS, shown

Reason = Literal[
    "not-started",
    "units-missing",
    "diary-missing",
    "diary-late",
    "no-assessment",
    "result-missing",
    "points-above-max",
    "points-below-pass",
    "parts-missing",
    "choice-of-parts",
]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ticked or not, the day where a day stands there, or points."""

    done: bool
    day: date | None = None
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MatrixLearner:
    """One column of the matrix; `cells` by content code (`S4G-ECO-U1`)."""

    learner_id: str
    name: str
    assessor: str | None
    time_frame: str | None
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class LearnerMatrix:
    """A whole sheet; `contents` are the codes of its rows in their order."""

    contents: tuple[str, ...]
    learners: tuple[MatrixLearner, ...]


@dataclass(frozen=True, slots=True)
class MatrixDecision:
    """What the matrix allows for one learner and one programme.

    `answer` "unknown" where the matrix cannot say it. A refusal names its `rule` and
    `reason`; `values` hold its numbers (`done`, `total`, `points`, `required`) or
    the `codes` of missing parts. `day` is the day of the assessment: an award comes
    then or later; of a whole, the day of its last part.
    """

    learner_id: str
    programme_code: str
    answer: Literal["award", "refuse", "unknown"]
    rule: str | None = None
    reason: Reason | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    day: date | None = None
    points: Decimal | None = None

    def sentence(self, messages: Messages) -> str:
        """Why not, in words; empty for an award."""
        if self.rule is None:
            return ""
        if self.reason == "parts-missing":
            return messages.text("stack.missing", code=self.values["codes"])
        if self.reason == "points-above-max":
            return messages.text("rule.AS-01.above", **self.values)
        if self.reason in ("result-missing", "choice-of-parts"):
            own = f"rule.{self.rule}.unknown"
            key = own if messages.has(own) else "rule.unknown"
            return messages.text(key, rule=self.rule)
        return messages.text(f"rule.{self.rule}", **self.values)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "learner": self.learner_id,
            "programme": self.programme_code,
            "answer": self.answer,
            "rule": self.rule,
            "reason": self.reason,
            "values": dict(self.values),
            "day": self.day.isoformat() if self.day else None,
            "points": None if self.points is None else shown(self.points),
        }


def decide(
    matrix: LearnerMatrix,
    programmes: Mapping[str, Programme],
    whole: Programme | None = None,
    *,
    at: date | None = None,
) -> tuple[MatrixDecision, ...]:
    """One decision a learner and programme, then one on the whole, in that order.

    `programmes` by the code that begins their rows in the matrix. `at` is the day of
    the decision: what is dated later has not happened; without it no day is late.
    """
    decisions: list[MatrixDecision] = []
    for learner in matrix.learners:
        own = [
            _Path(matrix, learner, code, programme, at).decide()
            for code, programme in programmes.items()
        ]
        decisions += own
        if whole is not None:
            decisions.append(_whole(learner, own, whole))
    return tuple(decisions)


_NOTHING = Cell(False)


def _is_done(cell: Cell) -> bool:
    """Done, and not a nought that somebody wrote for "no"."""
    return cell.done and (cell.points is None or cell.points > 0)


@dataclass(frozen=True, slots=True)
class _Path:
    """One learner's cells of one programme."""

    matrix: LearnerMatrix
    learner: MatrixLearner
    code: str
    programme: Programme
    at: date | None = None

    def decide(self) -> MatrixDecision:
        """The first thing in the way, in the order in which a learner meets them."""
        refusals = (self._units(), self._diary(), self._result())
        refused = next((one for found in refusals for one in found), None)
        if refused is not None:
            return refused
        return MatrixDecision(
            self.learner.learner_id,
            self.code,
            "award",
            day=self.assessed_on,
            points=self.assessed.points,
        )

    @property
    def assessed(self) -> Cell:
        assessment = self.programme.assessment
        cell = self.learner.cells.get(f"{self.code}-A")
        if cell is None and assessment is not None and assessment.id is not None:
            return self._cell(assessment.id)
        return cell or _NOTHING

    @property
    def assessed_on(self) -> date | None:
        return self._cell(f"{self.code}-DATE").day or self.assessed.day

    def _cell(self, content: str) -> Cell:
        return self.learner.cells.get(content, _NOTHING)

    def _units(self) -> Iterator[MatrixDecision]:
        """AS-05: every unit done, on the day of the assessment at the latest."""
        cells = [self._cell(unit.code) for unit in self.programme.units]
        done = sum(_is_done(cell) and not self._too_late(cell) for cell in cells)
        if done == len(cells):
            return
        begun = done or self.assessed.done or self._cell(f"{self.code}-D").done
        reason: Reason = "units-missing" if begun else "not-started"
        yield self._refuse("AS-05", reason, done=done, total=len(cells))

    def _diary(self) -> Iterator[MatrixDecision]:
        """AS-07: where the sheet or a unit asks for one."""
        content = f"{self.code}-D"
        kinds = {unit.evidence for unit in self.programme.units}
        if content not in self.matrix.contents and "learning_diary" not in kinds:
            return
        cell = self._cell(content)
        if not _is_done(cell):
            yield self._refuse("AS-07", "diary-missing")
        elif self._too_late(cell):
            yield self._refuse("AS-07", "diary-late")

    def _too_late(self, cell: Cell) -> bool:
        limits = [day for day in (self.assessed_on, self.at) if day is not None]
        return cell.day is not None and any(cell.day > limit for limit in limits)

    def _result(self) -> Iterator[MatrixDecision]:
        """AS-01: the pass mark; AS-02 where there is nothing to pass."""
        assessment = self.programme.assessment
        if assessment is None:
            if self.programme.kind in MICRO_KINDS:
                yield self._refuse("AS-02", "no-assessment")
            return
        needed, points = assessment.pass_points, self.assessed.points
        if self.at is not None and (self.assessed_on or self.at) > self.at:
            yield self._refuse("AS-01", "result-missing")
            return
        if assessment.pass_rule == "pass_fail":
            if not self.assessed.done:
                yield self._refuse("AS-01", "result-missing")
        elif needed is None or points is None:
            yield self._refuse("AS-01", "result-missing")
        elif assessment.max_points is not None and points > assessment.max_points:
            most = {"points": shown(points), "most": shown(assessment.max_points)}
            yield self._refuse("AS-01", "points-above-max", **most)
        elif points < needed:
            numbers = {"points": shown(points), "required": shown(needed)}
            yield self._refuse("AS-01", "points-below-pass", **numbers)

    def _refuse(self, rule: str, reason: Reason, **values: object) -> MatrixDecision:
        return MatrixDecision(
            self.learner.learner_id,
            self.code,
            "refuse",
            rule,
            reason,
            values,
            self.assessed_on,
            self.assessed.points,
        )


def _whole(
    learner: MatrixLearner, own: list[MatrixDecision], whole: Programme
) -> MatrixDecision:
    """ST-01 for the whole; a choice of parts is for the engine, not for a sheet."""
    stacking = whole.stacking
    if stacking is None or stacking.rule not in (None, "all_of") or not stacking.parts:
        return MatrixDecision(
            learner.learner_id, whole.code, "unknown", "PW-02", "choice-of-parts"
        )
    days = {one.programme_code: one.day for one in own if one.answer == "award"}
    missing = [code for code in stacking.parts if code not in days]
    if missing:
        values = {"codes": ", ".join(missing)}
        return MatrixDecision(
            learner.learner_id, whole.code, "refuse", "ST-01", "parts-missing", values
        )
    known = [day for code in stacking.parts if (day := days[code]) is not None]
    last = max(known) if len(known) == len(stacking.parts) else None
    return MatrixDecision(learner.learner_id, whole.code, "award", day=last)

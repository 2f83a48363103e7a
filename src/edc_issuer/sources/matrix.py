"""A learner matrix out of a sheet: rows are contents, columns are learners.

The first column holds codes of contents, the second their names, and from the third on
each heading is a learner's number and name. Cells are a mark (`x`), a day, or points.
`rules.matrix` decides what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from edc_issuer.columns import values
from edc_issuer.columns.headers import MAX_COLUMNS, letters
from edc_issuer.columns.problems import BadCell, problem
from edc_issuer.rules.matrix import Cell, LearnerMatrix, MatrixLearner
from edc_issuer.sources.base import RowProblem
from edc_issuer.sources.entries import open_sheet
from edc_issuer.sources.sheet import Row, Sheet, UnreadableRows

MAX_ROWS = 5_000  # contents of a programme, with room for every unit of a school
_ABOUT = ("assessor", "time_frame")
_SPELLINGS = {
    "assessor": ("ocenjevalec", "ocenjevalka", "ocjenjivač", "ocenjivač"),
    "time_frame": ("časovni okvir", "vremenski okvir", "time frame"),
}
_MARKS = {"x", "✓", "✔", "da", "yes", "true"}
_NOT = {"", "-", "–", "ne", "no", "false"}
_BETWEEN = re.compile(r"\s*(?:–|—|/| - | do )\s*")


def read_matrix(
    path: Path | str, *, assessments: Collection[str] = ()
) -> LearnerMatrix:
    """The matrix of a CSV file or a spreadsheet.

    Points may stand in rows whose code ends in `-A` or is among `assessments`. A day in
    the future is for who decides (`rules.matrix.decide`): no clock is read here.
    `UnreadableRows` lists every cell that can be read in no way or in two: nobody
    should be awarded or refused by half a sheet.
    """
    sheet = open_sheet(Path(path))
    reading = _MatrixReading(sheet, _learners(sheet), assessments)
    for row in sheet.rows():
        reading.add(row)
    if reading.faults:
        raise UnreadableRows(reading.faults)
    return reading.matrix()


@dataclass(frozen=True, slots=True)
class _Learner:
    index: int
    learner_id: str
    name: str
    about: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)


def _learners(sheet: Sheet) -> list[_Learner]:
    found: list[_Learner] = []
    faults: list[RowProblem] = []
    names: set[str] = set()
    for index, shown in enumerate(sheet.header[:MAX_COLUMNS]):
        if index < 2:
            continue
        learner_id, _, name = shown.strip().partition(" ")
        code = "matrix-twice" if learner_id in names else None
        if not learner_id or not name.strip():
            code = "matrix-learner"
        if code:
            fault = problem(code, column=letters(index))
            faults.append(RowProblem(sheet.name, sheet.header_row, shown, fault))
        names.add(learner_id)
        found.append(_Learner(index, learner_id, name.strip()))
    if not found:
        fault = problem("matrix-empty", file=sheet.name)
        faults.append(RowProblem(sheet.name, sheet.header_row, "", fault))
    if faults:
        raise UnreadableRows(faults)
    return found


class _MatrixReading:
    """The matrix while its rows come in."""

    def __init__(
        self, sheet: Sheet, learners: Sequence[_Learner], assessments: Collection[str]
    ) -> None:
        self._sheet = sheet
        self._learners = learners
        self._assessments = assessments
        self._contents: dict[str, int] = {}
        self._american = _month_first(sheet)
        self.faults: list[RowProblem] = []

    def add(self, row: Row) -> None:
        """One content and what each learner has of it."""
        self.faults += [
            RowProblem(self._sheet.name, row.number, "", what) for _, what in row.faults
        ]
        content = str(row.cells[0] or "").strip()
        about = _about(content)
        if about is not None:
            self._note(row, about)
            return
        if not content or content in self._contents or len(self._contents) >= MAX_ROWS:
            code = "matrix-content" if content else "empty"
            self._fault(row, self._sheet.header[0], BadCell(code, value=content))
            return
        self._contents[content] = row.number
        for learner in self._learners:
            try:
                learner.cells[content] = self._cell(content, row.cells[learner.index])
            except BadCell as bad:
                self._fault(row, self._sheet.header[learner.index], bad)

    def _note(self, row: Row, about: str) -> None:
        for learner in self._learners:
            try:
                said = values.code(row.cells[learner.index])
            except BadCell as bad:
                self._fault(row, self._sheet.header[learner.index], bad)
            else:
                learner.about[about] = said

    def _cell(self, content: str, cell: values.Cell) -> Cell:
        if self._american is not None and values.slash_date(cell):
            raise BadCell("date-slash", at=self._american)
        found = read_cell(cell)
        assessed = content.endswith("-A") or content in self._assessments
        # A nought in the row of a unit means "no" to one trainer and "done" to none.
        if found.points is not None and not assessed:
            raise BadCell("matrix-points", content=content)
        return found

    def _fault(self, row: Row, shown: str, bad: BadCell) -> None:
        what = problem(bad.code, **bad.values)
        self.faults.append(RowProblem(self._sheet.name, row.number, shown, what))

    def matrix(self) -> LearnerMatrix:
        return LearnerMatrix(
            tuple(self._contents),
            tuple(
                MatrixLearner(
                    one.learner_id,
                    one.name,
                    one.about.get("assessor") or None,
                    time_frame(one.about.get("time_frame", "")) or None,
                    one.cells,
                )
                for one in self._learners
            ),
        )


def read_cell(cell: values.Cell) -> Cell:
    """A mark, a day or points; `BadCell` for anything else."""
    if isinstance(cell, bool):
        return Cell(cell)
    if isinstance(cell, date):
        return Cell(True, day=values.day(cell))
    said = values.text(cell).casefold()
    if said in _NOT:
        return Cell(False)
    if said in _MARKS:
        return Cell(True)
    try:
        points = values.number(cell)
    except BadCell as bad:
        if bad.code == "thousands":
            raise
        return Cell(True, day=values.day(cell))
    if points < 0:
        raise BadCell("matrix-negative")
    return Cell(True, points=points)


def time_frame(said: str) -> str:
    """`15. 9. 2025–28. 11. 2025` as `2025-09-15/2025-11-28`; other words stay."""
    pieces = _BETWEEN.split(said)
    if len(pieces) != 2:
        return said
    try:
        return "/".join(values.day(piece).isoformat() for piece in pieces)
    except BadCell:
        return said


def _about(content: str) -> str | None:
    name = content.casefold()
    return next((one for one in _ABOUT if name == one or name in _SPELLINGS[one]), None)


def _month_first(sheet: Sheet) -> int | None:
    for row in sheet.rows():
        if any(values.month_first(cell) for cell in row.cells):
            return row.number
    return None

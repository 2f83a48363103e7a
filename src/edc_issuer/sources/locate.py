"""From the path of a fault in a record back to the row and the heading of its cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from edc_issuer.columns.headers import Heading
from edc_issuer.errors import Problem
from edc_issuer.sources.base import RowProblem
from edc_issuer.sources.sheet import Row

if TYPE_CHECKING:
    from edc_issuer.sources.organisations import Kept

_INDEX = re.compile(r"\[(\d+)\]")


class Places:
    """Where the cells of one record stand; rows of other files can be added."""

    def __init__(self, source: str, headings: Sequence[Heading]) -> None:
        self._source = source
        self._headings = headings
        self._others: dict[str, tuple[Kept, Sequence[Row]]] = {}
        self._shown: dict[str, str] | None = None

    def add(self, root: str, kept: Kept | None, rows: Sequence[Row]) -> None:
        """Entry `n` of the list `root` comes from row `n` of this file."""
        if kept is not None:
            self._others[root] = (kept, rows)

    def of_row(self, row: Row) -> list[RowProblem]:
        """What is wrong with the row itself."""
        return [
            RowProblem(self._source, row.number, self._heading(index), what)
            for index, what in row.faults
        ]

    def of_cells(
        self, number: int, faults: Iterable[tuple[str, Problem]]
    ) -> list[RowProblem]:
        """What is wrong with single cells, each with its heading."""
        return [RowProblem(self._source, number, at, what) for at, what in faults]

    def of_record(self, number: int, problems: Iterable[Problem]) -> list[RowProblem]:
        """What is wrong with the record, at the cell that filled the field."""
        return [self._of_record(number, one) for one in problems]

    def _of_record(self, number: int, problem: Problem) -> RowProblem:
        for root, (kept, rows) in self._others.items():
            match = re.match(re.escape(root) + r"\[(\d+)\]\.?", problem.path)
            if match and int(match[1]) < len(rows):
                places = Places(kept.name, kept.headings)
                column = places.column(problem.path[match.end() :])
                row = rows[int(match[1])].number
                return RowProblem(kept.name, row, column, problem)
        return RowProblem(self._source, number, self.column(problem.path), problem)

    def column(self, path: str) -> str:
        """The heading of the field at a path, or of what it is part of.

        Where the sheet has no such column, the last member of the path tells which.
        """
        if self._shown is None:
            self._shown = _by_path(self._headings)
        steps = _INDEX.sub("", path).split(".")
        for size in range(len(steps), 0, -1):
            shown = self._shown.get(".".join(steps[:size]))
            if shown is not None:
                return shown
        return steps[-1]

    def _heading(self, index: int | None) -> str:
        if index is None:
            return ""
        return next((one.shown for one in self._headings if one.index == index), "")


def _by_path(headings: Iterable[Heading]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for heading in headings:
        path = ".".join(step.name for step in heading.column.path)
        if heading.column.texts and heading.language:
            shown[f"{path}.{heading.language}"] = heading.shown
        if path:
            shown.setdefault(path, heading.shown)
    return shown

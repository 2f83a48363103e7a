"""A table of rows as every kind of file gives it, and faults of a whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edc_issuer.columns.problems import problem
from edc_issuer.columns.values import Cell
from edc_issuer.errors import Problem, RecordError
from edc_issuer.sources.base import RowProblem

RowFault = tuple[int | None, Problem]  # of the cell at this index, or of the row


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells, what is wrong with it.

    `faults` are problems of the row itself, each with the index of its cell, or None;
    such a row gives no record.
    """

    number: int
    cells: Sequence[Cell]
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that can be read as often as wanted: headings once, then the rows.

    `rows()` begins a new reading. Rows that are empty are not among them.
    """

    name: str
    header: Sequence[str]
    header_row: int
    rows: Callable[[], Iterator[Row]] = field(repr=False)


class UnreadableRows(RecordError):
    """A file as a whole cannot be read, so nothing of it was; `places` say where."""

    def __init__(self, places: Sequence[RowProblem]) -> None:
        self.places = tuple(places)
        super().__init__(place.problem for place in self.places)

    def __str__(self) -> str:
        return "\n".join(
            f"{place.source}: {place.problem.message}" for place in self.places
        )


def unreadable(
    source: str, code: str, *, row: int = 0, column: str = "", **values: object
) -> UnreadableRows:
    """The error of one fault of a whole file, with its sentence."""
    fault = problem(code, file=source, **values)
    return UnreadableRows([RowProblem(source, row, column, fault)])


OwnColumns = Mapping[str, str | None]

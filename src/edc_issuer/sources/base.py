"""What a source of records gives: one entry for each award, good or not.

A bad row never stops the good ones, so an entry holds either a record or every
reason why there is none, each with the row and the column where it was found.
"""

from __future__ import annotations

from dataclasses import dataclass

from edc_issuer.errors import Problem
from edc_issuer.record import CredentialRecord


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One fault, and where it stands: `row` as a spreadsheet numbers it (from 1).

    `column` is the heading as the file writes it; "" where the row as a whole is
    meant.
    """

    source: str
    row: int
    column: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One award as it came out of a source.

    `source` is the name of the file, `row` the first row that speaks of it. There
    is a record if and only if there are no problems.
    """

    source: str
    row: int
    record: CredentialRecord | None = None
    problems: tuple[RowProblem, ...] = ()

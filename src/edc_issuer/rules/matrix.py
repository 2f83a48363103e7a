"""The learner matrix: which learner finished what, and so is awarded what.

A trainer keeps one sheet for a group: a row for each unit, diary and assessment, a
column for each learner. Who reads the sheet fills these values in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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

"""Which of the ETF's three classes a programme falls in, by its hours.

Skill credential, learning unit or short learning programme: a typology proposed for
higher education, so for vocational education it is only a guide. That the classes
of the source overlap at 25 and 150 hours is told as `boundary`; where a programme
differs from its class in something else, that is information, never a fault.
Source: Scouts4GreenApp study, after the European Training Foundation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from edc_issuer.record import Programme
from edc_issuer.rules.subject import Document, shown
from edc_issuer.rules.table import data

ClassId = Literal["T1", "T2", "T3"]
Contradiction = Literal["setting", "external_qa", "assessment", "units"]


@dataclass(frozen=True, slots=True)
class Typology:
    """The class by `hours`; None where no hours are given or none fits them.

    `boundary`: the hours lie exactly where two classes of the source overlap.
    `contradictions`: in what the programme differs from its class.
    """

    hours: Decimal | None
    class_id: ClassId | None
    name: str | None = None
    boundary: bool = False
    contradictions: tuple[Contradiction, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "hours": None if self.hours is None else shown(self.hours),
            "class": self.class_id,
            "name": self.name,
            "boundary": self.boundary,
            "contradictions": list(self.contradictions),
        }


def classify(subject: Document) -> Typology:
    """The class of a record's programme, or of a programme alone."""
    workload = subject.programme.workload
    hours = workload.hours if workload else None
    row = _row(hours) if hours is not None else None
    if row is None:
        return Typology(hours, None)
    limits = [one["from"] for one in _classes()[1:]]
    return Typology(
        hours=hours,
        class_id=row["id"],
        name=row["name"],
        boundary=hours in limits,
        contradictions=tuple(_contradictions(subject.programme, row)),
    )


def _classes() -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = data()["typology"]["classes"]
    return found


def _row(hours: Decimal) -> Mapping[str, Any] | None:
    """Half-open intervals, [25, 150); only the last one holds its upper limit."""
    for row in _classes():
        if row["from"] <= hours < row["to"]:
            return row
    last = _classes()[-1]
    return last if hours == last["to"] else None


def _contradictions(
    programme: Programme, row: Mapping[str, Any]
) -> Iterator[Contradiction]:
    if programme.learning_setting not in (None, row["setting"]):
        yield "setting"
    quality = programme.quality_assurance
    measures = quality.types if quality else ()
    external = any(item.scope == "external" for item in measures)
    if external == (row["id"] == "T1"):
        yield "external_qa"
    if row["assessment"] == "included" and programme.assessment is None:
        yield "assessment"
    if row["id"] == "T3" and len(programme.units) == 1:
        yield "units"

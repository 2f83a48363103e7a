"""The programmes beside the awards, with their outcomes and units.

Each is read and checked once a set of languages and then shared by all records that
name it; its codes are looked up in the controlled lists as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.columns import fill
from edc_issuer.columns.problems import BadCell, closest, problem
from edc_issuer.columns.tree import Tree, grow, listed
from edc_issuer.errors import RecordError
from edc_issuer.models.faults import Code, code_faults
from edc_issuer.record import Organisation, Programme, ProgrammeDocument
from edc_issuer.sources.base import RowProblem
from edc_issuer.sources.locate import Places
from edc_issuer.sources.organisations import Faulty, Kept, Organisations
from edc_issuer.sources.sheet import Row


@dataclass(frozen=True, slots=True)
class Offered:
    """A programme in the languages of one record, and its profiles."""

    programme: Programme
    national_profile: str | None = None
    project_profile: str | None = None


@dataclass(slots=True)
class Programmes:
    """The programmes by their code, with the outcomes and units of their own files."""

    organisations: Organisations
    rows: Kept | None = None
    outcomes: Kept | None = None
    units: Kept | None = None
    _below: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    _made: dict[tuple[str, str, tuple[str, ...]], Offered | Faulty] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        for name in ("rows", "outcomes", "units"):
            kept: Kept | None = getattr(self, name)
            below = self._below[name] = {}
            for row in kept.rows if kept else ():
                assert kept is not None
                below.setdefault(kept.value(row, "programme_code"), []).append(row)

    def find(self, code: str, primary: str, languages: tuple[str, ...]) -> Offered:
        """The programme in these languages; `BadCell` where it cannot be had."""
        key = (code, primary, languages)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._read(code, primary, languages)
        if isinstance(found, Faulty):
            raise found
        return found

    def codes(self) -> tuple[str, ...]:
        """The codes of all programmes, in the order of their rows."""
        return tuple(self._below["rows"])

    def languages(self, code: str) -> tuple[str, ...]:
        """The languages in which the programme has a title."""
        rows = self._below["rows"].get(code, [])
        return tuple(
            one.language
            for one in (self.rows.headings if self.rows and rows else ())
            if one.column.name == "title" and one.language and rows[0].cells[one.index]
        )

    def has(self, code: str) -> bool:
        """Whether there is a row for the programme."""
        return code in self._below["rows"]

    def stacked(self, code: str) -> tuple[str, ...]:
        """Codes of the programmes that a stacked one is made of, in their order."""
        rows = self._below["rows"].get(code)
        if not rows or self.rows is None:
            return ()
        listed_codes = self.rows.value(rows[0], "stacking_parts")
        return tuple(one.strip() for one in listed_codes.split("|") if one.strip())

    def _read(
        self, code: str, primary: str, languages: tuple[str, ...]
    ) -> Offered | Faulty:
        rows = self._below["rows"].get(code)
        if self.rows is None or not rows:
            raise self._unknown(code)
        row = rows[0]
        places = Places(self.rows.name, self.rows.headings)
        reading = _Reading(self.organisations, primary, languages)
        faults = reading.faults
        for again in rows[1:]:
            reading.fault(
                self.rows,
                again,
                "programme_code",
                "programme-twice",
                value=code,
                first=row.number,
            )
        tree = reading.grown(self.rows, row)
        outcomes, outcome_rows, by_activity = self._outcomes(reading, code)
        units, unit_rows = self._units(reading, code, by_activity)
        given = tree.pop("programme", {})
        made = fill.programme(given, outcomes, units)
        if not faults:
            try:
                offered = offer(made, primary, languages, tree)
            except RecordError as error:
                places.add("programme.outcomes", self.outcomes, outcome_rows)
                places.add("programme.units", self.units, unit_rows)
                faults += places.of_record(row.number, error.problems)
            else:
                return offered
        return Faulty(faults, value=code, file=self.rows.name, at=row.number)

    def _unknown(self, code: str) -> BadCell:
        names = list(self._below["rows"])
        meant = closest(code, names)
        if not names:
            return BadCell("programmes-missing", value=code)
        if meant is None:
            return BadCell("programme-unknown", value=code)
        return BadCell("programme-meant", value=code, meant=meant)

    def _outcomes(
        self, reading: _Reading, code: str
    ) -> tuple[list[Any], list[Row], dict[str, list[Any]]]:
        """The outcomes of the programme, and those of activities by activity code."""
        own: list[Any] = []
        rows: list[Row] = []
        by_activity: dict[str, list[Any]] = {}
        for row in self._below["outcomes"].get(code, ()):
            assert self.outcomes is not None
            outcome = listed(reading.grown(self.outcomes, row))
            outcome.pop("programme", None)
            activity = self.outcomes.value(row, "activity_code")
            if activity:
                by_activity.setdefault(activity, []).append(outcome)
            else:
                own.append(outcome)
                rows.append(row)
        return own, rows, by_activity

    def _units(
        self, reading: _Reading, code: str, by_activity: Mapping[str, list[Any]]
    ) -> tuple[list[Any], list[Row]]:
        """Units in their order; a row with a parent unit is one of its activities."""
        units: dict[str, Any] = {}
        rows: list[Row] = []
        for row in self._below["units"].get(code, ()):
            kept = self.units
            assert kept is not None
            unit = listed(reading.grown(kept, row))
            unit.pop("programme", None)
            own_code = str(unit.get("code", ""))
            parent = kept.value(row, "parent_unit_code")
            if not parent:
                if own_code in units:
                    reading.fault(kept, row, "unit_code", "unit-twice", value=own_code)
                units[own_code] = unit
                rows.append(row)
                continue
            if parent not in units:
                reading.fault(
                    kept, row, "parent_unit_code", "unit-unknown", value=parent
                )
                continue
            if own_code in by_activity:
                unit["outcomes"] = by_activity[own_code]
            units[parent].setdefault("activities", []).append(unit)
        return list(units.values()), rows


@dataclass(slots=True)
class _Reading:
    """One programme being read: its languages, and the faults found so far."""

    organisations: Organisations
    primary: str
    languages: tuple[str, ...]
    faults: list[RowProblem] = field(default_factory=list)

    def grown(self, kept: Kept, row: Row) -> Tree:
        places = Places(kept.name, kept.headings)
        tree, faults = grow(
            kept.headings,
            row.cells,
            languages=self.languages,
            primary=self.primary,
            find=self._find,
        )
        faults += kept.doubtful(row)
        self.faults += places.of_row(row) + places.of_cells(row.number, faults)
        return tree

    def _find(self, key: str) -> Organisation:
        try:
            return self.organisations.find(key)
        except Faulty as faulty:
            self.faults += faulty.places
            raise

    def fault(
        self, kept: Kept, row: Row, name: str, code: str, **values: object
    ) -> None:
        heading = kept.heading(name)
        shown = heading.shown if heading else ""
        self.faults.append(
            RowProblem(kept.name, row.number, shown, problem(code, **values))
        )


def _codes(programme: Programme) -> Iterator[Code]:
    """Codes of controlled lists: here a slip of the pen can be told by its cell."""
    at = "programme"
    yield (
        f"{at}.opportunity_type",
        "learning_opportunity_type",
        (programme.opportunity_type),
    )
    yield f"{at}.delivery_mode", "learning_mode", programme.delivery_mode
    yield f"{at}.participation_form", "learning_mode", programme.participation_form
    for code in programme.isced_f:
        yield f"{at}.isced_f", "isced_f", code
    for credit in programme.credits:
        if not credit.indicative:
            yield f"{at}.credits.system", "credit_system", credit.system
    if programme.assessment is not None:
        planned = programme.assessment
        yield f"{at}.assessment.type", "assessment_type", planned.type
        yield f"{at}.assessment.mode", "learning_mode", planned.mode


def offer(
    made: Tree, primary: str, languages: tuple[str, ...], beside: Mapping[str, Any]
) -> Offered:
    """A programme checked as a document of its own; `RecordError` lists its faults.

    Its codes are looked up as well, so that each award need not be refused later.
    """
    document = ProgrammeDocument.from_dict(
        {
            "record_version": "1",
            "document_type": "programme",
            "document_id": made.get("code") or "-",
            "primary_language": primary,
            "languages": list(dict.fromkeys((primary, *languages))),
            "programme": made,
        }
    )
    unknown = tuple(code_faults(_codes(document.programme)))
    if unknown:
        raise RecordError(unknown)
    return Offered(
        document.programme,
        beside.get("national_profile"),
        beside.get("project_profile"),
    )

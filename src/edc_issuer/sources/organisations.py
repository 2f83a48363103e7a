"""Organisations out of their sheet, and small sheets that are held in memory.

An organisation is read and checked when a row first names it, and then shared by all
records that do. Faults are told in full with the first award that needs it, afterwards
by pointing at its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from edc_issuer.columns import fill
from edc_issuer.columns.headers import Heading, headings, missing
from edc_issuer.columns.problems import BadCell, closest, problem
from edc_issuer.columns.tree import Tree, at_cell, grow
from edc_issuer.columns.values import month_first, slash_date
from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.faults import code_faults
from edc_issuer.record import Organisation
from edc_issuer.record.reading import adapter
from edc_issuer.record.wording import problems_of
from edc_issuer.sources.base import RowProblem
from edc_issuer.sources.locate import Places
from edc_issuer.sources.sheet import OwnColumns, Row, Sheet, UnreadableRows

MAX_KEPT = 50_000  # rows of a file that is held in memory; a country has fewer schools


class Faulty(BadCell):
    """An object beside the awards that cannot be used; `places` say why."""

    def __init__(self, places: Sequence[RowProblem], **values: object) -> None:
        super().__init__("beside-faulty", **values)
        self.places = tuple(places)


@dataclass(frozen=True, slots=True)
class Kept:
    """A small file in memory: its headings and its rows.

    `american` is the row of a date that is month first: then no slash date is sure.
    """

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    american: int | None = None

    def doubtful(self, row: Row) -> list[tuple[str, Problem]]:
        """Dates with slashes that could have the month first (rule PR-02)."""
        if self.american is None:
            return []
        return [
            (one.shown, at_cell(one, BadCell("date-slash", at=self.american)))
            for one in _dates(self.headings)
            if slash_date(row.cells[one.index])
            and not month_first(row.cells[one.index])
        ]

    def heading(self, name: str) -> Heading | None:
        """The heading of one of our columns; None where the file has none."""
        return next((one for one in self.headings if one.column.name == name), None)

    def value(self, row: Row, name: str) -> str:
        """What a row says in one of our columns, as text without spaces around it."""
        heading = self.heading(name)
        cell = None if heading is None else row.cells[heading.index]
        return "" if cell is None else str(cell).strip()


def keep(sheet: Sheet, file: str, own: OwnColumns | None = None) -> Kept:
    """Read a small file whole; `UnreadableRows` lists every fault of its headings."""
    found = understood(sheet, file, own)
    rows: list[Row] = []
    for row in sheet.rows():
        rows.append(row)
        if len(rows) > MAX_KEPT:
            fault = problem("too-many-rows", limit=MAX_KEPT, file=sheet.name)
            raise UnreadableRows([RowProblem(sheet.name, row.number, "", fault)])
    american = next(
        (
            row.number
            for row in rows
            if any(month_first(row.cells[one.index]) for one in _dates(found))
        ),
        None,
    )
    return Kept(sheet.name, found, tuple(rows), american)


def _dates(found: Iterable[Heading]) -> list[Heading]:
    return [one for one in found if one.column.kind == "date"]


def understood(
    sheet: Sheet, file: str, own: OwnColumns | None = None, given: Sequence[str] = ()
) -> tuple[Heading, ...]:
    """The headings of a sheet; `UnreadableRows` where one is unknown or lacking."""
    found, faults = headings(sheet.header, file, own)
    places = [RowProblem(sheet.name, sheet.header_row, at, what) for at, what in faults]
    if not any(what.code == "row.header-unknown" for _, what in faults) or not found:
        places += [
            RowProblem(sheet.name, sheet.header_row, "", what)
            for what in missing(found, file, given)
        ]
    if places:
        raise UnreadableRows(places)
    return found


class Organisations:
    """The organisations by their key, legal identifier or legal name."""

    def __init__(self, kept: Kept | None = None, *, language: str = "und") -> None:
        self._kept = kept
        self._language = language
        self._rows: dict[str, Row] = {}
        self._found: dict[str, Organisation | Faulty] = {}
        for row in kept.rows if kept else ():
            for name in self._names(row):
                self._rows.setdefault(name, row)

    @classmethod
    def of(cls, given: Mapping[str, Organisation]) -> Organisations:
        """Organisations that are at hand already, by the key that rows name."""
        made = cls()
        made._found.update(given)
        return made

    def find(self, key: str) -> Organisation:
        """The organisation; `BadCell` where there is none or its row is faulty."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._read(key)
        if isinstance(found, Faulty):
            raise found
        return found

    def named(self, names: Iterable[str]) -> bool:
        """Whether one of these is a key, legal identifier or legal name here."""
        known = {*self._rows, *self._found}
        for found in self._found.values():
            if not isinstance(found, Faulty):
                known.update(found.legal_name.values())
        return not known.isdisjoint(names)

    def _names(self, row: Row) -> Iterable[str]:
        kept = self._kept
        if kept is None:
            return
        for heading in kept.headings:
            if heading.column.name in ("org_key", "legal_identifier", "legal_name"):
                cell = row.cells[heading.index]
                if cell:
                    yield str(cell).strip()

    def _read(self, key: str) -> Organisation | Faulty:
        row = self._rows.get(key)
        if row is None or self._kept is None:
            names = [*self._rows, *self._found]
            meant = closest(key, names)
            if not names:
                raise BadCell("organisations-missing", value=key)
            if meant is None:
                raise BadCell("organisation-unknown", value=key)
            raise BadCell("organisation-meant", value=key, meant=meant)
        return self._made(key, row)

    def _made(self, key: str, row: Row) -> Organisation | Faulty:
        kept = self._kept
        assert kept is not None
        places = Places(kept.name, kept.headings)
        tree, faults = grow(
            kept.headings, row.cells, languages=None, primary=self._language
        )
        found = places.of_row(row) + places.of_cells(row.number, faults)
        if not found:
            try:
                return _organisation(fill.organisation(tree))
            except RecordError as error:
                found = places.of_record(row.number, error.problems)
        return Faulty(found, value=key, file=kept.name, at=row.number)


def _organisation(tree: Tree) -> Organisation:
    from pydantic import ValidationError

    try:
        made: Organisation = adapter(Organisation).validate_python(tree)
    except ValidationError as error:
        raise RecordError(problems_of(Organisation, error)) from None
    at = "address.country"
    unknown = tuple(code_faults([(at, "country", made.address.country)]))
    if unknown:
        raise RecordError(unknown)
    return made

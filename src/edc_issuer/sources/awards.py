"""From rows of awards to entries: the learner's part is read row by row.

A flat row says everything itself; a row of the normalised set names its programme.
Either way programme and organisations are checked once and shared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from edc_issuer.columns import fill
from edc_issuer.columns.headers import Heading
from edc_issuer.columns.problems import BadCell, problem
from edc_issuer.columns.record import said, spoken
from edc_issuer.columns.tree import Tree, at_cell, grow, read
from edc_issuer.columns.values import Cell, month_first, slash_date
from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import CredentialRecord, Organisation
from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.locate import Places
from edc_issuer.sources.organisations import Faulty, Organisations
from edc_issuer.sources.programmes import Offered, Programmes, offer
from edc_issuer.sources.seen import Seen
from edc_issuer.sources.sheet import Row, Sheet

MAX_SHARED = 512  # different programmes of a flat file that are kept for sharing
# Known to the row of an award before its texts are read.
_FIRST = ("primary_language", "languages", "programme_code", "parts")


@dataclass(frozen=True, slots=True)
class Part:
    """Another award of the same source that a stacked one is made of."""

    programme_code: str
    credential_id: str | None


class Awards:
    """The entries of one sheet of awards, read afresh with each iteration."""

    def __init__(
        self,
        sheet: Sheet,
        headings: Sequence[Heading],
        *,
        flat: bool,
        organisations: Organisations,
        programmes: Programmes,
        language: str | None = None,
    ) -> None:
        self._sheet = sheet
        self._flat = flat
        self._organisations = organisations
        self._programmes = programmes
        self._language = language
        self._first = {
            one.column.name: one for one in headings if one.column.name in _FIRST
        }
        self._own = tuple(one for one in headings if not _of_programme(one))
        self._offered = tuple(one for one in headings if _of_programme(one))
        self._dates = tuple(one for one in headings if one.column.kind == "date")
        self._places = Places(sheet.name, headings)
        self._shared: OrderedDict[Any, Offered | tuple[RowProblem, ...]] = OrderedDict()
        self._codes: dict[str, tuple[int, tuple[Cell, ...]]] = {}

    def entries(self, seen: Seen) -> Iterator[Entry]:
        """One entry for each row; `seen` knows the record ids of earlier sheets."""
        american = self._month_first()
        parts = self._parts()
        told: set[int] = set()
        for row in self._sheet.rows():
            reading = _RowReading(self, row, parts, american)
            record = reading.record()
            if record is not None:
                first = seen.row_of(record, self._sheet.name, row.number)
                if first is not None:
                    record = None
                    reading.fault("record_id", "id-twice", first=first)
            problems = tuple(reading.problems(told))
            yield Entry(self._sheet.name, row.number, record, problems)

    def _month_first(self) -> int | None:
        """The row of a date that is month first: then no slash date is sure."""
        if not self._dates:
            return None
        indexes = [one.index for one in self._dates]
        for row in self._sheet.rows():
            if any(month_first(row.cells[index]) for index in indexes):
                return row.number
        return None

    def _parts(self) -> Mapping[str, Part]:
        """The awards of this sheet that others name as their parts."""
        heading = self._first.get("parts")
        if heading is None:
            return {}
        wanted = {
            one.strip()
            for row in self._sheet.rows()
            for one in str(row.cells[heading.index] or "").split("|")
            if one.strip()
        }
        return dict(self._details(wanted)) if wanted else {}

    def _details(self, wanted: set[str]) -> Iterator[tuple[str, Part]]:
        at = {one.column.name: one.index for one in self._own}
        code = self._first.get("programme_code")
        for row in self._sheet.rows():
            name = str(row.cells[at["record_id"]] or "").strip()
            if name in wanted and code is not None:
                given = (
                    row.cells[at["credential_id"]] if "credential_id" in at else None
                )
                own_code = str(row.cells[code.index] or "").strip()
                yield name, Part(own_code, str(given).strip() if given else None)


def _of_programme(heading: Heading) -> bool:
    path = heading.column.path
    return bool(path) and path[0].name == "programme"


class _RowReading:
    """One row on its way to a record."""

    def __init__(
        self, awards: Awards, row: Row, parts: Mapping[str, Part], american: int | None
    ) -> None:
        self._awards = awards
        self._row = row
        self._parts = parts
        self._faults: list[tuple[str, Problem]] = []
        self._found: list[RowProblem] = awards._places.of_row(row)
        self._beside: list[Sequence[RowProblem]] = []
        if american is not None:
            self._refuse_slashes(american)

    def record(self) -> CredentialRecord | None:
        """The record; None where `problems` has something to say."""
        if self._found:
            return None
        primary, languages = spoken(
            self._awards._first.values(), self._row.cells, self._awards._language
        )
        tree, faults = grow(
            self._awards._own,
            self._row.cells,
            languages=languages,
            primary=primary,
            find=self._organisation,
        )
        self._faults += faults
        offered = self._programme(primary, languages, tree)
        issuer = tree.get("issuer")
        country = issuer.address.country if issuer is not None else None
        code = self._code()
        found = fill.award(tree, issuer_country=country)
        self._name_parts(found, code)
        if self._faults or self._found or offered is None:
            return None
        return self._checked(found, offered, primary, languages)

    def problems(self, told: set[int]) -> Iterator[RowProblem]:
        """Every fault of the row; those of shared objects the first time only."""
        yield from self._found
        yield from self._awards._places.of_cells(self._row.number, self._faults)
        for places in self._beside:
            if id(places) not in told:
                told.add(id(places))
                yield from places

    def fault(self, name: str, code: str, **values: object) -> None:
        """A problem of the cell of one of our columns."""
        heading = next((h for h in self._awards._own if h.column.name == name), None)
        shown = heading.shown if heading else name
        self._faults.append((shown, problem(code, name, **values)))

    def _refuse_slashes(self, american: int) -> None:
        for heading in self._awards._dates:
            cell = self._row.cells[heading.index]
            if month_first(cell):
                continue  # it says so itself
            if slash_date(cell):
                bad = BadCell("date-slash", at=american)
                self._faults.append((heading.shown, at_cell(heading, bad)))

    def _code(self) -> str:
        heading = self._awards._first.get("programme_code")
        return said(heading, self._row.cells) or ""

    def _organisation(self, key: str) -> Organisation:
        try:
            return self._awards._organisations.find(key)
        except Faulty as faulty:
            self._beside.append(faulty.places)
            raise

    def _programme(
        self, primary: str, languages: tuple[str, ...], tree: Tree
    ) -> Offered | None:
        if self._awards._flat:
            return self._own_programme(primary, languages, tree)
        code = self._code()
        heading = self._awards._first["programme_code"]
        try:
            if not code:
                # A cell that cannot be read says so itself, and is not empty.
                read(heading, self._row.cells[heading.index])
                raise BadCell("empty")
            return self._awards._programmes.find(code, primary, languages)
        except Faulty as faulty:
            self._beside.append(faulty.places)
            self._faults.append((heading.shown, at_cell(heading, faulty)))
        except BadCell as bad:
            self._faults.append((heading.shown, at_cell(heading, bad)))
        return None

    def _own_programme(
        self, primary: str, languages: tuple[str, ...], tree: Tree
    ) -> Offered | None:
        """The programme that the row describes, shared with rows that say the same."""
        awards = self._awards
        cells = tuple(self._row.cells[one.index] for one in awards._offered)
        kind = tree.get("credential_kind")
        key = (primary, languages, kind, cells)
        found = awards._shared.get(key)
        if found is None:
            found = self._read_programme(primary, languages, kind)
            if isinstance(found, Offered):
                self._same_as_before(cells)
            awards._shared[key] = found
            if len(awards._shared) > MAX_SHARED:
                awards._shared.popitem(last=False)
        if isinstance(found, Offered):
            return found
        self._found += [
            RowProblem(one.source, self._row.number, one.column, one.problem)
            for one in found
        ]
        return None

    def _read_programme(
        self, primary: str, languages: tuple[str, ...], kind: object
    ) -> Offered | tuple[RowProblem, ...]:
        places, number = self._awards._places, self._row.number
        tree, faults = grow(
            self._awards._offered,
            self._row.cells,
            languages=languages,
            primary=primary,
            find=self._organisation,
        )
        if faults:
            return tuple(places.of_cells(number, faults))
        given = tree.get("programme", {})
        given.setdefault("kind", kind)
        try:
            return offer(fill.programme(given, (), ()), primary, languages, {})
        except RecordError as error:
            return tuple(places.of_record(number, error.problems))

    def _same_as_before(self, cells: tuple[Cell, ...]) -> None:
        """A cell that was dragged down counts on: 15, 16, 17 hours of one programme."""
        awards = self._awards
        code = self._code()
        before = awards._codes.get(code)
        if before is None:
            if len(awards._codes) < MAX_SHARED:
                awards._codes[code] = (self._row.number, cells)
            return
        row, earlier = before
        for heading, now, then in zip(awards._offered, cells, earlier, strict=True):
            if now and then and now != then:
                differs = problem("programme-differs", code=code, first=row)
                self._faults.append((heading.shown, differs))

    def _name_parts(self, found: Tree, code: str) -> None:
        parts = found.get("parts")
        if not parts:
            return
        codes = self._awards._programmes.stacked(code)
        for number, part in enumerate(parts):
            known = self._parts.get(part["record_id"])
            if known is not None:
                part["programme_code"] = known.programme_code
                if known.credential_id:
                    part["credential_id"] = known.credential_id
            elif len(codes) == len(parts):
                part["programme_code"] = codes[number]
            else:
                self.fault("parts", "part-unknown")
            part["required"] = True

    def _checked(
        self, found: Tree, offered: Offered, primary: str, languages: Sequence[str]
    ) -> CredentialRecord | None:
        given = fill.document(
            found,
            offered.programme,
            primary=primary,
            languages=languages,
            credential_kind=offered.programme.kind,
            national_profile=offered.national_profile,
            project_profile=offered.project_profile,
        )
        try:
            return CredentialRecord.from_dict(given)
        except RecordError as error:
            self._found += self._awards._places.of_record(
                self._row.number, _once(error.problems)
            )
            return None


def _once(problems: Iterable[Problem]) -> Iterable[Problem]:
    """A missing issuer is told once, not again as a missing awarding body."""
    found = list(problems)
    paths = {one.path for one in found if one.code == "missing"}
    return [
        one
        for one in found
        if not (one.path == "awarding_bodies" and "issuer" in paths)
    ]

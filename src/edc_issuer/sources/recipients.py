"""The Commission's recipient spreadsheets: names only, for one credential.

Three shapes are in use. The recipients' template of 2021 and the sheet Persons of the
full template have a row of property names (`givenNames`, `familyName`) and, in the full
one, rows that explain them before the data. The file that the builder of version 2
makes has a sheet `data`: machine paths (`{#12}.REC.givenName`), kind, label and hint in
its first four rows. None says what was learned, so a record is given as a template, and
each row puts its own learner into it. What belongs to one award only, such as points,
must not stand in the template: all would get it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from edc_issuer.columns import values
from edc_issuer.columns.problems import BadCell, problem
from edc_issuer.errors import RecordError
from edc_issuer.record import CredentialRecord
from edc_issuer.sources.base import Entry, RowProblem
from edc_issuer.sources.elmo import country_code
from edc_issuer.sources.entries import open_grids
from edc_issuer.sources.seen import Seen
from edc_issuer.sources.sheet import Row, Sheet, unreadable

_HEADER_WITHIN = 12  # rows; the full template explains its columns in twelve
_EXPLAINS = {"property", "nestedproperty", "reference", "field", "relation"}
# The member of the record that a property fills, and how its cell is read.
_FIELDS: Mapping[str, tuple[str, Callable[[values.Cell], Any]]] = {
    "givenname": ("learner.given_name", values.code),
    "givennames": ("learner.given_name", values.code),
    "familyname": ("learner.family_name", values.code),
    "fullname": ("", values.code),
    "dateofbirth": ("learner.date_of_birth", values.day),
    "email": ("learner.email", values.code),
    "primarydeliveryaddress": ("learner.email", values.code),
    "country": ("learner.country", values.code),
    "countrycode": ("learner.country", values.code),
    "grade": ("award.result.grade", values.code),
    "awardingdate": ("award.date_awarded", values.day),
    "validfrom": ("award.valid_from", values.day),
    "validuntil": ("award.valid_until", values.day),
    "issueddate": ("award.result.date", values.day),
}
_IDENTIFIERS = ("otheridentifiernumber", "identifier")
_NATIONAL = ("nationalid", "nationalidnumber")
# What one learner has and no other. A class may share the day, the validity and the
# result "pass"; all the rest would be a false statement about everybody else.
_OF_ONE = (
    "award.result.points",
    "award.result.grade",
    "award.result.part_results",
    "award.activity",
    "parts",
    "evidence",
    "attachments",
    "document_number",
    "pictures",
    "extensions",
)
# By which of these two rows are told to be of one person, the first that is there.
_IDENTITY = ("learner.internal_id", "learner.national_id.value", "learner.email")
# Of the person, but with no field in a record; never silently part of a credential.
_LEFT = {
    "gender",
    "placeofbirth",
    "birthcountry",
    "citizenship",
    "citizenshipcountry",
    "walletaddress",
    "secondarydeliveryaddress",
    "fulladdress",
    "address",
    "groupname",
    "birthname",
    "patronymicname",
    "otheridentifierscheme",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a recipient sheet by property, and where the people begin."""

    columns: Mapping[int, str]
    shown: Mapping[int, str]
    relations: frozenset[int]
    header: int
    first: int


@dataclass(frozen=True, slots=True)
class _Given:
    """The record that each recipient gets, and what its ids are made with."""

    template: CredentialRecord
    id_secret: bytes

    def digest(self, identity: str) -> str:
        """The same for the same person and template; tells nothing without the secret.

        Numbers of persons are few enough to try them all, so a bare digest of one
        would be the number itself.
        """
        about = f"{self.template.record_id}\n{identity.casefold()}"
        return hmac.digest(self.id_secret, about.encode(), "sha256").hex()[:16]


def read_recipients(
    path: Path | str, template: CredentialRecord, *, id_secret: bytes
) -> Iterator[Entry]:
    """One entry a recipient: the template with the learner of the row.

    The record id is the template's with an HMAC of the recipient's identifier or
    e-mail address, so reading again gives the same ids. `UnreadableRows` where no sheet
    has one of the three shapes, and for a template with what belongs to one learner.
    """
    path = Path(path)
    own = _of_one(template.to_dict())
    if own:
        raise unreadable(path.name, "recipients-of-one", fields=", ".join(own))
    given = _Given(template, id_secret)
    found = next(
        ((sheet, table) for sheet in open_grids(path) if (table := _table(sheet))),
        None,
    )
    if found is None:
        raise unreadable(path.name, "recipients-other")
    sheet, table = found
    seen = Seen()
    for row in _all_rows(sheet):
        if row.number <= table.header or not any(row.cells[at] for at in table.columns):
            continue
        if row.number >= table.first:
            yield _entry(sheet, table, row, given, seen)
        elif _is_person(table, row):
            skipped = problem("recipient-skipped", first=table.first)
            told = RowProblem(sheet.name, row.number, "", skipped)
            yield Entry(sheet.name, row.number, None, (told,))


def _of_one(template: Mapping[str, Any]) -> list[str]:
    """The members of the template that only one learner can have."""
    found = []
    for path in _OF_ONE:
        node: Any = template
        for step in path.split("."):
            node = node.get(step) if isinstance(node, Mapping) else None
        if node not in (None, {}, []):
            found.append(path)
    return found


def _all_rows(sheet: Sheet) -> Iterator[Row]:
    yield Row(sheet.header_row, list(sheet.header))
    yield from sheet.rows()


def _table(sheet: Sheet) -> _Table | None:
    header: Row | None = None
    for row in _all_rows(sheet):
        if row.number > _HEADER_WITHIN + 1:
            break
        if header is None and "familyname" in map(_property, row.cells):
            header = row
        elif header is not None and (kinds := _kinds(header, row)):
            machine = any(str(cell).startswith("{#") for cell in header.cells)
            first = header.number + 4 if machine else _HEADER_WITHIN + 1
            related = {at for at, kind in kinds.items() if kind == "relation"}
            return _columns(header, frozenset(related), first)
    return None if header is None else _columns(header, frozenset(), header.number + 1)


def _columns(header: Row, relations: frozenset[int], first: int) -> _Table:
    properties = {at: _property(cell) for at, cell in enumerate(header.cells) if cell}
    shown = {at: str(header.cells[at]) for at in properties}
    return _Table(properties, shown, relations, header.number, first)


def _kinds(header: Row, row: Row) -> dict[int, str]:
    """What kind of column each is, where the row says nothing else; else {}.

    A person may be called Field, so one such word among others explains nothing.
    """
    named = sum(1 for cell in header.cells if cell)
    kinds = {at: _property(cell) for at, cell in enumerate(row.cells) if cell}
    whole = len(kinds) > 1 and len(kinds) * 2 >= named
    return kinds if whole and set(kinds.values()) <= _EXPLAINS else {}


def _is_person(table: _Table, row: Row) -> bool:
    """Whether a row among the explanations holds a day of birth or an address."""
    for at, name in table.columns.items():
        cell = row.cells[at]
        if name == "dateofbirth" and _is_day(cell):
            return True
        if _FIELDS.get(name, ("",))[0] == "learner.email" and "@" in str(cell):
            return True
    return False


def _is_day(cell: values.Cell) -> bool:
    try:
        values.day(cell)
    except BadCell:
        return False
    return True


def _property(cell: object) -> str:
    """`{#12}.REC.givenName` and `Given name` are both `givenname`."""
    last = str(cell or "").rpartition(".")[2]
    return "".join(letter for letter in last.casefold() if letter.isalnum())


def _entry(sheet: Sheet, table: _Table, row: Row, given: _Given, seen: Seen) -> Entry:
    faults = [(at, what) for at, what in row.faults]
    said: dict[str, Any] = {}
    for at, name in table.columns.items():
        cell = row.cells[at] if at < len(row.cells) else None
        try:
            _put(said, name, cell, related=at in table.relations)
        except BadCell as bad:
            faults.append((at, problem(bad.code, **bad.values)))
    problems = [
        RowProblem(sheet.name, row.number, "" if at is None else table.shown[at], what)
        for at, what in faults
    ]
    record = None if problems else _record(sheet, row, said, given, problems)
    if record is not None:
        first = seen.row_of(record, sheet.name, row.number)
        if first is not None:
            twice = problem("id-twice", "record_id", first=first)
            problems.append(RowProblem(sheet.name, row.number, "", twice))
            record = None
    return Entry(sheet.name, row.number, record, tuple(problems))


def _put(said: dict[str, Any], name: str, cell: values.Cell, *, related: bool) -> None:
    if related:
        if values.text(cell).casefold() not in ("y", "yes"):
            raise BadCell("recipient-relation")
        return
    if cell is None or cell == "" or name in _LEFT:
        return
    if name in _IDENTIFIERS:
        path, value = "learner.internal_id", values.code(cell)
    elif name in _NATIONAL:
        path, value = "learner.national_id.value", values.code(cell)
    elif name == "nationalidcountry":
        # Also as an address of the EU authority table: .../country/SVN
        last = values.code(cell).rpartition("/")[2]
        path, value = "learner.national_id.country", country_code(last)
    elif name in _FIELDS:
        path, read = _FIELDS[name]
        value = read(cell)
    else:
        raise BadCell("recipient-field")
    if said.setdefault(path, value) != value:
        raise BadCell("recipient-field")


def _record(
    sheet: Sheet,
    row: Row,
    said: Mapping[str, Any],
    given: _Given,
    problems: list[RowProblem],
) -> CredentialRecord | None:
    identity = next((said[one] for one in _IDENTITY if said.get(one)), None)
    lost = None if identity else problem("recipient-id", "record_id")
    national = "learner.national_id.value" in said
    if national != ("learner.national_id.country" in said):
        lost = problem("recipient-national", "learner.national_id")
    if lost:
        problems.append(RowProblem(sheet.name, row.number, "", lost))
        return None
    template = given.template
    digest = given.digest(str(identity))
    made = replace(
        template,
        record_id=f"{template.record_id}-{digest}",
        credential_id=None,
    ).to_dict()
    _fill(made, said, f"{template.award.certificate_number}-{digest}")
    try:
        return CredentialRecord.from_dict(made)
    except RecordError as error:
        problems += [
            RowProblem(sheet.name, row.number, one.path.rpartition(".")[2], one)
            for one in error.problems
        ]
        return None


def _fill(made: dict[str, Any], said: Mapping[str, Any], number: str) -> None:
    """The learner of the row alone: nothing of the template's learner stays."""
    made["learner"] = {}
    made["award"]["certificate_number"] = number
    for path, value in said.items():
        if not path:
            continue
        node = made
        *steps, last = path.split(".")
        for step in steps:
            node = node.setdefault(step, {})
        if path == "award.result.grade":
            value = {made["primary_language"]: value}
        node[last] = value.isoformat() if isinstance(value, date) else value

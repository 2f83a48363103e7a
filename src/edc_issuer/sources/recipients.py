"""The Commission's recipient spreadsheets: names only, for one credential.

Three shapes are in use. The recipients' template of 2021 and the sheet Persons of the
full template have a row of property names (`givenNames`, `familyName`) and, in the full
one, rows that explain them before the data. The file that the builder of version 2
makes has a sheet `data`: machine paths (`{#12}.REC.givenName`), kind, label and hint in
its first four rows. None says what was learned, so a record is given as a template, and
each row puts its own learner into it.
"""

from __future__ import annotations

import hashlib
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
_IDENTIFIERS = ("otheridentifiernumber", "identifier", "nationalid", "nationalidnumber")
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
    "nationalidcountry",
    "otheridentifierscheme",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a recipient sheet by property, and where the people begin."""

    columns: Mapping[int, str]
    shown: Mapping[int, str]
    relations: frozenset[int]
    first: int


def read_recipients(path: Path | str, template: CredentialRecord) -> Iterator[Entry]:
    """One entry a recipient: the template with the learner of the row.

    The record id is the template's with a digest of the recipient's identifier or
    e-mail address, so reading again gives the same ids. `UnreadableRows` where no sheet
    has one of the three shapes.
    """
    path = Path(path)
    found = next(
        ((sheet, table) for sheet in open_grids(path) if (table := _table(sheet))),
        None,
    )
    if found is None:
        raise unreadable(path.name, "recipients-other")
    sheet, table = found
    seen = Seen()
    for row in _all_rows(sheet):
        if row.number >= table.first and any(row.cells[at] for at in table.columns):
            yield _entry(sheet, table, row, template, seen)


def _all_rows(sheet: Sheet) -> Iterator[Row]:
    yield Row(sheet.header_row, list(sheet.header))
    yield from sheet.rows()


def _table(sheet: Sheet) -> _Table | None:
    header: Row | None = None
    first = 0
    relations: set[int] = set()
    for row in _all_rows(sheet):
        if row.number > _HEADER_WITHIN + 1:
            break
        names = [_property(cell) for cell in row.cells]
        if header is None and {"familyname"} <= set(names):
            header, first = row, row.number + 1
        elif header is not None and set(names) & _EXPLAINS:
            machine = any(str(cell).startswith("{#") for cell in header.cells)
            first = header.number + 4 if machine else max(first, _HEADER_WITHIN + 1)
            relations |= {at for at, name in enumerate(names) if name == "relation"}
    if header is None:
        return None
    properties = {at: _property(cell) for at, cell in enumerate(header.cells) if cell}
    shown = {at: str(header.cells[at]) for at in properties}
    return _Table(properties, shown, frozenset(relations), first)


def _property(cell: object) -> str:
    """`{#12}.REC.givenName` and `Given name` are both `givenname`."""
    last = str(cell or "").rpartition(".")[2]
    return "".join(letter for letter in last.casefold() if letter.isalnum())


def _entry(
    sheet: Sheet, table: _Table, row: Row, template: CredentialRecord, seen: Seen
) -> Entry:
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
    record = None if problems else _record(sheet, row, said, template, problems)
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
        said.setdefault("identifier", values.code(cell))
    elif name in _FIELDS:
        path, read = _FIELDS[name]
        said[path] = read(cell)
    else:
        raise BadCell("recipient-field")


def _record(
    sheet: Sheet,
    row: Row,
    said: Mapping[str, Any],
    template: CredentialRecord,
    problems: list[RowProblem],
) -> CredentialRecord | None:
    identity = said.get("identifier") or said.get("learner.email")
    if not identity:
        missing = problem("recipient-id", "record_id")
        problems.append(RowProblem(sheet.name, row.number, "", missing))
        return None
    digest = hashlib.sha256(str(identity).casefold().encode()).hexdigest()[:16]
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
    if "identifier" in said:
        made["learner"]["internal_id"] = said["identifier"]
    for path, value in said.items():
        if path in ("", "identifier"):
            continue
        node = made
        *steps, last = path.split(".")
        for step in steps:
            node = node.setdefault(step, {})
        if path == "award.result.grade":
            value = {made["primary_language"]: value}
        node[last] = value.isoformat() if isinstance(value, date) else value

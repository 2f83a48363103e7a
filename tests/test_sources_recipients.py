"""The Commission's recipient spreadsheets, in the shapes that schools have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from edc_issuer.record import CredentialRecord
from edc_issuer.sources import Entry, UnreadableRows, read_entries, read_recipients
from workbook import Cell, workbook

RECORDS = Path(__file__).parent.parent / "fixtures" / "records"
PEOPLE: list[list[Cell]] = [
    ["Žiga", "Čuš", date(2007, 3, 14), "ziga.cus@example.org"],
    ["Đurđa", "Šević", "29. 2. 2008", "durda.sevic@example.org"],
]


def template() -> CredentialRecord:
    data = (RECORDS / "scouts4green_ecological.json").read_bytes()
    return CredentialRecord.from_json(data)


def recipients(*people: list[Cell]) -> list[list[Cell]]:
    """Shape B: the recipients' template of 2021."""
    return [["givenNames", "familyName", "dateOfBirth", "email"], *people]


def persons(*people: list[Cell]) -> list[list[Cell]]:
    """Shape A, sheet Persons: twelve rows explain the columns."""
    rows: list[list[Cell]] = [[f"vrstica {n}", None, None, None] for n in range(1, 13)]
    rows[2] = ["givenNames", "familyName", "dateOfBirth", "email"]
    rows[3] = ["Property", "Property", "Property", "Property"]
    return [*rows, *people]


def data(*people: list[Cell]) -> list[list[Cell]]:
    """Shape C: made by the builder of version 2 for one credential."""
    fields = ("givenName", "familyName", "dateOfBirth", "primaryDeliveryAddress")
    return [
        [*(f"{{#12}}.REC.{name}" for name in fields), "{#31}.ASM.grade", "{#40}.ACH"],
        ["field", "field", "field", "field", "field", "relation"],
        ["Ime", "Priimek", "Datum rojstva", "Naslov", "Ocena", "Dosežek"],
        ["obvezno", "obvezno", None, "obvezno", "obvezno", "Y"],
        *([*one, "92 točk", "Y"] for one in people),
    ]


SHAPES = [
    pytest.param("List1", recipients, 2, id="recipients-2021"),
    pytest.param("Persons", persons, 13, id="full-template"),
    pytest.param("data", data, 5, id="builder-2"),
]


def read(path: Path, rows: list[list[Cell]], tab: str = "data") -> list[Entry]:
    return list(read_recipients(workbook(path / "osebe.xlsx", {tab: rows}), template()))


@pytest.mark.parametrize(("tab", "shape", "first"), SHAPES)
def test_each_recipient_gets_the_credential_of_the_template(
    tmp_path: Path, tab: str, shape: type[list[list[Cell]]], first: int
) -> None:
    entries = read(tmp_path, shape(*PEOPLE), tab)

    assert [entry.problems for entry in entries] == [(), ()]
    assert [entry.row for entry in entries] == [first, first + 1]
    record = entries[0].record
    assert record is not None
    assert record.learner.given_name == "Žiga"
    assert record.learner.family_name == "Čuš"
    assert record.learner.date_of_birth == date(2007, 3, 14)
    assert record.learner.email == "ziga.cus@example.org"
    assert record.programme == template().programme


def test_nothing_of_the_learner_of_the_template_stays(tmp_path: Path) -> None:
    [entry] = read(tmp_path, recipients(PEOPLE[0]))

    assert entry.record is not None
    assert entry.record.learner.phone is None
    assert entry.record.learner.address is None
    assert entry.record.learner.internal_id is None
    assert entry.record.credential_id is None
    assert entry.record.award.certificate_number != template().award.certificate_number


def test_a_grade_of_the_row_replaces_that_of_the_template(tmp_path: Path) -> None:
    [entry] = read(tmp_path, data(PEOPLE[0]))

    assert entry.record is not None
    assert entry.record.award.result is not None
    assert entry.record.award.result.grade == {"sl": "92 točk"}


def test_reading_again_gives_the_same_ids_in_any_order(tmp_path: Path) -> None:
    first = read(tmp_path, recipients(*PEOPLE))
    again = read(tmp_path, recipients(*reversed(PEOPLE)))

    ids = [one.record.record_id for one in first if one.record]
    assert ids == [one.record.record_id for one in reversed(again) if one.record]
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("person", "column", "code"),
    [
        pytest.param(
            ["Ana", "A", "29. 2. 2007", "a@example.org"],
            "{#12}.REC.dateOfBirth",
            "row.date-none",
            id="29-february",
        ),
        pytest.param(["Ana", "A", None, None], "", "row.recipient-id", id="nameless"),
        pytest.param(
            [None, "A", None, "a@example.org"], "given_name", "missing", id="no-name"
        ),
    ],
)
def test_a_bad_recipient_is_told_and_costs_nobody_else(
    tmp_path: Path, person: list[Cell], column: str, code: str
) -> None:
    bad, good = read(tmp_path, data(person, PEOPLE[1]))

    assert [(one.column, one.problem.code) for one in bad.problems] == [(column, code)]
    assert bad.row == 5
    assert good.record is not None


def test_a_recipient_who_is_not_to_get_a_part_is_told(tmp_path: Path) -> None:
    rows = data(*PEOPLE)
    rows[4][5] = None

    bad, good = read(tmp_path, rows)

    assert [one.problem.code for one in bad.problems] == ["row.recipient-relation"]
    assert good.record is not None


def test_a_field_that_is_not_read_is_told_where_it_is_filled(tmp_path: Path) -> None:
    rows = data(*PEOPLE)
    rows[0].append("{#31}.ACT.workload")
    rows[4].append(15)

    bad, good = read(tmp_path, rows)

    assert [one.problem.code for one in bad.problems] == ["row.recipient-field"]
    assert good.record is not None


def test_the_same_recipient_twice_is_told(tmp_path: Path) -> None:
    first, second = read(tmp_path, recipients(PEOPLE[0], PEOPLE[0]))

    assert first.record is not None
    assert [one.problem.code for one in second.problems] == ["row.id-twice"]


def test_recipients_without_a_record_to_give_them_are_told_what_is_missing(
    tmp_path: Path,
) -> None:
    path = workbook(tmp_path / "osebe.xlsx", {"data": data(*PEOPLE)})

    with pytest.raises(UnreadableRows, match="template"):
        list(read_entries(path))


def test_a_sheet_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRows, match="recipients"):
        read(tmp_path, [["Izdelek", "Cena"], ["vijak", 2]])

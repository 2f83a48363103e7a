"""The Commission's recipient spreadsheets, in the shapes that schools have."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.record import CredentialRecord, LegalIdentifier
from edc_issuer.sources import Entry, UnreadableRows, read_entries, read_recipients
from workbook import Cell, workbook

RECORDS = Path(__file__).parent.parent / "fixtures" / "records"
PEOPLE: list[list[Cell]] = [
    ["Žiga", "Čuš", date(2007, 3, 14), "ziga.cus@example.org"],
    ["Đurđa", "Šević", "29. 2. 2008", "durda.sevic@example.org"],
]


SECRET = b"skrivnost"


def template_dict() -> dict[str, Any]:
    """What a class has in common: nobody's points, evidence or own weeks abroad."""
    text = (RECORDS / "scouts4green_ecological.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    data["programme"]["assessment"]["pass_rule"] = "pass_fail"
    for member in ("points", "grade"):
        del data["award"]["result"][member]
    del data["award"]["activity"], data["evidence"]
    return data


def template() -> CredentialRecord:
    return CredentialRecord.from_dict(template_dict())


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
    return read_with(path, rows, template(), tab)


def read_with(
    path: Path, rows: list[list[Cell]], given: CredentialRecord, tab: str = "data"
) -> list[Entry]:
    sheet = workbook(path / "osebe.xlsx", {tab: rows})
    return list(read_recipients(sheet, given, id_secret=SECRET))


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


OF_ONE = {
    "award.result.points": 92,
    "award.result.grade": {"sl": "92 točk"},
    "award.result.part_results": [{"programme_code": "S4G-ECO", "points": 9}],
    "award.activity": {"start": "2025-09-15"},
    "parts": [{"record_id": "A", "programme_code": "S4G-ECO"}],
    "evidence": [{"kind": "portfolio", "title": {"sl": "Mapa"}}],
    "attachments": [{"type": "other", "media_type": "text/plain", "path": "ocene.txt"}],
    "document_number": "17/2025",
    "pictures": {"sl": "ana.png"},
    "extensions": {"elmo": {"gender": "2"}},
}


@pytest.mark.parametrize("path", OF_ONE)
def test_what_one_learner_has_is_never_given_to_all(tmp_path: Path, path: str) -> None:
    data = template_dict()
    node = data
    *steps, last = path.split(".")
    for step in steps:
        node = node[step]
    node[last] = OF_ONE[path]

    with pytest.raises(UnreadableRows) as caught:
        read_with(tmp_path, recipients(*PEOPLE), CredentialRecord.from_dict(data))

    [place] = caught.value.places
    assert place.problem.code == "row.recipients-of-one"
    assert place.problem.values["fields"] == path


@pytest.mark.parametrize("word", ["Field", "Reference", "Property", "Relation"])
def test_a_person_whose_name_explains_headings_elsewhere_hides_nobody(
    tmp_path: Path, word: str
) -> None:
    people: list[list[Cell]] = [
        [f"Ime{n}", word if n == 9 else "Čuš", None, f"a{n}@example.org"]
        for n in range(20)
    ]

    entries = read(tmp_path, recipients(*people))

    assert [entry.row for entry in entries] == list(range(2, 22))
    assert all(entry.record for entry in entries)


def test_a_person_among_the_rows_that_explain_is_told(tmp_path: Path) -> None:
    rows = persons(*PEOPLE)
    rows[7] = ["Ana", "Vzorec", None, "ana@example.org"]

    hidden, *others = read(tmp_path, rows)

    assert hidden.row == 8
    assert [one.problem.code for one in hidden.problems] == ["row.recipient-skipped"]
    assert [entry.row for entry in others] == [13, 14]


def with_national(*cells: Cell) -> list[list[Cell]]:
    names: list[Cell] = ["nationalId", "nationalIdCountry", "otherIdentifierNumber"]
    header, person = recipients(PEOPLE[0])
    return [[*header, *names], [*person, *cells]]


@pytest.mark.parametrize(
    "country",
    ["SI", "SVN", "http://publications.europa.eu/resource/authority/country/SVN"],
)
def test_a_national_number_is_one_and_the_own_number_another(
    tmp_path: Path, country: str
) -> None:
    [entry] = read(tmp_path, with_national("1403007505013", country, "2025-0417"))

    assert entry.record is not None
    learner = entry.record.learner
    assert learner.national_id == LegalIdentifier("1403007505013", "SI")
    assert learner.internal_id == "2025-0417"


@pytest.mark.parametrize("cells", [("1403007505013", None), (None, "SI")])
def test_a_national_number_without_its_country_is_asked_about(
    tmp_path: Path, cells: tuple[Cell, Cell]
) -> None:
    [entry] = read(tmp_path, with_national(*cells, "2025-0417"))

    assert [one.problem.code for one in entry.problems] == ["row.recipient-national"]


def test_no_id_can_be_counted_back_to_the_number_of_a_person(tmp_path: Path) -> None:
    number = "1403007505013"
    rows = with_national(number, "SI", None)
    [entry] = read(tmp_path, rows)
    sheet = workbook(tmp_path / "osebe.xlsx", {"data": rows})
    [other] = read_recipients(sheet, template(), id_secret=b"druga")

    assert entry.record is not None
    assert other.record is not None
    assert other.record.record_id != entry.record.record_id
    bare = hashlib.sha256(number.encode()).hexdigest()[:16]
    for shown in (entry.record.record_id, entry.record.award.certificate_number):
        assert bare not in shown
        assert number not in shown

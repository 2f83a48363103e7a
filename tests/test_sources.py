"""What comes out of files: every record of the pack, rebuilt from its rows."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from edc_issuer.record import CredentialRecord
from edc_issuer.sources import (
    Entry,
    UnreadableRows,
    from_cursor,
    read_entries,
    spooled_cursor,
    spooled_stream,
)
from edc_issuer.sources.json_lines import MAX_LINE
from rows import FLAT, SET, flat_rows, save, text_of
from workbook import Cell, workbook

FIXTURES = SET.parent


def written(name: str) -> CredentialRecord:
    """A record of the fixtures; notes on its source stand in no spreadsheet."""
    record = CredentialRecord.from_json(
        (FIXTURES / "records" / f"{name}.json").read_bytes()
    )
    return replace(record, source_note=None)


RECORDS = sorted(path.stem for path in (FIXTURES / "records").glob("*.json"))


@pytest.fixture(scope="module")
def rebuilt() -> dict[str, Entry]:
    return {
        entry.record.record_id if entry.record else str(entry): entry
        for entry in read_entries(SET)
    }


def test_the_set_holds_as_many_awards_as_there_are_records(
    rebuilt: dict[str, Entry],
) -> None:
    assert len(rebuilt) == len(RECORDS) == 15


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_rebuilt_exactly_from_the_normalised_set(
    rebuilt: dict[str, Entry], name: str
) -> None:
    record = written(name)

    assert rebuilt[record.record_id].record == record


def test_programmes_and_organisations_are_shared_between_records(
    rebuilt: dict[str, Entry],
) -> None:
    first, second = (
        rebuilt[name].record for name in ("HR-MK-3D-001", "HR-MK-3D-RPL-002")
    )

    assert first is not None
    assert second is not None
    assert first.programme is second.programme
    assert first.issuer is second.issuer


def test_a_flat_sheet_of_excel_in_windows_1250_is_read() -> None:
    entries = list(read_entries(FLAT))

    assert [entry.problems for entry in entries] == [()] * 4
    assert [entry.row for entry in entries] == [2, 3, 4, 5]
    first = entries[0].record
    assert first is not None
    assert first.learner.date_of_birth == date(2007, 3, 14)
    assert first.award.date_awarded == date(2025, 11, 20)
    assert first.award.valid_from == date(2025, 11, 20)
    assert first.programme.credits[0].points == "0.5"
    assert first.programme.workload is not None
    assert first.programme.workload.hours == Decimal(15)
    assert first.programme.isced_f == ("0521",)
    assert len(first.programme.outcomes) == 3
    assert first.programme.outcomes[0].title["sl"].startswith("Pojasni osnovna načela")
    assert first.issuer == written("scouts4green_ecological").issuer
    assert first.award.result is not None
    assert first.award.result.grade == {"sl": "92 točk", "en": "92 points"}


def test_an_award_without_a_level_says_why() -> None:
    record = list(read_entries(FLAT))[3].record

    assert record is not None
    assert record.programme.level is None
    assert record.programme.level_absent_reason is not None
    assert record.programme.level_absent_reason["sl"].startswith("Umeščanje")


# --- databases and streams


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    rows = flat_rows()
    names = list(rows[0])
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE award ({', '.join(map(repr, names))})")
        connection.executemany(
            f"INSERT INTO award VALUES ({', '.join('?' * len(names))})",
            [[row[name] or None for name in names] for row in rows],
        )
        yield connection


def test_rows_of_a_database_give_the_records_of_the_spreadsheet(
    database: sqlite3.Connection,
) -> None:
    cursor = database.execute("SELECT * FROM award")

    entries = list(from_cursor(cursor, files=SET))

    assert [entry.record for entry in entries] == [
        entry.record for entry in read_entries(FLAT)
    ]
    assert [(entry.source, entry.row) for entry in entries][:2] == [
        ("database", 1),
        ("database", 2),
    ]


def test_a_cursor_without_a_query_is_refused(database: sqlite3.Connection) -> None:
    with pytest.raises(UnreadableRows, match="run a query"):
        list(from_cursor(database.cursor(), files=SET))


def test_bytes_in_a_database_are_told(database: sqlite3.Connection) -> None:
    database.execute("UPDATE award SET place = x'00ff' WHERE rowid = 1")

    entries = list(from_cursor(database.execute("SELECT * FROM award"), files=SET))

    assert [(one.row, one.column, one.problem.code) for one in entries[0].problems] == [
        (1, "place", "row.database-type")
    ]
    assert all(entry.record for entry in entries[1:])


def test_spooled_rows_are_for_their_owner_alone_and_leave_nothing(
    database: sqlite3.Connection,
) -> None:
    cursor = database.execute("SELECT * FROM award")

    with spooled_cursor(cursor) as path:
        rights = (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777)
        first, second = (list(read_entries(path, files=SET)) for _ in range(2))

    assert rights == (0o600, 0o700)
    assert first == second
    assert not path.exists()
    assert not path.parent.exists()


def test_a_stream_is_read_twice_from_its_copy() -> None:
    stream = io.BytesIO(FLAT.read_bytes())

    with spooled_stream(stream, ".csv") as path:
        entries = [list(read_entries(path, files=SET)) for _ in range(2)]

    assert entries[0] == entries[1]
    assert entries[0][0].source == "stdin.csv"
    assert len(entries[0]) == 4
    assert not path.exists()


# --- spreadsheets and JSON Lines


def test_a_spreadsheet_gives_the_records_of_the_csv(tmp_path: Path) -> None:
    rows = flat_rows()
    header: list[Cell] = list(rows[0])
    typed = [[excel(name, row[name]) for name in rows[0]] for row in rows]
    path = workbook(tmp_path / "razred.xlsx", {"Razred": [header, *typed]})

    entries = list(read_entries(path, organisations=SET / "organisations.csv"))

    assert [entry.problems for entry in entries] == [()] * 4
    assert [entry.record for entry in entries] == [
        entry.record for entry in read_entries(FLAT)
    ]
    assert entries[0].source == "razred.xlsx#Razred"


def excel(name: str, cell: str) -> Cell:
    """What Excel makes of a typed cell: dates, numbers, codes without zeros."""
    if not cell:
        return None
    if name.startswith("date"):
        day, month, year = (int(part) for part in cell.split(". "))
        return date(year, month, day)
    if name in ("hours", "points", "pass_points", "isced_f", "credit_points"):
        return float(cell.replace(",", "."))
    return cell


def test_the_whole_set_may_be_one_spreadsheet(tmp_path: Path) -> None:
    names = ("awards", "programmes", "outcomes", "units", "organisations")
    sheets = {
        name: list(csv.reader((SET / f"{name}.csv").open(encoding="utf-8", newline="")))
        for name in names
    }
    path = workbook(tmp_path / "vse.xlsx", sheets)

    records = [entry.record for entry in read_entries(path)]

    assert records == [entry.record for entry in read_entries(SET)]


def test_a_spreadsheet_with_two_tables_is_not_guessed_at(tmp_path: Path) -> None:
    path = workbook(tmp_path / "dva.xlsx", {"3. a": [["Ime"]], "3. b": [["Ime"]]})

    with pytest.raises(UnreadableRows, match=r"3\. a, 3\. b"):
        list(read_entries(path))


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    rows = flat_rows()
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    path = workbook(
        tmp_path / "razred.xlsx",
        {"Šifrant": [["x"]], "Razred": table},
        hidden=["Šifrant"],
    )

    entries = list(read_entries(path, organisations=SET / "organisations.csv"))

    assert all(entry.record for entry in entries)


def test_json_lines_are_records_and_a_bad_line_costs_itself_alone(
    tmp_path: Path,
) -> None:
    good = [written(name) for name in ("scouts4green_economic", "mcvet_3d_rs_cyrl")]
    lines = [json.dumps(record.to_dict(), ensure_ascii=False) for record in good]
    broken = json.dumps({**good[0].to_dict(), "record_id": "X", "languages": []})
    path = tmp_path / "vse.jsonl"
    path.write_text("\n".join([lines[0], "", broken, "{", lines[1], lines[0]]), "utf-8")

    entries = list(read_entries(path))

    assert [entry.row for entry in entries] == [1, 3, 4, 5, 6]
    assert [entry.record for entry in entries] == [good[0], None, None, good[1], None]
    assert [entry.problems[0].problem.code for entry in entries if entry.problems] == [
        "empty",
        "json.syntax",
        "row.id-twice",
    ]


def test_a_line_without_end_costs_itself_alone(tmp_path: Path) -> None:
    line = json.dumps(written("scouts4green_economic").to_dict())
    path = tmp_path / "vse.jsonl"
    path.write_text("{" + " " * (MAX_LINE + 1) + "}\n" + line + "\n", "utf-8")

    entries = list(read_entries(path))

    assert [one.problem.code for one in entries[0].problems] == ["row.line-too-long"]
    assert entries[1].record == written("scouts4green_economic")


def test_a_record_alone_is_read_from_json() -> None:
    [entry] = read_entries(FIXTURES / "records" / "hko_microqualification.json")

    assert entry.record is not None
    assert entry.record.record_id == "HR-MK-3D-001"


@pytest.mark.parametrize(
    ("name", "code"),
    [("ni.csv", "file-missing"), ("razred.docx", "file-kind"), ("", "file-missing")],
)
def test_what_is_not_read_says_so(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "razred.docx").write_bytes(b"PK")

    with pytest.raises(UnreadableRows) as refused:
        list(read_entries(tmp_path / name))

    assert [one.problem.code for one in refused.value.places] == [f"row.{code}"]


def test_a_correction_has_the_id_of_what_it_corrects(tmp_path: Path) -> None:
    row = flat_rows()[0] | {"revision": "1"}
    path = save(tmp_path, text_of([row, row | {"revision": "2"}]))

    entries = list(read_entries(path))

    assert [entry.problems for entry in entries] == [(), ()]

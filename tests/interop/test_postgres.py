"""Awards out of a real PostgreSQL, with the types that a school's database has.

`pgserver` brings the server as a Python package; it runs for this module alone, in a
folder of its own, and listens on a socket there and nowhere else.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgserver
import psycopg
import pytest

from edc_issuer.sources import from_cursor, read_entries, spooled_cursor
from rows import FLAT, SET, flat_rows

pytestmark = pytest.mark.interop
_TYPES = {
    "date_of_birth": "date",
    "date_awarded": "date",
    "date_issued": "date",
    "hours": "numeric(6,1)",
    "credit_points": "numeric(4,2)",
    "eqf_level": "smallint",
    "points": "double precision",
    "pass_points": "integer",
    "credits_indicative": "boolean",
    "languages": "text[]",
}


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    # Not below pytest's own folder: run by root, the server is another user, and each
    # pytest that starts takes that user's way through the folder away.
    folder = tempfile.mkdtemp(prefix="edc-postgres-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri()) as connection:
        names = list(flat_rows()[0])
        columns = ", ".join(f'"{n}" {_TYPES.get(n, "text")}' for n in names)
        connection.execute(f"CREATE TABLE award ({columns})")
        for row in flat_rows():
            marks = ", ".join(["%s"] * len(names))
            connection.execute(
                f"INSERT INTO award VALUES ({marks})",
                [_stored(name, row[name]) for name in names],
            )
        yield connection
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _stored(name: str, cell: str) -> object:
    if not cell:
        return None
    if name == "languages":
        return cell.split("|")
    if name.startswith("date"):
        day, month, year = cell.split(". ")
        return f"{year}-{int(month):02}-{int(day):02}"
    return cell.replace(",", ".") if name in _TYPES else cell


def test_rows_of_postgresql_give_the_records_of_the_spreadsheet(database: Any) -> None:
    cursor = database.execute("SELECT * FROM award")

    entries = list(from_cursor(cursor, files=SET))

    assert [entry.problems for entry in entries] == [()] * 4
    assert [entry.record for entry in entries] == [
        entry.record for entry in read_entries(FLAT)
    ]
    assert [entry.row for entry in entries] == [1, 2, 3, 4]


def test_a_cursor_of_the_server_is_read_as_well(database: Any) -> None:
    with database.cursor(name="awards") as cursor:
        cursor.execute("SELECT * FROM award")

        entries = list(from_cursor(cursor, files=SET))

    assert all(entry.record for entry in entries)


def test_own_names_of_columns_are_mapped(database: Any) -> None:
    cursor = database.execute("SELECT *, family_name AS priimek_dijaka FROM award")
    columns = {"family_name": None, "priimek_dijaka": "family_name"}

    [first, *_] = from_cursor(cursor, columns=columns, files=SET)

    assert first.record is not None
    assert first.record.learner.family_name == "Vzorec"


def test_a_moment_and_a_type_no_record_holds_are_told(database: Any) -> None:
    query = (
        "SELECT award.*, now() AS result_date, '{}'::jsonb AS place_country "
        "FROM award LIMIT 1"
    )

    [entry] = from_cursor(database.execute(query), files=SET)

    found = {one.column: one.problem.code for one in entry.problems}
    assert found == {"place_country": "row.database-type"}


def test_a_date_with_a_time_of_day_is_told(database: Any) -> None:
    query = "SELECT award.*, timestamp '2025-11-20 09:30' AS result_date FROM award"

    [entry, *_] = from_cursor(database.execute(query), files=SET)

    assert [(one.column, one.problem.code) for one in entry.problems] == [
        ("result_date", "row.date-time")
    ]


def test_spooled_rows_can_be_read_twice_and_are_gone_afterwards(database: Any) -> None:
    cursor = database.execute("SELECT * FROM award")

    with spooled_cursor(cursor) as path:
        first = list(read_entries(path, files=SET))
        second = list(read_entries(path, files=SET))
        kept: Path = path

    assert first == second
    assert len(first) == 4
    assert not kept.exists()

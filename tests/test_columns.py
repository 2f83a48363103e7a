"""Cells, headings and flat rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.columns import (
    BadCell,
    columns_of,
    csv_text,
    escape_cell,
    heading_at,
    own_columns,
    record_from_row,
    row_from_record,
    values,
)
from edc_issuer.columns.headers import headings, known_headings, letters
from edc_issuer.columns.table import FILES
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.record import CredentialRecord, Organisation
from edc_issuer.sources import read_entries
from rows import FLAT, SET, flat_rows
from tool_loader import tool


def records() -> list[CredentialRecord]:
    return [entry.record for entry in read_entries(FLAT) if entry.record]


def organisations() -> Mapping[str, Organisation]:
    found = {"org-si-sc": records()[0].issuer}
    identifier = found["org-si-sc"].legal_identifier
    assert identifier is not None
    return found | {identifier.value: found["org-si-sc"]}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-11-20", date(2025, 11, 20)),
        ("20. 11. 2025", date(2025, 11, 20)),
        ("20.11.2025", date(2025, 11, 20)),
        ("20.11.2025.", date(2025, 11, 20)),
        ("3.\u00a04.\u00a02025", date(2025, 4, 3)),
        ("03/04/2025", date(2025, 4, 3)),
        (date(2025, 4, 3), date(2025, 4, 3)),
        (datetime(2025, 4, 3), date(2025, 4, 3)),
        ("2025-04-03 00:00:00", date(2025, 4, 3)),
    ],
)
def test_dates_are_read_as_people_write_them(cell: values.Cell, day: date) -> None:
    assert values.day(cell) == day


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        pytest.param(values.day, "3. 4. 25", "date-year", id="two-digit-year"),
        pytest.param(values.day, datetime(2025, 4, 3, 9), "date-time", id="with-time"),
        pytest.param(values.day, 45981, "date-number", id="serial-number"),
        pytest.param(values.day, "٢٠٢٥-١١-٢٠", "date", id="other-digits"),
        pytest.param(values.number, "1.234", "thousands", id="thousands"),
        pytest.param(values.number, "1 h", "number", id="with-unit"),
        pytest.param(values.number, float("nan"), "number", id="not-a-number"),
        pytest.param(values.number, True, "number", id="true"),
        pytest.param(values.number, date(2025, 5, 1), "became-date", id="1,5-in-may"),
        pytest.param(values.whole, "4,5", "whole", id="half"),
        pytest.param(values.flag, "morda", "flag", id="maybe"),
        pytest.param(values.text, date(2025, 5, 1), "became-date", id="1-5-2025"),
        pytest.param(values.text, 2.0**60, "precision", id="too-long-for-excel"),
        pytest.param(values.level, date(2025, 9, 4), "became-date", id="level-4.9"),
    ],
)
def test_what_could_be_something_else_is_refused(
    read: Callable[[Any], object], cell: object, code: str
) -> None:
    with pytest.raises(BadCell) as refused:
        read(cell)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        pytest.param(values.number, "0,5", Decimal("0.5"), id="decimal-comma"),
        pytest.param(values.number, 0.1, Decimal("0.1"), id="double"),
        pytest.param(values.decimal, "0,5", "0.5", id="points-with-comma"),
        pytest.param(values.decimal, 2.0, "2", id="points-of-excel"),
        pytest.param(values.whole, "45,0", 45, id="whole-with-comma"),
        pytest.param(values.isced, "521", "0521", id="lost-zero"),
        pytest.param(values.isced, 521.0, "0521", id="lost-zero-of-excel"),
        pytest.param(values.isced, "31", "031", id="narrow-field"),
        pytest.param(values.isced, "0031", "0031", id="general-field"),
        pytest.param(values.isced, "1013", "1013", id="field-of-services"),
        pytest.param(values.isced, "101", "101", id="narrow-field-of-services"),
        pytest.param(values.level, "4.1", "4.1", id="level"),
        pytest.param(values.level, "4,1", "4.1", id="level-with-comma"),
        pytest.param(values.level, 4.1, "4.1", id="level-as-number"),
        pytest.param(values.level, 4.0, "4", id="whole-level"),
        pytest.param(values.level, date(2025, 1, 4), "4.1", id="level-as-date"),
        pytest.param(values.level, "4. jan", "4.1", id="level-as-january"),
        pytest.param(values.level, "04.feb", "4.2", id="level-as-february"),
        pytest.param(values.level, "7. 2. 2025", "7.2", id="level-as-full-date"),
        pytest.param(values.flag, "DA", True, id="yes"),
        pytest.param(values.flag, "не", False, id="no-in-cyrillic"),
        pytest.param(values.text, 417.0, "417", id="number-of-a-learner"),
        pytest.param(values.text, "Zˇ", "Zˇ", id="marks-stay"),
        pytest.param(values.text, "Z\u030ciga", "Žiga", id="letters-are-composed"),
        pytest.param(values.text, "'=ENA", "=ENA", id="escaped-text"),
    ],
)
def test_what_spreadsheets_change_is_set_right(
    read: Callable[[Any], object], cell: object, value: object
) -> None:
    assert read(cell) == value


@pytest.mark.parametrize("file", FILES)
def test_every_column_is_known_by_its_label_in_every_language(file: str) -> None:
    known = known_headings(file)

    lost = [
        (column.name, language, texts[0])
        for column in columns_of(file).values()
        for language, texts in column.labels.items()
        if headings([texts[0]], file)[0][0:1] == ()
        or headings([texts[0]], file)[0][0].column.name != column.name
    ]

    assert len(known) > 20
    assert lost == []


@pytest.mark.parametrize(
    ("shown", "name", "language"),
    [
        ("given_name", "given_name", None),
        ("Ime", "given_name", None),
        ("  PRIIMEK ", "family_name", None),
        ("Презиме", "family_name", None),
        ("Datum rođenja", "date_of_birth", None),
        ("datum rodenja", "date_of_birth", None),
        ("Datum rojstva:", "date_of_birth", None),
        ("title_sl", "title", "sl"),
        ("title_sr-Cyrl", "title", "sr-Cyrl"),
        ("Naziv programa (sl)", "title", "sl"),
        ("Назив програма (sr-cyrl)", "title", "sr-Cyrl"),
        ("Ocena [en]", "grade", "en"),
    ],
)
def test_headings_are_known_in_the_languages_of_the_region(
    shown: str, name: str, language: str | None
) -> None:
    [heading], faults = headings([shown], "flat")

    assert faults == ()
    assert (heading.column.name, heading.language) == (name, language)


@pytest.mark.parametrize(
    ("path", "language", "shown"),
    [
        ("learner.given_name", "sl", "Ime"),
        ("programme.title.sl", "sl", "Naziv programa (sl)"),
        ("programme.outcomes[2].title.en", "en", "Learning outcomes (en)"),
        ("award.result.points", "hr", "Ostvareni bodovi"),
        ("programme.credits[0].system", "sr-Cyrl", "Бодовни систем"),
        ("mandate.mandator", "sl", None),
    ],
)
def test_a_field_is_called_as_its_column(
    path: str, language: str, shown: str | None
) -> None:
    assert heading_at(path, language) == shown


def test_own_headings_are_mapped_and_passed_over() -> None:
    own = own_columns(b'{"Dijak": "given_name", "Opombe": null}')

    found, faults = headings(["dijak", "Opombe", "Priimek"], "flat", own)

    assert faults == ()
    assert [one.column.name for one in found] == ["given_name", "family_name"]
    assert [one.index for one in found] == [0, 2]


def test_an_own_heading_for_a_column_that_does_not_exist_is_told() -> None:
    _, faults = headings(["Dijak"], "flat", {"Dijak": "given_nam"})

    [(shown, fault)] = faults
    assert shown == "Dijak"
    assert fault.code == "row.header-target"
    assert "did you mean given_name?" in fault.message


@pytest.mark.parametrize("data", [b"", b"[]", b'{"a": 1}', b"[" * 100_000, b"\xff"])
def test_a_file_of_columns_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ConfigError, match="file of columns"):
        own_columns(data)


def test_columns_are_lettered_as_spreadsheets_letter_them() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


@pytest.mark.parametrize("index", range(4))
def test_a_record_of_a_flat_row_survives_being_written_as_one(index: int) -> None:
    record = records()[index]

    again = record_from_row(row_from_record(record), organisations=organisations())

    assert again == record


def test_a_row_of_own_headings_becomes_a_record() -> None:
    row: dict[str, values.Cell] = dict(flat_rows()[0])
    row["Dijakinja"] = row.pop("given_name")

    record = record_from_row(
        row, organisations=organisations(), columns={"Dijakinja": "given_name"}
    )

    assert record == records()[0]


@pytest.mark.parametrize("cell", ["sl|en", "sl, en", "sl; en", "sl | en|"])
def test_a_list_of_codes_is_written_as_people_write_lists(cell: str) -> None:
    row = flat_rows()[0] | {"languages": cell}

    record = record_from_row(row, organisations=organisations())

    assert record.languages == ("sl", "en")


def test_all_faults_of_a_row_are_raised_together() -> None:
    row = flat_rows()[0] | {"date_of_birth": "29. 2. 2007", "issuer_key": "org-si-cs"}

    with pytest.raises(RecordError) as refused:
        record_from_row(row, organisations=organisations())

    codes = [problem.code for problem in refused.value.problems]
    assert codes == ["row.date-none", "row.organisation-meant"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=cmd()", "'=cmd()"),
        ("+386 1 000 00 01", "'+386 1 000 00 01"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=cmd()", "'\t=cmd()"),
        ("\r\n=cmd()", "'\r\n=cmd()"),
        ("Žiga", "Žiga"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_no_cell_on_the_way_out_is_a_formula(text: str, safe: str) -> None:
    assert escape_cell(text) == safe


@given(st.lists(st.text(alphabet="=+-@'\"; ,\tŽćђ1a", max_size=6), min_size=2))
def test_what_is_written_is_read_back(cells: list[str]) -> None:
    import csv
    import io

    line = csv_text([cells]).removeprefix("\ufeff")

    [read] = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert read == [escape_cell(cell) for cell in cells]
    for cell, again in zip(cells, read, strict=True):
        if not cell.startswith("'"):
            assert values.text(again) == values.text(escape_cell(cell.strip()))


def test_the_table_is_what_the_tool_writes(tmp_path: Path) -> None:
    written = tool("make_columns")
    pack = shared_file("domain/flat_columns.csv")

    made = written.text(written.columns(pack))

    assert made == written.TARGET.read_text("utf-8")


def test_the_fixtures_have_no_heading_that_the_table_does_not_know() -> None:
    for file in FILES[1:]:
        header = (SET / f"{file}.csv").read_text("utf-8").splitlines()[0].split(",")
        found, faults = headings(header, file)

        assert faults == ()
        assert len(found) == len(header)

"""Empty sheets: in the clerk's language, and read back when they are filled in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.columns import template
from edc_issuer.columns.headers import headings
from edc_issuer.columns.table import FILES
from edc_issuer.messages import LANGUAGES
from edc_issuer.sources import read_entries
from rows import SET, flat_rows

RUN = CliRunner()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_every_heading_of_an_empty_sheet_is_known(file: str, language: str) -> None:
    [names] = template(file, language, ["sl", "en"], every=True).values()

    found, faults = headings(names, file)

    assert faults == ()
    assert len(found) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_sheet_is_read_back(tmp_path: Path, language: str) -> None:
    sheet = tmp_path / "razred.csv"
    (tmp_path / "organisations.csv").write_bytes(
        (SET / "organisations.csv").read_bytes()
    )
    made = RUN.invoke(
        app,
        ["template", "--lang", language, "--texts", "sl,en", "--out", str(sheet)],
    )
    assert made.exit_code == 0, made.output
    header = next(
        csv.reader(sheet.open(encoding="utf-8-sig", newline=""), delimiter=";")
    )
    found, _ = headings(header, "flat")
    row = flat_rows()[0]
    filled = [
        row.get(
            f"{one.column.name}_{one.language}" if one.language else one.column.name, ""
        )
        for one in found
    ]
    with sheet.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerow(filled)

    [entry] = read_entries(sheet)

    assert entry.problems == ()
    [expected, *_] = read_entries(SET / "awards_flat_excel_cp1250.csv")
    assert entry.record == expected.record


def test_a_sheet_in_slovenian_opens_in_excel(tmp_path: Path) -> None:
    sheet = tmp_path / "razred.csv"

    made = RUN.invoke(app, ["template", "--lang", "sl", "--out", str(sheet)])

    assert made.exit_code == 0, made.output
    data = sheet.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "Ime;Priimek;Datum rojstva;E-pošta" in data.decode("utf-8-sig")
    assert "Naziv programa (sl)" in data.decode()


def test_the_set_is_written_into_a_folder(tmp_path: Path) -> None:
    made = RUN.invoke(
        app,
        ["template", "--lang", "hr", "--kind", "set", "--out", str(tmp_path / "set")],
    )

    assert made.exit_code == 0, made.output
    names = {path.stem for path in (tmp_path / "set").iterdir()}
    assert names == {"awards", "programmes", "outcomes", "units", "organisations"}


def test_a_sheet_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    sheet = tmp_path / "razred.csv"
    sheet.write_text("delo enega popoldneva", "utf-8")

    made = RUN.invoke(app, ["template", "--lang", "sl", "--out", str(sheet)])

    assert made.exit_code != 0
    assert sheet.read_text("utf-8") == "delo enega popoldneva"


@pytest.mark.parametrize(
    "wrong",
    [["--kind", "xlsx"], ["--lang", "fi"], ["--texts", "slovensko"]],
    ids=["kind", "language", "texts"],
)
def test_a_wrong_option_says_what_can_be_chosen(
    tmp_path: Path, wrong: list[str]
) -> None:
    made = RUN.invoke(app, ["template", "--out", str(tmp_path / "x.csv"), *wrong])

    assert made.exit_code == 2
    assert not (tmp_path / "x.csv").exists()

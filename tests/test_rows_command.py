"""`edc-issuer rows`: a clerk looks at a sheet before anything is issued."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.errors import ConfigError
from edc_issuer.record import CredentialRecord
from edc_issuer.sources import read_entries
from rows import SET, class_of, save, text_of
from test_sources_recipients import PEOPLE, recipients, template
from workbook import workbook

RUN = CliRunner()
RECORDS = SET.parent / "records"


def test_every_problem_is_told_with_file_row_and_column(tmp_path: Path) -> None:
    sheet = save(tmp_path, text_of(class_of(3, date_of_birth="29. 2. 2007")))

    ran = RUN.invoke(app, ["rows", str(sheet), "--lang", "sl"])

    assert ran.exit_code == 1
    assert ran.stdout.startswith("razred.csv 3, date_of_birth: Takega dne")
    assert "Neoporečne vrstice: 2; vrstice za popravek: 1" in ran.stderr


def test_no_problem_repeats_what_a_cell_of_the_learner_says(tmp_path: Path) -> None:
    rows = class_of(2, family_name="=SKRIVNOST()", date_of_birth="31. 2. 1999")

    ran = RUN.invoke(app, ["rows", str(save(tmp_path, text_of(rows)))])

    assert ran.exit_code == 1
    assert "SKRIVNOST" not in ran.output
    assert "1999" not in ran.output


def test_good_records_are_written_one_a_line_for_their_owner_alone(
    tmp_path: Path,
) -> None:
    out = tmp_path / "zapisi.jsonl"

    ran = RUN.invoke(app, ["rows", str(SET), "--out", str(out), "--json"])

    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout) == {"good": 15, "bad": 0, "problems": []}
    assert out.stat().st_mode & 0o777 == 0o600
    again = [entry.record for entry in read_entries(out)]
    assert again == [entry.record for entry in read_entries(SET)]


def test_recipients_take_everything_else_from_a_record(tmp_path: Path) -> None:
    sheet = workbook(tmp_path / "osebe.xlsx", {"data": recipients(*PEOPLE)})
    given = tmp_path / "predloga.json"
    given.write_text(template().to_json(), "utf-8")
    secret = tmp_path / "id.secret"
    secret.write_text("skrivnost", "utf-8")
    out = tmp_path / "zapisi.jsonl"
    asked = ["rows", str(sheet), "--template", str(given), "--out", str(out)]

    bare = RUN.invoke(app, [*asked, "--lang", "sl"])
    ran = RUN.invoke(app, [*asked, "--id-secret", str(secret)])

    assert isinstance(bare.exception, ConfigError)
    assert "--id-secret" in str(bare.exception)
    assert ran.exit_code == 0, ran.output
    names = [
        CredentialRecord.from_json(line).learner.given_name
        for line in out.read_text("utf-8").splitlines()
    ]
    assert names == ["Žiga", "Đurđa"]


def test_own_headings_come_from_a_file(tmp_path: Path) -> None:
    text = text_of(class_of(1)).replace("given_name", "Dijakinja", 1)
    sheet = save(tmp_path, text)
    columns = tmp_path / "stolpci.json"
    columns.write_text('{"Dijakinja": "given_name"}', "utf-8")

    ran = RUN.invoke(app, ["rows", str(sheet), "--columns", str(columns)])

    assert ran.exit_code == 0, ran.output


def test_standard_input_is_read_as_csv(tmp_path: Path) -> None:
    ran = RUN.invoke(
        app,
        ["rows", "-", "--beside", str(SET)],
        input=text_of(class_of(2)).encode("utf-8"),
    )

    assert ran.exit_code == 0, ran.output


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "zapisi.jsonl"
    out.write_text("delo", "utf-8")

    ran = RUN.invoke(app, ["rows", str(SET), "--out", str(out)])

    assert isinstance(ran.exception, ConfigError)
    assert out.read_text("utf-8") == "delo"


@pytest.mark.parametrize("language", ["sl", "en", "sr-Cyrl"])
def test_a_file_that_cannot_be_read_is_told_in_the_clerks_language(
    tmp_path: Path, language: str
) -> None:
    sheet = save(tmp_path, "Ime;Priimk\nAna;Vzorec\n")

    ran = RUN.invoke(app, ["rows", str(sheet), "--lang", language])

    assert isinstance(ran.exception, ConfigError)
    assert "razred.csv 1, Priimk: " in str(ran.exception)
    assert "Priimek" in str(ran.exception)


@pytest.mark.parametrize("told_of", ["heading", "file"])
def test_no_name_repaints_the_terminal(tmp_path: Path, told_of: str) -> None:
    heading = "geslo\x1b[2J\x1b]0;x\x07\u202e"
    if told_of == "heading":
        text = text_of(class_of(1)).replace("given_name", heading, 1)
        sheet = save(tmp_path, text)
    else:
        rows = class_of(2, family_name="=A()")
        sheet = save(tmp_path, text_of(rows), name="a\x1b[2J\u202e.csv")

    ran = RUN.invoke(app, ["rows", str(sheet)])

    shown = f"{ran.output}{ran.exception}"
    assert "\\u001b" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_ids_that_look_alike_are_written_once(tmp_path: Path) -> None:
    rows = class_of(2, record_id="eco-1")
    out = tmp_path / "zapisi.jsonl"

    ran = RUN.invoke(
        app, ["rows", str(save(tmp_path, text_of(rows))), "--out", str(out)]
    )

    assert ran.exit_code == 1
    assert "razred.csv 3, record_id" in ran.output
    assert len(out.read_text("utf-8").splitlines()) == 1

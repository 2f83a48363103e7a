"""`edc-issuer matrix`: a trainer's sheet answered in the trainer's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.errors import ConfigError
from rows import SET

RUN = CliRunner()
MATRIX = SET / "learner_matrix_s4g.csv"
EXPECTED = json.loads((SET / "learner_matrix_s4g.expected.json").read_text("utf-8"))


def test_the_answers_are_those_that_are_expected() -> None:
    ran = RUN.invoke(app, ["matrix", str(MATRIX), "--json"])

    assert ran.exit_code == 0, ran.output
    awarded: dict[str, list[str]] = {one: [] for one in EXPECTED["expected"]}
    for one in json.loads(ran.stdout):
        if one["answer"] == "award":
            awarded[one["learner"]].append(one["programme"])
    assert awarded == {
        learner: said["award"] for learner, said in EXPECTED["expected"].items()
    }


def test_what_is_refused_says_why_in_the_trainers_language() -> None:
    ran = RUN.invoke(app, ["matrix", str(MATRIX), "--lang", "sl"])

    assert ran.exit_code == 0, ran.output
    lines = ran.stdout.splitlines()
    assert "2025-0417 S4G-ECO: se lahko podeli; preverjanje 20. 11. 2025" in lines
    [low] = [line for line in lines if line.startswith("2025-0418 S4G-ECO:")]
    assert "79" in low
    assert "80" in low
    assert "Ana" not in ran.output


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param("c,n,7 Ana A\nX-U1,e,x\n", "programmes.csv", id="no-programme"),
        pytest.param("c,n,7 Ana A\nX-U1,e,mogoče\n", "matrika.csv 2", id="bad-cell"),
    ],
)
def test_a_sheet_that_decides_nothing_says_so(
    tmp_path: Path, content: str, complaint: str
) -> None:
    sheet = tmp_path / "matrika.csv"
    sheet.write_text(content, "utf-8")

    ran = RUN.invoke(app, ["matrix", str(sheet), "--programmes", str(SET)])

    assert isinstance(ran.exception, ConfigError)
    assert complaint in str(ran.exception)


def test_programmes_with_faults_are_told_at_their_cells(tmp_path: Path) -> None:
    for path in SET.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (SET / "programmes.csv").read_text("utf-8")
    (tmp_path / "programmes.csv").write_text(
        text.replace("non_formal", "nonformal"), "utf-8"
    )

    ran = RUN.invoke(app, ["matrix", str(tmp_path / MATRIX.name)])

    assert isinstance(ran.exception, ConfigError)
    assert "programmes.csv 2, learning_setting" in str(ran.exception)

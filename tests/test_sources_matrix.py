"""The learner matrix of Scouts4Green, as a trainer keeps it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from edc_issuer.record import CredentialRecord
from edc_issuer.rules.matrix import Cell, decide
from edc_issuer.sources import UnreadableRows, read_matrix
from rows import SET
from workbook import Cell as Value
from workbook import workbook

MATRIX = SET / "learner_matrix_s4g.csv"
EXPECTED = json.loads((SET / "learner_matrix_s4g.expected.json").read_text("utf-8"))
RECORDS = SET.parent / "records"
PATHS = {"S4G-ECO": "ecological", "S4G-ECN": "economic", "S4G-SOC": "social"}


def programme(name: str) -> CredentialRecord:
    data = (RECORDS / f"scouts4green_{name}.json").read_bytes()
    return CredentialRecord.from_json(data)


def test_learners_contents_and_cells_are_read() -> None:
    matrix = read_matrix(MATRIX)

    assert len(matrix.contents) == 31
    assert [one.learner_id for one in matrix.learners] == list(EXPECTED["expected"])
    ana, luka = matrix.learners[:2]
    assert ana.name == "Ana Vzorec"
    assert ana.assessor == EXPECTED["assessor"]
    assert ana.time_frame == EXPECTED["time_frame"]
    assert ana.cells["S4G-ECO-U5"] == Cell(True, day=date(2025, 10, 13))
    assert luka.cells["S4G-ECO-U5"] == Cell(True)
    assert luka.cells["S4G-ECO-A"] == Cell(True, points=Decimal(79))
    assert luka.cells["S4G-SOC-U1"] == Cell(False)


def test_what_is_read_leads_to_the_awards_that_are_expected() -> None:
    programmes = {code: programme(name).programme for code, name in PATHS.items()}
    whole = programme("stacked").programme

    decisions = decide(read_matrix(MATRIX), programmes, whole)

    awarded: dict[str, list[str]] = {one: [] for one in EXPECTED["expected"]}
    for decision in decisions:
        if decision.answer == "award":
            awarded[decision.learner_id].append(decision.programme_code)
    assert awarded == {
        learner: said["award"] for learner, said in EXPECTED["expected"].items()
    }


def test_a_spreadsheet_gives_the_same(tmp_path: Path) -> None:
    rows: list[list[Value]] = [
        ["content_code", "content_sl", "7 Žiga Čuš"],
        ["ocenjevalec", None, "Đurđa Šuštar"],
        ["U1", "Enota 1", date(2025, 9, 15)],
        ["P-A", "Točke", 79.5],
        ["U2", "Enota 2", True],
    ]

    matrix = read_matrix(workbook(tmp_path / "tabela.xlsx", {"Tabela": rows}))

    [learner] = matrix.learners
    assert learner.assessor == "Đurđa Šuštar"
    assert learner.cells == {
        "U1": Cell(True, day=date(2025, 9, 15)),
        "P-A": Cell(True, points=Decimal("79.5")),
        "U2": Cell(True),
    }


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        pytest.param(
            "c,n,7 Ana A\nU1,e,mogoče\n", "date", (2, "7 Ana A"), id="neither-of-them"
        ),
        pytest.param(
            "c,n,7 Ana A\nU1,e,29. 2. 2025\n",
            "date-none",
            (2, "7 Ana A"),
            id="29-february",
        ),
        pytest.param(
            "c,n,7 Ana A\nU1,e,x\nU1,e,x\n", "matrix-content", (3, "c"), id="twice"
        ),
        pytest.param("c,n,Ana\nU1,e,x\n", "matrix-learner", (1, "Ana"), id="no-number"),
        pytest.param(
            "c,n,7 Ana A,7 Eva B\nU1,e,x,x\n", "matrix-twice", (1, "7 Eva B"), id="same"
        ),
        *(
            pytest.param(
                f'c,n,7 Ana A\n{row},e,"{cell}"\n', code, (2, "7 Ana A"), id=row + cell
            )
            for row, cell, code in (
                ("S4G-ECO-U1", "0", "matrix-points"),
                ("S4G-ECO-U1", "0,0", "matrix-points"),
                ("S4G-ECO-D", "1", "matrix-points"),
                ("S4G-ECO-DATE", "92", "matrix-points"),
                ("S4G-ECO-U1", "-1", "matrix-negative"),
                ("S4G-ECO-A", "-0,5", "matrix-negative"),
            )
        ),
        pytest.param("c,n\nU1,e\n", "matrix-empty", (1, ""), id="nobody"),
        pytest.param(
            "c,n,7 Ana A\nU1,e,03/04/2025\nU2,e,04/13/2025\n",
            "date-slash",
            (2, "7 Ana A"),
            id="month-first-elsewhere",
        ),
    ],
)
def test_a_matrix_with_a_doubtful_cell_is_refused_as_a_whole(
    tmp_path: Path, content: str, code: str, place: tuple[int, str]
) -> None:
    path = tmp_path / "matrika.csv"
    path.write_text(content, "utf-8")

    with pytest.raises(UnreadableRows) as refused:
        read_matrix(path)

    first = refused.value.places[0]
    assert (first.row, first.column) == place
    assert first.problem.code == f"row.{code}"


def test_points_stand_in_rows_of_assessments_and_nought_is_one_of_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "matrika.csv"
    path.write_text("c,n,7 Ana A\nP-A,e,0\nKVIZ-1,e,79\n", "utf-8")

    [learner] = read_matrix(path, assessments=["KVIZ-1"]).learners

    assert learner.cells["P-A"].points == Decimal(0)
    assert learner.cells["KVIZ-1"].points == Decimal(79)
    with pytest.raises(UnreadableRows):
        read_matrix(path)

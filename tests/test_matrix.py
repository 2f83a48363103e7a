"""From a trainer's sheet to awards: the Scouts4Green matrix, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conftest import ROOT
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.record import Programme, Stacking
from edc_issuer.rules.matrix import (
    Cell,
    LearnerMatrix,
    MatrixDecision,
    MatrixLearner,
    decide,
)
from edc_issuer.sources.matrix import read_matrix
from world import record

PROGRAMMES: Mapping[str, Programme] = {
    found.code: found
    for found in (
        record(f"scouts4green_{name}").programme
        for name in ("ecological", "economic", "social")
    )
}
WHOLE = record("scouts4green_stacked").programme
DAY = date(2025, 11, 20)


MATRIX = ROOT / "fixtures" / "csv" / "learner_matrix_s4g.csv"


def sheet() -> LearnerMatrix:
    """The trainer's sheet of the fixtures, as it is read from its file."""
    return read_matrix(MATRIX)


def told(decision: MatrixDecision) -> tuple[str | None, dict[str, str]]:
    """Why a decision was a refusal, with its numbers as text."""
    numbers = {name: str(value) for name, value in decision.values.items()}
    return decision.reason, {k: v for k, v in numbers.items() if k != "codes"}


def wanted(words: str) -> tuple[str, dict[str, str]]:
    """The words of the expected file, read back: `3 of 6 units, no assessment`."""
    if units := re.match(r"(\d) of (\d) units", words):
        return "units-missing", {"done": units[1], "total": units[2]}
    if points := re.fullmatch(r"(\d+) points < (\d+)", words):
        return "points-below-pass", {"points": points[1], "required": points[2]}
    if words == "not started":
        return "not-started", {"done": "0", "total": "6"}
    return words.replace(" ", "-"), {}


def test_the_sheet_of_the_fixtures_is_decided_as_expected() -> None:
    path = MATRIX.with_suffix(".expected.json")
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["expected"]

    found = decide(sheet(), PROGRAMMES, WHOLE)

    assert {one.learner_id for one in found} == set(expected)
    for learner, want in expected.items():
        own = [one for one in found if one.learner_id == learner]
        awarded = [one for one in own if one.answer == "award"]
        refused = {one.programme_code: told(one) for one in own if one not in awarded}
        reasons = {
            code: wanted(words) for code, words in want.get("refuse", {}).items()
        }
        days = {
            one.programme_code: one.day.isoformat()
            for one in awarded
            if one.day and one.programme_code in PROGRAMMES
        }
        assert [one.programme_code for one in awarded] == want["award"], learner
        assert refused == reasons, learner
        assert days == want.get("award_dates", {}), learner


def learner(**changes: Cell) -> MatrixLearner:
    """Somebody who did everything on the ecological path, with some cells changed."""
    cells = {f"S4G-ECO-U{n}": Cell(True) for n in range(1, 7)}
    cells["S4G-ECO-D"] = Cell(True)
    cells["S4G-ECO-A"] = Cell(True, points=Decimal(80))
    cells["S4G-ECO-DATE"] = Cell(True, DAY)
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    cells |= {f"S4G-ECO-{name}": value for name, value in changed.items()}
    return MatrixLearner("2025-0999", "Žiga Ćosić", None, None, cells)


def one(
    who: MatrixLearner, programme: Programme = PROGRAMMES["S4G-ECO"]
) -> MatrixDecision:
    contents = tuple(who.cells)
    (decision,) = decide(LearnerMatrix(contents, (who,)), {"S4G-ECO": programme})
    return decision


@pytest.mark.parametrize(
    ("points", "answer"),
    [("79", "refuse"), ("79.99", "refuse"), ("80", "award"), ("100", "award")],
)
def test_the_pass_mark_is_eighty(points: str, answer: str) -> None:
    decision = one(learner(A=Cell(True, points=Decimal(points))))

    assert decision.answer == answer
    assert decision.rule == (None if answer == "award" else "AS-01")


@pytest.mark.parametrize(
    ("changes", "rule", "reason"),
    [
        ({"U6": Cell(False)}, "AS-05", "units-missing"),
        ({"U6": Cell(True, date(2025, 11, 21))}, "AS-05", "units-missing"),
        ({"D": Cell(False)}, "AS-07", "diary-missing"),
        ({"D": Cell(True, date(2025, 11, 21))}, "AS-07", "diary-late"),
        ({"A": Cell(False)}, "AS-01", "result-missing"),
        ({"A": Cell(True)}, "AS-01", "result-missing"),
        # A nought is how some write "no".
        ({"U6": Cell(True, points=Decimal(0))}, "AS-05", "units-missing"),
        ({"U6": Cell(True, points=Decimal(-1))}, "AS-05", "units-missing"),
        ({"D": Cell(True, points=Decimal(0))}, "AS-07", "diary-missing"),
        ({"A": Cell(True, points=Decimal(920))}, "AS-01", "points-above-max"),
    ],
)
def test_what_stands_in_the_way_is_named(
    changes: dict[str, Cell], rule: str, reason: str
) -> None:
    honest = one(learner())
    decision = one(learner(**changes))

    assert honest.answer == "award"
    assert (decision.answer, decision.rule, decision.reason) == ("refuse", rule, reason)


def test_five_units_of_six_are_refused_whatever_the_points() -> None:
    decision = one(learner(U4=Cell(False), A=Cell(True, points=Decimal(100))))

    assert (decision.rule, dict(decision.values)) == ("AS-05", {"done": 5, "total": 6})


def test_what_is_done_on_the_day_of_the_assessment_is_in_time() -> None:
    assert one(learner(U6=Cell(True, DAY), D=Cell(True, DAY))).answer == "award"


def test_a_pass_without_points_is_a_tick() -> None:
    programme = PROGRAMMES["S4G-ECO"]
    assert programme.assessment is not None
    by_tick = replace(programme.assessment, pass_rule="pass_fail", pass_points=None)
    programme = replace(programme, assessment=by_tick)

    assert one(learner(A=Cell(True)), programme).answer == "award"
    assert one(learner(A=Cell(False)), programme).reason == "result-missing"


def test_a_programme_without_assessment_awards_no_micro_credential() -> None:
    programme = replace(PROGRAMMES["S4G-ECO"], assessment=None)
    course = replace(programme, kind="participation")

    assert one(learner(), programme).rule == "AS-02"
    assert one(learner(), course).answer == "award"


def test_a_choice_of_parts_is_not_decided_from_a_sheet() -> None:
    assert WHOLE.stacking is not None
    choice: Stacking = replace(WHOLE.stacking, rule="n_of")
    found = decide(sheet(), PROGRAMMES, replace(WHOLE, stacking=choice))

    wholes = [one for one in found if one.programme_code == "S4G-ALL"]
    assert {one.answer for one in wholes} == {"unknown"}


def without_diary() -> Programme:
    """The path with units that end without a diary."""
    programme = PROGRAMMES["S4G-ECO"]
    units = tuple(replace(unit, evidence=None) for unit in programme.units)
    return replace(programme, units=units)


def without(who: MatrixLearner, *contents: str) -> MatrixLearner:
    cells = {name: cell for name, cell in who.cells.items() if name not in contents}
    return replace(who, cells=cells)


def test_a_diary_is_asked_for_by_a_row_or_by_a_unit() -> None:
    no_row = without(learner(), "S4G-ECO-D")
    empty_row = learner(D=Cell(False))

    assert one(no_row, without_diary()).answer == "award"
    assert one(no_row).rule == "AS-07"
    assert one(empty_row, without_diary()).rule == "AS-07"


def test_the_points_may_stand_in_a_row_of_the_id_of_the_assessment() -> None:
    programme = PROGRAMMES["S4G-ECO"]
    assert programme.assessment is not None
    named = replace(
        programme, assessment=replace(programme.assessment, id="PREVERJANJE-1")
    )
    who = without(learner(), "S4G-ECO-A")
    cells = {**who.cells, "PREVERJANJE-1": Cell(True, points=Decimal(80))}

    assert one(replace(who, cells=cells), named).answer == "award"
    assert one(replace(who, cells=cells)).reason == "result-missing"
    nameless = replace(named, assessment=replace(programme.assessment, id=None))
    assert one(who, nameless).reason == "result-missing"


def test_the_whole_has_the_day_of_its_last_part_where_all_are_known() -> None:
    def whole_of(matrix: LearnerMatrix) -> MatrixDecision:
        return decide(matrix, PROGRAMMES, WHOLE)[3]

    first, *others = sheet().learners
    undated = without(first, "S4G-ECN-DATE")

    assert whole_of(sheet()).day == date(2025, 11, 24)
    unknown = whole_of(replace(sheet(), learners=(undated, *others)))
    assert (unknown.answer, unknown.day) == ("award", None)


def test_a_result_that_nobody_wrote_is_said_so() -> None:
    decision = one(learner(A=Cell(False)))

    assert decision.sentence(Messages("en")).startswith("It cannot be told whether")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_with_its_numbers(language: str) -> None:
    for decision in decide(sheet(), PROGRAMMES, WHOLE):
        sentence = decision.sentence(Messages(language))

        assert bool(sentence) == (decision.answer != "award")
        assert not re.search(r"[{}\[\]]", sentence)


def test_a_decision_is_json_and_holds_no_name() -> None:
    decision = one(learner(A=Cell(True, points=Decimal(79))))

    assert json.loads(json.dumps(decision.to_dict())) == {
        "learner": "2025-0999",
        "programme": "S4G-ECO",
        "answer": "refuse",
        "rule": "AS-01",
        "reason": "points-below-pass",
        "values": {"points": "79", "required": "80"},
        "day": "2025-11-20",
        "points": "79",
    }


def test_what_is_dated_later_than_the_decision_has_not_happened() -> None:
    who = learner(U6=Cell(True, DAY))
    matrix = LearnerMatrix(tuple(who.cells), (who,))
    programmes = {"S4G-ECO": PROGRAMMES["S4G-ECO"]}

    (on_the_day,) = decide(matrix, programmes, at=DAY)
    (before,) = decide(matrix, programmes, at=date(2025, 11, 19))

    assert on_the_day.answer == "award"
    assert (before.answer, before.rule) == ("refuse", "AS-05")

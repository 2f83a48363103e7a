"""What was not passed never becomes a credential."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.record import CredentialRecord, refusals

RECORDS = Path(__file__).parent.parent / "fixtures" / "records"
NEGATIVE = sorted(RECORDS.glob("neg_*.json"))
POSITIVE = sorted({*RECORDS.glob("*.json")} - {*NEGATIVE})

Change = Callable[[dict[str, Any]], object]


def reasons(data: dict[str, Any]) -> Mapping[str, str]:
    record = CredentialRecord.from_dict(data)
    return {problem.path: problem.code for problem in refusals(record)}


def fixture(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_bytes())
    return data


@pytest.mark.parametrize("path", POSITIVE, ids=lambda path: path.stem)
def test_what_was_passed_is_not_refused(path: Path) -> None:
    assert reasons(json.loads(path.read_bytes())) == {}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "neg_scouts4green_failed",
            {
                "award.result.status": "not-passed",
                "award.result.points": "points-below-pass",
            },
        ),
        (
            "neg_scouts4green_stacked_low_part",
            {"award.result.part_results[2].points": "part-below-pass"},
        ),
    ],
)
def test_the_negative_fixtures_load_and_are_refused(
    name: str, why: Mapping[str, str]
) -> None:
    assert RECORDS / f"{name}.json" in NEGATIVE
    assert reasons(fixture(name)) == why


def result(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["award"]["result"]
    return found


def assessment(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["programme"]["assessment"]
    return found


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(
            lambda d: result(d).update(points=80), {}, id="exactly-what-is-needed"
        ),
        pytest.param(
            lambda d: result(d).update(points=79.99),
            {"award.result.points": "points-below-pass"},
            id="a-hundredth-below",
        ),
        pytest.param(
            lambda d: result(d).update(points=920),
            {"award.result.points": "points-above-max"},
            id="more-than-can-be-reached",
        ),
        pytest.param(
            lambda d: d["learner"].update(date_of_birth=d["award"]["date_awarded"]),
            {"learner.date_of_birth": "born-after-award"},
            id="born-on-the-day-of-the-award",
        ),
        pytest.param(
            lambda d: result(d).update(status="other"),
            {"award.result.status": "not-passed"},
            id="neither-passed-nor-failed",
        ),
        pytest.param(
            lambda d: result(d).update(points=None),
            {"award.result.points": "result-missing"},
            id="points-not-given",
        ),
        pytest.param(
            lambda d: assessment(d).update(pass_points=None),
            {"programme.assessment.pass_points": "pass-points-missing"},
            id="points-needed-not-given",
        ),
        pytest.param(
            lambda d: d["award"].update(result=None),
            {"award.result": "result-missing"},
            id="assessed-without-result",
        ),
        pytest.param(
            lambda d: (assessment(d).pop("pass_rule"), result(d).update(points=79)),
            {"award.result.points": "points-below-pass"},
            id="no-rule-but-points-needed",
        ),
        pytest.param(
            lambda d: (
                assessment(d).update(pass_rule="pass_fail"),
                result(d).update(points=79),
            ),
            {},
            id="the-status-alone-counts",
        ),
    ],
)
def test_one_assessment_is_judged_by_its_rule(
    change: Change, why: Mapping[str, str]
) -> None:
    data = fixture("scouts4green_ecological")
    change(data)

    assert reasons(data) == why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(
            lambda d: result(d)["part_results"].pop(1),
            {"award.result.part_results": "part-result-missing"},
            id="a-part-without-result",
        ),
        pytest.param(
            lambda d: result(d).update(part_results=[]),
            {"award.result.part_results": "part-result-missing"},
            id="no-results-at-all",
        ),
        pytest.param(
            lambda d: result(d)["part_results"][0].update(points=79, pass_points=80),
            {"award.result.part_results[0].points": "part-below-pass"},
            id="others-do-not-make-up-for-it",
        ),
        pytest.param(
            lambda d: result(d)["part_results"][0].pop("pass_points"),
            {"award.result.part_results[0].pass_points": "pass-points-missing"},
            id="nobody-can-tell",
        ),
        pytest.param(
            lambda d: (
                result(d)["part_results"][0].pop("pass_points"),
                assessment(d).update(pass_points=95),
            ),
            {"award.result.part_results[0].points": "part-below-pass"},
            id="the-points-of-the-whole-stand-in",
        ),
        pytest.param(
            lambda d: (
                d["programme"]["stacking"].update(rule="n_of"),
                d["parts"].pop(2),
                result(d)["part_results"].pop(2),
            ),
            {},
            id="a-choice-of-parts-is-enough",
        ),
    ],
)
def test_each_part_is_judged_on_its_own(change: Change, why: Mapping[str, str]) -> None:
    data = fixture("scouts4green_stacked")
    change(data)

    assert reasons(data) == why


def test_a_participation_needs_no_result_but_must_not_have_failed() -> None:
    data = fixture("microquest_participation")
    assert reasons(data) == {}

    data["award"]["result"] = {"status": "fail"}

    assert reasons(data) == {"award.result.status": "not-passed"}


def test_refusals_never_say_how_the_learner_did() -> None:
    record = CredentialRecord.from_dict(fixture("neg_scouts4green_failed"))

    assert all("79" not in problem.message for problem in refusals(record))

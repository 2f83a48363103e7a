"""Where the source documents contradict themselves, and which rule says so.

Each contradiction that can be computed is computed here; the rest is told on the
page of the rules as documented only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.findings import Finding, findings
from edc_issuer.rules.parts import Part
from edc_issuer.rules.stacking import Eligibility, assess
from edc_issuer.rules.table import data
from edc_issuer.rules.typology import Typology, classify
from world import RECORDS, record, record_dict

Told = list[tuple[str, str]]
DAY = date(2025, 11, 28)


def contradictions() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in data()["contradictions"]}


def of(rule: str, found: tuple[Finding, ...]) -> Told:
    return [(one.severity, str(one.detail)) for one in found if one.rule == rule]


def whole() -> dict[str, Any]:
    path = RECORDS.parent / "programmes" / "scouts4green_all.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def stacked(document: dict[str, Any], **options: Any) -> Eligibility:
    names = ("ecological", "economic", "social")
    parts = [Part(record(f"scouts4green_{name}"), "passed") for name in names]
    return assess(ProgrammeDocument.from_dict(document), parts, at=DAY, **options)


def in_hours(hours: str) -> Typology:
    changed = record_dict("hko_microqualification")
    changed["programme"]["workload"]["hours"] = float(hours)
    return classify(CredentialRecord.from_dict(changed))


def with_steps(declared: int, *steps: int) -> Told:
    """WL-02 on a workshop with one unit more: an activity, and its steps."""
    changed = record_dict("microquest_participation")
    activities = [
        {"code": f"korak {n}", "minutes": minutes} for n, minutes in enumerate(steps)
    ]
    changed["programme"]["units"] = [
        {
            "code": "activity",
            "title": {"sl": "Dejavnost"},
            "minutes": declared,
            "activities": activities,
        }
    ]
    changed["programme"]["workload"]["hours"] = None
    return of("WL-02", findings(CredentialRecord.from_dict(changed)))


def usual_hours() -> None:
    found = classify(record("scouts4green_ecological"))

    assert found.hours == 15
    assert found.class_id == "T1"
    assert found.contradictions == ("external_qa",)  # nothing about the hours


def limits_of_two_classes() -> None:
    exact = {hours: in_hours(hours) for hours in ("25", "150")}

    assert {hours: one.class_id for hours, one in exact.items()} == {
        "25": "T2",
        "150": "T3",
    }
    assert all(one.boundary for one in exact.values())
    assert not in_hours("26").boundary


def number_of_units() -> None:
    short = whole()
    short["programme"]["units"].pop()

    assert of("ST-08", stacked(whole()).findings) == []
    assert of("ST-08", stacked(short).findings) == [("warning", "None")]


def formal_class() -> None:
    found = classify(record("scouts4green_stacked"))

    assert (found.class_id, found.contradictions) == ("T2", ("setting",))


def online_assessment() -> None:
    honest = record_dict("scouts4green_ecological")
    alone = record_dict("scouts4green_ecological")
    for unit in alone["programme"]["units"]:
        unit["guidance"] = "self_directed"

    assert honest["programme"]["assessment"]["mode"] == "online"
    assert of("AS-04", findings(CredentialRecord.from_dict(honest))) == []
    assert of("AS-04", findings(CredentialRecord.from_dict(alone))) == [
        ("error", "None")
    ]


def monitoring() -> None:
    unmonitored = record_dict("scouts4green_ecological")
    unmonitored["programme"]["quality_assurance"]["types"].pop()

    assert "external_qa" in classify(record("scouts4green_ecological")).contradictions
    assert classify(CredentialRecord.from_dict(unmonitored)).contradictions == ()


def steps_of_1_1() -> None:
    assert with_steps(15, 3, 10, 3) == [("warning", "activity")]
    assert with_steps(16, 3, 10, 3) == []


def steps_of_1_2() -> None:
    assert with_steps(15, 10, 5, 2) == [("warning", "activity")]
    assert with_steps(17, 10, 5, 2) == []


def steps_of_4_1() -> None:
    assert with_steps(90, 60, 25) == [("warning", "activity")]
    assert with_steps(85, 60, 25) == []


def unit_five() -> None:
    found = findings(record("microquest_participation"))

    assert of("WL-02", found) == [("warning", "MQ-U5")]


def twelve_hours() -> None:
    changed = record_dict("microquest_participation")
    changed["programme"]["units"][4]["minutes"] = 90

    (found,) = (
        one
        for one in findings(CredentialRecord.from_dict(changed))
        if one.rule == "WL-02"
    )

    assert found.detail == changed["programme"]["code"]
    assert (found.values["sum"], found.values["total"]) == ("690 min", "720 min")


def ecvet() -> None:
    document = whole()
    document["programme"]["credits"].append({"system": "ECVET", "points": "1.5"})

    found = stacked(document)

    assert found.answer == "not_eligible"
    assert of("ST-04", found.findings) == [("error", "ECVET")]
    assert [credit.system for credit in found.combined.credits] == ["ECTS"]


def full_qualification() -> None:
    document = whole()
    document["programme"]["kind"] = "qualification"

    def answer(profile: str) -> str:
        return stacked(document, profile=profile).answer

    assert {answer(country) for country in ("SI", "HR", "RS", "BA-HNK")} == {
        "not_eligible"
    }
    assert (answer("ME"), answer("EU")) == ("unknown", "eligible")


COMPUTED: dict[str, Callable[[], None]] = {
    "SC-01": usual_hours,
    "SC-02": limits_of_two_classes,
    "SC-03": number_of_units,
    "SC-04": formal_class,
    "SC-06": online_assessment,
    "SC-08": monitoring,
    "SC-09": steps_of_1_1,
    "SC-10": steps_of_1_2,
    "SC-11": steps_of_4_1,
    "SC-12": unit_five,
    "SC-13": twelve_hours,
    "SC-16": ecvet,
    "SC-18": full_qualification,
}


@pytest.mark.parametrize("contradiction", COMPUTED)
def test_a_contradiction_of_the_sources_is_found_by_its_rule(
    contradiction: str,
) -> None:
    COMPUTED[contradiction]()


def test_every_contradiction_is_computed_or_said_to_be_documented_only() -> None:
    shown = {row["id"] for row in contradictions().values() if row["shown_by"]}

    assert shown == set(COMPUTED)


def test_all_contradictions_of_the_pack_are_here() -> None:
    path = shared_file("domain/stacking_rules.json")
    pack = json.loads(path.read_text(encoding="utf-8"))["source_contradictions"]

    assert list(contradictions()) == [row["id"] for row in pack]


def test_what_shows_a_contradiction_is_a_rule_or_the_typology() -> None:
    known = {row["id"] for row in data()["rules"]} | {"typology", None}

    assert {row["shown_by"] for row in contradictions().values()} <= known

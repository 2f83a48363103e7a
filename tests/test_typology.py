"""The three classes by hours, and in what a programme differs from its class."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.typology import Typology, classify
from world import RECORDS, record, record_dict

NAMES = sorted(path.stem for path in RECORDS.glob("*.json"))


def of_hours(hours: str, name: str = "hko_microqualification") -> Typology:
    found = record(name)
    assert found.programme.workload is not None
    workload = replace(found.programme.workload, hours=Decimal(hours))
    programme = replace(found.programme, workload=workload)
    return classify(replace(found, programme=programme))


@pytest.mark.parametrize("name", NAMES)
def test_every_record_falls_in_the_expected_class(name: str) -> None:
    path = shared_file("domain/expected_rules.json")
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[name]

    found = classify(record(name))

    assert found.class_id == expected["typology"]
    assert list(found.contradictions) == expected["typology_contradictions"]
    assert found.hours == expected["hours"]
    assert not found.boundary


@pytest.mark.parametrize(
    ("hours", "class_id", "boundary"),
    [
        ("0.5", None, False),
        ("1", "T1", False),
        ("24.99", "T1", False),
        ("25", "T2", True),
        ("25.01", "T2", False),
        ("149.99", "T2", False),
        ("150", "T3", True),
        ("1500", "T3", False),
        ("1500.01", None, False),
    ],
)
def test_the_intervals_are_half_open_and_overlaps_are_flagged(
    hours: str, class_id: str | None, boundary: bool
) -> None:
    found = of_hours(hours)

    assert (found.class_id, found.boundary) == (class_id, boundary)


def test_a_programme_alone_is_classified_like_its_record() -> None:
    path = RECORDS.parent / "programmes" / "hko_3d.json"
    document = ProgrammeDocument.from_json(path.read_bytes())

    assert classify(document) == classify(record("hko_microqualification"))


def test_no_assessment_contradicts_a_learning_unit_and_not_a_skill_credential() -> None:
    data = record_dict("hko_microqualification")
    data["programme"]["assessment"] = None
    unit = classify(CredentialRecord.from_dict(data))
    data["programme"]["workload"]["hours"] = 24
    skill = classify(CredentialRecord.from_dict(data))

    assert unit.contradictions == ("assessment",)
    # It is formal and externally assured, which its class is not.
    assert skill.contradictions == ("setting", "external_qa")


def test_one_unit_contradicts_a_short_learning_programme() -> None:
    data = record_dict("hko_microqualification")
    data["programme"]["workload"]["hours"] = 200
    data["programme"]["units"] = [{"code": "U1", "title": {"hr": "Cjelina: čšžćđ"}}]
    one = classify(CredentialRecord.from_dict(data))
    data["programme"]["units"].append({"code": "U2", "title": {"hr": "Druga"}})
    two = classify(CredentialRecord.from_dict(data))

    assert one.contradictions == ("units",)
    assert two.contradictions == ()


def test_the_answer_is_json() -> None:
    assert of_hours("25").to_dict() == {
        "hours": "25",
        "class": "T2",
        "name": "Learning unit",
        "boundary": True,
        "contradictions": [],
    }

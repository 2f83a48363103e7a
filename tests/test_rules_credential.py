"""WL-03 and WL-06 on finished credentials, built here or received."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.models.base import BuildContext, Media, Model
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord
from edc_issuer.rules.credential import credential_findings
from edc_issuer.rules.findings import Finding
from world import PAGE, RECORDS, issued, record, record_dict

AT = datetime(2026, 1, 1, tzinfo=UTC)


def built(profile: str, name: str = "scouts4green_ecological") -> dict[str, Any]:
    """A credential of ours, to change."""
    found: dict[str, Any] = json.loads(json.dumps(issued(profile, name).credential))
    return found


def claim(credential: dict[str, Any]) -> dict[str, Any]:
    found = credential["credentialSubject"]["hasClaim"]
    first: dict[str, Any] = found[0] if isinstance(found, list) else found
    return first


def specification(credential: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = claim(credential)["specifiedBy"]
    return found


def subject(credential: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = credential["credentialSubject"]
    return found


@pytest.mark.parametrize("model", [ELM, OB3], ids=["elm", "ob3"])
@pytest.mark.parametrize(
    "name",
    sorted(p.stem for p in RECORDS.glob("*.json") if not p.stem.startswith("neg_")),
)
def test_what_we_build_breaks_neither_rule(model: Model, name: str) -> None:
    source = record(name)
    files = {
        item.path: Media("application/pdf", b"%PDF")
        for item in source.attachments
        if item.path
    }
    pages = dict.fromkeys(source.languages, (PAGE,))
    context = BuildContext(AT, "urn:uuid:1", pictures=pages, files=files)

    credential = model.build(source, context).credential

    assert credential_findings(credential) == ()
    assert credential_findings(credential, record=source) == ()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("P60M", ["P60M"]),
        ("P1Y2M", ["P1Y2M"]),
        ("PT60M", []),
        ("P1DT60M", []),
        ("P2W", []),
        (["PT1H", "P60M"], ["P60M"]),
        ({"@value": "P60M"}, ["P60M"]),
        (60, []),
    ],
)
def test_months_in_a_duration_are_told(value: object, told: list[str]) -> None:
    credential = built("edc-jades")
    specification(credential)["volumeOfLearning"] = value

    found = credential_findings(credential)

    assert [(f.rule, f.severity, f.detail) for f in found] == [
        ("WL-03", "warning", text) for text in told
    ]


def test_months_are_told_in_an_activity_and_in_a_badge() -> None:
    edc, badge = built("edc-jades"), built("ob3-jwt")
    claim(edc)["influencedBy"] = {"type": "LearningActivity", "workload": "P60M"}
    volume = {"targetType": "ext:VolumeOfLearning", "targetCode": "P60M"}
    subject(badge)["achievement"]["alignment"].append(volume)

    (activity,) = credential_findings(edc)
    (alignment,) = credential_findings(badge)

    assert activity.path.endswith("/influencedBy/workload")
    assert alignment.path.endswith("/targetCode")


def test_the_sample_of_the_commission_counts_an_hour_in_months() -> None:
    folder = shared_file("samples/edc")
    told: list[Finding] = []
    for path in sorted(folder.rglob("*.json*")):
        try:
            value = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(value, dict):
            told += credential_findings(value)

    assert "P60M" in {f.detail for f in told if f.rule == "WL-03"}


ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"


@pytest.mark.parametrize("place", ["creditReceived", "creditPoint"])
def test_indicative_credits_of_an_edc_are_not_awarded(place: str) -> None:
    credential = built("edc-jades")
    framework = {"id": ECTS, "type": "Concept"}
    holder = (
        claim(credential) if place == "creditReceived" else specification(credential)
    )
    holder[place] = {"framework": framework, "point": "0.5"}

    (found,) = credential_findings(credential)

    assert (found.rule, found.severity, found.detail) == ("WL-06", "error", "0.5")
    assert found.path.endswith(place)


def test_indicative_credits_of_a_badge_are_not_awarded() -> None:
    earned, available, aligned = built("ob3-jwt"), built("ob3-jwt"), built("ob3-jwt")
    subject(earned)["creditsEarned"] = 0.5
    subject(available)["achievement"]["creditsAvailable"] = 0.5
    subject(aligned)["achievement"]["alignment"].append(
        {
            "targetType": "ext:CreditPoint",
            "targetFramework": "ECTS",
            "targetCode": "0.5",
        }
    )

    for credential in (earned, available, aligned):
        assert [f.rule for f in credential_findings(credential)] == ["WL-06"]


def test_awarded_credits_of_another_system_stand_beside_indicative_ones() -> None:
    credential = built("ob3-jwt")
    subject(credential)["achievement"]["alignment"].append(
        {"targetType": "ext:CreditPoint", "targetFramework": "KT_SI", "targetCode": "1"}
    )

    assert credential_findings(credential) == ()


@pytest.mark.parametrize(("earned", "told"), [(0.5, ["WL-06"]), (3, [])])
def test_where_no_system_is_named_the_number_tells(
    earned: float, told: list[str]
) -> None:
    credential = built("ob3-jwt")
    for target in subject(credential)["achievement"]["alignment"]:
        if target["targetType"] == "ext:IndicativeCredit":
            del target["targetFramework"]
    subject(credential)["creditsEarned"] = earned

    assert [f.rule for f in credential_findings(credential)] == told


@pytest.mark.parametrize("framework", [ECTS, {"id": ECTS}, {"id": 7}, None])
def test_a_system_may_be_named_by_its_address_or_not_at_all(framework: object) -> None:
    credential = built("edc-jades")
    claim(credential)["creditReceived"] = {"framework": framework, "point": "0.5"}

    assert [f.rule for f in credential_findings(credential)] == ["WL-06"]


def test_a_system_of_which_a_record_awards_points_may_stand_there() -> None:
    data = record_dict()
    data["programme"]["credits"].append({"system": "ECTS", "points": "1"})
    credential = built("edc-jades")
    claim(credential)["creditReceived"] = {"framework": {"id": ECTS}, "point": "1"}

    source = CredentialRecord.from_dict(data)

    assert credential_findings(credential, record=source) == ()
    assert len(credential_findings(credential, record=record())) == 1


def test_a_record_says_what_is_indicative_where_the_note_was_left_out() -> None:
    credential = built("edc-jades")
    del specification(credential)["additionalNote"]
    claim(credential)["creditReceived"] = [{"framework": {"id": ECTS}, "point": "0.5"}]

    without = credential_findings(credential)
    with_record = credential_findings(credential, record=record())

    assert without == ()
    assert [f.rule for f in with_record] == ["WL-06"]


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"credentialSubject": [[["P60M"]]]},
        {"workload": None, "additionalNote": "x", "alignment": [3, {}]},
        {
            "additionalNote": {
                "subject": {"id": "urn:x-mc:indicative-credit"},
                "noteLiteral": {"sl": "(ECTS 0.5)"},
            },
            "creditPoint": [{"point": "9" * 1000}, {"point": "NaN"}, {"point": True}],
        },
    ],
)
def test_nonsense_is_no_finding_and_no_traceback(nonsense: dict[str, Any]) -> None:
    assert credential_findings(nonsense) == ()

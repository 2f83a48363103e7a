"""Every rule on a record or a credential: where it speaks, and where it is silent.

Each case changes one thing in a fixture; the rule's findings before and after are
compared, so that a rule that always or never speaks fails here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.messages import Messages
from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.findings import MAX_FINDINGS, Finding, findings
from edc_issuer.rules.level import eqf_of
from edc_issuer.rules.table import rules
from world import record, record_dict

Change = Callable[[dict[str, Any]], object]
Case = tuple[str, str, Change, list[tuple[str, str]]]


def of_rule(
    data: dict[str, Any], rule: str, profile: str | None = None
) -> list[Finding]:
    found = findings(CredentialRecord.from_dict(data), profile=profile)
    return [finding for finding in found if finding.rule == rule]


def brief(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.path) for finding in found]


def programme(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["programme"]
    return found


def award(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["award"]
    return found


def everything_self_directed(data: dict[str, Any]) -> object:
    for unit in programme(data)["units"]:
        unit["guidance"] = "self_directed"
    return data


def choice_of_parts(data: dict[str, Any]) -> object:
    """A choice of parts, of which the last one has no result."""
    programme(data)["stacking"]["rule"] = "n_of"
    return award(data)["result"]["part_results"].pop()


def in_units_of(data: dict[str, Any], **amount: Any) -> None:
    """Three units of equal size, and no contact hours."""
    programme(data)["workload"]["contact_hours"] = None
    programme(data)["units"] = [
        {"code": f"U{n}", "title": {"sl": "Enota: žaga, čaša"}, **amount}
        for n in range(3)
    ]


ECO, ALL = "scouts4green_ecological", "scouts4green_stacked"
SI, HNK, ME, RS = "mcvet_3d_si", "mcvet_3d_ba_hnk", "mcvet_3d_me", "mcvet_3d_rs"
HKO, PRIOR = "hko_microqualification", "hko_validation_prior_learning"
MQ = "microquest_participation"
POINTS, STATUS = "award.result.points", "award.result.status"
QA = "programme.quality_assurance.types"

CASES: list[Case] = [
    ("ST-12", ALL, lambda d: None, []),
    (
        "ST-12",
        ALL,
        lambda d: programme(d).update(entry_requirements=None),
        [("warning", "programme.entry_requirements")],
    ),
    (
        "ST-12",
        ALL,
        lambda d: programme(d)["stacking"].update(parts=[]),
        [("warning", "programme.stacking.parts")],
    ),
    (
        "ST-12",
        ALL,
        lambda d: programme(d)["stacking"].update(parts=[], pathway="open"),
        [],
    ),
    ("WL-01", ECO, lambda d: programme(d)["workload"].update(hours=12.5), []),
    (
        "WL-01",
        ECO,
        lambda d: programme(d)["workload"].update(hours=12.49),
        [("warning", "programme.credits[0].points")],
    ),
    (
        "WL-01",
        ECO,
        lambda d: programme(d)["workload"].update(hours=15.01),
        [("warning", "programme.credits[0].points")],
    ),
    (
        "WL-01",
        ECO,
        lambda d: programme(d)["credits"][0].update(points="0"),
        [("warning", "programme.credits[0].points")],
    ),
    ("WL-01", HKO, lambda d: programme(d)["workload"].update(hours=999), []),
    ("WL-02", HNK, lambda d: None, []),
    (
        "WL-02",
        HNK,
        lambda d: programme(d)["workload"].update(contact_hours=41),
        [("warning", "programme.units")],
    ),
    (
        "WL-02",
        HNK,
        lambda d: programme(d)["workload"].pop("unit_minutes"),
        [],
    ),
    # Nobody says how long an hour is, but all hours of one programme are as long.
    (
        "WL-02",
        HNK,
        lambda d: [
            programme(d)["workload"].pop("unit_minutes"),
            programme(d)["workload"].update(contact_hours=41),
        ],
        [("warning", "programme.units")],
    ),
    # Of hours and minutes together it cannot be told.
    (
        "WL-02",
        HNK,
        lambda d: [
            programme(d)["workload"].pop("unit_minutes"),
            programme(d)["workload"].update(contact_hours=41),
            programme(d)["units"][0].update(minutes=5),
        ],
        [],
    ),
    (
        "WL-02",
        HNK,
        lambda d: [
            programme(d)["workload"].pop("unit_minutes"),
            programme(d)["workload"].update(contact_hours=41),
            programme(d)["units"][0].pop("hours"),
        ],
        [],
    ),
    # Without contact hours the units are held against clock hours, if one can.
    (
        "WL-02",
        HNK,
        lambda d: [
            programme(d)["workload"].pop("unit_minutes"),
            programme(d)["workload"].pop("contact_hours"),
        ],
        [],
    ),
    (
        "WL-02",
        SI,
        lambda d: in_units_of(d, minutes=1000),
        [],
    ),
    (
        "WL-02",
        SI,
        lambda d: in_units_of(d, minutes=1001),
        [("warning", "programme.units")],
    ),
    # 20 units of 45 minutes thrice are 45 hours and not 60.
    (
        "WL-02",
        SI,
        lambda d: in_units_of(d, hours=20),
        [("warning", "programme.units")],
    ),
    ("WL-02", SI, lambda d: in_units_of(d), []),
    ("WL-04", ECO, lambda d: programme(d)["workload"].update(hours=1500), []),
    (
        "WL-04",
        ECO,
        lambda d: programme(d)["workload"].update(hours=1500.5),
        [("warning", "programme.workload.hours")],
    ),
    (
        "WL-04",
        MQ,
        lambda d: programme(d)["workload"].update(hours=1501),
        [],
    ),
    ("WL-05", SI, lambda d: None, []),
    ("WL-05", ECO, lambda d: None, []),
    (
        "WL-05",
        SI,
        lambda d: programme(d)["workload"].pop("unit_minutes"),
        [("info", "programme.workload.unit_minutes")],
    ),
    (
        "WL-05",
        ECO,
        lambda d: programme(d)["units"][0].update(hours=2),
        [("info", "programme.workload.unit_minutes")],
    ),
    ("AS-01", ECO, lambda d: award(d)["result"].update(points=80), []),
    ("AS-01", ECO, lambda d: award(d)["result"].update(points=79), [("error", POINTS)]),
    (
        "AS-01",
        ECO,
        lambda d: award(d)["result"].update(points=79.99),
        [("error", POINTS)],
    ),
    (
        "AS-01",
        ECO,
        lambda d: award(d)["result"].update(status="fail"),
        [("error", STATUS)],
    ),
    (
        "AS-01",
        ECO,
        lambda d: award(d)["result"].update(status="other"),
        [("unknown", STATUS)],
    ),
    (
        "AS-01",
        ECO,
        lambda d: award(d)["result"].update(points=None),
        [("unknown", POINTS)],
    ),
    (
        "AS-01",
        ECO,
        lambda d: programme(d)["assessment"].update(pass_points=None),
        [("unknown", "programme.assessment.pass_points")],
    ),
    (
        "AS-01",
        ECO,
        lambda d: award(d).update(result=None),
        [("unknown", "award.result")],
    ),
    (
        "AS-01",
        ECO,
        lambda d: (
            programme(d)["assessment"].update(pass_rule="pass_fail")
            or award(d)["result"].update(points=1)
        ),
        [],
    ),
    (
        "AS-01",
        ALL,
        lambda d: award(d)["result"]["part_results"][1].update(points=79),
        [("error", "award.result.part_results[1].points")],
    ),
    (
        "AS-01",
        ALL,
        lambda d: award(d)["result"]["part_results"].pop(),
        [("unknown", "award.result.part_results")],
    ),
    (
        "AS-01",
        ALL,
        lambda d: award(d)["result"]["part_results"][0].pop("pass_points"),
        [("unknown", "award.result.part_results[0].pass_points")],
    ),
    (
        "AS-01",
        ALL,
        lambda d: award(d)["result"].update(status="fail"),
        [("error", STATUS)],
    ),
    # Of a choice of parts only those that were brought along have results.
    (
        "AS-01",
        ALL,
        lambda d: [choice_of_parts(d), d.update(parts=[])],
        [],
    ),
    (
        "AS-01",
        ALL,
        lambda d: [choice_of_parts(d), d["parts"][2].update(required=False)],
        [],
    ),
    (
        "AS-01",
        ALL,
        choice_of_parts,
        [("unknown", "award.result.part_results")],
    ),
    ("AS-02", MQ, lambda d: None, []),
    (
        "AS-02",
        MQ,
        lambda d: d.update(credential_kind="micro_credential"),
        [("error", "programme.assessment")],
    ),
    ("AS-03", ECO, lambda d: None, []),
    (
        "AS-03",
        ECO,
        lambda d: programme(d)["assessment"].update(type="attendance"),
        [("warning", "programme.assessment.type")],
    ),
    ("AS-04", ECO, lambda d: None, []),
    ("AS-04", ECO, everything_self_directed, [("error", "programme.units")]),
    (
        "AS-04",
        ECO,
        lambda d: [everything_self_directed(d), d.update(project_profile=None)],
        [],
    ),
    ("AS-06", SI, lambda d: programme(d)["assessment"].pop("criteria"), []),
    (
        "AS-06",
        SI,
        lambda d: [programme(d)["assessment"].pop(n) for n in ("criteria", "standard")],
        [("warning", "programme.assessment.criteria")],
    ),
    (
        "AS-06",
        SI,
        lambda d: [
            programme(d)["assessment"].pop("criteria"),
            programme(d)["assessment"].update(standard={"url": "https://x.example"}),
        ],
        [],
    ),
    ("AS-06", RS, lambda d: None, []),
    (
        "AS-04",
        ECO,
        lambda d: programme(d).update(units=[]),
        [],
    ),
    (
        "AS-04",
        ECO,
        lambda d: [
            everything_self_directed(d),
            programme(d).update(required_participation="online"),
        ],
        [],
    ),
    ("AS-07", ECO, lambda d: None, []),
    ("AS-07", ECO, lambda d: d.update(evidence=[]), [("error", "evidence")]),
    ("AS-07", ECO, lambda d: d["evidence"][0].update(date="2025-11-20"), []),
    (
        "AS-07",
        ECO,
        lambda d: d["evidence"][0].update(date="2025-11-21"),
        [("error", "evidence")],
    ),
    ("AS-07", SI, lambda d: None, []),
    ("QA-01", ECO, lambda d: None, []),
    (
        "QA-01",
        ECO,
        lambda d: programme(d)["quality_assurance"]["types"].pop(0),
        [("info", QA)],
    ),
    ("QA-02", HKO, lambda d: None, []),
    (
        "QA-02",
        HKO,
        lambda d: programme(d).update(quality_assurance=None),
        [("warning", QA)],
    ),
    (
        "LV-01",
        HKO,
        lambda d: None,
        [("unknown", "programme.level.eqf")],
    ),
    (
        "LV-01",
        ECO,
        lambda d: programme(d)["level"].update(nqf={"framework": "SI", "level": "5"}),
        [],
    ),
    (
        "LV-01",
        ECO,
        lambda d: programme(d)["level"].update(nqf={"framework": "SI", "level": "6"}),
        [("warning", "programme.level.eqf")],
    ),
    ("LV-02", PRIOR, lambda d: None, []),
    (
        "LV-02",
        PRIOR,
        lambda d: programme(d)["level"]["nqf"].update(level="6"),
        [("warning", "programme.level.nqf.level")],
    ),
    (
        "LV-02",
        HKO,
        lambda d: programme(d)["level"]["nqf"].update(level="7.1"),
        [("info", "programme.level.nqf.level")],
    ),
    (
        "LV-03",
        ECO,
        lambda d: programme(d)["level"].update(basis="referenced"),
        [],
    ),
    ("LV-03", ECO, lambda d: None, [("info", "programme.level.basis")]),
    (
        "LV-04",
        ECO,
        lambda d: programme(d)["level"].update(
            basis="referenced", nqf={"framework": "SI", "level": "4"}
        ),
        [("warning", "programme.register.code")],
    ),
    (
        "LV-04",
        ECO,
        lambda d: programme(d)["level"].update(nqf={"framework": "SI", "level": "4"}),
        [],
    ),
    (
        "LV-04",
        ECO,
        lambda d: (
            programme(d)["level"].update(
                basis="register", nqf={"framework": "SI", "level": "4"}
            )
            or programme(d).update(register={"code": "R-1"})
        ),
        [],
    ),
    ("PR-01", ECO, lambda d: None, []),
    (
        "PR-01",
        ECO,
        lambda d: award(d)["result"]["grade"].pop("en"),
        [("warning", "award.result.grade")],
    ),
    (
        "PR-01",
        ECO,
        lambda d: d["languages"].append("hr"),
        [("warning", path) for path in ("programme.title",)],
    ),
    (
        "PR-01",
        ECO,
        lambda d: programme(d)["units"][0]["title"].update(de="Lerneinheit 1"),
        [("warning", "programme.units[0].title")],
    ),
    (
        "PR-03",
        ECO,
        lambda d: award(d).update(date_issued="2025-11-19"),
        [("error", "award.date_awarded")],
    ),
    (
        "PR-03",
        ECO,
        lambda d: award(d)["result"].update(date="2025-11-21"),
        [("error", "award.result.date")],
    ),
    (
        "PR-03",
        ECO,
        lambda d: award(d)["activity"].update(start="2025-11-21"),
        [("error", "award.activity.start")],
    ),
    ("PR-03", ECO, lambda d: award(d).update(activity=None), []),
    ("PD-01", ME, lambda d: None, []),
    (
        "PD-01",
        ME,
        lambda d: d.pop("document_number"),
        [("warning", "document_series")],
    ),
    (
        "PD-01",
        ME,
        lambda d: d.update(document_status="certificate"),
        [("warning", "document_status")],
    ),
    ("PD-01", SI, lambda d: None, []),
    ("RS-01", RS, lambda d: None, []),
    (
        "RS-01",
        RS,
        lambda d: programme(d)["outcomes"][1].pop("outcome_source"),
        [("info", "programme.outcomes")],
    ),
    ("RS-01", SI, lambda d: None, []),
]


@pytest.mark.parametrize(
    ("rule", "name", "change", "told"),
    [
        pytest.param(*case, id=f"{case[0]}-{'speaks' if case[3] else 'silent'}-{n}")
        for n, case in enumerate(CASES)
    ],
)
def test_a_rule_speaks_where_it_should(
    rule: str, name: str, change: Change, told: list[tuple[str, str]]
) -> None:
    data = record_dict(name)
    change(data)

    assert brief(of_rule(data, rule))[: max(1, len(told))] == told


def test_every_rule_on_records_has_a_passing_and_a_failing_case() -> None:
    of_records = {rule.id for rule in rules().values() if rule.scope == "record"}

    assert {case[0] for case in CASES if case[3]} == of_records
    # A recommended level is always told, where the level is not recommended never.
    assert {case[0] for case in CASES if not case[3]} == of_records


def test_the_unit_of_a_sum_is_named_with_both_numbers() -> None:
    (found,) = of_rule(record_dict(MQ), "WL-02")

    assert found.detail == "MQ-U5"
    assert found.values == {"unit": "MQ-U5", "sum": "90 min", "total": "120 min"}
    assert "MQ-U5" in found.sentence(Messages("sl"))


def test_a_participation_taken_for_a_micro_credential_is_refused() -> None:
    data = record_dict(MQ)
    data["credential_kind"] = "micro_credential"

    found = findings(CredentialRecord.from_dict(data))

    assert {f.rule for f in found if f.severity == "error"} == {"AS-02"}
    assert "WL-02" in {f.rule for f in found}


def test_a_detail_of_points_is_the_exact_number() -> None:
    data = record_dict(ECO)
    data["award"]["result"]["points"] = 79.99

    (found,) = of_rule(data, "AS-01")

    assert found.detail == Decimal("79.99")
    assert found.to_dict()["detail"] == "79.99"
    assert found.sentence(Messages("en")) == (
        "The pass mark is not reached. Points: 79.99, required: 80."
    )


def test_the_profile_asked_for_stands_in_place_of_the_own_ones() -> None:
    data = record_dict(ECO)
    data["evidence"] = []

    assert brief(of_rule(data, "AS-07")) == [("error", "evidence")]
    assert of_rule(data, "AS-07", profile="ME") == []
    assert brief(of_rule(data, "PD-01", profile="ME")) == [
        ("warning", "document_status")
    ]


def test_a_programme_is_judged_before_anybody_is_awarded() -> None:
    path = Path(__file__).parent.parent / "fixtures" / "programmes" / "hko_3d.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data["programme"]["assessment"] = None

    found = findings(ProgrammeDocument.from_dict(data))
    assessed = findings(ProgrammeDocument.from_json(path.read_bytes()))

    assert [f.rule for f in found] == ["AS-02", "QA-01", "LV-01"]
    assert [f.rule for f in assessed] == ["QA-01", "LV-01"]


def test_a_rule_that_cannot_answer_says_so_in_words() -> None:
    (level,) = of_rule(record_dict(HKO), "LV-01")
    data = record_dict(ECO)
    data["award"]["result"] = None
    (points,) = of_rule(data, "AS-01")

    assert "HR 4.1" in level.sentence(Messages("en"))
    assert points.sentence(Messages("en")).startswith("It cannot be told whether")
    assert points.sentence(Messages("sl")).startswith("Ni mogoče ugotoviti")
    nameless = Finding("ST-03", "unknown", "programme.workload.hours")
    assert nameless.sentence(Messages("sr-Cyrl")).startswith("На правило ST-03")


def test_what_quality_assurance_lacks_is_named_in_words() -> None:
    (found,) = of_rule(record_dict(MQ), "QA-01")

    sentence = found.sentence(Messages("sl"))

    assert "povratne informacije učečih se" in sentence
    assert found.to_dict()["values"]["missing"][0] == "teacher_feedback"


def test_a_failed_status_is_said_without_points() -> None:
    data = record_dict(ECO)
    data["award"]["result"]["status"] = "fail"

    (found,) = of_rule(data, "AS-01")

    assert found.sentence(Messages("en")) == "The assessment was not passed."


def test_hostile_numbers_are_neither_rounded_nor_slow() -> None:
    data = record_dict(ECO)
    data["programme"]["credits"][0]["points"] = "9" * 100_000

    assert of_rule(data, "WL-01") == []


def test_no_more_than_a_readable_number_of_findings_of_one_theme_is_told() -> None:
    data = record_dict(ECO)
    data["languages"] += [f"{a}{b}" for a in "qxz" for b in "abcdefghijklmnop"]
    outcome = data["programme"]["outcomes"][0]
    data["programme"]["outcomes"] = [outcome] * 200

    found = of_rule(data, "PR-01")

    assert len(found) == MAX_FINDINGS


def test_only_a_framework_with_a_source_leads_to_an_eqf_level() -> None:
    slovenian = record_dict(ECO)
    slovenian["programme"]["level"]["nqf"] = {"framework": "SI", "level": "10"}
    ours = CredentialRecord.from_dict(slovenian).programme.level
    theirs = record(HKO).programme.level

    assert ours is not None
    assert ours.nqf is not None
    assert theirs is not None
    assert theirs.nqf is not None
    assert eqf_of(ours.nqf) == 8
    assert eqf_of(theirs.nqf) is None

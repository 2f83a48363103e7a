"""May three credentials become one? Every rule of the engine.

Each case starts from the three honest Scouts4Green parts, which are eligible, and
changes one thing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.findings import Finding, findings
from edc_issuer.rules.parts import Part
from edc_issuer.rules.stacking import assess
from edc_issuer.rules.table import rules
from stacks import (
    DAY,
    NAMES,
    Change,
    Data,
    asked,
    of_another_school,
    part_dict,
    passed,
    programme,
    qualification,
    three,
    told,
    whole,
    whole_dict,
)
from world import record, record_dict


def test_the_three_parts_make_the_whole() -> None:
    found = assess(whole(), three(), at=DAY)

    assert (found.answer, found.findings) == ("eligible", ())
    assert found.combined.to_dict() == {
        "hours": "45",
        "credits": [{"system": "ECTS", "points": "1.5", "indicative": True}],
        "outcomes": [
            f"S4G-{path}-LO{n}" for path in ("ECO", "ECN", "SOC") for n in (1, 2, 3)
        ],
        "units": 18,
        "eqf": 4,
    }


def test_the_stacked_fixture_has_exactly_the_expected_findings() -> None:
    path = shared_file("domain/expected_rules.json")
    expected = json.loads(path.read_text(encoding="utf-8"))["scouts4green_stacked"]
    document = record("scouts4green_stacked")

    found = [*assess(document, three()).findings, *findings(document)]

    assert [[one.rule, one.severity] for one in found] == expected["issues"]


def an_added_unit(data: Data, parts: list[Data]) -> object:
    """Five clock hours of its own, with an outcome of its own."""
    programme(data)["workload"] = {"hours": 50, "unit_minutes": 60}
    unit = {"code": "S4G-ALL-U0", "title": {"sl": "Izziv", "en": "Challenge"}}
    programme(data)["units"].append({**unit, "hours": 5})
    title = {"sl": "Predstavi izziv.", "en": "Presents the challenge."}
    programme(data)["outcomes"].append({"code": "S4G-ALL-LO1", "title": title})
    return data


def without_codes(data: Data, parts: list[Data]) -> object:
    """Outcomes that only their titles tell apart."""
    for one in (data, *parts):
        for outcome in programme(one)["outcomes"]:
            del outcome["code"]
    return data


def timed(data: Data, minutes: int) -> bool:
    """Each unit takes so many minutes."""
    for unit in programme(data)["units"]:
        unit["minutes"] = minutes
    return True


CASES: list[tuple[str, Change, str, set[tuple[str, str]]]] = [
    (
        "a-part-is-missing",
        lambda d, p: p.pop(),
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "79-points-in-one-part",
        lambda d, p: p[2]["award"]["result"].update(points=79),
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "79.99-points-in-one-part",
        lambda d, p: p[2]["award"]["result"].update(points=79.99),
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "80-points-in-one-part",
        lambda d, p: p[0]["award"]["result"].update(points=80),
        "eligible",
        set(),
    ),
    (
        "a-part-was-failed",
        lambda d, p: p[0]["award"]["result"].update(status="fail"),
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "passed-without-an-assessment",
        lambda d, p: programme(p[0]).update(assessment=None),
        "eligible",
        set(),
    ),
    (
        "nothing-was-assessed",
        lambda d, p: [
            programme(p[0]).update(assessment=None),
            p[0]["award"].update(result=None),
        ],
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "failed-without-an-assessment",
        lambda d, p: [
            programme(p[0]).update(assessment=None),
            p[0]["award"]["result"].update(status="fail"),
        ],
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "a-part-had-expired",
        lambda d, p: p[0]["award"].update(valid_until="2025-11-27"),
        "not_eligible",
        {("ST-01", "error")},
    ),
    (
        "a-part-is-in-force-on-that-day",
        lambda d, p: p[0]["award"].update(valid_until="2025-11-28"),
        "eligible",
        set(),
    ),
    (
        "nobody-knows-the-points",
        lambda d, p: p[0]["award"]["result"].update(points=None),
        "unknown",
        {("AS-01", "unknown")},
    ),
    (
        "nobody-knows-the-result",
        lambda d, p: p[0]["award"].update(result=None),
        "unknown",
        {("AS-01", "unknown")},
    ),
    (
        "another-number-and-birthday",
        lambda d, p: p[0]["learner"].update(
            internal_id="2025-0999", date_of_birth="2007-03-15"
        ),
        "not_eligible",
        {("ST-02", "error")},
    ),
    (
        "one-number-but-another-birthday",
        lambda d, p: p[0]["learner"].update(date_of_birth="2007-03-15"),
        "unknown",
        {("ST-02", "unknown")},
    ),
    (
        "married-since",
        lambda d, p: p[0]["learner"].update(family_name="Čož"),
        "eligible",
        set(),
    ),
    (
        "hours-do-not-add-up",
        lambda d, p: programme(d)["workload"].update(hours=45.01),
        "not_eligible",
        {("ST-03", "error")},
    ),
    (
        "hours-of-a-part-are-not-known",
        lambda d, p: programme(p[0])["workload"].update(hours=None),
        "unknown",
        {("ST-03", "unknown")},
    ),
    (
        "an-added-unit-may-explain-the-hours",
        lambda d, p: [an_added_unit(d, p), programme(d)["units"][-1].pop("hours")],
        "unknown",
        {("ST-03", "unknown")},
    ),
    (
        "an-added-unit-takes-no-hours",
        lambda d, p: [
            an_added_unit(d, p),
            programme(d)["units"][-1].pop("hours"),
            programme(d)["workload"].update(hours=45),
        ],
        "eligible",
        set(),
    ),
    (
        "credits-too-long-to-be-honest",
        lambda d, p: programme(d)["credits"][0].update(points="9" * 1000),
        "unknown",
        {("ST-04", "unknown")},
    ),
    (
        "a-programme-that-says-nothing-of-parts",
        lambda d, p: programme(d).pop("stacking"),
        "unknown",
        {("PW-02", "unknown")},
    ),
    (
        "credits-do-not-add-up",
        lambda d, p: programme(d)["credits"][0].update(points="1.6"),
        "not_eligible",
        {("ST-04", "error")},
    ),
    (
        "indicative-credits-become-awarded",
        lambda d, p: programme(d)["credits"][0].update(indicative=False),
        "not_eligible",
        {("ST-04", "error")},
    ),
    (
        "credits-of-another-system",
        lambda d, p: programme(p[0])["credits"][0].update(system="CSVET"),
        "not_eligible",
        {("ST-04", "error")},
    ),
    (
        "an-outcome-is-lost",
        lambda d, p: programme(d)["outcomes"].pop(),
        "not_eligible",
        {("ST-05", "error")},
    ),
    ("outcomes-are-known-by-their-titles", without_codes, "eligible", set()),
    (
        "an-outcome-without-a-code-is-lost",
        lambda d, p: [without_codes(d, p), programme(d)["outcomes"].pop()],
        "not_eligible",
        {("ST-05", "error")},
    ),
    (
        "an-outcome-is-added-without-hours",
        lambda d, p: programme(p[0])["outcomes"].pop(),
        "not_eligible",
        {("ST-05", "error")},
    ),
    ("a-unit-with-hours-and-outcome-is-added", an_added_unit, "eligible", set()),
    (
        "level-five-out-of-fours",
        lambda d, p: programme(d)["level"].update(eqf=5),
        "eligible",
        {("ST-06", "warning")},
    ),
    (
        "level-of-a-part-is-not-known",
        lambda d, p: programme(p[1]).update(level=None),
        "eligible",
        {("ST-06", "unknown")},
    ),
    (
        "nobody-names-a-level",
        lambda d, p: [programme(one).update(level=None) for one in (d, *p)],
        "eligible",
        set(),
    ),
    (
        "the-level-of-the-parts-is-lost",
        lambda d, p: programme(d).update(level=None),
        "eligible",
        {("ST-06", "warning")},
    ),
    (
        "a-qualification-by-collecting",
        qualification,
        "not_eligible",
        {("ST-07", "error")},
    ),
    (
        "a-part-lists-no-units",
        lambda d, p: programme(p[0]).update(units=[]),
        "eligible",
        set(),
    ),
    (
        "units-are-missing",
        lambda d, p: programme(d)["units"].pop(),
        "eligible",
        {("ST-08", "warning")},
    ),
    (
        "units-are-longer-in-the-whole",
        lambda d, p: [timed(one, 60) for one in p] and timed(d, 61),
        "eligible",
        {("ST-08", "warning")},
    ),
    (
        "units-are-as-long-in-the-whole",
        lambda d, p: [timed(one, 60) for one in p] and timed(d, 60),
        "eligible",
        set(),
    ),
    (
        "a-part-comes-after-the-whole",
        lambda d, p: p[0]["award"].update(
            date_awarded="2025-11-29", date_issued="2025-11-29"
        ),
        "not_eligible",
        {("ST-09", "error")},
    ),
    (
        "a-part-is-given-twice",
        lambda d, p: p.append(part_dict("social")),
        "not_eligible",
        {("ST-10", "error")},
    ),
    (
        "a-part-is-given-twice-in-other-letters",
        lambda d, p: p.append(
            {
                **part_dict("social"),
                "record_id": "other",
                "credential_id": "urn:uuid:0",
                "programme": {**programme(part_dict("social")), "code": "s4g-soc"},
            }
        ),
        "not_eligible",
        {("ST-10", "error"), ("PW-03", "warning")},
    ),
    (
        "a-part-holds-the-whole",
        lambda d, p: programme(p[0])["stacking"].update(parts=["S4G-ALL"]),
        "not_eligible",
        {("ST-10", "error")},
    ),
    (
        "a-part-holds-another-part",
        lambda d, p: programme(p[0])["stacking"].update(parts=["S4G-ECN"]),
        "not_eligible",
        {("ST-10", "error")},
    ),
    (
        "the-whole-is-its-own-part",
        lambda d, p: (
            programme(p[0]).update(code="S4G-ALL")
            or programme(d)["stacking"].update(parts=["S4G-ALL", "S4G-ECN", "S4G-SOC"])
        ),
        "not_eligible",
        {("ST-10", "error")},
    ),
    (
        "the-parts-are-replaced",
        lambda d, p: programme(d)["stacking"].update(supersedes_parts="replace"),
        "eligible",
        {("ST-13", "info")},
    ),
    # Trusted like the others, so the verifier's answer is enough.
    ("a-part-of-another-school", of_another_school, "eligible", set()),
    (
        "a-credential-that-is-not-on-the-list",
        lambda d, p: p.append(record_dict("hko_microqualification")),
        "eligible",
        {("PW-03", "warning")},
    ),
]


@pytest.mark.parametrize(
    ("change", "answer", "expected"), [pytest.param(*c[1:], id=c[0]) for c in CASES]
)
def test_one_change_leads_to_one_answer(
    change: Change, answer: str, expected: set[tuple[str, str]]
) -> None:
    honest = asked(lambda d, p: None)
    found = asked(change)

    assert honest.answer == "eligible"
    assert found.answer == answer
    assert told(found) == expected


CENTS = st.integers(1, 10**9)


@given(st.lists(st.tuples(CENTS, CENTS), min_size=3, max_size=3), st.booleans())
def test_sums_are_exact_to_the_last_cent(
    sizes: list[tuple[int, int]], off_by_one: bool
) -> None:
    def sized(data: Data, parts: list[Data]) -> None:
        hours, points = (sum(column) for column in zip(*sizes, strict=True))
        resized(data, hours + off_by_one, points + off_by_one)
        for part, size in zip(parts, sizes, strict=True):
            resized(part, *size)

    found = asked(sized)

    wrong = {("ST-03", "error"), ("ST-04", "error")} if off_by_one else set()
    assert told(found) == wrong


def resized(data: Data, hours: int, points: int) -> None:
    """So many hundredths of an hour, and of a credit point."""
    programme(data)["workload"]["hours"] = hours / 100
    programme(data)["credits"][0]["points"] = str(Decimal(points) / 100)


def test_a_part_without_points_brings_no_points() -> None:
    found = asked(lambda d, p: p[0]["award"]["result"].update(points=None))

    brought = [one.programme_code for one in found.combined.part_results]
    assert brought == ["S4G-ECN", "S4G-SOC"]


def test_every_rule_on_stacks_is_tried() -> None:
    of_stacks = {rule.id for rule in rules().values() if rule.scope == "stack"}
    tried = {rule for case in CASES for rule, _ in case[3]}

    # These two have tests of their own below.
    assert of_stacks - tried == {"ST-11", "ST-15"}


@pytest.mark.parametrize(
    ("known", "answer", "severity"),
    [
        ({"verdict": "passed"}, "eligible", None),
        ({"verdict": "failed"}, "not_eligible", "error"),
        ({"verdict": "unknown"}, "unknown", "unknown"),
        ({"verdict": "passed", "state": "revoked"}, "not_eligible", "error"),
        ({"verdict": "passed", "state": "expired"}, "not_eligible", "error"),
        ({"verdict": "passed", "issuer_trusted": False}, "not_eligible", "error"),
    ],
)
def test_only_a_credential_in_force_counts(
    known: Data, answer: str, severity: str | None
) -> None:
    parts = [*three()[:2], passed(part_dict("social"), **known)]

    found = assess(whole(), parts, at=DAY)

    assert found.answer == answer
    assert told(found) == ({("ST-01", severity)} if severity else set())
    assert {reason.detail for reason in found.reasons} <= {"S4G-SOC"}


def test_nobody_asked_means_unknown() -> None:
    assert Part(record("scouts4green_social")).verdict == "unknown"


def test_a_part_that_counted_already_is_told() -> None:
    used = record("scouts4green_social").credential_id
    assert used is not None

    found = assess(whole(), three(), at=DAY, consumed=[used])

    assert (found.answer, told(found)) == ("eligible", {("ST-11", "warning")})


def test_the_trust_in_another_issuer_is_asked() -> None:
    data, parts = whole_dict(), [part_dict(name) for name in NAMES]
    of_another_school(data, parts)
    document = ProgrammeDocument.from_dict(data)
    brought = [passed(part) for part in parts]
    doubtful = [replace(brought[0], verdict="unknown"), *brought[1:]]

    assert told(assess(document, brought, at=DAY)) == set()
    assert told(assess(document, doubtful, at=DAY)) == {
        ("ST-01", "unknown"),
        ("ST-15", "warning"),
    }


@pytest.mark.parametrize(
    ("profile", "severity", "answer"),
    [
        ("SI", "error", "not_eligible"),
        ("HR", "error", "not_eligible"),
        ("RS", "error", "not_eligible"),
        ("BA-HNK", "error", "not_eligible"),
        ("ME", "unknown", "unknown"),
        ("EU", "info", "eligible"),
    ],
)
def test_collecting_a_qualification_is_answered_by_country(
    profile: str, severity: str, answer: str
) -> None:
    found = asked(qualification, profile=profile)

    assert (found.answer, told(found)) == (answer, {("ST-07", severity)})


def test_every_kind_of_micro_credential_is_one() -> None:
    def kinds(data: Data, parts: list[Data]) -> None:
        qualification(data, parts)
        parts[0]["credential_kind"] = "stacked_micro_credential"
        parts[1]["credential_kind"] = "skill_credential"

    assert told(asked(kinds)) == {("ST-07", "error")}


def test_the_whole_may_be_awarded_on_the_day_of_its_last_part() -> None:
    on_that_day = asked(lambda d, p: None, at=date(2025, 11, 24))
    a_day_before = asked(lambda d, p: None, at=date(2025, 11, 23))

    assert on_that_day.answer == "eligible"
    assert told(a_day_before) == {("ST-09", "error")}


def test_a_lost_outcome_and_a_level_are_named() -> None:
    def lost(data: Data, parts: list[Data]) -> None:
        without_codes(data, parts)
        programme(data)["outcomes"].pop()
        programme(data)["level"]["eqf"] = None

    outcome, level = asked(lost).findings

    assert outcome.detail == "Primerja socialne prakse pošiljateljske in " + (
        "gostiteljske organizacije."
    )
    assert level.values == {"whole": "-", "parts": 4}


def test_a_country_says_it_in_its_own_words() -> None:
    (refused,) = asked(qualification, profile="BA-HNK").reasons
    (open_question,) = asked(qualification, profile="ME").reasons

    assert "micro-programmes" in refused.sentence(Messages("en"), profile="BA-HNK")
    assert "recognition" in open_question.sentence(Messages("en"))


def test_a_part_of_a_qualification_is_no_micro_credential() -> None:
    def whole_qualification(data: Data, parts: list[Data]) -> None:
        qualification(data, parts)
        parts[0]["credential_kind"] = "partial_qualification"

    assert told(asked(whole_qualification)) == set()


# Records as the whole


def test_a_record_that_names_other_credentials_than_were_brought_is_refused() -> None:
    data = record_dict("scouts4green_stacked")
    data["parts"][0].update(record_id="S4G-ECO-2025-0001", credential_id="urn:uuid:0")

    found = assess(CredentialRecord.from_dict(data), three())

    assert found.answer == "not_eligible"
    assert [reason.rule for reason in found.reasons] == ["ST-01"]


def test_a_part_that_a_record_calls_optional_may_be_missing() -> None:
    data = record_dict("scouts4green_stacked")
    needed = assess(CredentialRecord.from_dict(data), three()[:2])
    data["parts"][2]["required"] = False
    optional = assess(CredentialRecord.from_dict(data), three()[:2])

    assert ("ST-01", "error") in told(needed)
    assert ("ST-01", "error") not in told(optional)


def test_a_record_that_lists_a_part_twice_is_refused() -> None:
    data = record_dict("scouts4green_stacked")
    data["parts"].append(data["parts"][0])

    found = assess(CredentialRecord.from_dict(data), three())

    assert [reason.rule for reason in found.reasons] == ["ST-10"]


def test_a_record_with_a_low_part_is_refused_without_a_sum() -> None:
    data = record_dict("scouts4green_stacked")
    results = data["award"]["result"]["part_results"]
    for result, points in zip(results, (100, 100, 79), strict=True):
        result["points"] = points

    found = assess(CredentialRecord.from_dict(data), three())

    assert [(one.rule, one.detail) for one in found.reasons] == [
        ("AS-01", "S4G-SOC 79")
    ]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language: str) -> None:
    messages = Messages(language)
    for _, change, _, _ in CASES:
        for finding in asked(change).findings:
            sentence = finding.sentence(messages)

            assert "[" not in sentence, finding
            assert "{" not in sentence, finding


def test_an_answer_is_json_and_names_no_learner() -> None:
    found = asked(lambda d, p: p.pop())

    text = json.dumps(found.to_dict(), ensure_ascii=False)

    assert json.loads(text)["answer"] == "not_eligible"
    assert "Vzorec" not in text
    assert "ana." not in text


def test_what_nobody_could_read_may_be_what_is_missing() -> None:
    two = asked(lambda d, p: p.pop(), unread=1)
    another = asked(
        lambda d, p: [p.pop(), p[0]["learner"].update(date_of_birth="2001-01-01")],
        unread=1,
    )
    too_late = asked(lambda d, p: p.pop(), unread=1, at=date(2025, 11, 1))

    assert told(two) == {("ST-01", "unknown")}
    assert two.answer == "unknown"
    assert another.answer == "unknown"  # one number, two birthdays: both open
    assert told(too_late) >= {("ST-01", "unknown"), ("ST-09", "error")}
    assert too_late.answer == "not_eligible"


def test_an_answer_names_the_credential_that_was_brought() -> None:
    known, *others = three()
    sealed = replace(known, credential_id="urn:credential:7")
    nameless = replace(known, record=replace(known.record, credential_id=None))

    def ids(part: Part) -> object:
        found = assess(whole(), [part, *others], at=DAY).to_dict()
        return found["parts"][0]["credential_id"]

    assert ids(known) == known.record.credential_id
    assert ids(sealed) == "urn:credential:7"
    assert ids(nameless) is None


def test_a_day_in_a_finding_is_json_too() -> None:
    (late,) = asked(lambda d, p: None, at=date(2025, 11, 23)).findings

    assert json.loads(json.dumps(late.to_dict()))["values"] == {"date": "2025-11-24"}
    assert "24" in late.sentence(Messages("sl"))
    assert Finding("X", "info", "", values={"n": 1, "m": None}).to_dict()["values"] == {
        "n": 1,
        "m": None,
    }

"""May three credentials become one? Every rule of the engine, and what it drafts.

Each case starts from the three honest Scouts4Green parts, which are eligible, and
changes one thing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.record import CredentialRecord, ProgrammeDocument, refusals
from edc_issuer.rules.combining import Awarding, combine
from edc_issuer.rules.decisions import record_decision
from edc_issuer.rules.findings import findings
from edc_issuer.rules.learners import fold, identities_of
from edc_issuer.rules.parts import Part, Requirement
from edc_issuer.rules.stacking import MAX_PARTS, Eligibility, assess
from edc_issuer.rules.table import rules
from world import RECORDS, record, record_dict

NAMES = ("ecological", "economic", "social")
DAY = date(2025, 11, 28)
Data = dict[str, Any]
Change = Callable[[Data, list[Data]], object]


def part_dict(name: str) -> Data:
    return record_dict(f"scouts4green_{name}")


def whole_dict() -> Data:
    """The larger programme, before anyone is awarded it."""
    path = RECORDS.parent / "programmes" / "scouts4green_all.json"
    found: Data = json.loads(path.read_text(encoding="utf-8"))
    return found


def passed(data: Data, **known: Any) -> Part:
    known.setdefault("verdict", "passed")
    return Part(CredentialRecord.from_dict(data), **known)


def three(**known: Any) -> list[Part]:
    return [passed(part_dict(name), **known) for name in NAMES]


def whole() -> ProgrammeDocument:
    return ProgrammeDocument.from_dict(whole_dict())


def asked(change: Change, **options: Any) -> Eligibility:
    """The answer after a change to the whole and its parts, as JSON."""
    data, parts = whole_dict(), [part_dict(name) for name in NAMES]
    change(data, parts)
    document = ProgrammeDocument.from_dict(data)
    options.setdefault("at", DAY)
    return assess(document, [passed(part) for part in parts], **options)


def told(found: Eligibility) -> set[tuple[str, str]]:
    return {(one.rule, one.severity) for one in found.findings}


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


def programme(data: Data) -> Data:
    found: Data = data["programme"]
    return found


def qualification(data: Data, parts: list[Data]) -> None:
    programme(data)["kind"] = "qualification"


def an_added_unit(data: Data, parts: list[Data]) -> None:
    """Five clock hours of its own, with an outcome of its own."""
    programme(data)["workload"] = {"hours": 50, "unit_minutes": 60}
    unit = {"code": "S4G-ALL-U0", "title": {"sl": "Izziv", "en": "Challenge"}}
    programme(data)["units"].append({**unit, "hours": 5})
    title = {"sl": "Predstavi izziv.", "en": "Presents the challenge."}
    programme(data)["outcomes"].append({"code": "S4G-ALL-LO1", "title": title})


def timed(data: Data, minutes: int) -> bool:
    """Each unit takes so many minutes."""
    for unit in programme(data)["units"]:
        unit["minutes"] = minutes
    return True


def of_another_school(data: Data, parts: list[Data]) -> None:
    for member in ("id", "legal_identifier", "registration", "tax_identifier"):
        parts[0]["issuer"].pop(member, None)
    parts[0]["issuer"]["legal_name"] = {"hr": "Tehnička škola Đurđevac"}
    parts[0]["learner"]["internal_id"] = "77"


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
        "a-qualification-by-collecting",
        qualification,
        "not_eligible",
        {("ST-07", "error")},
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


# Who is who


def people(first: Data, second: Data) -> str:
    """The answer for two parts whose learners are changed."""

    def change(data: Data, parts: list[Data]) -> None:
        parts[0]["learner"] = {"given_name": "Đorđe", "family_name": "Čož", **first}
        parts[1]["learner"] = {"given_name": "Đorđe", "family_name": "Čož", **second}
        parts[2]["learner"] = parts[0]["learner"]

    found = [one for one in asked(change).findings if one.rule == "ST-02"]
    return "; ".join(f"{one.severity} {one.detail}" for one in found)


BORN = {"date_of_birth": "2007-03-14"}
EMSO = {"value": "EMSO-1", "country": "SI"}


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    [
        (BORN, BORN, ""),
        (BORN, {**BORN, "given_name": "Djordje", "family_name": "COZ"}, ""),
        (BORN, {**BORN, "given_name": "Ђорђе", "family_name": "Чож"}, ""),
        (BORN, {**BORN, "given_name": "Marko"}, "unknown S4G-ECN"),
        (BORN, {"date_of_birth": "2007-03-15"}, "error S4G-ECN"),
        # A name alone is nobody.
        ({"email": "x@example.org"}, {}, "unknown S4G-ECN"),
        ({"national_id": EMSO}, {"national_id": EMSO}, ""),
        (
            {"national_id": EMSO},
            {"national_id": {**EMSO, "value": "EMSO-2"}},
            "error S4G-ECN",
        ),
        # Numbers of two countries cannot be compared.
        (
            {"national_id": EMSO},
            {"national_id": {**EMSO, "country": "HR"}},
            "unknown S4G-ECN",
        ),
        ({"internal_id": "7"}, {"internal_id": "7"}, ""),
        ({"internal_id": "7"}, {"internal_id": "8"}, "error S4G-ECN"),
        ({"subject_did": "did:key:z1"}, {"subject_did": "did:key:z1"}, ""),
    ],
)
def test_the_learner_is_known_by_sure_signs_only(
    first: Data, second: Data, answer: str
) -> None:
    # The third part has the learner of the first; only a name leaves it open too.
    assert people(first, second).split("; ")[0] == answer


def test_a_number_of_another_school_means_nothing() -> None:
    def change(data: Data, parts: list[Data]) -> None:
        of_another_school(data, parts)
        for part, number in zip(parts, ("1", "1", "1"), strict=True):
            part["learner"] = {
                "given_name": "Ana",
                "family_name": "Vzorec",
                "internal_id": number,
            }

    found = asked(change)

    assert ("ST-02", "unknown") in told(found)


def badge(**subject: Any) -> frozenset[str]:
    return identities_of({"credentialSubject": subject})


def hashed(mail: str, salt: str) -> Data:
    digest = hashlib.sha256((mail + salt).encode()).hexdigest()
    return {"hashed": True, "identityHash": f"sha256${digest}", "salt": salt}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (badge(id="did:key:z1"), badge(id="did:key:z1"), True),
        (badge(id="did:key:z1"), badge(id="did:key:z2"), False),
        (
            badge(identifier=[hashed("a@x.example", "s")]),
            badge(identifier=[hashed("a@x.example", "s")]),
            True,
        ),
        (
            badge(identifier=[hashed("a@x.example", "s")]),
            badge(identifier=[hashed("a@x.example", "t")]),
            False,
        ),
    ],
)
def test_badges_are_compared_by_did_or_by_hash_and_salt(
    one: frozenset[str], other: frozenset[str], same: bool
) -> None:
    nameless = {"given_name": "Ana", "family_name": "Vzorec"}
    parts = []
    for name, identities in zip(NAMES, (one, other, one), strict=True):
        data = part_dict(name) | {"learner": nameless}
        parts.append(passed(data, identities=identities))

    found = assess(whole(), parts, at=DAY)

    assert found.answer == ("eligible" if same else "unknown")


def test_a_hash_fits_the_mail_that_a_record_names() -> None:
    known, hidden = part_dict("ecological"), part_dict("economic")
    known["learner"] = {
        "given_name": "Ana",
        "family_name": "Vzorec",
        "email": "a@x.example",
    }
    hidden["learner"] = {"given_name": "A.", "family_name": "V."}
    third = part_dict("social") | {"learner": known["learner"]}
    identities = badge(identifier=[hashed("a@x.example", "sol")])
    wrong = badge(identifier=[hashed("b@x.example", "sol")])

    def answers(found: frozenset[str]) -> list[object]:
        parts = [passed(known), passed(hidden, identities=found), passed(third)]
        told = assess(whole(), parts, at=DAY).findings
        return [one.detail for one in told if one.rule == "ST-02"]

    assert answers(identities) == ["S4G-SOC"]  # two clear mails are no sure sign
    assert answers(wrong) == ["S4G-ECN", "S4G-SOC"]


@pytest.mark.parametrize(
    ("nonsense"),
    [{}, {"credentialSubject": 3}, {"credentialSubject": [{"identifier": "x"}, None]}],
)
def test_a_credential_without_identities_has_none(nonsense: Data) -> None:
    assert identities_of(nonsense) == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ćiro Šljivić", "ЋИРО ШЉИВИЋ"), ("Đorđe", "Djordje"), ("Žiga-Džon", "zigadzon")],
)
def test_names_are_folded_over_case_marks_and_script(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(one) != fold(other + "a")


# Pathways


def path(**stacking: Any) -> Change:
    def change(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(stacking)

    return change


def two_parts(**stacking: Any) -> Change:
    """The same with the first two parts only, and a target they reach."""

    def change(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(stacking)
        programme(data)["credits"] = [
            {"system": "ECTS", "points": "1", "indicative": True}
        ]
        parts.pop()

    return change


@pytest.mark.parametrize("pathway", ["open", "elective"])
def test_a_target_that_is_reached_is_enough(pathway: str) -> None:
    enough = asked(two_parts(pathway=pathway, rule="credits_at_least"))
    too_few = asked(
        two_parts(pathway=pathway),
        requirement=Requirement(hours=Decimal("30.5")),
    )

    assert enough.answer == "eligible"
    assert told(too_few) == {("PW-01", "error")}
    assert too_few.reasons[0].values == {"sum": "30 h", "whole": "30.5 h"}


def test_indicative_points_do_not_reach_a_target_of_awarded_ones() -> None:
    found = asked(
        path(pathway="open"), requirement=Requirement(points={"ECTS": Decimal(1)})
    )

    assert told(found) == {("PW-01", "error")}


def test_an_open_pathway_takes_any_subject_and_an_elective_one_the_list() -> None:
    def chosen(pathway: str) -> Change:
        def change(data: Data, parts: list[Data]) -> None:
            programme(data)["stacking"].update(pathway=pathway)
            programme(parts[2]).update(code="OTHER-SUBJECT")

        return change

    open_one, elective = asked(chosen("open")), asked(chosen("elective"))

    assert open_one.answer == "eligible"
    assert len(open_one.counted) == 3
    assert told(elective) == {("PW-03", "warning"), ("PW-01", "error")}


def test_an_elective_pathway_may_ask_for_so_many_of_a_group() -> None:
    green = frozenset({"S4G-ECO", "S4G-ECN"})
    two, three_ = Requirement(groups=((green, 2),)), Requirement(groups=((green, 3),))

    assert asked(path(pathway="elective"), requirement=two).answer == "eligible"
    assert told(asked(path(pathway="elective"), requirement=three_)) == {
        ("PW-02", "error")
    }


def without_quality(data: Data, parts: list[Data]) -> None:
    programme(data)["stacking"].update(pathway="open")
    programme(parts[0])["quality_assurance"] = None


def test_the_open_pathway_counts_only_what_meets_its_criteria() -> None:
    found = asked(without_quality)
    low = asked(path(pathway="open"), requirement=Requirement(least_eqf=5))

    assert [part.code for part in found.counted] == ["S4G-ECN", "S4G-SOC"]
    assert told(found) == {("PW-05", "warning"), ("PW-01", "error")}
    assert (low.answer, low.counted) == ("not_eligible", ())


def test_where_there_is_a_choice_a_bad_part_is_left_out() -> None:
    data = whole_dict()
    two_parts(pathway="open")(data, [{}])
    document = ProgrammeDocument.from_dict(data)
    good, forged = three()[:2], passed(part_dict("social"), verdict="failed")
    unsure = replace(forged, verdict="unknown")

    without = assess(document, [*good, forged], at=DAY)
    needless = assess(document, [*good, unsure], at=DAY)
    needed = assess(document, [good[0], unsure], at=DAY)

    assert (without.answer, told(without)) == ("eligible", {("ST-01", "warning")})
    assert (needless.answer, len(needless.counted)) == ("eligible", 2)
    assert (needed.answer, told(needed)) == ("unknown", {("ST-01", "unknown")})


def test_so_many_parts_are_enough_where_the_rule_says_how_many() -> None:
    change = two_parts(rule="n_of")

    assert asked(change, requirement=Requirement(count=2)).answer == "eligible"
    assert asked(change, requirement=Requirement(count=3)).answer == "not_eligible"
    assert asked(change).answer == "unknown"


@pytest.mark.parametrize("stacking", [{"pathway": "rigid"}, {"order": "sequence"}])
def test_a_sequence_is_kept(stacking: Data) -> None:
    def backwards(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(stacking)
        parts[2]["award"].update(date_awarded="2025-11-19")

    assert asked(path(**stacking)).answer == "eligible"
    assert told(asked(backwards)) == {("PW-04", "error")}


def test_a_rigid_pathway_needs_all_and_what_comes_before() -> None:
    first = Requirement(prerequisites={"S4G-ECO": ("S4G-SOC",)})
    last = Requirement(prerequisites={"S4G-SOC": ("S4G-ECO",)})
    gone = asked(lambda d, p: [path(pathway="rigid")(d, p), p.pop()])

    assert asked(path(pathway="rigid"), requirement=last).answer == "eligible"
    assert told(asked(path(pathway="rigid"), requirement=first)) == {("PW-04", "error")}
    assert ("ST-01", "error") in told(gone)


def test_a_programme_that_names_no_parts_is_not_answered() -> None:
    found = asked(path(parts=[]))

    assert found.answer == "unknown"


def test_nothing_brought_is_not_eligible() -> None:
    assert assess(whole(), [], at=DAY).answer == "not_eligible"


def test_too_many_parts_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(ConfigError, match=str(MAX_PARTS)):
        assess(whole(), three() * MAX_PARTS, at=DAY)


# Decisions and drafts


def test_a_decision_names_who_and_when() -> None:
    eligibility = assess(whole(), three(), at=DAY)

    decision = record_decision(
        eligibility, decided_by="Škofjeloška komisija", on=DAY, decision="accepted"
    )

    kept = json.loads(decision.to_json())
    assert (kept["decided_by"], kept["date"]) == ("Škofjeloška komisija", "2025-11-28")
    assert (kept["decision"], kept["answer"]["answer"]) == ("accepted", "eligible")
    assert "Vzorec" not in decision.to_json()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"decided_by": "  "}, "name"),
        ({"decision": "automatic"}, "accepted"),
        ({"reasons": ("",)}, "say why"),
    ],
)
def test_nothing_is_decided_by_nobody_or_against_the_answer(
    wrong: Data, message: str
) -> None:
    unsure = assess(whole(), three(verdict="unknown"), at=DAY)
    good: Data = {"decided_by": "Komisija", "on": DAY, "decision": "accepted"}

    kept = record_decision(unsure, **good, reasons=("Izvirnik je videla komisija.",))

    assert kept.answer == "unknown"
    with pytest.raises(ConfigError, match=message):
        record_decision(unsure, **(good | wrong))


def awarding() -> Awarding:
    """As the fixture of the whole was awarded, without what combining fills in."""
    fixture = record("scouts4green_stacked")
    assert fixture.award.result is not None
    result = replace(fixture.award.result, part_results=())
    return Awarding(
        record_id=fixture.record_id,
        award=replace(fixture.award, result=result),
        issuer=fixture.issuer,
        evidence=fixture.evidence,
    )


def test_the_three_parts_combine_into_the_stacked_fixture() -> None:
    fixture = record("scouts4green_stacked")

    draft = combine(whole(), assess(whole(), three(), at=DAY), awarding())

    own = ("credential_id", "attachments", "source_note")
    assert draft == replace(fixture, **{name: getattr(draft, name) for name in own})
    assert list(refusals(draft)) == []
    assert CredentialRecord.from_json(draft.to_json()) == draft


def test_the_order_in_which_parts_are_brought_does_not_matter() -> None:
    forth = assess(whole(), three(), at=DAY)
    back = assess(whole(), three()[::-1], at=DAY)

    assert forth == back


def test_a_result_that_nobody_gave_is_a_pass_of_every_part() -> None:
    bare = replace(awarding(), award=replace(awarding().award, result=None))

    draft = combine(whole(), assess(whole(), three(), at=DAY), bare)

    assert draft.award.result is not None
    assert draft.award.result.status == "pass"
    assert [one.points for one in draft.award.result.part_results] == [92, 85, 80]


def test_what_is_not_eligible_is_drafted_only_after_a_decision() -> None:
    unsure = assess(whole(), three(verdict="unknown"), at=DAY)
    other = assess(whole(), three(verdict="failed"), at=DAY)
    decision = record_decision(
        unsure, decided_by="Komisija", on=DAY, decision="accepted", reasons=("Videno.",)
    )
    refused = replace(decision, decision="refused")

    draft = combine(whole(), unsure, awarding(), decision=decision)

    assert draft.programme.code == "S4G-ALL"
    for eligibility, given in [(unsure, None), (unsure, refused), (other, decision)]:
        with pytest.raises(RecordError, match="ST-01"):
            combine(whole(), eligibility, awarding(), decision=given)


def test_a_draft_of_an_open_pathway_holds_what_was_chosen() -> None:
    def chosen(data: Data, parts: list[Data]) -> None:
        two_parts(pathway="open")(data, parts)
        outcomes = programme(data)["outcomes"]
        programme(data)["outcomes"] = outcomes[:1]

    data, parts = whole_dict(), [part_dict(name) for name in NAMES]
    chosen(data, parts)
    document = ProgrammeDocument.from_dict(data)
    eligibility = assess(document, [passed(part) for part in parts], at=DAY)

    draft = combine(document, eligibility, awarding())

    assert draft.programme.workload is not None
    assert draft.programme.workload.hours == 30
    assert [credit.points for credit in draft.programme.credits] == ["1"]
    assert len(draft.programme.outcomes) == 6


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

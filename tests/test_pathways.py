"""Which parts may be chosen: open, elective, rigid, and the plain rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from edc_issuer.errors import ConfigError
from edc_issuer.record import ProgrammeDocument
from edc_issuer.rules.parts import Requirement
from edc_issuer.rules.stacking import MAX_PARTS, assess
from stacks import (
    DAY,
    Change,
    Data,
    asked,
    part_dict,
    passed,
    path,
    programme,
    three,
    told,
    two_parts,
    whole,
    whole_dict,
)


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
        assess(whole(), (three() * MAX_PARTS)[: MAX_PARTS + 1], at=DAY)
    assert assess(whole(), (three() * MAX_PARTS)[:MAX_PARTS], at=DAY).answer


def test_a_file_that_nobody_could_read_may_be_the_one_that_is_asked_for() -> None:
    change = two_parts(rule="n_of")
    one_more = Requirement(count=3)

    assert told(asked(change, requirement=one_more)) == {("PW-02", "error")}
    assert told(asked(change, requirement=one_more, unread=1)) == {("PW-02", "unknown")}


@pytest.mark.parametrize(
    "nothing", [{"count": 0}, {"groups": ((frozenset({"S4G-ECO"}), 0),)}]
)
def test_a_requirement_asks_for_something(nothing: Data) -> None:
    with pytest.raises(ConfigError, match="less than one"):
        Requirement(**nothing)


def awarded(data: Data, parts: list[Data]) -> None:
    """Points that are no estimate, on an elective pathway."""
    programme(data)["stacking"].update(pathway="elective")
    for one in (data, *parts):
        programme(one)["credits"][0]["indicative"] = False


def asking_too_much(data: Data, parts: list[Data]) -> None:
    """The programme itself says more than the parts bring."""
    awarded(data, parts)
    programme(data)["credits"][0]["points"] = "99"


@pytest.mark.parametrize(
    "asked_for",
    [Requirement(hours=Decimal(45)), Requirement(points={"ECTS": Decimal("1.5")})],
)
def test_what_the_host_asks_for_stands_in_place_of_the_size_of_the_whole(
    asked_for: Requirement,
) -> None:
    assert told(asked(asking_too_much)) == {("PW-01", "error")}
    assert asked(asking_too_much, requirement=asked_for).answer == "eligible"


def test_without_credits_the_hours_are_the_target() -> None:
    def without_credits(data: Data, parts: list[Data]) -> None:
        awarded(data, parts)
        for one in (data, *parts):
            programme(one)["credits"] = []

    def with_more_hours(data: Data, parts: list[Data]) -> None:
        without_credits(data, parts)
        programme(data)["workload"]["hours"] = 45.5

    def with_credits(data: Data, parts: list[Data]) -> None:
        awarded(data, parts)
        programme(data)["workload"]["hours"] = 45.5

    assert asked(without_credits).answer == "eligible"
    assert told(asked(with_more_hours)) == {("PW-01", "error")}
    assert asked(with_credits).answer == "eligible"


def test_a_target_too_long_to_be_honest_is_not_answered() -> None:
    def endless(data: Data, parts: list[Data]) -> None:
        asking_too_much(data, parts)
        programme(data)["credits"][0]["points"] = "9" * 1000

    assert told(asked(endless)) == {("PW-01", "unknown")}


def test_parts_of_one_day_are_in_order() -> None:
    def one_day(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(pathway="rigid")
        for part in parts:
            part["award"]["date_awarded"] = "2025-11-24"

    before = Requirement(prerequisites={"S4G-ECO": ("S4G-SOC",)})

    assert asked(one_day, requirement=before).answer == "eligible"


def test_the_least_level_is_reached_by_it_and_not_by_none() -> None:
    four = Requirement(least_eqf=4)

    def unlevelled(data: Data, parts: list[Data]) -> None:
        path(pathway="open")(data, parts)
        programme(parts[0])["level"] = None

    reached = asked(path(pathway="open"), requirement=four)
    unknown = asked(unlevelled, requirement=four)

    assert reached.answer == "eligible"
    assert [part.code for part in unknown.counted] == ["S4G-ECN", "S4G-SOC"]

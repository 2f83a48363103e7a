"""What a host decides is kept, and what may be combined is drafted."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.record import CredentialRecord, ProgrammeDocument, refusals
from edc_issuer.rules.combining import Awarding, combine
from edc_issuer.rules.decisions import record_decision
from edc_issuer.rules.stacking import assess
from stacks import (
    DAY,
    NAMES,
    Data,
    part_dict,
    passed,
    programme,
    three,
    two_parts,
    whole,
    whole_dict,
)
from world import record


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
    for eligibility, made in [(unsure, None), (unsure, refused), (other, decision)]:
        with pytest.raises(RecordError, match="ST-01"):
            combine(whole(), eligibility, awarding(), decision=made)


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


def test_a_draft_keeps_the_hours_that_nobody_can_add_up() -> None:
    def unmeasured(data: Data, parts: list[Data]) -> None:
        two_parts(pathway="open")(data, parts)
        programme(parts[0])["workload"]["hours"] = None

    data, parts = whole_dict(), [part_dict(name) for name in NAMES]
    unmeasured(data, parts)
    document = ProgrammeDocument.from_dict(data)
    del data["programme"]["workload"]
    silent = ProgrammeDocument.from_dict(data)
    brought = [passed(part) for part in parts]

    def hours(whole_: ProgrammeDocument) -> object:
        draft = combine(whole_, assess(whole_, brought, at=DAY), awarding())
        return draft.programme.workload and draft.programme.workload.hours

    assert hours(document) == 45
    assert hours(silent) is None

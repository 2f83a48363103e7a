"""From verified parts to a draft of the larger record, ready for `Issuer.issue`.

The draft holds the programme of the whole with the union of outcomes, what the parts
add up to, one result a part, and where each part is found. It is a record like any
other: nothing is awarded before a school issues it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import (
    Award,
    CredentialRecord,
    Evidence,
    Learner,
    Organisation,
    Part,
    Programme,
    ProgrammeDocument,
    Result,
)
from edc_issuer.rules import parts as brought
from edc_issuer.rules.decisions import Decision
from edc_issuer.rules.parts import Combined, outcome_keys
from edc_issuer.rules.stacking import Eligibility

_WHY = "the rules answer {answer}: {rules}; decide first, and hand the decision in"


@dataclass(frozen=True, slots=True)
class Awarding:
    """Who awards the whole, under which number, and how.

    Of `award` the result may be left out: it becomes a pass on the day of the award,
    with the points of every part. `learner` defaults to the one of the last part.
    """

    record_id: str
    award: Award
    issuer: Organisation
    awarding_bodies: tuple[Organisation, ...] = ()
    learner: Learner | None = None
    evidence: tuple[Evidence, ...] = ()


def combine(
    whole: ProgrammeDocument,
    eligibility: Eligibility,
    awarding: Awarding,
    *,
    decision: Decision | None = None,
) -> CredentialRecord:
    """The draft of the larger record, of the parts that `eligibility` counted.

    `RecordError` unless the rules answered "eligible", or a `decision` on this very
    answer accepted it.
    """
    _refuse(eligibility, decision)
    parts = eligibility.counted
    award = awarding.award
    result = award.result or Result("pass", date=award.date_awarded)
    if not result.part_results:
        result = replace(result, part_results=eligibility.combined.part_results)
    return CredentialRecord(
        record_version="1",
        record_id=awarding.record_id,
        credential_kind=whole.programme.kind,
        primary_language=whole.primary_language,
        languages=whole.languages,
        learner=awarding.learner or _latest(parts).record.learner,
        issuer=awarding.issuer,
        awarding_bodies=awarding.awarding_bodies or (awarding.issuer,),
        programme=_programme(whole.programme, eligibility.combined),
        award=replace(award, result=result),
        national_profile=whole.national_profile,
        project_profile=whole.project_profile,
        parts=tuple(_reference(part, whole.programme) for part in parts),
        evidence=tuple(_evidence(parts, awarding.evidence)),
    )


def _refuse(eligibility: Eligibility, decision: Decision | None) -> None:
    if eligibility.answer == "eligible":
        return
    accepted = decision is not None and decision.decision == "accepted"
    if accepted and decision is not None and decision.eligibility == eligibility:
        return
    rules = ", ".join(dict.fromkeys(reason.rule for reason in eligibility.reasons))
    why = _WHY.format(answer=eligibility.answer, rules=rules)
    raise RecordError([Problem("parts", f"stack-{eligibility.answer}", why)])


def _latest(parts: Sequence[brought.Part]) -> brought.Part:
    """The part awarded last: a name may have changed since the first one."""
    return max(parts, key=lambda part: part.awarded)


def _programme(whole: Programme, combined: Combined) -> Programme:
    """The whole's programme; of a choice of parts, with what was chosen."""
    known = {key for outcome in whole.outcomes for key in outcome_keys(outcome)}
    added = [one for one in combined.outcomes if not outcome_keys(one) & known]
    union = replace(whole, outcomes=(*whole.outcomes, *added))
    if brought.asks_for_all(whole):
        return union  # its own sizes are the sums: ST-03 and ST-04 saw to that
    workload = whole.workload
    if workload is not None and combined.hours is not None:
        workload = replace(workload, hours=combined.hours)
    return replace(union, workload=workload, credits=combined.credits)


def _reference(part: brought.Part, whole: Programme) -> Part:
    return Part(
        record_id=part.record.record_id,
        programme_code=part.code,
        credential_id=part.credential_id or part.record.credential_id,
        required=brought.asks_for_all(whole),
    )


def _evidence(parts: Sequence[brought.Part], own: Sequence[Evidence]) -> list[Evidence]:
    """That of the parts and that of the whole, each once."""
    found: list[Evidence] = []
    for one in (*(item for part in parts for item in part.record.evidence), *own):
        if one not in found:
            found.append(one)
    return found

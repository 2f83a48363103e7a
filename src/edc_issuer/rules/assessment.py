"""Rules on assessment: was it passed, is it one, and did it come in its time?

Also quality assurance, which stands behind it: rules AS and QA.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edc_issuer.record import (
    Assessment,
    CredentialRecord,
    PartResult,
    Programme,
    Result,
)
from edc_issuer.rules.subject import MICRO_KINDS, Found, Subject, shown

FEEDBACK = ("teacher_feedback", "learner_feedback", "peer_feedback")
_RESULT = "award.result"


def assessment_findings(subject: Subject) -> Iterator[Found]:
    """AS-01 to AS-04, AS-06, AS-07, QA-01 and QA-02."""
    programme, record = subject.programme, subject.record
    if record is not None and programme.assessment is not None:
        yield from pass_mark(record, programme.assessment)
    if programme.assessment is None and subject.kind in MICRO_KINDS:
        yield Found("AS-02", "programme.assessment")
    if programme.assessment is not None:
        yield from _quality_of_assessment(programme.assessment)
    yield from _self_directed(programme)
    if record is not None:
        yield from _diary(record)
    yield from _quality(programme)


def pass_mark(record: CredentialRecord, assessment: Assessment) -> Iterator[Found]:
    """AS-01: the points, each part's points, or the status alone."""
    result = record.award.result
    if result is None:
        yield _cannot_tell(_RESULT)
    elif assessment.pass_rule == "each_part":
        yield from _each_part(record, result, assessment)
    else:
        yield from _points(result, assessment)


def _points(result: Result, assessment: Assessment) -> Iterator[Found]:
    needed = None if assessment.pass_rule == "pass_fail" else assessment.pass_points
    path = f"{_RESULT}.points"
    if needed is not None and result.points is not None and result.points < needed:
        yield _too_few(path, result.points, needed)
    elif result.status != "pass":
        yield from _status(result)
    elif assessment.pass_rule == "points" and needed is None:
        yield _cannot_tell("programme.assessment.pass_points")
    elif assessment.pass_rule == "points" and result.points is None:
        yield _cannot_tell(path)


def _status(result: Result) -> Iterator[Found]:
    """A failed status is a result; any other word than pass is none."""
    path = f"{_RESULT}.status"
    if result.status == "fail":
        yield Found("AS-01", path, "fail", {"case": "fail"})
    elif result.status != "pass":
        yield _cannot_tell(path)


def _each_part(
    record: CredentialRecord, result: Result, assessment: Assessment
) -> Iterator[Found]:
    low = []
    for index, part in enumerate(result.part_results):
        path = f"{_RESULT}.part_results[{index}]"
        needed = part.pass_points
        needed = assessment.pass_points if needed is None else needed
        if needed is None:
            yield _cannot_tell(f"{path}.pass_points")
        elif part.points < needed:
            low.append(_too_few(f"{path}.points", part.points, needed, part))
    yield from low
    if not low:
        yield from _status(result)
    given = {part.programme_code for part in result.part_results}
    if not given or not given.issuperset(_needed_parts(record)):
        yield _cannot_tell(f"{_RESULT}.part_results")


def _needed_parts(record: CredentialRecord) -> set[str]:
    """Codes of the parts that are listed, and of those that were brought along."""
    stacking = record.programme.stacking
    listed = stacking.parts if stacking and stacking.rule in (None, "all_of") else ()
    brought = (part for part in record.parts if part.required is not False)
    return {*listed, *(part.programme_code for part in brought)}


def _too_few(
    path: str, points: Decimal, needed: Decimal, part: PartResult | None = None
) -> Found:
    values = {"points": shown(points), "required": shown(needed)}
    detail = points if part is None else f"{part.programme_code} {shown(points)}"
    return Found("AS-01", path, detail, values)


def _cannot_tell(path: str) -> Found:
    return Found("AS-01", path, severity="unknown")


def _quality_of_assessment(assessment: Assessment) -> Iterator[Found]:
    if assessment.type == "attendance":
        yield Found("AS-03", "programme.assessment.type")
    standard = assessment.standard
    stated = standard and (standard.code or standard.title or standard.url)
    if not assessment.criteria and not stated:
        yield Found("AS-06", "programme.assessment.criteria")


def _self_directed(programme: Programme) -> Iterator[Found]:
    if programme.required_participation != "presential" or not programme.units:
        return
    if all(unit.guidance == "self_directed" for unit in programme.units):
        yield Found("AS-04", "programme.units")


def _diary(record: CredentialRecord) -> Iterator[Found]:
    """AS-07: there is one, and none was handed in after the assessment."""
    diaries = [item for item in record.evidence if item.kind == "learning_diary"]
    if not diaries:
        yield Found("AS-07", "evidence")
        return
    day = record.award.result.date if record.award.result else None
    if day and all(item.date is not None and item.date > day for item in diaries):
        yield Found("AS-07", "evidence")


def _quality(programme: Programme) -> Iterator[Found]:
    path = "programme.quality_assurance.types"
    quality = programme.quality_assurance
    types = quality.types if quality else ()
    stated = {item.kind for item in types if item.scope == "internal"}
    missing = tuple(kind for kind in FEEDBACK if kind not in stated)
    if missing:
        yield Found("QA-01", path, values={"missing": missing})
    external = any(item.scope == "external" for item in types)
    if programme.learning_setting == "formal" and not external:
        yield Found("QA-02", path)

"""Why a record must not become a credential: what was not passed is not awarded."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.errors import Problem
from edc_issuer.record.award import Result
from edc_issuer.record.documents import CredentialRecord
from edc_issuer.record.programme import Assessment

_RESULT = "award.result"
MAX_SHOWN = 10
MAX_CODE = 60


def refusals(record: CredentialRecord) -> Iterator[Problem]:
    """Reasons for which `issue` refuses; none of them names what the learner did.

    Codes: `not-passed` (the status), `points-above-max`, `points-below-pass`,
    `born-after-award`, `part-below-pass`,
    `result-missing`, `part-result-missing` and `pass-points-missing` (nobody can
    tell whether it was passed).
    """
    result, assessment = record.award.result, record.programme.assessment
    yield from _born(record)
    if result is None:
        if assessment is not None:
            yield Problem(
                _RESULT,
                "result-missing",
                "the programme has an assessment, so its result has to be given",
                {"case": "assessment"},
            )
        return
    yield from _status(result, assessment)
    if assessment is not None:
        yield from _above(result, assessment)
    if assessment is not None and assessment.pass_rule == "each_part":
        yield from _each_part(record, result, assessment)
    elif assessment is not None:
        yield from _points(result, assessment)


def _born(record: CredentialRecord) -> Iterator[Problem]:
    born = record.learner.date_of_birth
    if born is not None and born >= record.award.date_awarded:
        yield Problem(
            "learner.date_of_birth",
            "born-after-award",
            "is not before the day of the award",
        )


def _above(result: Result, assessment: Assessment) -> Iterator[Problem]:
    most = assessment.max_points
    if most is not None and result.points is not None and result.points > most:
        yield Problem(
            f"{_RESULT}.points",
            "points-above-max",
            f"is above the {most} points that can be reached",
            {"most": most},
        )


def _status(result: Result, assessment: Assessment | None) -> Iterator[Problem]:
    failed = result.status == "fail"
    if failed or (assessment is not None and result.status != "pass"):
        yield Problem(
            f"{_RESULT}.status",
            "not-passed",
            "only what was passed is awarded; the status has to be pass",
        )


def _points(result: Result, assessment: Assessment) -> Iterator[Problem]:
    needed = assessment.pass_points
    if assessment.pass_rule == "points" and needed is None:
        yield Problem(
            "programme.assessment.pass_points",
            "pass-points-missing",
            "the rule is points, so the points needed to pass have to be given",
            {"case": "rule"},
        )
    elif assessment.pass_rule == "points" and result.points is None:
        yield Problem(
            f"{_RESULT}.points",
            "result-missing",
            "the rule is points, so the points reached have to be given",
            {"case": "points"},
        )
    elif assessment.pass_rule == "pass_fail" or needed is None:
        return
    elif result.points is not None and result.points < needed:
        yield Problem(
            f"{_RESULT}.points",
            "points-below-pass",
            f"is below the {needed} points needed to pass",
            {"needed": needed},
        )


def _each_part(
    record: CredentialRecord, result: Result, assessment: Assessment
) -> Iterator[Problem]:
    for index, part in enumerate(result.part_results):
        needed = (
            assessment.pass_points if part.pass_points is None else part.pass_points
        )
        path = f"{_RESULT}.part_results[{index}]"
        if needed is None:
            yield Problem(
                f"{path}.pass_points",
                "pass-points-missing",
                "the points needed to pass this part have to be given",
                {"case": "part"},
            )
        elif part.points < needed:
            yield Problem(
                f"{path}.points",
                "part-below-pass",
                f"is below the {needed} points needed to pass this part",
                {"needed": needed},
            )
    given = {part.programme_code for part in result.part_results}
    missing = [code for code in _needed_parts(record) if code not in given]
    if missing or not given:
        shown = _shown(missing)
        yield Problem(
            f"{_RESULT}.part_results",
            "part-result-missing",
            f"every part needs its result; missing: {shown or 'all'}",
            {"case": "named", "parts": shown} if shown else {"case": "all"},
        )


def _shown(codes: list[str]) -> str:
    """Codes come from the record: a few, short ones, for a terminal to print."""
    plain = [code for code in codes if code.isprintable() and len(code) <= MAX_CODE]
    return ", ".join(plain[:MAX_SHOWN])


def _needed_parts(record: CredentialRecord) -> Iterator[str]:
    """Codes of the parts, each once: those listed, and those brought along.

    Where a choice of parts is enough (`n_of`, `credits_at_least`), only the ones
    that the learner brought along can be asked for.
    """
    stacking = record.programme.stacking
    listed = stacking.parts if stacking and stacking.rule in (None, "all_of") else ()
    brought = [
        part.programme_code for part in record.parts if part.required is not False
    ]
    yield from dict.fromkeys([*listed, *brought])

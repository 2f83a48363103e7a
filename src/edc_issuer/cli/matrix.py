"""`edc-issuer matrix`: from a trainer's sheet to who may be awarded what."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import EASTERNMOST, language_from, put, say, show
from edc_issuer.cli.options import Lang, ResultAsJson
from edc_issuer.cli.rows import place_of
from edc_issuer.errors import ConfigError

if TYPE_CHECKING:
    from edc_issuer.messages import Messages
    from edc_issuer.record import Programme
    from edc_issuer.rules.matrix import LearnerMatrix, MatrixDecision
    from edc_issuer.sources.programmes import Programmes


def matrix(
    sheet: Annotated[
        Path,
        typer.Argument(
            help="CSV or XLSX: a row for each unit, diary and assessment, a column for "
            "each learner."
        ),
    ],
    programmes: Annotated[
        Path | None,
        typer.Option(
            help="Folder with programmes.csv, outcomes.csv, units.csv and "
            "organisations.csv (default: beside the sheet)."
        ),
    ] = None,
    lang: Lang = None,
    as_json: ResultAsJson = False,
) -> None:
    """Say what each learner may be awarded, and why not what is refused.

    Awarding stays an act of the school: nothing is written or issued.
    """
    from edc_issuer.messages import Messages
    from edc_issuer.rules.matrix import decide
    from edc_issuer.sources import UnreadableRows, read_matrix
    from edc_issuer.sources.entries import programmes_in

    messages = Messages(language_from(lang))
    try:
        offered = programmes_in(programmes or sheet.parent)
        read = read_matrix(sheet, assessments=_assessments(offered))
        own, whole = _concerned(read, offered, messages)
    except UnreadableRows as error:
        lines = [
            f"{place_of(one)}: {messages.problem(one.problem)}" for one in error.places
        ]
        raise ConfigError("\n".join(lines)) from error
    decisions = decide(read, own, whole, at=_today())
    if as_json:
        put([one.to_dict() for one in decisions])
        return
    for one in decisions:
        show(f"{one.learner_id} {one.programme_code}: {_answer(one, messages)}")
    say(messages.text("matrix.counted", learners=len(read.learners)))


def _assessments(offered: Programmes) -> set[str]:
    """The ids under which assessments may stand in the sheet."""
    from edc_issuer.columns import BadCell
    from edc_issuer.sources.organisations import Faulty

    found = set()
    for code in offered.codes():
        languages = offered.languages(code)
        # A faulty programme is told of where it is needed.
        with suppress(Faulty, BadCell, IndexError):
            programme = offered.find(code, languages[0], languages).programme
            assessment = programme.assessment
            if assessment is not None and assessment.id is not None:
                found.add(assessment.id)
    return found


def _answer(decision: MatrixDecision, messages: Messages) -> str:
    if decision.answer != "award":
        return decision.sentence(messages)
    if decision.day is None:
        return messages.text("matrix.award")
    return messages.text("matrix.award_on", day=decision.day)


def _concerned(
    read: LearnerMatrix, offered: Programmes, messages: Messages
) -> tuple[dict[str, Programme], Programme | None]:
    """The programmes that the sheet has rows of, and the whole that they make."""
    own: dict[str, Programme] = {}
    wholes = []
    for code in offered.codes():
        if any(one.startswith(f"{code}-") for one in read.contents):
            own[code] = _programme(offered, code, messages)
        elif offered.stacked(code):
            wholes.append(code)
    if not own:
        raise ConfigError(messages.text("matrix.no_programme"))
    made = [code for code in wholes if set(offered.stacked(code)) <= set(own)]
    whole = _programme(offered, made[0], messages) if len(made) == 1 else None
    return own, whole


def _programme(offered: Programmes, code: str, messages: Messages) -> Programme:
    from edc_issuer.columns import BadCell
    from edc_issuer.sources.organisations import Faulty

    languages = offered.languages(code)
    try:
        return offered.find(code, languages[0], languages).programme
    except Faulty as faulty:
        lines = [
            f"{place_of(one)}: {messages.problem(one.problem)}" for one in faulty.places
        ]
        raise ConfigError("\n".join(lines)) from faulty
    except (BadCell, IndexError) as error:
        raise ConfigError(messages.text("matrix.no_programme")) from error


def _today() -> date:
    """The last day that has come anywhere: nobody's today is taken for tomorrow."""
    return (datetime.now(UTC) + EASTERNMOST).date()

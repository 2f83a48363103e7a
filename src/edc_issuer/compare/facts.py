"""The facts of an award, and what two records say of each.

A fact is a row of `FACTS`: its id, the field of the record that decides whether a
model has a place for it, and what a record says of it, as texts to be compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.identity import learner_identifiers
from edc_issuer.compare.sides import Side
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import CredentialRecord, LangText, Organisation

Said = Iterable[str | None]
MAX_SHOWN = 40  # parts of one fact; a stacked credential has a dozen outcomes
_SEPARATOR = " | "
_STACKED = "stacked_"


@dataclass(frozen=True, slots=True)
class View:
    """A record as it is looked at: in which voice, and how finely.

    Where a text is missing in a language, a badge shows another one, and so does a
    viewer of an EDC: both are asked for what they would show. `blunt` where one of
    the files is a badge, which knows a stacked credential by its parts only.
    """

    record: CredentialRecord
    voice: Voice
    blunt: bool

    def text(self, texts: LangText | None) -> str | None:
        """What is shown of a text."""
        return self.voice.text(texts)


@dataclass(frozen=True, slots=True)
class Fact:
    """One question about an award.

    `text`: the answer depends on the language. `strict`: a file whose model has no
    place for it says nothing, whatever stands in that field of its record.
    """

    id: str
    path: str  # of the field in the record
    said: Callable[[View], Said]
    text: bool = False
    strict: bool = False


def compared(a: Side, b: Side, *, language: str) -> tuple[Compared, ...]:
    """Every fact that at least one of two files tells."""
    blunt = "ob3" in (a.model, b.model)
    views = [
        View(s.record, Voice(language, s.record.primary_language), blunt)
        for s in (a, b)
    ]
    rows = [row for fact in FACTS for row in _compared(fact, (a, b), views)]
    return (*learner_identifiers(a, b), *rows)


def _compared(
    fact: Fact, sides: tuple[Side, Side], views: Sequence[View]
) -> Iterator[Compared]:
    (a, b), language = sides, views[0].voice.language
    first, second = _said(fact, a, views[0]), _said(fact, b, views[1])
    if not first and not second:
        return
    shown = _shown(first), _shown(second)
    if first == second:
        yield Compared(fact.id, Answer.SAME, *shown)
        return
    silent = [side for side, said in ((a, first), (b, second)) if not said]
    why = next(filter(None, (_why(fact, side, language) for side in silent)), "")
    if why:
        yield Compared(fact.id, Answer.UNSAYABLE, *shown, why=why)
    elif silent:
        only = Answer.ONLY_B if silent[0] is a else Answer.ONLY_A
        yield Compared(fact.id, only, *shown)
    else:
        yield Compared(fact.id, Answer.DIFFERS, *shown)


def _why(fact: Fact, silent: Side, language: str) -> str:
    """Why a file cannot say what the other tells; "" if it could and does not."""
    if fact.text and language not in silent.languages:
        return "language"
    return "" if silent.says(fact.path) else "model"


def _said(fact: Fact, side: Side, view: View) -> tuple[str, ...]:
    if fact.text and view.voice.language not in side.languages:
        return ()
    if fact.strict and not side.says(fact.path):
        return ()
    found = (text for text in fact.said(view) if text)
    return tuple(unicodedata.normalize("NFC", text) for text in found)


def _shown(said: tuple[str, ...]) -> str | None:
    if len(said) > MAX_SHOWN:
        said = (*said[:MAX_SHOWN], f"… (+{len(said) - MAX_SHOWN})")
    return _SEPARATOR.join(said) or None


def _figures(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _name(view: View) -> Said:
    learner = view.record.learner
    yield f"{learner.given_name} {learner.family_name}".strip()


def _kind(view: View) -> Said:
    kind = view.record.credential_kind
    yield kind.removeprefix(_STACKED) if view.blunt else kind


def _number(org: Organisation) -> str | None:
    return org.legal_identifier.value if org.legal_identifier else None


def _bodies(view: View) -> Said:
    return (view.text(body.legal_name) for body in view.record.awarding_bodies)


def _outcomes(view: View) -> Said:
    return (view.text(outcome.title) for outcome in view.record.programme.outcomes)


def _credits(*, indicative: bool) -> Callable[[View], Said]:
    def said(view: View) -> Said:
        for credit in view.record.programme.credits:
            if bool(credit.indicative) is indicative:
                yield f"{credit.system} {_figures(Decimal(credit.points))}"

    return said


def _level(view: View) -> Said:
    level = view.record.programme.level
    if level is None:
        return
    yield f"EQF {level.eqf}" if level.eqf else None
    yield f"{level.nqf.framework} {level.nqf.level}" if level.nqf else None
    yield level.ehea_cycle


def _basis_of_level(view: View) -> Said:
    """On what a stated level rests; where none is stated there is nothing to rest."""
    level = view.record.programme.level
    yield level.basis if level and any(_level(view)) else None


def _basis(view: View) -> Said:
    """Earlier learning; that it was a course, or participation, the kind tells."""
    basis = view.record.award.validation_basis
    yield basis if basis.startswith("validation_") else None


def _assessment(view: View) -> Said:
    planned = view.record.programme.assessment
    yield view.text(planned.title) if planned else None


def _of_assessment(name: str) -> Callable[[View], Said]:
    return lambda view: [getattr(view.record.programme.assessment, name, None)]


def _limits(view: View) -> Said:
    planned = view.record.programme.assessment
    yield _figures(planned.max_points) if planned else None
    yield _figures(planned.pass_points) if planned else None


def _result(view: View) -> Said:
    result = view.record.award.result
    yield _figures(result.points) if result else None


def _results_of_parts(view: View) -> Said:
    result = view.record.award.result
    for part in result.part_results if result else ():
        yield f"{part.programme_code}: {_figures(part.points)}"


def _grade(view: View) -> Said:
    result = view.record.award.result
    yield view.text(result.grade) if result else None


def _quality(view: View) -> Said:
    quality = view.record.programme.quality_assurance
    for measure in quality.types if quality else ():
        named = (measure.scope, measure.kind, measure.framework)
        yield " ".join(filter(None, named))


def _quality_words(view: View) -> Said:
    quality = view.record.programme.quality_assurance
    for measure in quality.types if quality else ():
        yield view.text(measure.text)


def _form(view: View) -> Said:
    programme = view.record.programme
    yield programme.participation_form or programme.delivery_mode


def _stacking(view: View) -> Said:
    stacking = view.record.programme.stacking
    return stacking.options if stacking else ()


def _joined(view: View) -> Said:
    stacking = view.record.programme.stacking
    if stacking is not None:
        yield from (f"⊃ {code}" for code in stacking.parts)
        yield from (f"⊂ {code}" for code in stacking.part_of)


def _standards(view: View) -> Said:
    return (view.text(item.title) for item in view.record.programme.standards)


def _register(view: View) -> Said:
    register = view.record.programme.register
    yield register.code if register else None


def _activity(view: View) -> Said:
    activity = view.record.award.activity
    yield _day(activity.start) if activity else None
    yield _day(activity.end) if activity else None


def _workload(view: View) -> Said:
    workload = view.record.programme.workload
    yield _figures(workload.hours) if workload else None


def _of_programme(name: str) -> Callable[[View], Said]:
    return lambda view: [getattr(view.record.programme, name)]


def _text_of_programme(name: str) -> Callable[[View], Said]:
    return lambda view: [view.text(getattr(view.record.programme, name))]


def _day_of_award(name: str) -> Callable[[View], Said]:
    return lambda view: [_day(getattr(view.record.award, name))]


_LEARNER = (
    Fact("learner.name", "learner.given_name", _name),
    Fact(
        "learner.born",
        "learner.date_of_birth",
        lambda view: [_day(view.record.learner.date_of_birth)],
    ),
    Fact(
        "learner.did",
        "learner.subject_did",
        lambda view: [view.record.learner.subject_did],
    ),
)
_WHAT = (
    Fact("kind", "credential_kind", _kind),
    Fact("title", "programme.title", _text_of_programme("title"), text=True),
    Fact(
        "description",
        "programme.description",
        _text_of_programme("description"),
        text=True,
    ),
    Fact("code", "programme.code", _of_programme("code")),
)
_WHO = (
    Fact(
        "issuer.name",
        "issuer.legal_name",
        lambda view: [view.text(view.record.issuer.legal_name)],
        text=True,
    ),
    Fact(
        "issuer.number",
        "issuer.legal_identifier.value",
        lambda view: [_number(view.record.issuer)],
    ),
    Fact("awarding-body.name", "awarding_bodies.legal_name", _bodies, text=True),
    Fact(
        "awarding-body.number",
        "awarding_bodies.legal_identifier.value",
        lambda view: map(_number, view.record.awarding_bodies),
    ),
)
_WHEN = (
    Fact("awarded", "award.date_awarded", _day_of_award("date_awarded")),
    Fact("valid-from", "award.valid_from", _day_of_award("valid_from")),
    Fact("valid-until", "award.valid_until", _day_of_award("valid_until")),
    Fact(
        "certificate",
        "award.certificate_number",
        lambda view: [view.record.award.certificate_number],
    ),
)
_LEARNT = (
    Fact("outcomes", "programme.outcomes.title", _outcomes, text=True),
    Fact("workload", "programme.workload.hours", _workload),
    Fact("credits", "programme.credits.points", _credits(indicative=False)),
    Fact("credits.indicative", "programme.credits.points", _credits(indicative=True)),
    Fact("level", "programme.level.eqf", _level),
    Fact("level.basis", "programme.level.basis", _basis_of_level),
    Fact("assessment", "programme.assessment.title", _assessment, text=True),
    Fact("assessment.type", "programme.assessment.type", _of_assessment("type")),
    Fact("assessment.limits", "programme.assessment.max_points", _limits),
    Fact(
        "supervision", "programme.assessment.supervision", _of_assessment("supervision")
    ),
    Fact("result", "award.result.points", _result),
    Fact("result.parts", "award.result.part_results.points", _results_of_parts),
    Fact("grade", "award.result.grade", _grade, text=True),
)
_AROUND = (
    Fact("quality", "programme.quality_assurance.types.kind", _quality),
    Fact(
        "quality.words",
        "programme.quality_assurance.types.text",
        _quality_words,
        text=True,
    ),
    Fact("setting", "programme.learning_setting", _of_programme("learning_setting")),
    Fact("participation", "programme.participation_form", _form, strict=True),
    Fact("field", "programme.isced_f", lambda view: view.record.programme.isced_f),
    Fact(
        "entry",
        "programme.entry_requirements",
        _text_of_programme("entry_requirements"),
        text=True,
    ),
    Fact("stacking", "programme.stacking.options", _stacking),
    Fact("stacking.codes", "programme.stacking.parts", _joined),
    Fact("standards", "programme.standards.title", _standards, text=True),
    Fact("register", "programme.register.code", _register),
    # Both models have a place for it, and none for an ordinary course.
    Fact("basis", "", _basis),
    Fact("activity", "award.activity.start", _activity),
    Fact(
        "evidence",
        "evidence.kind",
        lambda view: (item.kind for item in view.record.evidence),
    ),
    Fact(
        "parts",
        "parts.programme_code",
        lambda view: (part.programme_code for part in view.record.parts),
    ),
)
FACTS: tuple[Fact, ...] = (*_LEARNER, *_WHAT, *_WHO, *_WHEN, *_LEARNT, *_AROUND)

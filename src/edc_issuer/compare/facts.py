"""The facts of an award, and what two records say of each.

A fact is a row of `FACTS`: its id, the field of the record that decides whether a
model has a place for it, and what a record says of it, as texts to be compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.identity import learner_identifiers
from edc_issuer.compare.sides import Side
from edc_issuer.record import CredentialRecord, LangText, Organisation, Programme

Said = Iterable[str | None]
MAX_SHOWN = 40  # parts of one fact; a stacked credential has a dozen outcomes
_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Fact:
    """One question about an award; `text` where the answer depends on the language."""

    id: str
    path: str  # of the field in the record
    said: Callable[[CredentialRecord, str], Said]
    text: bool = False


def compared(a: Side, b: Side, *, language: str) -> tuple[Compared, ...]:
    """Every fact that at least one of two files tells."""
    rows = [row for fact in FACTS for row in _compared(fact, a, b, language)]
    return (*learner_identifiers(a, b), *rows)


def _compared(fact: Fact, a: Side, b: Side, language: str) -> Iterator[Compared]:
    first, second = _said(fact, a, language), _said(fact, b, language)
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


def _said(fact: Fact, side: Side, language: str) -> tuple[str, ...]:
    if fact.text and language not in side.languages:
        return ()
    found = (text for text in fact.said(side.record, language) if text)
    return tuple(unicodedata.normalize("NFC", text) for text in found)


def _shown(said: tuple[str, ...]) -> str | None:
    if len(said) > MAX_SHOWN:
        said = (*said[:MAX_SHOWN], f"… (+{len(said) - MAX_SHOWN})")
    return _SEPARATOR.join(said) or None


def _text(texts: LangText | None, language: str) -> str | None:
    return (texts or {}).get(language)


def _figures(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _name(record: CredentialRecord, _: str) -> Said:
    yield f"{record.learner.given_name} {record.learner.family_name}".strip()


def _number(org: Organisation) -> str | None:
    return org.legal_identifier.value if org.legal_identifier else None


def _outcomes(record: CredentialRecord, language: str) -> Said:
    return (_text(outcome.title, language) for outcome in record.programme.outcomes)


def _credits(record: CredentialRecord, *, indicative: bool) -> Said:
    return (
        f"{credit.system} {_figures(Decimal(credit.points))}"
        for credit in record.programme.credits
        if bool(credit.indicative) is indicative
    )


def _level(programme: Programme) -> Said:
    level = programme.level
    if level is None:
        return
    yield f"EQF {level.eqf}" if level.eqf else None
    yield f"{level.nqf.framework} {level.nqf.level}" if level.nqf else None
    yield level.ehea_cycle


def _assessment(record: CredentialRecord, language: str) -> Said:
    planned = record.programme.assessment
    yield _text(planned.title, language) if planned else None


def _limits(record: CredentialRecord, _: str) -> Said:
    planned = record.programme.assessment
    yield _figures(planned.max_points) if planned else None
    yield _figures(planned.pass_points) if planned else None


def _result(record: CredentialRecord, _: str) -> Said:
    result = record.award.result
    yield _figures(result.points) if result else None


def _parts(record: CredentialRecord, _: str) -> Said:
    result = record.award.result
    for part in result.part_results if result else ():
        yield f"{part.programme_code}: {_figures(part.points)}"


def _grade(record: CredentialRecord, language: str) -> Said:
    result = record.award.result
    yield _text(result.grade, language) if result else None


def _quality(record: CredentialRecord, _: str) -> Said:
    quality = record.programme.quality_assurance
    for measure in quality.types if quality else ():
        named = (measure.scope, measure.kind, measure.framework)
        yield " ".join(filter(None, named))


def _quality_words(record: CredentialRecord, language: str) -> Said:
    quality = record.programme.quality_assurance
    for measure in quality.types if quality else ():
        yield _text(measure.text, language)


def _stacking(record: CredentialRecord, _: str) -> Said:
    stacking = record.programme.stacking
    return stacking.options if stacking else ()


def _joined(record: CredentialRecord, _: str) -> Said:
    stacking = record.programme.stacking
    if stacking is not None:
        yield from (f"⊃ {code}" for code in stacking.parts)
        yield from (f"⊂ {code}" for code in stacking.part_of)


def _standards(record: CredentialRecord, language: str) -> Said:
    return (_text(item.title, language) for item in record.programme.standards)


def _register(record: CredentialRecord, _: str) -> Said:
    register = record.programme.register
    yield register.code if register else None


def _activity(record: CredentialRecord, _: str) -> Said:
    activity = record.award.activity
    yield _day(activity.start) if activity else None
    yield _day(activity.end) if activity else None


def _workload(record: CredentialRecord, _: str) -> Said:
    workload = record.programme.workload
    yield _figures(workload.hours) if workload else None


def _supervision(record: CredentialRecord, _: str) -> Said:
    planned = record.programme.assessment
    yield planned.supervision if planned else None


def _of_level(name: str) -> Callable[[CredentialRecord, str], Said]:
    def said(record: CredentialRecord, _: str) -> Said:
        level = record.programme.level
        yield getattr(level, name) if level else None

    return said


FACTS: tuple[Fact, ...] = (
    Fact("learner.name", "learner.given_name", _name),
    Fact(
        "learner.born",
        "learner.date_of_birth",
        lambda r, _: [_day(r.learner.date_of_birth)],
    ),
    Fact("learner.did", "learner.subject_did", lambda r, _: [r.learner.subject_did]),
    Fact("kind", "credential_kind", lambda r, _: [r.credential_kind]),
    Fact(
        "title",
        "programme.title",
        lambda r, tag: [_text(r.programme.title, tag)],
        text=True,
    ),
    Fact(
        "description",
        "programme.description",
        lambda r, tag: [_text(r.programme.description, tag)],
        text=True,
    ),
    Fact("code", "programme.code", lambda r, _: [r.programme.code]),
    Fact(
        "issuer.name",
        "issuer.legal_name",
        lambda r, tag: [_text(r.issuer.legal_name, tag)],
        text=True,
    ),
    Fact(
        "issuer.number",
        "issuer.legal_identifier.value",
        lambda r, _: [_number(r.issuer)],
    ),
    Fact(
        "awarding-body.name",
        "awarding_bodies.legal_name",
        lambda r, tag: (_text(body.legal_name, tag) for body in r.awarding_bodies),
        text=True,
    ),
    Fact(
        "awarding-body.number",
        "awarding_bodies.legal_identifier.value",
        lambda r, _: map(_number, r.awarding_bodies),
    ),
    Fact("awarded", "award.date_awarded", lambda r, _: [_day(r.award.date_awarded)]),
    Fact("valid-from", "award.valid_from", lambda r, _: [_day(r.award.valid_from)]),
    Fact("valid-until", "award.valid_until", lambda r, _: [_day(r.award.valid_until)]),
    Fact(
        "certificate",
        "award.certificate_number",
        lambda r, _: [r.award.certificate_number],
    ),
    Fact("outcomes", "programme.outcomes.title", _outcomes, text=True),
    Fact("workload", "programme.workload.hours", _workload),
    Fact(
        "credits",
        "programme.credits.points",
        lambda r, _: _credits(r, indicative=False),
    ),
    Fact(
        "credits.indicative",
        "programme.credits.points",
        lambda r, _: _credits(r, indicative=True),
    ),
    Fact("level", "programme.level.eqf", lambda r, _: _level(r.programme)),
    Fact("level.basis", "programme.level.basis", _of_level("basis")),
    Fact("assessment", "programme.assessment.title", _assessment, text=True),
    Fact(
        "assessment.type",
        "programme.assessment.type",
        lambda r, _: [r.programme.assessment.type if r.programme.assessment else None],
    ),
    Fact("assessment.limits", "programme.assessment.max_points", _limits),
    Fact("supervision", "programme.assessment.supervision", _supervision),
    Fact("result", "award.result.points", _result),
    Fact("result.parts", "award.result.part_results.points", _parts),
    Fact("grade", "award.result.grade", _grade, text=True),
    Fact("quality", "programme.quality_assurance.types.kind", _quality),
    Fact(
        "quality.words",
        "programme.quality_assurance.types.text",
        _quality_words,
        text=True,
    ),
    Fact(
        "setting",
        "programme.learning_setting",
        lambda r, _: [r.programme.learning_setting],
    ),
    Fact(
        "participation",
        "programme.delivery_mode",
        lambda r, _: [r.programme.participation_form or r.programme.delivery_mode],
    ),
    Fact("field", "programme.isced_f", lambda r, _: r.programme.isced_f),
    Fact(
        "entry",
        "programme.entry_requirements",
        lambda r, tag: [_text(r.programme.entry_requirements, tag)],
        text=True,
    ),
    Fact("stacking", "programme.stacking.options", _stacking),
    Fact("stacking.codes", "programme.stacking.parts", _joined),
    Fact("standards", "programme.standards.title", _standards, text=True),
    Fact("register", "programme.register.code", _register),
    Fact("basis", "award.validation_basis", lambda r, _: [r.award.validation_basis]),
    Fact("activity", "award.activity.start", _activity),
    Fact("evidence", "evidence.kind", lambda r, _: (item.kind for item in r.evidence)),
    Fact(
        "parts",
        "parts.programme_code",
        lambda r, _: (p.programme_code for p in r.parts),
    ),
)

"""Rules on how a record presents itself: languages, dates, what a country asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from edc_issuer.record import (
    CoDevelopedBy,
    CredentialRecord,
    Organisation,
    ProgrammeDocument,
)
from edc_issuer.rules.subject import Found, Subject

# Names stay in the languages that their owners gave them; and what is no text.
_EXCEPTED: dict[Any, set[str]] = {
    Organisation: {"legal_name", "alt_name", "address"},
    CoDevelopedBy: {"name"},
    CredentialRecord: {"extensions", "pictures"},
    ProgrammeDocument: {"extensions"},
}


def presentation_findings(subject: Subject) -> Iterator[Found]:
    """PR-01, PR-03, ST-12, PD-01 and RS-01."""
    yield from _stack_of_programme(subject)
    yield from _languages(subject)
    if subject.record is not None:
        yield from _order_of_dates(subject.record)
        yield from _public_document(subject.record)
    if any(item.outcome_source is None for item in subject.programme.outcomes):
        yield Found("RS-01", "programme.outcomes")


def _stack_of_programme(subject: Subject) -> Iterator[Found]:
    """ST-12; on an open pathway the learner chooses, so no parts can be listed."""
    stacking = subject.programme.stacking
    if stacking is None or stacking.role != "whole":
        return
    if not stacking.parts and stacking.pathway != "open":
        yield Found("ST-12", "programme.stacking.parts")
    elif not subject.programme.entry_requirements:
        yield Found("ST-12", "programme.entry_requirements")


def _languages(subject: Subject) -> Iterator[Found]:
    declared = tuple(dict.fromkeys(subject.document.languages))
    for path, text in _needed_texts(subject):
        for language in declared:
            if language not in text:
                yield _language(path, language)
    known = frozenset(declared)
    for path, text in _texts(subject.document, ""):
        for language in text:
            if language not in known:
                yield _language(path, language)


def _language(path: str, language: str) -> Found:
    values = {"language": language, "field": path}
    return Found("PR-01", path, language, values)


def _needed_texts(subject: Subject) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The texts that a reader of any declared language needs, where they are given."""
    programme, record = subject.programme, subject.record
    yield "programme.title", programme.title
    for index, outcome in enumerate(programme.outcomes):
        yield f"programme.outcomes[{index}].title", outcome.title
    if record and record.award.result and record.award.result.grade:
        yield "award.result.grade", record.award.result.grade
    if programme.assessment:
        yield "programme.assessment.title", programme.assessment.title
    quality = programme.quality_assurance
    for index, item in enumerate(quality.types if quality else ()):
        if item.text:
            yield f"programme.quality_assurance.types[{index}].text", item.text
    if quality and quality.summary:
        yield "programme.quality_assurance.summary", quality.summary


def _texts(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text by language below a value of the record, with its path."""
    kind: Any = type(value)
    for name in _members(kind):
        member = getattr(value, name)
        here = f"{path}.{name}" if path else name
        if isinstance(member, Mapping):
            yield here, member
        elif isinstance(member, tuple):
            for index, item in enumerate(member):
                yield from _texts(item, f"{here}[{index}]")
        elif member is not None:
            yield from _texts(member, here)


@cache
def _members(kind: Any) -> tuple[str, ...]:
    """Members of a record's class that may hold texts; none of what is no class."""
    if not is_dataclass(kind):
        return ()
    skipped = _EXCEPTED.get(kind, set())
    return tuple(item.name for item in fields(kind) if item.name not in skipped)


def _order_of_dates(record: CredentialRecord) -> Iterator[Found]:
    award, activity, result = record.award, record.award.activity, record.award.result
    awarded = ("award.date_awarded", award.date_awarded)
    given: list[tuple[str, date | None]] = [
        ("award.activity.start", activity.start if activity else None),
        ("award.activity.end", activity.end if activity else None),
        awarded,
        ("award.date_issued", award.date_issued),
    ]
    known = [(path, day) for path, day in given if day is not None]
    pairs = list(pairwise(known))
    if result is not None and result.date is not None:
        pairs.append((("award.result.date", result.date), awarded))
    for (first, early), (second, late) in pairs:
        if early > late:
            values = {"first": first, "second": second}
            yield Found("PR-03", first, values=values)


def _public_document(record: CredentialRecord) -> Iterator[Found]:
    if record.document_status != "public_document":
        yield Found("PD-01", "document_status")
    elif not record.document_series or not record.document_number:
        yield Found("PD-01", "document_series")

"""What no single field can say: where a record contradicts itself.

Only contradictions that leave no meaning to map. What a good credential should
say, and in which order its dates follow, is the matter of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.record.unseen import unseen_signs

_ALWAYS_AWARDED = ("learning_setting", "delivery_mode", "workload")


def contradictions(document: Any) -> Iterator[Problem]:
    """Faults of a `CredentialRecord` or `ProgrammeDocument` whose fields are sound."""
    yield from _languages(document)
    if document.primary_language in document.languages:
        yield from _primary_texts(document)
    if hasattr(document, "award"):
        yield from _awarded_programme(document)
        yield from _validity(document)
        yield from unseen_signs(document)


def _languages(document: Any) -> Iterator[Problem]:
    if document.primary_language not in document.languages:
        yield Problem(
            "primary_language",
            "language-not-listed",
            "is not one of languages; add it there",
        )
    if len(set(document.languages)) < len(document.languages):
        yield Problem("languages", "duplicate", "names a language twice")


def _primary_texts(document: Any) -> Iterator[Problem]:
    """What names the learning has to be there in the language of the credential."""
    language = document.primary_language
    programme = document.programme
    named = {"programme.title": programme.title}
    for index, outcome in enumerate(programme.outcomes):
        named[f"programme.outcomes[{index}].title"] = outcome.title
    for path, texts in named.items():
        if language not in texts:
            yield Problem(
                path,
                "text-missing",
                f"has no text in the primary language, {language}",
                {"language": language},
            )


def _awarded_programme(record: Any) -> Iterator[Problem]:
    for name in _ALWAYS_AWARDED:
        if getattr(record.programme, name) is None:
            yield Problem(f"programme.{name}", "missing", "is missing")


def _validity(record: Any) -> Iterator[Problem]:
    until = record.award.valid_until
    if until is not None and until < record.award.valid_from:
        yield Problem(
            "award.valid_until", "never-valid", "lies before award.valid_from"
        )

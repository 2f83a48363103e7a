"""Hints on the wording of learning outcomes; nothing is ever refused for them.

Asked of each outcome: does it begin with a verb that can be observed, does it hold
one result, does no bare "knows" or "razume" stand where it should be shown, does the
verb fit the stated Bloom level, does the assessment name it. Two joined results are
a remark, three a warning: schools write two often, and sometimes mean one.

What a hint rests on: Annex II, principle 2 (clear outcomes); CPI, second meeting
(measurable, occupation-oriented outcomes); for the verbs see `lint_words`. That
evaluating is much for EQF level 2, and mere understanding little for level 6, is our
own reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.rules.elements import Inspected, Kind
from edc_issuer.rules.lint_words import LEVELS, Reading, Words, read, words_of
from edc_issuer.rules.paths import Hit

MAX_OUTCOMES = 500  # looked at; a programme has dozens
MAX_HINTS = 500
_HIGH_LEVEL, _LOW_LEVEL = 6, 2  # EQF; below and above we say nothing
_SPECIFIED = "credentialSubject.hasClaim.specifiedBy"
_ACHIEVEMENT = "credentialSubject.achievement"
_OUTCOMES = {
    Kind.RECORD: "programme.outcomes",
    Kind.PROGRAMME: "programme.outcomes",
    Kind.ELM: f"{_SPECIFIED}.learningOutcome",
    Kind.OB3: f"{_ACHIEVEMENT}.alignment[targetType=ext:LearningOutcome]",
}
_OF_UNITS = "programme.units.activities.outcomes"


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark on one outcome.

    `severity` is "warning", or "info" for what is only usually so; `path` is the
    place of the outcome, `language` that of the text, `values` go into the sentence
    `lint.<code>`.
    """

    code: str
    severity: str
    path: str
    language: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    def sentence(self, messages: Messages) -> str:
        """The hint in words."""
        return messages.text(f"lint.{self.code}", **self.values)

    def to_json(self, messages: Messages) -> dict[str, Any]:
        """The hint as JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "path": self.path,
            "language": self.language,
            "message": self.sentence(messages),
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One outcome: where it stands, its texts by language, its code, Bloom level."""

    path: str
    texts: Mapping[str, str]
    code: str = ""
    bloom: str = ""


def lint(document: Any) -> tuple[Hint, ...]:
    """All hints on a record, a programme or a credential, in the order of outcomes.

    The same hint on the same outcome is given once, for the first of its languages.
    `ValueError` for a document of no known kind.
    """
    inspected = Inspected.of(document)
    outcomes = list(_outcomes(inspected, _OUTCOMES[inspected.kind]))
    found = [*_wording(outcomes), *_assessed(inspected, outcomes)]
    found += _against_level(inspected, outcomes)
    if not inspected.is_credential:
        found += _wording(list(_outcomes(inspected, _OF_UNITS)))
    return tuple(found[:MAX_HINTS])


def _outcomes(inspected: Inspected, path: str) -> Iterator[_Outcome]:
    language = inspected.word(f"{_ACHIEVEMENT}.inLanguage") or "en"
    for hit in islice(inspected.tree.find(path), MAX_OUTCOMES):
        if not isinstance(hit.value, Mapping):
            continue
        if inspected.kind is Kind.OB3:
            yield _of_badge(inspected, hit, language)
        else:
            yield _with_title(inspected, hit)


def _of_badge(inspected: Inspected, hit: Hit, language: str) -> _Outcome:
    name = hit.value.get("targetName")
    texts = {language: name} if isinstance(name, str) else {}
    return _Outcome(inspected.place(hit), texts, _text(hit.value.get("targetCode")))


def _with_title(inspected: Inspected, hit: Hit) -> _Outcome:
    title = hit.value.get("title")
    texts = {}
    for language, text in title.items() if isinstance(title, Mapping) else ():
        first = text[0] if isinstance(text, list) and text else text
        if isinstance(first, str) and isinstance(language, str):
            texts[language] = first
    first = inspected.word("primary_language")
    if first in texts:
        texts = {first: texts[first], **texts}
    bloom = _text(hit.value.get("bloom_level"))
    return _Outcome(
        inspected.place(hit),
        texts,
        _text(hit.value.get("code")),
        bloom if bloom in LEVELS else "",
    )


def _wording(outcomes: list[_Outcome]) -> list[Hint]:
    found: list[Hint] = []
    for outcome in outcomes:
        told: dict[str, Hint] = {}
        for language, text in outcome.texts.items():
            words = words_of(language)
            if words is None:
                continue
            for hint in _of_text(outcome, language, words, read(text, words)):
                told.setdefault(hint.code, hint)
        found += told.values()
    return found


def _of_text(
    outcome: _Outcome, language: str, words: Words, reading: Reading
) -> Iterator[Hint]:
    def hint(code: str, severity: str, **values: str) -> Hint:
        return Hint(code, severity, outcome.path, language, values)

    if reading.length < 2:
        yield hint("too_short", "warning")
        return
    for verb in reading.vague:
        yield hint("not_observable", "warning", verb=verb)
    if not reading.verbs and not reading.vague:
        # A word that ends like a verb may be one that the list does not have.
        known = words.looks_like_verb(reading.first)
        yield hint("no_verb", "info" if known else "warning")
    if reading.sentences > 1:
        yield hint("several_sentences", "warning")
    if len(reading.verbs) > 1:
        several = len(reading.verbs) > 2
        code = "several_results" if several else "two_results"
        verbs = ", ".join(reading.verbs)
        yield hint(code, "warning" if several else "info", verbs=verbs)
    usual = frozenset[str]().union(*map(words.levels, reading.verbs))
    if outcome.bloom and usual and outcome.bloom not in usual:
        yield hint("bloom", "info", verb=reading.verbs[0], level=outcome.bloom)


def _assessed(inspected: Inspected, outcomes: list[_Outcome]) -> Iterator[Hint]:
    """Each outcome has to be one that the assessment names."""
    if inspected.is_credential:
        return  # neither model says which assessment proves which outcome
    assessment = next(inspected.tree.find("programme.assessment"), None)
    if assessment is None or not isinstance(assessment.value, Mapping):
        return
    hits = inspected.tree.find("programme.assessment.outcomes")
    named = {hit.value for hit in hits if isinstance(hit.value, str)}
    if not named:
        yield Hint("no_links", "warning", "programme.assessment.outcomes")
        return
    for outcome in outcomes:
        if not outcome.code:
            yield Hint("no_code", "warning", outcome.path)
        elif outcome.code not in named:
            yield Hint("not_assessed", "warning", outcome.path)


def _against_level(inspected: Inspected, outcomes: list[_Outcome]) -> Iterator[Hint]:
    """Bloom levels that are unusual for the stated EQF level."""
    stated = next(inspected.tree.find("programme.level.eqf"), None)
    if stated is None or type(stated.value) is not int or inspected.is_credential:
        return
    eqf = stated.value
    blooms = [outcome.bloom for outcome in outcomes if outcome.bloom]
    if eqf <= _LOW_LEVEL:
        for outcome in outcomes:
            if outcome.bloom in ("evaluate", "create"):
                values = {"bloom": outcome.bloom, "eqf": str(eqf)}
                yield Hint("level_high", "info", outcome.path, values=values)
    elif eqf >= _HIGH_LEVEL and blooms and set(blooms) <= {"remember", "understand"}:
        values = {"eqf": str(eqf)}
        yield Hint("level_low", "info", "programme.level.eqf", values=values)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

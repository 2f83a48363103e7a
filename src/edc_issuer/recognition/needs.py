"""What each answer of a receiving school would need, and what of it a file states.

The answers are the purposes of recognition in education: eligible (admission),
exempt (from a part or the whole), transfer (of credits). Which of them is right is
the school's decision; here is only what it would have to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from edc_issuer.recognition.facts import Recognition

State = Literal["stated", "partly", "missing"]
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "eligible": ("level", "outcomes", "assessment", "provider"),
    "exempt": ("outcomes", "workload", "level", "assessment", "supervision", "grade"),
    "transfer": ("credits", "workload", "outcomes", "level", "quality", "grade"),
}
PURPOSES: Mapping[str, tuple[str, ...]] = {
    "education": ("admission", "credit_transfer", "exemption_part", "exemption_whole"),
    "employment": ("hiring", "promotion"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that an answer needs.

    "partly": something is said, and less than the answer needs (a level that is only
    recommended, credits that are only indicative); the page says which.
    """

    name: str
    state: State


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a school may give, and what it would need for it."""

    name: str
    needs: tuple[Need, ...]


def answers(said: Recognition) -> tuple[Answer, ...]:
    """The three answers, each with what it needs and how far the file states it."""
    return tuple(
        Answer(name, tuple(Need(need, _STATES[need](said)) for need in needs))
        for name, needs in ANSWERS.items()
    )


def _state(*, fully: bool, partly: bool = False) -> State:
    if fully:
        return "stated"
    return "partly" if partly else "missing"


def _level(said: Recognition) -> State:
    known = bool(said.levels or said.cycles)
    return _state(fully=known and not said.recommended, partly=known)


def _assessment(said: Recognition) -> State:
    return _state(
        fully=bool(said.assessment_types),
        partly=bool(said.assessments or said.grades),
    )


def _supervision(said: Recognition) -> State:
    return _state(fully=said.identity_checked is True, partly=bool(said.supervision))


def _quality(said: Recognition) -> State:
    return _state(fully=said.external_quality, partly=bool(said.quality))


def _credits(said: Recognition) -> State:
    return _state(fully=bool(said.credits), partly=bool(said.indicative_credits))


def _provider(said: Recognition) -> State:
    return _state(fully=said.provider_status is not None, partly=bool(said.provider))


_STATES: Mapping[str, Callable[[Recognition], State]] = {
    "level": _level,
    "outcomes": lambda said: _state(fully=bool(said.outcomes)),
    "workload": lambda said: _state(fully=bool(said.hours)),
    "assessment": _assessment,
    "supervision": _supervision,
    "grade": lambda said: _state(fully=bool(said.grades)),
    "quality": _quality,
    "credits": _credits,
    "provider": _provider,
}

"""The parts of a larger credential, and what they come to when added up.

Everything is added exactly, each credit system alone, indicative points apart from
awarded ones. Nothing here judges; `stack_rules` and `pathways` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from edc_issuer.errors import ConfigError
from edc_issuer.record import (
    CredentialRecord,
    Credit,
    Organisation,
    Outcome,
    PartResult,
    Programme,
    Stacking,
    Unit,
)
from edc_issuer.rules.learners import fold
from edc_issuer.rules.subject import Document, shown, total
from edc_issuer.rules.workload import minutes_of, own_minutes

Verdict = Literal["passed", "failed", "unknown"]
State = Literal["valid", "revoked", "expired"]


@dataclass(frozen=True, slots=True)
class Part:
    """One record that a learner brings, and what is known of its credential.

    `verdict` is that of the verifier: "passed" (proved, of a trusted issuer),
    "failed" or "unknown" (nobody could find out, or nobody asked). `state` and
    `issuer_trusted` add what the host knows besides. `identities` are those of a
    badge's subject (`learners.identities_of`).
    """

    record: CredentialRecord
    verdict: Verdict = "unknown"
    state: State = "valid"
    issuer_trusted: bool | None = None
    credential_id: str | None = None
    identities: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        """The code of its programme."""
        return self.record.programme.code

    @property
    def ids(self) -> frozenset[str]:
        """Every name this credential goes by."""
        record = self.record
        names = (self.credential_id, record.credential_id, record.record_id)
        return frozenset(name for name in names if name)

    @property
    def awarded(self) -> date:
        """The day on which it was awarded."""
        return self.record.award.date_awarded

    @property
    def is_trusted(self) -> bool:
        """Whether its issuer is: asked apart, or as part of a passed verification."""
        if self.issuer_trusted is not None:
            return self.issuer_trusted
        return self.verdict == "passed"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a host asks for that a programme document has no place for.

    `count`: how many parts for the rule `n_of`. `hours`, `points` (by credit
    system): the target of `credits_at_least` and of the open and elective pathways;
    without them the size of the whole. `groups`: on the elective pathway, how many
    of which codes at least. `prerequisites`: on the rigid pathway, which codes come
    before which. `least_eqf`: the level that each part of the open pathway reaches.
    """

    count: int | None = None
    hours: Decimal | None = None
    points: Mapping[str, Decimal] = field(default_factory=dict)
    groups: tuple[tuple[frozenset[str], int], ...] = ()
    prerequisites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least_eqf: int | None = None

    def __post_init__(self) -> None:
        least = [self.count, *(number for _, number in self.groups)]
        if any(number is not None and number < 1 for number in least):
            raise ConfigError("a requirement of less than one part asks for nothing")


@dataclass(frozen=True, slots=True)
class Stack:
    """A whole and the parts that are looked at; `at` is the day of its award.

    `unread` files came along that nobody could read: what is missing may be there.
    """

    whole: Document
    parts: tuple[Part, ...]
    at: date
    host: Organisation | None = None
    consumed: frozenset[str] = frozenset()
    requirement: Requirement = field(default_factory=Requirement)
    unread: int = 0

    @property
    def programme(self) -> Programme:
        return self.whole.programme

    @property
    def stacking(self) -> Stacking | None:
        return self.programme.stacking

    @property
    def record(self) -> CredentialRecord | None:
        """The whole as a record; None for a programme nobody was awarded yet."""
        return self.whole if isinstance(self.whole, CredentialRecord) else None

    @property
    def issuer(self) -> Organisation | None:
        """Who issues the whole, as far as anybody said."""
        if isinstance(self.whole, CredentialRecord):
            return self.whole.issuer
        return self.host or self.whole.provider

    @property
    def asks_for_all(self) -> bool:
        """Whether every listed part is needed; else the learner has a choice."""
        return asks_for_all(self.programme)


def asks_for_all(whole: Programme) -> bool:
    """Whether a whole needs every part that it lists."""
    found = whole.stacking
    if found is None or found.pathway in ("open", "elective"):
        return False
    return found.rule in (None, "all_of") or found.pathway == "rigid"


@dataclass(frozen=True, slots=True)
class Combined:
    """What the parts come to: `hours` None where a part does not say its own.

    `credits` one for each system and, apart, for its indicative points; `eqf` the
    highest level, None where a part names none.
    """

    hours: Decimal | None
    credits: tuple[Credit, ...]
    outcomes: tuple[Outcome, ...]
    units: tuple[Unit, ...]
    eqf: int | None
    part_results: tuple[PartResult, ...]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Combined:
        """Add up the parts in their order."""
        found = tuple(parts)
        programmes = [part.record.programme for part in found]
        levels = [item.level.eqf if item.level else None for item in programmes]
        known = [level for level in levels if level is not None]
        return cls(
            hours=_hours(programmes),
            credits=tuple(_credits(programmes)),
            outcomes=tuple(_outcomes(programmes)),
            units=tuple(unit for item in programmes for unit in item.units),
            eqf=max(known) if known and len(known) == len(levels) else None,
            part_results=tuple(_results(found)),
        )

    def to_dict(self) -> dict[str, Any]:
        """The sums as JSON values; numbers as text, so that they stay exact."""
        return {
            "hours": None if self.hours is None else shown(self.hours),
            "credits": [
                {
                    "system": item.system,
                    "points": item.points,
                    "indicative": bool(item.indicative),
                }
                for item in self.credits
            ],
            "outcomes": [item.code or dict(item.title) for item in self.outcomes],
            "units": len(self.units),
            "eqf": self.eqf,
        }


def _hours(programmes: list[Programme]) -> Decimal | None:
    stated = [item.workload.hours if item.workload else None for item in programmes]
    given = [hours for hours in stated if hours is not None]
    return total(iter(given)) if len(given) == len(stated) else None


def points_of(credits: Iterable[Credit]) -> dict[tuple[str, bool], Decimal | None]:
    """Points by system and whether they are indicative; None: too long to be honest."""
    sums: dict[tuple[str, bool], list[Decimal]] = {}
    for credit in credits:
        key = (credit.system, bool(credit.indicative))
        sums.setdefault(key, []).append(Decimal(credit.points))
    return {key: total(iter(points)) for key, points in sums.items()}


def _credits(programmes: list[Programme]) -> Iterator[Credit]:
    sums = points_of(credit for item in programmes for credit in item.credits)
    for (system, indicative), points in sums.items():
        if points is not None:
            yield Credit(system, shown(points), indicative)


def outcome_keys(outcome: Outcome) -> frozenset[tuple[str, str]]:
    """By what an outcome is known: its code, else its title in each language."""
    if outcome.code:
        return frozenset({("code", outcome.code)})
    return frozenset((tag, fold(text)) for tag, text in outcome.title.items())


def _outcomes(programmes: list[Programme]) -> Iterator[Outcome]:
    seen: set[tuple[str, str]] = set()
    for programme in programmes:
        for outcome in programme.outcomes:
            keys = outcome_keys(outcome)
            if not keys & seen:
                yield outcome
            seen |= keys


def _results(parts: tuple[Part, ...]) -> Iterator[PartResult]:
    for part in parts:
        result, assessment = part.record.award.result, part.record.programme.assessment
        if result is not None and result.points is not None:
            needed = assessment.pass_points if assessment else None
            yield PartResult(part.code, result.points, needed)


def own_units(whole: Programme, parts: Iterable[Part]) -> list[Unit]:
    """Units of the whole that none of the parts has."""
    brought = {unit.code for part in parts for unit in part.record.programme.units}
    return [unit for unit in whole.units if unit.code not in brought]


def added_minutes(whole: Programme, parts: Iterable[Part]) -> Decimal | None:
    """Minutes of the units that the whole adds; None where one does not say."""
    length = own_minutes(whole)
    taken = [minutes_of(unit, length) for unit in own_units(whole, parts)]
    given = [minutes for minutes in taken if minutes is not None]
    return total(iter(given)) if len(given) == len(taken) else None

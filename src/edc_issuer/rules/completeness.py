"""How complete a document is: a row for each element, and two scores.

    Completeness of "SI": rows (status, where, what would complete it), 9/10, 10/11

What counts. N is every element of the list that is not optional; n of them are
*present*. A partial element (a text where a concept belongs, an estimate) counts
only in a row that asks for a part (`requirement` "partial"). What does not apply,
and what comes only with the award, stays in N and is named beside the score: a
reader should see 10/11 and know why. The score of Annex I is of its 11 mandatory
elements, whichever list was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.rules import profiles
from edc_issuer.rules.elements import Answer, Inspected, Kind, Presence, answer
from edc_issuer.rules.profiles import Profile, ProfileElement

ABSENT = (Presence.MISSING, Presence.INVALID)


@dataclass(frozen=True, slots=True)
class Row:
    """One element and what the document says of it.

    `where`: paths of the record, or JSON pointers of the credential. `wanted`: the
    paths that would complete it, in the notation of `rules.paths`. `should`: what a
    good document says beside it.
    """

    element: ProfileElement
    status: Presence
    where: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    should: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether it counts in the score."""
        enough = self.element.requirement == "partial"
        return self.status is Presence.PRESENT or (
            enough and self.status is Presence.PARTIAL
        )

    @property
    def is_lacking(self) -> bool:
        """Whether something mandatory is not there, or cannot be read."""
        return self.element.requirement == "mandatory" and self.status in ABSENT

    def advice(self, messages: Messages) -> str:
        """What to do about it, in one sentence; empty where nothing is to be done."""
        if self.status is Presence.PRESENT:
            return ""
        for key in self._keys():
            if messages.has(key):
                return messages.text(key)
        return ""

    def _keys(self) -> Iterable[str]:
        if self.status in (Presence.NOT_APPLICABLE, Presence.NOT_YET):
            yield f"completeness.{self.element.id}.{self.status}"
            yield f"completeness.{self.status}"
            return
        for own_id in filter(None, (self.element.id, self.element.annex1)):
            yield f"completeness.{own_id}.{self.status}"
            yield f"completeness.{own_id}.add"
        yield f"completeness.{self.status}"

    def to_json(self, messages: Messages) -> dict[str, Any]:
        """The row as JSON values."""
        item = self.element
        return {
            "id": item.id,
            "annex1": item.annex1,
            "label": item.label(messages.language),
            "requirement": item.requirement,
            "belongs_to": item.belongs_to,
            "status": str(self.status),
            "where": list(self.where),
            "wanted": list(self.wanted),
            "should": list(self.should),
            "advice": self.advice(messages),
        }


@dataclass(frozen=True, slots=True)
class Score:
    """`present` of `of`, and how many of the rest are of which kind."""

    present: int
    of: int
    rest: Mapping[Presence, int]

    def __str__(self) -> str:
        return f"{self.present}/{self.of}"


@dataclass(frozen=True, slots=True)
class Completeness:
    """The answer to "what does it say, and what not" under one list."""

    profile: Profile
    kind: Kind
    rows: tuple[Row, ...]
    annex1: tuple[Row, ...]

    @property
    def score(self) -> Score:
        """n/N of the list."""
        return _score(self.rows)

    @property
    def annex1_score(self) -> Score:
        """n/11 of Annex I."""
        return _score(self.annex1)

    @property
    def lacking(self) -> tuple[Row, ...]:
        """Mandatory elements of the list that are missing or cannot be read."""
        return tuple(row for row in self.rows if row.is_lacking)

    @property
    def annex1_open(self) -> tuple[Row, ...]:
        """Counted elements of Annex I that are not present, whichever list it is."""
        return tuple(r for r in self.annex1 if r.element.is_counted and not r.is_met)

    def to_json(self, messages: Messages) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "profile": self.profile.id,
            "kind": str(self.kind),
            "label_language": self.profile.label_language,
            "label_source": self.profile.label_source,
            "score": _score_json(self.score),
            "annex1_score": _score_json(self.annex1_score),
            "elements": [row.to_json(messages) for row in self.rows],
            "annex1": [row.to_json(messages) for row in self.annex1],
        }


def completeness(document: Any, *, profile: str) -> Completeness:
    """Look for every element of a list, and of Annex I, in a document.

    `document` is a `CredentialRecord`, a `ProgrammeDocument`, one of them as JSON
    values, or a credential of either model as JSON values (taken at its word, never
    verified here). `KeyError` for an unknown list, `ValueError` for a document of
    no known kind.
    """
    subject = Inspected.of(document)
    chosen = profiles.profile(profile)
    found: dict[str, Answer] = {}
    return Completeness(
        chosen,
        subject.kind,
        tuple(_row(subject, item, found) for item in chosen.elements),
        tuple(_row(subject, item, found) for item in profiles.annex1()),
    )


def _row(subject: Inspected, item: ProfileElement, found: dict[str, Answer]) -> Row:
    if item.id not in found:
        found[item.id] = answer(subject, item.expressions[subject.expressions])
    given = found[item.id]
    status = given.presence
    if subject.kind is Kind.PROGRAMME and status in ABSENT:
        # What the programme says already counts; the rest may come with the award.
        status = Presence.NOT_YET if item.belongs_to == "award" else status
    return Row(item, status, given.where, given.wanted, given.should)


def _score(rows: tuple[Row, ...]) -> Score:
    counted = [row for row in rows if row.element.is_counted]
    rest = Counter(row.status for row in counted if not row.is_met)
    return Score(sum(row.is_met for row in counted), len(counted), dict(rest))


def _score_json(score: Score) -> dict[str, Any]:
    rest = {str(status): number for status, number in score.rest.items()}
    return {"present": score.present, "of": score.of, "rest": rest}

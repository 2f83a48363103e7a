"""Whether a document says one element, and where: present, partial, missing.

Annex I of the Council Recommendation 2022/C 243/02 names 11 mandatory and 5
optional elements. `data/elements.json` tells for each where it stands in a record,
in a European Digital Credential (`elm`) and in an Open Badge (`ob3`), as an
expression of paths (`rules.paths`); one small evaluator reads them all:

- `first`: without this one the element is missing, whatever else is there;
- `all_of`, `any_of`: what it takes to be present (either may hold expressions);
- `weak`: what alone makes it partial: a text instead of a concept, an estimate;
- `unless`: where it is never claimed (a participation achieves no outcomes);
- `not_applicable`: where the document says that it does not apply, and why;
- `should`: what good documents say too; its absence changes nothing;
- `by_library`: answered by this program, not by a field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.paths import Hit, Tree, dotted, pointer

Expression = Mapping[str, Any]
MAX_PLACES = 5  # places named for one element; a badge may hold thousands
_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_EDC_TYPE = "EuropeanDigitalCredential"


class Presence(StrEnum):
    """What a document says of an element."""

    PRESENT = "present"
    PARTIAL = "partial"
    MISSING = "missing"
    INVALID = "invalid"  # something stands there that cannot be read as what it is
    NOT_APPLICABLE = "not_applicable"
    NOT_YET = "not_yet"  # comes with the award; the document is a programme alone


class Kind(StrEnum):
    """What is looked at."""

    RECORD = "record"
    PROGRAMME = "programme"
    ELM = "elm"
    OB3 = "ob3"


@dataclass(frozen=True, slots=True)
class Inspected:
    """A document of one kind, ready to be asked; its values are anybody's."""

    kind: Kind
    tree: Tree

    @classmethod
    def of(cls, document: Any) -> Inspected:
        """A record, a programme or a credential, as an object or as parsed JSON.

        `ValueError` for anything else. A credential is taken at its word: nobody
        has verified it.
        """
        if isinstance(document, Inspected):
            return document
        if isinstance(document, CredentialRecord | ProgrammeDocument):
            document = document.to_dict()
        kind = _kind(document)
        joined = kind in (Kind.ELM, Kind.OB3)
        return cls(kind, Tree.of(document, joined=joined))

    @property
    def expressions(self) -> str:
        """Under which name its expressions stand in the data."""
        return "record" if self.kind is Kind.PROGRAMME else self.kind.value

    @property
    def is_credential(self) -> bool:
        """Whether it is an issued credential and no document of the school."""
        return self.kind in (Kind.ELM, Kind.OB3)

    def place(self, hit: Hit) -> str:
        """Where a value stands: a path of the record, a pointer of the credential."""
        return pointer(hit.trail) if self.is_credential else dotted(hit.trail)

    def word(self, path: str) -> str | None:
        """The first text at a path, or None."""
        found = (hit.value for hit in self.tree.find(path))
        return next((text for text in found if isinstance(text, str)), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: `where` it stands, which `wanted` paths would complete it."""

    presence: Presence
    where: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    should: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """One element of Annex I."""

    id: str  # "A1.07", "A1.O3"
    requirement: str  # "mandatory", "conditional", "optional"
    labels: Mapping[str, str]
    check: str
    expressions: Mapping[str, Expression]


def answer(subject: Inspected, expression: Expression) -> Answer:
    """Evaluate one expression on a document."""
    if expression.get("by_library"):
        return Answer(Presence.NOT_APPLICABLE)
    wanted = tuple(_wanted(expression))
    found = _Findings(subject)
    if found.any(expression.get("unless", ())):
        return Answer(Presence.MISSING, where=found.places, wanted=wanted)
    found = _Findings(subject)
    if "first" in expression and not found.one(expression["first"]):
        return Answer(found.absence, found.instead, wanted)
    full = found.fulfils(expression)
    if full and found.places and not found.hollow:
        should = [p for p in expression.get("should", ()) if not found.asks(p)]
        return Answer(Presence.PRESENT, found.places, should=tuple(should))
    if found.any(expression.get("weak", ())) or found.places:
        open_ones = tuple(p for p in wanted if not found.asks(p))
        where = tuple(dict.fromkeys((*found.hollow, *found.places)))[:MAX_PLACES]
        return Answer(Presence.PARTIAL, where, open_ones)
    if found.any(expression.get("not_applicable", ())):
        return Answer(Presence.NOT_APPLICABLE, found.places)
    return Answer(found.absence, found.instead, wanted)


@cache
def elements() -> Mapping[str, Element]:
    """Every element of Annex I by its id, in its order."""
    return {
        item["id"]: Element(
            item["id"],
            item["requirement"],
            item["labels"],
            item["check"],
            {kind: item[kind] for kind in ("record", "elm", "ob3")},
        )
        for item in data("elements.json")["elements"]
    }


@cache
def data(name: str) -> Any:
    """One file of the package's data; read once, not to be changed."""
    return json.loads(files("edc_issuer").joinpath("data", name).read_text("utf-8"))


class _Findings:
    """The places that one expression met, in the order in which it asked."""

    __slots__ = ("_broken", "_found", "_hollow", "_subject")

    def __init__(self, subject: Inspected) -> None:
        self._subject = subject
        self._found: list[str] = []
        self._broken: list[str] = []
        self._hollow: list[str] = []

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._found))[:MAX_PLACES]

    @property
    def hollow(self) -> tuple[str, ...]:
        """Where something stands that says nothing, be it beside what does."""
        return tuple(dict.fromkeys(self._hollow))[:MAX_PLACES]

    @property
    def instead(self) -> tuple[str, ...]:
        """Where something stands that cannot be read, or else that says nothing."""
        return tuple(dict.fromkeys(self._broken or self._hollow))[:MAX_PLACES]

    @property
    def absence(self) -> Presence:
        """Nothing there, or something there that nobody can read."""
        return Presence.INVALID if self._broken else Presence.MISSING

    def one(self, path: str) -> bool:
        """Whether a path leads to a value; remembers where, and what is unreadable."""
        hits = list(islice(self._subject.tree.find(path), MAX_PLACES))
        readable = [hit for hit in hits if hit.readable]
        if not readable and hits:
            # Many unreadable values may stand before a readable one.
            readable = list(islice(self._readable(path), 1))
        self._found += [self._subject.place(hit) for hit in readable]
        if not readable:
            self._broken += [self._subject.place(hit) for hit in hits]
        hollow = islice(self._subject.tree.hollow(path), MAX_PLACES)
        self._hollow += [self._subject.place(hit) for hit in hollow]
        return bool(readable)

    def asks(self, path: str) -> bool:
        """Whether a path leads to a readable value; remembers nothing."""
        return next(self._readable(path), None) is not None

    def any(self, paths: Sequence[str]) -> bool:
        """Whether one of several paths leads anywhere; all are looked at."""
        led = [self.one(path) for path in paths]
        return any(led)

    def fulfils(self, expression: Expression) -> bool:
        """Whether all of its `all_of` and one of its `any_of` hold."""
        of_all = [self._term(term) for term in expression.get("all_of", ())]
        of_any = [self._term(term) for term in expression.get("any_of", ())]
        if not of_all and not of_any:
            return "first" in expression
        return all(of_all) and (any(of_any) or not of_any)

    def _term(self, term: str | Expression) -> bool:
        # Nested as deep as our own data nests them, which is three levels.
        return self.one(term) if isinstance(term, str) else self.fulfils(term)

    def _readable(self, path: str) -> Iterator[Hit]:
        return (hit for hit in self._subject.tree.find(path) if hit.readable)


def _wanted(expression: Expression) -> Iterator[str]:
    """The paths that would make it present, the plainest way first."""
    if "first" in expression:
        yield expression["first"]
    for name in ("all_of", "any_of"):
        for term in expression.get(name, ()):
            if isinstance(term, str):
                yield term
            else:
                yield from _wanted(term)


def _kind(document: Any) -> Kind:
    if not isinstance(document, Mapping):
        raise ValueError("neither a record nor a programme nor a credential")
    if "record_version" in document:
        alone = document.get("document_type") == "programme"
        return Kind.PROGRAMME if alone else Kind.RECORD
    stated = document.get("type", document.get("@type"))
    types = (
        {t for t in stated if isinstance(t, str)}
        if isinstance(stated, list)
        else {stated if isinstance(stated, str) else ""}
    )
    if _EDC_TYPE in types:
        return Kind.ELM
    if types & _BADGE_TYPES:
        return Kind.OB3
    raise ValueError("neither a record nor a programme nor a credential")

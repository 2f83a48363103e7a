"""What a trusted list says, in the words of ETSI TS 119 612 clause 5.

Times are aware UTC, names are keyed by language, certificates are DER: some in real
lists are odd, and who never asks for one need not read it. Types, statuses and
qualifiers are the last parts of their URIs (`CA/QC`, `granted`, `QCForESeal`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

CA_QC = "CA/QC"
QTST = "TSA/QTST"
FOR_SEALS = "ForeSeals"
GRANTED = "granted"
LIST_OF_LISTS = "EUlistofthelists"
NATIONAL = "EUgeneric"
MIME_TYPE = "application/vnd.etsi.tsl+xml"
# TS 119 612 clause 5.3.15: at most six months between issue and next update.
LONGEST = timedelta(days=190)
GRACE = timedelta(days=90)  # the law of verdicts, part 6

Assertion = Literal["all", "atLeastOne", "none"]
Age = Literal["current", "stale", "too-old"]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which certificates a qualifier is about (clause 5.5.9.2.2.3).

    Each entry of `key_usage` maps bits (names of RFC 5280) to what they must be;
    each of `policies`, `purposes` (extended key usage) and `attributes` (of the
    subject) are object identifiers that must all be there. `unknown` counts criteria
    that are not read here: what depends on them stays open.
    """

    assertion: Assertion
    key_usage: tuple[Mapping[str, bool], ...] = ()
    policies: tuple[tuple[str, ...], ...] = ()
    purposes: tuple[tuple[str, ...], ...] = ()
    attributes: tuple[tuple[str, ...], ...] = ()
    nested: tuple[Criteria, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """Qualifiers of all certificates of a service that meet the criteria."""

    names: tuple[str, ...]
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class State:
    """One period of a service: now, or an entry of its history (clauses 5.5, 5.6).

    `until` is the first moment of the next state, None for the one that holds.
    `additional` are the additionalServiceInformation words. `is_understood` is False
    where a critical extension is not read here: nothing follows from such a state.
    """

    type: str
    status: str
    since: datetime
    until: datetime | None = None
    additional: frozenset[str] = frozenset()
    qualifiers: tuple[Qualifiers, ...] = ()
    is_understood: bool = True

    def holds_at(self, at: datetime) -> bool:
        """Whether `at` lies in it."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Service:
    """A trust service with its identity and its states, the newest first."""

    provider: Mapping[str, str]
    names: Mapping[str, str]
    certificates: tuple[bytes, ...]
    states: tuple[State, ...]

    def state_at(self, at: datetime) -> State | None:
        """What it was at a time; None before it was listed."""
        return next((state for state in self.states if state.holds_at(at)), None)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where another list is, and who may sign it (clause 5.3.13)."""

    url: str
    territory: str
    type: str
    mime_type: str
    signers: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrustedList:
    """One list. `addresses` are its SchemeInformationURI in their order."""

    version: int
    sequence: int
    type: str
    territory: str
    issued: datetime
    next_update: datetime | None
    addresses: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    services: tuple[Service, ...]
    unread: int = 0  # entries that could not be read, and vouch for nobody

    def pointers_to(self, territory: str, kind: str) -> tuple[Pointer, ...]:
        """The XML pointers to one territory's list of one type."""
        return tuple(
            pointer
            for pointer in self.pointers
            if (pointer.territory, pointer.type) == (territory, kind)
            and pointer.mime_type == MIME_TYPE
        )


@dataclass(frozen=True, slots=True)
class ListInfo:
    """Which list something was said in, and how fresh it is.

    `url` is the official address also where a folder of files was read; `sha256` is
    of the file as it came.
    """

    territory: str
    sequence: int
    issued: datetime
    next_update: datetime | None
    url: str
    fetched_at: datetime
    sha256: str

    @property
    def due(self) -> datetime:
        """When a newer list must be there: never later than the standard allows."""
        latest = self.issued + LONGEST
        return min(self.next_update, latest) if self.next_update else latest

    def age(self, at: datetime) -> Age:
        """`stale` once the next update is due, `too-old` 90 days later."""
        if at <= self.due:
            return "current"
        return "stale" if at - self.due <= GRACE else "too-old"

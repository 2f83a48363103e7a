"""What a status book says: places, who did what and why, and the lists of a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from edc_issuer.errors import ConfigError
from edc_issuer.status.bits import StatusList

REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = (REVOCATION, SUSPENSION)


class NotInBook(ConfigError):
    """The book gave this credential no position for this purpose."""

    code = "status-not-in-book"


class ForEver(ConfigError):
    """What was revoked stays revoked; nothing ends it."""

    code = "status-for-ever"


@dataclass(frozen=True, slots=True)
class Place:
    """A position that belongs to one credential, for one purpose."""

    purpose: str
    number: int  # of the list, from 1 for each purpose
    position: int
    is_set: bool = False

    @property
    def list_name(self) -> str:
        """`revocation-1`: the last part of the list's address, before its suffix."""
        return f"{self.purpose}-{self.number}"


@dataclass(frozen=True, slots=True)
class Logged:
    """Who did what, when and why; `other` is the id of a successor."""

    at: datetime
    by: str
    action: str
    credential: str
    reason: str
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the book knows of one credential."""

    credential: str
    places: tuple[Place, ...]
    log: tuple[Logged, ...]

    @property
    def is_revoked(self) -> bool:
        """Whether it was withdrawn for ever."""
        return any(p.is_set for p in self.places if p.purpose == REVOCATION)

    @property
    def is_suspended(self) -> bool:
        """Whether it is withdrawn until it is reinstated."""
        return any(p.is_set for p in self.places if p.purpose == SUSPENSION)

    @property
    def successor(self) -> str | None:
        """The credential that replaces this one."""
        found = [line.other for line in self.log if line.action == "supersede"]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as the book has it now."""

    purpose: str
    number: int
    bits: StatusList = field(repr=False)

    @property
    def name(self) -> str:
        """As `Place.list_name`."""
        return f"{self.purpose}-{self.number}"

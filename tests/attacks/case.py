"""One row of the attack table as data: what was changed, and what must follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from attacks import workshop
from edc_issuer.trust import Trust

File = Callable[[], bytes]


def honest_seal() -> bytes:
    """The school's EDC, as it left the school."""
    return workshop.sealed()


def honest_jwt() -> bytes:
    """The school's badge as a VC-JWT."""
    return workshop.jwt()


def honest_badge() -> bytes:
    """The school's badge with a Data Integrity proof."""
    return workshop.encoded(workshop.proved())


def school_trust() -> Trust:
    """The trust under which all three are PASSED."""
    return workshop.school().trust


@dataclass(frozen=True)
class Case:
    """A hostile file beside the honest one it was made from.

    `expected` is one answer of the report, "check status reason". `passes` marks
    the few changes that mean nothing, so that refusing them would be the fault.
    """

    row: int
    name: str
    changed: str
    twin: File
    attack: File
    expected: str
    passes: bool = False
    trust: Callable[[], Trust] = school_trust

    @property
    def id(self) -> str:
        return f"{self.row:02}-{self.name}"

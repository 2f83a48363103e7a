"""What was compared when two names or two identifiers were held side by side.

`issuers.same_name` and `issuers.same_identifier` decide; here stands why, as a
stable code, so that a report can say what differs and what would settle it.
ETSI EN 319 412-1 clause 5.1.4 (type, country, number).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edc_issuer.trust.issuers import (
    MAX_IDENTIFIER,
    fold,
    imitates,
    legal_identifier,
    same_identifier,
    same_name,
)

NAME, IDENTIFIER = "name", "identifier"
LOOK_ALIKE = "look-alike"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One pair held side by side.

    `source` is the property in the file that `stated` comes from. `why` are codes:
    for equal names `same`, `folded` (case, diacritics, punctuation) or `cut` (a
    certificate's 60-64 letters); for equal identifiers `same` or `spelling`; for
    others any of `type`, `country`, `number`, `kind` (no two of one kind),
    `address`, `name` and `look-alike`.
    """

    what: str
    proved: str
    stated: str
    source: str
    equal: bool
    why: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "proved": self.proved,
            "stated": self.stated,
            "source": self.source,
            "equal": self.equal,
            "why": list(self.why),
        }


def compare_names(proved: str, stated: str, *, source: str) -> Comparison:
    """A proved name beside one that the file states."""
    equal = same_name(proved, stated)
    why = _why_same_name(proved, stated) if equal else _why_other_name(proved, stated)
    return Comparison(NAME, proved, stated, source, equal, why)


def _why_same_name(proved: str, stated: str) -> tuple[str, ...]:
    if proved == stated:
        return ("same",)
    return ("folded",) if fold(proved) == fold(stated) else ("cut",)


def _why_other_name(proved: str, stated: str) -> tuple[str, ...]:
    return (LOOK_ALIKE,) if imitates(stated, [proved]) else ("name",)


def compare_identifiers(proved: str, stated: str, *, source: str) -> Comparison:
    """A proved identifier beside one that the file states."""
    equal = same_identifier(proved, stated)
    if equal:
        why: tuple[str, ...] = ("same",) if proved == stated else ("spelling",)
    else:
        why = tuple(_why_other_identifier(proved, stated))
    return Comparison(IDENTIFIER, proved, stated, source, equal, why)


def _why_other_identifier(proved: str, stated: str) -> Iterator[str]:
    one, other = legal_identifier(proved), legal_identifier(stated)
    if one is not None and other is not None:
        parts = zip(("type", "country", "number"), one, other, strict=True)
        yield from (part for part, mine, theirs in parts if mine != theirs)
    else:
        yield "address" if ":" in proved and ":" in stated else "kind"
    if len(stated) <= MAX_IDENTIFIER and imitates(stated, [proved]):
        yield LOOK_ALIKE

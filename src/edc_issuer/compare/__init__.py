"""Do two credential files say the same? Fact by fact, and unverified.

What was not compared forbids that answer: beside the named facts every field of the
two records is compared that both models carry, and a place of a file that was not
read makes the answer `unknown`. How a file looks (its pages and pictures) is not asked.

An EDC and a badge of one award hold different fields in different words; both are
read back into records, and the records are compared. What a file proves is no part
of the answer: `verify` each of them as well. For twins the link is checked in both
directions: the EDC names the badge by its id, the badge the EDC by its id and by the
digest of what its seal signs, which no later timestamp changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.facts import compared
from edc_issuer.compare.link import links
from edc_issuer.compare.sides import Side
from edc_issuer.compare.unread import unread
from edc_issuer.compare.whole import rest
from edc_issuer.errors import ConfigError

__all__ = ["Answer", "Compared", "Comparison", "Side", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two files say of each fact, and how they name each other.

    `language` is the one in which texts were compared; of two files of one model all
    were. `links` is empty where neither of the files names another credential. `rest`
    are further fields in which they differ, by their paths in the record, `unread`
    places (JSON pointers) of either file that nothing was compared with.
    """

    a: Side
    b: Side
    language: str
    facts: tuple[Compared, ...]
    links: tuple[Compared, ...]
    rest: tuple[Compared, ...] = ()
    unread: tuple[Compared, ...] = ()

    @property
    def answer(self) -> Literal["same", "different", "unknown"]:
        """Unknown where nothing differs, and not everything could be compared."""
        rows = (*self.facts, *self.links, *self.rest)
        if any(row.answer in _APART for row in rows):
            return "different"
        open_ones = any(row.why in _UNCOMPARED for row in self.facts)
        return "unknown" if open_ones or self.unread else "same"

    @property
    def same(self) -> bool:
        """Whether all was compared that both could say, and nothing differs."""
        return self.answer == "same"

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON values."""
        return {
            "UNVERIFIED": "Only what the files say was compared, not who made them.",
            "same": self.same,
            "answer": self.answer,
            "language": self.language,
            "a": self.a.to_json(),
            "b": self.b.to_json(),
            "facts": [fact.to_json() for fact in self.facts],
            "links": [fact.to_json() for fact in self.links],
            "rest": [row.to_json() for row in self.rest],
            "unread": [row.to_json() for row in self.unread],
        }


_APART = (Answer.DIFFERS, Answer.ONLY_A, Answer.ONLY_B)
# Both say something, and nobody can see whether it is the same.
_UNCOMPARED = ("language", "hashed")


def compare(a: bytes, b: bytes, *, language: str | None = None) -> Comparison:
    """Compare two credential files; nothing of them is verified.

    `language` is that in which texts are compared (default: one that both speak).
    Raises `InputError` for what is no credential file, `RecordError` for one that
    tells no award, `ConfigError` for a language that neither file has.
    """
    sides = Side.of(a), Side.of(b)
    spoken = _language(sides, language)
    facts = compared(*sides, language=spoken)
    further = rest(*sides, facts, language=spoken)
    apart = any(row.answer in _APART for row in (*facts, *further))
    return Comparison(
        a=sides[0],
        b=sides[1],
        language=spoken,
        facts=facts,
        links=links(*sides),
        rest=further,
        unread=unread(*sides, apart=apart),
    )


def _language(sides: tuple[Side, Side], asked: str | None) -> str:
    known = [tag for side in sides for tag in side.languages]
    if asked is not None and asked not in known:
        has = ", ".join(dict.fromkeys(known))
        raise ConfigError(f"neither file has texts in {asked}; they have {has}")
    both = [tag for tag in sides[0].languages if tag in sides[1].languages]
    return asked or next(iter(both), known[0])

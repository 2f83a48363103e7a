"""Looking into a credential of a stranger: bounded, and never an exception."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from edc_issuer import vocab
from edc_issuer.messages.safe import neutral
from edc_issuer.rules.paths import Tree
from edc_issuer.summary import text_in

ROUTES = re.compile(r"validation_of_[a-z_]{1,30}")  # codes of `validation_basis`
MAX_SHOWN = 12  # of one kind of fact; the page is one page
MAX_LOOKED = 200  # values of one kind that are looked at
_HOURS = re.compile(
    r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Look:
    """A credential that is looked into, in the language that is wanted most."""

    tree: Tree
    language: str

    @classmethod
    def into(cls, content: Mapping[str, Any], language: str) -> Look:
        """Objects of one id are read as one, as a reader of the graph does."""
        return cls(Tree.of(content, joined=True), language)

    def values(self, *paths: str) -> Iterator[Any]:
        """What stands at some paths, at most `MAX_LOOKED` values each."""
        for path in paths:
            for hit in islice(self.tree.find(path), MAX_LOOKED):
                yield hit.value

    def count(self, *paths: str) -> int:
        """How many values stand at some paths, without reading them."""
        return sum(1 for path in paths for _ in self.tree.find(path))

    def nodes(self, *paths: str) -> Iterator[Mapping[str, Any]]:
        """The objects that stand at some paths."""
        yield from (
            value for value in self.values(*paths) if isinstance(value, Mapping)
        )

    def texts(self, *paths: str) -> tuple[str, ...]:
        """Texts in the language, each once."""
        return once(self.text(value) for value in self.values(*paths))

    def text(self, value: Any) -> str | None:
        """A text, or a map by language, as one harmless line."""
        return text_in(value, self.language)

    def concepts(self, *paths: str) -> tuple[str, ...]:
        """Names of concepts: our label in the language, else the file's own."""
        return once(self.concept(node) for node in self.nodes(*paths))

    def concept(self, node: Mapping[str, Any]) -> str | None:
        known = listed(node)
        if known is None:
            return self.text(node.get("prefLabel")) or self.text(node.get("id"))
        return known.label(self.language) or known.labels["en"]


def listed(node: Mapping[str, Any]) -> vocab.Concept | None:
    """The concept of a controlled list that an object means, if we hold it."""
    uri = node.get("id")
    return vocab.by_uri(uri) if isinstance(uri, str) else None


def once(texts: Iterable[str | None]) -> tuple[str, ...]:
    """The different texts that say something, in their order; the first few."""
    return tuple(islice(dict.fromkeys(text for text in texts if text), MAX_SHOWN))


def hours_of(value: Any) -> str | None:
    """The hours of an `xsd:duration` in hours, minutes and seconds, as figures.

    Anything else (days, months) is shown as it stands: nobody knows what it means.
    """
    if not isinstance(value, str):
        return None
    match = _HOURS.fullmatch(value)
    if match is None or not any(match.groups()):
        return neutral(value) or None
    hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    return figures(hours + minutes / 60 + seconds / 3600)


def figures(number: Decimal) -> str:
    """A number as it is read: 45, 1.5; two places are enough for a page."""
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".")


def points_of(value: Any) -> str | None:
    """Credit points as they stand; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)[:40]
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return neutral(text) if number.is_finite() else None

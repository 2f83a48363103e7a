"""Notes read back: what each is about stands in its subject.

The words of a note are the school's own or one of our sentences in the languages of
the credential; of the latter any language will do to know which sentence it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from edc_issuer.models.reading import Branch, sentences
from edc_issuer.models.tree import id_of

Texts = dict[str, str]


@dataclass(slots=True)
class NotesRead:
    """The notes of one object in their order: subject and text by language.

    A note is taken out when it is read, so that nothing is read twice.
    """

    items: list[tuple[str, Texts]] = field(default_factory=list)

    @classmethod
    def of(cls, *branches: Branch | None, key: str = "additionalNote") -> NotesRead:
        """The notes of some objects together."""
        return cls(
            [
                (_subject(note), note.texts("noteLiteral"))
                for branch in branches
                if branch is not None
                for note in branch.branches(key)
            ]
        )

    def one(self, uri: str) -> Texts | None:
        """The first note about `uri`, if there is one."""
        return next(iter(self.about(uri, most=1)), None)

    def about(self, uri: str, *, most: int | None = None) -> list[Texts]:
        """The notes about exactly `uri`."""
        found = [item for item in self.items if item[0] == uri][:most]
        return self._out(found)

    def below(self, uri: str) -> list[tuple[tuple[str, ...], Texts]]:
        """The notes about `uri` and what is added to it behind colons."""
        return [(parts, text) for _, parts, text in self.among(uri)]

    def among(self, *uris: str) -> list[tuple[str, tuple[str, ...], Texts]]:
        """The notes about any of `uris` or below it: that one, the rest, the text."""
        found = [
            (uri, item)
            for item in self.items
            for uri in uris
            if item[0] == uri or item[0].startswith(f"{uri}:")
        ]
        self._out([item for _, item in found])
        return [(uri, _parts(item[0], uri), item[1]) for uri, item in found]

    def _out(self, found: list[tuple[str, Texts]]) -> list[Texts]:
        gone = {id(item) for item in found}
        self.items = [item for item in self.items if id(item) not in gone]
        return [text for _, text in found]


def _parts(subject: str, uri: str) -> tuple[str, ...]:
    tail = subject[len(uri) + 1 :]
    return tuple(map(unquote, tail.split(":"))) if tail else ()


def _subject(note: Branch) -> str:
    for item in note.take("subject"):
        name = (
            item if isinstance(item, str) else isinstance(item, Mapping) and id_of(item)
        )
        if name:
            return str(name)
    return ""


def everywhere(text: Texts | None) -> str | None:
    """A code that stands alike in every language; None where they differ."""
    found = {*(text or {}).values()}
    return found.pop() if len(found) == 1 else None


def without_tail(text: Texts, tail: str) -> Texts:
    """A text without what the mapping wrote behind it in every language."""
    if not tail or not all(item.endswith(tail) for item in text.values()):
        return text
    cut = {tag: item[: -len(tail)] for tag, item in text.items()}
    return {tag: item for tag, item in cut.items() if item} or text


def pattern_values(text: Texts, key: str) -> Mapping[str, str] | None:
    """What stands in the places of one of our sentences, in any language; or None."""
    for item in text.values():
        for pattern in _patterns(key):
            match = pattern.fullmatch(item)
            if match:
                return match.groupdict()
    return None


def _patterns(key: str) -> Iterable[re.Pattern[str]]:
    for sentence in dict.fromkeys(sentences(key).values()):
        parts = re.split(r"\{(\w+)\}", sentence)
        for number in range(0, len(parts), 2):
            parts[number] = re.escape(parts[number])
        for number in range(1, len(parts), 2):
            parts[number] = f"(?P<{parts[number]}>.{{1,60}})"
        yield re.compile("".join(parts))

"""Controlled lists, offline: the code in a record → the concept in a credential.

Identifiers and English names come from the lists of the European Learning Model;
`data/vocabularies.json` holds them and is written by `tools/make_vocabularies.py`.
Labels in the languages of the region are our own (`ConceptList.own_labels`) and no
native speaker has read them yet.

Not held: ESCO skills and occupations, administrative units (ATU) and NUTS regions,
all but the needed ones of 8,000 languages. Of those `is_member` says None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

from edc_issuer.errors import EdcError, Problem

MAX_HINT = 60  # longer codes are no typing slips, and comparing them costs


class UnknownConcept(EdcError, KeyError):
    """A code is in none of our lists, so no concept can be written for it."""

    code = "unknown-concept"

    def __init__(self, list_name: str, given: str) -> None:
        self.list_name = list_name
        self.suggestion = _near(given, lists()[list_name])
        self.hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        super().__init__(f"is not a code of the list {list_name}{self.hint}")

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])

    def problem(self, path: str) -> Problem:
        """The same as a fault of a record, at the path of the code."""
        values = {"list": self.list_name}
        if self.suggestion:
            values["suggestion"] = repr(self.suggestion)
        return Problem(path, self.code, str(self), values)


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a controlled list.

    `code` is what a record calls it; `scheme` is None for concepts of our own that
    no official list has (Croatian CSVET points). `notation` is the name of the
    list, which the Commission writes into entries of its authority lists.
    """

    uri: str
    scheme: str | None
    code: str
    labels: Mapping[str, str] = field(hash=False)  # BCP 47 tag → text, English always
    notation: str | None = None

    def label(self, language: str) -> str | None:
        """The label in a language: its own tag first, then without the region."""
        return self.labels.get(language) or self.labels.get(_fallback(language))


@dataclass(frozen=True, slots=True)
class ConceptList:
    """One list; `complete` says whether an unknown URI can be called wrong."""

    name: str
    scheme: str
    complete: bool
    own_labels: tuple[str, ...]  # languages whose labels are ours
    concepts: Mapping[str, Concept]  # by code
    aliases: Mapping[str, str]  # other code → code


@cache
def lists() -> Mapping[str, ConceptList]:
    """Every list by its name; read once a process and not to be changed."""
    return {name: _list(name, data) for name, data in _load().items()}


def concept(list_name: str, code: str) -> Concept:
    """The concept that a record calls `code`; `UnknownConcept` if there is none.

    Codes: `country` ISO 3166-1 alpha-2 (XK for Kosovo); `language` BCP 47, region
    and script of no account; `file_type` also a media type; `nqf` `SI/4`, and `SI`
    for the framework; `eqf` 1 to 8; `isced_f` two to four digits; the other lists
    as the record schema names them (`learning_mode` presential). An unknown
    `list_name` is a `KeyError`.
    """
    found = lists()[list_name]
    for name in (code, found.aliases.get(code, code)):
        if name in found.concepts:
            return found.concepts[name]
    if list_name == "language" and code.partition("-")[0] in found.concepts:
        return found.concepts[code.partition("-")[0]]
    raise UnknownConcept(list_name, code)


def by_uri(uri: str) -> Concept | None:
    """The concept with this identifier, if one of our lists holds it."""
    return _by_uri().get(uri)


def is_member(scheme_uri: str, uri: str) -> bool | None:
    """Does the scheme hold the concept? None where we cannot know offline."""
    found = _by_scheme().get(scheme_uri)
    if found is None:
        return None
    known = _by_uri().get(uri)
    if known is not None and known.scheme == scheme_uri:
        return True
    return False if found.complete else None


def to_elm(concept: Concept, languages: Iterable[str]) -> dict[str, Any]:
    """The concept as ELM writes it, with labels in the credential's languages.

    Keys of `prefLabel` are the tags of the credential as they are (sr-Latn, cnr).
    Where a language has no label, English is added, once: viewers fall back from
    the asked language to English. The returned value is shared: never change it.
    """
    return _elm(concept, tuple(languages))


@lru_cache(maxsize=4096)
def _elm(concept: Concept, languages: tuple[str, ...]) -> dict[str, Any]:
    labels = {tag: text for tag in languages if (text := concept.label(tag))}
    if len(labels) < len(set(languages)) or not labels:
        labels["en"] = concept.labels["en"]
    written: dict[str, Any] = {"id": concept.uri, "type": "Concept"}
    if concept.scheme is not None:
        written["inScheme"] = {"id": concept.scheme, "type": "ConceptScheme"}
    if concept.notation is not None:
        written["notation"] = concept.notation
    written["prefLabel"] = labels
    return written


def _fallback(language: str) -> str:
    """The tag without its region; bare Serbian is Cyrillic, a script stays itself."""
    primary, _, rest = language.partition("-")
    if len(rest) == 4:  # BCP 47: four letters are a script, and Latn is not Cyrl
        return language
    return "sr-Cyrl" if primary == "sr" else primary


def _near(given: str, found: ConceptList) -> str | None:
    """The code of that name in any language, or the code that is spelt alike."""
    named = [c.code for c in found.concepts.values() if given in c.labels.values()]
    names = [*found.concepts, *found.aliases]
    close = named or get_close_matches(given[:MAX_HINT], names, n=1, cutoff=0.6)
    return close[0] if close else None


def _load() -> dict[str, Any]:
    import json
    from importlib.resources import files

    data = files("edc_issuer").joinpath("data", "vocabularies.json")
    content: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"))
    return content


def _list(name: str, data: Mapping[str, Any]) -> ConceptList:
    found = {}
    for code, end, labels in data["concepts"]:
        official = ":" not in end
        found[code] = Concept(
            uri=data["base"] + end if official else end,
            scheme=data["scheme"] if official else None,
            code=code,
            labels=labels,
            notation=data["notation"] if official else None,
        )
    return ConceptList(
        name=name,
        scheme=data["scheme"],
        complete=data["complete"],
        own_labels=tuple(data["own_labels"]),
        concepts=found,
        aliases=data["aliases"],
    )


@cache
def _by_uri() -> Mapping[str, Concept]:
    return {c.uri: c for found in lists().values() for c in found.concepts.values()}


@cache
def _by_scheme() -> Mapping[str, ConceptList]:
    return {found.scheme: found for found in lists().values()}

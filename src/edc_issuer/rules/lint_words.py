"""The verbs of learning outcomes, found in a sentence without any grammar.

`data/lint_verbs.json` lists verbs by language and Bloom level, each with the forms
in which schools write: third person present, infinitive, imperative. Croatian,
Bosnian, Montenegrin and Serbian share one list with the forms of all; Cyrillic is
read as Latin. A verb that is not listed is not an error: it is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from edc_issuer.rules.elements import data

MAX_LETTERS = 2_000  # of one outcome; nobody states a longer one
REACH = 7  # words after an opening such as "pri delu v tujini" until the verb comes
LEVELS: tuple[str, ...] = (
    "remember",
    "understand",
    "apply",
    "analyse",
    "evaluate",
    "create",
)
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[,;:]")
_MARKS = ",;:"
_END = re.compile(r"(?<=[^\W\d_]{4})[.!?]\s+(?=[^\W\d_])")
_VERB_LIKE = {
    "en": re.compile(r"\w{3,}s\Z"),
    "sl": re.compile(r"\w{2,}(?:[aei]|ti|či)\Z"),
    "hbs": re.compile(r"\w{2,}(?:[aei]|ti|ći)\Z"),
}
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LETTERS = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_LATIN = str.maketrans(dict(zip(_CYRILLIC, _LETTERS.split(" "), strict=True)))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that matter here, in small Latin letters."""

    group: str
    # form → (which of the three forms, Bloom levels) of every verb written so
    verbs: Mapping[str, frozenset[tuple[int, str]]] = field(hash=False)
    not_observable: frozenset[str]
    skipped: frozenset[str]
    openings: frozenset[str]
    joins: frozenset[str]

    def shapes(self, word: str) -> frozenset[int]:
        """Which of the three forms a word may be; empty if it is no known verb."""
        return frozenset(shape for shape, _ in self.verbs.get(word, ()))

    def levels(self, word: str) -> frozenset[str]:
        """The Bloom levels at which a verb usually stands."""
        return frozenset(level for _, level in self.verbs.get(word, ()))

    def looks_like_verb(self, word: str) -> bool:
        """Whether an unknown word ends as verbs of the language do."""
        return _VERB_LIKE[self.group].match(word) is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one outcome.

    `verbs` are the observable ones that it joins, the first first; `vague` those
    that nobody can observe and that stand alone; `first` is the word it begins with.
    """

    first: str = ""
    verbs: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    length: int = 0
    sentences: int = 1


def words_of(language: str) -> Words | None:
    """The words of a language tag (`sr-Cyrl`, `en-GB`); None where there are none."""
    known = data("lint_verbs.json")["languages"]
    for tag in (language, language.partition("-")[0]):
        if tag in known:
            return _words(known[tag])
    return None


def read(text: str, words: Words) -> Reading:
    """Find the verbs of one outcome."""
    text = text[:MAX_LETTERS]
    small = text.casefold().translate(_LATIN)
    tokens = _TOKEN.findall(small)
    spoken = [token for token in tokens if token not in _MARKS]
    at = _opening(tokens, words)
    verbs: list[str] = []
    vague: list[str] = []
    if at is not None:
        for token in _joined(tokens, at, words):
            (verbs if token in words.verbs else vague).append(token)
    return Reading(
        first=next((t for t in spoken if t not in words.skipped), ""),
        verbs=tuple(dict.fromkeys(verbs)),
        vague=tuple(dict.fromkeys(vague)),
        length=len(spoken),
        sentences=len([part for part in _END.split(text) if part.strip()]),
    )


def _opening(tokens: Sequence[str], words: Words) -> int | None:
    """Where the first verb stands: at the start, or after a circumstance."""
    reach = 1
    for at, token in enumerate(tokens):
        if token in words.verbs or token in words.not_observable:
            return at
        if token in words.openings and at < REACH:
            reach = REACH  # "pri delu v tujini upošteva": the verb is still to come
        elif token not in words.skipped:
            reach -= 1
        if reach <= 0:
            return None
    return None


def _joined(tokens: Sequence[str], at: int, words: Words) -> Iterator[str]:
    """The first verb and those joined to it in the same form, one vague one too."""
    if tokens[at] in words.not_observable:
        at = _governed(tokens, at, words) or at
    yield tokens[at]
    shapes = words.shapes(tokens[at])
    for index in range(at + 1, len(tokens) - 1):
        if tokens[index] == ":":
            return  # what follows is a list of things, named by nouns
        if tokens[index] not in words.joins and tokens[index] not in _MARKS:
            continue
        found = _after(tokens, index + 1, words)
        if found is None or found + 1 >= len(tokens):
            continue  # "rules and tests": a last word is rather a noun
        word = tokens[found]
        if word in words.not_observable:
            if _governed(tokens, found, words) is None:
                yield word
        elif shapes & words.shapes(word):
            yield word


def _after(tokens: Sequence[str], at: int, words: Words) -> int | None:
    """The first word from here that says something; None at a further comma."""
    for index in range(at, min(at + 3, len(tokens))):
        if tokens[index] not in words.skipped and tokens[index] not in words.joins:
            return index
    return None


def _governed(tokens: Sequence[str], at: int, words: Words) -> int | None:
    """Where "zna izračunati", "knows how to apply" go on with a verb that shows it.

    After a Serbian "da" stands the present instead of the infinitive: "zna da primeni".
    """
    for index in range(at + 1, min(at + 4, len(tokens))):
        token = tokens[index]
        shape = 0 if tokens[index - 1] == "da" else 1
        if shape in words.shapes(token):
            return index
        if token not in words.skipped and token not in ("how", "to", "kako", "da"):
            return None
    return None


@cache
def _words(group: str) -> Words:
    given = data("lint_verbs.json")
    verbs: dict[str, set[tuple[int, str]]] = {}
    for level, entries in given["groups"][group].items():
        for entry in entries:
            for shape, form in enumerate(entry.split()):
                verbs.setdefault(form, set()).add((shape, level))
    return Words(
        group,
        {form: frozenset(found) for form, found in verbs.items()},
        frozenset(given["not_observable"][group]),
        frozenset(given["skip"][group]),
        frozenset(given["openings"][group]),
        frozenset(given["joins"][group]),
    )

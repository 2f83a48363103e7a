"""Which column a heading means, in the clerk's language or in our own names.

`Naziv programa (sl)`, `title_sl` and `Назив програма (sr-Cyrl)` are the same kind of
column. What no language knows is a fault with the nearest known heading, never a
column that is silently left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from edc_issuer.columns.problems import closest, problem
from edc_issuer.columns.table import Column, columns_of
from edc_issuer.errors import Problem

MAX_COLUMNS = 2_000  # all our columns in thirty languages; Excel has room for 16,384
MAX_FAULTS = 100  # nobody mends more headings at once, and a hint costs milliseconds
_TAG = r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?"
_IN_BRACKETS = re.compile(rf"(.+?)\s*[(\[]({_TAG})[)\]]\Z")
_BEHIND = re.compile(rf"(.+?)[_\s]({_TAG})\Z")
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "a b v g d d e z z i j k l lj m n nj o p r s t c u f h c c dz s"
_PLAIN = str.maketrans(
    {**dict(zip(_CYRILLIC, _LATIN.split(" "), strict=True)), "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet: where it stands (from 0), its text, what it means.

    `language` is the one of a text; None where the heading names none.
    """

    index: int
    shown: str
    column: Column
    language: str | None = None


def headings(
    cells: Sequence[str], file: str, own: Mapping[str, str | None] | None = None
) -> tuple[tuple[Heading, ...], tuple[tuple[str, Problem], ...]]:
    """What the headings of a sheet mean, and every fault with the heading it is about.

    `own` maps the caller's headings to ours (`{"Dijak": "given_name"}`); None or ""
    says that a column is to be passed over.
    """
    wanted = {_plain(shown): name for shown, name in (own or {}).items()}
    found: dict[str, Heading] = {}
    faults: list[tuple[str, Problem]] = []
    empty = [letters(index) for index, cell in enumerate(cells) if not cell.strip()]
    if empty:
        at = ", ".join(empty[:10])
        faults.append(("", problem("header-empty", columns=at, count=len(empty))))
    for index, cell in enumerate(cells[:MAX_COLUMNS]):
        shown = cell.strip()
        given = wanted.get(_plain(shown), shown)
        if not given:
            continue
        heading = _heading(index, shown, given, file)
        if heading is None:
            if len(faults) < MAX_FAULTS:
                faults.append((shown, _unknown(shown, file, wanted)))
            continue
        key = f"{heading.column.name}:{heading.language or ''}"
        if key in found:
            faults.append((shown, _twice(found[key], index, shown)))
            continue
        found[key] = heading
    if len(cells) > MAX_COLUMNS:
        faults.append(("", problem("too-many-columns", limit=MAX_COLUMNS)))
    return tuple(found.values()), tuple(faults)


def _twice(first: Heading, index: int, shown: str) -> Problem:
    places = {"first": letters(first.index), "second": letters(index)}
    return problem("header-twice", header=shown, **places)


def missing(
    found: Iterable[Heading], file: str, given: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """One fault for each column that a file of this kind cannot do without."""
    there = {heading.column.name for heading in found} | set(given)
    return tuple(
        problem("header-missing", header=name)
        for name, column in columns_of(file).items()
        if column.required and name not in there
    )


def letters(index: int) -> str:
    """The letters of a column as spreadsheets show them: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def label(column: Column, language: str, text_language: str | None = None) -> str:
    """The heading of an empty sheet in a language: `Naziv programa (sl)`."""
    known = column.labels
    spare = {"bs": "hr", "cnr": "sr-Latn"}.get(language, "en")
    first = (known.get(language) or known.get(spare) or known["en"])[0]
    return f"{first} ({text_language})" if text_language else first


def heading_at(path: str, language: str) -> str | None:
    """What the column of a field is called: `learner.given_name` is "Ime" in sl.

    For faults that are found when there is no sheet at hand any more. None where no
    column fills the field; the column of the nearest object around it otherwise.
    """
    steps = re.sub(r"\[[^\]]*\]", "", path).split(".")
    for size in range(len(steps), 0, -1):
        column = _by_path().get(".".join(steps[:size]))
        if column is not None:
            own = steps[size:]
            tag = own[0] if column.texts and len(own) == 1 else None
            return label(column, language, tag)
    return None


@cache
def _by_path() -> Mapping[str, Column]:
    found: dict[str, Column] = {}
    for file in ("flat", "awards", "programmes"):
        for column in columns_of(file).values():
            found.setdefault(".".join(step.name for step in column.path), column)
    return {path: column for path, column in found.items() if path}


def _heading(index: int, shown: str, given: str, file: str) -> Heading | None:
    known = known_headings(file)
    column = known.get(_plain(given))
    if column is not None:
        return Heading(index, shown, column)
    for pattern in (_IN_BRACKETS, _BEHIND):
        match = pattern.match(given)
        column = known.get(_plain(match[1])) if match else None
        if match and column is not None and column.texts:
            return Heading(index, shown, column, _tag(match[2]))
    return None


def _tag(text: str) -> str:
    primary, _, rest = text.partition("-")
    return f"{primary.lower()}-{rest.title()}" if rest else primary.lower()


@cache
def known_headings(file: str) -> Mapping[str, Column]:
    """Every heading a file may have, without marks and capitals.

    A heading that two languages use for different columns is left out; our own names
    always win.
    """
    labels: dict[str, set[str]] = {}
    table = columns_of(file)
    for column in table.values():
        for given in column.labels.values():
            for text in given:
                labels.setdefault(_plain(text), set()).add(column.name)
    known = {
        text: table[min(names)] for text, names in labels.items() if len(names) == 1
    }
    return known | {_plain(name): column for name, column in table.items()}


def _unknown(shown: str, file: str, own: Mapping[str, str | None]) -> Problem:
    target = own.get(_plain(shown))
    if target:
        meant = closest(target, list(columns_of(file)))
        return problem("header-target", header=shown, target=target, meant=meant or "-")
    base = _BEHIND.sub(r"\1", _IN_BRACKETS.sub(r"\1", shown))
    near = closest(_plain(base), list(known_headings(file)))
    if near is None:
        return problem("header-unknown", header=shown)
    column = known_headings(file)[near]
    meant = _spelling(column, near) if near != _plain(base) else column.name
    return problem("header-meant", header=shown, meant=meant)


def _spelling(column: Column, near: str) -> str:
    for given in column.labels.values():
        for text in given:
            if _plain(text) == near:
                return text
    return column.name


def _plain(text: str) -> str:
    """A heading without capitals, marks, Cyrillic letters and doubled spaces."""
    lower = unicodedata.normalize("NFC", text).casefold().translate(_PLAIN)
    base = unicodedata.normalize("NFKD", lower)
    kept = "".join(letter for letter in base if not unicodedata.combining(letter))
    return " ".join(re.split(r"[\s_*:.]+", kept)).strip()

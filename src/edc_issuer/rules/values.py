"""What a value says, whoever wrote it: whether anything at all, and of which kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from edc_issuer import vocab

MAX_DIGITS = 15  # of a number in a duration or a credit; more is no honest number
# Members that say nothing alone. In a record `type` is a word like any other.
SILENT = frozenset({"type", "@type", "@context"})
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?"
)

# What people leave in a field that they have nothing to say in, as the whole text.
PLACEHOLDERS = frozenset(
    [
        "n/a",
        "n.a",
        "tba",
        "tbc",
        "tbd",
        "t.b.d",
        "todo",
        "to do",
        "none",
        "no data",
        "not available",
        "not applicable",
        "placeholder",
        "unknown",
        "undefined",
        "n/p",
        "n/d",
        "ni podatka",
        "ni podatkov",
        "ni na voljo",
        "brez podatka",
        "neznano",
        "nema podataka",
        "nema podatka",
        "nije dostupno",
        "nepoznato",
        "нема података",
        "нема податка",
        "није доступно",
        "непознато",
        "н/п",
        "н/д",
    ]
)
_LONGEST = 80  # letters of a placeholder with what stands around it
_NAME = "Todo"  # a family name too, where it is written like one
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_CROSSES = re.compile(r"[xх]{3,}")  # xxx, in Latin and in Cyrillic letters
# Letters by their class that nobody sees (Unicode, Default_Ignorable_Code_Point).
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")


def parts(
    here: Iterator[tuple[Any, Any]],
) -> Iterator[tuple[Any, Any]]:
    """Values with their trails, lists of any depth replaced by what they hold."""
    for value, trail in here:
        if not isinstance(value, list | tuple):
            yield value, trail
            continue
        pending: list[tuple[Any, Any]] = [(value, trail)]
        while pending:
            item, at = pending.pop()
            if isinstance(item, list | tuple):
                pending += [(v, (at, i)) for i, v in enumerate(item)][::-1]
            else:
                yield item, at


def is_filled(value: Any, silent: frozenset[str] = SILENT) -> bool:
    """Whether a value says anything: words, a number, yes or no.

    A text without a letter or digit and a placeholder say nothing. Members named in
    `silent` do not count.
    """
    return _holds(value, silent, says_something)


def is_written(value: Any, silent: frozenset[str] = SILENT) -> bool:
    """Whether anything stands there at all, be it three dots."""
    return _holds(value, silent, lambda text: bool(text) and not text.isspace())


def says_something(text: str) -> bool:
    """Whether a text holds a letter or digit of any script, and is no placeholder."""
    if not any(letter.isalnum() and letter not in _UNSEEN for letter in text):
        return False
    return not _is_placeholder(text)


def _is_placeholder(text: str) -> bool:
    short = "".join(islice(filter(_is_seen, text), _LONGEST + 1))
    if len(short) > _LONGEST or short == _NAME:
        return False
    core = " ".join(_EDGES.sub("", short.casefold()).split())
    return core in PLACEHOLDERS or _CROSSES.fullmatch(core) is not None


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) != "Cf"


def _holds(value: Any, silent: frozenset[str], says: Callable[[str], bool]) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if says(item):
                return True
        elif isinstance(item, Mapping):
            pending += [held for key, held in item.items() if key not in silent]
        elif isinstance(item, list | tuple):
            pending += item
        elif item is not None:
            return True
    return False


def words(value: Any) -> str:
    """The text of a plain value or of a value object; empty for anything else."""
    if isinstance(value, Mapping):
        value = value.get("@value", value.get("id", value.get("@id")))
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return str(value).strip()


def is_day(value: Any) -> bool:
    """A day of the calendar, or a moment: `2025-11-20`, `2025-11-20T00:00:00Z`."""
    if isinstance(value, date):
        return True
    return _moment(value) is not None


def is_moment(value: Any) -> bool:
    """A moment with its offset, as `xsd:dateTimeStamp` wants it."""
    moment = _moment(value)
    return moment is not None and moment.tzinfo is not None


def is_duration(value: Any) -> bool:
    """An `xsd:duration` that lasts: `PT50H`, never `P` or `PT0H`."""
    match = _DURATION.fullmatch(words(value)[: 8 * MAX_DIGITS])
    return match is not None and any(part and int(part) for part in match.groups())


def is_positive(value: Any) -> bool:
    """A number above zero, also as text: credit points are written `"0.5"`."""
    text = words(value)
    if not text or len(text) > MAX_DIGITS + 2:
        return False
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and number > 0


def is_country(value: Any) -> bool:
    """A country of the EU authority list, by two letters or by its concept."""
    text = words(value)
    if re.fullmatch(r"[A-Z]{2}", text):
        return text in vocab.lists()["country"].concepts
    return vocab.is_member(_COUNTRIES, text) is True


def is_did(value: Any) -> bool:
    """A decentralised identifier: `did:method:name`."""
    return re.match(r"did:[a-z0-9]+:\S", words(value)) is not None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(words(value)[:40])
    except ValueError:
        return None


_COUNTRIES = "http://publications.europa.eu/resource/authority/country"

KINDS: Mapping[str, Callable[[Any], bool]] = {
    "country": is_country,
    "day": is_day,
    "did": is_did,
    "duration": is_duration,
    "moment": is_moment,
    "positive": is_positive,
}

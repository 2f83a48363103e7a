"""Reading a credential back into a record: what both models share.

A received credential may be anybody's: a property holds one value or several, a
text one language or many, a concept is written out or only named. `Branch` takes
what is asked for in any of these forms and remembers that it was taken; what
nobody asked for in the end is told (`Source.unread`). Nothing here raises for what
a credential holds, apart from its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from edc_issuer import vocab
from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.base import Loss
from edc_issuer.models.dates import calendar_date
from edc_issuer.models.mapping import Rule
from edc_issuer.models.texts import table
from edc_issuer.models.tree import Path, id_of, pointer, types_of, values
from edc_issuer.record.fields import LANGUAGE_PATTERN, MAX_MAGNITUDE

MAX_NODES = 20_000  # objects; the largest official sample has 1,700
MAX_VALUES = 2_000  # of one property
MAX_STEPS = 50_000  # objects gone into; the largest fixture needs 226
MAX_TOLD = 200  # places of a credential that a loss report names
MAX_DEPTH = 130  # what the JSON reader lets through
NOWHERE = "ZZ"  # ISO 3166-1 leaves it to users: no country is stated

_TAG = re.compile(LANGUAGE_PATTERN)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_DURATION = re.compile(
    r"P(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
# What identifies, types or frames an object says nothing of its own.
_FRAME = frozenset({"@context", "id", "@id", "type", "@type", "proof"})
_CONCEPTS = frozenset({"Concept", "ConceptScheme"})


class Source:
    """One credential while it is read: its nodes by id, and what was taken of it."""

    def __init__(self, credential: Mapping[str, Any], *, language: str = "en") -> None:
        self.language = language  # of a text that does not say its own
        self.by_id: dict[str, Mapping[str, Any]] = {}
        self.losses: list[Loss] = []
        self._taken: set[tuple[object, str]] = set()
        self._spent = 0
        self._credential = credential
        self._index(credential)

    @property
    def root(self) -> Branch:
        """The credential itself."""
        return Branch(self._credential, self)

    def tell(self, path: str, kind: str, why: str) -> None:
        """Put a loss into the report."""
        self.losses.append(Loss(path, kind, why))

    def taken(self, node: Mapping[str, Any], key: str) -> None:
        """A property was read: with it every node of the same id has been."""
        self._taken.add((_identity(node), key))

    def spend(self, steps: int) -> None:
        """Count the objects that are gone into: references can lead in circles."""
        self._spent += steps
        if self._spent > MAX_STEPS:
            raise too_large()

    def cut(self, key: str) -> None:
        """Tell once that a property has more values than are read."""
        why = f"of a property {key[:60]!a} only the first {MAX_VALUES} values were read"
        loss = Loss("", "unread", why)
        if loss not in self.losses:
            self.losses.append(loss)

    def unread(self, *, frame: Iterable[str] = ()) -> Iterator[Loss]:
        """What nobody took, outermost place first; at most `MAX_TOLD` places.

        `frame` are keys that say nothing about an award, at any depth.
        """
        why = "a record has no field for it"
        for count, path in enumerate(self._untaken(_FRAME.union(frame))):
            if count == MAX_TOLD:
                yield Loss("", "unread", f"more than {MAX_TOLD} places were not read")
                return
            yield Loss(pointer(path), "unread", why)

    def _untaken(self, frame: frozenset[str]) -> Iterator[Path]:
        # Nodes of one id are one node, so each property of it is walked once.
        walked: set[tuple[object, str]] = set()
        pending: list[tuple[Path, Any]] = [(None, self._credential)]
        while pending:
            here, item = pending.pop()
            if isinstance(item, list | tuple):
                pending += [((here, n), held) for n, held in enumerate(item)][::-1]
            if not isinstance(item, Mapping) or _CONCEPTS & {*types_of(item)}:
                continue
            below: list[tuple[Path, Any]] = []
            for key, held in item.items():
                place = (_identity(item), key)
                if key in frame or held in (None, "", [], {}) or place in walked:
                    continue
                walked.add(place)
                if place in self._taken:
                    below.append(((here, key), held))
                elif not _is_value(item):
                    yield here, key
            pending += reversed(below)

    def _index(self, credential: Mapping[str, Any]) -> None:
        pending: list[tuple[Any, int]] = [(credential, 0)]
        count = 0
        while pending:
            item, depth = pending.pop()
            if isinstance(item, list | tuple):
                pending += [(held, depth + 1) for held in item]
            elif isinstance(item, Mapping):
                count += 1
                name = id_of(item)
                known = self.by_id.get(name) if name else None
                if name and len(item) > len(known or ()):
                    self.by_id[name] = item
                pending += [(held, depth + 1) for held in item.values()]
            else:
                continue
            if count > MAX_NODES or depth > MAX_DEPTH:
                raise too_large()


class Branch:
    """One object of a credential, read property by property."""

    __slots__ = ("data", "source")

    def __init__(self, data: Mapping[str, Any], source: Source) -> None:
        self.data = data
        self.source = source

    @property
    def id(self) -> str | None:
        """The id of the object, if it has one."""
        return id_of(self.data)

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the object."""
        return types_of(self.data)

    def take(self, key: str) -> list[Any]:
        """All values of a property, whether one or a list."""
        if key not in self.data:
            return []
        self.source.taken(self.data, key)
        found = values(self.data[key])
        if len(found) > MAX_VALUES:
            self.source.cut(key)
        return found[:MAX_VALUES]

    def branches(self, key: str) -> list[Branch]:
        """The objects of a property; what is only named by its id is looked up."""
        taken = self.take(key)
        self.source.spend(len(taken))
        found = (self._resolved(item) for item in taken)
        return [Branch(item, self.source) for item in found if item is not None]

    def branch(self, key: str) -> Branch | None:
        """The first object of a property."""
        return next(iter(self.branches(key)), None)

    def at(self, *keys: str) -> Branch | None:
        """The first object along a path of properties."""
        found: Branch | None = self
        for key in keys:
            found = found.branch(key) if found else None
        return found

    def text(self, key: str) -> str | None:
        """The first value of a property as one text, in the credential's language."""
        for item in self.take(key):
            if isinstance(item, str | int | float) and not isinstance(item, bool):
                return str(item) or None
            found = lang_text(item, self.source.language)
            if found:
                return found.get(self.source.language) or next(iter(found.values()))
        return None

    def texts(self, key: str) -> dict[str, str]:
        """The texts of a property by language."""
        found: dict[str, str] = {}
        for item in self.take(key):
            for tag, text in lang_text(item, self.source.language).items():
                found.setdefault(tag, text)
        return found

    def texts_of(self, key: str) -> dict[str, str]:
        """The texts of a property, which do not count as read by this."""
        found: dict[str, str] = {}
        for item in values(self.data.get(key))[:MAX_VALUES]:
            found |= lang_text(item, self.source.language)
        return found

    def confirms(self, key: str, texts: Mapping[str, str]) -> None:
        """Count a property as read where it only repeats what was read elsewhere."""
        if self.texts_of(key) == texts:
            self.take(key)

    def number(self, key: str) -> Decimal | None:
        """A property in figures, as a number or as text."""
        return number_of(self.text(key))

    def day(self, key: str) -> date | None:
        """The day of a time, read as decided for credentials of any maker."""
        return day_of(self.text(key))

    def code(self, key: str, list_name: str) -> str | None:
        """The code of the first concept of a property in a controlled list."""
        return next(iter(self.codes(key, list_name)), None)

    def codes(self, key: str, list_name: str) -> list[str]:
        """The codes of all concepts of a property in a controlled list."""
        found = (code_of(item, list_name) for item in self.take(key))
        return [code for code in found if code is not None]

    def _resolved(self, item: Any) -> Mapping[str, Any] | None:
        if isinstance(item, str):
            return self.source.by_id.get(item)
        if not isinstance(item, Mapping):
            return None
        name = id_of(item)
        # A mention (id and type) stands for what is written out elsewhere.
        if name and _FRAME.issuperset(item):
            return self.source.by_id.get(name, item)
        return item


def too_large() -> RecordError:
    """Nobody's credential has so many objects, or refers to them so often."""
    message = f"more than {MAX_NODES} objects, or nested more than {MAX_DEPTH} deep"
    return RecordError([Problem("", "limits.size", message)])


def unreadable(path: str, message: str) -> RecordError:
    """What makes a record impossible, with its path in the record."""
    return RecordError([Problem(path, "missing", message)])


def lang_text(item: Any, language: str) -> dict[str, str]:
    """A text by language, from a text, a language map or a value object."""
    if isinstance(item, str):
        return {language: item} if item else {}
    if not isinstance(item, Mapping):
        return {}
    if "@value" in item:
        item = {item.get("@language") or language: item["@value"]}
    found: dict[str, str] = {}
    for key, held in item.items():
        text = next((one for one in values(held) if isinstance(one, str) and one), None)
        tag = language_tag(key, language)
        if text and tag:
            found.setdefault(tag, text)
    return found


def language_tag(tag: object, default: str) -> str | None:
    """A tag as records write it; None for what is no language tag."""
    if tag in ("@none", "none", "und", ""):
        return default
    if not isinstance(tag, str):
        return None
    head, dash, rest = tag.partition("-")
    known = f"{head.lower()}{dash}{rest}"
    return known if _TAG.fullmatch(known) else None


def number_of(text: str | None) -> Decimal | None:
    """A number in figures with a decimal point, within what records hold."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    found = Decimal(text.strip())
    return found if abs(found) < MAX_MAGNITUDE else None


def day_of(text: str | None) -> date | None:
    """The day of a stated time; None where it is no time."""
    try:
        return calendar_date(text).day if text else None
    except ValueError:
        return None


def hours_of(duration: str | None) -> Decimal | None:
    """Hours of an `xsd:duration` in days (of 24 hours) to seconds.

    Months and years have no number of hours, so None.
    """
    match = _DURATION.fullmatch(duration or "")
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Decimal(((days * 24 + hours) * 60 + minutes) * 60 + seconds) / 3600


def code_of(item: Any, list_name: str) -> str | None:
    """The code of a concept (an object, or its URI alone) in one of our lists."""
    uri = id_of(item) if isinstance(item, Mapping) else item
    found = vocab.by_uri(uri) if isinstance(uri, str) else None
    own = found and vocab.lists()[list_name].concepts.get(found.code)
    return own.code if own is not None and own.uri == uri else None


def sentences(key: str, file: str = "credential_texts.json") -> Mapping[str, str]:
    """One of our own sentences in every language that we speak."""
    return table(file)[key]


def is_said(texts: Mapping[str, str], key: str) -> bool:
    """Whether every one of `texts` is our own sentence in some language."""
    own = {*sentences(key).values()}
    return bool(texts) and own.issuperset(texts.values())


def losses_of(
    rules: Iterable[Rule], *, assumed: Iterable[tuple[str, str]], source: Source
) -> Iterator[Loss]:
    """What the model never carries, or in part, by the rules of the way out.

    `assumed` are fields that the record has all the same, with what stands in their
    place.
    """
    stand_ins = dict(assumed)
    for path, why in stand_ins.items():
        yield Loss(path, "assumed", why)
    # A rule that maps does not undo one that says what a reader cannot see.
    last: dict[str, Rule] = {}
    for rule in rules:
        if rule.kind != "mapped" or rule.path_prefix not in last:
            last[rule.path_prefix] = rule
    for rule in last.values():
        if rule.kind != "mapped" and rule.path_prefix not in stand_ins:
            yield Loss(rule.path_prefix, rule.kind, rule.why)
    yield from source.losses


def _identity(node: Mapping[str, Any]) -> object:
    return id_of(node) or id(node)


def _is_value(node: Mapping[str, Any]) -> bool:
    """A language map or value object, which was taken with its property."""
    return "@value" in node or all(
        isinstance(key, str) and _TAG.fullmatch(key.lower()) for key in node
    )

"""Five answers out of a credential: who, what, by whom, when and where, until when.

`summary(content, "sl")` reads plain JSON of either model (European Learning Model
or Open Badges 3.0) and of any shape: a value may be one thing or a list, a text or
a map by language. What cannot be read is simply absent; nothing here raises. All of
it is what the content *says*: whoever shows it says "according to the file".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from edc_issuer.messages.safe import neutral

MAX_NAMED = 3  # of several people or achievements, how many are named
_MAX_VALUES = 1000  # of one list, how many are looked at
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERSON_NAME = frozenset({"ext:name", "name"})
_REACHABLE = frozenset({"emailAddress", "email"})
_ENDORSEMENTS = frozenset({"EndorsementCredential", "Endorsement"})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Several:
    """What was found: the first few, and how many more there are."""

    shown: tuple[str, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.shown)

    def __str__(self) -> str:
        return "; ".join(self.shown)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a credential says, in one language; texts are neutralised single lines.

    Dates are `date` where they can be read, else the text as it stands. `borrowed`:
    the titles name their languages, and none of them is the one asked for.
    `endorses` is what an endorsement speaks of, empty where it does not say (None: it
    is no endorsement), `comment` what it says of that.
    """

    who: Several = Several()
    what: Several = Several()
    by_whom: str | None = None
    issuer_id: str | None = None
    when: date | str | None = None
    where: str | None = None
    valid_from: date | str | None = None
    valid_until: date | str | None = None
    borrowed: bool = False
    endorses: str | None = None
    comment: str | None = None


def summary(content: Any, language: str) -> Summary:
    """The five answers; `language` first, then English, then any other."""
    credential = content if isinstance(content, Mapping) else {}
    reader = _Reader(language)
    issuer = _first(_issuers(credential)) or {}
    return Summary(
        who=_several(reader.people(credential)),
        what=_several(reader.achievements(credential)),
        by_whom=reader.organisation(issuer),
        issuer_id=_text(_first(identifiers(issuer))),
        when=_day(_first(_moments(credential))),
        where=_first(reader.places(credential, issuer)),
        valid_from=_day(_first(_dates(credential, "validFrom", "issuanceDate"))),
        valid_until=_day(
            _first(_dates(credential, "validUntil", "expirationDate", "expires"))
        ),
        borrowed=_borrowed(credential, language),
        endorses=reader.endorsed(credential),
        comment=_first(reader.comments(credential)),
    )


def text_in(value: Any, language: str) -> str | None:
    """A text, a map by language, or a list of either, as one neutralised line."""
    return _Reader(language).text(value)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds texts in the language that is wanted most."""

    language: str

    def text(self, value: Any) -> str | None:
        """A text, a language map, or a list of either; neutralised."""
        return _text(_first(self._spellings(value)))

    def _spellings(self, value: Any) -> Iterator[Any]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            tagged = {
                item.get("@language"): item.get("@value")
                for item in _values(value)
                if isinstance(item, Mapping) and "@value" in item
                if isinstance(item.get("@language"), str | None)
            }
            yield from self._by_language(tagged)
            yield from (item for item in _values(value) if isinstance(item, str))
            for item in _values(value)[:1]:
                if isinstance(item, Mapping):
                    yield from self._by_language(item)
        elif isinstance(value, Mapping):
            yield from self._by_language(
                {None: value["@value"]} if "@value" in value else value
            )

    def _by_language(self, texts: Mapping[Any, Any]) -> Iterator[Any]:
        exact = [tag for tag in texts if tag == self.language]
        wanted = [*exact, *(tag for tag in texts if _speaks(tag, self.language))]
        english = [tag for tag in texts if _speaks(tag, "en")]
        for tag in (*wanted, *english, *texts):
            yield from (item for item in _values(texts[tag]) if isinstance(item, str))

    def people(self, credential: Mapping[str, Any]) -> Iterator[str | None]:
        for subject in _nodes(credential.get("credentialSubject")):
            yield self._person(subject)
        for recipient in _nodes(credential.get("recipient")):  # Open Badges 2.0
            if recipient.get("hashed") is False:
                yield self.text(recipient.get("identity"))

    def _person(self, subject: Mapping[str, Any]) -> str | None:
        full = self.text(subject.get("fullName")) or self.text(subject.get("name"))
        if full:
            return full
        given = self.text(subject.get("givenName"))
        family = self.text(subject.get("familyName"))
        if given or family:
            return " ".join(filter(None, (given, family)))
        stated = dict(_identity_objects(subject))
        for kinds in (_PERSON_NAME, _REACHABLE):
            for kind in sorted(kinds & stated.keys()):
                return neutral(stated[kind])
        return None

    def achievements(self, credential: Mapping[str, Any]) -> Iterator[str | None]:
        found = False
        for subject in _nodes(credential.get("credentialSubject")):
            for claim in _nodes(subject.get("hasClaim"), subject.get("achievement")):
                title = self.text(claim.get("title")) or self.text(claim.get("name"))
                found = found or bool(title)
                yield title
        for badge in _nodes(credential.get("badge")):  # Open Badges 2.0
            title = self.text(badge.get("name"))
            found = found or bool(title)
            yield title
        if not found:
            for page in _nodes(credential.get("displayParameter")):
                yield self.text(page.get("title"))
            yield self.text(credential.get("name"))

    def endorsed(self, credential: Mapping[str, Any]) -> str | None:
        """What an endorsement is about, empty where that is not said."""
        if _ENDORSEMENTS.isdisjoint(_strings(credential.get("type"))):
            return None
        named = (self.text(one.get("id")) for one in _praised(credential))
        return _first(named) or ""

    def comments(self, credential: Mapping[str, Any]) -> Iterator[str | None]:
        """What an endorsement says, else what it is called."""
        for subject in _praised(credential):
            yield self.text(subject.get("endorsementComment"))
        yield self.text(credential.get("name"))

    def organisation(self, node: Mapping[str, Any]) -> str | None:
        names = ("legalName", "name", "prefLabel", "altLabel")
        return _first(self.text(node.get(name)) for name in names)

    def places(
        self, credential: Mapping[str, Any], issuer: Mapping[str, Any]
    ) -> Iterator[str | None]:
        """Where it was awarded, else where the issuer is."""
        for process in _awarding_processes(credential):
            for location in _nodes(process.get("location")):
                yield self._place(location)
        for location in _nodes(issuer.get("location")):
            yield self._place(location)
        for address in _nodes(issuer.get("address")):
            parts = (address.get("addressLocality"), address.get("addressCountryCode"))
            yield ", ".join(filter(None, map(self.text, parts))) or None

    def _place(self, location: Mapping[str, Any]) -> str | None:
        place = self.text(location.get("geographicName"))
        for address in _nodes(location.get("address")):
            country = _first(
                self.text(code.get("prefLabel"))
                for code in _nodes(address.get("countryCode"))
            )
            full = _first(
                self.text(note.get("noteLiteral"))
                for note in _nodes(address.get("fullAddress"))
            )
            return ", ".join(filter(None, (place or full, country))) or None
        return place


def _praised(credential: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The subject of an endorsement; version 2.0 calls it a claim."""
    yield from _nodes(credential.get("credentialSubject"), credential.get("claim"))


def identifiers(organisation: Mapping[str, Any]) -> Iterator[str]:
    """What an organisation says its number is, the official one first."""
    for key in ("eIDASIdentifier", "vatIdentifier", "taxIdentifier", "registration"):
        for node in _nodes(organisation.get(key)):
            yield from _strings(node.get("notation"))
    for node in _nodes(organisation.get("otherIdentifier")):
        yield from _strings(node.get("identifier"))
    yield from _strings(organisation.get("id"))


def _speaks(tag: Any, language: str) -> bool:
    """Whether a text is in that language, in whatever script or region."""
    primary = language.lower().partition("-")[0]
    return isinstance(tag, str) and tag.lower().partition("-")[0] == primary


def _borrowed(credential: Mapping[str, Any], language: str) -> bool:
    tags = list(_title_languages(credential))
    return bool(tags) and not any(_speaks(tag, language) for tag in tags)


def _title_languages(credential: Mapping[str, Any]) -> Iterator[str]:
    """The languages that the titles are said to be in."""
    for subject in _nodes(credential.get("credentialSubject")):
        for claim in _nodes(subject.get("hasClaim"), subject.get("achievement")):
            yield from _strings(claim.get("inLanguage"))
            for title in _values(claim.get("title")):
                if isinstance(title, Mapping):
                    yield from (tag for tag in title if isinstance(tag, str))


def _identity_objects(subject: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The kinds and values of an Open Badges subject's identifiers that are legible."""
    for node in _nodes(subject.get("identifier")):
        kind, value = node.get("identityType"), node.get("identityHash")
        if node.get("hashed") is False and isinstance(kind, str):
            yield from ((kind, text) for text in _strings(value))


def _awarding_processes(credential: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for subject in _nodes(credential.get("credentialSubject")):
        for claim in _nodes(subject.get("hasClaim")):
            yield from _nodes(claim.get("awardedBy"))


def _moments(credential: Mapping[str, Any]) -> Iterator[str]:
    for process in _awarding_processes(credential):
        yield from _strings(process.get("awardingDate"))
    names = ("awardedDate", "issued", "issuanceDate", "validFrom", "issuedOn")
    yield from _dates(credential, *names)


def _issuers(credential: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The issuer; Open Badges 2.0 name it in the badge class."""
    yield from _nodes(credential.get("issuer"))
    for badge in _nodes(credential.get("badge")):
        yield from _nodes(badge.get("issuer"))


def _dates(credential: Mapping[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        yield from _strings(credential.get(name))


def _day(text: str | None) -> date | str | None:
    """The day in the value's own offset; 22:00Z and 23:00Z are the next one.

    Programs in Central Europe write local midnight that way.
    """
    if text is None:
        return None
    found = _DATE.match(text)
    try:
        day = date.fromisoformat(found[0]) if found else None
        moment = datetime.fromisoformat(text) if day else None
    except ValueError:
        return neutral(text)
    if day is None or moment is None:
        return neutral(text)
    shifted = moment.utcoffset() == timedelta(0) and moment.hour in (22, 23)
    whole = moment.minute == moment.second == 0
    return day + timedelta(days=1) if shifted and whole and day < date.max else day


def _several(found: Iterator[str | None]) -> Several:
    distinct = tuple(dict.fromkeys(filter(None, found)))
    return Several(distinct[:MAX_NAMED], max(0, len(distinct) - MAX_NAMED))


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:_MAX_VALUES] if isinstance(value, list) else [value]


def _nodes(*values: Any) -> Iterator[Mapping[str, Any]]:
    """Objects among the values; a bare address is an object with only an id."""
    for value in values:
        for item in _values(value):
            if isinstance(item, Mapping):
                yield item
            elif isinstance(item, str):
                yield {"id": item}


def _strings(value: Any) -> Iterator[str]:
    yield from (item for item in _values(value) if isinstance(item, str) and item)


def _text(value: Any) -> str | None:
    return (neutral(value) or None) if isinstance(value, str) else None


def _first(found: Iterable[_T | None]) -> _T | None:
    """The first that says something."""
    return next((item for item in found if item), None)

"""Who may award what, as a file at hand says: accreditations in the words of ELM.

The file holds `{"accreditations": [...]}`, each an ELM `Accreditation` as in an EDC
(and as the Commission's register QDR answers). It is the word of whoever keeps it,
like the rest of a trust folder. What an entry does not say is not known: a limit
that the decision leaves open is written as "*". ELM 3.2, class Accreditation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from edc_issuer import strict_json, vocab
from edc_issuer.errors import ConfigError, Malformed
from edc_issuer.keys.files import read_bounded

OPEN = "*"  # what the decision says it does not limit
MAX_ENTRIES = 10_000
_LIMIT = 16 * 1024 * 1024  # bytes; QDR's answer for one provider has a few kB
_DECISIONS = {
    "positive": "positive",
    "positive with conditions or restrictions": "conditional",
    "conditional": "conditional",
    "negative": "negative",
}
# A free text in ELM; any word not known to mean "in force" leaves it open.
_IN_FORCE = frozenset({"released", "active", "valid", "in force"})
_IDENTIFIERS = (
    "eIDASIdentifier",
    "registration",
    "vatIdentifier",
    "taxIdentifier",
    "identifier",
)
_TOLD_ONLY = frozenset(
    {
        "id",
        "type",
        "identifier",
        "title",
        "description",
        "dateModified",
        "valid",
        "additionalNote",
        "homepage",
        "landingPage",
        "report",
        "reviewDate",
        "supplementaryDocument",
    }
)
_READ = frozenset(
    {
        "dcType",
        "organisation",
        "accreditingAgent",
        "decision",
        "status",
        "dateIssued",
        "expiryDate",
        "limitEQFLevel",
        "limitNQFLevel",
        "limitField",
        "limitJurisdiction",
        "limitCredentialType",
        "limitQualification",
    }
)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation by all its identifiers and names."""

    identifiers: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a decision is limited to; `open` if it says that it is not limited.

    Neither open nor any value: nothing is said, and nothing follows from that.
    """

    values: tuple[str, ...] = ()
    open: bool = False

    @property
    def said(self) -> bool:
        return self.open or bool(self.values)


@dataclass(frozen=True, slots=True)
class Accreditation:
    """One decision on one or more organisations.

    `kind` is a code of the list `accreditation_type`, `decision` one of `positive`,
    `conditional`, `negative` or None. `issued` and `expires` are days, both within;
    `no_end` if it says that it has none. Levels are 1 to 8 or `SI/5`, fields ISCED-F
    codes of two to four digits, jurisdictions EU codes such as SVN, credential
    types the last part of their address. `is_in_force` is what its `status` allows.
    """

    title: str
    kind: str | None
    organisations: tuple[Party, ...]
    agent: Party
    decision: str | None
    issued: date | None
    expires: date | None
    no_end: bool
    eqf: Limit
    nqf: Limit
    fields: Limit
    jurisdictions: Limit
    credential_types: Limit
    qualifications: Limit
    is_in_force: bool = True


@dataclass(frozen=True, slots=True)
class Accreditations:
    """All accreditations at hand; none after installation."""

    entries: tuple[Accreditation, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Accreditations:
        """Read a file; `ConfigError` names the entry that cannot be meant."""
        try:
            document = strict_json.loads_object(read_bounded(path, limit=_LIMIT))
        except Malformed as error:
            raise ConfigError(f"{path}: {error}") from error
        entries = document.get("accreditations")
        if set(document) != {"accreditations"} or not isinstance(entries, list):
            raise ConfigError(
                f"{path}: one member is expected, a list called 'accreditations'"
            )
        if len(entries) > MAX_ENTRIES:
            raise ConfigError(f"{path}: more than {MAX_ENTRIES} accreditations")
        read = []
        for number, entry in enumerate(entries, start=1):
            try:
                read.append(_accreditation(entry))
            except ValueError as error:
                where = f"{path}: accreditation {number}"
                raise ConfigError(f"{where}: {error}") from error
        return cls(tuple(read))

    def __add__(self, other: Accreditations) -> Accreditations:
        return Accreditations(self.entries + other.entries)

    def __bool__(self) -> bool:
        return bool(self.entries)


def _accreditation(entry: Any) -> Accreditation:
    if not isinstance(entry, Mapping):
        raise ValueError("not an object")
    unknown = sorted(set(entry) - _TOLD_ONLY - _READ)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no properties of an Accreditation")
    agent = _party(entry.get("accreditingAgent"), "accreditingAgent")
    organisations = tuple(
        _party(item, "organisation") for item in _list(entry.get("organisation"))
    )
    if not organisations:
        raise ValueError("'organisation' must say who is accredited")
    expiry = entry.get("expiryDate")
    return Accreditation(
        title=next(_texts(entry.get("title")), ""),
        kind=_kind(entry.get("dcType")),
        organisations=organisations,
        agent=agent,
        decision=_decision(entry.get("decision")),
        issued=_day(entry.get("dateIssued"), "dateIssued"),
        expires=None if expiry == OPEN else _day(expiry, "expiryDate"),
        no_end=expiry == OPEN,
        eqf=_limit(entry, "limitEQFLevel", _listed("eqf")),
        nqf=_limit(entry, "limitNQFLevel", _listed("nqf")),
        fields=_limit(entry, "limitField", _field),
        jurisdictions=_limit(entry, "limitJurisdiction", jurisdiction),
        credential_types=_limit(entry, "limitCredentialType", last_part),
        qualifications=_limit(entry, "limitQualification", str, _qualification),
        is_in_force=_is_in_force(entry.get("status")),
    )


def _party(node: Any, where: str) -> Party:
    if not isinstance(node, Mapping):
        raise ValueError(f"{where!r} must be an object with names and identifiers")
    found = [text for key in _IDENTIFIERS for text in _notations(node.get(key))]
    party = Party(tuple(found), tuple(_texts(node.get("legalName"))))
    if not party.names:
        raise ValueError(f"{where!r} needs a 'legalName'")
    return party


def _notations(value: Any) -> Iterator[str]:
    for item in _list(value):
        text = item.get("notation") if isinstance(item, Mapping) else item
        if isinstance(text, str) and text.strip():
            yield text


def _limit(entry: Mapping[str, Any], name: str, read: Any, ids: Any = None) -> Limit:
    """The values of one limit, each in the one spelling that is compared."""
    stated = entry.get(name)
    if stated == OPEN:
        return Limit(open=True)
    texts = (ids or _identified)(_list(stated))
    try:
        return Limit(tuple(dict.fromkeys(read(text) for text in texts)))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{name!r}: {error}") from error


def _identified(items: Collection[Any]) -> Iterator[str]:
    """Concepts by their address, or a code that stands for one."""
    for item in items:
        value = item.get("id") if isinstance(item, Mapping) else item
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise ValueError("a concept with its 'id', or a code, is expected")
        yield value


def _qualification(items: Collection[Any]) -> Iterator[str]:
    """A qualification by its address and by its numbers."""
    for item in items:
        if not isinstance(item, Mapping):
            yield from _identified([item])
            continue
        found = [*_notations(item.get("identifier"))]
        if isinstance(item.get("id"), str):
            found.append(item["id"])
        if not found:
            raise ValueError("a qualification needs an 'id' or an 'identifier'")
        yield from found


def _listed(list_name: str) -> Any:
    def read(text: str) -> str:
        known = vocab.by_uri(text)
        found = known or vocab.concept(list_name, text.removeprefix("EQF").strip())
        if found.uri not in {c.uri for c in vocab.lists()[list_name].concepts.values()}:
            raise ValueError(f"{text} is no entry of the list {list_name}")
        return found.code

    return read


def _field(text: str) -> str:
    code = last_part(text)
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 4):
        raise ValueError(f"{text} is no code of ISCED-F")
    return code


def jurisdiction(text: str) -> str:
    """A country or administrative unit in EU codes: `SI` and its address are SVN."""
    code = last_part(text).upper()
    if len(code) == 2:
        return last_part(vocab.concept("country", code).uri).upper()
    return code


def last_part(address: str) -> str:
    """What stands behind the last slash or hash; a bare code is itself."""
    return address.strip().rstrip("/").replace("#", "/").rpartition("/")[2]


def _kind(node: Any) -> str | None:
    for text in _identified(_list(node)[:1]):
        known = vocab.by_uri(text)
        kinds = vocab.lists()["accreditation_type"].concepts
        code = known.code if known else text
        if code not in kinds:
            raise ValueError(f"'dcType': {text} is no kind of accreditation")
        return code
    return None


def _decision(node: Any) -> str | None:
    """The decision in words; None where it is absent or one we do not know."""
    for item in _list(node)[:1]:
        known = (_DECISIONS.get(text.strip().casefold()) for text in _words(item))
        return next(filter(None, known), None)
    return None


def _words(item: Any) -> Iterator[str]:
    if isinstance(item, Mapping):
        yield from _texts(item.get("prefLabel"))
    elif isinstance(item, str):
        yield item


def _is_in_force(status: Any) -> bool:
    if status is None:
        return True
    return isinstance(status, str) and status.strip().casefold() in _IN_FORCE


def _day(value: Any, name: str) -> date | None:
    """The day of a date or of a time, in the zone that it is written in."""
    if value is None:
        return None
    try:
        datetime.fromisoformat(value)
        return date.fromisoformat(value[:10])
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name!r} must be a date or a time") from error


def _texts(value: Any) -> Iterator[str]:
    """A text, some texts, or a text for each language."""
    if isinstance(value, Mapping):
        value = list(value.values())
    for item in _list(value):
        if isinstance(item, list):
            yield from _texts(item)
        elif isinstance(item, str) and item.strip():
            yield item


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

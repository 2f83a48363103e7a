"""What a credential says about its status: the entries of `credentialStatus`.

Bitstring Status List v1.0 section 2.1, Status List 2021, and the revocation list of
1EdTech (VCRL 1.0). An entry that breaks its rules keeps its `fault`: nothing follows
from it, and nobody may overlook it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.models.tree import types_of, values
from edc_issuer.status.bits import MAX_SIZE

BITSTRING = "BitstringStatusListEntry"
LIST_2021 = "StatusList2021Entry"
EDTECH = "1EdTechRevocationList"
KNOWN = (BITSTRING, LIST_2021, EDTECH)
DECIDING = ("revocation", "suspension")  # what ends or pauses a credential
MAX_ENTRIES = 16  # of one credential; honest ones have two
# An EDC has no terms for these, so that its entry says them as IRIs (decision 19).
NAMESPACE = "https://www.w3.org/ns/credentials/status#"
_DIGITS = re.compile(r"0|[1-9][0-9]{0,19}")
_MAX_TOLD = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: which list, which position in it, and what a set bit means.

    `kind` is one of `KNOWN`, or what the file calls it. `notes` are departures from
    the standard that leave no doubt about the meaning, `fault` is one that does.
    """

    kind: str
    purpose: str | None = None
    url: str | None = None
    position: int = 0
    size: int = 1
    messages: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def decides(self) -> bool:
        """Whether a credential stands or falls by this entry."""
        return self.purpose in DECIDING or self.kind == EDTECH or bool(self.fault)

    def message(self, value: int) -> str | None:
        """What the issuer calls this value, if it says so."""
        return dict(self.messages).get(value)


def read_entries(value: Any) -> tuple[Entry, ...]:
    """All entries of a `credentialStatus`; one with a fault where there is none."""
    given = values(value)
    if not given:
        return (Entry("", fault="credentialStatus is empty"),)
    if len(given) > MAX_ENTRIES:
        return (Entry("", fault=f"{len(given)} entries, at most {MAX_ENTRIES}"),)
    return tuple([_entry(item) for item in given])


def _entry(item: Any) -> Entry:
    if not isinstance(item, Mapping):
        return Entry("", fault="an entry that is no object")
    types = [kind.removeprefix(NAMESPACE) for kind in types_of(item)]
    known = [kind for kind in types if kind in KNOWN]
    if not known:
        return Entry(", ".join(types)[:_MAX_TOLD])
    if len(known) > 1:
        return Entry(", ".join(known), fault="an entry of several types")
    try:
        members = _members(item)
        if known[0] == EDTECH:
            return Entry(EDTECH, purpose="revocation", url=_url(members, "id"))
        return _list_entry(known[0], members)
    except ValueError as error:
        return Entry(known[0], fault=str(error))


def _members(item: Mapping[str, Any]) -> dict[str, Any]:
    """The entry by the standard's own names; `ValueError` where one stands twice."""
    found: dict[str, Any] = {}
    for key, value in item.items():
        name = key.removeprefix(NAMESPACE)
        if name in found:
            raise ValueError(f"{name[:40]!a} stands there twice")
        found[name] = value
    return found


def _list_entry(kind: str, members: Mapping[str, Any]) -> Entry:
    purpose = members.get("statusPurpose")
    if not isinstance(purpose, str) or not purpose:
        raise ValueError("statusPurpose is no text")
    url = _url(members, "statusListCredential")
    position, notes = _position(members.get("statusListIndex"))
    size = _size(members.get("statusSize", 1))
    if _id_of(members) == url:
        notes = (*notes, "entry-id-is-the-list")  # section 2.1, `id`: MUST NOT
    return Entry(
        kind,
        purpose=purpose[:_MAX_TOLD],
        url=url,
        position=position,
        size=size,
        messages=tuple(_messages(members.get("statusMessage"), size)),
        notes=notes,
    )


def _url(members: Mapping[str, Any], name: str) -> str:
    value = members.get(name)
    if isinstance(value, Mapping):  # a node of which no more than its id is said
        value = _id_of(value) if len(value) == 1 else None
    if not isinstance(value, str) or ":" not in value:
        raise ValueError(f"{name} is no address")
    return value


def _id_of(members: Mapping[str, Any]) -> Any:
    return members.get("id", members.get("@id"))


def _position(value: Any) -> tuple[int, tuple[str, ...]]:
    """The index: digits in a text, as the standard says, or told as another spelling.

    Minus signs, fractions, exponents and leading zeros are refused: another program
    could read another position.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 0:
            raise ValueError("statusListIndex is negative")
        return value, ("index-is-a-number",)
    if not isinstance(value, str) or not _DIGITS.fullmatch(value):
        raise ValueError("statusListIndex is not a whole number in digits")
    return int(value), ()


def _size(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("statusSize is no whole number")
    if not 1 <= value <= MAX_SIZE:
        raise ValueError(f"statusSize is not between 1 and {MAX_SIZE}")
    return value


def _messages(value: Any, size: int) -> Iterator[tuple[int, str]]:
    """Each value with its message: as many as there are values (section 2.1)."""
    if value is None:
        if size > 1:
            raise ValueError("statusSize without statusMessage")
        return
    if not isinstance(value, list) or len(value) != 1 << size:
        raise ValueError(f"statusMessage has not {1 << size} elements")
    for element in value:
        if not isinstance(element, Mapping):
            raise ValueError("an element of statusMessage is no object")
        status, message = element.get("status"), element.get("message")
        if not isinstance(status, str) or not isinstance(message, str):
            raise ValueError("an element of statusMessage lacks status or message")
        if not re.fullmatch(r"0x[0-9a-fA-F]{1,8}", status):
            raise ValueError("a status of statusMessage is not hexadecimal")
        yield int(status, 16), message[:_MAX_TOLD]

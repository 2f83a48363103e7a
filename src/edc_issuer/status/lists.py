"""What a status list says of itself, once its signature was verified.

`ListCredential` reads the signed content of a `BitstringStatusListCredential` or a
`StatusList2021Credential` (Bitstring Status List v1.0 section 2.2), `revoked_ids` a
1EdTech revocation list (VCRL 1.0), which nobody signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from edc_issuer import strict_json
from edc_issuer.errors import InputError
from edc_issuer.models.tree import comparable_id, id_of, types_of, values
from edc_issuer.status.bits import BadStatusList, StatusList
from edc_issuer.status.entries import BITSTRING, LIST_2021, NAMESPACE

CREDENTIALS = {
    BITSTRING: ("BitstringStatusListCredential", "BitstringStatusList"),
    LIST_2021: ("StatusList2021Credential", "StatusList2021"),
}
_ANY = frozenset(outer for outer, _ in CREDENTIALS.values())
MAX_TTL = timedelta(days=366)  # a list that nobody renews within a year is abandoned
MAX_REVOKED = 1_000_000


def is_list(content: Any) -> bool:
    """Whether a credential is a status list of either kind."""
    return isinstance(content, Mapping) and not _ANY.isdisjoint(_types(content))


@dataclass(frozen=True, slots=True)
class ListCredential:
    """A published list: what it is for, its bits, and when to fetch it anew."""

    id: str | None
    purposes: tuple[str, ...]
    status_list: StatusList
    ttl: timedelta | None = None

    @classmethod
    def read(cls, content: Mapping[str, Any], kind: str) -> ListCredential:
        """Read the signed content of a list for entries of a kind; `BadStatusList`."""
        outer, inner = CREDENTIALS[kind]
        if outer not in _types(content):
            raise BadStatusList(f"a credential that is no {outer}")
        subjects = values(content.get("credentialSubject"))
        if len(subjects) != 1 or not isinstance(subjects[0], Mapping):
            raise BadStatusList("a list has one credentialSubject")
        subject: Mapping[str, Any] = subjects[0]
        if inner not in _types(subject):
            raise BadStatusList(f"its credentialSubject is no {inner}")
        return cls(
            id=id_of(content),
            purposes=_purposes(subject.get("statusPurpose")),
            status_list=_decoded(subject.get("encodedList"), kind),
            ttl=_ttl(subject.get("ttl")),
        )


def _types(node: Mapping[str, Any]) -> set[str]:
    return {kind.removeprefix(NAMESPACE) for kind in types_of(node)}


def _purposes(value: Any) -> tuple[str, ...]:
    found = values(value)
    if not found or not all(isinstance(item, str) and item for item in found):
        raise BadStatusList("its statusPurpose is not one or more texts")
    return tuple(found)


def _decoded(value: Any, kind: str) -> StatusList:
    if not isinstance(value, str):
        raise BadStatusList("its encodedList is no text")
    if kind == LIST_2021:
        return StatusList.decode_2021(value)
    return StatusList.decode(value)


def _ttl(value: Any) -> timedelta | None:
    """Milliseconds (section 2.2); anything else promises nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return min(timedelta(milliseconds=min(value, 1e12)), MAX_TTL)


def revoked_ids(data: bytes) -> Mapping[str, str]:
    """Whom a 1EdTech revocation list names, each with its reason ("" without one).

    `BadStatusList` for what is not such a list. An element revokes unless it says
    `revoked: false` (VCRL 1.0).
    """
    try:
        members = strict_json.loads_object(data)
    except InputError as error:
        raise BadStatusList(f"not JSON: {error}") from error
    listed = members.get("revokedCredential")
    if not isinstance(listed, list) or len(listed) > MAX_REVOKED:
        raise BadStatusList("no list of revoked credentials")
    found: dict[str, str] = {}
    for element in listed:
        if not isinstance(element, Mapping) or not isinstance(element.get("id"), str):
            raise BadStatusList("an element that names no credential")
        if element.get("revoked", True) is not False:
            found[comparable_id(element["id"])] = str(
                element.get("revocationReason", "")
            )
    return found

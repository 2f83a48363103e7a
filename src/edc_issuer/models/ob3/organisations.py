"""Organisations as Open Badges profiles: each is written out once.

Nodes with one id are one node to a reader of the graph, so a later mention of the
same organisation is only its id and type (decision 16). The issuer's id is that of
the key that signs; what the record calls it goes to `otherIdentifier`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from edc_issuer.models.identifier import StatedIdentifier
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import Address, CredentialRecord, Organisation

Node = dict[str, Any]
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:x-edc-issuer:badge")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The ids of one badge: its issuer, its achievement and what belongs to them."""

    issuer: str
    base: str | None  # origin under which achievements have their addresses
    owner: str  # names the owner of achievements where there is no such origin

    @classmethod
    def of(cls, record: CredentialRecord, *, issuer_id: str | None) -> Addresses:
        own = own_id(record.issuer)
        bases = (origin(url) for url in (record.issuer.id, record.issuer.homepage))
        base = next((found for found in bases if found), None)
        return cls(issuer=issuer_id or own, base=base, owner=own)

    def achievement(self, code: str, language: str | None = None) -> str:
        """`https://school.example/achievements/CODE`, or `urn:uuid:` without a site.

        The address in the record's first language is the plain one; another
        language is a segment more, so that two texts never share an id.
        """
        parts = [quote(part, safe="") for part in (code, language) if part]
        if self.base:
            return "/".join([self.base, "achievements", *parts])
        return uuid.uuid5(_SPACE, "\n".join([self.owner, *parts])).urn

    def part(self, achievement: str, name: str) -> str:
        """Something inside an achievement, as a fragment of its address."""
        return f"{achievement}#{quote(name, safe='')}"


def origin(url: str | None) -> str | None:
    """Scheme and host of a web address; None for anything else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return None
    found = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return found if is_absolute_uri(found) else None


def own_id(organisation: Organisation) -> str:
    """The record's id if it is a URI, else one made from what identifies it."""
    if organisation.id is not None and is_absolute_uri(organisation.id):
        return organisation.id
    legal = organisation.legal_identifier
    known = legal.value if legal else min(organisation.legal_name.values())
    return uuid.uuid5(_SPACE, f"{organisation.address.country}\n{known}").urn


def same(one: Organisation, other: Organisation) -> bool:
    """Whether two entries of a record are one organisation, by id or legal number."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    if one.legal_identifier is not None and other.legal_identifier is not None:
        return one.legal_identifier == other.legal_identifier
    return one == other


def mention(profile_id: str) -> Node:
    """A profile that is written out elsewhere in the badge."""
    return {"id": profile_id, "type": ["Profile"]}


def profile(organisation: Organisation, voice: Voice, *, profile_id: str) -> Node:
    """The organisation written out."""
    node = mention(profile_id)
    node["name"] = voice.text(organisation.legal_name)
    entries = list(_identifiers(organisation, profile_id))
    if entries:
        node["otherIdentifier"] = entries
    node["address"] = _address(organisation.address, voice)
    if organisation.homepage and is_absolute_uri(organisation.homepage):
        node["url"] = organisation.homepage
    if organisation.email:
        node["email"] = organisation.email
    return node


def _identifiers(organisation: Organisation, profile_id: str) -> Iterator[Node]:
    # A DID may be the signer's, a UUID made here: which is the record's own is said.
    own = organisation.id
    if own is not None and (own != profile_id or origin(own) is None):
        yield _entry("ext:id", own)
    legal = organisation.legal_identifier
    if legal is not None:
        # EN 319 412-1 puts type and country into the number; then it says it all.
        full = StatedIdentifier.parse(legal.value).country == legal.country
        kind = "ext:eidasLegalIdentifier"
        yield _entry(kind if full else f"{kind}.{legal.country}", legal.value)
    for kind, item in (
        ("ext:registration", organisation.registration),
        ("ext:tax", organisation.tax_identifier),
    ):
        if item is not None:
            yield _entry(f"{kind}.{item.country}", item.value)
    if organisation.deqar_id:
        yield _entry("ext:deqar", organisation.deqar_id)


def _entry(kind: str, value: str) -> Node:
    return {"type": "IdentifierEntry", "identifier": value, "identifierType": kind}


def _address(address: Address, voice: Voice) -> Node:
    region = address.region
    found = {
        "addressCountryCode": address.country,
        "addressLocality": address.locality,
        "streetAddress": address.street,
        "postalCode": address.post_code,
        "addressRegion": region
        and (voice.text(region.name) or region.nuts or region.atu),
    }
    kept = {key: value for key, value in found.items() if value}
    return {"type": ["Address"], **kept}

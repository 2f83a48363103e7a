"""Organisations read back from the profiles of a badge."""

from __future__ import annotations

import re
from dataclasses import replace

from edc_issuer.models.identifier import StatedIdentifier
from edc_issuer.models.ob3.read_alignments import Said
from edc_issuer.models.reading import NOWHERE, Branch, day_of
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import (
    Accreditation,
    Address,
    LegalIdentifier,
    Organisation,
    Region,
)

_EIDAS, _REGISTRATION, _TAX = (
    "ext:eidasLegalIdentifier",
    "ext:registration",
    "ext:tax",
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_NUTS = re.compile(r"[A-Z]{2}[0-9][0-9A-Z]{0,2}")
_ATU = re.compile(r"[A-Z]{3}[0-9A-Z_]*[0-9_][0-9A-Z_]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Ids that are made for organisations without one are UUIDs of version 5.
_MADE = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f-]{17}")
ACCREDITATIONS = (
    "institutional_license",
    "programme_license",
    "institutional_quality_assurance",
    "programme_quality_assurance",
)


def organisation(node: Branch | None) -> Organisation | None:
    """An organisation from its profile, or from its id alone; None for neither."""
    if node is None:
        return None
    name = node.text("name") or node.id
    if not name:
        return None
    entries = _entries(node)
    found = Organisation(
        legal_name={node.source.language: name},
        address=_address(node.branch("address")),
        legal_identifier=_number(entries, _EIDAS),
        registration=_number(entries, _REGISTRATION),
        tax_identifier=_number(entries, _TAX),
        email=(node.text("email") or "").removeprefix("mailto:") or None,
        homepage=node.text("url"),
        deqar_id=entries.get("ext:deqar"),
    )
    return replace(found, id=_id(node, entries))


def named(said: Said, language: str) -> Organisation:
    """A further awarding body, of which a badge has name, address and number."""
    number = StatedIdentifier.parse(said.code or "").country
    legal = LegalIdentifier(said.code, number or NOWHERE) if said.code else None
    found = Organisation(
        legal_name={language: said.name or said.url or ""},
        address=Address(NOWHERE),
        legal_identifier=legal,
    )
    made = said.url is None or _MADE.fullmatch(said.url)
    return found if made else replace(found, id=said.url)


def accreditation(said: Said, language: str) -> Accreditation | None:
    """A decision on an organisation; of the body that decided its name is said."""
    kind = said.code
    if kind not in ACCREDITATIONS:
        return None
    body, _, day = (said.description or "").rpartition("; ")
    if not _DAY.fullmatch(day):
        body, day = said.description or "", ""
    return Accreditation(
        type=kind,  # type: ignore[arg-type]
        title={language: said.name},
        body=Organisation({language: body}, Address(NOWHERE)) if body else None,
        date=day_of(day),
        url=said.url,
    )


def _entries(node: Branch) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in node.branches("otherIdentifier"):
        kind, value = item.text("identifierType"), item.text("identifier")
        if kind and value:
            found.setdefault(kind, value)
    return found


def _number(entries: dict[str, str], kind: str) -> LegalIdentifier | None:
    """A number whose country stands behind the kind, or in the number itself."""
    for name, value in entries.items():
        head, _, country = name.partition(".")
        if head == kind:
            stated = country or StatedIdentifier.parse(value).country or ""
            known = stated if _COUNTRY.fullmatch(stated) else NOWHERE
            return LegalIdentifier(value, known)
    return None


def _id(node: Branch, entries: dict[str, str]) -> str | None:
    """The id that the record gave: not the signer's key, nor one made for a badge."""
    if "ext:id" in entries:
        return entries["ext:id"]
    ours = any(kind.startswith("ext:") for kind in entries)
    own = node.id
    if own is None or not is_absolute_uri(own):
        return None
    made = _MADE.fullmatch(own) or own.startswith("did:")
    return None if made and (ours or not own.startswith("did:")) else own


def _address(node: Branch | None) -> Address:
    if node is None:
        return Address(NOWHERE)
    country = node.text("addressCountryCode") or ""
    region = node.text("addressRegion")
    return Address(
        country=country if _COUNTRY.fullmatch(country) else NOWHERE,
        street=node.text("streetAddress"),
        post_code=node.text("postalCode"),
        locality=node.text("addressLocality"),
        region=_region(region, node.source.language) if region else None,
    )


def _region(text: str, language: str) -> Region:
    """A NUTS code or one of the list ATU stands there where a region has no name."""
    if _NUTS.fullmatch(text):
        return Region(nuts=text)
    if _ATU.fullmatch(text):
        return Region(atu=text)
    return Region(name={language: text})

"""Organisations, places and numbers read back from a European Digital Credential."""

from __future__ import annotations

from edc_issuer.models.elm.nodes import MINTED
from edc_issuer.models.elm.organisation import (
    ATU,
    LOCALITY,
    MEASURE,
    NUTS,
    POST_CODE,
    PROVIDER_STATUS,
)
from edc_issuer.models.elm.read_notes import NotesRead
from edc_issuer.models.reading import NOWHERE, Branch
from edc_issuer.record import (
    Accreditation,
    Address,
    LegalIdentifier,
    Organisation,
    Place,
    Region,
)

ACCREDITED = "urn:x-mc:accreditation"
MAX_BODIES = 8  # an accreditor is accredited by somebody, who is accredited by ...
TYPES = {
    "institutional_license": "institutional_license",
    "programme_license": "programme_license",
    "institutional_quality_assurance": "institutional_quality_assurance",
    "programme_quality_assurance": "programme_quality_assurance",
}


def organisation(node: Branch | None, *, depth: int = 0) -> Organisation | None:
    """An organisation in full; None where there is no name to call it by."""
    if node is None:
        return None
    name = node.texts("legalName") or node.texts("prefLabel") or node.texts("altLabel")
    if not name or depth > MAX_BODIES:
        return None
    tax = legal_identifier(node.branch("vatIdentifier"))
    return Organisation(
        legal_name=name,
        address=address(node.branch("location")) or Address(NOWHERE),
        id=own_id(node),
        alt_name=node.texts("altLabel") or None,
        legal_identifier=legal_identifier(node.branch("eIDASIdentifier")),
        registration=legal_identifier(node.branch("registration")),
        tax_identifier=tax or legal_identifier(node.branch("taxIdentifier")),
        email=mailbox(node.branch("contactPoint")),
        homepage=page(node.branch("homepage")),
        formal_provider=_status(node),
        accreditations=_accreditations(node, depth=depth),
        deqar_id=identifiers(node).get("DEQARINST"),
    )


def own_id(node: Branch) -> str | None:
    """An id that somebody gave; not one that was made for this credential."""
    return node.id if node.id and not node.id.startswith((MINTED, "_:")) else None


def identifiers(node: Branch) -> dict[str, str]:
    """The identifiers of a node by the name of their scheme, the first of each."""
    found: dict[str, str] = {}
    for item in node.branches("identifier"):
        value = item.text("notation")
        if value:
            found.setdefault(item.text("schemeName") or "", value)
    return found


def legal_identifier(node: Branch | None) -> LegalIdentifier | None:
    """An official number; its country is `NOWHERE` where none is stated."""
    value = node.text("notation") if node else None
    if node is None or value is None:
        return None
    country = node.code("spatial", "country")
    return LegalIdentifier(value, country or NOWHERE, scheme=node.text("schemeName"))


def page(node: Branch | None) -> str | None:
    """The address of a web resource."""
    return node.text("contentURL") if node else None


def mailbox(contact: Branch | None) -> str | None:
    """An e-mail address."""
    found = contact.branch("emailAddress") if contact else None
    name = found.id if found else contact.text("emailAddress") if contact else None
    return name.removeprefix("mailto:") if name else None


def address(location: Branch | None) -> Address | None:
    """A postal address; its parts where they were kept apart, else as one line."""
    found = location.branch("address") if location else None
    if location is None or found is None:
        return None
    parts = identifiers(found)
    post_code, locality = parts.get(POST_CODE), parts.get(LOCALITY)
    lines = found.branch("fullAddress")
    written = lines.text("noteLiteral") if lines else None
    town = " ".join(filter(None, (post_code, locality)))
    return Address(
        country=found.code("countryCode", "country") or NOWHERE,
        street=_street(written, town),
        post_code=post_code,
        locality=locality,
        region=_region(location),
    )


def place(location: Branch | None) -> Place | None:
    """A country and perhaps a town."""
    if location is None:
        return None
    country = location.at("address")
    code = country.code("countryCode", "country") if country else None
    return Place(code, location.text("geographicName")) if code else None


def accreditation(node: Branch, *, depth: int = 0) -> Accreditation | None:
    """The decision of a body; None where its kind is on no list of ours."""
    kind = TYPES.get(node.code("dcType", "accreditation_type") or "")
    title = node.texts("title")
    if not kind or not title:
        return None
    return Accreditation(
        type=kind,  # type: ignore[arg-type]
        title=title,
        body=organisation(node.branch("accreditingAgent"), depth=depth + 1),
        date=node.day("dateIssued"),
        url=page(node.branch("landingPage")),
    )


def measure_number(node: Branch) -> int | None:
    """Which measure of quality assurance an accreditation stands for, from 1."""
    number = identifiers(node).get(MEASURE, "")
    return (
        int(number)
        if number.isascii() and number.isdigit() and len(number) < 5
        else None
    )


def _status(node: Branch) -> bool | None:
    for parts, _ in NotesRead.of(node).below(PROVIDER_STATUS[0]):
        if parts in (("formal",), ("not_formal",)):
            return parts == ("formal",)
    return None


def _accreditations(node: Branch, *, depth: int) -> tuple[Accreditation, ...]:
    typed = [
        accreditation(item, depth=depth)
        for item in node.branches("accreditation")
        if measure_number(item) is None
    ]
    notes = NotesRead.of(node).below(ACCREDITED)
    untyped = [
        Accreditation(type=TYPES[kind], title=text)  # type: ignore[arg-type]
        for (kind, *_), text in ((parts or ("",), text) for parts, text in notes)
        if kind in TYPES and text
    ]
    return (*filter(None, typed), *untyped)


def _street(written: str | None, town: str) -> str | None:
    if not written or written == town:
        return None
    return written.removesuffix(f", {town}") if town else written


def _region(location: Branch) -> Region | None:
    codes = {}
    for concept in location.branches("spatialCode"):
        scheme = concept.at("inScheme")
        codes[scheme.id if scheme else None] = concept.text("notation")
    found = Region(
        nuts=codes.get(NUTS),
        atu=codes.get(ATU),
        name=location.texts("geographicName") or None,
    )
    return found if found != Region() else None

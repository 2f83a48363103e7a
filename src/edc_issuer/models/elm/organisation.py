"""Organisations, places, and who decided that an organisation is good enough."""

from __future__ import annotations

from edc_issuer.models.dates import informative
from edc_issuer.models.elm.nodes import Node, Nodes, one_or_list, present
from edc_issuer.record import (
    Accreditation,
    Address,
    CredentialRecord,
    LegalIdentifier,
    Organisation,
    Place,
    QualityMeasure,
)

NUTS = "http://data.europa.eu/nuts"
ATU = "http://publications.europa.eu/resource/authority/atu"
POST_CODE, LOCALITY = "post code", "locality"  # schemes inside an address
MEASURE = "quality measure"  # scheme of the number of a measure, from 1
PROVIDER_STATUS = ("urn:x-mc:provider-status", "Formal education provider or not")
VAT_SCHEMES = ("VAT", "VATIN")  # the only tax numbers that are surely VAT numbers


def organisation(nodes: Nodes, org: Organisation) -> Node:
    """An organisation in full, the same object wherever the record names it."""
    for known, made in nodes.organisations:
        if known is org or known == org:
            return made
    node = _organisation(nodes, org)
    nodes.organisations.append((org, node))
    return node


def _organisation(nodes: Nodes, org: Organisation) -> Node:
    vat, tax = _tax(nodes, org.tax_identifier)
    return nodes.make(
        "org",
        "Organisation",
        name=org.id,
        legalName=dict(org.legal_name),
        altLabel=dict(org.alt_name) if org.alt_name else None,
        location=_seat(nodes, org),
        eIDASIdentifier=legal_identifier(nodes, org.legal_identifier),
        registration=legal_identifier(nodes, org.registration),
        vatIdentifier=vat,
        taxIdentifier=tax,
        identifier=nodes.identifier("DEQARINST", org.deqar_id),
        homepage=nodes.web(org.homepage),
        contactPoint=contact(nodes, email=org.email),
        accreditation=_accreditations(nodes, org),
        additionalNote=present(
            _status(nodes, org), *_untyped_accreditations(nodes, org)
        ),
    )


def legal_identifier(nodes: Nodes, identifier: LegalIdentifier | None) -> Node | None:
    """An official number with the country that gave it."""
    if identifier is None:
        return None
    return nodes.make(
        "legalIdentifier",
        "LegalIdentifier",
        schemeName=identifier.scheme,
        notation=identifier.value,
        spatial=nodes.concept("country", identifier.country),
    )


def contact(
    nodes: Nodes, *, email: str | None = None, phone: str | None = None
) -> Node | None:
    """How to reach somebody."""
    if not email and not phone:
        return None
    mailbox = {"id": f"mailto:{email}", "type": "Mailbox"} if email else None
    number = nodes.make("phone", "Phone", phoneNumber=phone) if phone else None
    return nodes.make(
        "contactPoint", "ContactPoint", emailAddress=mailbox, phone=number
    )


def location(nodes: Nodes, address: Address, *, language: str) -> Node:
    """A place by its postal address; `language` is the one the address is in."""
    town = " ".join(filter(None, (address.post_code, address.locality)))
    lines = ", ".join(filter(None, (address.street, town)))
    region = address.region
    return nodes.make(
        "location",
        "Location",
        address=nodes.make(
            "address",
            "Address",
            countryCode=nodes.concept("country", address.country),
            fullAddress=nodes.note({language: lines}) if lines else None,
            # So that the lines can be taken apart again.
            identifier=present(
                nodes.identifier(POST_CODE, address.post_code),
                nodes.identifier(LOCALITY, address.locality),
            ),
        ),
        spatialCode=present(
            _region(nodes, NUTS, f"{NUTS}/code/", region.nuts if region else None),
            _region(nodes, ATU, f"{ATU}/", region.atu if region else None),
        ),
        geographicName=dict(region.name) if region and region.name else None,
    )


def place(nodes: Nodes, where: Place | None) -> Node | None:
    """A country and perhaps a town."""
    if where is None:
        return None
    return nodes.make(
        "location",
        "Location",
        address=nodes.make(
            "address",
            "Address",
            countryCode=nodes.concept("country", where.country),
        ),
        geographicName=nodes.primary(where.locality) if where.locality else None,
    )


def accrediting_measures(record: CredentialRecord, scope: str) -> list[QualityMeasure]:
    """Quality measures in which a named body decided; `scope` is how their type begins
    ("institutional", "programme").

    Only such a decision is an Accreditation; monitoring, or a body that reviews
    itself, is a note.
    """
    quality = record.programme.quality_assurance
    about = provider(record)
    return [
        measure
        for measure in (quality.types if quality else ())
        if measure.body is not None
        and not same(measure.body, about)
        and (measure.accreditation_type or "").startswith(scope)
    ]


def accreditation_of(nodes: Nodes, measure: QualityMeasure) -> Node:
    """The decision of a named body on a provider or programme."""
    quality = nodes.record.programme.quality_assurance
    assert measure.body is not None
    kind = nodes.concept("accreditation_type", measure.accreditation_type)
    title = measure.text or (quality and quality.summary)
    return nodes.make(
        "accreditation",
        "Accreditation",
        dcType=kind,
        title=dict(title or (kind or {})["prefLabel"]),
        accreditingAgent=organisation(nodes, measure.body),
        landingPage=nodes.web(measure.url),
        identifier=nodes.identifier(MEASURE, _number_of(nodes.record, measure)),
    )


def _number_of(record: CredentialRecord, measure: QualityMeasure) -> str:
    """Which of the programme's measures it is: its own note says the rest of it."""
    quality = record.programme.quality_assurance
    types = quality.types if quality else ()
    return str(1 + next(n for n, item in enumerate(types) if item == measure))


def provider(record: CredentialRecord) -> Organisation:
    """Whom an institutional accreditation is about: the awarding body that issues,
    else the first awarding body."""
    bodies = record.awarding_bodies or (record.issuer,)
    return next((body for body in bodies if same(body, record.issuer)), bodies[0])


def same(one: Organisation, other: Organisation) -> bool:
    """Whether the record means the same organisation twice."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one == other


def awarding_bodies(nodes: Nodes) -> Node | list[Node] | None:
    """Who awards: one organisation, or a list of several."""
    return one_or_list(
        [organisation(nodes, body) for body in nodes.record.awarding_bodies]
    )


def _seat(nodes: Nodes, org: Organisation) -> Node:
    return location(nodes, org.address, language=next(iter(org.legal_name)))


def _region(nodes: Nodes, scheme: str, base: str, code: str | None) -> Node | None:
    if not code:
        return None
    return nodes.make(
        "concept",
        "Concept",
        name=base + code,
        inScheme={"id": scheme, "type": "ConceptScheme"},
        notation=code,
    )


def is_vat(number: LegalIdentifier) -> bool:
    """Whether a tax number is surely a VAT number."""
    return (number.scheme or "").upper() in VAT_SCHEMES


def _tax(
    nodes: Nodes, number: LegalIdentifier | None
) -> tuple[Node | None, Node | None]:
    node = legal_identifier(nodes, number)
    return (node, None) if number and is_vat(number) else (None, node)


def _accreditations(nodes: Nodes, org: Organisation) -> list[Node]:
    found = [
        _accreditation(nodes, item, item.body)
        for item in org.accreditations
        if item.body is not None
    ]
    if same(org, provider(nodes.record)):
        measures = accrediting_measures(nodes.record, "institutional")
        found += [accreditation_of(nodes, measure) for measure in measures]
    return list({node["id"]: node for node in found}.values())


def _accreditation(nodes: Nodes, item: Accreditation, body: Organisation) -> Node:
    return nodes.make(
        "accreditation",
        "Accreditation",
        dcType=nodes.concept("accreditation_type", item.type),
        title=dict(item.title),
        dateIssued=informative(item.date) if item.date else None,
        accreditingAgent=organisation(nodes, body),
        landingPage=nodes.web(item.url),
    )


def _status(nodes: Nodes, org: Organisation) -> Node | None:
    """Formal provider or not, by which a recognition procedure is chosen."""
    if org.formal_provider is None:
        return None
    status = "formal" if org.formal_provider else "not_formal"
    subject = (f"{PROVIDER_STATUS[0]}:{status}", PROVIDER_STATUS[1])
    return nodes.note(nodes.say(f"provider.{status}"), subject)


def _untyped_accreditations(nodes: Nodes, org: Organisation) -> list[Node]:
    """ELM wants a deciding body; where the record names none, a note remains."""
    return present(
        *(
            nodes.note(
                item.title,
                (f"urn:x-mc:accreditation:{item.type}", "Accreditation"),
            )
            for item in org.accreditations
            if item.body is None
        )
    )

"""The envelope: who it is about, how it looks, which rules it follows."""

from __future__ import annotations

from typing import Any

from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.base import BuildContext, Media
from edc_issuer.models.dates import (
    end_of_day,
    informative,
    moment,
    start_of_day,
    zone_of,
)
from edc_issuer.models.elm.achievement import (
    achievement,
    awarding_process,
    further_documents,
    validation_note,
)
from edc_issuer.models.elm.activity import participation
from edc_issuer.models.elm.kind import CONTEXTS, TYPES
from edc_issuer.models.elm.nodes import Node, Nodes, present
from edc_issuer.models.elm.notes import is_participation
from edc_issuer.models.elm.organisation import (
    contact,
    legal_identifier,
    location,
    organisation,
)
from edc_issuer.record import Attachment, CredentialRecord, Mandate

BADGE = "Open Badge 3.0"  # scheme of the id of the badge of the same award
DOCUMENT, SERIES = "document", "document series"  # schemes of identifiers
_SCHEMA = "http://data.europa.eu/snb/model/ap/"


def envelope(nodes: Nodes, context: BuildContext) -> dict[str, Any]:
    """The whole credential; `RecordError` where a file it names is not at hand."""
    record = nodes.record
    issued = moment(context.at)
    zone = zone_of(record)
    award = record.award
    until = end_of_day(award.valid_until, zone) if award.valid_until else None
    credential = {
        "@context": list(CONTEXTS),
        "id": context.credential_id,
        "type": list(TYPES),
        "credentialSchema": _schemas(record),
        "credentialProfiles": _profiles(nodes),
        "issuer": organisation(nodes, record.issuer),
        "issued": issued,
        "issuanceDate": issued,
        "validFrom": start_of_day(award.valid_from, zone),
        "validUntil": until,
        # The Commission's viewer looks at this name only.
        "expirationDate": until,
        "identifier": _numbers(nodes, context),
        "displayParameter": _display(nodes, context),
        "credentialSubject": _subject(nodes),
        "credentialStatus": context.status,
        "evidence": present(_mandate(nodes, record.mandate, context)),
        "attachment": [
            _attachment(nodes, item, context)
            for item in record.attachments
            if item.path
        ],
    }
    return {key: value for key, value in credential.items() if value}


def profiles(record: CredentialRecord) -> tuple[str, ...]:
    """Codes of the application profiles that the credential follows."""
    kinds = {
        "participation": "learning_activity",
        "diploma_supplement": "diploma_supplement",
    }
    first = kinds.get(record.credential_kind, "generic")
    return (first, "issued_by_mandate") if record.mandate else (first,)


def _schemas(record: CredentialRecord) -> dict[str, str] | list[dict[str, str]]:
    names = ["edc-generic-full"]
    if record.credential_kind == "diploma_supplement":
        names.append("edc-diploma-supplement")
    if record.mandate:
        names.append("edc-issued-by-mandate")
    found = [{"id": _SCHEMA + name, "type": "ShaclValidator2017"} for name in names]
    return found[0] if len(found) == 1 else found


def _profiles(nodes: Nodes) -> Node | list[Node]:
    found = nodes.concepts("credential_profile", profiles(nodes.record))
    return found[0] if len(found) == 1 else found


def _numbers(nodes: Nodes, context: BuildContext) -> Node | list[Node]:
    record = nodes.record
    document = (record.document_status or DOCUMENT).replace("_", " ")
    printed = (record.document_series, record.document_number)
    found = present(
        nodes.identifier("certificate number", record.award.certificate_number),
        nodes.identifier(document, " ".join(filter(None, printed))),
        # Alone once more, so that the two can be taken apart.
        nodes.identifier(SERIES, record.document_series),
        nodes.identifier(BADGE, context.twin.id if context.twin else None),
    )
    return found[0] if len(found) == 1 else found


def _display(nodes: Nodes, context: BuildContext) -> Node:
    record = nodes.record
    programme = record.programme
    return nodes.make(
        "displayParameter",
        "DisplayParameter",
        title=dict(programme.title),
        description=dict(programme.description) if programme.description else None,
        primaryLanguage=nodes.concept("language", record.primary_language),
        language=nodes.concepts("language", record.languages),
        individualDisplay=[
            _pages(nodes, language, context.pictures[language])
            for language in record.languages
            if context.pictures.get(language)
        ],
    )


def _pages(nodes: Nodes, language: str, pages: tuple[Media, ...]) -> Node:
    details = [
        nodes.make(
            "displayDetail", "DisplayDetail", page=number, image=_media(nodes, page)
        )
        for number, page in enumerate(pages, start=1)
    ]
    return nodes.make(
        "individualDisplay",
        "IndividualDisplay",
        language=nodes.concept("language", language),
        displayDetail=details[0] if len(details) == 1 else details,
    )


def _media(nodes: Nodes, media: Media, title: dict[str, str] | None = None) -> Node:
    return nodes.make(
        "mediaObject",
        "MediaObject",
        # A picture is the object it came as: its text is too long to compare.
        known_by=(id(media.data), media.media_type, repr(title)),
        title=title,
        content=media.text,
        contentType=nodes.concept("file_type", media.media_type),
        contentEncoding=nodes.concept("encoding", "base64"),
    )


def _subject(nodes: Nodes) -> Node:
    """The learner; nothing is invented, so residence never becomes citizenship."""
    record = nodes.record
    learner = record.learner
    home = learner.address
    full_name = f"{learner.given_name} {learner.family_name}".strip()
    language = record.primary_language
    return nodes.make(
        "person",
        "Person",
        name=learner.subject_did,
        givenName=nodes.primary(learner.given_name),
        familyName=nodes.primary(learner.family_name),
        fullName=nodes.primary(full_name),
        dateOfBirth=informative(learner.date_of_birth)
        if learner.date_of_birth
        else None,
        nationalID=legal_identifier(nodes, learner.national_id),
        identifier=nodes.identifier("learner id", learner.internal_id),
        contactPoint=contact(nodes, email=learner.email, phone=learner.phone),
        location=location(nodes, home, language=language) if home else None,
        hasClaim=_claim(nodes),
    )


def _claim(nodes: Nodes) -> Node:
    if not is_participation(nodes.record):
        return achievement(nodes)
    return participation(
        nodes,
        awarding_process(nodes),
        further_documents(nodes),
        present(validation_note(nodes)),
    )


def _mandate(
    nodes: Nodes, mandate: Mandate | None, context: BuildContext
) -> Node | None:
    """Why the seal is not the issuer's own (profile issued-by-mandate)."""
    if mandate is None:
        return None
    statement = mandate.statement or {}
    document = mandate.document
    media = (
        _media(nodes, _file(context, document.path, "mandate.document.path"))
        if document
        else None
    )
    return nodes.make(
        "evidence",
        "Evidence",
        dcType=nodes.concept("evidence_type", "mandate"),
        evidenceStatement=statement.get(nodes.record.primary_language)
        or next(iter(statement.values()), None),
        embeddedEvidence=present(media),
        evidenceTarget=organisation(nodes, mandate.mandator),
    )


def _attachment(nodes: Nodes, item: Attachment, context: BuildContext) -> Node:
    media = _file(context, item.path or "", "attachments.path")
    title = dict(item.title or {"en": item.type.replace("_", " ")})
    return _media(nodes, Media(item.media_type, media.data), title)


def _file(context: BuildContext, path: str, where: str) -> Media:
    media = context.files.get(path)
    if media is None:
        message = "this file was not handed over; name the folder that holds it"
        raise RecordError([Problem(where, "file.missing", message)])
    return media

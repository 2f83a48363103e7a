"""The achievement: what was learned, said in the badge's own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from edc_issuer.models.ob3.alignments import Aligner, took_part
from edc_issuer.models.ob3.organisations import Addresses
from edc_issuer.models.ob3.recipient import points
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import CredentialRecord, Programme

Node = dict[str, Any]
# What kind of achievement each kind of credential is; Open Badges lists no partial
# qualification, supplement or transcript, and lets issuers extend the list.
TYPES = {
    "micro_credential": "MicroCredential",
    "stacked_micro_credential": "MicroCredential",
    "skill_credential": "Badge",
    "participation": "CertificateOfCompletion",
    "certificate": "Certificate",
    "partial_qualification": "ext:PartialQualification",
    "qualification": "Certification",
    "diploma": "Diploma",
    "diploma_supplement": "ext:DiplomaSupplement",
    "transcript": "ext:TranscriptOfRecords",
}
LANGUAGE_TAG = re.compile(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def address_of(record: CredentialRecord, voice: Voice, addresses: Addresses) -> str:
    """The achievement's id in the badge's language."""
    code = record.programme.code
    first = voice.language == record.primary_language
    return addresses.achievement(code, None if first else voice.language)


def achievement(
    record: CredentialRecord,
    voice: Voice,
    addresses: Addresses,
    *,
    creator: Node,
    taken: set[str],
) -> Node:
    """The achievement without its results; `taken` are ids of other nodes."""
    programme = record.programme
    own_id = address_of(record, voice, addresses)
    title = voice.text(programme.title) or programme.code
    description = voice.text(programme.description) or title
    node: Node = {
        "id": own_id,
        "type": ["Achievement"],
        "achievementType": TYPES[record.credential_kind],
        "name": title,
        "description": description,
        "criteria": criteria(programme, voice, taken=taken | {own_id}),
        "inLanguage": in_language(voice.language),
        "humanCode": programme.code,
        "version": programme.version,
        "creator": creator,
        "creditsAvailable": credit_number(record),
        "alignment": Aligner(record, voice, addresses, own_id).all(),
        "tag": [f"SDG{goal}" for goal in programme.sdg],
        "related": related(record, voice, addresses),
    }
    return {key: value for key, value in node.items() if value not in (None, [])}


def in_language(tag: str) -> str | None:
    """The tag where Open Badges can write it; `zh-hant` it cannot."""
    return tag if LANGUAGE_TAG.fullmatch(tag) else None


def credit_number(record: CredentialRecord) -> int | float | None:
    """ECTS credits as a number, where they are awarded.

    An indicative credit is no credit (WL-06), and a bare number of another system
    would be read as ECTS; those stand in an alignment that names their system.
    """
    awarded = [item for item in record.programme.credits if not item.indicative]
    if len(awarded) != 1 or awarded[0].system != "ECTS" or took_part(record):
        return None
    number = Decimal(awarded[0].points)
    return int(number) if number == number.to_integral_value() else float(number)


def criteria(programme: Programme, voice: Voice, *, taken: set[str]) -> Node:
    """How the achievement is earned, as Markdown, and the page that tells it.

    A page whose address is the id of another node is named in the text instead:
    two nodes with one id would be one.
    """
    page = programme.homepage
    as_id = page is not None and is_absolute_uri(page) and page not in taken
    paragraphs = list(_paragraphs(programme, voice))
    if page and not as_id:
        paragraphs.append(page)
    narrative = "\n\n".join(paragraphs)
    return {"id": page, "narrative": narrative} if as_id else {"narrative": narrative}


def related(record: CredentialRecord, voice: Voice, addresses: Addresses) -> list[Node]:
    """The same achievement in the record's other languages."""
    return [
        {
            "id": addresses.achievement(
                record.programme.code,
                None if language == record.primary_language else language,
            ),
            "type": ["Related"],
            "inLanguage": language,
        }
        for language in dict.fromkeys(record.languages)
        if language != voice.language and in_language(language)
    ]


def _paragraphs(programme: Programme, voice: Voice) -> Iterator[str]:
    yield (
        voice.text(programme.description)
        or voice.text(programme.title)
        or programme.code
    )
    entry = voice.text(programme.entry_requirements)
    if entry:
        yield f"**{voice.say('entry_requirements')}:** {entry}"
    if programme.workload and programme.workload.hours is not None:
        hours = points(programme.workload.hours)
        yield f"**{voice.say('workload')}:** {hours} h"
    yield from _assessment(programme, voice)
    if any(c.indicative and c.system == "ECTS" for c in programme.credits):
        yield voice.say("credit.ects")
    if any(c.indicative and c.system != "ECTS" for c in programme.credits):
        yield voice.say("credit.other")


def _assessment(programme: Programme, voice: Voice) -> Iterator[str]:
    assessment = programme.assessment
    if assessment is None:
        return
    said = (voice.text(assessment.title), voice.text(assessment.grading_scheme))
    text = " – ".join(part for part in said if part)
    yield f"**{voice.say('assessment')}:** {text}"
    standard = voice.text(assessment.criteria)
    if standard:
        yield f"**{voice.say('criteria')}:** {standard}"

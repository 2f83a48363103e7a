"""A record as one unsigned Open Badge 3.0, put together from its parts."""

from __future__ import annotations

from typing import Any

from edc_issuer.errors import ConfigError
from edc_issuer.models.base import BuildContext
from edc_issuer.models.dates import end_of_day, informative, start_of_day, zone_of
from edc_issuer.models.ob3.achievement import achievement
from edc_issuer.models.ob3.kind import OB3_CONTEXT
from edc_issuer.models.ob3.organisations import (
    Addresses,
    mention,
    own_id,
    profile,
    same,
)
from edc_issuer.models.ob3.recipient import identities, results
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import V2, is_absolute_uri
from edc_issuer.record import CredentialRecord

Node = dict[str, Any]
TWIN = "ext:EuropeanDigitalCredential"  # genre of the other credential of the award
PAYLOAD_DIGEST = "SHA-256 of what its seal signs (the payload): "


def voice_of(record: CredentialRecord, context: BuildContext) -> Voice:
    """The badge's language; `ConfigError` for one that the record does not have."""
    language = context.language or record.primary_language
    if language not in (record.primary_language, *record.languages):
        known = ", ".join(record.languages)
        raise ConfigError(f"the record has no texts in {language}; it has {known}")
    return Voice(language, record.primary_language)


def badge(record: CredentialRecord, context: BuildContext) -> Node:
    """The AchievementCredential, unsigned."""
    voice = voice_of(record, context)
    addresses = Addresses.of(record, issuer_id=context.issuer_id)
    issuer = profile(record.issuer, voice, profile_id=addresses.issuer)
    creator = _creator(record, voice, addresses)
    taken = {issuer["id"], creator["id"], context.credential_id}
    earned = achievement(record, voice, addresses, creator=creator, taken=taken)
    subject = _subject(record, voice, addresses, earned=earned, context=context)
    node: Node = {
        "@context": [V2, OB3_CONTEXT],
        "id": context.credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": earned["name"],
        "description": earned["description"],
        "issuer": issuer,
        **_dates(record),
        "credentialSubject": subject,
        "credentialStatus": context.status or [],
        "evidence": [
            *_evidence(record, voice, taken=taken | _ids(earned)),
            *_twin(context),
        ],
    }
    return {key: value for key, value in node.items() if value != []}


def _dates(record: CredentialRecord) -> Node:
    zone, award = zone_of(record), record.award
    found = {"validFrom": start_of_day(award.valid_from, zone)}
    if award.valid_until is not None:
        found["validUntil"] = end_of_day(award.valid_until, zone)
    return found | {"awardedDate": informative(award.date_awarded)}


def _creator(record: CredentialRecord, voice: Voice, addresses: Addresses) -> Node:
    """Who made the achievement: the first awarding body, else the issuer."""
    body = next(iter(record.awarding_bodies), record.issuer)
    if same(body, record.issuer):
        return mention(addresses.issuer)
    return profile(body, voice, profile_id=own_id(body))


def _subject(
    record: CredentialRecord,
    voice: Voice,
    addresses: Addresses,
    *,
    earned: Node,
    context: BuildContext,
) -> Node:
    award, activity = record.award, record.award.activity
    descriptions, reached = results(record, voice, addresses, achievement=earned["id"])
    if descriptions:
        earned["resultDescription"] = descriptions
    node: Node = {
        "id": record.learner.subject_did,
        "type": ["AchievementSubject"],
        "identifier": identities(record.learner, credential_id=context.credential_id),
        "achievement": earned,
        "activityStartDate": activity
        and activity.start
        and informative(activity.start),
        "activityEndDate": activity and activity.end and informative(activity.end),
        "creditsEarned": earned.get("creditsAvailable"),
        "licenseNumber": award.certificate_number,
        "source": mention(addresses.issuer),
        "result": reached,
    }
    return {key: value for key, value in node.items() if value not in (None, [], "")}


def _evidence(record: CredentialRecord, voice: Voice, *, taken: set[str]) -> list[Node]:
    """Part credentials first, then what the learner handed in."""
    found = [
        _piece(part.credential_id, part.programme_code, "micro_credential", taken)
        for part in record.parts
    ]
    found += [
        _piece(item.url, voice.text(item.title), item.kind, taken)
        for item in record.evidence
    ]
    return found


def _twin(context: BuildContext) -> list[Node]:
    """The European Digital Credential of the same award, and what its seal signs."""
    twin = context.twin
    if twin is None:
        return []
    node: Node = {
        "id": twin.id,
        "type": ["Evidence"],
        "name": "European Digital Credential",
        "genre": TWIN,
    }
    if twin.sha256 is not None:
        node["narrative"] = f"{PAYLOAD_DIGEST}{twin.sha256}"
    return [node]


def _piece(url: str | None, name: str | None, genre: str, taken: set[str]) -> Node:
    """One piece; its address is its id unless another node has that id already."""
    node: Node = {"type": ["Evidence"]}
    if url is not None and is_absolute_uri(url) and url not in taken:
        taken.add(url)
        node = {"id": url, **node}
    elif url:
        node["narrative"] = url
    if name:
        node["name"] = name
    return node | {"genre": genre}


def _ids(earned: Node) -> set[str]:
    """The ids of the nodes that an achievement holds."""
    inside = [earned, earned["criteria"], *earned.get("related", [])]
    return {node["id"] for node in inside if "id" in node}

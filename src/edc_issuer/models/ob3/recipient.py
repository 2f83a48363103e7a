"""The learner and the result: as much as an employer needs, as little as possible.

A badge travels in public. The name stands in clear, because whoever receives the
badge must know whom it is about; e-mail and school number are hashed, so that only
who knows them already can match them. See docs/decisions/0004-badge-recipient.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from edc_issuer.models.ob3.organisations import Addresses
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import CredentialRecord, Learner, PartResult, Result

Node = dict[str, Any]


def salt_of(credential_id: str) -> str:
    """A salt of its own for each badge, derived because the badge publishes it anyway.

    It stops nobody who guesses at one learner; it only keeps a table of hashes made
    once from fitting many badges.
    """
    return hashlib.sha256(credential_id.encode()).hexdigest()[:16]


def identity_hash(identity: str, salt: str) -> str:
    """`sha256$` and the digest of identity and salt, OB 3.0 IdentityObject."""
    return "sha256$" + hashlib.sha256((identity + salt).encode()).hexdigest()


def identities(learner: Learner, *, credential_id: str) -> list[Node]:
    """The e-mail and the school's own number hashed, the name in clear."""
    salt = salt_of(credential_id)
    found = []
    if learner.email:
        found.append(_hashed("emailAddress", learner.email, salt))
    found.append(_identity("ext:name", f"{learner.given_name} {learner.family_name}"))
    if is_ambiguous(learner):
        found.append(_identity("ext:familyName", learner.family_name))
    if learner.internal_id:
        found.append(_hashed("sisSourcedId", learner.internal_id, salt))
    return found


def is_ambiguous(learner: Learner) -> bool:
    """Whether a reader of the whole name could not tell where the family name begins:
    it is taken for the last word unless it is said."""
    return " " in learner.family_name or not learner.family_name


def results(
    record: CredentialRecord, voice: Voice, addresses: Addresses, *, achievement: str
) -> tuple[list[Node], list[Node]]:
    """What can be reached (`resultDescription`) and what was reached (`result`)."""
    result = record.award.result
    if result is None:
        return [], []
    descriptions, reached = [], []
    whole = _whole(record, result, voice)
    parts = (_part(part) for part in result.part_results)
    for number, (description, value) in enumerate([whole, *parts], start=1):
        own_id = addresses.part(achievement, f"result-{number}")
        descriptions.append(
            {"id": own_id, "type": ["ResultDescription"], **description}
        )
        reached.append(_reached(result, own_id, value))
    return descriptions, reached


def points(number: Decimal) -> str:
    """A number as people write it: 92, 0.5, never 9E+1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _identity(kind: str, value: str) -> Node:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": value,
        "identityType": kind,
    }


def _hashed(kind: str, value: str, salt: str) -> Node:
    hidden = {"hashed": True, "identityHash": identity_hash(value, salt), "salt": salt}
    return _identity(kind, value) | hidden


def _whole(
    record: CredentialRecord, result: Result, voice: Voice
) -> tuple[Node, str | None]:
    assessment = record.programme.assessment
    name = voice.text(assessment.title if assessment else record.programme.title)
    grade = voice.text(result.grade)
    if result.points is None:
        return {"name": name, "resultType": "Status"}, grade
    highest = assessment.max_points if assessment else None
    required = assessment.pass_points if assessment else None
    scale = dict(_scale(highest, required))
    return {"name": name, "resultType": "RawScore", **scale}, points(result.points)


def _part(part: PartResult) -> tuple[Node, str]:
    scale = dict(_scale(None, part.pass_points))
    description = {"name": part.programme_code, "resultType": "RawScore", **scale}
    return description, points(part.points)


def _scale(
    highest: Decimal | None, required: Decimal | None
) -> Iterator[tuple[str, str]]:
    yield "valueMin", "0"
    if highest is not None:
        yield "valueMax", points(highest)
    if required is not None:
        yield "requiredValue", points(required)


def _reached(result: Result, description: str, value: str | None) -> Node:
    statuses = {"pass": "Completed", "fail": "Failed"}
    node: Node = {"type": ["Result"], "resultDescription": description}
    if result.status in statuses:
        node["status"] = statuses[result.status]
    if value:
        node["value"] = value
    return node

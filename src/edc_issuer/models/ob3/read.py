"""An Open Badge read back into a record, in the one language that it speaks.

Our own badges give back what the account of the mapping calls mapped; those of
others name, description, issuer, days, learner and result. Open Badges 3.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from edc_issuer.models.base import Read
from edc_issuer.models.mapping import Rule, partial
from edc_issuer.models.ob3.account import rules_of, texts_of
from edc_issuer.models.ob3.account_back import UNSEEN
from edc_issuer.models.ob3.achievement import TYPES
from edc_issuer.models.ob3.read_alignments import Alignments
from edc_issuer.models.ob3.read_award import (
    assessment_of,
    learner,
    parts_and_evidence,
    result_of,
)
from edc_issuer.models.ob3.read_organisation import accreditation, named, organisation
from edc_issuer.models.ob3.read_programme import programme
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.reading import (
    Branch,
    Source,
    language_tag,
    losses_of,
    unreadable,
)
from edc_issuer.record import Activity, Award, CredentialRecord, Organisation

_BASES = (
    "validation_of_non_formal",
    "validation_of_informal",
    "validation_of_prior_learning",
)
# Kinds of achievement that our own badges do not have, and what comes nearest.
_OTHERS = {
    "Award": "certificate",
    "BadgeOfParticipation": "participation",
    "BachelorDegree": "qualification",
    "Degree": "qualification",
    "DoctoralDegree": "qualification",
    "MasterDegree": "qualification",
    "QualityAssuranceCredential": "certificate",
}
# How a badge looks and is checked, and what repeats what stands elsewhere.
_FRAME = (
    "credentialSchema",
    "credentialStatus",
    "refreshService",
    "termsOfUse",
    "image",
    "issuanceDate",
    "tag",
    "source",
    "creditsAvailable",
    "creditsEarned",
    "achievementType",
    "valueMin",
)


def read(credential: Mapping[str, Any]) -> Read:
    """The record that a badge tells; `RecordError` where it tells no award."""
    source = Source(credential)
    root = source.root
    subject = root.branch("credentialSubject")
    achievement = subject.branch("achievement") if subject else None
    if subject is None or achievement is None:
        raise unreadable("programme", "the badge names no achievement")
    source.language, known = _language(achievement)
    record = _record(root, subject, achievement)
    voice = Voice(source.language, source.language)
    rules = (*UNSEEN, *rules_of(record, voice), *_left_behind(record))
    losses = losses_of(rules, assumed=_assumed(record, known), source=source)
    return Read(record, (*losses, *source.unread(frame=_FRAME)))


def _language(achievement: Branch) -> tuple[str, bool]:
    """The language of the badge, and whether it says so."""
    tag = language_tag(achievement.text("inLanguage"), "")
    return (tag, True) if tag else ("en", False)


def _record(root: Branch, subject: Branch, achievement: Branch) -> CredentialRecord:
    said = Alignments(achievement)
    language = root.source.language
    issuer, bodies = _organisations(root, achievement, said)
    kind: Any = _kind(achievement, said)
    valid_from = root.day("validFrom") or root.day("issuanceDate")
    awarded = root.day("awardedDate") or valid_from
    if valid_from is None or awarded is None:
        raise unreadable("award.valid_from", "the badge states no day")
    parts, pieces = parts_and_evidence(root)
    basis: Any = said.code("Validation", _BASES) or (
        "participation" if kind == "participation" else "course"
    )
    learnt = programme(
        achievement, said, kind=kind, assessment=assessment_of(achievement, said)
    )
    award = Award(
        certificate_number=subject.text("licenseNumber") or "",
        date_awarded=awarded,
        date_issued=awarded,
        valid_from=valid_from,
        validation_basis=basis,
        valid_until=root.day("validUntil") or root.day("expirationDate"),
        result=result_of(subject, achievement),
        activity=_activity(subject),
    )
    for key, text in (("name", learnt.title), ("description", learnt.description)):
        root.confirms(key, text or learnt.title)
    others = (
        language_tag(node.text("inLanguage"), "")
        for node in achievement.branches("related")
    )
    return CredentialRecord(
        record_version="1",
        record_id=root.id or award.certificate_number or "badge",
        credential_kind=kind,
        primary_language=language,
        languages=tuple(dict.fromkeys([language, *filter(None, others)])),
        learner=learner(subject),
        issuer=issuer,
        awarding_bodies=bodies,
        programme=learnt,
        award=award,
        parts=parts,
        evidence=pieces,
    )


def _organisations(
    root: Branch, achievement: Branch, said: Alignments
) -> tuple[Organisation, tuple[Organisation, ...]]:
    """Who issues, and who awards: the creator first, then further bodies."""
    language = root.source.language
    node = root.branch("issuer")
    issuer = organisation(node) or _by_id(root)
    if issuer is None:
        raise unreadable("issuer", "the badge does not name its issuer")
    found = (accreditation(item, language) for item in _accredited(said))
    issuer = replace(issuer, accreditations=tuple(filter(None, found)))
    formal = {item.url: item.code == "formal" for item in said.of("ProviderStatus")}
    creator = achievement.branch("creator")
    own = node.id if node else None
    issuer = replace(issuer, formal_provider=formal.get(own))
    first = issuer
    if creator is not None and creator.id != own:
        other = organisation(creator)
        status = formal.get(creator.id)
        first = replace(other, formal_provider=status) if other else issuer
    further = [
        issuer if item.url == own else named(item, language)
        for item in said.of("AwardingBody")
    ]
    return issuer, (first, *further)


def _by_id(root: Branch) -> Organisation | None:
    """An issuer that is only named by its address."""
    stated = next((item for item in root.take("issuer") if isinstance(item, str)), None)
    return organisation(Branch({"id": stated}, root.source)) if stated else None


def _accredited(said: Alignments) -> Iterator[Any]:
    for item in said.of("QualityAssurance"):
        if item.framework == "Accreditation":
            yield item


def _kind(achievement: Branch, said: Alignments) -> str:
    stated = achievement.text("achievementType") or ""
    if stated == TYPES["micro_credential"]:
        whole = bool(said.of("StackPart"))
        return "stacked_micro_credential" if whole else "micro_credential"
    known = {name: kind for kind, name in TYPES.items() if name != "MicroCredential"}
    if stated in known:
        return known[stated]
    why = "what comes nearest to the type of the achievement, if it has one"
    achievement.source.tell("credential_kind", "assumed", why)
    return _OTHERS.get(stated) or "skill_credential"


def _activity(subject: Branch) -> Activity | None:
    start = subject.day("activityStartDate")
    end = subject.day("activityEndDate")
    return Activity(start=start, end=end) if start or end else None


def _left_behind(record: CredentialRecord) -> Iterator[Rule]:
    """What stays behind with the other languages."""
    others = ", ".join(record.languages[1:])
    for path, _ in texts_of(record) if others else ():
        why = f"one language; what it is in others ({others}) stays behind"
        yield partial(path, "credentialSubject.achievement", why=why)


def _assumed(record: CredentialRecord, known: bool) -> Iterator[tuple[str, str]]:
    """What a record needs and no badge says, and what stands in its place."""
    yield "record_id", "the id of the badge stands in its place"
    if any(body != record.issuer for body in record.awarding_bodies):
        yield "issuer.accreditations", "the issuer's, where nobody says whose"
        yield "awarding_bodies.accreditations", "the issuer's, where nobody says whose"
    yield "award.date_issued", "the day of the award stands in its place"
    if not known:
        yield "primary_language", "English stands in its place; the badge states none"
    if record.award.validation_basis in ("course", "participation"):
        yield "award.validation_basis", "taken for granted unless something is said"
    if record.programme.stacking is not None:
        yield "programme.stacking.role", "follows from the parts that are named"
    planned = record.programme.assessment
    if planned is not None and record.award.result is None:
        yield "programme.assessment.grading_scheme", "what follows the first dash"
    if record.parts:
        yield "parts.record_id", "the id or code of the part stands in its place"

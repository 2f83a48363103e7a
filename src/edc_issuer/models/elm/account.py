"""Where each field of a record goes in a European Digital Credential.

One rule a field, written down as the builders do it; what depends on the record
(a level needs a register, an outcome needs more than participation) is decided by
the same questions that the builders ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from edc_issuer.models.elm.account_back import not_told_apart
from edc_issuer.models.elm.account_organisation import (
    ABOUT,
    CLAIM,
    NOTE,
    SUBJECT,
    activity_path,
    organisation,
)
from edc_issuer.models.elm.account_programme import programme
from edc_issuer.models.elm.assessment import SUPERVISION, is_assessed
from edc_issuer.models.elm.notes import is_participation
from edc_issuer.models.mapping import Rule, lost, mapped, partial
from edc_issuer.record import CredentialRecord

NOT_OF_A_PARTICIPATION = (
    "programme.outcomes",
    "programme.isced_f",
    "programme.sdg",
    "programme.learning_setting",
    "programme.opportunity_type",
    "programme.entry_requirements",
    "programme.register",
    "programme.adoption",
    "programme.hko.outcome_set_code",
    "programme.hko.qualification_standard_code",
    "programme.hko.volume",
    "programme.assessment",
    "programme.stacking.parts",
    "programme.stacking.part_of",
    "programme.stacking.recognised_in",
    "award.result",
    "parts",
)


def rules(record: CredentialRecord) -> tuple[Rule, ...]:
    """The rules for one record; a later rule for the same path replaces a former."""
    found = [*_fixed()]
    for part in (_organisations, _people, programme, _activity, _assessment, _award):
        found += part(record)
    found += not_told_apart(record)
    if is_participation(record):
        found = _without(found, NOT_OF_A_PARTICIPATION)
    return tuple(found)


@cache
def _fixed() -> tuple[Rule, ...]:
    """What does not depend on the record."""
    process = f"{CLAIM}.awardedBy"
    number = "identifier.notation"
    return (
        lost("record_version", "describes the record, not the award"),
        lost("record_id", "kept out because it may be a personal number"),
        mapped("credential_id", "id"),
        lost("national_profile", "the rules that a record is checked by"),
        lost("project_profile", "the rules that a record is checked by"),
        mapped("primary_language", "displayParameter.primaryLanguage"),
        mapped("languages", "displayParameter.language"),
        mapped("pictures", "displayParameter.individualDisplay"),
        mapped("document_series", number),
        mapped("document_number", number),
        partial("time_zone", "validFrom", why="only the offset from UTC is kept"),
        lost("source_note", "a remark of the school, never mapped"),
        lost("extensions", "free data of the school, never mapped"),
        mapped("learner.given_name", f"{SUBJECT}.givenName", f"{SUBJECT}.fullName"),
        mapped("learner.family_name", f"{SUBJECT}.familyName", f"{SUBJECT}.fullName"),
        mapped("learner.internal_id", f"{SUBJECT}.{number}"),
        mapped("learner.date_of_birth", f"{SUBJECT}.dateOfBirth"),
        mapped("learner.email", f"{SUBJECT}.contactPoint.emailAddress"),
        mapped("learner.phone", f"{SUBJECT}.contactPoint.phone.phoneNumber"),
        mapped("learner.address", f"{SUBJECT}.location.address"),
        mapped("learner.national_id", f"{SUBJECT}.nationalID"),
        mapped("learner.subject_did", f"{SUBJECT}.id"),
        mapped("award.certificate_number", number, f"{CLAIM}.{number}"),
        mapped("award.date_awarded", f"{process}.awardingDate"),
        lost("award.date_issued", "`issued` is the moment at which it is sealed"),
        mapped("award.valid_from", "validFrom"),
        mapped("award.valid_until", "validUntil", "expirationDate"),
        mapped("award.place", f"{process}.location"),
        lost("award.revision", "decides the id of the credential, nothing else"),
        mapped("mandate.statement", "evidence.evidenceStatement"),
        mapped("mandate.document", "evidence.embeddedEvidence"),
        mapped("attachments.title", "attachment.title"),
        mapped("attachments.path", "attachment.content"),
        mapped("attachments.media_type", "attachment.contentType"),
        lost("attachments.type", "the list of attachment types is not published"),
    )


def _organisations(record: CredentialRecord) -> Iterator[Rule]:
    body = f"{CLAIM}.awardedBy.awardingBody"
    mandator = record.mandate.mandator if record.mandate else None
    yield from organisation("issuer", "issuer", (record.issuer,))
    yield from organisation("awarding_bodies", body, record.awarding_bodies)
    yield from organisation("mandate.mandator", "evidence.evidenceTarget", (mandator,))


def _people(record: CredentialRecord) -> Iterator[Rule]:
    if record.document_series or record.document_number:
        yield mapped("document_status", "identifier.schemeName")
    else:
        yield lost("document_status", "ELM does not tell public documents from others")
    learner = record.learner
    if learner.address and learner.address.country == learner.country:
        yield mapped("learner.country", f"{SUBJECT}.location.address.countryCode")
    else:
        why = "not said whether it is residence or citizenship; nothing is invented"
        yield lost("learner.country", why)
    if record.mandate and len(record.mandate.statement or {}) > 1:
        target = "evidence.evidenceStatement"
        yield partial("mandate.statement", target, why="one language only")


def _activity(record: CredentialRecord) -> Iterator[Rule]:
    path = "award.activity"
    target = activity_path(record)
    done = record.award.activity
    yield mapped(f"{path}.start", f"{target}.temporal.startDate")
    yield mapped(f"{path}.end", f"{target}.temporal.endDate")
    yield mapped(f"{path}.hours_actual", f"{target}.workload")
    sender = done.sending_organisation if done else None
    host = done.host_organisation if done else None
    yield from organisation(
        f"{path}.sending_organisation", f"{target}.directedBy", (sender,)
    )
    yield from organisation(
        f"{path}.host_organisation", f"{target}.hasPart.directedBy", (host,)
    )
    place = f"{target}.hasPart.location" if host else f"{target}.location"
    yield mapped(f"{path}.location", place)


def _assessment(record: CredentialRecord) -> Iterator[Rule]:
    planned = record.programme.assessment
    if planned is None or not is_assessed(record):
        why = "nothing was assessed: plan or result is missing"
        yield lost("programme.assessment", why)
        yield lost("award.result", why)
        return
    proof = f"{CLAIM}.provenBy"
    yield from _plan(f"{proof}.specifiedBy")
    yield from _result(record, proof)
    path = "programme.assessment.supervision"
    target = f"{proof}.idVerification"
    if planned.supervision in SUPERVISION:
        # The EU list does not tell online from on site; a note does.
        yield mapped(path, target, f"{proof}.{ABOUT}")
    else:
        yield mapped(path, target)


def _plan(spec: str) -> Iterator[Rule]:
    path = "programme.assessment"
    yield mapped(f"{path}.title", f"{CLAIM}.provenBy.title", f"{spec}.title")
    yield mapped(f"{path}.type", f"{spec}.dcType")
    yield mapped(f"{path}.id", f"{spec}.identifier.notation")
    yield mapped(f"{path}.mode", f"{spec}.mode")
    yield mapped(f"{path}.max_points", f"{spec}.{NOTE}")
    yield mapped(f"{path}.pass_points", f"{spec}.{NOTE}")
    yield mapped(f"{path}.grading_scheme", f"{spec}.gradingScheme.description")
    yield mapped(f"{path}.languages", f"{spec}.language")
    yield mapped(f"{path}.criteria", f"{spec}.description")
    yield mapped(f"{path}.standard", f"{spec}.{NOTE}")
    yield mapped(f"{path}.standard.url", f"{spec}.supplementaryDocument")
    yield lost(f"{path}.outcomes", "ELM links assessments to achievements as a whole")
    yield lost(f"{path}.item_count", "ELM does not count questions")
    yield lost(f"{path}.pass_rule", "ELM has no rule for passing")
    yield lost(f"{path}.graded_by", "ELM names the assessor, not the kind of marking")
    yield lost(f"{path}.timing", "ELM has no phases of a mobility")


def _result(record: CredentialRecord, proof: str) -> Iterator[Rule]:
    path = "award.result"
    assessor = f"{proof}.assessedBy"
    result = record.award.result
    if result and not result.grade and result.points is None:
        yield mapped(f"{path}.status", f"{proof}.grade.noteLiteral")
    else:
        yield lost(f"{path}.status", "the concepts of ELM's list are not published")
    yield mapped(f"{path}.points", f"{proof}.{NOTE}")
    yield mapped(f"{path}.grade", f"{proof}.grade.noteLiteral")
    yield mapped(f"{path}.date", f"{proof}.dateIssued")
    yield mapped(f"{path}.part_results", f"{proof}.hasPart")
    yield mapped(f"{path}.assessed_by.name", f"{assessor}.prefLabel")
    yield mapped(f"{path}.assessed_by", f"{assessor}.{NOTE}")


def _award(record: CredentialRecord) -> Iterator[Rule]:
    """Basis and evidence, which a participation has too."""
    basis = record.award.validation_basis
    if basis == "course":
        yield lost("award.validation_basis", "a course is what ELM takes for granted")
    elif basis == "participation":
        yield mapped("award.validation_basis", f"{CLAIM}.type")
    else:
        yield mapped("award.validation_basis", f"{CLAIM}.{NOTE}")
    carrier = f"{CLAIM}.provenBy" if is_assessed(record) else CLAIM
    yield mapped("evidence.kind", f"{carrier}.additionalNote.subject")
    yield mapped("evidence.title", f"{carrier}.{NOTE}")
    yield mapped("evidence.url", f"{carrier}.supplementaryDocument")
    yield lost("evidence.date", "ELM has no date of an evidence")


def _without(rules: list[Rule], paths: tuple[str, ...]) -> list[Rule]:
    """A participation claims nothing about what was learned."""
    why = "a participation claims nothing about what was learned"
    gone = tuple(f"{path}." for path in paths)
    kept = [rule for rule in rules if not f"{rule.path_prefix}.".startswith(gone)]
    return kept + [lost(path, why) for path in paths]

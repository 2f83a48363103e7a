"""Where each field of a record goes in a European Digital Credential.

One rule a field, written down as the builders do it; what depends on the record
(a level needs a register, an outcome needs more than participation) is decided by
the same questions that the builders ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from edc_issuer.models.elm.assessment import SUPERVISION
from edc_issuer.models.elm.notes import (
    has_bare_level,
    is_participation,
    is_qualification,
    is_typed,
)
from edc_issuer.models.elm.organisation import VAT_SCHEMES
from edc_issuer.models.mapping import Rule, lost, mapped, partial
from edc_issuer.record import CredentialRecord, Organisation

SUBJECT = "credentialSubject"
CLAIM = f"{SUBJECT}.hasClaim"
NOTE = "additionalNote.noteLiteral"


def rules(record: CredentialRecord) -> tuple[Rule, ...]:
    """The rules for one record; a later rule for the same path replaces a former."""
    spec = f"{CLAIM}.specifiedBy"
    found = [*_fixed(), *_organisations()]
    found += _tax(record)
    found += _people(record)
    found += _programme(record, spec)
    found += _content(record, spec)
    found += _level(record, spec)
    found += _quality(record, spec)
    found += _assessment(record)
    found += _participation(record) if is_participation(record) else ()
    found += _evidence(record)
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
        lost("document_status", "ELM does not tell public documents from others"),
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


@cache
def _organisations() -> tuple[Rule, ...]:
    targets = {
        "issuer": "issuer",
        "awarding_bodies": f"{CLAIM}.awardedBy.awardingBody",
        "mandate.mandator": "evidence.evidenceTarget",
    }
    return tuple(
        rule for path, target in targets.items() for rule in organisation(path, target)
    )


def organisation(path: str, target: str) -> Iterator[Rule]:
    """Rules for an organisation of the record that is written out at `target`."""
    yield mapped(f"{path}.id", f"{target}.id")
    yield mapped(f"{path}.legal_name", f"{target}.legalName")
    yield mapped(f"{path}.alt_name", f"{target}.altLabel")
    yield mapped(f"{path}.legal_identifier", f"{target}.eIDASIdentifier")
    yield mapped(f"{path}.registration", f"{target}.registration")
    yield mapped(f"{path}.tax_identifier", f"{target}.taxIdentifier")
    yield mapped(f"{path}.address", f"{target}.location.address")
    yield mapped(f"{path}.address.region.nuts", f"{target}.location.spatialCode")
    yield mapped(f"{path}.address.region.atu", f"{target}.location.spatialCode")
    yield mapped(f"{path}.address.region.name", f"{target}.location.geographicName")
    yield mapped(f"{path}.email", f"{target}.contactPoint.emailAddress")
    yield mapped(f"{path}.homepage", f"{target}.homepage")
    yield lost(f"{path}.formal_provider", "ELM does not mark formal providers")
    yield mapped(f"{path}.deqar_id", f"{target}.identifier.notation")
    yield mapped(
        f"{path}.accreditations", f"{target}.accreditation", f"{target}.{NOTE}"
    )


def _tax(record: CredentialRecord) -> Iterator[Rule]:
    pairs: list[tuple[str, str, Organisation]] = [("issuer", "issuer", record.issuer)]
    body = f"{CLAIM}.awardedBy.awardingBody"
    pairs += [("awarding_bodies", body, org) for org in record.awarding_bodies]
    for path, target, org in pairs:
        number = org.tax_identifier
        if number and (number.scheme or "").upper() in VAT_SCHEMES:
            yield mapped(f"{path}.tax_identifier", f"{target}.vatIdentifier")


def _people(record: CredentialRecord) -> Iterator[Rule]:
    learner = record.learner
    if learner.address and learner.address.country == learner.country:
        yield mapped("learner.country", f"{SUBJECT}.location.address.countryCode")
    else:
        why = "not said whether it is residence or citizenship; nothing is invented"
        yield lost("learner.country", why)
    if record.mandate and len(record.mandate.statement or {}) > 1:
        target = "evidence.evidenceStatement"
        yield partial("mandate.statement", target, why="one language only")


def _programme(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    title = ("displayParameter.title", f"{CLAIM}.title", f"{spec}.title")
    kind = "the profile of the credential does not tell kinds of credentials apart"
    yield partial("credential_kind", "credentialProfiles", why=kind)
    yield partial("programme.kind", f"{CLAIM}.specifiedBy.type", why=kind)
    yield mapped("programme.code", f"{spec}.identifier.notation")
    yield lost("programme.version", "ELM has no version of a programme")
    yield mapped("programme.title", *title)
    description = ("displayParameter.description", f"{spec}.description")
    yield mapped("programme.description", *description)
    yield mapped("programme.opportunity_type", f"{spec}.dcType")
    yield mapped("programme.sector", f"{spec}.category")
    yield mapped("programme.learning_setting", f"{spec}.learningSetting")
    yield mapped("programme.delivery_mode", f"{spec}.mode")
    yield mapped("programme.delivery_form", f"{spec}.{NOTE}")
    form = f"{CLAIM}.influencedBy.specifiedBy.mode"
    yield _needs_activity(record, "programme.participation_form", form)
    yield lost("programme.required_participation", "ELM has no such rule")
    yield mapped("programme.language_of_instruction", f"{spec}.language")
    yield mapped("programme.isced_f", f"{spec}.thematicArea")
    yield mapped("programme.sdg", f"{spec}.educationSubject")
    yield mapped("programme.target_group", f"{spec}.{NOTE}")
    yield mapped("programme.entry_requirements", f"{spec}.entryRequirement")
    yield mapped("programme.further_information.text", f"{spec}.{NOTE}")
    further = f"{spec}.supplementaryDocument"
    yield mapped("programme.further_information.url", further)
    yield mapped("programme.homepage", f"{spec}.homepage")
    yield lost("programme.free_of_charge", "a price belongs to an offer, not an award")
    yield mapped("programme.funding.text", f"{spec}.{NOTE}")
    yield lost("programme.funding.scheme", "ELM has grants of offers only")
    yield from _development(record, spec)


def _development(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    note = f"{spec}.{NOTE}"
    qualified = is_qualification(record.programme)
    accreditation = f"{spec}.accreditation"
    yield mapped("programme.standards", note)
    yield mapped("programme.co_developed_by", note)
    yield mapped("programme.reviewed_on", note)
    yield mapped("programme.programme_evaluation", note)
    yield mapped("programme.hko", note)
    yield mapped("programme.hko.outcome_set_code", f"{spec}.identifier.notation")
    standard = f"{spec}.isPartOf.identifier.notation"
    yield mapped("programme.hko.qualification_standard_code", standard)
    yield from _hko_numbers(record, spec)
    if qualified:
        yield from organisation(
            "programme.adoption.body", f"{accreditation}.accreditingAgent"
        )
        yield mapped("programme.adoption.date", f"{accreditation}.dateIssued")
        yield mapped("programme.register", f"{spec}.qualificationCode")
    else:
        yield lost("programme.adoption.body", "only the name is kept, in a note")
        yield mapped("programme.adoption.body.legal_name", note)
        yield mapped("programme.adoption.date", note)
        yield mapped("programme.register", f"{spec}.identifier")
        yield lost("programme.register.url", "an identifier has no web address")


def _hko_numbers(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    """Level and volume of the set of outcomes repeat those of the programme."""
    programme = record.programme
    hko, level = programme.hko, programme.level
    if hko is None:
        return
    differs = "differs from the programme's own; only that is kept"
    if level and level.nqf and level.nqf.level == hko.level:
        bare = has_bare_level(programme)
        target = f"{spec}.nqfLevel" if bare else f"{spec}.{NOTE}"
        yield mapped("programme.hko.level", target)
    else:
        yield lost("programme.hko.level", differs)
    volume = hko.volume
    if volume and any(
        (item.system, item.points) == (volume.system, volume.points)
        for item in programme.credits
        if not item.indicative
    ):
        yield mapped("programme.hko.volume", f"{spec}.creditPoint")
    else:
        yield lost("programme.hko.volume", differs)


def _content(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    """Outcomes, workload, credits, units, stacking."""
    outcome = f"{spec}.learningOutcome"
    yield mapped("programme.outcomes.title", f"{outcome}.title")
    yield mapped("programme.outcomes.code", f"{outcome}.identifier.notation")
    kinds = {item.type for item in record.programme.outcomes}
    if "competence" in kinds:
        why = "the EU list has no concept for competence"
        yield partial("programme.outcomes.type", f"{outcome}.dcType", why=why)
    else:
        yield mapped("programme.outcomes.type", f"{outcome}.dcType")
    yield lost("programme.outcomes.bloom_level", "ELM has no taxonomy of outcomes")
    yield lost("programme.outcomes.outcome_source", "ELM has no source of outcomes")
    yield mapped("programme.outcomes.esco", f"{outcome}.relatedESCOSkill")
    yield mapped("programme.outcomes.macro_competence", f"{outcome}.{NOTE}")
    activity = f"{CLAIM}.influencedBy"
    yield mapped("programme.workload.hours", f"{spec}.volumeOfLearning")
    contact = f"{activity}.specifiedBy.contactHour"
    yield _needs_activity(record, "programme.workload.contact_hours", contact)
    minutes = "only the length of units is computed with it"
    yield lost("programme.workload.unit_minutes", minutes)
    yield lost("programme.workload.basis", "ELM has one kind of workload")
    yield from _credits(record, spec)
    yield from _units(record, f"{activity}.specifiedBy")
    yield from _stacking(record, spec)
    yield from _activity(record, activity)


def _credits(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    note = f"{spec}.{NOTE}"
    awarded = [item for item in record.programme.credits if not item.indicative]
    indicative = [item for item in record.programme.credits if item.indicative]
    targets = (f"{spec}.creditPoint", f"{CLAIM}.creditReceived") if awarded else ()
    notes = (note,) if indicative else ()
    yield Rule("programme.credits", "mapped", (*targets, *notes) or (note,))


def _units(record: CredentialRecord, activity_spec: str) -> Iterator[Rule]:
    part = f"{activity_spec}.hasPart"
    path = "programme.units"
    for name, target in (
        ("code", "identifier.notation"),
        ("title", "title"),
        ("hours", "volumeOfLearning"),
        ("minutes", "volumeOfLearning"),
        ("mode", "mode"),
        ("activities.code", "hasPart.identifier.notation"),
        ("activities.title", "hasPart.title"),
        ("activities.minutes", "hasPart.volumeOfLearning"),
    ):
        yield _needs_activity(record, f"{path}.{name}", f"{part}.{target}")
    why = "ELM specifies assessments of whole programmes here"
    yield lost(f"{path}.assessment", why)
    yield lost(f"{path}.activities.assessment", why)
    yield lost(f"{path}.activities.outcomes", "ELM gives outcomes to achievements only")
    yield lost(f"{path}.phase", "ELM has no phases of a mobility")
    yield lost(f"{path}.guidance", "ELM has no kind of guidance")
    yield lost(f"{path}.evidence", "ELM has no evidence that a unit ends with")


def _needs_activity(record: CredentialRecord, path: str, target: str) -> Rule:
    if record.award.activity is None and not is_participation(record):
        return lost(path, "there is no learning activity in this award")
    return mapped(path, target)


def _stacking(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    path = "programme.stacking"
    note = f"{spec}.{NOTE}"
    as_note = is_qualification(record.programme)
    yield lost(f"{path}.role", "follows from the parts that are named")
    yield mapped(f"{path}.options", note)
    yield mapped(f"{path}.parts", note if as_note else f"{spec}.hasPart")
    yield mapped(f"{path}.part_of", note if as_note else f"{spec}.isPartOf")
    for name in ("rule", "order", "supersedes_parts", "pathway"):
        yield lost(f"{path}.{name}", "ELM has no rules for combining")
    yield mapped(f"{path}.recognised_in", f"{CLAIM}.entitlesTo")
    part = f"{CLAIM}.hasPart"
    yield mapped("parts.programme_code", f"{part}.identifier.notation")
    yield mapped("parts.credential_id", f"{part}.identifier.notation")
    yield lost("parts.record_id", "kept out because it may be a personal number")
    yield lost("parts.required", "ELM has no rules for combining")


def _activity(record: CredentialRecord, target: str) -> Iterator[Rule]:
    path = "award.activity"
    done = record.award.activity
    yield mapped(f"{path}.start", f"{target}.temporal.startDate")
    yield mapped(f"{path}.end", f"{target}.temporal.endDate")
    yield mapped(f"{path}.hours_actual", f"{target}.workload")
    yield from organisation(f"{path}.sending_organisation", f"{target}.directedBy")
    host = f"{target}.hasPart.directedBy"
    yield from organisation(f"{path}.host_organisation", host)
    abroad = done is not None and done.host_organisation is not None
    place = f"{target}.hasPart.location" if abroad else f"{target}.location"
    yield mapped(f"{path}.location", place)


def _level(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    path = "programme.level"
    note = f"{spec}.{NOTE}"
    bare = has_bare_level(record.programme)
    level = record.programme.level
    yield mapped(f"{path}.eqf", f"{spec}.eqfLevel" if bare else note)
    yield mapped(f"{path}.nqf", f"{spec}.nqfLevel" if bare else note)
    if level and level.basis == "recommended":
        yield mapped(f"{path}.basis", note)
    elif bare:
        yield partial(f"{path}.basis", f"{spec}.type", why="seen by the property only")
    else:
        yield lost(f"{path}.basis", "ELM has no basis of a level")
    yield mapped(f"{path}.assigned_by", note)
    yield mapped(f"{path}.rationale", note)
    yield mapped(f"{path}.ehea_cycle", note)
    if level is None:
        yield mapped("programme.level_absent_reason", note)
    else:
        yield lost("programme.level_absent_reason", "the record has a level")


def _quality(record: CredentialRecord, spec: str) -> Iterator[Rule]:
    path = "programme.quality_assurance"
    note = f"{spec}.{NOTE}"
    yield mapped(f"{path}.summary", note)
    if record.programme.quality_assurance is None:
        return
    measures = record.programme.quality_assurance.types
    typed = [item for item in measures if is_typed(record.programme, item)]
    target = f"{spec}.accreditation"
    if any(str(item.accreditation_type).startswith("inst") for item in typed):
        target = f"{CLAIM}.awardedBy.awardingBody.accreditation"
    texts = [f"{target}.title"] if typed else []
    texts += [note] if len(typed) < len(measures) else []
    yield mapped(f"{path}.types.text", *texts or [note])
    yield lost(f"{path}.types.scope", "ELM does not tell internal from external")
    yield lost(f"{path}.types.kind", "ELM has kinds of accreditations only")
    yield lost(f"{path}.types.framework", "ELM names no quality framework")
    yield from _quality_bodies(record, target, typed=len(typed))
    yield mapped(f"{path}.types.url", f"{spec}.supplementaryDocument")


def _quality_bodies(
    record: CredentialRecord, target: str, *, typed: int
) -> Iterator[Rule]:
    path = "programme.quality_assurance.types"
    quality = record.programme.quality_assurance
    measures = quality.types if quality else ()
    others = [item for item in measures if item.body] and typed < sum(
        item.body is not None for item in measures
    )
    why = "ELM names a body only where it decided on an accreditation"
    if typed and not others:
        yield from organisation(f"{path}.body", f"{target}.accreditingAgent")
        yield mapped(f"{path}.accreditation_type", f"{target}.dcType")
    elif typed:
        yield partial(f"{path}.body", f"{target}.accreditingAgent", why=why)
        yield mapped(f"{path}.accreditation_type", f"{target}.dcType")
    else:
        yield lost(f"{path}.body", why)
        why = "an accreditation needs its body, and a programme a qualification"
        yield lost(f"{path}.accreditation_type", why)


def _assessment(record: CredentialRecord) -> Iterator[Rule]:
    planned = record.programme.assessment
    if planned is None or record.award.result is None:
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
        why = "the EU list does not tell online from on-site"
        yield partial(path, target, why=why)
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
    basis = record.award.validation_basis
    if basis == "course":
        yield lost("award.validation_basis", "a course is what ELM takes for granted")
    elif basis == "participation":
        yield mapped("award.validation_basis", f"{CLAIM}.type")
    else:
        yield mapped("award.validation_basis", f"{CLAIM}.{NOTE}")


def _evidence(record: CredentialRecord) -> Iterator[Rule]:
    assessed = (
        record.programme.assessment is not None
        and record.award.result is not None
        and not is_participation(record)
    )
    carrier = f"{CLAIM}.provenBy" if assessed else CLAIM
    yield mapped("evidence.kind", f"{carrier}.additionalNote.subject")
    yield mapped("evidence.title", f"{carrier}.{NOTE}")
    yield mapped("evidence.url", f"{carrier}.supplementaryDocument")
    yield lost("evidence.date", "ELM has no date of an evidence")


def _participation(record: CredentialRecord) -> Iterator[Rule]:
    """An activity has neither outcomes nor level, subject, setting or assessment."""
    none = "a participation claims nothing about what was learned"
    for name in ("outcomes", "assessment", "isced_f", "sdg", "learning_setting"):
        yield lost(f"programme.{name}", none)
    for name in ("entry_requirements", "opportunity_type", "register", "adoption"):
        yield lost(f"programme.{name}", none)

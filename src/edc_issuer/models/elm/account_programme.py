"""Where each field of a programme goes in a European Digital Credential."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.elm.account_organisation import (
    ABOUT,
    CLAIM,
    IN_WORDS,
    NOTE,
    SPEC,
    activity_path,
    organisation,
)
from edc_issuer.models.elm.notes import (
    has_bare_level,
    is_participation,
    is_qualification,
    is_typed,
)
from edc_issuer.models.mapping import Rule, lost, mapped, partial
from edc_issuer.record import CredentialRecord, QualityMeasure


def programme(record: CredentialRecord) -> Iterator[Rule]:
    """Rules for everything below `programme`, but for its assessment."""
    yield from _description(record)
    yield from _development(record)
    yield from _content(record)
    yield from _level(record)
    yield from _quality(record)


def _description(record: CredentialRecord) -> Iterator[Rule]:
    title = ("displayParameter.title", f"{CLAIM}.title", f"{SPEC}.title")
    yield mapped("credential_kind", "credentialProfiles", f"{SPEC}.{ABOUT}")
    yield mapped("programme.kind", f"{SPEC}.{ABOUT}")
    yield mapped("programme.code", f"{SPEC}.identifier.notation")
    yield lost("programme.version", "ELM has no version of a programme")
    yield mapped("programme.title", *title)
    description = ("displayParameter.description", f"{SPEC}.description")
    yield mapped("programme.description", *description)
    yield mapped("programme.opportunity_type", f"{SPEC}.dcType")
    yield mapped("programme.sector", f"{SPEC}.category")
    yield mapped("programme.learning_setting", f"{SPEC}.learningSetting")
    if is_participation(record) and record.programme.participation_form:
        yield lost("programme.delivery_mode", "the form of participation is kept")
    else:
        yield mapped("programme.delivery_mode", f"{SPEC}.mode")
    yield mapped("programme.delivery_form", f"{SPEC}.{NOTE}")
    form = f"{activity_path(record)}.specifiedBy.mode"
    yield _needs_activity(record, "programme.participation_form", form)
    yield lost("programme.required_participation", "ELM has no such rule")
    yield mapped("programme.language_of_instruction", f"{SPEC}.language")
    yield mapped("programme.isced_f", f"{SPEC}.thematicArea")
    yield mapped("programme.sdg", f"{SPEC}.educationSubject")
    yield mapped("programme.target_group", f"{SPEC}.{NOTE}")
    yield mapped("programme.entry_requirements", f"{SPEC}.entryRequirement")
    yield mapped("programme.further_information.text", f"{SPEC}.{NOTE}")
    further = f"{SPEC}.supplementaryDocument"
    yield mapped("programme.further_information.url", further)
    yield mapped("programme.homepage", f"{SPEC}.homepage")
    yield lost("programme.free_of_charge", "a price belongs to an offer, not an award")
    yield mapped("programme.funding.text", f"{SPEC}.{NOTE}")
    yield lost("programme.funding.scheme", "ELM has grants of offers only")


def _development(record: CredentialRecord) -> Iterator[Rule]:
    note = f"{SPEC}.{NOTE}"
    qualified = is_qualification(record.programme)
    accreditation = f"{SPEC}.accreditation"
    yield mapped("programme.standards", note)
    yield mapped("programme.co_developed_by", note)
    yield mapped("programme.reviewed_on", note)
    yield mapped("programme.programme_evaluation", note)
    yield mapped("programme.hko", note)
    yield mapped("programme.hko.outcome_set_code", f"{SPEC}.identifier.notation")
    standard = f"{SPEC}.isPartOf.identifier.notation"
    yield mapped("programme.hko.qualification_standard_code", standard)
    yield from _hko_numbers(record)
    if qualified:
        adoption = record.programme.adoption
        agent = f"{accreditation}.accreditingAgent"
        body = adoption.body if adoption else None
        yield from organisation("programme.adoption.body", agent, (body,))
        yield mapped("programme.adoption.date", f"{accreditation}.dateIssued")
        yield mapped("programme.register", f"{SPEC}.qualificationCode")
    else:
        yield lost("programme.adoption.body", "only the name is kept, in a note")
        yield mapped("programme.adoption.body.legal_name", note)
        yield mapped("programme.adoption.date", note)
        yield mapped("programme.register", f"{SPEC}.identifier")
        yield lost("programme.register.url", "an identifier has no web address")


def _hko_numbers(record: CredentialRecord) -> Iterator[Rule]:
    """Level and volume of the set of outcomes repeat those of the programme."""
    programme = record.programme
    hko, level = programme.hko, programme.level
    if hko is None:
        return
    differs = "differs from the programme's own; only that is kept"
    if level and level.nqf and level.nqf.level == hko.level:
        bare = has_bare_level(programme)
        target = f"{SPEC}.nqfLevel" if bare else f"{SPEC}.{NOTE}"
        yield mapped("programme.hko.level", target)
    else:
        yield lost("programme.hko.level", differs)
    volume = hko.volume
    if volume and any(
        (item.system, item.points) == (volume.system, volume.points)
        for item in programme.credits
        if not item.indicative
    ):
        yield mapped("programme.hko.volume", f"{SPEC}.creditPoint")
    else:
        yield lost("programme.hko.volume", differs)


def _content(record: CredentialRecord) -> Iterator[Rule]:
    """Outcomes, workload, credits, units, stacking."""
    outcome = f"{SPEC}.learningOutcome"
    yield mapped("programme.outcomes.title", f"{outcome}.title")
    yield mapped("programme.outcomes.code", f"{outcome}.identifier.notation")
    kinds = {item.type for item in record.programme.outcomes}
    noted = (f"{outcome}.{ABOUT}",) if "competence" in kinds else ()
    listed = (f"{outcome}.dcType",) if kinds - {"competence", None} else ()
    # Where no outcome has a type, there is nothing to account for.
    types = (*listed, *noted) or (f"{outcome}.dcType",)
    yield mapped("programme.outcomes.type", *types)
    yield lost("programme.outcomes.bloom_level", "ELM has no taxonomy of outcomes")
    yield lost("programme.outcomes.outcome_source", "ELM has no source of outcomes")
    yield mapped("programme.outcomes.esco", f"{outcome}.relatedESCOSkill")
    yield mapped("programme.outcomes.macro_competence", f"{outcome}.{NOTE}")
    yield mapped("programme.workload.hours", f"{SPEC}.volumeOfLearning")
    contact = f"{activity_path(record)}.specifiedBy.contactHour"
    yield _needs_activity(record, "programme.workload.contact_hours", contact)
    minutes = "only the length of units is computed with it"
    yield lost("programme.workload.unit_minutes", minutes)
    yield lost("programme.workload.basis", "ELM has one kind of workload")
    yield from _credits(record)
    yield from _units(record)
    yield from _stacking(record)


def _credits(record: CredentialRecord) -> Iterator[Rule]:
    note = f"{SPEC}.{NOTE}"
    awarded = [item for item in record.programme.credits if not item.indicative]
    indicative = [item for item in record.programme.credits if item.indicative]
    targets = (f"{SPEC}.creditPoint", f"{CLAIM}.creditReceived") if awarded else ()
    if awarded and is_participation(record):
        yield lost("programme.credits", "a participation earns no credits")
        return
    notes = (note,) if indicative else ()
    yield Rule("programme.credits", "mapped", (*targets, *notes) or (note,))


def _units(record: CredentialRecord) -> Iterator[Rule]:
    part = f"{activity_path(record)}.specifiedBy.hasPart"
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


def _stacking(record: CredentialRecord) -> Iterator[Rule]:
    path = "programme.stacking"
    note = f"{SPEC}.{NOTE}"
    as_note = is_qualification(record.programme)
    yield lost(f"{path}.role", "follows from the parts that are named")
    yield mapped(f"{path}.options", note)
    yield mapped(f"{path}.parts", note if as_note else f"{SPEC}.hasPart")
    yield mapped(f"{path}.part_of", note if as_note else f"{SPEC}.isPartOf")
    for name in ("rule", "order", "supersedes_parts", "pathway"):
        yield lost(f"{path}.{name}", "ELM has no rules for combining")
    yield mapped(f"{path}.recognised_in", f"{CLAIM}.entitlesTo")
    part = f"{CLAIM}.hasPart"
    yield mapped("parts.programme_code", f"{part}.identifier.notation")
    yield mapped("parts.credential_id", f"{part}.identifier.notation")
    yield lost("parts.record_id", "kept out because it may be a personal number")
    yield lost("parts.required", "ELM has no rules for combining")


def _level(record: CredentialRecord) -> Iterator[Rule]:
    path = "programme.level"
    note = f"{SPEC}.{NOTE}"
    bare = has_bare_level(record.programme) and not is_participation(record)
    level = record.programme.level
    yield mapped(f"{path}.eqf", f"{SPEC}.eqfLevel" if bare else note)
    yield mapped(f"{path}.nqf", f"{SPEC}.nqfLevel" if bare else note)
    yield mapped(f"{path}.basis", note, f"{SPEC}.{ABOUT}")
    yield mapped(f"{path}.assigned_by", note)
    yield mapped(f"{path}.rationale", note)
    yield mapped(f"{path}.ehea_cycle", note)
    if level is None:
        yield mapped("programme.level_absent_reason", note)
    else:
        yield lost("programme.level_absent_reason", "the record has a level")


def _quality(record: CredentialRecord) -> Iterator[Rule]:
    path = "programme.quality_assurance"
    quality = record.programme.quality_assurance
    if quality is None:
        return
    yield mapped(f"{path}.summary", f"{SPEC}.{NOTE}")
    path += ".types"
    typed = [item for item in quality.types if is_typed(record, item)]
    others = [item for item in quality.types if item not in typed]
    yield from _typed(path, typed)
    texts = _targets(typed, "title")
    texts += (f"{SPEC}.{NOTE}",) if any(item.text for item in others) else ()
    if texts:
        yield mapped(f"{path}.text", *texts)
    links = _targets([item for item in typed if item.url], "landingPage")
    linked = any(item.url for item in others)
    documents = (f"{SPEC}.supplementaryDocument",) if linked else ()
    if links or documents:
        yield mapped(f"{path}.url", *links, *documents)
    for name in ("scope", "kind", "framework"):
        yield mapped(f"{path}.{name}", f"{SPEC}.{ABOUT}")
    if others:
        yield from _not_typed(path, others, typed)


def _targets(typed: list[QualityMeasure], name: str) -> tuple[str, ...]:
    """Where accreditations stand: at who provides, or at the qualification."""
    kinds = {str(item.accreditation_type).partition("_")[0] for item in typed}
    provider = f"{CLAIM}.awardedBy.awardingBody.accreditation.{name}"
    places = {
        "institutional": provider,
        "programme": f"{SPEC}.accreditation.{name}",
    }
    return tuple(place for kind, place in places.items() if kind in kinds)


def _typed(path: str, typed: list[QualityMeasure]) -> Iterator[Rule]:
    if typed:
        yield mapped(f"{path}.accreditation_type", *_targets(typed, "dcType"))
        yield mapped(f"{path}.body", *_targets(typed, "accreditingAgent"))
        status = _targets(typed, f"accreditingAgent.{ABOUT}")
        yield mapped(f"{path}.body.formal_provider", *status)


def _not_typed(
    path: str, others: list[QualityMeasure], typed: list[QualityMeasure]
) -> Iterator[Rule]:
    """Of measures that are notes only the text is kept."""
    for name, is_lost, why in (
        (
            "body",
            any(item.body for item in others),
            "of a body that decided on no accreditation a note has the name only",
        ),
        (
            "accreditation_type",
            any(item.accreditation_type for item in others),
            "an accreditation needs its body, and a programme a qualification",
        ),
    ):
        place = "accreditingAgent" if name == "body" else "dcType"
        if is_lost and typed:
            yield partial(f"{path}.{name}", *_targets(typed, place), why=why)
        elif is_lost:
            yield lost(f"{path}.{name}", why)
    if any(item.body for item in others):
        agents = _targets(typed, "accreditingAgent")
        named = (*agents, f"{SPEC}.{NOTE}")
        yield partial(f"{path}.body.legal_name", *named, why=IN_WORDS)

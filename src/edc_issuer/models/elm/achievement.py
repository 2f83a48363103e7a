"""What was achieved: the learner's achievement and the programme behind it.

ELM keeps two things apart: the claim (this learner, this day) and what specifies
it (the programme, its outcomes, workload, level). A programme is a `Qualification`
only where the record names a qualification standard or a register's level.
"""

from __future__ import annotations

from typing import Any

from edc_issuer.models.dates import hours_duration, informative
from edc_issuer.models.elm import notes
from edc_issuer.models.elm.activity import activity, has_activity
from edc_issuer.models.elm.assessment import assessment, loose_evidence
from edc_issuer.models.elm.nodes import Node, Nodes, present
from edc_issuer.models.elm.organisation import (
    accreditation_of,
    accrediting_measures,
    awarding_bodies,
    organisation,
    place,
)
from edc_issuer.record import Adoption, Outcome, Part, Programme, RecognisedIn

COURSE_LIKE = ("course", "participation")
VALIDATION = ("urn:x-mc:validation-basis", "Basis of validation")
MACRO_COMPETENCE = ("urn:x-mc:macro-competence", "Wider competence")
OUTCOME_TYPE = ("urn:x-mc:outcome-type", "Type of the outcome")
ESCO_SKILLS = "http://data.europa.eu/esco/concept-scheme/skills"


def achievement(nodes: Nodes) -> Node:
    """The learner's claim to have achieved the outcomes of the programme."""
    record = nodes.record
    awarded_by = awarding_process(nodes)
    documents, evidence = loose_evidence(nodes)
    return nodes.make(
        "learningAchievement",
        "LearningAchievement",
        identifier=nodes.identifier(
            "certificate number", record.award.certificate_number
        ),
        title=dict(record.programme.title),
        awardedBy=awarded_by,
        specifiedBy=specification(nodes),
        creditReceived=_credits(nodes, record.programme),
        provenBy=assessment(nodes, awarded_by),
        influencedBy=activity(nodes, awarded_by) if has_activity(record) else None,
        hasPart=[_part(nodes, part) for part in record.parts],
        entitlesTo=_entitlements(nodes, awarded_by),
        supplementaryDocument=documents,
        additionalNote=present(validation_note(nodes), *evidence),
    )


def awarding_process(nodes: Nodes) -> Node:
    """Who awarded, when and where."""
    award = nodes.record.award
    return nodes.make(
        "awardingProcess",
        "AwardingProcess",
        awardingBody=awarding_bodies(nodes),
        awardingDate=informative(award.date_awarded),
        location=place(nodes, award.place),
    )


def specification(nodes: Nodes) -> Node:
    """The programme: a `Qualification`, or a `LearningAchievementSpecification`."""
    programme = nodes.record.programme
    workload, stacking = programme.workload, programme.stacking
    common: dict[str, Any] = {
        "title": dict(programme.title),
        "description": dict(programme.description) if programme.description else None,
        "identifier": _codes(nodes, programme),
        "dcType": nodes.concept(
            "learning_opportunity_type", programme.opportunity_type
        ),
        "category": {"en": programme.sector} if programme.sector else None,
        "thematicArea": nodes.concepts("isced_f", programme.isced_f),
        "educationSubject": nodes.concepts("sdg", map(str, programme.sdg)),
        "language": nodes.concepts("language", programme.language_of_instruction),
        "learningSetting": nodes.concept(
            "learning_setting", programme.learning_setting
        ),
        "mode": nodes.concept("learning_mode", programme.delivery_mode),
        "learningOutcome": [_outcome(nodes, item) for item in programme.outcomes],
        "volumeOfLearning": (
            hours_duration(workload.hours)
            if workload and workload.hours is not None
            else None
        ),
        "creditPoint": _credits(nodes, programme),
        "entryRequirement": nodes.note(programme.entry_requirements),
        "additionalNote": notes.programme_notes(nodes),
        "supplementaryDocument": further_documents(nodes),
        "homepage": nodes.web(programme.homepage),
    }
    if notes.is_qualification(programme):
        return _qualification(nodes, common)
    return nodes.make(
        "learningAchievementSpec",
        "LearningAchievementSpecification",
        **common,
        hasPart=_related(nodes, stacking.parts if stacking else ()),
        isPartOf=_related(nodes, stacking.part_of if stacking else ()),
    )


def further_documents(nodes: Nodes) -> list[Node]:
    """Web pages about the programme and its quality assurance."""
    record = nodes.record
    programme = record.programme
    more, quality = programme.further_information, programme.quality_assurance
    untyped = [
        measure
        for measure in (quality.types if quality else ())
        if not notes.is_typed(record, measure)
    ]
    return present(
        nodes.web(more.url if more else None),
        *(
            nodes.web(item.url, item.text or notes.measure_in_words(nodes, item))
            for item in untyped
        ),
    )


def validation_note(nodes: Nodes) -> Node | None:
    """Says that no course but earlier learning was assessed, where that is so."""
    basis = nodes.record.award.validation_basis
    if basis in COURSE_LIKE:
        return None
    text = nodes.say(basis.replace("validation_of_", "validation."))
    return nodes.note(text, (f"{VALIDATION[0]}:{basis}", VALIDATION[1]))


def _qualification(nodes: Nodes, common: dict[str, Any]) -> Node:
    programme = nodes.record.programme
    level = programme.level if notes.has_bare_level(programme) else None
    nqf = level.nqf if level else None
    standard = _standard(nodes, programme)
    measures = accrediting_measures(nodes.record, "programme")
    return nodes.make(
        "qualification",
        "Qualification",
        **common,
        eqfLevel=nodes.concept("eqf", str(level.eqf) if level and level.eqf else None),
        nqfLevel=nodes.concept("nqf", f"{nqf.framework}/{nqf.level}" if nqf else None),
        qualificationCode=_register_entry(nodes, programme),
        accreditation=present(
            *(accreditation_of(nodes, measure) for measure in measures),
            _adoption(nodes, programme.adoption),
        ),
        isPartOf=present(standard),
        isPartialQualification=True if standard else None,
    )


def _codes(nodes: Nodes, programme: Programme) -> Node | list[Node] | None:
    register, hko = programme.register, programme.hko
    code = nodes.identifier("programme code", programme.code)
    outcome_set = nodes.identifier("outcome set", hko.outcome_set_code if hko else None)
    entry = None
    if register is not None and not notes.is_qualification(programme):
        entry = nodes.identifier(register.name or "register", register.code)
    found = present(code, outcome_set, entry)
    return found[0] if len(found) == 1 else found


def _outcome(nodes: Nodes, outcome: Outcome) -> Node:
    # There is no concept for competence in the EU list: a note says it.
    competence = outcome.type == "competence"
    uri, label = OUTCOME_TYPE
    words = {"en": "competence"} if competence else None
    kind = outcome.type if outcome.type in ("knowledge", "skill") else None
    return nodes.make(
        "learningOutcome",
        "LearningOutcome",
        title=dict(outcome.title),
        identifier=nodes.identifier("outcome code", outcome.code),
        dcType=nodes.concept("skill_type", kind),
        relatedESCOSkill=[_esco(nodes, uri) for uri in outcome.esco],
        additionalNote=present(
            nodes.note(words, (f"{uri}:competence", label)),
            nodes.note(outcome.macro_competence, MACRO_COMPETENCE),
        ),
    )


def _esco(nodes: Nodes, uri: str) -> Node:
    scheme = {"id": ESCO_SKILLS, "type": "ConceptScheme"}
    return nodes.make("concept", "Concept", name=uri, inScheme=scheme)


def _credits(nodes: Nodes, programme: Programme) -> list[Node]:
    """Credits that are awarded; indicative ones are notes, never credits."""
    return [
        nodes.make(
            "creditPoint",
            "CreditPoint",
            framework=nodes.concept("credit_system", credit.system),
            point=credit.points,
        )
        for credit in programme.credits
        if not credit.indicative
    ]


def _related(nodes: Nodes, codes: tuple[str, ...]) -> list[Node]:
    return [
        nodes.make(
            "learningAchievementSpec",
            "LearningAchievementSpecification",
            title=nodes.everywhere(code),
            identifier=nodes.identifier("programme code", code),
        )
        for code in codes
    ]


def _standard(nodes: Nodes, programme: Programme) -> Node | None:
    code = programme.hko and programme.hko.qualification_standard_code
    if not code:
        return None
    title = {
        language: f"{text} {code}"
        for language, text in nodes.say("qualification_standard").items()
    }
    return nodes.make(
        "qualification",
        "Qualification",
        title=title,
        identifier=nodes.identifier("qualification standard", code),
    )


def _register_entry(nodes: Nodes, programme: Programme) -> Node | None:
    entry = programme.register
    if entry is None:
        return None
    return nodes.make(
        "concept",
        "Concept",
        name=entry.url,
        prefLabel={"en": entry.name} if entry.name else None,
        notation=entry.code,
    )


def _adoption(nodes: Nodes, adoption: Adoption | None) -> Node | None:
    if adoption is None:
        return None
    return nodes.make(
        "accreditation",
        "Accreditation",
        dcType=nodes.concept("accreditation_type", "programme_license"),
        title=nodes.say("adoption"),
        dateIssued=informative(adoption.date) if adoption.date else None,
        accreditingAgent=organisation(nodes, adoption.body),
    )


def _part(nodes: Nodes, part: Part) -> Node:
    # When a part was awarded stands in its own credential, not in this record.
    process = nodes.make(
        "awardingProcess", "AwardingProcess", awardingBody=awarding_bodies(nodes)
    )
    return nodes.make(
        "learningAchievement",
        "LearningAchievement",
        title=nodes.everywhere(part.programme_code),
        identifier=present(
            nodes.identifier("programme code", part.programme_code),
            nodes.identifier("credential id", part.credential_id),
        ),
        awardedBy=process,
    )


def _entitlements(nodes: Nodes, awarded_by: Node) -> list[Node]:
    stacking = nodes.record.programme.stacking
    return [
        _entitlement(nodes, target, awarded_by)
        for target in (stacking.recognised_in if stacking else ())
    ]


def _entitlement(nodes: Nodes, target: RecognisedIn, awarded_by: Node) -> Node:
    return nodes.make(
        "entitlement",
        "LearningEntitlement",
        title=dict(target.title),
        description=dict(target.note) if target.note else None,
        awardedBy=awarded_by,
        specifiedBy=entitlement_specification(nodes, target),
    )


def entitlement_specification(nodes: Nodes, target: RecognisedIn) -> Node:
    """Into what the programme may count, wherever somebody decides that it does."""
    return nodes.make(
        "entitlementSpec",
        "LearningEntitlementSpecification",
        title=dict(target.title),
        identifier=nodes.identifier("programme code", target.code),
        dcType=nodes.concept("entitlement_type", "learning_opportunity"),
        # Whether parts may be combined is decided by whoever receives them.
        entitlementStatus=nodes.concept("entitlement_status", "prospective"),
        homepage=nodes.web(target.url),
    )

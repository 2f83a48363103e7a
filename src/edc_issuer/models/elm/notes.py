"""What ELM has no property for, as notes that say what they are about.

The meaning of a note stands in its `subject`; the last value of a level or credit
note is in figures with a decimal point, so that a program can read it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from edc_issuer.models.elm.nodes import Node, Nodes, Subject, present
from edc_issuer.models.elm.organisation import accrediting_measures
from edc_issuer.models.texts import abbreviation
from edc_issuer.record import (
    CredentialRecord,
    Level,
    Nqf,
    Programme,
    ProgrammeStandard,
    QualityMeasure,
)

QUALITY = ("urn:x-mc:annex1:quality-assurance", "Type of quality assurance")
QUALITY_MEASURE = "urn:x-mc:quality-measure"  # and its scope, kind and framework
# The principles have no short name that a reader would know (OJ C 189, 15.6.2017).
QUALITY_FRAMEWORKS = {"EQF-ANNEX-IV": "EQF Recommendation, Annex IV"}
STACKABILITY = ("urn:x-mc:annex1:stackability", "Integration/stackability options")
LEVEL = ("urn:x-mc:annex1:level", "Level of the learning experience")
LEVEL_BASIS = ("urn:x-mc:level-basis", "Basis of the level")
LEVEL_ABSENT = ("urn:x-mc:level-absent", "Why there is no level")
LEVEL_RATIONALE = ("urn:x-mc:level-rationale", "Rationale of the level")
LEVEL_ASSIGNED_BY = ("urn:x-mc:level-assigned-by", "Who set the level")
EHEA_CYCLE = ("urn:x-mc:ehea-cycle", "Cycle of higher education (QF-EHEA)")
INDICATIVE_CREDIT = ("urn:x-mc:indicative-credit", "Indicative credit")
TARGET_GROUP = ("urn:x-mc:target-group", "Target group")
REVIEWED_ON = ("urn:x-mc:reviewed-on", "Date of the last review")
FUNDING = ("urn:x-mc:funding", "Funding")
ADOPTION = ("urn:x-mc:adoption", "Adoption of the programme")
PROGRAMME_EVALUATION = (
    "urn:x-mc:hnk:programme-evaluation",
    "Programme evaluation method",
)
CREDENTIAL_KIND = ("urn:x-mc:credential-kind", "Kind of credential")
PROGRAMME_KIND = ("urn:x-mc:programme-kind", "Kind of programme")
STANDARD = "urn:x-mc:standard"  # and its kind, code and register
DEVELOPER = ("urn:x-mc:co-developed-by", "Developer")
DELIVERY_FORM = ("urn:x-mc:hnk:delivery-form", "Form of delivery")
STACK_PART = ("urn:x-mc:stack-part", "Programme that is a part")
STACK_WHOLE = ("urn:x-mc:stack-whole", "Programme that this is a part of")
HKO_TEXTS = (
    "outcome_set_title",
    "access_conditions",
    "conditions_acquisition",
    "conditions_assessment",
    "assessment_procedure",
)


def programme_notes(nodes: Nodes) -> list[Node]:
    """All notes of a programme, whatever kind of specification carries them."""
    programme = nodes.record.programme
    further = programme.further_information
    return present(
        *_kinds(nodes),
        *_quality(nodes, programme),
        *_stacking(nodes, programme),
        *_level(nodes, programme),
        *_indicative_credits(nodes, programme),
        nodes.note(programme.target_group, TARGET_GROUP),
        *_hko(nodes, programme),
        *_standards(nodes, programme),
        *_development(nodes, programme),
        nodes.note(further.text if further else None),
    )


def is_participation(record: CredentialRecord) -> bool:
    """Whether the learner took part and no more, by any way of saying it."""
    kinds = (record.credential_kind, record.programme.kind)
    return "participation" in (*kinds, record.award.validation_basis)


def is_qualification(programme: Programme) -> bool:
    """Whether a qualification is meant: a qualification standard is named, or the
    level is from a register. ELM gives levels to qualifications only."""
    hko, level = programme.hko, programme.level
    if hko is not None and hko.qualification_standard_code:
        return True
    return level is not None and level.basis == "register"


def has_bare_level(programme: Programme) -> bool:
    """Whether the level may stand as `eqfLevel` and `nqfLevel`.

    A level that somebody recommends or hopes for stays a note, also in a
    qualification: the property would say that it has been assigned.
    """
    level = programme.level
    return (
        level is not None
        and is_qualification(programme)
        and level.basis in ("register", "referenced")
    )


def adopted_as_accreditation(programme: Programme) -> bool:
    """ELM has accreditations of qualifications, not of other programmes."""
    return programme.adoption is not None and is_qualification(programme)


def _kinds(nodes: Nodes) -> Iterator[Node | None]:
    """Which kind of credential it is: ELM's profiles do not tell them apart."""
    record = nodes.record
    kind, own = record.credential_kind, record.programme.kind
    subjects = [(CREDENTIAL_KIND, kind), (PROGRAMME_KIND, own if own != kind else None)]
    for (uri, label), code in subjects:
        if code is not None:
            words = {"en": code.replace("_", " ")}
            yield nodes.note(words, (f"{uri}:{code}", label))


def _quality(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    """The summary, then each measure: of which kind it is, and its own words."""
    quality = programme.quality_assurance
    if quality is None:
        return
    yield nodes.note(quality.summary, QUALITY)
    for measure in quality.types:
        yield nodes.note(measure_in_words(nodes, measure), measure_subject(measure))
        yield nodes.note(measure.text, QUALITY)


def measure_subject(measure: QualityMeasure) -> Subject:
    """What kind of measure it is: `urn:x-mc:quality-measure:external:review:ESG`."""
    named = (measure.scope, measure.kind, measure.framework)
    parts = [quote(part, safe="") for part in named if part]
    label = f"Quality assurance: {measure.kind.replace('_', ' ')}"
    return ":".join([QUALITY_MEASURE, *parts]), label


def measure_in_words(nodes: Nodes, measure: QualityMeasure) -> dict[str, str]:
    """Internal or external, by which framework and body: ELM has no property."""
    framework = measure.framework if measure.framework != "other" else None
    named = QUALITY_FRAMEWORKS.get(framework or "", framework)
    body = measure.body.legal_name if measure.body else {}
    texts = {}
    for language, text in nodes.say(f"quality.{measure.scope}").items():
        by = body.get(language) or next(iter(body.values()), "")
        said = f"{text} ({named})" if named else text
        texts[language] = f"{said}: {by}" if by else said
    return texts


def is_typed(record: CredentialRecord, measure: QualityMeasure) -> bool:
    """Whether a measure becomes an Accreditation (of provider or qualification)."""
    if measure in accrediting_measures(record, "institutional"):
        return True
    return is_qualification(record.programme) and measure in accrediting_measures(
        record, "programme"
    )


def _stacking(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    stacking = programme.stacking
    if stacking is None:
        return
    if stacking.options:
        yield nodes.note(_options(nodes, stacking.options), STACKABILITY)
    if is_qualification(programme):
        for code in stacking.parts:
            yield nodes.note(nodes.everywhere(code), STACK_PART)
        for code in stacking.part_of:
            yield nodes.note(nodes.everywhere(code), STACK_WHOLE)


def _options(nodes: Nodes, options: tuple[str, ...]) -> dict[str, str]:
    words = [nodes.say(f"option.{option}") for option in options]
    return {
        language: f"{heading}: {', '.join(word[language] for word in words)}"
        for language, heading in nodes.say("stackability").items()
    }


def _level(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    level = programme.level
    if level is None:
        yield nodes.note(programme.level_absent_reason, LEVEL_ABSENT)
        return
    # A participation is no qualification, whatever the level of the programme.
    if not has_bare_level(programme) or is_participation(nodes.record):
        yield from _level_in_words(nodes, level)
    yield _basis(nodes, level.basis)
    if level.ehea_cycle:
        yield nodes.note(nodes.everywhere(level.ehea_cycle), EHEA_CYCLE)
    if level.assigned_by:
        yield nodes.note(nodes.primary(level.assigned_by), LEVEL_ASSIGNED_BY)
    yield nodes.note(level.rationale, LEVEL_RATIONALE)


def _basis(nodes: Nodes, basis: str) -> Node | None:
    """On what the level rests; a recommended one has a subject of its own."""
    if basis == "recommended":
        return nodes.note(nodes.say("level.recommended"), LEVEL_BASIS)
    subject = (f"{LEVEL_BASIS[0]}:{basis}", LEVEL_BASIS[1])
    return nodes.note(nodes.say(f"level.basis.{basis}"), subject)


def _level_in_words(nodes: Nodes, level: Level) -> Iterator[Node | None]:
    if level.eqf is not None:
        yield nodes.note(nodes.say("level.eqf", level=str(level.eqf)), LEVEL)
    if level.nqf is not None:
        yield nodes.note(_national(nodes, level.nqf), LEVEL)


def _national(nodes: Nodes, nqf: Nqf) -> dict[str, str]:
    sentences = nodes.say("level.nqf", framework="{framework}", level=nqf.level)
    return {
        language: text.replace("{framework}", abbreviation(nqf.framework, language))
        for language, text in sentences.items()
    }


def _indicative_credits(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    for credit in programme.credits:
        if credit.indicative:
            key = "credit.ects" if credit.system == "ECTS" else "credit.other"
            texts = {
                language: f"{text} ({credit.system} {credit.points})"
                for language, text in nodes.say(key).items()
            }
            yield nodes.note(texts, INDICATIVE_CREDIT)


def _hko(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    for name in HKO_TEXTS:
        subject: Subject = (f"urn:x-hko:{name}", name.replace("_", " "))
        yield nodes.note(getattr(programme.hko, name, None), subject)


def _standards(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    for standard in programme.standards:
        origin = ", ".join(filter(None, (standard.code, standard.register)))
        tail = f" ({origin})" if origin else ""
        texts = {language: text + tail for language, text in standard.title.items()}
        yield nodes.note(texts, (_standard_subject(standard), "Standard"))


def _standard_subject(standard: ProgrammeStandard) -> str:
    """`urn:x-mc:standard:occupational:7412.001:NPK`; so code and register are read."""
    parts = [quote(part or "", safe="") for part in (standard.code, standard.register)]
    return ":".join([STANDARD, standard.kind, *parts]).rstrip(":")


def _development(nodes: Nodes, programme: Programme) -> Iterator[Node | None]:
    for partner in programme.co_developed_by:
        uri, label = DEVELOPER
        subject = (f"{uri}:{partner.kind}" if partner.kind else uri, label)
        yield nodes.note(partner.name, subject)
    if programme.reviewed_on:
        date = nodes.everywhere(programme.reviewed_on.isoformat())
        yield nodes.note(date, REVIEWED_ON)
    evaluation, funding = programme.programme_evaluation, programme.funding
    yield nodes.note(evaluation.method if evaluation else None, PROGRAMME_EVALUATION)
    yield nodes.note(programme.delivery_form, DELIVERY_FORM)
    yield nodes.note(funding.text if funding else None, FUNDING)
    adoption = programme.adoption
    if adoption is not None and not adopted_as_accreditation(programme):
        when = f" ({adoption.date.isoformat()})" if adoption.date else ""
        body = {lang: name + when for lang, name in adoption.body.legal_name.items()}
        yield nodes.note(body, ADOPTION)

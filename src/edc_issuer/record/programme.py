"""What is learnt: a programme with its outcomes, units, assessment and quality."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from edc_issuer.record.fields import (
    AccreditationType,
    Amount,
    CredentialKind,
    Date,
    Exact,
    Flag,
    LangText,
    LanguageTag,
    Maybe,
    Name,
    Number,
    Points,
    Some,
    Whole,
)
from edc_issuer.record.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the learner knows, understands or can do afterwards.

    The first four values of `outcome_source` are those of the definition of
    Serbia. `macro_competence` is the wider competence that the outcome belongs to.
    """

    title: LangText
    code: Maybe[Name] = None
    type: Maybe[Literal["knowledge", "skill", "competence"]] = None
    bloom_level: Maybe[
        Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
    ] = None
    esco: tuple[Name, ...] = ()
    outcome_source: Maybe[
        Literal[
            "qualification_standard_single",
            "qualification_standards_several",
            "outside_qualifications",
            "non_formal_adult_education",
            "emerging_qualification",
        ]
    ] = None
    macro_competence: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class UnitAssessment:
    """The quiz or test at the end of a unit or activity."""

    type: Name
    title: Maybe[LangText] = None
    mode: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class UnitActivity:
    """A step inside a unit."""

    code: Name
    title: Maybe[LangText] = None
    minutes: Maybe[Amount] = None
    outcomes: tuple[Outcome, ...] = ()
    assessment: UnitAssessment | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the programme.

    `hours` counts in units of `Workload.unit_minutes`. `evidence` is the kind of
    evidence that the unit ends with.
    """

    code: Name
    title: LangText
    hours: Maybe[Amount] = None
    minutes: Maybe[Amount] = None
    phase: Maybe[Literal["before_mobility", "during_mobility", "after_mobility"]] = None
    mode: Maybe[Name] = None
    guidance: Maybe[Literal["guided", "self_directed"]] = None
    evidence: Name | None = None
    assessment: UnitAssessment | None = None
    activities: tuple[UnitActivity, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """Points in a credit system, as a decimal string.

    `indicative` points are an estimate: never awarded, never mapped to a credit.
    """

    system: Name
    points: Points
    indicative: Maybe[Flag] = None


@dataclass(frozen=True, slots=True)
class Nqf:
    """A level of a national qualifications framework, in that framework's words."""

    framework: Literal["SI", "HR", "RS", "ME", "BA"]
    level: Name


@dataclass(frozen=True, slots=True)
class Level:
    """The level of the programme and what entitles anybody to state it.

    Only `basis` "referenced" or "register" makes it a level of the qualification;
    `assigned_by` says who set it.
    """

    basis: Literal[
        "referenced",
        "recommended",
        "register",
        "where_possible",
        "where_needed",
        "if_applicable",
    ]
    eqf: Annotated[int, Whole(1, 8)] | None = None
    nqf: Nqf | None = None
    ehea_cycle: Literal["short", "first", "second", "third"] | None = None
    assigned_by: Maybe[Name] = None
    rationale: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class KnowledgeStandard:
    """What the outcomes are assessed against (definition of Slovenia)."""

    code: Maybe[Name] = None
    title: Maybe[LangText] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """How the outcomes are tested.

    `pass_rule`: "points" (the result reaches `pass_points`), "each_part" (every
    part reaches its own, there is no sum) or "pass_fail" (the status alone).
    `outcomes` are codes of the outcomes that it assesses.
    """

    title: LangText
    type: Name
    id: Maybe[Name] = None
    mode: Maybe[Name] = None
    item_count: Maybe[Annotated[int, Whole()]] = None
    max_points: Number | None = None
    pass_points: Number | None = None
    pass_rule: Maybe[Literal["points", "each_part", "pass_fail"]] = None
    supervision: Maybe[
        Literal[
            "unsupervised_no_id",
            "unsupervised_id",
            "supervised_no_id",
            "supervised_online_id",
            "supervised_onsite_id",
        ]
    ] = None
    grading_scheme: Maybe[LangText] = None
    graded_by: Maybe[Name] = None
    languages: tuple[LanguageTag, ...] = ()
    timing: Maybe[
        Literal[
            "before_mobility", "during_mobility", "after_mobility", "end_of_programme"
        ]
    ] = None
    criteria: Maybe[LangText] = None
    standard: Maybe[KnowledgeStandard] = None
    outcomes: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityMeasure:
    """One way in which quality is assured.

    `accreditation_type` only where a named body decided on the provider or the
    programme; monitoring and feedback are text.
    """

    scope: Literal["internal", "external"]
    kind: Name
    framework: Literal["EQAVET", "ESG", "EQF-ANNEX-IV", "other"] | None = None
    text: Maybe[LangText] = None
    body: Maybe[Organisation] = None
    accreditation_type: Maybe[AccreditationType] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Quality:
    """Every measure, and one sentence about them all."""

    types: tuple[QualityMeasure, ...]
    summary: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class RecognisedIn:
    """A qualification or programme into which this one counts."""

    title: LangText
    code: Maybe[Name] = None
    note: Maybe[LangText] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Stacking:
    """How the programme joins with others; `parts`, `part_of` are programme codes."""

    role: Literal["none", "part", "whole"]
    options: tuple[Literal["standalone", "stackable", "integrated"], ...]
    parts: tuple[Name, ...] = ()
    part_of: tuple[Name, ...] = ()
    rule: Maybe[Literal["all_of", "n_of", "credits_at_least"]] = None
    order: Maybe[Literal["any", "sequence"]] = None
    supersedes_parts: Maybe[Literal["no", "optional", "replace"]] = None
    pathway: Literal["open", "elective", "rigid"] | None = None
    recognised_in: tuple[RecognisedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """Size of a set of outcomes in a credit system."""

    system: Name
    points: Points


@dataclass(frozen=True, slots=True)
class Hko:
    """What the register of the Croatian Qualifications Framework (HKO) holds."""

    outcome_set_code: Maybe[Name] = None
    qualification_standard_code: Maybe[Name] = None
    outcome_set_title: Maybe[LangText] = None
    level: Maybe[Name] = None
    volume: Maybe[Volume] = None
    access_conditions: Maybe[LangText] = None
    conditions_acquisition: Maybe[LangText] = None
    conditions_assessment: Maybe[LangText] = None
    assessment_procedure: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class Workload:
    """How much time it takes.

    `hours` is the notional workload in clock hours of 60 minutes. `contact_hours`
    and `Unit.hours` count in units of `unit_minutes`: 45 a teaching hour, 60 a
    clock hour or learning unit.
    """

    hours: Annotated[Decimal, Exact(above=0)] | None
    contact_hours: Number | None = None
    unit_minutes: Maybe[Literal[45, 60]] = None
    basis: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class ProgrammeStandard:
    """An occupational or qualification standard that the programme follows."""

    kind: Literal["occupational", "qualification"]
    title: LangText
    code: Maybe[Name] = None
    register: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class CoDevelopedBy:
    """Who helped to make the programme."""

    name: LangText
    kind: Maybe[
        Literal["employer", "chamber", "social_partner", "provider", "other"]
    ] = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """The decision by which a body adopted the programme."""

    body: Organisation
    date: Maybe[Date] = None


@dataclass(frozen=True, slots=True)
class Register:
    """Where the programme is entered."""

    code: Name
    name: Maybe[Name] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class ProgrammeEvaluation:
    """How the programme itself is evaluated."""

    method: LangText


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays."""

    scheme: Maybe[Literal["voucher", "public", "erasmus", "fee", "other"]] = None
    text: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class FurtherInformation:
    """Where a reader learns more."""

    text: Maybe[LangText] = None
    url: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Programme:
    """What was offered, the same for everyone who takes it.

    `opportunity_type`, `delivery_mode` and `participation_form` (default: the mode
    of delivery) are codes of `vocab`; `delivery_form` says in words how it is
    delivered. `level_absent_reason` says why `level` is None.
    """

    code: Name
    title: LangText
    kind: CredentialKind
    outcomes: Some[Outcome]
    version: Maybe[Name] = None
    description: Maybe[LangText] = None
    opportunity_type: Maybe[Name] = None
    sector: Maybe[Name] = None
    learning_setting: Maybe[Literal["formal", "non_formal"]] = None
    delivery_mode: Maybe[Name] = None
    delivery_form: Maybe[LangText] = None
    participation_form: Maybe[Name] = None
    required_participation: Maybe[Literal["presential", "online", "blended"]] = None
    language_of_instruction: tuple[LanguageTag, ...] = ()
    workload: Maybe[Workload] = None
    credits: tuple[Credit, ...] = ()
    level: Level | None = None
    level_absent_reason: Maybe[LangText] = None
    isced_f: tuple[Name, ...] = ()
    sdg: tuple[Annotated[int, Whole(1, 17)], ...] = ()
    target_group: LangText | None = None
    entry_requirements: LangText | None = None
    units: tuple[Unit, ...] = ()
    assessment: Assessment | None = None
    quality_assurance: Quality | None = None
    stacking: Maybe[Stacking] = None
    standards: tuple[ProgrammeStandard, ...] = ()
    co_developed_by: tuple[CoDevelopedBy, ...] = ()
    reviewed_on: Maybe[Date] = None
    hko: Maybe[Hko] = None
    adoption: Maybe[Adoption] = None
    register: Maybe[Register] = None
    programme_evaluation: Maybe[ProgrammeEvaluation] = None
    funding: Maybe[Funding] = None
    further_information: FurtherInformation | None = None
    homepage: Maybe[Name] = None
    free_of_charge: Maybe[Flag] = None

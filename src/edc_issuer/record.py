"""The neutral record: what a school knows about one award to one learner.

Plain frozen dataclasses. Build them in Python, or read them from JSON with
`CredentialRecord.from_json`, which reports every fault at once with its path.
Field names and meanings are those of the record schema (`edc-issuer schema`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Date = datetime.date
LangText = Mapping[str, str]  # BCP 47 tag to text; Serbian always with its script
AccreditationType = Literal[
    "institutional_license",
    "programme_license",
    "institutional_quality_assurance",
    "programme_quality_assurance",
]


@dataclass(frozen=True, slots=True)
class LegalIdentifier:
    value: str
    country: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    nuts: str | None = None
    atu: str | None = None
    name: LangText | None = None


@dataclass(frozen=True, slots=True)
class Address:
    country: str
    street: str | None = None
    post_code: str | None = None
    locality: str | None = None
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    type: AccreditationType
    title: LangText
    body: Organisation | None = None
    date: Date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    legal_name: LangText
    address: Address
    id: str | None = None
    alt_name: LangText | None = None
    legal_identifier: LegalIdentifier | None = None
    registration: LegalIdentifier | None = None
    tax_identifier: LegalIdentifier | None = None
    email: str | None = None
    homepage: str | None = None
    formal_provider: bool | None = None
    accreditations: tuple[Accreditation, ...] = ()
    deqar_id: str | None = None


@dataclass(frozen=True, slots=True)
class Learner:
    given_name: str
    family_name: str
    internal_id: str | None = None
    date_of_birth: Date | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    country: str | None = None
    national_id: LegalIdentifier | None = None
    subject_did: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    title: LangText
    code: str | None = None
    type: Literal["knowledge", "skill", "competence"] | None = None
    bloom_level: (
        Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
        | None
    ) = None
    esco: tuple[str, ...] = ()
    outcome_source: (
        Literal[
            "qualification_standard_single",
            "qualification_standards_several",
            "outside_qualifications",
            "non_formal_adult_education",
            "emerging_qualification",
        ]
        | None
    ) = None  # first four: definition of Serbia (seed 000); last: proposal of the working groups (seed 000)
    macro_competence: LangText | None = (
        None  # the wider competence that the outcome belongs to (seed 002)
    )


@dataclass(frozen=True, slots=True)
class UnitAssessment:
    type: str
    title: LangText | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class UnitActivity:
    code: str
    title: LangText | None = None
    minutes: Decimal | None = None
    outcomes: tuple[Outcome, ...] = ()
    assessment: UnitAssessment | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    title: LangText
    hours: Decimal | None = None  # in units of workload.unit_minutes
    minutes: Decimal | None = None
    phase: Literal["before_mobility", "during_mobility", "after_mobility"] | None = None
    mode: str | None = None
    guidance: Literal["guided", "self_directed"] | None = None
    evidence: str | None = None  # kind of evidence that the unit ends with
    assessment: UnitAssessment | None = None  # quiz or test at the end of the unit
    activities: tuple[UnitActivity, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    system: str
    points: str
    indicative: bool | None = (
        None  # true: an estimate only; never awarded, never mapped to a credit property
    )


@dataclass(frozen=True, slots=True)
class Nqf:
    framework: Literal["SI", "HR", "RS", "ME", "BA"]
    level: str


@dataclass(frozen=True, slots=True)
class Level:
    basis: Literal[
        "referenced",
        "recommended",
        "register",
        "where_possible",
        "where_needed",
        "if_applicable",
    ]
    eqf: int | None = None
    nqf: Nqf | None = None
    ehea_cycle: Literal["short", "first", "second", "third"] | None = None
    assigned_by: str | None = None  # who set the level
    rationale: LangText | None = None


@dataclass(frozen=True, slots=True)
class KnowledgeStandard:
    code: str | None = None
    title: LangText | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    title: LangText
    type: str
    id: str | None = None
    mode: str | None = None
    item_count: int | None = None
    max_points: Decimal | None = None
    pass_points: Decimal | None = None
    pass_rule: Literal["points", "each_part", "pass_fail"] | None = (
        None  # points: award.result.points >= pass_points; each_part: every part reaches its own pass_points, no sum; pass_fail: status only
    )
    supervision: (
        Literal[
            "unsupervised_no_id",
            "unsupervised_id",
            "supervised_no_id",
            "supervised_online_id",
            "supervised_onsite_id",
        ]
        | None
    ) = None
    grading_scheme: LangText | None = None
    graded_by: str | None = None
    languages: tuple[str, ...] = ()
    timing: (
        Literal[
            "before_mobility", "during_mobility", "after_mobility", "end_of_programme"
        ]
        | None
    ) = None
    criteria: LangText | None = (
        None  # transparent, clearly defined criteria that the outcomes are assessed against
    )
    standard: KnowledgeStandard | None = (
        None  # knowledge standard that the outcomes are assessed against (definition of Slovenia, seed 000)
    )
    outcomes: tuple[str, ...] = ()  # codes of the outcomes that it assesses


@dataclass(frozen=True, slots=True)
class QualityMeasure:
    scope: Literal["internal", "external"]
    kind: str
    framework: Literal["EQAVET", "ESG", "EQF-ANNEX-IV", "other"] | None = None
    text: LangText | None = None
    body: Organisation | None = None
    accreditation_type: AccreditationType | None = (
        None  # only when a named body decided on the provider or programme; monitoring is text
    )
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    types: tuple[QualityMeasure, ...]
    summary: LangText | None = None


@dataclass(frozen=True, slots=True)
class RecognisedIn:
    title: LangText
    code: str | None = None
    note: LangText | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Stacking:
    role: Literal["none", "part", "whole"]
    options: tuple[Literal["standalone", "stackable", "integrated"], ...]
    parts: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    rule: Literal["all_of", "n_of", "credits_at_least"] | None = None
    order: Literal["any", "sequence"] | None = None
    supersedes_parts: Literal["no", "optional", "replace"] | None = None
    pathway: Literal["open", "elective", "rigid"] | None = None
    recognised_in: tuple[RecognisedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    system: str
    points: str


@dataclass(frozen=True, slots=True)
class Hko:
    outcome_set_code: str | None = None
    qualification_standard_code: str | None = None
    outcome_set_title: LangText | None = None
    level: str | None = None
    volume: Volume | None = None
    access_conditions: LangText | None = None
    conditions_acquisition: LangText | None = None
    conditions_assessment: LangText | None = None
    assessment_procedure: LangText | None = None


@dataclass(frozen=True, slots=True)
class Workload:
    hours: Decimal | None = None  # notional workload in clock hours (60 min)
    contact_hours: Decimal | None = None  # in units of unit_minutes
    unit_minutes: Literal[45, 60] | None = (
        None  # length of one hour in contact_hours and units[].hours: 45 teaching hour, 60 clock hour or learning unit
    )
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeStandard:
    kind: Literal["occupational", "qualification"]
    title: LangText
    code: str | None = None
    register: str | None = None


@dataclass(frozen=True, slots=True)
class CoDevelopedBy:
    name: LangText
    kind: (
        Literal["employer", "chamber", "social_partner", "provider", "other"] | None
    ) = None


@dataclass(frozen=True, slots=True)
class Adoption:
    body: Organisation
    date: Date | None = None


@dataclass(frozen=True, slots=True)
class Register:
    code: str
    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeEvaluation:
    method: LangText


@dataclass(frozen=True, slots=True)
class Funding:
    scheme: Literal["voucher", "public", "erasmus", "fee", "other"] | None = None
    text: LangText | None = None


@dataclass(frozen=True, slots=True)
class FurtherInformation:
    text: LangText | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    code: str
    title: LangText
    kind: Literal[
        "micro_credential",
        "stacked_micro_credential",
        "skill_credential",
        "participation",
        "certificate",
        "partial_qualification",
        "qualification",
        "diploma",
        "diploma_supplement",
        "transcript",
    ]
    outcomes: tuple[Outcome, ...]
    version: str | None = None
    description: LangText | None = None
    opportunity_type: str | None = (
        None  # code of vocabularies.json learning_opportunity_type
    )
    sector: str | None = None
    learning_setting: Literal["formal", "non_formal"] | None = None
    delivery_mode: str | None = (
        None  # mode of delivery: code of vocabularies.json learning_mode
    )
    delivery_form: LangText | None = None  # form of delivery in words (BA-HNK 6)
    participation_form: str | None = (
        None  # form of participation of the learner: code of vocabularies.json learning_mode; default delivery_mode
    )
    required_participation: Literal["presential", "online", "blended"] | None = None
    language_of_instruction: tuple[str, ...] = ()
    workload: Workload | None = None
    credits: tuple[Credit, ...] = ()
    level: Level | None = None
    level_absent_reason: LangText | None = (
        None  # why level is null; makes Annex I element 8 not applicable
    )
    isced_f: tuple[str, ...] = ()
    sdg: tuple[int, ...] = ()
    target_group: LangText | None = None
    entry_requirements: LangText | None = None
    units: tuple[Unit, ...] = ()
    assessment: Assessment | None = None
    quality_assurance: Quality | None = None
    stacking: Stacking | None = None
    standards: tuple[ProgrammeStandard, ...] = ()
    co_developed_by: tuple[CoDevelopedBy, ...] = ()
    reviewed_on: Date | None = None
    hko: Hko | None = None
    adoption: Adoption | None = None
    register: Register | None = None
    programme_evaluation: ProgrammeEvaluation | None = None
    funding: Funding | None = None
    further_information: FurtherInformation | None = None
    homepage: str | None = None
    free_of_charge: bool | None = None


@dataclass(frozen=True, slots=True)
class Place:
    country: str
    locality: str | None = None


@dataclass(frozen=True, slots=True)
class PartResult:
    programme_code: str
    points: Decimal
    pass_points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AssessedBy:
    name: str
    role: LangText | None = None
    qualification: LangText | None = None


@dataclass(frozen=True, slots=True)
class Result:
    status: Literal["pass", "fail", "other"]
    points: Decimal | None = None
    grade: LangText | None = None
    date: Date | None = None  # date of the assessment
    part_results: tuple[
        PartResult, ...
    ] = ()  # one entry a part where assessment.pass_rule is each_part
    assessed_by: AssessedBy | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    start: Date | None = None
    end: Date | None = None
    hours_actual: Decimal | None = None
    sending_organisation: Organisation | None = None
    host_organisation: Organisation | None = None
    location: Place | None = None


@dataclass(frozen=True, slots=True)
class Award:
    certificate_number: str
    date_awarded: Date
    date_issued: Date
    valid_from: Date
    validation_basis: Literal[
        "course",
        "validation_of_non_formal",
        "validation_of_informal",
        "validation_of_prior_learning",
        "participation",
    ]
    revision: int | None = None  # default 1; a correction is the next revision
    valid_until: Date | None = None
    place: Place | None = None
    result: Result | None = None
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Part:
    record_id: str
    programme_code: str
    credential_id: str | None = None
    required: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    kind: Literal[
        "portfolio",
        "learning_diary",
        "artefact",
        "test",
        "interview",
        "challenge_award",
        "other",
    ]
    title: LangText | None = None
    url: str | None = None
    date: Date | None = None  # date handed in or awarded


@dataclass(frozen=True, slots=True)
class Attachment:
    type: Literal[
        "transcript_of_records",
        "learning_agreement",
        "certificate_of_training",
        "diploma_supplement",
        "emrex_transcript",
        "letter_of_nomination",
        "other",
    ]
    media_type: str
    title: LangText | None = None
    path: str | None = None  # relative to the record file


@dataclass(frozen=True, slots=True)
class Document:
    path: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Mandate:
    mandator: Organisation
    statement: LangText | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    record_version: Literal["1"]
    record_id: str
    credential_kind: Literal[
        "micro_credential",
        "stacked_micro_credential",
        "skill_credential",
        "participation",
        "certificate",
        "partial_qualification",
        "qualification",
        "diploma",
        "diploma_supplement",
        "transcript",
    ]
    primary_language: str
    languages: tuple[str, ...]
    learner: Learner
    issuer: Organisation
    awarding_bodies: tuple[Organisation, ...]
    programme: Programme
    award: Award
    credential_id: str | None = None
    national_profile: Literal["EU", "SI", "HR", "RS", "ME", "BA-HNK"] | None = None
    project_profile: Literal["S4G"] | None = (
        None  # element list of a project that applies beside the national profile; null or absent: none
    )
    parts: tuple[Part, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    document_status: Literal["record", "certificate", "public_document"] | None = None
    document_series: str | None = None
    document_number: str | None = None
    time_zone: str | None = None  # IANA name; default: the zone of the issuer's country
    mandate: Mandate | None = None  # the issuer seals for the mandator
    pictures: Mapping[str, str] | None = (
        None  # own page picture a language: path relative to the record file
    )
    source_note: str | None = None  # where the values come from; never mapped
    extensions: Mapping[str, Any] | None = (
        None  # free object for what this schema does not know; kept, never mapped, always named in the loss report
    )


@dataclass(frozen=True, slots=True)
class ProgrammeDocument:
    record_version: Literal["1"]
    document_type: Literal["programme"]
    document_id: str
    primary_language: str
    languages: tuple[str, ...]
    programme: Programme
    national_profile: Literal["EU", "SI", "HR", "RS", "ME", "BA-HNK"] | None = None
    project_profile: Literal["S4G"] | None = (
        None  # element list of a project that applies beside the national profile; null or absent: none
    )
    provider: Organisation | None = None  # who offers the programme
    awarding_bodies: tuple[Organisation, ...] = ()
    source_note: str | None = None  # where the values come from; never mapped
    extensions: Mapping[str, Any] | None = (
        None  # free object for what this schema does not know; kept, never mapped, always named in the loss report
    )

"""What one learner was awarded: result, activity, evidence and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from edc_issuer.record.fields import (
    Date,
    Flag,
    LangText,
    Maybe,
    Name,
    Number,
    Whole,
)
from edc_issuer.record.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Place:
    """A town and its country."""

    country: Name
    locality: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class PartResult:
    """The points of one part, where `Assessment.pass_rule` is "each_part"."""

    programme_code: Name
    points: Number
    pass_points: Maybe[Number] = None


@dataclass(frozen=True, slots=True)
class AssessedBy:
    """The person who assessed."""

    name: Name
    role: Maybe[LangText] = None
    qualification: Maybe[LangText] = None


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended; `date` is the day of the assessment."""

    status: Literal["pass", "fail", "other"]
    points: Number | None = None
    grade: Maybe[LangText] = None
    date: Maybe[Date] = None
    part_results: tuple[PartResult, ...] = ()
    assessed_by: Maybe[AssessedBy] = None


@dataclass(frozen=True, slots=True)
class Activity:
    """The learning as it took place: when, where, how long, with whom."""

    start: Maybe[Date] = None
    end: Maybe[Date] = None
    hours_actual: Number | None = None
    sending_organisation: Maybe[Organisation] = None
    host_organisation: Maybe[Organisation] = None
    location: Maybe[Place] = None


@dataclass(frozen=True, slots=True)
class Award:
    """The act of awarding.

    `revision` defaults to 1; a correction is the next one and gets its own
    credential id. Validity runs from the start of `valid_from` to the end of
    `valid_until` in the issuer's time zone.
    """

    certificate_number: Name
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
    revision: Maybe[Annotated[int, Whole(1)]] = None
    valid_until: Date | None = None
    place: Maybe[Place] = None
    result: Result | None = None
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Another record that was brought into a stacked credential."""

    record_id: Name
    programme_code: Name
    credential_id: Maybe[Name] = None
    required: Maybe[Flag] = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the learner made or handed in, and when."""

    kind: Literal[
        "portfolio",
        "learning_diary",
        "artefact",
        "test",
        "interview",
        "challenge_award",
        "other",
    ]
    title: Maybe[LangText] = None
    url: Maybe[Name] = None
    date: Maybe[Date] = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside; `path` is relative to the folder of the files."""

    type: Literal[
        "transcript_of_records",
        "learning_agreement",
        "certificate_of_training",
        "diploma_supplement",
        "emrex_transcript",
        "letter_of_nomination",
        "other",
    ]
    media_type: Name
    title: Maybe[LangText] = None
    path: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file by its path relative to the folder of the files."""

    path: Name
    media_type: Maybe[Name] = None


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what right the issuer seals for the `mandator`."""

    mandator: Organisation
    statement: Maybe[LangText] = None
    document: Maybe[Document] = None

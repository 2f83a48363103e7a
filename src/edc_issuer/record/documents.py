"""The two documents a school hands over: a record, or a programme alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from edc_issuer.record.award import Attachment, Award, Evidence, Mandate, Part
from edc_issuer.record.fields import (
    ByLanguage,
    CredentialKind,
    Id,
    LanguageTag,
    Maybe,
    Name,
    NationalProfile,
    Some,
    Uri,
)
from edc_issuer.record.organisation import Learner, Organisation
from edc_issuer.record.programme import Programme
from edc_issuer.record.reading import READING, read_json, read_mapping
from edc_issuer.record.writing import plain, to_text


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """What a school knows about one award to one learner; the input of `issue`.

    `national_profile` and `project_profile` choose element lists and both apply.
    `time_zone` is an IANA name (default: the zone of the issuer's country).
    `pictures` are own diploma pages, a path by language. `source_note` (`_source`
    in JSON) says where the values come from and is never mapped; `extensions` is
    for what this record has no field for: kept, never mapped, always named in the
    mapping report.

    Built in Python, a record is taken at its word; `from_dict(record.to_dict())`
    checks it as JSON is checked.
    """

    __pydantic_config__: ClassVar[Any] = READING

    record_version: Literal["1"]
    record_id: Id
    credential_kind: CredentialKind
    primary_language: LanguageTag
    languages: Some[LanguageTag]
    learner: Learner
    issuer: Organisation
    awarding_bodies: Some[Organisation]
    programme: Programme
    award: Award
    credential_id: Maybe[Uri] = None
    national_profile: Maybe[NationalProfile] = None
    project_profile: Literal["S4G"] | None = None
    parts: tuple[Part, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    document_status: Maybe[Literal["record", "certificate", "public_document"]] = None
    document_series: Maybe[Name] = None
    document_number: Maybe[Name] = None
    time_zone: Maybe[Name] = None
    mandate: Maybe[Mandate] = None
    pictures: Maybe[Annotated[Mapping[str, str], ByLanguage(0)]] = None
    source_note: Maybe[Name] = None
    extensions: Maybe[Mapping[str, Any]] = None

    @classmethod
    def from_json(cls, data: bytes | str) -> CredentialRecord:
        """Read one JSON text; `RecordError` lists every fault with its path."""
        return read_json(cls, data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CredentialRecord:
        """Read parsed JSON; `RecordError` lists every fault with its path."""
        return read_mapping(cls, data)

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON values; what is absent or empty is left out."""
        return plain(self)

    def to_json(self) -> str:
        """The record as JSON text that `from_json` reads back to an equal record."""
        return to_text(self)


@dataclass(frozen=True, slots=True)
class ProgrammeDocument:
    """A programme before anyone is awarded it; `provider` is who offers it."""

    __pydantic_config__: ClassVar[Any] = READING

    record_version: Literal["1"]
    document_type: Literal["programme"]
    document_id: Id
    primary_language: LanguageTag
    languages: Some[LanguageTag]
    programme: Programme
    national_profile: Maybe[NationalProfile] = None
    project_profile: Literal["S4G"] | None = None
    provider: Maybe[Organisation] = None
    awarding_bodies: tuple[Organisation, ...] = ()
    source_note: Maybe[Name] = None
    extensions: Maybe[Mapping[str, Any]] = None

    @classmethod
    def from_json(cls, data: bytes | str) -> ProgrammeDocument:
        """Read one JSON text; `RecordError` lists every fault with its path."""
        return read_json(cls, data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ProgrammeDocument:
        """Read parsed JSON; `RecordError` lists every fault with its path."""
        return read_mapping(cls, data)

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON values; what is absent or empty is left out."""
        return plain(self)

    def to_json(self) -> str:
        """The document as JSON text that `from_json` reads back to an equal one."""
        return to_text(self)

"""What every data model has in common: record → credential, and what was lost.

Models are pure: pictures, files, ids and times are made before and handed in as
`BuildContext`; what a model cannot express stands in the `MappingReport`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from edc_issuer.errors import Problem

if TYPE_CHECKING:
    from edc_issuer.models.tree import Survey
    from edc_issuer.record import CredentialRecord


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file as bytes, with its media type (`image/png`).

    `text` is the data in base64, which is how a credential holds it: made once, as
    the same page may go into several drafts.
    """

    media_type: str
    data: bytes
    text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", b64encode(self.data).decode("ascii"))


@dataclass(frozen=True, slots=True)
class Twin:
    """The other credential of the same award (decision 18 of docs/decisions).

    `sha256` is the digest, in hexadecimal, of what the other's seal signs; None
    where it is not made yet.
    """

    id: str
    sha256: str | None = None


# What stands in `credentialStatus`: one entry, several, or nothing.
CredentialStatus = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class BuildContext:
    """All that a credential needs and the record does not hold.

    `issuer_id` is the signer's DID for a badge; None keeps the record's own id.
    `pictures` holds the pages of the diploma by language, `files` the attachments
    by the path that the record names. `language` is the one a badge speaks, `twin`
    the other credential of the award. `status` stands in `credentialStatus`, its
    positions reserved before (`status.credential_status`).
    """

    at: datetime
    credential_id: str
    issuer_id: str | None = None
    pictures: Mapping[str, tuple[Media, ...]] = field(default_factory=dict)
    files: Mapping[str, Media] = field(default_factory=dict)
    language: str | None = None
    twin: Twin | None = None
    status: CredentialStatus = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record field and where it went.

    `kind`: "mapped"; "partial" (part of the meaning stays behind); "lost" (the
    model has no place for it, `why` says so).
    """

    path: str  # dotted path in the record, without list indexes
    kind: str
    targets: tuple[str, ...] = ()
    why: str = ""


class MappingReport:
    """Field by field: every value of the record that is present is listed once.

    `fields` may be given as a function: then they are worked out when somebody first
    reads them, since of the ten thousand reports of a batch nobody reads any.
    """

    __slots__ = ("_fields", "model")

    def __init__(
        self,
        model: str,
        fields: Iterable[Mapped] | Callable[[], Iterable[Mapped]] = (),
    ) -> None:
        self.model = model
        self._fields = fields

    @property
    def fields(self) -> tuple[Mapped, ...]:
        """Every present value, in the order of the record."""
        if not isinstance(self._fields, tuple):
            given = self._fields() if callable(self._fields) else self._fields
            self._fields = tuple(given)
        return self._fields

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MappingReport):
            return NotImplemented
        return (self.model, self.fields) == (other.model, other.fields)

    def __hash__(self) -> int:
        return hash((self.model, self.fields))

    def __reduce__(self) -> tuple[Any, ...]:
        return MappingReport, (self.model, self.fields)  # a function cannot travel

    @property
    def losses(self) -> tuple[Mapped, ...]:
        """What this model could not express, whole or in part."""
        return tuple(row for row in self.fields if row.kind != "mapped")


@dataclass(frozen=True, slots=True)
class Built:
    """A credential (plain JSON) and the account of its making."""

    credential: dict[str, Any]
    mapping: MappingReport


@dataclass(frozen=True, slots=True)
class Loss:
    """What the way back from a credential to a record could not bring along.

    `kind`: "lost" and "partial" (the model does not carry this field of a record, or
    not all of it), "assumed" (a record needs the field, the credential does not say
    it, and something stands in its place), "missing" (nothing does: the record is not
    complete), "unread" (the credential says it and a record has no field for it).
    """

    path: str  # in the record, dotted; for "unread" a JSON pointer in the credential
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """A record that was read out of a credential, and the account of the reading.

    The record is taken at its word: it may lack what a school has to say
    (`CredentialRecord.from_dict(record.to_dict())` names that). `files` holds the
    contents of attached files by the paths that the record gives them.
    """

    record: CredentialRecord
    losses: tuple[Loss, ...] = ()
    files: Mapping[str, Media] = field(default_factory=dict, repr=False)


class Model(Protocol):
    """One data model; a row in `models.MODELS`."""

    @property
    def id(self) -> str: ...
    def check(self, record: CredentialRecord) -> Iterator[Problem]:
        """Faults for which no credential of this model can be built."""
        ...

    def build(self, record: CredentialRecord, context: BuildContext) -> Built: ...
    def recognises(self, credential: Mapping[str, Any]) -> bool: ...
    def inspect(
        self, credential: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Iterator[Problem]:
        """Where a credential breaks the rules of its model.

        `survey` is that of the credential, from a caller who has made it already.
        """
        ...

    def read(self, credential: Mapping[str, Any]) -> Read:
        """The way back; `RecordError` where no record can be made of it."""
        ...

"""One of the two files: its record, what its model cannot say, and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.convert import content_of, to_record
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import Unsupported
from edc_issuer.formats import open_any
from edc_issuer.formats.jades import JADES, payload_of
from edc_issuer.models import recognise
from edc_issuer.models.base import Read
from edc_issuer.models.elm.account import rules as edc_rules
from edc_issuer.models.mapping import Rule
from edc_issuer.models.ob3.account import rules_of as badge_rules
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.tree import values
from edc_issuer.record import CredentialRecord

MAX_IDENTITIES = 100  # of one learner in one badge


@dataclass(frozen=True, slots=True)
class Identity:
    """How a badge names its learner: in clear, or as a hash with its salt."""

    type: str
    value: str
    hashed: bool
    salt: str


@dataclass(frozen=True, slots=True)
class Side:
    """One file. `payload` is the digest, in hexadecimal, of what its seal signs.

    `assumed` are fields of the record that the file does not say, `unread` places of
    the file that the record does not hold, `files` digests of what is attached.
    """

    model: str
    credential: Mapping[str, Any] = field(repr=False)
    record: CredentialRecord = field(repr=False)
    rules: Mapping[str, Rule] = field(repr=False)
    payload: str | None = None
    assumed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> Side:
        """Open and read a file; see `compare` for what it raises."""
        credential = content_of(data)
        read, model = to_record(credential), recognise(credential)
        if model is None:
            raise Unsupported("a credential of no model that is known here")
        rules = {rule.path_prefix: rule for rule in _rules(model.id, read.record)}
        return cls(
            model.id,
            credential,
            read.record,
            rules,
            _payload(data),
            assumed=_told(read, "assumed"),
            unread=_told(read, "unread"),
            files={
                path: hashlib.sha256(media.data).hexdigest()
                for path, media in read.files.items()
            },
        )

    @property
    def id(self) -> str | None:
        """The id of the credential."""
        found = self.credential.get("id")
        return found if isinstance(found, str) else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its texts; a badge speaks one."""
        record = self.record
        return record.languages if self.model == "elm" else (record.primary_language,)

    def says(self, path: str) -> bool:
        """Whether the model has a place for a field of such a record.

        By the longest rule that covers the field, which may depend on the record: a
        badge that tells its result in points has no place for a grade.
        """
        while path:
            if path in self.rules:
                return self.rules[path].kind != "lost"
            path = path.rpartition(".")[0]
        return True  # there are rules for every field that a model knows to be there

    def identities(self) -> Iterator[Identity]:
        """How a badge names its learner."""
        for subject in values(self.credential.get("credentialSubject"))[:1]:
            if not isinstance(subject, Mapping):
                continue
            for item in values(subject.get("identifier"))[:MAX_IDENTITIES]:
                found = _identity(item)
                if found is not None:
                    yield found

    def to_json(self) -> dict[str, Any]:
        """Which file it is."""
        return {"model": self.model, "id": self.id, "payload_sha256": self.payload}


def _rules(model: str, record: CredentialRecord) -> tuple[Rule, ...]:
    """Where the fields of such a record go in the model of the file."""
    if model == "elm":
        return edc_rules(record)
    language = record.primary_language
    return badge_rules(record, Voice(language, language))


def _told(read: Read, kind: str) -> tuple[str, ...]:
    return tuple(loss.path for loss in read.losses if loss.kind == kind)


def _identity(item: Any) -> Identity | None:
    if not isinstance(item, Mapping):
        return None
    kind, value = item.get("identityType"), item.get("identityHash")
    salt = item.get("salt")
    if not isinstance(kind, str) or not isinstance(value, str):
        return None
    hashed = item.get("hashed") is True
    return Identity(kind, value, hashed, salt if isinstance(salt, str) else "")


def _payload(data: bytes) -> str | None:
    """The digest of the octets that a seal signs; None for what has no seal."""
    securing, envelope = open_any(data, documents=BUNDLED)
    if securing is not JADES:
        return None
    return hashlib.sha256(payload_of(envelope)).hexdigest()

"""From a credential to a record, and from one model to the other.

The way between two models leads over the record, and each half of it is accounted
for: what the credential said and a record cannot hold, what the other model cannot
say. Nothing here is verified, and what comes out is unsigned: a seal is a statement
of who made the file, and whoever converts it has not made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edc_issuer.documents import BUNDLED
from edc_issuer.draft import Draw, draft
from edc_issuer.errors import ConfigError, Malformed, Problem, RecordError
from edc_issuer.formats import open_any
from edc_issuer.issue import PROFILES, credential_id
from edc_issuer.models import recognise
from edc_issuer.models.base import Loss, Media, Read
from edc_issuer.models.reading import NOWHERE
from edc_issuer.record import CredentialRecord, Organisation
from edc_issuer.record.consistency import contradictions
from edc_issuer.strict_json import loads_object

TARGETS = ("elm", "ob3", "record")
UNSIGNED = (
    "The result is unsigned. The seal or signature of the source, and what it proved, "
    "do not carry over; nothing of the source was verified."
)
_PROFILES = {"elm": PROFILES["edc-jades"], "ob3": PROFILES["ob3-jwt"]}
_NO_COUNTRY = "its country is not known, and the European Learning Model needs one"


@dataclass(frozen=True, slots=True)
class Converted:
    """A record or an unsigned credential, and both halves of the account.

    `left` is what stayed behind on the way to the record, `right` on the way from it;
    `files` are contents of attached files by the paths of the record, `missing` what
    the record lacks before it could be issued.
    """

    target: str  # one of `TARGETS`
    content: Mapping[str, Any] = field(repr=False)
    left: tuple[Loss, ...] = ()
    right: tuple[Loss, ...] = ()
    files: Mapping[str, Media] = field(default_factory=dict, repr=False)
    missing: tuple[Problem, ...] = ()


def content_of(data: bytes) -> dict[str, Any]:
    """What a credential file says, whoever signed it, if anybody did.

    Raises `InputError` for what is no credential file. Nothing is verified.
    """
    securing, envelope = open_any(data, documents=BUNDLED)
    if not envelope.proofs:
        return loads_object(data)
    content = securing.covered(envelope, envelope.proofs[0])
    if not isinstance(content, dict):
        raise Malformed("the signed content is no credential", reason="payload.type")
    return content


def to_record(credential: Mapping[str, Any]) -> Read:
    """The record that a credential of any known model tells, and what was left.

    `RecordError` for a credential of no known model, and for one that tells no award.
    """
    model = recognise(credential)
    if model is None:
        text = "neither a European Digital Credential nor an Open Badge 3.0"
        raise RecordError([Problem("type", "model.unknown", text)])
    return model.read(credential)


def convert(
    source: CredentialRecord | Mapping[str, Any],
    to: str,
    *,
    language: str | None = None,
    files: Path | None = None,
    at: datetime | None = None,
    draw: Draw | None = None,
) -> Converted:
    """A record or credential as a record (`record`) or unsigned credential.

    `language` is that of a badge, `files` the folder of what the record names, `at`
    the moment that is written as issued (default: now), `draw` what makes the pages
    of an EDC. Raises `RecordError` with every reason why it cannot be said in the
    other model, `ConfigError` for a target that is not in `TARGETS`.
    """
    if to not in TARGETS:
        raise ConfigError(f"{to} is no target; choose {', '.join(TARGETS)}")
    was_read = not isinstance(source, CredentialRecord)
    read = Read(source) if isinstance(source, CredentialRecord) else to_record(source)
    if to == "record":
        lacking = incomplete(read.record)
        content = read.record.to_dict()
        return Converted(to, content, read.losses, files=read.files, missing=lacking)
    if not isinstance(source, CredentialRecord):
        _refuse_same(source, to)
    record, dropped = _fitting(read.record, to, read=was_read)
    profile = _PROFILES[to]
    built = draft(
        record,
        profile.model,
        at=at or datetime.now(UTC),
        credential_id=credential_id(record, profile, language=language),
        files=files,
        language=language,
        draw=draw,
    )
    stays = (Loss(row.path, row.kind, row.why) for row in built.mapping.losses)
    return Converted(to, built.credential, read.losses, (*dropped, *stays))


def _refuse_same(credential: Mapping[str, Any], to: str) -> None:
    model = recognise(credential)
    if model is not None and model.id == to:
        raise ConfigError(
            f"this file is of the model {to} already; a conversion would only lose "
            "what it has no field for"
        )


def incomplete(record: CredentialRecord) -> tuple[Problem, ...]:
    """What a record lacks that was read out of a credential, each with its path."""
    found: list[Problem] = []
    try:
        CredentialRecord.from_dict(record.to_dict())
    except RecordError as error:
        found += error.problems
    named = {problem.path for problem in found}
    # What no single field can say is only asked of a record whose fields are sound.
    more = (*contradictions(record), *_unstated(record))
    return (*found, *(problem for problem in more if problem.path not in named))


def _unstated(record: CredentialRecord) -> Iterator[Problem]:
    """Fields that may be empty, and in what a school issues never are."""
    planned = record.programme.assessment
    texts = {
        "learner.given_name": record.learner.given_name or record.learner.family_name,
        "programme.code": record.programme.code,
        "programme.assessment.type": planned.type if planned else "none",
        "award.certificate_number": record.award.certificate_number,
    }
    for path, text in texts.items():
        if not text:
            yield Problem(path, "missing", "is missing")
    for path, org in (
        ("issuer", record.issuer),
        *(("awarding_bodies", body) for body in record.awarding_bodies),
    ):
        if _nowhere(org):
            where = f"{path}.address.country"
            yield Problem(where, "missing", "is missing")


def _fitting(
    record: CredentialRecord, to: str, *, read: bool
) -> tuple[CredentialRecord, tuple[Loss, ...]]:
    """The record without what cannot be built again, and what that was."""
    if to == "ob3":
        return _without_files(record), tuple(_files(record))
    return _with_countries(record) if read else (record, ())


def _without_files(record: CredentialRecord) -> CredentialRecord:
    """A badge carries no files, so nobody has to bring them."""
    mandate = record.mandate and replace(record.mandate, document=None)
    return replace(record, attachments=(), pictures=None, mandate=mandate)


def _files(record: CredentialRecord) -> Iterator[Loss]:
    named = (
        ("attachments", record.attachments),
        ("pictures", record.pictures),
        ("mandate.document", record.mandate and record.mandate.document),
    )
    for path, held in named:
        if held:
            yield Loss(path, "lost", "a badge carries no files")


def _with_countries(
    record: CredentialRecord,
) -> tuple[CredentialRecord, tuple[Loss, ...]]:
    """Without the bodies of which a badge says the name only.

    Who issues and who awards is never left out: those without a country are a
    problem of the record.
    """
    losses: list[Loss] = []
    programme = record.programme
    quality = programme.quality_assurance
    if programme.adoption and _nowhere(programme.adoption.body):
        programme = replace(programme, adoption=None)
        losses.append(Loss("programme.adoption", "lost", _NO_COUNTRY))
    if quality and any(_nowhere(item.body) for item in quality.types):
        types = (
            replace(m, body=None) if _nowhere(m.body) else m for m in quality.types
        )
        measured = replace(quality, types=tuple(types))
        programme = replace(programme, quality_assurance=measured)
        path = "programme.quality_assurance.types.body"
        losses.append(Loss(path, "lost", _NO_COUNTRY))
    bodies = tuple(map(_plain, record.awarding_bodies))
    issuer = _plain(record.issuer)
    if (issuer, bodies) != (record.issuer, record.awarding_bodies):
        losses.append(Loss("issuer.accreditations.body", "lost", _NO_COUNTRY))
    changed = replace(
        record,
        programme=programme,
        issuer=issuer,
        awarding_bodies=bodies,
    )
    return changed, tuple(losses)


def _plain(org: Organisation) -> Organisation:
    """Decisions on an organisation without bodies whose country is not known."""
    return replace(
        org,
        accreditations=tuple(
            replace(item, body=None) if _nowhere(item.body) else item
            for item in org.accreditations
        ),
    )


def _nowhere(org: Organisation | None) -> bool:
    return org is not None and org.address.country == NOWHERE

"""Faults of a record for which no badge can be made."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer import vocab
from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.dates import zone_of
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import CredentialRecord, Programme


def faults_of(record: CredentialRecord) -> Iterator[Problem]:
    """Every fault, with its path in the record."""
    yield from _zone(record)
    yield from _codes(record.programme)
    award = record.award
    if award.valid_until is not None and award.valid_until < award.valid_from:
        text = "the badge would end before it begins"
        yield Problem("award.valid_until", "date.order", text)
    did = record.learner.subject_did
    if did is not None and not is_absolute_uri(did):
        text = "must be a DID, for instance did:key:z6Mk..."
        yield Problem("learner.subject_did", "id.uri", text)
    for part in record.parts:
        if part.credential_id is not None and not is_absolute_uri(part.credential_id):
            text = "must be an absolute URI, for instance urn:uuid:..."
            yield Problem("parts.credential_id", "id.uri", text)


def _zone(record: CredentialRecord) -> Iterator[Problem]:
    try:
        zone_of(record)
    except RecordError as error:
        yield from error.problems


def _codes(programme: Programme) -> Iterator[Problem]:
    for path, list_name, code in _listed(programme):
        if code is None:
            continue
        try:
            vocab.concept(list_name, code)
        except vocab.UnknownConcept as error:
            yield error.problem(f"programme.{path}")


def _listed(programme: Programme) -> Iterator[tuple[str, str, str | None]]:
    """The codes that become alignments: path, list and code."""
    assessment, level = programme.assessment, programme.level
    yield "learning_setting", "learning_setting", programme.learning_setting
    if programme.participation_form:
        yield "participation_form", "learning_mode", programme.participation_form
    else:
        yield "delivery_mode", "learning_mode", programme.delivery_mode
    if assessment is not None:
        yield "assessment.type", "assessment_type", assessment.type
    for code in programme.isced_f:
        yield "isced_f", "isced_f", code
    for credit in programme.credits:
        if not credit.indicative:
            yield "credits.system", "credit_system", credit.system
    if level is not None and level.nqf is not None:
        yield "level.nqf", "nqf", f"{level.nqf.framework}/{level.nqf.level}"

"""Faults of a record for which no badge can be made."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.errors import Problem
from edc_issuer.models.faults import Code, code_faults, esco_faults, zone_faults
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import CredentialRecord, Programme


def faults_of(record: CredentialRecord) -> Iterator[Problem]:
    """Every fault, with its path in the record."""
    yield from zone_faults(record)
    yield from code_faults(_listed(record.programme))
    yield from esco_faults(record.programme)
    award = record.award
    if award.valid_until is not None and award.valid_until < award.valid_from:
        text = "the badge would end before it begins"
        yield Problem("award.valid_until", "date.order", text, {"case": "badge"})
    did = record.learner.subject_did
    if did is not None and not is_absolute_uri(did):
        text = "must be a DID, for instance did:key:z6Mk…"
        yield Problem("learner.subject_did", "id.uri", text, {"case": "did"})
    for part in record.parts:
        if part.credential_id is not None and not is_absolute_uri(part.credential_id):
            text = "must be an absolute URI, for instance urn:uuid:…"
            yield Problem("parts.credential_id", "id.uri", text, {"case": "credential"})


def _listed(programme: Programme) -> Iterator[Code]:
    """The codes that become alignments: path, list and code."""
    assessment, level = programme.assessment, programme.level
    yield "programme.learning_setting", "learning_setting", programme.learning_setting
    form = programme.participation_form
    if form:
        yield "programme.participation_form", "learning_mode", form
    else:
        yield "programme.delivery_mode", "learning_mode", programme.delivery_mode
    if assessment is not None:
        yield "programme.assessment.type", "assessment_type", assessment.type
    for code in programme.isced_f:
        yield "programme.isced_f", "isced_f", code
    for credit in programme.credits:
        if not credit.indicative:
            yield "programme.credits.system", "credit_system", credit.system
    if level is not None and level.nqf is not None:
        yield "programme.level.nqf", "nqf", f"{level.nqf.framework}/{level.nqf.level}"

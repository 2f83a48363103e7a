"""What would make it impossible to build a European Digital Credential."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edc_issuer.errors import Problem
from edc_issuer.models.elm.assessment import SUPERVISION
from edc_issuer.models.elm.organisation import same
from edc_issuer.models.faults import Code, code_faults, esco_faults, zone_faults
from edc_issuer.record import Address, CredentialRecord, Organisation, Programme

Named = tuple[str, Organisation]  # path in the record, organisation
# RFC 3987 leaves these out of every IRI; a processor would drop such an id silently.
_NOT_IN_IRI = r"\s\x00-\x20<>\"{}|\\^`"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:[^{_NOT_IN_IRI}]+")
_MAIL = re.compile(rf"[^@{_NOT_IN_IRI}]+@[^@{_NOT_IN_IRI}]+")


def problems(record: CredentialRecord) -> Iterator[Problem]:
    """Every fault of the record for which no credential can be built."""
    yield from _issuer(record)
    yield from zone_faults(record)
    yield from code_faults(codes(record))
    yield from esco_faults(record.programme)
    yield from _identities(record)
    yield from _addresses(record)
    yield from code_faults(_file_types(record))
    yield from _mandate(record)


def organisations(record: CredentialRecord) -> Iterator[Named]:
    """Every organisation that the record names, with its path."""
    activity, adoption = record.award.activity, record.programme.adoption
    quality = record.programme.quality_assurance
    yield "issuer", record.issuer
    for body in record.awarding_bodies:
        yield "awarding_bodies", body
    if activity and activity.sending_organisation:
        yield "award.activity.sending_organisation", activity.sending_organisation
    if activity and activity.host_organisation:
        yield "award.activity.host_organisation", activity.host_organisation
    if adoption:
        yield "programme.adoption.body", adoption.body
    for measure in quality.types if quality else ():
        if measure.body:
            yield "programme.quality_assurance.types.body", measure.body
    if record.mandate:
        yield "mandate.mandator", record.mandate.mandator


def _issuer(record: CredentialRecord) -> Iterator[Problem]:
    if record.issuer.legal_identifier is None:
        yield Problem(
            "issuer.legal_identifier",
            "elm.issuer-identifier",
            "an EDC names its issuer by the identifier in the seal certificate; "
            "add it, for instance NTRSI-1234567 with country SI",
        )
    if not record.awarding_bodies:
        yield Problem(
            "awarding_bodies",
            "elm.awarding-body",
            "an EDC names who awards; add at least one organisation",
        )


def codes(record: CredentialRecord) -> Iterator[Code]:
    """Every code of a controlled list in the record, with its path and its list."""
    yield from _programme_codes(record.programme)
    award = record.award
    yield from (("languages", "language", tag) for tag in record.languages)
    yield "primary_language", "language", record.primary_language
    for path, org in organisations(record):
        yield from _organisation_codes(path, org)
    if record.learner.address:
        yield "learner.address.country", "country", record.learner.address.country
    if record.learner.national_id:
        country = record.learner.national_id.country
        yield "learner.national_id.country", "country", country
    if award.place:
        yield "award.place.country", "country", award.place.country
    if award.activity and award.activity.location:
        country = award.activity.location.country
        yield "award.activity.location.country", "country", country


def _programme_codes(programme: Programme) -> Iterator[Code]:
    kind = programme.opportunity_type
    yield "programme.opportunity_type", "learning_opportunity_type", kind
    yield "programme.learning_setting", "learning_setting", programme.learning_setting
    yield "programme.delivery_mode", "learning_mode", programme.delivery_mode
    yield "programme.participation_form", "learning_mode", programme.participation_form
    for code in programme.isced_f:
        yield "programme.isced_f", "isced_f", code
    for goal in programme.sdg:
        yield "programme.sdg", "sdg", str(goal)
    for tag in programme.language_of_instruction:
        yield "programme.language_of_instruction", "language", tag
    for credit in programme.credits:
        if not credit.indicative:
            yield "programme.credits.system", "credit_system", credit.system
    for unit in programme.units:
        yield "programme.units.mode", "learning_mode", unit.mode
    yield from _level_codes(programme)
    yield from _assessment_codes(programme)


def _level_codes(programme: Programme) -> Iterator[Code]:
    level = programme.level
    if level and level.eqf is not None:
        yield "programme.level.eqf", "eqf", str(level.eqf)
    if level and level.nqf:
        code = f"{level.nqf.framework}/{level.nqf.level}"
        yield "programme.level.nqf.level", "nqf", code


def _assessment_codes(programme: Programme) -> Iterator[Code]:
    planned = programme.assessment
    if planned is None:
        return
    supervision = planned.supervision and SUPERVISION.get(
        planned.supervision, planned.supervision
    )
    yield "programme.assessment.type", "assessment_type", planned.type
    yield "programme.assessment.mode", "learning_mode", planned.mode
    yield "programme.assessment.supervision", "supervision", supervision
    for tag in planned.languages:
        yield "programme.assessment.languages", "language", tag


def _organisation_codes(path: str, org: Organisation) -> Iterator[Code]:
    yield f"{path}.address.country", "country", org.address.country
    for name in ("legal_identifier", "registration", "tax_identifier"):
        number = getattr(org, name)
        yield f"{path}.{name}.country", "country", number and number.country
    for item in org.accreditations:
        if item.body:
            yield from _organisation_codes(f"{path}.accreditations.body", item.body)


def _identities(record: CredentialRecord) -> Iterator[Problem]:
    """One id, one content: else the two become one node with both contents."""
    seen: dict[str, Organisation] = {}
    for path, org in organisations(record):
        first = seen.setdefault(org.id, org) if org.id else org
        if same(first, org) and first != org:
            yield Problem(
                f"{path}.id",
                "elm.one-id-two-contents",
                "another organisation in the record has this id, but other data; "
                "write both alike, or give them different ids",
            )


def _addresses(record: CredentialRecord) -> Iterator[Problem]:
    for path, value in _iris(record):
        if value and not _IRI.fullmatch(value):
            message = "not a complete address; write it like https://example.org/x"
            yield Problem(path, "elm.not-an-iri", message)
    for path, org in organisations(record):
        yield from _mail(f"{path}.email", org.email)
        yield from _nuts(f"{path}.address", org.address)
    yield from _mail("learner.email", record.learner.email)


def _iris(record: CredentialRecord) -> Iterator[tuple[str, str | None]]:
    programme = record.programme
    more, register = programme.further_information, programme.register
    yield "learner.subject_did", record.learner.subject_did
    yield "programme.homepage", programme.homepage
    yield "programme.further_information.url", more.url if more else None
    yield "programme.register.url", register.url if register else None
    for item in record.evidence:
        yield "evidence.url", item.url
    for path, org in organisations(record):
        yield f"{path}.id", org.id
        yield f"{path}.homepage", org.homepage


def _mail(path: str, address: str | None) -> Iterator[Problem]:
    if address and not _MAIL.fullmatch(address):
        yield Problem(path, "elm.not-an-email", "not an e-mail address")


def _nuts(path: str, address: Address) -> Iterator[Problem]:
    region = address.region
    for name in ("nuts", "atu"):
        code = getattr(region, name, None)
        if code and not re.fullmatch(r"[A-Za-z0-9_-]+", code):
            message = "a code of letters and digits, for instance SI041"
            yield Problem(f"{path}.region.{name}", "elm.unknown-code", message)


def _file_types(record: CredentialRecord) -> Iterator[Code]:
    for item in record.attachments:
        if item.path:
            yield "attachments.media_type", "file_type", item.media_type
    document = record.mandate.document if record.mandate else None
    if document is not None:
        yield "mandate.document.media_type", "file_type", document.media_type


def _mandate(record: CredentialRecord) -> Iterator[Problem]:
    if record.mandate and not record.mandate.statement:
        yield Problem(
            "mandate.statement",
            "elm.mandate-statement",
            "a credential issued by mandate says so in words; add the statement",
        )

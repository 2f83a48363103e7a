"""A European Digital Credential read back into a record.

Our own credentials give back what the account of the mapping calls mapped; those of
others as much as they say in the same places. ELM 3.x, `docs/mapping.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from edc_issuer.models.base import Media, Read
from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.account import rules
from edc_issuer.models.elm.account_back import UNSEEN, UNSEEN_OF_PARTICIPATION
from edc_issuer.models.elm.achievement import VALIDATION
from edc_issuer.models.elm.envelope import DOCUMENT, SERIES
from edc_issuer.models.elm.read_award import (
    activity_of,
    assessment_of,
    evidence_of,
    part_of,
    result_of,
)
from edc_issuer.models.elm.read_files import attachments_of, mandate_of
from edc_issuer.models.elm.read_languages import languages_of, primary_of
from edc_issuer.models.elm.read_notes import NotesRead
from edc_issuer.models.elm.read_organisation import (
    address,
    identifiers,
    legal_identifier,
    mailbox,
    organisation,
    own_id,
    place,
)
from edc_issuer.models.elm.read_programme import KINDS, Claim, programme
from edc_issuer.models.reading import (
    Branch,
    Source,
    losses_of,
    unreadable,
)
from edc_issuer.record import Award, CredentialRecord, Learner, Organisation, Programme

CERTIFICATE = "certificate number"
_STATUSES = ("record", "certificate", "public_document")
_BASES = (
    "validation_of_non_formal",
    "validation_of_informal",
    "validation_of_prior_learning",
)
_ACHIEVED, _TOOK_PART = "LearningAchievement", "LearningActivity"
_SUPPLEMENT = "diploma_supplement"
# How a credential looks and is checked says nothing of an award; the others repeat
# what stands elsewhere.
_FRAME = (
    "credentialSchema",
    "credentialProfiles",
    "credentialStatus",
    "individualDisplay",
    "displayParameter",
    "issuanceDate",
    "issued",
    "expirationDate",
    "awardedBy",
    "creditReceived",
    "fullName",
    "contentEncoding",
    "inScheme",
)


def read(credential: Mapping[str, Any]) -> Read:
    """The record that a credential tells; `RecordError` where it tells no award."""
    source = Source(credential)
    root = source.root
    display = root.branch("displayParameter") or Branch({}, source)
    languages = languages_of(root, display)
    source.language = primary_of(root, display, languages)
    subject = root.branch("credentialSubject")
    node = _claim(subject) if subject else None
    if subject is None or node is None:
        message = "the credential claims nothing that a record can hold"
        raise unreadable("award", message)
    claim, files = _whole(root, node), dict[str, Media]()
    record = _record(root, subject, claim, languages=languages, files=files)
    unseen = (*UNSEEN, *(UNSEEN_OF_PARTICIPATION if claim.participation else ()))
    losses = losses_of(
        (*unseen, *rules(record)), assumed=_assumed(record), source=source
    )
    return Read(record, (*losses, *source.unread(frame=_FRAME)), files)


def _claim(subject: Branch) -> Branch | None:
    """The first achievement that is claimed, else the first activity."""
    claims = subject.branches("hasClaim")
    for wanted in (_ACHIEVED, _TOOK_PART):
        for claim in claims:
            if wanted in claim.types:
                return claim
    return None


def _whole(root: Branch, node: Branch) -> Claim:
    took_part = _ACHIEVED not in node.types
    process = node.branch("awardedBy")
    bodies = process.branches("awardingBody") if process else []
    issuer = root.branch("issuer")
    return Claim(
        node=node,
        spec=node.branch("specifiedBy") or Branch({}, node.source),
        activity=node if took_part else node.branch("influencedBy"),
        participation=took_part,
        providers=(*([issuer] if issuer else []), *bodies),
    )


def _record(
    root: Branch,
    subject: Branch,
    claim: Claim,
    *,
    languages: tuple[str, ...],
    files: dict[str, Media],
) -> CredentialRecord:
    issuer = organisation(root.branch("issuer"))
    if issuer is None:
        raise unreadable("issuer", "the credential does not name its issuer")
    node = claim.node
    bodies = tuple(filter(None, map(organisation, claim.providers[1:])))
    proof = node.branch("provenBy")
    notes, spec_notes = NotesRead.of(node, proof), NotesRead.of(claim.spec)
    kind: Any = _kind(root, claim, spec_notes)
    learnt = programme(
        claim, spec_notes, kind=kind, assessment=assessment_of(proof, notes)
    )
    _confirm_titles(claim, learnt)
    process = node.branch("awardedBy") or Branch({}, node.source)
    valid_from = root.day("validFrom") or root.day("issued")
    awarded = process.day("awardingDate") or valid_from
    if valid_from is None or awarded is None:
        raise unreadable("award.valid_from", "the credential states no day")
    award = Award(
        certificate_number=_certificate(root, node),
        date_awarded=awarded,
        date_issued=_issued(root, awarded),
        valid_from=valid_from,
        validation_basis=_basis(claim, notes),
        valid_until=root.day("validUntil") or root.day("expirationDate"),
        place=place(process.branch("location")),
        result=result_of(node.branches("provenBy"), notes),
        activity=_activity(claim, bodies, learnt.workload),
    )
    numbers = _numbers(root)
    return CredentialRecord(
        record_version="1",
        record_id=root.id or award.certificate_number or "credential",
        credential_kind=kind,
        primary_language=root.source.language,
        languages=languages,
        learner=_learner(subject),
        issuer=issuer,
        awarding_bodies=bodies,
        programme=learnt,
        award=award,
        credential_id=root.id,
        parts=tuple(map(part_of, node.branches("hasPart")))
        if not claim.participation
        else (),
        evidence=evidence_of(proof or node, notes),
        attachments=attachments_of(root, files),
        document_status=numbers.get("status"),  # type: ignore[arg-type]
        document_series=numbers.get("series"),
        document_number=numbers.get("number"),
        mandate=mandate_of(root, files),
    )


def _confirm_titles(claim: Claim, learnt: Programme) -> None:
    """Claim and activity repeat the title of the programme."""
    for node in (claim.node, claim.activity, claim.activity_spec):
        if node is not None:
            node.confirms("title", learnt.title)
            node.confirms("description", learnt.description or {})


def _activity(claim: Claim, bodies: tuple[Organisation, ...], workload: Any) -> Any:
    """None also for a participation of which nothing is said but that it was."""
    found = activity_of(claim.activity, bodies=bodies, workload=workload)
    empty = found is not None and not any(
        getattr(found, name) for name in type(found).__dataclass_fields__
    )
    return None if claim.participation and empty else found


def _kind(root: Branch, claim: Claim, notes: NotesRead) -> str:
    """The kind that a note states; else the least that its form says."""
    for parts, _ in notes.below(say.CREDENTIAL_KIND[0]):
        if parts and parts[0] in KINDS:
            return parts[0]
    why = "no note states it; the least that the form of the claim says"
    root.source.tell("credential_kind", "assumed", why)
    profiles = root.codes("credentialProfiles", "credential_profile")
    if claim.participation:
        return "participation"
    if _SUPPLEMENT in profiles:
        return _SUPPLEMENT
    return "qualification" if "Qualification" in claim.spec.types else "certificate"


def _issued(root: Branch, awarded: date) -> date:
    return root.day("issued") or awarded


def _basis(claim: Claim, notes: NotesRead) -> Any:
    for parts, _ in notes.below(VALIDATION[0]):
        if parts and parts[0] in _BASES:
            return parts[0]
    return "participation" if claim.participation else "course"


def _certificate(root: Branch, claim: Branch) -> str:
    found = identifiers(claim).get(CERTIFICATE) or identifiers(root).get(CERTIFICATE)
    return found or next(iter(identifiers(claim).values()), "")


def _numbers(root: Branch) -> dict[str, str]:
    """What the printed document is, its series and its number."""
    codes = identifiers(root)
    found: dict[str, str] = {}
    for status in (DOCUMENT, *_STATUSES):
        written = codes.get(status.replace("_", " "))
        if not written:
            continue
        series = codes.get(SERIES, "")
        found = {"series": series, "number": written.removeprefix(series).lstrip(" ")}
        if status != DOCUMENT:
            found["status"] = status
    return {name: text for name, text in found.items() if text}


def _learner(subject: Branch) -> Learner:
    contact = subject.branch("contactPoint")
    phone = contact.branch("phone") if contact else None
    given, family = subject.text("givenName"), subject.text("familyName")
    if given is None and family is None:
        given, _, family = (subject.text("fullName") or "").rpartition(" ")
    return Learner(
        given_name=given or "",
        family_name=family or "",
        internal_id=identifiers(subject).get("learner id"),
        date_of_birth=subject.day("dateOfBirth"),
        email=mailbox(contact),
        phone=phone.text("phoneNumber") if phone else None,
        address=address(subject.branch("location")),
        national_id=legal_identifier(subject.branch("nationalID")),
        subject_did=own_id(subject),
    )


def _assumed(record: CredentialRecord) -> Iterator[tuple[str, str]]:
    """What a record needs and no EDC says, and what stands in its place."""
    yield "record_id", "the id of the credential stands in its place"
    yield "credential_id", "the id of this credential"
    yield "award.date_issued", "the day on which it was sealed stands in its place"
    if record.award.validation_basis in ("course", "participation"):
        yield (
            "award.validation_basis",
            "taken for granted unless something else is said",
        )
    if record.award.result is not None:
        yield "award.result.status", "what is awarded was passed"
    if record.programme.stacking is not None:
        yield "programme.stacking.role", "follows from the parts that are named"
    if record.parts:
        yield "parts.record_id", "the id or code of the part stands in its place"
    if record.attachments:
        yield "attachments.type", "other, unless its title says what it is"
        yield "attachments.path", "the files have lost their names"
    if record.mandate and record.mandate.document:
        yield "mandate.document.media_type", "what the content is said to be"

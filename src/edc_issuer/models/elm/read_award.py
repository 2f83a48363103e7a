"""The award read back: the assessment with its result, the activity, the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from edc_issuer.models.elm import assessment as say
from edc_issuer.models.elm.assessment import figures
from edc_issuer.models.elm.read_notes import NotesRead, Texts, everywhere, without_tail
from edc_issuer.models.elm.read_organisation import (
    identifiers,
    organisation,
    own_id,
    page,
    place,
)
from edc_issuer.models.reading import Branch, Source, hours_of, is_said, number_of
from edc_issuer.record import (
    Activity,
    AssessedBy,
    Assessment,
    Evidence,
    KnowledgeStandard,
    Organisation,
    Part,
    PartResult,
    Result,
    Workload,
)

KINDS = (
    "portfolio",
    "learning_diary",
    "artefact",
    "test",
    "interview",
    "challenge_award",
    "other",
)
EVIDENCE = "urn:x-mc:evidence"
_SUPERVISIONS = (
    "unsupervised_no_id",
    "unsupervised_id",
    "supervised_no_id",
    "supervised_online_id",
    "supervised_onsite_id",
)


def assessment_of(proof: Branch | None, notes: NotesRead) -> Assessment | None:
    """How it was tested; None where nothing says so."""
    spec = proof.branch("specifiedBy") if proof else None
    if proof is None or spec is None:
        return None
    planned = NotesRead.of(spec)
    title = spec.texts("title") or proof.texts("title")
    proof.confirms("title", title)
    supervision: Any = _supervision(proof, notes)
    return Assessment(
        title=title,
        type=spec.code("dcType", "assessment_type") or "",
        id=next(iter(identifiers(spec).values()), None),
        mode=spec.code("mode", "learning_mode"),
        max_points=_number(planned, say.MAX_POINTS),
        pass_points=_number(planned, say.PASS_POINTS),
        supervision=supervision,
        grading_scheme=_grading(spec),
        languages=tuple(spec.codes("language", "language")),
        criteria=spec.texts("description") or None,
        standard=_standard(spec, planned),
    )


def result_of(proofs: Sequence[Branch], notes: NotesRead) -> Result | None:
    """What was reached, by the first of `proofs`; `notes` are those beside it.

    A status other than passed is only seen where it is said, in whichever proof.
    """
    if not proofs:
        return None
    proof = proofs[0]
    points = _number(notes, say.POINTS)
    grade = _words(proof.branch("grade"))
    first, *further = _untouched(proofs)
    failed = _says_failed(first) or any(map(_failed, further))
    status: Any = "fail" if failed else "pass"
    if points is None and everywhere(grade) in ("other", "fail"):
        status = everywhere(grade)
    told = is_said(grade, "passed") or everywhere(grade) == status != "pass"
    if points is not None:
        told = everywhere(grade) == figures(points)
    return Result(
        status=status,
        points=points,
        grade=None if told else grade or None,
        date=proof.day("dateIssued"),
        part_results=tuple(filter(None, map(_part_result, proof.branches("hasPart")))),
        assessed_by=_assessor(proof.branch("assessedBy")),
    )


def _untouched(proofs: Sequence[Branch]) -> Iterator[Branch]:
    """The same proofs, of which nothing counts as read by what is asked of these."""
    beside = Source({}, language=proofs[0].source.language)
    beside.by_id = proofs[0].source.by_id
    return (Branch(proof.data, beside) for proof in proofs)


def _says_failed(proof: Branch) -> bool:
    return any(everywhere(_words(node)) == "fail" for node in proof.branches("grade"))


def _failed(proof: Branch) -> bool:
    """Whether a grade says so, or its points are fewer than it takes to pass.

    Of the first proof the record holds the points itself.
    """
    if _says_failed(proof):
        return True
    spec = proof.branch("specifiedBy")
    points = _number(NotesRead.of(proof), say.POINTS)
    needed = _number(NotesRead.of(spec), say.PASS_POINTS)
    return points is not None and needed is not None and points < needed


def evidence_of(carrier: Branch, notes: NotesRead) -> tuple[Evidence, ...]:
    """What the learner made: a note each, and a page with the same title."""
    documents = carrier.branches("supplementaryDocument")
    pages = [(page(item), item.texts("title")) for item in documents]
    found = []
    for parts, text in notes.below(EVIDENCE):
        kind: Any = parts[0] if parts and parts[0] in KINDS else "other"
        index = next((n for n, item in enumerate(pages) if item[1] == text), None)
        url = pages.pop(index)[0] if index is not None else None
        own = {"en": kind.replace("_", " ")}
        found.append(Evidence(kind, title=text if text != own else None, url=url))
    found += [Evidence("other", title=text or None, url=url) for url, text in pages]
    return tuple(found)


def part_of(node: Branch) -> Part:
    """A smaller credential that was brought along, by its code."""
    codes = identifiers(node)
    known = codes.get("credential id") or own_id(node)
    title = node.texts("title")
    code = codes.get("programme code") or next(iter(title.values()), "")
    return Part(
        record_id=known or code or "part", programme_code=code, credential_id=known
    )


def activity_of(
    node: Branch | None, *, bodies: tuple[Organisation, ...], workload: Workload | None
) -> Activity | None:
    """The learning as it took place.

    `bodies` are who awards, and direct it unless somebody else is said to.
    """
    if node is None:
        return None
    directors = tuple(filter(None, map(organisation, node.branches("directedBy"))))
    stay = next(filter(_is_stay, node.branches("hasPart")), None)
    hours = hours_of(node.text("workload"))
    where = stay if stay and node.branch("location") is None else node
    return Activity(
        start=_day(node, "startDate"),
        end=_day(node, "endDate"),
        hours_actual=hours if hours != (workload and workload.hours) else None,
        sending_organisation=directors[0]
        if directors and directors != bodies
        else None,
        host_organisation=organisation(stay.branch("directedBy")) if stay else None,
        location=place(where.branch("location")),
    )


def _is_stay(node: Branch) -> bool:
    return (
        is_said(node.texts("title"), "mobility")
        and node.branch("directedBy") is not None
    )


def _day(node: Branch, key: str) -> Any:
    period = node.branch("temporal")
    return period.day(key) if period else None


def _words(node: Branch | None) -> Texts:
    return node.texts("noteLiteral") if node else {}


def _number(notes: NotesRead, subject: tuple[str, str]) -> Decimal | None:
    text = notes.one(subject[0])
    return number_of(everywhere(text))


def _grading(spec: Branch) -> Texts | None:
    scheme = spec.branch("gradingScheme")
    if scheme:
        scheme.confirms("title", spec.texts("title"))
    return (scheme.texts("description") or None) if scheme else None


def _supervision(proof: Branch, notes: NotesRead) -> str | None:
    """On site or online stands in a note; the concept does not tell."""
    code = proof.code("idVerification", "supervision")
    for parts, _ in notes.below(say.SUPERVISED[0]):
        if parts and parts[0] in _SUPERVISIONS:
            return parts[0]
    known = {"supervised_id": "supervised_onsite_id"}.get(code or "", code)
    return known if known in _SUPERVISIONS else None


def _standard(spec: Branch, notes: NotesRead) -> KnowledgeStandard | None:
    documents = spec.branches("supplementaryDocument")
    url = page(documents[0]) if documents else None
    found = next(iter(notes.below(say.STANDARD[0])), None)
    if found is None:
        title = documents[0].texts("title") if documents else {}
        return KnowledgeStandard(title=title or None, url=url) if url else None
    parts, text = found
    code = parts[0] if parts else None
    if documents:
        documents[0].take("title")  # says the note once more
    title = without_tail(text, f" ({code})" if code else "")
    return KnowledgeStandard(
        code=code,
        title=title if code is None or everywhere(title) != code else None,
        url=url,
    )


def _part_result(node: Branch) -> PartResult | None:
    code = everywhere(node.texts("title"))
    points = number_of(everywhere(_words(node.branch("grade"))))
    if not code or points is None:
        return None
    needed = _number(NotesRead.of(node), say.PASS_POINTS)
    return PartResult(code, points, pass_points=needed)


def _assessor(node: Branch | None) -> AssessedBy | None:
    if node is None:
        return None
    notes = NotesRead.of(node)
    names = node.texts("prefLabel") or node.texts("fullName") or node.texts("legalName")
    if not names:
        return None
    return AssessedBy(
        name=next(iter(names.values())),
        role=notes.one(say.ROLE[0]),
        qualification=notes.one(say.QUALIFICATION[0]),
    )

"""How it was proved: the assessment, its grade, its assessor and its evidence."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

from edc_issuer.models.dates import informative
from edc_issuer.models.elm.nodes import Node, Nodes, present
from edc_issuer.models.elm.notes import is_participation
from edc_issuer.record import (
    AssessedBy,
    Assessment,
    CredentialRecord,
    Evidence,
    PartResult,
    Result,
)

ROLE = ("urn:x-mc:assessor-role", "Role of the assessor")
QUALIFICATION = ("urn:x-mc:assessor-qualification", "Qualification of the assessor")
POINTS = ("urn:x-mc:points", "Points")
MAX_POINTS = ("urn:x-mc:max-points", "Most points that can be reached")
PASS_POINTS = ("urn:x-mc:pass-points", "Points needed to pass")
STANDARD = ("urn:x-mc:assessment-standard", "Knowledge standard")
# The EU list does not tell online from on-site supervision; a note does.
SUPERVISION = {
    "supervised_online_id": "supervised_id",
    "supervised_onsite_id": "supervised_id",
}
SUPERVISED = ("urn:x-mc:supervision", "Supervision during assessment")


def assessment(nodes: Nodes, awarded_by: Node) -> Node | None:
    """The learner's assessment with its grade; None where nothing was assessed."""
    planned, result = nodes.record.programme.assessment, nodes.record.award.result
    if planned is None or result is None:
        return None
    documents, evidence = _evidence(nodes)
    supervision = planned.supervision
    return nodes.make(
        "learningAssessment",
        "LearningAssessment",
        title=dict(planned.title),
        awardedBy=awarded_by,
        assessedBy=_assessor(nodes, result.assessed_by),
        dateIssued=informative(result.date) if result.date else None,
        grade=nodes.note(_grade(nodes, result)),
        idVerification=nodes.concept(
            "supervision", supervision and SUPERVISION.get(supervision, supervision)
        ),
        specifiedBy=assessment_specification(nodes, planned),
        hasPart=[_part(nodes, part, awarded_by) for part in result.part_results],
        supplementaryDocument=documents,
        additionalNote=present(
            _number(nodes, result.points, POINTS),
            _supervised(nodes, supervision),
            *evidence,
        ),
    )


def is_assessed(record: CredentialRecord) -> bool:
    """Whether the credential will carry an assessment."""
    return (
        record.programme.assessment is not None
        and record.award.result is not None
        and not is_participation(record)
    )


def loose_evidence(nodes: Nodes) -> tuple[list[Node], list[Node]]:
    """Documents and notes of evidence where no assessment can carry them."""
    return ([], []) if is_assessed(nodes.record) else _evidence(nodes)


def figures(number: Decimal) -> str:
    """A number as people write it: `92`, `0.5`, never `9.2E+1`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _supervised(nodes: Nodes, supervision: str | None) -> Node | None:
    """On site or online, which Annex I tells apart and the EU list does not."""
    if supervision not in SUPERVISION:
        return None
    subject = (f"{SUPERVISED[0]}:{supervision}", SUPERVISED[1])
    return nodes.note(nodes.say(f"supervision.{supervision}"), subject)


def assessment_specification(nodes: Nodes, planned: Assessment) -> Node:
    """How the outcomes are tested, whoever is tested."""
    standard = planned.standard
    scheme = planned.grading_scheme
    return nodes.make(
        "learningAssessmentSpec",
        "LearningAssessmentSpecification",
        title=dict(planned.title),
        description=dict(planned.criteria) if planned.criteria else None,
        identifier=nodes.identifier("assessment id", planned.id),
        dcType=nodes.concept("assessment_type", planned.type),
        mode=nodes.concept("learning_mode", planned.mode),
        language=nodes.concepts("language", planned.languages),
        gradingScheme=nodes.make(
            "gradingScheme",
            "GradingScheme",
            title=dict(planned.title),
            description=dict(scheme),
        )
        if scheme
        else None,
        supplementaryDocument=present(
            nodes.web(standard.url, standard.title) if standard else None
        ),
        additionalNote=present(
            _number(nodes, planned.max_points, MAX_POINTS),
            _number(nodes, planned.pass_points, PASS_POINTS),
            _standard(nodes, planned),
        ),
    )


def _standard(nodes: Nodes, planned: Assessment) -> Node | None:
    standard = planned.standard
    if standard is None or not (standard.title or standard.code):
        return None
    code = standard.code
    uri = f"{STANDARD[0]}:{quote(code, safe='')}" if code else STANDARD[0]
    if not standard.title:
        return nodes.note(nodes.everywhere(code or ""), (uri, STANDARD[1]))
    tail = f" ({code})" if code else ""
    texts = {language: text + tail for language, text in standard.title.items()}
    return nodes.note(texts, (uri, STANDARD[1]))


def _grade(nodes: Nodes, result: Result) -> dict[str, str]:
    """ELM wants a grade on every assessment: words, else points, else "passed"."""
    if result.grade:
        return dict(result.grade)
    if result.points is not None:
        return nodes.everywhere(figures(result.points))
    if result.status == "pass":
        return nodes.say("passed")
    return nodes.everywhere(result.status)


def _number(
    nodes: Nodes, number: Decimal | None, subject: tuple[str, str]
) -> Node | None:
    if number is None:
        return None
    return nodes.note(nodes.primary(figures(number)), subject)


def _part(nodes: Nodes, part: PartResult, awarded_by: Node) -> Node:
    return nodes.make(
        "learningAssessment",
        "LearningAssessment",
        title=nodes.everywhere(part.programme_code),
        awardedBy=awarded_by,
        grade=nodes.note(nodes.everywhere(figures(part.points))),
        additionalNote=present(_number(nodes, part.pass_points, PASS_POINTS)),
    )


def _assessor(nodes: Nodes, person: AssessedBy | None) -> Node | None:
    if person is None:
        return None
    return nodes.make(
        "agent",
        "Agent",
        prefLabel=nodes.primary(person.name),
        additionalNote=present(
            nodes.note(person.role, ROLE),
            nodes.note(person.qualification, QUALIFICATION),
        ),
    )


def _evidence(nodes: Nodes) -> tuple[list[Node], list[Node]]:
    items = nodes.record.evidence
    return (
        present(*(nodes.web(item.url, _name(item)) for item in items if item.url)),
        present(
            *(
                nodes.note(_name(item), (f"urn:x-mc:evidence:{item.kind}", "Evidence"))
                for item in items
            )
        ),
    )


def _name(item: Evidence) -> dict[str, str]:
    return dict(item.title or {"en": item.kind.replace("_", " ")})

"""What a European Digital Credential says to a receiving school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from edc_issuer.models.elm import notes
from edc_issuer.models.elm.achievement import VALIDATION
from edc_issuer.models.elm.assessment import SUPERVISED
from edc_issuer.models.elm.organisation import PROVIDER_STATUS
from edc_issuer.models.tree import types_of
from edc_issuer.recognition.facts import Quality
from edc_issuer.recognition.levels import Stated, level_facts
from edc_issuer.recognition.look import (
    ROUTES,
    Look,
    hours_of,
    listed,
    once,
    points_of,
)
from edc_issuer.recognition.outcomes import several
from edc_issuer.summary import identifiers

_CLAIM = "credentialSubject.hasClaim"
_SPEC = f"{_CLAIM}.specifiedBy"
_OUTCOME = f"{_SPEC}.learningOutcome"
_SUMMARY = f"{_SPEC}.learningOutcomeSummary"
_PROOF = f"{_CLAIM}.provenBy"
_BODY = f"{_CLAIM}.awardedBy.awardingBody"
_CHECKED = {"unsupervised_id", "supervised_id"}  # concepts with a check of identity


def elm_facts(look: Look) -> dict[str, Any]:
    """The facts by the names of `Recognition`'s fields."""
    return {
        "achievements": look.count(_CLAIM),
        **level_facts(look, _levels(look)),
        **_size(look),
        "outcomes": several(_outcomes(look), stated=look.count(_OUTCOME, _SUMMARY)),
        **_assessment(look),
        "quality": tuple(_quality(look)),
        **_provider(look),
        "route": _route(look),
        "evidence": look.texts(
            f"{_PROOF}.supplementaryDocument.title",
            f"{_CLAIM}.supplementaryDocument.title",
        ),
        "parts": look.texts(f"{_CLAIM}.hasPart[type=LearningAchievement].title"),
    }


def _levels(look: Look) -> Iterator[Stated]:
    for node in look.nodes(f"{_SPEC}.eqfLevel"):
        known = listed(node)
        code = known.code if known else None
        yield Stated("eqf", code, look.concept(node))
    for node in look.nodes(f"{_SPEC}.nqfLevel"):
        known = listed(node)
        yield Stated("nqf", known.code if known else None, look.concept(node))
    for text in _noted(look, notes.LEVEL[0]):
        yield Stated("words", None, text)
    for tail, _ in _below(look, notes.LEVEL_BASIS[0]):
        yield Stated("basis", tail or "recommended", None)
    for text in _noted(look, notes.EHEA_CYCLE[0]):
        yield Stated("cycle", text, text)
    for text in _noted(look, notes.LEVEL_ABSENT[0]):
        yield Stated("absent", None, text)


def _size(look: Look) -> dict[str, Any]:
    volumes = look.values(f"{_SPEC}.volumeOfLearning")
    done = look.values(f"{_CLAIM}.workload", f"{_CLAIM}.influencedBy.workload")
    hours = once(map(hours_of, volumes)) or once(map(hours_of, done))
    points = look.nodes(f"{_CLAIM}.creditReceived", f"{_SPEC}.creditPoint")
    return {
        "hours": hours,
        "credits": once(_credit(look, node) for node in points),
        "indicative_credits": once(_noted(look, notes.INDICATIVE_CREDIT[0])),
    }


def _credit(look: Look, node: Mapping[str, Any]) -> str | None:
    points, system = points_of(node.get("point")), node.get("framework")
    if points is None:
        return None
    if not isinstance(system, Mapping):
        return points
    known, named = listed(system), look.concept(system)
    if known is not None:
        # ECTS is known by its letters; of our own codes the label says more.
        own = None if known.scheme else known.label(look.language)
        named = own or known.code
    return f"{points} {named}" if named else points


def _outcomes(look: Look) -> Iterator[str | None]:
    for node in look.nodes(_OUTCOME):
        yield look.text(node.get("title"))
    for node in look.nodes(_SUMMARY):
        yield look.text(node.get("noteLiteral"))


def _assessment(look: Look) -> dict[str, Any]:
    spec = f"{_PROOF}.specifiedBy"
    concepts = tuple(look.nodes(f"{_PROOF}.idVerification"))
    told = [text for _, text in _below(look, SUPERVISED[0])]
    codes = {known.code for known in map(listed, concepts) if known}
    return {
        "assessments": look.texts(f"{_PROOF}.title"),
        "assessment_types": look.concepts(f"{spec}.dcType"),
        "modes": look.concepts(f"{spec}.mode"),
        "supervision": once(told) or once(map(look.concept, concepts)),
        "identity_checked": bool(codes & _CHECKED) if codes else None,
        "grades": look.texts(f"{_PROOF}.grade.noteLiteral"),
        "criteria": look.texts(
            f"{spec}.description", f"{spec}.gradingScheme.description"
        ),
        "assessors": look.texts(
            f"{_PROOF}.assessedBy.prefLabel", f"{_PROOF}.assessedBy.legalName"
        ),
    }


def _quality(look: Look) -> Iterator[Quality]:
    seen: set[str] = set()
    for node in look.nodes(
        f"{_SPEC}.accreditation", f"{_BODY}.accreditation", "issuer.accreditation"
    ):
        text = look.text(node.get("title"))
        bodies = Look.into(node, look.language).texts("accreditingAgent.legalName")
        if text and text not in seen:
            seen.add(text)
            yield Quality(text, "accreditation", bodies[0] if bodies else None)
    for tail, text in _below(look, notes.QUALITY_MEASURE):
        scope = tail.partition(":")[0]
        if scope in ("internal", "external") and text not in seen:
            seen.add(text)
            yield Quality(text, "external" if scope == "external" else "internal")
    for text in _noted(look, notes.QUALITY[0]):
        if text not in seen:
            seen.add(text)
            yield Quality(text, "statement")


def _provider(look: Look) -> dict[str, Any]:
    bodies = [*look.nodes(_BODY), *look.nodes("issuer")]
    body = bodies[0] if bodies else {}
    setting = [listed(node) for node in look.nodes(f"{_SPEC}.learningSetting")]
    statuses = {
        str(_subject(note)).rpartition(":")[2]
        for note in Look.into(body, look.language).nodes("additionalNote")
        if str(_subject(note)).startswith(f"{PROVIDER_STATUS[0]}:")
    }
    return {
        "provider": look.text(body.get("legalName")) or look.text(body.get("altLabel")),
        "provider_identifiers": once(map(look.text, identifiers(body))),
        "provider_status": _only(statuses, "formal", "not_formal"),
        "setting": _only({c.code for c in setting if c}, "formal", "non_formal"),
    }


def _only(found: set[str], *known: str) -> str | None:
    """The one value; None where the file says nothing, or more than one thing."""
    return next(iter(found)) if len(found) == 1 and found <= {*known} else None


def _route(look: Look) -> str | None:
    claims = list(look.nodes(_CLAIM))
    tails = [tail for tail, _ in _below(look, VALIDATION[0])]
    if tails:
        return tails[0] if ROUTES.fullmatch(tails[0]) else None
    if claims and all("LearningActivity" in types_of(claim) for claim in claims):
        return "participation"
    return "course" if any(claim.get("influencedBy") for claim in claims) else None


def _notes(look: Look) -> Iterator[Mapping[str, Any]]:
    """Notes of the claim, of its specification and of its assessment."""
    return chain(
        look.nodes(f"{_SPEC}.additionalNote"),
        look.nodes(f"{_CLAIM}.additionalNote"),
        look.nodes(f"{_PROOF}.additionalNote"),
    )


def _noted(look: Look, subject: str) -> Iterator[str]:
    """Texts of the notes about exactly this."""
    return (text for tail, text in _below(look, subject) if not tail)


def _below(look: Look, subject: str) -> Iterator[tuple[str, str]]:
    """Notes about this, with what is added to the subject behind a colon."""
    for note in _notes(look):
        about = _subject(note)
        text = look.text(note.get("noteLiteral"))
        if text and (about == subject or about.startswith(f"{subject}:")):
            yield about[len(subject) + 1 :], text


def _subject(note: Mapping[str, Any]) -> str:
    subject = note.get("subject")
    named = subject.get("id") if isinstance(subject, Mapping) else subject
    return named if isinstance(named, str) else ""

"""The award read back from a badge: the learner, the result, parts and evidence."""

from __future__ import annotations

from typing import Any

from edc_issuer.models.ob3.build import TWIN
from edc_issuer.models.ob3.read_alignments import Alignments
from edc_issuer.models.ob3.read_criteria import grading_of, sections_of
from edc_issuer.models.reading import Branch, number_of
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import (
    Assessment,
    Evidence,
    Learner,
    Part,
    PartResult,
    Result,
)

PART = "micro_credential"  # the genre of a part credential
_KINDS = (
    "portfolio",
    "learning_diary",
    "artefact",
    "test",
    "interview",
    "challenge_award",
    "other",
)
_NAMES = ("ext:name", "name")
_MAILS = ("emailAddress",)
_NUMBERS = ("sisSourcedId", "sourcedId", "studentId", "ext:studentId")
_NOT_PASSED = frozenset({"Failed", "Withdrew"})
_SUPERVISIONS = (
    "unsupervised_no_id",
    "unsupervised_id",
    "supervised_no_id",
    "supervised_online_id",
    "supervised_onsite_id",
)


def learner(subject: Branch) -> Learner:
    """Who received the badge, as far as it stands there in clear."""
    clear: dict[str, str] = {}
    for item in subject.branches("identifier"):
        kind, value = item.text("identityType"), item.text("identityHash")
        hashed = item.data.get("hashed") is True
        item.take("hashed")
        item.take("salt")
        if kind and value and not hashed:
            clear.setdefault(kind, value)
    given, family = _names(_first(clear, _NAMES) or "", clear.get("ext:familyName"))
    own = subject.id
    return Learner(
        given_name=given,
        family_name=family,
        internal_id=_first(clear, _NUMBERS),
        email=_first(clear, _MAILS),
        subject_did=own if own and is_absolute_uri(own) else None,
    )


def assessment_of(achievement: Branch, said: Alignments) -> Assessment | None:
    """How it was tested; None where neither a kind nor a paragraph says so."""
    criteria = achievement.branch("criteria")
    sections = sections_of(criteria.text("narrative") if criteria else None)
    kind = said.code("AssessmentType")
    if kind is None and "assessment" not in sections:
        return None
    language = achievement.source.language
    whole = achievement.branch("resultDescription")
    stated = whole.text("name") if whole else None
    title, grading = grading_of(sections.get("assessment"), stated)
    standard = sections.get("criteria")
    supervision: Any = _supervision(said)
    return Assessment(
        title={language: title} if title else {},
        type=kind or "",
        max_points=whole.number("valueMax") if whole else None,
        pass_points=whole.number("requiredValue") if whole else None,
        supervision=supervision,
        grading_scheme={language: grading} if grading else None,
        criteria={language: standard} if standard else None,
    )


def result_of(subject: Branch, achievement: Branch) -> Result | None:
    """What was reached: the whole first, then its parts, each by its description."""
    descriptions = {node.id: node for node in achievement.branches("resultDescription")}
    results = subject.branches("result")
    if not results:
        return None
    whole = results[0]
    about = descriptions.get(whole.text("resultDescription"))
    if about is not None:
        about.confirms("name", achievement.texts_of("name"))
    status: Any = _status(results)
    value = whole.text("value")
    kind = about.text("resultType") if about else None
    points = number_of(value) if kind in ("RawScore", None) else None
    parts = (_part(node, descriptions) for node in results[1:])
    return Result(
        status=status,
        points=points,
        grade={subject.source.language: value} if value and points is None else None,
        part_results=tuple(part for part in parts if part is not None),
    )


def _status(results: list[Branch]) -> str:
    """Passed only where the first result says so and no other one gainsays it."""
    stated = [
        {word for word in node.take("status") if isinstance(word, str)}
        for node in results
    ]
    every = set().union(*stated)
    if every & _NOT_PASSED:
        return "fail"
    return "pass" if stated[0] and every == {"Completed"} else "other"


def parts_and_evidence(root: Branch) -> tuple[tuple[Part, ...], tuple[Evidence, ...]]:
    """What was brought along, and what was made or handed in."""
    parts: list[Part] = []
    pieces: list[Evidence] = []
    for node in root.branches("evidence"):
        genre, name = node.text("genre"), node.text("name")
        url = node.id or node.text("narrative")
        if genre == TWIN:
            node.take("narrative")
            continue
        if genre == PART:
            parts.append(Part(url or name or PART, name or "", credential_id=url))
            continue
        kind: Any = genre if genre in _KINDS else "other"
        title = {root.source.language: name} if name else None
        pieces.append(Evidence(kind, title=title, url=url))
    return tuple(parts), tuple(pieces)


def _names(whole: str, family: str | None) -> tuple[str, str]:
    """Given and family name; the latter is one word unless it is said."""
    if family and whole.endswith(family):
        return whole[: -len(family)].rstrip(" "), family
    given, _, last = whole.rpartition(" ")
    return given, last


def _first(found: dict[str, str], kinds: tuple[str, ...]) -> str | None:
    return next((found[kind] for kind in kinds if kind in found), None)


def _supervision(said: Alignments) -> str | None:
    """On site or online stands in the description; the concept does not tell."""
    for item in said.of("Supervision"):
        form = (item.description or "").removeprefix("form: ")
        if form in _SUPERVISIONS:
            return form
        known = {"supervised_id": "supervised_onsite_id"}
        code = known.get(item.code or "", item.code)
        return code if code in _SUPERVISIONS else None
    return None


def _part(node: Branch, descriptions: dict[str | None, Branch]) -> PartResult | None:
    about = descriptions.get(node.text("resultDescription"))
    points = node.number("value")
    if about is None or points is None:
        return None
    about.take("resultType")
    code = about.text("name") or ""
    return PartResult(code, points, pass_points=about.number("requiredValue"))

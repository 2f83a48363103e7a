"""What an Open Badge says to a receiving school."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.models.texts import table
from edc_issuer.models.tree import values
from edc_issuer.recognition.facts import Quality
from edc_issuer.recognition.levels import COUNTRIES, Stated, level_facts, one
from edc_issuer.recognition.look import ROUTES, Look, hours_of, listed, once, points_of
from edc_issuer.recognition.outcomes import several
from edc_issuer.summary import identifiers
from edc_issuer.vocab import by_uri

_SUBJECT = "credentialSubject"
_ACH = f"{_SUBJECT}.achievement"
_ALIGNMENT = f"{_ACH}.alignment"
_SKILLS = ("ext:LearningOutcome", "ceasn:Competency", "CFItem")
_BASIS = re.compile(r"basis: ([a-z_]{1,40})")
_FORM = re.compile(r"form: ([a-z_]{1,40})")


def badge_facts(look: Look) -> dict[str, Any]:
    """The facts by the names of `Recognition`'s fields."""
    made = _Alignments(look)
    skills = [f"{_ALIGNMENT}[targetType={kind}]" for kind in _SKILLS]
    return {
        "achievements": look.count(_ACH),
        **level_facts(look, made.levels()),
        **_size(look, made),
        "outcomes": several(made.names(*_SKILLS), stated=look.count(*skills)),
        **_assessment(look, made),
        "quality": tuple(_quality(look, made)),
        **_provider(look, made),
        "route": _route(look, made),
        "evidence": look.texts("evidence[genre!=micro_credential].name"),
        "parts": look.texts("evidence[genre=micro_credential].name"),
    }


class _Alignments:
    """The alignments of an achievement, by their type."""

    def __init__(self, look: Look) -> None:
        self.look = look

    def of(self, *kinds: str) -> Iterator[Mapping[str, Any]]:
        """At most `MAX_LOOKED` of each kind, wherever others stand among them."""
        paths = (f"{_ALIGNMENT}[targetType={kind}]" for kind in kinds)
        return self.look.nodes(*paths)

    def names(self, *kinds: str) -> Iterator[str | None]:
        return (self.look.text(node.get("targetName")) for node in self.of(*kinds))

    def levels(self) -> Iterator[Stated]:
        for kind in ("eqf", "nqf"):
            for node in self.of(f"ext:{kind.upper()}Level"):
                name = self.look.text(node.get("targetName"))
                yield Stated(kind, _listed_code(kind, node), name)
                said = _BASIS.match(str(node.get("targetDescription", "")))
                if said:
                    yield Stated("basis", said[1], None)
        for node in self.of("ext:EHEACycle"):
            code = self.look.text(node.get("targetCode"))
            yield Stated("cycle", code, self.look.text(node.get("targetName")))


def _listed_code(kind: str, node: Mapping[str, Any]) -> str | None:
    """The code of the concept that an alignment names by its address."""
    url = node.get("targetUrl")
    known = by_uri(url) if isinstance(url, str) else None
    if known is None:
        return None
    national = known.code.partition("/")[0] in COUNTRIES
    return known.code if kind == "eqf" or national else None


def _size(look: Look, made: _Alignments) -> dict[str, Any]:
    volumes = (n.get("targetCode") for n in made.of("ext:VolumeOfLearning"))
    points = once(made.names("ext:CreditPoint"))
    bare = look.values(f"{_SUBJECT}.creditsEarned", f"{_ACH}.creditsAvailable")
    return {
        "hours": once(map(hours_of, volumes)),
        # A bare number says no system; where an alignment names one, that is it.
        "credits": points or once(map(points_of, bare)),
        "indicative_credits": once(made.names("ext:IndicativeCredit")),
    }


def _assessment(look: Look, made: _Alignments) -> dict[str, Any]:
    supervised = list(made.of("ext:Supervision"))
    results = look.values(f"{_SUBJECT}.result.value")
    statuses = look.values(f"{_SUBJECT}.result.status")
    return {
        "assessments": look.texts(f"{_ACH}.resultDescription.name"),
        "assessment_types": once(made.names("ext:AssessmentType")),
        "supervision": once(_supervision(look, node) for node in supervised),
        "identity_checked": _identity_checked(supervised),
        "grades": once(_result(look, item) for item in (*results, *statuses)),
        "criteria": look.texts(f"{_ACH}.criteria.narrative"),
    }


def _result(look: Look, value: Any) -> str | None:
    return look.text(str(value) if isinstance(value, int | float) else value)


def _supervision(look: Look, node: Mapping[str, Any]) -> str | None:
    form = _FORM.fullmatch(str(node.get("targetDescription", "")))
    key = f"supervision.{form[1]}" if form else ""
    if key in table("credential_texts.json"):
        return one(look, key)
    return (
        look.concept({"id": node.get("targetUrl")})
        if _known(node)
        else look.text(node.get("targetName"))
    )


def _known(node: Mapping[str, Any]) -> bool:
    return listed({"id": node.get("targetUrl")}) is not None


def _identity_checked(nodes: list[Mapping[str, Any]]) -> bool | None:
    concepts = [listed({"id": node.get("targetUrl")}) for node in nodes]
    codes = {known.code for known in concepts if known}
    return bool(codes & {"supervised_id", "unsupervised_id"}) if codes else None


def _quality(look: Look, made: _Alignments) -> Iterator[Quality]:
    seen: set[str] = set()
    for node in made.of("ext:QualityAssurance"):
        text = look.text(node.get("targetName"))
        if not text or text in seen:
            continue
        seen.add(text)
        framework = str(node.get("targetFramework", ""))
        decided = look.text(node.get("targetDescription"))
        if framework == "Accreditation":
            yield Quality(text, "accreditation", decided)
        elif "(external)" in framework:
            yield Quality(_scoped(look, "external", text), "external", decided)
        elif "(internal)" in framework:
            yield Quality(_scoped(look, "internal", text), "internal", decided)
        else:
            yield Quality(text, "statement", decided)


def _scoped(look: Look, scope: str, text: str) -> str:
    return f"{one(look, f'quality.{scope}')}: {text}"


def _provider(look: Look, made: _Alignments) -> dict[str, Any]:
    bodies = [*look.nodes(f"{_ACH}.creator[name]"), *look.nodes("issuer")]
    body = bodies[0] if bodies else {}
    statuses = (
        node
        for node in made.of("ext:ProviderStatus")
        if node.get("targetUrl") == body.get("id")
    )
    settings = made.of("ext:LearningSetting")
    return {
        "provider": look.text(body.get("name")),
        "provider_identifiers": once(map(look.text, identifiers(body))),
        "provider_status": _code(statuses, "formal", "not_formal"),
        "setting": _code(settings, "formal", "non_formal"),
    }


def _code(nodes: Iterator[Mapping[str, Any]], *known: str) -> str | None:
    """The one code of some alignments, among those known."""
    found = {str(node.get("targetCode")) for node in nodes}
    return next(iter(found)) if len(found) == 1 and found <= {*known} else None


def _route(look: Look, made: _Alignments) -> str | None:
    for node in made.of("ext:Validation"):
        if ROUTES.fullmatch(str(node.get("targetCode", ""))):
            return str(node["targetCode"])
    kinds = [
        kind
        for node in look.nodes(_ACH)
        for kind in values(node.get("achievementType"))
    ]
    if "CertificateOfCompletion" in kinds and not any(made.of(*_SKILLS)):
        return "participation"
    dates = look.values(f"{_SUBJECT}.activityStartDate", f"{_SUBJECT}.activityEndDate")
    return "course" if any(dates) else None

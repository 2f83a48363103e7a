"""The programme read back from an achievement and its alignments."""

from __future__ import annotations

from typing import Any

from edc_issuer.models.ob3.alignments import ASSIGNED_BY, HKO_TEXTS
from edc_issuer.models.ob3.read_alignments import Alignments, Said
from edc_issuer.models.ob3.read_criteria import page_of, sections_of
from edc_issuer.models.ob3.read_organisation import ACCREDITATIONS
from edc_issuer.models.reading import (
    NOWHERE,
    Branch,
    hours_of,
    sentences,
)
from edc_issuer.record import (
    Address,
    Assessment,
    Credit,
    Hko,
    Level,
    Nqf,
    Organisation,
    Outcome,
    Programme,
    ProgrammeStandard,
    Quality,
    QualityMeasure,
    RecognisedIn,
    Register,
    Stacking,
    Volume,
    Workload,
)

_BASES = (
    "referenced",
    "recommended",
    "register",
    "where_possible",
    "where_needed",
    "if_applicable",
)
_FRAMEWORKS = {
    "Slovenian": "SI",
    "Croatian": "HR",
    "Serbian": "RS",
    "Montenegrin": "ME",
    "Qualifications": "BA",
}
_QUALITY_FRAMEWORKS = ("EQAVET", "ESG", "EQF-ANNEX-IV", "other")
_OPTIONS = ("standalone", "stackable", "integrated")


def programme(
    node: Branch, said: Alignments, *, kind: Any, assessment: Assessment | None
) -> Programme:
    """The programme that an achievement describes, in the badge's one language."""
    language = node.source.language
    criteria = node.branch("criteria")
    sections = sections_of(criteria.text("narrative") if criteria else None)
    title, description = node.text("name") or "", node.text("description")
    setting: Any = said.code("LearningSetting", ("formal", "non_formal"))
    entry = next((item.name for item in said.of("EntryRequirement")), None)
    goals = (code for code in said.codes("SDG") if code.isdigit() and len(code) < 3)
    return Programme(
        code=node.text("humanCode") or node.id or "",
        title={language: title} if title else {},
        kind=kind,
        outcomes=_outcomes(said, language),
        version=node.text("version"),
        description={language: description}
        if description and description != title
        else None,
        learning_setting=setting,
        delivery_mode=said.code("ParticipationForm"),
        workload=_workload(said),
        credits=_credits(said),
        level=_level(said, language),
        isced_f=tuple(said.codes("ISCEDF")),
        sdg=tuple(number for goal in goals if 1 <= (number := int(goal)) <= 17),
        entry_requirements={language: entry} if entry else None,
        assessment=assessment,
        quality_assurance=_quality(said, language),
        stacking=_stacking(said, language),
        standards=_standards(said, language),
        hko=_hko(said, language),
        register=_register(said),
        homepage=page_of(criteria, sections),
    )


def _outcomes(said: Alignments, language: str) -> tuple[Outcome, ...]:
    """Each outcome, and the skills of ESCO that follow it."""
    found: list[tuple[Said, list[str]]] = []
    for item in said.of("LearningOutcome", "ESCOSkill"):
        if item.kind == "LearningOutcome":
            found.append((item, []))
        elif found and item.url:
            found[-1][1].append(item.url)
    return tuple(_outcome(item, tuple(uris), language) for item, uris in found)


def _outcome(item: Said, esco: tuple[str, ...], language: str) -> Outcome:
    nature: Any = pairs_of(item.description)
    return Outcome(
        title={language: item.name},
        code=item.code,
        type=_one_of(nature.get("type"), ("knowledge", "skill", "competence")),
        bloom_level=_one_of(nature.get("bloom"), _BLOOM),
        esco=esco,
    )


_BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")


def pairs_of(description: str | None) -> dict[str, str]:
    """`type: skill; bloom: apply` as a mapping."""
    pairs = (part.partition(": ") for part in (description or "").split("; "))
    return {name: value for name, _, value in pairs if value}


def _one_of(value: str | None, known: tuple[str, ...]) -> Any:
    return value if value in known else None


def _workload(said: Alignments) -> Workload:
    durations = map(hours_of, said.codes("VolumeOfLearning"))
    return Workload(hours=next(filter(None, durations), None))


def _credits(said: Alignments) -> tuple[Credit, ...]:
    found = []
    for item in said.of("CreditPoint", "IndicativeCredit"):
        system = item.framework.removesuffix(" (indicative)")
        if item.code and system:
            estimate = True if item.kind == "IndicativeCredit" else None
            found.append(Credit(system, item.code, indicative=estimate))
    return tuple(found)


def _level(said: Alignments, language: str) -> Level | None:
    stated = said.of("EQFLevel", "NQFLevel", "EHEACycle")
    if not stated:
        return None
    about = next((item.description for item in stated if item.description), None)
    basis, rationale, by = _basis(about)
    eqf = said.code("EQFLevel", "12345678")
    return Level(
        basis=basis,
        eqf=int(eqf) if eqf else None,
        nqf=next(filter(None, map(_nqf, said.of("NQFLevel"))), None),
        ehea_cycle=_one_of(said.code("EHEACycle"), _CYCLES),
        assigned_by=by,
        rationale={language: rationale} if rationale else None,
    )


_CYCLES = ("short", "first", "second", "third")


def _nqf(item: Said) -> Nqf | None:
    country: Any = _FRAMEWORKS.get(item.framework.partition(" ")[0])
    return Nqf(country, item.code) if country and item.code else None


def _basis(about: str | None) -> tuple[Any, str | None, str | None]:
    """Basis, rationale and who set it, a line each; our own sentence is left out."""
    head, *rest = (about or "").split("\n")
    basis, _, more = head.removeprefix("basis: ").partition(". ")
    if more and more not in sentences("level.recommended").values():
        rest.insert(0, more)
    by = rest.pop()[len(ASSIGNED_BY) :] if rest and _names(rest[-1]) else None
    known = basis if basis in _BASES else "if_applicable"
    return known, "\n".join(rest) or None, by


def _names(line: str) -> bool:
    return line.startswith(ASSIGNED_BY)


def _quality(said: Alignments, language: str) -> Quality | None:
    found = [i for i in said.of("QualityAssurance") if i.framework != "Accreditation"]
    measures = tuple(_measure(item, language) for item in found if item.code)
    summary = next((item.name for item in found if not item.code), None)
    if not measures and not summary:
        return None
    return Quality(types=measures, summary={language: summary} if summary else None)


def _measure(item: Said, language: str) -> QualityMeasure:
    parts = [part for part in (item.description or "").split("; ") if part]
    framework = _taken(parts, _QUALITY_FRAMEWORKS)
    kind = _taken(parts, ACCREDITATIONS)
    body = "; ".join(parts)
    external = item.framework.endswith("(external)")
    return QualityMeasure(
        scope="external" if external else "internal",
        kind=item.code or "other",
        framework=framework,
        text={language: item.name} if item.name != item.code else None,
        body=Organisation({language: body}, Address(NOWHERE)) if body else None,
        accreditation_type=kind,
        url=item.url,
    )


def _taken(parts: list[str], known: tuple[str, ...]) -> Any:
    return parts.pop(0) if parts and parts[0] in known else None


def _stacking(said: Alignments, language: str) -> Stacking | None:
    options: Any = tuple(c for c in said.codes("Stackability") if c in _OPTIONS)
    parts = tuple(said.codes("StackPart"))
    wholes = tuple(said.codes("StackWhole"))
    places = said.of("RecognisedIn")
    if not (options or parts or wholes or places):
        return None
    return Stacking(
        role="whole" if parts else "part" if wholes else "none",
        options=options,
        parts=parts,
        part_of=wholes,
        recognised_in=tuple(
            RecognisedIn(
                title={language: item.name},
                code=item.code,
                note={language: item.description} if item.description else None,
                url=item.url,
            )
            for item in places
        ),
    )


def _standards(said: Alignments, language: str) -> tuple[ProgrammeStandard, ...]:
    return tuple(
        ProgrammeStandard(
            kind="occupational"
            if item.framework.startswith("Occupational")
            else "qualification",
            title={language: item.name},
            code=item.code,
            register=item.description,
        )
        for item in said.of("Standard")
    )


def _register(said: Alignments) -> Register | None:
    for item in said.of("RegisterEntry"):
        if item.code:
            name = item.name if item.name != item.code else None
            return Register(item.code, name=name, url=item.url)
    return None


def _size(description: str | None) -> tuple[str, str]:
    """Level and volume of a set of outcomes: `level: 4.1; volume: CSVET 3`."""
    level, _, volume = f"; {description or ''}".partition("; volume: ")
    return level.removeprefix("; ").removeprefix("level: "), volume


def _hko(said: Alignments, language: str) -> Hko | None:
    found = next(iter(said.of("HkoOutcomeSet")), None)
    level, volume = _size(found.description if found else None)
    system, _, points = volume.rpartition(" ")
    title = found.name if found and found.name not in (found.code, "HKO") else None
    texts: dict[str, Any] = {
        item.code: {language: item.name}
        for item in said.of("HkoText")
        if item.code in HKO_TEXTS
    }
    hko = Hko(
        outcome_set_code=found.code if found else None,
        qualification_standard_code=said.code("HkoQualificationStandard"),
        outcome_set_title={language: title} if title else None,
        level=level or None,
        volume=Volume(system, points) if system and points else None,
        **texts,
    )
    return hko if hko != Hko() else None

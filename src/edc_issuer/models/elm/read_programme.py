"""The programme read back: what specifies the claim, and the notes beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.achievement import MACRO_COMPETENCE, OUTCOME_TYPE
from edc_issuer.models.elm.read_level import level_of
from edc_issuer.models.elm.read_notes import NotesRead, Texts, everywhere
from edc_issuer.models.elm.read_organisation import identifiers, own_id, page
from edc_issuer.models.elm.read_quality import quality_of
from edc_issuer.models.elm.read_register import (
    PROGRAMME_CODE,
    adoption_of,
    hko_of,
    register_of,
    standards_of,
)
from edc_issuer.models.elm.read_stacking import stacking_of
from edc_issuer.models.elm.read_units import teaching_hours, units_of
from edc_issuer.models.reading import Branch, day_of, hours_of
from edc_issuer.record import (
    Assessment,
    CoDevelopedBy,
    Credit,
    Funding,
    FurtherInformation,
    Outcome,
    Programme,
    ProgrammeEvaluation,
    Unit,
    Workload,
)
from edc_issuer.record.fields import CredentialKind

KINDS = get_args(CredentialKind)
_DEVELOPERS = ("employer", "chamber", "social_partner", "provider", "other")


@dataclass(frozen=True, slots=True)
class Claim:
    """What of a credential speaks about the programme.

    `node` is the claim, `spec` what specifies it, `activity` what the learner did
    (the claim itself for a participation), `providers` who may be accredited.
    """

    node: Branch
    spec: Branch
    activity: Branch | None
    participation: bool
    providers: tuple[Branch, ...] = ()

    @property
    def activity_spec(self) -> Branch | None:
        """What specifies the activity."""
        return self.activity.branch("specifiedBy") if self.activity else None


def programme(
    claim: Claim, notes: NotesRead, *, kind: Any, assessment: Assessment | None
) -> Programme:
    """The programme of a claim; outcomes are empty where none are claimed."""
    spec = claim.spec
    codes = identifiers(spec)
    documents = spec.branches("supplementaryDocument")
    pages = [(page(item), item.texts("title")) for item in documents]
    level = level_of(spec, notes)
    delivery = spec.code("mode", "learning_mode")
    units = units_of(claim.activity_spec)
    values: dict[str, Any] = {
        "code": codes.get(PROGRAMME_CODE) or _first(codes) or own_id(spec) or "",
        "title": spec.texts("title") or claim.node.texts("title"),
        "kind": _kind(notes) or kind,
        "outcomes": tuple(map(_outcome, spec.branches("learningOutcome"))),
        "description": spec.texts("description") or None,
        "opportunity_type": spec.code("dcType", "learning_opportunity_type"),
        "sector": spec.text("category"),
        "learning_setting": spec.code("learningSetting", "learning_setting"),
        "delivery_mode": delivery,
        "delivery_form": notes.one(say.DELIVERY_FORM[0]),
        "participation_form": _form(claim, delivery),
        "language_of_instruction": tuple(spec.codes("language", "language")),
        "workload": _workload(claim, units),
        "credits": (*_credits(spec), *_indicative(notes)),
        "level": level,
        "level_absent_reason": None if level else notes.one(say.LEVEL_ABSENT[0]),
        "isced_f": tuple(spec.codes("thematicArea", "isced_f")),
        "sdg": tuple(map(int, spec.codes("educationSubject", "sdg"))),
        "target_group": notes.one(say.TARGET_GROUP[0]),
        "entry_requirements": _words(spec.branch("entryRequirement")),
        "units": units,
        "assessment": assessment,
        "quality_assurance": quality_of(spec, claim.providers, notes, pages),
        "stacking": stacking_of(claim.node, spec, notes),
        "standards": standards_of(notes),
        "co_developed_by": _developers(notes),
        "reviewed_on": day_of(everywhere(notes.one(say.REVIEWED_ON[0]))),
        "hko": hko_of(spec, codes, notes),
        "adoption": adoption_of(spec, notes),
        "register": register_of(spec, codes),
        "programme_evaluation": _evaluation(notes),
        "funding": _funding(notes),
        "homepage": page(spec.branch("homepage")),
    }
    # Last, for what is left without a subject is what it says of itself.
    return Programme(**values, further_information=_further(notes, pages))


def _first(codes: dict[str, str]) -> str | None:
    return next(iter(codes.values()), None)


def _kind(notes: NotesRead) -> str | None:
    parts = [names for names, _ in notes.below(say.PROGRAMME_KIND[0])]
    return next((names[0] for names in parts if names and names[0] in KINDS), None)


def _words(node: Branch | None) -> Texts | None:
    return (node.texts("noteLiteral") or None) if node else None


def _form(claim: Claim, delivery: str | None) -> str | None:
    """How it was taken part in, where that is not how it was delivered."""
    spec = claim.activity_spec
    found = spec.code("mode", "learning_mode") if spec else None
    return found if found != delivery else None


def _outcome(node: Branch) -> Outcome:
    notes = NotesRead.of(node)
    kind: Any = node.code("dcType", "skill_type") or _noted_type(notes)
    skills = node.take("relatedESCOSkill") + node.take("relatedSkill")
    uris = (item if isinstance(item, str) else _uri(item, node) for item in skills)
    return Outcome(
        title=node.texts("title"),
        code=_first(identifiers(node)),
        type=kind,
        esco=tuple(uri for uri in uris if uri),
        macro_competence=notes.one(MACRO_COMPETENCE[0]),
    )


def _noted_type(notes: NotesRead) -> str | None:
    found = [parts for parts, _ in notes.below(OUTCOME_TYPE[0])]
    return "competence" if ("competence",) in found else None


def _uri(item: Any, node: Branch) -> str | None:
    return Branch(item, node.source).id if isinstance(item, dict) else None


def _workload(claim: Claim, units: tuple[Unit, ...]) -> Workload:
    """Hours of it all, and in contact; how long a teaching hour is, units tell."""
    spec = claim.activity_spec
    return Workload(
        hours=hours_of(claim.spec.text("volumeOfLearning")) or None,
        contact_hours=spec.number("contactHour") if spec else None,
        unit_minutes=45 if teaching_hours(units, spec) else None,
    )


def _credits(spec: Branch) -> list[Credit]:
    found = [
        (item.code("framework", "credit_system"), item.text("point"))
        for item in spec.branches("creditPoint")
    ]
    return [Credit(system, points) for system, points in found if system and points]


def _indicative(notes: NotesRead) -> list[Credit]:
    """The system and the points stand in brackets at the end of the sentence."""
    found = []
    for text in notes.about(say.INDICATIVE_CREDIT[0]):
        _, _, tail = next(iter(text.values()), "").rpartition("(")
        system, _, points = tail.removesuffix(")").rpartition(" ")
        if system and points:
            found.append(Credit(system, points, indicative=True))
    return found


def _developers(notes: NotesRead) -> tuple[CoDevelopedBy, ...]:
    found = notes.below(say.DEVELOPER[0])
    return tuple(
        CoDevelopedBy(
            name=text,
            kind=kind[0] if kind and kind[0] in _DEVELOPERS else None,  # type: ignore[arg-type]
        )
        for kind, text in found
    )


def _evaluation(notes: NotesRead) -> ProgrammeEvaluation | None:
    text = notes.one(say.PROGRAMME_EVALUATION[0])
    return ProgrammeEvaluation(text) if text else None


def _funding(notes: NotesRead) -> Funding | None:
    text = notes.one(say.FUNDING[0])
    return Funding(text=text) if text else None


def _further(
    notes: NotesRead, pages: list[tuple[str | None, Texts]]
) -> FurtherInformation | None:
    text = notes.one("")
    url = next((url for url, title in pages if url and not title), None)
    return FurtherInformation(text, url) if text or url else None

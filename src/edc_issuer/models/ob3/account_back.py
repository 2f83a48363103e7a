"""What a badge says and a reader cannot tell apart again: mapped, but in part.

These rules replace those of the fields that they name. Each stands for a case of the
way back (`read`): two kinds of credential with one type, a default that is spelled
out, a text whose parts run together.
"""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.mapping import Rule, lost, partial
from edc_issuer.models.ob3.achievement import TYPES
from edc_issuer.models.ob3.organisations import same
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import CredentialRecord, Programme

_SUBJECT = "credentialSubject"
_ACH = f"{_SUBJECT}.achievement"
_ALIGN = f"{_ACH}.alignment"
_NARRATIVE = f"{_ACH}.criteria.narrative"
_EITHER = "a badge says the same with and without it"
_DEFAULT = "the same as what is taken for granted where it is not said"
# Cases of the rules below that a reader of a badge cannot see.
UNSEEN = (
    partial("credential_kind", f"{_ACH}.achievementType", why="by its parts only"),
    lost("programme.outcomes", "who only took part has reached no outcome"),
    lost("programme.credits", "a participation earns no credits"),
    partial("languages", f"{_ACH}.related", why="a badge speaks one language"),
    partial("primary_language", f"{_ACH}.inLanguage", why="the language of the badge"),
    partial("programme.participation_form", _ALIGN, why=_EITHER),
    lost("programme.delivery_mode", "where another form of participation is said"),
    partial("programme.credits.indicative", _ALIGN, why=_EITHER),
    lost("programme.kind", "the record's credential_kind says the type"),
    lost("programme.quality_assurance.summary", "where measures are named"),
    lost("programme.quality_assurance.types.body", "but for its name"),
    lost("award.result.grade", "where the result is told in points"),
    lost("programme.level", "where only its basis is known"),
    lost("award.validation_basis", "a course is what a badge is understood to attest"),
)


def not_told_apart(record: CredentialRecord, voice: Voice) -> Iterator[Rule]:
    """Rules for one record; most records need few of them."""
    programme = record.programme
    yield from _kinds(record)
    if voice.language != record.primary_language:
        why = "the language of the badge, which is another one"
        yield partial("primary_language", f"{_ACH}.inLanguage", why=why)
    if programme.participation_form is not None:
        yield partial("programme.participation_form", _ALIGN, why=_DEFAULT)
    if any(item.indicative is False for item in programme.credits):
        yield partial("programme.credits.indicative", _ALIGN, why=_DEFAULT)
    hours = programme.workload.hours if programme.workload else None
    if hours is not None and (hours * 3600) % 1:
        why = "rounded to a second"
        yield partial("programme.workload.hours", _ALIGN, why=why)
    if programme.homepage and not is_absolute_uri(programme.homepage):
        why = "not a complete address, so it is a word of the text"
        yield partial("programme.homepage", _NARRATIVE, why=why)
    level = programme.level
    if level and not (level.eqf or level.nqf or level.ehea_cycle):
        yield lost("programme.level", "a badge says on what a stated level rests")
    yield from _organisations(record)
    yield from _texts(programme, voice)


def _kinds(record: CredentialRecord) -> Iterator[Rule]:
    kind, stacking = record.credential_kind, record.programme.stacking
    whole = bool(stacking and stacking.parts)
    if TYPES[kind] == TYPES["micro_credential"] and whole is not kind.startswith("st"):
        target, why = f"{_ACH}.achievementType", "a stacked one is known by its parts"
        yield partial("credential_kind", target, why=why)
        yield partial("programme.kind", target, why=why)
    basis = record.award.validation_basis
    if basis == "participation" and kind != "participation":
        why = "said of the kind of credential only"
        yield lost("award.validation_basis", why)


def _organisations(record: CredentialRecord) -> Iterator[Rule]:
    bodies, issuer = record.awarding_bodies, record.issuer
    if all(body == issuer for body in bodies):
        return
    why = "not said whose decision it is about"
    for path in ("issuer", "awarding_bodies"):
        for name in ("", ".type", ".title", ".date", ".url", ".body.legal_name"):
            yield partial(f"{path}.accreditations{name}", _ALIGN, why=why)
    if any(same(body, issuer) and body != issuer for body in bodies):
        yield partial("awarding_bodies", "issuer", why="as it stands at the issuer")


def _texts(programme: Programme, voice: Voice) -> Iterator[Rule]:
    """Paragraphs of the criteria, which a text with paragraphs of its own divides."""
    planned = programme.assessment
    for name in ("title", "grading_scheme", "criteria"):
        text = voice.text(getattr(planned, name, None)) or ""
        if "\n\n" in text or "–" in text:
            why = "runs together with what stands beside it"
            yield partial(f"programme.assessment.{name}", _NARRATIVE, why=why)

"""What an EDC says and a reader cannot tell apart again: mapped, but in part.

These rules replace those of the fields that they name. Each stands for a case of the
way back (`read`): something that only repeats what stands elsewhere, the script of a
language in a list that knows none, the name of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from edc_issuer.models.elm.account_organisation import (
    CLAIM,
    NOTE,
    SPEC,
    SUBJECT,
    activity_path,
    organisation,
)
from edc_issuer.models.elm.notes import has_bare_level, is_participation, is_typed
from edc_issuer.models.elm.organisation import accrediting_measures
from edc_issuer.models.mapping import Rule, lost, partial
from edc_issuer.record import CredentialRecord, Organisation

_EITHER = "a credential says the same with and without it"
# Cases of the rules below that a reader of a credential cannot see.
UNSEEN: tuple[Rule, ...] = (
    lost("programme.delivery_mode", "where a participation states its form"),
    partial("programme.language_of_instruction", f"{SPEC}.language", why=_EITHER),
    partial("programme.quality_assurance.types.url", SPEC, why="not whose it is"),
    partial("programme.assessment.languages", f"{SPEC}.language", why=_EITHER),
    partial("evidence.url", f"{CLAIM}.supplementaryDocument", why="not whose it is"),
    partial("programme.credits", f"{SPEC}.creditPoint", why="not in which order"),
    partial("learner.country", f"{SUBJECT}.location.address", why="as residence only"),
    partial("programme.participation_form", f"{SPEC}.mode", why=_EITHER),
    partial("programme.credits.indicative", f"{SPEC}.creditPoint", why=_EITHER),
    partial("programme.units.minutes", f"{SPEC}.hasPart", why=_EITHER),
    partial("programme.hko.level", f"{SPEC}.nqfLevel", why=_EITHER),
    partial("programme.hko.volume", f"{SPEC}.creditPoint", why=_EITHER),
    partial("award.activity.hours_actual", f"{CLAIM}.workload", why=_EITHER),
    partial("award.activity.sending_organisation", f"{CLAIM}.directedBy", why=_EITHER),
    lost("programme.quality_assurance.types.body", "one that decided nothing"),
    lost("programme.quality_assurance.types.accreditation_type", "one without a body"),
)
_ORGANISATIONS = (
    "issuer",
    "awarding_bodies",
    "mandate.mandator",
    "award.activity.host_organisation",
    "programme.adoption.body",
)
UNSEEN += tuple(
    lost(f"{path}.accreditations.{name}", "a decision without its body is a note")
    for path in _ORGANISATIONS
    for name in ("date", "url", "body.accreditations.date", "body.accreditations.url")
)
# And those of a participation, which is no qualification.
UNSEEN_OF_PARTICIPATION: tuple[Rule, ...] = tuple(
    lost(path, "a participation is no qualification")
    for path in ("programme.quality_assurance.types.url",)
)
_SECONDS = 3600  # in an hour; a duration in ELM is written to the second
_DEFAULT = "the same as what is taken for granted where it is not said"


def not_told_apart(record: CredentialRecord) -> Iterator[Rule]:
    """Rules for one record; most records need few of them."""
    yield from _people(record)
    yield from _learning(record)
    yield from _evidence(record)
    yield from _pages(record)
    yield from _took_part(record)
    yield from _untyped(record)
    yield from _time(record)
    yield from _hko(record)
    yield from _tongues(record)
    yield from _files(record)
    for path, found in _organisations(record):
        yield from _accreditations(path, found)


def _people(record: CredentialRecord) -> Iterator[Rule]:
    learner = record.learner
    if learner.address and learner.address.country == learner.country:
        target = f"{SUBJECT}.location.address.countryCode"
        yield partial("learner.country", target, why="only as the country of residence")
    statement = (record.mandate and record.mandate.statement) or {}
    if {*statement} - {record.primary_language}:
        why = "one text without its language"
        yield partial("mandate.statement", "evidence.evidenceStatement", why=why)


def _learning(record: CredentialRecord) -> Iterator[Rule]:
    programme = record.programme
    activity = activity_path(record)
    form, delivery = programme.participation_form, programme.delivery_mode
    there = record.award.activity is not None or is_participation(record)
    if form is not None and there and (form == delivery or is_participation(record)):
        target = f"{activity}.specifiedBy.mode"
        yield partial("programme.participation_form", target, why=_DEFAULT)
    yield from _credits(record)
    done = record.award.activity
    if done and (done.sending_organisation,) == record.awarding_bodies:
        path, target = "award.activity.sending_organisation", f"{activity}.directedBy"
        for rule in organisation(path, target, (done.sending_organisation,)):
            why = "the same as who awards"
            yield Rule(rule.path_prefix, "partial", rule.targets or (target,), why)


def _credits(record: CredentialRecord) -> Iterator[Rule]:
    credits, target = record.programme.credits, f"{SPEC}.creditPoint"
    if is_participation(record):
        return
    if _mixed([bool(item.indicative) for item in credits]):
        yield partial("programme.credits", target, why="not in which order")
    if any(item.indicative is False for item in credits):
        yield partial("programme.credits.indicative", target, why=_DEFAULT)


def _evidence(record: CredentialRecord) -> Iterator[Rule]:
    """A page belongs to the evidence of the same title, which may be two."""
    named = [(repr(item.title or item.kind), item.url) for item in record.evidence]
    for title, url in named:
        alike = [other for other in named if other[0] == title]
        if len(alike) > 1 and (title, None) in alike and url is not None:
            target = f"{CLAIM}.supplementaryDocument"
            yield partial("evidence.url", target, why="not which of two alike")


def _pages(record: CredentialRecord) -> Iterator[Rule]:
    """A page belongs to the measure of the same words, which may be two."""
    quality = record.programme.quality_assurance
    words = [
        (repr(item.text or (item.scope, _shown(item.framework))), item.url)
        for item in (quality.types if quality else ())
        if not is_typed(record, item)
    ]
    if any(url and (text, None) in words for text, url in words):
        path = "programme.quality_assurance.types.url"
        target = f"{SPEC}.supplementaryDocument"
        yield partial(path, target, why="not which of two measures alike")


def _took_part(record: CredentialRecord) -> Iterator[Rule]:
    """What only a qualification can say, and a participation is none."""
    if not is_participation(record):
        return
    why = "a participation is no qualification"
    path = "programme.quality_assurance.types"
    quality = record.programme.quality_assurance
    about = accrediting_measures(record, "programme") if quality else []
    for rule in organisation(f"{path}.body", CLAIM, (item.body for item in about)):
        yield lost(rule.path_prefix, why)
    if about:
        for name in ("body", "accreditation_type", "url"):
            yield lost(f"{path}.{name}", why)


def _untyped(record: CredentialRecord) -> Iterator[Rule]:
    quality = record.programme.quality_assurance
    for measure in quality.types if quality else ():
        if measure.body and not is_typed(record, measure):
            path = "programme.quality_assurance.types.body.formal_provider"
            yield lost(path, "of a body that decided nothing a note has the name only")


def _time(record: CredentialRecord) -> Iterator[Rule]:
    programme, done = record.programme, record.award.activity
    workload = programme.workload
    notional = workload.hours if workload else None
    actual = done.hours_actual if done else None
    why = "rounded to a second"
    if notional is not None and not _whole(notional):
        yield partial("programme.workload.hours", f"{SPEC}.volumeOfLearning", why=why)
    target = f"{activity_path(record)}.workload"
    if actual is not None and (actual == notional or not _whole(actual)):
        said = _DEFAULT if actual == notional else why
        yield partial("award.activity.hours_actual", target, why=said)
    part = f"{activity_path(record)}.specifiedBy.hasPart"
    if any(_repeats(unit.hours, unit.minutes) for unit in programme.units):
        why = "not where they only say again how long the hours are"
        yield partial("programme.units.minutes", f"{part}.volumeOfLearning", why=why)


def _hko(record: CredentialRecord) -> Iterator[Rule]:
    """Level and volume of a set of outcomes, where they are the programme's own."""
    programme = record.programme
    hko, level = programme.hko, programme.level
    why = "repeats the programme's own"
    if hko and level and level.nqf and level.nqf.level == hko.level:
        bare = f"{SPEC}.nqfLevel" if has_bare_level(programme) else f"{SPEC}.{NOTE}"
        yield partial("programme.hko.level", bare, why=why)
    volume = hko.volume if hko else None
    if volume and any(
        (item.system, item.points) == (volume.system, volume.points)
        for item in programme.credits
        if not item.indicative
    ):
        yield partial("programme.hko.volume", f"{SPEC}.creditPoint", why=why)


def _tongues(record: CredentialRecord) -> Iterator[Rule]:
    bases = [tag.partition("-")[0] for tag in record.languages]
    if len({*bases}) < len(bases):
        target = "displayParameter.language"
        yield partial("languages", target, why="two scripts stand together")
    why = "the list of languages knows no script and no region"
    if _scripts(record.programme.language_of_instruction):
        path = "programme.language_of_instruction"
        yield partial(path, f"{SPEC}.language", why=why)
    planned = record.programme.assessment
    if planned and record.award.result and _scripts(planned.languages):
        target = f"{CLAIM}.provenBy.specifiedBy.language"
        yield partial("programme.assessment.languages", target, why=why)


def _files(record: CredentialRecord) -> Iterator[Rule]:
    why = "the files, not their names"
    yield partial("pictures", "displayParameter.individualDisplay", why=why)
    yield partial("attachments.path", "attachment.content", why=why)
    yield partial("mandate.document.path", "evidence.embeddedEvidence", why=why)
    if any(not item.path for item in record.attachments):
        for name in ("title", "media_type", "path"):
            yield lost(f"attachments.{name}", "one of them has no file")


def _organisations(
    record: CredentialRecord,
) -> Iterator[tuple[str, tuple[Organisation, ...]]]:
    done = record.award.activity
    yield "issuer", (record.issuer,)
    yield "awarding_bodies", record.awarding_bodies
    if record.mandate:
        yield "mandate.mandator", (record.mandate.mandator,)
    if done and done.sending_organisation:
        yield "award.activity.sending_organisation", (done.sending_organisation,)
    if done and done.host_organisation:
        yield "award.activity.host_organisation", (done.host_organisation,)
    adoption, quality = record.programme.adoption, record.programme.quality_assurance
    if adoption:
        yield "programme.adoption.body", (adoption.body,)
    bodies = tuple(m.body for m in (quality.types if quality else ()) if m.body)
    yield "programme.quality_assurance.types.body", bodies


def _accreditations(path: str, found: Iterable[Organisation]) -> Iterator[Rule]:
    """A decision without its body is a note, which has neither day nor page."""
    where = f"{path}.accreditations"
    for org in found:
        noted = [item for item in org.accreditations if item.body is None]
        for name in ("date", "url"):
            if any(getattr(item, name) for item in noted):
                why = "a decision without its body is a note"
                yield lost(f"{where}.{name}", why)
        if noted and len(noted) < len(org.accreditations):
            why = "not in which order"
            yield partial(where, f"{CLAIM}.awardedBy.awardingBody.{NOTE}", why=why)
        bodies = [item.body for item in org.accreditations if item.body is not None]
        yield from _accreditations(f"{where}.body", bodies) if bodies else ()


def _shown(framework: str | None) -> str | None:
    """Another framework than the known ones has no name to be shown."""
    return None if framework == "other" else framework


def _scripts(tags: Iterable[str]) -> bool:
    return any("-" in tag for tag in tags)


def _whole(hours: Decimal) -> bool:
    return (hours * _SECONDS) % 1 == 0


def _repeats(hours: Decimal | None, minutes: Decimal | None) -> bool:
    return hours is not None and minutes in (hours * 60, hours * 45)


def _mixed(flags: list[bool]) -> bool:
    """Whether what is indicative stands before what is awarded."""
    return flags != sorted(flags)

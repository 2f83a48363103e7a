"""Where each field of a record goes in a badge, and what stays behind.

The table is the mapping's own documentation: one line a field, in the order of the
record. What a badge cannot hold is told, not dropped (decision 16).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.models.base import MappingReport
from edc_issuer.models.mapping import Rule, account, lost, mapped, partial
from edc_issuer.models.ob3.account_back import not_told_apart
from edc_issuer.models.ob3.achievement import credit_number
from edc_issuer.models.ob3.alignments import took_part
from edc_issuer.models.ob3.organisations import same
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.record import CredentialRecord, LangText

SUBJECT = "credentialSubject"
ACH = f"{SUBJECT}.achievement"
ALIGN = f"{ACH}.alignment"
_NO_TEXT = frozenset({"extensions", "pictures"})

_PRIVATE = "personal data that a badge, which travels in public, does not carry"
_ONE_PROFILE = "a badge writes out the issuer and the creator only"
_ONLY_NAME = "of the body that decided a badge says the name only"
_IN_WORDS = "in words for people; it is not read back"
_NO_PLACE = "Open Badges has no place for it"
_ORGANISATION = (
    mapped("id", "{}.id", "{}.otherIdentifier"),
    mapped("legal_name", "{}.name"),
    mapped("legal_identifier", "{}.otherIdentifier"),
    mapped("registration", "{}.otherIdentifier"),
    partial("registration.scheme", "{}.otherIdentifier", why="the register's own name"),
    mapped("tax_identifier", "{}.otherIdentifier"),
    partial("tax_identifier.scheme", "{}.otherIdentifier", why="the scheme's own name"),
    partial("legal_identifier.scheme", "{}.otherIdentifier", why="the scheme's name"),
    mapped("deqar_id", "{}.otherIdentifier"),
    mapped("address", "{}.address"),
    partial("address.region.nuts", "{}.address", why="given only where it has no name"),
    partial("address.region.atu", "{}.address", why="given only where it has no name"),
    mapped("email", "{}.email"),
    mapped("homepage", "{}.url"),
    lost("alt_name", "a profile has one name"),
    mapped("formal_provider", ALIGN),
    mapped("accreditations", ALIGN),
    lost("accreditations.body", _ONLY_NAME),
    mapped("accreditations.body.legal_name", ALIGN),
)
_RECORD = (
    lost("record_version", "says how the record is written, nothing about the award"),
    lost("record_id", "the school's own number; the badge's id is derived from it"),
    lost("credential_id", "names the European Digital Credential; a badge has its own"),
    mapped("credential_kind", f"{ACH}.achievementType"),
    mapped("primary_language", f"{ACH}.inLanguage"),
    partial("languages", f"{ACH}.related", why="a badge speaks one language"),
    lost(
        "national_profile", "guides the checks of the record, is no part of the award"
    ),
    lost("project_profile", "guides the checks of the record, is no part of the award"),
    lost("time_zone", "decides the offset of the validity, is not written itself"),
    lost("mandate", "Open Badges cannot say that one issues for another"),
    lost("pictures", "pages of the European Digital Credential; a badge has no pages"),
    lost("source_note", "a note about the record, never mapped"),
    lost("extensions", "unknown to the record's schema, never mapped"),
    lost("attachments", "a badge carries no files"),
    lost("document_status", _NO_PLACE),
    lost("document_series", _NO_PLACE),
    lost("document_number", _NO_PLACE),
    mapped("parts", "evidence"),
    lost("parts.record_id", "the school's own number of the part"),
    lost("parts.required", _NO_PLACE),
    mapped("evidence", "evidence"),
    lost("evidence.date", "evidence in Open Badges has no date"),
)
_LEARNER = (
    mapped("learner.given_name", f"{SUBJECT}.identifier"),
    mapped("learner.family_name", f"{SUBJECT}.identifier"),
    mapped("learner.subject_did", f"{SUBJECT}.id"),
    partial("learner.email", f"{SUBJECT}.identifier", why="hashed, so that it is kept"),
    partial("learner.internal_id", f"{SUBJECT}.identifier", why="hashed"),
    lost("learner.date_of_birth", _PRIVATE),
    lost("learner.phone", _PRIVATE),
    lost("learner.address", _PRIVATE),
    lost("learner.country", _PRIVATE),
    lost("learner.national_id", _PRIVATE),
)
_PROGRAMME = (
    mapped("code", f"{ACH}.humanCode", f"{ACH}.id"),
    mapped("title", "name", f"{ACH}.name"),
    mapped("version", f"{ACH}.version"),
    mapped("description", "description", f"{ACH}.description"),
    lost("kind", "the record's credential_kind says the type of the achievement"),
    lost("opportunity_type", _NO_PLACE),
    lost("sector", _NO_PLACE),
    mapped("learning_setting", ALIGN),
    partial("delivery_mode", ALIGN, why="stands as the form of participation"),
    mapped("participation_form", ALIGN),
    lost("delivery_form", _NO_PLACE),
    lost("required_participation", _NO_PLACE),
    lost("language_of_instruction", "inLanguage is the language of the badge"),
    lost("workload", _NO_PLACE),
    mapped("workload.hours", ALIGN, f"{ACH}.criteria.narrative"),
    mapped("credits", ALIGN),
    mapped("level", ALIGN),
    partial("level_absent_reason", ALIGN, why=_IN_WORDS),
    mapped("isced_f", ALIGN),
    mapped("sdg", ALIGN, f"{ACH}.tag"),
    lost("target_group", _NO_PLACE),
    mapped("entry_requirements", ALIGN, f"{ACH}.criteria.narrative"),
    mapped("outcomes", ALIGN),
    lost("outcomes.outcome_source", _NO_PLACE),
    lost("outcomes.macro_competence", _NO_PLACE),
    lost("units", "a badge describes the whole, not its units"),
    lost("assessment", _NO_PLACE),
    mapped("assessment.title", f"{ACH}.criteria.narrative", f"{ACH}.resultDescription"),
    mapped("assessment.type", ALIGN),
    mapped("assessment.supervision", ALIGN),
    mapped("assessment.max_points", f"{ACH}.resultDescription"),
    mapped("assessment.pass_points", f"{ACH}.resultDescription"),
    mapped("assessment.grading_scheme", f"{ACH}.criteria.narrative"),
    mapped("assessment.criteria", f"{ACH}.criteria.narrative"),
    mapped("quality_assurance", ALIGN),
    lost("quality_assurance.types.body", _ONLY_NAME),
    mapped("quality_assurance.types.body.legal_name", ALIGN),
    mapped("stacking.options", ALIGN),
    mapped("stacking.parts", ALIGN),
    mapped("stacking.part_of", ALIGN),
    mapped("stacking.recognised_in", ALIGN),
    lost("stacking", _NO_PLACE),
    mapped("standards", ALIGN),
    lost("co_developed_by", _NO_PLACE),
    lost("reviewed_on", _NO_PLACE),
    mapped("hko", ALIGN),
    lost("adoption", _ONLY_NAME),
    partial("adoption.body.legal_name", ALIGN, why=_IN_WORDS),
    partial("adoption.date", ALIGN, why=_IN_WORDS),
    mapped("register", ALIGN),
    partial("programme_evaluation", ALIGN, why=_IN_WORDS),
    lost("funding", _NO_PLACE),
    lost("further_information", _NO_PLACE),
    mapped("homepage", f"{ACH}.criteria.id"),
    lost("free_of_charge", _NO_PLACE),
)
_AWARD = (
    mapped("award.certificate_number", f"{SUBJECT}.licenseNumber"),
    lost("award.revision", "is part of the badge's id"),
    mapped("award.date_awarded", "awardedDate"),
    lost("award.date_issued", "a badge knows the day of award and of validity"),
    mapped("award.valid_from", "validFrom"),
    mapped("award.valid_until", "validUntil"),
    lost("award.place", _NO_PLACE),
    lost("award.validation_basis", "a course is what a badge is understood to attest"),
    mapped("award.result.status", f"{SUBJECT}.result"),
    mapped("award.result.points", f"{SUBJECT}.result"),
    lost("award.result.date", "a result in Open Badges has no date"),
    mapped("award.result.part_results", f"{SUBJECT}.result"),
    lost("award.result.assessed_by", _NO_PLACE),
    mapped("award.activity.start", f"{SUBJECT}.activityStartDate"),
    mapped("award.activity.end", f"{SUBJECT}.activityEndDate"),
    lost("award.activity", _NO_PLACE),
)


def account_of(record: CredentialRecord, voice: Voice) -> MappingReport:
    """Every present field of the record with its place in the badge, or its loss."""
    return account("ob3", record, rules_of(record, voice))


def rules_of(record: CredentialRecord, voice: Voice) -> tuple[Rule, ...]:
    """The rules for one record and language, one a path."""
    rules = {rule.path_prefix: rule for rule in _rules(record)}
    rules |= {rule.path_prefix: rule for rule in not_told_apart(record, voice)}
    for path, texts in texts_of(record):
        spoken = _spoken(path, rules, texts=texts, voice=voice)
        if spoken is not None:
            rules[path] = spoken
    return tuple(rules.values())


def _rules(record: CredentialRecord) -> Iterator[Rule]:
    yield from _RECORD
    yield from _LEARNER
    yield from _AWARD
    yield from (_below("programme", rule) for rule in _PROGRAMME)
    yield from (_below("issuer", rule, at="issuer") for rule in _ORGANISATION)
    yield from _awarding(record)
    yield from _varying(record)


def _awarding(record: CredentialRecord) -> Iterator[Rule]:
    bodies = record.awarding_bodies
    own = bool(bodies) and same(bodies[0], record.issuer)
    where = "issuer" if own else f"{ACH}.creator"
    yield from (_below("awarding_bodies", rule, at=where) for rule in _ORGANISATION)
    if any(not same(body, bodies[0]) for body in bodies[1:]):
        # One field holds several organisations, and only the first is written out.
        why = f"{_ONE_PROFILE}; of others the name, id and legal number"
        for rule in _ORGANISATION:
            below = _below("awarding_bodies", rule, at=where)
            if below.kind == "mapped":
                yield partial(below.path_prefix, *below.targets, ALIGN, why=why)


def _varying(record: CredentialRecord) -> Iterator[Rule]:
    """Fields whose fate depends on another field of the record."""
    award, programme = record.award, record.programme
    if award.date_issued == award.date_awarded:
        yield mapped("award.date_issued", "awardedDate")
    if award.validation_basis == "participation":
        yield mapped("award.validation_basis", f"{ACH}.achievementType")
    elif award.validation_basis != "course":
        yield mapped("award.validation_basis", ALIGN)
    if programme.kind == record.credential_kind:
        yield mapped("programme.kind", f"{ACH}.achievementType")
    if programme.level is not None:
        yield lost("programme.level_absent_reason", "the record has a level")
    if took_part(record):
        why = "who only took part has reached no outcome"
        yield lost("programme.outcomes", why)
    if programme.participation_form in (None, programme.delivery_mode):
        yield mapped("programme.delivery_mode", ALIGN)
    else:
        yield lost("programme.delivery_mode", "only the form of participation is said")
    if credit_number(record) is not None:
        targets = (ALIGN, f"{ACH}.creditsAvailable", f"{SUBJECT}.creditsEarned")
        yield mapped("programme.credits", *targets)
    elif took_part(record) and any(not item.indicative for item in programme.credits):
        yield lost("programme.credits", "a participation earns no credits")
    yield from _varying_result(record)


def _varying_result(record: CredentialRecord) -> Iterator[Rule]:
    result, assessment = record.award.result, record.programme.assessment
    summary = "programme.quality_assurance.summary"
    quality = record.programme.quality_assurance
    if quality is not None and quality.types:
        yield lost(summary, "each measure is named by itself")
    if result is None or result.points is None:
        yield mapped("award.result.grade", f"{SUBJECT}.result")
        if assessment is not None:
            for name in ("max_points", "pass_points"):
                yield lost(f"programme.assessment.{name}", "the result has no points")
    else:
        yield lost("award.result.grade", "the result is told in points")


def _below(prefix: str, rule: Rule, *, at: str = "") -> Rule:
    targets = tuple(target.format(at) for target in rule.targets)
    return Rule(f"{prefix}.{rule.path_prefix}", rule.kind, targets, rule.why)


def _spoken(
    path: str, rules: Mapping[str, Rule], *, texts: list[LangText], voice: Voice
) -> Rule | None:
    """The rule of a text that loses languages, or is shown in another one."""
    rule = _covering(path, rules)
    if rule is None or rule.kind == "lost":
        return None
    shown = {voice.spoken(text) for text in texts}
    behind = sorted({tag for text in texts for tag in text} - {voice.language})
    silent = any(voice.fallen_back(text) for text in texts)
    said = [rule.why] if rule.why else []
    if silent:
        said.append(f"missing in {voice.language}, shown in {', '.join(sorted(shown))}")
    if set(behind) - shown:
        said.append(f"stays behind: {', '.join(sorted(set(behind) - shown))}")
    return partial(path, *rule.targets, why="; ".join(said)) if said else None


def _covering(path: str, rules: Mapping[str, Rule]) -> Rule | None:
    while path:
        if path in rules:
            return rules[path]
        path = path.rpartition(".")[0]
    return None


def texts_of(value: Any, path: str = "") -> Iterator[tuple[str, list[LangText]]]:
    """All texts of a record by their path."""
    found: dict[str, list[LangText]] = {}
    pending: list[tuple[str, Any]] = [(path, value)]
    while pending:
        here, item = pending.pop()
        if isinstance(item, tuple):
            pending.extend((here, member) for member in item)
        elif isinstance(item, Mapping):
            if here not in _NO_TEXT and item:
                found.setdefault(here, []).append(item)
        elif item is not None:
            pending.extend(
                (f"{here}.{name}" if here else name, getattr(item, name))
                for name in getattr(item, "__dataclass_fields__", ())
                if not name.startswith("__")  # a setting of the class, no field
            )
    yield from found.items()

"""Where each field of a programme goes in a learning opportunity.

The rules are those of a credential, with the places of an opportunity: what is
specified there is specified here, and what only an award could say is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.elm.account import NOT_OF_A_PARTICIPATION
from edc_issuer.models.elm.account_organisation import CLAIM, NOTE, organisation
from edc_issuer.models.elm.account_programme import programme
from edc_issuer.models.elm.notes import is_participation
from edc_issuer.models.mapping import Rule, lost, mapped, partial
from edc_issuer.record import CredentialRecord

ACHIEVEMENT = "learningAchievementSpecification"
ACTIVITY = "learningActivitySpecification"
_AWARDING = f"{ACHIEVEMENT}.awardingOpportunity.awardingBody"
_PLAN = f"{ACHIEVEMENT}.provenBy"
_PLACES = (
    (f"{CLAIM}.influencedBy.specifiedBy.", f"{ACTIVITY}."),
    (f"{CLAIM}.specifiedBy.", f"{ACHIEVEMENT}."),
    (f"{CLAIM}.awardedBy.awardingBody.", "providedBy."),
    (f"{CLAIM}.entitlesTo", f"{ACHIEVEMENT}.entitlesTo"),
)


def rules(record: CredentialRecord) -> tuple[Rule, ...]:
    """The rules for one document, seen as the record that it could become.

    A later rule for the same path replaces a former.
    """
    found = [*_document(), *_organisations(record)]
    found += (moved for rule in programme(record) if (moved := _moved(rule, record)))
    found += _plan()
    found += _offer(record)
    if is_participation(record):
        why = "a participation claims nothing about what was learned"
        gone = [p for p in NOT_OF_A_PARTICIPATION if p.startswith("programme.")]
        closed = tuple(f"{path}." for path in gone)
        found = [r for r in found if not f"{r.path_prefix}.".startswith(closed)]
        found += (lost(path, why) for path in gone)
    return tuple(found)


def _document() -> Iterator[Rule]:
    number = "the school's own number of the document"
    profile = "the rules that a document is checked by"
    yield lost("record_version", "describes the document, not the programme")
    yield lost("document_type", "describes the document, not the programme")
    yield lost("document_id", number)
    yield lost("national_profile", profile)
    yield lost("project_profile", profile)
    yield lost("primary_language", "ELM's default language has no key in its context")
    yield partial("languages", "title", why="seen by the texts only")
    yield lost("source_note", "a remark of the school, never mapped")
    yield lost("extensions", "free data of the school, never mapped")


def _organisations(record: CredentialRecord) -> Iterator[Rule]:
    yield from organisation("provider", "providedBy", (record.issuer,))
    if is_participation(record):
        yield lost("awarding_bodies", "nothing is awarded for taking part")
    else:
        yield from organisation("awarding_bodies", _AWARDING, record.awarding_bodies)


def _moved(rule: Rule, record: CredentialRecord) -> Rule | None:
    """The rule with the places of an opportunity; None where it has none there."""
    if not rule.path_prefix.startswith("programme."):
        return None
    targets = dict.fromkeys(
        place for target in rule.targets if (place := _place(target, record))
    )
    if rule.targets and not targets:
        return None
    return Rule(rule.path_prefix, rule.kind, tuple(targets), rule.why)


def _place(target: str, record: CredentialRecord) -> str | None:
    for old, new in _PLACES:
        if not target.startswith(old):
            continue
        if is_participation(record) and new == f"{ACHIEVEMENT}.":
            new = f"{ACTIVITY}."
        return new + target.removeprefix(old)
    return None


def _plan() -> Iterator[Rule]:
    """The assessment as it is planned; what only a result has is not asked."""
    path = "programme.assessment"
    yield mapped(f"{path}.title", f"{_PLAN}.title")
    yield mapped(f"{path}.type", f"{_PLAN}.dcType")
    yield mapped(f"{path}.id", f"{_PLAN}.identifier.notation")
    yield mapped(f"{path}.mode", f"{_PLAN}.mode")
    yield mapped(f"{path}.languages", f"{_PLAN}.language")
    yield mapped(f"{path}.grading_scheme", f"{_PLAN}.gradingScheme.description")
    yield mapped(f"{path}.criteria", f"{_PLAN}.description")
    yield mapped(f"{path}.max_points", f"{_PLAN}.{NOTE}")
    yield mapped(f"{path}.pass_points", f"{_PLAN}.{NOTE}")
    yield mapped(f"{path}.standard", f"{_PLAN}.{NOTE}")
    yield mapped(f"{path}.standard.url", f"{_PLAN}.supplementaryDocument")
    why = "a note; ELM has supervision of assessments that took place"
    yield partial(f"{path}.supervision", f"{_PLAN}.{NOTE}", why=why)
    yield lost(f"{path}.outcomes", "ELM links assessments to programmes as a whole")
    yield lost(f"{path}.item_count", "ELM does not count questions")
    yield lost(f"{path}.pass_rule", "ELM has no rule for passing")
    yield lost(f"{path}.graded_by", "ELM names no kind of marking")
    yield lost(f"{path}.timing", "ELM has no phases of a mobility")


def _offer(record: CredentialRecord) -> Iterator[Rule]:
    """What the opportunity itself says, beside its specifications."""
    spec = ACTIVITY if is_participation(record) else ACHIEVEMENT
    yield mapped("programme.code", "identifier.notation", f"{spec}.identifier.notation")
    yield mapped("programme.title", "title", f"{spec}.title")
    yield mapped("programme.description", "description", f"{spec}.description")
    yield mapped("programme.opportunity_type", "dcType")
    yield mapped("programme.delivery_mode", "mode")
    yield mapped("programme.homepage", "homepage", f"{spec}.homepage")
    yield mapped("programme.free_of_charge", "priceDetail.prefLabel")
    kind = "an opportunity does not tell kinds of credentials apart"
    yield partial("programme.kind", spec, why=kind)
    yield lost("programme.funding.scheme", "only the words on funding are kept")

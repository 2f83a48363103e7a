"""A programme as a learning opportunity: what a school offers, before any award.

`opportunity(document)` makes one `LearningOpportunity` of the European Learning
Model 3.2 as JSON-LD, under the contexts of the European Digital Credential, so that
it and the credentials that follow say the same of outcomes, level and quality. What
ELM has no place for stands in the mapping report.

Registers take the profile of learning opportunities and qualifications (LOQ) of the
same model, in RDF or XML; its shapes are published apart and are not checked here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.base import Built, MappingReport
from edc_issuer.models.elm.achievement import (
    entitlement_specification,
    further_documents,
    specification,
)
from edc_issuer.models.elm.activity import activity_specification, participation
from edc_issuer.models.elm.assessment import SUPERVISED, assessment_specification
from edc_issuer.models.elm.checks import problems
from edc_issuer.models.elm.kind import CONTEXTS
from edc_issuer.models.elm.nodes import Node, Nodes, one_or_list, present
from edc_issuer.models.elm.organisation import organisation
from edc_issuer.models.mapping import account
from edc_issuer.models.opportunity_account import rules
from edc_issuer.record import (
    Activity,
    Award,
    CredentialRecord,
    Learner,
    Organisation,
    ProgrammeDocument,
    RecognisedIn,
)

MODEL = "elm-opportunity"
_NAMESPACE = uuid.UUID("b7b1d9f4-3c0e-5a64-9d6c-5d2f0a6f1c7e")  # ours, drawn once
# An EDC needs these of its issuer; who offers a course seals nothing.
_OF_CREDENTIALS = ("elm.issuer-identifier", "elm.awarding-body", "zone.")
_NEVER = date(2000, 1, 1)  # no award has taken place; never written


def check(document: ProgrammeDocument) -> Iterator[Problem]:
    """Faults for which no learning opportunity can be made of the programme."""
    if provider_of(document) is None:
        yield Problem(
            "provider",
            "opportunity.provider",
            "a learning opportunity names who offers it; add the organisation",
        )
        return
    for problem in problems(_as_record(document)):
        # Where nobody awards yet, the provider stands there for them.
        doubled = problem.path.startswith("awarding_bodies")
        if doubled and not document.awarding_bodies:
            continue
        if not problem.code.startswith(_OF_CREDENTIALS):
            yield Problem(_path(problem.path), problem.code, problem.message)


def opportunity(document: ProgrammeDocument) -> Built:
    """The opportunity and where every field went; `RecordError` where `check` fails."""
    faults = tuple(check(document))
    if faults:
        raise RecordError(faults)
    record = _as_record(document)
    nodes = Nodes(record)
    node = _opportunity(nodes, document)
    report = account(MODEL, document, rules(record))
    return Built(
        {"@context": list(CONTEXTS), **node}, MappingReport(MODEL, report.fields)
    )


def provider_of(document: ProgrammeDocument) -> Organisation | None:
    """Who offers the programme: its provider, else the first awarding body."""
    return document.provider or next(iter(document.awarding_bodies), None)


def identifier_of(document: ProgrammeDocument) -> str:
    """The id of the opportunity: of the same provider and programme always the same."""
    provider = provider_of(document)
    legal = provider.legal_identifier if provider else None
    owner = legal.value if legal else provider and provider.id
    programme = document.programme
    name = json.dumps([owner, programme.code, programme.version], ensure_ascii=False)
    return uuid.uuid5(_NAMESPACE, name).urn


def _opportunity(nodes: Nodes, document: ProgrammeDocument) -> Node:
    programme = document.programme
    provider = provider_of(document)
    assert provider is not None
    taken_part = programme.kind == "participation"
    return nodes.make(
        "learningOpportunity",
        "LearningOpportunity",
        name=identifier_of(document),
        title=dict(programme.title),
        description=dict(programme.description) if programme.description else None,
        identifier=nodes.identifier("programme code", programme.code),
        dcType=nodes.concept("learning_opportunity_type", programme.opportunity_type),
        mode=nodes.concept("learning_mode", programme.delivery_mode),
        providedBy=organisation(nodes, provider),
        homepage=nodes.web(programme.homepage),
        priceDetail=_price(nodes, programme.free_of_charge),
        learningAchievementSpecification=(
            None if taken_part else _achievement(nodes, document)
        ),
        learningActivitySpecification=(
            _participation(nodes) if taken_part else activity_specification(nodes)
        ),
    )


def _achievement(nodes: Nodes, document: ProgrammeDocument) -> Node:
    """The specification of the credential, and what of an award is known before it."""
    programme = document.programme
    planned, stacking = programme.assessment, programme.stacking
    added: dict[str, Any] = {
        "provenBy": _assessment(nodes) if planned else None,
        "entitlesTo": [
            _entitlement(nodes, target)
            for target in (stacking.recognised_in if stacking else ())
        ],
        "awardingOpportunity": _awarding(nodes, document.awarding_bodies),
    }
    known = {name: value for name, value in added.items() if value}
    return {**specification(nodes), **known}


def _entitlement(nodes: Nodes, target: RecognisedIn) -> Node:
    node = entitlement_specification(nodes, target)
    return {**node, "description": dict(target.note)} if target.note else node


def _assessment(nodes: Nodes) -> Node:
    planned = nodes.record.programme.assessment
    assert planned is not None
    node = assessment_specification(nodes, planned)
    concept = nodes.concept("supervision", planned.supervision)
    if concept is None:
        return node
    # ELM knows supervision of assessments that took place; a plan has a note.
    subject = (f"{SUPERVISED[0]}:{planned.supervision}", SUPERVISED[1])
    said = nodes.note(dict(concept["prefLabel"]), subject)
    own = [*node.get("additionalNote", []), *present(said)]
    return {**node, "additionalNote": own}


def _awarding(nodes: Nodes, bodies: tuple[Organisation, ...]) -> Node | None:
    if not bodies:
        return None
    return nodes.make(
        "awardingOpportunity",
        "AwardingOpportunity",
        awardingBody=one_or_list([organisation(nodes, body) for body in bodies]),
    )


def _participation(nodes: Nodes) -> Node:
    """Of a programme that nobody is assessed in: what is done, and no outcomes."""
    claim = participation(nodes, {}, further_documents(nodes), [])
    found: Node = claim["specifiedBy"]
    return found


def _price(nodes: Nodes, free: bool | None) -> Node | None:
    if free is None:
        return None
    label = nodes.say("price.free" if free else "price.not_free")
    return nodes.make("priceDetail", "PriceDetail", prefLabel=label)


def _as_record(document: ProgrammeDocument) -> CredentialRecord:
    """The mapping of a programme asks a record; what an award adds is not looked at."""
    provider = provider_of(document)
    assert provider is not None
    award = Award(
        certificate_number="-",
        date_awarded=_NEVER,
        date_issued=_NEVER,
        valid_from=_NEVER,
        validation_basis="course",
        activity=Activity(),
    )
    return CredentialRecord(
        record_version="1",
        record_id=document.document_id,
        credential_kind=document.programme.kind,
        primary_language=document.primary_language,
        languages=document.languages,
        learner=Learner(given_name="-", family_name="-"),
        issuer=provider,
        awarding_bodies=document.awarding_bodies or (provider,),
        programme=document.programme,
        award=award,
    )


def _path(path: str) -> str:
    """The issuer of the record stands for the provider of the document."""
    head, dot, rest = path.partition(".")
    return f"provider{dot}{rest}" if head == "issuer" else path

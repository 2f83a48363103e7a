"""What the learner did: the course, the mobility, the units.

Where nothing was assessed (participation) the activity itself is the claim and
says nothing about outcomes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from edc_issuer.models.dates import hours_duration, informative
from edc_issuer.models.elm.assessment import figures, loose_evidence
from edc_issuer.models.elm.nodes import Node, Nodes, one_or_list, present
from edc_issuer.models.elm.notes import programme_notes
from edc_issuer.models.elm.organisation import (
    awarding_bodies,
    organisation,
    place,
)
from edc_issuer.record import (
    Activity,
    CredentialRecord,
    Programme,
    Unit,
    UnitActivity,
    Workload,
)

MINUTES = Decimal(60)  # in an hour


def has_activity(record: CredentialRecord) -> bool:
    """Whether the record says when or where the learner took part."""
    return record.award.activity is not None


def activity(nodes: Nodes, awarded_by: Node) -> Node:
    """The learning activity that led to an achievement."""
    record = nodes.record
    done = record.award.activity or Activity()
    return nodes.make(
        "activity",
        "LearningActivity",
        title=dict(record.programme.title),
        awardedBy=awarded_by,
        directedBy=_director(nodes, done),
        temporal=_period(nodes, done),
        location=present(place(nodes, done.location) if not _abroad(done) else None),
        workload=_hours(done, record.programme.workload),
        specifiedBy=activity_specification(nodes),
        hasPart=present(_mobility(nodes, done, awarded_by)),
    )


def activity_specification(nodes: Nodes) -> Node:
    """What is done in a programme that leads to an achievement."""
    programme = nodes.record.programme
    return nodes.make(
        "learningActivitySpec",
        "LearningActivitySpecification",
        title=dict(programme.title),
        mode=nodes.concept("learning_mode", participation_form(programme)),
        **_content(nodes),
    )


def participation(
    nodes: Nodes, awarded_by: Node, documents: list[Node], own_notes: list[Node]
) -> Node:
    """A claim to have taken part, with `documents` and `own_notes` beside it."""
    record = nodes.record
    programme = record.programme
    done = record.award.activity or Activity()
    description = dict(programme.description) if programme.description else None
    pages, evidence = loose_evidence(nodes)
    return nodes.make(
        "activity",
        "LearningActivity",
        identifier=nodes.identifier(
            "certificate number", record.award.certificate_number
        ),
        title=dict(programme.title),
        description=description,
        awardedBy=awarded_by,
        directedBy=_director(nodes, done),
        temporal=_period(nodes, done),
        location=present(place(nodes, done.location) if not _abroad(done) else None),
        workload=_hours(done, programme.workload),
        specifiedBy=nodes.make(
            "learningActivitySpec",
            "LearningActivitySpecification",
            title=dict(programme.title),
            description=description,
            identifier=nodes.identifier("programme code", programme.code),
            category={"en": programme.sector} if programme.sector else None,
            mode=nodes.concept("learning_mode", participation_form(programme)),
            language=nodes.concepts("language", programme.language_of_instruction),
            volumeOfLearning=_hours(Activity(), programme.workload),
            additionalNote=programme_notes(nodes),
            supplementaryDocument=documents,
            homepage=nodes.web(programme.homepage),
            **_content(nodes),
        ),
        hasPart=present(_mobility(nodes, done, awarded_by)),
        supplementaryDocument=pages,
        additionalNote=[*own_notes, *evidence],
    )


def participation_form(programme: Programme) -> str | None:
    """How the learner takes part; as it is delivered, where nothing else is said."""
    return programme.participation_form or programme.delivery_mode


def _content(nodes: Nodes) -> dict[str, Any]:
    """Contact hours and units, which belong to what is specified, not to the claim."""
    programme = nodes.record.programme
    workload = programme.workload
    minutes = Decimal((workload.unit_minutes if workload else None) or 60)
    contact = workload.contact_hours if workload else None
    return {
        "contactHour": figures(contact) if contact is not None else None,
        "hasPart": [_unit(nodes, unit, minutes) for unit in programme.units],
    }


def _unit(nodes: Nodes, unit: Unit, minutes_an_hour: Decimal) -> Node:
    minutes = unit.minutes
    if minutes is None and unit.hours is not None:
        minutes = unit.hours * minutes_an_hour
    return nodes.make(
        "learningActivitySpec",
        "LearningActivitySpecification",
        title=dict(unit.title),
        identifier=nodes.identifier("unit code", unit.code),
        mode=nodes.concept("learning_mode", unit.mode),
        volumeOfLearning=_duration(minutes),
        contactHour=figures(unit.hours) if unit.hours is not None else None,
        hasPart=[_step(nodes, step) for step in unit.activities],
    )


def _step(nodes: Nodes, step: UnitActivity) -> Node:
    return nodes.make(
        "learningActivitySpec",
        "LearningActivitySpecification",
        title=dict(step.title) if step.title else nodes.everywhere(step.code),
        identifier=nodes.identifier("activity code", step.code),
        volumeOfLearning=_duration(step.minutes),
    )


def _director(nodes: Nodes, done: Activity) -> Node | list[Node] | None:
    """Who ran it: the sending organisation, else whoever awards."""
    if done.sending_organisation is not None:
        return one_or_list([organisation(nodes, done.sending_organisation)])
    return awarding_bodies(nodes)


def _mobility(nodes: Nodes, done: Activity, awarded_by: Node) -> Node | None:
    """The time at the hosting organisation."""
    if done.host_organisation is None:
        return None
    return nodes.make(
        "activity",
        "LearningActivity",
        title=nodes.say("mobility"),
        awardedBy=awarded_by,
        directedBy=organisation(nodes, done.host_organisation),
        location=place(nodes, done.location),
    )


def _abroad(done: Activity) -> bool:
    """The place of an activity with a host is where the host is."""
    return done.host_organisation is not None


def _period(nodes: Nodes, done: Activity) -> Node | None:
    if done.start is None and done.end is None:
        return None
    return nodes.make(
        "period",
        "PeriodOfTime",
        startDate=informative(done.start) if done.start else None,
        endDate=informative(done.end) if done.end else None,
    )


def _hours(done: Activity, workload: Workload | None) -> str | None:
    hours = done.hours_actual
    if hours is None and workload is not None:
        hours = workload.hours
    return None if hours is None else hours_duration(hours)


def _duration(minutes: Decimal | None) -> str | None:
    return None if minutes is None else hours_duration(minutes / MINUTES)

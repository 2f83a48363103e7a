"""Rules on hours and credits: do they add up, and are they of a plausible size?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edc_issuer.record import Programme, Unit
from edc_issuer.rules.subject import Found, Subject, shown, times, total

HOURS_PER_ECTS = (25, 30)  # ECTS Users' Guide 2015, section 2
LARGEST_HOURS = 1500  # upper limit of the typology's third class
_HOUR = 60


def workload_findings(subject: Subject) -> Iterator[Found]:
    """WL-01, WL-02, WL-04 and WL-05."""
    yield from _ects_ratio(subject.programme)
    yield from _activities(subject.programme)
    yield from _units(subject.programme)
    yield from _size(subject)
    yield from _length_of_an_hour(subject.programme)


def _ects_ratio(programme: Programme) -> Iterator[Found]:
    hours = programme.workload.hours if programme.workload else None
    if hours is None:
        return
    for index, credit in enumerate(programme.credits):
        if credit.system != "ECTS":
            continue
        points = Decimal(credit.points)
        limits = [times(points, factor) for factor in HOURS_PER_ECTS]
        least, most = limits
        if least is None or most is None or least <= hours <= most:
            continue
        path = f"programme.credits[{index}].points"
        ratio = shown(round(hours / points, 2)) if points else "-"
        yield Found("WL-01", path, values={"ratio": ratio})


def minutes_of(unit: Unit, unit_minutes: int | None) -> Decimal | None:
    """How long a unit takes; None where it does not say, or not in which hours."""
    if unit.minutes is not None:
        return unit.minutes
    if unit.hours is None or unit_minutes is None:
        return None
    return times(unit.hours, unit_minutes)


def own_minutes(programme: Programme) -> int | None:
    """How long an hour of this programme is; None where it does not say."""
    return programme.workload.unit_minutes if programme.workload else None


def _activities(programme: Programme) -> Iterator[Found]:
    """Each unit whose activities all say how long they take."""
    for index, unit in enumerate(programme.units):
        taken = [activity.minutes for activity in unit.activities]
        given = [minutes for minutes in taken if minutes is not None]
        declared = minutes_of(unit, own_minutes(programme))
        if not given or len(given) < len(taken) or declared is None:
            continue
        made = total(iter(given))
        if made is not None and made != declared:
            yield _sum(f"programme.units[{index}]", unit.code, (made, declared), "min")


def _units(programme: Programme) -> Iterator[Found]:
    """All units against the contact hours, else against the hours."""
    workload = programme.workload
    if workload is None or not programme.units:
        return
    contact = workload.contact_hours
    declared = workload.hours if contact is None else contact
    length = _HOUR if contact is None else workload.unit_minutes
    if declared is None:
        return
    made, scale = units_minutes(programme), length
    if made is None and contact is not None:
        # Hours of one programme are all of one length, known or not.
        hours = [unit.hours for unit in programme.units if unit.minutes is None]
        given = [value for value in hours if value is not None]
        made = total(iter(given)) if len(given) == len(programme.units) else None
        scale = 1
    whole = None if scale is None else times(declared, scale)
    if made is None or whole is None or made == whole:
        return
    unit = "h" if scale == 1 else "min"
    yield _sum("programme.units", programme.code, (made, whole), unit)


def units_minutes(programme: Programme) -> Decimal | None:
    """Minutes of all units; None where one does not say how long it takes."""
    taken = [minutes_of(unit, own_minutes(programme)) for unit in programme.units]
    given = [minutes for minutes in taken if minutes is not None]
    return total(iter(given)) if len(given) == len(taken) else None


def _sum(path: str, code: str, numbers: tuple[Decimal, Decimal], unit: str) -> Found:
    made, declared = (f"{shown(number)} {unit}" for number in numbers)
    values = {"unit": code, "sum": made, "total": declared}
    return Found("WL-02", path, code, values)


def _size(subject: Subject) -> Iterator[Found]:
    workload = subject.programme.workload
    hours = workload.hours if workload else None
    if subject.kind == "micro_credential" and hours and hours > LARGEST_HOURS:
        path = "programme.workload.hours"
        yield Found("WL-04", path, values={"hours": shown(hours)})


def _length_of_an_hour(programme: Programme) -> Iterator[Found]:
    workload = programme.workload
    if workload is not None and workload.unit_minutes is not None:
        return
    contact = workload.contact_hours if workload else None
    if contact is not None or any(unit.hours is not None for unit in programme.units):
        yield Found("WL-05", "programme.workload.unit_minutes")

"""The units of a programme read back from what specifies the learning activity."""

from __future__ import annotations

from decimal import Decimal

from edc_issuer.models.elm.read_notes import everywhere
from edc_issuer.models.elm.read_organisation import identifiers
from edc_issuer.models.reading import Branch, hours_of
from edc_issuer.record import Unit, UnitActivity

MINUTES = 60  # in an hour
TEACHING_HOUR = 45  # minutes
_UNIT, _STEP = "unit code", "activity code"


def units_of(spec: Branch | None) -> tuple[Unit, ...]:
    """The units in their order."""
    return tuple(map(_unit, spec.branches("hasPart"))) if spec else ()


def teaching_hours(units: tuple[Unit, ...], spec: Branch | None) -> bool:
    """Whether hours of units are teaching hours: that long each of them takes."""
    told = [
        (unit.hours, _minutes(node))
        for unit, node in zip(
            units, spec.branches("hasPart") if spec else (), strict=False
        )
        if unit.hours and unit.minutes is None
    ]
    return bool(told) and all(hours * TEACHING_HOUR == took for hours, took in told)


def _unit(node: Branch) -> Unit:
    hours, minutes = node.number("contactHour"), _minutes(node)
    return Unit(
        code=_code(node, _UNIT),
        title=node.texts("title"),
        hours=hours,
        minutes=None if _repeats(hours, minutes) else minutes,
        mode=node.code("mode", "learning_mode"),
        activities=tuple(map(_step, node.branches("hasPart"))),
    )


def _step(node: Branch) -> UnitActivity:
    title, code = node.texts("title"), _code(node, _STEP)
    return UnitActivity(
        code=code,
        title=title if everywhere(title) != code else None,
        minutes=_minutes(node),
    )


def _code(node: Branch, scheme: str) -> str:
    codes = identifiers(node)
    return codes.get(scheme) or next(iter(codes.values()), "")


def _minutes(node: Branch) -> Decimal | None:
    hours = hours_of(node.text("volumeOfLearning"))
    return None if hours is None else hours * MINUTES


def _repeats(hours: Decimal | None, minutes: Decimal | None) -> bool:
    """Whether the minutes only say again how long the hours are."""
    lengths = (MINUTES, TEACHING_HOUR)
    return hours is not None and any(hours * length == minutes for length in lengths)

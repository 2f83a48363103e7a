"""Dates as credentials write them, and what a date in a credential may mean.

A record holds calendar days; a credential wants moments. What only informs (birth,
award, activity) is written at noon UTC, so that no time zone moves it to another
day; a period of validity is written in the issuer's own zone with its offset. The
reading half takes the lexical forms of `xsd:dateTime` and `xsd:date`, and a leap
second (RFC 3339 section 5.6), and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from edc_issuer.errors import Problem, RecordError

if TYPE_CHECKING:
    from edc_issuer.record import CredentialRecord

# The zone of the capital, for the countries a school of this project's users may
# be in. Elsewhere, and away from the capital, the record's `time_zone` says it.
ZONES = {
    "AD": "Europe/Andorra",
    "AL": "Europe/Tirane",
    "AT": "Europe/Vienna",
    "BA": "Europe/Sarajevo",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "EL": "Europe/Athens",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GE": "Asia/Tbilisi",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IS": "Atlantic/Reykjavik",
    "IT": "Europe/Rome",
    "LI": "Europe/Vaduz",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MD": "Europe/Chisinau",
    "ME": "Europe/Podgorica",
    "MK": "Europe/Skopje",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "RS": "Europe/Belgrade",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
    "TR": "Europe/Istanbul",
    "UA": "Europe/Kyiv",
    "XK": "Europe/Belgrade",
}
EAST = timezone(timedelta(hours=14))  # where a day begins first
WEST = timezone(timedelta(hours=-12))  # where it ends last
_LEXICAL = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]{0,20})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def informative(day: date) -> str:
    """A day that only informs: noon UTC, the same day from UTC-12 to UTC+11."""
    return f"{day.isoformat()}T12:00:00Z"


def start_of_day(day: date, zone: ZoneInfo) -> str:
    """The first second of a day in the issuer's zone, with its offset."""
    return _with_offset(datetime.combine(day, time(0, 0, 0), zone))


def end_of_day(day: date, zone: ZoneInfo) -> str:
    """The last second of a day in the issuer's zone, with its offset."""
    return _with_offset(datetime.combine(day, time(23, 59, 59), zone))


def moment(at: datetime) -> str:
    """A moment in UTC to the second; `ValueError` for a time without a zone."""
    if at.utcoffset() is None:
        raise ValueError("a time without a zone is not a moment")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def hours_duration(hours: Decimal) -> str:
    """Hours as `xsd:duration` in hours, minutes and seconds: `PT15H`, `PT1H30M`.

    Never days or months: P60M, meant as sixty minutes, would be five years.
    """
    if not hours.is_finite() or hours < 0:
        raise ValueError("a duration is not negative")
    whole, rest = divmod(int((hours * 3600).to_integral_value()), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((whole, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0H")


def zone_of(record: CredentialRecord) -> ZoneInfo:
    """The issuer's zone: the record's `time_zone`, else that of its country.

    Raises `RecordError` where neither gives a zone that exists.
    """
    if record.time_zone is not None:
        return _zone(record.time_zone, path="time_zone")
    country = record.issuer.address.country
    if country not in ZONES:
        raise _no_zone(
            f"no time zone is known for {country}; add time_zone to the record, "
            "for instance Europe/Ljubljana",
            path="issuer.address.country",
        )
    return _zone(ZONES[country], path="issuer.address.country")


@dataclass(frozen=True, slots=True)
class Span:
    """What a stated time may mean: from `earliest` to `latest`, both in UTC.

    The two are equal for a full time with an offset. `form` says what is missing:
    "" (nothing), "date-only", "zone-less" or "leap-second".
    """

    earliest: datetime
    latest: datetime
    form: str = ""


@lru_cache(maxsize=256)  # one file, and a class of them, say the same few times
def read_span(text: str) -> Span:
    """Read a time or date as a credential states it; `ValueError` for anything else.

    A day without a zone begins at UTC+14 and ends at UTC-12; a time without a zone
    is the same time in each of them. An offset goes up to 14 hours.
    """
    match = _LEXICAL.fullmatch(text)
    if match is None:
        raise ValueError("not a date or time of xsd:dateTime")
    day = date(*map(int, match.group(1, 2, 3)))
    offset = _offset(match[8])
    if match[4] is None:
        return _span(day, time.min, until=time(23, 59, 59), offset=offset)
    clock, leap = _clock(match)
    span = _span(day, clock, until=clock, offset=offset)
    return _after_leap_second(span) if leap else span


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """The day that a stated time means; `shifted` where it had to be guessed.

    `shifted`: 22:00Z or 23:00Z was read as midnight of the next day in Central
    Europe, which is how the Commission's tools write a day.
    """

    day: date
    shifted: bool = False


def calendar_date(text: str) -> CalendarDate:
    """The day of a time that only informs; `ValueError` if it cannot be read.

    It is the date in the value's own offset; midnight UTC counts as that date.
    """
    read_span(text)  # refuses all that is no date, whatever its first ten letters
    day = date.fromisoformat(text[:10])
    if re.fullmatch(r"T2[23]:00:00(\.0+)?(Z|[+-]00:00)", text[10:]):
        try:
            return CalendarDate(day + timedelta(days=1), shifted=True)
        except OverflowError:
            return CalendarDate(day)
    return CalendarDate(day)


def _with_offset(local: datetime) -> str:
    offset = local.utcoffset()
    # Before about 1900 offsets were not whole minutes; RFC 3339 cannot write those.
    if offset is None or offset.seconds % 60:
        return f"{local.replace(tzinfo=None).isoformat()}Z"
    return local.isoformat()


def _no_zone(message: str, *, path: str) -> RecordError:
    return RecordError([Problem(path, "zone.unknown", message)])


def _zone(name: str, *, path: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # ZoneInfo raises OSError for a folder of its database ("Europe").
    except (KeyError, ValueError, OSError) as error:
        raise _no_zone(
            "not a time zone of the IANA database; write it like Europe/Ljubljana",
            path=path,
        ) from error


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError("an offset of more than 14 hours")
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _clock(match: re.Match[str]) -> tuple[time, bool]:
    hour, minute, second = map(int, match.group(4, 5, 6))
    micro = int((match[7] or "0").ljust(6, "0")[:6])
    if second == 60:
        return time(hour, minute, 59), True
    return time(hour, minute, second, micro), False


def _span(day: date, since: time, *, until: time, offset: timezone | None) -> Span:
    first = _utc(datetime.combine(day, since), offset or EAST)
    last = _utc(datetime.combine(day, until), offset or WEST)
    if since != until:
        return Span(first, last, "date-only")
    return Span(first, last, "" if offset else "zone-less")


def _utc(local: datetime, offset: timezone) -> datetime:
    """To UTC; at the ends of the calendar the nearest moment that exists."""
    try:
        return local.replace(tzinfo=offset).astimezone(UTC)
    except OverflowError:
        end = datetime.min if local.year == 1 else datetime.max
        return end.replace(tzinfo=UTC)


def _after_leap_second(span: Span) -> Span:
    """A leap second is the last of a UTC day; it is read as the second after it."""
    if span.form or (span.earliest.hour, span.earliest.minute) != (23, 59):
        raise ValueError("second 60 is only at 23:59 UTC")
    try:
        after = span.earliest + timedelta(seconds=1)
    except OverflowError:
        after = span.earliest
    return Span(after, after, "leap-second")

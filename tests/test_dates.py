"""Days of a record, moments of a credential, and what a stated time may mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from edc_issuer.errors import RecordError
from edc_issuer.models.dates import (
    ZONES,
    calendar_date,
    end_of_day,
    hours_duration,
    informative,
    moment,
    read_span,
    start_of_day,
    zone_of,
)
from edc_issuer.record import CredentialRecord

LJUBLJANA = ZoneInfo("Europe/Ljubljana")
OLDEST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


def record() -> CredentialRecord:
    path = ROOT / "fixtures/records/scouts4green_ecological.json"
    return CredentialRecord.from_json(path.read_bytes())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_informative_day_is_the_same_day_in_every_inhabited_zone() -> None:
    written = datetime.fromisoformat(informative(date(2025, 11, 20)))

    days = {
        written.astimezone(timezone(timedelta(hours=hours))).date()
        for hours in range(-12, 12)
    }

    assert days == {date(2025, 11, 20)}


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        pytest.param(
            date(2025, 1, 15),
            "2025-01-15T00:00:00+01:00",
            "2025-01-15T23:59:59+01:00",
            id="winter",
        ),
        pytest.param(
            date(2025, 3, 30),
            "2025-03-30T00:00:00+01:00",
            "2025-03-30T23:59:59+02:00",
            id="the-day-summer-time-begins",
        ),
        pytest.param(
            date(1880, 5, 1),
            "1880-05-01T00:00:00Z",
            "1880-05-01T23:59:59Z",
            id="before-offsets-were-whole-minutes",
        ),
    ],
)
def test_validity_covers_the_day_in_the_issuers_zone(
    day: date, start: str, end: str
) -> None:
    assert (start_of_day(day, LJUBLJANA), end_of_day(day, LJUBLJANA)) == (start, end)


@given(st.dates(), st.sampled_from(sorted(ZONES.values())))
def test_every_day_that_is_written_is_read_back(day: date, name: str) -> None:
    zone = ZoneInfo(name)

    written = (informative(day), start_of_day(day, zone), end_of_day(day, zone))

    assert {calendar_date(text).day for text in written} == {day}


def test_a_moment_is_written_in_utc_to_the_second() -> None:
    at = datetime(2025, 7, 1, 1, 2, 3, 999, timezone(timedelta(hours=2)))

    assert moment(at) == "2025-06-30T23:02:03Z"


def test_a_time_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment(datetime(2025, 7, 1))


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        ("15", "PT15H"),
        ("7.5", "PT7H30M"),
        ("0.75", "PT45M"),
        ("0", "PT0H"),
        ("1500", "PT1500H"),
        ("0.01", "PT36S"),
    ],
)
def test_workload_is_written_in_hours_and_never_in_days_or_months(
    hours: str, written: str
) -> None:
    assert hours_duration(Decimal(hours)) == written


@pytest.mark.parametrize("hours", ["-1", "NaN", "Infinity"])
def test_what_is_no_length_of_time_is_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        hours_duration(Decimal(hours))


def test_the_zone_follows_the_issuers_country() -> None:
    assert zone_of(record()).key == "Europe/Ljubljana"


def test_the_records_own_zone_goes_before_that_of_the_country() -> None:
    azores = replace(record(), time_zone="Atlantic/Azores")

    assert zone_of(azores).key == "Atlantic/Azores"


@pytest.mark.parametrize("name", ["Europe/Atlantis", "Europe", "../../etc/passwd", ""])
def test_an_unknown_zone_is_a_problem_of_the_record(name: str) -> None:
    with pytest.raises(RecordError) as caught:
        zone_of(replace(record(), time_zone=name))

    assert [(p.path, p.code) for p in caught.value.problems] == [
        ("time_zone", "zone.unknown")
    ]


def test_a_country_without_a_known_zone_asks_for_one() -> None:
    issuer = record().issuer
    far = replace(issuer, address=replace(issuer.address, country="BR"))

    with pytest.raises(RecordError, match="add time_zone"):
        zone_of(replace(record(), issuer=far))


def test_every_listed_zone_exists() -> None:
    assert [name for name in ZONES.values() if ZoneInfo(name).key != name] == []


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "form"),
    [
        pytest.param(
            "2025-06-30T12:00:00Z",
            utc("2025-06-30T12:00:00"),
            utc("2025-06-30T12:00:00"),
            "",
            id="full",
        ),
        pytest.param(
            "2025-06-30T12:00:00+14:00",
            utc("2025-06-29T22:00:00"),
            utc("2025-06-29T22:00:00"),
            "",
            id="the-widest-offset",
        ),
        pytest.param(
            "2025-06-30",
            utc("2025-06-29T10:00:00"),
            utc("2025-07-01T11:59:59"),
            "date-only",
            id="a-day-somewhere",
        ),
        pytest.param(
            "2025-06-30+02:00",
            utc("2025-06-29T22:00:00"),
            utc("2025-06-30T21:59:59"),
            "date-only",
            id="a-day-in-a-zone",
        ),
        pytest.param(
            "2025-06-30T12:00:00",
            utc("2025-06-29T22:00:00"),
            utc("2025-07-01T00:00:00"),
            "zone-less",
            id="a-time-somewhere",
        ),
        pytest.param(
            "2016-12-31T23:59:60Z",
            utc("2017-01-01T00:00:00"),
            utc("2017-01-01T00:00:00"),
            "leap-second",
            id="leap-second",
        ),
        pytest.param(
            "2017-01-01T00:59:60.5+01:00",
            utc("2017-01-01T00:00:00"),
            utc("2017-01-01T00:00:00"),
            "leap-second",
            id="leap-second-elsewhere",
        ),
        pytest.param(
            "9999-12-31T23:59:59-12:00", LAST, LAST, "", id="after-the-calendar"
        ),
        pytest.param(
            "0001-01-01T00:00:00+14:00", OLDEST, OLDEST, "", id="before-the-calendar"
        ),
    ],
)
def test_a_stated_time_means(
    text: str, earliest: datetime, latest: datetime, form: str
) -> None:
    span = read_span(text)

    assert (span.earliest, span.latest, span.form) == (earliest, latest, form)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2025-02-30", id="30-february"),
        pytest.param("2025-13-01T00:00:00Z", id="month-13"),
        pytest.param("2025-01-01T24:00:00Z", id="hour-24"),
        pytest.param("2025-01-01T12:30:60Z", id="leap-second-at-noon"),
        pytest.param("2025-01-01T23:59:60", id="leap-second-nowhere"),
        pytest.param("2025-01-01T00:00:00+14:01", id="offset-too-wide"),
        pytest.param("2025-01-01T00:00:00+00:60", id="offset-of-60-minutes"),
        pytest.param("10000-01-01", id="year-10000"),
        pytest.param("-001-01-01", id="before-christ"),
        pytest.param("2025-01-01t00:00:00z", id="small-letters"),
        pytest.param("2025-01-01 00:00:00Z", id="a-blank"),
        pytest.param("2025-01-01T00:00:00Z\n", id="a-line-end"),
        pytest.param("２０２５-01-01", id="wide-digits"),
        pytest.param("20250101T000000Z", id="basic-format"),
        pytest.param("tomorrow", id="a-word"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_span(text)


@given(st.text(max_size=40))
def test_reading_a_time_raises_value_error_or_nothing(text: str) -> None:
    try:
        span = read_span(text)
    except ValueError:
        return

    assert span.earliest <= span.latest


@pytest.mark.parametrize(
    ("text", "day", "shifted"),
    [
        pytest.param("2025-11-20T12:00:00Z", date(2025, 11, 20), False, id="ours"),
        pytest.param("2025-11-20T00:00:00Z", date(2025, 11, 20), False, id="midnight"),
        pytest.param("2025-11-20T00:00:00+01:00", date(2025, 11, 20), False, id="home"),
        pytest.param("2022-12-31T23:00:00Z", date(2023, 1, 1), True, id="winter-utc"),
        pytest.param("1999-10-01T22:00:00Z", date(1999, 10, 2), True, id="summer-utc"),
        pytest.param("2022-12-31T23:00:01Z", date(2022, 12, 31), False, id="evening"),
        pytest.param(
            "2022-12-31T23:00:00+05:00", date(2022, 12, 31), False, id="far-evening"
        ),
        pytest.param("9999-12-31T22:00:00Z", date(9999, 12, 31), False, id="last-day"),
    ],
)
def test_midnight_that_was_shifted_to_utc_is_the_next_day(
    text: str, day: date, shifted: bool
) -> None:
    read = calendar_date(text)

    assert (read.day, read.shifted) == (day, shifted)

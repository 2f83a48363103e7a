"""Whether a text is a value of its XML Schema datatype.

Two answers differ: what the official judge's engine takes for a value, and what
XML Schema 1.1 part 2 allows. `2026-01-15` is a dateTime for the first only, and
the Commission's viewer refuses it.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum

from edc_issuer.models.profile.table import XSD


class Fit(Enum):
    """How well a lexical form fits its datatype."""

    GOOD = "good"
    LOOSE = "loose"  # taken by the official judge, against XML Schema
    DATE_ONLY = "date-only"
    NO_ZONE = "no-zone"
    BAD = "bad"


_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d", re.ASCII)
_NUMBER = r"\d{1,9}(?:[.,]\d+)?"
# Nine digits: more days than that are no timedelta, and no course.
_LOOSE_DURATION = re.compile(
    rf"[+-]?P(?!\b)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)
_DURATION = re.compile(
    r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?"
    r"(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    re.ASCII,
)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_MAX_DIGITS = 400  # as in the strict JSON reader


def fit(datatype: str, text: str) -> Fit:
    """How `text` fits; every text fits a datatype that has no lexical rules."""
    check = _CHECKS.get(datatype)
    return check(text) if check else Fit.GOOD


def _date_time(text: str) -> Fit:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return Fit.BAD
    match = _DATE_TIME.fullmatch(text)
    if match:
        return Fit.GOOD if match[1] else Fit.NO_ZONE
    return Fit.DATE_ONLY if _DATE.fullmatch(text) else Fit.LOOSE


def _duration(text: str) -> Fit:
    if not _LOOSE_DURATION.fullmatch(text):
        return Fit.BAD
    return Fit.GOOD if _DURATION.fullmatch(text) else Fit.LOOSE


def _integer(text: str) -> Fit:
    try:
        int(text[:_MAX_DIGITS])
    except ValueError:
        return Fit.BAD
    return Fit.GOOD if _INTEGER.fullmatch(text) else Fit.LOOSE


def _positive(text: str) -> Fit:
    found = _integer(text)
    if found is Fit.BAD or int(text[:_MAX_DIGITS]) < 1:
        return Fit.BAD
    return found


def _decimal(text: str) -> Fit:
    try:
        Decimal(text[:_MAX_DIGITS])
    except InvalidOperation:
        return Fit.BAD
    return Fit.GOOD if _DECIMAL.fullmatch(text) else Fit.LOOSE


def _boolean(text: str) -> Fit:
    return Fit.GOOD if text in ("true", "false", "1", "0") else Fit.BAD


def _any_uri(text: str) -> Fit:
    return (
        Fit.LOOSE if not text or any(letter.isspace() for letter in text) else Fit.GOOD
    )


_CHECKS = {
    XSD + "dateTime": _date_time,
    XSD + "duration": _duration,
    XSD + "integer": _integer,
    XSD + "positiveInteger": _positive,
    XSD + "decimal": _decimal,
    XSD + "boolean": _boolean,
    XSD + "anyURI": _any_uri,
}

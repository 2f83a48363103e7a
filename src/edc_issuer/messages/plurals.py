"""Which form of a sentence a number takes: one row, two rows, five rows.

The cardinal rules of Unicode CLDR for whole numbers. Slovenian has a dual; the
other Slavic languages here look at the last digit, but not after a ten of teens:
21 takes the form of 1, and 11 does not.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = ("one", "other")
_SLAVIC = ("one", "few", "other")
# The forms that each language needs; a sentence that counts has a key for each.
FORMS: Mapping[str, tuple[str, ...]] = {
    "en": _ENGLISH,
    "sl": ("one", "two", "few", "other"),
    "hr": _SLAVIC,
    "sr-Latn": _SLAVIC,
    "sr-Cyrl": _SLAVIC,
    "bs": _SLAVIC,
    "cnr": _SLAVIC,
}


def form(language: str, number: int) -> str:
    """`one`, `two`, `few` or `other`, for a language of `FORMS`."""
    if language == "en":
        return "one" if number == 1 else "other"
    if language == "sl":
        return _SLOVENIAN.get(abs(number) % 100, "other")
    return _slavic(abs(number) % 10, abs(number) % 100)


_SLOVENIAN = {1: "one", 2: "two", 3: "few", 4: "few"}


def _slavic(last: int, two_digits: int) -> str:
    if last == 1 and two_digits != 11:
        return "one"
    return "few" if last in (2, 3, 4) and two_digits not in (12, 13, 14) else "other"

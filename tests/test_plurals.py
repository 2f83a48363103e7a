"""A number takes the form that the language gives it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.messages import LANGUAGES, Messages, table
from edc_issuer.messages.plurals import FORMS, form

NUMBERS = (0, 1, 2, 3, 4, 5, 11, 12, 14, 21, 22, 25, 100, 101, 102, 111, 1_000_001)
SLAVIC = ("hr", "sr-Latn", "sr-Cyrl", "bs", "cnr")
# The samples of Unicode CLDR, supplemental/plurals.
_SLAVIC = {"one": {1, 21, 101, 1_000_001}, "few": {2, 3, 4, 22, 102}}
EXPECTED = {
    "en": {"one": {1}},
    "sl": {"one": {1, 101, 1_000_001}, "two": {2, 102}, "few": {3, 4}},
    **dict.fromkeys(SLAVIC, _SLAVIC),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_takes_the_form_of_unicode_cldr(language: str) -> None:
    expected = {
        number: next(
            (name for name, of in EXPECTED[language].items() if number in of), "other"
        )
        for number in NUMBERS
    }

    assert {number: form(language, number) for number in NUMBERS} == expected


@given(st.sampled_from(LANGUAGES), st.integers())
def test_every_number_has_a_form_that_the_language_knows(
    language: str, number: int
) -> None:
    assert form(language, number) in FORMS[language]
    assert form(language, number) == form(language, -number)


def families(language: str) -> dict[str, set[str]]:
    """Keys that count, without their form, and the forms that there are."""
    found: dict[str, set[str]] = {}
    for key in table(language):
        stem, _, last = key.rpartition(".")
        if f"{stem}.other" in table(language) and last in FORMS["sl"]:
            found.setdefault(stem, set()).add(last)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_that_counts_has_all_forms_of_its_language(
    language: str,
) -> None:
    counted = families(language)

    assert counted
    assert counted.keys() == families("en").keys()
    assert {key for key in counted if counted[key] != set(FORMS[language])} == set()


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        pytest.param("en", 1, "and 1 more; mend the first ones and try again"),
        pytest.param("sl", 1, "in še 1 napaka; popravite prve in poskusite znova"),
        pytest.param("sl", 2, "in še 2 napaki; popravite prve in poskusite znova"),
        pytest.param("sl", 104, "in še 104 napake; popravite prve in poskusite znova"),
        pytest.param("sl", 5, "in še 5 napak; popravite prve in poskusite znova"),
        pytest.param("hr", 21, "i još 21 pogreška; ispravite prve i pokušajte ponovno"),
        pytest.param("hr", 22, "i još 22 pogreške; ispravite prve i pokušajte ponovno"),
        pytest.param(
            "hr", 11, "i još 11 pogrešaka; ispravite prve i pokušajte ponovno"
        ),
        pytest.param("sr-Latn", 3, "i još 3 greške; ispravite prve i pokušajte ponovo"),
        pytest.param(
            "sr-Cyrl", 5, "и још 5 грешака; исправите прве и покушајте поново"
        ),
    ],
)
def test_a_number_is_said_as_people_say_it(
    language: str, number: int, said: str
) -> None:
    assert Messages(language).count("problem.more", number) == said


def test_a_counted_sentence_of_another_language_is_marked_and_in_its_form() -> None:
    messages = Messages("sl")
    messages._own = {}

    assert messages.count("problem.more", 2).startswith("[en] and 2 more")
    assert messages.count("no.such", 2) == "[no.such.other]"

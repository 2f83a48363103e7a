"""The word for a thing is the word of the country."""

from __future__ import annotations

import csv
import re

import pytest

from conftest import shared_file
from edc_issuer.messages import LANGUAGES, glossary
from tool_loader import tool


@pytest.mark.parametrize(
    ("language", "profile", "term"),
    [
        ("sl", "SI", "mikrodokazilo"),
        ("sl", "EU", "mikrodokazilo"),
        ("sl", None, "mikrodokazilo"),
        ("sl", "HR", "mikrokvalifikacija"),
        ("sl", "BA-HNK", "mikroprogram"),
        ("hr", "BA-HNK", "mikroprogram"),
        ("hr", "HR", "mikrokvalifikacija"),
        ("en", "BA-HNK", "micro-programme"),
        ("sr_RS", "RS", "микроквалификација"),
        ("sr-Latn", "RS", "mikrokvalifikacija"),
        ("cnr_ME", "ME", "mikrokvalifikacija"),
    ],
)
def test_a_micro_credential_is_called_as_the_country_calls_it(
    language: str, profile: str | None, term: str
) -> None:
    assert glossary.term("micro_credential", language, profile=profile) == term


def test_a_framework_is_called_by_its_own_name_at_home() -> None:
    at_home = glossary.term("nqf", "hr", profile="HR")

    assert at_home == "Hrvatski kvalifikacijski okvir (HKO)"
    assert (
        glossary.term("nqf", "hr", profile="SI") == "nacionalni kvalifikacijski okvir"
    )


def test_a_term_that_a_language_lacks_is_english_and_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        glossary, "entries", lambda: {"x": {"en": "thing", "en@HR": "HR thing"}}
    )

    assert glossary.term("x", "sl") == "[en] thing"
    assert glossary.term("x", "bs", profile="HR") == "[en] HR thing"
    assert glossary.term("no-such", "sl") == "[no-such]"


def test_every_term_stands_in_every_language() -> None:
    found = glossary.entries()

    assert len(found) > 120
    for code, terms in found.items():
        assert [tag for tag in LANGUAGES if not terms.get(tag)] == [], code


def test_cyrillic_terms_are_the_latin_ones_letter_by_letter() -> None:
    cyrillic = tool("make_cyrillic").cyrillic

    for code, terms in glossary.entries().items():
        assert cyrillic(terms["sr-Latn"]) == terms["sr-Cyrl"], code


def test_the_file_is_what_the_pack_says() -> None:
    source = shared_file("domain/glossary.csv")

    assert tool("make_glossary").written(source) == tool(
        "make_glossary"
    ).TARGET.read_text("utf-8")


def test_the_pack_names_every_profile_that_has_a_word_of_its_own() -> None:
    with shared_file("domain/glossary.csv").open(encoding="utf-8") as file:
        named = "".join(row["term_by_profile"] for row in csv.DictReader(file))
    kept = {tag for terms in glossary.entries().values() for tag in terms}

    assert {f"{language}@{profile}" for profile, language in pairs(named)} == {
        tag for tag in kept if "@" in tag
    }


def pairs(named: str) -> list[tuple[str, str]]:
    return re.findall(r"(BA-HNK|[A-Z]{2})/([a-z]{2,3})=", named)

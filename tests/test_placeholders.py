"""A text that says nothing fills no element: dots, dashes, `n/a`, what nobody sees."""

from __future__ import annotations

from typing import Any

import pytest

from edc_issuer.record import CredentialRecord
from edc_issuer.rules.completeness import Completeness, Row, completeness
from edc_issuer.rules.elements import Presence
from edc_issuer.rules.paths import Tree
from edc_issuer.rules.values import PLACEHOLDERS, is_filled, is_written
from test_elm import build as build_elm
from test_ob3 import DID
from test_ob3 import build as build_ob3
from world import record_dict

NAME = "scouts4green_ecological"
# What people type where they mean to say it later; the words are data here.
NOTHING = [
    *(".", "-", "...", "–", "…", "/", "\u200b", "\u3164", "?", ". -", "🙂"),
    *("n/a", "N/A", "(n. a.)".replace(" ", ""), "TODO", "todo:", "To do", "TBD", "xxx"),
    *(
        "XXXX",
        "ххх",
        "None",
        "Ni podatka",
        "nema podataka",
        "НЕМА ПОДАТАКА",
        "\u200bn/a",
    ),
]
SOMETHING = [
    *("C", "3D", "č", "Ж", "編", "०", "Na", "Todo", "C++", "10/10", "XX", "Nič"),
    *("None of us is alone", "Todo lists", "n/a in practice", "Ⅻ"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert not is_filled(text)
    assert not is_filled({"sl": text, "en": [text]})
    assert is_written(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_a_short_honest_text_says_something(text: str) -> None:
    assert is_filled(text)
    assert is_filled({"sl": "n/a", "en": text})


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_a_blank_text_is_not_even_written(text: str) -> None:
    assert not is_filled(text)
    assert not is_written(text)


def test_every_placeholder_is_met_in_any_case() -> None:
    assert [word for word in PLACEHOLDERS if is_filled(word)] == []
    assert [word for word in PLACEHOLDERS if is_filled(word.upper())] == []


def row(found: Completeness, own_id: str) -> Row:
    (wanted,) = (item for item in found.annex1 if item.element.id.endswith(own_id))
    return wanted


def hollow(text: str) -> dict[str, Any]:
    value = record_dict(NAME)
    value["programme"]["title"] = dict.fromkeys(value["programme"]["title"], text)
    for outcome in value["programme"]["outcomes"]:
        outcome["title"] = dict.fromkeys(outcome["title"], text)
    value["learner"] |= {"given_name": ".", "family_name": "-"}
    return value


@pytest.mark.parametrize("text", ["n/a", "...", "\u200b"])
def test_placeholders_are_missing_elements_with_their_places(text: str) -> None:
    found = completeness(hollow(text), profile="EU")

    places = {
        "A1.02": ("programme.title",),
        "A1.06": ("programme.outcomes[0].title",),
    }
    for own_id, where in places.items():
        assert row(found, own_id).status is Presence.MISSING
        assert set(where) <= set(row(found, own_id).where)
    assert row(found, "A1.01").status is not Presence.PRESENT
    assert row(found, "A1.02") in found.lacking


def test_one_outcome_of_several_that_says_nothing_makes_them_partial() -> None:
    value = record_dict(NAME)
    assert row(completeness(value, profile="EU"), "A1.06").status is Presence.PRESENT
    # Two such words, as data: an outcome that somebody meant to write later.
    value["programme"]["outcomes"][1]["title"] = {"sl": "n/a", "en": "TBD"}

    found = row(completeness(value, profile="EU"), "A1.06")

    assert found.status is Presence.PARTIAL
    assert found.where[0] == "programme.outcomes[1].title"


def test_a_name_of_dots_is_named_by_its_place() -> None:
    value = record_dict(NAME)
    value["learner"] |= {"given_name": ".", "family_name": "-"}

    found = row(completeness(value, profile="EU"), "A1.01")

    assert found.status is Presence.PARTIAL
    assert found.where[:2] == ("learner.given_name", "learner.family_name")


@pytest.mark.parametrize("model", ["elm", "ob3"])
def test_they_are_in_a_credential_too(model: str) -> None:
    record = CredentialRecord.from_dict(hollow("n/a"))
    built = build_elm(record) if model == "elm" else build_ob3(record, issuer_id=DID)

    found = completeness(built.credential, profile="EU")

    assert row(found, "A1.02").status is Presence.MISSING
    assert row(found, "A1.02").where != ()


def test_a_value_that_says_nothing_is_found_where_it_stands() -> None:
    tree = Tree.of({"a": [{"b": "č"}, {"b": "..."}, {"b": " "}]}, joined=False)

    assert [hit.value for hit in tree.find("a.b")] == ["č"]
    assert [hit.value for hit in tree.hollow("a.b")] == ["..."]

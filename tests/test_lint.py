"""Hints on outcomes: each with a text that deserves it and one that does not."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from conftest import ROOT, shared_file
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.rules.elements import data
from edc_issuer.rules.lint import Hint, lint
from edc_issuer.rules.lint_words import LEVELS, read, words_of
from element_worlds import document
from world import RECORDS, record_dict

CODES = {
    *("no_verb", "too_short", "not_observable", "several_sentences", "two_results"),
    *("several_results", "bloom", "level_high", "level_low", "not_assessed"),
    *("no_code", "no_links"),
}


def programme(*outcomes: dict[str, Any], **members: Any) -> dict[str, Any]:
    whole = {"outcomes": list(outcomes), **members}
    return {"record_version": "1", "primary_language": "sl", "programme": whole}


def of_text(text: str, language: str = "sl", **members: Any) -> list[str]:
    outcome = {"title": {language: text}, **members}
    return [hint.code for hint in lint(programme(outcome))]


GOOD = [
    ("sl", "Pripravi 3D-model za tisk."),
    ("sl", "Pri delu v tujini upošteva pravila medkulturnega sporazumevanja."),
    ("sl", "Zna izračunati preprost prihranek."),
    ("sl", "Opiše, kako poslovne odločitve podjetja vplivajo na okolje in družbo."),
    ("sl", "Našteje elemente, npr. Naslov ali raven."),
    ("sl", "Sposoben je samostojno izmeriti porabo vode."),
    ("sl", "Opredeli elemente: izbira načina izvedbe, izbira metod dela."),
    ("sl", "Razložiti načela vključenosti."),
    ("hr", "Priprema 3D model za ispis."),
    ("hr", "Objasniti osnovna načela održivosti."),
    ("hr", "Zna objasniti osnovna načela."),
    ("bs", "U radu primjenjuje sigurnosne zahtjeve."),
    ("cnr", "Podešava FDM štampač."),
    ("sr-Latn", "U radu primenjuje bezbednosne zahteve."),
    ("sr-Latn", "Zna da primeni pravila bezbednog rada."),
    ("sr-Cyrl", "Полазник уме да објасни начела одрживости."),
    ("sr-Cyrl", "Припрема 3Д модел за штампу."),
    ("sr", "Објашњава начела одрживости."),
    ("en", "Explains the basic principles of sustainability."),
    ("sl", "Opiše, kako nastaviti tiskalnik in izvesti prvi tisk."),
    ("en-GB", "Describes business rules and tests"),
    ("en", "The learner is able to calculate a simple saving."),
    ("en", "Knows how to apply rules of safe work."),
    ("de", "Kennt die Regeln der Arbeit."),
]


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_a_good_outcome_gets_no_hint(language: str, text: str) -> None:
    assert of_text(text, language) == []


BAD = [
    ("sl", "Osnove trajnostnega razvoja.", "no_verb"),
    ("hr", "Sigurnost u radu.", "no_verb"),
    ("sr-Cyrl", "Основи одрживог развоја.", "no_verb"),
    ("en", "Basic rules of safe work.", "no_verb"),
    ("sl", "Varnost", "too_short"),
    ("sl", "Razume načela ekološke trajnosti.", "not_observable"),
    ("sl", "Dijak pozna pravila varnega dela.", "not_observable"),
    ("sl", "Oceni ponudbe in ve, kako se od njih razlikovati.", "not_observable"),
    ("hr", "Razumije načela održivosti.", "not_observable"),
    ("bs", "Poznaje pravila rada.", "not_observable"),
    ("cnr", "Zna pravila rada.", "not_observable"),
    ("sr-Latn", "Razume načela održivosti.", "not_observable"),
    ("sr-Cyrl", "Познаје правила рада.", "not_observable"),
    ("en", "Understands the rules of safe work.", "not_observable"),
    ("en", "Is aware of the rules of safe work.", "not_observable"),
    ("sl", "Opiše vodni krog. Našteje njegove dele.", "several_sentences"),
    ("en", "Describes the cycle. Names its parts.", "several_sentences"),
    ("sl", "Pripravi in izda digitalno mikrodokazilo.", "two_results"),
    ("hr", "Priprema model i odabire postavke slicera.", "two_results"),
    ("sr-Cyrl", "Припрема модел и бира подешавања слајсера.", "two_results"),
    ("en", "Prepares a model and selects suitable settings.", "two_results"),
    ("sl", "Nastavi tiskalnik, izvede tisk in odpravi napake.", "several_results"),
    ("en", "Sets up, cleans the unit, repairs it and tests it.", "several_results"),
]


@pytest.mark.parametrize(("language", "text", "code"), BAD)
def test_an_outcome_that_shows_nothing_or_too_much_is_named(
    language: str, text: str, code: str
) -> None:
    assert code in of_text(text, language)


def test_three_results_are_graver_than_two_and_an_unknown_verb_than_none() -> None:
    def severity(text: str) -> dict[str, str]:
        found = lint(programme({"title": {"sl": text}}))
        return {hint.code: hint.severity for hint in found}

    assert severity("Pripravi in izda značko.") == {"two_results": "info"}
    assert severity("Nastavi, izvede in odpravi napako.") == {
        "several_results": "warning"
    }
    assert severity("Frlinka po tipkah hitro.") == {"no_verb": "info"}
    assert severity("Pravila na deskah.") == {"no_verb": "info"}
    assert severity("Osnov vodenja podjetij.") == {"no_verb": "warning"}


@pytest.mark.parametrize(
    ("text", "level", "hints"),
    [
        ("Primerja prakse dveh podjetij.", "analyse", []),
        ("Našteje načela trajnosti.", "create", ["bloom"]),
        ("Našteje načela trajnosti.", "no such level", []),
        ("Našteje načela in primerja prakse podjetij.", "analyse", ["two_results"]),
    ],
)
def test_a_verb_is_held_against_the_stated_bloom_level(
    text: str, level: str, hints: list[str]
) -> None:
    assert of_text(text, bloom_level=level) == hints


@pytest.mark.parametrize(
    ("eqf", "bloom", "hints"),
    [
        (2, "create", ["level_high"]),
        (2, "apply", []),
        (3, "create", []),
        (6, "understand", ["level_low"]),
        (6, "analyse", []),
        (5, "understand", []),
        ("6", "understand", []),
    ],
)
def test_bloom_is_held_against_the_level_as_a_hint(
    eqf: Any, bloom: str, hints: list[str]
) -> None:
    outcome = {"title": {"de": "x y"}, "bloom_level": bloom}

    found = lint(programme(outcome, level={"eqf": eqf, "basis": "register"}))

    assert [hint.code for hint in found] == hints
    assert {hint.severity for hint in found} <= {"info"}


def test_every_outcome_is_one_that_the_assessment_names() -> None:
    outcomes = [{"code": code, "title": {"sl": "Opiše vodni krog."}} for code in "AB"]
    nameless = {"title": {"sl": "Opiše vodni krog."}}

    def codes(linked: Any, *more: dict[str, Any]) -> list[tuple[str, str]]:
        given = programme(*outcomes, *more, assessment={"outcomes": linked})
        return [(hint.code, hint.path) for hint in lint(given)]

    assert codes(["A", "B"]) == []
    assert codes(["A"]) == [("not_assessed", "programme.outcomes[1]")]
    assert codes(["A", "B"], nameless) == [("no_code", "programme.outcomes[2]")]


def test_an_assessment_without_outcomes_is_told_once() -> None:
    outcomes = [{"code": code, "title": {"sl": "Opiše vodni krog."}} for code in "AB"]

    found = lint(programme(*outcomes, assessment={"type": "quiz"}))

    assert [hint.code for hint in found] == ["no_links"]


def test_a_hint_is_given_once_for_all_languages_the_primary_first() -> None:
    title = {"en": "Understands rules.", "sl": "Razume pravila."}

    found = lint(programme({"title": title}))

    assert [(h.code, h.language, h.values["verb"]) for h in found] == [
        ("not_observable", "sl", "razume")
    ]


@pytest.mark.parametrize("kind", ["elm", "ob3"])
def test_a_received_credential_is_read_too(kind: str) -> None:
    value = document(kind, [])
    outcome = {"title": {"sl": ["Razume pravila."]}}
    badge = {"targetType": "ext:LearningOutcome", "targetName": "Razume pravila."}
    value["credentialSubject"] = {
        "hasClaim": {"specifiedBy": {"learningOutcome": [outcome]}},
        "achievement": {"inLanguage": "sl", "alignment": [badge]},
    }

    (hint,) = lint(value)

    assert hint.code == "not_observable"
    assert hint.path.startswith("/credentialSubject/")


@cache
def told(name: str) -> dict[str, set[str]]:
    """What is said of each record of the pack: codes by place."""
    places: dict[str, set[str]] = {}
    for hint in lint(record_dict(name)):
        places.setdefault(hint.path, set()).add(hint.code)
    return places


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in RECORDS.glob("*.json")), ids=str
)
def test_of_the_pack_only_what_deserves_it_is_told(name: str) -> None:
    found = {code for codes in told(name).values() for code in codes}

    # Two results in one outcome, three in one; and the "ve", "razume" of MICROQUEST.
    deserved = {"two_results", "several_results"}
    if name == "microquest_participation":
        deserved = {"two_results", "not_observable"}
    assert found <= deserved


def test_the_outcomes_of_microquest_that_nobody_can_observe_are_found() -> None:
    found = lint(record_dict("microquest_participation"))

    vague = [hint for hint in found if hint.code == "not_observable"]
    assert len(vague) == 6
    assert {hint.values["verb"] for hint in vague} == {"ve", "razume"}


@pytest.mark.parametrize("name", ["mcvet_3d_si", "scouts4green_stacked"])
def test_the_credentials_of_the_pack_get_no_warning_for_a_verb(name: str) -> None:
    for folder, suffix in (("expected_elm", "jsonld"), ("expected_ob3", "json")):
        path = shared_file(f"domain/fixtures/{folder}/{name}.{suffix}")
        found = lint(json.loads(path.read_text("utf-8")))

        assert {hint.code for hint in found} <= {"two_results", "several_results"}


def test_a_programme_is_read_as_a_record_is() -> None:
    path = ROOT / "fixtures/programmes/hko_3d.json"

    found = lint(json.loads(path.read_text("utf-8")))

    assert {hint.language for hint in found} == {"hr"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hint_has_its_sentence(language: str) -> None:
    messages = Messages(language)
    values = {"verb": "v", "verbs": "v", "level": "l", "bloom": "b", "eqf": "4"}

    for code in CODES:
        sentence = Hint(code, "info", "x", values=values).sentence(messages)
        assert "{" not in sentence
        assert not sentence.startswith("[lint")


def test_every_verb_has_its_forms_and_its_level() -> None:
    groups = data("lint_verbs.json")["groups"]

    assert tuple(groups["sl"]) == LEVELS
    for group, levels in groups.items():
        forms = 2 if group == "en" else 3
        for level, verbs in levels.items():
            assert len(verbs) > 15, (group, level)
            assert len(set(verbs)) == len(verbs)
            assert {len(verb.split()) for verb in verbs} == {forms}


def test_no_verb_is_called_observable_and_not_observable() -> None:
    for language in ("en", "sl", "hr"):
        words = words_of(language)
        assert words is not None
        assert words.not_observable.isdisjoint(words.verbs)


def test_a_long_text_is_read_to_its_bound() -> None:
    words = words_of("sl")
    assert words is not None

    reading = read("in opiše, " * 100_000, words)

    assert reading.length < 1_000

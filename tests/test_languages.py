"""Seven languages, each in its own words and its own letters."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from conftest import shared_file
from edc_issuer.cli import app
from edc_issuer.messages import (
    LANGUAGES,
    REASONS,
    Messages,
    known_language,
    spoken,
    table,
)
from edc_issuer.messages.tags import WINDOWS
from edc_issuer.models import texts
from edc_issuer.summary import summary
from test_cli import RECORD, run
from test_report_text import SEAL_NOT_TRUSTED, report
from tool_loader import tool
from world import issued

OTHERS = [language for language in LANGUAGES if language != "en"]
LATIN = [language for language in LANGUAGES if language != "sr-Cyrl"]
# Sentences that are the same in two languages, because they hold no word of either.
ALIKE = {
    "head.detail",
    "recognition.hours",
    "completeness.column.element",
    "compare.fact.register",
    "country.MT",
    "country.PT",
}
NOT_CONFIRMED = {
    "en": "NOT CONFIRMED",
    "sl": "NI POTRJENO",
    "hr": "NIJE POTVRĐENO",
    "sr-Latn": "NIJE POTVRĐENO",
    "sr-Cyrl": "НИЈЕ ПОТВРЂЕНО",
    "bs": "NIJE POTVRĐENO",
    "cnr": "NIJE POTVRĐENO",
}
# What stays in Latin letters in a Cyrillic sentence, beside what stands in backticks.
STAYS_LATIN = re.compile(
    r"\{\w+\}|`[^`]*`|edc-issuer( [a-z-]+)*|--[a-z-]+|[\w-]+\.(csv|pem|crl|jsonl?)\b"
    r"|S4G-EC[ON]|SI041|NTRSI-1234567|UTF-8|QF-EHEA|PT…M|2025-11-20"
    r"|\b(CRL|CSV|DID|ELM|HKO|ISO|JSON|JWT|JAdES|PNG|JPEG|SOK|TEST|URI|UTC|TLS|eIDAS|EDC)\b"
    r"|Open Badges?|Ctrl-C|Scouts4Green|Data Integrity|ESCO|Python"
    r"|(?<=Прилог )I\b|(?<=Прилога )I+\b"
    r"|(?<=\} )h\b|NUL|EQF|MB|kB|XML|ELMO|EMREX|XLSX|familyName|\bY\b"
)
# Words by which one language would be taken for its neighbour.
FOREIGN = {
    "sl": r"ne može|nije|što|kako bi|datoteci",
    "hr": r"ko|neko|niko|šta|sertifikat\w*|izdavalac|izdavaoca|računar\w*|hiljad\w*|"
    r"verzij\w*|uslov\w*|sistem\w*|učešć\w*|upotreb\w*|kredencijal\w*|kolon\w*|nivo\w*",
    "sr-Latn": r"tko|netko|nitko|vrijeme|prije|dio|certifikat\w*|računal\w*|"
    r"izdavatelj\w*|točn\w*|razin\w*|popis\w*|uporab\w*|uvjet\w*|vjerodajnic\w*|"
    r"provjer\w*|siječ\w*|stup\w*|ovdje|gdje|cijel\w*|nijesu|nijesmo",
    "bs": r"tko|netko|nitko|vreme|pre|deo|sertifikat\w*|računal\w*|izdavatelj\w*|"
    r"razin\w*|uvjet\w*|sustav\w*|kredencijal\w*|prover\w*|mesto|siječ\w*|gde|ovde",
    "cnr": r"tko|netko|nitko|vreme|pre|deo|certifikat\w*|izdavatelj\w*|razin\w*|"
    r"uvjet\w*|vjerodajnic\w*|prover\w*|mesto|nisu|nismo|niste|gde|ovde|delov\w*",
}


def sentences(language: str) -> Iterator[tuple[str, str]]:
    yield from table(language).items()


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(language: str) -> None:
    english = table("en")
    left = {key for key, said in sentences(language) if said == english.get(key)}

    assert left <= ALIKE


@pytest.mark.parametrize("language", OTHERS)
def test_no_language_says_what_english_does_not(language: str) -> None:
    """But for the words of a profile and the forms of a number."""
    english = table("en").keys()
    forms = {f"{key.rpartition('.')[0]}." for key in english if key.endswith(".other")}
    extra = [
        key
        for key in table(language).keys() - english
        if key.partition("@")[0] not in english
        and not any(key.startswith(form) for form in forms)
    ]

    assert extra == []


@pytest.mark.parametrize("language", LATIN)
def test_latin_sentences_hold_no_cyrillic_letter(language: str) -> None:
    found = [
        key for key, said in sentences(language) if re.search("[\u0400-\u04ff]", said)
    ]

    assert found == []


def test_cyrillic_sentences_hold_no_latin_word_but_names_and_commands() -> None:
    left = {
        key: rest
        for key, said in sentences("sr-Cyrl")
        if (rest := re.findall(r"[A-Za-zČĆĐŠŽčćđšž]+", STAYS_LATIN.sub(" ", said)))
    }

    assert left == {}


@pytest.mark.parametrize("language", FOREIGN)
def test_no_language_borrows_the_words_of_its_neighbour(language: str) -> None:
    borrowed = re.compile(rf"\b(?:{FOREIGN[language]})\b", re.IGNORECASE)
    found = {
        key: words
        for key, said in sentences(language)
        if (words := borrowed.findall(said))
    }

    assert found == {}


def test_cyrillic_is_latin_letter_by_letter() -> None:
    made = tool("make_cyrillic")

    assert made.written() == made.CYRILLIC.read_text("utf-8")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        pytest.param("Ljubljana i Njegoš, DŽEP", "Љубљана и Његош, ЏЕП", id="digraphs"),
        pytest.param(
            "injekcija, konjunkcija", "инјекција, конјункција", id="two-letters"
        ),
        pytest.param("nadživeti džak", "надживети џак", id="two-letters-dž"),
        pytest.param("EU, ESPB, 3D", "ЕУ, ЕСПБ, 3Д", id="abbreviations"),
        pytest.param("Prilog II; I još", "Прилог II; И још", id="roman-numerals"),
        pytest.param(
            "kod S4G-ECO i NTRSI-1234567", "код S4G-ECO и NTRSI-1234567", id="codes"
        ),
        pytest.param("CSVET bod, EQAVET", "CSVET бод, EQAVET", id="names"),
        pytest.param("dan {date} za {n} h", "дан {date} за {n} h", id="placeholders"),
        pytest.param(
            "zatim edc-issuer trust add FILE.pem i --online",
            "затим edc-issuer trust add FILE.pem и --online",
            id="commands",
        ),
        pytest.param(
            "na https://example.org/x ili a.b@example.org",
            "на https://example.org/x или a.b@example.org",
            id="addresses",
        ),
        pytest.param(
            "polje `languages` ili X.509", "поље `languages` или X.509", id="code"
        ),
        pytest.param("PDF-a, JAdES, u eIDAS", "PDF-а, JAdES, у eIDAS", id="endings"),
    ],
)
def test_serbian_is_turned_into_cyrillic(latin: str, cyrillic: str) -> None:
    assert tool("make_cyrillic").cyrillic(latin) == cyrillic


def packed() -> Iterator[tuple[str, str]]:
    """Every text that the domain pack has in both scripts of Serbian."""
    for name in ("report_strings.csv", "glossary.csv"):
        with shared_file(f"domain/{name}").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["sr-Latn"], row["sr-Cyrl"]
    for name in ("vocabularies", "annex1_elements", "annex2_principles"):
        yield from in_both(json.loads(shared_file(f"domain/{name}.json").read_bytes()))
    for name in ("credential_texts.json", "page_labels.json", "badge_texts.json"):
        yield from in_both(texts.table(name))


def in_both(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("sr-Latn"), str):
            yield value["sr-Latn"], value["sr-Cyrl"]
        for inner in value.values():
            yield from in_both(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from in_both(inner)


def test_the_pack_is_turned_into_the_cyrillic_that_it_has() -> None:
    cyrillic = tool("make_cyrillic").cyrillic
    pairs = list(packed())

    assert len(pairs) > 400
    # One slip of the pack: n and lj, which it has as nj in one sentence of three.
    slip = "Nivo je naveden ako je primenljivo."
    wrong = {latin for latin, expected in pairs if cyrillic(latin) != expected}
    assert wrong <= {slip}


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("sr", "sr-Cyrl"),
        ("sr-RS", "sr-Cyrl"),
        ("sr_RS", "sr-Cyrl"),
        ("sr_RS.UTF-8", "sr-Cyrl"),
        ("sr_BA", "sr-Cyrl"),
        ("sr-Cyrl-ME", "sr-Cyrl"),
        ("sr_RS@latin", "sr-Latn"),
        ("sr_RS.UTF-8@latin", "sr-Latn"),
        ("sr-Latn-RS", "sr-Latn"),
        ("SR-latn", "sr-Latn"),
        ("sr_ME", "cnr"),
        ("sr-Latn-ME", "cnr"),
        ("cnr", "cnr"),
        ("cnr_ME", "cnr"),
        ("bs_BA", "bs"),
        ("bs-Latn-BA", "bs"),
        ("hr_BA", "hr"),
        ("HR-hr", "hr"),
        (" sl-SI ", "sl"),
        ("en_GB.UTF-8", "en"),
    ],
)
def test_a_tag_means_one_of_our_languages(tag: str, language: str) -> None:
    assert known_language(tag) == spoken(tag) == language


@pytest.mark.parametrize("tag", ["de", "mk_MK", "slk", "", "C", "srp", "s-r", "@latin"])
def test_a_language_that_we_do_not_speak_is_english(tag: str) -> None:
    assert known_language(tag) == "en"
    assert spoken(tag) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_known_by_its_own_tag(language: str) -> None:
    assert spoken(language) == language
    assert Messages(language).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_reports_in_every_language(
    language: str, tmp_path: Path
) -> None:
    path = tmp_path / "diploma.jsonld"
    path.write_bytes(issued("edc-jades").data)

    shown = run("verify", path, "--lang", language)

    assert shown.exit_code == 3
    assert shown.stdout.startswith(NOT_CONFIRMED[language])
    assert "[en]" not in shown.stdout


def test_a_refused_language_names_those_that_can_be_had(tmp_path: Path) -> None:
    path = tmp_path / "diploma.jsonld"
    path.write_bytes(issued("edc-jades").data)

    refused = run("verify", path, "--lang", "mk")

    assert refused.exit_code == 2
    assert all(language in refused.output for language in LANGUAGES)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_is_told_in_the_readers_language(language: str) -> None:
    for code, checks in REASONS.items():
        for check in checks:
            for status in ("undecided", "fail", "warn"):
                shown = report({check: (status, code)}).to_text(
                    language=language, verbose=True
                )
                assert "[en]" not in shown, (code, check)


def test_the_first_screen_in_serbian() -> None:
    shown = report(SEAL_NOT_TRUSTED).to_text(language="sr", name="diploma.jsonld")

    assert shown.startswith(
        "НИЈЕ ПОТВРЂЕНО   diploma.jsonld\n"
        "Датотека није мењана откако је запечаћена. У печату пише: "
        "Srednja šola Zgled, NTRSI-1234567.\n"
    )


def test_nothing_is_read_before_it_is_asked_for() -> None:
    script = (
        "import edc_issuer, edc_issuer.messages as m;"
        "import edc_issuer.messages.glossary as g;"
        "print(m.table.cache_info().currsize, g.entries.cache_info().currsize);"
        "m.Messages('hr').text('unknown');"
        "print(m.table.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["0", "0", "1"]


def test_a_clerk_is_told_in_her_language_what_to_mend(tmp_path: Path) -> None:
    data = json.loads(RECORD.read_bytes())
    data["lerner"] = data.pop("learner")
    data["programme"]["delivery_mode"] = "presental"
    path = tmp_path / "zapis.json"
    path.write_text(json.dumps(data), encoding="utf-8")

    told = run("check", path, "--lang", "hr").stdout.splitlines()
    english = run("check", path, "--lang", "en").stdout.splitlines()

    assert "learner: nedostaje [missing]" in told
    assert (
        "lerner: nije polje zapisa; jeste li mislili 'learner'? [unknown-key]" in told
    )
    assert "learner: is missing [missing]" in english


def test_a_refused_record_is_explained_in_the_language_of_the_system(
    tmp_path: Path,
) -> None:
    path = tmp_path / "record.json"
    path.write_text("{", encoding="utf-8")
    told = subprocess.run(
        [
            *(sys.executable, "-m", "edc_issuer", "issue", path, "--as", "edc-jades"),
            *("--key", "file:none.p12", "--level", "B", "--out", tmp_path),
        ],
        env={**os.environ, "LC_ALL": "sl_SI.UTF-8", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert told.returncode == 1
    assert told.stderr.startswith("Ni izdano. Kaj je treba popraviti:")
    assert "ni pravilen JSON: glejte vrstico 1, stolpec 2" in told.stderr


def test_windows_numbers_its_scripts_of_serbian() -> None:
    assert set(WINDOWS.values()) == {"sr-Latn", "sr-Cyrl", "cnr"}
    assert WINDOWS[0x241A] == "sr-Latn"
    assert all(spoken(tag) == tag for tag in WINDOWS.values())


@pytest.mark.parametrize(
    ("title", "language", "borrowed"),
    [
        pytest.param({"en": "Bees", "sl": "Čebele"}, "hr", True, id="none-of-them"),
        pytest.param({"en": "Bees", "hr": "Pčele"}, "hr", False, id="one-of-them"),
        pytest.param({"sr-Latn": "Pčele"}, "sr-Cyrl", False, id="in-the-other-script"),
        pytest.param({"sl-SI": "Čebele"}, "sl", False, id="with-a-region"),
        pytest.param("Čebele", "hr", False, id="of-no-language"),
        pytest.param([{"en": "Bees"}], "bs", True, id="in-a-list"),
        pytest.param({}, "sl", False, id="no-title"),
    ],
)
def test_a_file_in_another_language_is_told(
    title: object, language: str, borrowed: bool
) -> None:
    content = {"credentialSubject": {"hasClaim": {"title": title}}}

    shown = report(content=content).to_text(language=language)

    told = Messages(language).text("said.borrowed")
    assert summary(content, language).borrowed is borrowed
    assert (told in shown) is borrowed


def test_a_badge_in_another_language_is_told() -> None:
    badge = {"achievement": {"name": "Čebelarjenje", "inLanguage": "sl"}}

    assert summary({"credentialSubject": badge}, "cnr").borrowed
    assert not summary({"credentialSubject": badge}, "sl").borrowed


def commands(group: Any, *before: str) -> Iterator[str]:
    """Every command of the command line as it is typed."""
    for name, command in group.commands.items():
        yield " ".join((*before, name))
        if hasattr(command, "commands"):
            yield from commands(command, *before, name)


def test_no_command_is_turned_into_cyrillic() -> None:
    cyrillic = tool("make_cyrillic").cyrillic
    every = list(commands(get_command(app), "edc-issuer"))

    assert len(every) > 15
    assert [typed for typed in every if cyrillic(typed) != typed] == []

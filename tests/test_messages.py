"""Every sentence exists in every language and harms nobody's terminal."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edc_issuer
from edc_issuer.messages import (
    LANGUAGES,
    REASONS,
    Messages,
    placeholders,
    printable,
    system_language,
    table,
)
from edc_issuer.messages.plurals import FORMS
from edc_issuer.messages.reasons import listed
from edc_issuer.messages.safe import looks_like_another, neutral
from edc_issuer.report import CATALOGUE, CHECK_IDS, Status

SOURCE = Path(edc_issuer.__file__).parent
# Keys made from the ids of rules and elements, and those of the commands to come.
BUILT = (
    "rule.",
    "element.",
    "stack.answer.",
    "stack.decision.",
    "completeness.",
    "principle.",
    "lint.",
    "severity.",
    "problem.",
    "join.",
    "compare.",
    "convert.kind.",
    "recognition.",
    "convert.",
    "ladder.",
    "identity.",
    "mandate.",
    "trust.kind.",
)
PROFILES = {"EU", "SI", "HR", "RS", "ME", "BA-HNK", "S4G"}
ANSWERS = {"passes", "warns", "fails", "leaves_open", "skips"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_values(
    language: str,
) -> None:
    english, other = table("en"), table(language)

    assert plain_keys(language) == plain_keys("en")
    for key, text in other.items():
        near = (key, key.partition("@")[0], f"{key.rpartition('.')[0]}.other")
        told = next(english[candidate] for candidate in near if candidate in english)
        assert placeholders(text) == placeholders(told), key


def plain_keys(language: str) -> list[str]:
    """The keys without what each language has its own number of.

    Slovenian has three words where Croatian has one (`rule.ST-07@HR`), and a form
    for two things (`problem.more.two`).
    """
    told = table(language)
    plain = (stem(key, told) for key in told if not is_of_profile(key))
    return list(dict.fromkeys(plain))


def stem(key: str, told: Mapping[str, str]) -> str:
    """A key that counts without its form."""
    whole, _, last = key.rpartition(".")
    return whole if last in FORMS["sl"] and f"{whole}.other" in told else key


def is_of_profile(key: str) -> bool:
    return key.partition("@")[2] in PROFILES


def test_a_profile_has_its_own_word_for_the_thing() -> None:
    messages = Messages("sl")

    assert "mikrodokazil" in messages.text("rule.ST-07")
    assert "mikrodokazil" in messages.text("rule.ST-07", profile="SI")
    assert "mikrokvalifikacij" in messages.text("rule.ST-07", profile="HR")
    assert "mikroprogram" in messages.text("rule.ST-07", profile="BA-HNK")
    assert messages.text("rule.ST-08", profile="HR") == messages.text("rule.ST-08")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_of_a_profile_stands_beside_the_general_one(
    language: str,
) -> None:
    told = table(language)
    variants = [key for key in told if is_of_profile(key)]

    assert variants
    assert [key for key in variants if key.partition("@")[0] not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence_of_its_own(language: str) -> None:
    silent = [code for code in REASONS if f"reason.{code}" not in table(language)]

    assert silent == []


def test_every_sentence_for_a_reason_belongs_to_a_listed_reason() -> None:
    told = {
        key.removeprefix("reason.").partition("@")[0]
        for key in table("en")
        if key.startswith("reason.")
    }

    assert told == set(REASONS)


def test_reasons_belong_to_questions_of_the_catalogue() -> None:
    assert {check for checks in REASONS.values() for check in checks} <= set(CHECK_IDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", CHECK_IDS)
def test_every_question_has_its_sentences(check: str, language: str) -> None:
    wanted = {f"check.{check}.{word}" for word in ("question", "pass", "undecided")}

    assert wanted <= table(language).keys()


def emitted(tree: ast.AST) -> Iterator[str]:
    """Reason codes written in source: `reason="..."`, and the word of an answer."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        candidates = [k.value for k in node.keywords if k.arg == "reason"]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in ANSWERS and len(node.args) > 1 and name != "passes":
            candidates.append(node.args[1])
        if isinstance(node.func, ast.Name) and node.func.id == "Unresolved":
            candidates.extend(node.args[1:2])
        for value in candidates:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


@pytest.mark.slow
def test_every_reason_that_the_code_gives_is_listed() -> None:
    codes = {
        code
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "lists"  # `trust update` tells these in full
        for code in emitted(ast.parse(path.read_text("utf-8")))
    }

    assert len(codes) > 40
    assert sorted(code for code in codes if code and not listed(code)) == []


def test_the_search_for_reasons_can_fail() -> None:
    planted = "answers.fails('x', 'made-up'); Malformed('m', reason='also.made-up')"

    assert [listed(code) for code in emitted(ast.parse(planted))] == [False, False]


def test_a_dotted_reason_falls_back_to_its_family() -> None:
    messages = Messages("en")

    assert messages.reason("json.unheard-of", "format.wellformed") == messages.text(
        "reason.json.*"
    )
    assert messages.reason("unheard-of", "format.wellformed") is None


def test_a_family_does_not_speak_for_a_word_without_a_dot() -> None:
    messages = Messages("en")

    assert messages.reason("did", "proof.key") != messages.reason(
        "did.base58", "proof.key"
    )


def test_one_code_may_mean_different_things_on_different_checks() -> None:
    messages = Messages("sl")

    of_seal = messages.reason("revoked", "seal.revocation")
    of_credential = messages.reason("revoked", "credential.status")

    assert of_seal != of_credential


def used_keys() -> set[str]:
    """Keys that stand in the source, and those built from ids and codes."""
    texts = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    quoted = ('"{}"', "'{}'")  # the latter inside the braces of an f-string
    literal = {k for k in table("en") if any(q.format(k) in texts for q in quoted)}
    built = {f"status.{status}" for status in Status}
    built |= {f"month.{number}" for number in range(1, 13)}
    built |= {f"verdict.{word}" for word in ("PASSED", "FAILED", "INDETERMINATE")}
    for question in CATALOGUE:
        words = ("question", "pass", "fail", "undecided")
        built |= {f"check.{question.id}.{word}" for word in words}
    families = ("reason.", "format.", "model.", "country.", *BUILT)
    return literal | built | {k for k in table("en") if k.startswith(families)}


@pytest.mark.slow
def test_no_sentence_is_left_over() -> None:
    assert set(table("en")) - used_keys() == set()


def test_a_missing_sentence_is_english_and_an_unknown_one_visible() -> None:
    messages = Messages("sl")
    messages._own = {}

    assert messages.text("unknown") == "[en] unknown"
    assert Messages("en").text("unknown") == "unknown"
    assert messages.text("no.such.key") == "[no.such.key]"


def test_a_missing_value_stays_visible() -> None:
    shown = Messages("en").text("passed.sealed", name="Šola")

    assert shown == "Unchanged. Sealed by Šola ({identifier}), confirmed by {anchor}."


def test_a_value_is_never_read_as_a_sentence() -> None:
    shown = Messages("en").text("said.file", value="{value} {name.__class__} %s")

    assert shown == "{value} {name.__class__} %s (according to the file)"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("A\x1b[2J\x1b[1;31mPASSED", id="escape-sequence"),
        pytest.param("A\x9b31mB", id="single-byte-escape"),
        pytest.param("Zgled\u202egnp.exe", id="right-to-left-override"),
        pytest.param("Zgled\u2066\u2069\u200f\u061c", id="isolates-and-marks"),
        pytest.param("Zgled\nPASSED   diploma.jsonld", id="line-break"),
        pytest.param("Zgled\r\x0b\x0c\x85\u2028\u2029PASSED", id="other-breaks"),
        pytest.param("Zg\u200bl\u200ded\ufeff\u00ad", id="nothing-to-see"),
        pytest.param("Zgled\U000e0041\U000e0042", id="tags"),
        pytest.param("Zgled\x00\x08\x7f", id="control"),
        pytest.param("Zgled\ud800", id="half-a-surrogate-pair"),
    ],
)
def test_a_name_cannot_repaint_the_terminal(value: str) -> None:
    shown = Messages("sl").text("said.file", value=value)

    kinds = {unicodedata.category(letter) for letter in shown}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len(shown.splitlines()) == 1
    shown.encode("utf-8")


def test_names_of_this_region_are_shown_as_they_are() -> None:
    for name in ("Čebelarska šola Žiče, Đurđevac", "Школа „Вук Караџић“", "Ĳ & Søn"):
        assert neutral(name) == name


def test_a_long_name_is_cut_and_a_pile_of_marks_lowered() -> None:
    assert len(neutral("Ž" * 100_000)) == 400
    assert len(neutral("Z" + "\u0301" * 300)) < 10


@given(st.text())
def test_making_harmless_twice_changes_nothing(text: str) -> None:
    assert neutral(neutral(text)) == neutral(text)


@given(
    st.sampled_from(sorted(table("en"))),
    st.sampled_from([*LANGUAGES, "de", ""]),
    st.dictionaries(st.sampled_from(["name", "date", "did", "value"]), st.text()),
)
def test_no_value_makes_a_sentence_fail(
    key: str, language: str, values: dict[str, str]
) -> None:
    assert Messages(language).text(key, **values)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LC_ALL": "sl_SI.UTF-8", "LANG": "en_GB.UTF-8"}, "sl"),
        ({"LC_ALL": "", "LANG": "sl"}, "sl"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "slk_SK"}, "en"),
        ({"LANG": "sr_RS.UTF-8@latin"}, "sr-Latn"),
        ({"LANG": "sr_RS.UTF-8"}, "sr-Cyrl"),
        ({"LC_MESSAGES": "bs_BA.UTF-8"}, "bs"),
        ({}, "en"),
    ],
)
def test_the_system_names_the_language(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert system_language() == language


def test_a_day_is_written_as_people_of_the_language_write_it() -> None:
    day, moment = date(2025, 11, 3), datetime(2025, 11, 3, 9, 5, tzinfo=UTC)

    assert Messages("sl").day(day) == "3. 11. 2025"
    assert Messages("en").day(day) == "3 November 2025"
    assert Messages("en").moment(moment) == "3 November 2025, 09:05 UTC"
    assert Messages("hr").moment(moment) == "3. studenoga 2025. u 09:05 UTC"
    assert Messages("sr-Latn").day(day) == "3. novembra 2025."
    assert Messages("sr-Cyrl").moment(moment) == "3. новембра 2025. у 09:05 UTC"
    assert Messages("bs").day(date(2025, 8, 3)) == "3. augusta 2025."
    assert Messages("cnr").day(date(2025, 8, 3)) == "3. avgusta 2025."


def test_a_sentence_ends_with_one_dot_only() -> None:
    said = Messages("hr").text("said.valid_until", date=date(2025, 11, 3))

    assert said == "Vrijedi do 3. studenoga 2025."


@pytest.mark.parametrize("encoding", ["cp1250", "cp437", "cp852", "ascii", "no-such"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_printed_on_an_old_console(
    language: str, encoding: str
) -> None:
    known = "ascii" if encoding == "no-such" else encoding

    for sentence in table(language).values():
        shown = printable(sentence, encoding)
        shown.encode(known)
        assert shown.count("?") == sentence.count("?")


@given(st.text(), st.sampled_from(["cp1250", "cp437", "ascii", "utf-8", "x" * 9]))
def test_printing_never_fails(text: str, encoding: str) -> None:
    shown = printable(text, encoding)

    shown.encode("ascii" if encoding.startswith("x") else encoding)


def test_serbian_names_become_latin_but_a_mixture_is_not_hidden() -> None:
    assert printable("Школа Љубљана", "cp437") == "Skola Ljubljana"
    # The first letter of the second word is Cyrillic.
    assert printable("Šola Аna", "cp437") == "Sola ?na"


def test_a_word_of_two_alphabets_is_noticed() -> None:
    assert looks_like_another("Univerza v Ljubljаni")  # with a Cyrillic а
    assert not looks_like_another("Школа Zgled Ѕава")


def test_sentences_hold_no_marks_that_typewriters_leave() -> None:
    for language in LANGUAGES:
        for key, sentence in table(language).items():
            assert not re.search(r"  |\s$|^\s|\.\.$|--\s", sentence), key

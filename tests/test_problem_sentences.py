"""What is wrong with a record is said in the clerk's own language."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edc_issuer
import test_record
import test_record_refusals
from edc_issuer import vocab
from edc_issuer.errors import Problem, RecordError
from edc_issuer.files import MAX_FILE_BYTES, read_files
from edc_issuer.messages import LANGUAGES, Messages, placeholders, table
from edc_issuer.messages.reasons import spellings
from edc_issuer.models import MODELS
from edc_issuer.record import CredentialRecord, ProgrammeDocument, refusals
from edc_issuer.render import picture
from test_record import ecological

SOURCE = Path(edc_issuer.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]
# Where a problem of a record is made; those of credentials of others stay English.
MADE_IN = (
    "record/wording.py",
    "record/consistency.py",
    "record/refusing.py",
    "record/reading.py",
    "record/fields.py",
    "files.py",
    "models/dates.py",
    "models/elm/checks.py",
    "models/elm/envelope.py",
    "models/ob3/checks.py",
    "render/__init__.py",
    "strict_json.py",
    "issue.py",
    "keys/local.py",
)
# Their English says more than any sentence could: which word, at which byte.
SAID_OTHERWISE = ("json.", "limits.", "zone.unknown")


def cases(*tests: Any) -> Iterator[Any]:
    """The first value of every case that other tests are run with."""
    for test in tests:
        for mark in test.pytestmark:
            for case in mark.args[1]:
                yield getattr(case, "values", case)[0]


def problems_of(data: Any) -> tuple[Problem, ...]:
    try:
        kind = CredentialRecord
        record = (
            kind.from_dict(data) if isinstance(data, dict) else kind.from_json(data)
        )
    except RecordError as error:
        return error.problems
    found = tuple(refusals(record))
    return found + tuple(p for model in MODELS for p in model.check(record))


def faulty_records() -> Iterator[Any]:
    for change in cases(
        test_record.test_a_single_fault_is_found_at_its_path,
        test_record.test_what_was_meant_is_suggested,
        test_record_refusals.test_one_assessment_is_judged_by_its_rule,
    ):
        data = ecological()
        change(data)
        yield data
    for change in cases(test_record_refusals.test_each_part_is_judged_on_its_own):
        data = test_record_refusals.fixture("scouts4green_stacked")
        change(data)
        yield data
    yield from cases(test_record.test_a_text_that_holds_no_record_is_one_fault)
    for name in test_record_refusals.NEGATIVE:
        yield json.loads(name.read_bytes())
    yield test_record.PROGRAMMES[0].read_bytes()
    yield {**ecological(), **{f"unknown{number}": 1 for number in range(600)}}
    yield from unissuable()


def unissuable() -> Iterator[dict[str, Any]]:
    """Sound records of which no credential can be made."""
    changes: tuple[tuple[str, Any], ...] = (
        ("programme.learning_setting", "formall"),
        ("programme.homepage", "example.org"),
        ("programme.isced_f", ["9999"]),
        ("learner.email", "ana at example.org"),
        ("learner.subject_did", "not a did"),
        ("issuer.legal_identifier", None),
        ("issuer.address.country", "ZZ"),
        ("awarding_bodies", []),
        ("time_zone", "Europe/Atlantis"),
        ("award.result", None),
    )
    for path, value in changes:
        data = ecological()
        *steps, last = path.split(".")
        place = data
        for step in steps:
            place = place[step]
        if value is None:
            place.pop(last)
        else:
            place[last] = value
        yield data


def every_problem() -> list[Problem]:
    found = {str(p): p for data in faulty_records() for p in problems_of(data)}
    return list(found.values())


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    return every_problem()


def test_the_faulty_records_show_most_codes(problems: list[Problem]) -> None:
    codes = {problem.code for problem in problems}
    cased = {p.code for p in problems if "case" in p.values}

    assert len(codes) > 25
    assert len(cased) > 8


@pytest.mark.parametrize("language", OTHERS)
def test_every_problem_of_a_record_has_a_sentence(
    language: str, problems: list[Problem]
) -> None:
    messages = Messages(language)

    for problem in problems:
        said = messages.problem(problem)
        assert "[en]" not in said, problem
        assert "{" not in said, problem
        assert said != problem.message, problem


def test_the_english_sentence_is_the_one_that_is_given_at_the_place(
    problems: list[Problem],
) -> None:
    english = Messages("en")
    borrowing = Messages("en")
    borrowing.language = "xx"  # as another language does: from the file

    for problem in problems:
        assert english.problem(problem) == problem.message
        if not problem.code.startswith(SAID_OTHERWISE) and problem.code != "more":
            assert borrowing.problem(problem) == problem.message, problem


def made(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Code and case of every problem that is made in a source."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        place = {"Problem": 1, "Fault": 0, "_Refused": 0}.get(name)
        if place is None:
            yield from (
                (keyword.value.value, None)
                for keyword in node.keywords
                if keyword.arg == "reason"
                and isinstance(keyword.value, ast.Constant)
                and isinstance(keyword.value.value, str)
            )
            continue
        if len(node.args) > place and isinstance(node.args[place], ast.Constant):
            code = node.args[place]
            assert isinstance(code, ast.Constant)
            yield str(code.value), case_in(node)


def case_in(call: ast.Call) -> str | None:
    """`case="x"` or `{"case": "x"}` of a call."""
    for keyword in call.keywords:
        if keyword.arg == "case" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            for key, value in zip(argument.keys, argument.values, strict=True):
                is_case = isinstance(key, ast.Constant) and key.value == "case"
                if is_case and isinstance(value, ast.Constant):
                    return str(value.value)
    return None


@pytest.mark.parametrize("file", MADE_IN)
def test_every_code_that_is_made_is_said_in_every_language(file: str) -> None:
    found = set(made(ast.parse((SOURCE / file).read_text("utf-8"))))

    assert found
    for language in LANGUAGES:
        told = {key.partition("@")[0] for key in table(language)}
        told |= {key.rpartition(".")[0] for key in told if key.endswith(".other")}
        for code, case in found:
            if case is None:
                assert any(f"problem.{s}" in told for s in spellings(code)), code
            else:
                assert f"problem.{code}@{case}" in table(language), (code, case)


def test_the_search_for_codes_can_fail() -> None:
    planted = "Problem('x', 'made-up', 'm', {'case': 'c'}); Fault('f', 'm', case='d')"

    assert set(made(ast.parse(planted))) == {("made-up", "c"), ("f", "d")}


def test_a_typing_slip_is_mended_in_the_clerks_language() -> None:
    data = ecological()
    data["lerner"] = data.pop("learner")
    [unknown] = [p for p in problems_of(data) if p.code == "unknown-key"]

    assert Messages("sl").problem(unknown) == (
        "ni polje zapisa; ste mislili 'learner'?"
    )
    assert Messages("sr-Cyrl").problem(unknown) == (
        "није поље записа; да ли сте мислили 'learner'?"
    )


def test_an_unknown_concept_names_its_list_and_what_was_meant() -> None:
    with pytest.raises(vocab.UnknownConcept) as unknown:
        vocab.concept("learning_mode", "presental")
    problem = unknown.value.problem("programme.delivery_mode")

    assert Messages("hr").problem(problem) == (
        "nije šifra s popisa learning_mode; jeste li mislili 'presential'?"
    )
    assert Messages("en").problem(problem) == str(unknown.value)


def test_allowed_values_are_listed_with_the_word_of_the_language() -> None:
    data = ecological()
    data["programme"]["outcomes"][0]["type"] = "skil"
    [problem] = problems_of(data)

    assert Messages("bs").problem(problem) == (
        "mora biti 'knowledge', 'skill' ili 'competence'; jeste li mislili 'skill'?"
    )


def test_where_the_text_is_no_json_is_said_by_line_and_column() -> None:
    [problem] = problems_of(b'{\n "record_version": 1,,\n}')

    assert problem.values == {"case": "at", "line": 2, "column": 22}
    assert "vrstico 2, stolpec 22" in Messages("sl").problem(problem)


def test_a_code_without_a_sentence_is_english_and_marked() -> None:
    unknown = Problem("x", "never.heard-of", "is something\x1b[2J new")

    assert Messages("hr").problem(unknown).startswith("[en] is something")
    assert "\x1b" not in Messages("hr").problem(unknown)
    assert Messages("en").problem(unknown).startswith("is something")


def test_a_sentence_whose_value_is_not_given_is_not_shown_half() -> None:
    bare = Problem("x", "out-of-range", "is too big", {"case": "most"})

    assert "{" not in Messages("sl").problem(bare)
    assert Messages("sl").problem(bare) == "je zunaj dovoljenega območja"


def test_files_are_refused_in_the_clerks_language(tmp_path: Path) -> None:
    data = ecological()
    data["attachments"] = [
        {"type": "other", "media_type": "application/pdf", "path": path}
        for path in ("../secret.pdf", "missing.pdf", "large.pdf", "folder")
    ]
    (tmp_path / "large.pdf").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    (tmp_path / "folder").mkdir()
    record = CredentialRecord.from_dict(data)

    with pytest.raises(RecordError) as refused:
        read_files(record, tmp_path)
    said = [Messages("sl").problem(problem) for problem in refused.value.problems]

    assert said[0].startswith("mora biti relativna pot")
    assert said[1] == "ni v mapi z datotekami"
    assert said[2] == "presega 10 MB"
    assert not any("[en]" in sentence for sentence in said)


def test_a_picture_is_refused_in_the_clerks_language() -> None:
    with pytest.raises(RecordError) as refused:
        picture(b"GIF89a")
    [problem] = refused.value.problems

    assert "PNG" in Messages("sr-Cyrl").problem(problem)
    assert Messages("sr-Cyrl").problem(problem).startswith("ова слика није цела")


def test_a_programme_is_told_from_a_record_in_the_clerks_language() -> None:
    with pytest.raises(RecordError) as refused:
        ProgrammeDocument.from_json(test_record.ECOLOGICAL.read_bytes())
    [problem] = refused.value.problems

    assert Messages("cnr").problem(problem) == (
        "ovo je zapis dodjele; potreban je dokument programa"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_is_a_closer_wording_of_a_sentence_that_stands_alone(
    language: str,
) -> None:
    told = table(language)
    cased = [key for key in told if key.startswith("problem.") and "@" in key]

    assert cased
    for key in cased:
        general = key.partition("@")[0]
        assert general in told, key
        assert placeholders(told[general]) <= placeholders(told[key]), key


@given(
    st.sampled_from(sorted(key for key in table("en") if key.startswith("problem."))),
    st.sampled_from(LANGUAGES),
    st.dictionaries(
        st.sampled_from(["case", "count", "limit", "choices", "suggestion", "value"]),
        st.one_of(
            st.text(), st.integers(), st.none(), st.lists(st.text()), st.booleans()
        ),
    ),
)
def test_no_value_keeps_a_problem_from_being_told(
    key: str, language: str, values: dict[str, object]
) -> None:
    code = key.removeprefix("problem.").partition("@")[0]

    said = Messages(language).problem(Problem("x", code, "is wrong", values))

    assert said
    assert not placeholders(said) - placeholders(str(values))
    assert all(letter.isprintable() for letter in said)

"""Every row of the attack table: the honest twin is PASSED, the attack is not.

Without the first half the second could not fail. `attacks/README.md` says which
rows are here and where the cases of each row stand.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from attacks import CASES, ROWS
from attacks.case import Case
from attacks.workshop import verify
from edc_issuer.messages.reasons import listed
from edc_issuer.report import Outcome


@cache
def _outcome_of_twin(case: Case) -> Outcome:
    return verify(case.twin(), trust=case.trust()).outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_attack_is_answered_beside_its_honest_twin(case: Case) -> None:
    twin = _outcome_of_twin(case)
    report = verify(case.attack(), trust=case.trust())

    check = report.check(case.expected.split(" ")[0])
    text = f"{check.id} {check.status} {check.reason}".strip()
    assert twin is Outcome.PASSED
    assert text == case.expected, report.to_text(verbose=True)
    assert (report.outcome is Outcome.PASSED) == case.passes
    assert all(c.reason != "internal-error" for c in report.checks)


def test_every_row_that_is_built_has_a_case() -> None:
    rows = {case.row for case in CASES}

    assert rows == set(ROWS)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.id for case in CASES]

    assert len(set(names)) == len(names)


def test_every_attack_differs_from_its_twin() -> None:
    same = [case.id for case in CASES if case.attack() == case.twin()]

    assert same == []


def test_the_table_of_rows_names_every_row_and_module() -> None:
    table = (Path(__file__).parent / "attacks" / "README.md").read_text()

    named = {int(row) for row in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    modules = set(re.findall(r"`(\w+_rows)\.py`", table))
    assert named == set(ROWS)
    assert modules == {
        path.stem for path in (Path(__file__).parent / "attacks").glob("*_rows.py")
    }


def test_every_test_that_the_tables_name_is_there() -> None:
    table = (Path(__file__).parent / "attacks" / "README.md").read_text()

    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", table))
    missing = {
        (file, test)
        for file, test in named
        if f"def {test}(" not in (Path(__file__).parent / file).read_text("utf-8")
    }
    assert len(named) > 60
    assert missing == set()


def test_every_row_and_part_that_the_tables_owe_stands_there() -> None:
    """Badges, networks, pictures, lists and holders; parts 3, 4, 10 and 11."""
    table = (Path(__file__).parent / "attacks" / "README.md").read_text()

    rows = {int(row) for row in re.findall(r"^\| (?:row )?(\d+) \|", table, re.M)}
    parts = set(re.findall(r"^\| part (\d+) \|", table, re.M))
    owed = {*range(7, 10), *range(24, 50), *range(57, 69), 74, 75}
    assert owed <= rows
    assert parts == {"3", "4", "10", "11"}


@pytest.mark.parametrize("change", ["16-space", "16-indented"])
def test_a_broken_seal_says_that_reformatting_breaks_it_too(change: str) -> None:
    (case,) = (case for case in CASES if case.id == change)

    text = verify(case.attack()).to_text()

    assert "reformat" in text or "saved again" in text


def test_a_context_that_is_not_at_hand_is_named() -> None:
    (case,) = (case for case in CASES if case.id == "34-unknown")

    check = verify(case.attack()).check("format.wellformed")

    assert "https://zgled.example/context.json" in check.detail


def test_a_signature_in_der_is_called_so() -> None:
    (case,) = (case for case in CASES if case.id == "20-der")

    check = verify(case.attack()).check("proof.integrity")

    assert "DER encoded" in check.detail


@pytest.mark.parametrize("change", ["13-pem", "13-base64url"])
def test_a_certificate_in_another_spelling_comes_with_a_hint(change: str) -> None:
    (case,) = (case for case in CASES if case.id == change)

    check = verify(case.attack()).check("format.wellformed")

    assert "PEM" in check.detail or "base64url" in check.detail


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_answer_has_a_reason_that_people_can_read(case: Case) -> None:
    report = verify(case.attack(), trust=case.trust())

    unlisted = [c.id for c in report.checks if c.reason and not listed(c.reason)]
    assert unlisted == []

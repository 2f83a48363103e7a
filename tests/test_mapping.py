"""The account of a mapping names every present value once, and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from edc_issuer.models.mapping import (
    NO_RULE,
    Rule,
    account,
    lost,
    mapped,
    partial,
    present_paths,
)
from edc_issuer.record import (
    Address,
    Award,
    CredentialRecord,
    Learner,
    Organisation,
    Outcome,
    Programme,
)

DAY = datetime.date(2025, 6, 10)
SCHOOL = Organisation(legal_name={"sl": "Šola"}, address=Address(country="SI"))
RECORD = CredentialRecord(
    record_version="1",
    record_id="R-1",
    credential_kind="micro_credential",
    primary_language="sl",
    languages=("sl", "en"),
    learner=Learner(given_name="Žiga", family_name="Čuk"),
    issuer=SCHOOL,
    awarding_bodies=(SCHOOL, SCHOOL),
    programme=Programme(
        code="P",
        title={"sl": "Program", "en": "Programme"},
        kind="micro_credential",
        outcomes=(Outcome(title={"sl": "A"}), Outcome(title={"sl": "B"}, code="B")),
    ),
    award=Award("C-1", DAY, DAY, DAY, "course"),
)


def test_a_path_has_no_list_index_and_stands_once() -> None:
    paths = present_paths(RECORD)

    assert [path for path in paths if path.startswith("programme.outcomes")] == [
        "programme.outcomes.title",
        "programme.outcomes.code",
    ]
    assert len(paths) == len(set(paths))


def test_a_text_in_several_languages_is_one_value() -> None:
    assert "programme.title" in present_paths(RECORD)
    assert not [path for path in present_paths(RECORD) if path.endswith(".sl")]


@pytest.mark.parametrize("empty", [None, {}])
def test_what_is_empty_is_absent(empty: dict[str, str] | None) -> None:
    record = replace(RECORD, extensions=empty, parts=())

    paths = present_paths(record)

    assert "extensions" not in paths
    assert "parts" not in paths


def test_false_and_zero_are_present() -> None:
    school = replace(SCHOOL, formal_provider=False)

    assert "formal_provider" in present_paths(school)


def test_the_longest_rule_wins() -> None:
    rules = (lost("award", "all"), mapped("award.valid_from", "validFrom"))

    report = account("x", RECORD, rules)

    rows = {row.path: row for row in report.fields}
    assert rows["award.valid_from"].kind == "mapped"
    assert rows["award.date_issued"].why == "all"


def test_a_rule_covers_whole_names_only() -> None:
    report = account("x", RECORD, (lost("award", "all"),))

    rows = {row.path: row for row in report.fields}
    assert rows["awarding_bodies.legal_name"].why == NO_RULE


def test_what_no_rule_covers_is_reported_as_lost() -> None:
    report = account("x", RECORD, ())

    assert {row.path for row in report.losses} == set(present_paths(RECORD))


def test_a_rule_says_nothing_about_absent_fields() -> None:
    report = account("x", RECORD, (lost("extensions", "never mapped"),))

    assert "extensions" not in {row.path for row in report.fields}


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: mapped("a"), id="mapped-to-nothing"),
        pytest.param(lambda: partial("a", "b", why=""), id="partial-without-reason"),
        pytest.param(lambda: Rule("a", "lost"), id="lost-without-reason"),
    ],
)
def test_a_rule_that_explains_nothing_cannot_be_written(
    make: Callable[[], Rule],
) -> None:
    with pytest.raises(ValueError, match="a: "):
        make()

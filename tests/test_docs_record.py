"""The page of the record is true: its example loads, its tables are the code's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from conftest import ROOT
from edc_issuer.files import MAX_FILE_BYTES, MAX_TOTAL_BYTES
from edc_issuer.models import MODELS
from edc_issuer.record import CredentialRecord, json_schema, refusals
from edc_issuer.record import refusing as refusing_module
from edc_issuer.render.png import MAX_PICTURE_BYTES

PAGE = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
SCHEMA = json_schema()["$defs"]


def block(language: str) -> str:
    """The one code block of this language."""
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


def minimal() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(block("json"))
    return value


def test_the_smallest_record_loads_and_both_models_can_be_built_from_it() -> None:
    record = CredentialRecord.from_dict(minimal())

    assert [*refusals(record)] == []
    assert [problem for model in MODELS for problem in model.check(record)] == []


@pytest.mark.parametrize(
    "path",
    [
        *[(name,) for name in minimal()],
        *[("programme", name) for name in minimal()["programme"]],
        *[("award", name) for name in minimal()["award"]],
        *[("learner", name) for name in minimal()["learner"]],
        ("issuer", "legal_identifier"),
    ],
    ids=".".join,
)
def test_the_smallest_record_has_nothing_to_spare(path: tuple[str, ...]) -> None:
    value = minimal()
    *parents, last = path
    holder = value
    for parent in parents:
        holder = holder[parent]
    del holder[last]

    assert problems(value)


def problems(value: dict[str, Any]) -> list[Any]:
    from edc_issuer import RecordError

    try:
        record = CredentialRecord.from_dict(value)
    except RecordError as error:
        return [*error.problems]
    return [problem for model in MODELS for problem in model.check(record)]


def test_the_code_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "record.md", "exec"), {"minimal": minimal()})

    assert capsys.readouterr().out == block("text")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("*the record*", "CredentialRecord"),
        ("`learner`", "Learner"),
        ("`programme.assessment`", "Assessment"),
        ("`award`", "Award"),
        ("`award.result`", "Result"),
        ("`parts[]`", "Part"),
        ("`evidence[]`", "Evidence"),
        ("`attachments[]`", "Attachment"),
    ],
)
def test_the_required_members_are_those_of_the_schema(row: str, kind: str) -> None:
    (cells,) = [line for line in PAGE.splitlines() if line.startswith(f"| {row} |")]

    required = re.findall(r"`([^`]+)`", cells.split("|")[3])

    assert required == SCHEMA[kind]["required"]


def test_every_refusal_is_on_the_page() -> None:
    section = PAGE.partition("## What is refused")[2].partition("## ")[0]

    listed = set(re.findall(r"^\| `([a-z-]+)`", section, re.MULTILINE))

    documented = refusing_module.refusals.__doc__ or ""
    assert listed == set(re.findall(r"`([a-z]+-[a-z-]+)`", documented))


def test_the_limits_of_files_are_those_of_the_code() -> None:
    sentence = " ".join(PAGE.split())

    assert f"One file may have {MAX_FILE_BYTES // 2**20} MB" in sentence
    assert f"all together {MAX_TOTAL_BYTES // 2**20} MB" in sentence
    assert f"a picture {MAX_PICTURE_BYTES // 1000} kB" in sentence


def test_fifteen_complete_records_lie_beside_the_code() -> None:
    assert len([*(ROOT / "fixtures" / "records").glob("*.json")]) == 15

"""Every system of the source documents has an honest answer that can be looked up."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from typer.main import get_command

from conftest import ROOT, shared_file
from edc_issuer.cli import app
from edc_issuer.rules.table import data as rules_data
from test_docs_pages import exists
from test_frameworks import members
from tool_loader import tool

TOOL = tool("systems_page")
SYSTEMS: list[dict[str, Any]] = TOOL.data()["systems"]
each = pytest.mark.parametrize("row", SYSTEMS, ids=[row["id"] for row in SYSTEMS])


def test_all_systems_of_the_documents_are_answered_once() -> None:
    path = shared_file("domain/systems.csv")
    with path.open(encoding="utf-8", newline="") as file:
        wanted = {row["id"]: row["category"][0] for row in csv.DictReader(file)}

    assert len(wanted) == 98
    assert {row["id"]: row["category"] for row in SYSTEMS} == wanted
    assert len(SYSTEMS) == 98


@each
def test_an_answer_is_one_of_the_listed_and_says_where_and_what(
    row: dict[str, Any],
) -> None:
    assert row["answer"] in TOOL.ANSWERS
    assert row["where"]
    assert row["says"].endswith(".")
    assert "|" not in row["name"] + row["says"]


@pytest.mark.sampled(3)
@each
def test_whatever_an_answer_names_exists(row: dict[str, Any]) -> None:
    assert [where for where in row["where"] if not is_there(where)] == []


def is_there(where: str) -> bool:
    kind, _, name = where.partition(" ")
    if kind == "command":
        return name in get_command(app).commands  # type: ignore[attr-defined]
    if kind == "module":
        return exists(name)
    if kind == "record":
        return members(name)
    if kind == "rule":
        return name in {rule["id"] for rule in rules_data()["rules"]}
    return kind in ("page", "fixture") and (ROOT / name).is_file()


@pytest.mark.parametrize(
    "planted",
    [
        "command shred",
        "module rules.nothing",
        "record programme.colour",
        "rule ST-99",
        "page docs/none.md",
        "fixture fixtures/records/none.json",
        "rumour says so",
    ],
)
def test_the_look_up_can_fail(planted: str) -> None:
    assert not is_there(planted)


def test_what_is_to_come_is_not_called_answered() -> None:
    early = [
        row["id"]
        for row in SYSTEMS
        if row["answer"] == "answered" and "to come" in row["says"]
    ]

    assert early == []


def test_the_page_is_what_the_tool_writes() -> None:
    page = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")

    assert page == TOOL.page() + "\n"

"""The page about trusted lists names commands, options and code that exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from conftest import ROOT
from edc_issuer import fetch
from edc_issuer.cli import app
from edc_issuer.trust import Trust
from edc_issuer.trust.lists import lotl, update
from edc_issuer.trust.lists.model import GRACE, LONGEST
from pki import DAY
from test_lists_update import URL, InMemory
from trusted_lists import ListWorld, ServicePlan

PAGE = (ROOT / "docs" / "trusted-lists.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"edc-issuer (trust \w+|verify)((?: --?[a-z][a-z-]*)*)")


@cache
def options(command: str) -> set[str]:
    found = get_command(app)
    for word in command.split():
        found = found.commands[word]  # type: ignore[attr-defined]
    return {name for one in found.params for name in one.opts}


def test_every_command_and_option_of_the_page_exists() -> None:
    commands = COMMAND.findall(PAGE)
    named = set(re.findall(r"(--[a-z][a-z-]+)", PAGE)) - {"--at"}

    assert {command for command, _ in commands} == {
        "trust update",
        "trust show",
        "trust add",
        "verify",
    }
    assert named <= options("trust update")
    assert "--at" in options("verify")


def test_the_certificates_that_ship_are_counted() -> None:
    newest, before = lotl.official().publications

    assert newest.reference.removeprefix("OJ ") in PAGE
    words = {6: "six", 8: "eight"}
    assert f"({words[len(before.signers)]})" in PAGE
    assert f"({words[len(newest.signers)]})" in PAGE
    assert before.until is not None
    assert f"{before.until:%-d %B %Y}" in PAGE


def test_the_ages_are_those_of_the_page() -> None:
    assert GRACE == 90 * DAY
    assert "ninety days later" in PAGE
    assert LONGEST < 200 * DAY
    assert "half a year" in PAGE


def test_the_code_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = lotl.official().publications[0].signers[0]
    world = ListWorld.create([ServicePlan((signer,))], url=URL, policies=())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fetch, "Http", lambda: InMemory(world.files()))
    monkeypatch.setattr(update, "official", lambda: world.authority)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}

    exec(code, names)

    trust = names["trust"]
    assert isinstance(trust, Trust)
    assert [info.territory for info in trust.lists.infos] == ["EU", "SI"]

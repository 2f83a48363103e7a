"""The page about status is true: its commands and its Python are run, in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from edc_issuer.report import Outcome
from edc_issuer.status.bits import MIN_ENTRIES
from edc_issuer.status.publishing import SUFFIXES, VALIDITY
from statuses import (
    CLEAR,
    REVOKED,
    URL,
    entry,
    list_credential,
    signed,
    subject,
    verify,
    with_status,
)
from world import world

PAGE = (ROOT / "docs" / "status.md").read_text("utf-8")


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    tools = Path(sys.executable).parent
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_commands_of_the_page_end_well_one_after_the_other(demo: Path) -> None:
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))

    done = run(commands, demo)

    assert done.returncode == 0, done.stderr
    assert "FAILED" in done.stdout
    assert "another person of the same name" in done.stdout
    assert "Revoked and replaced by urn:uuid:" in done.stdout
    corrected = {path.name for path in (demo / "corrected").iterdir()}
    assert corrected <= {path.name for path in (demo / "issued").iterdir()}


@pytest.mark.slow
def test_the_python_of_the_page_runs(demo: Path) -> None:
    assert run(PAGE.partition("```sh\n")[2].partition("```")[0], demo).returncode == 0
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}

    exec(compile(code, "status.md", "exec"), names)

    lists = names["lists"]
    assert isinstance(lists, tuple)
    report = world().verify(names["issued"].data, evidence=[one.data for one in lists])  # type: ignore[attr-defined]
    assert report.outcome is Outcome.FAILED
    assert report.check("credential.status").reason == "revoked"


def test_the_words_on_the_page_are_those_of_the_report() -> None:
    text = verify(with_status()).to_text(name="badge.jsonld")
    shown = re.search(r"```\n(NOT CONFIRMED.*?)```", PAGE, re.DOTALL)

    assert shown is not None
    for line in shown[1].splitlines():
        assert line.replace("www.example.org", "zgled.example") in text


def test_a_reader_of_what_was_revoked_is_sent_after_what_took_its_place() -> None:
    data = with_status(entry(REVOKED))
    listed = {URL: signed(list_credential(subject(REVOKED)))}
    revoked = verify(data, online=listed).to_text().splitlines()
    clear = verify(with_status(entry(CLEAR)), online=listed).to_text()

    assert revoked[1:4] == [  # behind the head of a test
        "FAILED",
        "The issuer revoked the credential. Do not rely on it.",
        "Ask the school, by a number you did not take from this file, whether another "
        "one took its place.",
    ]
    assert "\nPASSED\n" in clear
    assert "took its place" not in clear


def test_the_figures_on_the_page_are_those_of_the_code() -> None:
    assert f"{MIN_ENTRIES:,} in a list" in PAGE
    assert f"`--valid-days`, {VALIDITY.days} unless" in PAGE
    assert all(f"`revocation-1{suffix}`" in PAGE for suffix in SUFFIXES.values())

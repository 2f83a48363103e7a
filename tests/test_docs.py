"""The README and the docs are true: their code runs, their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from conftest import ROOT
from edc_issuer.cli import app

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", PYTHON, ids=["issue", "verify"])
def test_the_python_of_the_readme_runs(
    code: str, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(code, "README.md", "exec"), {})

    assert capsys.readouterr().out


def test_the_verify_story_ends_as_it_says(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(PYTHON[1], "README.md", "exec"), {})

    assert capsys.readouterr().out.startswith("PASSED\ntest\n")


def test_the_verify_command_prints_the_report_of_the_story(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = next(text for text in SHELL if text.startswith("edc-issuer verify"))
    exec(compile(PYTHON[1], "README.md", "exec"), {})
    story = capsys.readouterr().out

    printed = CliRunner().invoke(app, command.split()[1:])

    assert printed.exit_code == 3  # the demo's keys are test keys
    # The command also names the file.
    assert printed.stdout.strip().replace("   diploma.jsonld", "", 1) in story


def test_the_issue_command_of_the_readme_runs(demo: Path) -> None:
    command = next(text for text in SHELL if text.startswith("edc-issuer issue"))
    words = command.replace("\\\n", " ").split()

    run = subprocess.run(
        [sys.executable, "-m", "edc_issuer", *words[1:]],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert (demo / run.stdout.strip()).is_file()


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    for link in links:
        if "://" not in link:
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_command_page_shows_the_help_that_is_printed() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from commands_page import page

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == page()


def test_every_command_has_a_help_text() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]

    assert all(command.help for command in commands.values())

"""The guides are true: every command and every line of Python in them is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from tool_loader import tool
from world import PASSWORD, world

DOCS = ROOT / "docs"
GUIDES = ("clerk.md", "clerk.sl.md")
BLOCKS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place as `make demo` leaves it: ./demo beside ./fixtures."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    (tmp_path / "demo").symlink_to(world().folder)
    return tmp_path


def commands(page: str) -> list[str]:
    return BLOCKS.findall((DOCS / page).read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_a_guide_does_its_work(page: str, folder: Path) -> None:
    text = "\n".join(commands(page)).replace("SEAL_PASSWORD=demo", "true")
    tools = Path(sys.executable).parent

    run = subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "SEAL_PASSWORD": PASSWORD,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert len(list((folder / "issued").iterdir())) == 4
    assert run.stdout.count("TEST") == 4


def test_both_guides_for_clerks_give_the_same_commands() -> None:
    english, slovenian = (" ".join(commands(page)) for page in GUIDES)

    changed = slovenian.replace("--lang sl", "--lang en").replace(
        "razred.csv", "class.csv"
    )
    assert changed == english


def test_the_python_of_the_guide_for_integrators_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (DOCS / "integrators.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    code = "\n".join(blocks).replace('"demo"', repr(PASSWORD))
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}

    exec(compile(code, "integrators.md", "exec"), names)

    printed = capsys.readouterr().out
    assert "learner.family_name missing" in printed
    assert "1 date_awarded" in printed
    assert "10/10 10/11" in printed
    assert str(names["report"].outcome) in ("Outcome.PASSED", "PASSED")
    assert len(list((folder / "issued").iterdir())) == 4


@pytest.mark.slow
def test_the_batch_of_the_readme_runs(folder: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = next(
        c for c in BLOCKS.findall(readme) if c.startswith("edc-issuer batch")
    )

    words = command.replace("\\\n", " ").split()

    run = subprocess.run(
        [sys.executable, "-m", "edc_issuer", *words[1:]],
        cwd=folder,
        env={**os.environ, "SEAL_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert len(list((folder / "class").iterdir())) == 4


def test_the_page_of_columns_is_the_table_that_is_read() -> None:
    written = (DOCS / "columns.md").read_text(encoding="utf-8")

    assert written == tool("columns_page").page()


def test_the_check_of_the_readme_runs(folder: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = next(
        c for c in BLOCKS.findall(readme) if c.startswith("edc-issuer check")
    )

    run = subprocess.run(
        [sys.executable, "-m", "edc_issuer", *command.split()[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "10/10" in run.stdout

"""The page about badges is true: its commands and its code run, in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from badges2 import assertion, text
from conftest import ROOT
from edc_issuer.cli import app
from edc_issuer.verify.badge2_objects import MAX_OBJECTS
from pictures import SVG, png
from world import issued, world

PAGE = (ROOT / "docs" / "badges.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "badge.jwt").write_bytes(issued("ob3-jwt").data.strip())
    (tmp_path / "badge-2.json").write_bytes(text(assertion()))
    (tmp_path / "picture.png").write_bytes(png())
    (tmp_path / "picture.svg").write_bytes(SVG)
    (tmp_path / "trust").symlink_to(world().trust_folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> Result:
    words = line.split()
    assert words[0] == "edc-issuer"
    return CliRunner().invoke(app, words[1:])


def test_the_commands_about_pictures_run(desk: Path) -> None:
    baked, verified, taken = map(run, SHELL[0].strip().splitlines())

    assert baked.exit_code == verified.exit_code == taken.exit_code == 0
    assert "We checked the credential inside, not the picture" in verified.stdout
    assert (desk / "again.jwt").read_bytes() == (desk / "badge.jwt").read_bytes()


def test_the_python_runs(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PYTHON[0], "badges.md", "exec"), {})

    assert capsys.readouterr().out == "ob3 .jwt\n"


def test_the_command_about_version_2_asks_only_where_it_is_told_to(desk: Path) -> None:
    offline = run(SHELL[1].strip().replace(" --online", "") + " --lang en")

    assert offline.exit_code == 3
    assert "--online" in offline.stdout


def test_a_picture_without_a_badge_is_failed_and_not_called_a_forgery(
    desk: Path,
) -> None:
    told = run("edc-issuer verify picture.png --trust trust --lang en")

    assert told.exit_code == 1
    assert "without a credential in it" in told.stdout
    assert "not a sign of forgery" in told.stdout
    assert "The credential is not valid" not in told.stdout


def test_the_bound_is_the_one_in_the_code() -> None:
    assert f"at most {MAX_OBJECTS} in one run" in PAGE


@pytest.mark.parametrize("reason", re.findall(r"`((?:carrier|hosted)[\w.-]+)`", PAGE))
def test_every_reason_on_the_page_is_one(reason: str) -> None:
    from edc_issuer.messages.reasons import REASONS

    assert reason in REASONS

"""The page on stacking is true: its commands and its Python are run, in order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from world import PASSWORD, issued, world

PAGE = (ROOT / "docs" / "stacking.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place as `make demo` leaves it: ./demo beside ./fixtures."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    (tmp_path / "demo").symlink_to(world().folder)
    return tmp_path


@pytest.mark.slow
def test_the_commands_lead_from_three_credentials_to_one(folder: Path) -> None:
    text = "\n".join(SHELL).replace("SEAL_PASSWORD=demo", f"SEAL_PASSWORD={PASSWORD}")
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    run = subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": tools, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "ELIGIBLE: S4G-ALL" in run.stdout
    assert len(list((folder / "parts").iterdir())) == 3
    assert len(list((folder / "issued").iterdir())) == 1
    kept = json.loads((folder / "decision.json").read_text(encoding="utf-8"))
    assert kept["decision"] == "accepted"


def test_the_python_says_eligible_and_drafts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "parts").mkdir()
    for name in ("ecological", "economic", "social"):
        made = issued("edc-jades", f"scouts4green_{name}")
        (folder / "parts" / made.filename).write_bytes(made.data)
    monkeypatch.chdir(folder)

    exec(compile("\n".join(PYTHON), "stacking.md", "exec"), {})

    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["eligible 45", "accepted 45"]
    assert "2025-0417 S4G-ALL award " in told
    assert "2025-0418 S4G-ECO refuse AS-01" in told
    assert "2025-0420 S4G-SOC refuse AS-05" in told

"""The page about both ways is true: its commands and its Python run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import ROOT
from edc_issuer.cli import app
from edc_issuer.record import CredentialRecord

PAGE = (ROOT / "docs" / "both-ways.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).replace("\\\n", "")
COMMANDS = [line for line in SHELL.splitlines() if line.strip()]
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_every_command_of_the_page_ends_well_one_after_the_other(demo: Path) -> None:
    codes = {
        command: CliRunner().invoke(app, shlex.split(command)[1:]).exit_code
        for command in COMMANDS
    }

    assert len(codes) == 6
    assert codes == dict.fromkeys(codes, 0)
    read = CredentialRecord.from_json((demo / "read" / "record.json").read_bytes())
    assert read.programme.code == "S4G-ECO"


def test_the_python_of_the_page_runs(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(PYTHON[0], "both-ways.md", "exec"), {})

    told = capsys.readouterr().out
    assert "Ecological sustainability" in told
    assert "record_id assumed" in told

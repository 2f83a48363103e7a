"""The page about showing a part of a badge is true: what stands there is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from edc_issuer.formats.selective.grouping import MAX_STATEMENTS
from edc_issuer.formats.selective.method import ALWAYS, MAX_PROOFS
from edc_issuer.messages.reasons import listed

PAGE = (ROOT / "docs" / "selective-disclosure.md").read_text("utf-8")
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(text: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", text],
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_page_runs_from_the_key_to_the_copy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learner, key = (text for kind, text in BLOCKS if kind == "sh")
    issuing, deriving = (text for kind, text in BLOCKS if kind == "python")

    made = shell(key)
    exec(compile(issuing, "selective-disclosure.md", "exec"), {})
    shown = shell(learner)
    exec(compile(deriving, "selective-disclosure.md", "exec"), {})

    assert made.returncode == 0, made.stderr
    assert shown.returncode == 0, shown.stderr
    assert "Every copy shows" in shown.stdout
    assert shown.stdout.endswith("issued/badge.copy.jsonld\n")
    assert (folder / "issued" / "badge.copy.jsonld").is_file()
    assert (folder / "issued" / "for-the-employer.jsonld").is_file()
    assert "/issuer" in capsys.readouterr().out


def test_the_page_names_what_is_always_shown_and_what_is_bounded() -> None:
    old_names = {"issuanceDate", "expirationDate"}  # of VCDM 1.1, which we do not issue

    assert all(f"`{name}`" in PAGE for name in set(ALWAYS) - old_names)
    assert f"at most {MAX_STATEMENTS:,}" in PAGE
    assert f"at most {MAX_PROOFS} are worked through" in PAGE


def test_the_reasons_of_the_page_are_listed() -> None:
    for reason in ("may-be-withheld", "disclosed-part", "proof.base"):
        assert f"`{reason}`" in PAGE
        assert listed(reason)

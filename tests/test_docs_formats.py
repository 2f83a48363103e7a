"""What docs/formats.md shows runs, and what it says of the profiles is so."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import ROOT
from edc_issuer import open_signer, present
from edc_issuer.cli import app
from edc_issuer.formats.jwt_profiles import OB3, VC_JOSE
from edc_issuer.issue import PROFILES
from edc_issuer.keys.badge import new_badge_key
from world import issued, world

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_table_has_every_profile() -> None:
    named = re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE, re.MULTILINE)

    assert sorted(named) == sorted(PROFILES)


def test_the_algorithms_are_those_of_the_code() -> None:
    (row,) = re.findall(r"^\| algorithms \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)

    assert [tuple(one.strip().split(", ")) for one in row] == [
        OB3.algorithms,
        VC_JOSE.algorithms,
    ]


def test_the_command_about_a_presentation_says_who_hands_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (command,) = re.findall(r"```sh\n(.+?)```", PAGE, re.DOTALL)
    asked = re.search(r"--challenge (\S+) --domain (\S+)", command)
    assert asked is not None
    with open_signer(world().key("ob3-di")) as wallet:
        shown = present(
            [issued("ob3-jwt").data],
            wallet,
            secured_as="vp+jwt",
            challenge=asked[1],
            domain=asked[2],
        )
    (tmp_path / "presentation.jwt").write_bytes(shown)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDC_TRUST", str(world().trust_folder))
    words = shlex.split(command)[1:]

    mine = CliRunner().invoke(app, [*words, "--json"])
    other = CliRunner().invoke(app, [*words, "--challenge", "another", "--json"])

    def holder(told: str) -> str:
        checks = {row["id"]: row for row in json.loads(told)["checks"]}
        return str(checks["credential.holder"]["reason"])

    assert mine.exit_code == 3  # never 0: it is an envelope
    assert holder(mine.stdout) == "presented-to-you"
    assert other.exit_code == 1
    assert holder(other.stdout) != "presented-to-you"


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_badge_key().write(tmp_path / "wallet.pem")
    (code,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)

    exec(code, {"badge": issued("vc-jwt").data})

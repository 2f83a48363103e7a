"""What docs/formats.md shows runs, and what it says of the profiles is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT
from edc_issuer.formats.jwt_profiles import OB3, VC_JOSE
from edc_issuer.issue import PROFILES
from edc_issuer.keys.badge import new_badge_key
from world import issued

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


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new_badge_key().write(tmp_path / "wallet.pem")
    (code,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)

    exec(code, {"badge": issued("vc-jwt").data})

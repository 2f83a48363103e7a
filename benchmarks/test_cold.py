"""What a command costs that runs once: whole processes, started one by one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Rounds
from benchmarks.school import PROFILE_IDS, school
from world import world


def _run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True, capture_output=True)


def test_import(rounds: Rounds) -> None:
    rounds.benchmark.group = "cold"

    rounds.at_most_more(
        lambda: _run("-c", "import edc_issuer"),
        lambda: _run("-c", "pass"),
        most_ms=100,
        against="bare Python",
    )


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_verify_one_file(rounds: Rounds, profile: str, tmp_path: Path) -> None:
    rounds.benchmark.group = "cold"
    it = school(profile)
    file = tmp_path / f"credential{it.format.suffix}"
    file.write_bytes(it.signed(it.built()))
    trust = str(world().trust_folder)

    rounds.alone(
        lambda: _run(
            "-m", "edc_issuer", "verify", str(file), "--trust", trust, "--allow-test"
        ),
        rounds=10,
        most_ms=600,
    )

"""A list of ten thousand rows: how long, in how much memory, and on two processes.

Whole commands in processes of their own, as a clerk starts them. The list is the flat
sheet of the fixtures with one class of learners.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from benchmarks.measuring import Rounds
from rows import class_of, save, text_of
from world import PASSWORD, record_dict, world

ROWS, MANY = 10_000, 40_000
SEALED = 500
# Prints the peak of this process's memory in kilobytes after the command. Linux
# counts that of the process which started it into getrusage, hence /proc.
MEASURED = """
import pathlib, resource, sys
from edc_issuer.cli import main
try:
    main()
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        peak = int(status.read_text().partition("VmHWM:")[2].split()[0])
    print(peak, file=sys.stderr)
"""


def command(*words: object) -> tuple[float, int]:
    """Seconds that a command takes, and kilobytes of its peak of memory."""
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, "batch", *map(str, words)],
        env={**os.environ, "SEAL": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - start
    assert run.returncode == 0, run.stdout[-2_000:] + run.stderr[-2_000:]
    kilobytes = int(run.stderr.split()[-1])
    return taken, kilobytes if sys.platform != "darwin" else kilobytes // 1024


@cache
def sheet(count: int) -> Path:
    """A flat CSV with so many awards, and its organisations beside it."""
    folder = Path(mkdtemp(prefix="edc-bench-"))
    return save(folder, text_of(class_of(count)))


@cache
def lines(count: int) -> Path:
    """The same number of full records as JSON Lines."""
    path = Path(mkdtemp(prefix="edc-bench-")) / "rows.jsonl"
    record = record_dict()
    record.pop("credential_id", None)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            record["record_id"] = f"award-{number}"
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


@cache
def dry(path: Path, profile: str) -> tuple[float, int]:
    return command(path, "--as", profile, "--dry-run", "--lang", "en")


def once(rounds: Rounds, measured: Any) -> Any:
    rounds.benchmark.group = "batch"
    return rounds.benchmark.pedantic(  # type: ignore[no-untyped-call]
        measured, rounds=1, iterations=1
    )


@pytest.mark.parametrize("profile", ["edc-jades", "ob3-jwt"])
@pytest.mark.parametrize("kind", [sheet, lines], ids=["csv", "jsonl"])
def test_dry_run_of_10000_rows(rounds: Rounds, kind: Any, profile: str) -> None:
    path = kind(ROWS)

    seconds, _ = once(rounds, lambda: dry(path, profile))

    rounds.aim("at most 30 s", f"{seconds:.1f} s", reached=seconds <= 30)


def test_memory_of_10000_rows(rounds: Rounds) -> None:
    path = sheet(ROWS)

    _, kilobytes = once(rounds, lambda: dry(path, "edc-jades"))

    megabytes = kilobytes / 1024
    rounds.aim("at most 250 MB", f"{megabytes:.0f} MB", reached=megabytes <= 250)


def test_memory_of_each_row_more(rounds: Rounds) -> None:
    few, many = sheet(ROWS), sheet(MANY)
    _, before = dry(few, "ob3-jwt")

    _, after = once(rounds, lambda: dry(many, "ob3-jwt"))

    each = (after - before) * 1024 / (MANY - ROWS)
    rounds.aim("at most 100 bytes", f"{each:.0f} bytes", reached=each <= 100)


def test_sealing_on_two_processes(rounds: Rounds) -> None:
    """The whole command, with the start of the workers; twice each, in turn."""
    path = lines(SEALED)
    taken: dict[int, list[float]] = {1: [], 2: []}

    def turn() -> None:
        for workers in (1, 2):
            taken[workers].append(_sealed(path, workers))

    once(rounds, lambda: (turn(), turn()))

    ratio = min(taken[1]) / min(taken[2])
    rounds.aim(
        "at least 1.8 times as fast as one",
        f"{ratio:.2f} times ({SEALED / min(taken[2]):.0f} seals a second)",
        reached=ratio >= 1.8,
    )


def _sealed(path: Path, workers: int) -> float:
    folder = Path(mkdtemp(prefix="edc-bench-"))
    seconds, _ = command(
        *(path, "--as", "edc-jades", "--level", "B", "--key", world().key("edc-jades")),
        *("--key-secret-env", "SEAL", "--out", folder / "out"),
        *("--journal", folder / "journal", "--workers", workers),
    )
    return seconds

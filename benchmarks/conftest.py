"""What benchmarks measure with, and what is printed of the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.measuring import Rounds


@pytest.fixture
def rounds(benchmark: BenchmarkFixture) -> Rounds:
    """What a benchmark measures with."""
    return Rounds(benchmark)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One line a target, after pytest-benchmark's own table."""
    lines = list(_targets(config))
    if lines:
        terminalreporter.section("targets")
    for line in lines:
        terminalreporter.write_line(line)


def _targets(config: pytest.Config) -> Iterator[str]:
    session = getattr(config, "_benchmarksession", None)
    for measured in getattr(session, "benchmarks", ()):
        info: Mapping[str, Any] = measured.extra_info
        if "target" in info:
            word = "reached" if info["reached"] else "MISSED "
            said = f"{info['measured']} (target: {info['target']})"
            yield f"{word}  {measured.group}: {measured.name}: {said}"


def pytest_benchmark_update_machine_info(
    config: pytest.Config, machine_info: dict[str, Any]
) -> None:
    """What else the page of figures says about the machine."""
    from cryptography.hazmat.backends.openssl import backend

    machine_info["openssl"] = backend.openssl_version_text()

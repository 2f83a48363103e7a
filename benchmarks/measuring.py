"""What a step takes, alone or in turn with somebody else's.

Two sides of a comparison run alternately in one process, so that a busy machine
slows both; the ratio is that of their best rounds, which load disturbs least.
Nothing fails because it is slow: whether a target is reached is printed, and stands
in the page of figures.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from pytest_benchmark.fixture import BenchmarkFixture

Side = Callable[[], object]


@dataclass(frozen=True)
class Warm:
    """A process that has everything in memory and answers a line with a line."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@dataclass(frozen=True, slots=True)
class Rounds:
    """Measures one function, alone or in turn with another."""

    benchmark: BenchmarkFixture

    def alone(self, ours: Side, *, rounds: int = 50, most_ms: float = 0) -> None:
        """Time one step; `most_ms` is the target for its best round, if it has one."""
        self.benchmark.pedantic(  # type: ignore[no-untyped-call]
            ours, rounds=rounds, warmup_rounds=2
        )
        if most_ms:
            best = _seconds(self.benchmark, "min") * 1000
            self._target(f"at most {most_ms:g} ms", f"{best:.2f} ms", best <= most_ms)

    def beside(
        self, ours: Side, other: Side, *, against: str, rounds: int = 200
    ) -> None:
        """Both sides are shown; nothing is aimed at."""
        self._against(ours, other, against, rounds)

    def at_most(
        self, ours: Side, other: Side, *, factor: float, against: str, rounds: int = 200
    ) -> None:
        """Ours may take `factor` times as long as the other side."""
        taken = self._against(ours, other, against, rounds)
        ratio = _seconds(self.benchmark, "min") / taken
        said = f"{ratio:.2f} times {against}"
        self._target(f"at most {factor:g} times", said, ratio <= factor)

    def faster(
        self, ours: Side, other: Side, *, factor: float, against: str, rounds: int = 20
    ) -> None:
        """Ours is to be `factor` times as fast as the other side."""
        taken = self._against(ours, other, against, rounds)
        ratio = taken / _seconds(self.benchmark, "min")
        said = f"{ratio:.1f} times as fast as {against}"
        self._target(f"at least {factor:g} times as fast", said, ratio >= factor)

    def at_most_more(
        self, ours: Side, other: Side, *, most_ms: float, against: str, rounds: int = 20
    ) -> None:
        """Ours may take `most_ms` longer than the other side."""
        taken = self._against(ours, other, against, rounds)
        more = (_seconds(self.benchmark, "min") - taken) * 1000
        said = f"{more:.0f} ms more than {against}"
        self._target(f"at most {most_ms:g} ms more", said, more <= most_ms)

    def _against(self, ours: Side, other: Side, against: str, rounds: int) -> float:
        """The best round of the other side, which takes turns with ours.

        Each side is measured right after it has run once, for the slower one leaves
        nothing of the faster one in the processor's cache.
        """
        taken: list[float] = []

        def turn_of_the_other() -> None:
            other()
            start = time.perf_counter()
            other()
            taken.append(time.perf_counter() - start)
            ours()

        self.benchmark.pedantic(  # type: ignore[no-untyped-call]
            ours, setup=turn_of_the_other, rounds=rounds, warmup_rounds=1
        )
        self.benchmark.extra_info["other"] = {
            "name": against,
            "min": min(taken),
            "median": statistics.median(taken),
        }
        return min(taken)

    def aim(self, target: str, measured: str, *, reached: bool) -> None:
        """A target that is not a ratio of times, and what was measured."""
        self._target(target, measured, reached)

    def _target(self, target: str, measured: str, reached: bool) -> None:
        self.benchmark.extra_info.update(
            target=target, measured=measured, reached=reached
        )


def _seconds(benchmark: BenchmarkFixture, name: str) -> float:
    assert benchmark.stats is not None
    return float(getattr(benchmark.stats.stats, name))

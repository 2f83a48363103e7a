"""What badges cost that have much in them, and very many badges one after the other.

The first two rows say that the work grows with the number of endorsements and with
nothing else; the last two that nothing of ten thousand verdicts is kept.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attacks.workshop import badge, claims, encoded, jwt, proved, verify
from benchmarks.measuring import Rounds
from edc_issuer.report import Outcome
from test_endorsements import endorsement

FEW, MANY = 100, 1_000
FEWER_FILES, FILES = 1_000, 10_000
ROUNDS = 5
Forms = dict[str, Callable[[int], bytes]]


def embedded(count: int) -> bytes:
    """A badge with so many endorsements in it, all with Data Integrity proofs."""
    inner = [proved(one) for one in _endorsements(count)]
    return encoded(proved(badge(endorsement=inner)))


def in_lines(count: int) -> bytes:
    """The same with a JWT around it, and each endorsement a JWT."""
    inner = [jwt(claims(one)).decode() for one in _endorsements(count)]
    return jwt(claims(badge(endorsementJwt=inner)))


def _endorsements(count: int) -> list[dict[str, Any]]:
    names = (f"urn:uuid:2f0c6f1e-0f6a-4f2a-9d57-{n:012d}" for n in range(count))
    return [endorsement(id=name) for name in names]


ENDORSED: Forms = {"ob3-di": embedded, "ob3-jwt": in_lines}


@pytest.mark.parametrize("profile", ENDORSED)
def test_verdict_on_a_thousand_endorsements(rounds: Rounds, profile: str) -> None:
    """Each of 1,000 endorsements beside each of 100, in full reports."""
    rounds.benchmark.group = "badges"
    few, many = ENDORSED[profile](FEW), ENDORSED[profile](MANY)
    report = verify(many)
    assert [part.outcome for part in report.parts] == [Outcome.PASSED] * MANY
    assert report.outcome is Outcome.PASSED

    def turn_of_the_few() -> None:
        start = time.perf_counter()
        verify(few)
        taken.append(time.perf_counter() - start)

    taken: list[float] = []
    rounds.benchmark.pedantic(  # type: ignore[no-untyped-call]
        lambda: verify(many), setup=turn_of_the_few, rounds=ROUNDS, warmup_rounds=1
    )

    assert rounds.benchmark.stats is not None
    each = rounds.benchmark.stats.stats.min / MANY
    ratio = each / (min(taken) / FEW)
    rounds.aim(
        "at most 1.5 times as long for each",
        f"{ratio:.2f} times as long for each of {MANY:,} as of {FEW}",
        reached=ratio <= 1.5,
    )


def one_of_many(profile: str, number: int) -> bytes:
    """A badge of its own; of a thousand on they come again, each another file."""
    document = badge(id=f"urn:uuid:0c7f35b5-0a7a-4c54-8bd4-{number % 1_000:012d}")
    made = encoded(proved(document)) if profile == "ob3-di" else jwt(claims(document))
    return made + b" " * (number // 1_000)


# Prints the kilobytes that this process held at most after so many verdicts.
MEASURED = """
import gc, pathlib, sys
sys.path[:0] = sys.argv[3:]
from attacks.workshop import verify
from benchmarks.test_badges import one_of_many
for number in range(int(sys.argv[2])):
    assert verify(one_of_many(sys.argv[1], number)).outcome == "PASSED"
gc.collect()
status = pathlib.Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]))
"""


@pytest.mark.parametrize("profile", ENDORSED)
def test_memory_of_ten_thousand_badges(rounds: Rounds, profile: str) -> None:
    """The peak after 10,000 files beside that after 1,000."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of memory is read from /proc, which is not here")
    rounds.benchmark.group = "badges"
    few = _peak(profile, FEWER_FILES)
    many = rounds.benchmark.pedantic(  # type: ignore[no-untyped-call]
        _peak, args=(profile, FILES)
    )
    more = (many - few) * 1024 / (FILES - FEWER_FILES)

    rounds.aim(
        "at most 500 bytes more for each file",
        f"{many / 1024:.0f} MB, {max(more, 0):.0f} bytes more for each file",
        reached=more <= 500,
    )


def _peak(profile: str, count: int) -> int:
    paths = [path for path in sys.path if path]
    command = [sys.executable, "-c", MEASURED, profile, str(count), *paths]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(run.stdout)

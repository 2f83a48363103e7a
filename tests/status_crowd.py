"""Many processes at one status book, killed in the middle of what they do.

Each writes down what it was told only after it was told; what is written down must
then stand in the book, whatever became of the process.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from edc_issuer.status import StatusBook, book
from edc_issuer.status.standing import PURPOSES

WORKERS = 32
SHARED = 40  # credentials that all of them reserve: one of them has to win


@dataclass(frozen=True)
class Told:
    """What processes were told: places by credential, and who was revoked."""

    places: dict[tuple[str, str], set[tuple[int, int]]]
    revoked: frozenset[str]
    killed: int


def crowd(where: str, folder: Path, *, seconds: float, size: int, seed: int) -> Told:
    """Let `WORKERS` processes loose on the book for a while; kill them by chance.

    Lists have `size` entries meanwhile, so that they fill up and are followed.
    """
    folder.mkdir()
    chance = random.Random(seed)
    patched = {"SIZE": size, "HALF": size // 2}
    before = {name: getattr(book, name) for name in patched}
    for name, value in patched.items():
        setattr(book, name, value)
    try:
        started = [_started(where, folder / str(n), n, seed) for n in range(WORKERS)]
    finally:
        for name, value in before.items():
            setattr(book, name, value)
    end = time.monotonic() + seconds
    order = chance.sample(started, len(started))
    for left, process in zip(range(len(order), 0, -1), order, strict=True):
        time.sleep(max(0.0, (end - time.monotonic()) / left * chance.random() * 2))
        os.kill(process, signal.SIGKILL)
    statuses = [os.waitpid(process, 0)[1] for process in started]
    return _told(folder, killed=sum(map(os.WIFSIGNALED, statuses)))


def _started(where: str, notes: Path, number: int, seed: int) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    with suppress(BaseException):
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        _work(where, notes, number, random.Random(seed * 1000 + number))
        code = 0
    os._exit(code)


def _work(where: str, notes: Path, number: int, chance: random.Random) -> None:
    handle = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(line: str) -> None:
        os.write(handle, f"{line}\n".encode())

    kept = StatusBook.open(where)
    mine: list[str] = []
    for turn in range(100_000):
        own = f"urn:uuid:{number}-{turn}"
        shared = f"urn:uuid:shared-{chance.randrange(SHARED)}"
        for credential in (own, shared):
            for place in kept.reserve(credential, purposes=PURPOSES):
                where_it_is = f"{place.number} {place.position}"
                note(f"place {credential} {place.purpose} {where_it_is}")
        mine.append(own)
        if chance.random() < 0.5:
            _withdraw(kept, chance.choice(mine), note)


def _withdraw(kept: StatusBook, credential: str, note: Callable[[str], None]) -> None:
    kept.revoke(credential, "po pomoti", by="Ђорђе")
    note(f"revoked {credential}")


def _told(folder: Path, *, killed: int) -> Told:
    places: dict[tuple[str, str], set[tuple[int, int]]] = {}
    revoked = set()
    for notes in folder.iterdir():
        for line in notes.read_text().splitlines():
            match line.split():
                case ["place", credential, purpose, number, position]:
                    found = places.setdefault((credential, purpose), set())
                    found.add((int(number), int(position)))
                case ["revoked", credential]:
                    revoked.add(credential)
    return Told(places, frozenset(revoked), killed)


def check(told: Told, where: str) -> None:
    """No position twice, no credential twice, nothing forgotten."""
    kept = StatusBook.open(where)
    assert told.killed > WORKERS // 2
    assert told.revoked
    assert len(told.places) > WORKERS
    assert all(len(found) == 1 for found in told.places.values())
    taken = [
        (purpose, *place)
        for (_, purpose), found in told.places.items()
        for place in found
    ]
    assert len(set(taken)) == len(taken)
    for credential in {credential for credential, _ in told.places}:
        standing = kept.standing(credential)
        assert {
            (place.purpose, place.number, place.position) for place in standing.places
        } >= {
            (purpose, *place)
            for purpose in PURPOSES
            for place in told.places.get((credential, purpose), ())
        }
        if credential in told.revoked:
            assert standing.is_revoked, credential
            assert [line.action for line in standing.log] == ["revoke"]

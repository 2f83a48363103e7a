"""Kill a batch at random moments, go on, and count what was lost.

    python tools/kill_batch.py --kills 1000 [--rows 60] [--as ob3-jwt] [--workers 1]

Issues a list of synthetic awards with test keys in a temporary folder, kills the
process with SIGKILL after a random time, looks at what lies in the folder, starts the
same command again, and so on; a finished list makes room for a new one. After every
kill each line of the journal has its whole file, each file verifies, and no award has
two. Exit code 0 where nothing was lost, doubled or half-written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import edc_issuer.batch.session
import edc_issuer.batch.summary
import edc_issuer.sources  # noqa: F401  # what each process would import anew
from edc_issuer import cli
from edc_issuer.cli.demo import RECORDS, _record_folder
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import InputError
from edc_issuer.issue import PROFILES
from edc_issuer.keys import open_signer
from edc_issuer.keys.badge import new_badge_key
from edc_issuer.keys.testpki import TestOrganisation, TestPki
from edc_issuer.record import CredentialRecord
from edc_issuer.secure import public_key_of

PASSWORD = "kill"
SECRET = "EDC_KILL_SECRET"
# How long a command may live follows the load of the machine: one in ten finishes.
SHORTER, LONGER = 0.9, 1.01
LEFT = {"out", "journal.jsonl", "journal.jsonl.summary.csv"}


class Target:
    """One list with its keys; `folder` holds the files of the round at hand."""

    def __init__(self, home: Path, profile: str, rows: int, workers: int) -> None:
        self.home, self.profile = home, profile
        self.rows, self.workers = rows, workers
        self.rounds = 0
        self._write_list()
        os.environ[SECRET] = PASSWORD
        with open_signer(self.key, secret=lambda prompt: PASSWORD) as signer:
            self.identity = signer.identity

    def _write_list(self) -> None:
        source = _record_folder() / f"scouts4green_{RECORDS[0]}.json"
        record = json.loads(source.read_text("utf-8"))
        record.pop("credential_id", None)
        CredentialRecord.from_dict(record)  # the reader is compiled once, before forks
        with (self.home / "rows.jsonl").open("w", encoding="utf-8") as list_of_awards:
            for number in range(self.rows):
                record["record_id"] = f"award-{number:05}"
                record["learner"]["given_name"] = f"Žiga {number}"
                list_of_awards.write(json.dumps(record, ensure_ascii=False) + "\n")
        legal = record["issuer"]["legal_identifier"]
        name = record["issuer"]["legal_name"]["sl"]
        school = TestOrganisation(name, legal["value"], legal["country"])
        TestPki.create([school], at=datetime.now(UTC)).write(
            self.home, password=PASSWORD
        )
        new_badge_key().write(self.home / "badge.pem")

    @property
    def key(self) -> str:
        is_seal = self.profile == "edc-jades"
        return f"file:{self.home / ('seal.p12' if is_seal else 'badge.pem')}"

    @property
    def folder(self) -> Path:
        return self.home / f"round-{self.rounds}"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    def command(self) -> list[str]:
        """The words of the command line, the same each time."""
        return [
            *("edc-issuer", "batch", str(self.home / "rows.jsonl")),
            *("--as", self.profile, "--level", "B"),
            *("--key", self.key, "--key-secret-env", SECRET),
            *("--out", str(self.out), "--journal", str(self.journal)),
            *("--workers", str(self.workers), "--json"),
        ]


def start(target: Target) -> int:
    """The command in a process of its own, without the wait for imports; its id."""
    process = os.fork()
    if process:
        return process
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.argv = target.command()
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


def run_and_kill(target: Target, after: float) -> int | None:
    """Kill the command after some seconds; its exit code where it was done before."""
    process = start(target)
    end = time.monotonic() + after
    while time.monotonic() < end:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.0005)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    return None if code == -signal.SIGKILL else code


def journal_lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal after its header."""
    if not path.exists():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
    return [line for line in map(json.loads, whole) if "record_id" in line]


def faults(target: Target, *, finished: bool) -> Iterator[str]:
    """What is lost, doubled or half-written in the folder of this round."""
    lines = journal_lines(target.journal)
    yield from _doubled(lines)
    known = {line["file"]: line for line in lines}
    files = sorted(target.out.iterdir()) if target.out.is_dir() else []
    visible = {path.name: path for path in files if not path.name.startswith(".")}
    for name, line in known.items():
        if name not in visible:
            yield f"lost: {line['record_id']} is in the journal, its file is not there"
    owners: Counter[str] = Counter()
    for name, path in visible.items():
        data = path.read_bytes()
        if name in known and hashlib.sha256(data).hexdigest() != known[name]["sha256"]:
            yield f"half-written: {name} is not what the journal says"
        credential_id = _credential_id(target, data)
        if credential_id is None:
            yield f"half-written: {name} does not verify"
        owners[credential_id or name] += 1
    for owner, count in owners.items():
        if count > 1:
            yield f"doubled: {count} files of {owner}"
    if finished:
        yield from _unfinished(target, lines, files)


def _doubled(lines: list[dict[str, Any]]) -> Iterator[str]:
    for name in ("record_id", "credential_id", "file"):
        for value, count in Counter(line[name] for line in lines).items():
            if count > 1:
                yield f"doubled: {value} stands {count} times in the journal"


def _unfinished(
    target: Target, lines: list[dict[str, Any]], files: list[Path]
) -> Iterator[str]:
    wanted = {f"award-{number:05}" for number in range(target.rows)}
    missing = wanted - {line["record_id"] for line in lines}
    if missing:
        yield f"lost: {len(missing)} awards are not in the journal at the end"
    if len(files) != target.rows:
        yield f"doubled: {len(files)} files for {target.rows} awards at the end"
    left = {path.name for path in target.folder.iterdir()} - LEFT
    if left:
        yield f"doubled: {len(left)} files were left behind beside the journal"


def _credential_id(target: Target, data: bytes) -> str | None:
    """The id inside a file that our key signed; None for anything else."""
    securing = PROFILES[target.profile].format
    try:
        envelope = securing.open(data, documents=BUNDLED)
        for proof in envelope.proofs:
            securing.verify(envelope, proof, public_key_of(target.identity))
        content = securing.covered(envelope, envelope.proofs[0])
    except (InputError, IndexError):
        return None
    return str(content["id"])


def kill_many(target: Target, kills: int, chance: random.Random) -> list[str]:
    """Kill so many times; every fault that was found."""
    found: list[str] = []
    began = time.monotonic()
    code = run_and_kill(target, 3600)
    longest = time.monotonic() - began
    found.extend(_judged(target, code))
    done, moments = 0, Counter[str]()
    while done < kills:
        code = run_and_kill(target, chance.uniform(0, longest))
        if code is not None:
            longest *= SHORTER
            found.extend(_judged(target, code))
            continue
        longest *= LONGER
        done += 1
        moments[_moment(target)] += 1
        found.extend(faults(target, finished=False))
        if done % 100 == 0:
            print(f"{done} kills, {target.rounds} lists finished", flush=True)
    found.extend(_judged(target, run_and_kill(target, 3600)))
    said = ", ".join(f"{count} {moment}" for moment, count in sorted(moments.items()))
    print(f"{done} kills: {said}. {target.rounds} lists of {target.rows} awards.")
    return found


def _judged(target: Target, code: int | None) -> Iterator[str]:
    """A command that came to its end; the next one gets a list of its own."""
    if code != 0:
        yield f"the command ended with {code}"
    yield from faults(target, finished=True)
    shutil.rmtree(target.folder, ignore_errors=True)
    target.rounds += 1


def _moment(target: Target) -> str:
    lines = len(journal_lines(target.journal))
    if lines == 0:
        return "before the first line of the journal"
    return "between lines" if lines < target.rows else "after the last line"


def main() -> None:
    """Parse the words, kill, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--as", dest="profile", default="ob3-jwt", choices=PROFILES)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(2**32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="edc-kill-") as home:
        target = Target(Path(home), given.profile, given.rows, given.workers)
        found = kill_many(target, given.kills, random.Random(seed))
    for fault in found:
        print(fault)
    kinds = Counter(fault.partition(":")[0] for fault in found)
    print(", ".join(f"{kinds[k]} {k}" for k in ("lost", "doubled", "half-written")))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

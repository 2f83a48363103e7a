"""Every row looked through before the first is issued.

All faults of all rows are known first, so that a clerk mends the list once. What can
be issued waits in a temporary file that has no name and that only this process can
read: exactly what was looked through is issued, whatever happens to the list.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from edc_issuer.batch.preparing import Item
from edc_issuer.batch.running import AHEAD, CHUNK, Inline, in_order
from edc_issuer.batch.working import Looking, Unmade, look_through
from edc_issuer.errors import ConfigError
from edc_issuer.sources import RowProblem

SETUP = "batch.setup"  # the fault is in key or installation, not in the row


@dataclass(slots=True)
class Counts:
    """How many rows there are of each kind."""

    rows: int = 0
    ready: int = 0
    already: int = 0
    rejected: int = 0
    refused: int = 0


class Plan:
    """The rows of a run, looked through; `items` gives them as often as asked."""

    def __init__(self, counts: Counts, spool: IO[bytes] | None) -> None:
        self.counts = counts
        self._spool = spool

    def items(self) -> Iterator[Item]:
        """Every row in its order, with all that is known of it."""
        if self._spool is None:
            return
        self._spool.seek(0)
        for _ in range(self.counts.rows):
            item: Item = pickle.load(self._spool)  # ours, and nobody else's to write
            yield item


def survey(
    items: Iterable[Item],
    looking: Looking,
    *,
    tell: Callable[[Item], None],
    executor: Executor | None = None,
    spool: IO[bytes] | None = None,
    chunk: int = CHUNK,
    ahead: int = AHEAD,
) -> Plan:
    """Look through every row; `tell` is called with each that has problems.

    The rows are kept in `spool`, or only counted where it is None. Raises
    `ConfigError` where nothing can be issued because of the key or of what is
    installed.
    """
    counts = Counts()
    setup = ""
    workers = executor or Inline()
    for part, answers in in_order(
        workers,
        items,
        lambda tasks: (look_through, looking, tasks),
        lambda item: item.record,
        chunk=chunk,
        ahead=0 if executor is None else ahead,
    ):
        coming = iter(answers)
        for item in part:
            known = _with(item, next(coming)) if item.is_work else item
            setup = setup or _setup_fault(known)
            _count(counts, known)
            if known.problems:
                tell(known)
            if spool is not None:
                pickle.dump(known, spool, pickle.HIGHEST_PROTOCOL)
    if setup and not counts.ready and not counts.already:
        raise ConfigError(setup)
    return Plan(counts, spool)


def new_spool(folder: Path, stack: ExitStack) -> IO[bytes]:
    """A file without a name beside the journal, where there is room for a batch."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return stack.enter_context(tempfile.TemporaryFile(dir=folder))
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}") from error


def _with(item: Item, found: Unmade | None) -> Item:
    if found is None:
        return item
    problems = tuple(
        RowProblem(item.source, item.row, "", problem) for problem in found.problems
    )
    return replace(item, record=None, problems=problems, refused=found.refused)


def _setup_fault(item: Item) -> str:
    return next(
        (p.problem.message for p in item.problems if p.problem.code == SETUP), ""
    )


def _count(counts: Counts, item: Item) -> None:
    counts.rows += 1
    counts.already += item.line is not None
    counts.ready += item.is_work
    counts.refused += item.refused
    counts.rejected += bool(item.problems) and not item.refused

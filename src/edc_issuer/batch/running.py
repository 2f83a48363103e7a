"""From prepared rows to files: chunks to workers, results to folder and journal.

Workers make credentials, this process alone writes: first the files of a chunk,
then their lines in the journal, then it reports them. `concurrent.futures` is the
only thing known of the workers, so a process pool and a cluster look alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any

from edc_issuer.batch.journal import Journal, Line, sync_folder
from edc_issuer.batch.placing import Folder
from edc_issuer.batch.preparing import Item
from edc_issuer.batch.spec import Opens
from edc_issuer.batch.working import Halted, Made, Task, Unmade, issue_chunk
from edc_issuer.errors import ConfigError, EdcError, Problem
from edc_issuer.sources import RowProblem

CHUNK = 100  # records of one task; decision 14
AHEAD = 4  # chunks that are worked on or wait while the next rows are read


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """A row whose credential lies in the folder, now or since an earlier run.

    `before` is whether an earlier run issued it; `note` says where its file was
    changed or moved away since.
    """

    source: str
    row: int
    record_id: str
    credential_id: str
    file: str
    sha256: str
    before: bool = False
    note: str = ""
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row without a credential, and every reason.

    `refused` where the award itself may not be certified (it was not passed);
    otherwise something has to be mended. `late` where it showed only when the
    credential was made.
    """

    source: str
    row: int
    record_id: str
    problems: tuple[RowProblem, ...]
    refused: bool = False
    late: bool = False


Done = IssuedFile | Rejected


class Unanswered(EdcError):
    """Nobody outside answered, so that the run stopped; run again, it goes on.

    `about` is "timestamp" or "revocation", `said` what each of them answered, `inner`
    as of `FetchError`.
    """

    code = "unanswered"

    def __init__(self, halted: Halted) -> None:
        self.about, self.said, self.inner = halted.about, halted.said, halted.inner
        missing = {"timestamp": "no timestamp", "revocation": "no revocation answers"}
        said = "; ".join(self.said)
        super().__init__(
            f"{missing[self.about]}, and so nothing more was issued: {said}"
        )


class Inline(Executor):
    """An executor that does the work at once, in this process."""

    def submit(
        self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def run(
    items: Iterable[Item],
    source: Opens,
    *,
    journal: Journal,
    folder: Folder,
    executor: Executor,
    chunk: int = CHUNK,
    ahead: int = AHEAD,
) -> Iterator[Done]:
    """Issue what is work among `items`; file, then journal, then the result.

    Raises `Unanswered` after the results that were reached, where nobody outside
    answers.
    """

    def task(item: Item) -> Task:
        return Task(item.record, folder.found(item.file))

    for chunk_of_items, answers in in_order(
        executor,
        items,
        lambda tasks: (issue_chunk, source, tasks),
        task,
        chunk=chunk,
        ahead=0 if isinstance(executor, Inline) else ahead,
    ):
        yield from _settled(chunk_of_items, answers, folder, journal)
        if answers and isinstance(answers[-1], Halted):
            raise Unanswered(answers[-1])


def in_order(
    executor: Executor,
    items: Iterable[Item],
    call: Callable[[list[Any]], tuple[Any, ...]],
    task: Callable[[Item], Any],
    *,
    chunk: int,
    ahead: int,
) -> Iterator[tuple[list[Item], Sequence[Any]]]:
    """Chunks of items and the answers to those that are work, in their order.

    At most `ahead` chunks are on their way, however long the list is.
    """
    waiting: deque[tuple[list[Item], Future[Any] | None]] = deque()
    try:
        for part in _chunks(items, chunk):
            tasks = [task(item) for item in part if item.is_work]
            future = executor.submit(*call(tasks)) if tasks else None
            waiting.append((part, future))
            while len(waiting) > ahead:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)
    finally:
        for _, future in waiting:
            if future is not None:
                future.cancel()


def _first(
    waiting: deque[tuple[list[Item], Future[Any] | None]],
) -> tuple[list[Item], Sequence[Any]]:
    part, future = waiting[0]
    try:
        answers = future.result() if future is not None else ()
    except BrokenExecutor as error:
        raise ConfigError(
            "a worker was stopped, perhaps for want of memory; repeat the command to "
            "go on, with fewer workers"
        ) from error
    waiting.popleft()
    return part, answers


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists with `size` pieces of work; a few times as many rows that are none."""
    part: list[Item] = []
    work = 0
    for item in items:
        part.append(item)
        work += item.is_work
        if work >= size or len(part) >= size * 5:
            yield part
            part, work = [], 0
    if part:
        yield part


def _settled(
    part: Sequence[Item],
    answers: Sequence[Made | Unmade | Halted],
    folder: Folder,
    journal: Journal,
) -> list[Done]:
    """Write the files of a chunk, then its lines; only then it is done."""
    results: list[Done] = []
    lines: list[Line] = []
    coming = iter(answers)
    for item in part:
        if not item.is_work:
            results.append(_known(item, folder))
            continue
        answer = next(coming)
        if isinstance(answer, Halted):
            break
        if isinstance(answer, Unmade):
            results.append(_rejected(item, answer))
            continue
        journal.start()
        if answer.data is not None:
            folder.place(item.file, answer.data)
        lines.append(_line(item, answer))
        results.append(_issued(item, answer))
    if lines:
        sync_folder(folder.path)
        journal.append(lines)
    return results


def _line(item: Item, made: Made) -> Line:
    return Line(
        record_id=item.record_id,
        revision=item.revision,
        digest=item.digest,
        credential_id=item.credential_id,
        file=item.file,
        sha256=made.sha256,
        size=made.size,
        issued=made.issued,
    )


def _issued(item: Item, made: Made) -> IssuedFile:
    return IssuedFile(
        item.source,
        item.row,
        item.record_id,
        item.credential_id,
        item.file,
        made.sha256,
        notices=made.notices,
    )


def _known(item: Item, folder: Folder) -> Done:
    """A row that is no work: it has problems, or an earlier run issued it."""
    line = item.line
    if line is None:
        return Rejected(
            item.source, item.row, item.record_id, item.problems, item.refused
        )
    differs = folder.differs(line.file, size=line.size, sha256=line.sha256)
    return IssuedFile(
        item.source,
        item.row,
        item.record_id,
        line.credential_id,
        line.file,
        line.sha256,
        before=True,
        note={None: "batch.gone", True: "batch.changed", False: ""}[differs],
    )


def _rejected(item: Item, unmade: Unmade) -> Rejected:
    problems = tuple(
        RowProblem(item.source, item.row, "", problem) for problem in unmade.problems
    )
    return Rejected(
        item.source, item.row, item.record_id, problems, unmade.refused, late=True
    )

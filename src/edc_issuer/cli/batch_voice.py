"""What `edc-issuer batch` says: problems, counts and a bar that moves."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from edc_issuer.cli.common import put, say, show
from edc_issuer.cli.refusals import next_step
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.batch.plan import Counts
    from edc_issuer.batch.preparing import Item
    from edc_issuer.batch.running import Done, Unanswered
    from edc_issuer.batch.spec import IssuerSpec
    from edc_issuer.cli.authorities import Authorities
    from edc_issuer.errors import EdcError, Problem, RecordError
    from edc_issuer.sources import RowProblem

T = TypeVar("T")
SETUP = "batch.setup"
_UNANSWERED = {
    "timestamp": "batch.unanswered.timestamp",
    "revocation": "batch.unanswered.revocation",
}
# A file with columns, and perhaps the tab in it; records and ELMO have fields only.
_SHEET = re.compile(r"\.(csv|tsv|txt|xlsx|xlsm|xls)(#|$)", re.IGNORECASE)


class Voice:
    """Says in one language what a batch finds, or keeps it for `--json`."""

    def __init__(self, language: str, *, several: bool, as_json: bool) -> None:
        self.messages = Messages(language)
        self.as_json = as_json
        self._several = several
        self._same: Counter[str] = Counter()
        self._notices: dict[str, None] = {}
        self._problems: list[dict[str, Any]] = []

    def tell(self, item: Item) -> None:
        """The problems of one row; a fault of the set-up only for the first row."""
        self._tell(item.problems)

    def _tell(self, problems: Sequence[RowProblem]) -> None:
        for found in problems:
            if self.as_json:
                self._problems.append(self._as_dict(found))
                continue
            if found.problem.code == SETUP:
                self._same[found.problem.message] += 1
                if self._same[found.problem.message] > 1:
                    continue
            show(f"{self._at(found)}: {self._sentence(found)}")

    def reason(self, done: Done) -> str:
        """Why a row has no file, or what became of its file; "" where all is well."""
        from edc_issuer.batch.running import Rejected

        if not isinstance(done, Rejected):
            return self.messages.text(done.note) if done.note else ""
        return "; ".join(
            f"{place}: {sentence}" if place else sentence
            for place, sentence in (
                (self._place(found), self._sentence(found)) for found in done.problems
            )
        )

    def heard(self, done: Done) -> None:
        """Keep what is worth saying once at the end; tell a fault that is new."""
        self.notes(getattr(done, "notices", ()))
        if getattr(done, "late", False):
            self._tell(getattr(done, "problems", ()))

    def asks(self, outside: Authorities, spec: IssuerSpec) -> None:
        """Say what will leave the machine, before anything does."""
        from edc_issuer.issue import PROFILES, level_of

        level = level_of(PROFILES[spec.profile], spec.level)
        for sentence in outside.told(level, self.messages):
            say(sentence)

    def notes(self, notes: Sequence[Problem]) -> None:
        """What the operator should read, once."""
        self._notices.update(dict.fromkeys(map(self.messages.problem, notes)))

    def unreadable(self, error: RecordError) -> str:
        """Why a file as a whole cannot be read."""
        places = getattr(error, "places", None)
        if places is None:
            return "\n".join(map(self.messages.problem, error.problems))
        return "\n".join(f"{place.source}: {self._sentence(place)}" for place in places)

    def surveyed(self, counts: Counts, *, dry: bool) -> None:
        """What was found in all rows."""
        for message, times in self._same.items():
            if times > 1 and message:
                show(self.messages.text("batch.same", number=times - 1))
        numbers = {
            "rows": counts.rows,
            "ready": counts.ready,
            "already": counts.already,
            "rejected": counts.rejected,
            "refused": counts.refused,
        }
        if dry and self.as_json:
            put({**numbers, "problems": self._problems})
            return
        (show if dry else say)(self.messages.text("batch.surveyed", **numbers))
        if dry:
            say(self.messages.text("batch.dry"))

    def finished(self, tally: Mapping[str, int], summary: Path, out: Path) -> None:
        """What was issued, and where to read about the rest."""
        numbers = _numbers(tally)
        notices = list(self._notices)
        if self.as_json:
            places = {"summary": str(summary), "out": str(out)}
            put({**numbers, **places, "notices": notices, "problems": self._problems})
            return
        show(self.messages.text("batch.finished", **numbers))
        show(self.messages.text("batch.folder", folder=out))
        show(self.messages.text("batch.table", file=summary))
        for notice in notices:
            say(notice)
        if numbers["rejected"]:
            say(self.messages.text("batch.mend"))

    def stopped(self, tally: Mapping[str, int]) -> None:
        """How to go on after Ctrl-C."""
        say(self.messages.text("batch.stopped", issued=tally.get("issued", 0)))

    def broken(self, error: EdcError, tally: Mapping[str, int]) -> None:
        """Why it could not go on, and how to once that is mended."""
        say(str(error))
        self.stopped(tally)

    def unanswered(self, error: Unanswered, tally: Mapping[str, int]) -> None:
        """Who did not answer, that no row is at fault, and how to go on."""
        say(self.messages.text(_UNANSWERED[error.about]))
        for line in error.said:
            say(f"  {neutral(line)}")
        say(next_step(error.inner, self.messages, again="batch.unanswered.later"))
        self.stopped(tally)

    def _at(self, found: RowProblem) -> str:
        key = "batch.at_source" if self._several and found.source else "batch.at"
        at = self.messages.text(key, row=found.row, source=found.source)
        place = self._place(found)
        return f"{at}, {place}" if place else at

    def _place(self, found: RowProblem) -> str:
        """The column where a sheet has it, as it is called there; else the field."""
        from edc_issuer.columns import heading_at

        path = found.problem.path
        if found.column or not _SHEET.search(found.source):
            return neutral(found.column or path)
        return neutral(heading_at(path, self.messages.language) or path)

    def _sentence(self, found: RowProblem) -> str:
        return self.messages.problem(found.problem)

    def _as_dict(self, found: RowProblem) -> dict[str, Any]:
        return {
            "source": found.source,
            "row": found.row,
            "column": found.column,
            "path": found.problem.path,
            "code": found.problem.code,
            "message": self._sentence(found),
        }


def _numbers(tally: Mapping[str, int]) -> dict[str, int]:
    words = ("issued", "already", "rejected", "refused")
    return {word: tally.get(word, 0) for word in words}


class Counting:
    """A bar on stderr while rows go by; nothing where nobody watches."""

    def __init__(self, voice: Voice, key: str) -> None:
        self._bar: Any = None
        self._text = voice.messages.text(key)
        self._shown = sys.stderr.isatty() and not voice.as_json

    def through(self, rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        """The rows themselves; the bar counts them."""
        if self._bar is None:
            yield from rows
            return
        task = self._bar.add_task(self._text, total=total)
        for row in rows:
            yield row
            self._bar.advance(task)

    def __enter__(self) -> Self:
        if self._shown:
            self._bar = _bar()
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=True,
        redirect_stderr=True,
    )

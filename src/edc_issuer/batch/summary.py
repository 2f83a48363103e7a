"""The account of a batch: a table with one line for each row, for a spreadsheet.

Semicolons and a byte order mark, so that a spreadsheet in this region opens it with
a double click and with its č, š and ž. What would be taken for a formula is not one.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from edc_issuer.batch.running import Done, Rejected
from edc_issuer.columns import escape_cell
from edc_issuer.errors import ConfigError
from edc_issuer.keys.files import PRIVATE

COLUMNS = (
    *("row", "record_id", "status", "file", "credential_id", "sha256", "reason"),
    "source",
)
MAX_HEADINGS = 512  # bytes; ours have a sixth of it
MAX_CELL = 4_000  # letters of a reason; a spreadsheet takes 32,767


class Summary:
    """A table being written; it stands under its name when the block is left.

    `say` makes the reason of a result, in the words of who reads it. Only the owner
    can read the file: record ids can be personal numbers.
    """

    def __init__(self, path: Path, say: Callable[[Done], str]) -> None:
        self.path = path
        self._say = say
        # Always the same name, so that a run that is killed leaves no more than one.
        self._part = part_of(path)
        check_place(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._part.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            handle = os.open(self._part, flags, PRIVATE)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        self._file: TextIO = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";")
        self._writer.writerow(COLUMNS)

    def add(self, done: Done) -> None:
        """The line of one row."""
        cells = (
            str(done.row),
            done.record_id,
            status_of(done),
            "" if isinstance(done, Rejected) else done.file,
            "" if isinstance(done, Rejected) else done.credential_id,
            "" if isinstance(done, Rejected) else done.sha256,
            self._say(done)[:MAX_CELL],
            done.source,
        )
        self._writer.writerow([escape_cell(cell.replace("\0", "")) for cell in cells])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Also where the run was stopped: what was done by then is worth knowing.
        self._file.close()
        try:
            self._part.replace(self.path)
        except OSError as fault:
            self._part.unlink(missing_ok=True)
            raise ConfigError(f"{self.path}: {fault.strerror}") from fault


def part_of(path: Path) -> Path:
    """Where a summary lies until it is whole."""
    return path.with_name(f".{path.name}.part")


def check_place(path: Path) -> None:
    """`ConfigError` where a file lies that is no summary: it would be lost."""
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise ConfigError(f"{path} is not an ordinary file")
        with path.open("rb") as file:
            begun = file.read(MAX_HEADINGS)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    if begun and not _is_summary(begun):
        raise ConfigError(
            f"{path} is no summary of a batch and was left as it is; name another "
            "file with --summary"
        )


def _is_summary(begun: bytes) -> bool:
    """Whether the headings are ours, also where a spreadsheet wrote them anew."""
    text = begun.decode("utf-8-sig", "replace")
    headings = text.replace('"', "").partition("\n")[0].strip()
    return tuple(re.split("[;,\t]", headings)) == COLUMNS


def status_of(done: Done) -> str:
    """`issued`, `already`, `rejected` (something to mend) or `refused` (not passed)."""
    if isinstance(done, Rejected):
        return "refused" if done.refused else "rejected"
    return "already" if done.before else "issued"

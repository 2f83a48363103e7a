"""Rows that come only once, kept so that they can be read twice.

A database cursor and standard input give their rows once, but a clerk wants to hear of
all faults before the first credential is made. So they are written to a temporary file
that only its owner can read, and it is deleted when the work is done.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TextIO
from uuid import UUID

from edc_issuer.columns.problems import problem
from edc_issuer.columns.values import Cell
from edc_issuer.sources.sheet import Row, RowFault, Sheet, unreadable

ENDING = ".rows"
MAX_BYTES = 2**31  # what is read of one stream or table
_BLOCK = 1 << 20
_AT_ONCE = 1_000  # rows asked of a database at a time


class Cursor(Protocol):
    """What PEP 249 promises of a cursor after `execute`."""

    @property
    def description(self) -> Any: ...
    def fetchmany(self, size: int = ..., /) -> Sequence[Sequence[Any]]: ...


@contextmanager
def spooled_stream(
    stream: BinaryIO, ending: str, *, name: str = "stdin"
) -> Iterator[Path]:
    """The bytes of a stream as a file; `ending` (`.csv`) says what kind it is."""
    with _private(f"{name}{ending}") as path:
        left = MAX_BYTES
        with _opened(path, "wb") as file:
            while block := stream.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise unreadable(name, "file-too-large", limit=MAX_BYTES // 2**20)
                file.write(block)
        yield path


@contextmanager
def spooled_cursor(cursor: Cursor, *, name: str = "database") -> Iterator[Path]:
    """The rows of an executed DB-API cursor as a file that `read_entries` reads.

    Column names are the headings, so `SELECT ... AS given_name` or `columns` says
    which is which. Rows are counted from 1.
    """
    if cursor.description is None:
        raise unreadable(name, "cursor-empty")
    with _private(f"{name}{ENDING}") as path:
        with _opened(path, "w") as file:
            _write(file, [str(one[0]) for one in cursor.description])
            while rows := cursor.fetchmany(_AT_ONCE):
                for row in rows:
                    _write(file, [_stored(cell) for cell in row])
                if file.tell() > MAX_BYTES:
                    raise unreadable(name, "file-too-large", limit=MAX_BYTES // 2**20)
        yield path


@contextmanager
def _private(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="edc-rows-") as folder:
        yield Path(folder) / name


def _opened(path: Path, mode: str) -> Any:
    """A new file for its owner alone, in a folder that is the owner's alone as well."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    encoding = None if "b" in mode else "utf-8"
    return os.fdopen(descriptor, mode, encoding=encoding)


def _write(file: TextIO, cells: Sequence[Any]) -> None:
    file.write(json.dumps(cells, ensure_ascii=True) + "\n")


def _stored(cell: Any) -> Any:
    """A value of a database as JSON: what JSON has no word for becomes a pair."""
    if cell is None or isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, float | Decimal):
        return {"number": str(cell)}
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, UUID):
        return str(cell)
    if isinstance(cell, list | tuple) and all(_simple(one) for one in cell):
        return "|".join(str(one) for one in cell if one is not None)
    return {"other": type(cell).__name__}


def _simple(value: object) -> bool:
    return value is None or (isinstance(value, str | int) and "|" not in str(value))


def open_spooled(path: Path) -> Sheet:
    """The sheet of a file that `spooled_cursor` wrote."""
    with path.open(encoding="utf-8") as file:
        header: list[str] = json.loads(file.readline())

    def rows() -> Iterator[Row]:
        with path.open(encoding="utf-8") as again:
            again.readline()
            for number, line in enumerate(again, start=1):
                cells, faults = _restored(json.loads(line))
                if any(cell is not None and cell != "" for cell in cells) or faults:
                    yield Row(number, cells, faults)

    return Sheet(path.stem, header, 0, rows)


def _restored(
    stored: list[Any],
) -> tuple[list[Cell], tuple[RowFault, ...]]:
    cells: list[Cell] = []
    faults: list[RowFault] = []
    for index, value in enumerate(stored):
        if not isinstance(value, dict):
            cells.append(value)
            continue
        [(kind, text)] = value.items()
        reader = _RESTORED.get(kind)
        cells.append(reader(text) if reader else None)
        if reader is None:
            faults.append((index, problem("database-type", type=text)))
    return cells, tuple(faults)


_RESTORED: dict[str, Any] = {
    "number": Decimal,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
}

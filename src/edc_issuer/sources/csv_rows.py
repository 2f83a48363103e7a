"""Comma-separated values, row by row; a damaged row costs itself alone.

The standard reader gives up at the first oversized cell and swallows the rest of a
file behind a quotation mark that never closes. Here such a row is told of with its
column, and reading goes on with the next line. RFC 4180, with `;` and tab beside the
comma, as Excel writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from edc_issuer.columns.problems import problem
from edc_issuer.columns.values import MAX_CELL
from edc_issuer.errors import Problem
from edc_issuer.sources.encodings import encoding_of
from edc_issuer.sources.sheet import Row, RowFault, Sheet, unreadable

MAX_ROW = 1 << 20  # letters of one row; ten cells of the greatest length
MAX_SEARCHES = 16  # times the whole rest of a file is searched for a closing mark
DELIMITERS = ";,\t"


def open_csv(path: Path, *, name: str | None = None) -> Sheet:
    """A CSV file as a sheet; `UnreadableRows` where its letters cannot be told."""
    shown = name or path.name
    with path.open("rb") as binary:
        encoding = encoding_of(binary, shown)

    def opened() -> TextIO:
        # Any of the three kinds of line end becomes \n, inside a cell as well.
        return path.open(encoding=encoding, newline=None)

    with opened() as file:
        delimiter = _delimiter(file, shown)
        records = _Records(file, delimiter)
        number, header = _header(records, shown)

    def rows() -> Iterator[Row]:
        with opened() as again:
            _delimiter(again, shown)
            yield from _rows(_Records(again, delimiter), len(header), number)

    return Sheet(shown, header, number, rows)


def _delimiter(file: TextIO, name: str) -> str:
    """The sign between cells: the commonest of the first line, or as `sep=` says.

    The file stands before the first row afterwards.
    """
    line = file.readline(MAX_ROW)
    while line.isspace():
        line = file.readline(MAX_ROW)
    if not line:
        raise unreadable(name, "file-empty")
    if line.lower().startswith("sep=") and len(line.rstrip("\n")) == 5:
        return line[4]  # Excel's own hint; it does not show this line as a row
    file.seek(0)
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _header(records: _Records, name: str) -> tuple[int, Sequence[str]]:
    for number, record in enumerate(records, start=1):
        if record.faults:
            raise unreadable(name, "header-broken", row=number)
        cells = [cell.strip() for cell in record.cells]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            return number, cells
    raise unreadable(name, "file-empty")


def _rows(records: _Records, width: int, header_row: int) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        if number <= header_row:
            continue
        if record.faults:
            yield Row(number, _padded(record.cells, width), record.faults)
        elif any(cell.strip() for cell in record.cells):
            yield Row(number, *_fitted(record.cells, width))


def _fitted(
    cells: Sequence[str], width: int
) -> tuple[Sequence[str], tuple[RowFault, ...]]:
    """The cells of a row as wide as its headings, and what is wrong with them."""
    faults: list[RowFault] = []
    if len(cells) != width:
        spare = [cell for cell in cells[width:] if cell.strip()]
        if len(cells) < width or spare:
            wrong = problem("width", found=len(cells), expected=width)
            faults.append((None, wrong))
        cells = _padded(cells, width)
    if sum(map(len, cells)) > MAX_CELL:
        for index, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                faults.append((index, _too_long(len(cell))))
    return cells, tuple(faults)


def _padded(cells: Sequence[str], width: int) -> Sequence[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _too_long(length: int) -> Problem:
    return problem("too-long", length=length, limit=MAX_CELL)


@dataclass(slots=True)
class _Record:
    """One row while its lines are put together; `open` holds a quoted cell's pieces."""

    delimiter: str
    cells: list[str] = field(default_factory=list)
    faults: tuple[RowFault, ...] = ()
    open: list[str] | None = None
    size: int = 0

    def feed(self, line: str) -> None:
        """One more line; afterwards `open` is None where the row is complete."""
        place = 0
        while True:
            if self.open is None:
                if not line.startswith('"', place):
                    end = line.find(self.delimiter, place)
                    self.cells.append(line[place:] if end < 0 else line[place:end])
                    if end < 0:
                        return
                    place = end + 1
                    continue
                self.open = []
                place += 1
            end = _closing(line, place)
            if end < 0:
                self._keep(line[place:] + "\n")
                return
            self._keep(line[place:end])
            self._close()
            place = end + 1
            if place >= len(line):
                return
            if line[place] != self.delimiter:
                self.faults = ((len(self.cells) - 1, problem("quotes")),)
                return
            place += 1

    def _keep(self, piece: str) -> None:
        assert self.open is not None
        self.size += len(piece)
        if self.size <= MAX_ROW:
            self.open.append(piece)

    def _close(self) -> None:
        assert self.open is not None
        self.cells.append("".join(self.open).replace('""', '"'))
        self.open = None


def _closing(line: str, place: int) -> int:
    """Where the quotation mark stands that closes a cell; -1 for not in this line."""
    while True:
        end = line.find('"', place)
        if end < 0 or not line.startswith('"', end + 1):
            return end
        place = end + 2


_EMPTY = _Record(";")


class _Records:
    """The rows of a text file, empty ones too, so that they can be counted."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self._file = file
        self._delimiter = delimiter
        self._blank = f"{delimiter} \t"
        self._searches = 0

    def __iter__(self) -> Iterator[_Record]:
        while True:
            line, cut = self._line()
            if line is None:
                return
            if cut:
                yield self._oversized(line)
            elif not line.strip(self._blank):
                yield _EMPTY
            elif '"' not in line:
                yield _Record(self._delimiter, line.split(self._delimiter))
            else:
                yield self._quoted(line)

    def _line(self) -> tuple[str | None, bool]:
        """A line without its end, and whether it went on beyond `MAX_ROW`."""
        line = self._file.readline(MAX_ROW + 1)
        if not line:
            return None, False
        if line.endswith("\n"):
            return line[:-1], False
        cut = False
        while rest := self._file.readline(MAX_ROW):
            cut = True
            if rest.endswith("\n"):
                break
        return line, cut

    def _oversized(self, line: str) -> _Record:
        record = _Record(self._delimiter)
        record.feed(line)
        if record.open is not None:
            record._close()
        index = max(range(len(record.cells)), key=lambda at: len(record.cells[at]))
        record.faults = ((index, _too_long(len(record.cells[index]))),)
        record.cells = [""] * len(record.cells)
        return record

    def _quoted(self, line: str) -> _Record:
        """A row with quoted cells, which may go on over several lines."""
        record = _Record(self._delimiter)
        record.feed(line)
        if record.open is None or record.faults:
            return record
        place = self._file.tell()
        self._searches += 1
        while record.open is not None and self._searches <= MAX_SEARCHES:
            more, cut = self._line()
            if more is None:
                break
            record.feed(more)
            if cut:
                record.size += MAX_ROW
        if record.open is None and not record.faults:
            self._searches -= 1
            return self._whole(record)
        # Only the first line belongs to this row for certain; the others are read anew.
        self._file.seek(place)
        record = _Record(self._delimiter)
        record.feed(line)
        index = len(record.cells)
        record.faults = ((index, problem("unclosed")),)
        return record

    def _whole(self, record: _Record) -> _Record:
        if record.size > MAX_ROW:
            lengths = [len(cell) for cell in record.cells]
            index = lengths.index(max(lengths))
            record.faults = ((index, _too_long(record.size)),)
        return record

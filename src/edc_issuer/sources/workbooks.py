"""Spreadsheets: the sheets of an XLSX, XLSM or XLS file (extra `xlsx`).

python-calamine reads the values. Dates come as dates, and numbers as numbers, so codes
that lost their zeros are mended where the column says what they are (`values`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from edc_issuer.columns.headers import MAX_COLUMNS, letters
from edc_issuer.columns.problems import problem
from edc_issuer.columns.values import Cell
from edc_issuer.errors import ConfigError
from edc_issuer.sources.sheet import Row, RowFault, Sheet, unreadable
from edc_issuer.sources.workbook_scan import Scan, scan

MAX_FILE = 200 << 20
_HEADER_WITHIN = 50  # rows in which the headings are looked for
Range = tuple[tuple[int, int], tuple[int, int]]


def open_workbook(path: Path, *, grid: bool = False) -> Mapping[str, Sheet]:
    """The visible sheets that hold anything, by their names.

    `grid`: the first row need not be that of the headings, so nothing is cut to it.
    `ConfigError` where the extra is not installed, `UnreadableRows` for a file that is
    damaged, protected by a password, or no spreadsheet.
    """
    if path.stat().st_size > MAX_FILE:
        raise unreadable(path.name, "file-too-large", limit=MAX_FILE // 2**20)
    scans = scan(path) if _is_zip(path) else None
    looked = scans or {}
    return {
        name: sheet
        for name, (cells, merged) in _values(path, scans).items()
        if (sheet := _sheet(path, name, cells, merged, looked.get(name), grid=grid))
    }


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _values(
    path: Path, scans: Mapping[str, Scan] | None
) -> dict[str, tuple[Any, list[Range]]]:
    """The cells of each visible sheet; only of those that were looked through."""
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise ConfigError(
            "reading spreadsheets needs the extra xlsx (pip install "
            "'edc-issuer[xlsx]'); or save the sheet as CSV UTF-8"
        ) from error
    found = {}
    try:
        book = calamine.CalamineWorkbook.from_path(os.fspath(path))
        for about in book.sheets_metadata:
            # Sheets of charts and macros have no cells.
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            if about.visible == calamine.SheetVisibleEnum.Visible:
                if scans is not None and about.name not in scans:
                    raise unreadable(path.name, "workbook-damaged")
                sheet = book.get_sheet_by_name(about.name)
                if sheet.end is not None:
                    found[about.name] = (sheet, list(sheet.merged_cell_ranges or ()))
    except calamine.PasswordError:
        raise unreadable(path.name, "workbook-password") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise unreadable(path.name, "workbook-damaged") from None
    return found


def _sheet(
    path: Path,
    tab: str,
    cells: Any,
    merged: Sequence[Range],
    scanned: Scan | None,
    *,
    grid: bool,
) -> Sheet | None:
    name = f"{path.name}#{tab}"
    header_row, header = _header(cells)
    if not header:
        return None
    if grid:
        header += [""] * (cells.end[1] + 1 - len(header))
        merged = ()
    width = len(header)
    looked = scanned or Scan()
    for (top, left), (bottom, right) in merged:
        if top <= header_row <= bottom and left < width and (right > left):
            at = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            raise unreadable(name, "header-merged", row=header_row + 1, range=at)
    below = sorted(one for one in merged if one[1][0] > header_row)

    def rows() -> Iterator[Row]:
        covered = _Covered(below)
        for number, row in enumerate(cells.iter_rows()):
            if number <= header_row:
                continue
            faults = _faults(number, row, width, looked, covered)
            if faults or any(cell != "" for cell in row):
                yield Row(number + 1, _cells(row, width), faults)

    return Sheet(name, header, header_row + 1, rows)


def _header(cells: Any) -> tuple[int, list[str]]:
    for number, row in enumerate(islice(cells.iter_rows(), _HEADER_WITHIN)):
        header = [str(cell).strip() for cell in row]
        while header and not header[-1]:
            header.pop()
        if header:
            return number, header
    return 0, []


def _cells(row: Sequence[Any], width: int) -> list[Cell]:
    return [*row[:width], *[""] * (width - len(row))]


def _faults(
    number: int, row: Sequence[Any], width: int, scanned: Scan, covered: _Covered
) -> tuple[RowFault, ...]:
    faults: list[RowFault] = []
    spare = [at for at, cell in enumerate(row[width:], start=width) if cell != ""]
    if spare:
        where = letters(spare[0])
        faults.append((None, problem("no-heading", column=where)))
    if scanned.odd:
        for at in range(len(row)):
            shown = scanned.odd.get((number, at))
            if shown is not None:
                faults.append((at, _without_value(shown)))
    for at in covered.columns(number):
        if at < width:
            faults.append((at, problem("merged")))
    return tuple(faults)


def _without_value(shown: str) -> Any:
    if shown:
        return problem("cell-error", value=shown)
    return problem("formula-empty")


class _Covered:
    """Cells below the headings that a merged range hides behind its first.

    Rows are asked for from above, so each range is looked at only where it lies.
    """

    def __init__(self, ranges: Sequence[Range]) -> None:
        self._ranges = ranges
        self._next = 0
        self._open: list[Range] = []

    def columns(self, row: int) -> Iterator[int]:
        self._open = [one for one in self._open if one[1][0] >= row]
        while self._next < len(self._ranges) and self._ranges[self._next][0][0] <= row:
            # More than there are columns overlap, as no spreadsheet writes them.
            if self._ranges[self._next][1][0] >= row and len(self._open) < MAX_COLUMNS:
                self._open.append(self._ranges[self._next])
            self._next += 1
        for (top, left), (_, right) in self._open:
            for column in range(left, min(right, MAX_COLUMNS) + 1):
                if (row, column) != (top, left):
                    yield column

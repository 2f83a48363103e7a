"""What a spreadsheet program knows of its cells and a reader of values does not say.

A formula that was never calculated and a cell that shows an error both come out empty,
and one cell at the far corner makes a reader reserve memory for all between. So each
sheet of an XLSX file is looked through once before its values are read (ISO/IEC
29500-1).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from edc_issuer.columns.headers import MAX_COLUMNS
from edc_issuer.sources.sheet import unreadable
from edc_issuer.sources.xml_events import BadXml, parse

MAX_BYTES = 512 << 20  # of one part, unpacked: half a million long rows
MAX_PARTS = 10_000
MAX_CELLS = (
    40_000_000  # rows times columns, which a reader holds at once (32 bytes each)
)
MAX_ODD = 100_000  # formulas and errors that are remembered
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


@dataclass(slots=True)
class Scan:
    """One sheet: its size, and the cells that have no value though they look so.

    `odd` maps (row, column), both from 0, to the error shown, or "" for a formula
    without a value.
    """

    rows: int = 0
    columns: int = 0
    odd: dict[tuple[int, int], str] = field(default_factory=dict)


def scan(path: Path) -> Mapping[str, Scan]:
    """Every worksheet by its name; `UnreadableRows` for what no honest file is."""
    try:
        with zipfile.ZipFile(path) as file:
            if len(file.infolist()) > MAX_PARTS:
                raise unreadable(path.name, "workbook-damaged")
            return {name: _sheet(file, part) for name, part in _parts(file).items()}
    except (zipfile.BadZipFile, BadXml, KeyError, RuntimeError, OSError, EOFError):
        raise unreadable(path.name, "workbook-damaged") from None
    except _TooLarge:
        raise unreadable(path.name, "workbook-too-large", limit=MAX_CELLS) from None


class _TooLarge(Exception):
    """More cells between the corners than are held at once."""


def _parts(file: zipfile.ZipFile) -> dict[str, str]:
    """The part of each worksheet by the name on its tab."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(name: str, given: dict[str, str]) -> None:
        if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            target = given.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[given.get("Id", "")] = part

    def sheet(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            own = next((v for k, v in given.items() if k.endswith(" id")), "")
            names[given.get("name", "")] = own

    for part, begin in (
        ("xl/_rels/workbook.xml.rels", relation),
        ("xl/workbook.xml", sheet),
    ):
        with file.open(part) as inner:
            parse(inner, begin, _nothing, limit=MAX_BYTES)  # type: ignore[arg-type]
    return {name: targets[own] for name, own in names.items() if own in targets}


def _nothing(_: str) -> None:
    return None


def _sheet(file: zipfile.ZipFile, part: str) -> Scan:
    found = Scan()
    reading = _CellReading(found)
    with file.open(part) as inner:
        parse(
            inner,  # type: ignore[arg-type]
            reading.begin,
            reading.end,
            reading.text,
            limit=MAX_BYTES,
        )
    return found


class _CellReading:
    """The cell that is being read: where it is, whether it is a formula, its value."""

    def __init__(self, found: Scan) -> None:
        self._found = found
        self._at = (0, 0)
        self._error = self._formula = self._inside = False
        self._value = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row(given.get("r"))
        elif name == "c":
            self._cell(given)
        elif name in ("v", "t"):
            self._inside = True
        elif name == "f":
            self._formula = True

    def _row(self, number: str | None) -> None:
        row = int(number) - 1 if number and number.isdigit() else self._at[0] + 1
        self._at = (row, -1)

    def _cell(self, given: dict[str, str]) -> None:
        match = _CELL.match(given.get("r", ""))
        if match:
            self._at = (int(match[2]) - 1, _number(match[1]))
        else:
            self._at = (self._at[0], self._at[1] + 1)
        self._error = given.get("t") == "e"
        self._formula = False
        self._value = ""

    def text(self, text: str) -> None:
        if self._inside and len(self._value) < 20:
            self._value += text[:20]

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            self._done()

    def _done(self) -> None:
        if not self._value and not self._formula:
            return
        found, (row, column) = self._found, self._at
        if row >= found.rows or column >= found.columns:
            found.rows = max(found.rows, row + 1)
            found.columns = max(found.columns, column + 1)
            cells = found.rows * found.columns
            if cells > MAX_CELLS or found.columns > MAX_COLUMNS * 2:
                raise _TooLarge
        if self._error or not self._value:
            found.odd[row, column] = self._value if self._error else ""
            if len(found.odd) > MAX_ODD:
                raise _TooLarge


@lru_cache(maxsize=1 << 15)
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

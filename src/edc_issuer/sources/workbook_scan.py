"""What a spreadsheet program knows of its cells and a reader of values does not say.

A formula that was never calculated and a cell that shows an error both come out empty,
one cell at the far corner makes a reader reserve memory for all between, and a text
that many cells share is held once for each of them. So an XLSX file is looked through
once before its values are read (ISO/IEC 29500-1).
"""

from __future__ import annotations

import re
import zipfile
from array import array
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
MAX_TEXT = 512 << 20  # letters of all cells together, shared texts once for each cell
MAX_SHARED = 10_000_000  # texts that cells share
MAX_OTHER = 32 << 20  # bytes of the parts that hold no cells: styles, names of sheets
_TEXTS = ("str", "inlineStr", "d")  # kinds of cells that are values even when empty
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
            names = [one.filename.casefold() for one in file.infolist()]
            # Readers disagree which of two parts of one name is meant.
            if len(names) > MAX_PARTS or len(set(names)) < len(names):
                raise unreadable(path.name, "workbook-damaged")
            return _sheets(file)
    except (zipfile.BadZipFile, BadXml, KeyError, RuntimeError, OSError, EOFError):
        raise unreadable(path.name, "workbook-damaged") from None
    except _TooLarge:
        raise unreadable(path.name, "workbook-too-large", limit=MAX_CELLS) from None
    except _TooMuch:
        limit = MAX_TEXT // 2**20
        raise unreadable(path.name, "workbook-unfolds", limit=limit) from None


class _TooLarge(Exception):
    """More cells between the corners than are held at once."""


class _TooMuch(Exception):
    """More text than is held at once."""


def _sheets(file: zipfile.ZipFile) -> dict[str, Scan]:
    """All are held at the same time, so they share what may be held."""
    parts = _parts(file)
    for styles in _named(file, "styles.xml"):
        with file.open(styles) as inner:
            parse(inner, _ignored, _nothing, limit=MAX_OTHER)  # type: ignore[arg-type]
    if len(set(parts.values())) < len(parts):
        raise BadXml("one sheet under two names")
    budget = _Budget(_shared(file))
    return {name: _sheet(file, part, budget) for name, part in parts.items()}


class _Budget:
    """What the cells of all sheets may still hold; `shared` are lengths of texts."""

    def __init__(self, shared: array[int]) -> None:
        self.shared = shared
        self._cells = MAX_CELLS
        self._text = MAX_TEXT

    def reserve(self, cells: int) -> None:
        """So many cells more."""
        self._cells -= cells
        if self._cells < 0:
            raise _TooLarge

    def hold(self, letters: int) -> None:
        """A text of so many letters more."""
        self._text -= letters
        if self._text < 0:
            raise _TooMuch


def _shared(file: zipfile.ZipFile) -> array[int]:
    """The lengths of the texts that cells share, by their number."""
    lengths = array("Q")
    left = MAX_TEXT

    def begin(name: str, _: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)
            if len(lengths) > MAX_SHARED:
                raise _TooMuch

    def text(found: str) -> None:
        nonlocal left
        left -= len(found)
        if left < 0:
            raise _TooMuch
        if lengths:
            lengths[-1] += len(found)

    for part in _named(file, "sharedstrings.xml"):
        with file.open(part) as inner:
            parse(inner, begin, _nothing, text, limit=MAX_BYTES)  # type: ignore[arg-type]
    return lengths


def _named(file: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The parts of this name wherever they lie; a reader looks in any capitals."""
    return [
        one for one in file.infolist() if one.filename.casefold().endswith(f"/{name}")
    ]


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
            parse(inner, begin, _nothing, limit=MAX_OTHER)  # type: ignore[arg-type]
    return {name: targets[own] for name, own in names.items() if own in targets}


def _nothing(_: str) -> None:
    return None


def _ignored(_: str, __: dict[str, str]) -> None:
    return None


def _sheet(file: zipfile.ZipFile, part: str, budget: _Budget) -> Scan:
    found = Scan()
    reading = _CellReading(found, budget)
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

    def __init__(self, found: Scan, budget: _Budget) -> None:
        self._found = found
        self._budget = budget
        self._at = (0, 0)
        self._kind = ""
        self._formula = self._inside = self._held = False
        self._value = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row(given.get("r"))
        elif name == "c":
            self._cell(given)
        elif name in ("v", "t", "is"):
            self._inside = name != "is"
            self._held = True
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
        self._kind = given.get("t", "")
        self._formula = self._held = False
        self._value = ""

    def text(self, text: str) -> None:
        if self._inside:
            self._budget.hold(len(text))
            if len(self._value) < 20:
                self._value += text[:20]

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            self._done()

    def _done(self) -> None:
        if self._kind == "s" and self._value.isdecimal():
            number = int(self._value)
            if number < len(self._budget.shared):
                self._budget.hold(self._budget.shared[number])
        if self._value or self._formula or (self._held and self._kind in _TEXTS):
            self._reach()
        if self._value and self._kind == "e":
            self._odd(self._value)
        elif self._formula and not self._value:
            self._odd("")

    def _reach(self) -> None:
        """The sheet goes at least as far as this cell."""
        found, (row, column) = self._found, self._at
        if row < found.rows and column < found.columns:
            return
        before = found.rows * found.columns
        found.rows = max(found.rows, row + 1)
        found.columns = max(found.columns, column + 1)
        if found.columns > MAX_COLUMNS * 2:
            raise _TooLarge
        self._budget.reserve(found.rows * found.columns - before)

    def _odd(self, shown: str) -> None:
        self._found.odd[self._at] = shown
        if len(self._found.odd) > MAX_ODD:
            raise _TooLarge


@lru_cache(maxsize=1 << 15)
def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

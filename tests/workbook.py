"""Spreadsheets for tests: the few parts of an XLSX file, written by hand.

A cell is a text, a number, a `date`, True or False, None, or one of the two below.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from edc_issuer.columns.headers import letters

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1">'
    '<fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" '
    'applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Formula:
    """A formula, with the value that was last calculated, or without one."""

    text: str
    value: str | None = None


@dataclass(frozen=True)
class Raw:
    """A cell as its element, without the place: `<c t="str"><v/></c>`."""

    element: str


@dataclass(frozen=True)
class Broken:
    """A cell that shows an error: `#REF!`."""

    shown: str


Cell = str | int | float | bool | date | Formula | Broken | Raw | None


def workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    shared: Sequence[str] = (),
) -> Path:
    """Write the file; `merged` are ranges such as `A1:C1` of the first sheet.

    `shared` are the texts that cells share (`<c t="s"><v>0</v></c>`).
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr(
            "_rels/.rels", _relations(["officeDocument"], ["xl/workbook.xml"])
        )
        file.writestr("xl/styles.xml", _STYLES)
        texts = "".join(f"<si><t>{escape(one)}</t></si>" for one in shared)
        if shared:
            file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
        names = list(sheets)
        file.writestr("xl/workbook.xml", _book(names, hidden))
        targets = [f"worksheets/sheet{n}.xml" for n in range(1, len(names) + 1)]
        kinds = ["worksheet"] * len(names) + ["styles", "sharedStrings"]
        others = ["styles.xml", "sharedStrings.xml"]
        file.writestr(
            "xl/_rels/workbook.xml.rels", _relations(kinds, [*targets, *others])
        )
        for number, rows in enumerate(sheets.values()):
            ranges = merged if number == 0 else ()
            file.writestr(f"xl/{targets[number]}", _sheet(rows, ranges))
    return path


def _relations(kinds: Sequence[str], targets: Sequence[str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(zip(kinds, targets, strict=True), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'


def _book(names: Sequence[str], hidden: Sequence[str]) -> str:
    inner = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for n, name in enumerate(names, start=1)
    )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{inner}</sheets>'
        "</workbook>"
    )


def _sheet(rows: Sequence[Sequence[Cell]], merged: Sequence[str]) -> str:
    lines = "".join(
        f'<row r="{n}">'
        + "".join(_cell(f"{letters(at)}{n}", cell) for at, cell in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, start=1)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    tail = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{tail}</worksheet>'
    )


def _cell(at: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{at}"><v>{cell}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{at}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, Formula):
        value = "" if cell.value is None else f"<v>{escape(cell.value)}</v>"
        return f'<c r="{at}" t="str"><f>{escape(cell.text)}</f>{value}</c>'
    if isinstance(cell, Raw):
        return cell.element.replace("<c", f'<c r="{at}"', 1)
    if isinstance(cell, Broken):
        return f'<c r="{at}" t="e"><v>{cell.shown}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'

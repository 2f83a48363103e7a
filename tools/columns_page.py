"""Write docs/columns.md: every column of every sheet, and how a cell is written.

    python tools/columns_page.py

Made from the table by which rows are read, so it cannot say anything else; a test
compares it with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "columns.md"
INTRODUCTION = """\
# Columns

Written by `tools/columns_page.py`; a test compares.

What a spreadsheet, an export or a database may hold, and where it goes in the
[record](record.md). `edc-issuer template` writes the headings into an empty sheet;
[clerk.md](clerk.md) shows how a list becomes credentials.

- A heading may be the name or any of the headings below, in any language, letter case
  and order. Texts carry their language: `title_sl`, or "Naziv programa (sl)".
- An unknown heading is refused with the one that may have been meant. Own headings are
  explained once, in a JSON file (`--columns FILE`, `columns=` in Python):
  `{"stevilka": "record_id", "opomba": null}`; `null` passes a column over.
- Dates are `2025-11-20`, `20. 11. 2025`, `20.11.2025` or `20/11/2025` (day first, four
  digits of the year). Numbers have a decimal comma or point, and no sign between
  thousands. `|` stands between the values of a list, ` || ` between outcomes.
- A cell that begins with `=` is refused: it would be somebody's formula.
- *needed*: the sheet is refused without it.
"""
SHEETS = {
    "flat": "One sheet for everything (`--kind flat`)",
    "awards": "`awards.csv`: who was awarded what",
    "programmes": "`programmes.csv`: what was learnt",
    "outcomes": "`outcomes.csv`: the learning outcomes of a programme",
    "units": "`units.csv`: its units and activities",
    "organisations": "`organisations.csv`: issuers and other bodies",
}
LANGUAGES = ("en", "sl", "hr", "sr-Latn")
KINDS = {
    "text": "text",
    "date": "date",
    "number": "number",
    "decimal": "number, kept to the letter",
    "whole": "whole number",
    "flag": "yes or no",
    "organisation": "key of `organisations.csv`",
    "level": "level of a national framework",
    "pairs": "code and points of each part",
    "isced": "ISCED-F code",
}


def page() -> str:
    """The whole page as Markdown."""
    source = files("edc_issuer").joinpath("data/columns.json")
    columns: list[Mapping[str, Any]] = json.loads(source.read_text("utf-8"))
    parts = [INTRODUCTION]
    for sheet, title in SHEETS.items():
        rows = [column for column in columns if sheet in column["files"]]
        parts.append(f"## {title}\n\n{''.join(_table(rows))}")
    return "\n".join(parts)


def _table(columns: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "| name | headings | holds | in the record |\n|---|---|---|---|\n"
    for column in columns:
        name = column["name"] + ("_LANG" if column.get("texts") else "")
        need = " (*needed*)" if column.get("required") else ""
        labels = column["labels"]
        spoken = (label for language in LANGUAGES for label in labels[language][:1])
        headings = ", ".join(dict.fromkeys(spoken))
        path = column.get("path")
        place = f"`{path}`" if path else "joins the sheets"
        yield f"| `{name}`{need} | {headings} | {KINDS[column['kind']]} | {place} |\n"


def main() -> None:
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()

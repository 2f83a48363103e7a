"""The table of columns: which column of which file fills which field of a record.

`data/columns.json` is written by `tools/make_columns.py`. A path is that of the
record; `x[]` before a member spreads a cell's list over several objects, `x[]` at the
end takes the list itself, `x[0]` is the first object, `x[scope=internal]` the objects
of that kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from typing import Any

FILES = ("flat", "awards", "programmes", "outcomes", "units", "organisations")
# What separates the entries of a list inside one cell; texts hold "|" themselves.
PIPE, BARS = "|", "||"
_STEP = re.compile(r"(\w+)(?:\[([^\]]*)\])?\Z")


@dataclass(frozen=True, slots=True)
class Step:
    """One member of a path; `mark` is None, "" for a list, "0", or "scope=internal"."""

    name: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its own name, where it goes and how a cell is read.

    `texts`: there is one such column a language (`title_sl`), or one without a
    language for the primary one. `labels` are the headings by language; the first of
    each stands in empty sheets.
    """

    name: str
    path: tuple[Step, ...]
    kind: str
    texts: bool
    required: bool
    basic: bool
    labels: Mapping[str, tuple[str, ...]]

    @property
    def separator(self) -> str | None:
        """What separates several values in one cell; None where there is only one."""
        if self.kind == "pairs":
            return PIPE
        spread = any(step.mark is not None and step.mark != "0" for step in self.path)
        if not spread or self.name in SAID_ONCE:
            return None
        in_sentences = self.texts and self.name.startswith(("qa_", "outcomes"))
        return BARS if in_sentences else PIPE


# Lists of short codes: people write sl, en or sl; en as well.
CODES = frozenset(
    [
        "languages",
        "language_of_instruction",
        "assessment_languages",
        "isced_f",
        "sdg",
        "stacking_options",
    ]
)
LISTED = r"[|,;]"
# Said once in a row and meant for every entry of the list.
SAID_ONCE = frozenset(
    ["outcome_source", "qa_framework", "qa_body_key", "qa_accreditation_type"]
)


# Rows of these files are the entries of a list, or the members of an organisation.
_ROOTS = {
    "outcomes": "programme.outcomes[].",
    "units": "programme.units[].",
    "organisations": "issuer.",
}


@cache
def columns_of(file: str) -> Mapping[str, Column]:
    """The columns of one kind of file by their own names, in the order of its headings.

    Paths in `outcomes`, `units` and `organisations` begin at the object of the row.
    """
    return {row["name"]: _column(row, file) for row in _rows() if file in row["files"]}


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    text = package_files("edc_issuer.data").joinpath("columns.json").read_text("utf-8")
    return tuple(json.loads(text))


def _column(row: Mapping[str, Any], file: str) -> Column:
    path = row.get("path", "").removeprefix(_ROOTS.get(file, "\0"))
    return Column(
        name=row["name"],
        path=_steps(path),
        kind=row["kind"],
        texts=row.get("texts", False),
        required=row.get("required", False),
        basic=row.get("basic", False),
        labels={tag: tuple(given) for tag, given in row["labels"].items()},
    )


def _steps(path: str) -> tuple[Step, ...]:
    members = path.removesuffix(".<lang>").split(".") if path else []
    return tuple(_step(member) for member in members)


def _step(member: str) -> Step:
    match = _STEP.match(member)
    if match is None:
        raise ValueError(f"{member} is no step of a path")
    return Step(match[1], match[2])

"""Flat sheets for tests: the rows of the fixture, with single cells changed."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from edc_issuer.sources import Entry, RowProblem, UnreadableRows, read_entries

SET = Path(__file__).parent.parent / "fixtures" / "csv"
FLAT = SET / "awards_flat_excel_cp1250.csv"


def flat_rows() -> list[dict[str, str]]:
    """The four rows of the flat fixture by their headings."""
    text = FLAT.read_bytes().decode("cp1250")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def class_of(count: int, **cells: str) -> list[dict[str, str]]:
    """So many awards of one programme; `cells` are changed in the second one."""
    first = flat_rows()[0]
    rows = [{**first, "record_id": f"ECO-{n}"} for n in range(1, count + 1)]
    if cells:
        rows[1] |= cells
    return rows


def text_of(rows: Sequence[dict[str, str]], delimiter: str = ";") -> str:
    """The rows as CSV with their headings."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def save(
    folder: Path,
    content: str | bytes,
    *,
    name: str = "razred.csv",
    encoding: str = "utf-8",
) -> Path:
    """A file with the organisations of the fixture beside it."""
    shutil.copy(SET / "organisations.csv", folder)
    data = content if isinstance(content, bytes) else content.encode(encoding)
    (folder / name).write_bytes(data)
    return folder / name


def entries_of(folder: Path, content: str | bytes, **how: str) -> list[Entry]:
    return list(read_entries(save(folder, content, **how)))


def refusal(path: Path) -> tuple[RowProblem, ...]:
    """Why a file as a whole is not read."""
    try:
        found = list(read_entries(path))
    except UnreadableRows as error:
        return error.places
    raise AssertionError(f"{len(found)} entries were read")

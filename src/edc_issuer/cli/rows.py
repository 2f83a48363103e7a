"""`edc-issuer rows`: what is in a sheet, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import language_from, put, read_file, say, show
from edc_issuer.cli.options import (
    Columns,
    IdSecret,
    Lang,
    Organisations,
    id_secret_from,
)
from edc_issuer.errors import ConfigError, Problem

if TYPE_CHECKING:
    from edc_issuer.messages import Messages
    from edc_issuer.sources import Entry, RowProblem


def rows(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, XLSX, JSON Lines, ELMO, or a folder with awards.csv; - is CSV "
            "from standard input."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the good ones here as JSON Lines, one record a line."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            help="A record (JSON) for the Commission's recipient sheets, which hold "
            "names only: everything else is taken from it."
        ),
    ] = None,
    columns: Columns = None,
    organisations: Organisations = None,
    beside: Annotated[
        Path | None,
        typer.Option(help="Folder of programmes.csv and the others (default: beside)."),
    ] = None,
    id_secret: IdSecret = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Problems as JSON.")] = False,
) -> None:
    """Read rows, say what is wrong with each, and write the records that are right.

    Nothing is issued. Exit code 1 where a row is bad, 2 where a file cannot be read.
    """
    from edc_issuer.messages import Messages
    from edc_issuer.sources.seen import distinct

    messages = Messages(language_from(lang))
    entries = (
        _recipients(files, template, id_secret_from(id_secret), messages)
        if template
        else read(files, columns=columns, organisations=organisations, beside=beside)
    )
    counts = {"good": 0, "bad": 0}
    problems: list[dict[str, Any]] = []
    with _Lines(out) as lines:
        for entry in distinct(sentences(entries, messages)):
            counts["good" if entry.record else "bad"] += 1
            lines.add(entry)
            if as_json:
                problems += [_as_dict(found, messages) for found in entry.problems]
                continue
            for line in told(entry, messages):
                show(line)
    if as_json:
        put({**counts, "problems": problems})
    else:
        say(messages.text("rows.counted", **counts))
    raise typer.Exit(1 if counts["bad"] else 0)


def read(
    files: Sequence[Path],
    *,
    columns: Path | None = None,
    organisations: Path | None = None,
    beside: Path | None = None,
) -> Iterator[Entry]:
    """The entries of files, or of CSV on standard input."""
    from edc_issuer.cli.common import STDIN
    from edc_issuer.columns import own_columns
    from edc_issuer.sources import read_entries, spooled_stream

    own = own_columns(read_file(columns)) if columns else None
    if STDIN not in files:
        yield from read_entries(
            files, columns=own, organisations=organisations, files=beside
        )
        return
    import sys

    with spooled_stream(sys.stdin.buffer, ".csv") as path:
        yield from read_entries(
            [path if file == STDIN else file for file in files],
            columns=own,
            organisations=organisations,
            files=beside or Path.cwd(),
        )


def _recipients(
    files: Sequence[Path], template: Path, id_secret: bytes | None, messages: Messages
) -> Iterator[Entry]:
    from edc_issuer.record import CredentialRecord
    from edc_issuer.sources import read_recipients

    if id_secret is None:
        raise ConfigError(messages.text("rows.template_secret"))
    record = CredentialRecord.from_json(read_file(template))
    return (
        entry
        for file in files
        for entry in read_recipients(file, record, id_secret=id_secret)
    )


def sentences(entries: Iterator[Entry], messages: Messages) -> Iterator[Entry]:
    """The same entries; a file that cannot be read is told in the clerk's language."""
    from edc_issuer.sources import UnreadableRows

    try:
        yield from entries
    except UnreadableRows as error:
        lines = [
            f"{place_of(found)}: {messages.problem(found.problem)}"
            for found in error.places
        ]
        raise ConfigError("\n".join(lines)) from error


def told(
    entry: Entry, messages: Messages, more: Sequence[Problem] = ()
) -> Iterator[str]:
    """A line for each problem of an award: file, row, column, what is wrong."""
    for found in entry.problems:
        yield f"{place_of(found)}: {messages.problem(found.problem)}"
    for problem in more:
        at = _place(entry.source, entry.row, problem.path)
        yield f"{at}: {messages.problem(problem)}"


def place_of(found: RowProblem) -> str:
    """File, row and column of a problem."""
    return _place(found.source, found.row, found.column)


def _place(source: str, row: int, column: str) -> str:
    from edc_issuer.messages import neutral

    # Whoever sends a file chooses its name and its headings.
    source = neutral(source)
    numbered = f"{source} {row}" if row else source
    return f"{numbered}, {neutral(column)}" if column else numbered


def _as_dict(found: RowProblem, messages: Messages) -> dict[str, Any]:
    return {
        "source": found.source,
        "row": found.row,
        "column": found.column,
        "code": found.problem.code,
        "message": messages.problem(found.problem),
    }


class _Lines:
    """Good records on their way to a file that only its owner can read."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> _Lines:
        import os

        if self._path is None:
            return self
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            self._file = os.fdopen(os.open(self._path, flags, 0o600), "w", -1, "utf-8")
        except OSError as error:
            raise ConfigError(f"{self._path}: {error.strerror}") from error
        return self

    def add(self, entry: Entry) -> None:
        import json

        if self._file is not None and entry.record is not None:
            record = entry.record.to_dict()
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

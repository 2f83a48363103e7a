"""Entries out of files, folders and streams: what `read_entries` stands for.

The kind of a file is told by its ending, and of a sheet by its headings: one that
describes the programme in each row is flat, one that only names it has
`programmes.csv`, `outcomes.csv` and `units.csv` beside it. `organisations.csv` beside
the rows resolves the keys of organisations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edc_issuer.columns.headers import headings
from edc_issuer.record import Organisation
from edc_issuer.sources.awards import Awards
from edc_issuer.sources.base import Entry
from edc_issuer.sources.csv_rows import open_csv
from edc_issuer.sources.elmo import read_elmo
from edc_issuer.sources.json_lines import read_lines, read_one
from edc_issuer.sources.organisations import Kept, Organisations, keep, understood
from edc_issuer.sources.programmes import Programmes
from edc_issuer.sources.seen import Seen
from edc_issuer.sources.sheet import OwnColumns, Sheet, unreadable
from edc_issuer.sources.spool import ENDING, Cursor, open_spooled, spooled_cursor
from edc_issuer.sources.workbooks import open_workbook

Paths = Path | str | Iterable[Path | str]
AWARDS = "awards.csv"


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says about all sources alike.

    `columns` maps own headings to ours. `organisations` is a file, or organisations by
    key; None looks for `organisations.csv` beside the rows. `language` is the one of
    texts whose heading names none and of rows without a primary language.
    """

    columns: OwnColumns | None = None
    organisations: Path | Mapping[str, Organisation] | None = None
    language: str | None = None


def read_entries(
    paths: Paths,
    *,
    columns: OwnColumns | None = None,
    organisations: Path | str | Mapping[str, Organisation] | None = None,
    files: Path | str | None = None,
    language: str | None = None,
) -> Iterator[Entry]:
    """One entry for each award in these files, in their order.

    CSV (`.csv`, `.tsv`, `.txt`), spreadsheets (`.xlsx`, `.xlsm`, `.xls`), JSON Lines
    (`.jsonl`, `.ndjson`), one record (`.json`), ELMO (`.xml`, `.elmo`), or a folder
    with `awards.csv` and what belongs to it. `files` is the folder in which
    `programmes.csv` and the others are looked for (default: the one of the rows).
    `UnreadableRows` where a file as a whole cannot be read.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if isinstance(organisations, str):
        organisations = Path(organisations)
    options = Options(columns, organisations, language)
    seen = Seen()
    for path in map(Path, given):
        yield from _entries(path, Path(files) if files else None, options, seen)


def from_cursor(
    cursor: Cursor,
    *,
    columns: OwnColumns | None = None,
    organisations: Path | str | Mapping[str, Organisation] | None = None,
    files: Path | str | None = None,
    language: str | None = None,
    name: str = "database",
) -> Iterator[Entry]:
    """One entry for each row of an executed DB-API cursor (PEP 249).

    Column names are the headings. To read the rows more than once, use
    `spooled_cursor` and `read_entries`.
    """
    with spooled_cursor(cursor, name=name) as path:
        yield from read_entries(
            path,
            columns=columns,
            organisations=organisations,
            files=files,
            language=language,
        )


def _entries(
    path: Path, beside: Path | None, options: Options, seen: Seen
) -> Iterator[Entry]:
    if path.is_dir():
        path = path / AWARDS
    if not path.is_file():
        raise unreadable(path.name, "file-missing")
    read = _by_ending(path)
    yield from read(path, beside or path.parent, options, seen)


Reader = Callable[[Path, Path, Options, Seen], Iterator[Entry]]


def _by_ending(path: Path) -> Reader:
    ending = path.suffix.lower()
    for endings, reader in READERS:
        if ending in endings:
            return reader
    known = ", ".join(one for endings, _ in READERS[:-1] for one in endings)
    raise unreadable(path.name, "file-kind", known=known)


def _csv(path: Path, beside: Path, options: Options, seen: Seen) -> Iterator[Entry]:
    yield from of_sheet(open_csv(path), Folder(beside), options, seen)


def _spooled(path: Path, beside: Path, options: Options, seen: Seen) -> Iterator[Entry]:
    yield from of_sheet(open_spooled(path), Folder(beside), options, seen)


def _lines(path: Path, beside: Path, options: Options, seen: Seen) -> Iterator[Entry]:
    yield from read_lines(path, seen)


def _one(path: Path, beside: Path, options: Options, seen: Seen) -> Iterator[Entry]:
    yield from read_one(path, seen)


def open_grids(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a file whose headings may stand in any of the first rows."""
    return _sheets(path, grid=True)


def _sheets(path: Path, *, grid: bool) -> tuple[Sheet, ...]:
    if not path.is_file():
        raise unreadable(path.name, "file-missing")
    if path.suffix.lower() in SPREADSHEETS:
        return tuple(open_workbook(path, grid=grid).values())
    return (open_csv(path),)


def open_sheet(path: Path) -> Sheet:
    """The one table of a CSV file or a spreadsheet."""
    sheets = _sheets(path, grid=False)
    if len(sheets) != 1:
        tabs = ", ".join(one.name.rpartition("#")[2] for one in sheets[:5])
        raise unreadable(path.name, "workbook-sheets", tabs=tabs or "-")
    return sheets[0]


def _workbook(
    path: Path, beside: Path, options: Options, seen: Seen
) -> Iterator[Entry]:
    """The sheet of awards, with the sheets or the files beside it that it needs."""
    sheets = open_workbook(path)
    named = {name.strip().casefold(): sheet for name, sheet in sheets.items()}
    others = {name: sheet for name, sheet in named.items() if name in BESIDE}
    awards = [sheet for name, sheet in named.items() if name not in BESIDE]
    if not awards:
        raise unreadable(path.name, "workbook-empty")
    if "awards" in named:
        awards = [named["awards"]]
    if len(awards) > 1:
        tabs = ", ".join(sheet.name.rpartition("#")[2] for sheet in awards[:5])
        raise unreadable(path.name, "workbook-sheets", tabs=tabs)
    yield from of_sheet(awards[0], Folder(beside, others), options, seen)


def _elmo(path: Path, beside: Path, options: Options, seen: Seen) -> Iterator[Entry]:
    folder = Folder(beside)
    programmes = folder.programmes(folder.organisations(options))
    yield from read_elmo(path, programmes, seen, options.language)


SPREADSHEETS = (".xlsx", ".xlsm", ".xls")
_PEOPLE = ("givenName", "givenNames")  # the Commission's headings, with no award
BESIDE = ("programmes", "outcomes", "units", "organisations")
READERS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    ((".csv", ".tsv", ".txt"), _csv),
    (SPREADSHEETS, _workbook),
    ((".jsonl", ".ndjson"), _lines),
    ((".json",), _one),
    ((".xml", ".elmo"), _elmo),
    ((ENDING,), _spooled),
)


@dataclass(slots=True)
class Folder:
    """The files beside the rows; each is opened when it is first needed."""

    path: Path | None
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def kept(self, file: str, own: OwnColumns | None = None) -> Kept | None:
        """The rows of `programmes`, `outcomes`, ...; None where there is no file."""
        sheet = self.sheets.get(file)
        if sheet is None and self.path is not None:
            path = self.path / f"{file}.csv"
            sheet = open_csv(path) if path.is_file() else None
        return None if sheet is None else keep(sheet, file, own)

    def organisations(self, options: Options) -> Organisations:
        """Those the caller gave, else `organisations.csv` beside the rows."""
        given = options.organisations
        if isinstance(given, Mapping):
            return Organisations.of(given)
        language = options.language or "und"
        if given is not None:
            if not given.is_file():
                raise unreadable(given.name, "file-missing")
            return Organisations(
                keep(open_sheet(given), "organisations"), language=language
            )
        return Organisations(self.kept("organisations"), language=language)

    def programmes(self, organisations: Organisations) -> Programmes:
        """Those of `programmes.csv`, with the outcomes and units of their files."""
        return Programmes(
            organisations,
            rows=self.kept("programmes"),
            outcomes=self.kept("outcomes"),
            units=self.kept("units"),
        )


def programmes_in(folder: Path) -> Programmes:
    """The programmes of a folder with `programmes.csv` and what belongs to it."""
    found = Folder(folder)
    return found.programmes(found.organisations(Options()))


def of_sheet(
    sheet: Sheet, folder: Folder, options: Options, seen: Seen
) -> Iterator[Entry]:
    """The entries of one sheet, flat or with its programmes beside it."""
    if any(str(cell).startswith("{#") or cell in _PEOPLE for cell in sheet.header):
        raise unreadable(sheet.name, "recipients-template")
    flat = _is_flat(sheet, options.columns)
    organisations = folder.organisations(options)
    programmes = Programmes(organisations) if flat else folder.programmes(organisations)
    given = ["primary_language"] if options.language else []
    awards = Awards(
        sheet,
        understood(sheet, "flat" if flat else "awards", options.columns, given),
        flat=flat,
        organisations=organisations,
        programmes=programmes,
        language=options.language,
    )
    yield from awards.entries(seen)


def _is_flat(sheet: Sheet, own: OwnColumns | None) -> bool:
    """A sheet that says of the programme more than its code describes it itself."""
    found, _ = headings(sheet.header, "flat", own)
    return any(
        one.column.path[:1] and one.column.path[0].name == "programme"
        for one in found
        if one.column.name != "programme_code"
    )

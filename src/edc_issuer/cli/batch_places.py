"""Where `edc-issuer batch` writes, and that it is nowhere that it reads from."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import typer

from edc_issuer.cli.common import keep_inputs


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of the files, and the two files that tell about them."""

    journal: Path
    out: Path
    summary: Path

    @classmethod
    def named(
        cls, journal: Path | None, out: Path | None, summary: Path | None
    ) -> Places:
        """Those of the command line; the summary lies beside the journal otherwise."""
        if journal is None or out is None:
            missing = "--journal" if journal is None else "--out"
            raise typer.BadParameter(
                f"{missing} is missing; only a --dry-run needs none"
            )
        beside = journal.with_name(f"{journal.name}.summary.csv")
        return cls(journal, out, summary or beside)

    def spare(self, read: Iterable[Path]) -> None:
        """Refuse to write over what is `read`, or over a table that is no summary.

        The journal looks after itself, and in the folder nothing is written over.
        """
        from edc_issuer.batch.summary import check_place, part_of

        part = part_of(self.summary)
        keep_inputs((self.journal, self.summary, part), read)
        if _real(self.journal) in (_real(self.summary), _real(part)):
            raise typer.BadParameter("--journal and --summary name the same file")
        check_place(self.summary)


def sheets_of(rows: Iterable[Path]) -> Iterable[Path]:
    """The files of a list, and those beside it that are read with it."""
    from edc_issuer.sources.entries import AWARDS, BESIDE

    for path in rows:
        folder = folder_of(path)
        yield folder / AWARDS if path.is_dir() else path
        yield from (folder / f"{name}.csv" for name in BESIDE)


def folder_of(path: Path) -> Path:
    """The folder of a list, which may be one itself."""
    return path if path.is_dir() else path.parent


def _real(path: Path) -> str:
    return os.path.realpath(path)  # where links lead, also before the file is there

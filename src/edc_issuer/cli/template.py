"""`edc-issuer template`: an empty sheet with headings in the clerk's language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edc_issuer.cli.common import language_from, put_files, say
from edc_issuer.cli.options import Lang, ResultAsJson


def template(
    out: Annotated[
        Path,
        typer.Option(help="The file to write; with --kind set the folder for five."),
    ],
    lang: Lang = None,
    kind: Annotated[
        str,
        typer.Option(
            help="flat (all in one sheet), set (awards, programmes, outcomes, units, "
            "organisations), or one of those five."
        ),
    ] = "flat",
    texts: Annotated[
        str | None,
        typer.Option(
            help="Languages of the texts, such as sl,en (default: that of --lang)."
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--every", help="All columns of a flat sheet, not only the usual."
        ),
    ] = False,
    as_json: ResultAsJson = False,
) -> None:
    """Write an empty sheet to fill in; it opens in Excel and is read back as it is."""
    from edc_issuer.columns import csv_text
    from edc_issuer.columns import template as headings
    from edc_issuer.columns.sheets import KINDS
    from edc_issuer.keys.files import write_new

    if kind not in KINDS:
        raise typer.BadParameter(f"--kind {kind}: choose {', '.join(KINDS)}")
    language = language_from(lang)
    sheets = headings(kind, language, _languages(texts, language), every=every)
    written = []
    for file, names in sheets.items():
        path = out / f"{file}.csv" if kind == "set" else out
        write_new(path, csv_text([names]).encode())
        written.append(path)
    put_files(written, as_json=as_json)
    if kind == "flat":
        say(
            "The issuer is named by its key in organisations.csv, beside the sheet: "
            "edc-issuer template --kind organisations --out organisations.csv"
        )


def _languages(given: str | None, language: str) -> list[str]:
    import re

    from edc_issuer.record.fields import LANGUAGE_PATTERN

    if given is None:
        return [language]
    tags = [tag.strip() for tag in given.split(",") if tag.strip()]
    for tag in tags:
        if not re.match(LANGUAGE_PATTERN, tag):
            raise typer.BadParameter(f"--texts {tag}: write tags such as sl,en,sr-Latn")
    return list(dict.fromkeys(tags)) or [language]

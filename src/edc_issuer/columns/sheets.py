"""Sheets on the way out: empty ones to fill in, and cells that do no harm.

Excel takes a text that begins with `=`, `+`, `-` or `@` for a formula and runs it, so a
name could start a program on the computer of whoever opens the list. Such cells get an
apostrophe, which `values.text` takes off again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edc_issuer.columns.headers import label
from edc_issuer.columns.table import FILES, columns_of
from edc_issuer.columns.values import RISKY
from edc_issuer.errors import ConfigError, InputError
from edc_issuer.strict_json import loads_object

DELIMITER = ";"  # what Excel expects where the comma is for decimals
KINDS = ("flat", "set", *FILES[1:])


def escape_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula.

    Line ends and tabs at the beginning count as well: some programs strip them.
    """
    return f"'{text}" if text.lstrip()[:1] in RISKY and text.strip() else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV that Excel opens by a double click; every cell escaped."""
    lines = (DELIMITER.join(map(_quoted, row)) for row in rows)
    return "\ufeff" + "".join(f"{line}\r\n" for line in lines)


def _quoted(text: str) -> str:
    safe = escape_cell(text)
    if any(sign in safe for sign in ';,"\t\r\n') or safe != safe.strip():
        return '"' + safe.replace('"', '""') + '"'
    return safe


def template(
    kind: str,
    language: str,
    texts: Sequence[str],
    *,
    every: bool = False,
) -> Mapping[str, tuple[str, ...]]:
    """The headings of empty sheets by their file (`flat`, `awards`, ...).

    `kind` is one of `KINDS`; `texts` are the languages that have columns of their own.
    A flat sheet has what one class needs, with `every` all columns there are.
    """
    files = FILES[1:] if kind == "set" else (kind,)
    return {file: tuple(_headings(file, language, texts, every)) for file in files}


def _headings(
    file: str, language: str, texts: Sequence[str], every: bool
) -> Iterable[str]:
    for column in columns_of(file).values():
        if file == "flat" and not (every or column.basic or column.required):
            continue
        if not column.texts:
            yield label(column, language)
            continue
        for tag in texts:
            yield label(column, language, tag)


def own_columns(data: bytes) -> dict[str, str | None]:
    """A JSON object of own headings and ours; `ConfigError` for anything else.

    `{"Dijak": "given_name", "Naslov (sl)": "title_sl", "Opombe": null}`: null passes a
    column over.
    """
    try:
        value = loads_object(data)
    except InputError as error:
        raise ConfigError(f"the file of columns cannot be read: {error}") from error
    if not all(one is None or isinstance(one, str) for one in value.values()):
        raise ConfigError(
            "the file of columns has to be an object of headings, such as "
            '{"Dijak": "given_name", "Opombe": null}'
        )
    return value

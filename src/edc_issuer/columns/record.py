"""One row that says everything about an award ⇄ a record.

For programs that hold rows as mappings; files are read by `sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from edc_issuer.columns import fill
from edc_issuer.columns.headers import Heading, headings, missing
from edc_issuer.columns.problems import BadCell, closest
from edc_issuer.columns.table import BARS, SAID_ONCE, Column, columns_of
from edc_issuer.columns.tree import grow, read
from edc_issuer.columns.values import Cell
from edc_issuer.errors import Problem, RecordError
from edc_issuer.record import CredentialRecord, Organisation

FLAT = "flat"


def record_from_row(
    row: Mapping[str, Cell],
    *,
    organisations: Mapping[str, Organisation],
    columns: Mapping[str, str | None] | None = None,
    language: str | None = None,
) -> CredentialRecord:
    """The record of one flat row; `RecordError` lists every fault of it.

    `organisations` by the key that the row names. `columns` maps own headings to ours,
    None for one to pass over. `language` is that of a row without a primary language.
    """
    found = _understood(tuple(row), columns, language)
    cells = tuple(row.values())
    primary, languages = spoken(found, cells, language)

    def find(key: str) -> Organisation:
        if key not in organisations:
            raise _unknown(key, organisations)
        return organisations[key]

    tree, faults = grow(found, cells, languages=languages, primary=primary, find=find)
    if faults:
        raise RecordError(_named(shown, one) for shown, one in faults)
    programme = fill.programme(tree.pop("programme", {}), (), ())
    programme.setdefault("kind", tree.get("credential_kind"))
    issuer = tree.get("issuer")
    award = fill.award(tree, issuer_country=issuer.address.country if issuer else None)
    return CredentialRecord.from_dict(
        fill.document(award, programme, primary=primary, languages=languages)
    )


def _understood(
    names: Sequence[str],
    columns: Mapping[str, str | None] | None,
    language: str | None,
) -> tuple[Heading, ...]:
    found, faults = headings(names, FLAT, columns)
    given = ["primary_language"] if language else []
    problems = [*(one for _, one in faults), *missing(found, FLAT, given)]
    if problems:
        raise RecordError(problems)
    return found


def _named(shown: str, fault: Problem) -> Problem:
    """A fault of a cell with its heading before the sentence: there is no sheet."""
    return Problem(fault.path or shown, fault.code, fault.message, fault.values)


def _unknown(key: str, organisations: Mapping[str, Organisation]) -> BadCell:
    meant = closest(key, list(organisations))
    if meant is None:
        return BadCell("organisation-unknown", value=key)
    return BadCell("organisation-meant", value=key, meant=meant)


def spoken(
    found: Iterable[Heading], cells: Sequence[Cell], default: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """The primary language of a row, and all its languages; "" where none is said."""
    at = {one.column.name: one for one in found}
    given = [one for one in said(at.get("languages"), cells) or () if one]
    primary = said(at.get("primary_language"), cells) or default or ""
    primary = primary or (given[0] if given else "")
    return primary, tuple(dict.fromkeys(given or [primary]))


def said(heading: Heading | None, cells: Sequence[Cell]) -> Any:
    """The value of one cell; None where it is empty, absent or cannot be read."""
    cell = None if heading is None else cells[heading.index]
    if heading is None or cell is None or cell == "":
        return None
    try:
        return read(heading, cell)
    except BadCell:
        return None  # told where the whole row is read


def row_from_record(record: CredentialRecord) -> dict[str, str]:
    """The flat row of a record: what `record_from_row` reads, in our own headings.

    A flat row has no columns for units, codes of outcomes and what else only the
    normalised set holds; organisations are named by their legal identifier.
    """
    data = record.to_dict()
    row: dict[str, str] = {}
    for column in columns_of(FLAT).values():
        values = list(_values(data, column))
        for language in sorted({tag for tag, _ in values}):
            cell = _joined(column, [one for tag, one in values if tag == language])
            name = f"{column.name}_{language}" if language else column.name
            if cell:
                row[name] = cell
    return row


def _values(data: Any, column: Column) -> Iterable[tuple[str, Any]]:
    """What stands at the end of a column's path, with the language of texts."""
    ends: list[Any] = [data]
    for step in column.path:
        ends = [one.get(step.name) for one in ends if isinstance(one, dict)]
        if step.mark is not None:
            ends = [entry for one in ends for entry in one or ()]
        if step.mark == "0":
            ends = ends[:1]
        elif step.mark and "=" in step.mark:
            name, _, wanted = step.mark.partition("=")
            ends = [one for one in ends if one.get(name) == wanted]
    for end in ends:
        if column.texts and isinstance(end, dict):
            yield from end.items()
        else:
            yield "", end


def _joined(column: Column, values: Sequence[Any]) -> str:
    shown = [_shown(column, one) for one in values]
    if column.name in SAID_ONCE or column.separator is None:
        return next(filter(None, shown), "")
    between = f" {BARS} " if column.separator == BARS else column.separator
    return between.join(shown)


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind == "organisation":
        identifier = value.get("legal_identifier")
        return str(identifier["value"] if identifier else value.get("id", ""))
    return str(value)

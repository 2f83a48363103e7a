"""Cells put where their column's path leads, and lists made of what was spread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from edc_issuer.columns.headers import Heading
from edc_issuer.columns.problems import BadCell, problem
from edc_issuer.columns.table import CODES, LISTED, Step
from edc_issuer.columns.values import READERS, Cell, text
from edc_issuer.errors import Problem

Tree = dict[Any, Any]  # members by name; the entries of a list by their number
Fault = tuple[str, Problem]  # the heading as the file writes it, and what is wrong


def grow(
    headings: Iterable[Heading],
    cells: Sequence[Cell],
    *,
    languages: Sequence[str] | None,
    primary: str,
    find: Callable[[str], Any] | None = None,
) -> tuple[Tree, list[Fault]]:
    """The members that a row fills, and every cell that could not be read.

    Texts in a language that is not among `languages` are left out (None: all stay);
    a text without a language is one in the primary language. `find` gives the
    organisation of a key, or raises `BadCell`.
    """
    tree: Tree = {}
    faults: list[Fault] = []
    said: set[tuple[str, str]] = set()
    for heading in headings:
        cell = cells[heading.index]
        if cell is None or cell == "":
            continue
        column = heading.column
        language = (heading.language or primary) if column.texts else None
        if language and languages is not None and language not in languages:
            continue
        try:
            if language:
                _once(said, column.name, language)
            value = read(heading, cell)
            if find is not None and column.kind == "organisation":
                value = _found(value, find)
        except BadCell as bad:
            faults.append((heading.shown, at_cell(heading, bad)))
            continue
        if value != "" and value is not None and column.path:
            put(tree, column.path, value, language)
    return tree, faults


def _once(said: set[tuple[str, str]], name: str, language: str) -> None:
    """`Naslov` is the same text as `Naslov (sl)` where Slovenian is the primary one."""
    if (name, language) in said:
        raise BadCell("text-twice", language=language)
    said.add((name, language))


def _found(value: Any, find: Callable[[str], Any]) -> Any:
    if isinstance(value, list):
        return [find(key) for key in value if key]
    return find(value) if value else None


def at_cell(heading: Heading, bad: BadCell) -> Problem:
    """The problem of one cell, at the path of its column."""
    path = ".".join(step.name for step in heading.column.path)
    return problem(bad.code, path, **bad.values)


def read(heading: Heading, cell: Cell) -> Any:
    """The value of one cell; a list where the column holds several."""
    column = heading.column
    separator = column.separator
    if column.kind == "pairs":
        return pairs(cell)
    reader = READERS[column.kind]
    if separator is None or not isinstance(cell, str):
        value = reader(cell)
        return value if separator is None else [value]
    whole = text(cell)
    if not whole:
        return None
    signs = LISTED if column.name in CODES else re.escape(separator)
    pieces = [piece.strip("| ") for piece in re.split(signs, whole)]
    return [reader(piece) if piece else None for piece in pieces]


def pairs(cell: Cell) -> list[tuple[str, Any]]:
    """`S4G-ECO=92|S4G-ECN=85` as pairs of a code and a number."""
    found = []
    for piece in text(cell).split("|"):
        name, equals, points = piece.partition("=")
        if not equals or not name.strip():
            raise BadCell("pairs")
        found.append((name.strip(), READERS["number"](points)))
    return found


def put(tree: Tree, path: Sequence[Step], value: Any, language: str | None) -> None:
    """Set the member at the end of the path; lists are spread over their entries."""
    step, rest = path[0], path[1:]
    name = step.name if step.mark in (None, "") else f"{step.name}[{step.mark}]"
    if not rest:
        if language:
            tree.setdefault(name, {})[language] = value
        else:
            tree[name] = (
                [one for one in value if one is not None]
                if isinstance(value, list)
                else value
            )
    elif step.mark is None:
        put(tree.setdefault(name, {}), rest, value, language)
    elif step.mark == "0" or not isinstance(value, list):
        put(tree.setdefault(name, {}).setdefault(0, {}), rest, value, language)
    else:
        entries = tree.setdefault(name, {})
        for number, one in enumerate(value):
            if one is not None:
                put(entries.setdefault(number, {}), rest, one, language)


def listed(tree: Any) -> Any:
    """The same with lists where entries were numbered; `credits[0]` is `credits`."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        return [listed(tree[number]) for number in sorted(tree)]
    return {
        key.removesuffix("[0]"): listed(value) if isinstance(value, dict) else value
        for key, value in tree.items()
    }

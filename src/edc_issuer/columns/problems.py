"""Faults of cells: one code, one sentence, the values that the sentence needs."""

from __future__ import annotations

from difflib import get_close_matches

from edc_issuer.errors import Problem
from edc_issuer.messages import Messages

MAX_SHOWN = 60  # enough to find a cell again; never a whole text of a learner


class BadCell(ValueError):
    """A cell that cannot be read; `values` are what the sentence of `code` needs."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def problem(code: str, path: str = "", /, **values: object) -> Problem:
    """The problem `row.<code>` with its English sentence (`problem.row.<code>`)."""
    values = {name: shortened(value) for name, value in values.items()}
    message = Messages("en").text(f"problem.row.{code}", **values)
    return Problem(path, f"row.{code}", message, values)


def shortened(value: object) -> object:
    """The beginning of a long text; anything else as it is."""
    if isinstance(value, str) and len(value) > MAX_SHOWN:
        return value[:MAX_SHOWN] + "…"
    return value


def closest(given: str, names: list[str]) -> str | None:
    """The name that was probably meant; None where none is near."""
    if len(given) > MAX_SHOWN:
        return None
    return next(iter(get_close_matches(given, names, n=1, cutoff=0.6)), None)

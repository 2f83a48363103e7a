"""What a credential says, line by line, where nobody here knows what it means.

For a kind that is known five questions are answered. Of any other one the reader sees
the words of the file themselves, as what they are: somebody's names for somebody's
values, never read as more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.messages.safe import neutral
from edc_issuer.report import Report
from edc_issuer.summary import text_in

MAX_LINES = 40  # of one credential; the rest stands in the report as JSON
MAX_LETTERS = 200  # of one value
_MODEL = "vcdm"
_TECHNICAL = frozenset({"id", "type", "@context"})


def told_lines(report: Report, messages: Messages) -> Iterator[str]:
    """The subject of a credential of an unknown kind: a name and a value a line."""
    if report.model != _MODEL or report.content is None:
        return
    said = _said(report.content.get("credentialSubject"), "", messages.language)
    lines = list(islice(said, MAX_LINES + 1))
    if not lines:
        return
    yield ""
    yield messages.text("head.told")
    shown = lines[:MAX_LINES]
    width = max(len(name) for name, _ in shown)
    yield from (f"  {name:<{width}}  {value}" for name, value in shown)
    if len(lines) > MAX_LINES:
        yield f"  {messages.text('said.not_all')}"


def _said(value: Any, name: str, language: str) -> Iterator[tuple[str, str]]:
    """Each value with the names that lead to it, in the order of the file."""
    is_text = isinstance(value, Mapping) and "@value" in value
    if isinstance(value, Mapping) and not is_text:
        for key, held in value.items():
            if key not in _TECHNICAL:
                yield from _said(held, f"{name}.{key}" if name else key, language)
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, name, language)
    elif value is not None:
        text = text_in(value, language) if is_text else str(value)
        yield _short(name), _short(text or "")


def _short(text: str) -> str:
    line = neutral(text[: MAX_LETTERS + 1])
    return line if len(line) <= MAX_LETTERS else f"{line[:MAX_LETTERS]}…"

"""Write docs/checks.md: every question, how it may be answered, and why.

    python tools/checks_page.py

The page is made from the catalogue, the reasons and the sentences that a report is
made from, so it cannot say anything else; a test compares it with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from edc_issuer.messages import REASONS, Messages
from edc_issuer.messages.reasons import EVERY
from edc_issuer.report import CATALOGUE, Question

PAGE = Path(__file__).parent.parent / "docs" / "checks.md"
LANGUAGES = ("en", "sl")  # more columns than two nobody reads
_STATUSES = ("pass", "fail", "undecided")
_HEADING = "| {} | English | slovensko |\n|---|---|---|"
_INTRODUCTION = """\
# The checks

Made by `tools/checks_page.py`; do not edit.

A report answers each of these questions once, in this order. An answer is **pass**,
**warn** (true, but worth knowing), **fail**, **undecided** (asked, and nothing at hand
settles it) or **skipped** (does not apply, or was not asked). Any fail makes the file
FAILED. It is PASSED only if every *required* question was answered with pass or warn;
`seal.*` may be skipped for formats that carry no certificates, `credential.status`
where the credential names no status. Anything else is INDETERMINATE, which people
read as NOT CONFIRMED: it is neither valid nor forged.

A reason says why. Its code is stable; `json.*` stands for every code that begins so.
"""


def page() -> str:
    """The whole page."""
    common = [code for code, checks in REASONS.items() if checks == EVERY]
    lines = [_INTRODUCTION, "Any question may have one of these:\n"]
    lines.extend(_reasons(common, CATALOGUE[0]))
    for question in CATALOGUE:
        lines.extend(_check(question))
    return "\n".join(lines)


def _check(question: Question) -> Iterator[str]:
    needs = f"asked after `{question.needs}`" if question.needs else "asked first"
    required = "Required" if question.required else "Not required"
    yield f"## `{question.id}`\n"
    for language in LANGUAGES:
        yield f"> {_text(language, f'check.{question.id}.question')}\n"
    yield f"{required}, {needs}; the Commission's check {question.edc}.\n"
    yield _HEADING.format("status")
    for status in _STATUSES:
        key = f"check.{question.id}.{status}"
        yield _row(status, (_text(language, key) for language in LANGUAGES))
    yield ""
    own = [code for code, ids in REASONS.items() if question.id in ids != EVERY]
    if own:
        yield from _reasons(own, question)


def _reasons(codes: Iterable[str], question: Question) -> Iterator[str]:
    yield _HEADING.format("reason")
    for code in codes:
        said = (Messages(it).reason(code, question.id) or "" for it in LANGUAGES)
        yield _row(f"`{code}`", map(_plain, said))
    yield ""


def _row(head: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join((head, *cells))} |"


def _text(language: str, key: str) -> str:
    return _plain(Messages(language).text(key))


def _plain(text: str) -> str:
    return text.replace("{", "*").replace("}", "*")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

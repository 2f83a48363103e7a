"""Write docs/languages.md: which of our own texts exist in which language.

python tools/languages_page.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from edc_issuer import messages, vocab
from edc_issuer.models import texts

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/languages.md"
COLUMNS = ("en", "sl", "hr", "sr-Latn", "sr-Cyrl", "bs", "cnr", "de")
WORDS = (
    ("the diploma page", "page_labels.json"),
    ("notes inside an EDC", "credential_texts.json"),
    ("sentences inside a badge", "badge_texts.json"),
)
HEAD = """\
# Languages

Written by `tools/languages_page.py`; a test compares.

What a school writes is never translated: a text exists in the languages that the record
gives it. This page is about the words that the program adds.

**No native speaker has read any of them yet.** They were written with care, and from
official documents where there are such, but a word that reads oddly to a school is a
fault: please report it, or mend it and say who read it.

| language | tag |
|---|---|
| English, Slovenian, Croatian, Bosnian, German | `en`, `sl`, `hr`, `bs`, `de` |
| Serbian in Latin and in Cyrillic letters (bare `sr` too) | `sr-Latn`, `sr-Cyrl` |
| Montenegrin | `cnr` |

A language that the program does not speak gets English, never silence: the page of a
Hungarian diploma has Hungarian titles and English labels.
"""
REPORTS = """\
## Reports and messages

`src/edc_issuer/messages`, one file a language; `--lang` chooses, else the system does.
A sentence that is missing falls back to English; a test asserts that none is.

| language | sentences |
|---|---|
"""
OWN = """\
## Pages, credentials and badges

`src/edc_issuer/data`. How many of the texts exist in each language; some exist for one
country only, so the numbers differ.

"""
LISTS = """\
## Labels of the controlled lists

`src/edc_issuer/data/vocabularies.json`. Identifiers and English names are those of the
EU lists; the other labels are ours (`ConceptList.own_labels`), made for what schools of
the region need. A concept without a label in a language is written with those it has.

"""


def page() -> str:
    """The whole page."""
    reports = "".join(
        f"| `{language}` | {_missing(language) or 'complete'} |\n"
        for language in messages.LANGUAGES
    )
    words = [(name, texts.table(file).values()) for name, file in WORDS]
    lists = [
        (f"`{name}`", [concept.labels for concept in found.concepts.values()])
        for name, found in vocab.lists().items()
    ]
    return "\n".join(
        [HEAD, REPORTS + reports, OWN + _counts(words), LISTS + _counts(lists)]
    )


def _missing(language: str) -> str:
    missing = messages.table(messages.FALLBACK).keys() - messages.table(language).keys()
    return f"{len(missing)} missing" if missing else ""


def _counts(rows: Iterable[tuple[str, Iterable[Mapping[str, str]]]]) -> str:
    lines = [f"| | {' | '.join(f'`{tag}`' for tag in COLUMNS)} |", "|---" * 9 + "|"]
    for name, found in rows:
        every = list(found)
        counts = [sum(tag in labels for labels in every) for tag in COLUMNS]
        lines.append(f"| {name} | {' | '.join(str(n or '') for n in counts)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Write docs/languages.md: which of our own texts exist in which language.

python tools/languages_page.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from edc_issuer import messages, vocab
from edc_issuer.messages import glossary
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

Reports do not speak German; pages and notes inside credentials do.
A language that the program does not speak gets English, never silence: the page of a
Hungarian diploma has Hungarian titles and English labels.
"""
REPORTS = """\
## Reports and messages

`src/edc_issuer/messages`, one file a language, read when it is first asked for;
`--lang` chooses, else the system does. Case and separators of a tag are of no account:
`sr_RS` is `sr-Cyrl`, `sr_RS@latin` and `sr-Latn-RS` are `sr-Latn`, `sr_ME` is `cnr`.

A sentence that is missing is shown in English with `[en]` before it
([decision 15](decisions/0015-visible-fallback.md)); a test fails while one is missing.
Sentences that count have a form for each number, as Unicode CLDR gives them. Cyrillic
Serbian is written by `tools/make_cyrillic.py` from the Latin one; codes, commands, file
names and technical names stay Latin.

| language | sentences | made | read by a native speaker |
|---|---|---|---|
"""
MADE = {"sr-Cyrl": "from `sr-Latn`, letter by letter"}
TERMS = """\
## Terms of a country

`src/edc_issuer/data/glossary.json`: {count} terms in all of these languages. Where a
country has another word, its profile decides: `glossary.term("micro_credential", "sl",
profile="HR")`.

| term | language | profile: word |
|---|---|---|
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
        f"| `{language}` | {_missing(language) or 'complete'} "
        f"| {MADE.get(language, 'by hand')} | nobody yet |\n"
        for language in messages.LANGUAGES
    )
    words = [(name, texts.table(file).values()) for name, file in WORDS]
    lists = [
        (f"`{name}`", [concept.labels for concept in found.concepts.values()])
        for name, found in vocab.lists().items()
    ]
    return "\n".join(
        [
            HEAD,
            REPORTS + reports,
            TERMS.format(count=len(glossary.entries())) + "".join(_terms()),
            OWN + _counts(words),
            LISTS + _counts(lists),
        ]
    )


def _terms() -> Iterator[str]:
    """Each term that a profile has another word for, by language."""
    for terms in glossary.entries().values():
        for language in messages.LANGUAGES:
            own = {tag: word for tag, word in terms.items() if f"{language}@" in tag}
            named = [f"{tag.partition('@')[2]}: {word}" for tag, word in own.items()]
            if named:
                general = f"{terms['en']} | `{language}`: {terms[language]}"
                yield f"| {general} | {', '.join(named)} |\n"


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

"""The page for recognition as one file that a browser shows and prints.

No script, no picture, no address that a browser would fetch: a policy in the head
forbids them, and every value is escaped. Headings, tables with row headers and the
language of the page are there for a screen reader.
"""

from __future__ import annotations

from html import escape

from edc_issuer.recognition.facts import Recognition
from edc_issuer.recognition.page import Page, Row, Section, Verdict, page

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
@page { size: A4; margin: 11mm }
body { font: 10pt/1.35 system-ui, "Noto Sans", "Segoe UI", Arial, sans-serif;
  color: #111; background: #fff; max-width: 52rem; margin: 1rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin: 0 0 .2rem }
h2 { font-size: 1.05rem; margin: .9rem 0 .2rem }
p { margin: .2rem 0 } .verdict { border: 2px solid #111; padding: .4rem .6rem;
  font-weight: bold } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #999;
  padding: .15rem .4rem .15rem 0 } th { width: 32%; font-weight: 600 }
td { overflow-wrap: anywhere } ul { margin: 0; padding-left: 1.1rem }
ul.short { padding: 0 } ul.short li { display: inline-block; margin-right: 1em }
.blank td { height: 1.9rem } .note { color: #333; font-size: .92em }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 7.5pt;
  line-height: 1.2 } .facts { columns: 2; column-gap: 6mm } h2 { margin-top: .4rem }
  section { break-inside: avoid } .blank td { height: 1.3rem } }
"""
_SHORT = 40  # letters: such values stand side by side, so that a page is one page


def to_html(said: Recognition | None, verdict: Verdict, *, language: str) -> str:
    """The page as a whole HTML document, `said` None where nothing may be shown."""
    made = page(said, verdict, language=language)
    name = f"{made.title}: {made.subject}" if made.subject else made.title
    sections = "\n".join(_section(section) for section in made.sections)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(made.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(name)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<main>\n{_head(made)}\n<div class="facts">\n{sections}\n</div>\n'
        "</main>\n</body>\n</html>\n"
    )


def _head(made: Page) -> str:
    return (
        f"<header>\n<h1>{escape(made.title)}</h1>\n"
        f'<p class="verdict">{escape(made.verdict)}</p>\n'
        f"<p>{escape(made.lead)}</p>\n</header>"
    )


def _section(section: Section) -> str:
    heading = f"h-{section.name}"
    rows = "\n".join(_row(row) for row in section.rows)
    note = f'\n<p class="note">{escape(section.note)}</p>' if section.note else ""
    return (
        f'<section aria-labelledby="{heading}">\n'
        f'<h2 id="{heading}">{escape(section.title)}</h2>\n'
        f"<table>\n{rows}\n</table>{note}\n</section>"
    )


def _row(row: Row) -> str:
    kind = ' class="blank"' if row.blank and not row.values else ""
    return (
        f'<tr{kind}><th scope="row">{escape(row.label)}</th>'
        f"<td>{_values(row.values)}</td></tr>"
    )


def _values(values: tuple[str, ...]) -> str:
    if len(values) < 2:
        return escape("".join(values))
    items = "".join(f"<li>{escape(value)}</li>" for value in values)
    short = all(len(value) <= _SHORT for value in values)
    return f'<ul class="short">{items}</ul>' if short else f"<ul>{items}</ul>"

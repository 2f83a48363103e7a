"""Write docs/rules.md: every rule, how grave it is where, and who says so.

    python tools/rules_page.py

The page is made from the table that the library asks, so it cannot say anything
else; a test compares it with the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from edc_issuer.rules.table import Rule, data, rules

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
_INTRODUCTION = """\
# The rules

Made by `tools/rules_page.py`; do not edit.

A rule looks at a record, a whole with its parts, a learner matrix, rows that come in,
or a finished credential. What it finds is an **error** (nothing may be built on it), a
**warning**, an **info**, or **unknown**: the rule was asked and what it needs is not
stated. Unknown is an answer, never a guess.

How grave a finding is depends on the profile: the country of a record
(`national_profile`), its project (`project_profile`), or the one that was asked for.
A rule without a general severity applies only in the profiles that it names.

`edc_issuer.rules.findings` asks the rules on records, `edc_issuer.rules.credential`
those on credentials, `edc_issuer.rules.stacking` those on wholes,
`edc_issuer.rules.matrix` those on the matrix. `edc-issuer stack` asks whether verified
credentials may be combined; `edc_issuer.rules.combining` drafts the larger record and
`edc_issuer.rules.decisions` keeps who decided (ST-14). Dates in rows (PR-02) are read
by `edc_issuer.columns`.

An answer of the rules is no decision: whether parts are combined is for the receiving
organisation.
"""
_SCOPES = {
    "record": "On a record or programme",
    "stack": "On a whole with its parts",
    "pathway": "On the choice of parts",
    "matrix": "On a learner matrix",
    "import": "On rows that come in",
    "credential": "On a finished credential",
    "engine": "On the answer itself",
}
_TYPOLOGY = """\
## The typology

{source}.

Intervals are half-open, so 25 hours are a learning unit and 150 a short
learning programme, and `boundary` says that the source puts them in two classes; 1500
is the last hour of the third. In vocational education the class is only a guide. Where
a programme differs from its class (its setting, external quality assurance, no
assessment in the second and third, a single unit in the third) that is information.
"""
_LEVELS = """\
## From a national level to the EQF

Only where a source says so (LV-01); where none does, the answer is unknown.
"""
_CONTRADICTIONS = """\
## Where the documents contradict themselves

The rules rest on documents that do not always agree, within themselves or with each
other. Where a rule can show it, a test does; the others are documented here only.
"""


def page() -> str:
    """The whole page."""
    lines = [_INTRODUCTION, *_documents()]
    for scope, heading in _SCOPES.items():
        chosen = [rule for rule in rules().values() if rule.scope == scope]
        lines += [f"## {heading}\n", *_rules(chosen), ""]
    lines += [_TYPOLOGY.format(source=_source(data()["typology"]["source"]))]
    lines += [*_classes(), "", _LEVELS, *_levels(), "", _CONTRADICTIONS]
    return "\n".join([*lines, *_contradictions()]) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def _documents() -> Iterator[str]:
    yield "The documents, as they are named below:\n"
    yield from _table(("name", "document"), data()["documents"].items())
    yield ""


def _source(text: str) -> str:
    """A source as it stands in the table, which begins with a document's name."""
    return text[:1].upper() + text[1:]


def _rules(chosen: Iterable[Rule]) -> Iterator[str]:
    rows = (
        (f"`{rule.id}`", rule.name, rule.asks, _severity(rule), rule.source)
        for rule in chosen
    )
    yield from _table(("rule", "about", "asks", "severity", "source"), rows)


def _severity(rule: Rule) -> str:
    """The general severity, then what profiles say instead."""
    own = [f"{profile}: {level}" for profile, level in rule.profiles.items()]
    return ", ".join([*([rule.severity] if rule.severity else []), *own])


def _classes() -> Iterator[str]:
    rows = (
        (
            row["id"],
            row["name"],
            f"{row['from']} to {row['to']}",
            row["setting"].replace("_", "-"),
            row["external_quality"],
            row["assessment"] or "not stated",
        )
        for row in data()["typology"]["classes"]
    )
    head = ("class", "name", "hours", "setting", "external quality", "assessment")
    yield from _table(head, rows)


def _levels() -> Iterator[str]:
    rows = (
        (name, row["source"] or "none at hand", _pairs(row.get("levels", {})))
        for name, row in data()["nqf_to_eqf"].items()
    )
    yield from _table(("framework", "source", "level → EQF"), rows)


def _pairs(levels: dict[str, Any]) -> str:
    return ", ".join(f"{own} → {eqf}" for own, eqf in levels.items()) or "-"


def _contradictions() -> Iterator[str]:
    rows = (
        (
            row["id"],
            ", ".join(row["documents"]),
            row["says"],
            row["but"],
            f"`{row['shown_by']}`" if row["shown_by"] else "documented only",
            row["how"],
        )
        for row in data()["contradictions"]
    )
    head = ("id", "documents", "one place", "another", "shown by", "here")
    yield from _table(head, rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

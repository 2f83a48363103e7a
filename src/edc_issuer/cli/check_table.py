"""What `check` shows beyond faults: elements, principles, rules, wording.

Tables are drawn in plain letters, so that they read the same in a terminal, in a
file and on an old console; only a terminal gets colours.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from edc_issuer.errors import RecordError
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from rich.table import Table

    from edc_issuer.rules.completeness import Completeness, Row, Score
    from edc_issuer.rules.findings import Finding
    from edc_issuer.rules.lint import Hint
    from edc_issuer.rules.principles import Principle, Trace

WIDTH = 120  # of a table that goes into a file; a terminal says its own
NARROWEST = 80
MOST_LETTERS = 30  # of a place in one line of a cell
_NAMES = re.compile(r"[/.]?[^/.]+|[/.]")
_COLOURS = {
    "present": "green",
    "supported": "green",
    "partial": "yellow",
    "partly": "yellow",
    "missing": "red",
    "invalid": "red",
    "not": "red",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that was found, and the language it is told in."""

    messages: Messages
    completeness: tuple[Completeness, ...]
    principles: tuple[Principle, ...]
    findings: tuple[Finding, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether something mandatory is missing, or a rule found an error."""
        errors = [one for one in self.findings if one.severity == "error"]
        return bool(errors) or any(one.lacking for one in self.completeness)

    @property
    def is_open(self) -> bool:
        """Whether anything at all is missing, unreadable or partial, or a rule broken.

        What does not apply, and what comes with the award only, is not missing.
        """
        settled = ("present", "not_applicable", "not_yet")
        rows = (row for one in self.completeness for row in (*one.rows, *one.annex1))
        broken = any(one.severity in ("error", "warning") for one in self.findings)
        return broken or any(row.status not in settled for row in rows)

    def lines(self) -> Iterator[str]:
        """The whole answer as text."""
        for one in self.completeness:
            yield from self._elements(one)
        yield from self._principles()
        yield from self._findings()
        yield from self._hints()

    def to_json(self) -> dict[str, Any]:
        """The whole answer as JSON values; see `cli.check.check`."""
        return {
            "completeness": [c.to_json(self.messages) for c in self.completeness],
            "principles": [p.to_json(self.messages) for p in self.principles],
            "findings": [
                {**one.to_dict(), "message": self._said(one)} for one in self.findings
            ],
            "lint": [one.to_json(self.messages) for one in self.hints],
        }

    def _said(self, finding: Finding) -> str:
        """A finding in the words of the country whose list is shown."""
        named = (found.profile.id for found in self.completeness)
        country = next((name for name in named if name not in ("EU", "S4G")), None)
        return finding.sentence(self.messages, profile=country)

    def _elements(self, found: Completeness) -> Iterator[str]:
        text = self.messages.text
        yield ""
        own = found.profile
        name = f"{own.id} - {text(f'completeness.profile.{own.id}')}"
        if own.id != "EU":  # its term is in every language another
            name += f" ({own.term})"
        yield text("completeness.title", profile=name)
        names = ("element", "status", "where", "add")
        heads = [text(f"completeness.column.{name}") for name in names]
        rows = [self._row(found, row) for row in found.rows]
        yield drawn(["", *heads], rows, whole=(0, 2, 3))
        yield from self._scores(found)
        if found.profile.is_back_translated:
            language = found.profile.label_language
            yield text("completeness.back_translation", language=language)

    def _row(self, found: Completeness, row: Row) -> list[tuple[str, str]]:
        number = row.element.id.removeprefix(f"{found.profile.id}.")
        status = self.messages.text(f"element.{row.status}")
        add = row.advice(self.messages)
        if row.wanted and add:
            add += f"\n({folded(plain_path(row.wanted[0]))})"
        elif row.should:
            path = folded(plain_path(row.should[0]))
            add = self.messages.text("completeness.should", path=path)
        return [
            (number, ""),
            (self._label(found, row), ""),
            (status, _COLOURS.get(row.status, "") if row.element.is_counted else ""),
            (_places(row.where), ""),
            (add, ""),
        ]

    def _label(self, found: Completeness, row: Row) -> str:
        """The label of the country, and what it means in the reader's language."""
        theirs = row.element.label(found.profile.label_language)
        ours = row.element.label(self.messages.language)
        spoken = found.profile.label_language.partition("-")[0]
        alike = self.messages.language.partition("-")[0] == spoken  # in either script
        label = ours if found.profile.id == "EU" or alike or theirs == ours else theirs
        if label != ours:
            label += f"\n({ours})"
        if row.element.is_counted:
            return label  # a condition stands in the label itself
        return f"{label} [{self.messages.text('completeness.optional')}]"

    def _scores(self, found: Completeness) -> Iterator[str]:
        text = self.messages.text
        own = self._score(found.score)
        whole = self._score(found.annex1_score)
        if found.profile.id != "EU":
            yield text("completeness.score", profile=found.profile.id, score=own)
        yield text("completeness.score.annex1", score=whole)
        if found.annex1_open:
            names = "; ".join(map(self._open, found.annex1_open))
            yield text("completeness.open", elements=names)

    def _open(self, row: Row) -> str:
        status = self.messages.text(f"element.{row.status}")
        label = row.element.label(self.messages.language)
        return f"{row.element.id} {label} ({status})"

    def _score(self, score: Score) -> str:
        words = [
            f"{self.messages.text(f'element.{status}')}: {number}"
            for status, number in score.rest.items()
        ]
        return f"{score} ({', '.join(words)})" if words else str(score)

    def _principles(self) -> Iterator[str]:
        text = self.messages.text
        yield ""
        yield text("principle.title")
        heads = [
            text("principle.column.principle"),
            text("completeness.column.status"),
            text("principle.column.supports"),
            text("principle.column.missing"),
        ]
        rows = [
            [
                (principle.id, ""),
                (principle.label(self.messages.language), ""),
                (
                    text(f"principle.{principle.status}"),
                    _COLOURS.get(principle.status, ""),
                ),
                (self._traces(t for t in principle.traces if t.supports), ""),
                (self._traces(principle.missing), ""),
            ]
            for principle in self.principles
        ]
        yield drawn(["", *heads], rows)

    def _traces(self, traces: Iterable[Trace]) -> str:
        lines = []
        for trace in traces:
            name = self.messages.text(f"principle.{trace.id}")
            if trace.status == "not_applicable":
                name += f" ({self.messages.text('principle.by_program')})"
            elif trace.status == "not_yet":
                name += f" ({self.messages.text('principle.not_yet')})"
            elif trace.where:
                name += f"\n({folded(neutral(trace.where[0]))})"
            lines.append(name)
        return "\n".join(lines)

    def _findings(self) -> Iterator[str]:
        if not self.findings:
            return
        yield ""
        yield self.messages.text("completeness.rules")
        for one in self.findings:
            sentence = self._said(one)
            place = f" ({neutral(one.path)})" if one.path else ""
            severity = self.messages.text(f"severity.{one.severity}")
            yield f"  {one.rule} {severity}{place}: {sentence}"

    def _hints(self) -> Iterator[str]:
        if not self.hints:
            return
        yield ""
        yield self.messages.text("lint.title")
        for hint in self.hints:
            severity = self.messages.text(f"severity.{hint.severity}")
            place = neutral(hint.path)
            yield f"  {severity} {place}: {hint.sentence(self.messages)}"


def look(value: Mapping[str, Any], names: Sequence[str], messages: Messages) -> Shown:
    """Everything about a record, a programme or a credential under some lists.

    `ValueError` for a document of no known kind. A record that cannot be read is
    looked at as it stands; only the rules need a readable one.
    """
    from edc_issuer.rules.completeness import completeness
    from edc_issuer.rules.elements import Inspected
    from edc_issuer.rules.lint import lint
    from edc_issuer.rules.principles import principles

    inspected = Inspected.of(value)
    return Shown(
        messages,
        tuple(completeness(inspected, profile=name) for name in names),
        principles(inspected),
        _rules(value, inspected.kind, names),
        lint(inspected),
    )


def _rules(
    value: Mapping[str, Any], kind: str, names: Sequence[str]
) -> tuple[Finding, ...]:
    from edc_issuer.record import CredentialRecord, ProgrammeDocument
    from edc_issuer.rules.credential import credential_findings
    from edc_issuer.rules.findings import findings

    if kind not in ("record", "programme"):
        return credential_findings(value)
    document = CredentialRecord if kind == "record" else ProgrammeDocument
    try:
        read: CredentialRecord | ProgrammeDocument = document.from_dict(value)
    except RecordError:
        return ()
    found = (findings(read, profile=name) for name in names)
    return tuple(dict.fromkeys(one for several in found for one in several))


def plain_path(path: str) -> str:
    """A path of `rules.paths` as a person may read it: without kinds and filters."""
    first = path.split("|", maxsplit=1)[0]
    return first.partition("#")[0].replace("credentialSubject.", "")


def drawn(
    heads: Sequence[str],
    rows: Sequence[Sequence[tuple[str, str]]],
    *,
    whole: Collection[int] = (0,),
) -> str:
    """A table as text; cells are texts with the colour they get in a terminal.

    Columns numbered in `whole` are never broken: their cells hold short lines.
    """
    from rich.console import Console
    from rich.text import Text

    table = _empty(heads, whole)
    for row in rows:
        table.add_row(*[Text(text, style=colour) for text, colour in row])
    terminal = sys.stdout.isatty()
    console = Console(
        file=StringIO(),
        width=max(Console().width, NARROWEST) if terminal else WIDTH,
        force_terminal=terminal,
        legacy_windows=False,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def _empty(heads: Sequence[str], whole: Collection[int]) -> Table:
    from rich.box import Box
    from rich.table import Table

    # A line under the head and nothing else, in letters that every console has.
    plain = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    table = Table(box=plain, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=number in whole, overflow="fold")
    return table


def _places(where: Sequence[str]) -> str:
    """The first place, and how many more there are."""
    if not where:
        return ""
    more = f" (+{len(where) - 1})" if len(where) > 1 else ""
    return folded(neutral(where[0]), spare=len(more)) + more


def folded(path: str, *, spare: int = 0) -> str:
    """A long place on several lines, broken between its names.

    `spare` letters are left free in the last line.
    """
    lines = [""]
    for name in _NAMES.findall(path):
        if len(lines[-1] + name) > MOST_LETTERS - spare and lines[-1]:
            lines.append("")
        lines[-1] += name
    pieces = (line[at : at + MOST_LETTERS] for line in lines for at in _starts(line))
    return "\n".join(pieces)


def _starts(line: str) -> range:
    """Where the pieces of one line begin: a stranger's key may be any length."""
    return range(0, max(len(line), 1), MOST_LETTERS)

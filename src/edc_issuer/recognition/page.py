"""The page for recognition: sections of labelled lines, which any renderer places.

At its head stands the verdict or, as plainly, that nobody verified the file; at its
foot the empty lines in which the school writes its own decision.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from edc_issuer.messages import Messages
from edc_issuer.recognition.facts import Quality, Recognition
from edc_issuer.recognition.needs import PURPOSES, Answer, answers
from edc_issuer.recognition.orientation import typology_of
from edc_issuer.summary import Several

WIDTH = 78
DECISION = (
    "purpose",
    "answer",
    "decided_by",
    "date",
    "decision",
    "reasons",
    "signature",
)
BLANK = "_" * 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands at the head: verified, or that it was not, or that it is a record.

    `line` is the verdict of `verify` in words; `accredited` whether somebody whom
    the reader trusts confirmed that the organisation may award it.
    """

    kind: Literal["verified", "not_verified", "record"]
    line: str = ""
    outcome: str | None = None
    test: bool = False
    accredited: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One label and what stands beside it; `blank` leaves room to write."""

    label: str
    values: tuple[str, ...]
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Some rows under a heading; `note` is a sentence about them all."""

    name: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """All that stands on the page, in its order."""

    language: str
    title: str
    subject: str
    verdict: str
    lead: str
    sections: tuple[Section, ...]


def page(said: Recognition | None, verdict: Verdict, *, language: str) -> Page:
    """The page; `said` is None where the content must not be shown."""
    words = _Words(Messages(language))
    shown = tuple(words.sections(said, verdict)) if said is not None else ()
    return Page(
        language=words.messages.language,
        title=words.say("title"),
        subject=str(said.summary.what) if said is not None else "",
        verdict=_head(verdict, words),
        lead=words.say("lead" if said is not None else "hidden"),
        sections=shown,
    )


def to_text(said: Recognition | None, verdict: Verdict, *, language: str) -> str:
    """The page as plain text; ends with a line break."""
    made = page(said, verdict, language=language)
    lines = [made.title.upper(), *_wrapped(made.verdict), *_wrapped(made.lead)]
    for section in made.sections:
        lines += ["", section.title]
        for row in section.rows:
            values = (BLANK,) if row.blank and not row.values else row.values
            if len(values) == 1:
                lines += _wrapped(f"{row.label}: {values[0]}")
                continue
            lines += _wrapped(f"{row.label}:")
            for value in values:
                lines += _wrapped(value, "  - ")
        lines += _wrapped(section.note)
    return "\n".join(lines) + "\n"


def to_dict(said: Recognition | None, verdict: Verdict) -> dict[str, Any]:
    """The same facts as JSON values, without words around them."""
    head = asdict(verdict)
    if said is None:
        return {"verdict": head, "content": None}
    facts = asdict(said)
    facts["summary"] = {k: _json(v) for k, v in facts["summary"].items()}
    return {
        "verdict": head,
        "content": facts
        | {
            "procedure": said.procedure,
            "answers": [asdict(answer) for answer in answers(said)],
            "typology": typology_of(said).to_dict(),
        },
        "decision": dict.fromkeys(DECISION),
    }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _wrapped(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {bullet}",
        subsequent_indent="  " + " " * max(2, len(bullet)),
        break_on_hyphens=False,
    )


def _head(verdict: Verdict, words: _Words) -> str:
    if verdict.kind != "verified":
        return words.say(verdict.kind)
    return verdict.line


class _Words:
    """The labels and sentences of one page."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages

    def say(self, key: str, **values: object) -> str:
        return self.messages.text(f"recognition.{key}", **values)

    def row(self, name: str, values: Iterable[str | None]) -> Row:
        """A row; what the file does not say is said to be missing."""
        found = tuple(value for value in values if value)
        return Row(self.say(f"label.{name}"), found or (self.say("none"),))

    def section(self, name: str, *rows: Row, note: str = "") -> Section:
        return Section(name, self.say(f"section.{name}"), rows, note)

    def sections(self, said: Recognition, verdict: Verdict) -> Iterator[Section]:
        yield self._award(said)
        yield self._level(said)
        yield self._size(said)
        yield self._outcomes(said)
        yield self._assessment(said)
        yield self._quality(said, verdict)
        yield self._provider(said)
        yield self._answers(said)
        yield self._typology(said)
        yield self._decision()

    def day(self, value: date | str | None) -> str | None:
        return self.messages.day(value) if isinstance(value, date) else value

    def several(self, found: Several) -> tuple[str, ...]:
        more = (self.say("more", count=found.more),) if found.more else ()
        return (*found.shown, *more)

    def _award(self, said: Recognition) -> Section:
        told = said.summary
        note = ""
        if said.achievements > 1:
            note = self.say("several", count=said.achievements)
        return self.section(
            "award",
            self.row("title", self.several(told.what)),
            self.row("learner", self.several(told.who)),
            self.row("issuer", (told.by_whom, told.issuer_id)),
            self.row("awarded", (self.day(told.when), told.where)),
            self.row("valid_until", (self.day(told.valid_until),)),
            note=note,
        )

    def _level(self, said: Recognition) -> Section:
        rows = [self.row("level", said.levels)]
        if said.levels or said.cycles:
            rows.append(self.row("level_basis", said.level_basis))
        if said.cycles:
            rows.append(self.row("cycle", map(self._cycle, said.cycles)))
        if said.equivalents:
            pairs = (
                self.say("equivalent", nqf=nqf, eqf=eqf, source=source)
                for nqf, eqf, source in said.equivalents
            )
            rows.append(self.row("equivalent", pairs))
        if said.level_absent:
            rows.append(self.row("level_absent", (said.level_absent,)))
        return self.section("level", *rows)

    def _cycle(self, code: str) -> str:
        known = self.messages.has(f"recognition.cycle.{code}")
        return self.say(f"cycle.{code}") if known else code

    def _size(self, said: Recognition) -> Section:
        rows = [
            self.row("hours", (self.say("hours", hours=h) for h in said.hours)),
            self.row("credits", said.credits),
        ]
        if said.indicative_credits:
            rows.append(self.row("indicative", said.indicative_credits))
        return self.section("workload", *rows)

    def _outcomes(self, said: Recognition) -> Section:
        rows = [self.row("outcomes", self.several(said.outcomes))]
        if said.parts:
            rows.append(self.row("parts", said.parts))
        return self.section("outcomes", *rows)

    def _assessment(self, said: Recognition) -> Section:
        route = self.say(f"route.{said.route or 'unknown'}")
        if not self.messages.has(f"recognition.route.{said.route or 'unknown'}"):
            route = self.say("route.unknown")
        rows = [
            self.row("route", (route,)),
            self.row("assessment", said.assessments),
            self.row("assessment_type", (*said.assessment_types, *said.modes)),
            self.row("supervision", said.supervision),
            self.row("grade", said.grades),
        ]
        for name, values in (
            ("criteria", said.criteria),
            ("assessor", said.assessors),
            ("evidence", said.evidence),
        ):
            if values:
                rows.append(self.row(name, values))
        return self.section("assessment", *rows)

    def _quality(self, said: Recognition, verdict: Verdict) -> Section:
        stated = (self._statement(item) for item in said.quality)
        if verdict.kind != "verified":
            confirmed = self.say("confirmed.not_verified")
        else:
            key = "yes" if verdict.accredited else "no"
            confirmed = self.say(f"confirmed.{key}")
        return self.section(
            "quality", self.row("quality", stated), self.row("confirmed", (confirmed,))
        )

    def _statement(self, item: Quality) -> str:
        text = f"{item.text} – {item.body}" if item.body else item.text
        if item.kind == "accreditation":
            return self.say("quality.accreditation", text=text)
        return text

    def _provider(self, said: Recognition) -> Section:
        setting = said.setting and self.say(f"setting.{said.setting}")
        return self.section(
            "provider",
            self.row("provider", (said.provider,)),
            self.row("identifiers", said.provider_identifiers),
            self.row("status", (self.say(f"status.{said.provider_status}"),))
            if said.provider_status
            else self.row("status", ()),
            self.row("setting", (setting,)),
            self.row("procedure", (self.say(f"procedure.{said.procedure}"),)),
        )

    def _answers(self, said: Recognition) -> Section:
        rows = (
            Row(self.say(f"answer.{answer.name}"), tuple(self._needs(answer)))
            for answer in answers(said)
        )
        return self.section("answers", *rows, note=self.say("answers_note"))

    def _needs(self, answer: Answer) -> Iterator[str]:
        for state in ("stated", "partly", "missing"):
            named = [
                self.say(f"partly.{need.name}")
                if state == "partly"
                else self.say(f"need.{need.name}")
                for need in answer.needs
                if need.state == state
            ]
            if named:
                yield self.say(f"state.{state}", needs=", ".join(named))

    def _typology(self, said: Recognition) -> Section:
        found = typology_of(said)
        named = found.class_id and self.say(f"typology.{found.class_id}")
        rows = [self.row("class", (named,))]
        differs = [self.say(f"differs.{name}") for name in found.contradictions]
        if found.boundary:
            differs.append(self.say("differs.boundary"))
        if differs:
            rows.append(self.row("differs", differs))
        return self.section("typology", *rows, note=self.messages.text("note.typology"))

    def _decision(self) -> Section:
        purposes = [
            f"[ ] {self.say(f'purpose.{name}')}"
            for names in PURPOSES.values()
            for name in names
        ]
        chosen = [
            f"[ ] {self.say(f'answer.{name}')}"
            for name in ("eligible", "exempt", "transfer")
        ]
        chosen.append(f"[ ] {self.say('answer.none')}")
        given = {"purpose": tuple(purposes), "answer": tuple(chosen)}
        rows = (
            Row(self.say(f"decision.{name}"), given.get(name, ()), blank=True)
            for name in DECISION
        )
        return self.section("decision", *rows, note=self.say("decision_note"))

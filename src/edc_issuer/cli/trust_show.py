"""`edc-issuer trust show`: the trust folder, and who is believed by it until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import language_from, put
from edc_issuer.cli.common import show as tell
from edc_issuer.cli.options import Lang
from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.trust import Trust
    from edc_issuer.trust.lists.services import ListedService

ENDED, OVERDUE, TOO_OLD = "trust.ended", "trust.overdue", "trust.too_old"
UNTIL, DUE, STORED = "trust.until", "trust.due", "trust.stored"
# How a trusted list is called by its age (`ListInfo.age`), and a row marked.
STATES = {"current": "", "stale": OVERDUE, "too-old": TOO_OLD}


def show(
    trust: Annotated[
        Path | None,
        typer.Option(help="Folder to show (default: EDC_TRUST, else your own)."),
    ] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Show the trust folder and what is in it."""
    from edc_issuer.trust import Trust, default_directory

    messages = Messages(language_from(lang))
    directory = trust or default_directory()
    is_there = directory.exists()
    loaded = Trust.load(directory) if is_there else Trust()
    rows = list(rows_of(loaded, datetime.now(UTC)))
    if as_json:
        entries = [row.to_dict() for row in rows]
        put({"directory": str(directory), "test": loaded.test, "entries": entries})
        return
    kind = " (TEST)" if loaded.test else ""
    tell(f"{directory}{kind}")
    for row in rows:
        tell(row.line(messages))
    if not rows:
        absent = [] if is_there else [messages.text("trust.absent")]
        tell("  " + " ".join([*absent, messages.text("trust.nobody")]))


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a trust folder; `date_is` and `state` are keys of sentences.

    `name` is a text, or a key of a sentence with its `values`. `state` is "" for what
    can be relied on today. `inside` is what an entry above it vouches for, and as
    fresh as that.
    """

    kind: str
    name: str
    day: date | None = None
    date_is: str = UNTIL
    state: str = ""
    values: tuple[tuple[str, object], ...] = ()
    inside: bool = False

    def line(self, messages: Messages) -> str:
        """The entry as a line of the screen."""
        named = self._named(messages)
        if self.state and self.date_is == DUE and not self.inside:
            named += " " + messages.text(self.state)
        return "  " * (2 if self.inside else 1) + "  ".join(
            part
            for part in (
                messages.text(f"trust.kind.{self.kind}"),
                named,
                self._until(messages),
            )
            if part
        )

    def to_dict(self) -> dict[str, str]:
        """The entry in English, whatever the language of the session."""
        english = Messages("en")
        return {
            "kind": english.text(f"trust.kind.{self.kind}"),
            "name": self._named(english),
            "until": self.day.isoformat() if self.day else "",
            "state": self.state.removeprefix("trust.").replace("_", "-"),
        }

    def _named(self, messages: Messages) -> str:
        if not self.values:
            return self.name
        return messages.text(self.name, **dict(self.values))

    def _until(self, messages: Messages) -> str:
        if self.day is None:
            return ""
        said = messages.text(self.date_is, date=self.day.isoformat())
        ended = self.state and self.date_is != DUE
        return f"{said} {messages.text(self.state)}" if ended else said


def rows_of(trust: Trust, at: datetime) -> Iterator[Row]:
    """Everything in a trust folder, and how it stands at `at`."""
    yield from _anchors(trust, at)
    yield from _organisations(trust, at)
    yield from _crls(trust, at)
    for stored in trust.dids:
        yield Row("keys", stored.did, stored.stored_at.date(), STORED)
    yield from _awards(trust, at)
    yield from _lists(trust, at)


def _ended(until: datetime | None, at: datetime) -> str:
    return ENDED if until is not None and until <= at else ""


def _anchors(trust: Trust, at: datetime) -> Iterator[Row]:
    from edc_issuer.cms.certificate import subject_text

    kinds = {"seals": trust.seal_anchors, "timestamps": trust.timestamp_anchors}
    for kind, anchors in kinds.items():
        for anchor in anchors:
            name = neutral(subject_text(anchor.certificate))
            until = anchor.certificate.not_valid_after_utc
            yield Row(kind, name, until.date(), state=_ended(until, at))


def _organisations(trust: Trust, at: datetime) -> Iterator[Row]:
    for issuer in trust.issuers:
        name = neutral(f"{' / '.join(issuer.names)} ({issuer.identifier})")
        state = _ended(issuer.until, at)
        yield Row("organisation", name, _last_day(issuer.until), state=state)


def _crls(trust: Trust, at: datetime) -> Iterator[Row]:
    for crl in trust.crls:
        due = crl.next_update_utc
        state = OVERDUE if due is not None and due < at else ""
        name = neutral(crl.issuer.rfc4514_string())
        yield Row("crl", name, due.date() if due else None, DUE, state)


def _awards(trust: Trust, at: datetime) -> Iterator[Row]:
    for mandate in trust.mandates:
        values = (("sealer", mandate.sealer), ("mandator", mandate.mandator))
        day, state = _last_day(mandate.until), _ended(mandate.until, at)
        yield Row("mandate", "trust.mandate", day, state=state, values=values)
    for one in trust.accreditations.entries:
        whom = " / ".join(party.names[0] for party in one.organisations)
        given = (("whom", whom), ("agent", one.agent.names[0]))
        over = one.expires is not None and one.expires < at.date()
        state = ENDED if over else ""
        yield Row(
            "accreditation", "trust.accreditation", one.expires, UNTIL, state, given
        )


def _last_day(until: datetime | None) -> date | None:
    """The day before midnight for what ends with a day: `until` is no longer in it."""
    return (until - timedelta(microseconds=1)).date() if until else None


def _lists(trust: Trust, at: datetime) -> Iterator[Row]:
    """The lists at hand, each with the services that it vouches for today."""
    for info in trust.lists.infos:
        values = (("territory", info.territory), ("number", info.sequence))
        state = STATES[info.age(at)]
        day = info.due.date()
        yield Row("list", "trust.list_number", day, DUE, state, values)
        for one in trust.lists.services(info.territory):
            yield from _services(one, at, state)


def _services(one: ListedService, at: datetime, state: str) -> Iterator[Row]:
    from edc_issuer.trust.lists.model import CA_QC, FOR_SEALS, QTST

    name = neutral(f"{one.territory}: {one.provider}: {one.name}")
    seals = one.granted(CA_QC, at)
    if seals and FOR_SEALS in seals.additional:
        yield Row("listed_seals", name, state=state, date_is=DUE, inside=True)
    if one.granted(QTST, at):
        yield Row("listed_timestamps", name, state=state, date_is=DUE, inside=True)

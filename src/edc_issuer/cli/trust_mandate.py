"""`edc-issuer trust add-mandate`: who may seal for whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import put_files
from edc_issuer.cli.options import AddTo, ForTests, Yes

if TYPE_CHECKING:
    from edc_issuer.trust import Trust


def add_mandate(
    sealer: Annotated[
        str,
        typer.Option(help="Number or DID of the organisation that seals."),
    ],
    mandator: Annotated[
        str,
        typer.Option("--for", help="Number or DID of the one that it seals for."),
    ],
    until: Annotated[
        str | None,
        typer.Option(help="Last day of the mandate (2027-12-31); default: no end."),
    ] = None,
    trust: AddTo = None,
    test: ForTests = False,
    yes: Yes = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The file written, as JSON.")
    ] = False,
) -> None:
    """Record that one organisation may seal for another.

    Ask the one that gave the mandate, never the one that seals: what the sealed file
    says of it is only the sealer's claim.
    """
    from edc_issuer.cli.trust import confirm, refuse_nonsense
    from edc_issuer.trust import Mandate, additions, default_directory

    refuse_nonsense(sealer)
    refuse_nonsense(mandator)
    mandate = Mandate(sealer, mandator, _end(until))
    if not yes:
        ends = f" until {until}" if until else ""
        confirm(f"Did {mandator} itself tell you that {sealer} seals for it{ends}?")
    directory = trust or default_directory()
    path = additions.add_mandate(directory, mandate, test=test)
    put_files([path], as_json=as_json)


def _end(text: str | None) -> datetime | None:
    from edc_issuer.trust.directory import read_moment

    if text is None:
        return None
    try:
        return read_moment(text, ends=True)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(
            f"{text!r} is neither a date (2027-12-31) nor a time with its zone "
            "(2027-12-31T12:00:00Z)"
        ) from error


def _last_day(until: datetime) -> str:
    """The day before midnight for what ends with a day: `until` is no longer in it."""
    return f"{until - timedelta(microseconds=1):%Y-%m-%d}"


def rows_on_awards(trust: Trust) -> Iterator[dict[str, str]]:
    """Mandates and accreditations as `trust show` prints them."""
    for mandate in trust.mandates:
        yield {
            "kind": "mandate",
            "name": f"{mandate.sealer} for {mandate.mandator}",
            "until": _last_day(mandate.until) if mandate.until else "",
        }
    for one in trust.accreditations.entries:
        whom = " / ".join(party.names[0] for party in one.organisations)
        yield {
            "kind": "accreditation",
            "name": f"{whom}, by {one.agent.names[0]}",
            "until": one.expires.isoformat() if one.expires else "",
        }

"""`edc-issuer trust add-mandate`: who may seal for whom, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from edc_issuer.cli.common import language_from, put_files
from edc_issuer.cli.options import AddTo, ForTests, Lang, Yes
from edc_issuer.messages import Messages


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
    lang: Lang = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The file written, as JSON.")
    ] = False,
) -> None:
    """Record that one organisation may seal for another.

    Ask the one that gave the mandate, never the one that seals: what the sealed file
    says of it is only the sealer's claim.
    """
    from edc_issuer.cli.trust_asking import confirm, refuse_nonsense
    from edc_issuer.trust import Mandate, additions, default_directory

    messages = Messages(language_from(lang))
    refuse_nonsense(sealer)
    refuse_nonsense(mandator)
    mandate = Mandate(sealer, mandator, _end(until))
    if not yes:
        key = "trust.ask_mandate_until" if until else "trust.ask_mandate"
        parties = {"mandator": mandator, "sealer": sealer, "until": until}
        confirm(messages.text(key, **parties))
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

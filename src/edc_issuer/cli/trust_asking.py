"""What the commands that add to a trust folder ask, and refuse, before they write."""

from __future__ import annotations

import re
import sys

import typer

from edc_issuer.errors import InputError

# A DID, or what EN 319 412-1, 5.1.4 lets stand in organizationIdentifier.
# An https address names who controls it (W3C Controlled Identifiers).
IDENTIFIER = re.compile(
    r"did:[a-z0-9]+:\S+|https://\S+|[A-Z]{3}[A-Z]{2}-\S+|[A-Z]{2}:[A-Z]{2}-\S+"
)


def confirm(question: str) -> None:
    """Go on after a yes only; a usage error where nobody is there to say it."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to ask; add --yes in a script")
    typer.confirm(question, abort=True, err=True)


def refuse_nonsense(identifier: str) -> None:
    """`ConfigError` where no seal and no key could ever carry this identifier."""
    from edc_issuer.trust.did import Unresolved, resolve

    if IDENTIFIER.fullmatch(identifier) is None:
        raise typer.BadParameter(
            f"{identifier} is neither a DID (did:key:...) nor a number as seals "
            "write it (NTRSI-1234567)"
        )
    if identifier.startswith("did:"):
        try:
            resolve(identifier)
        except (InputError, Unresolved) as error:
            if error.reason != "key-not-at-hand":  # it lies elsewhere, as it may
                told = f"{identifier}: {error}; is it whole?"
                raise typer.BadParameter(told) from error

"""`edc-issuer key`: keys for trying things out. They are never trusted as real."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import read_file, say, secret_from

if TYPE_CHECKING:
    from edc_issuer.keys.testpki import TestOrganisation

app = typer.Typer(help="Make test keys.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Make test keys."""


@app.command("new")
def new(
    out: Annotated[Path, typer.Option(help="Folder for the keys.")],
    record: Annotated[
        list[Path] | None,
        typer.Option(help="Seal certificates for the issuers of these records."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Organisation, as its seal names it.")
    ] = None,
    identifier: Annotated[
        str | None, typer.Option(help="organizationIdentifier, NTRSI-1234567.")
    ] = None,
    country: Annotated[str, typer.Option(help="Country code, SI.")] = "SI",
    key_secret_env: Annotated[
        str | None, typer.Option(help="Variable with the password for seal.p12.")
    ] = None,
) -> None:
    """Make a fresh TEST seal certificate with its authorities, and a badge key.

    They verify only where their root was added with `trust add --test`.
    """
    from edc_issuer.keys.badge import new_badge_key
    from edc_issuer.keys.testpki import TestOrganisation, TestPki

    organisations = _organisations(record or [])
    if name and identifier:
        organisations.append(TestOrganisation(name, identifier, country))
    if not organisations:
        raise typer.BadParameter(
            "say whom the seal is for: --record FILE, or --name and --identifier"
        )
    password = secret_from(key_secret_env)("Password for the new seal key")
    pki = TestPki.create(organisations, at=datetime.now(UTC))
    written = list(pki.write(out, password=password))
    written.append(new_badge_key().write(out / "badge.pem"))
    id_secret = out / "id.secret"
    id_secret.touch(mode=0o600, exist_ok=False)
    id_secret.write_text(secrets.token_hex(32))
    for path in [*written, id_secret]:
        print(path)
    say(
        "These are test keys. Whoever wants to accept them: edc-issuer trust add --test"
    )


def _organisations(records: list[Path]) -> list[TestOrganisation]:
    from edc_issuer.keys.testpki import TestOrganisation
    from edc_issuer.record import CredentialRecord

    found: dict[str, TestOrganisation] = {}
    for path in records:
        issuer = CredentialRecord.from_json(read_file(path)).issuer
        if issuer.legal_identifier is None:
            raise typer.BadParameter(f"{path}: the issuer has no legal_identifier")
        legal = issuer.legal_identifier
        legal_name = next(iter(issuer.legal_name.values()))
        found[legal.value] = TestOrganisation(legal_name, legal.value, legal.country)
    return list(found.values())

"""`edc-issuer key`: keys for trying things out, and the keys of badges.

Test seals are never trusted as real; a badge key is as good as the place where the
school publishes it.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import put_files, read_file, say, secret_from
from edc_issuer.cli.keys_did import did_document, make
from edc_issuer.errors import ConfigError

if TYPE_CHECKING:
    from edc_issuer.keys.testpki import TestOrganisation

# The semantics identifier of EN 319 412-1, 5.1.4, and what `key new` writes.
IDENTIFIER = re.compile(r"[A-Z]{3}([A-Z]{2})-[^\s]+")
KEY_FILES = ("*.p12", "*.pem", "*.crl", "id.secret", "did.json")

app = typer.Typer(
    help="Make test keys, and publish keys of badges.", no_args_is_help=True
)
app.command("did-document")(did_document)


@app.callback()
def keys() -> None:
    """Make test keys, and publish keys of badges."""


@app.command("new")
def new(
    out: Annotated[Path, typer.Option(help="New folder for the keys.")],
    record: Annotated[
        list[Path] | None,
        typer.Option(
            help="Record whose issuer the seal is for; more than once if need be."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Instead of a record: the organisation's legal name."),
    ] = None,
    identifier: Annotated[
        str | None,
        typer.Option(
            help="With --name: its number as seals write it (type, country, number), "
            "such as NTRSI-1234567."
        ),
    ] = None,
    did: Annotated[
        str | None,
        typer.Option(
            help="Instead of all that: a badge key that lasts, and the document that "
            "lists it, for did:web:school.example or an https address of yours."
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option("--type", help="With --did: ed25519, p-256, p-384 or rsa."),
    ] = "ed25519",
    key_secret_env: Annotated[
        str | None,
        typer.Option(
            help="Environment variable with the password for the seal's key "
            "(default: you are asked), or with --did for the badge key (default: none)."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The files made, as JSON.")
    ] = False,
) -> None:
    """Make a fresh TEST seal certificate with its authorities, and a badge key.

    They verify only where their root was added with `trust add --test`.
    With --did: a badge key to keep, not for tests, and the document that lists it.
    """
    from edc_issuer.keys.badge import new_badge_key
    from edc_issuer.keys.files import PRIVATE, write_new
    from edc_issuer.keys.testpki import TestPki

    if did is not None:
        _refuse_keys_in(out)
        make(did, kind, out, key_secret_env=key_secret_env, as_json=as_json)
        return
    organisations = _organisations(record or [])
    if name and identifier:
        organisations.append(_organisation(name, identifier))
    if not organisations:
        raise typer.BadParameter(
            "say whom the seal is for: --record FILE, or --name and --identifier"
        )
    _refuse_keys_in(out)
    password = secret_from(key_secret_env)("Password for the new seal key")
    if not password:
        raise typer.BadParameter("the password for the new seal key is empty")
    pki = TestPki.create(organisations, at=datetime.now(UTC))
    written = list(pki.write(out, password=password))
    written.append(new_badge_key().write(out / "badge.pem"))
    id_secret = out / "id.secret"
    write_new(id_secret, secrets.token_hex(32).encode(), mode=PRIVATE)
    put_files([*written, id_secret], as_json=as_json)
    say(
        "These are test keys. Whoever wants to try files made with them: edc-issuer "
        f"trust add --test --trust FOLDER {out / 'root.pem'} {out / '*.crl'}"
    )


def _refuse_keys_in(folder: Path) -> None:
    # A new root beside an old seal would leave that seal without its authority.
    found = [path for kind in KEY_FILES for path in sorted(folder.glob(kind))]
    if found:
        raise ConfigError(
            f"{found[0]} exists already, and keys are never overwritten; name another "
            "folder"
        )


def _organisation(name: str, identifier: str) -> TestOrganisation:
    from edc_issuer.keys.testpki import TestOrganisation

    found = IDENTIFIER.fullmatch(identifier)
    if found is None:
        raise typer.BadParameter(
            f"--identifier {identifier}: write type, country and number as seals do, "
            "such as NTRSI-1234567 or VATHR-12345678901"
        )
    return TestOrganisation(name, identifier, found[1])


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

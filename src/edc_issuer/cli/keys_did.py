"""`edc-issuer key did-document`: what a school publishes so that its keys are found."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import put, put_files, read_file, say, secret_from, show
from edc_issuer.errors import ConfigError, Malformed

if TYPE_CHECKING:
    from edc_issuer.jose import PublicKey


def did_document(
    did: Annotated[
        str,
        typer.Option(
            help="Whose keys: did:web:school.example, or an https address that you "
            "control."
        ),
    ],
    key: Annotated[
        list[str] | None,
        typer.Option(help="Key to list, file:badge.pem; more than once if need be."),
    ] = None,
    onto: Annotated[
        Path | None,
        typer.Option(help="The document published now: its keys stay in it."),
    ] = None,
    revoke: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Key of --onto that counts no more from now on."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write (default: it is printed).")
    ] = None,
    key_secret_env: Annotated[
        str | None,
        typer.Option(
            help="Environment variable that holds the key's password "
            "(default: you are asked)."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="The file written, as JSON.")
    ] = False,
) -> None:
    """Make the document that lists the keys of your badges, and say where to put it."""
    from edc_issuer.keys import open_signer
    from edc_issuer.keys.document import key_document
    from edc_issuer.keys.document import revoke as withdraw
    from edc_issuer.secure import public_key_of

    where = published_at(did)
    if not key and onto is None:
        raise typer.BadParameter("name a key with --key, or a document with --onto")
    keys = []
    for uri in key or ():
        with open_signer(uri, secret=secret_from(key_secret_env)) as signer:
            keys.append(public_key_of(signer.identity))
    document = key_document(did, keys, onto=_published(onto) if onto else None)
    for name in revoke or ():
        document = withdraw(document, name, at=datetime.now(UTC))
    if out is None:
        if as_json:
            put(document)
        else:
            show(_text(document).rstrip())
    else:
        out.write_text(_text(document), encoding="utf-8")
        put_files([out], as_json=as_json)
    tell(keys, where)


def make(
    did: str, kind: str, folder: Path, *, key_secret_env: str | None, as_json: bool
) -> None:
    """`key new --did`: a fresh badge key and the document that lists it."""
    from edc_issuer.keys.badge import new_key, write_key
    from edc_issuer.keys.document import key_document
    from edc_issuer.keys.files import write_new

    where = published_at(did)
    private = new_key(kind)
    password = secret_from(key_secret_env)("") if key_secret_env else None
    path = write_key(folder / "badge.pem", private, password=password)
    document = folder / "did.json"
    public = private.public_key()
    write_new(document, _text(key_document(did, [public])).encode())
    put_files([path, document], as_json=as_json)
    tell([public], where)
    how = " --algorithm RS256" if kind.lower() == "rsa" else ""
    say(f"Sign badges with --key file:{path}#{did}{how}")
    if not password:
        say(f"{path} has no password: keep it where only the issuing program can read.")


def published_at(identifier: str) -> str:
    """Where the document has to lie; a usage error for what has no such place."""
    from edc_issuer.fetch.guard import Forbidden
    from edc_issuer.trust.controllers import refuse_address
    from edc_issuer.trust.did import keys_at

    where = keys_at(identifier)
    try:
        if where is None or "#" in identifier:
            raise Forbidden("neither a did:web nor an https address")
        refuse_address(where)
    except Forbidden as error:
        raise typer.BadParameter(f"--did {identifier}: {error}") from error
    return where


def tell(keys: list[PublicKey], where: str) -> None:
    """What the school does next, on stderr."""
    from edc_issuer.keys.document import fingerprint

    for one in keys:
        say(f"SHA-256 of the key: {fingerprint(one)}")
    say(f"Publish it at {where}, and keep old keys in it (--onto, --revoke).")


def _published(path: Path) -> dict[str, Any]:
    from edc_issuer import strict_json

    try:
        return strict_json.loads_object(read_file(path))
    except Malformed as error:
        raise ConfigError(f"{path}: not a document of keys: {error}") from error


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

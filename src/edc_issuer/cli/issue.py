"""`edc-issuer issue`: one record, one signed file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import put, read_file, say, secret_from, show

if TYPE_CHECKING:
    from edc_issuer.issue import Issued
    from edc_issuer.models.base import MappingReport


def issue(
    record: Annotated[
        Path, typer.Argument(help="The record, a JSON file (see `edc-issuer schema`).")
    ],
    profile: Annotated[
        str,
        typer.Option(
            "--as",
            help="edc-jades (sealed EDC), ob3-jwt or ob3-di (signed Open Badge).",
        ),
    ],
    key: Annotated[
        str,
        typer.Option(
            help="file:seal.p12 for an EDC; file:key.pem or .jwk for a badge."
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for the result; it is made if missing.")
    ],
    key_secret_env: Annotated[
        str | None,
        typer.Option(
            help="Environment variable that holds the key's password "
            "(default: you are asked)."
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(help="Folder of the attachments and pictures of the record."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of a badge (default: the primary).")
    ] = None,
    algorithm: Annotated[
        str | None,
        typer.Option(help="Another algorithm that fits the key, such as RS256 (RSA)."),
    ] = None,
    seal_profile: Annotated[
        str | None, typer.Option(help="edci-1.x writes seals that old viewers read.")
    ] = None,
    id_secret: Annotated[
        Path | None,
        typer.Option(
            help="File with a secret from which credential ids are made, so that "
            "nobody can guess a record id from one."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Result as JSON.")] = False,
) -> None:
    """Make one credential from one record, sign it, and verify it again."""
    from edc_issuer.issue import PROFILES, Issuer
    from edc_issuer.keys import open_signer
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.record import CredentialRecord

    if profile not in PROFILES:
        raise typer.BadParameter(f"--as {profile}: choose {', '.join(PROFILES)}")
    read = CredentialRecord.from_json(read_file(record))
    with open_signer(
        key, secret=secret_from(key_secret_env), algorithm=algorithm
    ) as signer:
        issuer = Issuer(
            profile=PROFILES[profile],
            signer=signer,
            id_secret=_id_secret(id_secret) if id_secret else None,
            files=files,
            language=language,
            options={"profile": seal_profile} if seal_profile else {},
        )
        issued = issuer.issue(read)
        notices = (*signer.notes, *issued.notices)
    target = out / issued.filename
    write_atomically(target, issued.data)
    if as_json:
        put(_result(issued, target, notices))
        return
    show(str(target))
    for notice in (*notices, *_stays_behind(issued.mapping)):
        say(notice)


def _id_secret(file: Path) -> bytes:
    secret = read_file(file).strip()
    if not secret:
        raise typer.BadParameter(f"{file} is empty; it would hide nothing")
    return secret


def _result(issued: Issued, target: Path, notices: tuple[str, ...]) -> dict[str, Any]:
    return {
        "file": str(target),
        "id": issued.credential["id"],
        "sha256": issued.sha256,
        "media_type": issued.media_type,
        "notices": list(notices),
        "not_expressed": [
            {"path": row.path, "kind": row.kind, "why": row.why}
            for row in issued.mapping.losses
        ],
    }


def _stays_behind(mapping: MappingReport) -> Iterator[str]:
    """One sentence on what the model could not say; nothing where it said all."""
    kinds = Counter(row.kind for row in mapping.losses)
    if kinds:
        yield (
            f"Of {len(mapping.fields)} fields of the record {kinds['partial']} were "
            f"expressed in part and {kinds['lost']} not at all; --json says which "
            "and why."
        )

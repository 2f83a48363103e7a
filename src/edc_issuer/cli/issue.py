"""`edc-issuer issue`: one record, one signed file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edc_issuer.cli.common import put, read_file, say, secret_from


def issue(
    record: Annotated[Path, typer.Argument(help="The record, a JSON file.")],
    profile: Annotated[str, typer.Option("--as", help="edc-jades, ob3-jwt or ob3-di.")],
    key: Annotated[str, typer.Option(help="file:seal.p12, file:key.pem, file:key.jwk")],
    out: Annotated[Path, typer.Option(help="Folder for the result.")],
    key_secret_env: Annotated[
        str | None, typer.Option(help="Variable that holds the key's password.")
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(help="Folder of the attachments and pictures of the record."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of a badge (default: the primary).")
    ] = None,
    algorithm: Annotated[
        str | None, typer.Option(help="Another algorithm of the key, such as RS256.")
    ] = None,
    seal_profile: Annotated[
        str | None, typer.Option(help="edci-1.x writes seals that old viewers read.")
    ] = None,
    id_secret: Annotated[
        Path | None, typer.Option(help="File with the secret that hides record ids.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Result as JSON.")] = False,
) -> None:
    """Make one credential from one record, sign it, and verify it again."""
    from edc_issuer.issue import PROFILES, Issuer
    from edc_issuer.keys import open_signer
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
            id_secret=id_secret.read_bytes().strip() if id_secret else None,
            files=files,
            language=language,
            options={"profile": seal_profile} if seal_profile else {},
        )
        issued = issuer.issue(read)
        notices = (*signer.notes, *issued.notices)
    out.mkdir(parents=True, exist_ok=True)
    target = out / issued.filename
    target.write_bytes(issued.data)
    if as_json:
        losses = [row.path for row in issued.mapping.losses]
        put(
            {
                "file": str(target),
                "id": issued.credential["id"],
                "sha256": issued.sha256,
                "media_type": issued.media_type,
                "notices": list(notices),
                "not_expressed": losses,
            }
        )
        return
    print(target)
    for notice in notices:
        say(notice)
    if issued.mapping.losses:
        say(
            f"{len(issued.mapping.losses)} fields of the record could not be expressed "
            "(--json lists them)."
        )

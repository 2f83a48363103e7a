"""`edc-issuer twins`: one record, an EDC and a badge that name each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.authorities import Authorities, known_level
from edc_issuer.cli.common import (
    keep_credentials,
    keep_inputs,
    put,
    read_file,
    say,
    secret_from,
    show,
)
from edc_issuer.cli.options import (
    AllowPrivate,
    BadgeLanguage,
    IdSecret,
    Layout,
    RecordFiles,
    ResultAsJson,
    SealLevel,
    Status,
    Tsa,
    id_secret_from,
    known_book,
    known_profile,
    seal_options,
)
from edc_issuer.messages import Messages, system_language

if TYPE_CHECKING:
    from edc_issuer.issue import Issued


def twins(
    record: Annotated[
        Path, typer.Argument(help="The record, a JSON file (see `edc-issuer schema`).")
    ],
    seal_key: Annotated[str, typer.Option(help="file:seal.p12 of the EDC's seal.")],
    badge_key: Annotated[
        str, typer.Option(help="file:key.pem or .jwk that signs the badge.")
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for both files; it is made if missing.")
    ],
    badge_as: Annotated[
        str, typer.Option(help="How the badge is signed: ob3-jwt, vc-jwt or ob3-di.")
    ] = "ob3-jwt",
    level: SealLevel = None,
    tsa: Tsa = None,
    allow_private: AllowPrivate = None,
    seal_secret_env: Annotated[
        str | None,
        typer.Option(help="Environment variable with the seal key's password."),
    ] = None,
    badge_secret_env: Annotated[
        str | None,
        typer.Option(help="Environment variable with the badge key's password."),
    ] = None,
    files: RecordFiles = None,
    language: BadgeLanguage = None,
    layout: Layout = None,
    id_secret: IdSecret = None,
    status: Status = None,
    as_json: ResultAsJson = False,
) -> None:
    """Issue one award as an EDC and a badge that name each other, or neither.

    `compare` checks such a pair in both directions, also after the EDC was extended.
    """
    from edc_issuer.issue import PROFILES, Issuer, check_level, level_of
    from edc_issuer.keys import open_signer
    from edc_issuer.keys.files import PRIVATE, write_atomically
    from edc_issuer.record import CredentialRecord
    from edc_issuer.status import StatusBook
    from edc_issuer.twins import issue_twins

    if known_profile(badge_as) == "edc-jades":
        raise typer.BadParameter(
            "--badge-as edc-jades: choose ob3-jwt, vc-jwt or ob3-di"
        )
    edc = PROFILES["edc-jades"]
    asked = known_level(level) if level else None
    outside = Authorities.named(tsa, allow_private)
    check_level(edc, asked, has_authority=bool(outside.tsa))
    read = CredentialRecord.from_json(read_file(record))
    messages = Messages(system_language())
    for sentence in outside.told(level_of(edc, asked), messages):
        say(sentence)
    door = outside.door()
    hidden = id_secret_from(id_secret)
    book = StatusBook.open(known_book(status)) if status else None
    with (
        open_signer(seal_key, secret=secret_from(seal_secret_env)) as seal,
        open_signer(badge_key, secret=secret_from(badge_secret_env)) as signer,
    ):
        pair = issue_twins(
            read,
            edc=Issuer(
                profile=edc,
                signer=seal,
                level=asked,
                timestamper=outside.timestamper(door),
                fetcher=door,
                id_secret=hidden,
                files=files,
                options=seal_options(layout),
                status=book,
            ),
            badge=Issuer(
                profile=PROFILES[badge_as],
                signer=signer,
                id_secret=hidden,
                files=files,
                language=language,
                status=book,
            ),
        )
        known = (*seal.notes, *signer.notes, *pair.edc.notices, *pair.badge.notices)
    notices = [*map(messages.problem, known)]
    made = [(out / issued.filename, issued) for issued in (pair.edc, pair.badge)]
    keep_inputs([target for target, _ in made], [record])
    for target, issued in made:
        own = issued.credential["id"]
        keep_credentials([target], credential_id=own, sealed=True)
    for target, issued in made:
        write_atomically(target, issued.data, mode=PRIVATE)
    if as_json:
        put({"twins": [_row(*row) for row in made], "notices": notices})
        return
    for target, _ in made:
        show(str(target))
    for notice in notices:
        say(notice)


def _row(target: Path, issued: Issued) -> dict[str, Any]:
    return {
        "file": str(target),
        "id": issued.credential["id"],
        "sha256": issued.sha256,
        "media_type": issued.media_type,
    }

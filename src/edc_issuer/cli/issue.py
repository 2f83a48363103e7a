"""`edc-issuer issue`: one record, one signed file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.authorities import Authorities, known_level
from edc_issuer.cli.common import (
    keep_credentials,
    put,
    read_file,
    say,
    secret_from,
    show,
)
from edc_issuer.cli.options import (
    KEY_HELP,
    Algorithm,
    AllowPrivate,
    AsProfile,
    BadgeLanguage,
    Cryptosuite,
    IdSecret,
    KeySecretEnv,
    Layout,
    RecordFiles,
    ResultAsJson,
    SealLevel,
    Status,
    Suspension,
    Tsa,
    id_secret_from,
    known_book,
    known_profile,
    seal_options,
    suite_options,
)
from edc_issuer.messages import Messages, system_language

if TYPE_CHECKING:
    from edc_issuer.issue import Issued
    from edc_issuer.models.base import MappingReport


def issue(
    record: Annotated[
        Path, typer.Argument(help="The record, a JSON file (see `edc-issuer schema`).")
    ],
    profile: AsProfile,
    key: Annotated[str, typer.Option(help=KEY_HELP)],
    out: Annotated[
        Path, typer.Option(help="Folder for the result; it is made if missing.")
    ],
    level: SealLevel = None,
    tsa: Tsa = None,
    allow_private: AllowPrivate = None,
    key_secret_env: KeySecretEnv = None,
    files: RecordFiles = None,
    language: BadgeLanguage = None,
    algorithm: Algorithm = None,
    layout: Layout = None,
    cryptosuite: Cryptosuite = None,
    id_secret: IdSecret = None,
    status: Status = None,
    suspension: Suspension = False,
    bake: Annotated[
        Path | None,
        typer.Option(help="A picture (PNG or SVG) to put the badge into as well."),
    ] = None,
    as_json: ResultAsJson = False,
) -> None:
    """Make one credential from one record, sign it, and verify it again."""
    from edc_issuer.issue import PROFILES, Issuer, check_level, level_of
    from edc_issuer.keys import open_signer
    from edc_issuer.keys.files import PRIVATE, write_atomically
    from edc_issuer.record import CredentialRecord
    from edc_issuer.status import StatusBook

    row = PROFILES[known_profile(profile)]
    picture = _picture(bake, row.format.id) if bake else b""
    asked = known_level(level) if level else None
    outside = Authorities.named(tsa, allow_private)
    check_level(row, asked, has_authority=bool(outside.tsa))
    read = CredentialRecord.from_json(read_file(record))
    messages = Messages(system_language())
    for sentence in outside.told(level_of(row, asked), messages):
        say(sentence)
    door = outside.door()
    with open_signer(
        key, secret=secret_from(key_secret_env), algorithm=algorithm
    ) as signer:
        issuer = Issuer(
            profile=row,
            signer=signer,
            level=asked,
            timestamper=outside.timestamper(door),
            fetcher=door,
            id_secret=id_secret_from(id_secret),
            files=files,
            language=language,
            options=seal_options(layout) | suite_options(profile, cryptosuite),
            status=StatusBook.open(known_book(status)) if status else None,
            suspension=suspension,
        )
        issued = issuer.issue(read)
        notices = [*map(messages.problem, (*signer.notes, *issued.notices))]
    target = out / issued.filename
    # A corrected credential has the name of the one that it replaces.
    keep_credentials([target], credential_id=issued.credential.get("id"), sealed=True)
    write_atomically(target, issued.data, mode=PRIVATE)
    baked = _baked(issued.data, picture, target)
    if as_json:
        more = {"picture": str(baked)} if baked else {}
        put(_result(issued, target, notices) | more)
        return
    show(str(target))
    if baked:
        show(str(baked))
    for notice in (*notices, *_stays_behind(issued.mapping)):
        say(notice)


def _picture(file: Path, format_id: str) -> bytes:
    """The picture that a badge goes into; refused before anything is signed."""
    from edc_issuer.carriers import carrier_of, is_baked

    if format_id == "jades":
        raise typer.BadParameter("--bake is for badges; an EDC has its own pages")
    picture = read_file(file)
    if carrier_of(picture) is None:
        raise typer.BadParameter(f"{file}: neither a PNG nor an SVG picture")
    if is_baked(picture):
        raise typer.BadParameter(f"{file} holds a badge already; take an empty picture")
    return picture


def _baked(data: bytes, picture: bytes, target: Path) -> Path | None:
    from edc_issuer.carriers import bake, carrier_of
    from edc_issuer.keys.files import PRIVATE, write_atomically

    if not picture:
        return None
    path = target.with_suffix(f".{carrier_of(picture)}")
    write_atomically(path, bake(picture, data), mode=PRIVATE)
    return path


def _result(issued: Issued, target: Path, notices: list[str]) -> dict[str, Any]:
    return {
        "file": str(target),
        "id": issued.credential["id"],
        "sha256": issued.sha256,
        "media_type": issued.media_type,
        "notices": notices,
        "not_expressed": [
            {"path": row.path, "kind": row.kind, "why": row.why}
            for row in issued.mapping.losses
        ],
    }


def _stays_behind(mapping: MappingReport) -> Iterator[str]:
    """One sentence on what the model could not say; nothing where it said all."""
    kinds = Counter(row.kind for row in mapping.losses)
    if kinds:
        yield Messages(system_language()).text(
            "cli.stays_behind",
            fields=len(mapping.fields),
            partial=kinds["partial"],
            lost=kinds["lost"],
        )

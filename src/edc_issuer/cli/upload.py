"""`edc-issuer export-upload`: awards for the Commission's own issuer."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.common import language_from, put_files, say
from edc_issuer.cli.options import Columns, Lang, Organisations, ResultAsJson, RowFiles
from edc_issuer.cli.rows import read, sentences, told
from edc_issuer.errors import Problem, RecordError

if TYPE_CHECKING:
    from edc_issuer.models.base import Media
    from edc_issuer.record import CredentialRecord
    from edc_issuer.sources import Entry


def export_upload(
    rows: Annotated[
        list[Path],
        typer.Argument(help="Sheets, records or transcripts, as `batch` reads them."),
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for the files; it is made if missing.")
    ],
    address: Annotated[
        list[str] | None,
        typer.Option(
            help="E-mail or wallet address (at most two; default: the learner's)."
        ),
    ] = None,
    columns: Columns = None,
    organisations: Organisations = None,
    files: RowFiles = None,
    lang: Lang = None,
    as_json: ResultAsJson = False,
) -> None:
    """Write one upload file an award, for the Commission's own web issuer.

    Nothing is sealed here, and their issuer replaces the id of each credential. Exit
    code 1 where an award could not be written.
    """
    from edc_issuer.keys.files import PRIVATE, write_atomically
    from edc_issuer.messages import Messages

    messages = Messages(language_from(lang))
    written: list[Path] = []
    failed = False
    found = read(rows, columns=columns, organisations=organisations)
    for entry in sentences(found, messages):
        try:
            name, text = _upload(entry, address, files or _folder(rows))
        except _Refused as refused:
            failed = True
            for line in told(entry, messages, refused.problems):
                say(line)
            continue
        path = out / name
        write_atomically(path, text.encode(), mode=PRIVATE)
        written.append(path)
    put_files(written, as_json=as_json)
    raise typer.Exit(1 if failed else 0)


class _Refused(Exception):
    """Why an award has no file, beside what is wrong with its row."""

    def __init__(self, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems


def _folder(rows: list[Path]) -> Path:
    return rows[0] if rows[0].is_dir() else rows[0].parent


def _upload(entry: Entry, addresses: list[str] | None, folder: Path) -> tuple[str, str]:
    from edc_issuer.models.elm.upload import export_upload as export

    record = entry.record
    if record is None:
        raise _Refused
    try:
        upload = export(
            record,
            at=datetime.now(UTC),
            addresses=addresses,
            files=_attachments(record, folder),
        )
    except RecordError as error:
        raise _Refused(error.problems) from None
    safe = re.sub(r"[^\w.-]+", "-", record.record_id).strip("-.") or "credential"
    return f"{safe}.upload.json", json.dumps(upload, ensure_ascii=False, indent=1)


def _attachments(record: CredentialRecord, folder: Path) -> dict[str, Media]:
    from edc_issuer.files import read_files
    from edc_issuer.models.base import Media

    contents = read_files(record, folder)
    types = {one.path: one.media_type for one in record.attachments if one.path}
    document = record.mandate.document if record.mandate else None
    if document is not None:
        types[document.path] = document.media_type or "application/pdf"
    return {path: Media(types[path], contents[path]) for path in types}

"""`edc-issuer export-programme`: what a school offers, for Europass and registers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import STDIN, put, read_file, say, show

if TYPE_CHECKING:
    from edc_issuer.models.base import MappingReport


def export_programme(
    programme: Annotated[
        Path, typer.Argument(help="A programme as JSON (document_type: programme).")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the file here (default: standard output)."),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Which fields could not be said, as JSON."),
    ] = False,
) -> None:
    """Write a programme as a learning opportunity (ELM 3.2, JSON-LD).

    Made for Europass and registers of providers: the same words as the credentials
    that follow. Exit code 1 where the programme lacks something.
    """
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.models.opportunity import opportunity
    from edc_issuer.record import ProgrammeDocument

    document = ProgrammeDocument.from_json(read_file(programme))
    built = opportunity(document)
    text = json.dumps(built.credential, ensure_ascii=False, indent=1) + "\n"
    if out is not None:
        if out.exists() and programme != STDIN and out.samefile(programme):
            raise typer.BadParameter(f"{out} is the programme that is exported")
        write_atomically(out, text.encode())
    if as_json:
        put({"opportunity": built.credential, **_told(built.mapping)})
    elif out is None:
        put(built.credential)
    else:
        show(str(out))
    kinds = Counter(row.kind for row in built.mapping.losses)
    if kinds and not as_json:
        say(
            f"Of {len(built.mapping.fields)} fields of the programme "
            f"{kinds['partial']} were expressed in part and {kinds['lost']} not at "
            "all; --json says which and why."
        )


def _told(mapping: MappingReport) -> dict[str, Any]:
    return {
        "not_expressed": [
            {"path": row.path, "kind": row.kind, "why": row.why}
            for row in mapping.losses
        ]
    }

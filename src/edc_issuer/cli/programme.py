"""`edc-issuer export-programme`: what a school offers, for Europass and registers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import (
    keep_credentials,
    keep_inputs,
    put,
    read_file,
    say,
    show,
)

if TYPE_CHECKING:
    from edc_issuer.models.base import MappingReport


class Form(StrEnum):
    """How the same statements are written."""

    JSON_LD = "json-ld"
    N_TRIPLES = "n-triples"


def export_programme(
    programme: Annotated[
        Path, typer.Argument(help="A programme as JSON (document_type: programme).")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the file here (default: standard output)."),
    ] = None,
    form: Annotated[
        Form, typer.Option("--as", help="json-ld, or n-triples for RDF databases.")
    ] = Form.JSON_LD,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Which fields could not be said, as JSON."),
    ] = False,
) -> None:
    """Write a programme as a learning opportunity (ELM 3.2).

    Made for Europass and registers of providers: the same words as the credentials
    that follow. Exit code 1 where the programme lacks something.
    """
    from edc_issuer.keys.files import write_atomically
    from edc_issuer.models.opportunity import opportunity
    from edc_issuer.record import ProgrammeDocument

    document = ProgrammeDocument.from_json(read_file(programme))
    built = opportunity(document)
    if out is not None:
        keep_inputs([out], [programme])
        keep_credentials([out])
        write_atomically(out, _written(built.credential, form))
    if as_json:
        put({"opportunity": built.credential, **_told(built.mapping)})
    elif out is not None:
        show(str(out))
    elif form is Form.JSON_LD:
        put(built.credential)
    else:
        typer.echo(_written(built.credential, form), nl=False)
    kinds = Counter(row.kind for row in built.mapping.losses)
    if kinds and not as_json:
        say(
            f"Of {len(built.mapping.fields)} fields of the programme "
            f"{kinds['partial']} were expressed in part and {kinds['lost']} not at "
            "all; --json says which and why."
        )


def _written(opportunity: Mapping[str, Any], form: Form) -> bytes:
    """The file; N-Triples are what RDF tools read without any context."""
    from edc_issuer.canonical import canonicalize
    from edc_issuer.documents import BUNDLED

    if form is Form.N_TRIPLES:
        return canonicalize(opportunity, documents=BUNDLED).nquads
    text = json.dumps(opportunity, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _told(mapping: MappingReport) -> dict[str, Any]:
    return {
        "not_expressed": [
            {"path": row.path, "kind": row.kind, "why": row.why}
            for row in mapping.losses
        ]
    }

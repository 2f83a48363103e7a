"""The command line: parse, call one function, print.

Results go to stdout, talk to stderr; what prints no JSON anyway has `--json`.
Commands import what they need when they run, so that `--help` and a short `verify`
stay quick.
"""

from __future__ import annotations

import os
import sys
import warnings

import typer

from edc_issuer.cli import (
    bake,
    batch,
    check,
    convert,
    demo,
    derive,
    extend,
    issue,
    keys,
    matrix,
    programme,
    rows,
    serve,
    stack,
    status,
    summary,
    template,
    trust,
    twins,
    upload,
    verify,
)
from edc_issuer.cli.common import say
from edc_issuer.cli.refusals import why_stopped
from edc_issuer.errors import EdcError, RecordError
from edc_issuer.messages import Messages, system_language

app = typer.Typer(
    name="edc-issuer",
    help="Issue and verify European Digital Credentials and Open Badges.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.command("issue")(issue.issue)
app.command("batch")(batch.batch)
app.command("extend")(extend.extend)
app.command("renew")(extend.renew)
app.command("verify")(verify.verify)
app.command("check")(check.check)
app.command("inspect")(check.inspect)
app.command("schema")(check.schema)
app.command("summary")(summary.summary)
app.command("export-programme")(programme.export_programme)
app.command("stack")(stack.stack)
app.command("rows")(rows.rows)
app.command("matrix")(matrix.matrix)
app.command("template")(template.template)
app.command("export-upload")(upload.export_upload)
app.command("convert")(convert.convert)
app.command("compare")(convert.compare)
app.command("explain")(convert.explain)
app.command("twins")(twins.twins)
app.command("derive")(derive.derive)
app.command("bake")(bake.bake)
app.command("unbake")(bake.unbake)
app.command("serve")(serve.serve)
app.command("supersede")(status.supersede)
app.command("demo")(demo.demo)
app.add_typer(keys.app, name="key")
app.add_typer(trust.app, name="trust")
app.add_typer(status.app, name="status")

USAGE, BUG = 2, 70


def main() -> None:
    """Run one command; errors become sentences, never tracebacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # a cp1250 or cp437 console must not make a report fail
            reconfigure(errors="replace")
    # Odd certificates are judged in the report; a warning on stderr helps nobody.
    warnings.simplefilter("ignore")
    try:
        app()
    except EdcError as error:
        say(why_stopped(error, Messages(system_language())))
        sys.exit(1 if isinstance(error, RecordError) else USAGE)
    except Exception as error:
        if os.environ.get("EDC_DEBUG"):
            raise
        say(
            f"This is a bug in edc-issuer ({type(error).__name__}). Nothing was "
            "decided. Run again with EDC_DEBUG=1 and report what it prints."
        )
        sys.exit(BUG)

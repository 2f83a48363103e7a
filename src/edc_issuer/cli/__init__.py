"""The command line: parse, call one function, print.

Results go to stdout, talk to stderr; what prints no JSON anyway has `--json`.
Commands import what they need when they run, so that `--help` and a short `verify`
stay quick.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator

import typer

from edc_issuer.cli import (
    bake,
    batch,
    check,
    convert,
    demo,
    extend,
    issue,
    keys,
    matrix,
    programme,
    rows,
    stack,
    summary,
    template,
    trust,
    twins,
    upload,
    verify,
)
from edc_issuer.cli.common import say
from edc_issuer.errors import EdcError, NoTimestamp, Problem, RecordError
from edc_issuer.messages import Messages, neutral, system_language

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
app.command("bake")(bake.bake)
app.command("unbake")(bake.unbake)
app.command("demo")(demo.demo)
app.add_typer(keys.app, name="key")
app.add_typer(trust.app, name="trust")

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
        say(_sentence(error))
        sys.exit(1 if isinstance(error, RecordError) else USAGE)
    except Exception as error:
        if os.environ.get("EDC_DEBUG"):
            raise
        say(
            f"This is a bug in edc-issuer ({type(error).__name__}). Nothing was "
            "decided. Run again with EDC_DEBUG=1 and report what it prints."
        )
        sys.exit(BUG)


def _sentence(error: EdcError) -> str:
    if isinstance(error, RecordError):
        messages = Messages(system_language())
        lines = [f"  {_line(problem, messages)}" for problem in error.problems]
        return "\n".join([messages.text("cli.not_issued"), *lines])
    unanswered = list(_unanswered(error))
    if unanswered:
        messages = Messages(system_language())
        key = "cli.no_timestamp"
        if not isinstance(error, NoTimestamp):
            key = "cli.no_revocation"
        lines = [f"  {neutral(line)}" for line in unanswered]
        later = messages.text("cli.ask_later")
        return "\n".join([messages.text(key), *lines, later])
    return str(error)


def _unanswered(error: EdcError) -> Iterator[str]:
    """Who was asked in vain, and what each of them said."""
    from edc_issuer.trust.collect import RevocationMissing

    if isinstance(error, NoTimestamp):
        yield from (f"{url}: {why}" for url, why in error.answers)
    elif isinstance(error, RevocationMissing):
        yield from map(str, error.problems)


def _line(problem: Problem, messages: Messages) -> str:
    said = messages.problem(problem)
    return f"{problem.path}: {said}" if problem.path else said

"""`edc-issuer verify`: what is proved about a file, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edc_issuer.cli.common import parse_time, put, read_file

MAX_FILES = 100_000


def verify(
    files: Annotated[
        list[Path], typer.Argument(help="Files or folders; - is standard input.")
    ],
    trust: Annotated[
        Path | None, typer.Option(help="Whom you trust (a folder; see `trust show`).")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="As of this date or RFC 3339 time.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="en or sl.")] = None,
    contexts: Annotated[
        Path | None, typer.Option(help="Folder of further pinned JSON-LD contexts.")
    ] = None,
    allow_test: Annotated[
        bool, typer.Option(help="Exit 0 also where only test trust vouches.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Reports as JSON.")] = False,
) -> None:
    """Verify credential files. Exit code: 0 passed, 1 failed, 3 not confirmed."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.messages import system_language
    from edc_issuer.report import exit_code
    from edc_issuer.report_text import to_line
    from edc_issuer.trust import Trust, default_directory
    from edc_issuer.verify import Verifier

    now = datetime.now(UTC)
    directory = trust or default_directory()
    verifier = Verifier(
        trust=Trust.load(directory) if trust or directory.is_dir() else Trust(),
        documents=BUNDLED.with_directory(contexts) if contexts else BUNDLED,
    )
    moment = parse_time(at, now=now)
    paths = list(_expand(files))
    reports = [(path, verifier.verify(read_file(path), at=moment)) for path in paths]
    language = lang or system_language()
    if as_json:
        answers = [report.to_dict(name=path.name) for path, report in reports]
        put(answers[0] if _is_single(files) else answers)
    elif _is_single(files):
        path, report = reports[0]
        print(report.to_text(language=language, verbose=verbose, name=path.name))
    else:
        for path, report in reports:
            print(to_line(report, language=language, name=path.name))
    raise typer.Exit(exit_code([r for _, r in reports], allow_test=allow_test))


def _is_single(files: list[Path]) -> bool:
    return len(files) == 1 and not files[0].is_dir()


def _expand(files: list[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(entry for entry in path.iterdir() if entry.is_file())
        else:
            yield path

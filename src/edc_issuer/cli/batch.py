"""`edc-issuer batch`: a list of awards, a folder of signed files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edc_issuer.cli.authorities import Authorities, known_level
from edc_issuer.cli.batch_places import Places, folder_of, sheets_of
from edc_issuer.cli.batch_voice import Counting, Voice
from edc_issuer.cli.common import language_from, read_file
from edc_issuer.cli.options import (
    KEY_HELP,
    Algorithm,
    AllowPrivate,
    AsProfile,
    BadgeLanguage,
    Columns,
    Cryptosuite,
    IdSecret,
    KeySecretEnv,
    Lang,
    Layout,
    Organisations,
    ResultAsJson,
    RowFiles,
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
from edc_issuer.errors import ConfigError, EdcError, RecordError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from edc_issuer.batch.journal import Journal
    from edc_issuer.batch.plan import Plan
    from edc_issuer.batch.running import Done
    from edc_issuer.batch.session import DryRun
    from edc_issuer.batch.spec import IssuerSpec
    from edc_issuer.sources import Entry

USAGE = 2
SINGLE = 10  # records between two lines of the journal where one process works
INTERRUPTED = 130  # what a shell expects of a command that was stopped by Ctrl-C


def batch(
    rows: Annotated[
        list[Path],
        typer.Argument(help="The list: a spreadsheet, CSV, or JSON Lines of records."),
    ],
    profile: AsProfile,
    key: Annotated[
        str | None, typer.Option(help=f"{KEY_HELP} A dry run needs none.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the files; it is made if missing."),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(
            help="File that remembers what was issued; keep it for the next run."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look through all rows, issue nothing.")
    ] = False,
    level: SealLevel = None,
    tsa: Tsa = None,
    allow_private: AllowPrivate = None,
    workers: Annotated[
        int, typer.Option(min=1, max=256, help="Processes that issue side by side.")
    ] = 1,
    columns: Columns = None,
    organisations: Organisations = None,
    files: RowFiles = None,
    names: Annotated[
        bool,
        typer.Option(
            "--names", help="Put the learner's name into the name of each file."
        ),
    ] = False,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Draw the pages in a dry run too.")
    ] = False,
    summary: Annotated[
        Path | None,
        typer.Option(
            help="Table of what became of each row (default: beside the journal)."
        ),
    ] = None,
    key_secret_env: KeySecretEnv = None,
    language: BadgeLanguage = None,
    algorithm: Algorithm = None,
    layout: Layout = None,
    cryptosuite: Cryptosuite = None,
    id_secret: IdSecret = None,
    status: Status = None,
    suspension: Suspension = False,
    lang: Lang = None,
    as_json: ResultAsJson = False,
) -> None:
    """Issue a credential for every row; run it again to go on where it stopped.

    All faults of all rows are shown before the first credential is issued; rows
    with faults never stop the others. Exit code 0: everything is issued; 1: some
    rows were rejected, or an authority did not answer; 2: nothing could start; 130:
    stopped by Ctrl-C.
    """
    from edc_issuer.batch.pool import rare_collection

    known_profile(profile)
    if level:
        known_level(level)
    voice = Voice(language_from(lang), several=len(rows) > 1, as_json=as_json)
    request = Request(
        rows=tuple(rows),
        profile=profile,
        columns=columns,
        organisations=organisations,
        files=files or folder_of(rows[0]),
        workers=workers,
        names=names,
        language=language,
        id_secret=id_secret,
    )
    try:
        with rare_collection():
            if dry_run:
                code = _dry_run(request, journal, out, voice, pictures=pictures)
            else:
                sealing = Sealing(
                    key,
                    key_secret_env,
                    algorithm,
                    seal_options(layout) | suite_options(profile, cryptosuite),
                    level,
                    Authorities.named(tsa, allow_private),
                    known_book(status) if status else None,
                    suspension,
                )
                spec = sealing.spec(request)
                voice.asks(sealing.outside, spec)
                places = Places.named(journal, out, summary)
                code = _issue(request, spec, places, voice)
    except KeyboardInterrupt:  # while the rows were looked through
        voice.stopped({})
        code = INTERRUPTED
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line says about rows and how they are issued."""

    rows: tuple[Path, ...]
    profile: str
    columns: Path | None
    organisations: Path | None
    files: Path
    workers: int
    names: bool
    language: str | None
    id_secret: Path | None

    def files_read(self) -> Iterator[Path]:
        """The files that a run reads, some of which may not be there."""
        yield from sheets_of(self.rows)
        for path in (self.columns, self.organisations, self.id_secret):
            if path is not None:
                yield path

    def entries(self, voice: Voice) -> Iterator[Entry]:
        """The rows as they come out of their files; nothing starts without them."""
        from edc_issuer.columns import own_columns
        from edc_issuer.sources import read_entries

        own = own_columns(read_file(self.columns)) if self.columns else None
        try:
            yield from read_entries(
                self.rows,
                columns=own,
                organisations=self.organisations,
            )
        except RecordError as error:
            raise ConfigError(voice.unreadable(error)) from error


def _dry_run(
    request: Request,
    journal: Path | None,
    out: Path | None,
    voice: Voice,
    *,
    pictures: bool,
) -> int:
    from edc_issuer.batch.session import DryRun

    with ExitStack() as stack:
        look = DryRun(
            request.profile,
            files=request.files,
            language=request.language,
            id_secret=id_secret_from(request.id_secret),
            draw=pictures,
        )
        executor = _pool(request.workers, stack)
        kept = _known_journal(request, look, journal, out, stack)
        counting = stack.enter_context(Counting(voice, "batch.looking"))
        plan = look.survey(
            counting.through(request.entries(voice)),
            voice.tell,
            journal=kept,
            executor=executor,
        )
    _some(plan)
    voice.surveyed(plan.counts, dry=True)
    return 1 if plan.counts.rejected or plan.counts.refused else 0


def _issue(request: Request, spec: IssuerSpec, places: Places, voice: Voice) -> int:
    from edc_issuer.batch.running import Unanswered
    from edc_issuer.batch.session import session
    from edc_issuer.keys.local import key_file

    places.spare([key_file(spec.key), *request.files_read()])
    with ExitStack() as stack:
        begun = stack.enter_context(
            session(
                spec,
                journal=places.journal,
                out=places.out,
                executor=_pool(request.workers, stack),
                names=request.names,
            )
        )
        voice.notes(begun.facts.notes)
        with Counting(voice, "batch.looking") as counting:
            plan = begun.survey(counting.through(request.entries(voice)), voice.tell)
        _some(plan)
        voice.surveyed(plan.counts, dry=False)
        tally: Counter[str] = Counter()
        try:
            done = begun.run(plan.items(), chunk=_chunk(plan, request.workers))
            _count(done, plan.counts.rows, tally, places.summary, voice)
        except KeyboardInterrupt:
            voice.stopped(tally)
            return INTERRUPTED
        except Unanswered as error:
            voice.unanswered(error, tally)
            return 1
        except EdcError as error:
            voice.broken(error, tally)
            return 1 if tally["issued"] else USAGE
    voice.finished(tally, places.summary, places.out)
    return 1 if tally["rejected"] or tally["refused"] else 0


def _count(
    done: Iterator[Done], rows: int, tally: Counter[str], summary: Path, voice: Voice
) -> None:
    """Let it be done, and write down what became of each row."""
    from edc_issuer.batch.summary import Summary, status_of

    with (
        Summary(summary, voice.reason) as table,
        Counting(voice, "batch.issuing") as counting,
    ):
        for one in counting.through(done, total=rows):
            table.add(one)
            tally[status_of(one)] += 1
            voice.heard(one)


def _some(plan: Plan) -> None:
    if not plan.counts.rows:
        raise ConfigError("the list has no rows; nothing was issued")


def _pool(workers: int, stack: ExitStack) -> Executor | None:
    from edc_issuer.batch.pool import pool

    return stack.enter_context(pool(workers)) if workers > 1 else None


def _chunk(plan: Plan, workers: int) -> int:
    """Records of one task: small enough that all workers have some to the end."""
    from edc_issuer.batch.running import CHUNK

    if workers == 1:
        return SINGLE
    return max(1, min(CHUNK, ceil(plan.counts.ready / (4 * workers))))


def _known_journal(
    request: Request,
    look: DryRun,
    journal: Path | None,
    out: Path | None,
    stack: ExitStack,
) -> Journal | None:
    """The journal of earlier runs, only read, where there is one."""
    from edc_issuer.batch.journal import Journal
    from edc_issuer.batch.session import header

    if journal is None or not journal.exists():
        return None
    about = header(
        request.profile,
        language=request.language,
        names=request.names,
        out=out or journal.parent,
        journal=journal,
        id_secret=look.id_secret,
    )
    ignored = () if out else ("out",)
    return stack.enter_context(Journal.look(journal, about, ignored=ignored))


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the command line says about key and level."""

    key: str | None
    secret_env: str | None
    algorithm: str | None
    options: dict[str, str]
    level: str | None
    outside: Authorities
    status: str | None = None
    suspension: bool = False

    def spec(self, request: Request) -> IssuerSpec:
        """All that is needed to issue, as workers can open it."""
        from edc_issuer.batch.spec import IssuerSpec, SecretRef

        if self.key is None:
            raise typer.BadParameter("--key is missing; only a --dry-run needs none")
        asked = SecretRef.prompt() if request.workers == 1 else None
        hidden = request.id_secret
        return IssuerSpec(
            request.profile,
            self.key,
            secret=SecretRef.env(self.secret_env) if self.secret_env else asked,
            algorithm=self.algorithm,
            level=known_level(self.level) if self.level else None,
            tsa=self.outside.tsa,
            private_hosts=self.outside.private_hosts,
            id_secret=SecretRef.file(hidden) if hidden else None,
            files=request.files,
            language=request.language,
            options=self.options,
            status=self.status,
            suspension=self.suspension,
        )

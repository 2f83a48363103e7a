"""One run over a list: the key is tried and the journal held before row 1.

`issue_all` issues as it reads; the command line first looks through all rows with
`Session.survey`, shows every fault, and then issues what it kept.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from edc_issuer.batch.index import Index
from edc_issuer.batch.journal import Header, Journal
from edc_issuer.batch.lock import held
from edc_issuer.batch.placing import Folder
from edc_issuer.batch.plan import Plan, new_spool, survey
from edc_issuer.batch.preparing import Item, Preparing
from edc_issuer.batch.running import AHEAD, CHUNK, Done, Inline, run
from edc_issuer.batch.spec import Held, IssuerSpec, Opens
from edc_issuer.batch.working import KeyFacts, Looking, probe
from edc_issuer.errors import ConfigError
from edc_issuer.issue import PROFILES
from edc_issuer.record import CredentialRecord
from edc_issuer.sources import Entry

Entries = Iterable[Entry | CredentialRecord]


def issue_all(
    spec: IssuerSpec,
    entries: Entries,
    *,
    journal: Path,
    out: Path,
    executor: Executor | None = None,
    names: bool = False,
    chunk: int = CHUNK,
    ahead: int = AHEAD,
) -> Iterator[Done]:
    """Issue every record into `out`; one result for each entry, in their order.

    Without an `executor` all is done here. With one (a process pool, the executor
    of a dask cluster) `chunk` records go to a worker at a time, and `ahead` chunks
    are on their way. Learners' names stand in file names only with `names`.

    Run again with the same journal, it goes on where it was stopped; what was
    issued is not issued again. Raises `ConfigError` before the first result where
    nothing could start, and `Unanswered` between two results where no timestamp or no
    revocation answer could be had; nothing happens before the first is asked for.
    """
    with session(
        spec, journal=journal, out=out, executor=executor, names=names
    ) as begun:
        items = begun.items(entries)
        yield from begun.run(items, chunk=chunk, ahead=ahead)


@contextmanager
def session(
    spec: IssuerSpec,
    *,
    journal: Path,
    out: Path,
    executor: Executor | None = None,
    names: bool = False,
) -> Iterator[Session]:
    """Everything that a run needs, tried and open; `ConfigError` says what is not."""
    with ExitStack() as stack:
        source = _source(spec, executor, stack)
        facts = (executor or Inline()).submit(probe, source).result()
        hidden = spec.hiding_secret()
        about = header(
            spec.profile,
            language=spec.language,
            names=names,
            out=out,
            journal=journal,
            id_secret=hidden,
        )
        kept = stack.enter_context(Journal.open(journal, about, key=facts.fingerprint))
        preparing = Preparing(
            PROFILES[spec.profile],
            id_secret=hidden,
            language=spec.language,
            names=names,
            journal=kept,
            seen=stack.enter_context(Index()),
        )
        stack.enter_context(held(out))
        folder = Folder(out, kept.id)
        folder.prepare()
        yield Session(spec, source, facts, kept, folder, executor, preparing, stack)


@dataclass(frozen=True, slots=True)
class Session:
    """A run that has begun: `facts` about its key, `journal` locked for it."""

    spec: IssuerSpec
    source: Opens
    facts: KeyFacts
    journal: Journal
    folder: Folder
    executor: Executor | None
    preparing: Preparing
    stack: ExitStack

    def items(self, entries: Entries) -> Iterator[Item]:
        """The entries with what is known of each."""
        return self.preparing.items(entries)

    def survey(
        self,
        entries: Entries,
        tell: Callable[[Item], None],
        *,
        chunk: int = CHUNK,
        ahead: int = AHEAD,
    ) -> Plan:
        """Look through all rows and keep them; `tell` is called with those at fault."""
        return survey(
            self.items(entries),
            Looking(
                self.spec.profile, self.spec.files, self.spec.language, self.source
            ),
            tell=tell,
            executor=self.executor,
            spool=new_spool(self.journal.path.parent, self.stack),
            chunk=chunk,
            ahead=ahead,
        )

    def run(
        self, items: Iterable[Item], *, chunk: int = CHUNK, ahead: int = AHEAD
    ) -> Iterator[Done]:
        """Issue what is work among the items."""
        return run(
            items,
            self.source,
            journal=self.journal,
            folder=self.folder,
            executor=self.executor or Inline(),
            chunk=chunk,
            ahead=ahead,
        )


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a dry run looks at: no key, no journal unless there is one already."""

    profile: str
    files: Path | None = None
    language: str | None = None
    id_secret: bytes | None = None
    draw: bool = False

    def survey(
        self,
        entries: Entries,
        tell: Callable[[Item], None],
        *,
        journal: Journal | None = None,
        executor: Executor | None = None,
        chunk: int = CHUNK,
        ahead: int = AHEAD,
    ) -> Plan:
        """Look through all rows, issue nothing, keep nothing."""
        with Index() as seen:
            preparing = Preparing(
                PROFILES[self.profile],
                id_secret=self.id_secret,
                language=self.language,
                names=False,
                journal=journal,
                seen=seen,
                pickled=executor is not None,
            )
            return survey(
                preparing.items(entries),
                Looking(self.profile, self.files, self.language, draw=self.draw),
                tell=tell,
                executor=executor,
                chunk=chunk,
                ahead=ahead,
            )


def header(
    profile: str,
    *,
    language: str | None,
    names: bool,
    out: Path,
    journal: Path,
    id_secret: bytes | None,
) -> Header:
    """What the journal of such a run says about it."""
    return Header(
        profile=profile,
        language=language,
        names=names,
        out=_from(journal.parent, out),
        id_secret=_fingerprint(id_secret) if id_secret else None,
    )


def _fingerprint(secret: bytes) -> str:
    return hmac.digest(secret, b"edc-issuer journal", "sha256").hex()[:32]


def _from(here: Path, there: Path) -> str:
    # Not `resolve`, which stops at links that lead in a circle.
    there, here = Path(os.path.realpath(there)), Path(os.path.realpath(here))
    try:
        return Path(os.path.relpath(there, here)).as_posix()
    except ValueError:  # another drive of Windows
        return there.as_posix()


def _source(spec: IssuerSpec, executor: Executor | None, stack: ExitStack) -> Opens:
    """What workers open: the spec itself, or here an issuer that is open already."""
    if executor is None:
        return Held(stack.enter_context(spec.open()))
    if spec.asks:
        raise ConfigError(
            "several workers cannot be asked for a password; put it into an "
            "environment variable or an owner-only file, or work with one worker"
        )
    return spec

"""`edc-issuer verify`: what is proved about a file, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edc_issuer.cli.common import (
    STDIN,
    files_in,
    language_from,
    parse_time,
    put,
    read_file,
    say,
    show,
)
from edc_issuer.cli.options import Lang
from edc_issuer.errors import ConfigError
from edc_issuer.messages import Messages
from edc_issuer.report import GOOD, Outcome, Report, exit_code
from edc_issuer.report_text import to_line

if TYPE_CHECKING:
    from edc_issuer.fetch import Fetcher
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

USAGE = 2
WORST_FIRST = (1, USAGE, 3, 0)  # a FAILED file matters more than an unreadable one


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Files or folders (JSON, JWT, a picture with a badge in it); - is "
            "standard input."
        ),
    ],
    trust: Annotated[
        Path | None,
        typer.Option(
            help="Folder that says whom you trust (default: the one that "
            "`edc-issuer trust show` prints)."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            help="Judge as of this date (2026-05-31) or RFC 3339 time "
            "(2026-05-31T12:00:00Z)."
        ),
    ] = None,
    existed_by: Annotated[
        str | None,
        typer.Option(
            help="Your own word that the file existed then (a date or an RFC 3339 "
            "time), because you have had it since; the report says that it is yours."
        ),
    ] = None,
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            help="A list of withdrawn certificates (CRL), an OCSP answer, a "
            "certificate, a status list, or a mandator's sealed statement; each "
            "counts by its own signature."
        ),
    ] = None,
    challenge: Annotated[
        str | None,
        typer.Option(
            help="What you asked the holder to sign; with --domain it shows who hands "
            "a presentation over, to you and now."
        ),
    ] = None,
    domain: Annotated[
        str | None, typer.Option(help="As whom you asked for the presentation.")
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option(
            help="Whom the credential should be about (an e-mail address, a DID, a "
            "number); compared with what it says, also where that is hashed."
        ),
    ] = None,
    accreditation: Annotated[
        Path | None,
        typer.Option(
            help="JSON of accreditations that you got from who grants them (besides "
            "accreditations.json of the trust folder)."
        ),
    ] = None,
    lang: Lang = None,
    contexts: Annotated[
        Path | None, typer.Option(help="Folder of further pinned JSON-LD contexts.")
    ] = None,
    online: Annotated[
        bool,
        typer.Option(
            "--online",
            help="Ask the authorities you trust whether a seal was withdrawn (they "
            "learn the number of its certificate, not the person), and fetch the keys "
            "and status lists of a badge from its issuer (who learns that somebody "
            "checks one).",
        ),
    ] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="With --online: the only hosts to ask."),
    ] = None,
    allow_private: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST", help="With --online: a host of your own inner network."
        ),
    ] = None,
    allow_test: Annotated[
        bool,
        typer.Option("--allow-test", help="Exit 0 also where only test trust vouches."),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="All 17 questions, with their details."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Reports as JSON.")] = False,
) -> None:
    """Verify credential files. Exit code: 0 passed, 1 failed, 3 not confirmed."""
    from edc_issuer.documents import BUNDLED
    from edc_issuer.fetch import CLOSED
    from edc_issuer.trust import Trust
    from edc_issuer.verify import Verifier

    language = language_from(lang)
    now = datetime.now(UTC)
    believed = Trust.load(trust) if trust else Trust.default()
    if accreditation is not None:
        believed = _with_accreditations(believed, accreditation)
    verifier = Verifier(
        trust=believed,
        fetcher=_door(allow, allow_private) if online else CLOSED,
        documents=BUNDLED.with_directory(contexts) if contexts else BUNDLED,
    )
    run = _Run(
        verifier,
        parse_time(at, now=now),
        language,
        as_json=as_json,
        allow_test=allow_test,
        trust_option=str(trust) if trust else None,
        existed_by=parse_time(existed_by, now=now, option="--existed-by"),
        challenge=challenge,
        domain=domain,
        recipient=recipient,
        evidence=tuple(map(_evidence, evidence or ())),
    )
    if len(files) == 1 and not files[0].is_dir():
        raise typer.Exit(run.one(files[0], verbose=verbose))
    raise typer.Exit(run.several(files))


def _with_accreditations(trust: Trust, path: Path) -> Trust:
    from edc_issuer.trust.accreditation import Accreditations

    given = Accreditations.load(path)
    return replace(trust, accreditations=trust.accreditations + given)


def _door(allow: list[str] | None, allow_private: list[str] | None) -> Fetcher:
    from edc_issuer.fetch import Http

    return Http(allow_hosts=allow, private_hosts=allow_private or ())


def _evidence(path: Path) -> bytes:
    """What a file holds, if it can be evidence at all; `ConfigError` names the file."""
    from edc_issuer.keys.files import read_bounded
    from edc_issuer.trust.evidence import MAX_CRL, Evidence
    from edc_issuer.verify.statements import is_sealed
    from edc_issuer.verify.status_lists import is_status_list

    data = read_bounded(path, limit=MAX_CRL)
    try:
        if not is_sealed(data) and not is_status_list(data):
            Evidence.read(data)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return data


@dataclass(frozen=True, slots=True)
class _Run:
    """How the files of one command are judged and told."""

    verifier: Verifier
    at: datetime | None
    language: str
    as_json: bool
    allow_test: bool
    trust_option: str | None = None
    existed_by: datetime | None = None
    challenge: str | None = None
    domain: str | None = None
    recipient: str | None = None
    evidence: tuple[bytes, ...] = field(default=(), repr=False)

    def one(self, file: Path, *, verbose: bool) -> int:
        """Tell all about one file; returns the exit code."""
        report = self._report(read_file(file))
        name = None if file == STDIN else file.name
        if self.as_json:
            put(report.to_dict(name=name))
        else:
            told = report.to_text(
                language=self.language,
                verbose=verbose,
                name=name,
                directory=str(self.verifier.trust.directory or ""),
                option=self.trust_option,
            )
            show(told)
        return self._code(report)

    def several(self, files: list[Path]) -> int:
        """Tell the verdict on each file as it is reached; returns the worst code."""
        codes: set[int] = set()
        is_explained = True
        answers: list[dict[str, Any]] = []
        for path, report in self._reports(files):
            if report is None:
                codes.add(USAGE)
                continue
            codes.add(self._code(report))
            is_explained &= report.outcome is Outcome.PASSED
            if self.as_json:
                answers.append(report.to_dict(name=path.name))
            else:
                show(to_line(report, language=self.language, name=path.name))
        if self.as_json:
            put(answers)
        elif not is_explained:
            say(Messages(self.language).text("cli.verify.one", file="FILE"))
        return next(code for code in WORST_FIRST if code in codes)

    def _report(self, data: bytes) -> Report:
        return self.verifier.verify(
            data,
            at=self.at,
            evidence=self.evidence,
            existed_by=self.existed_by,
            holder=self.recipient,
            challenge=self.challenge,
            domain=self.domain,
        )

    def _code(self, report: Report) -> int:
        code = exit_code([report], allow_test=self.allow_test)
        asked = self.challenge is not None or self.domain is not None
        answered = report.check("credential.holder").status in GOOD
        # Whoever asked a holder is not told 0 where nobody answered.
        return 3 if code == 0 and asked and not answered else code

    def _reports(self, files: list[Path]) -> Iterator[tuple[Path, Report | None]]:
        """One report for each file; None where it could not be read."""
        for path in files_in(files):
            try:
                data = read_file(path)
            except typer.BadParameter as error:
                say(f"{error.message}; it was left out")
                yield path, None
            else:
                yield path, self._report(data)

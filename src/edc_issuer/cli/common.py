"""What several commands share: reading files, times, secrets, printing."""

from __future__ import annotations

import getpass
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

import typer

from edc_issuer.errors import ConfigError
from edc_issuer.messages import LANGUAGES, printable, spoken, system_language
from edc_issuer.strict_json import MAX_BYTES

STDIN = Path("-")
EASTERNMOST = timedelta(hours=14)  # where a day begins first: UTC+14
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def say(text: str) -> None:
    """Talk to the person, on stderr, in letters that the console has."""
    print(printable(text, _encoding(sys.stderr)), file=sys.stderr)


def show(text: str) -> None:
    """A result in words, on stdout, in letters that the console has."""
    print(printable(text, _encoding(sys.stdout)))


def put(value: Any) -> None:
    r"""A JSON result, on stdout; letters the console lacks are written `\u010d`."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if printable(text, _encoding(sys.stdout)) != text:
        text = json.dumps(value, indent=2)
    print(text)


def put_files(paths: Sequence[Path], *, as_json: bool) -> None:
    """The files that a command wrote: one a line, or as JSON."""
    if as_json:
        put({"files": [str(path) for path in paths]})
        return
    for path in paths:
        show(str(path))


def _encoding(stream: TextIO) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def language_from(tag: str | None) -> str:
    """The language of a report: the one asked for, else the system's."""
    if tag is None:
        return system_language()
    language = spoken(tag)
    if language is None:
        raise typer.BadParameter(f"--lang {tag}: choose {', '.join(LANGUAGES)}")
    return language


def read_file(path: Path) -> bytes:
    """At most one byte more than any format reads, from a regular file or stdin."""
    if path == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise typer.BadParameter(f"{path} is not a file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error


def files_in(files: Iterable[Path]) -> Iterator[Path]:
    """The files, and in the place of a folder those in it that are not hidden."""
    for path in files:
        if not path.is_dir():
            yield path
            continue
        try:
            entries = sorted(entry for entry in path.iterdir() if entry.is_file())
        except OSError as error:
            raise typer.BadParameter(f"{path}: {error.strerror}") from error
        shown = [entry for entry in entries if not entry.name.startswith(".")]
        if not shown:
            raise typer.BadParameter(f"{path}: no files in this folder")
        yield from shown


def keep_inputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that the command reads, by whichever name."""
    read = [path for path in inputs if path != STDIN and path.exists()]
    for out in outputs:
        if out.exists() and any(out.samefile(path) for path in read):
            raise typer.BadParameter(f"{out} is a file that this command reads")


def keep_credentials(
    outputs: Iterable[Path], *, credential_id: str | None = None, sealed: bool = False
) -> None:
    """Refuse to write over a credential that is not the one to be written.

    `credential_id` is that of the new one (None: it is no credential), `sealed`
    whether it bears a seal or signature: a draft never replaces what is sealed.
    """
    for out in outputs:
        held = _credential(out) if out.is_file() else None
        if held is None:
            continue
        name, is_sealed = held
        if name is None or name != credential_id or (is_sealed and not sealed):
            raise typer.BadParameter(
                f"{out} is a credential, and is kept; choose another name or folder"
            )


def _credential(path: Path) -> tuple[str | None, bool] | None:
    """Id of the credential in a file and whether it is sealed; None for no credential.

    Nothing is verified: what only claims to be sealed is kept as well.
    """
    from edc_issuer.documents import BUNDLED
    from edc_issuer.errors import InputError
    from edc_issuer.formats import open_any
    from edc_issuer.models import recognise
    from edc_issuer.strict_json import loads_object

    data = read_file(path)
    try:
        securing, envelope = open_any(data, documents=BUNDLED)
        proofs = envelope.proofs
        content: Any = (
            securing.covered(envelope, proofs[0]) if proofs else loads_object(data)
        )
    except InputError:
        return None
    known = isinstance(content, dict) and recognise(content) is not None
    if not known:
        return (None, True) if proofs else None
    name = content.get("id")
    return (name if isinstance(name, str) else None), bool(proofs)


def parse_time(
    text: str | None, *, now: datetime, option: str = "--at"
) -> datetime | None:
    """An RFC 3339 time with its zone, or a date (the end of that day in UTC).

    None where nothing was asked, and for today: what is known by now is the answer.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is neither a date (2026-05-31) nor a time with its zone "
            "(2026-05-31T12:00:00Z)"
        ) from error
    if _DATE.fullmatch(text):
        return _end_of_day(moment.replace(tzinfo=UTC), now=now, option=option)
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone; add Z or an offset")
    return moment.astimezone(UTC)


def _end_of_day(day: datetime, *, now: datetime, option: str) -> datetime | None:
    if day - EASTERNMOST > now:
        raise typer.BadParameter(f"{day:%Y-%m-%d} has not come yet; leave {option} out")
    end = datetime.combine(day.date(), time(23, 59, 59), UTC)
    return end if end < now else None


def secret_from(env: str | None) -> Callable[[str], str]:
    """Where a secret comes from: a named variable, else a prompt; never argv."""

    def ask(prompt: str) -> str:
        if env is not None:
            return _from_environment(env)
        if not sys.stdin.isatty():
            raise ConfigError(
                "a password is needed and nobody is there to ask; name the environment "
                "variable that holds it with --key-secret-env NAME"
            )
        return getpass.getpass(f"{prompt}: ")

    return ask


def _from_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError as error:
        raise ConfigError(
            f"the environment variable {name} is not set; put the key's password "
            "into it, or leave --key-secret-env out to be asked"
        ) from error

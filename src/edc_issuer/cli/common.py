"""What several commands share: reading files, times, secrets, printing."""

from __future__ import annotations

import getpass
import json
import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typer

from edc_issuer.errors import ConfigError
from edc_issuer.strict_json import MAX_BYTES


def say(text: str) -> None:
    """Talk to the person, on stderr."""
    print(text, file=sys.stderr)


def put(value: Any) -> None:
    """A JSON result, on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def read_file(path: Path) -> bytes:
    """At most one byte more than any format reads, from a regular file or stdin."""
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise typer.BadParameter(f"{path} is not a file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error


def parse_time(text: str | None, *, now: datetime) -> datetime | None:
    """An RFC 3339 time with its zone, or a date (the end of that day in UTC)."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            day = datetime.fromisoformat(text).date()
            return min(datetime.combine(day, time(23, 59, 59), UTC), max(now, now))
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is neither a date (2026-05-31) nor a time with its zone "
            "(2026-05-31T12:00:00Z)"
        ) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone; add Z or an offset")
    return moment.astimezone(UTC)


def secret_from(env: str | None) -> Callable[[str], str]:
    """Where a secret comes from: a named variable, else a prompt; never argv."""

    def ask(prompt: str) -> str:
        if env is not None:
            try:
                return os.environ[env]
            except KeyError as error:
                raise ConfigError(
                    f"the environment variable {env} is not set"
                ) from error
        if not sys.stdin.isatty():
            raise ConfigError(
                "the key is protected by a password; name the environment variable "
                "that holds it with --key-secret-env NAME"
            )
        return getpass.getpass(f"{prompt}: ")

    return ask

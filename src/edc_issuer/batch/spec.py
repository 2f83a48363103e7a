"""What is needed to issue, written down so that another process can open it.

A key and a callback cannot be sent to a worker; their addresses can. An
`IssuerSpec` names the key, and a `SecretRef` where its password is found: each
worker opens both for itself. Architecture, decision 14.
"""

from __future__ import annotations

import getpass
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from edc_issuer.errors import ConfigError
from edc_issuer.fetch import CLOSED, Http
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer, check_level, check_status
from edc_issuer.keys import open_signer
from edc_issuer.keys.files import read_bounded
from edc_issuer.status import StatusBook
from edc_issuer.timestamp import Timestamper

MAX_SECRET = 64 * 1024  # bytes; a longer file is not a password


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is found, never the secret itself."""

    kind: Literal["env", "file", "prompt"]
    place: str = ""

    @classmethod
    def env(cls, name: str) -> SecretRef:
        """An environment variable; it has to be set for each worker."""
        return cls("env", name)

    @classmethod
    def file(cls, path: str | Path) -> SecretRef:
        """A file that only its owner can read and that exists on each worker."""
        return cls("file", str(path))

    @classmethod
    def prompt(cls) -> SecretRef:
        """A person who is asked; that works in one process only."""
        return cls("prompt")

    def reveal(self, prompt: str = "Password: ") -> str:
        """The secret, without blanks and line ends around it where it is a file.

        `ConfigError` says what to do where it cannot be had.
        """
        if self.kind == "env":
            return _from_environment(self.place)
        if self.kind == "file":
            return _from_file(Path(self.place))
        if not sys.stdin.isatty():
            raise ConfigError(
                "a password is needed and nobody is there to ask; name the "
                "environment variable that holds it (--key-secret-env NAME on the "
                "command line, SecretRef.env in Python)"
            )
        return getpass.getpass(prompt)


def _from_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError as error:
        raise ConfigError(
            f"the environment variable {name} is not set here; put the password into "
            "it, for each worker"
        ) from error


def _from_file(path: Path) -> str:
    data = read_bounded(path, limit=MAX_SECRET)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path} can be read by others; run chmod 600 on it")
    try:
        secret = data.decode().strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: a secret is text in UTF-8") from error
    if not secret:
        raise ConfigError(f"{path} is empty; it would hide nothing")
    return secret


class Opens(Protocol):
    """What gives an `Issuer` for the length of a `with` block."""

    def open(self) -> AbstractContextManager[Issuer]: ...


@dataclass(frozen=True, slots=True)
class IssuerSpec:
    """An `Issuer` before it is opened: plain values that can be sent to a worker.

    `profile` is a key of `PROFILES`, `key` an address as `open_signer` takes it,
    `options` go to the format. `tsa` are the addresses of timestamp authorities, which
    levels above B need; `private_hosts` those in an inner network. `files` is the
    folder below which attachments and pictures are read, `status` a status book (its
    file, or a `postgresql://` URL); key, secrets, folder and book have to exist for
    each worker.
    """

    profile: str
    key: str
    secret: SecretRef | None = None
    algorithm: str | None = None
    level: Level | None = None
    tsa: tuple[str, ...] = ()
    private_hosts: tuple[str, ...] = ()
    id_secret: SecretRef | None = None
    files: Path | None = None
    language: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    status: str | None = None
    suspension: bool = False

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            known = ", ".join(PROFILES)
            raise ConfigError(f"{self.profile!r} is no profile; choose {known}")
        row = PROFILES[self.profile]
        check_level(row, self.level, has_authority=bool(self.tsa))
        check_status(row, self.status, suspension=self.suspension)

    @contextmanager
    def open(self) -> Iterator[Issuer]:
        """The issuer with its key open; `ConfigError` where it cannot be opened."""
        reveal = self.secret.reveal if self.secret else None
        door = Http(private_hosts=self.private_hosts) if self.tsa else CLOSED
        with open_signer(self.key, secret=reveal, algorithm=self.algorithm) as signer:
            yield Issuer(
                profile=PROFILES[self.profile],
                signer=signer,
                level=self.level,
                timestamper=Timestamper(self.tsa, door) if self.tsa else None,
                fetcher=door,
                id_secret=self.hiding_secret(),
                files=self.files,
                language=self.language,
                options=self.options,
                status=StatusBook.open(self.status) if self.status else None,
                suspension=self.suspension,
            )

    def hiding_secret(self) -> bytes | None:
        """The secret behind credential ids, or None."""
        return self.id_secret.reveal().encode() if self.id_secret else None

    @property
    def asks(self) -> bool:
        """Whether a person would have to type a secret."""
        return any(
            ref is not None and ref.kind == "prompt"
            for ref in (self.secret, self.id_secret)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """An issuer that is open already, for work in this very process."""

    issuer: Issuer

    @contextmanager
    def open(self) -> Iterator[Issuer]:
        """The same issuer each time; whoever opened it closes it."""
        yield self.issuer

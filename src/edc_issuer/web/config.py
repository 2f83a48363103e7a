"""The operator's file of a server: TOML, read once at the start.

    max_body = 1048576              # bytes of one request
    token_env = "EDC_SERVER_TOKEN"  # asked of everyone who wants something signed
    proof_only = false              # 200 for intact, whoever signed
    contexts = "contexts"           # a folder of further pinned JSON-LD contexts

    [verify]
    trust = "trust"                 # a folder; default: nobody is trusted
    allow_test = false              # 200 also for what only test keys vouch for
    online = false
    allow = ["lists.school.example"]

    [issuers.badges]                # the name; `path` is its prefix
    path = "/badges"
    key = "file:badge.pem"
    key_secret_env = "BADGE_SECRET"
    profile = "ob3-di"
    cryptosuite = "eddsa-rdfc-2022"
    mandatory = ["/issuer"]         # ecdsa-sd-2023: what can never be withheld
    status = "status.sqlite"        # a StatusBook; its lists are served as well

A word that is not known here is a `ConfigError`: a misspelt setting that is silently
ignored would be the operator's surprise.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from edc_issuer.errors import ConfigError

MAX_BODY = 1024 * 1024
MOST_BODY = 16 * 1024 * 1024
MAX_CONFIG = 256 * 1024
PROFILES = ("ob3-di", "ob3-jwt", "vc-jwt")
_KINDS: Mapping[str, tuple[type, str]] = {
    "str": (str, "text"),
    "bool": (bool, "true or false"),
    "int": (int, "a whole number"),
    "tuple[str, ...]": (list, "a list of texts"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One issuer of a server: its prefix, its key, and how it signs.

    `key` and `key_secret_env` are those of `open_signer`; `profile` is one of
    `PROFILES`, `cryptosuite` that of ob3-di. `mandatory` are JSON pointers. `status`
    is a `StatusBook` (a path, or the address of a database), whose lists the server
    publishes below `PATH/status-lists/`. `unsafe_endless` lets ecdsa-sd-2023 sign what
    has neither end nor status, as conformance suites ask; nobody could rely on a copy.
    """

    name: str
    key: str
    path: str = ""
    key_secret_env: str = ""
    algorithm: str = ""
    profile: str = "ob3-di"
    cryptosuite: str = ""
    mandatory: tuple[str, ...] = ()
    status: str = ""
    unsafe_endless: bool = False

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise ConfigError(
                f"issuers.{self.name}: profile is one of {', '.join(PROFILES)}"
            )
        if self.cryptosuite and self.profile != "ob3-di":
            raise ConfigError(
                f"issuers.{self.name}: ob3-di has cryptosuites, {self.profile} has none"
            )
        if self.path and not (self.path.startswith("/") and self.path[-1] != "/"):
            raise ConfigError(
                f"issuers.{self.name}: path begins with / and does not end with it"
            )


@dataclass(frozen=True, slots=True)
class VerifyConfig:
    """Whom the server trusts, and whether it may ask others."""

    trust: str = ""
    allow_test: bool = False
    online: bool = False
    allow: tuple[str, ...] = ()
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """All settings of one server; see the example at the top of this module."""

    max_body: int = MAX_BODY
    token_env: str = ""
    proof_only: bool = False
    contexts: str = ""
    verify: VerifyConfig = field(default_factory=VerifyConfig)
    desks: tuple[Desk, ...] = ()
    folder: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        if not 1024 <= self.max_body <= MOST_BODY:
            raise ConfigError(f"max_body is 1024 to {MOST_BODY} bytes")
        paths = [desk.path for desk in self.desks]
        if len(set(paths)) != len(paths):
            raise ConfigError("two issuers have the same path; give each its own")

    @classmethod
    def load(cls, path: Path) -> ServerConfig:
        """Read a file; `ConfigError` says what is wrong with it, and where."""
        try:
            with path.open("rb") as file:
                data = file.read(MAX_CONFIG + 1)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        if len(data) > MAX_CONFIG:
            raise ConfigError(f"{path}: more than {MAX_CONFIG} bytes of settings")
        try:
            table = tomllib.loads(data.decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path} is not TOML: {error}") from error
        return cls.from_dict(table, folder=path.parent)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], *, folder: Path) -> ServerConfig:
        """The same from a parsed table; relative paths are below `folder`."""
        own = {k: v for k, v in table.items() if k not in ("issuers", "verify")}
        issuers = _table(table.get("issuers", {}), "issuers")
        desks = tuple(
            Desk(name=name, **_settings(Desk, row, f"issuers.{name}", without="name"))
            for name, row in issuers.items()
        )
        return cls(
            **_settings(cls, own, "the file"),
            verify=VerifyConfig(
                **_settings(VerifyConfig, table.get("verify", {}), "verify")
            ),
            desks=desks,
            folder=folder,
        )

    def at(self, place: str) -> Path:
        """A path of the file, below the folder where it lies."""
        return self.folder / place

    def token(self) -> str | None:
        """The secret asked of those who want something signed; None: nobody is."""
        if not self.token_env:
            return None
        token = os.environ.get(self.token_env, "")
        if len(token) < 16:
            raise ConfigError(
                f"the environment variable {self.token_env} holds no token of at "
                "least 16 characters; set it to a random one before the start"
            )
        return token


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where} is a table of settings")
    return value


def _settings(kind: type, given: Any, where: str, without: str = "") -> dict[str, Any]:
    """The settings of a row, each of the kind that its field has."""
    known = {
        f.name: str(f.type)
        for f in fields(kind)
        if str(f.type) in _KINDS and f.name != without
    }
    found: dict[str, Any] = {}
    for name, value in _table(given, where).items():
        if name not in known:
            raise ConfigError(
                f"{where}: {name!r} is no setting; there are {', '.join(known)}"
            )
        python, word = _KINDS[known[name]]
        fits = isinstance(value, python) and (
            python is bool or not isinstance(value, bool)
        )
        if python is list and fits:
            fits = all(isinstance(item, str) for item in value)
            value = tuple(value)
        if not fits:
            raise ConfigError(f"{where}: {name} is {word}")
        found[name] = value
    if kind is Desk and "key" not in found:
        raise ConfigError(f"{where}: there is no key")
    return found

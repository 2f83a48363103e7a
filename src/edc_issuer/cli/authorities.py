"""Whom a command asks for timestamps and about withdrawals, and what they learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from edc_issuer.messages import Messages, neutral

if TYPE_CHECKING:
    from edc_issuer.fetch import Fetcher
    from edc_issuer.formats.levels import Level
    from edc_issuer.timestamp import Timestamper


def known_level(text: str) -> Level:
    """A level of ETSI TS 119 182-1; a usage error for anything else."""
    from edc_issuer.formats.levels import Level

    try:
        return Level(text.upper())
    except ValueError:
        choices = ", ".join(Level)
        raise typer.BadParameter(f"--level {text}: choose {choices}") from None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


@dataclass(frozen=True, slots=True)
class Authorities:
    """The addresses of timestamp authorities, and which hosts may be inner ones."""

    tsa: tuple[str, ...]
    private_hosts: tuple[str, ...]

    @classmethod
    def named(
        cls, tsa: Sequence[str] | None, allow_private: Sequence[str] | None
    ) -> Authorities:
        """Those of the command line; a usage error for what is no address."""
        for url in tsa or ():
            if not _is_address(url):
                raise typer.BadParameter(
                    f"--tsa {neutral(url)}: give the whole address of the timestamp "
                    "authority, as its provider names it: https://tsa.example/tsr"
                )
        return cls(tuple(tsa or ()), tuple(allow_private or ()))

    def timestamper(self, door: Fetcher) -> Timestamper | None:
        """Who asks them; None where none is named."""
        from edc_issuer.timestamp import Timestamper

        return Timestamper(self.tsa, door) if self.tsa else None

    def door(self) -> Fetcher:
        """The way out, shut where no authority is named."""
        from edc_issuer.fetch import CLOSED, Http

        return Http(private_hosts=self.private_hosts) if self.tsa else CLOSED

    def told(self, level: Level, messages: Messages) -> Iterator[str]:
        """What leaves the machine for a seal of this level, before anything does."""
        from edc_issuer.formats.levels import Level

        if level is Level.B or not self.tsa:
            return
        hosts = dict.fromkeys(
            urlsplit(url).netloc.rpartition("@")[2] for url in self.tsa
        )
        yield messages.text("cli.asks.timestamp", hosts=", ".join(hosts))
        if level is not Level.T:
            yield messages.text("cli.asks.revocation")

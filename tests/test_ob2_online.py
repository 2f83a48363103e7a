"""Badges of version 2.0 over a real connection: TLS, addresses, and what is gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from badges2 import HOME, NAME, assertion, pages, signed, text
from edc_issuer.fetch import Http
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from web import HOST, Server, Web, answer, serving, web


def home(*_: Any) -> Sequence[str]:
    """A resolver for which every host is this machine."""
    return ["127.0.0.1"]


@dataclass
class School:
    """A server with the pages of a school, and a verifier that may ask it."""

    server: Server
    secure: Web

    def moved_here(self, data: bytes) -> bytes:
        """The same text with its addresses on this server."""
        return data.replace(HOME.encode(), self.base.encode())

    @property
    def base(self) -> str:
        return self.server.url("/znacke", scheme="https")

    def verify(self, data: bytes) -> Report:
        issuer = TrustedIssuer(f"{self.base}/sola.json", (NAME,))
        door = Http(allow_private=True, resolve=home, ssl_context=self.secure.client)
        return Verifier(Trust(issuers=(issuer,)), fetcher=door).verify(data)


@contextmanager
def school(folder: Path, *, gone: frozenset[str] = frozenset()) -> Iterator[School]:
    """A school whose pages named in `gone` were taken down."""
    secure = web(folder)
    running: list[School] = []

    def script(talking: socket.socket) -> None:
        here = running[0]
        path = here.server.requests[-1].split(b" ")[1].decode()
        name = path.rpartition("/")[2]
        found = {url.rpartition("/")[2]: page for url, page in pages().items()}
        if name in gone:
            said = answer(status="410 Gone")
        elif name in found:
            said = answer(here.moved_here(text(found[name])))
        else:
            said = answer(status="404 Not Found")
        talking.sendall(said)

    with serving(script, tls=secure.server) as server:
        running.append(School(server, secure))
        yield running[0]


def test_a_hosted_badge_is_fetched_and_confirmed(tmp_path: Path) -> None:
    with school(tmp_path) as here:
        report = here.verify(here.moved_here(text(assertion())))

        assert report.outcome is Outcome.PASSED
        assert {line["status"] for line in report.fetched} == {200}
        asked = {request.split(b" ")[1] for request in here.server.requests}
        assert asked == {b"/znacke/1.json", b"/znacke/eko.json", b"/znacke/sola.json"}


def test_a_badge_that_was_taken_down_is_revoked(tmp_path: Path) -> None:
    with school(tmp_path, gone=frozenset({"1.json"})) as here:
        report = here.verify(here.moved_here(text(assertion())))

        assert report.outcome is Outcome.FAILED
        assert report.check("credential.status").reason == "revoked"


def test_a_badge_that_is_not_found_is_undecided(tmp_path: Path) -> None:
    with school(tmp_path) as here:
        other = assertion(id=f"{HOME}/drugje.json")
        report = here.verify(here.moved_here(text(other)))

        assert report.outcome is Outcome.INDETERMINATE
        assert report.check("proof.key").reason == "unreachable"


def test_a_signed_badge_gets_its_key_from_the_school(tmp_path: Path) -> None:
    with school(tmp_path) as here:
        said = assertion(
            id=f"{here.base}/1.json",
            badge=f"{here.base}/eko.json",
            verification={"type": "signed", "creator": f"{here.base}/kljuc.json"},
        )
        honest, forged = signed(said), signed({**said, "badge": f"{here.base}/x.json"})
        bent = b".".join([*forged.split(b".")[:2], honest.split(b".")[2]])

        assert here.verify(honest).outcome is Outcome.PASSED
        assert here.verify(bent).outcome is Outcome.FAILED


def test_only_the_host_of_the_badge_is_asked(tmp_path: Path) -> None:
    with school(tmp_path) as here:
        report = here.verify(here.moved_here(text(assertion())))

        assert all(HOST in line["url"] for line in report.fetched)

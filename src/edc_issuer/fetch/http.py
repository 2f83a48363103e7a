"""Fetches over HTTP, for an operator who said that it may.

https only, but for answers that are signed themselves; no inner address, no other
host than the one asked, no more bytes and seconds than allowed; no proxy, no cookie
and no password from the surroundings.
"""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from edc_issuer.errors import FetchError
from edc_issuer.fetch.base import Request, Response
from edc_issuer.fetch.guard import (
    MAX_URL,
    Forbidden,
    Inner,
    Target,
    permitted,
    target,
)

if TYPE_CHECKING:
    import ssl

    from edc_issuer.fetch.wire import Wire

Resolver = Callable[[str, int], Sequence[str]]
_MOVED = frozenset([301, 302, 303, 307, 308])
MAX_REDIRECTS = 3
_MAX_LOG = 10_000  # lines; a verifier of one file makes some twenty


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited, in seconds, and how often an answer may send us on.

    `total_s` is for one address from the first letter of the request to the last of
    the answer, redirects included; only looking up the name has its own time, the
    system's.
    """

    connect_s: float = 10.0
    total_s: float = 30.0
    redirects: int = MAX_REDIRECTS


@dataclass(frozen=True, slots=True)
class Fetched:
    """One line of the log: what was asked and what came of it.

    `status` is None where nobody answered, `why` is None where all went well;
    `sha256` is of the body, in hexadecimal.
    """

    url: str
    method: str
    status: int | None
    size: int
    sha256: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the wire brought: `location` is where a redirect points, else empty."""

    status: int
    media_type: str
    location: str
    body: bytes


def look_up(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, as the system finds them; `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(str(row[4][0]) for row in found)


@dataclass(frozen=True, slots=True, eq=False)
class Http:
    """A `Fetcher` over HTTP with a guard; safe to use from several threads.

    `allow_hosts` names the only hosts that are asked (None: any). `private_hosts`
    names hosts that may be on this machine or in an inner network, as a school's own
    timestamp authority is; `allow_private` allows that to all, for tests.
    `ssl_context` replaces the certificate authorities of the web (certifi's).
    """

    limits: Limits = Limits()
    allow_hosts: Iterable[str] | None = None
    private_hosts: Iterable[str] = ()
    allow_private: bool = False
    ssl_context: ssl.SSLContext | None = field(default=None, repr=False)
    resolve: Resolver = field(default=look_up, repr=False)
    _lines: list[Fetched] = field(default_factory=list, init=False, repr=False)
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False
    )

    def __post_init__(self) -> None:
        if self.allow_hosts is not None:
            object.__setattr__(self, "allow_hosts", _names(self.allow_hosts))
        object.__setattr__(self, "private_hosts", _names(self.private_hosts))

    @property
    def log(self) -> tuple[Fetched, ...]:
        """Every address that was asked so far, redirects and refusals included."""
        with self._lock:
            return tuple(self._lines)

    def fetch(self, request: Request) -> Response:
        """The answer to `request`, status 200 to 299; raises only `FetchError`."""
        from edc_issuer.fetch.wire import Wire

        wire = Wire(self.limits, self._addresses, self.ssl_context)
        url = request.url
        for _ in range(self.limits.redirects + 1):
            answer = self._logged(wire, request, url)
            if answer.status not in _MOVED:
                return Response(url, answer.status, answer.media_type, answer.body)
            url = self._next(request, url, answer)
        raise FetchError(request.url, "refused", "sent from address to address")

    def _logged(self, wire: Wire, request: Request, url: str) -> Answer:
        try:
            answer = wire.exchange(self._target(url, request), request, url)
        except Forbidden as error:
            self._note(Fetched(url, request.method, None, 0, None, "refused"))
            inner = [target(url, plain=True).host] if isinstance(error, Inner) else []
            raise FetchError(url, "refused", str(error), inner=inner) from error
        except FetchError as error:
            self._note(Fetched(url, request.method, None, 0, None, error.why))
            raise
        why = _trouble(answer.status)
        digest = hashlib.sha256(answer.body).hexdigest()
        size = len(answer.body)
        self._note(Fetched(url, request.method, answer.status, size, digest, why))
        if why:
            raise FetchError(url, why, f"HTTP status {answer.status}")
        return answer

    def _note(self, line: Fetched) -> None:
        with self._lock:
            if len(self._lines) < _MAX_LOG:
                self._lines.append(replace(line, url=line.url[:MAX_URL]))

    def _target(self, url: str, request: Request) -> Target:
        plain = request.signed_answer and request.credentials is None
        found = target(url, plain=plain)
        if self.allow_hosts is not None and found.host not in self.allow_hosts:
            raise Forbidden(f"{found.host} is not among the hosts that may be asked")
        return found

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Looked up once, judged, and then connected to as judged."""
        private = self.allow_private or host in self.private_hosts
        return permitted(self.resolve(host, port), private=private)

    def _next(self, request: Request, url: str, answer: Answer) -> str:
        """Where a redirect leads: to the same host, never from https to http."""
        if request.credentials is not None:
            raise FetchError(url, "refused", "sent on with a password")
        if request.method != "GET" and answer.status not in (307, 308):
            raise FetchError(url, "refused", "sent on with another method")
        try:
            there = urljoin(url, answer.location)
            new = self._target(there, request)
            old = self._target(url, request)
        except (Forbidden, ValueError) as error:
            raise FetchError(url, "refused", f"sent on to {error}") from error
        if new.host != old.host or (new.scheme, old.scheme) == ("http", "https"):
            raise FetchError(url, "refused", "sent on to another host")
        return there


def _names(hosts: Iterable[str]) -> frozenset[str]:
    return frozenset(host.lower().removesuffix(".").strip("[]") for host in hosts)


def _trouble(status: int) -> str | None:
    if 200 <= status < 300 or status in _MOVED:
        return None
    if status in (404, 410):
        return "not-found"
    return "unavailable" if status >= 500 or status in (408, 429) else "refused"

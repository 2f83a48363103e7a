"""Authorities that answer by address without a network: a `Fetcher` for tests.

Each address has a service that makes an answer from a request; everything asked is
kept, so that a test can say who was asked what, and that nobody else was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response
from edc_issuer.keys.testocsp import TestResponder

Service = Callable[[Request], bytes]


@dataclass(slots=True)
class Authorities:
    """Answers what `services` has an address for; every other one is unreachable."""

    services: Mapping[str, Service]
    asked: list[Request] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        """The service's answer; `FetchError` without one, or if it is too large."""
        self.asked.append(request)
        service = self.services.get(request.url) or self._by_get(request)
        if service is None:
            raise FetchError(request.url, "unreachable")
        body = service(request)
        if len(body) > request.limit:
            raise FetchError(request.url, "too-large")
        return Response(request.url, 200, "application/octet-stream", body)

    def _by_get(self, request: Request) -> Service | None:
        """A responder's address with a request behind it (RFC 6960 A.1)."""
        if request.method != "GET":
            return None
        below = [url for url in self.services if request.url.startswith(f"{url}/")]
        return self.services[below[0]] if below else None

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Method and address of everything that was asked."""
        return [(request.method, request.url) for request in self.asked]


def giving(data: bytes) -> Service:
    """A service that gives the same to everybody."""
    return lambda _: data


def listing(crl: x509.CertificateRevocationList) -> Service:
    return giving(crl.public_bytes(Encoding.DER))


def failing(why: str, detail: str = "") -> Service:
    """A service that answers as a fetcher tells it: `timeout`, `not-found`, ..."""

    def fails(request: Request) -> bytes:
        raise FetchError(request.url, why, detail)

    return fails


def answering(server: TestResponder, *, at: datetime) -> Service:
    """An OCSP responder that is asked by POST."""

    def answers(request: Request) -> bytes:
        if request.method != "POST":
            raise FetchError(request.url, "refused", "HTTP status 405")
        return server.answer(request.body or b"", at=at)

    return answers

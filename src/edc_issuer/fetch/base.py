"""What is asked of the outside, what comes back, and the door that stays shut."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from edc_issuer.errors import FetchError


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and a password (RFC 7617), as paid timestamp services ask for."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; `limit` is the largest answer in bytes that is read.

    `signed_answer` says that the answer is believed by its own signature alone (CRL,
    OCSP, issuer certificate, timestamp, trusted list): only such an address may be
    plain http, as those of most authorities are. `credentials` go to this very
    address and over https only.
    """

    url: str
    method: str = "GET"
    accept: str = "*/*"
    content_type: str | None = None
    body: bytes | None = None
    limit: int = 4 * 1024 * 1024
    signed_answer: bool = False
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from `url` (after redirects, if there were any)."""

    url: str
    status: int
    media_type: str
    body: bytes


class Fetcher(Protocol):
    """Fetches one address; raises only `FetchError`."""

    def fetch(self, request: Request) -> Response: ...


class Closed:
    """A door that stays shut: every request is refused before it is made."""

    def fetch(self, request: Request) -> Response:
        raise FetchError(request.url, "offline")


CLOSED: Fetcher = Closed()

"""The bytes of one exchange, on `httpcore`: connected as judged, measured, timed.

`httpcore` is used rather than what is built on it because it lets us make the
connection, and so decide to which address, and end it when its time is up, however
slowly the other side talks.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from edc_issuer.encoding import b64
from edc_issuer.errors import FetchError
from edc_issuer.fetch.base import Request
from edc_issuer.fetch.guard import Forbidden, Target
from edc_issuer.fetch.http import Answer, Limits

_AGENT = b"edc-issuer"
_MAX_ADDRESSES = 4  # of one host that are tried


class Wire:
    """Exchanges requests for answers until `limits.total_s` is over, and no longer.

    `addresses` looks a host up and judges it (`Forbidden`, `OSError`).
    """

    def __init__(
        self,
        limits: Limits,
        addresses: Callable[[str, int], Sequence[str]],
        ssl_context: ssl.SSLContext | None,
    ) -> None:
        deadline = time.monotonic() + limits.total_s
        self._backend = _Guarded(addresses, limits.connect_s, deadline)
        self._ssl_context = ssl_context

    def exchange(self, to: Target, request: Request, url: str) -> Answer:
        """One request, one answer; `FetchError` and `Forbidden`."""
        try:
            return self._exchange(to, request, url)
        except httpcore.TimeoutException as error:
            raise FetchError(url, "timeout") from error
        except (httpcore.NetworkError, OSError) as error:
            insecure = _insecurity(error)
            why = "refused" if insecure else "unreachable"
            raise FetchError(url, why, insecure) from error
        except (httpcore.ProtocolError, ValueError) as error:
            raise FetchError(url, "refused", "its answer is not HTTP") from error

    def _exchange(self, to: Target, request: Request, url: str) -> Answer:
        pool = httpcore.ConnectionPool(
            ssl_context=self._ssl_context,
            network_backend=self._backend,
            max_connections=1,
        )
        address = httpcore.URL(
            scheme=to.scheme.encode(),
            host=to.host.encode(),
            port=to.port,
            target=to.path.encode(),
        )
        with (
            pool,
            pool.stream(
                request.method,
                address,
                headers=[(b"Host", _host(to)), *_headers(request)],
                content=request.body,
            ) as response,
        ):
            headers = {name.lower(): value for name, value in response.headers}
            body = _body(response.iter_stream(), headers, request.limit, url)
        return Answer(
            status=response.status,
            media_type=_text(headers.get(b"content-type", b"")),
            location=_text(headers.get(b"location", b"")),
            body=body,
        )


def _host(to: Target) -> bytes:
    host = f"[{to.host}]" if ":" in to.host else to.host
    usual = to.port == {"https": 443, "http": 80}[to.scheme]
    return (host if usual else f"{host}:{to.port}").encode()


def _headers(request: Request) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"User-Agent", _AGENT),
        (b"Accept", request.accept.encode("ascii")),
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]
    if request.content_type is not None:
        headers.append((b"Content-Type", request.content_type.encode("ascii")))
    if request.credentials is not None:
        pair = f"{request.credentials.user}:{request.credentials.password}"
        basic = b64(pair.encode())  # RFC 7617 section 2.1: the letters as UTF-8
        headers.append((b"Authorization", f"Basic {basic}".encode()))
    return headers


def _body(
    stream: Iterable[bytes], headers: dict[bytes, bytes], limit: int, url: str
) -> bytes:
    """The body as it came, no longer than `limit`."""
    # Nothing packed was asked for: what unpacks to gigabytes is not unpacked.
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise FetchError(url, "refused", "an answer that is packed")
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced[:20]) > limit:
        raise FetchError(url, "too-large")
    parts: list[bytes] = []
    size = 0
    for part in stream:
        size += len(part)
        if size > limit:
            raise FetchError(url, "too-large")
        parts.append(part)
    return b"".join(parts)


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _insecurity(error: BaseException) -> str:
    """What TLS complained of, where it was TLS; `httpcore` hides it a level down."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted: {found.verify_message}"
        if isinstance(found, ssl.SSLError):
            return "no secure connection"
        found = found.__cause__ or found.__context__
    return ""


class _Guarded(httpcore.NetworkBackend):
    """Connects only to addresses that were judged; every step ends at `deadline`."""

    def __init__(
        self,
        addresses: Callable[[str, int], Sequence[str]],
        connect_s: float,
        deadline: float,
    ) -> None:
        self._addresses = addresses
        self._connect_s = connect_s
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port)[:_MAX_ADDRESSES]:
            left = min(self._connect_s, _left(self._deadline))
            try:
                stream = self._plain.connect_tcp(address, port, left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return _Timed(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        raise Forbidden("a file of this machine")


class _Timed(httpcore.NetworkStream):
    """A stream whose every step is given only the time that is left."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Timed(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left

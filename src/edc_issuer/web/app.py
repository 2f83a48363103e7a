"""The service over HTTP, with its limits.

A server that signs is a key that anybody who reaches it can use. So it listens on
loopback unless told otherwise, and a request has to
1. name a host under which the operator expects it: a page on the Internet whose name
   points at 127.0.0.1 is refused (DNS rebinding);
2. be JSON by its own `Content-Type`: a browser sends that to another site only after
   asking, and nobody here answers such questions (CSRF);
3. fit into `max_body`, and arrive within `BODY_SECONDS`;
4. carry the operator's token where it wants something signed or withdrawn.
Verification runs in a few threads, so that one hostile file does not stop all.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from edc_issuer import strict_json
from edc_issuer.errors import InputError, Problem
from edc_issuer.web.service import PARSING, Answer, OpenDesk, Service, faults

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
BODY_SECONDS = 30
THREADS = 4
WAITING = 64  # requests that wait for a thread; more are told to come later
_log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Counter:
    """How many requests are being answered, and the threads that answer them."""

    now: int = 0
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, "edc-issuer")
    )


@dataclass(frozen=True, slots=True)
class Door:
    """What every request has to pass before it is read."""

    max_body: int
    token: str | None
    hosts: Sequence[str] | None  # None: any, where the operator listens to all
    counter: Counter = field(default_factory=Counter)

    def refusal(self, request: Request, *, signs: bool) -> Answer | None:
        """Why a request is not read at all, or None."""
        if self.hosts is not None and _host(request) not in self.hosts:
            return _no(
                421, "host", "this server is not known by that name; ask for 127.0.0.1"
            )
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind.lower() not in ("application/json", "application/ld+json"):
            return _no(415, "content-type", "send JSON as application/json")
        if signs and self.token is not None and not self._knows(request):
            return _no(
                401, "token", "send Authorization: Bearer and the server's token"
            )
        return self.crowd()

    def crowd(self) -> Answer | None:
        """Why not even a public list is signed now, or None."""
        if self.counter.now >= WAITING:
            return _no(503, "busy", "too many requests at once; ask again later")
        return None

    def _knows(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        known = (self.token or "").encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(
            given.strip().encode(), known
        )

    async def body(self, request: Request) -> bytes | None:
        """The whole body; None where it is longer than is read."""
        stated = request.headers.get("content-length", "")
        if stated.isascii() and stated.isdigit() and int(stated) > self.max_body:
            return None
        chunks, size = [], 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > self.max_body:
                return None
            chunks.append(chunk)
        return b"".join(chunks)


def create_app(service: Service, desks: Sequence[OpenDesk], door: Door) -> Starlette:
    """The routes of the VC-API: verifying at the top, issuing below each desk."""
    routes = [
        _route("/credentials/verify", service.verify_credential, door),
        _route("/presentations/verify", service.verify_presentation, door),
        _route("/credentials/derive", service.derive, door),
    ]
    for desk in desks:
        routes += [
            _route(
                f"{desk.path}/credentials/issue",
                _at(service.issue, desk),
                door,
                signs=True,
            ),
            _route(
                f"{desk.path}/credentials/status",
                _at(service.set_status, desk),
                door,
                signs=True,
            ),
        ]
        routes += _twice(desk, service, door)
        if desk.book is not None:
            routes.append(_list_route(service, desk, door))
    handlers = {HTTPException: _elsewhere, Exception: _bug}
    return Starlette(routes=routes, exception_handlers=handlers)


def _guarded(endpoint: Endpoint) -> Endpoint:
    """The endpoint, which raises nothing itself.

    What Starlette answers in its stead it raises once more, and the server of HTTP
    prints it with its text, which may quote the file.
    """

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:
            return await _bug(request, error)

    return guarded


def _at(answer: Callable[..., Answer], desk: OpenDesk) -> Handler:
    return lambda body: answer(desk, body)


def _twice(desk: OpenDesk, service: Service, door: Door) -> list[Route]:
    """Suites configure one prefix for everything: the rest below it as well."""
    if not desk.path:
        return []
    return [
        _route(f"{desk.path}/credentials/verify", service.verify_credential, door),
        _route(f"{desk.path}/presentations/verify", service.verify_presentation, door),
        _route(f"{desk.path}/credentials/derive", service.derive, door),
    ]


def _list_route(service: Service, desk: OpenDesk, door: Door) -> Route:
    async def publish(request: Request) -> Response:
        crowd = door.crowd()
        if crowd is not None:
            return _response(crowd)
        name = request.path_params["name"]
        loop = asyncio.get_running_loop()
        door.counter.now += 1
        try:
            found = await loop.run_in_executor(
                door.counter.threads, service.status_list, desk, name
            )
        finally:
            door.counter.now -= 1
        if found is None:
            return _response(_no(404, "list", "there is no such list"))
        return Response(found.data, media_type=found.media_type)

    path = f"{desk.path}/status-lists/{{name}}"
    return Route(path, _guarded(publish), methods=["GET"])


def _route(path: str, answer: Handler, door: Door, *, signs: bool = False) -> Route:
    async def endpoint(request: Request) -> Response:
        refusal = door.refusal(request, signs=signs)
        if refusal is not None:
            return _response(refusal)
        door.counter.now += 1
        try:
            return _response(await _answered(request, answer, door))
        finally:
            door.counter.now -= 1

    return Route(path, _guarded(endpoint), methods=["POST"])


async def _answered(request: Request, answer: Handler, door: Door) -> Answer:
    try:
        data = await asyncio.wait_for(door.body(request), BODY_SECONDS)
    except TimeoutError:
        return _no(408, "timeout", "the request did not arrive in time")
    except ClientDisconnect:
        return _no(400, "cut-short", "the request ended early")
    if data is None:
        return _no(413, "limits.size", f"at most {door.max_body} bytes are read")
    try:
        body = strict_json.loads_object(data, max_bytes=door.max_body)
    except InputError as error:
        return Answer(400, faults([Problem("", error.reason, str(error))], PARSING))
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(door.counter.threads, answer, body)


def _host(request: Request) -> str:
    """The name in `Host`, without its port."""
    host = request.headers.get("host", "")
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _no(status: int, title: str, detail: str) -> Answer:
    return Answer(status, faults([Problem("", title, detail)], PARSING))


def _response(answer: Answer) -> JSONResponse:
    return JSONResponse(answer.body, status_code=answer.status)


async def _elsewhere(request: Request, error: Exception) -> Response:
    """An address or a method that is not offered, in the words of all other answers."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        answer = _no(
            405, "method", "verify, derive and issue with POST; lists with GET"
        )
    else:
        answer = _no(404, "address", "nothing is offered here; see docs/server.md")
    return JSONResponse(answer.body, answer.status, headers=error.headers)


async def _bug(request: Request, error: Exception) -> Response:
    """Whatever went wrong here, the caller learns that nothing was decided."""
    _log.error("a request ended in %s", type(error).__name__)
    _log.debug("where it stopped", exc_info=error)
    return _response(_no(500, "internal-error", "this is a bug; nothing was decided"))

"""Asks an ASGI application without any network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

JSON = {"content-type": "application/json", "host": "127.0.0.1:8080"}


@dataclass(frozen=True)
class Said:
    """An answer: status, body."""

    status: int
    data: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.data)

    @property
    def titles(self) -> set[str]:
        return {row["title"] for row in self.body["problemDetails"]}


def ask(
    app: Starlette,
    path: str,
    body: Any = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    chunks: Iterable[bytes] | None = None,
) -> Said:
    """One request; `body` is sent as JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    pieces = list(chunks) if chunks is not None else [data]
    return asyncio.run(_ask(app, path, method, {**JSON, **(headers or {})}, pieces))


async def _ask(
    app: Starlette,
    path: str,
    method: str,
    headers: Mapping[str, str],
    pieces: list[bytes],
) -> Said:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
    }
    waiting = [
        {"type": "http.request", "body": piece, "more_body": n + 1 < len(pieces)}
        for n, piece in enumerate(pieces)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except Exception:
        if not sent:  # Starlette answers, and then tells its own server as well
            raise
    return Said(
        sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])
    )

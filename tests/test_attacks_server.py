"""Attacks on the server that once succeeded: each beside what is honest."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from asgi import ask
from attacks.workshop import badge
from edc_issuer.secure import secured
from edc_issuer.status import StatusBook, publishing
from edc_issuer.verify import Verifier
from edc_issuer.web import ServerConfig
from edc_issuer.web.app import LOOPBACK, WAITING, Door, create_app
from edc_issuer.web.desks import opened
from edc_issuer.web.service import Service
from world import world


def test_who_asks_for_lists_has_no_more_signed_than_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask for a list: it must not be worth a thousand signatures."""
    StatusBook.create(tmp_path / "book.sqlite", url="https://school.example/status")
    desk = {"key": world().key("ob3-di"), "status": "book.sqlite"}
    config = ServerConfig.from_dict({"issuers": {"a": desk}}, folder=tmp_path)
    signed: list[str] = []

    def counted(credential: Any, *given: Any, **named: Any) -> bytes:
        signed.append(credential["id"])
        return secured(credential, *given, **named)

    monkeypatch.setattr(publishing, "secured", counted)
    door = Door(config.max_body, None, LOOPBACK)
    with opened(config) as (service, desks):
        app = create_app(service, desks, door)

        def asked(name: str) -> int:
            return ask(app, f"/status-lists/{name}", b"", method="GET").status

        assert asked("nobody-1.json") == 404
        assert not signed
        assert asked("revocation-1.jwt") == 200
        assert signed == ["https://school.example/status/revocation-1.jwt"]
        door.counter.now = WAITING
        assert asked("revocation-1.jwt") == 503
        assert len(signed) == 1
        door.counter.now = 0
        assert asked("revocation-1.jwt") == 200
    assert door.counter.now == 0


def test_a_bug_of_the_server_prints_nothing_of_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What leaves the application, the server of HTTP prints with its text."""

    def broken() -> Verifier:
        raise KeyError("Ana Čeh Đurić")

    door = Door(10_000, None, LOOPBACK)
    app = create_app(Service(broken), (), door)
    (route,) = [
        one
        for one in app.routes
        if isinstance(one, Route) and one.path == "/credentials/verify"
    ]
    body = {"verifiableCredential": badge()}
    answered = ask(cast(Starlette, route.app), "/credentials/verify", body)
    assert answered.status == 500
    assert answered.titles == {"internal-error"}
    assert "Ana" not in answered.data.decode() + caplog.text
    assert door.counter.now == 0

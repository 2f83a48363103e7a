"""Attacks on the server that once succeeded: each beside what is honest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from asgi import ask
from attacks.workshop import (
    V2,
    attacker,
    badge,
    claims,
    compact_json,
    encoded,
    jwt,
    method_of,
    proved,
    school,
    signs,
    subject,
)
from edc_issuer import jose
from edc_issuer.keys.badge import BadgeKey, new_badge_key
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


# --- who hands it over ---


def _answered(path: str, member: str, value: Any, **options: str) -> int:
    """The status that a server gives which trusts the school, for this file."""
    service = Service(lambda: Verifier(school().trust), allow_test=True)
    app = create_app(service, (), Door(100_000, None, LOOPBACK))
    return ask(app, path, {member: value, "options": options}).status


def _presented(value: Any, **options: str) -> int:
    return _answered(
        "/presentations/verify", "verifiablePresentation", value, **options
    )


def _shown(by: BadgeKey, **header: Any) -> str:
    """The learner's badge, shown in the learner's name."""
    own = jwt(claims(badge(credentialSubject=subject(id=attacker().did))))
    enveloped = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{own.decode()}",
    }
    document = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": attacker().did,
        "verifiableCredential": [enveloped],
        "aud": "delodajalec.example",
        "nonce": "12",
    }
    head = {"alg": "EdDSA", "typ": "vp+jwt", **header}
    return jwt(
        compact_json(document), header=compact_json(head), sign=signs(by)
    ).decode()


ASKED = {"challenge": "12", "domain": "delodajalec.example"}


@pytest.mark.parametrize("options", [ASKED, {"challenge": "12"}, {}], ids=len)
def test_a_key_that_only_the_file_names_presents_for_nobody(
    options: dict[str, str],
) -> None:
    stranger = new_badge_key()
    jwk = jose.public_to_jwk(stranger.key.public_key())
    assert _presented(_shown(attacker(), kid=method_of(attacker())), **options) == 200
    assert _presented(_shown(stranger, jwk=jwk), **options) == 400
    assert _presented(_shown(stranger, kid=method_of(stranger)), **options) == 400


def test_a_copy_of_a_credential_is_no_presentation_nor_the_reverse() -> None:
    copy = encoded(proved()).decode()
    shown = _shown(attacker(), kid=method_of(attacker()))
    one, member = "/credentials/verify", "verifiableCredential"
    assert _answered(one, member, json.loads(copy)) == 200
    assert _presented(json.loads(copy), **ASKED) == 400
    assert _presented(json.loads(copy)) == 400
    assert _answered(one, member, shown) == 400

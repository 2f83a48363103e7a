"""The page about the server is true: its settings are read, its requests answered."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from asgi import Said, ask
from conftest import ROOT
from edc_issuer.cli import app as commands
from edc_issuer.status import StatusList
from edc_issuer.web import ServerConfig
from edc_issuer.web.app import (
    BODY_SECONDS,
    LOOPBACK,
    THREADS,
    WAITING,
    Door,
    create_app,
)
from edc_issuer.web.desks import opened
from world import world

PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
TOKEN = "skrivnost-" * 3
ISSUE, VERIFY, REVOKE, LIST = re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)
(SETTINGS,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the page presumes: the settings, a key, whom to trust, and the book."""
    place = world().key("ob3-di").removeprefix("file:").partition("#")[0]
    (tmp_path / "badge.pem").write_bytes(Path(place).read_bytes())
    (tmp_path / "trust").symlink_to(world().trust_folder)
    (tmp_path / "server.toml").write_text(SETTINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDC_SERVER_TOKEN", TOKEN)
    monkeypatch.setenv("BADGE_SECRET", "not needed")
    for command in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        assert CliRunner().invoke(commands, shlex.split(command)[1:]).exit_code == 0
    return tmp_path


@pytest.fixture
def request_of(folder: Path) -> Iterator[Callable[..., Said]]:
    """Sends a request of the page; its placeholders are filled in."""
    config = ServerConfig.load(folder / "server.toml")
    with opened(config) as (service, desks):
        app = create_app(
            service, desks, Door(config.max_body, config.token(), LOOPBACK)
        )
        did = {desk.name: desk.did for desk in desks}["badges"]

        def send(text: str, answer: object = None, **others: str) -> Said:
            head, _, body = text.partition("\n\n")
            first, *rows = head.strip().splitlines()
            method, path = first.split()
            headers = dict(row.lower().split(": ", 1) for row in rows)
            if "authorization" in headers:
                headers["authorization"] = f"Bearer {TOKEN}"
            body = body.replace('"DID"', json.dumps(did))
            body = body.replace("ANSWER", json.dumps(answer))
            return ask(
                app, path, body.encode(), method=method, headers=headers | others
            )

        yield send


def test_the_settings_are_those_of_the_program(folder: Path) -> None:
    config = ServerConfig.load(folder / "server.toml")

    assert [(desk.name, desk.path) for desk in config.desks] == [
        ("badges", "/badges"),
        ("tokens", "/tokens"),
    ]
    # What the page shows as being so without a setting is so without it.
    assert config.max_body == ServerConfig().max_body
    assert tomllib.loads(SETTINGS)["verify"]["allow_test"] is False
    assert tomllib.loads(SETTINGS)["verify"]["online"] is False


def test_the_requests_are_answered_as_the_page_says(
    request_of: Callable[..., Said],
) -> None:
    issued = request_of(ISSUE)
    assert issued.status == 201
    badge = issued.body["verifiableCredential"]

    verified = request_of(VERIFY, badge)
    assert verified.status == 400
    assert verified.body["report"]["outcome"] == "INDETERMINATE"
    assert verified.titles == {"offline"}

    assert not _is_set(request_of(LIST).body, badge)
    assert request_of(REVOKE).status == 200
    told = request_of(LIST)
    assert told.status == 200
    assert told.body["id"] == badge["credentialStatus"]["statusListCredential"]
    assert told.body["id"].endswith("/badges/status-lists/revocation-1.json")
    assert _is_set(told.body, badge)
    undone = REVOKE.replace('"status": true', '"status": false')
    assert request_of(undone).status == 400


def _is_set(status_list: Any, badge: Any) -> bool:
    bits = StatusList.decode(status_list["credentialSubject"]["encodedList"])
    return bits.is_set(int(badge["credentialStatus"]["statusListIndex"]))


def test_a_badge_without_the_name_of_its_issuer_is_what_the_page_says(
    request_of: Callable[..., Said],
) -> None:
    nameless = re.sub(r'  "issuer": .*\n', "", ISSUE).replace(
        '  "validFrom"', '  "issuer": "DID",\n  "validFrom"'
    )
    badge = request_of(nameless).body["verifiableCredential"]

    assert "issuer-ambiguous" in request_of(VERIFY, badge).titles


def test_without_the_token_nothing_is_signed_and_a_foreign_name_is_refused(
    request_of: Callable[..., Said],
) -> None:
    without = ISSUE.replace("Authorization: Bearer EDC_SERVER_TOKEN\n", "")

    assert request_of(without).status == 401
    assert request_of(VERIFY, {}, host="school.example").status == 421


def test_every_address_of_the_table_is_offered(
    request_of: Callable[..., Said],
) -> None:
    for method, path in re.findall(r"^\| `(POST|GET) ([^`]+)`", PAGE, re.MULTILINE):
        path = path.replace("PATH", "/badges").replace("NAME", "revocation-9.json")
        answer = request_of(f"{method} {path}\n\n{{}}")
        assert answer.titles != {"address"}, path
        assert answer.titles != {"method"}, path


def test_the_figures_are_those_of_the_code() -> None:
    words = {4: "four"}
    assert f"{words[THREADS]} threads" in " ".join(PAGE.split())
    assert f"more than {WAITING} requests" in " ".join(PAGE.split())
    assert BODY_SECONDS > 0

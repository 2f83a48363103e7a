"""Attacks that once succeeded, or came too close: each beside its honest twin.

Every file of the attacker is judged under the trust in which the twin is PASSED.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import badges2
from asgi import ask
from edc_issuer.report import Outcome
from edc_issuer.status import StatusBook, publishing
from edc_issuer.web import ServerConfig
from edc_issuer.web.app import LOOPBACK, WAITING, Door, create_app
from edc_issuer.web.desks import opened
from world import world

# --- badges of version 2.0 ---

_UNCLEAR = ("undecided", "status-list-unreadable")
_REVOKED = ("fail", "revoked")


def _status(report: Any) -> tuple[str, str]:
    check = report.check("credential.status")
    return str(check.status), check.reason


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("true", _REVOKED),
        (1, _REVOKED),
        ([True], _UNCLEAR),
        ({"@value": True}, _UNCLEAR),
        ("preklicano", _UNCLEAR),
    ],
)
def test_a_hosted_badge_that_says_revoked_in_another_way_is_not_passed(
    word: object, expected: tuple[str, str]
) -> None:
    honest = badges2.verify(badges2.assertion(), badges2.pages(revoked=False))
    report = badges2.verify(badges2.assertion(), badges2.pages(revoked=word))
    assert honest.outcome is Outcome.PASSED
    assert _status(report) == expected
    assert report.outcome is not Outcome.PASSED


def test_a_hosted_badge_that_says_revoked_by_the_prefix_is_not_passed() -> None:
    pages = badges2.pages(**{"obi:revoked": True})
    assert _status(badges2.verify(badges2.assertion(), pages)) == _UNCLEAR


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"assertion": badges2.ASSERTION}], _UNCLEAR),
        ([{"id": [badges2.ASSERTION]}], _UNCLEAR),
        ([badges2.ASSERTION, 5], _REVOKED),
        ([f"{badges2.ASSERTION} "], _REVOKED),
        ([5], _UNCLEAR),
        ({"id": f"{badges2.HOME}/2.json"}, ("pass", "")),
    ],
)
def test_a_row_of_a_revocation_list_that_names_nobody_is_not_overlooked(
    rows: object, expected: tuple[str, str]
) -> None:
    honest, pages = badges2.pages(), badges2.pages()
    pages[badges2.REVOKED]["revokedAssertions"] = rows
    assert badges2.verify(badges2.signed(), honest).outcome is Outcome.PASSED
    assert _status(badges2.verify(badges2.signed(), pages)) == expected


def test_a_revocation_list_without_rows_says_nothing() -> None:
    pages = badges2.pages()
    del pages[badges2.REVOKED]["revokedAssertions"]
    assert _status(badges2.verify(badges2.signed(), pages)) == _UNCLEAR


@pytest.mark.parametrize("stated", [[badges2.REVOKED], 5, {"type": "RevocationList"}])
def test_an_issuer_whose_revocation_list_has_no_address_has_one_all_the_same(
    stated: object,
) -> None:
    pages = badges2.pages()
    pages[badges2.ISSUER]["revocationList"] = stated
    report = badges2.verify(badges2.signed(), pages)
    assert _status(report) == _UNCLEAR
    assert report.outcome is Outcome.INDETERMINATE


# --- the server ---


def test_who_asks_for_lists_has_no_more_signed_than_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask for a list: it must not be worth a thousand signatures."""
    StatusBook.create(tmp_path / "book.sqlite", url="https://school.example/status")
    desk = {"key": world().key("ob3-di"), "status": "book.sqlite"}
    config = ServerConfig.from_dict({"issuers": {"a": desk}}, folder=tmp_path)
    signed: list[str] = []
    sign = publishing.secured

    def counted(credential: Any, *given: Any, **named: Any) -> bytes:
        signed.append(credential["id"])
        return sign(credential, *given, **named)

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

"""Attacks that once succeeded, or came too close: each beside its honest twin.

Every file of the attacker is judged under the trust in which the twin is PASSED.
"""

from __future__ import annotations

from typing import Any

import pytest

import badges2
from edc_issuer.report import Outcome

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

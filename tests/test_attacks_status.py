"""Rows 57 to 62 of the attack table: status lists that are absent, bent or borrowed.

Each case is one hostile list or entry. Its honest twin, the same badge with the list
as the school published it, is PASSED under the same trust at the same address.
"""

from __future__ import annotations

import copy
import gzip
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from attacks.workshop import AT, attacker, encoded
from conftest import rounds
from edc_issuer.encoding import b64u
from edc_issuer.report import Outcome, Report
from statuses import (
    CLEAR,
    PAUSES,
    REVOKED,
    URL,
    Answering,
    answer,
    entry,
    jwt_with_status,
    list_credential,
    packed,
    signed,
    signed_jwt,
    stamp,
    subject,
    verify,
    with_status,
)

UNREADABLE = "undecided status-list-unreadable"
BENT = "undecided status.list"
ENTRY = "undecided status.entry"
RANGE = "undecided status.range"
STALE = "undecided status-list-stale"


@dataclass(frozen=True)
class Case:
    """What stands at the list's address, or in the badge, and what must follow."""

    row: int
    name: str
    expected: str
    answers: Callable[[], bytes | str] = signed
    status: Any = None
    handed: bool = False

    @property
    def id(self) -> str:
        return f"{self.row}-{self.name}"


def about(**changes: Any) -> Callable[[], bytes]:
    """The school's own list with another subject."""
    return lambda: signed(list_credential(subject(**changes)))


def listed(**changes: Any) -> Callable[[], bytes]:
    """The school's own list with other members."""
    return lambda: signed(list_credential(**changes))


def _untyped() -> dict[str, Any]:
    """Only in a JWT: under a proof its members would have no meaning."""
    return list_credential(subject(type=None))


def bomb() -> bytes:
    """A quarter of a megabyte that unpacks to a quarter of a gigabyte."""
    packer = zlib.compressobj(9, wbits=31)
    chunk = bytes(1024 * 1024)
    data = b"".join(packer.compress(chunk) for _ in range(256)) + packer.flush()
    return about(encodedList="u" + b64u(data))()


def others() -> bytes:
    return signed(list_credential(issuer=attacker().did), key=attacker())


def unsigned() -> bytes:
    return encoded(list_credential())


def tampered() -> bytes:
    return signed().replace(packed(REVOKED).encode(), packed(REVOKED + 1).encode())


_GZIP = gzip.compress(bytes(16_384), mtime=0)
_OLD = stamp(AT - timedelta(days=30))
_LOOP = {**entry(REVOKED), "statusListCredential": URL}
CASES = (
    Case(57, "nothing-there", "undecided unreachable", lambda: "not-found"),
    Case(57, "no-connection", "undecided unreachable", lambda: "unreachable"),
    Case(57, "too-slow", "undecided unreachable", lambda: "timeout"),
    Case(57, "html", UNREADABLE, lambda: b"<!doctype html><p>404</p>"),
    Case(57, "empty", UNREADABLE, lambda: b""),
    Case(57, "json-of-another-kind", UNREADABLE, lambda: b'{"status": "ok"}'),
    Case(57, "the-badge-itself", BENT, with_status),
    Case(57, "seventeen-megabytes", "undecided unreachable", lambda: b" " * 17_000_000),
    Case(58, "bomb", BENT, bomb),
    Case(58, "not-gzip", BENT, about(encodedList="u" + b64u(bytes(500)))),
    Case(58, "two-members", BENT, about(encodedList="u" + b64u(_GZIP * 2))),
    Case(58, "bytes-behind", BENT, about(encodedList="u" + b64u(_GZIP + b"x"))),
    Case(58, "cut-short", BENT, about(encodedList="u" + b64u(_GZIP[:-5]))),
    Case(58, "without-u", BENT, about(encodedList=packed(prefix=""))),
    Case(58, "number", BENT, about(encodedList="7")),
    Case(58, "no-list", BENT, about(encodedList=None)),
    Case(58, "untyped-list", BENT, listed(type=["VerifiableCredential"])),
    Case(58, "untyped-subject", BENT, lambda: signed_jwt(_untyped())),
    Case(58, "without-purpose", BENT, about(statusPurpose=None)),
    # Read all the same: the lists of the DCC are so short (and this hides no one less).
    Case(58, "short", "warn status-loose", about(encodedList=packed(bits=100_000))),
    Case(
        59,
        "another-list-of-the-school",
        "undecided offline",
        listed(id=PAUSES),
        handed=True,
    ),
    Case(59, "old-copy", STALE, listed(validFrom=_OLD), handed=True),
    Case(59, "unsigned", UNREADABLE, unsigned),
    Case(59, "unsigned-by-hand", "undecided offline", unsigned, handed=True),
    Case(59, "changed", UNREADABLE, tampered),
    Case(59, "expired", STALE, listed(validUntil=stamp(AT - timedelta(hours=1)))),
    Case(59, "for-tomorrow", STALE, listed(validFrom=stamp(AT + timedelta(days=1)))),
    Case(59, "names-itself", "pass", listed(credentialStatus=_LOOP)),
    Case(59, "of-another-by-hand", "undecided status-list-others", others, handed=True),
    Case(59, "of-another-at-the-address", "warn other-list-issuer", others),
    Case(
        59,
        "signed-by-another",
        UNREADABLE,
        lambda: signed(key=attacker()),
    ),
    Case(60, "negative", ENTRY, status=entry("-1")),
    Case(60, "exponent", ENTRY, status=entry("1e3")),
    Case(60, "leading-zero", ENTRY, status=entry("01")),
    Case(60, "zeros-before-seven", ENTRY, status=entry("007")),
    Case(60, "fraction", ENTRY, status=entry("7.5")),
    Case(60, "beyond-the-end", RANGE, status=entry(131_072)),
    Case(60, "far-beyond", RANGE, status=entry(2**31)),
    Case(
        60, "other-purpose", "undecided other-purpose", about(statusPurpose="message")
    ),
    Case(60, "one-of-several-set", "fail revoked", status=[entry(), entry(REVOKED)]),
    Case(60, "sizes-without-messages", ENTRY, status=entry(statusSize=2)),
    Case(60, "seventeen-entries", ENTRY, status=[entry(n) for n in range(17)]),
    Case(61, "list-as-text", "pass", signed_jwt),
    Case(62, "unknown-type", "undecided status-type-unknown", status="unknown"),
)


def asked(case: Case) -> Report:
    data = badge_of(case)
    answers = case.answers()
    if case.handed:
        assert isinstance(answers, bytes)
        return verify(data, handed=[answers])
    return verify(data, online={URL: answers})


def badge_of(case: Case) -> bytes:
    if case.status == "unknown":
        return jwt_with_status({"id": f"{URL}#7", "type": "CredentialStatus"})
    return with_status(case.status)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_attack_on_a_list_is_answered_beside_its_honest_twin(case: Case) -> None:
    twin = verify(with_status(), online={URL: signed()}).outcome
    report = asked(case)

    assert twin is Outcome.PASSED
    assert answer(report) == case.expected, report.check("credential.status")
    good = case.expected.startswith(("pass", "warn"))
    assert (report.outcome is Outcome.PASSED) == good
    assert all(check.reason != "internal-error" for check in report.checks)


def test_a_list_that_names_itself_is_asked_once_and_never_followed() -> None:
    door = Answering({URL: signed(list_credential(credentialStatus=_LOOP))})

    report = verify(with_status(), online=door)

    assert report.outcome is Outcome.PASSED
    assert door.asked == [URL]


def test_two_lists_that_name_each_other_are_not_followed() -> None:
    here = list_credential(credentialStatus=entry(statusListCredential=PAUSES))
    there = list_credential(credentialStatus=entry(), id=PAUSES)
    door = Answering({URL: signed(here), PAUSES: signed(there)})

    report = verify(with_status(), online=door)

    assert report.outcome is Outcome.PASSED
    assert door.asked == [URL]


def test_one_list_is_fetched_once_for_all_entries() -> None:
    door = Answering({URL: signed()})

    verify(with_status([entry(n) for n in range(8)]), online=door)

    assert door.asked == [URL]


def test_a_list_is_never_asked_about_a_file_that_was_changed() -> None:
    changed = with_status().replace("začetnike".encode(), b"izvedence")
    door = Answering({URL: signed()})

    report = verify(changed, online=door)

    assert report.outcome is Outcome.FAILED
    assert door.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *("https://[", "https://[::1", "http://[::1]/x", "file:///etc/passwd"),
        *("did:x:y", "https://", "urn:uuid:1", "HTTPS:zgled", "data:,x"),
        "https://\u202e.example",
    ],
)
def test_an_address_that_is_none_is_never_asked_for(address: str) -> None:
    """Nor does it stop the run: it stands in a file that a stranger wrote."""
    report = verify(
        jwt_with_status(entry(statusListCredential=address)),
        online=Answering({URL: signed()}),
    )

    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report) in ("undecided unreachable", ENTRY)
    assert report.to_text()
    assert verify(jwt_with_status(entry(statusListCredential=address))).to_text()


def test_an_unknown_type_is_named() -> None:
    (case,) = (case for case in CASES if case.row == 62)

    check = asked(case).check("credential.status")

    assert "CredentialStatus" in check.detail
    assert check.evidence["entries"][0]["type"] == "CredentialStatus"


_BENDS: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1.5, "", "u", "1", "a" * 500, "did:x:y"),
    *(
        [],
        {},
        [[]],
        [{}],
        [None],
        {"id": "x"},
        {"@value": "revocation"},
        ["revocation"],
    ),
    *("refresh", URL, "BitstringStatusList", "2025-01-01"),
)


def _bent(value: Any, chance: random.Random) -> Any:
    """A copy in which one thing, at any depth, is another."""
    bent = copy.deepcopy(value)
    node = bent
    while True:
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        below = node[key]
        if not isinstance(below, dict | list) or not below or chance.random() < 0.4:
            node[key] = chance.choice(_BENDS)
            return bent
        node = below


@pytest.mark.sampled(4)
@pytest.mark.long
@pytest.mark.parametrize("seed", range(rounds(200)))
def test_no_bend_of_a_list_clears_what_it_revokes(seed: int) -> None:
    """Whoever keeps the lists of a school may err; what was revoked never passes."""
    chance = random.Random(seed)
    data = jwt_with_status(entry(REVOKED))
    for _ in range(10):
        bent = signed_jwt(_bent(list_credential(), chance))
        for report in (
            verify(data, online={URL: bent}),
            verify(data, handed=[bent]),
        ):
            assert report.outcome is not Outcome.PASSED, bent
            assert not answer(report).startswith(("pass", "warn")), bent
            assert all(check.reason != "internal-error" for check in report.checks)


def test_every_row_has_a_case_and_every_case_a_name() -> None:
    assert {case.row for case in CASES} == set(range(57, 63))
    assert len({case.id for case in CASES}) == len(CASES)
    assert CLEAR != REVOKED

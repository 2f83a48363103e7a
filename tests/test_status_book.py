"""The status book: places, withdrawals, lists; and what a verifier makes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import shacl_judge
from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.fetch import CLOSED
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issued, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.report import Outcome, Report
from edc_issuer.status import Published, StatusBook, book, credential_status, publish
from edc_issuer.status.entries import read_entries
from edc_issuer.status.standing import PURPOSES, ForEver, NotInBook
from edc_issuer.verify import Verifier
from statuses import Answering, answer
from world import PASSWORD, record, world

URL = "https://zgled.example/status"
BADGES = ("ob3-jwt", "vc-jwt", "ob3-di")
ID = "urn:uuid:5b0f7a11-6d1f-4f2a-9d57-5f0c6f1e0f6a"


@pytest.fixture
def kept(tmp_path: Path) -> StatusBook:
    return StatusBook.create(tmp_path / "knjiga.sqlite", url=f"{URL}/")


def issue(
    kept: StatusBook, profile: str, *, suspension: bool = False, **options: Any
) -> Issued:
    if profile == "edc-jades":
        options["level"] = Level.B
    with open_signer(world().key(profile), secret=lambda _: PASSWORD) as signer:
        issuer = Issuer(
            profile=PROFILES[profile],
            signer=signer,
            status=kept,
            suspension=suspension,
            **options,
        )
        return issuer.issue(record())


def published(kept: StatusBook, profile: str = "ob3-di", **options: Any) -> list[Any]:
    with open_signer(world().key(profile), secret=lambda _: PASSWORD) as signer:
        return list(publish(kept, signer, **options))


def everywhere(kept: StatusBook) -> dict[str, bytes | str]:
    """Every list at its address, as a web server has them."""
    lists = [*published(kept), *published(kept, "edc-jades")]
    return {one.url: one.data for one in lists}


def verified(issued: Issued, lists: dict[str, bytes | str]) -> Report:
    trust = world().trust
    return Verifier(trust=trust, fetcher=Answering(lists)).verify(issued.data)


# --- positions ---


def test_a_credential_keeps_its_position(kept: StatusBook) -> None:
    first = kept.reserve(ID, purposes=PURPOSES)

    assert [place.purpose for place in first] == list(PURPOSES)
    assert kept.reserve(ID, purposes=PURPOSES) == first
    assert kept.reserve(ID) == first[:1]


def test_a_place_for_suspension_can_be_added_later(kept: StatusBook) -> None:
    (first,) = kept.reserve(ID)

    both = kept.reserve(ID, purposes=PURPOSES)

    assert both[0] == first
    assert both[1].purpose == "suspension"


def test_positions_are_all_over_the_list(kept: StatusBook) -> None:
    positions = [kept.reserve(f"urn:uuid:{n}")[0].position for n in range(200)]

    assert len(set(positions)) == 200
    assert sorted(positions) != positions
    assert max(positions) > 131_072 / 2 > min(positions)
    assert all(0 <= position < 131_072 for position in positions)


def test_the_next_list_is_opened_when_one_is_half_full(
    kept: StatusBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "SIZE", 64)
    monkeypatch.setattr(book, "HALF", 32)

    places = [kept.reserve(f"urn:uuid:{n}")[0] for n in range(80)]

    numbers = [place.number for place in places]
    assert numbers == [1] * 32 + [2] * 32 + [3] * 16
    assert len({(place.number, place.position) for place in places}) == 80
    assert [one.name for one in kept.lists()] == [
        *("revocation-1", "revocation-2", "revocation-3", "suspension-1"),
    ]


def test_a_list_is_published_before_anything_is_issued(kept: StatusBook) -> None:
    assert [one.name for one in kept.lists()] == ["revocation-1", "suspension-1"]
    assert all(one.bits.entries() == 131_072 for one in kept.lists())


def test_a_book_is_for_its_owner_alone(kept: StatusBook, tmp_path: Path) -> None:
    kept.reserve(ID)

    modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {0o600}


def test_a_book_is_opened_again(kept: StatusBook, tmp_path: Path) -> None:
    places = kept.reserve(ID)

    with StatusBook.open(tmp_path / "knjiga.sqlite") as again:
        assert again.reserve(ID) == places
        assert again.url == URL


@pytest.mark.parametrize(
    "url",
    [
        "http://zgled.example/status",
        "zgled.example",
        "https://",
        "file:///tmp",
        "https://zgled.example/status?list=1",
        "https://zgled.example/#status",
    ],
)
def test_an_address_that_nobody_could_fetch_is_refused(
    tmp_path: Path, url: str
) -> None:
    with pytest.raises(ConfigError, match="https"):
        StatusBook.create(tmp_path / "knjiga.sqlite", url=url)


def test_what_is_no_book_says_so(kept: StatusBook, tmp_path: Path) -> None:
    del kept
    other = tmp_path / "drugo.sqlite"
    other.write_bytes(b"to ni knjiga, nikakor ne")
    with pytest.raises(ConfigError, match="status book"):
        StatusBook.open(other)
    with pytest.raises(ConfigError, match="status init"):
        StatusBook.open(tmp_path / "nič.sqlite")
    with pytest.raises(ConfigError, match="already"):
        StatusBook.create(tmp_path / "knjiga.sqlite", url=URL)
    with pytest.raises(ConfigError, match="postgresql"):
        StatusBook.open("mysql://zgled/knjiga")


@pytest.mark.parametrize("bad", ["", "x" * 2001, "č" * 1001, "a\0b", "a\ud800"])
def test_an_id_that_no_index_holds_has_no_place(kept: StatusBook, bad: str) -> None:
    for asked in (kept.reserve, kept.standing):
        with pytest.raises(ConfigError):
            asked(bad)
    with pytest.raises(ConfigError):
        kept.revoke(bad, "po pomoti", by="ana")


def test_a_reason_with_half_a_letter_is_kept_without_it(kept: StatusBook) -> None:
    kept.reserve(ID)

    kept.revoke(ID, "po\0 pomoti \udcff", by="\udcffana")

    (line,) = kept.standing(ID).log
    assert (line.reason, line.by) == ("po  pomoti ?", "?ana")


def test_an_unknown_purpose_has_no_lists(kept: StatusBook) -> None:
    with pytest.raises(ConfigError, match="message"):
        kept.reserve(ID, purposes=["message"])


# --- withdrawals ---


def test_a_revocation_is_for_ever(kept: StatusBook) -> None:
    kept.reserve(ID, purposes=PURPOSES)

    assert kept.revoke(ID, "po pomoti", by="ana")
    assert not kept.revoke(ID, "še enkrat", by="ana")

    with pytest.raises(ForEver):
        kept.reinstate(ID, "vendarle", by="ana")
    with pytest.raises(ForEver):
        kept.suspend(ID, "vendarle", by="ana")
    assert kept.standing(ID).is_revoked
    assert [line.action for line in kept.standing(ID).log] == ["revoke"]


def test_a_suspension_ends(kept: StatusBook) -> None:
    kept.reserve(ID, purposes=PURPOSES)
    at = datetime(2026, 5, 31, 12, tzinfo=UTC)

    assert kept.suspend(ID, "преиспитивање", by="Ђорђе", at=at)
    assert kept.standing(ID).is_suspended
    assert kept.reinstate(ID, "v redu", by="Ana Čeh", at=at)
    assert not kept.reinstate(ID, "v redu", by="Ana Čeh", at=at)

    log = kept.standing(ID).log
    assert not kept.standing(ID).is_suspended
    assert [(line.action, line.by, line.reason, line.at) for line in log] == [
        ("suspend", "Ђорђе", "преиспитивање", at),
        ("reinstate", "Ana Čeh", "v redu", at),
    ]


def test_what_was_issued_without_a_place_for_it_is_not_suspended(
    kept: StatusBook,
) -> None:
    kept.reserve(ID)

    with pytest.raises(NotInBook, match="--suspension"):
        kept.suspend(ID, "premislek", by="ana")
    assert kept.revoke(ID, "po pomoti", by="ana")


@pytest.mark.parametrize("verb", ["revoke", "suspend", "reinstate"])
def test_a_strange_id_is_refused(kept: StatusBook, verb: str) -> None:
    with pytest.raises(NotInBook, match=r"not in this status book|--suspension"):
        getattr(kept, verb)("urn:uuid:tuj", "zakaj", by="ana")
    with pytest.raises(NotInBook):
        kept.standing("urn:uuid:tuj")


@pytest.mark.parametrize("verb", ["revoke", "suspend"])
def test_a_withdrawal_has_a_reason(kept: StatusBook, verb: str) -> None:
    kept.reserve(ID, purposes=PURPOSES)

    with pytest.raises(ConfigError, match="why"):
        getattr(kept, verb)(ID, "  ", by="ana")
    standing = kept.standing(ID)
    assert not standing.is_revoked
    assert not standing.is_suspended


def test_a_correction_replaces_the_first(kept: StatusBook) -> None:
    kept.reserve(ID)
    kept.reserve("urn:uuid:novo")

    assert kept.supersede(ID, "urn:uuid:novo", "napačno ime", by="ana")

    standing = kept.standing(ID)
    assert standing.is_revoked
    assert standing.successor == "urn:uuid:novo"
    assert not kept.standing("urn:uuid:novo").is_revoked


@pytest.mark.parametrize("new", [ID, "urn:uuid:tuj"])
def test_only_another_credential_of_the_book_replaces_one(
    kept: StatusBook, new: str
) -> None:
    kept.reserve(ID)

    with pytest.raises(ConfigError):
        kept.supersede(ID, new, "napačno ime", by="ana")
    assert not kept.standing(ID).is_revoked


def test_what_was_revoked_replaces_nothing(kept: StatusBook) -> None:
    kept.reserve(ID)
    kept.reserve("urn:uuid:novo")
    kept.revoke("urn:uuid:novo", "po pomoti", by="ana")

    with pytest.raises(ForEver):
        kept.supersede(ID, "urn:uuid:novo", "napačno ime", by="ana")
    assert not kept.standing(ID).is_revoked


# --- lists ---


def test_only_what_was_withdrawn_is_set(kept: StatusBook) -> None:
    places = {n: kept.reserve(f"urn:uuid:{n}", purposes=PURPOSES) for n in range(20)}
    kept.revoke("urn:uuid:3", "po pomoti", by="ana")
    kept.suspend("urn:uuid:7", "premislek", by="ana")

    revoked, suspended = kept.lists()

    set_in = [
        [i for i in range(131_072) if one.bits.is_set(i)]
        for one in (revoked, suspended)
    ]
    assert set_in == [[places[3][0].position], [places[7][1].position]]


def test_every_list_is_published_in_each_form_of_the_key(kept: StatusBook) -> None:
    names = [one.name for one in published(kept)]
    sealed = [one.name for one in published(kept, "edc-jades")]

    assert names == [
        *("revocation-1.json", "revocation-1.jwt"),
        *("suspension-1.json", "suspension-1.jwt"),
    ]
    assert sealed == ["revocation-1.sealed.json", "suspension-1.sealed.json"]


def test_a_published_list_says_until_when_it_holds(kept: StatusBook) -> None:
    at = datetime(2026, 5, 31, 12, 0, 0, tzinfo=UTC)

    first = published(
        kept, at=at, validity=timedelta(days=9), ttl=timedelta(hours=6), name="Šola"
    )[0]

    assert isinstance(first, Published)
    content = json.loads(first.data)
    assert (content["validFrom"], content["validUntil"]) == (
        "2026-05-31T12:00:00Z",
        "2026-06-09T12:00:00Z",
    )
    assert content["credentialSubject"]["ttl"] == 6 * 3_600_000
    assert content["id"] == first.url == f"{URL}/revocation-1.json"
    assert content["issuer"] == {"id": world().did, "name": "Šola"}


def test_a_list_is_not_kept_for_longer_than_it_holds(kept: StatusBook) -> None:
    with pytest.raises(ConfigError):
        published(kept, validity=timedelta(hours=1), ttl=timedelta(days=1))


# --- issued, withdrawn, verified ---


@pytest.mark.parametrize("profile", [*BADGES, "edc-jades"])
def test_what_is_issued_with_a_book_is_passed_and_then_revoked(
    kept: StatusBook, profile: str
) -> None:
    issued = issue(kept, profile)

    before = verified(issued, everywhere(kept))
    kept.revoke(issued.credential["id"], "po pomoti", by="ana")
    after = verified(issued, everywhere(kept))

    assert answer(before) == "pass"
    assert before.outcome is Outcome.PASSED
    assert answer(after) == "fail revoked"
    assert after.outcome is Outcome.FAILED


@pytest.mark.parametrize("profile", BADGES)
def test_a_badge_is_suspended_and_reinstated(kept: StatusBook, profile: str) -> None:
    issued = issue(kept, profile, suspension=True)
    credential = issued.credential["id"]
    outcomes = [answer(verified(issued, everywhere(kept)))]
    for verb in (kept.suspend, kept.reinstate):
        verb(credential, "premislek", by="ana")
        outcomes.append(answer(verified(issued, everywhere(kept))))

    assert outcomes == ["pass", "fail suspended", "pass"]


def test_a_list_that_was_handed_over_settles_it_as_well(kept: StatusBook) -> None:
    issued = issue(kept, "ob3-jwt")
    lists = [one.data for one in published(kept)]

    report = Verifier(trust=world().trust).verify(issued.data, evidence=lists)

    assert report.outcome is Outcome.PASSED
    assert report.fetched == ()
    assert answer(Verifier(trust=world().trust).verify(issued.data)) == (
        "undecided offline"
    )


@pytest.mark.parametrize("profile", BADGES)
def test_one_status_keeps_a_badge_within_its_model(
    kept: StatusBook, profile: str
) -> None:
    issued = issue(kept, profile)

    assert list(OB3.inspect(issued.credential)) == []
    assert isinstance(issued.credential["credentialStatus"], dict)
    assert issued.notices == ()


def test_a_badge_that_can_be_suspended_says_what_that_costs(kept: StatusBook) -> None:
    issued = issue(kept, "ob3-di", suspension=True)

    assert [notice.code for notice in issued.notices] == ["two-statuses"]
    assert [p.code for p in OB3.inspect(issued.credential)] == ["value.several"]
    entries = read_entries(issued.credential["credentialStatus"])
    assert [entry.purpose for entry in entries] == list(PURPOSES)


def test_an_edc_holds_one_status_within_its_model(kept: StatusBook) -> None:
    issued = issue(kept, "edc-jades")

    assert list(ELM.inspect(issued.credential)) == []
    assert "status-in-edc" in [notice.code for notice in issued.notices]
    (entry,) = read_entries(issued.credential["credentialStatus"])
    assert (entry.purpose, entry.fault) == ("revocation", "")
    assert entry.url == f"{URL}/revocation-1.sealed.json"


def test_the_official_judges_find_no_fault_with_either(kept: StatusBook) -> None:
    schema = "open-badges-3.0/ob_v3p0_achievementcredential_schema.json"
    judge = json.loads(shared_file(f"standards/{schema}").read_bytes())
    badge = json.loads(issue(kept, "ob3-di").data)
    edc = issue(kept, "edc-jades").credential

    jsonschema.Draft201909Validator(judge).validate(badge)
    assert shacl_judge.violations(edc, version="3.2") == set()
    # The one departure that `--suspension` asks for, and that is told.
    both = json.loads(issue(kept, "ob3-di", suspension=True).data)
    found = jsonschema.Draft201909Validator(judge).iter_errors(both)
    assert [list(fault.path) for fault in found] == [["credentialStatus"]]


def test_an_edc_is_not_suspended(kept: StatusBook) -> None:
    with pytest.raises(ConfigError, match="only badges"):
        issue(kept, "edc-jades", suspension=True)


def test_suspension_needs_a_book() -> None:
    with (
        open_signer(world().key("ob3-di"), secret=lambda _: PASSWORD) as signer,
        pytest.raises(ConfigError, match="book"),
    ):
        Issuer(profile=PROFILES["ob3-di"], signer=signer, suspension=True)


def test_without_a_book_nothing_is_said_of_status() -> None:
    assert "credentialStatus" not in world().issue("ob3-di").credential


def test_issuing_twice_gives_the_same_position(kept: StatusBook) -> None:
    first, second = issue(kept, "ob3-di"), issue(kept, "ob3-di")

    assert first.credential["credentialStatus"] == second.credential["credentialStatus"]


def test_what_was_revoked_is_not_issued_again(kept: StatusBook) -> None:
    issued = issue(kept, "ob3-di")
    kept.revoke(issued.credential["id"], "po pomoti", by="ana")

    with pytest.raises(RecordError) as caught:
        issue(kept, "ob3-di")

    assert [problem.code for problem in caught.value.problems] == ["revoked-before"]
    raised = replace(record().award, revision=2)
    again = replace(record(), award=raised)
    with open_signer(world().key("ob3-di"), secret=lambda _: PASSWORD) as signer:
        issuer = Issuer(profile=PROFILES["ob3-di"], signer=signer, status=kept)
        corrected = issuer.issue(again)
    assert (
        kept.supersede(
            issued.credential["id"], corrected.credential["id"], "ime", by="ana"
        )
        is False
    )


def test_one_way_of_securing_has_one_address(kept: StatusBook) -> None:
    one = credential_status(kept, ID, securing="jwt")
    other = credential_status(kept, ID, securing="data-integrity")

    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert one["statusListCredential"].endswith("/revocation-1.jwt")
    assert other["statusListCredential"].endswith("/revocation-1.json")
    assert one["statusListIndex"] == other["statusListIndex"]


def test_nothing_is_fetched_to_issue(kept: StatusBook) -> None:
    assert issue(kept, "ob3-di", documents=BUNDLED, fetcher=CLOSED).data

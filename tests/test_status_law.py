"""The law of verdicts, part 10 and what parts 2, 4 and 9 say of status.

Each sentence is a test, beside the twin that is PASSED: the same badge with a list
that settles the question.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from attacks.workshop import (
    AT,
    V1,
    Json,
    attacker,
    badge,
    claims,
    edc,
    encoded,
    jwt,
    school,
    sealed,
)
from edc_issuer.report import Outcome
from edc_issuer.status.entries import NAMESPACE
from edc_issuer.verify.status import PROBLEMS
from statuses import (
    CLEAR,
    LIST_2021,
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

DAY = timedelta(hours=24)
OVER = stamp(AT - timedelta(minutes=1))
REVOKES = "1EdTechRevocationList"
PROOFS = "https://w3id.org/security/data-integrity/v2"
NAMES = "https://zgled.example/preklicane.json"


def handed(data: bytes, document: Json | None = None, **options: Any) -> str:
    """What follows from one list that was handed over, made for real."""
    report = verify(data, handed=[signed(document)], **options)
    assert (report.outcome is Outcome.PASSED) == answer(report).startswith("pass")
    return answer(report)


def test_the_twin_of_all_these_is_passed() -> None:
    fetched = verify(with_status(), online={URL: signed()})
    given = verify(with_status(), handed=[signed()])

    assert fetched.outcome is Outcome.PASSED
    assert given.outcome is Outcome.PASSED
    assert answer(fetched) == answer(given) == "pass"


# --- "A list counts if this run fetched it from the statusListCredential URL, or,
# handed over, if its signed id equals that URL." ---


def test_a_list_counts_if_this_run_fetched_it_from_its_address() -> None:
    door = Answering({URL: signed()})

    report = verify(with_status(), online=door)

    assert report.outcome is Outcome.PASSED
    assert door.asked == [URL]
    assert [line["url"] for line in report.fetched] == [URL]


def test_a_fetched_list_needs_no_id_but_another_one_is_told() -> None:
    nameless = verify(with_status(), online={URL: signed(list_credential(id=None))})
    other = verify(with_status(), online={URL: signed(list_credential(id=PAUSES))})

    assert answer(nameless) == "pass"
    assert answer(other) == "warn status-loose"
    assert "list-has-another-id" in other.check("credential.status").detail


def test_a_list_handed_over_counts_only_under_its_signed_id() -> None:
    assert handed(with_status()) == "pass"
    assert handed(with_status(), list_credential(id=PAUSES)) == "undecided offline"
    assert handed(with_status(), list_credential(id=None)) == "undecided offline"


def test_an_id_that_nobody_signed_is_no_id() -> None:
    document = list_credential(id=PAUSES)
    renamed = signed(document).replace(PAUSES.encode(), URL.encode(), 1)

    report = verify(with_status(), handed=[renamed])

    assert answer(report) == "undecided offline"
    assert report.outcome is Outcome.INDETERMINATE


def test_without_a_list_nothing_follows() -> None:
    report = verify(with_status())

    assert answer(report) == "undecided offline"
    assert report.outcome is Outcome.INDETERMINATE
    assert report.fetched == ()


# --- "Without fetching it must be current: validUntil in the future, else issued
# within ttl, else within 24 h; otherwise undecided status-list-stale." ---


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (AT + timedelta(days=200), "pass"),
        (AT + timedelta(minutes=1), "pass"),
        (AT - timedelta(minutes=1), "undecided status-list-stale"),
    ],
)
def test_handed_over_its_end_must_lie_in_the_future(until: Any, expected: str) -> None:
    old = stamp(AT - timedelta(days=100))
    document = list_credential(validFrom=old, validUntil=stamp(until))

    assert handed(with_status(), document) == expected


def test_an_end_in_the_future_outweighs_a_ttl_that_is_over() -> None:
    document = list_credential(
        subject(ttl=1000), validUntil=stamp(AT + timedelta(days=9))
    )

    assert handed(with_status(), document) == "pass"


@pytest.mark.parametrize(
    ("ttl", "expected"),
    [
        (2 * 3_600_000, "pass"),
        (59 * 60_000, "undecided status-list-stale"),
        (1.5, "undecided status-list-stale"),
    ],
)
def test_else_it_was_issued_within_its_ttl(ttl: float, expected: str) -> None:
    assert handed(with_status(), list_credential(subject(ttl=ttl))) == expected


@pytest.mark.parametrize("ttl", [None, 0, -5, "3600000", True, [1], {}])
def test_else_within_a_day(ttl: Any) -> None:
    document = list_credential(subject(ttl=ttl))
    late = AT + DAY - timedelta(minutes=121)

    assert handed(with_status(), document, now=late) == "pass"
    late += timedelta(minutes=2)
    assert handed(with_status(), document, now=late) == "undecided status-list-stale"


def test_a_list_fetched_now_is_the_list_of_now() -> None:
    document = list_credential(validFrom=stamp(AT - timedelta(days=900)))
    later = AT + timedelta(days=300)

    report = verify(with_status(), online={URL: signed(document)}, now=later)

    assert answer(report) == "pass"
    assert handed(with_status(), document, now=later) == "undecided status-list-stale"


@pytest.mark.parametrize(
    "dates",
    [
        {"validUntil": stamp(AT - timedelta(minutes=1))},
        {"validFrom": stamp(AT + timedelta(days=1))},
        {"validUntil": "never"},
    ],
    ids=str,
)
def test_a_fetched_list_out_of_its_own_time_settles_nothing(dates: Json) -> None:
    report = verify(
        with_status(entry(REVOKED)), online={URL: signed(list_credential(**dates))}
    )

    assert answer(report) == "undecided status-list-stale"
    assert report.outcome is Outcome.INDETERMINATE


# --- "Its signer is the credential's issuer, or the list came from the URL that the
# issuer signed: warn other-list-issuer." ---


def others(*positions: int) -> bytes:
    by = attacker()
    return signed(list_credential(subject(*positions), issuer=by.did), key=by)


def test_the_list_of_another_signer_counts_from_its_address_alone() -> None:
    fetched = verify(with_status(), online={URL: others()})
    given = verify(with_status(), handed=[others()])

    assert answer(fetched) == "warn other-list-issuer"
    assert fetched.outcome is Outcome.PASSED
    (told,) = fetched.check("credential.status").evidence["entries"]
    assert told["keeper"] == attacker().did
    assert answer(given) == "undecided status-list-others"
    assert given.outcome is Outcome.INDETERMINATE


def test_what_another_signer_revokes_is_revoked_from_its_address_alone() -> None:
    data = with_status(entry(REVOKED))

    assert answer(verify(data, online={URL: others()})) == "fail revoked"
    assert answer(verify(data, handed=[others()])) == "undecided status-list-others"


def test_a_list_signed_by_another_than_it_names_settles_nothing() -> None:
    forged = signed(list_credential(), key=attacker())

    for report in (
        verify(with_status(), online={URL: forged}),
        verify(with_status(), handed=[forged]),
    ):
        assert answer(report) == "undecided status-list-unreadable"


def test_the_organisation_is_the_signer_whatever_key_it_uses() -> None:
    """A seal names the organisation by its number; so does the seal of its list."""
    document = {**list_credential(), "issuer": edc()["issuer"]}
    sealed_list = sealed(credential=document)

    report = verify(sealed(credential=edc_with_status()), handed=[sealed_list])

    assert answer(report) == "pass"
    assert report.outcome is Outcome.PASSED


def test_the_list_of_a_badge_key_is_anothers_to_a_seal() -> None:
    data = sealed(credential=edc_with_status())

    assert answer(verify(data, online={URL: signed()})) == "warn other-list-issuer"
    assert answer(verify(data, handed=[signed()])) == "undecided status-list-others"


def edc_with_status(position: int = CLEAR) -> Json:
    """An EDC whose status is written in whole addresses (decision 19)."""
    plain = entry(position)
    status = {"id": plain.pop("id")}
    status["type"] = ["CredentialStatus", NAMESPACE + plain.pop("type")]
    status |= {NAMESPACE + name: value for name, value in plain.items()}
    return {**edc(), "credentialStatus": status}


def test_an_edc_that_was_revoked_fails() -> None:
    assert answer(
        verify(sealed(credential=edc_with_status(REVOKED)), online={URL: signed()})
    ) == ("fail revoked")


def test_a_list_at_hand_settles_what_its_address_does_not() -> None:
    for said in (b"<html>", signed(list_credential(validUntil=OVER)), "timeout"):
        report = verify(with_status(), online={URL: said}, handed=[signed()])

        assert answer(report) == "pass"
        assert answer(verify(with_status(), online={URL: said})) != "pass"


def test_a_revocation_counts_from_wherever_its_issuer_signed_it() -> None:
    """Who controls the address could show an older list; nobody unsigns a newer."""
    older = signed(list_credential(subject(REVOKED + 1)))
    data = with_status(entry(REVOKED))

    report = verify(data, online={URL: older}, handed=[signed()])

    assert answer(report) == "fail revoked"
    assert answer(verify(data, online={URL: older})) == "pass"


def test_a_suspension_counts_as_its_address_says_now() -> None:
    status = entry(REVOKED, statusPurpose="suspension")
    paused = signed(list_credential(subject(statusPurpose="suspension")))
    ended = signed(list_credential(subject(1, statusPurpose="suspension")))

    def asked(online: dict[str, bytes | str]) -> str:
        return answer(verify(with_status(status), online=online, handed=[paused]))

    assert asked({URL: ended}).startswith("pass")
    assert asked({}) == "fail suspended"


# --- "Purposes other than revocation and suspension are reported; alone they are
# undecided, never pass." ---


@pytest.mark.parametrize("purpose", ["refresh", "message", "zgled"])
def test_another_purpose_alone_is_never_pass(purpose: str) -> None:
    listed = signed(list_credential(subject(CLEAR, statusPurpose=purpose)))
    data = with_status(entry(statusPurpose=purpose))

    report = verify(data, online={URL: listed})

    assert answer(report) == "undecided other-purpose"
    (told,) = report.check("credential.status").evidence["entries"]
    assert (told["purpose"], told["value"]) == (purpose, 1)


def test_another_purpose_beside_revocation_is_reported() -> None:
    lists = {
        URL: signed(),
        PAUSES: signed(
            list_credential(subject(CLEAR, statusPurpose="message"), id=PAUSES)
        ),
    }
    message = entry(
        statusPurpose="message",
        statusListCredential=PAUSES,
        statusMessage=[
            {"status": "0x0", "message": "v redu"},
            {"status": "0x1", "message": "нова верзија"},
        ],
    )

    report = verify(with_status([entry(), message]), online=lists)

    assert answer(report) == "pass"
    told = report.check("credential.status").evidence["entries"]
    assert told[1]["message"] == "нова верзија"


def test_a_list_for_another_purpose_settles_nothing() -> None:
    listed = signed(list_credential(subject(statusPurpose="suspension")))

    report = verify(with_status(), online={URL: listed})

    assert answer(report) == "undecided other-purpose"


# --- part 2: "revoked, suspended / list unreadable, stale, not at hand: fail /
# undecided" ---


def test_suspended_is_a_failure_of_its_own() -> None:
    paused = signed(
        list_credential(subject(CLEAR, statusPurpose="suspension"), id=PAUSES)
    )
    clear = signed(list_credential(subject(1, statusPurpose="suspension"), id=PAUSES))
    pause = entry(statusPurpose="suspension", statusListCredential=PAUSES)
    data = with_status([entry(), pause])

    report = verify(data, online={URL: signed(), PAUSES: paused})

    assert answer(report) == "fail suspended"
    assert report.outcome is Outcome.FAILED
    assert answer(verify(data, online={URL: signed(), PAUSES: clear})) == "pass"


def test_any_entry_that_is_set_revokes() -> None:
    several = [entry(1), entry(REVOKED), entry(2)]

    report = verify(with_status(several), online={URL: signed()})

    assert answer(report) == "fail revoked"
    assert answer(verify(with_status(several[::2]), online={URL: signed()})) == "pass"


def test_one_entry_that_could_not_be_asked_keeps_all_open() -> None:
    several = [entry(), entry(statusListCredential=PAUSES)]

    report = verify(with_status(several), online={URL: signed()})

    assert answer(report) == "undecided unreachable"


def test_jwts_are_asked_alike() -> None:
    assert answer(verify(jwt_with_status(), online={URL: signed()})) == "pass"
    assert answer(verify(jwt_with_status(), online={URL: signed_jwt()})) == "pass"
    revoked = jwt_with_status(entry(REVOKED))
    assert answer(verify(revoked, online={URL: signed_jwt()})) == "fail revoked"


def test_lists_of_2021_are_read() -> None:
    document = list_credential(
        subject(type="StatusList2021", encodedList=packed(REVOKED, prefix="")),
        type=["VerifiableCredential", "StatusList2021Credential"],
        issuanceDate=stamp(AT - timedelta(hours=2)),
        validFrom=None,
    )
    document["@context"] = [V1, LIST_2021, PROOFS]
    listed = signed(document)

    def asked(position: int) -> str:
        status = entry(position, type="StatusList2021Entry")
        signed_jwt_badge = jwt_with_status(status)
        return answer(verify(signed_jwt_badge, online={URL: listed}))

    assert asked(CLEAR) == "pass"
    assert asked(REVOKED) == "fail revoked"


# --- part 4: unsigned evidence counts only as this run fetched it over https ---


def named(*ids: str) -> bytes:
    return encoded({"revokedCredential": [{"id": one} for one in ids]})


def test_a_1edtech_list_counts_only_as_fetched_from_its_own_address() -> None:
    data = jwt_with_status({"id": NAMES, "type": REVOKES})

    assert answer(verify(data, online={NAMES: named("urn:uuid:1")})) == "pass"
    assert answer(verify(data, online={NAMES: named(badge()["id"])})) == "fail revoked"
    assert answer(verify(data)) == "undecided offline"


def test_a_1edtech_list_from_plain_http_is_never_asked() -> None:
    plain = NAMES.replace("https", "http")
    door = Answering({plain: named()})

    report = verify(jwt_with_status({"id": plain, "type": REVOKES}), online=door)

    assert answer(report) == "undecided unreachable"
    assert door.asked == []


# --- part 9: "A status list has no history: a bit set now is fail, one clear now is
# pass as-of-list-date." ---


def test_a_bit_set_now_fails_at_any_time_asked_about() -> None:
    before = AT - timedelta(days=3)

    assert answer(
        verify(with_status(entry(REVOKED)), online={URL: signed()}, as_of=before)
    ) == ("undecided blocked")
    after = AT - timedelta(minutes=30)
    report = verify(with_status(entry(REVOKED)), online={URL: signed()}, as_of=after)
    assert answer(report) == "fail revoked"


def test_a_bit_clear_now_says_of_when_it_is() -> None:
    after = AT - timedelta(minutes=30)

    report = verify(with_status(), online={URL: signed()}, as_of=after)

    assert answer(report) == "pass as-of-list-date"
    assert report.outcome is Outcome.PASSED


# --- what people and programs are told ---


def test_the_words_name_the_host_and_the_next_command() -> None:
    text = verify(with_status()).to_text(name="znacka.jsonld")

    assert "a list at zgled.example, which was not asked" in text
    assert "Next:  edc-issuer verify --online znacka.jsonld" in text
    assert "not whose credential it is" in text


def test_a_list_that_is_too_old_leads_to_its_address() -> None:
    document = list_credential(validUntil=stamp(AT - timedelta(days=1)))

    text = verify(with_status(), handed=[signed(document)]).to_text()

    assert "too old" in text
    assert "edc-issuer verify --online" in text


def test_once_asked_in_vain_the_same_is_not_suggested_again() -> None:
    text = verify(with_status(), online={}).to_text()

    assert "verify --online" not in text
    assert "Ask the school" in text


def test_every_answer_names_its_list() -> None:
    check = verify(with_status(), online={}).check("credential.status")

    assert check.evidence["address"] == URL
    assert check.evidence["entries"][0]["problem"] == PROBLEMS["unreachable"]


def test_a_key_of_another_spelling_hides_no_status() -> None:
    spelling = "https://www.w3.org/2018/credentials#credentialStatus"

    report = verify(jwt(claims({**badge(), spelling: [entry()]})), online={})

    assert answer(report) == "undecided status.entry"
    assert report.outcome is Outcome.INDETERMINATE
    assert verify(jwt()).outcome is Outcome.PASSED


def test_the_school_of_these_tests_is_one() -> None:
    assert list_credential()["issuer"] == school().badge.did

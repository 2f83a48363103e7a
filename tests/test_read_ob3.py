"""An Open Badge is read back into the record it was made of, in its one language."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from edc_issuer.errors import RecordError
from edc_issuer.models.base import Read
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord, LegalIdentifier, Level, Organisation
from reading_back import differences, unexplained, untold
from test_elm import KINDS, everything
from test_ob3 import DID, RECORDS, build, record

each_record = pytest.mark.parametrize("name", RECORDS)
SOURCES = [*RECORDS, *KINDS]


def source_of(name: str) -> CredentialRecord:
    return everything(name) if name in KINDS else record(name)


def received(of: CredentialRecord, **context: Any) -> dict[str, Any]:
    """The badge as it arrives: JSON, no shared objects."""
    value: dict[str, Any] = json.loads(json.dumps(build(of, **context).credential))
    return value


def read(of: CredentialRecord, **context: Any) -> Read:
    return OB3.read(received(of, **context))


@pytest.mark.parametrize("name", SOURCES)
def test_a_record_comes_back_but_for_what_the_account_calls_lost(name: str) -> None:
    source = source_of(name)

    found = unexplained(
        source, build(source, issuer_id=DID), read(source, issuer_id=DID)
    )

    assert found == set()


@each_record
def test_it_comes_back_without_a_did_and_in_another_language(name: str) -> None:
    source = record(name)
    language = source.languages[-1]

    built = build(source, language=language)

    assert unexplained(source, built, read(source, language=language)) == set()


@pytest.mark.parametrize("name", SOURCES)
def test_every_loss_of_the_way_out_is_named_on_the_way_back(name: str) -> None:
    source = source_of(name)

    assert untold(build(source, issuer_id=DID), read(source, issuer_id=DID)) == set()


@each_record
def test_nothing_of_our_own_badge_stays_unread(name: str) -> None:
    found = read(record(name), issuer_id=DID)

    assert [loss.path for loss in found.losses if loss.kind == "unread"] == []


# --- what other makers write ----------------------------------------------------------

STRANGER: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "https://badges.example/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": "https://badges.example/issuer",
    "validFrom": "2025-03-04T00:00:00Z",
    "credentialSubject": {
        "type": "AchievementSubject",
        "achievement": {
            "id": "https://badges.example/a",
            "type": "Achievement",
            "name": "Žametna roka",
            "criteria": {"narrative": "Narediti."},
        },
    },
}


def stranger(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(STRANGER) | changes


def test_a_bare_badge_of_others_gives_what_it_says_and_no_more() -> None:
    found = OB3.read(stranger())

    assert found.record.programme.title == {"en": "Žametna roka"}
    assert found.record.programme.outcomes == ()
    assert found.record.issuer.legal_name == {"en": "https://badges.example/issuer"}
    assert found.record.award.date_awarded == date(2025, 3, 4)
    assumed = {loss.path for loss in found.losses if loss.kind == "assumed"}
    assert {"primary_language", "credential_kind", "record_id"} <= assumed


def test_alignments_of_others_are_not_taken_for_outcomes_or_levels() -> None:
    credential = stranger()
    credential["credentialSubject"]["achievement"]["alignment"] = [
        {
            "type": ["Alignment"],
            "targetName": "EQF level 5",
            "targetUrl": "https://frameworks.example/5",
            "targetType": "CFItem",
            "targetCode": "5",
        }
    ]

    found = OB3.read(credential)

    assert found.record.programme.level is None
    assert found.record.programme.outcomes == ()
    unread = {loss.path for loss in found.losses if loss.kind == "unread"}
    assert "/credentialSubject/achievement/alignment/0/targetName" in unread


def test_a_credit_without_its_system_is_no_credit() -> None:
    credential = stranger()
    credential["credentialSubject"]["achievement"]["creditsAvailable"] = 6

    assert OB3.read(credential).record.programme.credits == ()


def test_a_name_in_clear_is_the_learners_and_a_hash_is_nobodys() -> None:
    credential = stranger()
    credential["credentialSubject"]["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityType": "emailAddress",
            "identityHash": "sha256$00",
        },
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityType": "name",
            "identityHash": "Љубица Ђорђевић",
        },
    ]

    learner = OB3.read(credential).record.learner

    assert (learner.given_name, learner.family_name) == ("Љубица", "Ђорђевић")
    assert learner.email is None


def test_without_a_day_there_is_no_record() -> None:
    credential = stranger()
    del credential["validFrom"]

    with pytest.raises(RecordError) as refused:
        OB3.read(credential)

    assert [p.path for p in refused.value.problems] == ["award.valid_from"]


def test_an_older_badge_begins_on_its_day_of_issue() -> None:
    credential = stranger(issuanceDate="2024-02-29T23:00:00Z")
    del credential["validFrom"]

    assert OB3.read(credential).record.award.valid_from == date(2024, 3, 1)


# --- names, numbers and levels that could be mistaken ---------------------------------


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Ana", "Novak"),
        ("Ana Marija", "Novak"),
        ("Ana", "Novak Kovač"),
        ("Ђорђе", "Љубић Њежић"),
        ("Suzana", ""),
        ("", "Suzana"),
    ],
)
def test_a_name_is_divided_where_it_was(given: str, family: str) -> None:
    base = record()
    learner = replace(base.learner, given_name=given, family_name=family)

    found = read(replace(base, learner=learner), issuer_id=DID).record.learner

    assert (found.given_name.strip(), found.family_name) == (given, family)


def with_issuer(**changes: Any) -> CredentialRecord:
    base = record()
    issuer = replace(base.issuer, **changes)
    return replace(base, issuer=issuer, awarding_bodies=(issuer,))


@pytest.mark.parametrize(
    "own", [None, DID, "https://school.example/id", "urn:uuid:1-2"]
)
@pytest.mark.parametrize("signer", [None, DID])
def test_an_issuer_keeps_its_own_id_and_never_gets_the_signers(
    own: str | None, signer: str | None
) -> None:
    source = with_issuer(id=own)

    assert read(source, issuer_id=signer).record.issuer.id == own


@pytest.mark.parametrize(
    ("value", "country"),
    [("NTRSI-1234567", "SI"), ("NTRSI-1234567", "HR"), ("1234567", "ME")],
)
def test_a_number_keeps_its_country(value: str, country: str) -> None:
    number = LegalIdentifier(value, country)

    found = read(with_issuer(legal_identifier=number), issuer_id=DID).record.issuer

    assert found.legal_identifier == number


@pytest.mark.parametrize(
    "level",
    [
        Level(
            "recommended", eqf=4, assigned_by="Šola", rationale={"sl": "Ker.\nTako."}
        ),
        Level("recommended", eqf=4, rationale={"sl": "Ker. Tako."}),
        Level("where_possible", eqf=2, assigned_by="Ž"),
        Level("if_applicable", ehea_cycle="short", rationale={"sl": "Č"}),
    ],
    ids=lambda level: level.basis,
)
def test_a_level_keeps_on_what_it_rests(level: Level) -> None:
    base = record()
    source = replace(base, programme=replace(base.programme, level=level))

    assert read(source, issuer_id=DID).record.programme.level == level


def test_outcomes_without_codes_keep_their_skills() -> None:
    base = record()
    skills = (
        "http://data.europa.eu/esco/skill/1",
        "http://data.europa.eu/esco/skill/2",
    )
    outcomes = tuple(
        replace(item, code=None, esco=(uri,), outcome_source=None)
        for item, uri in zip(base.programme.outcomes, skills, strict=False)
    )
    source = replace(base, programme=replace(base.programme, outcomes=outcomes))

    found = read(source, issuer_id=DID).record.programme.outcomes

    assert [(item.code, item.esco) for item in found] == [
        (None, (uri,)) for uri in skills
    ]


def test_hours_of_odd_length_come_back_to_the_second() -> None:
    base = record()
    assert base.programme.workload
    workload = replace(base.programme.workload, hours=Decimal("7.25"))
    source = replace(base, programme=replace(base.programme, workload=workload))

    found = read(source, issuer_id=DID).record.programme.workload

    assert found is not None
    assert found.hours == Decimal("7.25")


def test_a_further_awarding_body_comes_back_with_what_is_said_of_it() -> None:
    base = record()
    other = Organisation({"sl": "Zbornica Črnomelj"}, base.issuer.address)
    source = replace(base, awarding_bodies=(*base.awarding_bodies, other))

    found = read(source, issuer_id=DID).record.awarding_bodies

    assert [body.legal_name["sl"] for body in found] == [
        base.issuer.legal_name["sl"],
        "Zbornica Črnomelj",
    ]


def test_reading_changes_nothing_of_the_badge() -> None:
    source = received(record(), issuer_id=DID)
    before = copy.deepcopy(source)

    OB3.read(source)

    assert source == before
    assert differences(OB3.read(source).record, OB3.read(before).record) == set()


COMPLETED, FAILED, WITHDREW = (
    {"type": ["Result"], "status": status}
    for status in ("Completed", "Failed", "Withdrew")
)


@pytest.mark.parametrize(
    ("further", "status"),
    [
        ([], "pass"),
        ([COMPLETED], "pass"),
        ([{"type": ["Result"]}], "pass"),
        ([FAILED], "fail"),
        ([COMPLETED, WITHDREW], "fail"),
        ([{"type": ["Result"], "status": "InProgress"}], "other"),
        ([{"type": ["Result"], "status": ["Completed", "Failed"]}], "fail"),
    ],
)
def test_results_that_gainsay_each_other_are_never_passed(
    further: list[dict[str, Any]], status: str
) -> None:
    credential = received(record("scouts4green_ecological"))
    credential["credentialSubject"]["result"] += further

    result = OB3.read(credential).record.award.result

    assert result is not None
    assert result.status == status


def test_the_order_of_results_that_gainsay_each_other_changes_nothing() -> None:
    credential = received(record("scouts4green_ecological"))
    credential["credentialSubject"]["result"].insert(0, FAILED)

    result = OB3.read(credential).record.award.result

    assert result is not None
    assert result.status == "fail"

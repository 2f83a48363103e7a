"""A European Digital Credential is read back into the record it was made of."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.errors import RecordError
from edc_issuer.models.base import Read
from edc_issuer.models.elm import ELM
from edc_issuer.models.elm.assessment import POINTS
from edc_issuer.record import (
    Activity,
    CredentialRecord,
    Place,
    QualityMeasure,
    refusals,
)
from reading_back import differences, unexplained, untold
from test_elm import KINDS, NAMES, build, everything, record

each_record = pytest.mark.parametrize("name", NAMES)


def received(of: CredentialRecord) -> dict[str, Any]:
    """The credential as it arrives: JSON, no shared objects."""
    value: dict[str, Any] = json.loads(json.dumps(build(of).credential))
    return value


def read(of: CredentialRecord) -> Read:
    return ELM.read(received(of))


@each_record
def test_a_fixture_comes_back_but_for_what_the_account_calls_lost(name: str) -> None:
    source = record(name)

    assert unexplained(source, build(source), read(source)) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_that_says_everything_comes_back_likewise(kind: str) -> None:
    source = everything(kind)

    assert unexplained(source, build(source), read(source)) == set()


@each_record
def test_every_loss_of_the_way_out_is_named_on_the_way_back(name: str) -> None:
    source = record(name)

    assert untold(build(source), read(source)) == set()


@each_record
def test_nothing_of_our_own_credential_stays_unread(name: str) -> None:
    found = read(record(name))

    assert [loss.path for loss in found.losses if loss.kind == "unread"] == []


# --- what other makers write, and what the calendar does ------------------------------


def changed(**changes: Any) -> Read:
    """The Slovenian record's credential with some of its members replaced."""
    return ELM.read(received(record("mcvet_3d_si")) | changes)


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2025-11-20T00:00:00+01:00", date(2025, 11, 20)),
        ("2025-11-20T00:00:00Z", date(2025, 11, 20)),
        ("2025-11-19T23:00:00Z", date(2025, 11, 20)),  # midnight in Ljubljana, winter
        ("2025-06-19T22:00:00Z", date(2025, 6, 20)),  # and in summer
        ("2025-11-20T15:30:00Z", date(2025, 11, 20)),
        ("2025-11-20", date(2025, 11, 20)),
    ],
)
def test_a_day_is_the_date_in_its_own_offset_and_midnight_in_europe(
    stated: str, day: date
) -> None:
    assert changed(validFrom=stated).record.award.valid_from == day


def test_without_any_day_there_is_no_record() -> None:
    credential = received(record("mcvet_3d_si"))
    del credential["validFrom"], credential["issued"]
    del credential["credentialSubject"]["hasClaim"]["awardedBy"]["awardingDate"]

    with pytest.raises(RecordError) as refused:
        ELM.read(credential)

    assert [p.path for p in refused.value.problems] == ["award.valid_from"]


def test_lists_of_one_and_single_values_are_the_same() -> None:
    source = received(record("mcvet_3d_si"))
    wrapped = copy.deepcopy(source)
    subject = wrapped["credentialSubject"]
    wrapped["credentialSubject"] = [subject]
    subject["hasClaim"] = [subject["hasClaim"]]
    for key in ("specifiedBy", "awardedBy", "provenBy"):
        subject["hasClaim"][0][key] = [subject["hasClaim"][0][key]]

    assert ELM.read(wrapped).record == ELM.read(source).record


def test_a_node_that_is_only_named_by_its_id_is_looked_up() -> None:
    source = received(record("mcvet_3d_si"))
    named = copy.deepcopy(source)
    process = named["credentialSubject"]["hasClaim"]["awardedBy"]
    body = process["awardingBody"]
    process["awardingBody"] = body["id"]

    assert ELM.read(named).record == ELM.read(source).record


def test_a_text_without_a_language_is_in_the_primary_one() -> None:
    credential = received(record("mcvet_3d_si"))
    credential["credentialSubject"]["givenName"] = "Žiga"

    assert ELM.read(credential).record.learner.given_name == "Žiga"


@pytest.mark.parametrize(
    ("name", "primary"), [("mcvet_3d_rs", "sr-Latn"), ("mcvet_3d_rs_cyrl", "sr-Cyrl")]
)
def test_the_script_of_serbian_is_seen_in_the_texts(name: str, primary: str) -> None:
    found = read(record(name)).record

    assert found.primary_language == primary
    assert found.languages == record(name).languages


def test_both_scripts_of_serbian_stand_side_by_side() -> None:
    base = record("mcvet_3d_rs_cyrl")
    title = base.programme.title | {"sr-Latn": "Osnove 3D štampe"}  # type: ignore[operator]
    source = replace(
        base,
        languages=("sr-Latn", "sr-Cyrl", "en", "sl"),
        programme=replace(base.programme, title=title),
    )

    found = read(source).record

    assert {*found.languages} == {*source.languages}
    assert found.primary_language == "sr-Cyrl"
    assert found.programme.title == title


def test_a_measure_without_words_of_its_own_keeps_none() -> None:
    base = record("mcvet_3d_si")
    assert base.programme.quality_assurance
    bare = QualityMeasure(
        "external", "peer_review", "EQAVET", url="https://e.example/q"
    )
    quality = replace(base.programme.quality_assurance, types=(bare,))
    source = replace(base, programme=replace(base.programme, quality_assurance=quality))

    assert read(source).record.programme.quality_assurance == quality


def test_an_address_is_taken_apart_again() -> None:
    base = record("mcvet_3d_si")
    address = replace(
        base.issuer.address,
        street="Vrtna pot 2, Dvor",
        post_code="SW1A 1AA",
        locality="Novo mesto, Žabja vas",
    )
    issuer = replace(base.issuer, address=address)
    source = replace(base, issuer=issuer, awarding_bodies=(issuer,))

    assert read(source).record.issuer.address == address


def test_a_place_abroad_belongs_to_the_host() -> None:
    base = record("scouts4green_ecological")
    assert base.award.activity
    done = replace(base.award.activity, location=Place("AT", "Graz"))
    source = replace(base, award=replace(base.award, activity=done))

    found = read(source).record.award.activity

    assert found is not None
    assert found.location == Place("AT", "Graz")
    assert found.host_organisation == done.host_organisation


def test_an_award_without_an_activity_has_none() -> None:
    base = record("mcvet_3d_si")
    without = replace(base, award=replace(base.award, activity=None))
    empty = replace(base, award=replace(base.award, activity=Activity()))

    assert read(without).record.award.activity is None
    assert read(empty).record.award.activity is not None


def test_what_was_read_is_not_refused_for_what_was_passed() -> None:
    for name in NAMES:
        assert list(refusals(read(record(name)).record)) == []


def test_a_stranger_whose_kind_is_not_stated_is_told_to_be_assumed() -> None:
    path = shared_file("samples/edc/Sample-MC-Annex1-unsigned.jsonld")

    found = ELM.read(json.loads(path.read_text("utf-8")))

    assert ("credential_kind", "assumed") in {(x.path, x.kind) for x in found.losses}


def test_the_same_credential_reads_the_same_twice() -> None:
    source = received(record("scouts4green_stacked"))

    assert ELM.read(source) == ELM.read(copy.deepcopy(source))


def test_reading_changes_nothing_of_the_credential() -> None:
    source = received(record("scouts4green_stacked"))
    before = copy.deepcopy(source)

    ELM.read(source)

    assert source == before


def test_records_that_differ_are_found_to_differ() -> None:
    one, other = record("mcvet_3d_si"), record("mcvet_3d_me")

    assert "programme.title.sl" in differences(one, other)
    assert differences(one, one) == set()


def graded(words: str) -> dict[str, Any]:
    return {"type": "Note", "noteLiteral": {"sl": [words], "en": [words]}}


def proof_of(credential: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = credential["credentialSubject"]["hasClaim"]["provenBy"]
    return found


def status_of(credential: dict[str, Any]) -> str:
    result = ELM.read(credential).record.award.result
    assert result is not None
    return result.status


@pytest.mark.parametrize(("words", "status"), [("fail", "fail"), ("98 točk", "pass")])
def test_a_further_grade_or_proof_that_says_failed_is_never_passed(
    words: str, status: str
) -> None:
    source = record("scouts4green_ecological")
    grades, proofs = received(source), received(source)
    proof = proof_of(grades)
    proof["grade"] = [proof["grade"], graded(words)]
    further = {"type": "LearningAssessment", "grade": graded(words)}
    claim = proofs["credentialSubject"]["hasClaim"]
    claim["provenBy"] = [proof_of(proofs), further]

    assert status_of(grades) == status
    assert status_of(proofs) == status
    # The record holds one proof only, so the further one is told as not read.
    read = ELM.read(proofs)
    unread = {loss.path for loss in read.losses if loss.kind == "unread"}
    assert any("/provenBy/1" in path for path in unread)


def test_a_further_proof_with_too_few_points_is_never_passed() -> None:
    credential = received(record("scouts4green_ecological"))
    claim = credential["credentialSubject"]["hasClaim"]
    further = copy.deepcopy(proof_of(credential))
    further["id"] = "urn:epass:learningAssessment:2"
    (points,) = (
        note
        for note in further["additionalNote"]
        if POINTS[0] in json.dumps(note["subject"])
    )
    points["noteLiteral"] = dict.fromkeys(points["noteLiteral"], "1")
    claim["provenBy"] = [proof_of(credential), further]

    assert status_of(credential) == "fail"

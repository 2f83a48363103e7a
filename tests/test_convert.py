"""From a credential to a record, and from one model to the other, unsigned."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.convert import content_of, convert, incomplete, to_record
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.models import recognise
from edc_issuer.models.base import Media
from edc_issuer.record import CredentialRecord
from test_elm import NAMES, record
from test_elm import build as build_elm
from test_ob3 import DID
from test_ob3 import build as build_ob3
from world import RECORDS, issued

PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
each_record = pytest.mark.parametrize("name", NAMES)


def draw(_: CredentialRecord, __: str) -> tuple[Media, ...]:
    return (PAGE,)


def edc(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.dumps(build_elm(record(name)).credential))
    return value


def badge(name: str) -> dict[str, Any]:
    built = build_ob3(record(name), issuer_id=DID)
    value: dict[str, Any] = json.loads(json.dumps(built.credential))
    return value


@each_record
def test_an_edc_becomes_a_sound_badge_without_anybodys_proof(name: str) -> None:
    found = convert(edc(name), "ob3", at=AT)

    model = recognise(found.content)
    assert model is not None
    assert model.id == "ob3"
    assert list(model.inspect(found.content)) == []
    assert "proof" not in found.content


@each_record
def test_a_badge_becomes_a_sound_edc(name: str) -> None:
    found = convert(badge(name), "elm", at=AT, draw=draw)

    model = recognise(found.content)
    assert model is not None
    assert model.id == "elm"
    assert list(model.inspect(found.content)) == []


@each_record
def test_what_an_edc_said_in_the_primary_language_is_in_the_badge_made_of_it(
    name: str,
) -> None:
    source = record(name)

    found = to_record(convert(edc(name), "ob3", at=AT).content).record

    tag = source.primary_language
    assert found.programme.title == {tag: source.programme.title[tag]}
    assert found.learner.given_name == source.learner.given_name
    assert found.award.date_awarded == source.award.date_awarded
    titles = [outcome.title[tag] for outcome in found.programme.outcomes]
    took_part = source.credential_kind == "participation"
    said = [] if took_part else source.programme.outcomes
    assert titles == [outcome.title[tag] for outcome in said]


def test_both_halves_of_the_way_are_accounted_for() -> None:
    found = convert(edc("scouts4green_ecological"), "ob3", at=AT)

    left = {loss.path for loss in found.left}
    right = {loss.path for loss in found.right}
    assert "programme.version" in left
    assert "learner.date_of_birth" in right


def test_a_record_becomes_what_would_be_issued_of_it() -> None:
    source = record("mcvet_3d_me")

    found = convert(source, "ob3", at=AT)

    assert found.left == ()
    assert found.content["name"] == source.programme.title["cnr"]


def test_a_record_that_was_not_passed_is_not_converted_either() -> None:
    name = "neg_scouts4green_failed"
    failed = CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())

    with pytest.raises(RecordError):
        convert(failed, "ob3", at=AT)


def test_a_badge_may_be_asked_for_in_another_language() -> None:
    found = convert(edc("mcvet_3d_rs_cyrl"), "ob3", language="en", at=AT)

    assert found.content["name"] == record("mcvet_3d_rs_cyrl").programme.title["en"]


def test_attached_files_come_with_the_record_and_are_named_where_they_do_not() -> None:
    name = "scouts4green_stacked"
    source = record(name)
    held = {item.path for item in source.attachments}

    read = to_record(edc(name))
    lost = convert(edc(name), "ob3", at=AT).right

    assert len(held) == len(read.files) > 0
    contents = [media.data for media in read.files.values()]
    assert contents == [
        (RECORDS / str(item.path)).read_bytes() for item in source.attachments
    ]
    assert "attachments" in {loss.path for loss in lost}


def test_a_body_whose_country_nobody_said_is_left_out_and_named() -> None:
    found = convert(badge("scouts4green_ecological"), "elm", at=AT, draw=draw)

    paths = {loss.path for loss in found.right}
    assert "programme.quality_assurance.types.body" in paths


def test_an_issuer_whose_country_nobody_said_is_a_problem_with_its_path() -> None:
    credential = badge("scouts4green_ecological")
    del credential["issuer"]["address"]

    with pytest.raises(RecordError) as refused:
        convert(credential, "elm", at=AT, draw=draw)

    assert any("issuer.address.country" in p.path for p in refused.value.problems)


def test_what_is_of_that_model_already_is_not_converted() -> None:
    with pytest.raises(ConfigError, match="already"):
        convert(edc("mcvet_3d_si"), "elm", at=AT)


def test_a_target_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose"):
        convert(record("mcvet_3d_si"), "pdf")


def test_an_incomplete_record_says_all_that_has_to_be_added() -> None:
    credential = badge("mcvet_3d_si")
    kept = ("ext:LearningOutcome", "ext:LearningSetting")
    achievement = credential["credentialSubject"]["achievement"]
    achievement["alignment"] = [
        item for item in achievement["alignment"] if item["targetType"] not in kept
    ]

    found = convert(credential, "record")

    assert {problem.path for problem in found.missing} == {
        "programme.outcomes",
        "programme.learning_setting",
    }


def test_a_whole_record_lacks_nothing() -> None:
    assert incomplete(record("mcvet_3d_si")) == ()
    assert incomplete(replace(record("mcvet_3d_si"), languages=())) != ()


@pytest.mark.parametrize("profile", ["edc-jades", "ob3-jwt", "ob3-di"])
def test_signed_files_of_every_kind_are_read(profile: str) -> None:
    source = record("scouts4green_ecological")

    read = to_record(content_of(issued(profile).data))

    assert read.record.programme.code == source.programme.code
    assert [loss for loss in read.losses if loss.kind == "unread"] == []


# --- the command -------------------------------------------------------------------


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["convert", *map(str, arguments)])


def test_the_command_writes_the_record_its_files_and_what_is_lost(
    tmp_path: Path,
) -> None:
    file = tmp_path / "edc.jsonld"
    file.write_bytes(issued("edc-jades", "scouts4green_ecological").data)
    out = tmp_path / "read" / "record.json"

    result = run(file, "--to", "record", "--out", out, "--lang", "sl")

    assert result.exit_code == 0, result.output
    assert CredentialRecord.from_json(out.read_bytes()).programme.code == "S4G-ECO"
    assert "Rezultat ni podpisan" in result.stderr
    assert "record_id" in result.stderr
    assert out.stat().st_mode & 0o077 == 0


def test_the_command_prints_json_with_both_accounts(tmp_path: Path) -> None:
    file = tmp_path / "edc.jsonld"
    file.write_bytes(issued("edc-jades").data)

    result = run(file, "--to", "ob3", "--json", "--lang", "en")

    told = json.loads(result.stdout)
    assert told["UNSIGNED"].startswith("The result is unsigned")
    assert told["content"]["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["left_on_reading"]
    assert told["left_on_building"]


def test_the_command_refuses_what_is_no_credential(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"a": 1}')

    result = run(file, "--to", "record")

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_what_a_badge_of_others_leaves_open_is_to_be_added() -> None:
    credential = badge("mcvet_3d_si")
    del credential["issuer"]["address"]
    del credential["credentialSubject"]["licenseNumber"]
    del credential["credentialSubject"]["identifier"]

    found = {problem.path for problem in convert(credential, "record").missing}

    assert {
        "issuer.address.country",
        "award.certificate_number",
        "learner.given_name",
    } <= found

"""Twins: an EDC and a badge of one award that name each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from edc_issuer.cli import app
from edc_issuer.compare import compare
from edc_issuer.compare.link import badge_of, edc_of
from edc_issuer.convert import content_of, to_record
from edc_issuer.encoding import b64u
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Outcome
from edc_issuer.twins import Twins, issue_twins
from test_elm import shapes, verdict
from test_ob3 import schema_check
from world import PASSWORD, RECORDS, record, world

BADGES = ("ob3-jwt", "ob3-di")
each_badge = pytest.mark.parametrize("badge", BADGES)


@contextmanager
def issuers(badge: str = "ob3-jwt", **options: Any) -> Iterator[dict[str, Any]]:
    with (
        open_signer(world().key("edc-jades"), secret=lambda _: PASSWORD) as seal,
        open_signer(world().key(badge), secret=lambda _: PASSWORD) as key,
    ):
        edc = Issuer(
            profile=PROFILES["edc-jades"], signer=seal, level=Level.B, **options
        )
        yield {
            "edc": edc,
            "badge": Issuer(profile=PROFILES[badge], signer=key, **options),
        }


@cache
def twins(badge: str = "ob3-jwt", name: str = "scouts4green_ecological") -> Twins:
    with issuers(badge) as both:
        return issue_twins(record(name), **both)


def extended(sealed: bytes) -> bytes:
    """The same seal with a certificate added behind it, as `extend` would add it."""
    value = json.loads(sealed)
    signature = value["signatures"][0] if "signatures" in value else value
    added = b64u(json.dumps({"xVals": [{"x509Cert": {"val": "MAA="}}]}).encode())
    signature.setdefault("header", {}).setdefault("etsiU", []).append(added)
    return json.dumps(value).encode()


# --- what they say of each other ----------------------------------------------------


@each_badge
def test_the_edc_names_the_badge_by_its_id(badge: str) -> None:
    pair = twins(badge)

    assert badge_of(content_of(pair.edc.data)) == pair.badge.credential["id"]


@each_badge
def test_the_badge_names_the_edc_by_its_id_and_the_digest_of_its_payload(
    badge: str,
) -> None:
    pair = twins(badge)
    payload = json.loads(pair.edc.data)["payload"].encode()  # b64 is false

    assert edc_of(content_of(pair.badge.data)) == (
        pair.edc.credential["id"],
        sha256(payload).hexdigest(),
    )


@each_badge
def test_both_are_passed_under_the_trust_of_their_school(badge: str) -> None:
    pair = twins(badge)

    assert world().verify(pair.edc.data).outcome is Outcome.PASSED
    assert world().verify(pair.badge.data).outcome is Outcome.PASSED


@pytest.mark.parametrize("version", ["3.2", "3.1"])
def test_an_edc_that_names_a_badge_conforms_to_the_official_shapes(
    version: str,
) -> None:
    assert verdict(content_of(twins().edc.data), shapes(version)) == ""


def test_a_badge_that_names_an_edc_follows_the_published_schema() -> None:
    content = dict(twins("ob3-di").badge.credential)

    assert [error.message for error in schema_check().iter_errors(content)] == []
    assert list(OB3.inspect(content)) == []


def test_the_link_is_no_evidence_and_no_number_of_the_award() -> None:
    pair, source = twins(), record()

    for issued in (pair.edc, pair.badge):
        read = to_record(content_of(issued.data))
        assert [e.kind for e in read.record.evidence] == [
            e.kind for e in source.evidence
        ]
        assert read.record.document_number is None
        assert [loss.path for loss in read.losses if loss.kind == "unread"] == []


def test_twins_have_the_ids_that_each_would_have_alone() -> None:
    pair = twins()

    alone = [world().issue(profile) for profile in ("edc-jades", "ob3-jwt")]

    assert [one.credential["id"] for one in alone] == [
        pair.edc.credential["id"],
        pair.badge.credential["id"],
    ]


# --- compare checks the pair ---------------------------------------------------------


@each_badge
def test_the_pair_says_the_same_in_either_order(badge: str) -> None:
    pair = twins(badge)

    for files in ((pair.edc, pair.badge), (pair.badge, pair.edc)):
        found = compare(*(issued.data for issued in files))
        assert found.same
        assert [row.answer.value for row in found.links] == ["same"] * 3


def test_extending_the_edc_changes_nothing_of_it() -> None:
    pair = twins()
    later = extended(pair.edc.data)

    found = compare(later, pair.badge.data)

    assert later != pair.edc.data
    assert found.same
    assert [row.answer.value for row in found.links] == ["same"] * 3


def test_an_edc_that_was_sealed_again_is_not_the_twin() -> None:
    """The same record sealed once more: alike in every fact, another payload."""
    pair = twins()
    with issuers() as both:
        later = datetime.now(UTC) + timedelta(minutes=1)
        again = issue_twins(record(), **both, at=later)

    found = compare(again.edc.data, pair.badge.data)

    answers = {row.fact: row.answer.value for row in found.links}
    assert answers["link.payload"] == "differs"
    assert answers["link.badge"] == answers["link.edc"] == "same"
    assert not found.same


def test_a_badge_of_another_award_is_not_the_twin() -> None:
    found = compare(
        twins().edc.data, twins("ob3-jwt", "scouts4green_social").badge.data
    )

    answers = {row.fact: row.answer.value for row in found.links}
    assert answers == dict.fromkeys(answers, "differs")
    assert not found.same


def test_one_that_is_named_and_does_not_name_back_is_told() -> None:
    alone = world().issue("ob3-jwt")

    found = compare(twins().edc.data, alone.data)

    answers = {row.fact: row.answer.value for row in found.links}
    assert answers["link.badge"] == "same"
    assert answers["link.edc"] == "only-in-a"
    assert not found.same


def test_files_that_name_nobody_have_no_link() -> None:
    found = compare(world().issue("edc-jades").data, world().issue("ob3-jwt").data)

    assert found.links == ()
    assert found.same


# --- both or none ------------------------------------------------------------------


def test_issuers_of_the_wrong_models_are_refused() -> None:
    with issuers() as both, pytest.raises(ConfigError, match="one issuer of each"):
        issue_twins(record(), edc=both["badge"], badge=both["edc"])


def test_what_cannot_be_a_badge_is_not_sealed_either() -> None:
    with issuers() as both:
        asked = Issuer(
            profile=both["badge"].profile, signer=both["badge"].signer, language="de"
        )
        counted = _Counted(both["edc"].signer)
        edc = replace(both["edc"], signer=counted)

        with pytest.raises(ConfigError):
            issue_twins(record(), edc=edc, badge=asked)

    assert counted.signed == 0


def test_what_was_not_passed_is_neither() -> None:
    name = "neg_scouts4green_failed"
    failed = CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())

    with issuers() as both, pytest.raises(RecordError):
        issue_twins(failed, **both)


class _Counted:
    """A signer that counts what it signs."""

    def __init__(self, signer: Any) -> None:
        self.algorithm, self.identity = signer.algorithm, signer.identity
        self._signer, self.signed = signer, 0

    def sign(self, messages: Any) -> Any:
        self.signed += len(messages)
        return self._signer.sign(messages)


# --- the command -------------------------------------------------------------------


def run(tmp_path: Path, *more: str) -> Any:
    arguments = [
        "twins",
        str(RECORDS / "scouts4green_ecological.json"),
        *("--seal-key", world().key("edc-jades")),
        *("--badge-key", world().key("ob3-jwt")),
        *("--seal-secret-env", "TWIN_SECRET", "--badge-secret-env", "TWIN_SECRET"),
        *("--level", "B", "--out", str(tmp_path), *more),
    ]
    return CliRunner().invoke(app, arguments, env={"TWIN_SECRET": PASSWORD})


def test_the_command_writes_a_pair_that_compare_accepts(tmp_path: Path) -> None:
    result = run(tmp_path, "--json")
    files = [row["file"] for row in json.loads(result.stdout)["twins"]]

    compared = CliRunner().invoke(app, ["compare", *files, "--lang", "en"])

    assert result.exit_code == 0, result.output
    assert compared.exit_code == 0, compared.output
    assert "names this very EDC" in compared.stdout
    assert "is not asked here" in compared.stderr


def test_the_command_refuses_a_badge_that_is_an_edc(tmp_path: Path) -> None:
    result = run(tmp_path, "--badge-as", "edc-jades")

    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_edc_that_names_a_badge_passes_our_own_inspection() -> None:
    assert list(ELM.inspect(content_of(twins().edc.data))) == []

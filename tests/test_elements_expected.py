"""What the domain pack and the Commission's own samples have to come out as."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from conftest import ROOT, shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.formats import open_any
from edc_issuer.models.base import BuildContext, Media
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.record import CredentialRecord
from edc_issuer.rules.completeness import Completeness, completeness
from edc_issuer.rules.profiles import PROFILES, profile
from tool_loader import tool

RECORDS = ROOT / "fixtures/records"
NAMES = sorted(
    path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
)
each_record = pytest.mark.parametrize("name", NAMES)
UNSIGNED = "samples/edc/Sample-MC-Annex1-unsigned.jsonld"
SEALED = "samples/edc/Sample-MC-Annex1-signed.jsonld"
PARTICIPATION = "samples/edc/Sample-CertOfPart-unsigned.jsonld"
PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")


@cache
def record(name: str) -> CredentialRecord:
    return CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())


def context(of: CredentialRecord) -> BuildContext:
    files = {
        item.path: Media(item.media_type, (RECORDS / item.path).read_bytes())
        for item in of.attachments
        if item.path
    }
    return BuildContext(
        at=datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC),
        credential_id="urn:uuid:0f1e2d3c-0000-4000-8000-000000000000",
        pictures=dict.fromkeys(of.languages, (PAGE,)),
        files=files,
    )


def not_present(found: Completeness) -> dict[str, str]:
    """As `expected_rules.json` writes it: the mandatory ones that are not there."""
    return {row.element.id: str(row.status) for row in found.annex1_open}


def expected(name: str) -> dict[str, str]:
    path = shared_file("domain/expected_rules.json")
    value: dict[str, str] = json.loads(path.read_text("utf-8"))[name]["annex1_elm"]
    return value


def sample(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(shared_file(name).read_bytes())
    return value


@each_record
def test_the_expected_credentials_lack_what_the_pack_says(name: str) -> None:
    path = shared_file(f"domain/fixtures/expected_elm/{name}.jsonld")
    found = completeness(json.loads(path.read_text("utf-8")), profile="EU")

    assert not_present(found) == expected(name)


@each_record
def test_the_credentials_that_we_build_lack_the_same(name: str) -> None:
    built = ELM.build(record(name), context(record(name))).credential

    assert not_present(completeness(built, profile="EU")) == expected(name)


@each_record
def test_a_record_lacks_what_its_credential_lacks(name: str) -> None:
    assert not_present(completeness(record(name), profile="EU")) == expected(name)


@each_record
def test_a_badge_lacks_the_same_but_cannot_say_why_there_is_no_level(name: str) -> None:
    badge = OB3.build(record(name), context(record(name))).credential
    wanted = dict(expected(name))
    if wanted.get("A1.08") == "not_applicable":
        wanted["A1.08"] = "missing"
    if name == "microquest_participation":
        wanted["A1.06"] = "partial"  # the criteria say what the course was about

    found = not_present(completeness(badge, profile="EU"))

    assert found.pop("A1.11", None) in {wanted.pop("A1.11", None), "partial"}
    found.pop("A1.08", None)
    wanted.pop("A1.08", None)
    assert found == wanted


# What a badge has no place for, or only a general one.
BADGE_SAYS = {
    "A1.08": {"missing"},  # why there is no level
    "BA-HNK.5": {"partial"},  # the duration of modules
    "BA-HNK.6": {"partial", "present"},  # the form of delivery
    "SI.6": {"partial"},  # of a participation the criteria say what it was about
}


@each_record
def test_both_models_say_what_the_record_says(name: str) -> None:
    source = record(name)
    lists = filter(None, (source.national_profile, source.project_profile))
    for own in lists:
        whole = completeness(source, profile=own)
        sealed = ELM.build(source, context(source)).credential
        badge = OB3.build(source, context(source)).credential

        in_elm = completeness(sealed, profile=own).rows
        in_badge = completeness(badge, profile=own).rows

        assert [r.status for r in in_elm] == [r.status for r in whole.rows]
        for row, said in zip(whole.rows, in_badge, strict=True):
            allowed = BADGE_SAYS.get(row.element.id, set()) | {str(row.status)}
            assert said.status in allowed, row.element.id


@each_record
def test_no_fixture_lacks_what_its_own_country_demands(name: str) -> None:
    national = record(name).national_profile
    found = completeness(record(name), profile=national or "EU")

    participates = record(name).credential_kind == "participation"
    assert bool(found.lacking) == participates


def test_the_official_sample_says_nine_of_eleven_before_it_is_sealed() -> None:
    found = completeness(sample(UNSIGNED), profile="EU")

    assert str(found.annex1_score) == "9/11"
    assert not_present(found) == {"A1.05": "missing", "A1.11": "missing"}


def test_the_official_sample_says_ten_of_eleven_once_sealed() -> None:
    _, envelope = open_any(shared_file(SEALED).read_bytes(), documents=BUNDLED)
    securing, _ = open_any(shared_file(SEALED).read_bytes(), documents=BUNDLED)
    content: Any = securing.covered(envelope, envelope.proofs[0])

    found = completeness(content, profile="EU")

    assert str(found.annex1_score) == "10/11"
    assert not_present(found) == {"A1.11": "missing"}
    missing = [r.element.id for r in found.annex1 if r.status == "missing"]
    assert missing == ["A1.11", "A1.O4", "A1.O5"]


def test_a_certificate_of_participation_is_no_micro_credential() -> None:
    found = completeness(sample(PARTICIPATION), profile="EU")

    assert {"A1.05", "A1.06", "A1.08", "A1.09", "A1.11"} == set(not_present(found))


def test_the_data_is_what_the_pack_makes_of_it() -> None:
    shared_file("domain/annex1_elements.json")
    for name, value in tool("make_rules").made().items():
        kept = (ROOT / "src/edc_issuer/data" / name).read_text("utf-8")
        assert json.loads(kept) == value, name


def test_the_pages_say_what_the_lists_say() -> None:
    for name, text in tool("profiles_page").pages().items():
        assert (ROOT / "docs/profiles" / name).read_text("utf-8") == text, name


@pytest.mark.parametrize("name", PROFILES)
def test_every_list_says_where_it_comes_from(name: str) -> None:
    assert profile(name).source
    assert profile(name).name

"""A school maps offline, to the concepts that the official lists hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED, shared_file
from edc_issuer import vocab
from edc_issuer.record import CredentialRecord

ROOT = Path(__file__).parent.parent
RECORDS = sorted((ROOT / "fixtures" / "records").glob("*.json"))
COUNTRY = "http://publications.europa.eu/resource/authority/country"


def records() -> Iterator[CredentialRecord]:
    for path in RECORDS:
        yield CredentialRecord.from_json(path.read_bytes())


@pytest.mark.parametrize(
    ("list_name", "code", "uri"),
    [
        pytest.param("country", "SI", f"{COUNTRY}/SVN", id="iso-alpha-2"),
        pytest.param("country", "XK", f"{COUNTRY}/1A0", id="kosovo"),
        pytest.param(
            "language",
            "sr-Latn",
            "http://publications.europa.eu/resource/authority/language/SRP",
            id="the-list-of-languages-knows-no-script",
        ),
        pytest.param(
            "language",
            "de-AT",
            "http://publications.europa.eu/resource/authority/language/DEU",
            id="nor-a-region",
        ),
        pytest.param(
            "file_type",
            "image/jpeg",
            "http://publications.europa.eu/resource/authority/file-type/JPEG",
            id="media-type",
        ),
        pytest.param(
            "nqf", "HR/4.1", "http://data.europa.eu/snb/qdr/c_486071a1", id="nqf-level"
        ),
        pytest.param(
            "nqf", "SI", "http://data.europa.eu/snb/qdr/c_0f8ae85c", id="nqf-framework"
        ),
        pytest.param(
            "isced_f", "0521", "http://data.europa.eu/snb/isced-f/0521", id="isced-f"
        ),
        pytest.param(
            "supervision",
            "supervised_online_id",
            "http://data.europa.eu/snb/supervision-verification/70be69aaf9",
            id="the-list-of-supervisions-knows-no-place",
        ),
        pytest.param(
            "credit_system", "CSVET", "urn:x-hko:credit:CSVET", id="concept-of-our-own"
        ),
    ],
)
def test_a_code_leads_to_its_concept(list_name: str, code: str, uri: str) -> None:
    concept = vocab.concept(list_name, code)

    assert concept.uri == uri
    assert vocab.by_uri(uri) is concept


@pytest.mark.parametrize(
    ("list_name", "code", "meant"),
    [
        ("learning_mode", "presentail", "presential"),
        ("country", "Slovenija", "SI"),
        ("language", "slovenščina", "sl"),
        ("nqf", "SI/44", "SI/4"),
    ],
)
def test_an_unknown_code_suggests_the_one_that_was_meant(
    list_name: str, code: str, meant: str
) -> None:
    with pytest.raises(vocab.UnknownConcept, match=f"did you mean '{meant}'") as error:
        vocab.concept(list_name, code)

    problem = error.value.problem("programme.delivery_mode")
    assert (problem.path, problem.code) == (
        "programme.delivery_mode",
        "unknown-concept",
    )
    assert code not in problem.message


def test_an_unknown_code_is_a_key_error_too() -> None:
    with pytest.raises(KeyError):
        vocab.concept("eqf", "9")


def codes_of(record: CredentialRecord) -> Iterator[tuple[str, str | None]]:
    programme = record.programme
    yield "learning_opportunity_type", programme.opportunity_type
    yield "learning_setting", programme.learning_setting
    yield "learning_mode", programme.delivery_mode
    yield "learning_mode", programme.participation_form
    for unit in programme.units:
        yield "learning_mode", unit.mode
    for credit in programme.credits:
        yield "credit_system", credit.system
    for field in programme.isced_f:
        yield "isced_f", field
    if programme.level and programme.level.nqf:
        level = programme.level.nqf
        yield "nqf", f"{level.framework}/{level.level}"
    if programme.assessment:
        yield "assessment_type", programme.assessment.type
        yield "learning_mode", programme.assessment.mode
        yield "supervision", programme.assessment.supervision
    for attachment in record.attachments:
        yield "file_type", attachment.media_type
    for language in (*record.languages, *programme.language_of_instruction):
        yield "language", language
    yield "country", record.issuer.address.country


def test_every_code_of_every_fixture_has_a_concept() -> None:
    for record in records():
        for list_name, code in codes_of(record):
            assert code is None or vocab.concept(list_name, code)


def test_labels_come_in_the_languages_of_the_credential() -> None:
    written = vocab.to_elm(vocab.concept("country", "RS"), ("sr-Cyrl", "sl", "en"))

    assert written == {
        "id": f"{COUNTRY}/SRB",
        "type": "Concept",
        "inScheme": {"id": COUNTRY, "type": "ConceptScheme"},
        "notation": "country",
        "prefLabel": {"sr-Cyrl": "Србија", "sl": "Srbija", "en": "Serbia"},
    }


@pytest.mark.parametrize(
    ("languages", "labels"),
    [
        pytest.param(
            ("sl", "en"), {"sl": "Slovenija", "en": "Slovenia"}, id="all-there"
        ),
        pytest.param(("sl",), {"sl": "Slovenija"}, id="english-not-asked-for"),
        pytest.param(("de",), {"en": "Slovenia"}, id="none-there"),
        pytest.param(
            ("sl", "de"), {"sl": "Slovenija", "en": "Slovenia"}, id="one-missing"
        ),
        pytest.param((), {"en": "Slovenia"}, id="no-language"),
        pytest.param(("sr",), {"sr": "Словенија"}, id="bare-serbian-is-cyrillic"),
        pytest.param(
            ("en-GB", "hr"), {"en-GB": "Slovenia", "hr": "Slovenija"}, id="region"
        ),
    ],
)
def test_english_stands_in_for_a_language_without_label(
    languages: tuple[str, ...], labels: dict[str, str]
) -> None:
    written = vocab.to_elm(vocab.concept("country", "SI"), languages)

    assert written["prefLabel"] == labels


def test_latin_script_is_never_answered_in_cyrillic() -> None:
    cyrillic = vocab.Concept("urn:x", None, "x", {"en": "x", "sr-Cyrl": "икс"})

    assert cyrillic.label("sr-Latn") is None


def test_concepts_of_our_own_belong_to_no_official_scheme() -> None:
    written = vocab.to_elm(vocab.concept("credit_system", "KT_SI"), ("sl",))

    assert "inScheme" not in written
    assert not vocab.is_member(vocab.lists()["credit_system"].scheme, written["id"])


@pytest.mark.parametrize(
    ("scheme", "uri", "answer"),
    [
        pytest.param(COUNTRY, f"{COUNTRY}/SVN", True, id="member"),
        pytest.param(COUNTRY, f"{COUNTRY}/YUG", False, id="invented"),
        pytest.param(
            COUNTRY, "http://data.europa.eu/snb/eqf/4", False, id="member-of-another"
        ),
        pytest.param(
            "http://publications.europa.eu/resource/authority/file-type",
            "http://publications.europa.eu/resource/authority/file-type/WEBP",
            None,
            id="a-list-that-grows",
        ),
        pytest.param(
            "http://data.europa.eu/esco/concept-scheme/skills",
            "http://data.europa.eu/esco/skill/x",
            None,
            id="a-list-we-do-not-hold",
        ),
    ],
)
def test_membership_is_only_denied_where_the_whole_list_is_held(
    scheme: str, uri: str, answer: bool | None
) -> None:
    assert vocab.is_member(scheme, uri) is answer


def test_every_concept_has_an_english_label_and_own_labels_are_named() -> None:
    for found in vocab.lists().values():
        for concept in found.concepts.values():
            assert concept.labels["en"]
            assert set(concept.labels) - {"en"} <= set(found.own_labels)


def test_cyrillic_labels_hold_no_latin_letters_but_names_of_formats() -> None:
    technical = {"file_type", "encoding"}
    for found in vocab.lists().values():
        for concept in found.concepts.values():
            text = concept.labels.get("sr-Cyrl", "")
            latin = [letter for letter in text if "a" <= letter.lower() <= "ž"]
            assert not latin or found.name in technical, text


def concepts_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "Concept":
            yield value
        for member in value.values():
            yield from concepts_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from concepts_in(item)


def test_the_worked_examples_name_the_same_concepts() -> None:
    for path in sorted(shared_file("domain/fixtures/expected_elm").glob("*.jsonld")):
        for found in concepts_in(json.loads(path.read_bytes())):
            scheme = found.get("inScheme", {}).get("id")
            if scheme is None or "nuts" in scheme:
                continue
            concept = vocab.by_uri(found["id"])

            assert concept is not None
            assert concept.scheme == scheme
            if "prefLabel" in found:
                assert concept.labels["en"] == found["prefLabel"]["en"]


def test_the_data_file_is_what_its_sources_say() -> None:
    shared_file("standards/elm-vocabularies")
    tool = ROOT / "tools" / "make_vocabularies.py"

    done = subprocess.run(
        [sys.executable, str(tool), "--check"],
        env={"EDC_SHARED": str(SHARED)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr

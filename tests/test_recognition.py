"""The page for a receiving school says what the file says, and decides nothing."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.errors import RecordError
from edc_issuer.messages import LANGUAGES, table
from edc_issuer.models.base import BuildContext, Media
from edc_issuer.models.elm import ELM
from edc_issuer.models.ob3 import OB3
from edc_issuer.recognition import (
    Recognition,
    Verdict,
    answers,
    recognition,
    recognition_of_record,
    to_dict,
    to_html,
    to_text,
)
from edc_issuer.recognition.orientation import typology_of
from edc_issuer.record import CredentialRecord, Credit, Level, Nqf
from edc_issuer.summary import Several
from world import RECORDS, issued, record, world

AT = datetime(2025, 12, 1, 10, 20, 30, tzinfo=UTC)
UNVERIFIED = Verdict("not_verified")
MODELS = [pytest.param(ELM, id="edc"), pytest.param(OB3, id="badge")]


def credential(model: Any, of: CredentialRecord) -> dict[str, Any]:
    context = BuildContext(
        at=AT,
        credential_id="urn:uuid:0f1e2d3c-0000-4000-8000-000000000000",
        files={
            item.path: Media(item.media_type, b"%PDF-1.7")
            for item in of.attachments
            if item.path
        },
    )
    built: dict[str, Any] = model.build(of, context).credential
    return built


def said(model: Any, name: str, language: str = "sl") -> Recognition:
    return recognition(credential(model, record(name)), language)


def changed(name: str, **programme: Any) -> CredentialRecord:
    found = record(name)
    return replace(found, programme=replace(found.programme, **programme))


# --- the facts, in either model ------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_a_recommended_level_and_indicative_credits_are_told_as_such(
    model: Any,
) -> None:
    found = said(model, "scouts4green_ecological")

    assert found.levels == ("Raven EOK: 4",)
    assert found.recommended
    assert "predlagal izdajatelj" in found.level_basis[0]
    assert found.hours == ("15",)
    assert found.credits == ()
    assert "ECTS 0.5" in found.indicative_credits[0]


@pytest.mark.parametrize("model", MODELS)
def test_a_level_of_a_register_and_its_credits_are_told(model: Any) -> None:
    found = said(model, "hko_microqualification", "hr")

    assert found.levels == ("Razina EQF-a: 4", "HKO 4.1")
    assert not found.recommended
    assert found.hours == ("75",)
    assert found.credits[0].startswith("3 CSVET")
    assert found.setting == "formal"
    assert found.provider_status == "formal"
    assert found.procedure == "standard"
    assert found.external_quality


@pytest.mark.parametrize("model", MODELS)
def test_outcomes_and_assessment_are_told(model: Any) -> None:
    found = said(model, "mcvet_3d_si")

    wanted = tuple(
        item.title["sl"] for item in record("mcvet_3d_si").programme.outcomes
    )
    assert found.outcomes == Several(wanted)
    assert found.assessment_types
    assert found.identity_checked is True
    assert "nadzor" in found.supervision[0].lower()
    assert found.grades


@pytest.mark.parametrize("model", MODELS)
def test_serbian_in_cyrillic_stays_cyrillic(model: Any) -> None:
    found = said(model, "mcvet_3d_rs_cyrl", "sr-Cyrl")

    assert re.search("[а-шђјљњћџ]", found.outcomes.shown[0])
    assert re.search("[а-шђјљњћџ]", found.assessment_types[0])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("basis", "route"),
    [
        ("validation_of_non_formal", "validation_of_non_formal"),
        ("validation_of_informal", "validation_of_informal"),
        ("validation_of_prior_learning", "validation_of_prior_learning"),
    ],
)
def test_the_route_of_a_validation_is_told(model: Any, basis: Any, route: str) -> None:
    found = record("hko_validation_prior_learning")
    validated = replace(found, award=replace(found.award, validation_basis=basis))

    assert recognition(credential(model, validated), "en").route == route


@pytest.mark.parametrize("model", MODELS)
def test_who_took_part_has_no_outcomes(model: Any) -> None:
    found = said(model, "microquest_participation")

    assert found.route == "participation"
    assert found.outcomes == Several()


@pytest.mark.parametrize("model", MODELS)
def test_a_course_is_a_course(model: Any) -> None:
    assert said(model, "scouts4green_ecological").route == "course"


@pytest.mark.parametrize("model", MODELS)
def test_an_eqf_level_is_made_of_a_national_one_only_where_a_source_says_so(
    model: Any,
) -> None:
    slovenian = changed("mcvet_3d_si", level=Level("register", nqf=Nqf("SI", "5")))
    bosnian = changed("mcvet_3d_si", level=Level("register", nqf=Nqf("BA", "5")))

    ((level, eqf, source),) = recognition(
        credential(model, slovenian), "sl"
    ).equivalents

    assert (level, eqf) == ("SOK 5", 4)
    assert "nok.si" in source
    assert recognition(credential(model, bosnian), "sl").equivalents == ()


@pytest.mark.parametrize("model", MODELS)
def test_a_cycle_is_told_in_the_language_of_the_page(model: Any) -> None:
    level = Level("referenced", 6, ehea_cycle="first")
    found = recognition(credential(model, changed("mcvet_3d_si", level=level)), "sl")

    page = to_text(found, UNVERIFIED, language="sl")

    assert found.cycles == ("first",)
    assert "Stopnja (QF-EHEA): prva stopnja" in page


def test_months_are_shown_as_they_stand() -> None:
    content = credential(ELM, record())
    content["credentialSubject"]["hasClaim"]["specifiedBy"]["volumeOfLearning"] = "P60M"

    assert recognition(content, "en").hours == ("P60M",)


def test_the_typology_is_that_of_the_rules() -> None:
    found = typology_of(said(ELM, "hko_microqualification"))

    assert (found.class_id, found.contradictions) == ("T2", ())


@pytest.mark.parametrize("name", sorted(p.stem for p in RECORDS.glob("[!n]*.json")))
def test_the_class_by_the_credential_is_the_class_by_the_record(name: str) -> None:
    from edc_issuer.rules.typology import classify

    by_record = classify(record(name))
    by_credential = typology_of(said(ELM, name))

    assert by_credential.class_id == by_record.class_id
    assert by_credential.hours == by_record.hours


def test_the_official_sample_of_a_micro_credential_is_read() -> None:
    path = shared_file("samples/edc/Sample-MC-Annex1-unsigned.jsonld")

    found = recognition(json.loads(path.read_text("utf-8")), "en")

    assert found.levels == ("EQF level: 6", "RQF Level 6")
    assert found.equivalents == ()
    assert found.hours == ("60",)
    assert found.credits == ("2 ECTS",)
    assert found.identity_checked is False
    assert found.quality == ()
    assert found.route == "course"
    assert found.procedure == "unknown"
    assert states(found, "transfer")["quality"] == "missing"


@pytest.mark.parametrize("kind", ["samples/edc", "samples/ob30", "samples/clr20"])
def test_no_sample_of_other_makers_is_a_surprise(kind: str) -> None:
    read = 0
    for path in sorted(shared_file(kind).rglob("*.json*")):
        try:
            content = json.loads(path.read_text("utf-8"))
        except ValueError:
            continue
        read += 1
        found = recognition(content, "sl")
        assert to_html(found, UNVERIFIED, language="sl").startswith("<!DOCTYPE html>")

    assert read


# --- what the three answers need -----------------------------------------------------


def states(found: Recognition, answer: str) -> dict[str, str]:
    (wanted,) = (item for item in answers(found) if item.name == answer)
    return {need.name: need.state for need in wanted.needs}


def test_what_is_stated_in_full_in_part_and_not_at_all_is_told_apart() -> None:
    project = said(ELM, "scouts4green_ecological")
    register = said(ELM, "hko_microqualification")

    assert states(project, "transfer") == {
        "credits": "partly",
        "workload": "stated",
        "outcomes": "stated",
        "level": "partly",
        "quality": "stated",
        "grade": "stated",
    }
    assert set(states(register, "transfer").values()) == {"stated"}
    assert set(states(register, "exempt").values()) == {"stated"}


def test_an_empty_credential_states_nothing_that_an_answer_needs() -> None:
    nothing = recognition(
        {"type": ["VerifiableCredential", "OpenBadgeCredential"]}, "en"
    )

    assert {
        state for a in answers(nothing) for state in states(nothing, a.name).values()
    } == {"missing"}
    assert nothing.procedure == "unknown"


@pytest.mark.parametrize(
    ("formal", "procedure"),
    [(True, "standard"), (False, "individual"), (None, "unknown")],
)
@pytest.mark.parametrize("model", MODELS)
def test_the_procedure_depends_on_the_provider(
    model: Any, formal: bool | None, procedure: str
) -> None:
    found = record("mcvet_3d_si")
    issuer = replace(found.issuer, formal_provider=formal)
    provided = replace(found, issuer=issuer, awarding_bodies=(issuer,))

    assert recognition(credential(model, provided), "en").procedure == procedure


# --- the page ------------------------------------------------------------------------


class Reader(HTMLParser):
    """What a browser would find: elements, attributes, visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language_and_has_one_heading_a_section(
    language: str,
) -> None:
    found = Reader(to_html(said(ELM, "mcvet_3d_si"), UNVERIFIED, language=language))

    assert found.all("html") == [{"lang": language}]
    assert len(found.all("h1")) == 1
    assert len(found.all("h2")) == len(found.all("section")) == 10
    assert {item["scope"] for item in found.all("th")} == {"row"}


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = to_html(said(ELM, "scouts4green_stacked"), UNVERIFIED, language="sl")

    found = Reader(page)
    assert {"script", "img", "link", "iframe", "a", "form", "base"}.isdisjoint(
        name for name, _ in found.elements
    )
    policies = [item.get("content") or "" for item in found.all("meta")]
    assert any(policy.startswith("default-src 'none'") for policy in policies)
    assert "@import" not in page
    assert "url(" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing(language: str) -> None:
    for name in ("hko_microqualification", "scouts4green_stacked", "mcvet_3d_me"):
        for model in (ELM, OB3):
            page = to_text(said(model, name, language), UNVERIFIED, language=language)

            assert "[recognition" not in page
            assert not re.search(r"\{\w+\}", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_written_in_the_language_that_is_asked_for(language: str) -> None:
    page = to_text(said(ELM, "mcvet_3d_si", language), UNVERIFIED, language=language)

    words = table(language)
    assert words["recognition.title"].upper() in page
    assert words["recognition.section.decision"] in page
    assert words["recognition.label.supervision"] in page


def test_the_page_leaves_room_for_the_decision_of_the_school() -> None:
    page = to_text(said(ELM, "mcvet_3d_si"), UNVERIFIED, language="sl")

    for line in ("Odločil: ___", "Datum: ___", "Odločitev: ___", "Razlogi: ___"):
        assert line in page
    assert "Podpis: ___" in page
    assert "[ ] oprostitev celote" in page


def test_what_nobody_verified_is_headed_so() -> None:
    page = to_text(said(ELM, "mcvet_3d_si"), UNVERIFIED, language="en")

    assert page.splitlines()[1].strip().startswith("NOT VERIFIED.")


def test_a_content_that_may_not_be_shown_is_not_shown() -> None:
    verdict = Verdict("verified", line="INVALID   diploma.jsonld", outcome="FAILED")

    text = to_text(None, verdict, language="en")
    html = to_html(None, verdict, language="en")

    assert "INVALID" in text
    assert "is not shown" in text
    assert Reader(html).all("section") == []
    assert to_dict(None, verdict)["content"] is None


def test_quality_is_stated_and_only_a_trusted_voice_confirms_it() -> None:
    found = said(ELM, "hko_microqualification")

    confirmed = Verdict("verified", line="PASSED", outcome="PASSED", accredited=True)
    stated = Verdict("verified", line="PASSED", outcome="PASSED")

    assert "you trust confirms" in to_text(found, confirmed, language="en")
    assert "nobody you trust has" in to_text(found, stated, language="en")
    assert "was not verified" in to_text(found, UNVERIFIED, language="en")


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    found = record("mcvet_3d_si")
    outcome = found.programme.outcomes[0]
    many = tuple(
        replace(outcome, code=f"LO{n}", title={"sl": f"Izid {n}", "en": f"Outcome {n}"})
        for n in range(40)
    )

    page = recognition(credential(ELM, changed("mcvet_3d_si", outcomes=many)), "en")

    assert len(page.outcomes.shown) == 12
    assert "and 28 more" in to_text(page, UNVERIFIED, language="en")


def test_the_facts_are_plain_json() -> None:
    facts = json.loads(json.dumps(to_dict(said(ELM, "mcvet_3d_si"), UNVERIFIED)))

    day = record("mcvet_3d_si").award.date_awarded
    assert facts["content"]["summary"]["when"] == day.isoformat()
    assert facts["content"]["answers"][0]["name"] == "eligible"
    assert facts["decision"] == dict.fromkeys(facts["decision"])


# --- attacks -------------------------------------------------------------------------

ATTACK = '<script>alert("čžš")</script><img src=x onerror=1>\'"&\x1b[2J\u202e\x00Ђ'


def poisoned(value: Any, key: str = "") -> Any:
    """The same shape, with an attack in every text that a page could show."""
    if isinstance(value, dict):
        return {name: poisoned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, key) for item in value]
    if isinstance(value, str) and key not in ("type", "@context", "targetType", "id"):
        return ATTACK
    return value


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", ["hko_microqualification", "scouts4green_stacked"])
def test_texts_of_a_stranger_never_become_markup(model: Any, name: str) -> None:
    content = poisoned(credential(model, record(name)))

    found = recognition(content, "sl")
    page = to_html(found, Verdict("verified", line=ATTACK), language="sl")

    honest = Reader(to_html(said(model, name), UNVERIFIED, language="sl"))
    assert "alert(" in page
    assert {tag for tag, _ in Reader(page).elements} <= {
        tag for tag, _ in honest.elements
    }
    assert "<script" not in page
    assert "onerror=1>" not in page


@pytest.mark.parametrize("model", MODELS)
def test_texts_of_a_stranger_never_move_a_cursor(model: Any) -> None:
    content = poisoned(credential(model, record("hko_microqualification")))

    text = to_text(recognition(content, "sl"), UNVERIFIED, language="sl")

    assert "alert(" in text
    assert set(text) & {"\x1b", "\u202e", "\x00"} == set()


NAMES = (
    "id type title name noteLiteral subject additionalNote hasClaim specifiedBy "
    "provenBy achievement alignment targetType targetCode targetUrl targetName "
    "targetDescription targetFramework eqfLevel nqfLevel volumeOfLearning creditPoint "
    "point framework learningOutcome accreditation awardingBody awardedBy issuer sl en "
    "creditsEarned result value achievementType idVerification evidence genre"
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "PT1H",
            "P60M",
            "ext:NQFLevel",
            "ext:ProviderStatus",
            "ext:Validation",
            "urn:x-mc:level-basis:x",
            "urn:x-mc:quality-measure:external",
            "http://data.europa.eu/snb/eqf/4",
            "http://data.europa.eu/snb/qdr/c_5a909eaa",
            "basis: register",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES.split()), inner, max_size=8)
    ),
    max_leaves=40,
)
KINDS = st.sampled_from(
    [
        ["VerifiableCredential", "EuropeanDigitalCredential"],
        ["VerifiableCredential", "OpenBadgeCredential"],
    ]
)


@given(VALUES, VALUES, KINDS, st.sampled_from(["sl", "en", "sr-Cyrl", ""]))
def test_no_shape_of_json_is_a_surprise(
    subject: Any, issuer: Any, kinds: list[str], language: str
) -> None:
    content = {"type": kinds, "credentialSubject": subject, "issuer": issuer}

    found = recognition(content, language)

    assert found.model is not None
    assert to_text(found, UNVERIFIED, language=language)
    assert to_html(found, UNVERIFIED, language=language)
    json.dumps(to_dict(found, UNVERIFIED), allow_nan=False)


@pytest.mark.parametrize("duration", ["1e999999999", "9" * 5000, "PT9999999H", "P1Y"])
def test_no_duration_makes_work_or_a_class(duration: str) -> None:
    content = credential(ELM, record())
    content["credentialSubject"]["hasClaim"]["specifiedBy"]["volumeOfLearning"] = (
        duration
    )

    found = recognition(content, "en")

    assert to_dict(found, UNVERIFIED)["content"]["typology"]["class"] is None
    assert len(to_text(found, UNVERIFIED, language="en")) < 20_000


def test_a_route_that_nobody_knows_is_none() -> None:
    content = credential(ELM, record("hko_validation_prior_learning"))
    text = json.dumps(content).replace(":validation_of_prior_learning", ":\\u202e<b>")

    assert recognition(json.loads(text), "en").route is None


def test_points_are_one_harmless_line() -> None:
    content = credential(ELM, changed("mcvet_3d_si", credits=(Credit("ECTS", "3"),)))
    (point,) = content["credentialSubject"]["hasClaim"]["creditReceived"]
    point["point"] = " 3\n"

    assert recognition(content, "en").credits == ("3 ECTS",)


@pytest.mark.parametrize("content", [None, [], "text", 7, {}, {"type": "Note"}])
def test_what_is_no_credential_gives_no_facts(content: Any) -> None:
    found = recognition(content, "en")

    assert found.model is None
    assert found.levels == ()


def test_thousands_of_objects_are_not_all_looked_at() -> None:
    content = credential(ELM, record())
    spec = content["credentialSubject"]["hasClaim"]["specifiedBy"]
    spec["learningOutcome"] = [{"title": {"sl": f"Izid {n}"}} for n in range(20_000)]

    found = recognition(content, "sl")

    assert len(found.outcomes.shown) == 12
    assert found.outcomes.more == 20_000 - 12


# --- a record ------------------------------------------------------------------------


def test_a_record_says_what_its_credential_will_say() -> None:
    found = record("hko_microqualification")

    by_record = recognition_of_record(found, "hr")

    by_credential = said(ELM, "hko_microqualification", "hr")
    assert by_record.levels == by_credential.levels
    assert by_record.quality == by_credential.quality


def test_a_record_that_was_not_passed_is_refused() -> None:
    with pytest.raises(RecordError):
        recognition_of_record(record("neg_scouts4green_failed"), "en")


# --- the command ---------------------------------------------------------------------


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edc_issuer", "summary", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for profile in ("edc-jades", "ob3-jwt", "ob3-di"):
        made = issued(profile)
        (tmp_path / made.filename).write_bytes(made.data)
    return tmp_path


@pytest.mark.slow
def test_without_trust_nothing_is_verified_and_that_is_said(files: Path) -> None:
    for file in files.iterdir():
        done = run(file, "--for", "recognition", "--lang", "en")

        assert done.returncode == 0, done.stderr
        assert "NOT VERIFIED" in done.stdout
        assert "Raven EOK" in done.stdout or "EQF level: 4" in done.stdout


@pytest.mark.slow
def test_with_trust_the_verdict_stands_at_the_head(files: Path) -> None:
    (sealed,) = files.glob("*.edc-jades.jsonld")

    done = run(sealed, "--trust", world().trust_folder, "--lang", "en", "--allow-test")

    assert done.returncode == 0, done.stderr
    head = done.stdout.splitlines()[1]
    assert "TEST" in head
    assert "VERIFIED" not in done.stdout.replace("CONFIRMED", "")


def test_a_forged_file_is_headed_so_and_its_content_not_shown(files: Path) -> None:
    (sealed,) = files.glob("*.edc-jades.jsonld")
    data = json.loads(sealed.read_text())
    signature = data["signatures"][0]["signature"]
    other = "A" if signature[10] != "A" else "B"
    data["signatures"][0]["signature"] = signature[:10] + other + signature[11:]
    forged = files / "forged.jsonld"
    forged.write_text(json.dumps(data))

    done = run(forged, "--trust", world().trust_folder, "--lang", "en")

    assert done.returncode == 1
    assert "FAILED   forged.jsonld" in done.stdout
    assert "Ana Vzorec" not in done.stdout


def test_the_page_is_written_for_its_owner_only(files: Path, tmp_path: Path) -> None:
    (sealed,) = files.glob("*.edc-jades.jsonld")
    page = tmp_path / "povzetek.html"

    done = run(sealed, "--out", page, "--lang", "sl")

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(page)
    assert Reader(page.read_text("utf-8")).all("html") == [{"lang": "sl"}]
    assert "NI PREVERJENO" in page.read_text("utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_the_file_itself_is_never_overwritten(files: Path) -> None:
    (sealed,) = files.glob("*.edc-jades.jsonld")
    before = sealed.read_bytes()

    done = run(sealed, "--out", sealed)

    assert done.returncode == 2
    assert sealed.read_bytes() == before


def test_a_record_is_called_a_record() -> None:
    done = run(RECORDS / "hko_microqualification.json", "--lang", "en")

    assert done.returncode == 0, done.stderr
    assert "A RECORD, NOT A CREDENTIAL" in done.stdout


def test_the_facts_come_as_json(files: Path) -> None:
    (badge,) = files.glob("*.ob3-di.*")

    done = run(badge, "--json")

    facts = json.loads(done.stdout)
    assert facts["for"] == "recognition"
    assert facts["verdict"]["kind"] == "not_verified"
    assert facts["content"]["hours"] == ["15"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"@context": [], "type": "Note"}',
        b"PK\x03\x04",
    ],
)
def test_what_is_no_credential_is_told_in_a_sentence(
    data: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "what.bin"
    file.write_bytes(data)

    done = run(file, "--lang", "en")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr


def test_another_purpose_is_a_usage_error() -> None:
    assert run(RECORDS / "mcvet_3d_si.json", "--for", "hiring").returncode == 2

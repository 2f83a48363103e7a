"""`edc-issuer check --profile`: what a person and a program get to see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from conftest import ROOT, shared_file
from edc_issuer.cli import app
from edc_issuer.rules.profiles import PROFILES
from world import RECORDS, issued, record_dict

RECORD = RECORDS / "scouts4green_ecological.json"
SLOVENIA = RECORDS / "mcvet_3d_si.json"
PROGRAMME = ROOT / "fixtures/programmes/mcvet_3d_me.json"
UNSIGNED = "samples/edc/Sample-MC-Annex1-unsigned.jsonld"
SEALED = "samples/edc/Sample-MC-Annex1-signed.jsonld"


def run(*arguments: object) -> Result:
    variables = {"LC_ALL": "C", "EDC_TRUST": "", "COLUMNS": "500"}
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


def told(*arguments: object) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(run("check", *arguments, "--json").stdout)
    return value


def written(folder: Path, value: Any) -> Path:
    path = folder / "given.json"
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_table_of_slovenia_shows_every_element_and_both_scores() -> None:
    shown = run("check", SLOVENIA, "--profile", "SI", "--lang", "en")

    assert shown.exit_code == 0
    assert "identifikacija učečega se" in shown.stdout
    assert "Identification of the learner" in shown.stdout
    assert "10/10" in shown.stdout
    assert "10/11" in shown.stdout
    assert "programme.workload.hours" in shown.stdout
    assert shown.stderr == ""


def test_the_reader_s_language_decides_about_the_words() -> None:
    shown = run("check", SLOVENIA, "--profile", "SI", "--lang", "sl").stdout

    assert "prisotno" in shown
    assert "Načela Priloge II" in shown
    assert "Identification of the learner" not in shown


@pytest.mark.parametrize("name", ["HR", "RS", "ME", "BA-HNK"])
def test_back_translated_labels_say_so(name: str) -> None:
    shown = run("check", SLOVENIA, "--profile", name, "--lang", "en").stdout

    assert "back-translations of our own" in shown


def test_labels_of_the_source_say_nothing_about_it() -> None:
    assert "back-translations" not in run("check", SLOVENIA, "--lang", "en").stdout


@pytest.mark.parametrize("name", PROFILES)
def test_every_list_can_be_asked_for(name: str) -> None:
    found = told(SLOVENIA, "--profile", name)

    (one,) = found["completeness"]
    assert one["profile"] == name
    assert one["score"]["of"] >= 9
    assert one["annex1_score"]["of"] == 11
    assert len(found["principles"]) == 10


def test_a_record_is_held_to_the_lists_that_it_names() -> None:
    assert [c["profile"] for c in told(RECORD)["completeness"]] == ["SI", "S4G"]
    assert [c["profile"] for c in told(RECORD, "--profile", "eu")["completeness"]] == [
        "EU"
    ]


def test_a_participation_is_held_to_a_list_only_if_asked() -> None:
    record = RECORDS / "microquest_participation.json"

    assert "completeness" not in told(record)
    assert run("check", record).exit_code == 0
    assert run("check", record, "--profile", "SI").exit_code == 1


def test_a_missing_mandatory_element_is_named_and_refused(tmp_path: Path) -> None:
    record = record_dict("mcvet_3d_si")
    del record["programme"]["quality_assurance"]
    record["issuer"]["accreditations"] = []
    record["awarding_bodies"][0]["accreditations"] = []
    path = written(tmp_path, record)

    shown = run("check", path, "--lang", "en")

    assert shown.exit_code == 1
    assert "Nothing is missing" not in shown.stdout
    assert "The file itself has no faults." in shown.stdout  # a record all the same
    assert "State the quality assurance" in shown.stdout
    (row,) = [
        row
        for row in told(path)["completeness"][0]["elements"]
        if row["status"] == "missing"
    ]
    assert row["id"] == "SI.10"
    assert row["annex1"] == "A1.11"
    assert row["requirement"] == "mandatory"
    assert row["advice"]


WHOLE, OPEN = "Nothing is missing or wrong.", "The file itself has no faults."


@pytest.mark.parametrize(
    ("record", "profile", "sentence"),
    [
        ("mcvet_3d_me", "ME", WHOLE),
        ("hko_microqualification", "HR", WHOLE),
        ("mcvet_3d_si", "EU", OPEN),  # an optional element is missing
        ("scouts4green_ecological", "SI", OPEN),
        ("scouts4green_stacked", "EU", OPEN),  # one is there in part
        ("mcvet_3d_me", "SI", OPEN),  # a rule warns
    ],
)
def test_nothing_is_missing_is_said_only_where_nothing_is(
    record: str, profile: str, sentence: str
) -> None:
    path = RECORDS / f"{record}.json"

    shown = run("check", path, "--profile", profile, "--lang", "en").stdout

    assert shown.startswith(f"{sentence}\n")
    assert (WHOLE in shown) is not (OPEN in shown)


def test_no_list_asked_for_finds_nothing_missing_and_does_not_say_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / "edc"
    path.write_bytes(issued("edc-jades").data)

    shown = run("check", path, "--lang", "en")

    assert "Nothing is missing" not in shown.stdout
    assert "The file itself has no faults." in shown.stdout


def test_a_missing_optional_element_is_not_refused() -> None:
    shown = run("check", RECORD, "--profile", "S4G")

    assert "element" in shown.stdout
    assert shown.exit_code == 0


def test_an_error_of_a_rule_is_refused_and_a_warning_is_not(tmp_path: Path) -> None:
    late = record_dict("mcvet_3d_si")
    late["award"]["activity"]["end"] = "2031-01-01"
    unassessed = record_dict("mcvet_3d_si")
    unassessed["programme"]["assessment"].pop("criteria", None)
    unassessed["programme"]["assessment"].pop("standard", None)

    refused = run("check", written(tmp_path, late), "--lang", "en")
    warned = run("check", written(tmp_path, unassessed), "--lang", "en")

    assert refused.exit_code == 1
    assert "PR-03 error" in refused.stdout
    assert warned.exit_code == 0
    assert "AS-06 warning" in warned.stdout


def test_hints_on_outcomes_are_shown_and_never_refused(tmp_path: Path) -> None:
    record = record_dict("mcvet_3d_si")
    record["programme"]["outcomes"][0]["title"]["sl"] = "Razume načela 3D-tiskanja."
    path = written(tmp_path, record)

    shown = run("check", path, "--lang", "en")

    assert shown.exit_code == 0
    assert '"razume" cannot be observed' in shown.stdout
    assert told(path)["lint"][0]["code"] == "not_observable"


def test_a_record_that_cannot_be_read_is_looked_at_as_it_stands(tmp_path: Path) -> None:
    record = record_dict("mcvet_3d_si")
    del record["learner"]
    path = written(tmp_path, record)

    shown = run("check", path, "--lang", "en")

    assert shown.exit_code == 1
    assert "learner" in shown.stdout
    assert "Name the learner" in shown.stdout
    assert told(path)["problems"]
    assert told(path)["findings"] == []


def test_a_programme_waits_for_its_award() -> None:
    shown = run("check", PROGRAMME, "--profile", "ME", "--lang", "en")
    found = told(PROGRAMME, "--profile", "EU")["completeness"][0]

    assert shown.exit_code == 0, shown.output
    assert "10/10" in shown.stdout
    assert 'answers "not yet"' in shown.stdout
    later = {row["id"] for row in found["elements"] if row["status"] == "not_yet"}
    assert {"A1.01", "A1.05"} <= later
    assert run("check", PROGRAMME, "--profile", "EU").exit_code == 0


def test_a_programme_with_a_fault_names_it(tmp_path: Path) -> None:
    programme = json.loads(PROGRAMME.read_text("utf-8"))
    programme["programme"]["titel"] = "x"

    shown = run("check", written(tmp_path, programme))

    assert shown.exit_code == 1
    assert "titel" in shown.stdout


@pytest.mark.parametrize("profile", ["edc-jades", "ob3-jwt", "ob3-di"])
def test_what_we_issue_is_checked_like_its_record(profile: str, tmp_path: Path) -> None:
    path = tmp_path / "credential"
    path.write_bytes(issued(profile, "mcvet_3d_si").data)

    shown = run("check", path, "--profile", "SI", "--lang", "en")
    found = told(path, "--profile", "SI")

    assert shown.exit_code == 0, shown.output
    assert "nothing of it was verified" in shown.stdout
    assert "edc-issuer verify" in shown.stderr
    assert found["unverified"] is True
    score = found["completeness"][0]["score"]
    assert (score["present"], score["of"]) == (10, 10)
    where = [row["where"] for row in found["completeness"][0]["elements"]]
    assert all(place[0].startswith("/") for place in where)


def test_a_credential_is_held_to_no_list_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "credential"
    path.write_bytes(issued("edc-jades").data)

    assert told(path) == {"unverified": True, "problems": []}


def test_the_official_sample_names_the_element_that_it_lacks() -> None:
    unsigned = run("check", shared_file(UNSIGNED), "--profile", "EU", "--lang", "en")
    sealed = run("check", shared_file(SEALED), "--profile", "EU", "--lang", "en")

    assert "9/11" in unsigned.stdout
    assert "A1.05 Date of issuing (missing)" in unsigned.stdout
    assert "10/11" in sealed.stdout
    assert "Of Annex I not present: A1.11 Type of quality assurance" in sealed.stdout
    assert unsigned.exit_code == sealed.exit_code == 1


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "data",
    [
        b"milk",
        b"",
        b"[]",
        b"{}",
        b'{"record_version": 3}',
        b'{"record_version": "1", "document_type": "programme"}',
        b'{"type": ["VerifiableCredential"]}',
        b'{"type": ["EuropeanDigitalCredential"], "credentialSubject": [[[]]]}',
        b'{"type": "OpenBadgeCredential", "credentialSubject": "x"}',
        b"\xff\xfe{" * 100,
    ],
    ids=str,
)
@pytest.mark.parametrize("as_json", [True, False])
def test_junk_is_a_fault_and_no_traceback(
    data: bytes, as_json: bool, tmp_path: Path
) -> None:
    path = tmp_path / "junk"
    path.write_bytes(data)

    options = ["--json"] if as_json else []
    shown = run("check", path, "--profile", "BA-HNK", *options)

    assert shown.exit_code == 1, shown.output
    assert shown.exception is None or isinstance(shown.exception, SystemExit)
    if as_json:
        assert json.loads(shown.stdout)["problems"]


def documented(member: str) -> set[str]:
    """The names that the page promises for a member of the JSON."""
    page = (ROOT / "docs/profiles/README.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    row = next(line for line in rows if f"`{member}`" in line.split("|")[1])
    return set(re.findall(r"`(\w+)`", row.split("|")[2]))


def test_the_page_names_every_member_of_the_json(tmp_path: Path) -> None:
    found = told(RECORDS / "microquest_participation.json", "--profile", "SI")
    faulty = told(written(tmp_path, {"record_version": "1"}))
    (one,) = found["completeness"]

    assert documented("completeness") == set(one)
    assert documented("score") == set(one["score"])
    assert documented("elements") == set(one["elements"][0])
    assert documented("principles") == set(found["principles"][0])
    assert documented("supports") == set(found["principles"][0]["supports"][0])
    assert documented("findings") == set(found["findings"][0])
    assert documented("lint") == set(found["lint"][0])
    assert documented("problems") == set(faulty["problems"][0])


def test_an_unknown_list_is_an_error_of_usage() -> None:
    shown = run("check", RECORD, "--profile", "SLO")

    assert shown.exit_code == 2
    assert "BA-HNK" in shown.output


def test_names_of_a_stranger_cannot_repaint_the_terminal(tmp_path: Path) -> None:
    value = {
        "type": ["EuropeanDigitalCredential"],
        "credentialSubject": {
            "hasClaim": {
                "title": {"sl\x1b[2J": "x\u202e"},
                "specifiedBy": {"learningOutcome": [{"title": {"sl": "Ve\x1b[31m x"}}]},
            }
        },
    }

    shown = run("check", written(tmp_path, value), "--profile", "EU")

    assert "\x1b" not in shown.stdout
    assert "\u202e" not in shown.stdout


def test_the_table_holds_its_width_outside_a_terminal() -> None:
    shown = run("check", SLOVENIA, "--lang", "en").stdout
    start = shown.index("Elements of")
    table = shown[start : shown.index("SI: 10/10")].splitlines()

    assert max(map(len, table)) <= 120
    assert all(line == line.rstrip() for line in table)


def test_a_country_of_two_scripts_is_read_in_the_readers() -> None:
    words = ["check", str(RECORDS / "mcvet_3d_rs_cyrl.json"), "--profile", "RS"]

    cyrillic = CliRunner().invoke(app, [*words, "--lang", "sr-Cyrl"]).stdout
    latin = CliRunner().invoke(app, [*words, "--lang", "sr-Latn"]).stdout

    assert "назив микроквалификације" in cyrillic
    assert "naziv mikrokvalifikacije" not in cyrillic
    assert "naziv mikrokvalifikacije" in latin

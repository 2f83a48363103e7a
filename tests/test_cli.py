"""The command line, in-process: what it prints, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from edc_issuer.cli import app, main
from world import PASSWORD, PROFILE_IDS, RECORDS, issued, world

RECORD = RECORDS / "scouts4green_ecological.json"


def run(*arguments: object, **environment: str) -> Result:
    variables = {"LC_ALL": "C", "EDC_TRUST": "", **environment}
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "diploma.jsonld"
    path.write_bytes(issued("edc-jades").data)
    return path


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_issue_writes_a_file_that_verify_passes(profile: str, tmp_path: Path) -> None:
    made = run(
        *("issue", RECORD, "--as", profile, "--key", world().key(profile)),
        *("--key-secret-env", "SEAL", "--out", tmp_path),
        SEAL=PASSWORD,
    )

    assert made.exit_code == 0, made.output
    path = made.stdout.strip()
    trust = ("--trust", world().trust_folder)
    assert run("verify", path, *trust, "--allow-test").exit_code == 0
    assert run("verify", path, *trust).exit_code == 3
    assert run("verify", path).exit_code == 3


def test_a_sealed_file_says_that_nobody_can_confirm_it_later(tmp_path: Path) -> None:
    made = run(
        *("issue", RECORD, "--as", "edc-jades", "--key", world().key("edc-jades")),
        *("--key-secret-env", "SEAL", "--out", tmp_path, "--json"),
        SEAL=PASSWORD,
    )

    result = json.loads(made.stdout)
    assert any("nobody can confirm this seal later" in n for n in result["notices"])
    assert "extensions" not in result["not_expressed"]


def test_the_first_screen_of_an_employer_is_word_for_word(sealed: Path) -> None:
    shown = run("verify", sealed, "--lang", "en").stdout

    head = shown.splitlines()[:4]
    assert head == [
        "NOT CONFIRMED   diploma.jsonld",
        "The file is unchanged since it was sealed. The seal says: "
        "Srednja strokovna šola Zgled, NTRSI-1234567.",
        "Anyone can write a name into a seal; no list on this computer confirms "
        "this one yet.",
        "This is not a sign of forgery, and not yet a reason to rely on it.",
    ]
    assert "edc-issuer trust add" in shown


def test_one_file_is_a_json_object_and_several_are_a_list(
    sealed: Path, tmp_path: Path
) -> None:
    other = tmp_path / "badge.jwt"
    other.write_bytes(issued("ob3-jwt").data)

    one: Any = json.loads(run("verify", sealed, "--json").stdout)
    two: Any = json.loads(run("verify", sealed, other, "--json").stdout)
    folder: Any = json.loads(run("verify", tmp_path, "--json").stdout)

    assert one["outcome"] == "INDETERMINATE"
    assert [report["format"] for report in two] == ["jades", "jwt"]
    assert len(folder) == 2


def test_a_folder_is_a_line_per_file_and_the_worst_exit_code(
    sealed: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{")

    shown = run("verify", tmp_path)

    assert len(shown.stdout.strip().splitlines()) == 2
    assert shown.exit_code == 1


def test_a_date_is_accepted_and_nonsense_is_a_usage_error(sealed: Path) -> None:
    assert run("verify", sealed, "--at", "2026-01-01").exit_code in (1, 3)
    assert run("verify", sealed, "--at", "yesterday").exit_code == 2
    assert run("verify", sealed, "--at", "2026-01-01T12:00:00").exit_code == 2


def test_check_is_silent_about_good_records_and_refuses_bad_ones() -> None:
    assert run("check", RECORD).exit_code == 0
    refused = run("check", RECORDS / "neg_scouts4green_failed.json")
    assert refused.exit_code == 1
    assert "not-passed" in refused.stdout


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_check_finds_nothing_wrong_in_what_we_issue(
    profile: str, tmp_path: Path
) -> None:
    path = tmp_path / "credential"
    path.write_bytes(issued(profile).data)

    checked = run("check", path)

    assert checked.exit_code == 0, checked.output


def test_inspect_marks_everything_as_unverified(sealed: Path) -> None:
    shown: Any = json.loads(run("inspect", sealed).stdout)

    assert "UNVERIFIED" in shown
    assert shown["content"]["type"][1] == "EuropeanDigitalCredential"


def test_schema_prints_a_json_schema() -> None:
    shown: Any = json.loads(run("schema").stdout)

    assert shown["$schema"].endswith("2020-12/schema")


def test_new_keys_are_usable_once_their_root_is_trusted(tmp_path: Path) -> None:
    keys, trust, out = (tmp_path / name for name in ("keys", "trust", "out"))
    made = run(
        *("key", "new", "--out", keys, "--record", RECORD, "--key-secret-env", "PW"),
        PW=PASSWORD,
    )
    assert made.exit_code == 0, made.output

    added = run(
        *("trust", "add", keys / "root.pem", "--trust", trust, "--test", "--yes")
    )
    lists = run("trust", "add", *keys.glob("*.crl"), "--trust", trust, "--yes")
    issued_file = run(
        *("issue", RECORD, "--as", "edc-jades", "--key", f"file:{keys / 'seal.p12'}"),
        *("--key-secret-env", "PW", "--out", out),
        PW=PASSWORD,
    )

    assert (added.exit_code, lists.exit_code) == (0, 0), added.output + lists.output
    shown = run("verify", issued_file.stdout.strip(), "--trust", trust, "--allow-test")
    assert shown.exit_code == 0, shown.output
    assert "TEST" in shown.stdout
    assert "root" in run("trust", "show", "--trust", trust).stdout.lower()


def test_a_test_root_is_refused_as_a_real_one(tmp_path: Path) -> None:
    root = world().folder / "keys" / "root.pem"

    with pytest.raises(Exception, match="--test"):
        CliRunner().invoke(
            app,
            ["trust", "add", str(root), "--trust", str(tmp_path), "--yes"],
            catch_exceptions=False,
        )


def test_an_error_is_a_sentence_and_never_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["edc-issuer", "issue", str(RECORDS / "neg_scouts4green_failed.json")]
    arguments += ["--as", "ob3-di", "--key", world().key("ob3-di")]
    monkeypatch.setattr("sys.argv", [*arguments, "--out", str(tmp_path)])

    with pytest.raises(SystemExit) as stopped:
        main()

    talk = capsys.readouterr().err
    assert stopped.value.code == 1
    assert "Not issued" in talk
    assert "Traceback" not in talk

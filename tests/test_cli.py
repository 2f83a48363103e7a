"""The command line, in-process: what it prints, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner, Result

from edc_issuer import open_signer
from edc_issuer.cli import app, main
from edc_issuer.cli.common import parse_time
from edc_issuer.cms.certificate import subject_text
from edc_issuer.errors import ConfigError
from edc_issuer.keys import X509Identity
from world import PASSWORD, PROFILE_IDS, RECORDS, issued, world

RECORD = RECORDS / "scouts4green_ecological.json"


def run(*arguments: object, **environment: str) -> Result:
    # Wide, because a usage error is broken into lines of the console.
    variables = {"LC_ALL": "C", "EDC_TRUST": "", "COLUMNS": "500", **environment}
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
        *("--level", "B", "--key-secret-env", "SEAL", "--out", tmp_path),
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
        *("--level", "B", "--key-secret-env", "SEAL", "--out", tmp_path, "--json"),
        SEAL=PASSWORD,
    )

    result = json.loads(made.stdout)
    assert any("nobody can confirm this seal later" in n for n in result["notices"])
    whys = {row["path"]: row["why"] for row in result["not_expressed"]}
    assert "extensions" not in whys
    assert all(whys.values())


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


def test_a_list_of_files_says_how_to_learn_more_of_those_not_passed(
    sealed: Path, tmp_path: Path
) -> None:
    trust = ["--trust", str(world().trust_folder), "--lang", "en"]
    with_trust = run("verify", str(sealed), str(sealed), *trust)
    empty = tmp_path / "empty"
    empty.mkdir()
    without = run(
        "verify", str(sealed), str(sealed), "--trust", str(empty), "--lang", "en"
    )

    assert "for each by itself" in without.stderr
    assert "for each by itself" not in with_trust.stderr


def test_one_unreadable_file_does_not_hide_the_others(
    sealed: Path, tmp_path: Path
) -> None:
    shown = run("verify", tmp_path / "absent.jsonld", sealed)

    assert shown.stdout.startswith("NOT CONFIRMED   diploma.jsonld")
    assert "absent.jsonld" in shown.stderr
    assert shown.exit_code == 2


def test_a_failed_file_matters_more_than_an_unreadable_one(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")

    shown = run("verify", tmp_path / "absent.jsonld", tmp_path / "broken.json")

    assert shown.exit_code == 1


def test_a_folder_without_files_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("")

    shown = run("verify", tmp_path)

    assert shown.exit_code == 2
    assert "no files" in shown.stderr


@pytest.mark.parametrize(
    "nonsense", ["yesterday", "2026-01-01T12:00:00", "2026-13-01", "9999-12-31"]
)
def test_an_unusable_time_is_a_usage_error(nonsense: str, sealed: Path) -> None:
    assert run("verify", sealed, "--at", nonsense).exit_code == 2


def test_a_day_past_is_its_end_and_today_is_now() -> None:
    now = datetime(2026, 6, 15, 12, tzinfo=UTC)

    assert parse_time("2026-06-14", now=now) == datetime(
        2026, 6, 14, 23, 59, 59, tzinfo=UTC
    )
    assert parse_time("2026-06-15", now=now) is None
    assert parse_time("2026-06-14T14:00:00+02:00", now=now) == datetime(
        2026, 6, 14, 12, tzinfo=UTC
    )


def test_where_the_day_begins_first_it_may_be_tomorrow_already() -> None:
    late = datetime(2026, 6, 15, 23, tzinfo=UTC)

    assert parse_time("2026-06-16", now=late) is None
    with pytest.raises(typer.BadParameter, match="not come yet"):
        parse_time("2026-06-17", now=late)


def test_a_language_that_we_do_not_speak_is_a_usage_error(sealed: Path) -> None:
    assert run("verify", sealed, "--lang", "de").exit_code == 2
    assert run("verify", sealed, "--lang", "sl_SI").stdout.startswith("NI POTRJENO")


def test_the_language_defaults_to_that_of_the_system(sealed: Path) -> None:
    shown = run("verify", sealed, LC_ALL="sl_SI.UTF-8")

    assert shown.stdout.startswith("NI POTRJENO")


def test_standard_input_has_no_name(sealed: Path) -> None:
    shown = CliRunner().invoke(app, ["verify", "-"], input=sealed.read_bytes())

    assert shown.stdout.splitlines()[0] in ("NOT CONFIRMED", "NI POTRJENO")


def test_a_trust_folder_that_is_named_but_missing_is_an_error(
    sealed: Path, tmp_path: Path
) -> None:
    absent = tmp_path / "absent"

    assert isinstance(run("verify", sealed, "--trust", absent).exception, ConfigError)
    named = run("verify", sealed, EDC_TRUST=str(absent))
    assert isinstance(named.exception, ConfigError)


@pytest.mark.parametrize("encoding", ["cp1250", "cp437", "ascii"])
def test_a_narrow_console_gets_letters_that_it_has(encoding: str, sealed: Path) -> None:
    shown = CliRunner(charset=encoding).invoke(
        app, ["verify", str(sealed), "--lang=sl"]
    )

    text = shown.stdout_bytes.decode(encoding)
    assert "?igosanju" not in text
    assert any(word in text for word in ("žigosanju", "zigosanju"))


def test_json_is_whole_on_a_narrow_console(sealed: Path) -> None:
    narrow = CliRunner(charset="cp437").invoke(app, ["verify", str(sealed), "--json"])

    wide: Any = json.loads(run("verify", sealed, "--json").stdout)
    told: Any = json.loads(narrow.stdout_bytes.decode("ascii"))
    assert told["content"] == wide["content"]


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


def test_check_says_that_rules_are_no_verdict(sealed: Path) -> None:
    assert "edc-issuer verify" in run("check", sealed).stderr
    assert run("check", RECORD).stderr == ""


@pytest.mark.parametrize("record", sorted(RECORDS.glob("*.json")), ids=lambda p: p.stem)
def test_check_refuses_exactly_the_records_that_were_not_passed(record: Path) -> None:
    assert run("check", record).exit_code == int(record.name.startswith("neg_"))


def test_inspect_names_the_file_that_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("milk")

    shown = run("inspect", tmp_path / "notes.txt")

    assert "notes.txt" in str(shown.exception)


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
        *("--level", "B", "--key-secret-env", "PW", "--out", out),
        PW=PASSWORD,
    )

    assert (added.exit_code, lists.exit_code) == (0, 0), added.output + lists.output
    shown = run("verify", issued_file.stdout.strip(), "--trust", trust, "--allow-test")
    assert shown.exit_code == 0, shown.output
    assert "TEST" in shown.stdout
    assert "root" in run("trust", "show", "--trust", trust).stdout.lower()


def new_keys(folder: Path, *arguments: str, password: str = PASSWORD) -> Result:
    words = ("key", "new", "--out", folder, "--key-secret-env", "PW", *arguments)
    return run(*words, PW=password)


SCHOOL = ("--name", "Šola Đurđevac", "--identifier", "NTRHR-12345678")


def test_a_seal_is_in_the_country_of_its_identifier(tmp_path: Path) -> None:
    assert new_keys(tmp_path, *SCHOOL).exit_code == 0

    with open_signer(
        f"file:{tmp_path / 'seal.p12'}", secret=lambda prompt: PASSWORD
    ) as signer:
        assert isinstance(signer.identity, X509Identity)
        subject = subject_text(signer.identity.certificate)
    assert "C=HR" in subject
    assert "O=Šola Đurđevac" in subject


def test_keys_are_never_written_beside_others(tmp_path: Path) -> None:
    new_keys(tmp_path, *SCHOOL)
    (tmp_path / "seal.p12").rename(tmp_path / "mine.p12")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    again = new_keys(tmp_path, *SCHOOL)

    assert isinstance(again.exception, ConfigError)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        pytest.param((), PASSWORD, id="for-nobody"),
        pytest.param(SCHOOL[:2], PASSWORD, id="no-identifier"),
        pytest.param((*SCHOOL[:3], "bla bla"), PASSWORD, id="no-such-number"),
        pytest.param(SCHOOL, "", id="empty-password"),
    ],
)
def test_keys_that_could_not_be_used_are_not_made(
    arguments: tuple[str, ...], password: str, tmp_path: Path
) -> None:
    refused = new_keys(tmp_path / "keys", *arguments, password=password)

    assert refused.exit_code == 2
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("option", "what"),
    [
        pytest.param("--out", "a file in the place of the folder", id="out"),
        pytest.param("--id-secret", "a missing secret", id="id-secret"),
    ],
)
def test_a_wrong_path_is_a_sentence_and_no_bug(
    option: str, what: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text(what)
    paths = {"--out": tmp_path / "out", "--id-secret": None} | {
        option: tmp_path / "file" / "below"
    }

    refused = run(
        *("issue", RECORD, "--as", "ob3-jwt", "--key", world().key("ob3-jwt")),
        *(word for pair in paths.items() if pair[1] for word in pair),
    )

    assert refused.exit_code == 2 or isinstance(refused.exception, ConfigError)


def test_an_empty_id_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")

    refused = run(
        *("issue", RECORD, "--as", "ob3-jwt", "--key", world().key("ob3-jwt")),
        *("--out", tmp_path / "out", "--id-secret", tmp_path / "empty"),
    )

    assert refused.exit_code == 2
    assert "hide nothing" in refused.stderr


def trusting(folder: Path, *arguments: object) -> Result:
    return run("trust", "add", *arguments, "--trust", folder, "--test", "--yes")


def test_where_one_file_is_no_certificate_nothing_is_trusted(tmp_path: Path) -> None:
    root = world().folder / "keys" / "root.pem"
    (tmp_path / "notes.txt").write_text("milk")

    refused = trusting(tmp_path / "trust", root, tmp_path / "notes.txt")

    assert "notes.txt" in str(refused.exception)
    assert not (tmp_path / "trust").exists()


def test_what_was_written_is_told_as_json_too(tmp_path: Path) -> None:
    keys, trust = tmp_path / "keys", tmp_path / "trust"

    made: Any = json.loads(new_keys(keys, *SCHOOL, "--json").stdout)
    added: Any = json.loads(trusting(trust, keys / "root.pem", "--json").stdout)

    assert str(keys / "seal.p12") in made["files"]
    assert all(Path(file).is_file() for file in made["files"] + added["files"])


def test_a_list_is_known_by_its_content_and_added_after_its_root(
    tmp_path: Path,
) -> None:
    keys = world().folder / "keys"
    renamed = tmp_path / "list.bin"
    renamed.write_bytes((keys / "root.crl").read_bytes())

    added = trusting(tmp_path / "trust", renamed, keys / "root.pem")

    assert added.exit_code == 0, added.output
    assert [Path(line).suffix for line in added.stdout.split()] == [".pem", ".crl"]


@pytest.mark.parametrize(
    "identifier",
    ["foo bar", "root.pem", "did:key:z6Mkfoo", "did:key:", "1234567", ""],
)
def test_an_identifier_that_nobody_can_carry_is_refused(
    identifier: str, tmp_path: Path
) -> None:
    refused = trusting(tmp_path / "trust", identifier, "--name", "Šola")

    assert refused.exit_code == 2
    assert not (tmp_path / "trust").exists()


@pytest.mark.parametrize("identifier", ["NTRSI-1234567", "SI:SI-1", "did:web:zgled.si"])
def test_dids_and_legal_numbers_are_taken(identifier: str, tmp_path: Path) -> None:
    added = trusting(tmp_path, identifier, "--name", "Šola", "--also", "School")

    assert added.exit_code == 0, added.output
    assert "Šola / School" in run("trust", "show", "--trust", tmp_path).stdout


def test_the_file_that_is_missing_is_the_one_named(tmp_path: Path) -> None:
    root = world().folder / "keys" / "root.pem"

    refused = trusting(tmp_path / "trust", root, tmp_path / "absent.pem")

    assert refused.exit_code == 2
    assert "absent.pem" in refused.stderr
    assert not (tmp_path / "trust").exists()


def test_where_nobody_can_be_asked_nothing_is_trusted(tmp_path: Path) -> None:
    root = world().folder / "keys" / "root.pem"

    refused = run("trust", "add", root, "--trust", tmp_path / "trust", "--test")

    assert refused.exit_code == 2
    assert "SHA-256" in refused.stderr
    assert not (tmp_path / "trust").exists()


def test_the_default_folder_is_the_users_own_and_empty_at_first(
    tmp_path: Path,
) -> None:
    shown = run("trust", "show", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))

    assert shown.stdout.startswith(str(tmp_path / "edc-issuer" / "trust"))
    assert "Nobody is trusted" in shown.stdout


def test_the_demo_never_empties_a_folder_of_somebody_else(tmp_path: Path) -> None:
    mine = tmp_path / "keys" / "seal.p12"
    mine.parent.mkdir()
    mine.write_text("the school's only key")

    refused = run("demo", "--out", tmp_path)

    assert isinstance(refused.exception, ConfigError)
    assert mine.read_text() == "the school's only key"


@pytest.mark.slow
def test_the_demo_shows_seals_that_last_and_one_that_does_not(tmp_path: Path) -> None:
    shown = run("demo", "--out", tmp_path / "demo", "--lang", "en")

    assert shown.exit_code == 0, shown.output
    said = shown.stdout
    lines = [line.partition("   ")[0] for line in said.splitlines()]
    assert lines.count("TEST PASSED") == 12  # eleven of today, one of three years ago
    assert lines.count("TEST NOT CONFIRMED") == 1
    assert "TEST NOT CONFIRMED   level-B.jsonld" in said
    assert "TEST PASSED   level-LTA.jsonld" in said
    assert "FAILED   tampered-" in said
    assert "This can be shown until" in said
    again = run("demo", "--out", tmp_path / "demo", "--lang", "en")
    assert again.exit_code == 0, again.output


@pytest.mark.slow
def test_what_is_made_by_hand_with_the_keys_of_the_demo_verifies(
    tmp_path: Path,
) -> None:
    demo, trust = tmp_path / "demo", tmp_path / "demo" / "trust"
    run("demo", "--out", demo)
    key = f"file:{demo / 'keys' / 'seal.p12'}"

    made = run(
        *("issue", RECORD, "--as", "edc-jades", "--key", key, "--level", "B"),
        *("--key-secret-env", "PW", "--out", tmp_path),
        PW="demo",
    )

    shown = run("verify", made.stdout.strip(), "--trust", trust, "--allow-test")
    assert shown.exit_code == 0, shown.output


def test_every_option_of_every_command_says_what_it_is() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in _commands(get_command(app), "edc-issuer")
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]

    assert silent == []


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for child, one in command.commands.items():
        yield from _commands(one, f"{name} {child}")


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

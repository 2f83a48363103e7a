"""`edc-issuer status`, `supersede`, and `--status` of those who issue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from edc_issuer import cli
from edc_issuer.errors import ConfigError
from edc_issuer.status import StatusBook
from edc_issuer.verify import Verifier
from killing import killed
from statuses import Answering, answer
from world import PASSWORD, RECORDS, world

URL = "https://zgled.example/status"
RECORD = str(RECORDS / "scouts4green_ecological.json")


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SEAL_PASSWORD", PASSWORD)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    path = str(tmp_path / "knjiga.sqlite")
    run("status", "init", "--status", path, "--url", URL)
    return path


def run(*words: str, code: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, list(words))
    assert result.exit_code == code, (result.output, result.exception)
    return result


def issued(book: str, out: Path, *options: str, profile: str = "ob3-di") -> Path:
    words = ["issue", RECORD, "--as", profile, "--key", world().key(profile)]
    run(*words, "--out", str(out), "--status", book, *options)
    (path,) = out.iterdir()
    return path


def lists(book: str, out: Path) -> dict[str, bytes | str]:
    """What a web server shows after `status publish`."""
    key = world().key("ob3-di")
    run("status", "publish", "--status", book, "--key", key, "--out", str(out))
    return {f"{URL}/{path.name}": path.read_bytes() for path in out.iterdir()}


def verdict(path: Path, found: dict[str, bytes | str]) -> str:
    verifier = Verifier(trust=world().trust, fetcher=Answering(found))
    return answer(verifier.verify(path.read_bytes()))


def test_a_badge_is_issued_withdrawn_and_told(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "out")
    web = tmp_path / "web"
    assert verdict(path, lists(book, web)) == "pass"

    result = run(
        *("status", "revoke", str(path), "--status", book),
        *("--reason", "po pomoti", "--by", "Ana Čeh"),
    )

    assert "Revoked, for ever" in result.output
    assert "edc-issuer status publish" in result.output
    assert verdict(path, lists(book, web)) == "fail revoked"


def test_published_files_are_the_lists_and_nothing_else(
    book: str, tmp_path: Path
) -> None:
    lists(book, tmp_path / "web")

    names = sorted(path.name for path in (tmp_path / "web").iterdir())
    assert names == [
        *("revocation-1.json", "revocation-1.jwt"),
        *("suspension-1.json", "suspension-1.jwt"),
    ]
    mode = (tmp_path / "web" / "revocation-1.json").stat().st_mode & 0o777
    assert mode == 0o644


def test_a_badge_is_suspended_and_reinstated(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "out", "--suspension")
    name = json.loads(path.read_bytes())["id"]
    told = []
    for verb in ("suspend", "reinstate"):
        words = ["status", verb, name, "--status", book, "--reason", "premislek"]
        told.append(json.loads(run(*words, "--json").stdout))

    assert [(one["suspended"], one["changed"]) for one in told] == [
        (True, True),
        (False, True),
    ]


def test_what_was_done_is_shown_with_its_reason(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "out")
    words = ["status", "revoke", str(path), "--status", book]
    run(*words, "--reason", "преписано\x1b[31m", "--by", "Ђорђе")

    text = run("status", "show", str(path), "--status", book).stdout

    assert "Revoked, for ever" in text
    assert "Ђорђе  revoke" in text
    assert "преписано" in text
    assert "\x1b" not in text


def test_a_revocation_is_not_taken_back(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "out", "--suspension")
    run("status", "revoke", str(path), "--status", book, "--reason", "po pomoti")

    result = CliRunner().invoke(
        cli.app,
        ["status", "reinstate", str(path), "--status", book, "--reason", "vendarle"],
    )

    assert "for ever" in str(result.exception)


def test_a_correction_supersedes(book: str, tmp_path: Path) -> None:
    old = issued(book, tmp_path / "old")
    corrected = json.loads(Path(RECORD).read_text())
    corrected["award"]["revision"] = 2
    record = tmp_path / "popravek.json"
    record.write_text(json.dumps(corrected))
    key = world().key("ob3-di")
    words = ["issue", str(record), "--as", "ob3-di", "--key", key, "--status", book]
    run(*words, "--out", str(tmp_path / "new"))
    (new,) = (tmp_path / "new").iterdir()

    run("supersede", str(old), str(new), "--status", book, "--reason", "ime")

    told = json.loads(
        run("status", "show", str(old), "--status", book, "--json").stdout
    )
    assert told["revoked"]
    assert told["successor"] == json.loads(new.read_bytes())["id"]


def test_a_corrected_credential_is_not_written_over_the_one_that_it_replaces(
    book: str, tmp_path: Path
) -> None:
    old = issued(book, tmp_path / "out")
    kept = old.read_bytes()
    words = ["issue", _corrected(tmp_path), "--as", "ob3-di", "--status", book]
    words += ["--key", world().key("ob3-di"), "--out", str(tmp_path / "out")]

    refused = run(*words, code=2)

    assert "is kept" in " ".join(refused.stderr.split())
    assert old.read_bytes() == kept
    assert issued(book, tmp_path / "out") == old  # the same one again is no matter


def test_what_was_revoked_before_it_is_replaced_is_told_so(
    book: str, tmp_path: Path
) -> None:
    old = issued(book, tmp_path / "old")
    run("status", "revoke", str(old), "--status", book, "--reason", "po pomoti")
    words = ["issue", _corrected(tmp_path), "--as", "ob3-di", "--status", book]
    run(*words, "--key", world().key("ob3-di"), "--out", str(tmp_path / "new"))
    (new,) = (tmp_path / "new").iterdir()

    told = run("supersede", str(old), str(new), "--status", book, "--reason", "ime")

    assert "It was revoked already; the book now says too" in told.stdout
    assert json.loads(new.read_bytes())["id"] in told.stdout


def test_a_file_that_is_not_there_is_not_taken_for_an_id(
    book: str, tmp_path: Path
) -> None:
    words = ["--status", book, "--reason", "po pomoti"]
    for name, said in (("ni.jsonld", "no such file"), ("urn:x:y", "not in this")):
        result = CliRunner().invoke(cli.app, ["status", "revoke", name, *words])
        assert isinstance(result.exception, ConfigError)
        assert said in str(result.exception)


def test_lists_that_take_another_key_are_named_when_they_are_not_signed_anew(
    book: str, tmp_path: Path
) -> None:
    words = ["status", "publish", "--status", book, "--out", str(tmp_path / "web")]
    seal = ["--key", world().key("edc-jades"), "--key-secret-env", "SEAL_PASSWORD"]
    first = run(*words, *seal)
    second = run(*words, "--key", world().key("ob3-di"))

    assert "Not signed anew" not in first.stderr
    told = " ".join(second.stderr.split())
    assert "Not signed anew, because these lists take another key: " in told
    assert "revocation-1.sealed.json, suspension-1.sealed.json" in told


def _corrected(folder: Path) -> str:
    corrected = json.loads(Path(RECORD).read_text())
    corrected["award"]["revision"] = 2
    record = folder / "popravek.json"
    record.write_text(json.dumps(corrected))
    return str(record)


def test_a_batch_gives_every_row_a_position(book: str, tmp_path: Path) -> None:
    rows = tmp_path / "vrstice.jsonl"
    base = json.loads(Path(RECORD).read_text())
    lines = [json.dumps({**base, "record_id": f"vrsta-{n}"}) for n in range(3)]
    rows.write_text("\n".join(lines))
    key = world().key("ob3-jwt")
    words = ["batch", str(rows), "--as", "ob3-jwt", "--key", key, "--status", book]

    run(*words, "--out", str(tmp_path / "out"), "--journal", str(tmp_path / "j"))

    found = lists(book, tmp_path / "web")
    made = sorted((tmp_path / "out").glob("*.jwt"))
    assert len(made) == 3
    assert {verdict(path, found) for path in made} == {"pass"}


def test_twins_have_a_position_each(book: str, tmp_path: Path) -> None:
    words = ["twins", RECORD, "--seal-key", world().key("edc-jades"), "--level", "B"]
    words += ["--seal-secret-env", "SEAL_PASSWORD", "--status", book]
    words += ["--badge-key", world().key("ob3-jwt"), "--out", str(tmp_path / "out")]

    run(*words)

    names = [
        json.loads(run("status", "show", str(path), "--status", book, "--json").stdout)
        for path in (tmp_path / "out").iterdir()
    ]
    assert len({one["id"] for one in names}) == 2
    assert len({one["places"][0]["position"] for one in names}) == 2


def test_no_twin_is_sealed_whose_badge_was_revoked(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "badge", profile="ob3-jwt")
    run("status", "revoke", str(path), "--status", book, "--reason", "po pomoti")
    words = ["twins", RECORD, "--seal-key", world().key("edc-jades"), "--level", "B"]
    words += ["--seal-secret-env", "SEAL_PASSWORD", "--status", book]
    words += ["--badge-key", world().key("ob3-jwt"), "--out", str(tmp_path / "out")]

    result = CliRunner().invoke(cli.app, words)

    assert "revoked" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_the_book_can_be_named_by_the_surroundings(
    book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = issued(book, tmp_path / "out")
    monkeypatch.setenv("EDC_STATUS", book)

    assert "Neither revoked nor suspended" in run("status", "show", str(path)).stdout


def test_a_password_in_an_address_is_refused() -> None:
    result = CliRunner().invoke(
        cli.app, ["status", "show", "x", "--status", "postgresql://a:b@zgled/knjiga"]
    )

    assert result.exit_code == 2
    assert "PGPASSWORD" in " ".join(result.output.split())


def test_a_list_is_evidence_on_the_command_line(book: str, tmp_path: Path) -> None:
    path = issued(book, tmp_path / "out")
    lists(book, tmp_path / "web")
    trust = str(world().trust_folder)
    words = ["verify", str(path), "--trust", trust, "--allow-test"]

    run(*words, code=3)
    run(*words, "--evidence", str(tmp_path / "web" / "revocation-1.json"))


def test_a_file_without_a_credential_has_no_id(book: str, tmp_path: Path) -> None:
    other = tmp_path / "pismo.txt"
    other.write_text("Spoštovani!")

    result = CliRunner().invoke(
        cli.app,
        ["status", "revoke", str(other), "--status", book, "--reason", "zakaj"],
    )

    assert "no signed credential" in str(result.exception)
    assert StatusBook.open(book).lists()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_batch_that_is_killed_gives_no_position_twice(
    book: str, tmp_path: Path, seed: int
) -> None:
    rows = tmp_path / "vrstice.jsonl"
    base = json.loads(Path(RECORD).read_text())
    lines = [json.dumps({**base, "record_id": f"vrsta-{n}"}) for n in range(40)]
    rows.write_text("\n".join(lines))
    out, key = tmp_path / "out", world().key("ob3-di")
    words = ["batch", str(rows), "--as", "ob3-di", "--key", key, "--status", book]
    words += ["--out", str(out), "--journal", str(tmp_path / "j"), "--workers", "2"]

    deaths = sum(
        killed(["edc-issuer", *words], 0.4 + 0.15 * turn + 0.03 * (seed % 5))
        for turn in range(3)
    )
    run(*words)

    made = [json.loads(path.read_bytes()) for path in out.glob("*.jsonld")]
    taken = {one["credentialStatus"]["statusListIndex"] for one in made}
    assert deaths
    assert len(made) == len(taken) == 40
    found = lists(book, tmp_path / "web")
    assert {verdict(path, found) for path in out.glob("*.jsonld")} == {"pass"}

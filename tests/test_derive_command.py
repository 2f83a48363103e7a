"""`edc-issuer derive`: what a learner sees, writes, and is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edc_issuer import bake
from edc_issuer.cli import app
from edc_issuer.messages import LANGUAGES
from selective_badges import (
    NAME,
    base,
    changed,
    copy,
    document_of,
    proof_of,
    verify,
)
from world import RECORDS, issued

ALWAYS = "/validUntil"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>znak</title></svg>'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["derive", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "značka đ.jsonld"
    path.write_bytes(base())
    return path


def test_the_list_says_what_is_always_shown_and_what_can_be(file: Path) -> None:
    result = run(file, "--list", "--lang", "en")

    always, _, chosen = result.stdout.partition("A copy can also show")
    assert result.exit_code == 0
    assert "/issuer/name" in always
    assert "Šola Zgled" in always
    assert ALWAYS in always
    assert NAME in chosen
    assert "Заштита природе" in chosen
    assert "/credentialSubject/achievement/tag" in chosen
    assert "šuma, вода" in chosen
    assert "/credentialSubject/achievement/alignment/1/targetName" in chosen


def test_the_list_as_json_says_the_values(file: Path) -> None:
    result = run(file, "--list", "--json")

    rows = {row["pointer"]: row for row in json.loads(result.stdout)}
    assert rows[NAME] == {"pointer": NAME, "value": "Заштита природе", "always": False}
    assert rows[ALWAYS]["always"]


def test_each_pointer_of_the_list_can_be_revealed(file: Path, tmp_path: Path) -> None:
    rows = json.loads(run(file, "--list", "--json").stdout)

    for number, row in enumerate(rows):
        out = tmp_path / f"{number}.jsonld"
        result = run(file, "--reveal", row["pointer"], "--out", out)
        assert result.exit_code == 0, row
        assert verify(out.read_bytes())


def test_a_copy_is_written_beside_the_file_for_its_owner_only(file: Path) -> None:
    result = run(file, "--reveal", NAME, "--lang", "en")

    target = file.with_name("značka đ.copy.jsonld")
    assert result.exit_code == 0
    assert result.stdout == f"{target}\n"
    assert target.stat().st_mode & 0o777 == 0o600
    assert verify(target.read_bytes())["credentialSubject"]["achievement"] == {
        "id": "urn:uuid:11111111-1111-4111-8111-111111111111",
        "type": ["Achievement"],
        "name": "Заштита природе",
    }
    assert "the issuer's signature holds" in result.stderr
    assert f"never {file}" in result.stderr
    assert file.read_bytes() == base()


def test_a_copy_whose_issuer_could_not_be_asked_is_not_called_verified(
    tmp_path: Path,
) -> None:
    """The same key, named by itself and by an address that nobody asked."""
    keys = tmp_path / "keys"
    did = "did:web:sola.example"
    make = ["key", "new", "--did", did, "--type", "p-256", "--out", str(keys)]
    assert CliRunner().invoke(app, make).exit_code == 0
    record = json.loads((RECORDS / "scouts4green_social.json").read_bytes())
    record["award"]["valid_until"] = "2036-01-15"
    (tmp_path / "r.json").write_text(json.dumps(record), encoding="utf-8")
    told = {}
    for name, key in (("own", "badge.pem"), ("web", f"badge.pem#{did}")):
        out = tmp_path / name
        words = ["issue", str(tmp_path / "r.json"), "--as", "ob3-di"]
        words += ["--cryptosuite", "ecdsa-sd-2023", "--key", f"file:{keys / key}"]
        assert CliRunner().invoke(app, [*words, "--out", str(out)]).exit_code == 0
        (path,) = out.iterdir()
        told[name] = run(path, "--reveal", "/name", "--lang", "en").stderr

    assert "was verified" in told["own"]
    assert "was verified" not in told["web"]
    assert "could not be checked" in told["web"]
    assert "could not be checked" not in told["own"]


def test_a_copy_as_json_says_what_was_done(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.jsonld"

    result = run(file, "--reveal", NAME, "--out", out, "--json")

    assert json.loads(result.stdout) == {
        "file": str(out),
        "revealed": [NAME],
        "always": [
            "/type",
            "/issuer",
            "/validFrom",
            "/validUntil",
            "/credentialStatus",
        ],
        "confirmed": True,
    }


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(copy(), "already a copy", id="a-copy"),
        pytest.param(issued("ob3-di").data, "signed as a whole", id="other-suite"),
        pytest.param(issued("ob3-jwt").data, "signed as a whole", id="a-jwt"),
        pytest.param(issued("edc-jades").data, "signed as a whole", id="a-seal"),
        pytest.param(
            changed(base(), lambda badge: badge.pop("proof")),
            "Nobody has signed",
            id="unsigned",
        ),
        pytest.param(
            changed(base(), lambda badge: badge["proof"].append(proof_of(badge))),
            "several proofs",
            id="two-base-proofs",
        ),
        pytest.param(
            changed(base(), lambda badge: badge["issuer"].update(name="Druga")),
            "changed after",
            id="changed-where-all-see-it",
        ),
        pytest.param(
            changed(
                base(),
                lambda badge: badge["credentialSubject"]["achievement"].update(
                    name="Нешто друго"
                ),
            ),
            "changed after",
            id="changed-where-it-is-shown",
        ),
        pytest.param(b"{}", "could not be read", id="no-credential"),
        pytest.param(b"\x00\xff", "could not be read", id="noise"),
    ],
)
def test_a_file_that_makes_no_copy_is_refused_with_what_to_do(
    tmp_path: Path, data: bytes, told: str
) -> None:
    path = tmp_path / "file.jsonld"
    path.write_bytes(data)

    result = run(path, "--reveal", NAME, "--lang", "en")

    assert result.exit_code == 1
    assert told in result.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        ("/credentialSubject/achievement/nema", "nothing stands there"),
        ("credentialSubject", "begins with a slash"),
        ("/credentialSubject/achievement/tag/7", "nothing stands there"),
    ],
)
def test_a_pointer_that_leads_nowhere_is_refused(
    file: Path, pointer: str, told: str
) -> None:
    result = run(file, "--reveal", pointer, "--lang", "en")

    assert result.exit_code == 1
    assert told in result.stderr
    assert "--list" in result.stderr
    assert list(file.parent.iterdir()) == [file]


def test_without_anything_to_reveal_the_list_is_named(file: Path) -> None:
    result = run(file)

    assert result.exit_code == 2
    assert "--list" in result.stderr


def test_the_file_of_the_issuer_is_never_written_over(file: Path) -> None:
    result = run(file, "--reveal", NAME, "--out", file)

    assert result.exit_code == 2
    assert file.read_bytes() == base()


def test_another_credential_is_never_written_over(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "druga.jsonld"
    other.write_bytes(issued("ob3-di").data)

    result = run(file, "--reveal", NAME, "--out", other)

    assert result.exit_code == 2
    assert other.read_bytes() == issued("ob3-di").data


def test_an_older_copy_is_replaced(file: Path) -> None:
    run(file, "--reveal", NAME)

    result = run(file, "--reveal", "/name")

    written = file.with_name("značka đ.copy.jsonld")
    assert result.exit_code == 0
    assert "name" in document_of(written.read_bytes())
    assert "achievement" not in json.dumps(document_of(written.read_bytes())["type"])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_own_words(file: Path, language: str) -> None:
    listed = run(file, "--list", "--lang", language)
    written = run(file, "--reveal", NAME, "--lang", language)
    refused = run(file, "--reveal", "/nema", "--lang", language)

    for said in (listed.stdout, written.stderr, refused.stderr):
        assert said
        assert "[en]" not in said
        assert "derive." not in said


def test_a_badge_in_a_picture_gives_a_copy_without_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "značka.svg"
    path.write_bytes(bake(SVG, base()))

    result = run(path, "--reveal", NAME)

    copied = tmp_path / "značka.copy.jsonld"
    assert result.exit_code == 0, result.stderr
    assert verify(copied.read_bytes())


@pytest.mark.parametrize(("data", "told"), [(base(), True), (copy(), False)])
def test_whoever_bakes_a_whole_badge_is_told_to_bake_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, told: bool
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    badge, picture = tmp_path / "b.jsonld", tmp_path / "slika.svg"
    badge.write_bytes(data)
    picture.write_bytes(SVG)

    result = CliRunner().invoke(app, ["bake", str(badge), "--image", str(picture)])

    assert result.exit_code == 0, result.stderr
    assert ("never" in result.stderr) is told

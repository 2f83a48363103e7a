"""`bake` and `unbake`: a badge into its picture, and the same badge out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edc_issuer.carriers import unbake
from edc_issuer.cli import app
from edc_issuer.errors import ConfigError
from pictures import SVG, png, text_chunk
from world import issued, world


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "značka.jwt").write_bytes(issued("ob3-jwt").data)
    (tmp_path / "značka.json").write_bytes(issued("ob3-di").data)
    (tmp_path / "slika.png").write_bytes(png())
    (tmp_path / "slika.svg").write_bytes(SVG)
    return tmp_path


@pytest.mark.parametrize("badge", ["značka.jwt", "značka.json"])
@pytest.mark.parametrize("picture", ["slika.png", "slika.svg"])
def test_a_badge_goes_in_and_comes_out(folder: Path, badge: str, picture: str) -> None:
    out, back = folder / f"pečena.{picture[-3:]}", folder / "nazaj"

    baked = run("bake", folder / badge, "--image", folder / picture, "--out", out)
    taken = run("unbake", out, "--out", back)

    assert (baked.exit_code, taken.exit_code) == (0, 0), (baked.output, taken.output)
    assert back.read_bytes() == (folder / badge).read_bytes().strip()


def test_without_out_the_picture_is_named_after_the_badge(folder: Path) -> None:
    done = run("bake", folder / "značka.jwt", "--image", folder / "slika.png", "--json")

    written = folder / "značka.png"
    assert json.loads(done.stdout) == {"files": [str(written)]}
    assert unbake(written.read_bytes()).data == issued("ob3-jwt").data.strip()


def test_a_baked_badge_is_verified_where_it_lies(folder: Path) -> None:
    run("bake", folder / "značka.jwt", "--image", folder / "slika.png")

    trust = world().trust_folder
    done = run(
        "verify", folder / "značka.png", "--trust", trust, "--allow-test", "--json"
    )

    assert done.exit_code == 0
    assert json.loads(done.stdout)["carrier"] == "png"


def test_baking_again_writes_the_same_badge_over_itself_only(folder: Path) -> None:
    badge, image = folder / "značka.jwt", folder / "slika.png"
    run("bake", badge, "--image", image)

    again = run("bake", badge, "--image", image)
    (folder / "druga.jwt").write_bytes(issued("ob3-jwt", "mcvet_3d_si").data)
    other = run(
        *("bake", folder / "druga.jwt", "--image", image),
        *("--out", folder / "značka.png"),
    )

    assert again.exit_code == 0
    assert other.exit_code == 2


def test_a_picture_with_a_badge_needs_replace(folder: Path) -> None:
    full, out = folder / "polna.png", folder / "nova.png"
    full.write_bytes(png(text_chunk(issued("ob3-di").data)))
    badge = folder / "značka.jwt"

    refused = run("bake", badge, "--image", full, "--out", out)
    replaced = run("bake", badge, "--image", full, "--out", out, "--replace")

    assert isinstance(refused.exception, ConfigError)
    assert "--replace" in str(refused.exception)
    assert replaced.exit_code == 0


@pytest.mark.parametrize("name", ["značka.json", "slika.png"])
def test_no_file_that_is_read_is_written_over(folder: Path, name: str) -> None:
    before = (folder / name).read_bytes()

    done = run(
        *("bake", folder / "značka.json", "--image", folder / "slika.png"),
        *("--out", folder / name),
    )

    assert done.exit_code == 2
    assert (folder / name).read_bytes() == before


def test_what_is_no_picture_or_no_badge_is_named(folder: Path) -> None:
    badge, image = folder / "značka.jwt", folder / "slika.png"

    no_picture = run("bake", badge, "--image", badge)
    no_badge = run("bake", image, "--image", image, "--out", folder / "x.png")
    empty = run("unbake", image)

    assert "neither a PNG nor an SVG" in str(no_picture.exception)
    assert "a picture without a credential" in str(no_badge.exception)
    assert "a picture without a credential" in str(empty.exception)


def test_a_picture_that_only_names_an_address_is_told_and_nothing_is_fetched(
    folder: Path,
) -> None:
    old = folder / "stara.png"
    old.write_bytes(png(text_chunk(b"https://example.org/badge.json", b"openbadges")))

    done = run("unbake", old)

    assert done.exit_code == 3
    assert "https://example.org/badge.json" in done.output
    assert not (folder / "stara.jwt").exists()


def issue(folder: Path, picture: str, profile: str = "ob3-jwt") -> Result:
    from world import PASSWORD, RECORDS

    return CliRunner().invoke(
        app,
        [
            *("issue", str(RECORDS / "scouts4green_ecological.json")),
            *("--as", profile, "--key", world().key(profile), "--json"),
            *("--key-secret-env", "BAKE_SECRET", "--out", str(folder / "out")),
            *("--bake", str(folder / picture)),
        ],
        env={"BAKE_SECRET": PASSWORD},
    )


@pytest.mark.parametrize("picture", ["slika.png", "slika.svg"])
def test_a_badge_is_issued_into_its_picture(folder: Path, picture: str) -> None:
    done = issue(folder, picture)

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    baked = unbake(Path(told["picture"]).read_bytes())
    assert baked.data == Path(told["file"]).read_bytes().strip()


def test_nothing_is_signed_for_a_picture_that_takes_no_badge(folder: Path) -> None:
    (folder / "polna.png").write_bytes(png(text_chunk(b"{}")))

    for picture, profile in (
        ("značka.jwt", "ob3-jwt"),
        ("polna.png", "ob3-jwt"),
        ("slika.png", "edc-jades"),
    ):
        assert issue(folder, picture, profile).exit_code == 2
        assert not (folder / "out").exists()

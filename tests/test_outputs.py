"""No command writes over what it reads, nor over a credential of somebody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from edc_issuer.cli import app
from world import PASSWORD, RECORDS, issued, world

RECORD = RECORDS / "scouts4green_ecological.json"
WHOLE = RECORDS.parent / "programmes" / "scouts4green_all.json"


def run(*arguments: object, **variables: str) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.jsonld"
    path.write_bytes(issued("edc-jades").data)
    return path


def refused(result: Result) -> bool:
    return result.exit_code == 2 and "Traceback" not in result.output


def aliases(path: Path) -> list[Path]:
    """The file itself, and by other names."""
    link, hard = path.parent / "link", path.parent / "hard"
    link.symlink_to(path)
    hard.hardlink_to(path)
    return [path, link, hard]


@pytest.mark.parametrize("to", ["record", "ob3"])
def test_convert_never_writes_over_the_file_that_it_reads(
    sealed: Path, to: str
) -> None:
    before = sealed.read_bytes()

    for out in aliases(sealed):
        assert refused(run("convert", sealed, "--to", to, "--out", out))
        assert out.read_bytes() == before


def test_convert_never_writes_over_a_record_that_it_reads(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_bytes(RECORD.read_bytes())

    assert refused(run("convert", record, "--to", "ob3", "--out", record))
    assert record.read_bytes() == RECORD.read_bytes()


@pytest.mark.parametrize("profile", ["edc-jades", "ob3-jwt", "ob3-di"])
def test_convert_spares_any_signed_file(tmp_path: Path, profile: str) -> None:
    out = tmp_path / "other"
    out.write_bytes(issued(profile).data)

    for to in ("ob3", "record"):
        assert refused(run("convert", RECORD, "--to", to, "--out", out))
    assert out.read_bytes() == issued(profile).data


def test_convert_may_repeat_itself_but_not_over_another_draft(tmp_path: Path) -> None:
    out = tmp_path / "draft.json"
    other = RECORDS / "scouts4green_social.json"

    for _ in range(2):
        assert run("convert", RECORD, "--to", "ob3", "--out", out).exit_code == 0
    before = out.read_bytes()

    assert refused(run("convert", other, "--to", "ob3", "--out", out))
    assert refused(run("convert", RECORD, "--to", "record", "--out", out))
    assert out.read_bytes() == before


def test_convert_spares_what_lies_where_an_attachment_would_go(tmp_path: Path) -> None:
    from test_elm import build, record

    name = "mcvet_3d_si"
    credential: dict[str, Any] = dict(build(record(name)).credential)
    content = {"id": "urn:x:1", "type": "MediaObject", "content": "JVBERg=="}
    credential["attachment"] = [content]
    source = tmp_path / "attachments" / "1"
    source.parent.mkdir()
    source.write_text(json.dumps(credential))

    result = run("convert", source, "--to", "record", "--out", tmp_path / "r.json")

    assert refused(result)
    assert json.loads(source.read_text()) == json.loads(json.dumps(credential))
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize("option", ["--out", "--keep"])
def test_stack_never_writes_over_what_it_reads_or_a_credential(
    sealed: Path, tmp_path: Path, option: str
) -> None:
    whole, part = tmp_path / "whole.json", tmp_path / "part.jsonld"
    whole.write_bytes(WHOLE.read_bytes())
    part.write_bytes(issued("edc-jades", "scouts4green_social").data)
    more = ["--record-id", "1"]
    if option == "--keep":
        more = ["--decision", "accepted", "--decided-by", "Šola"]

    for out in (whole, part, sealed):
        before = out.read_bytes()
        assert refused(run("stack", part, "--whole", whole, option, out, *more))
        assert out.read_bytes() == before


def test_stack_writes_draft_and_decision_into_two_files(tmp_path: Path) -> None:
    both = tmp_path / "both.json"
    decided = ["--decision", "accepted", "--decided-by", "Šola", "--keep", both]

    result = run(
        *("stack", RECORD, "--whole", WHOLE, "--out", both),
        *("--record-id", "1", *decided),
    )

    assert refused(result)
    assert "same file" in result.output
    assert not both.exists()


@pytest.mark.parametrize("command", [["summary"], ["export-programme"]])
def test_pages_and_opportunities_spare_inputs_and_credentials(
    sealed: Path, tmp_path: Path, command: list[str]
) -> None:
    source = tmp_path / "source"
    data = WHOLE.read_bytes() if command != ["summary"] else sealed.read_bytes()
    source.write_bytes(data)

    for out in (source, sealed):
        before = out.read_bytes()
        assert refused(run(*command, source, "--out", out))
        assert out.read_bytes() == before


def test_twins_never_write_over_the_record_or_another_credential(
    tmp_path: Path,
) -> None:
    def twins(record: Path, out: Path) -> Result:
        return run(
            *("twins", record, "--level", "B", "--out", out),
            *("--seal-key", world().key("edc-jades")),
            *("--badge-key", world().key("ob3-jwt")),
            *("--seal-secret-env", "TWIN_SECRET", "--badge-secret-env", "TWIN_SECRET"),
            TWIN_SECRET=PASSWORD,
        )

    assert twins(RECORD, tmp_path).exit_code == 0
    edc = next(tmp_path.glob("*.jsonld"))
    assert twins(RECORD, tmp_path).exit_code == 0  # the same award once more

    other = issued("edc-jades", "scouts4green_social").data
    edc.write_bytes(other)
    assert refused(twins(RECORD, tmp_path))
    assert edc.read_bytes() == other

    edc.write_bytes(RECORD.read_bytes())
    assert refused(twins(edc, tmp_path))
    assert edc.read_bytes() == RECORD.read_bytes()

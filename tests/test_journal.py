"""The memory of a batch survives crashes, and belongs to one set-up and one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from edc_issuer.batch.index import Index
from edc_issuer.batch.journal import MAX_LINE, Header, Journal, Line
from edc_issuer.errors import ConfigError

HEADER = Header("ob3-jwt", language=None, names=False, out="out", id_secret=None)
LINE = Line(
    record_id="štev-1",
    revision=1,
    digest="d" * 64,
    credential_id="urn:uuid:1",
    file="1.ob3-jwt.jwt",
    sha256="a" * 64,
    size=3,
    issued="2026-06-15T10:00:00Z",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "šola" / "june.journal"


def begin(path: Path, *lines: Line) -> None:
    with Journal.open(path, HEADER, key="k1") as journal:
        journal.append(lines)


def reopened(path: Path, header: Header = HEADER, key: str = "k1") -> Journal:
    return Journal.open(path, header, key=key)


def test_a_line_is_found_again_by_record_and_by_credential(path: Path) -> None:
    begin(path, LINE, replace(LINE, record_id="2", credential_id="urn:uuid:2"))

    with reopened(path) as journal:
        assert journal.find("štev-1", 1) == LINE
        assert journal.find("štev-1", 2) is None
        assert journal.find("štev", 1) is None
        found = journal.find_credential("urn:uuid:2")
        assert found is not None
        assert found.record_id == "2"
        assert journal.find_credential("urn:uuid:3") is None


def test_a_line_is_found_in_the_run_that_wrote_it(path: Path) -> None:
    with reopened(path) as journal:
        journal.append([LINE])
        journal.append([replace(LINE, revision=3, credential_id="urn:uuid:3")])

        assert journal.find("štev-1", 3) is not None
        assert journal.find("štev-1", 1) == LINE
        assert journal.latest_revision("štev-1") == 3
        assert journal.latest_revision("štev-2") == 0


def test_lines_are_readable_letters_of_one_object_each(path: Path) -> None:
    begin(path, LINE)

    header, line = path.read_text("utf-8").splitlines()

    assert json.loads(line) == asdict(LINE)
    assert "štev-1" in line
    assert json.loads(header)["profile"] == "ob3-jwt"
    assert json.loads(header)["key"] == "k1"


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_only_the_owner_can_read_it(path: Path) -> None:
    begin(path, LINE)
    path.chmod(0o644)

    begin(path)

    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", [1, 20, -1], ids=["a-letter", "some", "all-but-end"])
def test_a_torn_last_line_is_removed_and_written_anew(path: Path, kept: int) -> None:
    begin(path, LINE)
    whole = path.read_bytes()
    begin(path, replace(LINE, record_id="2", credential_id="urn:uuid:2"))
    last = path.read_bytes()[len(whole) :]
    path.write_bytes(whole + last[:kept])

    with reopened(path) as journal:
        assert path.read_bytes() == whole
        assert journal.find("2", 1) is None
        assert journal.find("štev-1", 1) == LINE
        journal.append([replace(LINE, record_id="2", credential_id="urn:uuid:2")])
        assert journal.find("2", 1) is not None

    assert path.read_bytes() == whole + last


def test_a_torn_header_begins_the_journal_anew(path: Path) -> None:
    begin(path, LINE)
    whole = path.read_bytes()
    path.write_bytes(whole[:30])

    begin(path, LINE)

    with reopened(path) as journal:
        assert journal.find("štev-1", 1) == LINE


def test_looking_at_a_journal_leaves_its_torn_line(path: Path) -> None:
    begin(path, LINE)
    torn = path.read_bytes()[:-5]
    path.write_bytes(torn)

    with Journal.look(path, HEADER) as journal:
        assert journal.find("štev-1", 1) is None

    assert path.read_bytes() == torn


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"{}\n", id="no-members"),
        pytest.param(b"\0\0\0\0\n", id="zeros"),
        pytest.param(b'{"record_id": 1}\n', id="number-for-text"),
        pytest.param(b'{"record_id":"a","record_id":"a"}\n', id="member-twice"),
        pytest.param(b" " * (MAX_LINE + 2), id="endless"),
    ],
)
def test_a_line_that_no_crash_explains_is_refused(path: Path, damage: bytes) -> None:
    begin(path, LINE)
    good = path.read_bytes().splitlines(keepends=True)
    if damage == b"{}\n":  # without a record id a line says something else
        damage = json.dumps({"record_id": "a"}).encode() + b"\n"
    path.write_bytes(good[0] + damage + good[1])

    with pytest.raises(ConfigError, match="line 2 is damaged"):
        reopened(path)


def test_a_line_cannot_name_a_file_elsewhere(path: Path) -> None:
    begin(path, LINE)
    path.write_bytes(path.read_bytes().replace(b"1.ob3-jwt.jwt", b"../../etc/passwd"))

    with pytest.raises(ConfigError, match="line 2 is damaged"):
        reopened(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"profile": "ob3-di"}, "issues ob3-di, and this journal is of ob3-jwt"),
        ({"language": "sl"}, "speaks sl"),
        ({"names": True}, "--names"),
        ({"out": "elsewhere"}, "writes to elsewhere"),
        ({"id_secret": "f"}, "another secret"),
    ],
)
def test_another_set_up_is_refused(
    path: Path, change: dict[str, object], complaint: str
) -> None:
    begin(path, LINE)

    with pytest.raises(ConfigError, match=complaint):
        reopened(path, replace(HEADER, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"a": 1}\n', "no journal"),
        (b"row;record_id\n", "no journal"),
        (b'{"journal":"edc-issuer batch","version":2}\n', "another version"),
        (b'{"journal":"edc-issuer batch","version":2}', "another version"),
        # Without an end of line, as a program writes a file of one line.
        (b'{"priimek":"Cvetko \xc4\x8ci\xc5\xbeman"}', "no journal"),
        (b"skrivnost-\xc4\x8d\xc5\xa1\xc5\xbe", "no journal"),
        (b"{", "no journal"),
        (b"\0" * 200, "no journal"),
        (b"\n", "no journal"),
        (b" " * (MAX_LINE + 2), "no journal"),
        # A journal whose ends of lines were lost is more than a torn first line.
        (b'{"journal":"edc-issuer batch","version":1}{"record_id":"1"', "damaged"),
    ],
)
def test_another_file_is_never_written_to(
    path: Path, content: bytes, complaint: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    path.chmod(0o644)

    with pytest.raises(ConfigError, match=complaint):
        reopened(path)
    with pytest.raises(ConfigError, match=complaint):
        Journal.look(path, HEADER)

    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_folder_may_have_any_letters(path: Path) -> None:
    header = replace(HEADER, out="a}{č")
    with reopened(path, header) as journal:
        journal.append([LINE])

    with reopened(path, header) as journal:
        assert journal.find("štev-1", 1) == LINE


def test_an_empty_file_is_a_new_journal(path: Path) -> None:
    path.parent.mkdir()
    path.touch()

    begin(path, LINE)

    with reopened(path) as journal:
        assert journal.find("štev-1", 1) == LINE


def test_a_run_that_issued_nothing_fixes_nothing(path: Path) -> None:
    with reopened(path):
        pass

    with reopened(path, replace(HEADER, profile="ob3-di")) as journal:
        journal.append([LINE])

    with pytest.raises(ConfigError, match="issues ob3-jwt"):
        reopened(path)


def test_a_renewed_key_goes_on_and_the_journal_says_so(path: Path) -> None:
    begin(path, LINE)

    with reopened(path, key="k2") as journal:
        journal.start()
    with reopened(path, key="k2") as journal:
        assert journal.find("štev-1", 1) == LINE
        journal.start()

    keys = [json.loads(line).get("key") for line in path.read_bytes().splitlines()]
    assert keys == ["k1", None, "k2"]


HOLD = """
import sys, time
from pathlib import Path
from edc_issuer.batch.journal import Header, Journal
header = Header("ob3-jwt", None, False, "out", None)
with Journal.open(Path(sys.argv[1]), header, key="k1"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_two_processes_on_one_journal_are_refused(
    path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(ConfigError, match="another process works with this journal"):
        reopened(path)


def test_a_killed_process_lets_go_of_its_journal(
    path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()

    with reopened(path) as journal:
        assert journal.id


def test_two_runs_of_one_process_are_refused_too(path: Path) -> None:
    with reopened(path), pytest.raises(ConfigError, match="another process"):
        reopened(path)


def test_a_folder_or_a_pipe_is_no_journal(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    for place in (tmp_path, pipe):
        with pytest.raises(ConfigError):
            reopened(place)


def test_an_index_tells_ids_apart_that_look_alike_when_joined() -> None:
    with Index() as index:
        index.put("a", "bc", value=1)

        assert index.get("a", "bc") == 1
        assert index.get("ab", "c") is None
        assert index.get("abc") is None

"""What `batch` never destroys, doubles or hides: files, folders, awards and faults.

Each test is a command after which an earlier version had lost a file, issued one
award twice, or told something that was not so; its honest twin stands beside it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from edc_issuer.batch.index import alike
from edc_issuer.batch.journal import Header, Journal, Line
from edc_issuer.batch.lock import LOCK, held
from edc_issuer.batch.preparing import Item
from edc_issuer.cli.batch_voice import Voice
from edc_issuer.errors import ConfigError, Problem
from edc_issuer.sources import RowProblem
from rows import class_of, save, text_of
from test_batch import Desk, command, row
from world import PROFILE_IDS, record_dict, world


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# Files that are none of ours


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(json.dumps({"dijak": "Žiga Čuček"}), id="json"),
        pytest.param("skrivnost-čšž", id="secret"),
        pytest.param("record_id;family_name\n1;Čeh\n", id="csv"),
    ],
)
def test_a_file_that_is_no_journal_stays_as_it_is(desk: Desk, content: str) -> None:
    desk.write(row(1)).journal.write_text(content, "utf-8")

    run = desk.run()

    assert "is no journal of a batch" in str(run.exception)
    assert desk.journal.read_text("utf-8") == content
    assert desk.files() == []


def refused(run: Result) -> str:
    """What was said; nothing was issued."""
    assert run.exit_code != 0
    assert run.exception is None or isinstance(run.exception, SystemExit | ConfigError)
    return f"{run.output} {run.exception}"


@pytest.mark.parametrize("option", ["--summary", "--journal"])
@pytest.mark.parametrize(
    "name",
    ["razred.csv", "organisations.csv", "stolpci.json", "kljuc.pem", "id.secret"],
)
def test_no_file_that_is_read_is_written_over(
    tmp_path: Path, option: str, name: str
) -> None:
    desk = clerk(tmp_path)
    before = (tmp_path / name).read_bytes()
    (tmp_path / "other-name").hardlink_to(tmp_path / name)

    for out in (name, "other-name"):
        said = refused(run_of(desk, option, tmp_path / out))
        assert "reads" in said

    assert (tmp_path / name).read_bytes() == before
    assert desk.files() == []


def test_the_file_under_which_a_summary_is_begun_is_no_input_either(
    tmp_path: Path,
) -> None:
    desk = clerk(tmp_path)
    part = (tmp_path / "razred.csv").rename(tmp_path / ".s.csv.part")

    said = refused(run_of(desk, "--summary", tmp_path / "s.csv", rows=part))

    assert "reads" in said
    assert part.exists()


def clerk(folder: Path) -> Desk:
    """A folder with everything that a run can read."""
    text = text_of(class_of(2)).replace("family_name", "Priimek dijaka")
    save(folder, text)
    (folder / "stolpci.json").write_text('{"Priimek dijaka": "family_name"}', "utf-8")
    (folder / "id.secret").write_text("zelo dolga skrivnost č\n", "utf-8")
    (folder / "id.secret").chmod(0o600)
    key = Path(world().key("ob3-jwt").removeprefix("file:").partition("#")[0])
    (folder / "kljuc.pem").write_bytes(key.read_bytes())
    return Desk(folder)


def run_of(desk: Desk, *more: object, rows: Path | None = None) -> Result:
    own = [("columns", "stolpci.json"), ("id-secret", "id.secret")]
    own.append(("organisations", "organisations.csv"))
    given = [word for name, file in own for word in (f"--{name}", desk.folder / file)]
    key = f"file:{desk.folder / 'kljuc.pem'}"
    at = rows or desk.folder / "razred.csv"
    return desk.run(*given, "--key", key, *more, at=at)


def test_what_a_clerk_has_is_enough_to_issue(tmp_path: Path) -> None:
    desk = clerk(tmp_path)

    assert run_of(desk).exit_code == 0
    assert run_of(desk).exit_code == 0
    assert len(desk.files()) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ocene.csv", "row;record_id;status\n1;č;odlično\n"),
        ("old.journal", '{"journal":"edc-issuer batch","version":1}\n'),
        ("slika.png", "\x89PNG"),
    ],
)
def test_a_summary_never_replaces_what_is_no_summary(
    desk: Desk, name: str, content: str
) -> None:
    (desk.folder / name).write_text(content, "utf-8")

    run = desk.write(row(1)).run("--summary", desk.folder / name)

    assert "no summary of a batch" in refused(run)
    assert (desk.folder / name).read_text("utf-8") == content
    assert desk.files() == []


def test_a_summary_is_no_folder_and_no_pipe(desk: Desk) -> None:
    (desk.folder / "mapa").mkdir()
    os.mkfifo(desk.folder / "cev")

    for name in ("mapa", "cev"):
        run = desk.write(row(1)).run("--summary", desk.folder / name)
        assert "not an ordinary file" in refused(run)
    assert desk.files() == []


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text,
        lambda text: text.replace("\r\n", "\n").removeprefix("\ufeff"),
        lambda text: text.replace(";", ","),
        lambda text: text.replace("row;", '"row";'),
        lambda text: "",
    ],
    ids=["as-it-was", "no-mark", "commas", "quotes", "empty"],
)
def test_a_summary_that_a_spreadsheet_saved_is_replaced_by_the_next(
    desk: Desk, saved: Callable[[str], str]
) -> None:
    desk.write(row(1)).run()
    table = desk.folder / "junij.journal.summary.csv"
    table.write_text(saved(table.read_bytes().decode()), "utf-8", newline="")

    assert desk.run().exit_code == 0
    assert desk.summary()[0]["status"] == "already"


@pytest.mark.parametrize("name", ["junij.journal", ".s.csv.part"])
def test_journal_and_summary_are_two_files(desk: Desk, name: str) -> None:
    journal = desk.folder / name
    table = journal if name == "junij.journal" else desk.folder / "s.csv"

    run = desk.write(row(1)).run("--journal", journal, "--summary", table)

    assert "the same file" in refused(run)
    assert desk.files() == []


# Files that are not what they were


def of_the_same_size(data: bytes) -> bytes:
    """Another file as long as this one."""
    return bytes([data[0] ^ 1]) + data[1:]


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("blank", ["whole", "one-byte"])
def test_a_changed_file_is_told_though_it_is_as_long_as_before(
    desk: Desk, blank: str
) -> None:
    desk.write(row(1), row(2)).run()
    first, second = (desk.out / line["file"] for line in desk.summary())
    data = first.read_bytes()
    first.write_bytes(bytes(len(data)) if blank == "whole" else of_the_same_size(data))

    assert desk.run().exit_code == 0

    changed, same = desk.summary()
    assert "was changed since it was issued" in changed["reason"]
    assert same["reason"] == ""
    assert desk.out / same["file"] == second


@pytest.mark.parametrize("put", [Path.mkdir, a_pipe], ids=["folder", "pipe"])
def test_what_is_no_file_any_more_counts_as_changed(
    desk: Desk, put: Callable[[Path], None]
) -> None:
    desk.write(row(1)).run()
    file = desk.out / desk.summary()[0]["file"]
    file.unlink()
    put(file)

    assert desk.run().exit_code == 0
    assert "was changed" in desk.summary()[0]["reason"]


@pytest.mark.parametrize("put", [Path.mkdir, a_pipe], ids=["folder", "pipe"])
def test_one_odd_thing_in_the_folder_rejects_its_own_row_only(
    desk: Desk, put: Callable[[Path], None]
) -> None:
    desk.write(row(1), row(2), row(3)).run()
    odd = desk.out / desk.summary()[1]["file"]
    for file in (*desk.out.iterdir(), desk.journal):
        file.unlink()
    put(odd)

    run = desk.run()

    assert run.exit_code == 1
    statuses = [line["status"] for line in desk.summary()]
    assert statuses == ["issued", "rejected", "issued"]
    assert "move it away" in desk.summary()[1]["reason"]
    assert len(desk.files()) == 3


# Two batches at the same time


HOLD = """
import sys
from pathlib import Path
from edc_issuer.batch.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Another process whose files go to the folder of the desk."""
    command = [sys.executable, "-c", HOLD, str(desk.out)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_two_journals_cannot_fill_one_folder_at_the_same_time(
    desk: Desk, holder: subprocess.Popen[str]
) -> None:
    run = desk.write(row(1)).run("--journal", desk.folder / "other.journal")

    said = refused(run)

    assert f"{desk.out}: another process works with this folder" in said
    assert "another --out" in said
    assert os.listdir(desk.out) == [LOCK]


def test_a_killed_process_lets_go_of_its_folder(
    desk: Desk, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()

    assert desk.write(row(1)).run().exit_code == 0
    assert os.listdir(desk.out) == desk.files()
    assert len(desk.files()) == 1


def test_nobody_removes_the_lock_of_another(desk: Desk) -> None:
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(held(desk.out))
        (desk.out / LOCK).unlink()  # by hand
        second.enter_context(held(desk.out))

        first.close()

        with pytest.raises(ConfigError, match="another process"):
            second.enter_context(held(desk.out))
    assert os.listdir(desk.out) == []


@pytest.mark.parametrize("put", [Path.mkdir, a_pipe], ids=["folder", "pipe"])
def test_an_odd_thing_in_place_of_the_lock_is_named(
    desk: Desk, put: Callable[[Path], None]
) -> None:
    desk.out.mkdir()
    put(desk.out / LOCK)

    assert LOCK in refused(desk.write(row(1)).run())


# One award under ids that look the same

COMPOSED, TORN = "Dosežek-č-1", "Dosez\u030cek-c\u030c-1"
ALIKE = [
    pytest.param(TORN, id="decomposed"),
    pytest.param(f"{COMPOSED} ", id="blank-behind"),
    pytest.param(f"\u00a0{COMPOSED}", id="no-break-space"),
    pytest.param(COMPOSED.upper(), id="capitals"),
]


def called(record_id: str) -> dict[str, Any]:
    return row(1, lambda value: value.update(record_id=record_id))


@pytest.mark.parametrize("twin", ALIKE)
@pytest.mark.parametrize("swapped", [False, True])
def test_ids_that_look_the_same_are_one_award_in_a_list(
    desk: Desk, twin: str, swapped: bool
) -> None:
    pair = [called(twin), called(COMPOSED)] if swapped else [called(COMPOSED)]

    run = desk.write(*pair, *(() if swapped else [called(twin)])).run()

    assert run.exit_code == 1
    assert [line["status"] for line in desk.summary()] == ["issued", "rejected"]
    assert "row 1 already speaks of this award" in desk.summary()[1]["reason"]
    assert len(desk.files()) == 1


@pytest.mark.sampled(4)
@pytest.mark.parametrize("twin", ALIKE)
@pytest.mark.parametrize("swapped", [False, True])
def test_ids_that_look_the_same_are_one_award_in_the_journal(
    desk: Desk, twin: str, swapped: bool
) -> None:
    before, now = (twin, COMPOSED) if swapped else (COMPOSED, twin)
    desk.write(called(before)).run()

    run = desk.write(called(now)).run()

    assert run.exit_code == 1
    assert "under an id that differs only in" in desk.summary()[0]["reason"]
    assert len(desk.files()) == 1
    assert desk.write(called(before)).run().exit_code == 0
    assert desk.summary()[0]["status"] == "already"


def test_both_of_a_pair_that_was_issued_earlier_stay_issued(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    header = Header("ob3-jwt", language=None, names=False, out="out", id_secret=None)
    both = [
        Line(one, 1, "d", f"urn:{n}", f"{n}.jwt", "a", 3, "2026-06-15T10:00:00Z")
        for n, one in enumerate((COMPOSED, TORN))
    ]
    with Journal.open(path, header, key="k") as journal:
        journal.append(both)

    with Journal.open(path, header, key="k") as journal:
        assert [journal.find(line.record_id, 1) for line in both] == both


@pytest.mark.parametrize(
    "twin", [TORN, f" {COMPOSED}", COMPOSED.upper(), f"{COMPOSED}\u200b"]
)
def test_ids_look_the_same_without_what_nobody_sees(twin: str) -> None:
    assert alike(twin) == alike(COMPOSED)
    assert alike(f"{twin}0") != alike(COMPOSED)


def test_ids_that_differ_in_a_letter_are_two_awards(desk: Desk) -> None:
    run = desk.write(called("0A7čr"), called("0A7cr")).run()

    assert run.exit_code == 0
    assert len(desk.files()) == 2


# For their owner


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_credentials_are_for_their_owner_as_journal_and_summary_are(
    desk: Desk, profile: str
) -> None:
    desk.write(row(1)).run(profile=profile)

    assert {path.stat().st_mode & 0o777 for path in desk.out.iterdir()} == {0o600}
    beside = list(desk.folder.glob("junij.journal*"))
    assert {path.stat().st_mode & 0o777 for path in beside} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_one_credential_is_for_its_owner_too(tmp_path: Path) -> None:
    record = tmp_path / "r.json"
    record.write_text(json.dumps(row(1)), "utf-8")
    key = ("--key", world().key("edc-jades"), "--key-secret-env", "SEAL")

    kind = ("--as", "edc-jades", "--level", "B")

    run = command("issue", record, *kind, *key, "--out", tmp_path / "o")

    assert run.exit_code == 0, run.output
    (made,) = (tmp_path / "o").iterdir()
    assert made.stat().st_mode & 0o777 == 0o600


# Where a fault stands, as a clerk sees it


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Row 3, Result: "),
        ("sl", "Vrstica 3, Rezultat: "),
        ("sr-Cyrl", "Ред 3, Резултат: "),
    ],
)
def test_a_row_of_a_sheet_that_may_not_be_certified_names_its_column(
    tmp_path: Path, lang: str, said: str
) -> None:
    sheet = save(tmp_path, text_of(class_of(3, result_status="fail", points="40")))
    desk = Desk(tmp_path)

    run = desk.run(at=sheet, lang=lang)

    assert run.exit_code == 1
    assert run.stdout.startswith(said)
    assert "award." not in run.stdout
    refused_row = desk.summary()[1]
    assert refused_row["status"] == "refused"
    assert refused_row["reason"].startswith(said.partition(", ")[2])


def test_a_line_of_records_has_no_columns_and_names_its_field(desk: Desk) -> None:
    run = desk.write(row(1), record_dict("neg_scouts4green_failed")).run()

    assert run.stdout.startswith("Row 2, award.result.status: ")


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("junij.csv", "Given name"),
        ("JUNIJ.XLSX#Razred č", "Given name"),
        ("a#b.tsv", "Given name"),
        ("junij.jsonl", "learner.given_name"),
        ("junij.csv.json", "learner.given_name"),
        ("emrex.xml", "learner.given_name"),
    ],
)
def test_only_a_sheet_has_headings(
    source: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = Problem("learner.given_name", "x", "is odd")
    item = Item(source, 1, problems=(RowProblem(source, 1, "", problem),))

    Voice("en", several=False, as_json=False).tell(item)

    assert capsys.readouterr().out == f"Row 1, {place}: is odd\n"


def test_a_field_without_a_column_keeps_its_path(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problem = Problem("learner", "x", "is odd")
    item = Item("a.csv", 1, problems=(RowProblem("a.csv", 1, "", problem),))

    Voice("en", several=False, as_json=False).tell(item)

    assert capsys.readouterr().out == "Row 1, learner: is odd\n"

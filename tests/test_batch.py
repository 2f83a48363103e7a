"""`edc-issuer batch`: what a clerk sees, what lies in the folder, how it ends."""

from __future__ import annotations

import csv
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from edc_issuer.batch.pool import pool, stop_if_interrupted
from edc_issuer.batch.preparing import Item
from edc_issuer.batch.running import IssuedFile, Rejected
from edc_issuer.batch.summary import COLUMNS, Summary
from edc_issuer.cli import app
from edc_issuer.cli.batch_voice import Voice
from edc_issuer.errors import ConfigError, Problem
from edc_issuer.keys.files import write_atomically
from edc_issuer.report import Outcome
from edc_issuer.sources import RowProblem
from rows import class_of, save, text_of
from tool_loader import tool
from world import PASSWORD, PROFILE_IDS, record_dict, world

Change = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Desk:
    """A clerk's folder: a list, and what the command makes of it."""

    folder: Path

    @property
    def rows(self) -> Path:
        return self.folder / "junij.jsonl"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def journal(self) -> Path:
        return self.folder / "junij.journal"

    def write(self, *records: dict[str, Any] | str) -> Desk:
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        self.rows.write_text("\n".join(lines) + "\n", "utf-8")
        return self

    def run(
        self,
        *more: object,
        profile: str = "ob3-jwt",
        lang: str = "en",
        at: Path | None = None,
    ) -> Result:
        words = [
            "batch",
            at or self.rows,
            "--as",
            profile,
            "--key",
            world().key(profile),
        ]
        words += ["--level", "B", "--key-secret-env", "SEAL", "--lang", lang]
        words += ["--out", self.out, "--journal", self.journal, *more]
        return command(*words)

    def dry(self, *more: object, profile: str = "ob3-jwt", lang: str = "en") -> Result:
        words = ["batch", self.rows, "--as", profile, "--dry-run", "--lang", lang]
        return command(*words, *more)

    def summary(self) -> list[dict[str, str]]:
        text = (self.folder / "junij.journal.summary.csv").read_text("utf-8-sig")
        return list(csv.DictReader(text.splitlines(), delimiter=";"))

    def files(self) -> list[str]:
        names = os.listdir(self.out) if self.out.exists() else []
        return sorted(name for name in names if not name.startswith("."))


def command(*words: object) -> Result:
    variables = {"LC_ALL": "C", "SEAL": PASSWORD, "COLUMNS": "500"}
    return CliRunner().invoke(app, [str(word) for word in words], env=variables)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def row(number: int, change: Change | None = None) -> dict[str, Any]:
    value = record_dict()
    value.pop("credential_id", None)
    value["record_id"] = f"dosežek-{number}"
    value["learner"]["family_name"] = f"Šćđžč {number}"
    if change:
        change(value)
    return value


def not_passed() -> dict[str, Any]:
    return record_dict("neg_scouts4green_failed")


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_a_list_becomes_a_folder_of_files_that_pass(desk: Desk, profile: str) -> None:
    run = desk.write(row(1), row(2), row(3)).run(profile=profile)

    assert run.exit_code == 0, run.output
    assert len(desk.files()) == 3
    for name in desk.files():
        report = world().verify((desk.out / name).read_bytes())
        assert report.outcome is Outcome.PASSED
    assert [line["status"] for line in desk.summary()] == ["issued"] * 3
    assert "Issued: 3. Issued before: 0. Rejected: 0." in run.stdout


def test_repeating_the_command_issues_nothing_twice(desk: Desk) -> None:
    desk.write(row(1), row(2)).run()
    before = {name: (desk.out / name).read_bytes() for name in desk.files()}

    again = desk.write(row(1), row(2), row(3)).run()

    assert again.exit_code == 0
    statuses = [line["status"] for line in desk.summary()]
    assert statuses == ["already", "already", "issued"]
    assert all((desk.out / name).read_bytes() == data for name, data in before.items())


def test_all_faults_are_shown_first_and_good_rows_are_issued(desk: Desk) -> None:
    nameless = row(2, lambda value: value["learner"].pop("given_name"))
    twin = row(1)

    run = desk.write(row(1), nameless, "{", not_passed(), row(5), twin).run()

    assert run.exit_code == 1
    assert len(desk.files()) == 2
    lines = run.stdout.splitlines()
    assert lines[0].startswith("Row 2, learner.given_name: is missing")
    assert lines[1].startswith("Row 3")
    assert lines[2].startswith("Row 4, award.")
    assert any(line.startswith("Row 6") for line in lines[3:])
    found = {line["row"]: (line["status"], line["reason"]) for line in desk.summary()}
    assert [found[key][0] for key in "123456"] == [
        *("issued", "rejected", "rejected", "refused", "issued", "rejected")
    ]
    assert found["2"][1] == "learner.given_name: is missing"
    assert all(
        bool(reason) == (status != "issued") for status, reason in found.values()
    )


def test_faults_are_told_in_the_clerks_language(desk: Desk) -> None:
    nameless = row(2, lambda value: value["learner"].pop("given_name"))

    run = desk.write(nameless).dry(lang="sl")

    assert run.stdout.startswith("Vrstica 1, learner.given_name: manjka")
    assert "Za popravek: 1." in run.stdout


def test_other_content_says_when_it_was_issued_and_which_revision_is_free(
    desk: Desk,
) -> None:
    desk.write(row(1)).run()
    issued = json.loads(desk.journal.read_bytes().splitlines()[1])["issued"][:10]
    other = row(1, lambda value: value["learner"].update(given_name="Žiga"))

    run = desk.write(other).run()

    assert run.exit_code == 1
    said = f"issued on {issued} with other content: set revision 2"
    assert said in run.stdout
    assert said in desk.summary()[0]["reason"]
    other["award"]["revision"] = 2
    assert desk.write(other).run().exit_code == 0
    assert len(desk.files()) == 2


def test_a_fault_that_shows_only_when_the_page_is_drawn_is_told_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def draw(record: Any, language: str) -> Any:
        if record.record_id == "dosežek-2":
            raise ValueError("no ink")
        return drawn(record, language)

    import edc_issuer.render as render

    drawn = render.render_pages
    monkeypatch.setattr(render, "render_pages", draw)

    run = desk.write(row(1), row(2), row(3)).run(profile="edc-jades")

    assert run.exit_code == 1
    assert len(desk.files()) == 2
    assert "Row 2: a bug in edc-issuer (ValueError)" in run.stdout
    assert "no ink" not in run.output
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []
    assert [one["status"] for one in desk.summary()] == ["issued", "rejected", "issued"]


# A dry run


def test_a_dry_run_needs_no_key_and_writes_nothing(desk: Desk) -> None:
    run = desk.write(row(1), not_passed()).dry(profile="edc-jades")

    assert run.exit_code == 1
    assert os.listdir(desk.folder) == ["junij.jsonl"]
    assert "Rows: 2. To issue: 1." in run.stdout
    assert desk.write(row(1)).dry(profile="edc-jades").exit_code == 0


def test_a_dry_run_draws_pictures_only_when_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(record: object, language: str) -> Any:
        drawn.append(language)
        raise ValueError("no ink")

    monkeypatch.setattr("edc_issuer.render.render_pages", draw)

    assert desk.write(row(1)).dry(profile="edc-jades").exit_code == 0
    assert drawn == []
    assert desk.dry("--pictures", profile="edc-jades").exit_code == 1
    assert drawn


def test_a_dry_run_knows_what_was_issued_and_leaves_the_journal_alone(
    desk: Desk,
) -> None:
    desk.write(row(1)).run()
    before = desk.journal.read_bytes()
    other = row(1, lambda value: value["learner"].update(given_name="Žiga"))

    same = desk.dry("--journal", desk.journal)
    changed = desk.write(other, row(2)).dry("--journal", desk.journal)

    assert "Issued before: 1." in same.stdout
    assert "set revision 2" in changed.stdout
    assert "To issue: 1." in changed.stdout
    assert desk.journal.read_bytes() == before


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_a_dry_run_finds_what_issuing_would_reject(desk: Desk, profile: str) -> None:
    broken = row(2, lambda value: value["programme"].update(isced_f=["99999"]))
    missing = {"type": "other", "path": "ni.pdf", "media_type": "application/pdf"}
    lost = row(3, lambda value: value.update(attachments=[missing]))
    desk.write(row(1), broken, lost)

    dry = json.loads(desk.dry("--json", profile=profile).stdout)
    real = json.loads(desk.run("--json", profile=profile).stdout)

    assert {found["row"] for found in dry["problems"]} == {2, 3}
    assert dry["problems"] == real["problems"]
    assert real["issued"] == dry["ready"] == 1


# What has to work before row 1


def refused(run: Result, desk: Desk) -> str:
    assert desk.files() == []
    assert not isinstance(run.exception, SystemExit) or run.exit_code == 2
    return f"{run.output}{run.exception}"


def test_a_seal_of_another_organisation_starts_nothing(desk: Desk) -> None:
    def elsewhere(value: dict[str, Any]) -> None:
        value["issuer"]["legal_identifier"]["value"] = "99999999"
        value["issuer"].pop("registration", None)

    desk.write(row(1, elsewhere), row(2, elsewhere))

    assert "another organisation" in refused(desk.run(profile="edc-jades"), desk)


def test_a_seal_that_fits_some_rows_issues_those(desk: Desk) -> None:
    def elsewhere(value: dict[str, Any]) -> None:
        value["issuer"]["legal_identifier"]["value"] = "99999999"
        value["issuer"].pop("registration", None)

    run = desk.write(row(1, elsewhere), row(2), row(3, elsewhere)).run(
        profile="edc-jades"
    )

    assert run.exit_code == 1
    assert len(desk.files()) == 1
    assert run.stdout.count("another organisation") == 1
    assert "More rows with the same fault of the set-up: 1." in run.stdout
    reasons = [line["reason"] for line in desk.summary()]
    assert [bool(reason) for reason in reasons] == [True, False, True]


def test_a_page_that_nothing_here_can_draw_starts_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    monkeypatch.setattr("edc_issuer.batch.working.find_spec", lambda name: None)

    run = desk.write(row(1)).run(profile="edc-jades")

    assert "typst" in refused(run, desk)


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("--key", "file:/no/such.p12"), "such.p12"),
        (("--key-secret-env", "NOT_SET"), "NOT_SET"),
        (("--organisations", "/no/such.csv"), "such.csv"),
        (("--columns", "/no/such.json"), "such.json"),
        (("--id-secret", "/no/such.secret"), "such.secret"),
        (("--algorithm", "RS256"), "does not fit"),
        (("--out", "/proc/nowhere"), "nowhere"),
        (("--workers", "0"), "workers"),
        (("--as", "edc"), "choose edc-jades"),
    ],
)
def test_what_cannot_start_says_why_and_issues_nothing(
    more: tuple[str, ...], complaint: str, desk: Desk
) -> None:
    rows = desk.folder / "rows.csv"
    rows.write_text("record_id;family_name\n1;Čeh\n", "utf-8")

    run = desk.write(row(1)).run(rows, *more, profile="edc-jades")

    assert complaint in refused(run, desk)
    assert run.exit_code != 0


def test_a_list_that_is_not_there_or_empty_starts_nothing(desk: Desk) -> None:
    assert "junij.jsonl" in refused(desk.run(), desk)
    desk.rows.write_text("\n")
    assert "no rows" in refused(desk.run(), desk)


def test_missing_words_are_a_usage_error(desk: Desk) -> None:
    desk.write(row(1))

    run = command("batch", desk.rows, "--as", "ob3-jwt")
    keyed = command(
        "batch", desk.rows, "--as", "ob3-jwt", "--key", world().key("ob3-jwt")
    )

    assert (run.exit_code, keyed.exit_code) == (2, 2)
    assert "--key is missing" in run.stderr
    assert "--journal is missing" in keyed.stderr


def test_the_whole_program_ends_with_2_where_nothing_could_start(desk: Desk) -> None:
    words = ["batch", desk.rows, "--as", "ob3-jwt", "--dry-run", "--lang", "en"]

    run = subprocess.run(
        [sys.executable, "-m", "edc_issuer", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert "Traceback" not in run.stderr


# Options that `issue` has


def test_the_seal_is_made_as_asked(desk: Desk) -> None:
    desk.write(row(1)).run("--layout", "edci-1.x", profile="edc-jades")

    (name,) = desk.files()
    sealed = json.loads((desk.out / name).read_bytes())
    assert "sigT" in str(_header(sealed["signatures"][0]["protected"]))


def test_a_badge_speaks_the_language_that_was_asked_for(desk: Desk) -> None:
    english = desk.write(row(1)).run("--language", "en", "--json")
    other = desk.run("--language", "sl")

    assert json.loads(english.stdout)["issued"] == 1
    assert "speaks sl" in str(other.exception)


def test_attachments_are_read_beside_the_rows_and_nowhere_else(desk: Desk) -> None:
    (desk.folder / "priloge").mkdir()
    (desk.folder / "priloge" / "šola.pdf").write_bytes(b"%PDF-1.7 fixture")
    pdf = {"type": "other", "media_type": "application/pdf", "title": {"sl": "Priloga"}}
    good = row(1, lambda v: v.update(attachments=[{"path": "priloge/šola.pdf", **pdf}]))
    bad = row(2, lambda v: v.update(attachments=[{"path": "../x.pdf", **pdf}]))

    run = desk.write(good, bad).run(profile="edc-jades")

    assert run.exit_code == 1
    assert len(desk.files()) == 1
    assert "Row 2, attachments[0].path" in run.stdout


def test_two_workers_issue_the_same_files(desk: Desk) -> None:
    rows = [row(number) for number in range(9)]

    run = desk.write(*rows).run("--workers", 2, "--json")

    assert json.loads(run.stdout)["issued"] == 9
    assert len(desk.files()) == 9
    assert [line["record_id"] for line in desk.summary()] == [
        value["record_id"] for value in rows
    ]


# Rows of a spreadsheet


def test_a_faulty_cell_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    sheet = save(tmp_path, text_of(class_of(3, date_awarded="31. 2. 2026")))
    desk = Desk(tmp_path)

    run = desk.run(at=sheet, lang="sl")

    assert run.exit_code == 1
    assert run.stdout.startswith("Vrstica 3, date_awarded: ")
    assert len(desk.files()) == 2
    rejected = desk.summary()[1]
    assert (rejected["row"], rejected["status"]) == ("3", "rejected")
    assert rejected["reason"].startswith("date_awarded: ")


def test_several_lists_are_one_batch_and_each_fault_names_its_list(
    tmp_path: Path,
) -> None:
    first, second = (
        save(tmp_path, text_of(class_of(n)), name=f"{n}.csv") for n in (1, 2)
    )
    desk = Desk(tmp_path)

    run = desk.run(second, at=first)

    assert run.exit_code == 1
    assert len(desk.files()) == 2
    assert run.stdout.startswith("2.csv, row 2")
    assert [line["source"] for line in desk.summary()] == ["1.csv", "2.csv", "2.csv"]


def test_own_headings_are_understood(tmp_path: Path) -> None:
    text = text_of(class_of(2)).replace("family_name", "Priimek dijaka")
    sheet = save(tmp_path, text)
    own = tmp_path / "stolpci.json"
    own.write_text('{"Priimek dijaka": "family_name"}', "utf-8")
    desk = Desk(tmp_path)

    assert "Priimek dijaka" in refused(desk.run(at=sheet), desk)
    assert desk.run("--columns", own, at=sheet).exit_code == 0
    assert len(desk.files()) == 2


# What a spreadsheet would make of it


def test_the_summary_is_for_its_owner_and_opens_with_its_letters(desk: Desk) -> None:
    desk.write(row(1)).run()

    path = desk.folder / "junij.journal.summary.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrow;record_id;status;")
    assert path.stat().st_mode & 0o777 == 0o600
    assert desk.summary()[0]["record_id"] == "dosežek-1"
    assert tuple(desk.summary()[0]) == COLUMNS


@pytest.mark.parametrize(
    "cell", ["=cmd()|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
)
def test_no_cell_of_the_summary_is_a_formula(cell: str, tmp_path: Path) -> None:
    problem = RowProblem(cell, 1, "", Problem("", "x", cell))
    with Summary(tmp_path / "s.csv", lambda done: cell) as table:
        table.add(Rejected(cell, 1, cell, (problem,)))
        table.add(IssuedFile(cell, 2, cell, cell, cell, cell))

    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [one for line in csv.reader(file, delimiter=";") for one in line]
    assert not [
        one for one in cells if one.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]
    assert cells.count(f"'{cell}") == 9


def test_a_formula_in_a_record_id_is_harmless_in_the_summary(desk: Desk) -> None:
    desk.write(row(1, lambda value: value.update(record_id="=cmd()"))).run()

    assert desk.summary()[0]["record_id"] == "'=cmd()"
    assert "cmd" not in desk.files()[0]


def test_a_fault_cannot_repaint_the_clerks_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problem = RowProblem("a\x1b[2J", 1, "Ime\n\x1b[31m", Problem("", "x", "b\x1b[2J"))

    Voice("en", several=True, as_json=False).tell(Item("a", 1, problems=(problem,)))

    assert "\x1b" not in capsys.readouterr().out


# Stopped in between


def test_runs_that_were_killed_leave_no_pile_of_unfinished_summaries(
    desk: Desk,
) -> None:
    path = desk.folder / "s.csv"
    for _ in range(3):  # never left, as after a kill
        Summary(path, lambda done: "").add(Rejected("", 1, "1", ()))

    with Summary(path, lambda done: ""):
        pass

    assert os.listdir(desk.folder) == ["s.csv"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(desk: Desk, workers: int) -> None:
    desk.write(*(row(number) for number in range(12)))
    # As a terminal does: all processes of the group get it, workers too.
    interrupt = "os.killpg(0, signal.SIGINT)"
    with started(desk, workers, at_third_file=interrupt) as process:
        _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Repeat the same command to go on" in said
    assert "Traceback" not in said
    assert 3 <= len(desk.files()) < 12
    assert all(line["status"] == "issued" for line in desk.summary())
    assert desk.run().exit_code == 0
    assert len(desk.files()) == 12


def test_a_worker_that_is_interrupted_answers_all_the_same() -> None:
    with pool(1) as workers:
        worker = workers.submit(os.getpid).result(timeout=60)
        os.kill(worker, signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            workers.submit(stop_if_interrupted).result(timeout=60)
        assert workers.submit(os.getpid).result(timeout=60) == worker


THIRD_FILE = """
import os, signal
import edc_issuer.batch.placing as placing
from edc_issuer.cli import main
written = []
def write(*given, **more):
    placed(*given, **more)
    written.append(given)
    if len(written) == 3:
        {at_third_file}
placed, placing.write_atomically = placing.write_atomically, write
main()
"""


def started(desk: Desk, workers: int, *, at_third_file: str) -> subprocess.Popen[str]:
    """The program on its own, leader of its group; it stops at a known moment."""
    words = ["batch", desk.rows, "--as", "ob3-jwt", "--key", world().key("ob3-jwt")]
    words += ["--key-secret-env", "SEAL", "--out", desk.out, "--lang", "en"]
    words += ["--journal", desk.journal, "--workers", workers]
    code = THIRD_FILE.format(at_third_file=at_third_file)
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, "SEAL": PASSWORD},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_ctrl_c_while_rows_are_looked_through_is_clean_too(desk: Desk) -> None:
    desk.write(row(1))
    words = ["batch", desk.rows, "--as", "ob3-jwt", "--dry-run", "--lang", "en"]
    code = """
import os, signal, sys
import edc_issuer.sources as sources
from edc_issuer.cli import main
def interrupted(*given, **more):
    os.kill(os.getpid(), signal.SIGINT)
    yield
sources.read_entries = interrupted
main()
"""

    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 130
    assert "Repeat the same command" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_workers_end_with_the_process_that_was_killed(desk: Desk) -> None:
    desk.write(*(row(number) for number in range(12)))
    with started(desk, 2, at_third_file="signal.pause()") as process:
        while len(desk.files()) < 3:
            assert process.poll() is None
            time.sleep(0.01)
        workers = group(process.pid) - {process.pid}
        process.kill()
        process.communicate(timeout=60)
        # Each ends when it has noticed: the end of the pipe that workers hold open.
        while group(process.pid):
            time.sleep(0.01)

    assert len(workers) >= 2
    assert desk.run().exit_code == 0
    assert len(desk.files()) == 12


def group(leader: int) -> set[int]:
    """The processes of a group that have not ended."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] == str(leader) and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def test_a_full_disk_says_how_to_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def full(path: Path, data: bytes, **more: Any) -> None:
        if len(written) == 12:
            raise ConfigError(f"{path}: No space left on device")
        write_atomically(path, data, **more)
        written.append(path)

    desk.write(*(row(number) for number in range(20)))
    with monkeypatch.context() as patched:
        patched.setattr("edc_issuer.batch.placing.write_atomically", full)
        run = desk.run()

    assert run.exit_code == 1
    assert "No space left" in run.stderr
    assert "Repeat the same command" in run.stderr
    assert desk.run().exit_code == 0
    assert len(desk.files()) == 20


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_lost_doubled_or_half_written() -> None:
    run = subprocess.run(
        [sys.executable, "tools/kill_batch.py", "--kills", "5", "--rows", "20"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith("0 lost, 0 doubled, 0 half-written\n")


@pytest.mark.parametrize("damage", ["gone", "cut", "twin", "line-twice", "swapped"])
def test_the_count_of_what_was_lost_can_be_other_than_zero(
    damage: str, tmp_path: Path
) -> None:
    killing = tool("kill_batch")
    target = killing.Target(tmp_path, "ob3-jwt", 3, 1)
    assert killing.run_and_kill(target, 3600) == 0
    assert list(killing.faults(target, finished=True)) == []
    first, second, _ = sorted(target.out.iterdir())

    if damage == "gone":
        first.unlink()
    elif damage == "cut":
        first.write_bytes(first.read_bytes()[:-10])
    elif damage == "twin":
        (target.out / "twin.jwt").write_bytes(first.read_bytes())
    elif damage == "line-twice":
        lines = target.journal.read_bytes()
        target.journal.write_bytes(lines + lines.splitlines(keepends=True)[-1])
    else:
        first.write_bytes(second.read_bytes())

    assert list(killing.faults(target, finished=False))


def _header(protected: str) -> dict[str, Any]:
    from edc_issuer.encoding import unb64u

    value: dict[str, Any] = json.loads(unb64u(protected))
    return value

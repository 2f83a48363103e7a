"""`issue_all`: one result an entry, once each, in this process and in others."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edc_issuer import (
    ConfigError,
    CredentialRecord,
    IssuedFile,
    IssuerSpec,
    Problem,
    Rejected,
    SecretRef,
    issue_all,
)
from edc_issuer.batch.pool import pool
from edc_issuer.batch.preparing import digest_of
from edc_issuer.batch.running import Done
from edc_issuer.formats.levels import Level
from edc_issuer.report import Outcome
from edc_issuer.sources import Entry, RowProblem
from world import PASSWORD, PROFILE_IDS, record, world

Executors = Callable[[], AbstractContextManager[Executor]]


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDC_TEST_SECRET", PASSWORD)


def spec(profile: str = "ob3-jwt", **more: Any) -> IssuerSpec:
    given = {"secret": SecretRef.env("EDC_TEST_SECRET"), "level": Level.B, **more}
    return IssuerSpec(profile, world().key(profile), **given)


def award(number: int, **changes: Any) -> CredentialRecord:
    learner = replace(record().learner, given_name="Živa", family_name=f"Čeh {number}")
    whole = replace(record(), record_id=f"dosežek-{number}", learner=learner)
    return replace(whole, **{"credential_id": None, **changes})


def revised(source: CredentialRecord, revision: int) -> CredentialRecord:
    return replace(source, award=replace(source.award, revision=revision))


def issued(folder: Path, *records: CredentialRecord | Entry, **more: Any) -> list[Done]:
    given = more.pop("spec", None) or spec()
    places = {"journal": folder / "journal", "out": folder / "out"}
    return list(issue_all(given, records, **{**places, **more}))


def statuses(results: list[Done]) -> list[str]:
    return [
        "rejected" if isinstance(r, Rejected) else "already" if r.before else "issued"
        for r in results
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def codes(result: Done) -> list[str]:
    assert isinstance(result, Rejected)
    return [found.problem.code for found in result.problems]


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_every_file_passes_and_is_the_one_that_the_result_names(
    profile: str, tmp_path: Path
) -> None:
    results = issued(tmp_path, award(1), award(2), spec=spec(profile))

    assert statuses(results) == ["issued", "issued"]
    for result in results:
        assert isinstance(result, IssuedFile)
        report = world().verify((tmp_path / "out" / result.file).read_bytes())
        assert report.outcome is Outcome.PASSED
        assert report.content is not None
    assert len(files(tmp_path / "out")) == 2


def test_a_second_run_issues_nothing_and_touches_no_file(tmp_path: Path) -> None:
    issued(tmp_path, award(1), award(2))
    before = files(tmp_path / "out")

    again = issued(tmp_path, award(1), award(2), award(3))

    assert statuses(again) == ["already", "already", "issued"]
    after = files(tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert len(after) == 3


def test_bad_rows_never_stop_good_ones_and_keep_their_place(tmp_path: Path) -> None:
    fault = RowProblem(
        "june.csv", 3, "Ime", Problem("learner", "missing", "is missing")
    )
    failed = record("neg_scouts4green_failed")

    results = issued(
        tmp_path,
        Entry("june.csv", 2, award(1)),
        Entry("june.csv", 3, None, (fault,)),
        Entry("june.csv", 4, failed),
        Entry("june.csv", 5, award(2)),
    )

    assert statuses(results) == ["issued", "rejected", "rejected", "issued"]
    assert [result.row for result in results] == [2, 3, 4, 5]
    missing, not_passed = results[1], results[2]
    assert isinstance(missing, Rejected)
    assert missing.problems == (fault,)
    assert not missing.refused
    assert isinstance(not_passed, Rejected)
    assert not_passed.refused
    assert len(files(tmp_path / "out")) == 2


def test_the_same_id_with_other_content_is_rejected_with_the_free_revision(
    tmp_path: Path,
) -> None:
    issued(tmp_path, award(1))
    issued(tmp_path, revised(award(1), 2))
    before = files(tmp_path / "out")
    other = replace(award(1), learner=replace(award(1).learner, given_name="Žiga"))

    (result,) = issued(tmp_path, other)

    assert codes(result) == ["batch.other-content"]
    assert isinstance(result, Rejected)
    assert result.problems[0].problem.message.endswith(
        "with other content: set revision 3"
    )
    assert files(tmp_path / "out") == before
    assert statuses(issued(tmp_path, revised(other, 3))) == ["issued"]


def test_where_the_values_came_from_is_not_content(tmp_path: Path) -> None:
    issued(tmp_path, award(1, source_note="june.csv, row 2"))

    assert statuses(issued(tmp_path, award(1, source_note="row 9"))) == ["already"]
    assert digest_of(award(1)) != digest_of(award(2))


def test_an_award_that_stands_twice_is_issued_for_its_first_row(tmp_path: Path) -> None:
    rows = [Entry("june.csv", row, award(number)) for row, number in ((2, 1), (3, 2))]
    twin = Entry("july.csv", 7, award(1))

    results = issued(tmp_path, *rows, twin)

    assert statuses(results) == ["issued", "issued", "rejected"]
    assert codes(results[2]) == ["batch.duplicate"]
    assert isinstance(results[2], Rejected)
    assert "row 2 of june.csv" in results[2].problems[0].problem.message


def test_two_awards_cannot_share_a_credential_id(tmp_path: Path) -> None:
    own = {"credential_id": "urn:credential:chosen-by-the-school"}

    first = issued(tmp_path, award(1, **own), award(2, **own), spec=spec("edc-jades"))
    later = issued(tmp_path, award(3, **own), spec=spec("edc-jades"))

    assert statuses(first) == ["issued", "rejected"]
    assert codes(first[1]) == ["batch.duplicate"]
    assert codes(later[0]) == ["batch.credential-id-taken"]
    assert len(files(tmp_path / "out")) == 1


def test_ids_that_end_alike_do_not_share_a_file(tmp_path: Path) -> None:
    number = "7c3b3f0e-6a2d-5d0b-9a52-0b3f1c8e4d61"
    chosen = [f"urn:credential:{number}", f"https://a.example/{number}"]
    chosen.append(f"urn:credential:{number.upper()}")

    results = issued(
        tmp_path,
        *(award(n, credential_id=one) for n, one in enumerate(chosen)),
        spec=spec("edc-jades"),
    )

    assert statuses(results) == ["issued"] * 3
    assert len({name.lower() for name in files(tmp_path / "out")}) == 3


def test_file_names_say_nothing_about_people_unless_asked(tmp_path: Path) -> None:
    number = "EMSO-0101006500006"
    quiet, named = tmp_path / "quiet", tmp_path / "named"

    issued(quiet, award(1, record_id=number))
    issued(named, award(1, record_id=number), names=True)

    (hidden,) = files(quiet / "out")
    (shown,) = files(named / "out")
    assert number not in hidden + shown
    assert "Čeh" not in hidden
    assert shown.startswith("Čeh-1-Živa-")
    assert shown.endswith(hidden)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a\0b\nc",
        "=cmd()|' /C calc'!A0",
        "Ђорђе",
        "." * 300,
        "𝒜" * 300,
    ],
)
def test_a_learners_name_cannot_lead_out_of_the_folder(
    name: str, tmp_path: Path
) -> None:
    learner = replace(award(1).learner, family_name=name)

    issued(tmp_path, replace(award(1), learner=learner), names=True)

    (file,) = files(tmp_path / "out")
    assert not set(file) & set("/\\\0\n=|'!")
    assert not file.startswith((".", "-"))


def test_another_id_secret_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"{name} very long secret\n")
        (tmp_path / name).chmod(0o600)
    one, two = (SecretRef.file(tmp_path / name) for name in ("one", "two"))

    issued(tmp_path, award(1), spec=spec(id_secret=one))

    with pytest.raises(ConfigError, match="another secret"):
        issued(tmp_path, award(1), spec=spec(id_secret=two))
    with pytest.raises(ConfigError, match="another secret"):
        issued(tmp_path, award(1))
    assert statuses(issued(tmp_path, award(1), spec=spec(id_secret=one))) == ["already"]


# A file without a line: the process was stopped between the two


def forget_lines(folder: Path, *, left: int) -> None:
    """The journal as it stood before its last lines were written."""
    lines = (folder / "journal").read_bytes().splitlines(keepends=True)
    (folder / "journal").write_bytes(b"".join(lines[: 1 + left]))


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_a_file_without_a_line_is_kept_if_it_says_the_same(
    profile: str, tmp_path: Path
) -> None:
    issued(tmp_path, award(1), award(2), spec=spec(profile))
    before = files(tmp_path / "out")
    forget_lines(tmp_path, left=1)

    again = issued(tmp_path, award(1), award(2), spec=spec(profile))

    assert statuses(again) == ["already", "issued"]
    assert files(tmp_path / "out") == before
    assert statuses(issued(tmp_path, award(2), spec=spec(profile))) == ["already"]


def test_a_file_without_a_line_and_with_other_content_is_not_overwritten(
    tmp_path: Path,
) -> None:
    issued(tmp_path, award(1))
    before = files(tmp_path / "out")
    forget_lines(tmp_path, left=0)
    other = replace(award(1), learner=replace(award(1).learner, given_name="Žiga"))

    (result,) = issued(tmp_path, other)

    assert codes(result) == ["batch.foreign-file"]
    assert files(tmp_path / "out") == before


@pytest.mark.parametrize("left", [b"", b"half a fi"], ids=["empty", "half"])
def test_a_strangers_file_of_that_name_is_not_overwritten(
    left: bytes, tmp_path: Path
) -> None:
    issued(tmp_path, award(1))
    (name,) = files(tmp_path / "out")
    forget_lines(tmp_path, left=0)
    (tmp_path / "out" / name).write_bytes(left)

    (result,) = issued(tmp_path, award(1))

    assert codes(result) == ["batch.foreign-file"]
    assert files(tmp_path / "out") == {name: left}


def test_what_a_stopped_run_had_begun_is_cleared_away(tmp_path: Path) -> None:
    issued(tmp_path, award(1))
    mark = json.loads((tmp_path / "journal").read_bytes().splitlines()[0])["id"]
    (tmp_path / "out" / f".edc-{mark}-abc").write_bytes(b"half")
    (tmp_path / "out" / ".edc-other-abc").write_bytes(b"another run's")

    issued(tmp_path, award(1))

    hidden = [name for name in files(tmp_path / "out") if name.startswith(".")]
    assert hidden == [".edc-other-abc"]


def test_a_file_that_was_moved_or_changed_is_told_and_not_made_anew(
    tmp_path: Path,
) -> None:
    first, second = issued(tmp_path, award(1), award(2))
    assert isinstance(first, IssuedFile)
    assert isinstance(second, IssuedFile)
    (tmp_path / "out" / first.file).unlink()
    (tmp_path / "out" / second.file).write_bytes(b"changed")

    again = issued(tmp_path, award(1), award(2), award(3))

    notes = [result.note for result in again if isinstance(result, IssuedFile)]
    assert notes == ["batch.gone", "batch.changed", ""]


def test_a_caller_who_stops_early_loses_nothing(tmp_path: Path) -> None:
    records = [award(number) for number in range(6)]
    journal, out = tmp_path / "journal", tmp_path / "out"

    run = issue_all(spec(), records, journal=journal, out=out, chunk=2)
    next(run)
    run.close()  # type: ignore[attr-defined]

    again = issued(tmp_path, *records)
    assert statuses(again) == ["already"] * 2 + ["issued"] * 4


# Elsewhere: other processes, and a cluster


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    """Two workers on loopback; they take the environment of this process."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with (
        distributed.LocalCluster(host="127.0.0.1", **options) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.wait_for_workers(2)
        yield client.get_executor()


EXECUTORS = [
    pytest.param(lambda: pool(2), id="process-pool"),
    pytest.param(dask_cluster, id="dask-cluster"),
]


@pytest.mark.slow
@pytest.mark.parametrize("executors", EXECUTORS)
def test_workers_issue_what_one_process_issues_in_the_same_order(
    executors: Executors, tmp_path: Path
) -> None:
    records = [award(number) for number in range(7)]
    bad = Entry("", 8, record("neg_scouts4green_failed"))

    with executors() as executor:
        there = issued(tmp_path / "there", *records, bad, executor=executor, chunk=2)
    here = issued(tmp_path / "here", *records, bad)

    assert statuses(there) == ["issued"] * 7 + ["rejected"]
    assert [ids(result) for result in there] == [ids(result) for result in here]
    made = files(tmp_path / "there" / "out")
    assert made.keys() == files(tmp_path / "here" / "out").keys()
    for data in made.values():
        assert world().verify(data).outcome is Outcome.PASSED


@pytest.mark.sampled(2)
@pytest.mark.parametrize("executors", EXECUTORS)
def test_the_work_is_done_in_several_processes(
    executors: Executors, tmp_path: Path
) -> None:
    with executors() as executor:
        futures = [executor.submit(os.getpid) for _ in range(2)]
        workers = {future.result() for future in futures}

    assert os.getpid() not in workers


def ids(result: Done) -> tuple[str, ...]:
    if isinstance(result, Rejected):
        return (result.record_id, *codes(result))
    return (result.record_id, result.credential_id, result.file)


def test_a_key_that_workers_cannot_open_is_told_before_the_first_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDC_TEST_SECRET")

    with pool(1) as executor, pytest.raises(ConfigError, match="EDC_TEST_SECRET"):
        issued(tmp_path, award(1), spec=spec("edc-jades"), executor=executor)

    assert not (tmp_path / "journal").exists()


def test_a_person_cannot_be_asked_by_several_workers(tmp_path: Path) -> None:
    asking = replace(spec("edc-jades"), secret=SecretRef.prompt())

    with pool(1) as executor, pytest.raises(ConfigError, match="cannot be asked"):
        issued(tmp_path, award(1), spec=asking, executor=executor)


def test_a_specification_holds_no_secret_and_can_be_sent() -> None:
    given = spec("edc-jades", options={"layout": "edci-1.x"})

    sent = pickle.loads(pickle.dumps(given))

    assert sent == given
    assert PASSWORD.encode() not in pickle.dumps(given)
    with sent.open() as issuer:
        assert issuer.options == {"layout": "edci-1.x"}


def test_an_unknown_profile_is_refused_at_once() -> None:
    with pytest.raises(ConfigError, match="edc-jades, ob3-jwt, vc-jwt, ob3-di"):
        IssuerSpec("edc", "file:seal.p12")


# Secrets


def test_a_secret_comes_from_a_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  geslo šđč\n", "utf-8")
    file.chmod(0o600)

    assert SecretRef.file(file).reveal() == "geslo šđč"


@pytest.mark.parametrize(
    ("mode", "content", "complaint"),
    [
        (0o644, b"secret", "can be read by others"),
        (0o600, b" \n", "is empty"),
        (0o600, b"\xff", "UTF-8"),
    ],
)
def test_a_secret_that_is_none_is_refused(
    mode: int, content: bytes, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    file.chmod(mode)

    with pytest.raises(ConfigError, match=complaint):
        SecretRef.file(file).reveal()


def test_a_missing_secret_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NO_SUCH_VARIABLE"):
        SecretRef.env("NO_SUCH_VARIABLE").reveal()
    with pytest.raises(ConfigError, match="absent"):
        SecretRef.file(tmp_path / "absent").reveal()
    with pytest.raises(ConfigError, match="nobody is there to ask"):
        SecretRef.prompt().reveal()

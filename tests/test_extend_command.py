"""`extend` and `renew`: files that last longer, whole at every moment."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

import test_jades_reading
from conftest import rounds
from desks import LOOPBACK, Desk, desk_on_loopback
from edc_issuer.cli.extend import check_same_seal, level_of
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import ConfigError
from edc_issuer.keys.testtsa import tsa_plan
from edc_issuer.report import Outcome
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from killing import killed, killed_at
from test_cli import run
from test_levels_commands import NOWHERE, issue
from world import issued
from years import elements, named, with_etsiu


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_on_loopback(tmp_path_factory.mktemp("authorities")) as desk:
        yield desk


@pytest.fixture(scope="module")
def seals(desk: Desk) -> Callable[[str], bytes]:
    """A seal of each level by the authorities of this module."""

    @cache
    def seal(level: str) -> bytes:
        made = issue(desk, desk.folder / level, "--level", level, *desk.outside)
        assert made.exit_code == 0, made.output
        return Path(made.stdout.strip()).read_bytes()

    return seal


@pytest.fixture
def diploma(tmp_path: Path, seals: Callable[[str], bytes]) -> Path:
    path = tmp_path / "šola čžš.jsonld"
    path.write_bytes(seals("B"))
    return path


def extend(desk: Desk, level: str, *words: object, **variables: str) -> Result:
    outside = (*desk.outside, "--trust", desk.trust)
    return run("extend", *words, "--level", level, *outside, **variables)


def renew(desk: Desk, *words: object) -> Result:
    return run("renew", *words, *desk.outside, "--trust", desk.trust)


def verified(desk: Desk, path: Path) -> Any:
    return Verifier(trust=Trust.load(desk.trust)).verify(path.read_bytes())


# What it does


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(("B", "T"), ("B", "LT"), ("B", "LTA"), ("T", "LT"), ("T", "LTA")),
        ("LT", "LTA"),
    ],
)
def test_a_file_is_extended_in_place_and_verifies(
    before: str, after: str, desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(old := seals(before))

    done = extend(desk, after, diploma)

    assert done.exit_code == 0, done.output
    assert f"level {before} before, level {after} now." in done.stdout
    new = diploma.read_bytes()
    assert level_of(new) == after
    if before != "B":
        assert elements(new)[: len(elements(old))] == elements(old)
    report = verified(desk, diploma)
    # At T nobody said yet whether the authority's certificate was withdrawn.
    time = report.check("time.signed")
    assert (time.status.value == "pass") == (after != "T"), time.reason
    assert (report.outcome is Outcome.PASSED) == (after != "T")


@pytest.mark.parametrize("level", ["T", "LT", "LTA"])
def test_a_file_that_has_the_level_is_left_byte_for_byte(
    level: str, desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(seals("LTA"))
    before = diploma.stat()
    asked = len(desk.desk.requests)

    done = extend(desk, level, diploma)

    assert done.exit_code == 0, done.output
    assert "level LTA already; the file was left as it is." in done.stdout
    assert diploma.read_bytes() == seals("LTA")
    after = diploma.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert len(desk.desk.requests) == asked


def test_until_when_the_proof_holds_is_said_and_when_to_renew(
    desk: Desk, diploma: Path
) -> None:
    end = desk.desk.tsa.authority.certificate.not_valid_after_utc
    before = end - timedelta(days=90)

    lt = extend(desk, "LT", diploma)
    lta = extend(desk, "LTA", diploma)

    day = f"{end.day} {end:%B %Y}"
    soon = f"{before.day} {before:%B %Y}"
    assert f"can be shown until {day}." in lt.stdout
    assert f"before {soon}: `edc-issuer extend --level LTA`." in lt.stdout
    assert f"before {soon}: `edc-issuer renew`." in lta.stdout


def test_a_timestamp_alone_promises_no_day(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    done = run(
        *("extend", diploma, "--level", "T", "--json", *desk.outside),
        XDG_DATA_HOME=str(tmp_path),
    )

    [told] = json.loads(done.stdout)["files"]
    assert told["until"] is None
    assert (told["before"], told["after"], told["changed"]) == ("B", "T", True)


def test_renewing_adds_one_archive_timestamp_and_touches_nothing(
    desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(seals("LTA"))

    once, twice = renew(desk, diploma), renew(desk, diploma)

    assert (once.exit_code, twice.exit_code) == (0, 0), once.output + twice.output
    assert "with one more archive timestamp" in once.stdout
    new = diploma.read_bytes()
    assert named(new).count("arcTst") == 3
    assert elements(new)[: len(elements(seals("LTA")))] == elements(seals("LTA"))
    assert verified(desk, diploma).outcome is Outcome.PASSED


def test_a_new_authority_takes_over_when_renewing(
    desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(seals("LTA"))
    old = desk.desk.tsa
    soon = datetime.now(UTC).replace(microsecond=0)
    later = tsa_plan(soon, name="Новa služba čžš")
    try:
        desk.desk.another_tsa(plan=later)
        end = desk.desk.tsa.authority.certificate.not_valid_after_utc
        done = renew(desk, diploma, "--json")
    finally:
        desk.desk.tsa = old

    [told] = json.loads(done.stdout)["files"]
    assert datetime.fromisoformat(told["until"]) == end
    assert told["changed"]


def test_old_validators_get_their_layout(desk: Desk, diploma: Path) -> None:
    done = extend(desk, "LTA", diploma, "--layout", "edci-1.x")

    assert done.exit_code == 0, done.output
    assert "tstVD" not in named(diploma.read_bytes())
    assert verified(desk, diploma).outcome is Outcome.PASSED


# Where it writes


def test_the_result_goes_where_it_was_sent_and_the_file_stays(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    before = diploma.read_bytes()

    one = extend(desk, "T", diploma, "--out", tmp_path / "new" / "one.jsonld")
    more = extend(desk, "T", diploma, "--out-dir", tmp_path / "more")

    assert (one.exit_code, more.exit_code) == (0, 0), one.output + more.output
    assert diploma.read_bytes() == before
    assert level_of((tmp_path / "new" / "one.jsonld").read_bytes()) == "T"
    assert level_of((tmp_path / "more" / diploma.name).read_bytes()) == "T"


def test_a_folder_is_extended_file_by_file(
    desk: Desk, diploma: Path, tmp_path: Path, seals: Callable[[str], bytes]
) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number, level in enumerate(("B", "T", "LT")):
        (folder / f"{number}.jsonld").write_bytes(seals(level))

    done = extend(desk, "LT", folder)

    assert done.exit_code == 0, done.output
    assert {level_of(path.read_bytes()) for path in folder.iterdir()} == {"LT"}
    assert done.stdout.count("already") == 1


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_rights_and_links_stay_as_they_were(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    diploma.chmod(0o640)
    link = tmp_path / "link.jsonld"
    link.symlink_to(diploma)

    done = extend(desk, "T", link)

    assert done.exit_code == 0, done.output
    assert link.is_symlink()
    assert level_of(diploma.read_bytes()) == "T"
    assert diploma.stat().st_mode & 0o777 == 0o640


def test_links_in_a_circle_are_told_as_a_file_that_cannot_be_read(
    desk: Desk, tmp_path: Path
) -> None:
    one, other = tmp_path / "a.jsonld", tmp_path / "b.jsonld"
    one.symlink_to(other)
    other.symlink_to(one)

    refused = extend(desk, "T", one)

    assert refused.exit_code == 1, refused.output
    assert refused.stderr.rstrip().splitlines()[-1].startswith(str(one))


def test_another_credential_is_never_written_over(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonld"
    other.write_bytes(before := issued("edc-jades", "scouts4green_social").data)

    refused = extend(desk, "T", diploma, "--out", other)

    assert refused.exit_code == 1
    assert "choose another name" in refused.stderr
    assert other.read_bytes() == before


def test_a_file_that_changed_meanwhile_is_not_written_over(
    desk: Desk, diploma: Path, seals: Callable[[str], bytes]
) -> None:
    fetch = desk.desk.fetch

    def meanwhile(request: Any) -> Any:
        diploma.write_bytes(seals("LT"))  # somebody else was quicker
        return fetch(request)

    desk.desk.fetch = meanwhile  # type: ignore[method-assign]
    try:
        refused = extend(desk, "T", diploma)
    finally:
        desk.desk.fetch = fetch  # type: ignore[method-assign]

    assert refused.exit_code == 1
    assert "changed meanwhile" in refused.stderr
    assert diploma.read_bytes() == seals("LT")


# What cannot be extended


def badge() -> bytes:
    return issued("ob3-jwt").data


def integrity_badge() -> bytes:
    return issued("ob3-di").data


def compact() -> bytes:
    return test_jades_reading.TWINS["compact"]


def tampered(seal: bytes) -> bytes:
    whole = json.loads(seal)
    assert "Ana" in whole["payload"]
    return json.dumps(
        {**whole, "payload": whole["payload"].replace("Ana", "Eva")}
    ).encode()


def clear(seal: bytes) -> bytes:
    return with_etsiu(seal, lambda rows: [json.loads(unb64u(row)) for row in rows])


def mixed(seal: bytes) -> bytes:
    return with_etsiu(seal, lambda rows: [*rows, {"cSig": "x"}])


def unreadable(seal: bytes) -> bytes:
    return with_etsiu(seal, lambda rows: [*rows, "###"])


def broken_timestamp(seal: bytes) -> bytes:
    """The timestamp of another signature."""
    other = json.loads(seal)
    other["signatures"][0]["header"]["etsiU"][0] = b64u(
        unb64u(elements(seal)[0]).replace(b"MII", b"MIJ", 1)
    )
    return json.dumps(other).encode()


BAD: list[Any] = [
    pytest.param(lambda seals: badge(), "not a sealed credential", id="badge"),
    pytest.param(lambda seals: integrity_badge(), "not a sealed", id="badge-di"),
    pytest.param(lambda seals: compact(), "compact", id="compact"),
    pytest.param(lambda seals: b"\x89PNG\r\n\x1a\n", "not", id="picture"),
    pytest.param(lambda seals: b"", "not a file of a kind", id="empty"),
    pytest.param(lambda seals: b'{"type": "Note"}', "not a credential", id="some-json"),
    pytest.param(lambda seals: tampered(seals("B")), "signature", id="tampered"),
    pytest.param(lambda seals: clear(seals("LT")), "cannot be extended", id="clear"),
    pytest.param(lambda seals: mixed(seals("LT")), "cannot be extended", id="mixed"),
    pytest.param(lambda seals: unreadable(seals("T")), "cannot be", id="unreadable"),
    pytest.param(
        lambda seals: broken_timestamp(seals("T")), "timestamp", id="broken-timestamp"
    ),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("make", "complaint"), BAD)
def test_what_cannot_be_extended_says_why_and_stays_as_it_is(
    make: Callable[[Any], bytes],
    complaint: str,
    desk: Desk,
    seals: Callable[[str], bytes],
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.jsonld"
    path.write_bytes(data := make(seals))
    asked = desk.asked("/tsa")

    for refused in (extend(desk, "LTA", path), renew(desk, path)):
        assert refused.exit_code == 1, refused.output
        assert refused.exception is None or isinstance(refused.exception, SystemExit)
        assert refused.stderr.rstrip().splitlines()[-1].startswith(str(path))
        assert complaint in refused.stderr
    assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["file.jsonld"]
    assert desk.asked("/tsa") == asked  # nobody is asked for a file of no use


def test_only_an_archived_seal_is_renewed(
    desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(seals("LT"))

    refused = renew(desk, diploma)

    assert refused.exit_code == 1
    assert "extend it to level LTA first" in refused.stderr
    assert diploma.read_bytes() == seals("LT")


def test_one_bad_file_does_not_stop_the_others(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    bad, gone = tmp_path / "badge.jsonld", tmp_path / "gone.jsonld"
    bad.write_bytes(badge())

    done = extend(desk, "T", bad, gone, diploma, "--json")

    assert done.exit_code == 1
    rows = json.loads(done.stdout)["files"]
    assert [row["error"] and row["error"]["code"] for row in rows] == [
        "unsupported",
        "config",
        None,
    ]
    assert level_of(diploma.read_bytes()) == "T"


def test_an_authority_that_is_down_leaves_everything_as_it_was(
    desk: Desk, diploma: Path, tmp_path: Path
) -> None:
    second = tmp_path / "z.jsonld"
    second.write_bytes(before := diploma.read_bytes())
    desk.desk.answers = False
    try:
        asked = desk.asked("/tsa")
        refused = extend(desk, "LT", diploma, second)
        attempts = desk.asked("/tsa") - asked
    finally:
        desk.desk.answers = True

    assert refused.exit_code == 1
    assert "No timestamp authority gave a timestamp; nothing was written:" in (
        refused.stderr
    )
    assert f"  {desk.tsa}: " in refused.stderr
    assert "--level B" not in refused.stderr  # the file has that already
    assert "Files that were not tried" in refused.stderr
    assert attempts == 2  # of the first file; the second is not asked for in vain
    assert diploma.read_bytes() == second.read_bytes() == before


def test_missing_revocation_answers_leave_the_file_as_it_was(
    desk: Desk, diploma: Path
) -> None:
    before = diploma.read_bytes()
    fetch = desk.desk.fetch

    def only_timestamps(request: Any) -> Any:
        desk.desk.answers = request.url.endswith("/tsa")
        return fetch(request)

    desk.desk.fetch = only_timestamps  # type: ignore[method-assign]
    try:
        refused = extend(desk, "LT", diploma)
    finally:
        desk.desk.fetch, desk.desk.answers = fetch, True  # type: ignore[method-assign]

    assert refused.exit_code == 1
    assert "certificates are in force; nothing was written:" in refused.stderr
    assert diploma.read_bytes() == before


@pytest.mark.parametrize("command", ["extend", "renew"])
def test_a_silent_authority_is_told_in_the_callers_language(
    command: str, desk: Desk, seals: Callable[[str], bytes], diploma: Path
) -> None:
    diploma.write_bytes(before := seals("LTA" if command == "renew" else "B"))
    words = ("--level", "LT") if command == "extend" else ()
    desk.desk.answers = False
    try:
        refused = run(command, diploma, *words, *desk.outside, "--lang", "sl")
    finally:
        desk.desk.answers = True

    assert refused.exit_code == 1
    assert "Nobena služba časovnega žigosanja ni dala časovnega žiga; nič ni bilo" in (
        refused.stderr
    )
    assert desk.tsa in refused.stderr
    assert "Poskusite pozneje" in refused.stderr
    assert diploma.read_bytes() == before


def test_an_inner_authority_is_refused_until_it_is_allowed(
    desk: Desk, diploma: Path
) -> None:
    refused = run("extend", diploma, "--level", "T", "--tsa", desk.tsa)
    slovenian = run(
        *("extend", diploma, "--level", "T", "--tsa", desk.tsa, "--lang", "sl")
    )

    assert refused.exit_code == 1
    assert f"`--allow-private {LOOPBACK}`" in refused.stderr
    assert "later" not in refused.stderr
    assert f"ponovite ukaz z `--allow-private {LOOPBACK}`" in slovenian.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--level", "B"), "choose T, LT or LTA"),
        (("--level", "XL"), "choose B, T, LT, LTA"),
        (("--level", "T", "--layout", "old"), "edci-1.x"),
        (("--level", "T", "--out", "a", "--out-dir", "b"), "not both"),
        (("--level", "T", "-"), "standard input"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    words: tuple[str, ...], complaint: str, diploma: Path
) -> None:
    refused = run("extend", diploma, "--tsa", NOWHERE, *words)

    assert refused.exit_code == 2
    assert complaint in refused.stderr


@pytest.mark.parametrize("command", [("extend", "--level", "LT"), ("renew",)])
def test_without_an_authority_nothing_starts(
    command: tuple[str, ...], diploma: Path
) -> None:
    refused = run(*command, diploma)

    assert "Name a timestamp authority (`--tsa URL`)." in str(refused.exception)
    assert "--level B" not in str(refused.exception)


def test_out_is_for_one_file(diploma: Path, tmp_path: Path) -> None:
    words = ("--level", "T", "--tsa", NOWHERE)
    refused = run("extend", diploma, diploma, *words, "--out", tmp_path / "x")

    assert refused.exit_code == 2
    assert "one file" in refused.stderr


def test_what_leaves_the_machine_is_said_before(desk: Desk, diploma: Path) -> None:
    done = extend(desk, "LT", diploma, "--lang", "sl")

    assert LOOPBACK in done.stderr
    assert "Dobijo le zgoščene vrednosti" in done.stderr
    assert "prej raven B, zdaj raven LT" in done.stdout


def test_a_seal_that_changed_under_way_would_not_be_written(
    seals: Callable[[str], bytes],
) -> None:
    good = seals("LT")

    check_same_seal(seals("T"), seals("T"))
    for bad in (
        tampered(good),
        with_etsiu(good, lambda rows: rows[1:]),
        with_etsiu(good, lambda rows: [rows[1], rows[0], *rows[2:]]),
    ):
        with pytest.raises(ConfigError, match="would not be the same"):
            check_same_seal(good, bad)


# Killed at any moment


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")
@pytest.mark.parametrize("command", ["extend", "renew"])
def test_killed_at_any_moment_the_file_is_the_old_or_the_new_one(
    command: str, desk: Desk, seals: Callable[[str], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "diploma.jsonld"
    old = seals("B" if command == "extend" else "LTA")
    words = ["edc-issuer", command, str(path), *desk.outside, "--json"]
    words += ["--trust", str(desk.trust)]
    if command == "extend":
        words += ["--level", "LTA"]
    seed = random.randrange(2**32)
    chance, longest, kills, new = random.Random(seed), 1.0, 0, 0

    while kills < rounds(25):
        path.write_bytes(old)
        if killed(words, chance.uniform(0, longest)):
            kills += 1
            longest *= 1.05
        else:
            longest *= 0.8
        data = path.read_bytes()
        if data != old:
            new += 1
            assert level_of(data) == "LTA", seed
            check_same_seal(old, data)
            assert verified(desk, path).outcome is Outcome.PASSED, seed

    left = {p.name for p in tmp_path.iterdir()} - {path.name}
    assert all(name.startswith(".") for name in left)  # never a second diploma
    path.write_bytes(old)
    assert run(*words[1:]).exit_code == 0
    assert level_of(path.read_bytes()) == "LTA"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")
@pytest.mark.parametrize(
    ("owner", "name", "done", "is_new"),
    [
        pytest.param(tempfile, "mkstemp", True, False, id="file-begun"),
        pytest.param(os, "fsync", False, False, id="before-the-disk-has-it"),
        pytest.param(os, "fsync", True, False, id="the-disk-has-it"),
        pytest.param(Path, "replace", False, False, id="before-the-name-changes"),
        pytest.param(Path, "replace", True, True, id="the-name-has-changed"),
    ],
)
def test_killed_at_each_step_of_writing_the_file_is_whole(
    owner: Any,
    name: str,
    done: bool,
    is_new: bool,
    desk: Desk,
    seals: Callable[[str], bytes],
    tmp_path: Path,
) -> None:
    path = tmp_path / "diploma.jsonld"
    path.write_bytes(old := seals("T"))
    words = ["edc-issuer", "extend", str(path), "--level", "LTA", *desk.outside]

    assert killed_at(words, owner, name, done=done)

    data = path.read_bytes()
    assert (data != old) == is_new
    assert level_of(data) == ("LTA" if is_new else "T")


def test_kill_can_hit_before_and_after(tmp_path: Path) -> None:
    """The twin of the test above: a command that cannot be killed is not tested."""
    assert killed(["edc-issuer", "schema"], 0)
    assert not killed(["edc-issuer", "schema"], 5)

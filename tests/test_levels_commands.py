"""Levels at the command line: what is asked of whom, and what happens without them."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from conftest import rounds
from desks import LOOPBACK, Desk, desk_on_loopback
from edc_issuer.batch import working
from edc_issuer.cli import main
from edc_issuer.cli.refusals import why_stopped
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import NoTimestamp
from edc_issuer.fetch import Http
from edc_issuer.formats.jades import JADES
from edc_issuer.issue import PROFILES, Issuer, NoAuthority
from edc_issuer.keys import open_signer
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.record import CredentialRecord
from edc_issuer.timestamp import Timestamper
from edc_issuer.trust.collect import RevocationMissing
from killing import killed
from test_batch import Desk as Rows
from test_batch import row
from test_cli import RECORD, run
from world import PASSWORD, record_dict, world

pytestmark = pytest.mark.slow

LATER = "Without a timestamp and revocation answers nobody can confirm this seal later."
NAME_ONE = (
    "Name a timestamp authority (`--tsa URL`) or write it anyway with `--level B`."
)
WHOLE = "as its provider names it: https://tsa.example/tsr"
NOWHERE = "http://127.0.0.1:9/tsa"  # the port of RFC 863, where nobody answers


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_on_loopback(tmp_path / "authorities") as desk:
        yield desk


def level_of(path: Path) -> str | None:
    [proof] = JADES.open(path.read_bytes(), documents=BUNDLED).proofs
    return proof.level


def issue(desk: Desk, out: Path, *more: object, profile: str = "edc-jades") -> Result:
    key = desk.key if profile == "edc-jades" else world().key(profile)
    return run(
        *("issue", RECORD, "--as", profile, "--key", key, "--key-secret-env", "SEAL"),
        *("--out", out, *more),
        SEAL=PASSWORD,
    )


# One record


@pytest.mark.parametrize(
    ("asked", "level"),
    [((), "LT"), (("T",), "T"), (("lt",), "LT"), (("LTA",), "LTA"), (("B",), "B")],
)
def test_a_seal_has_the_level_that_was_asked_for_or_lt(
    asked: tuple[str, ...], level: str, desk: Desk, tmp_path: Path
) -> None:
    words = [word for given in asked for word in ("--level", given)]

    made = issue(desk, tmp_path, *words, *desk.outside)

    assert made.exit_code == 0, made.output
    path = Path(made.stdout.strip())
    assert level_of(path) == level
    shown = run("verify", path, "--trust", desk.trust, "--allow-test")
    # Without revocation answers nothing can be confirmed.
    assert shown.exit_code == (0 if level in ("LT", "LTA") else 3), shown.output


def test_two_calls_of_the_authority_a_seal_not_three(
    desk: Desk, tmp_path: Path
) -> None:
    issue(desk, tmp_path, "--level", "LTA", *desk.outside)

    assert desk.asked("/tsa") == 2


@pytest.mark.parametrize("command", ["issue", "batch", "twins"])
def test_without_an_authority_each_command_says_the_same_and_starts_nothing(
    command: str, tmp_path: Path
) -> None:
    seal, badge = world().key("edc-jades"), world().key("ob3-jwt")
    words: tuple[object, ...] = ("--as", "edc-jades", "--key", seal)
    if command == "batch":
        words += ("--journal", tmp_path / "journal")
    if command == "twins":
        words = ("--seal-key", seal, "--badge-key", badge)

    refused = run(command, RECORD, *words, "--out", tmp_path / "out")

    assert str(refused.exception) == f"{LATER} {NAME_ONE}"
    assert not list(tmp_path.iterdir())


def test_a_badge_needs_no_authority_and_has_no_level(
    desk: Desk, tmp_path: Path
) -> None:
    made = issue(desk, tmp_path, profile="ob3-jwt")
    refused = issue(desk, tmp_path, "--level", "LT", *desk.outside, profile="ob3-jwt")

    assert made.exit_code == 0, made.output
    assert "ob3-jwt has no levels" in str(refused.exception)
    assert desk.desk.requests == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(("--level", "X"), "choose B, T, LT, LTA", id="level"),
        pytest.param(("--tsa", "tsa.example"), WHOLE, id="no-address"),
        pytest.param(("--tsa", "tsa.example:318"), WHOLE, id="host-and-port"),
        pytest.param(("--tsa", "https:tsa.example"), WHOLE, id="no-host"),
        pytest.param(("--tsa", "https://[tsa"), WHOLE, id="half-a-host"),
        pytest.param(("--tsa", "file:///etc/passwd"), WHOLE, id="a-file"),
    ],
)
def test_what_is_no_level_or_no_address_is_a_usage_error(
    words: tuple[str, ...], complaint: str, desk: Desk, tmp_path: Path
) -> None:
    refused = issue(desk, tmp_path / "out", *words)

    assert refused.exit_code == 2
    assert complaint in refused.stderr
    assert not (tmp_path / "out").exists()


def test_what_leaves_the_machine_is_said_before_it_does(
    desk: Desk, tmp_path: Path
) -> None:
    desk.desk.answers = False

    refused = issue(desk, tmp_path / "out", *desk.outside)

    assert "127.0.0.1" in refused.stderr
    assert "They get digests, nothing that can be read." in refused.stderr
    assert "They get the numbers of certificates." in refused.stderr
    assert "no timestamp" in str(refused.exception)
    assert not (tmp_path / "out").exists()


def test_only_digests_and_certificate_numbers_leave_the_machine(
    desk: Desk, tmp_path: Path
) -> None:
    issue(desk, tmp_path, "--level", "LTA", *desk.outside)

    value = record_dict()
    told = b"".join(
        request.url.encode() + (request.body or b"") for request in desk.desk.requests
    )
    assert desk.desk.requests
    for name in ("given_name", "family_name"):
        assert value["learner"][name].encode() not in told
    assert max(len(request.body or b"") for request in desk.desk.requests) < 200


def test_at_level_t_nobody_is_asked_about_withdrawal(
    desk: Desk, tmp_path: Path
) -> None:
    made = issue(desk, tmp_path, "--level", "T", *desk.outside)

    assert "numbers of certificates" not in made.stderr
    assert [request.url for request in desk.desk.requests] == [desk.tsa]


def test_a_second_authority_is_asked_where_the_first_fails(
    desk: Desk, tmp_path: Path
) -> None:
    made = issue(desk, tmp_path, "--tsa", NOWHERE, *desk.outside)

    assert made.exit_code == 0, made.output
    assert level_of(Path(made.stdout.strip())) == "LT"


def test_an_inner_authority_is_asked_only_where_that_was_allowed(
    desk: Desk, tmp_path: Path
) -> None:
    refused = issue(desk, tmp_path / "out", "--tsa", desk.tsa)

    error = refused.exception
    assert isinstance(error, NoTimestamp)
    assert error.inner == (LOOPBACK,)
    assert desk.desk.requests == []
    told = why_stopped(error, Messages("en"))
    assert f"repeat the command with `--allow-private {LOOPBACK}`." in told
    assert "Try again later" not in told


def test_inner_revocation_services_are_named_as_well(
    desk: Desk, tmp_path: Path
) -> None:
    """The addresses stand in the certificates; here they are those of loopback."""
    record = CredentialRecord.from_json(RECORD.read_bytes())
    outside = Http()  # nobody allowed anything
    stamps = Timestamper([desk.tsa], Http(private_hosts=[LOOPBACK]))

    with (
        open_signer(desk.key, secret=lambda prompt: PASSWORD) as signer,
        pytest.raises(RevocationMissing) as refused,
    ):
        Issuer(
            profile=PROFILES["edc-jades"],
            signer=signer,
            timestamper=stamps,
            fetcher=outside,
            files=RECORD.parent,
        ).issue(record)

    assert refused.value.inner == (LOOPBACK,)
    told = why_stopped(refused.value, Messages("sl"))
    assert f"`--allow-private {LOOPBACK}`" in told
    assert "Poskusite pozneje" not in told


def test_a_class_is_told_how_to_allow_an_inner_authority(
    rows: Rows, desk: Desk
) -> None:
    rows.write(row(1))

    words = ("--key", desk.key, "--level", "LT", "--tsa", desk.tsa)
    stopped = rows.run(*words, profile="edc-jades")

    assert stopped.exit_code == 1
    assert f"`--allow-private {LOOPBACK}`" in stopped.stderr
    assert "when they answer again" not in stopped.stderr


def test_what_an_issuer_should_read_is_in_the_language_of_the_session(
    desk: Desk, tmp_path: Path
) -> None:
    words = ("--as", "edc-jades", "--key", desk.key, "--key-secret-env", "SEAL")
    issued = run(
        *("issue", RECORD, *words, "--level", "B", "--out", tmp_path / "a"),
        SEAL=PASSWORD,
        LC_ALL="sl_SI.UTF-8",
    )
    as_json = run(
        *("issue", RECORD, *words, "--level", "B", "--out", tmp_path / "b", "--json"),
        SEAL=PASSWORD,
        LC_ALL="sl_SI.UTF-8",
    )

    sentence = "Brez časovnega žiga in odgovorov o preklicu tega žiga pozneje"
    assert sentence in issued.stderr
    assert LATER not in issued.stderr
    assert json.loads(as_json.stdout)["notices"][0].startswith(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_authority_the_reason_is_told_in_each_language(
    language: str,
) -> None:
    told = why_stopped(NoAuthority(f"{LATER} {NAME_ONE}"), Messages(language))

    assert (told == f"{LATER} {NAME_ONE}") == (language == "en")
    assert "`--tsa URL`" in told
    assert "`--level B`" in told
    assert not told.startswith("[en]")


def test_a_withdrawn_seal_is_not_used(desk: Desk, tmp_path: Path) -> None:
    desk.desk.withdraw(desk.desk.seals[0].certificate)

    refused = issue(desk, tmp_path / "out", *desk.outside)

    assert "revocation answers are missing" in str(refused.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("tsa", "No timestamp authority gave a timestamp; nothing was written:"),
        ("withdrawn", "It could not be shown that these certificates are in force"),
    ],
)
def test_who_was_asked_in_vain_is_told_and_what_to_do(
    why: str,
    said: str,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if why == "withdrawn":
        desk.desk.withdraw(desk.desk.seals[0].certificate)
    desk.desk.answers = why == "withdrawn"
    words = ["edc-issuer", "issue", str(RECORD), "--as", "edc-jades"]
    words += ["--key", desk.key, "--key-secret-env", "SEAL", *desk.outside]
    words += ["--out", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", words)
    monkeypatch.setenv("SEAL", PASSWORD)
    monkeypatch.setenv("LC_ALL", "C")

    with pytest.raises(SystemExit) as ended:
        main()

    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    assert told.rstrip().splitlines()[-1].startswith("Try again later, name a further")
    assert (desk.tsa in told) == (why == "tsa")
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


# Twins


def test_twins_are_sealed_at_a_level_too(desk: Desk, tmp_path: Path) -> None:
    made = run(
        *("twins", RECORD, "--out", tmp_path / "out", "--seal-key", desk.key),
        *("--badge-key", world().key("ob3-jwt"), "--seal-secret-env", "SEAL", "--json"),
        *("--level", "LTA", *desk.outside),
        SEAL=PASSWORD,
    )

    assert made.exit_code == 0, made.output
    files = [Path(row["file"]) for row in json.loads(made.stdout)["twins"]]
    assert level_of(files[0]) == "LTA"
    assert run("compare", *files).exit_code == 0


# A class


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(tmp_path)


def batch(rows: Rows, desk: Desk, *more: object) -> Result:
    words = ("--key", desk.key, "--level", "LT", *desk.outside)
    return rows.run(*words, *more, profile="edc-jades")


def test_a_class_is_sealed_at_level_lt(rows: Rows, desk: Desk) -> None:
    done = batch(rows.write(row(1), row(2)), desk)

    assert done.exit_code == 0, done.output
    assert [level_of(rows.out / name) for name in rows.files()] == ["LT", "LT"]
    assert "nobody can confirm" not in done.stderr
    assert "They get digests" in done.stderr


def test_workers_ask_the_authority_themselves(rows: Rows, desk: Desk) -> None:
    done = batch(rows.write(row(1), row(2)), desk, "--workers", "2")

    assert done.exit_code == 0, done.output
    assert [level_of(rows.out / name) for name in rows.files()] == ["LT", "LT"]


def test_a_dry_run_names_no_authority_and_asks_none(rows: Rows, desk: Desk) -> None:
    done = rows.write(row(1)).dry(profile="edc-jades")

    assert done.exit_code == 0, done.output
    assert desk.desk.requests == []


class _Failing:
    """Stops answering after so many requests to one address."""

    def __init__(self, desk: Desk, path: str, *, after: int) -> None:
        self.desk, self.path, self.left = desk.desk, path, after
        self.fetch = desk.desk.fetch
        desk.desk.fetch = self  # type: ignore[method-assign]

    def __call__(self, request: Any) -> Any:
        if request.url.endswith(self.path):
            self.left -= 1
            self.desk.answers = self.left >= 0
        return self.fetch(request)

    def mend(self) -> None:
        self.desk.answers, self.left = True, 10**6


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param("/tsa", "No timestamp authority gave a timestamp", id="tsa"),
        pytest.param("/ocsp", "It could not be shown that the certificates", id="ocsp"),
    ],
)
def test_an_authority_that_is_down_stops_the_class_and_loses_nothing(
    path: str, sentence: str, rows: Rows, desk: Desk
) -> None:
    failing = _Failing(desk, path, after=2)
    rows.write(*map(row, range(5)))

    stopped = batch(rows, desk)

    assert stopped.exit_code == 1
    assert sentence in stopped.stderr
    assert "Nothing is wrong with the rows." in stopped.stderr
    assert "Issued in this run: 2." in stopped.stderr
    assert len(rows.files()) == 2
    assert [line["status"] for line in rows.summary()] == ["issued"] * 2

    failing.mend()
    before = {name: (rows.out / name).read_bytes() for name in rows.files()}
    again = batch(rows, desk)

    assert again.exit_code == 0, again.output
    assert "Issued: 3. Issued before: 2." in again.stdout
    assert all((rows.out / n).read_bytes() == data for n, data in before.items())


def test_nobody_is_asked_in_vain_for_every_row(rows: Rows, desk: Desk) -> None:
    desk.desk.answers = False
    rows.write(*map(row, range(9)))

    stopped = batch(rows, desk)

    assert stopped.exit_code == 1
    assert rows.files() == []
    assert desk.asked("/tsa") == 2  # one record, two attempts


def test_several_workers_stop_as_well(rows: Rows, desk: Desk) -> None:
    desk.desk.answers = False

    stopped = batch(rows.write(*map(row, range(4))), desk, "--workers", "2")

    assert stopped.exit_code == 1
    assert "No timestamp authority gave a timestamp" in stopped.stderr


def test_who_did_not_answer_is_told_in_the_language_of_the_clerk(
    rows: Rows, desk: Desk
) -> None:
    desk.desk.answers = False
    rows.write(row(1))

    words = ("--key", desk.key, "--level", "LT", *desk.outside)
    stopped = rows.run(*words, profile="edc-jades", lang="sl")

    assert "Nobena služba časovnega žigosanja" in stopped.stderr
    assert desk.tsa in stopped.stderr
    assert "`--level B`" in stopped.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", ["timestamp", "revocation", "later"])
def test_each_language_says_so(about: str, language: str) -> None:
    assert "[" not in Messages(language).text(f"batch.unanswered.{about}")


# A class that was killed between a file and its line


def left_behind(rows: Rows, desk: Desk, level: str, *awards: Any) -> dict[str, bytes]:
    """The folder as a killed run leaves it: files without lines in the journal."""
    done = batch(rows.write(*awards), desk, "--level", level)
    assert done.exit_code == 0, done.output
    rows.journal.unlink()
    return {name: (rows.out / name).read_bytes() for name in rows.files()}


@pytest.mark.parametrize("level", ["B", "T", "LT", "LTA"])
def test_a_file_without_a_line_is_kept_at_whatever_level_it_is(
    level: str, rows: Rows, desk: Desk
) -> None:
    before = left_behind(rows, desk, level, row(1), row(2))
    asked = len(desk.desk.requests)

    again = batch(rows, desk)

    assert again.exit_code == 0, again.output
    assert {n: (rows.out / n).read_bytes() for n in rows.files()} == before
    # The comparison needs nobody's word, and no timestamp is paid for twice.
    assert len(desk.desk.requests) == asked
    assert (LATER in again.stderr) == (level == "B")


def test_a_file_that_says_something_else_is_no_more_ours(
    rows: Rows, desk: Desk
) -> None:
    before = left_behind(rows, desk, "LT", row(1))
    other = row(1, lambda value: value["learner"].update(given_name="Živa"))
    rows.write(other)

    again = batch(rows, desk)

    assert again.exit_code == 1
    assert {n: (rows.out / n).read_bytes() for n in rows.files()} == before


def test_the_comparison_would_ask_if_it_were_issued_as_the_rest(
    rows: Rows, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above, so that it can fail."""
    left_behind(rows, desk, "LT", row(1))
    asked = len(desk.desk.requests)
    monkeypatch.setattr(working, "replace", lambda issuer, **_: issuer)

    batch(rows, desk)

    assert len(desk.desk.requests) > asked


def test_a_class_issued_without_an_authority_is_extended_later(
    rows: Rows, desk: Desk
) -> None:
    first = batch(rows.write(row(1), row(2)), desk, "--level", "B")
    extended = run(
        *("extend", rows.out, "--level", "LT", "--trust", desk.trust, *desk.outside)
    )
    again = batch(rows, desk)

    assert (first.exit_code, extended.exit_code, again.exit_code) == (0, 0, 0)
    assert [level_of(rows.out / name) for name in rows.files()] == ["LT", "LT"]
    assert [line["status"] for line in rows.summary()] == ["already"] * 2
    assert all("changed since" in line["reason"] for line in rows.summary())


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills what it forked")
def test_killed_at_any_moment_every_award_is_sealed_once(
    rows: Rows, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAL", PASSWORD)
    rows.write(*map(row, range(8)))
    words = ["edc-issuer", "batch", str(rows.rows), "--as", "edc-jades"]
    words += ["--key", desk.key, "--key-secret-env", "SEAL", "--level", "LT"]
    words += [*desk.outside, "--out", str(rows.out), "--journal", str(rows.journal)]
    seed = random.randrange(2**32)
    chance, kept = random.Random(seed), dict[str, bytes]()

    for _ in range(rounds(30)):
        killed(words, chance.uniform(0.05, 0.8))
        for name in rows.files():
            data = (rows.out / name).read_bytes()
            assert kept.setdefault(name, data) == data, seed
    done = batch(rows, desk)

    assert done.exit_code == 0, (seed, done.output)
    assert len(rows.files()) == 8
    for name in rows.files():
        data = (rows.out / name).read_bytes()
        assert kept.get(name, data) == data, seed
        assert level_of(rows.out / name) == "LT"
    assert [p.name for p in rows.out.iterdir() if p.name.startswith(".")] == []

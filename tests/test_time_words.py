"""What a report says of the time of a seal, and what the operator may add to it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import Result

from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.report_text import to_text
from edc_issuer.trust import TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_issuer
from test_cli import run
from world import NAMES, SCHOOL, issued
from years import EXPIRED, SOON, seals, with_etsiu, years

DAY = timedelta(days=1)


def told(level: str, **options: Any) -> str:
    report = years().verify(seals(level), options.pop("at", SOON))
    return to_text(report, **options)


# In words


def test_who_confirms_the_time_and_until_when_is_said() -> None:
    said = told("LT")

    assert "Sealed before 1 June 2020, 12:00 UTC" in said
    assert "a time-stamp of EDC Test TSA" in said
    assert "This can be shown until 28 February 2025." in said
    assert "adds an archive time-stamp before 30 November 2024" in said
    assert "`edc-issuer extend --level LTA`" in said


def test_an_archived_seal_is_renewed_rather_than_archived() -> None:
    said = told("LTA")

    assert "renews it before 30 November 2024 (`edc-issuer renew`)." in said
    assert "--level LTA" not in said


def test_where_no_time_is_proved_nothing_is_said_of_a_proof() -> None:
    for level in ("B", "T"):
        assert "as a time-stamp of" not in told(level)


def test_each_timestamp_is_named_to_who_wants_all_of_it() -> None:
    said = told("LTA", verbose=True)

    assert "Time-stamp (sigTst) of 1 June 2020, 12:00 UTC by EDC Test TSA" in said
    assert "Time-stamp (arcTst) of 1 June 2020, 12:00 UTC by EDC Test TSA" in said
    assert "Time-stamp (" not in told("LTA")


def test_what_is_the_matter_with_one_stands_below_it() -> None:
    damaged = with_etsiu(seals("LTA"), lambda rows: [*rows[:1], *rows[2:]])

    said = to_text(years().verify(damaged, SOON), verbose=True)

    assert "something that was added to the seal later was changed" in said
    assert "it belongs to other content or was tampered with" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_it_with_its_own_dates(language: str) -> None:
    messages = Messages(language)

    said = told("LTA", language=language, verbose=True)

    assert messages.text("said.time_until", date=SOON.date())[:6] in said
    assert "2025" in said
    assert "[en]" not in said


def test_an_authority_whose_name_is_an_attack_is_made_harmless() -> None:
    report = years().verify(seals("LT"), SOON)
    time = report.check("time.signed")
    time.evidence["authority"] = "CN=Služba\x1b[2J\nPASSED,O=Ж"  # type: ignore[index]

    said = to_text(report)

    assert "\x1b" not in said
    assert "\nPASSED," not in said


@pytest.mark.parametrize(
    "evidence",
    [
        {"time": "yesterday", "authority": 3, "until": [], "timestamps": 7},
        {"time": "2020-06-01T12:00:00+00:00", "authority": "CN=A", "timestamps": [3]},
        {"timestamps": [{"kind": None, "time": "x", "reason": 3}]},
    ],
)
def test_evidence_of_any_shape_is_survived(evidence: dict[str, Any]) -> None:
    report = years().verify(seals("B"), SOON)
    found = report.check("time.signed").evidence
    found.clear()  # type: ignore[attr-defined]
    found.update(evidence)  # type: ignore[attr-defined]

    assert to_text(report, verbose=True)


# At the command line


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """A folder that trusts the authorities of `years`."""
    folder = tmp_path / "trust"
    root = years().desk.root.certificate.public_bytes(Encoding.PEM)
    add_certificate(folder, root, test=True)
    add_certificate(folder, root, kind="timestamps", test=True)
    add_issuer(folder, TrustedIssuer(SCHOOL.identifier, NAMES, test=True))
    return folder


def verify(trust: Path, data: bytes, *words: object) -> Result:
    path = trust.parent / "diploma.jsonld"
    path.write_bytes(data)
    return run("verify", path, "--trust", trust, "--allow-test", *words)


def test_the_times_stand_on_the_screen_of_the_command(trust: Path) -> None:
    shown = verify(trust, seals("LT"), "--at", SOON.isoformat(), "--lang", "sl")

    assert shown.exit_code == 0, shown.output
    assert "kar potrjuje časovni žig, ki ga je dal EDC Test TSA" in shown.stdout


def test_a_list_that_is_handed_over_settles_what_was_open(
    trust: Path, tmp_path: Path
) -> None:
    at = SOON.isoformat()
    files = []
    for number, crl in enumerate(years().crls(SOON - DAY)):
        path = tmp_path / f"seznam-{number}.crl"
        path.write_bytes(crl)
        files += ["--evidence", path]

    without = verify(trust, seals("B"), "--at", at)
    with_lists = verify(trust, seals("B"), "--at", at, *files)

    assert (without.exit_code, with_lists.exit_code) == (3, 0), with_lists.output


def test_what_you_say_of_the_time_is_called_yours(trust: Path) -> None:
    at = ("--at", EXPIRED.isoformat())

    without = verify(trust, seals("B"), *at, "--json")
    said = verify(trust, seals("B"), *at, "--existed-by", "2020-06-30", "--json")

    before, after = (
        {check["id"]: check for check in json.loads(run.stdout)["checks"]}
        for run in (without, said)
    )
    assert before["time.signed"]["reason"] == "claimed-only"
    assert after["time.signed"]["reason"] == "you-say"
    assert after["time.signed"]["evidence"]["time"].startswith("2020-06-30")
    assert before["seal.certificate"]["status"] == "undecided"
    assert after["seal.certificate"]["status"] == "pass"


def test_several_files_are_judged_with_the_same_evidence(
    trust: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("a", "č"):
        (folder / f"{name}.jsonld").write_bytes(seals("B"))
    words = []
    for number, crl in enumerate(years().crls(SOON - DAY)):
        path = tmp_path / f"{number}.crl"
        path.write_bytes(crl)
        words += ["--evidence", path]
    words += ["--at", SOON.isoformat()]

    shown = run("verify", folder, "--trust", trust, "--allow-test", *words)

    assert shown.exit_code == 0, shown.output
    assert shown.stdout.count("PASSED") == 2


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--existed-by", "2999-01-01"), "leave --existed-by out"),
        (("--existed-by", "then"), "neither a date"),
        (("--existed-by", "2020-06-01T12:00:00"), "has no zone"),
    ],
)
def test_a_time_that_cannot_be_meant_is_a_usage_error(
    words: tuple[str, ...], complaint: str, trust: Path
) -> None:
    refused = verify(trust, seals("B"), *words)

    assert refused.exit_code == 2
    assert complaint in refused.stderr


def test_nobody_had_the_file_after_the_time_that_is_asked_about(trust: Path) -> None:
    words = ("--at", "2020-07-01", "--existed-by", "2021-01-01")

    refused = verify(trust, seals("B"), *words)

    assert "later than the time asked about" in str(refused.exception)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("šum.crl", b"\x30\x03\x02\x01\x00", id="noise"),
        pytest.param("prazno.ocsp", b"", id="empty"),
        pytest.param("ni.pem", None, id="absent"),
    ],
)
def test_what_is_no_evidence_is_named_before_anything_is_judged(
    name: str, content: bytes | None, trust: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    refused = verify(trust, seals("B"), "--evidence", path)

    assert name in str(refused.exception)
    assert refused.stdout == ""


def test_a_sealed_statement_is_taken_as_evidence(trust: Path, tmp_path: Path) -> None:
    path = tmp_path / "pooblastilo.jsonld"
    path.write_bytes(issued("edc-jades").data)

    shown = verify(trust, seals("LT"), "--at", SOON.isoformat(), "--evidence", path)

    assert shown.exit_code == 0, shown.output

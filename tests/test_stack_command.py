"""Three sealed credentials, verified and combined; and a forged twin of one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from edc_issuer.cli import app
from edc_issuer.convert import to_record
from edc_issuer.issue import PROFILES
from edc_issuer.messages import LANGUAGES
from edc_issuer.record import CredentialRecord, ProgrammeDocument, refusals
from edc_issuer.report import Outcome
from edc_issuer.rules.findings import findings
from edc_issuer.rules.learners import identities_of
from edc_issuer.rules.parts import Part
from edc_issuer.rules.stacking import Eligibility, assess
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from world import RECORDS, issued, record, world

NAMES = ("ecological", "economic", "social")
WHOLE = RECORDS.parent / "programmes" / "scouts4green_all.json"
VERDICTS: Any = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.INDETERMINATE: "unknown",
}


def sealed(name: str, profile: str = "edc-jades") -> bytes:
    return issued(profile, f"scouts4green_{name}").data


def forged(data: bytes) -> bytes:
    """The same file with a better result, under the seal of the honest one."""
    better = data.replace(b"80 to\xc4\x8dk", b"98 to\xc4\x8dk")
    assert better != data
    return better


def run(*arguments: object) -> Result:
    variables = {"LC_ALL": "C", "EDC_TRUST": "", "COLUMNS": "500"}
    return CliRunner().invoke(app, [str(a) for a in arguments], env=variables)


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    """The three sealed parts as files."""
    paths = [tmp_path / f"{name}.jsonld" for name in NAMES]
    for path, name in zip(paths, NAMES, strict=True):
        path.write_bytes(sealed(name))
    return paths


def stack(*arguments: object) -> Result:
    return run("stack", "--whole", WHOLE, "--awarded", "2025-11-28", *arguments)


def trusted(*arguments: object) -> Result:
    return stack(*arguments, "--trust", world().trust_folder, "--allow-test")


def answered(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# In Python


def assessed(files: list[bytes], trust: Trust) -> Eligibility:
    """Verify each file and ask for the whole, as a program of a school would."""
    brought = []
    for data in files:
        report = Verifier(trust=trust).verify(data)
        content = report.content or json.loads(issued("edc-jades").data)
        known = to_record(content).record if report.content else record()
        brought.append(
            Part(known, VERDICTS[report.outcome], identities=identities_of(content))
        )
    document = ProgrammeDocument.from_json(WHOLE.read_bytes())
    return assess(document, brought, at=date(2025, 11, 28))


def test_three_sealed_credentials_are_verified_and_eligible() -> None:
    honest = [sealed(name) for name in NAMES]

    found = assessed(honest, world().trust)

    assert (found.answer, found.findings) == ("eligible", ())
    assert found.combined.hours == 45
    assert [one.points for one in found.combined.credits] == ["1.5"]
    assert len(found.combined.outcomes) == 9


def test_an_untrusted_twin_is_not_eligible() -> None:
    honest = [sealed(name) for name in NAMES]

    assert assessed(honest, Trust()).answer == "unknown"


def test_badges_of_two_hashed_learners_are_left_open() -> None:
    badges = [sealed(name, "ob3-jwt") for name in NAMES]

    found = assessed(badges, world().trust)

    # A badge names its learner by a salted hash of the mail: each with its own salt.
    assert found.answer == "unknown"
    assert {reason.rule for reason in found.reasons} == {"ST-02"}


# On the command line


def test_the_command_says_eligible_and_drafts_the_larger_record(
    parts: list[Path], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.json"

    result = trusted(*parts, "--out", draft, "--record-id", "S4G-ALL-2025-0417")

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("ELIGIBLE: S4G-ALL")
    assert "hours 45; credits 1.5 ECTS" in result.stdout
    made = CredentialRecord.from_json(draft.read_bytes())
    fixture = record("scouts4green_stacked")
    assert made.programme == fixture.programme
    assert made.learner.internal_id == fixture.learner.internal_id
    assert [one.points for one in results(made)] == [92, 85, 80]
    assert [part.programme_code for part in made.parts] == [
        "S4G-ECO",
        "S4G-ECN",
        "S4G-SOC",
    ]
    assert list(refusals(made)) == []
    assert [finding.rule for finding in findings(made)] == ["LV-03"]
    assert [*PROFILES["edc-jades"].model.check(made)] == []


def results(made: CredentialRecord) -> Any:
    assert made.award.result is not None
    return made.award.result.part_results


def test_the_draft_can_be_sealed(parts: list[Path], tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    trusted(*parts, "--out", draft, "--record-id", "S4G-ALL-2025-0417")

    made = world().issue("edc-jades", CredentialRecord.from_json(draft.read_bytes()))

    assert world().verify(made.data).outcome is Outcome.PASSED


def test_a_forged_twin_is_not_eligible(parts: list[Path]) -> None:
    honest = trusted(*parts, "--json")
    parts[2].write_bytes(forged(parts[2].read_bytes()))

    twin = trusted(*parts, "--json")

    assert (honest.exit_code, answered(honest)["answer"]) == (0, "eligible")
    assert (twin.exit_code, answered(twin)["answer"]) == (1, "not_eligible")
    assert [reason["rule"] for reason in answered(twin)["reasons"]] == ["ST-01"]
    assert answered(twin)["files"][2]["verdict"] == "failed"


def test_whom_nobody_trusts_leaves_it_open(parts: list[Path], tmp_path: Path) -> None:
    nobody = tmp_path / "nobody"
    nobody.mkdir()

    result = stack(*parts, "--trust", nobody)

    assert result.exit_code == 3
    assert result.stdout.startswith("UNKNOWN: S4G-ALL")


def test_what_only_test_keys_vouch_for_is_left_open(parts: list[Path]) -> None:
    result = stack(*parts, "--trust", world().trust_folder)

    assert result.exit_code == 3
    assert "only test keys vouch for it" in result.stderr


def test_a_record_is_no_credential(parts: list[Path]) -> None:
    plain = RECORDS / "scouts4green_social.json"

    result = trusted(*parts[:2], plain, "--json")

    assert (result.exit_code, answered(result)["answer"]) == (3, "unknown")
    assert "a record, not a sealed credential" in result.stderr


def test_a_missing_part_is_named(parts: list[Path]) -> None:
    result = trusted(*parts[:2])

    assert result.exit_code == 1
    assert "Missing part: S4G-SOC. [ST-01, error]" in result.stdout


def test_a_file_that_nobody_can_read_leaves_it_open(
    parts: list[Path], tmp_path: Path
) -> None:
    stranger = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "X"}
    parts[2].write_text(json.dumps(stranger))

    result = trusted(*parts, "--json")

    assert answered(result)["files"][2] == {
        "file": "social.jsonld",
        "verdict": "unknown",
        "programme": None,
    }
    assert (result.exit_code, answered(result)["answer"]) == (3, "unknown")
    assert "cannot be read" in result.stderr


def test_a_file_that_is_no_credential_is_a_missing_part(parts: list[Path]) -> None:
    parts[2].write_bytes(b"PK\x03\x04 of another kind")

    result = trusted(*parts, "--json")

    assert answered(result)["files"][2]["verdict"] == "failed"
    assert (result.exit_code, answered(result)["answer"]) == (1, "not_eligible")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_answers(language: str, parts: list[Path]) -> None:
    result = trusted(*parts[:2], "--lang", language)

    assert result.exit_code == 1
    assert "[" not in result.stdout.replace("[ST-01, error]", "")
    assert "{" not in result.stdout


def test_a_decision_is_kept_with_who_made_it(parts: list[Path], tmp_path: Path) -> None:
    kept, draft = tmp_path / "decision.json", tmp_path / "draft.json"
    decided = ("--decision", "accepted", "--decided-by", "Škofjeloška komisija")
    why = ("--reason", "Izvirnike je videla komisija.", "--keep", kept)
    made = ("--out", draft, "--record-id", "S4G-ALL-1")

    undecided = stack(*parts, *made)
    result = stack(*parts, *decided, *why, *made)

    assert undecided.exit_code == 1  # nobody confirmed the parts, nobody decided
    assert result.exit_code == 3
    assert "Škofjeloška komisija" in result.stdout
    written = json.loads(kept.read_text(encoding="utf-8"))
    assert (written["decision"], written["answer"]["answer"]) == ("accepted", "unknown")
    assert CredentialRecord.from_json(draft.read_bytes()).record_id == "S4G-ALL-1"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--decision", "accepted"),
        ("--decided-by", "Komisija"),
        ("--out", "draft.json"),
        ("--awarded", "30. 11. 2026"),
    ],
)
def test_options_that_lack_another_are_refused(
    wrong: tuple[str, ...], parts: list[Path], tmp_path: Path
) -> None:
    result = stack(*parts, *wrong)

    assert result.exit_code == 2
    assert not (tmp_path / "draft.json").exists()


def test_too_many_files_are_refused_before_one_is_opened(tmp_path: Path) -> None:
    missing = [tmp_path / f"{n}.jsonld" for n in range(201)]

    result = stack(*missing)

    assert result.exit_code == 2
    assert "at most 200 parts" in result.stderr


def test_a_record_as_the_whole_is_judged_and_not_drafted_again(
    parts: list[Path], tmp_path: Path
) -> None:
    whole = RECORDS / "scouts4green_stacked.json"
    trust = ("--trust", world().trust_folder, "--allow-test")

    judged = run("stack", *parts, "--whole", whole, *trust)
    again = run(
        *("stack", *parts, "--whole", whole, *trust),
        *("--out", tmp_path / "draft.json", "--record-id", "X"),
    )

    assert judged.exit_code == 0, judged.output
    assert again.exit_code == 2

"""What is written about other people's verdicts is what they said."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.judges import recorded, tool
from interop.page import PAGE, current

ROOT = Path(__file__).parent.parent


def test_the_page_shows_the_judgements_as_recorded() -> None:
    assert PAGE.read_text(encoding="utf-8") == current()


def test_no_judge_accepts_a_forgery() -> None:
    said = [
        verdict
        for row in recorded()
        for case, verdict in row["said"].items()
        if "forged" in case
    ]

    assert len(said) > 50
    refusals = ("refused", "TOTAL_FAILED", "FAILED")
    assert all(verdict.startswith(refusals) for verdict in said)


# A text that looks like a blank node's label (see tests/interop/test_suites.py), and a
# key that nobody can find (tests/interop/test_core.py).
KNOWN = {"ecdsa-sd-2023, P-256: markup", "did:web, no document"}
# These saw every record of the fixtures, or every suite.
WHOLE = {
    "@digitalbazaar/vc",
    "@digitalbazaar/vc, each suite",
    "@digitalcredentials/verifier-core",
}


def test_every_javascript_judge_accepts_every_badge_of_ours() -> None:
    rows = [row for row in recorded() if row["judge"].startswith("@")]
    ours = {row["judge"]: row["said"] for row in rows if row["direction"] == "ours"}

    assert set(ours) >= WHOLE
    for judge, said in ours.items():
        genuine = {case: word for case, word in said.items() if "forged" not in case}
        assert len(genuine) > (20 if judge in WHOLE else 2)
        refused = {case for case, word in genuine.items() if word.startswith("refused")}
        assert refused <= KNOWN


def test_a_tool_that_is_missing_fails_the_run() -> None:
    with pytest.raises(pytest.fail.Exception, match="needs no-such-judge"):
        tool("no-such-judge")


@pytest.mark.parametrize("required", [False, True])
def test_without_java_its_judge_is_left_out_but_never_where_all_are_required(
    monkeypatch: pytest.MonkeyPatch, required: bool
) -> None:
    monkeypatch.setattr("interop.judges.REQUIRED", required)
    monkeypatch.setenv("PATH", "")
    ended = pytest.fail.Exception if required else pytest.skip.Exception

    with pytest.raises(ended, match="java"):
        tool("java")


def test_no_registry_and_no_lock_file_is_named() -> None:
    files = [
        path
        for path in (ROOT / "tests" / "interop").rglob("*")
        if path.is_file() and not {"node_modules", "target"} & set(path.parts)
    ]

    assert not [path for path in files if "lock" in path.name]
    for path in files:
        if path.suffix in (".json", ".xml", ".mjs"):
            assert "registry" not in path.read_text(encoding="utf-8")

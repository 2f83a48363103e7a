"""Every cryptosuite of Data Integrity, both ways, with Digital Bazaar's packages.

They issue with keys of their own and verify what we issued; a selectively disclosed
copy is made by either side of the other's base proof.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from edc_issuer.derivation import derive
from edc_issuer.report import Outcome, Status
from interop.judges import HERE, Judgement, hold, run, tool
from interop.suites import (
    COPY,
    LEGACY,
    LIKE_A_LABEL,
    MANDATORY,
    OF,
    REVEAL,
    SD,
    SUITES,
    badges,
    did_of,
    forged,
    issued_with,
    unsigned,
    with_forgeries,
)
from interop.trusting import Theirs, trust_in, verdict

pytestmark = pytest.mark.interop
JUDGE = "@digitalbazaar/vc"
CASES = [f"{suite}, {key}: {of}" for suite, key in SUITES for of in OF]
FORGED = [f"{suite}, {key}: forged" for suite, key in (*SUITES, (SD, "P-256"))]


@cache
def ours() -> Mapping[str, dict[str, Any]]:
    """Our badges of each suite by case, and one forgery of each suite."""
    return with_forgeries(badges((*OF, LIKE_A_LABEL)))


@cache
def _asked() -> Any:
    """One conversation: they issue, verify ours, and disclose from our base proofs."""
    issue = {
        f"{suite}, {key}: {of}": {
            "suite": suite,
            "key": key,
            "credential": unsigned(of),
            "mandatory": MANDATORY,
        }
        for suite, key in (*SUITES, (SD, "P-256"), (LEGACY, "Ed25519"))
        for of in OF
    }
    bases = {of: json.loads(issued_with(SD, "P-256")[of]) for of in OF}
    disclose = {
        of: {"credential": base, "reveal": REVEAL} for of, base in bases.items()
    }
    given = {"issue": issue, "verify": ours(), "disclose": disclose}
    answer = run(
        [tool("node"), "suites.mjs"], given=json.dumps(given).encode(), at=HERE / "node"
    )
    return json.loads(answer)


@cache
def theirs() -> Theirs:
    """Their badges; of ecdsa-sd-2023 what we derived from their base proofs."""
    rows = _asked()["issued"]
    made = {
        case: json.dumps(row["credential"]).encode()
        for case, row in rows.items()
        if not case.startswith(SD)
    }
    derived = {
        case: derive(json.dumps(row["credential"]).encode(), reveal=REVEAL).data
        for case, row in rows.items()
        if case.startswith(SD)
    }
    dids = {row["did"] for row in rows.values()}
    return Theirs(_asked()["version"], {**made, **derived}, trust_in(sorted(dids)))


SELECTIVE = [f"{SD}, P-256: {of}" for of in OF]
OLD = [f"{LEGACY}, Ed25519: {of}" for of in OF]


@pytest.mark.parametrize("case", [*CASES, *SELECTIVE])
def test_a_badge_of_ours_verifies(case: str) -> None:
    assert _asked()["verified"][case] == "valid"


@pytest.mark.parametrize(("suite", "key"), SUITES)
def test_a_text_like_a_label_verifies(suite: str, key: str) -> None:
    assert _asked()["verified"][f"{suite}, {key}: {LIKE_A_LABEL}"] == "valid"


def test_a_text_like_a_label_is_met_by_their_pattern() -> None:
    """Theirs refuses an honest copy, and ours stands by the standard."""
    case = f"{SD}, P-256: {LIKE_A_LABEL}"

    assert _asked()["verified"][case] == "refused: Invalid signature."
    trust = trust_in([did_of(ours()[case])])
    report = Theirs("", {}, trust).verify(json.dumps(ours()[case]).encode())
    assert verdict(report) == COPY


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_badge_of_ours_is_refused(case: str) -> None:
    assert _asked()["verified"][case].startswith("refused: ")


@pytest.mark.parametrize("case", [*CASES, *OLD])
def test_a_badge_of_theirs_is_passed(case: str) -> None:
    report = theirs().verify(theirs().issued[case])

    assert report.outcome is Outcome.PASSED, report.to_text()


@pytest.mark.parametrize("case", SELECTIVE)
def test_a_copy_of_theirs_holds_and_shows_no_more(case: str) -> None:
    data = theirs().issued[case]
    report = theirs().verify(data)
    shown = json.loads(data)

    assert verdict(report) == COPY
    assert "name" in shown["credentialSubject"]["achievement"]
    assert "description" not in shown["credentialSubject"]["achievement"]


@pytest.mark.parametrize("of", OF)
def test_a_copy_that_they_make_of_our_badge_holds(of: str) -> None:
    """The learner may use any wallet."""
    copy = _asked()["disclosed"][of]
    assert isinstance(copy, dict), copy
    trust = trust_in([did_of(copy)])
    judge = Theirs("", {}, trust)

    assert verdict(judge.verify(json.dumps(copy).encode())) == COPY
    changed = judge.verify(json.dumps(forged(copy)).encode())
    assert changed.check("proof.integrity").status is Status.FAIL


@pytest.mark.parametrize("case", [case for case in [*CASES, *OLD] if OF[0] in case])
def test_a_forged_badge_of_theirs_is_failed(case: str) -> None:
    badge = json.loads(theirs().issued[case])
    report = theirs().verify(json.dumps(forged(badge)).encode())

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


def test_the_judge_says_what_it_said_before() -> None:
    said = _asked()["verified"]
    hold(Judgement(f"{JUDGE}, each suite", _asked()["version"], "ours", said))


def test_we_say_what_we_said_before() -> None:
    said = theirs().said()
    hold(Judgement(f"{JUDGE}, each suite", theirs().version, "theirs", said))

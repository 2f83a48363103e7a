"""The JavaScript verifiers and issuers of Open Badges 3.0, both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from edc_issuer.report import Outcome, Status
from interop.cases import FORGERIES, badges, forged, records, unsigned
from interop.judges import Judgement, ask_node, hold
from interop.trusting import Theirs, trust_in

pytestmark = pytest.mark.interop
JUDGES = ("@digitalbazaar/vc", "@digitalcredentials/verifier-core")
MADE_OF = "scouts4green_ecological"


@cache
def judgements() -> Mapping[str, Judgement]:
    """What both judges say about our badges, and about forgeries of one of them."""
    answer = ask_node("verify.mjs", {**badges(), **forged(badges()[MADE_OF])})
    return {
        judge: Judgement(judge, row["version"], "ours", row["said"])
        for judge, row in answer.items()
    }


@cache
def theirs() -> Theirs:
    """The same badges, signed by `@digitalbazaar/vc` with a key of its own."""
    answer = ask_node("issue.mjs", unsigned())
    issued = {case: json.dumps(c).encode() for case, c in answer["issued"].items()}
    return Theirs(answer["version"], issued, trust_in([answer["issuer"]]))


@pytest.mark.parametrize("case", records())
@pytest.mark.parametrize("judge", JUDGES)
def test_a_badge_of_ours_verifies(judge: str, case: str) -> None:
    assert judgements()[judge].said[case] == "valid"


@pytest.mark.parametrize("case", FORGERIES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_badge_of_ours_is_refused(judge: str, case: str) -> None:
    assert judgements()[judge].said[case].startswith("refused: ")


@pytest.mark.parametrize("case", records())
def test_a_badge_of_theirs_is_passed(case: str) -> None:
    report = theirs().verify(theirs().issued[case])

    assert report.outcome is Outcome.PASSED


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_badge_of_theirs_is_failed(case: str) -> None:
    badge: dict[str, Any] = json.loads(theirs().issued[MADE_OF])

    report = theirs().verify(json.dumps(forged(badge)[case]).encode())

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(judgements()[judge])


def test_we_say_what_we_said_before() -> None:
    hold(Judgement(JUDGES[0], theirs().version, "theirs", theirs().said()))

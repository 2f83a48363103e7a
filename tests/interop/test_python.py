"""The Python libraries for Open Badges and credentials, both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from edc_issuer.report import Outcome, Status
from interop.cases import (
    FORGERIES,
    KEYS,
    TOKENS,
    badges,
    forged,
    records,
    tokens,
    unsigned,
)
from interop.judges import Judgement, ask_node, hold
from interop.python_judges import (
    OPENBADGESLIB,
    OPENVC,
    VERSIONS,
    Maker,
    openbadgeslib_di,
    openbadgeslib_jwt,
    openvc_di,
    openvc_jwt,
)
from interop.trusting import Theirs, trust_in

pytestmark = pytest.mark.interop
JUDGES = (OPENBADGESLIB, OPENVC)
MADE_OF = "scouts4green_ecological"
# pyld leaves these characters as they are; see `python_judges`.
UNESCAPED = ("text: U+0001", "text: U+007F", "text: backspace and form feed")
SHARED = tuple(case for case in records() if case not in UNESCAPED)
MADE = [
    *((judge, case) for judge in JUDGES for case in records()),
    *((OPENBADGESLIB, f"jwt: {algorithm}") for algorithm in KEYS),
    *((OPENVC, f"jwt: {algorithm}") for algorithm in ("EdDSA", "ES256")),
]


@cache
def judgements() -> Mapping[str, Judgement]:
    """What both say about our badges and tokens, and about forgeries of one badge."""
    embedded = {**badges(), **forged(badges()[MADE_OF])}
    asked = {OPENBADGESLIB: openbadgeslib_di, OPENVC: openvc_di}
    asked_jwt = {OPENBADGESLIB: openbadgeslib_jwt, OPENVC: openvc_jwt}
    return {
        judge: Judgement(
            judge,
            VERSIONS[judge],
            "ours",
            {case: asked[judge](badge) for case, badge in embedded.items()}
            | {case: asked_jwt[judge](*token) for case, token in tokens().items()},
        )
        for judge in JUDGES
    }


@cache
def makers() -> Mapping[str, Maker]:
    """A school for each kind of key."""
    return {name: Maker(generate()) for name, generate in KEYS.items()}


@cache
def theirs(judge: str) -> Theirs:
    """The same badges, signed by one of the libraries with keys of its own."""
    school = makers()["EdDSA"]
    issued = {case: school.badge(judge, badge) for case, badge in unsigned().items()}
    for algorithm, maker in makers().items():
        case = f"jwt: {algorithm}"
        if (judge, case) in MADE:
            issued[case] = maker.token(judge, unsigned()[MADE_OF], algorithm)
    trust = trust_in(maker.did for maker in makers().values())
    return Theirs(VERSIONS[judge], issued, trust)


@pytest.mark.parametrize("case", SHARED)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_badge_of_ours_verifies(judge: str, case: str) -> None:
    assert judgements()[judge].said[case] == "valid"


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_of_ours_verifies_in_openbadgeslib(case: str) -> None:
    assert judgements()[OPENBADGESLIB].said[case] == "valid"


@pytest.mark.parametrize("case", TOKENS)
def test_openvc_core_reads_no_token_of_open_badges(case: str) -> None:
    """It wants the `vc` claim of VCDM 1.1 (asked for after the signature), no RSA."""
    why = "RS256" if "RS256" in case else "no embedded `vc` object"

    assert why in judgements()[OPENVC].said[case]


@pytest.mark.parametrize("case", FORGERIES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_badge_of_ours_is_refused(judge: str, case: str) -> None:
    assert judgements()[judge].said[case].startswith("refused: ")


@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_token_of_ours_is_refused(judge: str) -> None:
    data, key = next(iter(tokens().values()))
    ask = openbadgeslib_jwt if judge == OPENBADGESLIB else openvc_jwt
    head, body, signature = data.split(b".")
    other = b"A" if signature[:1] != b"A" else b"B"

    said = ask(b".".join((head, body, other + signature[1:])), key)

    assert said.startswith("refused: ")
    assert "ignature" in said


@pytest.mark.parametrize(("judge", "case"), MADE)
def test_what_they_make_is_passed(judge: str, case: str) -> None:
    report = theirs(judge).verify(theirs(judge).issued[case])

    if case in UNESCAPED:
        assert report.check("proof.integrity").status is Status.FAIL
    else:
        assert report.outcome is Outcome.PASSED


@pytest.mark.parametrize("case", FORGERIES)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_badge_of_theirs_is_failed(judge: str, case: str) -> None:
    badge: dict[str, Any] = json.loads(theirs(judge).issued[MADE_OF])

    report = theirs(judge).verify(json.dumps(forged(badge)[case]).encode())

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("judge", JUDGES)
def test_the_javascript_verifiers_refuse_what_pyld_does_not_escape(judge: str) -> None:
    issued = {case: json.loads(theirs(judge).issued[case]) for case in UNESCAPED}

    answers = ask_node("verify.mjs", issued)

    for javascript in answers.values():
        assert all(said.startswith("refused: ") for said in javascript["said"].values())


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(judgements()[judge])


@pytest.mark.parametrize("judge", JUDGES)
def test_we_say_what_we_said_before(judge: str) -> None:
    hold(Judgement(judge, VERSIONS[judge], "theirs", theirs(judge).said()))

"""Presentations with an embedded proof, both ways: who shows badges, to whom.

With `@digitalbazaar/vc` and `openvc-core`. Each honest one stands beside others: of
another challenge, for another reader, with another badge in it, by another holder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from edc_issuer.keys import open_signer
from edc_issuer.presentation import present
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.verify import Verifier
from interop import openvc_judge
from interop.cases import key_file
from interop.judges import HERE, Judgement, hold, run, tool
from interop.suites import KEYS, LEGACY, PLAIN, SUITES, did_of, forged, issued_with
from interop.trusting import presented, trust_in

pytestmark = pytest.mark.interop
JAVASCRIPT = "@digitalbazaar/vc"
OPENVC = openvc_judge.JUDGE
JUDGES = (JAVASCRIPT, OPENVC)
CHALLENGE, DOMAIN = "vprašanje-7f3a", "https://delodajalec.example"
OTHER = {
    "another challenge": ("druga", DOMAIN),
    "another reader": (CHALLENGE, "https://nekdo.example"),
}
FORGERIES = ("another badge", "another holder")
# openvc-core canonicalizes for P-384 with SHA-256 (`test_openvc`).
KNOWN = {(OPENVC, "ecdsa-rdfc-2019, P-384")}
Document = dict[str, Any]


@cache
def badge() -> Document:
    """The badge that everybody shows."""
    made: Document = json.loads(issued_with("eddsa-rdfc-2022", "Ed25519")[PLAIN])
    return made


@cache
def ours() -> Mapping[str, Document]:
    """Presentations of ours by the kind of the holder's key."""
    found = {}
    for kind, generate in KEYS.items():
        with open_signer(key_file(generate())) as signer:
            data = present(
                [json.dumps(badge()).encode()],
                signer,
                secured_as="data-integrity",
                challenge=CHALLENGE,
                domain=DOMAIN,
            )
        suite = "eddsa-rdfc-2022" if kind == "Ed25519" else "ecdsa-rdfc-2019"
        found[f"{suite}, {kind}"] = json.loads(data)
    return found


OURS = [f"{suite}, {kind}" for suite, kind in SUITES if "rdfc" in suite]
MADE = [f"{suite}, {kind}" for suite, kind in (*SUITES, (LEGACY, "Ed25519"))]


def changed(presentation: Document) -> dict[str, Document]:
    """The presentation with one thing changed, by `FORGERIES`."""
    held = presentation["verifiableCredential"]
    other = forged(held[0] if isinstance(held, list) else held)
    return {
        "another badge": {**presentation, "verifiableCredential": [other]},
        "another holder": {**presentation, "holder": did_of(badge())},
    }


def readings(presentation: Document) -> dict[str, tuple[Document, str, str]]:
    """The presentation as it is, and each thing that must not pass for it."""
    return {
        "": (presentation, CHALLENGE, DOMAIN),
        **{f", forged: {how}": (presentation, *asked) for how, asked in OTHER.items()},
        **{
            f", forged: {how}": (document, CHALLENGE, DOMAIN)
            for how, document in changed(presentation).items()
        },
    }


READ = [f", forged: {how}" for how in (*OTHER, *FORGERIES)]


@cache
def _asked() -> Any:
    """One conversation with Node: it signs presentations and verifies ours."""
    given = {
        "present": {
            f"{suite}, {kind}": {
                "suite": suite,
                "key": kind,
                "credentials": [badge()],
                "challenge": CHALLENGE,
                "domain": DOMAIN,
            }
            for suite, kind in (*SUITES, (LEGACY, "Ed25519"))
        },
        "verify": {
            f"{case}{how}": {"presentation": p, "challenge": c, "domain": d}
            for case, presentation in ours().items()
            for how, (p, c, d) in readings(presentation).items()
        },
    }
    program = [tool("node"), "presentations.mjs"]
    return json.loads(run(program, given=json.dumps(given).encode(), at=HERE / "node"))


@cache
def said(judge: str) -> Mapping[str, str]:
    """What a judge says of each reading of ours."""
    if judge == JAVASCRIPT:
        found: Mapping[str, str] = _asked()["verified"]
        return found
    return {
        f"{case}{how}": openvc_judge.verify_presentation(p, challenge=c, domain=d)
        for case, presentation in ours().items()
        for how, (p, c, d) in readings(presentation).items()
    }


@cache
def theirs(judge: str) -> Mapping[str, Document]:
    """Presentations of a judge by case."""
    if judge == JAVASCRIPT:
        return {
            case: row["presentation"] for case, row in _asked()["presented"].items()
        }
    return {f"{suite}, {kind}": _openvc(suite, kind) for suite, kind in SUITES}


def _openvc(suite: str, kind: str) -> Document:
    holder = openvc_judge.Maker(kind, KEYS[kind]())
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [badge()],
    }
    signed: Document = holder.signed(
        suite,
        document,
        proof_purpose="authentication",
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    if "jcs" in suite:  # it leaves out the context that it hashed (`test_openvc`)
        signed["proof"] = {"@context": document["@context"], **signed["proof"]}
    return signed


def verify(
    document: Document, challenge: str = CHALLENGE, domain: str = DOMAIN
) -> Report:
    """Our report, under trust in the school whose badge is shown."""
    verifier = Verifier(trust=trust_in([did_of(badge())]))
    data = json.dumps(document, ensure_ascii=False).encode()
    return verifier.verify(data, challenge=challenge, domain=domain)


@pytest.mark.parametrize("case", OURS)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_presentation_of_ours_verifies(judge: str, case: str) -> None:
    expected = (judge, case) not in KNOWN

    assert (said(judge)[case] == "valid") == expected


@pytest.mark.parametrize("how", READ)
@pytest.mark.parametrize("case", OURS)
@pytest.mark.parametrize("judge", JUDGES)
def test_for_another_question_or_changed_ours_is_refused(
    judge: str, case: str, how: str
) -> None:
    assert said(judge)[f"{case}{how}"].startswith("refused: ")


ALL = [(judge, case) for judge in JUDGES for case in MADE]
HOLDING = [
    (judge, case)
    for judge, case in ALL
    if (judge, case) not in KNOWN and not (judge == OPENVC and LEGACY in case)
]


@pytest.mark.parametrize(("judge", "case"), HOLDING)
def test_a_presentation_of_theirs_proves_who_shows_the_badge(
    judge: str, case: str
) -> None:
    report = verify(theirs(judge)[case])

    assert report.check("proof.integrity").status is Status.PASS
    assert report.check("credential.holder").status is Status.PASS
    assert [part.outcome for part in report.parts] == [Outcome.PASSED]


@pytest.mark.parametrize("how", OTHER)
@pytest.mark.parametrize(("judge", "case"), HOLDING)
def test_for_another_question_theirs_proves_nobody(
    judge: str, case: str, how: str
) -> None:
    report = verify(theirs(judge)[case], *OTHER[how])

    assert report.check("credential.holder").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("how", FORGERIES)
@pytest.mark.parametrize(("judge", "case"), HOLDING)
def test_theirs_with_another_badge_or_holder_is_failed(
    judge: str, case: str, how: str
) -> None:
    report = verify(changed(theirs(judge)[case])[how])

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(Judgement(f"{judge}, presentations", version(judge), "ours", said(judge)))


@pytest.mark.parametrize("judge", JUDGES)
def test_we_say_what_we_said_before(judge: str) -> None:
    words = {
        f"{case}{how}": presented(verify(*reading))
        for case, presentation in theirs(judge).items()
        for how, reading in readings(presentation).items()
    }
    hold(Judgement(f"{judge}, presentations", version(judge), "theirs", words))


def version(judge: str) -> str:
    return openvc_judge.VERSION if judge == OPENVC else str(_asked()["version"])

"""Every cryptosuite of Data Integrity, both ways, with Digital Bazaar's packages.

They issue with keys of their own and verify what we issued; a selectively disclosed
copy is made by either side of the other's base proof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from edc_issuer.derivation import derive
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import open_signer
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Outcome, Status
from interop.cases import TEXTS, key_file, records, with_text
from interop.judges import HERE, Judgement, hold, run, tool
from interop.trusting import Theirs, trust_in, verdict
from world import RECORDS

pytestmark = pytest.mark.interop
JUDGE = "@digitalbazaar/vc"
SD, LEGACY = "ecdsa-sd-2023", "Ed25519Signature2020"
KEYS: Mapping[str, Callable[[], PrivateKey]] = {
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
SUITES = (
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
)
OF = ("scouts4green_ecological", "microquest_participation", "all texts")
# `_:b0` in a text. di-sd-primitives 3.1 relabels the lines of a graph by a pattern
# that meets it there as well; a text is no blank node (RDF 1.1 N-Quads, section 3.2).
LIKE_A_LABEL = "markup"
CASES = [f"{suite}, {key}: {of}" for suite, key in SUITES for of in OF]
FORGED = [f"{suite}, {key}: forged" for suite, key in (*SUITES, (SD, "P-256"))]
# What the learner shows: a whole branch, and a single value.
REVEAL = (
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/criteria",
)
# A copy without a status may have had one (verdicts, part 10).
COPY = "INDETERMINATE; credential.status may-be-withheld"
MANDATORY = ("/issuer", "/type", "/validFrom", "/validUntil")


@cache
def _sources() -> Mapping[str, CredentialRecord]:
    """With an end, without which nothing is disclosed selectively."""
    plain = [text for name, text in TEXTS.items() if name != LIKE_A_LABEL]
    found = {
        **records(),
        "all texts": with_text("".join(plain)),
        LIKE_A_LABEL: with_text(TEXTS[LIKE_A_LABEL]),
    }
    return {name: _ending(found[name]) for name in (*OF, LIKE_A_LABEL)}


def _ending(record: CredentialRecord) -> CredentialRecord:
    award = replace(record.award, valid_until=date(2036, 9, 1))
    return replace(record, award=award)


@cache
def _issued_with(suite: str, key: str) -> Mapping[str, bytes]:
    with open_signer(key_file(KEYS[key]())) as signer:
        issuer = Issuer(
            profile=PROFILES["ob3-di"],
            signer=signer,
            options={"cryptosuite": suite},
            files=RECORDS,
        )
        return {name: issuer.issue(source).data for name, source in _sources().items()}


@cache
def ours() -> Mapping[str, dict[str, Any]]:
    """Our badges of each suite by case; of ecdsa-sd-2023 what we derived."""
    made = {
        f"{suite}, {key}: {of}": json.loads(_issued_with(suite, key)[of])
        for suite, key in SUITES
        for of in (*OF, LIKE_A_LABEL)
    }
    derived = {
        f"{SD}, P-256: {of}": json.loads(
            derive(_issued_with(SD, "P-256")[of], reveal=REVEAL).data
        )
        for of in (*OF, LIKE_A_LABEL)
    }
    whole = {**made, **derived}
    forged = {
        f"{case.partition(':')[0]}: forged": _forged(whole[case])
        for case in whole
        if case.endswith(OF[0])
    }
    return {**whole, **forged}


def _forged(badge: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(badge))
    copy["credentialSubject"]["achievement"]["name"] = "Doktorat iz medicine"
    return copy


def _unsigned(of: str) -> dict[str, Any]:
    badge = json.loads(_issued_with("eddsa-rdfc-2022", "Ed25519")[of])
    return {name: value for name, value in badge.items() if name != "proof"}


@cache
def _asked() -> Any:
    """One conversation: they issue, verify ours, and disclose from our base proofs."""
    issue = {
        f"{suite}, {key}: {of}": {
            "suite": suite,
            "key": key,
            "credential": _unsigned(of),
            "mandatory": MANDATORY,
        }
        for suite, key in (*SUITES, (SD, "P-256"), (LEGACY, "Ed25519"))
        for of in OF
    }
    bases = {of: json.loads(data) for of, data in _issued_with(SD, "P-256").items()}
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
    trust = trust_in([_method(ours()[case])])
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
    trust = trust_in([_method(copy)])
    judge = Theirs("", {}, trust)

    assert verdict(judge.verify(json.dumps(copy).encode())) == COPY
    forged = judge.verify(json.dumps(_forged(copy)).encode())
    assert forged.check("proof.integrity").status is Status.FAIL


@pytest.mark.parametrize("case", [case for case in [*CASES, *OLD] if OF[0] in case])
def test_a_forged_badge_of_theirs_is_failed(case: str) -> None:
    badge = json.loads(theirs().issued[case])
    report = theirs().verify(json.dumps(_forged(badge)).encode())

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


def _method(badge: Mapping[str, Any]) -> str:
    proof = badge["proof"]
    first = proof[0] if isinstance(proof, list) else proof
    return str(first["verificationMethod"]).partition("#")[0]


def test_the_judge_says_what_it_said_before() -> None:
    said = _asked()["verified"]
    hold(Judgement(f"{JUDGE}, each suite", _asked()["version"], "ours", said))


def test_we_say_what_we_said_before() -> None:
    said = theirs().said()
    hold(Judgement(f"{JUDGE}, each suite", theirs().version, "theirs", said))

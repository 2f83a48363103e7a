"""What a learner shows: Digital Bazaar's package derives the very same copy as we do.

From one base proof and one choice of pointers there is one copy: the same content, the
same labels, the same signatures in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from edc_issuer.derivation import derive
from interop.judges import HERE, run, tool
from selective_badges import badge, report, signed

pytestmark = pytest.mark.interop
ACHIEVEMENT = "/credentialSubject/achievement"
CHOICES = {
    "one value": (f"{ACHIEVEMENT}/name",),
    "a branch": (f"{ACHIEVEMENT}/criteria",),
    "a whole list": (f"{ACHIEVEMENT}/alignment",),
    "one of a list": (f"{ACHIEVEMENT}/alignment/1/targetName",),
    "two of a list": (
        f"{ACHIEVEMENT}/alignment/1",
        f"{ACHIEVEMENT}/alignment/0/targetUrl",
    ),
    "a text of several": (f"{ACHIEVEMENT}/tag/1",),
    "a number": ("/credentialSubject/creditsEarned",),
    "everything of the learner": ("/credentialSubject",),
    "in another order": ("/name", f"{ACHIEVEMENT}/name", "/credentialSubject"),
    "beside what is shown anyway": ("/issuer/name", f"{ACHIEVEMENT}/description"),
}


@cache
def base() -> bytes:
    document = badge()
    del document["credentialStatus"]  # their verifier takes none without asking a list
    return signed(document)


@cache
def ours() -> Mapping[str, dict[str, Any]]:
    return {
        name: json.loads(derive(base(), reveal=pointers).data)
        for name, pointers in CHOICES.items()
    }


@cache
def said() -> Any:
    document = json.loads(base())
    disclose = {
        name: {"credential": document, "reveal": pointers}
        for name, pointers in CHOICES.items()
    }
    given = {"verify": ours(), "disclose": disclose}
    answer = run(
        [tool("node"), "suites.mjs"], given=json.dumps(given).encode(), at=HERE / "node"
    )
    return json.loads(answer)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_copy_of_ours_verifies_there(choice: str) -> None:
    assert said()["verified"][choice] == "valid"


@pytest.mark.parametrize("choice", CHOICES)
def test_a_copy_of_theirs_verifies_here(choice: str) -> None:
    copy = said()["disclosed"][choice]

    found = report(json.dumps(copy).encode())

    assert found.check("proof.integrity").reason == "disclosed-part"


@pytest.mark.parametrize("choice", CHOICES)
def test_both_make_the_same_copy(choice: str) -> None:
    mine, theirs = ours()[choice], dict(said()["disclosed"][choice])
    proof = theirs["proof"]

    theirs["proof"] = proof if isinstance(proof, list) else [proof]

    assert theirs == mine

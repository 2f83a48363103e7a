"""Status lists, both ways, with `@digitalbazaar/vc-bitstring-status-list`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.report import Outcome
from edc_issuer.status import StatusBook, publish
from edc_issuer.verify import Verifier
from interop.judges import ask_node
from interop.trusting import trust_in
from statuses import Answering, answer
from world import PASSWORD, record, world

pytestmark = pytest.mark.interop
URL = "https://zgled.example/status"
CLEAR, SET = 7, 94_567
# case, what their program says of our badge with our list
OURS = (
    ("clear", "clear"),
    ("revoked", "set"),
    ("changed", "refused: Verification error"),
    ("of-another", "refused: Issuers of the status list credential"),
)


def ours() -> dict[str, Any]:
    """Badges of ours and the lists that they name, before and after a revocation."""
    folder = Path(tempfile.mkdtemp(prefix="edc-status-"))
    with (
        StatusBook.create(folder / "knjiga.sqlite", url=URL) as book,
        open_signer(world().key("ob3-di"), secret=lambda _: PASSWORD) as signer,
    ):
        issuer = Issuer(profile=PROFILES["ob3-di"], signer=signer, status=book)
        badge = json.loads(issuer.issue(record()).data)
        clear = json.loads(publish(book, signer)[0].data)
        book.revoke(badge["id"], "po pomoti", by="ana")
        revoked = json.loads(publish(book, signer)[0].data)
    changed = json.loads(json.dumps(revoked))
    subject = changed["credentialSubject"]
    subject["encodedList"] = clear["credentialSubject"]["encodedList"]
    return {
        "clear": {"badge": badge, "list": clear},
        "revoked": {"badge": badge, "list": revoked},
        "changed": {"badge": badge, "list": changed},
    }


@cache
def said() -> Mapping[str, Any]:
    """What their program says of ours, and what it makes itself."""
    cases = ours()
    unsigned = {k: v for k, v in cases["clear"]["badge"].items() if k != "proof"}
    given = dict(cases)
    for name, position in (("theirs-clear", CLEAR), ("theirs-set", SET)):
        status = {**unsigned["credentialStatus"], "statusListIndex": str(position)}
        badge = {**unsigned, "credentialStatus": status}
        url = status["statusListCredential"]
        given[name] = {"badge": badge, "url": url, "set": [SET]}
    found: Mapping[str, Any] = ask_node("status.mjs", given)
    other = {
        "badge": cases["clear"]["badge"],
        "list": found["made"]["theirs-clear"]["list"],
    }
    again = ask_node("status.mjs", {"of-another": other})
    return {**found, "said": {**found["said"], **again["said"]}}


@pytest.mark.parametrize(("case", "expected"), OURS)
def test_their_program_reads_our_lists(case: str, expected: str) -> None:
    assert said()["said"][case].startswith(expected)


@pytest.mark.parametrize(
    ("case", "expected"), [("theirs-clear", "pass"), ("theirs-set", "fail revoked")]
)
def test_we_read_their_lists(case: str, expected: str) -> None:
    made = said()["made"][case]
    lists = {made["list"]["id"]: json.dumps(made["list"]).encode()}
    trust = trust_in([said()["issuer"]])

    report = Verifier(trust=trust, fetcher=Answering(lists)).verify(
        json.dumps(made["badge"]).encode()
    )

    assert answer(report) == expected
    assert (report.outcome is Outcome.PASSED) == (expected == "pass")

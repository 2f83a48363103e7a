"""Each proof in the files of the Digital Credentials Consortium, under its own key.

The names of the files say what is expected of status and end; whether a proof holds
does not depend on these. `tampered` is the only one that does not.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import SHARED, shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.report import GOOD, Outcome, ProofReport, Report, Status
from edc_issuer.trust import Trust
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.verify import Verifier

DCC = "samples/dcc"
LEGACY = "Ed25519Signature2020"


def names() -> list[str]:
    """The credentials and the status lists, as far as samples are at hand."""
    folder = SHARED / DCC
    found = [
        *folder.glob("verifiableCredentials/**/*.json"),
        *folder.glob("statusLists/*/*"),
    ]
    return sorted(str(path.relative_to(folder)) for path in found if path.is_file())


def stored_dids() -> tuple[StoredDid, ...]:
    """The DID documents of the did:web issuers, as an operator stores them."""
    found = []
    for path in sorted(shared_file(f"{DCC}/dids").glob("*/did.json")):
        data = path.read_bytes()
        document = json.loads(data)
        digest = hashlib.sha256(data).hexdigest()
        stored = StoredDid(document["id"], document, datetime.now(UTC), digest)
        found.append(stored)
    return tuple(found)


def verify(name: str) -> Report:
    contexts = BUNDLED.with_directory(shared_file("standards/contexts"))
    verifier = Verifier(trust=Trust(dids=stored_dids()), documents=contexts)
    return verifier.verify(shared_file(f"{DCC}/{name}").read_bytes())


def kinds(name: str) -> list[str]:
    document = json.loads(shared_file(f"{DCC}/{name}").read_bytes())
    proofs: Any = document["proof"]
    listed = proofs if isinstance(proofs, list) else [proofs]
    return [proof.get("cryptosuite", proof["type"]) for proof in listed]


def answer(proof: ProofReport, check_id: str) -> tuple[Status, str]:
    (check,) = (check for check in proof.checks if check.id == check_id)
    return check.status, check.reason


def test_the_samples_are_there_or_nothing_was_asked() -> None:
    assert shared_file(DCC).is_dir()
    assert len(names()) > 40


@pytest.mark.parametrize("name", names())
def test_every_proof_holds_but_of_what_was_tampered_with(name: str) -> None:
    report = verify(name)

    integrity = [answer(proof, "proof.integrity") for proof in report.proofs]
    tampered = name.endswith("tampered") or "noExpiry-tampered" in name
    expected = (Status.FAIL, "signature") if tampered else (Status.PASS, "")
    assert integrity == [expected] * len(kinds(name))
    assert (report.content is None) == tampered


@pytest.mark.parametrize("name", names())
def test_proofs_of_old_are_called_so_and_others_are_not(name: str) -> None:
    report = verify(name)

    said = [answer(proof, "proof.algorithm") for proof in report.proofs]
    assert said == [
        (Status.WARN, "legacy-suite") if kind == LEGACY else (Status.PASS, "")
        for kind in kinds(name)
    ]


@pytest.mark.parametrize("name", [n for n in names() if n.endswith("-expired.json")])
def test_what_has_ended_is_named_so(name: str) -> None:
    report = verify(name)

    assert report.check("credential.validity").reason == "expired"
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("name", [n for n in names() if "bothSignatureTypes" in n])
def test_of_two_suites_the_one_that_leaves_less_open_is_shown(name: str) -> None:
    report = verify(name)

    assert sorted(kinds(name)) == [LEGACY, "eddsa-rdfc-2022"]
    assert report.check("proof.integrity").status in GOOD

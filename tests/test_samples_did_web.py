"""Credentials of the DCC and 1EdTech whose keys lie at an address, and the outcome.

The DCC gives the did:web documents with its files: stored by an operator or fetched
from their addresses they give the outcome that the name of each file tells. 1EdTech's
addresses are given by nobody, so that its files stay undecided, with the reason.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.fetch import CLOSED, Fetcher
from edc_issuer.keys.did_web import document_url
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import StoredDid, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from statuses import Answering
from test_samples_status import lists

DCC = "samples/dcc/verifiableCredentials"
REVOKED = "FAILED credential.status fail revoked"
EXPIRED = "FAILED credential.validity fail expired"
# What is not said is passed: the other half of the name tells why not.
MANIFEST = {
    "v1/bothSignatureTypes/didWeb/legacy-revokedStaus-noExpiry.json": REVOKED,
    "v1/bothSignatureTypes/didWeb/legacy-validStatus-noExpiry.json": "PASSED",
    "v1/bothSignatureTypes/didWeb/oidf-revokedStatus-noExpiry.json": REVOKED,
    "v1/bothSignatureTypes/didWeb/oidf-validStatus-noExpiry.json": "PASSED",
    "v1/dataIntegrityProof/didWeb/legacy-noStatus-noExpiry.json": "PASSED",
    "v1/dataIntegrityProof/didWeb/legacy-revokedStatus-noExpiry.json": REVOKED,
    "v1/dataIntegrityProof/didWeb/oidf-noStatus-noExpiry.json": "PASSED",
    "v1/ed25519/didWeb/legacy-noStatus-noExpiry.json": "PASSED",
    "v1/ed25519/didWeb/legacy-validStatus-noExpiry.json": "PASSED",
    "v1/ed25519/didWeb/oidf-noStatus-noExpiry.json": "PASSED",
    "v2/bothSignatureTypes/didweb/legacy-revokedStatus-expired.json": EXPIRED,
    "v2/bothSignatureTypes/didweb/oidf-noStatus-notExpired.json": "PASSED",
    "v2/dataIntegrityProof/didweb/legacy-revokedStatus-expired.json": EXPIRED,
    "v2/dataIntegrityProof/didweb/oidf-noStatus-notExpired.json": "PASSED",
    "v2/ed25519/didWeb/legacy-revokedStatus-noExpiry.json": REVOKED,
}


def documents() -> dict[str, bytes]:
    """The did:web documents of the DCC by their DID."""
    paths = [shared_file(f"samples/dcc/dids/{name}/did.json") for name in
             ("legacy", "oidf")]  # fmt: skip
    return {json.loads(path.read_bytes())["id"]: path.read_bytes() for path in paths}


def stored() -> tuple[StoredDid, ...]:
    now = datetime.now(UTC)
    return tuple(
        StoredDid(did, json.loads(data), now, hashlib.sha256(data).hexdigest())
        for did, data in documents().items()
    )


def web() -> Answering:
    """The web as the DCC publishes it: the documents and the status lists."""
    pages = {document_url(did): data for did, data in documents().items()}
    return Answering({**lists(), **pages})


def verify(
    path: Path, *, dids: tuple[StoredDid, ...] = (), fetcher: Fetcher = CLOSED
) -> Report:
    """The report of somebody who knows the issuer of the file by name."""
    data = path.read_bytes()
    issuer = json.loads(data)["issuer"]
    listed = TrustedIssuer(issuer["id"], (issuer["name"],))
    trust = Trust(issuers=(listed,), dids=dids)
    contexts = BUNDLED.with_directory(shared_file("standards/contexts"))
    return Verifier(trust=trust, fetcher=fetcher, documents=contexts).verify(data)


def told(report: Report, expected: str) -> str:
    """The outcome, and the answer that the manifest names."""
    check_id = expected.split(" ")[1] if " " in expected else ""
    if not check_id:
        return str(report.outcome.value)
    check = report.check(check_id)
    return f"{report.outcome.value} {check_id} {check.status} {check.reason}"


@pytest.mark.parametrize(("name", "expected"), MANIFEST.items(), ids=MANIFEST)
def test_a_dcc_file_of_a_did_web_has_the_outcome_that_its_name_tells(
    name: str, expected: str
) -> None:
    path = shared_file(f"{DCC}/{name}")

    closed = verify(path)
    fetched = verify(path, fetcher=web())
    kept = verify(path, dids=stored(), fetcher=web())

    assert told(fetched, expected) == expected, fetched.to_text(verbose=True)
    assert told(kept, expected) == expected, kept.to_text(verbose=True)
    assert closed.outcome is Outcome.INDETERMINATE
    assert closed.check("proof.key").reason == "key-not-at-hand"


def test_the_manifest_names_every_dcc_file_of_a_did_web() -> None:
    folder = shared_file(DCC)
    named = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.json")
        if b'"did:web:' in path.read_bytes()
    }

    assert named == set(MANIFEST)


def test_a_key_that_stands_only_inside_the_assertion_method_is_found() -> None:
    """The legacy document of the DCC has no `verificationMethod` at all."""
    (legacy,) = (one for one in stored() if one.did.endswith("legacy"))
    name = "v1/dataIntegrityProof/didWeb/legacy-noStatus-noExpiry.json"

    report = verify(shared_file(f"{DCC}/{name}"), dids=(legacy,))

    assert "verificationMethod" not in legacy.document
    assert report.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "closed", "asked"),
    [
        # Keys in the fragment of an address that publishes nothing here.
        ("simple.json", "pass file", "pass file"),
        ("simple-did-key-method.json", "pass did", "pass did"),
        # Keys at addresses that nobody gives.
        (
            "credential-status-revoked.json",
            "undecided key-not-at-hand",
            "undecided key.unavailable",
        ),
    ],
)
def test_a_1edtech_file_whose_key_nobody_gives_is_undecided_and_says_so(
    name: str, closed: str, asked: str
) -> None:
    path = shared_file(f"samples/ob30/{name}")

    first, second = verify(path), verify(path, fetcher=web())

    for report, expected in ((first, closed), (second, asked)):
        check = report.check("proof.key")
        assert f"{check.status} {check.reason}" == expected
        assert report.outcome is Outcome.INDETERMINATE

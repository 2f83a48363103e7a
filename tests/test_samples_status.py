"""Credentials of the DCC and 1EdTech that name status lists, and what follows.

The lists are given at the addresses that the credentials name, as the issuers
published them; the did:web documents stand in the trust folder, as an operator keeps
them. `status` is the answer, whatever else is said of the file.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.report import Report
from edc_issuer.trust import Trust
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.verify import Verifier
from statuses import Answering, answer

_HERE = "https://digitalcredentials.github.io/vc-test-fixtures/statusLists"
_CORE = (
    "https://raw.githubusercontent.com/digitalcredentials/verifier-core/refs/heads/"
    "main/src/test-fixtures/status"
)
_TESTLIST = (
    "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/"
    "refs/heads/main/inspector-vc/src/test/resources/ob30/bit-string-list/testlist"
)
_PORTAL = "https://dc.1edtech.org/wellspring2022/wellspring-portal/api/revocations"
_ORG = "da1e96e9-afcc-4eed-b9a2-2ddf7353214c"
_LIST = f"{_PORTAL}/{_ORG}"
_CREDENTIAL = (
    "https://dc.1edtech.org/wellspring2022/wellspring-portal/credential/"
    "54418d3f-ec01-4652-800a-861c890a51a1"
)
OTHERS = "warn other-list-issuer"
REVOKED = "fail revoked"
STALE = "undecided status-list-stale"
BROKEN = "undecided status-list-unreadable"
# file below samples/dcc/verifiableCredentials, answer with the lists at their addresses
DCC = (
    ("v1/bothSignatureTypes/didWeb/legacy-validStatus-noExpiry.json", OTHERS),
    ("v1/bothSignatureTypes/didWeb/oidf-validStatus-noExpiry.json", OTHERS),
    ("v1/bothSignatureTypes/didWeb/legacy-revokedStaus-noExpiry.json", REVOKED),
    ("v1/bothSignatureTypes/didWeb/oidf-revokedStatus-noExpiry.json", REVOKED),
    ("v1/dataIntegrityProof/didKey/mixedRegistry-validStatus-noExpiry.json", OTHERS),
    ("v1/dataIntegrityProof/didKey/oidf-revokedStatus-expired.json", REVOKED),
    ("v1/dataIntegrityProof/didWeb/legacy-revokedStatus-noExpiry.json", REVOKED),
    ("v1/ed25519/didKey/mixedRegistry-validStatus-noExpiry.json", OTHERS),
    ("v1/ed25519/didWeb/legacy-validStatus-noExpiry.json", OTHERS),
    ("v2/bothSignatureTypes/didweb/legacy-revokedStatus-expired.json", REVOKED),
    ("v2/dataIntegrityProof/didKey/oidf-revokedStatus-noExpiry.json", REVOKED),
    ("v2/dataIntegrityProof/didweb/legacy-revokedStatus-expired.json", REVOKED),
    ("v2/ed25519/didKey/noRegistry-revokedStatus-notExpired.json", REVOKED),
    ("v2/ed25519/didKey/noRegistry-revokedStatus-expired.json", REVOKED),
    ("v2/ed25519/didWeb/legacy-revokedStatus-noExpiry.json", REVOKED),
    ("v2/ed25519/didKey/legacy-tamperedStatus-noExpiry.json", BROKEN),
    ("v2/ed25519/didKey/legacy-expiredStatus-noExpiry.json", STALE),
    ("v2/ed25519/didKey/legacy-notYetValidStatus-noExpiry.json", STALE),
)


def lists() -> dict[str, bytes]:
    """Every list at every address that a credential names it by."""
    folder = shared_file("samples/dcc/statusLists/didkey-ed25519Signature2020")
    found = {
        f"{_HERE}/{folder.name}/{path.name}": path.read_bytes()
        for path in folder.iterdir()
    }
    name = "e5WK8CbZ1GjycuPombrj"
    found[f"{_CORE}/{name}"] = (folder / name).read_bytes()
    testlist = shared_file("samples/ob30/bit-string-list/testlist")
    return {**found, _TESTLIST: testlist.read_bytes()}


def kept() -> Trust:
    """An operator who stored the documents of the did:web issuers, and no name."""
    dids = []
    for path in sorted(shared_file("samples/dcc/dids").rglob("did.json")):
        document = json.loads(path.read_bytes())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        since = datetime(2026, 1, 1, tzinfo=UTC)
        dids.append(StoredDid(document["id"], document, since, digest))
    dids.append(_portal())
    return Trust(dids=tuple(dids))


def _portal() -> StoredDid:
    """The document of the 1EdTech issuer, whose key the sample itself spells out."""
    did = f"did:web:dc.1edtech.org:wellspring2022:wellspring-portal:org:{_ORG}"
    key = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    method = {
        "id": f"{did}#{key}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key,
    }
    document = {"id": did, "assertionMethod": [method]}
    return StoredDid(did, document, datetime(2026, 1, 1, tzinfo=UTC), "")


def judged(path: Path, answers: dict[str, bytes]) -> Report:
    documents = BUNDLED.with_directory(shared_file("standards/contexts"))
    door = Answering(answers)
    return Verifier(trust=kept(), fetcher=door, documents=documents).verify(
        path.read_bytes()
    )


@pytest.mark.parametrize(("name", "expected"), DCC, ids=[row[0] for row in DCC])
def test_a_dcc_credential_has_the_status_in_its_name(name: str, expected: str) -> None:
    report = judged(shared_file(f"samples/dcc/verifiableCredentials/{name}"), lists())

    assert report.check("proof.integrity").status == "pass"
    assert answer(report) == expected, report.check("credential.status")


def test_every_dcc_credential_with_a_status_stands_in_the_manifest() -> None:
    folder = shared_file("samples/dcc/verifiableCredentials")
    named = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.json")
        if b"credentialStatus" in path.read_bytes()
    }

    assert named == {name for name, _ in DCC}


@pytest.mark.parametrize(
    "name", ["credential-status-revoked", "credential-status-revoked-blank-nodes"]
)
def test_a_1edtech_credential_is_revoked_by_its_list(name: str) -> None:
    path = shared_file(f"samples/ob30/bit-string-list/{name}.json")

    report = judged(path, lists())

    assert answer(report) == REVOKED
    (told,) = report.check("credential.status").evidence["entries"]
    assert told["notes"] == ["index-is-a-number"]
    assert answer(judged(path, {})) == "undecided unreachable"


def test_a_1edtech_credential_is_revoked_by_a_list_of_names() -> None:
    path = shared_file("samples/ob30/credential-status-revoked.json")
    revoked = json.dumps({"revokedCredential": [{"id": _CREDENTIAL}]}).encode()
    clear = json.dumps({"revokedCredential": [{"id": "urn:uuid:1"}]}).encode()

    assert answer(judged(path, {_LIST: revoked})) == REVOKED
    assert answer(judged(path, {_LIST: clear})) == "pass"
    assert answer(judged(path, {})) == "undecided unreachable"


@pytest.mark.parametrize("name", ["missingBitStringType", "expired", "notYetValid"])
def test_a_list_out_of_its_type_or_time_settles_nothing(name: str) -> None:
    """With the genuine credential asked against each of the lists."""
    name_of_list = "e5WK8CbZ1GjycuPombrj"
    answers = lists()
    base = f"{_HERE}/didkey-ed25519Signature2020"
    answers[f"{base}/{name_of_list}"] = answers[f"{base}/{name}"]
    path = shared_file(f"samples/dcc/verifiableCredentials/{DCC[0][0]}")

    assert answer(judged(path, answers)).startswith("undecided status")
    assert answer(judged(path, lists())) == OTHERS

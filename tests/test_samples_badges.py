"""Badges and credentials of 1EdTech and the W3C, with what is documented of each.

The documented result ("VALID", "ExpirationProbe", ...) is that of the 1EdTech
validator's own tests. It takes a key from the fragment of an address, which anyone
can write there: where it says VALID we say intact, and `key-only-in-file`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier

INTACT = ("proof.integrity", "pass", "")
LEGACY = ("proof.algorithm", "warn", "legacy-suite")
IN_FILE = ("issuer.identified", "undecided", "key-only-in-file")
OB30 = "samples/ob30"
# file, documented result, outcome, one answer that says why
SAMPLES = [
    ("simple.json", "VALID", "INDETERMINATE", IN_FILE),
    ("simple.1ob", "VALID", "INDETERMINATE", IN_FILE),
    ("simple-did-key-method.json", "VALID", "INDETERMINATE", IN_FILE),
    ("endorsement-valid.json", "VALID", "INDETERMINATE", IN_FILE),
    ("complete.json", "InlineJsonSchemaProbe", "INDETERMINATE", IN_FILE),
    ("simple-multiple-proofs.json", "JsonLDValidationProbe", "INDETERMINATE", IN_FILE),
    (
        "bit-string-list/credential-status-revoked.json",
        "BitstringStatusListProbe",
        "INDETERMINATE",
        ("credential.status", "undecided", "offline"),
    ),
    (
        "bit-string-list/credential-status-revoked-blank-nodes.json",
        "BitstringStatusListProbe",
        "INDETERMINATE",
        ("credential.status", "undecided", "offline"),
    ),
    ("bit-string-list/testlist", "VALID", "INDETERMINATE", IN_FILE),
    (
        "simple-err-expired.json",
        "ExpirationProbe",
        "FAILED",
        ("credential.validity", "fail", "expired"),
    ),
    (
        "simple-err-issued.json",
        "IssuanceProbe",
        "FAILED",
        ("credential.validity", "fail", "not-yet-valid"),
    ),
    (
        "simple-err-issuer.json",
        "JsonSchemaProbe",
        "INDETERMINATE",
        ("credential.content", "warn", "nonconformant"),
    ),
    (
        "simple-err-proof-value.json",
        "EmbeddedProofProbe",
        "FAILED",
        ("proof.integrity", "fail", "signature"),
    ),
    (
        "simple-err-credential-subject-result-type.json",
        "CredentialSubjectProbe",
        "FAILED",
        ("format.wellformed", "fail", "type.undefined"),
    ),
    (
        "simple-err-issuer-type.json",
        "IssuerProbe",
        "FAILED",
        ("format.wellformed", "fail", "type.undefined"),
    ),
    (
        "simple-err-issuer-parentorg-type.json",
        "IssuerProbe",
        "FAILED",
        ("format.wellformed", "fail", "type.undefined"),
    ),
    # Suites of old: the signature holds, and that nobody makes such any more is told.
    ("simple-eddsa-2022.json", "WARNING", "INDETERMINATE", LEGACY),
    ("simple-eddsa-2022.json", "WARNING", "INDETERMINATE", INTACT),
    ("simple_v1.json", "WARNING", "INDETERMINATE", LEGACY),
    ("simple_v1.json", "WARNING", "INDETERMINATE", INTACT),
    (
        "complete_v1.json",
        "InlineJsonSchemaProbe",
        "FAILED",
        ("format.wellformed", "fail", "type.undefined"),
    ),
    (
        "credential-status-revoked.json",
        "RevocationListProbe",
        "INDETERMINATE",
        ("proof.key", "undecided", "key-not-at-hand"),
    ),
    (
        "sd/derivedcredential.json",
        "VALID",
        "INDETERMINATE",
        ("proof.integrity", "pass", "disclosed-part"),
    ),
    (
        "sd/derivedcredential.json",
        "VALID",
        "INDETERMINATE",
        ("credential.status", "undecided", "may-be-withheld"),
    ),
    ("simple-json.png", "VALID", "INDETERMINATE", INTACT),
    ("simple-jwt_v1.png", "WARNING", "INDETERMINATE", INTACT),
    (
        "simple-jwt_v1.png",
        "WARNING",
        "INDETERMINATE",
        ("credential.model", "warn", "older-version"),
    ),
    (
        "simple-jwt.svg",
        "VALID",
        "INDETERMINATE",
        INTACT,
    ),
]


def verify(path: Path) -> Report:
    contexts = BUNDLED.with_directory(shared_file("standards/contexts"))
    return Verifier(trust=Trust(), documents=contexts).verify(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "documented", "outcome", "answer"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}") for row in SAMPLES],
)
def test_a_1edtech_sample_has_its_documented_result(
    name: str, documented: str, outcome: str, answer: tuple[str, str, str]
) -> None:
    del documented

    report = verify(shared_file(f"{OB30}/{name}"))

    check = report.check(answer[0])
    assert (check.status, check.reason) == answer[1:], check
    assert report.outcome == Outcome(outcome)


@pytest.mark.parametrize(
    "name", ["simple.json", "simple-did-key-method.json", "complete.json"]
)
def test_where_the_validator_says_valid_the_file_is_intact(name: str) -> None:
    report = verify(shared_file(f"{OB30}/{name}"))

    assert report.check("proof.integrity").status == "pass"
    assert report.content is not None


def test_an_endorsement_inside_has_a_verdict_of_its_own() -> None:
    report = verify(shared_file(f"{OB30}/complete.json"))

    assert len(report.parts) == 8
    assert all(part.outcome is not Outcome.PASSED for part in report.parts)
    assert report.content is not None
    assert "part" in report.content["endorsement"][0]


VECTORS = "standards/vc-di-eddsa"


@pytest.mark.parametrize(
    "name",
    [
        "eddsa-rdfc-2022/signedDataInt.json",
        "eddsa-rdfc-2022/employ/signedDataInt.json",
        "proof-set-chain/signedProofSet1.json",
        "proof-set-chain/signedProofSet2.json",
        "proof-set-chain/signedProofChain1.json",
        "proof-set-chain/signedProofChain2.json",
    ],
)
def test_a_w3c_vector_is_intact_and_its_key_is_nobodys(name: str) -> None:
    report = verify(shared_file(f"{VECTORS}/{name}"))

    assert report.check("proof.integrity").status == "pass"
    assert report.outcome is Outcome.INDETERMINATE
    assert all(check.reason != "internal-error" for check in report.checks)


@pytest.mark.parametrize(
    "folder", ["samples/ob30", "samples/ob20", "samples/clr20", "samples/dcc"]
)
def test_under_empty_trust_no_sample_is_passed(folder: str) -> None:
    for path in sorted(shared_file(folder).rglob("*")):
        if path.is_file() and path.stat().st_size:
            report = verify(path)

            assert report.outcome is not Outcome.PASSED, path.name
            assert all(c.reason != "internal-error" for c in report.checks), path.name

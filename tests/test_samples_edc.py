"""Real sealed files of the Commission's tools, with what can be said of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.formats import open_any
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.trust import Anchor, Trust
from edc_issuer.verify import Verifier

SAMPLE = "samples/edc/Sample-MC-Annex1-signed.jsonld"
ANOTHER_ISSUER = "samples/edc/credential-signed.jsonld"
PRESENTATION = "samples/edc/json_to_seal-signed-jades-baseline-lta.json"
SEALED_THEN = datetime(2023, 10, 1, tzinfo=UTC)


@cache
def sample(name: str = SAMPLE) -> bytes:
    return shared_file(name).read_bytes()


@cache
def trust() -> Trust:
    """The ANF seal authority and the root of the TSA, as the file carries them."""
    _, envelope = open_any(sample(), documents=BUNDLED)
    chain = envelope.proofs[0].hint.chain
    name = "CN=ANF AC Qualified Certificates for eSeal,"
    seals = [c for c in chain if c.subject.rfc4514_string().startswith(name)]
    times = [c for c in chain if "root-ca" in c.subject.rfc4514_string()]
    assert len(seals) == 1
    assert times
    return Trust(
        seal_anchors=(Anchor(seals[0], pinned=False, source="sample"),),
        timestamp_anchors=(Anchor(times[0], pinned=False, source="sample"),),
    )


def verify(data: bytes) -> Report:
    return Verifier(trust=trust()).verify(data, at=SEALED_THEN)


def test_the_official_micro_credential_has_no_fail_when_it_was_sealed() -> None:
    report = verify(sample())

    assert report.outcome is Outcome.INDETERMINATE
    assert [c.id for c in report.checks if c.status is Status.FAIL] == []
    for check_id in ("proof.integrity", "seal.certificate", "issuer.identified"):
        assert report.check(check_id).status is Status.PASS, check_id
    assert report.signer is not None
    assert report.signer.identifier == "VATES-A00000000"


def test_a_seal_that_names_another_organisation_fails() -> None:
    report = verify(sample(ANOTHER_ISSUER))

    assert report.outcome is Outcome.FAILED
    assert report.check("proof.integrity").status is Status.PASS
    assert report.check("issuer.identified").status is Status.FAIL
    assert report.check("issuer.identified").reason == "identity.mismatch"


def test_a_sealed_presentation_is_an_envelope_and_never_passed() -> None:
    report = verify(sample(PRESENTATION))

    assert report.kind == "presentation"
    assert report.check("proof.integrity").status is Status.PASS
    assert report.outcome is not Outcome.PASSED
    assert report.check("format.wellformed").reason == "no-credentials"
    assert report.content is not None
    assert report.content["verifiableCredential"] == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_changed_byte_in_what_is_sealed_fails(data: st.DataObject) -> None:
    members = json.loads(sample())
    seal = members["signatures"][0]
    where = data.draw(st.sampled_from(["payload", "protected", "signature"]))
    text = members["payload"] if where == "payload" else seal[where]
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("Aa0Zz9xQ").filter(lambda c: c != text[at]))
    changed = text[:at] + letter + text[at + 1 :]
    if where == "payload":
        members["payload"] = changed
    else:
        seal[where] = changed

    report = verify(json.dumps(members).encode())

    assert report.outcome is Outcome.FAILED
    assert report.content is None


@pytest.mark.parametrize("name", [SAMPLE, ANOTHER_ISSUER, PRESENTATION])
def test_without_trust_nothing_is_more_than_intact(name: str) -> None:
    report = Verifier(trust=Trust()).verify(sample(name))

    assert report.outcome is not Outcome.PASSED
    assert report.check("proof.integrity").status is Status.PASS

"""The verifier as its users meet it: what is PASSED, and what is not and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import ConfigError
from edc_issuer.report import CHECK_IDS, Outcome, Status
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from world import PROFILE_IDS, issued, world


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_what_we_issue_is_passed_where_it_is_trusted(profile: str) -> None:
    report = world().verify(issued(profile).data)

    assert report.outcome is Outcome.PASSED, report.to_text(language="en", verbose=True)
    assert report.test
    assert report.check("issuer.trusted").reason == "test"
    assert report.signer is not None
    assert report.signer.name == "Srednja strokovna šola Zgled"


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_without_trust_the_same_file_is_only_intact(profile: str) -> None:
    report = Verifier(trust=Trust()).verify(issued(profile).data)

    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("proof.integrity").status is Status.PASS
    assert report.check("issuer.trusted").status is Status.UNDECIDED
    assert not report.test
    assert report.content is not None


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_every_question_is_answered_once_and_in_order(profile: str) -> None:
    report = world().verify(issued(profile).data)

    assert tuple(check.id for check in report.checks) == CHECK_IDS


def test_a_time_that_has_not_come_is_a_usage_error() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=6)

    with pytest.raises(ConfigError, match="not come"):
        world().verify(b"{}", at=soon)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0" * 100, id="zeros"),
        pytest.param(b"\xff\xfe{\0}\0", id="utf-16"),
        pytest.param(b"[" * 200_000, id="200000-brackets"),
        pytest.param(b'{"a":1,"a":2}', id="duplicate"),
    ],
)
def test_bytes_that_are_no_credential_fail_without_an_exception(data: bytes) -> None:
    report = world().verify(data)

    assert report.outcome is Outcome.FAILED
    assert report.content is None
    assert all(check.reason != "internal-error" for check in report.checks)


def test_a_proof_made_after_the_time_asked_about_does_not_count() -> None:
    data = issued("edc-jades").data
    before = datetime.now(UTC) - timedelta(days=2)

    then = world().verify(data, at=before)

    assert world().verify(data).outcome is Outcome.PASSED
    assert then.outcome is not Outcome.PASSED
    assert then.check("proof.key").reason == "later-than-asked"
    # Its certificate is there all the same; nobody may say that it is not.
    assert then.check("seal.certificate").reason == "blocked"
    assert then.as_of == before


def test_a_revocation_list_that_is_handed_over_counts_by_its_signature() -> None:
    without = replace(world().trust, crls=())
    lists = [crl.public_bytes(Encoding.DER) for crl in world().pki.crls]
    data = issued("edc-jades").data

    bare = Verifier(trust=without).verify(data)
    handed = Verifier(trust=without).verify(data, evidence=lists)

    assert bare.check("seal.revocation").status is Status.UNDECIDED
    assert handed.outcome is Outcome.PASSED


def test_evidence_of_another_kind_is_an_error_of_the_caller() -> None:
    with pytest.raises(ConfigError):
        world().verify(issued("ob3-di").data, evidence=[b"what is this"])


def test_a_holder_is_compared_with_the_recipient_and_the_answer_is_told() -> None:
    data = issued("ob3-di").data

    right = world().verify(data, holder="ana.vzorec@example.org")
    wrong = world().verify(data, holder="eva.vzorec@example.org")

    assert right.check("credential.holder").reason == "recipient-matches"
    assert right.outcome is Outcome.PASSED
    assert wrong.check("credential.holder").reason == "other-recipient"
    assert wrong.outcome is Outcome.FAILED


def test_a_past_time_does_not_hide_that_a_file_was_changed() -> None:
    data = issued("edc-jades").data.replace(b"Ana", b"Eva")
    before = datetime.now(UTC) - timedelta(days=2)

    then = world().verify(data, at=before)

    assert then.outcome is Outcome.FAILED
    assert then.check("proof.integrity").reason == "signature"

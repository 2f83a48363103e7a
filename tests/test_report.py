"""The outcome follows from the answers alone, and the JSON shape is stable."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.messages import LANGUAGES
from edc_issuer.report import (
    CATALOGUE,
    CHECK_IDS,
    GOOD,
    REQUIRED,
    Check,
    Outcome,
    ProofReport,
    Report,
    Signer,
    Status,
    exit_code,
    json_safe,
    outcome_of,
    overall,
)
from edc_issuer.report_elm import CHECK_IDS as ELM_CHECKS
from edc_issuer.report_elm import STATUS_IDS

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEVER_WITHOUT = (
    "proof.integrity",
    "proof.algorithm",
    "issuer.identified",
    "issuer.trusted",
)
# All that a format may leave out: seals for formats without certificates, and the
# status where the credential names none (verdicts, part 1).
MAY_SKIP = frozenset(i for i in CHECK_IDS if i.startswith("seal.")) | {
    "credential.status"
}


def report(
    answers: Mapping[str, tuple[str, str]] | None = None, **fields: Any
) -> Report:
    """A report in which every question not named was answered with pass."""
    given_answers = answers or {}
    checks = tuple(
        Check(i, Status(given_answers.get(i, ("pass", ""))[0]), reason)
        for i in CHECK_IDS
        for reason in [given_answers.get(i, ("pass", ""))[1]]
    )
    return Report(
        **{
            "format": "jades",
            "model": "elm",
            "checks": checks,
            "outcome": outcome_of(checks, may_skip=MAY_SKIP),
            "test": False,
            "verified_at": NOW,
            **fields,
        }
    )


def outcome(statuses: Mapping[str, Status]) -> Outcome:
    checks = [Check(i, statuses.get(i, Status.PASS)) for i in CHECK_IDS]
    return outcome_of(checks, may_skip=MAY_SKIP)


def test_passed_needs_all_four_proofs_whatever_else_was_answered() -> None:
    for combination in itertools.product(Status, repeat=len(NEVER_WITHOUT)):
        statuses = dict(zip(NEVER_WITHOUT, combination, strict=True))

        passed = outcome(statuses) is Outcome.PASSED

        assert passed == (set(combination) <= GOOD)


@given(st.lists(st.sampled_from(Status), min_size=17, max_size=17), st.data())
def test_passed_never_occurs_without_the_four_proofs(
    statuses: list[Status], data: st.DataObject
) -> None:
    # Mostly good answers, else chance would hardly ever come near PASSED.
    good = data.draw(st.sets(st.sampled_from(CHECK_IDS)))
    answers = {
        i: Status.WARN if i in good else status
        for i, status in zip(CHECK_IDS, statuses, strict=True)
    }

    result = outcome(answers)

    if result is Outcome.PASSED:
        assert {answers[i] for i in NEVER_WITHOUT} <= GOOD
        assert {answers[i] for i in REQUIRED - MAY_SKIP} <= GOOD
    assert (result is Outcome.FAILED) == (Status.FAIL in answers.values())


@pytest.mark.parametrize("check", sorted(REQUIRED))
@pytest.mark.parametrize("status", [Status.UNDECIDED, Status.SKIPPED])
def test_each_required_question_alone_keeps_a_file_from_passing(
    check: str, status: Status
) -> None:
    checks = [Check(i, status if i == check else Status.PASS) for i in CHECK_IDS]

    assert outcome_of(checks, may_skip=()) is Outcome.INDETERMINATE


@pytest.mark.parametrize("check", sorted(REQUIRED))
def test_a_question_that_nobody_answered_keeps_a_file_from_passing(check: str) -> None:
    checks = [Check(i, Status.PASS) for i in CHECK_IDS if i != check]

    assert outcome_of(checks, may_skip=MAY_SKIP) is Outcome.INDETERMINATE


PASSED, FAILED = report(), report({"proof.integrity": ("fail", "signature")})
UNSETTLED = report({"issuer.trusted": ("undecided", "no-anchor")})
TESTED = report({"issuer.trusted": ("warn", "test")}, test=True)


def envelope(*parts: Report) -> Report:
    return report(
        {"credential.model": ("undecided", "presentation")},
        kind="presentation",
        parts=parts,
    )


@pytest.mark.parametrize(
    ("reports", "allow_test", "code"),
    [
        pytest.param([PASSED, PASSED], False, 0, id="all-passed"),
        pytest.param([PASSED, UNSETTLED], False, 3, id="one-open"),
        pytest.param([UNSETTLED, FAILED, PASSED], False, 1, id="one-failed"),
        pytest.param([TESTED], False, 3, id="test-trust"),
        pytest.param([TESTED, PASSED], True, 0, id="test-trust-allowed"),
        pytest.param([TESTED, FAILED], True, 1, id="test-trust-and-a-failure"),
        pytest.param([envelope(PASSED)], False, 3, id="presentation-of-passed"),
        pytest.param([envelope(PASSED, FAILED)], True, 1, id="presentation-of-failed"),
        pytest.param([envelope(envelope(FAILED))], False, 1, id="failed-inside-inside"),
        pytest.param([], False, 3, id="nothing-verified"),
    ],
)
def test_exit_codes(reports: Sequence[Report], allow_test: bool, code: int) -> None:
    assert exit_code(reports, allow_test=allow_test) == code


def test_an_endorsement_that_fails_leaves_the_credential_alone() -> None:
    assert overall(report(parts=(FAILED,))) is Outcome.PASSED


def test_a_presentation_that_claims_to_be_passed_is_not() -> None:
    assert overall(report(kind="presentation")) is Outcome.INDETERMINATE


def test_the_json_shape_is_the_documented_one() -> None:
    signer = Signer("Šola Zgled", "NTRSI-1234567", "certificate")
    proof = ProofReport(
        "jades", signer, "issuer", Outcome.PASSED, None, "B", (PASSED.checks[0],)
    )

    shape = report(
        signer=signer, proofs=(proof,), content={"id": "urn:a"}, parts=(PASSED,)
    ).to_dict(name="diploma.jsonld")

    assert list(shape) == [
        "report_version",
        "name",
        "outcome",
        "test",
        "verified_at",
        "as_of",
        "format",
        "model",
        "kind",
        "carrier",
        "signer",
        "checks",
        "proofs",
        "parts",
        "fetched",
        "refresh",
        "content",
    ]
    assert shape["report_version"] == "1"
    assert shape["outcome"] == "PASSED"
    assert shape["verified_at"] == "2026-11-21T09:00:00Z"
    assert list(shape["signer"]) == ["name", "identifier", "proved_by"]
    assert [list(check) for check in shape["checks"]] == [
        ["id", "status", "reason", "detail", "evidence"]
    ] * len(CATALOGUE)
    assert list(shape["proofs"][0]) == [
        "format",
        "signer",
        "role",
        "indication",
        "sub_indication",
        "level",
        "checks",
    ]
    assert shape["parts"][0]["outcome"] == "PASSED"


def test_a_report_without_a_file_name_has_none() -> None:
    assert "name" not in PASSED.to_dict()


def test_evidence_becomes_json() -> None:
    central_europe = timezone(timedelta(hours=2))
    check = Check(
        "proof.key",
        Status.PASS,
        evidence={
            "at": datetime(2026, 6, 1, 1, 30, tzinfo=central_europe),
            "status": Status.WARN,
            "digest": b"\x01\xff",
            "names": {"b", "a"},
            "pair": (1, None),
            "odd": float("nan"),
            "inner": {1: object},
        },
    )

    evidence = check.to_dict()["evidence"]

    assert evidence["at"] == "2026-05-31T23:30:00Z"
    assert evidence["status"] == "warn"
    assert evidence["digest"] == "01ff"
    assert evidence["names"] == ["a", "b"]
    assert evidence["pair"] == [1, None]
    assert evidence["odd"] == "nan"
    assert list(evidence["inner"]) == ["1"]


def test_json_can_be_printed_anywhere_and_repaints_no_terminal() -> None:
    text = report(content={"name": "Žiga\x1b[31m\u202e"}).to_json()

    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["content"]["name"] == "Žiga\x1b[31m\u202e"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_values_pass_unchanged(value: Any) -> None:
    assert json.loads(json.dumps(json_safe(value))) == value


def test_endless_nesting_is_cut() -> None:
    value: list[Any] = []
    value.append(value)

    assert json.dumps(json_safe(value)).endswith('"..."' + "]" * 200)


def colours(given_report: Report) -> dict[str, str]:
    names = {address: name for name, address in ELM_CHECKS.items()}
    words = {address: word for word, address in STATUS_IDS.items()}
    return {
        names[entry["dcType"]["id"]]: words[entry["verificationStatus"]["id"]]
        for entry in given_report.to_elm()["verificationCheck"]
    }


def test_the_commissions_checks_are_all_there() -> None:
    entries = PASSED.to_elm()["verificationCheck"]

    assert len(entries) == 6
    for entry in entries:
        assert entry["type"] == "VerificationCheck"
        assert entry["dcType"]["id"].startswith(
            "http://data.europa.eu/snb/verification/"
        )
        assert set(entry["description"]) == set(LANGUAGES)


def test_the_credential_is_the_subject_of_each_of_the_commissions_checks() -> None:
    entries = report(content={"id": "urn:uuid:1"}).to_elm()["verificationCheck"]

    assert all(entry["elmSubject"] == {"id": "urn:uuid:1"} for entry in entries)


@pytest.mark.parametrize(
    ("answers", "test", "expected"),
    [
        pytest.param({}, False, {}, id="all-good"),
        pytest.param(
            {"credential.content": ("warn", "nonconformant")},
            False,
            {"FORMAT": "Error"},
            id="nonconformant-is-red",
        ),
        pytest.param(
            {"credential.content": ("warn", "one-id-two-objects")},
            False,
            {},
            id="another-warning-is-green",
        ),
        pytest.param(
            {"proof.integrity": ("fail", "signature")},
            False,
            {"SEAL": "Error"},
            id="broken-seal",
        ),
        pytest.param(
            {"issuer.trusted": ("undecided", "no-anchor")},
            False,
            {"SEAL": "Skipped"},
            id="not-confirmed-is-grey",
        ),
        pytest.param({}, True, {"SEAL": "Skipped"}, id="test-trust-is-grey"),
        pytest.param(
            dict.fromkeys(MAY_SKIP, ("skipped", "not-applicable")),
            False,
            {"REVOCATION": "Skipped"},
            id="no-certificates-no-status",
        ),
        pytest.param(
            {"credential.validity": ("fail", "expired")},
            False,
            {"EXPIRY": "Error"},
            id="expired",
        ),
        pytest.param(
            {
                "issuer.accredited": ("warn", "stated"),
                "credential.holder": ("skipped", "not-asked"),
                "seal.qualified": ("undecided", "no-lists"),
            },
            False,
            {"ACCREDITATION": "Skipped", "OWNER": "Skipped"},
            id="stated-only-is-not-green",
        ),
    ],
)
def test_colours_of_the_commissions_checks(
    answers: dict[str, tuple[str, str]], test: bool, expected: dict[str, str]
) -> None:
    green = dict.fromkeys(ELM_CHECKS, "OK")

    assert colours(report(answers, test=test)) == green | expected


@given(
    st.lists(
        st.sampled_from([*Status, Status.PASS, Status.WARN]), min_size=17, max_size=17
    )
)
def test_all_green_only_where_we_say_passed(statuses: list[Status]) -> None:
    answers = {
        i: (str(status), "") for i, status in zip(CHECK_IDS, statuses, strict=True)
    }
    ours = report(answers)

    seen = set(colours(ours).values())

    assert ("Error" in seen) == (ours.outcome is Outcome.FAILED)
    if seen == {"OK"}:
        assert ours.outcome is Outcome.PASSED

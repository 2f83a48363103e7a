"""A newer version of a credential, from the address that the credential names.

Open Badges 3.0 section 9.1 step 3: after the proof, once, and the original stands where
nothing comes. Every answer that must not count stands beside the one that does, under
the same trust.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from attacks.workshop import (
    AT,
    Json,
    attacker,
    badge,
    changed,
    claims,
    encoded,
    jwt,
    method_of,
    proof_options,
    proved,
    school,
    signs,
)
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust
from edc_issuer.verify.refresh import TYPE
from statuses import Answering, answer, verify

ADDRESS = "https://zgled.example/novejša/1"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
SERVICE = {"id": ADDRESS, "type": TYPE}
LATER = "2025-08-01T00:00:00+02:00"


def original(**changes: Any) -> Json:
    """The school's badge, which names where a newer version may be."""
    contexts = [*badge()["@context"], EXTENSIONS]
    return changed(badge(**{"@context": contexts}, refreshService=SERVICE), changes)


def newer(**changes: Any) -> Json:
    """The same badge, issued again later with another name."""
    return original(validFrom=LATER, name="Čebelarjenje, popravljeno", **changes)


def by_attacker(document: Json) -> bytes:
    options = proof_options(verificationMethod=method_of(attacker()))
    return encoded(proved(document, options, sign=signs(attacker())))


def ask(found: bytes | str, document: Json | None = None) -> Report:
    """The report on the original, with this at the address that it names."""
    door = Answering({ADDRESS: found})
    report = verify(encoded(proved(document or original())), online=door)
    assert door.asked.count(ADDRESS) == 1
    return report


def state(report: Report) -> str | None:
    return report.refresh.state if report.refresh else None


# --- a newer version, and what it means ---------------------------------------------


def test_a_newer_version_is_judged_by_itself_and_told() -> None:
    report = ask(encoded(proved(newer())))

    assert state(report) == "newer"
    assert report.refresh is not None
    assert report.refresh.report is not None
    assert report.refresh.report.outcome is report.outcome is Outcome.PASSED
    assert report.refresh.report.content is not None
    assert report.refresh.report.content["name"] == newer()["name"]
    assert answer(report) == "warn newer-version"
    text = report.to_text(language="en").splitlines()
    start = text.index("The newer version, from zgled.example")
    assert text[start + 2] == "  PASSED"
    assert any("replaces this one and is shown below" in line for line in text)


@pytest.mark.parametrize(
    ("over", "outcome", "expected"),
    [
        pytest.param(
            {"validUntil": "2025-08-20T00:00:00Z"},
            Outcome.FAILED,
            "fail newer-failed",
            id="expired",
        ),
        pytest.param(
            {
                "credentialStatus": {
                    "id": "urn:x:1",
                    "type": "1EdTechRevocationList",
                }
            },
            Outcome.INDETERMINATE,
            "undecided newer-open",
            id="status-unknown",
        ),
    ],
)
def test_a_version_that_is_replaced_is_no_better_than_what_replaces_it(
    over: Json, outcome: Outcome, expected: str
) -> None:
    twin, report = ask(encoded(proved(newer()))), ask(encoded(proved(newer(**over))))

    assert twin.outcome is Outcome.PASSED
    assert (report.outcome, answer(report)) == (outcome, expected)


def test_a_newer_version_does_not_save_one_that_was_revoked() -> None:
    revoked = original(validUntil="2025-08-20T00:00:00Z")

    report = ask(encoded(proved(newer())), revoked)

    assert state(report) == "newer"
    assert report.outcome is Outcome.FAILED


def test_a_jwt_replaces_a_jwt() -> None:
    door = Answering({ADDRESS: jwt(claims(newer()))})

    report = verify(jwt(claims(original())), online=door)

    assert state(report) == "newer"
    assert report.outcome is Outcome.PASSED


def test_it_is_asked_once_and_not_of_the_newer_version() -> None:
    elsewhere = {"id": "https://zgled.example/še-novejša", "type": TYPE}
    door = Answering({ADDRESS: encoded(proved(newer(refreshService=elsewhere)))})

    report = verify(encoded(proved(original())), online=door)

    assert door.asked == [ADDRESS]
    assert state(report) == "newer"


# --- what does not replace it -------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param("not-found", "no-answer", id="nothing"),
        pytest.param("too-large", "no-answer", id="too-large"),
        pytest.param(b"<html>", "unusable", id="a-page"),
        pytest.param(encoded(newer()), "unusable", id="unsigned"),
        pytest.param(by_attacker(newer()), "unusable", id="by-another-key"),
        pytest.param(
            encoded({**proved(newer()), "name": "Magister"}), "unusable", id="changed"
        ),
        pytest.param(
            encoded(proved(newer(id="urn:uuid:2"))), "unusable", id="another-credential"
        ),
        pytest.param(
            by_attacker(newer(issuer={**badge()["issuer"], "id": attacker().did})),
            "unusable",
            id="another-issuer",
        ),
        pytest.param(encoded(proved(original())), "nothing-newer", id="the-same"),
        pytest.param(
            encoded(proved(original(validFrom="2025-01-01T00:00:00Z"))),
            "nothing-newer",
            id="an-older-one",
        ),
        pytest.param(
            encoded(proved(original(validFrom="soon"))), "nothing-newer", id="no-time"
        ),
    ],
)
def test_the_original_stands_where_nothing_replaces_it(
    found: bytes | str, expected: str
) -> None:
    report = ask(found)

    assert state(report) == expected
    assert report.outcome is Outcome.PASSED
    assert answer(report) == "skipped no-status"
    assert "zgled.example" in report.to_text(language="en")


def test_nobody_is_asked_about_what_is_not_proved() -> None:
    door = Answering({ADDRESS: encoded(proved(newer()))})
    forged = {**proved(original()), "name": "Magister čebelarstva"}

    report = verify(encoded(forged), online=door)

    assert door.asked == []
    assert report.refresh is None
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "service",
    [
        pytest.param({"id": ADDRESS, "type": "ManualRefresh"}, id="another-type"),
        pytest.param(
            {"id": "http://zgled.example/1", "type": TYPE}, id="without-protection"
        ),
        pytest.param({"id": "urn:uuid:1", "type": TYPE}, id="no-address"),
        pytest.param({"id": "https://[zgled", "type": TYPE}, id="broken-address"),
    ],
)
def test_other_services_are_left_alone(service: Json) -> None:
    door = Answering({ADDRESS: encoded(proved(newer()))})

    report = verify(jwt(claims(original(refreshService=service))), online=door)

    assert door.asked == []
    assert report.refresh is None
    assert report.outcome is Outcome.PASSED


# --- without a network, and in the past ---------------------------------------------


@pytest.mark.parametrize("language", ["en", "sl", "hr", "sr-Cyrl", "sr-Latn", "bs"])
def test_without_a_door_it_says_that_nobody_was_asked(language: str) -> None:
    report = verify(encoded(proved(original())))

    assert state(report) == "not-asked"
    assert report.outcome is Outcome.PASSED
    assert "zgled.example" in report.to_text(language=language)


def test_of_an_earlier_time_nothing_is_asked() -> None:
    door = Answering({ADDRESS: encoded(proved(newer()))})

    report = verify(encoded(proved(original())), online=door, as_of=AT)

    assert (door.asked, state(report)) == ([], "not-asked")


def test_an_endorsement_inside_makes_nobody_ask() -> None:
    inner = proved(original(id="urn:uuid:3"))
    door = Answering({ADDRESS: encoded(proved(newer()))})

    report = verify(jwt(claims(badge(endorsement=[inner]))), online=door)

    assert door.asked == []
    assert report.parts[0].refresh is None


def test_the_report_as_json_has_all_of_it() -> None:
    report = ask(encoded(proved(newer())))

    told = json.loads(report.to_json())

    assert told["refresh"]["address"] == ADDRESS
    assert told["refresh"]["state"] == "newer"
    assert told["refresh"]["report"]["outcome"] == "PASSED"
    assert [line["url"] for line in told["fetched"]] == [ADDRESS]
    assert json.loads(verify(encoded(proved(badge()))).to_json())["refresh"] is None


def test_the_school_of_these_tests_is_trusted() -> None:
    assert verify(encoded(proved(badge()))).outcome is Outcome.PASSED
    assert school().trust.test


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(encoded(proved(newer())), "newer", id="by-the-same-key"),
        pytest.param(by_attacker(newer()), "unusable", id="by-another-key"),
    ],
)
def test_of_a_stranger_only_the_same_key_replaces_anything(
    found: bytes, expected: str
) -> None:
    door = Answering({ADDRESS: found})

    report = verify(encoded(proved(original())), online=door, trust=Trust())

    assert report.outcome is Outcome.INDETERMINATE
    assert state(report) == expected

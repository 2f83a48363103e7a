"""A report in the Commission's own terms: six checks, each green, red or grey.

The European Learning Model has a class `VerificationCheck` for this, with the
statuses OK, Error and Skipped; the Europass viewer shows them as a timeline. What
we could not find out is grey there, never green, and test trust is grey as well:
the model has no word for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.report import CATALOGUE, GOOD, REQUIRED, Check, Report, Status

CHECK_SCHEME = "http://data.europa.eu/snb/verification/25831c2"
STATUS_SCHEME = "http://data.europa.eu/snb/verification-status/25831c2"
_CHECKS = "http://data.europa.eu/snb/verification/"
_STATUSES = "http://data.europa.eu/snb/verification-status/"
CHECK_IDS: Mapping[str, str] = {
    "FORMAT": f"{_CHECKS}2f5b89b96f",
    "SEAL": f"{_CHECKS}f9c2016fe9",
    "OWNER": f"{_CHECKS}1faf8d450f",
    "REVOCATION": f"{_CHECKS}271aef9eb4",
    "ACCREDITATION": f"{_CHECKS}e2bbc86a28",
    "EXPIRY": f"{_CHECKS}94d828f160",
}
STATUS_IDS: Mapping[str, str] = {
    "OK": f"{_STATUSES}9895008394",
    "Error": f"{_STATUSES}9d26eb9a37",
    "Skipped": f"{_STATUSES}641f0c5e5d",
}
_NONCONFORMANT = "nonconformant"  # red for the Commission, a warning for us


def to_elm(report: Report) -> dict[str, Any]:
    """`{"verificationCheck": [...]}`, one entry for each of the Commission's checks."""
    groups: dict[str, list[Check]] = {name: [] for name in CHECK_IDS}
    for question in CATALOGUE:
        groups[question.edc].append(report.check(question.id))
    return {
        "verificationCheck": [
            _verification_check(name, checks, report) for name, checks in groups.items()
        ]
    }


def _verification_check(
    name: str, checks: list[Check], report: Report
) -> dict[str, Any]:
    status, deciding = _judged(name, checks, report)
    entry: dict[str, Any] = {
        "type": "VerificationCheck",
        "dcType": _concept(CHECK_IDS[name], CHECK_SCHEME),
        "verificationStatus": _concept(STATUS_IDS[status], STATUS_SCHEME),
        "description": {
            language: _description(deciding, report, Messages(language))
            for language in LANGUAGES
        },
    }
    subject = (report.content or {}).get("id")
    if isinstance(subject, str):
        entry["elmSubject"] = {"id": subject}
    return entry


def _judged(name: str, checks: list[Check], report: Report) -> tuple[str, Check]:
    """The colour of a group and the check that gives it."""
    for check in checks:
        nonconformant = check.reason == _NONCONFORMANT and check.status is Status.WARN
        if check.status is Status.FAIL or nonconformant:
            return "Error", check
    needed = [check for check in checks if check.id in REQUIRED] or checks
    for check in needed:
        if check.status is Status.UNDECIDED or not _answered(check, needed):
            return "Skipped", check
    if name == "SEAL" and report.test:
        return "Skipped", report.check("issuer.trusted")
    return "OK", needed[0]


def _answered(check: Check, needed: list[Check]) -> bool:
    """Pass and warn answer; the only check of a group must be pass to be green."""
    if len(needed) == 1 and check.id not in REQUIRED:
        return check.status is Status.PASS
    skippable = check.status is Status.SKIPPED and check.id.startswith("seal.")
    return check.status in GOOD or skippable


def _description(check: Check, report: Report, messages: Messages) -> str:
    unknown = messages.text("unknown")
    return messages.answer(
        check.id,
        check.status,
        check.reason,
        date=report.as_of or report.verified_at,
        format=report.format or unknown,
        model=report.model or unknown,
        anchor=unknown,
        source=unknown,
        detail=check.detail,
    )


def _concept(address: str, scheme: str) -> dict[str, Any]:
    return {
        "id": address,
        "type": "Concept",
        "inScheme": {"id": scheme, "type": "ConceptScheme"},
    }

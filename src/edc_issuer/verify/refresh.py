"""Is there a newer version of a credential, where its issuer says where to ask?

A credential may name a refresh service: the address of whatever replaces it. It is
asked once, only by somebody who opened the door, and only where the credential itself
is proved. What comes back is a file like any other; it replaces the one at hand if it
is the same credential of the same issuer, proved as well as that one, and later.
Open Badges 3.0 section 9.1 step 3 and "Equality"; Verifiable Credential Refresh 1.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edc_issuer import strict_json
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request
from edc_issuer.models.tree import comparable_id, id_of, types_of, values
from edc_issuer.models.vcdm import validity_window
from edc_issuer.report import (
    GOOD,
    Check,
    Outcome,
    Refresh,
    Report,
    Status,
    outcome_of,
)
from edc_issuer.verify.online import is_https

if TYPE_CHECKING:
    from edc_issuer.verify.run import Run

TYPE = "1EdTechCredentialRefresh"
_ACCEPT = "application/vc, application/ld+json, application/json, application/vc+jwt"
_STATUS = "credential.status"
# What the verdict on the version that replaces it means for the one that is replaced.
_MEANS = {
    Outcome.PASSED: (Status.WARN, "newer-version"),
    Outcome.INDETERMINATE: (Status.UNDECIDED, "newer-open"),
    Outcome.FAILED: (Status.FAIL, "newer-failed"),
}


def refreshed(run: Run, report: Report) -> Report:
    """The report with what its refresh service gave; as it is where it has none."""
    address = _address(report)
    if address is None:
        return report
    # What there is to fetch is of today: it says nothing of an earlier time.
    if not run.asking.is_open or run.as_of is not None:
        return replace(report, refresh=Refresh(address, "not-asked"))
    try:
        request = Request(address, accept=_ACCEPT, limit=strict_json.MAX_BYTES)
        data = run.asking.fetch(request).body
    except FetchError:
        found = Refresh(address, "no-answer")
    else:
        found = _judged(report, address, run.inside(data))
    return replace(
        _replaced(report, found), refresh=found, fetched=tuple(run.asking.lines)
    )


def _address(report: Report) -> str | None:
    """Where the proved content says that a newer version may be."""
    if report.content is None or report.kind != "credential":
        return None
    return next(_addresses(report.content), None)


def _addresses(content: Mapping[str, Any]) -> Iterator[str]:
    for service in values(content.get("refreshService")):
        if isinstance(service, Mapping) and TYPE in types_of(service):
            address = id_of(service)
            if address is not None and is_https(address):
                yield address


def _judged(report: Report, address: str, answer: Report) -> Refresh:
    """Whether the answer replaces the credential of `report`."""
    if answer.content is None or not _is_the_same(report, answer):
        return Refresh(address, "unusable")
    before, after = (_since(one.content or {}) for one in (report, answer))
    if before is None or after is None or after <= before:
        return Refresh(address, "nothing-newer")
    return Refresh(address, "newer", answer)


def _is_the_same(report: Report, answer: Report) -> bool:
    """The same credential, and by whom is known as well as before."""
    named, again = (_names(one.content or {}) for one in (report, answer))
    if None in named or named != again:
        return False
    known, still = (one.check("issuer.identified").status for one in (report, answer))
    if known in GOOD or still in GOOD:
        return still in GOOD
    # Nobody knows whose key it is; at least it is the same one.
    first, second = report.signer, answer.signer
    return bool(first and second and first.identifier == second.identifier)


def _names(content: Mapping[str, Any]) -> tuple[str | None, str | None]:
    issuer = content.get("issuer")
    who = id_of(issuer) if isinstance(issuer, Mapping) else issuer
    what = id_of(content)
    return (
        comparable_id(who) if isinstance(who, str) else None,
        comparable_id(what) if what is not None else None,
    )


def _since(content: Mapping[str, Any]) -> Any:
    return validity_window(content).not_before


def _replaced(report: Report, found: Refresh) -> Report:
    """The report on a credential that its issuer replaced, by what replaces it."""
    if found.report is None or report.check(_STATUS).status is Status.FAIL:
        return report
    status, reason = _MEANS[found.report.outcome]
    before = report.check(_STATUS)
    if status is Status.WARN and before.status is Status.UNDECIDED:
        return report
    evidence = {**before.evidence, "address": found.address}
    answer = Check(_STATUS, status, reason, evidence=evidence)
    checks = tuple(answer if one is before else one for one in report.checks)
    skipped = {one.id for one in report.checks if one.status is Status.SKIPPED}
    # What was skipped before was rightly skipped only where nothing else was open.
    may_skip = skipped if report.outcome is Outcome.PASSED else set()
    return replace(report, checks=checks, outcome=outcome_of(checks, may_skip=may_skip))

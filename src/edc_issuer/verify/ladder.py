"""How far the proof of identity reaches: name, domain, certificate, trusted list.

Each step is stronger than the one before, because somebody else stands behind it:
nobody behind a name, whoever holds a domain, an authority, a supervised list or the
reader's own. A step that was not reached is told too, with what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from edc_issuer.cms.certificate import issuer_text, subject_text
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.report import GOOD
from edc_issuer.trust.anchors import list_age
from edc_issuer.trust.issuers import host_of
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.proved import Proved
from edc_issuer.verify.vouching import Voucher

STEPS = ("name", "domain", "certificate", "list")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `how` is what reached it, or what is missing, as a code.

    name: `stated`, `none`. domain: `fetched` (it lists the key today), `stored` (in a
    document that the operator keeps), `claimed` (a host that did not), `none`.
    certificate: `anchor`, `unconfirmed`, `none`. list: `operator`, `trusted-list`,
    `too-old`, `none`. `value` is the name, host, organisation or list; `by` the
    authority.
    """

    step: str
    reached: bool
    how: str
    value: str | None = None
    by: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "reached": self.reached,
            "how": self.how,
            "value": self.value,
            "by": self.by,
        }


def ladder(
    proved: Proved,
    stated: StatedIssuer,
    voucher: Voucher | None,
    answers: Answers,
    *,
    at: datetime,
) -> tuple[Step, ...]:
    """The four steps in their order; asked after the certificate was judged."""
    return (
        _name(stated),
        _domain(proved, stated),
        _certificate(proved, voucher, answers),
        _list(voucher, answers, at),
    )


def _name(stated: StatedIssuer) -> Step:
    name = next(iter(stated.names), None)
    return Step("name", name is not None, "stated" if name else "none", name)


def _domain(proved: Proved, stated: StatedIssuer) -> Step:
    """A web address in a file is a claim until its own document lists the key."""
    host = host_of(proved.identifier or "")
    if proved.document is not None and host is not None:
        return Step("domain", True, proved.document, host)
    host = next(_hosts(stated), None)
    return Step("domain", False, "claimed" if host else "none", host)


def _hosts(stated: StatedIssuer) -> Iterator[str]:
    for address in (stated.id or "", *stated.homepages):
        host = host_of(address)
        if host:
            yield host


def _certificate(proved: Proved, voucher: Voucher | None, answers: Answers) -> Step:
    if proved.by != "certificate":
        return Step("certificate", False, "none")
    named = ", ".join(filter(None, (*proved.names[:1], proved.identifier))) or None
    check = answers.checks.get("seal.certificate")
    good = check is not None and check.status in GOOD
    if not good or voucher is None or voucher.anchor is None:
        return Step("certificate", False, "unconfirmed", named)
    authority = voucher.anchor.certificate
    by = issuer_text(authority) if voucher.anchor.pinned else subject_text(authority)
    return Step("certificate", True, "anchor", named, by)


def _list(voucher: Voucher | None, answers: Answers, at: datetime) -> Step:
    """The reader's own list, or the trusted list that the authority stands on."""
    if voucher is None:
        return Step("list", False, "none")
    if voucher.names_the_organisation:
        named = voucher.listed.names[0] if voucher.listed else None
        return Step("list", True, "operator", named)
    service = voucher.anchor.service if voucher.anchor else None
    if service is not None:
        named = f"{service.territory}: {service.provider}"
        if list_age(voucher.anchor, at) == "too-old":
            return Step("list", False, "too-old", named)
        return Step("list", True, "trusted-list", named)
    found = _qualified_by(answers)
    return Step("list", bool(found), "trusted-list" if found else "none", found)


def _qualified_by(answers: Answers) -> str | None:
    """The list by which a seal below the operator's own anchor is qualified."""
    check = answers.checks.get("seal.qualified")
    if check is None or check.status not in GOOD or check.reason == "not-qualified":
        return None
    return next(iter(check.evidence.get("lists", ())), None)

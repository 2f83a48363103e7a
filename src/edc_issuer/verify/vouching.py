"""`issuer.trusted`: who vouches for the signer (the law of verdicts, part 6).

Pass only where the operator named this organisation; an authority alone vouches
for a name, and a mandate lets a signer speak for its mandator and nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from edc_issuer.cms.certificate import subject_text
from edc_issuer.models.issuer import StatedIssuer
from edc_issuer.report import Status
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.trust.anchors import list_age
from edc_issuer.trust.issuers import (
    named_by,
    same_identifier,
    same_name,
    trusted_issuer,
)
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.proved import Proved


@dataclass(frozen=True, slots=True)
class Voucher:
    """What vouches for a signer: an anchor above its certificate, or a list entry."""

    anchor: Anchor | None = None
    listed: TrustedIssuer | None = None

    @property
    def names_the_organisation(self) -> bool:
        """Whether the operator named this very organisation (verdicts, part 6)."""
        pinned = self.anchor is not None and self.anchor.pinned
        return pinned or self.listed is not None

    @property
    def test(self) -> bool:
        """Whether any of it is for tests, also in a trust that was put together."""
        return any(source.test for source in (self.anchor, self.listed) if source)


def voucher_for(
    proved: Proved, anchor: Anchor | None, trust: Trust, at: datetime
) -> Voucher | None:
    """Who vouches, or None. A certificate needs an anchor, whatever a list says:
    anybody can write an organisation's identifier into a certificate."""
    if proved.by != "certificate":
        return Voucher(listed=proved.listed) if proved.listed else None
    if anchor is None or proved.identifier is None:
        return None
    if anchor.organisations:
        limited = _limit(anchor, proved, at)
        return Voucher(anchor, limited) if limited else None
    return Voucher(anchor, trusted_issuer(trust, proved.identifier, at))


def _limit(anchor: Anchor, proved: Proved, at: datetime) -> TrustedIssuer | None:
    return named_by(anchor, proved.identifier or "", at)


def with_listed_names(proved: Proved, voucher: Voucher | None) -> Proved:
    """The signer with the names that the operator's list gives its identifier."""
    if voucher is None or voucher.listed is None:
        return proved
    names = tuple(dict.fromkeys((*proved.names, *voucher.listed.names)))
    return replace(proved, names=names, listed=voucher.listed)


def judge_trusted(
    answers: Answers,
    proved: Proved,
    voucher: Voucher | None,
    awarding_bodies: Sequence[StatedIssuer],
    *,
    test: bool,
    at: datetime,
    mandator: StatedIssuer | None = None,
) -> None:
    """Answer `issuer.trusted`: never fail, for not being listed is no fault.

    How old a trusted list may be is counted from its next update to `at` (part 6).
    `mandator` is for whom the signer may seal, if a mandate of it was confirmed.
    """
    if answers.status("issuer.identified") is Status.FAIL:
        answers.leaves_open("issuer.trusted", "blocked")
        return
    if voucher is None:
        reason = "no-anchor" if proved.by == "certificate" else "not-listed"
        answers.leaves_open("issuer.trusted", reason)
        return
    evidence = {"anchor": _anchor_name(voucher.anchor), "test": test}
    if list_age(voucher.anchor, at) == "too-old":
        answers.leaves_open("issuer.trusted", "list-outdated", **evidence)
        return
    bodies = other_bodies(awarding_bodies, proved, mandator)
    _weigh(answers, voucher, bodies, at=at, **evidence)


def _weigh(
    answers: Answers,
    voucher: Voucher,
    bodies: Sequence[StatedIssuer],
    *,
    at: datetime,
    **evidence: Any,
) -> None:
    """What a voucher is worth that counts at `at`; `bodies` are others that awarded."""
    others = [body.names[0] for body in bodies if body.names]
    told = {**evidence, "others": others}
    if bodies and not voucher.names_the_organisation:
        answers.leaves_open("issuer.trusted", "speaks-for-others", **told)
    elif evidence["test"]:
        answers.warns("issuer.trusted", "test", **told)
    elif list_age(voucher.anchor, at) == "stale":
        answers.warns("issuer.trusted", "list-stale", **told)
    elif bodies:
        answers.warns("issuer.trusted", "speaks-for-others", **told)
    elif voucher.names_the_organisation:
        answers.passes("issuer.trusted", "named-by-you", **evidence)
    else:
        answers.warns("issuer.trusted", "identity-only", **evidence)


def _anchor_name(anchor: Anchor | None) -> str | None:
    return subject_text(anchor.certificate) if anchor else None


def other_bodies(
    bodies: Sequence[StatedIssuer], proved: Proved, mandator: StatedIssuer | None
) -> tuple[StatedIssuer, ...]:
    """Awarding bodies that are neither the proved signer nor its mandator.

    Both by identifier and name; one that two readers could take for two
    organisations may be another one.
    """
    return tuple(
        body
        for body in bodies
        if body.ambiguous
        or not (
            _is_same(body, (proved.identifier or "",), proved.names)
            or (mandator is not None and _is_same(body, *_parts(mandator)))
        )
    )


def _parts(stated: StatedIssuer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(map(str, stated.identifiers)), stated.names


def _is_same(
    body: StatedIssuer, identifiers: Sequence[str], names: Sequence[str]
) -> bool:
    return any(
        same_identifier(one, str(other))
        for one in identifiers
        for other in body.identifiers
    ) and any(same_name(one, other) for one in names for other in body.names)

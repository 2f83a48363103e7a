"""`time.signed`: when a seal was made, who says so, and how long that can be shown.

Only a timestamp of an authority that the operator trusts proves a time; what the
signer says (`iat`, `sigT`, `created`) proves none. A proof holds until the authority's
certificate or an algorithm ends; a new archive timestamp made before carries it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from edc_issuer.cms.certificate import subject_text
from edc_issuer.formats.base import Proof
from edc_issuer.verify.answers import Answers

if TYPE_CHECKING:
    from edc_issuer.verify.stamps import Stamp, Timeline

SKEW = timedelta(minutes=5)
RENEW = timedelta(days=90)  # before the end; authorities take their time over a month
_UNREAD = frozenset({"etsiU-unreadable", "etsiU-too-long"})
# Of several timestamps that prove nothing, the one nearest to proving is told.
_NEAREST = (
    "later-than-asked",
    "tsa-expired",
    "algorithm-ended",
    "tsa-unchecked",
    "tsa-withdrawn",
    "untrusted-tsa",
    "not-checkable",
    "broken",
    "unreadable",
)


def judge_time(
    answers: Answers,
    proof: Proof,
    timeline: Timeline | None,
    *,
    at: datetime,
    now: datetime,
    answered_until: datetime | None = None,
) -> None:
    """Answer `time.signed`; `answered_until` is of the answers about the seal."""
    evidence: dict[str, Any] = {"claimed": _text(proof.claimed_at)}
    if timeline is not None and timeline.stamps:
        evidence["timestamps"] = [_told(stamp) for stamp in timeline.stamps]
    if timeline is not None and timeline.said_by_user:
        time = _text(timeline.proved_at)
        answers.warns("time.signed", "you-say", time=time, **evidence)
    elif timeline is not None and timeline.best is not None:
        until = holds_until(timeline, answered_until)
        _proved(answers, proof, timeline, at, evidence, until)
    elif timeline is not None and timeline.stamps:
        nearest = min(timeline.stamps, key=lambda s: _NEAREST.index(s.reason))
        answers.warns("time.signed", nearest.reason, detail=nearest.detail, **evidence)
    elif _UNREAD.intersection(proof.notes):
        detail = ", ".join(sorted(_UNREAD.intersection(proof.notes)))
        answers.warns("time.signed", "not-checkable", detail=detail, **evidence)
    elif proof.claimed_at is None:
        answers.leaves_open("time.signed", "no-time")
    elif proof.claimed_at > now + SKEW:
        answers.warns("time.signed", "future-time", **evidence)
    else:
        answers.warns("time.signed", "claimed-only", **evidence)


def _proved(
    answers: Answers,
    proof: Proof,
    timeline: Timeline,
    at: datetime,
    evidence: dict[str, Any],
    until: datetime | None,
) -> None:
    best = timeline.best
    assert best is not None
    evidence |= {
        "time": _text(best.time),
        "authority": subject_text(best.authority) if best.authority else None,
        "anchor": best.anchor,
        "until": _text(until),
        "renew_by": _text(until - RENEW if until else None),
    }
    reason = next(_doubts(proof, timeline, at, until), None)
    if reason is None:
        answers.passes("time.signed", **evidence)
    else:
        answers.warns("time.signed", reason, **evidence)


def _doubts(
    proof: Proof, timeline: Timeline, at: datetime, until: datetime | None
) -> Iterator[str]:
    """What is worth knowing about a time that is proved."""
    if any(stamp.is_damaged for stamp in timeline.stamps):
        yield "timestamp-damaged"
    if any(stamp.reason == "not-checkable" for stamp in timeline.stamps):
        yield "not-checkable"
    claimed, proved = proof.claimed_at, timeline.proved_at
    if claimed is not None and proved is not None and claimed > proved + SKEW:
        yield "claimed-later"
    if until is not None and at + RENEW > until:
        yield "renew-soon"


def holds_until(
    timeline: Timeline, answered_until: datetime | None = None
) -> datetime | None:
    """From when on the time is proved no longer, unless it is renewed before."""
    newest = timeline.newest
    ends = [newest.until if newest is not None else None, answered_until]
    return min((end for end in ends if end is not None), default=None)


def _told(stamp: Stamp) -> dict[str, Any]:
    return {
        "kind": stamp.name,
        "time": _text(stamp.time),
        "authority": subject_text(stamp.authority) if stamp.authority else None,
        "proves": stamp.proves,
        "reason": stamp.reason,
        "detail": stamp.detail,
        "until": _text(stamp.until),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

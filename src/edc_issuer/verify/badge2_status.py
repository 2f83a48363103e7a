"""Was a badge of version 2.0 revoked? `credential.status`, hosted and signed.

A hosted badge says so itself, at its address. A signed one may stand on a list that the
profile of its issuer names. Bad news counts at any age; good news that the operator
stored is believed for a day. Open Badges 2.0, "Revocation"; verdicts, parts 8 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from edc_issuer.models.tree import id_of, types_of, values
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.badge2_objects import Found, NotAtHand, Objects, address_of

CURRENT = timedelta(hours=24)  # how long good news that was stored is believed
MAX_REVOKED = 1_000_000
_CHECK = "credential.status"


def judge_hosted(
    answers: Answers, badge: Found, *, now: datetime, as_of: datetime | None
) -> None:
    """Answer by what the badge says at its own address."""
    if badge.content.get("revoked") is True:
        answers.fails(_CHECK, "revoked", address=badge.url)
    elif _is_old(badge, now):
        answers.leaves_open(_CHECK, "status-list-stale", address=badge.url)
    else:
        reason = "as-of-list-date" if as_of else "hosted"
        answers.passes(_CHECK, reason, address=badge.url)


def judge_revoked(
    answers: Answers,
    assertion: Mapping[str, Any],
    profile: Mapping[str, Any],
    objects: Objects,
    *,
    as_of: datetime | None,
) -> bool:
    """Answer by the issuer's list; whether the issuer names one at all."""
    url = address_of(profile.get("revocationList"))
    if url is None:
        answers.skips(_CHECK, "no-status")
        return False
    try:
        found = objects.get(url)
    except NotAtHand as error:
        closed = error.reason == "object-not-at-hand"
        reason = "offline" if closed else "unreachable"
        answers.leaves_open(_CHECK, reason, detail=str(error), address=url)
        return True
    rows = values(found.content.get("revokedAssertions"))
    names = _names(assertion)
    if "RevocationList" not in types_of(found.content) or len(rows) > MAX_REVOKED:
        answers.leaves_open(_CHECK, "status-list-unreadable", address=url)
    elif any(not names.isdisjoint(_names(row)) for row in rows):
        answers.fails(_CHECK, "revoked", address=url)
    elif _is_old(found, objects.now):
        answers.leaves_open(_CHECK, "status-list-stale", address=url)
    else:
        answers.passes(_CHECK, "as-of-list-date" if as_of else "", address=url)
    return True


def _is_old(found: Found, now: datetime) -> bool:
    return found.how == "stored" and now - found.at > CURRENT


def _names(row: Any) -> set[str]:
    """By which names an entry revokes: a bare id, or an object with id or uid."""
    if isinstance(row, Mapping):
        return {one for one in (id_of(row), row.get("uid")) if isinstance(one, str)}
    return {row} if isinstance(row, str) else set()

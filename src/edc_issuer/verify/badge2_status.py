"""Was a badge of version 2.0 revoked? `credential.status`, hosted and signed.

A hosted badge says so itself, at its address. A signed one may stand on a list that the
profile of its issuer names. Bad news counts at any age; good news that the operator
stored is believed for a day. Open Badges 2.0, "Revocation"; verdicts, parts 8 and 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from edc_issuer.models.tree import (
    comparable_id,
    id_of,
    respelled,
    types_of,
    values,
)
from edc_issuer.status.lists import MAX_REVOKED
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.badge2_objects import Found, NotAtHand, Objects, address_of

CURRENT = timedelta(hours=24)  # how long good news that was stored is believed
_CHECK = "credential.status"
# A boolean as JSON writes it, and as JSON-LD reads a text for one (xsd:boolean).
_TRUE, _FALSE = ("true", "1"), ("false", "0", "none")


def judge_hosted(
    answers: Answers, badge: Found, *, now: datetime, as_of: datetime | None
) -> None:
    """Answer by what the badge says at its own address."""
    said = str(badge.content.get("revoked")).lower()
    if said in _TRUE:
        answers.fails(_CHECK, "revoked", address=badge.url)
    elif said not in _FALSE or respelled(badge.content, ("revoked",)):
        answers.leaves_open(_CHECK, "status-list-unreadable", address=badge.url)
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
    stated = profile.get("revocationList")
    url = address_of(stated)
    if url is None and (stated is not None or respelled(profile, ("revocationList",))):
        answers.leaves_open(_CHECK, "status-list-unreadable")
        return True
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
    stated = found.content.get("revokedAssertions")
    rows = [None] if stated is None else values(stated)
    listed = [_names(row) for row in rows[:MAX_REVOKED]]
    names = _names(assertion)
    is_list = "RevocationList" in types_of(found.content)
    if is_list and any(not names.isdisjoint(row) for row in listed):
        answers.fails(_CHECK, "revoked", address=url)
    elif not is_list or len(rows) > MAX_REVOKED or not all(listed):
        # A row that names nobody may mean this very badge.
        answers.leaves_open(_CHECK, "status-list-unreadable", address=url)
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
        names = (id_of(row), row.get("uid"))
        return {comparable_id(one) for one in names if isinstance(one, str)}
    return {comparable_id(row)} if isinstance(row, str) else set()

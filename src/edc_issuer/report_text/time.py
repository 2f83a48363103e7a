"""When a file was sealed, who says so, and for how long that can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.report import Check, Report
from edc_issuer.report_text.facts import moment_in, organisation_in

ARCHIVE = "arcTst"
_SHOWN = 16  # timestamps that a report names; a seal renewed for decades has as many


def time_lines(report: Report, messages: Messages) -> Iterator[str]:
    """Who confirms the time of the seal, and what has to be done by when.

    Nothing where no time is proved: the sentence of `time.signed` says why.
    """
    evidence = report.check("time.signed").evidence
    time, until = _moment(evidence, "time"), _moment(evidence, "until")
    authority = _authority(evidence)
    if time is None or authority is None:
        return
    yield messages.text("said.time", date=time, name=authority)
    if until is None:
        return
    yield messages.text("said.time_until", date=until.date())
    renew = _moment(evidence, "renew_by")
    if renew is not None:
        archived = any(row.get("kind") == ARCHIVE for row in _proving(evidence))
        key = "said.time_renew" if archived else "said.time_archive"
        yield messages.text(key, date=renew.date())


def stamp_lines(check: Check, messages: Messages) -> Iterator[str]:
    """Each timestamp of a seal: what it is, when, by whom, and what it is worth."""
    if check.id != "time.signed":
        return
    for row in _rows(check.evidence)[:_SHOWN]:
        time = _moment(row, "time")
        yield messages.text(
            "said.stamp",
            kind=row.get("kind"),
            date=time or messages.text("unknown"),
            name=_authority(row) or messages.text("unknown"),
        )
        reason = row.get("reason")
        if isinstance(reason, str) and reason:
            yield f"  {messages.answer('time.signed', 'warn', reason)}"


def _rows(evidence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = evidence.get("timestamps")
    found = rows if isinstance(rows, list | tuple) else ()
    return [row for row in found if isinstance(row, Mapping)]


def _proving(evidence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in _rows(evidence) if row.get("proves") is True]


def _moment(evidence: Mapping[str, Any], key: str) -> datetime | None:
    found = moment_in(evidence, key)
    return found if isinstance(found, datetime) else None


def _authority(evidence: Mapping[str, Any]) -> str | None:
    name = evidence.get("authority")
    return organisation_in(name) if isinstance(name, str) else None

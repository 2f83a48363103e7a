"""Does an endorsement speak of what it stands in?

Whoever hands over a badge can put any genuine endorsement into it, also one that
somebody gave to another achievement. Its signature holds; what it says is about
something else, and a reader would take it for praise of this badge. Open Badges 3.0,
classes EndorsementCredential and EndorsementSubject.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from edc_issuer.models.tree import comparable_id, id_of, types_of, values
from edc_issuer.report import GOOD, Check, Report, Status, outcome_of

# What can be endorsed: "the individual, entity, organization, assertion, or
# achievement" (EndorsementSubject, id). An alignment or a related badge is none of it.
_ENDORSABLE = frozenset(
    {
        "Achievement",
        "AchievementSubject",
        "ClrSubject",
        "Profile",
        "VerifiableCredential",
    }
)
_ABOUT = ("issuer", "credentialSubject")
_ELSEWHERE = frozenset({"alignment", "related"})  # things that are not awarded here
_MODEL = "credential.model"


def endorsable(content: Any, apart: frozenset[str]) -> frozenset[str]:
    """The ids in a credential of which an endorsement in it may speak.

    `apart` are the members that hold credentials of their own.
    """
    return frozenset(map(comparable_id, _ids(content, apart)))


def speaks_of(report: Report, named: frozenset[str]) -> Report:
    """The report on an endorsement, left open where it speaks of something else.

    Only what is proved to be signed is compared. What names nothing speaks of nothing
    here: it may be a badge of somebody else, put in the place of an endorsement.
    """
    if report.content is None:
        return report
    about = _about(report.content)
    model = report.check(_MODEL)
    if not named.isdisjoint(about) or model.status not in GOOD:
        return report
    evidence = {**model.evidence, "endorses": about}
    other = Check(_MODEL, Status.UNDECIDED, "endorses-another", evidence=evidence)
    checks = tuple(other if check is model else check for check in report.checks)
    return replace(report, checks=checks, outcome=outcome_of(checks, may_skip=()))


def _about(content: Mapping[str, Any]) -> list[str]:
    subjects = values(content.get("credentialSubject"))
    found = [id_of(subject) for subject in subjects if isinstance(subject, Mapping)]
    return [comparable_id(identifier) for identifier in found if identifier is not None]


def _ids(content: Any, apart: frozenset[str]) -> Iterator[str]:
    if isinstance(content, Mapping):
        for name in _ABOUT:
            yield from (one for one in values(content.get(name)) if _is_text(one))
    pending = [(content, False)]
    while pending:
        node, is_about = pending.pop()
        if isinstance(node, list | tuple):
            pending += [(item, is_about) for item in node]
        elif isinstance(node, Mapping):
            identifier = id_of(node)
            is_endorsable = is_about or not _ENDORSABLE.isdisjoint(types_of(node))
            if identifier is not None and (is_endorsable or node is content):
                yield identifier
            pending += [
                (held, node is content and name in _ABOUT)
                for name, held in node.items()
                if name not in apart and name not in _ELSEWHERE
            ]


def _is_text(value: object) -> bool:
    return isinstance(value, str)

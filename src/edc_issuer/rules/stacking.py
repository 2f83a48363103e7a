"""May these credentials be combined into the larger one? Yes, no, or not known.

`assess` answers and gives its reasons; it decides nothing. Whether parts are
combined is for the receiving organisation (Annex II, principle 5), and its decision
is recorded by `decisions.record_decision`, never made here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from edc_issuer.errors import ConfigError
from edc_issuer.record import CredentialRecord, Organisation
from edc_issuer.rules.assessment import pass_mark
from edc_issuer.rules.findings import Finding, judged
from edc_issuer.rules.parts import Combined, Part, Requirement, Stack
from edc_issuer.rules.pathways import lets_in, pathway_findings
from edc_issuer.rules.stack_rules import (
    credential_of,
    graph_findings,
    issuer_findings,
    stack_findings,
)
from edc_issuer.rules.subject import Document, Found, profiles_of
from edc_issuer.rules.table import rules

Answer = Literal["eligible", "not_eligible", "unknown"]
MAX_PARTS = 200  # of one whole; a programme of more units than this has no parts


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What the rules say of one whole and its parts.

    `reasons` are the findings that decided: the errors of "not_eligible", the open
    questions of "unknown", none of "eligible". `counted` are the parts that count
    (on an elective pathway not all do), `combined` what they come to. `on` is the
    day for which was asked.
    """

    answer: Answer
    reasons: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    combined: Combined
    whole: str
    counted: tuple[Part, ...]
    on: date

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON values; parts by their ids, no learner is named."""
        return {
            "answer": self.answer,
            "whole": self.whole,
            "on": self.on.isoformat(),
            "reasons": [finding.to_dict() for finding in self.reasons],
            "findings": [finding.to_dict() for finding in self.findings],
            "parts": [_named(part) for part in self.counted],
            "combined": self.combined.to_dict(),
        }


def _named(part: Part) -> dict[str, Any]:
    return {
        "programme": part.code,
        "record_id": part.record.record_id,
        "credential_id": part.credential_id or part.record.credential_id,
        "verdict": part.verdict,
    }


def assess(
    whole: Document,
    parts: Sequence[Part],
    *,
    host: Organisation | None = None,
    consumed: Collection[str] = (),
    at: date | None = None,
    requirement: Requirement | None = None,
    profile: str | None = None,
    unread: int = 0,
) -> Eligibility:
    """Whether the parts make the whole: a programme, or a record that awards it.

    `host` receives them, `consumed` are ids of credentials that it counted towards
    another whole. `at` is the day of the award (default: that of the record, else
    today). `requirement` is what the programme document has no place for; `profile`
    stands in place of those of the whole. `unread` is how many files came along that
    nobody could read. `ConfigError` for more than 200 parts.
    """
    if len(parts) > MAX_PARTS:
        raise ConfigError(f"{len(parts)} parts; at most {MAX_PARTS} can be combined")
    stack = Stack(
        whole=whole,
        parts=tuple(parts),
        at=at or _day_of(whole),
        host=host,
        consumed=frozenset(consumed),
        requirement=requirement or Requirement(),
        unread=unread,
    )
    profiles = profiles_of(whole) if profile is None else (profile,)
    return _answer(stack, profiles)


def _day_of(whole: Document) -> date:
    if isinstance(whole, CredentialRecord):
        return whole.award.date_awarded
    return datetime.now(UTC).date()


def _answer(stack: Stack, profiles: tuple[str, ...]) -> Eligibility:
    let_in, kept_out = _let_in(stack)
    counted, left_out = _counted(let_in)
    found = [
        *graph_findings(stack),
        *kept_out,
        *left_out,
        *issuer_findings(let_in),
        *stack_findings(counted),
        *pathway_findings(counted),
        *_own_result(stack),
    ]
    if stack.unread:
        found = [_perhaps_there(one) for one in found]
    told = judged(found, profiles)
    errors = tuple(one for one in told if one.severity == "error")
    reasons = errors or tuple(one for one in told if _leaves_open(one, profiles))
    answer: Answer = "eligible" if not reasons else "unknown"
    return Eligibility(
        answer="not_eligible" if errors else answer,
        reasons=reasons,
        findings=told,
        combined=Combined.of(counted.parts),
        whole=stack.programme.code,
        counted=counted.parts,
        on=stack.at,
    )


def _perhaps_there(found: Found) -> Found:
    """What is missing may stand in a file that nobody could read."""
    short = found.rule in ("PW-01", "PW-02") or found.values.get("case") == "missing"
    return replace(found, severity="unknown") if short else found


def _own_result(stack: Stack) -> Iterator[Found]:
    """AS-01 for a whole that is a record: its results of each part, no sum."""
    record, assessment = stack.record, stack.programme.assessment
    if record is not None and assessment is not None:
        yield from pass_mark(record, assessment)


def _leaves_open(finding: Finding, profiles: tuple[str, ...]) -> bool:
    """An open question matters where its answer could have been a refusal."""
    grave = rules()[finding.rule].severity_in(profiles)
    return finding.severity == "unknown" and grave in ("error", "unknown")


def _let_in(stack: Stack) -> tuple[Stack, list[Found]]:
    """The parts that the pathway lets in, each once, and why the others are not."""
    kept: dict[str, Part] = {}
    found = []
    for part in stack.parts:
        why = lets_in(part, stack)
        if why is not None:
            found.append(why)
        else:
            kept.setdefault(part.code, part)
    places = {code: place for place, code in enumerate(_listed(stack))}
    parts = sorted(kept.values(), key=lambda part: places.get(part.code, len(places)))
    return replace(stack, parts=tuple(parts)), found


def _listed(stack: Stack) -> tuple[str, ...]:
    return stack.stacking.parts if stack.stacking else ()


def _counted(stack: Stack) -> tuple[Stack, list[Found]]:
    """Where the learner has a choice, a bad part is left out instead of refused.

    Parts of which nobody could find out are counted only if it needs them.
    """
    if stack.asks_for_all:
        return stack, []
    sure: list[Part] = []
    unsure: list[Part] = []
    told: list[Found] = []
    for index, part in enumerate(stack.parts):
        found = list(credential_of(part, stack, f"parts[{index}]"))
        if any(one.severity is None for one in found):
            told += [replace(one, severity="warning") for one in found]
        else:
            (unsure if found else sure).append(part)
    enough = replace(stack, parts=tuple(sure))
    if not unsure or not _stands_in_the_way(pathway_findings(enough)):
        return enough, told
    return replace(stack, parts=(*sure, *unsure)), told


def _stands_in_the_way(found: Iterable[Found]) -> bool:
    return any(True for _ in found)

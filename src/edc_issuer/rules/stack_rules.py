"""Rules on a whole with its parts: ST-01 to ST-11, ST-13 and ST-15.

Each looks at the parts that count (`Stack.parts`); which those are is decided in
`stacking`, and which of them a pathway lets in, in `pathways`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from edc_issuer.record import CredentialRecord, Outcome
from edc_issuer.rules.assessment import pass_mark
from edc_issuer.rules.learners import Person, same_learner, same_organisation
from edc_issuer.rules.parts import (
    Combined,
    Part,
    Stack,
    added_minutes,
    outcome_keys,
    own_units,
    points_of,
)
from edc_issuer.rules.subject import MICRO_KINDS, Found, shown, times, total
from edc_issuer.rules.table import Severity
from edc_issuer.rules.workload import units_minutes

_HOUR = 60
FULL = ("qualification", "diploma")


def stack_findings(stack: Stack) -> Iterator[Found]:
    """All of them, on the parts that count."""
    missing = list(_missing(stack))
    yield from missing
    for index, part in enumerate(stack.parts):
        yield from credential_of(part, stack, f"parts[{index}]")
    yield from _learner(stack)
    if not missing:  # the sums of what is not complete say nothing
        yield from _sums(stack)
    yield from _full_qualification(stack)
    yield from _dates(stack)
    yield from _counted_before(stack)
    yield from _supersession(stack)


def _sums(stack: Stack) -> Iterator[Found]:
    yield from _hours(stack)
    yield from _credits(stack)
    yield from _outcomes(stack)
    yield from _level(stack)
    yield from _units(stack)


def _part(rule: str, path: str, part: Part, **more: object) -> Found:
    return Found(rule, path, part.code, {"part": part.code, **more})


def graph_findings(stack: Stack) -> Iterator[Found]:
    """ST-10: no part twice, none that is or holds the whole, none inside another."""
    record = stack.record
    own = {record.record_id, record.credential_id} if record else set()
    seen_ids: set[str] = set()
    seen_codes: set[str] = set()
    inside = [(part, *_inside(part)) for part in stack.parts]
    for index, part in enumerate(stack.parts):
        others = [(codes, ids) for held, codes, ids in inside if held is not part]
        codes, ids = _inside(part)
        code, whole = same_code(part.code), same_code(stack.programme.code)
        if (
            code in seen_codes
            or part.ids & (seen_ids | own)
            or code == whole
            or whole in codes
            or ids & own
            or any(code in held or part.ids & names for held, names in others)
        ):
            yield _part("ST-10", f"parts[{index}]", part)
        seen_codes.add(code)
        seen_ids |= part.ids
    yield from _named_twice(record)


def same_code(code: str) -> str:
    """A code as two spellings of it meet: `S4G-ECO` is `s4g-eco`."""
    return unicodedata.normalize("NFKC", code).casefold().strip()


def _inside(part: Part) -> tuple[set[str], set[str | None]]:
    """Programme codes and ids of what a part was itself put together from."""
    stacking = part.record.programme.stacking
    codes = set(stacking.parts if stacking else ())
    codes |= {named.programme_code for named in part.record.parts}
    codes = set(map(same_code, codes))
    ids = {named.record_id for named in part.record.parts}
    return codes, {*ids, *(named.credential_id for named in part.record.parts)} - {None}


def _named_twice(record: CredentialRecord | None) -> Iterator[Found]:
    """A record that lists one part twice, or itself."""
    if record is None:
        return
    seen = {record.record_id}
    for index, named in enumerate(record.parts):
        if named.record_id in seen:
            values = {"part": named.record_id}
            yield Found("ST-10", f"parts[{index}]", named.record_id, values)
        seen.add(named.record_id)


def _missing(stack: Stack) -> Iterator[Found]:
    """ST-01: what the programme lists, and what the record says it brought."""
    if stack.stacking is None or not stack.asks_for_all:
        return
    there = {part.code for part in stack.parts}
    optional = {
        named.programme_code
        for named in (stack.record.parts if stack.record else ())
        if named.required is False
    }
    for index, code in enumerate(stack.stacking.parts):
        if code not in there and code not in optional:
            path = f"programme.stacking.parts[{index}]"
            yield Found("ST-01", path, code, {"part": code, "case": "missing"})
    for index, named in enumerate(stack.record.parts if stack.record else ()):
        names = {named.record_id, named.credential_id}
        brought = [part for part in stack.parts if part.code == named.programme_code]
        if brought and not any(part.ids & names for part in brought):
            values = {"part": named.record_id, "case": "missing"}
            yield Found("ST-01", f"parts[{index}]", named.record_id, values)


def credential_of(part: Part, stack: Stack, path: str) -> Iterator[Found]:
    """ST-01 for one part: genuine, in force, and passed."""
    until = part.record.award.valid_until
    if part.verdict == "failed":
        yield _part("ST-01", path, part, case="failed")
    elif part.issuer_trusted is False:
        yield _part("ST-01", path, part, case="untrusted")
    elif part.verdict == "unknown":
        values = {"part": part.code}
        yield Found("ST-01", path, part.code, values, severity="unknown")
    if part.state == "revoked":
        yield _part("ST-01", path, part, case="revoked")
    elif part.state == "expired" or (until is not None and until < stack.at):
        yield _part("ST-01", path, part, case="expired")
    yield from _passed(part, path)


def _passed(part: Part, path: str) -> Iterator[Found]:
    record = part.record
    result, assessment = record.award.result, record.programme.assessment
    if assessment is None:
        if result is None or result.status != "pass":
            yield _part("ST-01", path, part, case="not_passed")
        return
    found = list(pass_mark(record, assessment))
    if any(one.severity is None for one in found):
        yield _part("ST-01", path, part, case="not_passed")
    elif found:
        yield Found("AS-01", path, part.code, severity="unknown")


def _learner(stack: Stack) -> Iterator[Found]:
    people = [Person.of(part.record, part.identities) for part in stack.parts]
    first = Person.of(stack.record, frozenset()) if stack.record else None
    known = first or (people[0] if people else None)
    for index, (part, person) in enumerate(zip(stack.parts, people, strict=True)):
        if known is None or person is known:
            continue
        answer = same_learner(known, person)
        if answer != "same":
            path, values = f"parts[{index}].learner", {"part": part.code}
            severity: Severity | None = "unknown" if answer == "unknown" else None
            yield Found("ST-02", path, part.code, values, severity=severity)


def _hours(stack: Stack) -> Iterator[Found]:
    """ST-03, in minutes, so that nothing is rounded."""
    if not stack.asks_for_all or not stack.parts:
        return  # of a choice of parts the pathway asks for enough, not for a sum
    path, workload = "programme.workload.hours", stack.programme.workload
    whole = _minutes(workload.hours if workload else None)
    brought = _minutes(Combined.of(stack.parts).hours)
    made = _plus(brought, added_minutes(stack.programme, stack.parts))
    if whole is None or brought is None or (made is None and brought != whole):
        yield Found("ST-03", path, severity="unknown")
    elif made is not None and made != whole:
        values = {"sum": _in_hours(made), "whole": _in_hours(whole)}
        yield Found("ST-03", path, values=values)


def _minutes(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else times(hours, _HOUR)


def _in_hours(minutes: Decimal) -> str:
    return shown(round(minutes / _HOUR, 2))


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else total(iter((one, other)))


def _credits(stack: Stack) -> Iterator[Found]:
    """ST-04: each system alone, and indicative points only as indicative ones."""
    if not stack.asks_for_all or not stack.parts:
        return
    path = "programme.credits"
    whole = points_of(stack.programme.credits)
    credits = [one for part in stack.parts for one in part.record.programme.credits]
    made = points_of(credits)
    for key in dict.fromkeys([*whole, *made]):
        needed, brought = whole.get(key, Decimal(0)), made.get(key, Decimal(0))
        if needed is None or brought is None:
            yield Found("ST-04", path, key[0], severity="unknown")
        elif needed != brought:
            mark = f"{key[0]} (indicative)" if key[1] else key[0]
            values = {"sum": f"{shown(brought)} {mark}", "whole": shown(needed)}
            yield Found("ST-04", path, key[0], values)


def _outcomes(stack: Stack) -> Iterator[Found]:
    """ST-05: nothing of a part is lost; what is added needs hours of its own."""
    path, stacking = "programme.outcomes", stack.stacking
    if (stacking is not None and stacking.pathway == "open") or not stack.parts:
        return  # the learner chooses, so the whole cannot know them
    held = _keys(stack.programme.outcomes)
    brought = Combined.of(stack.parts).outcomes
    for outcome in brought:
        if not outcome_keys(outcome) & held:
            yield _outcome(path, outcome.code, outcome.title)
    if not stack.asks_for_all or added_minutes(stack.programme, stack.parts) != 0:
        return
    known = _keys(brought)
    for index, outcome in enumerate(stack.programme.outcomes):
        if not outcome_keys(outcome) & known:
            place = f"{path}[{index}]"
            yield _outcome(place, outcome.code, outcome.title, case="added")


def _keys(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    return {key for outcome in outcomes for key in outcome_keys(outcome)}


def _outcome(
    path: str, code: str | None, title: Mapping[str, str], **more: object
) -> Found:
    name = code or next(iter(title.values()), "")
    return Found("ST-05", path, name, {"outcome": name, **more})


def _level(stack: Stack) -> Iterator[Found]:
    """ST-06: the highest of the parts, unless the whole adds something."""
    path, whole = "programme.level.eqf", stack.programme.level
    levels = [(part, part.record.programme.level) for part in stack.parts]
    if whole is None and all(level is None for _, level in levels):
        return
    if own_units(stack.programme, stack.parts):
        return
    stated = [(part, level.eqf if level else None) for part, level in levels]
    unknown = [part for part, eqf in stated if eqf is None]
    for part in unknown:
        yield Found("ST-06", path, part.code, {"part": part.code}, severity="unknown")
    highest = max((eqf for _, eqf in stated if eqf is not None), default=None)
    own = whole.eqf if whole else None
    if not unknown and own != highest:
        values = {"whole": own or "-", "parts": highest or "-"}
        yield Found("ST-06", path, values=values)


def _full_qualification(stack: Stack) -> Iterator[Found]:
    kind = stack.record.credential_kind if stack.record else stack.programme.kind
    kinds = {part.record.credential_kind for part in stack.parts}
    if kind in FULL and kinds and kinds <= set(MICRO_KINDS):
        yield Found("ST-07", "credential_kind" if stack.record else "programme.kind")


def _units(stack: Stack) -> Iterator[Found]:
    """ST-08: where the whole lists units, they are its own and those of its parts."""
    path, whole = "programme.units", stack.programme.units
    brought = [part.record.programme for part in stack.parts]
    if not whole or not brought or not all(programme.units for programme in brought):
        return
    own = own_units(stack.programme, stack.parts)
    made = len(own) + sum(len(programme.units) for programme in brought)
    if made != len(whole):
        yield Found("ST-08", path, values={"sum": made, "whole": len(whole)})
        return
    parts = [units_minutes(programme) for programme in brought]
    known = [minutes for minutes in parts if minutes is not None]
    added = added_minutes(stack.programme, stack.parts)
    needed = units_minutes(stack.programme)
    if needed is None or added is None or len(known) < len(parts):
        return
    minutes = total(iter((added, *known)))
    if minutes is not None and minutes != needed:
        numbers = {"sum": f"{shown(minutes)} min", "whole": f"{shown(needed)} min"}
        yield Found("ST-08", path, values={"case": "minutes", **numbers})


def _dates(stack: Stack) -> Iterator[Found]:
    last = max((part.awarded for part in stack.parts), default=None)
    if last is not None and stack.at < last:
        yield Found("ST-09", "award.date_awarded", values={"date": last})


def _counted_before(stack: Stack) -> Iterator[Found]:
    for index, part in enumerate(stack.parts):
        if part.ids & stack.consumed:
            yield _part("ST-11", f"parts[{index}]", part)


def _supersession(stack: Stack) -> Iterator[Found]:
    if stack.stacking is not None and stack.stacking.supersedes_parts == "replace":
        yield Found("ST-13", "programme.stacking.supersedes_parts")


def issuer_findings(stack: Stack) -> Iterator[Found]:
    """ST-15: trust and, on an open pathway, quality of what others issued."""
    if stack.issuer is None:
        return
    for index, part in enumerate(stack.parts):
        if same_organisation(stack.issuer, part.record.issuer):
            continue
        if not part.is_trusted or not meets_criteria(part, stack):
            yield _part("ST-15", f"parts[{index}].issuer", part)


def meets_criteria(part: Part, stack: Stack) -> bool:
    """The quality criteria of the open pathway; met by all on other ones."""
    if stack.stacking is None or stack.stacking.pathway != "open":
        return True
    programme = part.record.programme
    quality = programme.quality_assurance
    level = programme.level.eqf if programme.level else None
    least = stack.requirement.least_eqf
    high_enough = least is None or (level is not None and level >= least)
    stated = quality is not None and bool(quality.types)
    return stated and programme.assessment is not None and high_enough

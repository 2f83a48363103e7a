"""How the parts of a whole may be chosen: open, elective, rigid, or by a rule.

Open: any subject of any provider that meets quality criteria, until the target is
reached. Elective: from a list, perhaps so many of each group. Rigid: all of a list,
in its order. Beside these three of the ETF there are the plain rules `all_of`,
`n_of` and `credits_at_least`. Source: Scouts4GreenApp study.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from edc_issuer.rules.parts import Combined, Part, Stack, points_of
from edc_issuer.rules.stack_rules import meets_criteria
from edc_issuer.rules.subject import Found, shown


def pathway_findings(stack: Stack) -> Iterator[Found]:
    """PW-01, PW-02 and PW-04 on the parts that count."""
    stacking = stack.stacking
    if stacking is None or (stack.asks_for_all and not stacking.parts):
        # Nothing says what the whole is put together from.
        yield Found("PW-02", "programme.stacking.parts", severity="unknown")
        return
    if stacking.rule == "n_of":
        yield from _count(stack)
    if stacking.rule == "credits_at_least" or stacking.pathway in ("open", "elective"):
        yield from _target(stack)
    if stacking.pathway == "elective":
        yield from _groups(stack)
    if stacking.pathway == "rigid" or stacking.order == "sequence":
        yield from _order(stack)
        yield from _prerequisites(stack)


def lets_in(part: Part, stack: Stack) -> Found | None:
    """Why a part is not counted on this pathway (PW-03, PW-05); None: it is."""
    stacking = stack.stacking
    listed = stacking.parts if stacking and stacking.pathway != "open" else ()
    values = {"part": part.code}
    if listed and part.code not in listed:
        return Found("PW-03", "parts", part.code, values)
    if not meets_criteria(part, stack):
        return Found("PW-05", "parts", part.code, values)
    return None


def _count(stack: Stack) -> Iterator[Found]:
    needed, path = stack.requirement.count, "programme.stacking.rule"
    if needed is None:
        yield Found("PW-02", path, severity="unknown")
    elif len(stack.parts) < needed:
        yield Found("PW-02", path, values={"sum": len(stack.parts), "whole": needed})


def _groups(stack: Stack) -> Iterator[Found]:
    for codes, least in stack.requirement.groups:
        there = sum(part.code in codes for part in stack.parts)
        if there < least:
            values = {"sum": there, "whole": least}
            yield Found("PW-02", "programme.stacking.parts", values=values)


def _target(stack: Stack) -> Iterator[Found]:
    """PW-01 for each target: what the host asks for, else the size of the whole."""
    targets = list(_targets(stack))
    if not targets:
        yield Found("PW-01", "programme.stacking.rule", severity="unknown")
    for path, unit, made, needed in targets:
        if made is None or needed is None:
            yield Found("PW-01", path, severity="unknown")
        elif made < needed:
            values = {
                "sum": f"{shown(made)} {unit}",
                "whole": f"{shown(needed)} {unit}",
            }
            yield Found("PW-01", path, unit, values)


_Target = tuple[str, str, Decimal | None, Decimal | None]  # path, unit, made, needed


def _targets(stack: Stack) -> Iterator[_Target]:
    asked, programme = stack.requirement, stack.programme
    credits = [one for part in stack.parts for one in part.record.programme.credits]
    made = points_of(credits)
    hours = Combined.of(stack.parts).hours
    path = "programme.credits"
    if asked.hours is not None:
        yield "programme.workload.hours", "h", hours, asked.hours
    for system, points in asked.points.items():
        yield path, system, made.get((system, False), Decimal(0)), points
    if asked.hours is not None or asked.points:
        return
    for key, needed in points_of(programme.credits).items():
        yield path, key[0], made.get(key, Decimal(0)), needed
    own = programme.workload.hours if programme.workload else None
    if not programme.credits and own is not None:
        yield "programme.workload.hours", "h", hours, own


def _order(stack: Stack) -> Iterator[Found]:
    """PW-04: in the order of the list, no part was awarded before the one before."""
    codes = stack.stacking.parts if stack.stacking else ()
    places = {code: place for place, code in enumerate(codes)}
    listed = [part for part in stack.parts if part.code in places]
    listed.sort(key=lambda part: places[part.code])
    for before, after in pairwise(listed):
        if after.awarded < before.awarded:
            yield Found("PW-04", "parts", after.code, {"part": after.code})


def _prerequisites(stack: Stack) -> Iterator[Found]:
    first = {part.code: part.awarded for part in stack.parts}
    for part in stack.parts:
        for code in stack.requirement.prerequisites.get(part.code, ()):
            day = first.get(code)
            if day is None or day > part.awarded:
                yield Found("PW-04", "parts", part.code, {"part": part.code})
                break

"""Rules on a finished credential, built or received, of either model.

WL-03: a duration that says months where minutes were meant. WL-06: credits that the
programme calls indicative must not stand there as awarded ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from itertools import islice
from typing import Any

from edc_issuer import vocab
from edc_issuer.record import CredentialRecord
from edc_issuer.rules.findings import MAX_FINDINGS, Finding, judged
from edc_issuer.rules.subject import Found, profiles_of

Node = Mapping[str, Any]
_DURATIONS = ("volumeOfLearning", "workload")
_MONTHS = re.compile(r"-?P(?:[0-9.]+Y)?[0-9.]+M")  # before the T of an ISO 8601 time
_NOTE = "urn:x-mc:indicative-credit"
_LAST_FIGURE = re.compile(r"\(([^\s()]{1,20}) ([0-9]{1,9}(?:\.[0-9]{1,9})?)\)$")
_SPECIFICATIONS = ("specifiedBy", "achievement")
_AWARDED = ("creditPoint", "creditReceived")  # ELM
_NUMBERS = ("creditsAvailable", "creditsEarned")  # Open Badges: bare, so read as ECTS


def credential_findings(
    credential: Node, *, record: CredentialRecord | None = None
) -> tuple[Finding, ...]:
    """Findings of scope `credential`; paths are JSON pointers into `credential`.

    What is indicative is read from the credential's own notes; `record`, where it is
    at hand, says it too, and knows a system of which points were also awarded.
    """
    found = _found(credential, record)
    profiles = profiles_of(record) if record else ("EU",)
    return judged(islice(found, MAX_FINDINGS), profiles)


def _found(credential: Node, record: CredentialRecord | None) -> Iterator[Found]:
    known = _of_record(record) if record else None
    told: set[str] = set()
    for path, node in _nodes(credential):
        yield from _months(path, node)
        for found in _awarded_although_indicative(path, node, known):
            if found.path not in told:
                told.add(found.path)
                yield found


def _nodes(value: Any) -> Iterator[tuple[str, Node]]:
    """Every object with its pointer, the outermost first."""
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, Mapping):
            yield path, item
            steps = [(f"{path}/{_escaped(key)}", held) for key, held in item.items()]
        elif isinstance(item, list):
            steps = [(f"{path}/{index}", held) for index, held in enumerate(item)]
        else:
            continue
        pending += [
            step for step in reversed(steps) if isinstance(step[1], list | dict)
        ]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _items(value: Any) -> list[Any]:
    """JSON-LD writes one value alone or in a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _months(path: str, node: Node) -> Iterator[Found]:
    given = [(name, value) for name in _DURATIONS for value in _items(node.get(name))]
    if node.get("targetType") == "ext:VolumeOfLearning":
        given.append(("targetCode", node.get("targetCode")))
    for name, value in given:
        text = value.get("@value") if isinstance(value, Mapping) else value
        if isinstance(text, str) and _MONTHS.match(text):
            shown = text[:40]
            yield Found("WL-03", f"{path}/{name}", shown, {"value": shown})


@dataclass(frozen=True, slots=True)
class _Points:
    """Points of a system; "" where no system is named."""

    system: str
    points: Decimal
    path: str = ""


def _of_record(record: CredentialRecord) -> list[_Points]:
    """Indicative points of systems of which the record awards none."""
    credits = record.programme.credits
    awarded = {item.system for item in credits if not item.indicative}
    return [
        _Points(item.system, Decimal(item.points))
        for item in credits
        if item.indicative and item.system not in awarded
    ]


def _awarded_although_indicative(
    path: str, node: Node, known: list[_Points] | None
) -> Iterator[Found]:
    """Notes and credits of one achievement: its own, and those of what specifies it."""
    places = [(path, node), *_specifications(path, node)]
    noted = [one for place in places for one in _indicative(place[1])]
    indicative = noted if known is None else known
    if not indicative:
        return
    for where, held in places:
        for one in _awarded(where, held):
            if any(_same(one, other) for other in indicative):
                points = str(one.points)
                yield Found("WL-06", one.path, points, {"points": points})


def _specifications(path: str, node: Node) -> Iterator[tuple[str, Node]]:
    for name in _SPECIFICATIONS:
        held = node.get(name)
        for index, item in enumerate(_items(held)):
            if isinstance(item, Mapping):
                step = f"/{index}" if isinstance(held, list) else ""
                yield f"{path}/{name}{step}", item


def _same(awarded: _Points, indicative: _Points) -> bool:
    """One system; where a note names none, the number has to tell."""
    if indicative.system and awarded.system:
        return awarded.system == indicative.system
    return awarded.points == indicative.points


def _indicative(node: Node) -> Iterator[_Points]:
    for note in _items(node.get("additionalNote")):
        subject = note.get("subject") if isinstance(note, Mapping) else None
        if isinstance(subject, Mapping) and subject.get("id") == _NOTE:
            yield from _noted(note.get("noteLiteral"))
    for target in _items(node.get("alignment")):
        if _targets(target, "ext:IndicativeCredit"):
            yield from _aligned(target, "")


def _noted(texts: Any) -> Iterator[_Points]:
    """The figure at the end of a note: `... (ECTS 0.5)`."""
    given = texts.values() if isinstance(texts, Mapping) else ()
    for text in given:
        found = _LAST_FIGURE.search(text[-80:]) if isinstance(text, str) else None
        if found:
            yield _Points(found[1], Decimal(found[2]))
            return


def _awarded(path: str, node: Node) -> Iterator[_Points]:
    for name in _AWARDED:
        held = node.get(name)
        for index, item in enumerate(_items(held)):
            step = f"/{index}" if isinstance(held, list) else ""
            if isinstance(item, Mapping):
                number = _number(item.get("point"))
                if number is not None:
                    system = _system(item.get("framework"))
                    yield _Points(system, number, f"{path}/{name}{step}")
    for name in _NUMBERS:
        number = _number(node.get(name))
        if number is not None:
            yield _Points("ECTS", number, f"{path}/{name}")
    for index, target in enumerate(_items(node.get("alignment"))):
        if _targets(target, "ext:CreditPoint"):
            yield from _aligned(target, f"{path}/alignment/{index}")


def _targets(target: Any, kind: str) -> bool:
    return isinstance(target, Mapping) and target.get("targetType") == kind


def _aligned(target: Node, path: str) -> Iterator[_Points]:
    number = _number(target.get("targetCode"))
    framework = target.get("targetFramework")
    system = framework.split(" ")[0] if isinstance(framework, str) else ""
    if number is not None:
        yield _Points(system, number, path)


def _number(value: Any) -> Decimal | None:
    """A number or its text of an honest length; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value)) if len(str(value)) <= 30 else Decimal("NaN")
    except DecimalException:
        return None
    return number if number.is_finite() else None


def _system(framework: Any) -> str:
    """The code of a credit system: that of our list, else the end of its address."""
    address = framework.get("id") if isinstance(framework, Mapping) else framework
    if not isinstance(address, str):
        return ""
    known = vocab.by_uri(address)
    return known.code if known else re.split("[:/#]", address)[-1]

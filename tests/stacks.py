"""Three honest Scouts4Green parts and their whole, for tests to change one thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from edc_issuer.record import CredentialRecord, ProgrammeDocument
from edc_issuer.rules.parts import Part
from edc_issuer.rules.stacking import Eligibility, assess
from world import RECORDS, record_dict

NAMES = ("ecological", "economic", "social")
DAY = date(2025, 11, 28)
Data = dict[str, Any]
Change = Callable[[Data, list[Data]], object]


def part_dict(name: str) -> Data:
    return record_dict(f"scouts4green_{name}")


def whole_dict() -> Data:
    """The larger programme, before anyone is awarded it."""
    path = RECORDS.parent / "programmes" / "scouts4green_all.json"
    found: Data = json.loads(path.read_text(encoding="utf-8"))
    return found


def passed(data: Data, **known: Any) -> Part:
    known.setdefault("verdict", "passed")
    return Part(CredentialRecord.from_dict(data), **known)


def three(**known: Any) -> list[Part]:
    return [passed(part_dict(name), **known) for name in NAMES]


def whole() -> ProgrammeDocument:
    return ProgrammeDocument.from_dict(whole_dict())


def asked(change: Change, **options: Any) -> Eligibility:
    """The answer after a change to the whole and its parts, as JSON."""
    data, parts = whole_dict(), [part_dict(name) for name in NAMES]
    change(data, parts)
    document = ProgrammeDocument.from_dict(data)
    options.setdefault("at", DAY)
    return assess(document, [passed(part) for part in parts], **options)


def told(found: Eligibility) -> set[tuple[str, str]]:
    return {(one.rule, one.severity) for one in found.findings}


def programme(data: Data) -> Data:
    found: Data = data["programme"]
    return found


def qualification(data: Data, parts: list[Data]) -> None:
    programme(data)["kind"] = "qualification"


def of_another_school(data: Data, parts: list[Data]) -> None:
    for member in ("id", "legal_identifier", "registration", "tax_identifier"):
        parts[0]["issuer"].pop(member, None)
    parts[0]["issuer"]["legal_name"] = {"hr": "Tehnička škola Đurđevac"}
    parts[0]["learner"]["internal_id"] = "77"


def path(**stacking: Any) -> Change:
    def change(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(stacking)

    return change


def two_parts(**stacking: Any) -> Change:
    """The same with the first two parts only, and a target they reach."""

    def change(data: Data, parts: list[Data]) -> None:
        programme(data)["stacking"].update(stacking)
        programme(data)["credits"] = [
            {"system": "ECTS", "points": "1", "indicative": True}
        ]
        parts.pop()

    return change

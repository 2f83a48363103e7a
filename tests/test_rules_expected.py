"""What the domain pack expects of every fixture record, finding by finding."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.rules.findings import findings
from world import RECORDS, record

NAMES = sorted(path.stem for path in RECORDS.glob("*.json"))


def expected(name: str) -> dict[str, Any]:
    path = shared_file("domain/expected_rules.json")
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[name]
    return told


@pytest.mark.parametrize("name", NAMES)
def test_every_record_has_exactly_the_expected_findings(name: str) -> None:
    found = findings(record(name))

    told = [[f.rule, f.severity, *([f.detail] * (f.detail is not None))] for f in found]
    assert told == expected(name)["issues"]

"""DSS, the Commission's validator, on seals of every level and through the years."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from interop.dss_judge import Asked, indication, judged, only
from interop.judges import RECORD, dss_version
from interop.late import cases, checks, expected, manifest, told, write

pytestmark = pytest.mark.interop


@cache
def asked() -> Mapping[str, dict[str, Any]]:
    """What DSS says of the one seal of each case."""
    given = {
        name: Asked(
            case.data,
            tuple(one.public_bytes(Encoding.PEM) for one in case.anchors),
            case.crls,
            case.at,
        )
        for name, case in cases().items()
    }
    return {name: only(rows) for name, rows in judged(given).items()}


def _dss(name: str) -> str:
    row = asked()[name]
    return f"{indication(row)}; {row['level']}"


@pytest.mark.parametrize("level", ["LT", "LTA"])
def test_every_seal_of_ours_with_its_evidence_passes(level: str) -> None:
    found = [
        name
        for name in cases()
        if name.startswith("level:") and name.endswith(f" {level}")
    ]

    assert len(found) == 12
    assert {indication(asked()[name]) for name in found} == {"TOTAL_PASSED"}


def test_the_level_is_recognised_but_for_sigt_after_july_2025() -> None:
    for name in cases():
        if name.startswith("level:"):
            is_late_sigt = "edci-1.x, 2026" in name
            level = f"JAdES-BASELINE-{name.rpartition(' ')[2]}"
            known = "JSON-NOT-ETSI" if is_late_sigt else level
            assert asked()[name]["level"] == known, name


def test_nothing_is_odd_about_the_structure_of_what_we_write() -> None:
    for name in cases():
        if name.startswith("level:"):
            assert asked()[name]["structure"] == [], name


def test_every_timestamp_that_we_write_fits_in_the_eyes_of_the_judge() -> None:
    for name in cases():
        if (
            "tampered" not in name
            and "damaged" not in name
            and "no answers" not in name
        ):
            stamps = asked()[name]["timestamps"]
            assert all(stamp["fits"] for stamp in stamps), name


def test_the_judge_says_what_it_said_before_and_we_say_the_same() -> None:
    if os.environ.get(RECORD) == "1":
        _record()
    rows = manifest()

    assert {name: _dss(name) for name in cases()} == {
        name: row["dss"] for name, row in rows.items()
    }


def _record() -> None:
    """Write the manifest anew; what explains a difference is kept."""
    before, rows = manifest(), {}
    for name, case in cases().items():
        report, said = case.report(), _dss(name)
        row = {"dss": said}
        if told(report) != said.partition(";")[0]:
            why = before.get(name, {}).get("why", "")
            row |= {"ours": told(report), "why": why}
        rows[name] = row | {"checks": checks(report)}
    write(dss_version(), rows)


def test_our_word_is_that_of_the_manifest() -> None:
    for name, row in manifest().items():
        assert told(cases()[name].report()) == expected(row), name

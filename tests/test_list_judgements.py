"""What we read in trusted lists and conclude, beside the judge's word as it was frozen.

Java is not needed here: `make interop` asks the judge again.
"""

from __future__ import annotations

import pytest

from interop.lists import forged, manifest, ours, ours_of, summary
from interop.qualified import answer, expected, names, needs_reason, stamped
from interop.qualified_cases import stamps

SEALS = manifest()["qualification"]
FORGED = manifest()["forged"]
STAMPS = manifest()["timestamps"]


def test_what_we_read_in_the_real_lists_is_what_the_judge_read() -> None:
    found = {address: summary(read) for address, read in ours().items()}

    assert found == manifest()["lists"]
    assert sum(one["states"] for one in found.values()) == 827


def test_every_forged_list_is_refused_and_its_twin_is_read() -> None:
    found = {name: ours_of(world) for name, world in forged().items()}

    assert found == {name: row["ours"] for name, row in FORGED.items()}
    assert [name for name, said in found.items() if said == "read"] == ["HR: unchanged"]


def test_the_judge_reads_no_forged_list_either_but_passes_over_pivots() -> None:
    read = {name for name, row in FORGED.items() if row["dss"].endswith("PASSED")}

    assert {name for name, row in FORGED.items() if "why" in row} == read - {
        "HR: unchanged"
    }
    assert all("pivot" in name for name in read - {"HR: unchanged"})
    assert all(row.get("why", "yes") for row in FORGED.values())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", SEALS)
def test_we_say_of_a_seal_what_the_manifest_says(name: str) -> None:
    found, row = answer(name), SEALS[name]

    assert (found.word, found.check) == (expected(row), row["check"])
    assert found.report.check("seal.qualified").evidence.get("word") in (
        found.word.partition(";")[0],
        None,
    )
    assert needs_reason(row["dss"], found) is bool(row.get("why"))


@pytest.mark.parametrize("name", STAMPS)
def test_lists_vouch_for_the_timestamps_that_the_judge_calls_qualified(
    name: str,
) -> None:
    found, row = stamped(stamps()[name]), STAMPS[name]

    assert found == row["check"]
    is_same = (found == "pass") is (row["dss"] == "QTSA")
    assert is_same is not bool(row.get("why"))


def test_the_manifest_has_every_seal_and_timestamp() -> None:
    assert set(SEALS) == set(names())
    assert set(STAMPS) == set(stamps())


def test_no_seal_is_qualified_here_that_is_not_for_the_judge() -> None:
    qualified = {name for name, row in SEALS.items() if row["check"] == "pass"}

    assert len(qualified) > 10
    assert all(SEALS[name]["dss"].startswith("QESeal;") for name in qualified)

"""Our word and checks on seals through the years, beside the judge's as it was frozen.

Java is not needed here: `make interop` asks the judge again.
"""

from __future__ import annotations

import pytest

from interop.late import cases, checks, expected, manifest, told

pytestmark = pytest.mark.slow  # 143 seals are made once

STRICTER = (
    "INDETERMINATE/REVOKED_NO_POE",
    "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED",
)


@pytest.mark.parametrize("name", manifest())
def test_we_say_what_the_manifest_says(name: str) -> None:
    row = manifest()[name]

    report = cases()[name].report()

    assert (told(report), checks(report)) == (expected(row), row["checks"])


def test_the_manifest_has_every_case() -> None:
    assert set(manifest()) == set(cases())


def test_every_difference_is_explained_and_none_is_looser() -> None:
    differing = {name: row for name, row in manifest().items() if "ours" in row}

    assert len(differing) < 10
    for name, row in differing.items():
        assert row["why"], name
        assert row["ours"] in STRICTER, name


def test_nothing_passes_here_that_the_judge_does_not_pass() -> None:
    for name, row in manifest().items():
        if row["checks"].startswith("PASSED"):
            assert row["dss"].startswith("TOTAL_PASSED"), name

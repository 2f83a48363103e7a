"""Other people's seals: our word beside the judge's, as both were frozen.

The expected words are those of DSS 6.4, asked once with the same anchors and times
(`make interop` asks again); where ours is another, the manifest says why in one line.
"""

from __future__ import annotations

import pytest

from jades_vectors import checks, manifest, told, vectors

# The words with which a file is refused that the judge reads on, and the stricter one.
STRICTER = ("refused:", "INDETERMINATE/")


@pytest.mark.parametrize("name", manifest())
def test_our_word_is_that_of_the_manifest(name: str) -> None:
    row = manifest()[name]

    report = vectors()[name].report()

    assert told(report) == row.get("ours", row["dss"])
    assert checks(report) == row["checks"]


def test_every_vector_at_hand_is_in_the_manifest() -> None:
    assert set(vectors()) == set(manifest())


def test_every_difference_is_explained_and_none_is_looser() -> None:
    for name, row in manifest().items():
        assert ("ours" in row) == ("why" in row), name
        if "ours" in row:
            assert row["why"], name
            assert row["ours"].startswith(STRICTER), name


def test_nothing_of_them_passes() -> None:
    """None of the signers is named by anybody as an issuer."""
    assert not [
        name for name, row in manifest().items() if row["checks"].startswith("PASSED")
    ]

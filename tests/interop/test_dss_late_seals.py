"""Our verifier on seals of every level that DSS, the Commission's library, made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from interop.dss_judge import Asked, indication, judged, only
from interop.judges import Judgement, dss_version, hold
from interop.late_seals import ALGORITHMS, FILES, LAYOUTS, case, completed
from jades_vectors import told
from late_life import LATE, SOON, Case

pytestmark = pytest.mark.interop
JUDGE = "DSS, levels T to LTA (dss-jades, dss-service)"
LTA = "JAdES-BASELINE-LTA"
TIMES: Mapping[str, datetime] = {"soon": SOON, "years later": LATE}
NAMES = [f"{a}, {lay}, {f}" for a in ALGORITHMS for lay in LAYOUTS for f in FILES]


@cache
def theirs() -> Mapping[str, str]:
    """What DSS says of its own files."""
    given = {}
    for name in NAMES:
        for when, at in TIMES.items():
            given[f"{name}, {when}"] = _asked(case(name, at))
    return {name: indication(only(rows)) for name, rows in judged(given).items()}


def _asked(one: Case) -> Asked:
    pems = tuple(anchor.public_bytes(Encoding.PEM) for anchor in one.anchors)
    return Asked(one.data, pems, at=one.at)


def ours(name: str) -> str:
    file, _, when = name.rpartition(", ")
    return told(case(file, TIMES[when]).report())


def test_we_say_of_their_seals_what_they_say() -> None:
    assert {name: ours(name) for name in theirs()} == theirs()


@pytest.mark.parametrize("name", NAMES)
def test_every_timestamp_of_theirs_fits_what_we_say_it_covers(name: str) -> None:
    stamps = case(name, SOON).report().check("time.signed").evidence["timestamps"]

    expected = {"T": 1, "LT": 1, "LTA": 2, "renewed": 3}
    assert len(stamps) == expected[name.rpartition(", ")[2]]
    assert not {one["reason"] for one in stamps} & {"broken", "unreadable"}


@pytest.mark.parametrize("name", [name for name in NAMES if "renewed" in name])
def test_a_renewed_seal_of_theirs_outlives_its_first_authority(name: str) -> None:
    bare = name.replace("renewed", "LTA")

    assert told(case(name, LATE).report()) == "TOTAL_PASSED"
    assert told(case(bare, LATE).report()).startswith("INDETERMINATE")


def test_what_they_began_and_we_complete_outlives_the_first_authority_for_both() -> (
    None
):
    cases = {
        f"{algorithm}, {layout}, {of}": completed(algorithm, layout, of)
        for algorithm in ALGORITHMS
        for layout in LAYOUTS
        for of in ("T", "LT", "LTA")
    }

    said = judged({name: _asked(case) for name, case in cases.items()})

    for name, one in cases.items():
        row = only(said[name])
        assert (indication(row), row["level"]) == ("TOTAL_PASSED", LTA), name
        assert all(stamp["fits"] for stamp in row["timestamps"]), name
        assert told(one.report()) == "TOTAL_PASSED", name


@pytest.mark.parametrize("name", NAMES)
def test_we_recognise_the_level(name: str) -> None:
    (proof,) = case(name, SOON).report().proofs

    assert proof.level == name.rpartition(", ")[2].replace("renewed", "LTA")


def test_we_say_what_we_said_before() -> None:
    said = {f"{name}": ours(name) for name in theirs()}
    hold(Judgement(JUDGE, dss_version(), "theirs", said))

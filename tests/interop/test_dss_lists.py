"""DSS, the Commission's library, on trusted lists and on what follows from them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from interop.dss_judge import only
from interop.judges import RECORD, dss_version
from interop.lists import (
    World,
    forged,
    judged,
    manifest,
    ours,
    ours_of,
    real,
    summary,
    theirs,
    word_of,
    write,
)
from interop.qualified import (
    SAMPLED,
    SEAL,
    answer,
    names,
    needs_reason,
    said,
    sample_seals,
    stamped,
    world,
)
from interop.qualified_cases import Row, rows, stamps

pytestmark = pytest.mark.interop
PASSED = "TOTAL_PASSED"


@cache
def worlds() -> Mapping[str, World]:
    """All that is asked, in one start of Java."""
    lists = {"real": replace(real(), seals=sample_seals()), **forged()}
    seals = {name: world(row) for name, row in rows().items()}
    return lists | seals | {_stamp(name): world(row) for name, row in stamps().items()}


def _stamp(name: str) -> str:
    return f"timestamp: {name}"


@cache
def asked() -> Mapping[str, Any]:
    return judged(worlds())


def _seal(name: str) -> dict[str, Any]:
    if name in SAMPLED:
        return only(asked()["real"]["seals"][name])
    return only(asked()[name]["seals"][SEAL])


@cache
def _forged() -> Mapping[str, str]:
    return {name: word_of(one, asked()[name]) for name, one in forged().items()}


@cache
def _qualified() -> Mapping[str, str]:
    return {name: said(_seal(name)) for name in names()}


@cache
def _stamps() -> Mapping[str, str]:
    found = {name: _seal(_stamp(name))["timestamps"] for name in stamps()}
    return {name: row[0]["qualification"] for name, row in found.items()}


def test_both_read_the_same_in_every_real_list() -> None:
    found = asked()["real"]["lists"]

    assert set(found) == set(ours()) == set(real().files)
    for address, row in found.items():
        assert row["indication"] == PASSED, address
        assert theirs(row) == ours()[address], address


def test_the_lists_of_our_own_hold() -> None:
    for name, row in rows().items():
        if row.has_lists:
            (found,) = asked()[name]["lists"].values()
            assert found["indication"] == PASSED, name


def test_every_seal_that_is_asked_about_is_one() -> None:
    for name in rows():
        assert _seal(name)["indication"] == PASSED, name


def test_the_judge_says_what_it_said_before_and_we_say_the_same() -> None:
    if os.environ.get(RECORD) == "1":
        _record()
    kept = manifest()

    lists = {url: summary(theirs(row)) for url, row in _lists().items()}
    assert lists == kept["lists"]
    for part, found in (
        ("forged", _forged()),
        ("qualification", _qualified()),
        ("timestamps", _stamps()),
    ):
        assert found == {name: row["dss"] for name, row in kept[part].items()}


def _lists() -> Mapping[str, Any]:
    found: Mapping[str, Any] = asked()["real"]["lists"]
    return found


def _record() -> None:
    """Write the manifest anew; what explains a difference is kept."""
    before = manifest()
    tampered = {}
    for name, world_ in forged().items():
        row = {"dss": _forged()[name], "ours": ours_of(world_)}
        tampered[name] = row | _why(before["forged"], name, differs=_differs(row))
    qualified = {}
    for name in names():
        dss, found = _qualified()[name], answer(name)
        row = {"dss": dss} | ({} if found.word == dss else {"ours": found.word})
        differs = needs_reason(dss, found)
        row |= _why(before["qualification"], name, differs=differs)
        qualified[name] = row | {"check": found.check}
    write(
        dss_version(),
        lists={url: summary(theirs(row)) for url, row in _lists().items()},
        forged=tampered,
        qualification=qualified,
        timestamps={
            name: _stamp_row(before["timestamps"], name, row)
            for name, row in stamps().items()
        },
    )


def _stamp_row(before: Mapping[str, Any], name: str, row: Row) -> dict[str, str]:
    kept = {"dss": _stamps()[name], "check": stamped(row)}
    differs = (kept["dss"] == "QTSA") is not (kept["check"] == "pass")
    return kept | _why(before, name, differs=differs)


def _differs(row: Mapping[str, str]) -> bool:
    return row["dss"].endswith(PASSED) is not (row["ours"] == "read")


def _why(before: Mapping[str, Any], name: str, *, differs: bool) -> dict[str, str]:
    return {"why": before.get(name, {}).get("why", "")} if differs else {}

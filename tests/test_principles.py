"""The ten principles: what supports each, and what is missing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import ROOT
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.rules.elements import data
from edc_issuer.rules.principles import Principle, Support, principles
from element_worlds import EMPTY, KINDS, document
from world import record_dict

GIVEN = data("principles.json")["principles"]
TRACES = [
    (principle["id"], trace["id"], kind)
    for principle in GIVEN
    for trace in principle["supports"]
    for kind in KINDS
    if not trace.get("by_library")
]


def named(found: tuple[Principle, ...], name: str) -> Principle:
    return next(one for one in found if one.id == name)


def paths(principle: str, trace: str, kind: str) -> Any:
    supports = next(p for p in GIVEN if p["id"] == principle)["supports"]
    return next(t for t in supports if t["id"] == trace)[kind]


@pytest.mark.parametrize(("principle", "trace", "kind"), TRACES)
def test_each_trace_supports_its_principle_and_its_absence_is_named(
    principle: str, trace: str, kind: str
) -> None:
    path = paths(principle, trace, kind)[0]

    with_it = named(principles(document(kind, [path])), principle)
    without_it = named(principles(document(kind, [])), principle)

    own_id = f"{principle}.{trace}"
    assert own_id not in {one.id for one in with_it.missing}
    assert own_id in {one.id for one in without_it.missing}
    assert with_it.status is not Support.NOT


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_document_supports_only_what_the_program_does(kind: str) -> None:
    found = principles(EMPTY[kind])

    assert [one.id for one in found] == [f"P{n:02}" for n in range(1, 11)]
    partly = {one.id for one in found if one.status is not Support.NOT}
    assert partly == {"P07", "P10"}


def test_a_good_record_supports_its_principles() -> None:
    found = principles(record_dict("mcvet_3d_si"))

    status = {one.id: one.status for one in found}
    assert status["P04"] is Support.SUPPORTED
    assert status["P09"] is Support.SUPPORTED
    assert status["P02"] is Support.PARTLY
    assert named(found, "P02").missing[0].id == "P02.level"


def test_a_programme_alone_is_not_blamed_for_the_award() -> None:
    path = ROOT / "fixtures/programmes/hko_3d.json"
    found = principles(json.loads(path.read_text("utf-8")))

    identity = named(found, "P09")
    waiting = {one.id for one in identity.traces if one.status == "not_yet"}
    assert waiting == {"P09.holder", "P09.date"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trace_has_a_name(language: str) -> None:
    messages = Messages(language)

    for principle in principles(EMPTY["record"]):
        assert principle.label(language)
        for trace in principle.to_json(messages)["supports"]:
            assert not trace["label"].startswith("[principle")

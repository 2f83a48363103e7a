"""The language of places: what it finds, where, and at which cost."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.rules.completeness import completeness
from edc_issuer.rules.elements import Inspected
from edc_issuer.rules.lint import lint
from edc_issuer.rules.paths import Tree, dotted, parse, pointer
from edc_issuer.rules.principles import principles
from edc_issuer.rules.profiles import PROFILES
from edc_issuer.rules.values import is_filled
from element_worlds import EMPTY, KINDS, document, full
from world import record_dict

NOTES = [
    {"subject": {"id": "urn:x:level", "type": "Concept"}, "text": "raven"},
    {"subject": [{"id": "urn:x:other"}, {"id": "urn:x:quality:internal"}], "text": "č"},
    {"text": "brez"},
]


def found(value: Any, path: str, *, joined: bool = False) -> list[Any]:
    return [hit.value for hit in Tree.of(value, joined=joined).find(path)]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a.b", [1, 2]),
        ("a[].b", [1, 2]),
        ("a.c|a.b", [1, 2]),
        ("none|a.b", [1, 2]),
        ("a.none", []),
        ("a[b=2].b", [2]),
        ("a[b!=2].b", [1]),
        ("notes[subject=urn:x:level].text", ["raven"]),
        ("notes[subject^=urn:x:quality:].text", ["č"]),
        ("notes[subject^=quality].text", []),
        ("notes[subject*=quality].text", ["č"]),
        ("notes[subject].text", ["raven", "č"]),
        ("notes[subject!=urn:x:level].text", ["č", "brez"]),
        ("[kind=x].kind", ["x"]),
        ("[kind=y].kind", []),
    ],
)
def test_a_path_finds_what_stands_there(path: str, wanted: list[Any]) -> None:
    value = {"a": [[{"b": 1}], {"b": 2, "c": " "}], "notes": NOTES, "kind": "x"}

    assert found(value, path) == wanted


@pytest.mark.parametrize("path", ["a..b", "a[b", "a b", "a#nothing", "ž.."])
def test_a_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be read|no such kind"):
        parse(path)


def test_a_place_is_told_as_its_reader_knows_it() -> None:
    trail = (((None, "a/b"), 0), "c~")

    assert pointer(trail) == "/a~1b/0/c~0"
    assert dotted(trail) == "a/b[0].c~"


def test_objects_of_one_id_are_read_as_one() -> None:
    value = {
        "issuer": {"id": "urn:o", "legalName": {"sl": "Šola"}},
        "body": [{"id": "urn:o"}, "urn:p"],
        "elsewhere": {"id": "urn:p", "legalName": {"sl": "Čebela"}},
    }

    assert found(value, "body.legalName") == []
    assert found(value, "body.legalName", joined=True) == [
        {"sl": "Šola"},
        {"sl": "Čebela"},
    ]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, False),
        ("", False),
        (" \t", False),
        ({}, False),
        ([[], [None, {"type": "Concept"}]], False),
        ({"@context": "https://x", "@type": "Y"}, False),
        (0, True),
        (False, True),
        ({"id": "urn:x"}, True),
        ([[[" ", "č"]]], True),
    ],
)
def test_only_what_says_something_is_there(value: Any, says: bool) -> None:
    assert is_filled(value) is says


def deep(depth: int, inner: Any, *, as_list: bool) -> Any:
    for _ in range(depth):
        inner = [inner] if as_list else {"hasPart": inner, "title": []}
    return inner


@pytest.mark.slow
@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_depth_beyond_every_stack_is_walked(kind: str, as_list: bool) -> None:
    depth = sys.getrecursionlimit() * 10
    nest = deep(depth, {"title": {"sl": "x"}}, as_list=as_list)
    value = {
        **EMPTY[kind],
        "programme": nest,
        "learner": nest,
        "credentialSubject": nest,
        "issuer": nest,
    }

    for name in PROFILES:
        assert completeness(value, profile=name).rows
    assert len(principles(value)) == 10
    assert isinstance(lint(value), tuple)


class Counted(dict[str, Any]):
    """An object that counts how often anybody looks into it."""

    looks = 0

    def get(self, key: Any, default: Any = None) -> Any:
        Counted.looks += 1
        return super().get(key, default)

    def __getitem__(self, key: Any) -> Any:
        Counted.looks += 1
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        Counted.looks += 1
        return super().__contains__(key)


def looks(number: int, **member: Any) -> int:
    """How often objects are looked into, for so many notes and alignments."""
    notes = [Counted(subject=f"urn:{n}", **member) for n in range(number)]
    alignments = [Counted(targetType=f"ext:{n}", **member) for n in range(number)]
    Counted.looks = 0
    for kind in ("elm", "ob3"):
        subject = {
            "hasClaim": {"specifiedBy": {"additionalNote": notes}},
            "achievement": {"alignment": alignments},
        }
        value = {**EMPTY[kind], "credentialSubject": subject}
        completeness(value, profile="HR")
        principles(value)
        lint(value)
    return Counted.looks


@pytest.mark.slow
@pytest.mark.parametrize("member", [{}, {"id": "urn:same"}, {"type": "Note"}])
def test_the_work_grows_with_the_document_and_not_with_its_square(
    member: dict[str, Any],
) -> None:
    small, large = looks(500, **member), looks(5_000, **member)

    assert small > 0
    assert large <= 11 * small


@pytest.mark.slow
def test_nodes_by_the_thousands_are_looked_through() -> None:
    many = [{"id": "urn:o", "title": {"sl": "č"}, "subject": "urn:x"}] * 30_000
    specified = {"learningOutcome": many, "additionalNote": many}
    claim = {"specifiedBy": specified, "title": many}
    value = {**EMPTY["elm"], "credentialSubject": {"hasClaim": claim}}

    result = completeness(value, profile="EU")

    assert result.annex1_score.of == 11
    assert len(lint(value)) <= 500


NAMES = [
    *("id", "type", "title", "sl", "programme", "outcomes", "alignment", "level"),
    *("credentialSubject", "hasClaim", "specifiedBy", "learningOutcome", "@value"),
    *("achievement", "targetType", "assessment", "units"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(KINDS), st.sampled_from(PROFILES))
def test_whatever_stands_there_is_answered(value: Any, kind: str, name: str) -> None:
    members = value if isinstance(value, dict) else {"programme": value}
    whole = {**members, **EMPTY[kind]}

    result = completeness(whole, profile=name)

    assert 0 <= result.score.present <= result.score.of
    assert len(principles(whole)) == 10
    assert all(hint.path is not None for hint in lint(whole))


@given(JSON)
def test_a_record_with_a_foreign_value_anywhere_is_answered(value: Any) -> None:
    for name in ("programme", "award", "learner", "issuer", "awarding_bodies"):
        broken = {**record_dict(), name: value}

        assert completeness(broken, profile="SI").score.of == 10


def test_a_list_where_a_text_is_expected_is_read_through() -> None:
    inspected = Inspected.of(EMPTY["record"])
    rows = completeness(inspected, profile="EU").rows
    paths = [p for row in rows for p in full(row.element.expressions["record"])]

    value = document("record", paths, **{"": [["", ["Šola"]]]})

    assert str(completeness(value, profile="EU").annex1_score) == "11/11"

"""JSON pointers and what they select (Cryptosuites 3.4.10 to 3.4.13, RFC 6901)."""

from __future__ import annotations

from typing import Any

import pytest

from edc_issuer.formats.selective.pointers import (
    MAX_POINTERS,
    BadPointer,
    parts_of,
    pointer_of,
    select,
)

DOCUMENT: dict[str, Any] = {
    "@context": ["urn:c"],
    "id": "urn:d",
    "type": ["T"],
    "a/b": {"m~n": 1, "type": "U", "x": 2},
    "list": [
        {"id": "urn:0", "type": "V", "name": "č", "more": {"y": 1, "z": 2}},
        {"id": "_:b1", "name": "ђ"},
        "text",
    ],
    "": "empty",
}


@pytest.mark.parametrize(
    ("pointer", "parts"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a~1b/m~0n", ("a/b", "m~n")),
        ("/~01", ("~1",)),
        ("/list/0", ("list", "0")),
    ],
)
def test_3410_pointers_are_read_as_rfc_6901_has_them(
    pointer: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(pointer) == parts
    assert pointer_of(parts) == pointer


@pytest.mark.parametrize(
    "pointer",
    [
        pytest.param("list", id="without-a-slash"),
        pytest.param("/a~2b", id="unknown-escape"),
        pytest.param("/a~", id="half-an-escape"),
        pytest.param("/nothing", id="no-such-member"),
        pytest.param("/list/3", id="beyond-the-list"),
        pytest.param("/list/00", id="index-with-a-zero-in-front"),
        pytest.param("/list/-1", id="negative-index"),
        pytest.param("/list/-", id="behind-the-list"),
        pytest.param("/list/٠", id="arabic-digit"),
        pytest.param("/list/name", id="member-of-a-list"),
        pytest.param("/id/0", id="into-a-text"),
        pytest.param("/" + "x" * 3_000, id="too-long"),
    ],
)
def test_3410_a_pointer_that_leads_nowhere_is_refused(pointer: str) -> None:
    with pytest.raises(BadPointer) as refused:
        select(DOCUMENT, [pointer])

    assert refused.value.pointer == pointer


def test_3413_no_pointer_selects_nothing() -> None:
    assert select(DOCUMENT, []) is None


def test_3413_the_empty_pointer_selects_everything() -> None:
    assert select(DOCUMENT, [""]) == DOCUMENT


def test_3411_names_and_kinds_go_along() -> None:
    selected = select(DOCUMENT, ["/list/0/more/z"])

    assert selected == {
        "@context": ["urn:c"],
        "id": "urn:d",
        "type": ["T"],
        "list": [{"id": "urn:0", "type": "V", "more": {"z": 2}}],
    }


def test_3411_a_blank_node_identifier_stays_behind() -> None:
    selected = select(DOCUMENT, ["/list/1/name"])

    assert selected is not None
    assert selected["list"] == [{"name": "ђ"}]


def test_3413_lists_become_dense_in_the_order_of_the_document() -> None:
    selected = select(DOCUMENT, ["/list/2", "/list/0/name"])

    assert selected is not None
    assert selected["list"] == [{"id": "urn:0", "type": "V", "name": "č"}, "text"]


@pytest.mark.parametrize(
    "pointers", [["/list", "/list/0/name"], ["/list/0/name", "/list"]]
)
def test_3412_a_whole_stays_whole_beside_its_part(pointers: list[str]) -> None:
    selected = select(DOCUMENT, pointers)

    assert selected is not None
    assert selected["list"] == DOCUMENT["list"]


def test_3412_the_document_is_not_changed_through_its_selection() -> None:
    selected = select(DOCUMENT, ["/list", "/a~1b"])

    assert selected is not None
    selected["list"][0]["name"] = "x"
    selected["@context"].append("y")
    assert DOCUMENT["list"][0]["name"] == "č"
    assert DOCUMENT["@context"] == ["urn:c"]


def test_more_pointers_than_any_badge_has_places_are_refused() -> None:
    with pytest.raises(BadPointer):
        select(DOCUMENT, ["/id"] * (MAX_POINTERS + 1))

"""The `edc-ap` context is ours; what it means is the Commission's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from conftest import ROOT, SHARED, shared_file
from tool_loader import tool

URL = "http://data.europa.eu/snb/model/context/edc-ap"
VC = "https://www.w3.org/2018/credentials/v1"
OURS = ROOT / "contexts/edc-ap-3.2.jsonld"


@cache
def official() -> dict[str, Any]:
    path = shared_file("standards/elm-3.2/edc-ap-context.jsonld")
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


@cache
def ours() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(OURS.read_text("utf-8"))
    return document


def options(edc_ap: dict[str, Any]) -> dict[str, Any]:
    vc = json.loads(shared_file("standards/w3c-vc/contexts-credentials-v1").read_text())
    documents = {URL: edc_ap, VC: vc}

    def load(url: str, _: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": documents[url]}

    return {"documentLoader": load, "base": None}


def probes() -> Iterator[list[dict[str, Any]]]:
    """Each term as key with every kind of value, as type, prefix and reference."""
    values: tuple[Any, ...] = (
        "text",
        "urn:x:1",
        "2026-01-15T10:00:00Z",
        7,
        1.5,
        True,
        {"id": "urn:x:2", "type": "Concept"},
        ["a", {"@value": "b", "@language": "sl"}],
    )
    terms = tuple(official()["@context"])
    for value in values:
        yield [{"id": "urn:x:0", term: value} for term in terms]
    maps = [term for term in terms if _container(term) == "@language"]
    yield [{"id": "urn:x:0", term: {"sl": ["č", "š"], "en": "c"}} for term in maps]
    yield [{"id": "urn:x:0", "type": t, "prefLabel": {"sl": "č"}} for t in terms]
    yield [{"id": f"{t}:a", f"{t}:key": {"id": f"{t}:b"}} for t in terms]


def _container(term: str) -> str | None:
    said = official()["@context"][term]
    return said.get("@container") if isinstance(said, dict) else None


def test_every_term_expands_as_in_the_official_document() -> None:
    for probe in probes():
        document = {"@context": [VC, URL], "@graph": probe}

        expected = outcome(document, official())

        assert isinstance(expected, list)
        assert outcome(document, ours()) == expected


def outcome(document: dict[str, Any], context: dict[str, Any]) -> Any:
    try:
        return jsonld.expand(document, options(context))
    except jsonld.JsonLdError as error:
        return error.code, str(error)


def test_the_two_documents_have_the_same_terms() -> None:
    assert set(ours()["@context"]) == set(official()["@context"])


def test_a_changed_coercion_would_be_seen() -> None:
    document = {"@context": [VC, URL], "id": "urn:x:0", "page": "1"}
    changed = {"@context": {**ours()["@context"], "page": {"@id": "elm:page"}}}

    assert outcome(document, changed) != outcome(document, official())


# An empty list skips the test; the tests above say why, or fail where they must.
CREDENTIALS = [
    path
    for folder in ("domain/fixtures/expected_elm", "samples/edc")
    for path in sorted((SHARED / folder).glob("*.json*"))
]


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if isinstance(document.get("payload"), str):
        document = json.loads(document["payload"])
    inner: dict[str, Any] = document.get("credential", document)
    return inner


@pytest.mark.parametrize("path", CREDENTIALS, ids=lambda path: path.stem)
def test_credentials_mean_the_same_under_both_documents(path: Path) -> None:
    credential = read(path)
    # One sample names a context that nobody publishes any more; what it says under
    # ours is compared all the same.
    credential["@context"] = [VC, URL]

    def quads(context: dict[str, Any]) -> Any:
        return jsonld.to_rdf(
            credential, {**options(context), "format": "application/n-quads"}
        )

    expected = quads(official())

    assert expected
    assert quads(ours()) == expected


def test_the_committed_file_is_what_the_generator_writes() -> None:
    make_edc_ap = tool("make_edc_ap")

    table = json.loads(make_edc_ap.TABLE.read_text("utf-8"))
    text = make_edc_ap.dump(make_edc_ap.make(table["versions"]["3.2"]["context"]))

    assert OURS.read_text("utf-8") == text


def test_the_manifest_pins_the_committed_file() -> None:
    manifest = json.loads((ROOT / "contexts/manifest.json").read_text("utf-8"))

    [entry] = [row for row in manifest if row["url"] == URL]

    assert entry["file"] == OURS.name
    assert entry["sha256"] == hashlib.sha256(OURS.read_bytes()).hexdigest()

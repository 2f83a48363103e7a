"""The table is what its sources say, and what is made from it is up to date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib

from conftest import ROOT, shared_file
from edc_issuer.models.profile import table
from tool_loader import tool

ELM = "http://data.europa.eu/snb/model/elm/"


def test_the_committed_table_is_what_the_generator_reads() -> None:
    make_elm_profile = tool("make_elm_profile")

    text = make_elm_profile.dump(make_elm_profile.make(shared_file("standards")))

    assert make_elm_profile.TABLE.read_text("utf-8") == text + "\n"


def test_the_docs_page_is_what_the_table_says() -> None:
    page = tool("make_elm_page").page(table.VERSION)

    assert (ROOT / "docs/elm-profile.md").read_text("utf-8") == page


def test_the_table_holds_what_the_fact_sheet_counts() -> None:
    rows = json.loads(shared_file("knowledge/edc-shapes.json").read_text("utf-8"))
    held = table.profile()
    prefixes = tool("make_elm_profile").PREFIXES
    compared = 0

    for name, properties in rows.items():
        prefix, _, local = name.partition(":")
        shape = held.classes.get(prefixes.get(prefix, "") + local)
        if shape is None:
            continue
        found = {
            (row.name, row.min, row.max, row.key, *(s for s, _ in row.schemes))
            for row in shape.properties.values()
        }
        wanted = {
            (
                r["iri"].replace("cpv:", "person:"),
                r["min"],
                r["max"],
                r["key"],
                *filter(None, [r["cv"]]),
            )
            for r in properties
            if r["key"] != "—"
        }
        assert wanted <= found, name
        compared += len(wanted)

    assert compared > 400


def test_a_property_of_several_profiles_must_meet_all_of_them() -> None:
    evidence = f"{ELM}Evidence"
    statement = f"{ELM}evidenceStatement"

    plain = table.profile().classes[evidence].properties[statement]
    mandate = table.profile(("issued-by-mandate",)).classes[evidence]

    assert (plain.min, plain.max) == (0, 1)
    assert (mandate.properties[statement].min, mandate.properties[statement].max) == (
        1,
        1,
    )


@pytest.mark.parametrize(
    ("version", "key", "iri"),
    [
        ("3.2", "nationalID", f"{ELM}nationalId"),
        ("3.1", "nationalID", f"{ELM}nationalID"),
        ("3.2", "resultDistribution", f"{ELM}resultDistribution"),
        ("3.1", "resultDestribution", f"{ELM}resultDestribution"),
    ],
)
def test_a_version_has_its_own_terms(version: str, key: str, iri: str) -> None:
    assert table.profile(version=version).terms.everywhere[key].iri == iri


def test_a_patched_version_equals_its_own_shapes() -> None:
    make_elm_profile = tool("make_elm_profile")
    source = make_elm_profile.read_version(shared_file("standards/elm-3.1"))

    assert table._version("3.1") == source


def test_a_construct_without_a_column_stops_the_generator(tmp_path: Path) -> None:
    make_elm_profile = tool("make_elm_profile")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass <urn:c> ;\n"
        '  sh:property [ sh:path <urn:p> ; sh:pattern "x" ] .\n'
    )
    assert isinstance(rdflib.Graph().parse(shapes), rdflib.Graph)

    with pytest.raises(make_elm_profile.Unknown, match="pattern"):
        make_elm_profile.Shapes(shapes).targets()


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("elm:title", f"{ELM}title"),
        ("https://example.org/x", "https://example.org/x"),
        ("urn:x:1", "urn:x:1"),
        ("clv:latitude", "clv:latitude"),
        ("elm://x", "elm://x"),
        ("title", ""),
        ("urn:a b", ""),
        ("ž:x", ""),
    ],
)
def test_references_expand_as_in_json_ld(text: str, iri: str) -> None:
    assert table.profile().terms.expand(text) == iri

"""The official judge: pyld, rdflib and pyshacl over the Commission's own shapes."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

import pyshacl
import rdflib
from pyld import jsonld
from rdflib.namespace import RDF, SH

from conftest import shared_file

FILES = {
    "generic-no-cv": "EDC-generic-no-cv.ttl",
    "generic-full": "EDC-generic-full.ttl",
    "accredited": "EDC-accredited.ttl",
    "converted": "EDC-converted.ttl",
    "issued-by-mandate": "EDC-issuedByMandate.ttl",
    "diploma-supplement": "EDC-diplomaSupplement.ttl",
}
VC = "https://www.w3.org/2018/credentials/v1"
EDC = "http://data.europa.eu/snb/model/context/edc-ap"
PLAIN = ("generic-no-cv", "generic-full")


@cache
def shapes(profiles: tuple[str, ...], version: str) -> rdflib.Graph:
    """The shapes of several profiles as one graph, imports written out."""
    graph = rdflib.Graph()
    for name in profiles:
        graph.parse(shared_file(f"standards/elm-{version}/{FILES[name]}"))
    return graph


@cache
def document(name: str) -> Any:
    return json.loads(shared_file(name).read_text("utf-8"))


def triples(credential: Mapping[str, Any], version: str) -> rdflib.Graph:
    """The credential's default graph, under the official contexts."""
    documents = {
        VC: document("standards/w3c-vc/contexts-credentials-v1"),
        EDC: document(f"standards/elm-{version}/edc-ap-context.jsonld"),
    }

    def load(url: str, _: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": documents[url]}

    quads = jsonld.to_rdf(
        {key: value for key, value in credential.items() if key != "proof"},
        {"documentLoader": load, "base": None, "format": "application/n-quads"},
    )
    graph = rdflib.Graph()
    graph.parse(data=quads, format="nt")
    return graph


def violations(
    credential: Mapping[str, Any],
    profiles: tuple[str, ...] = PLAIN,
    version: str = "3.2",
) -> set[tuple[str, str]]:
    """(last part of the path, SHACL component) of each violation; empty: conforms."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    conforms, results, _ = pyshacl.validate(
        triples(credential, version), shacl_graph=shapes(profiles, version)
    )
    assert isinstance(results, rdflib.Graph)
    found = {
        (_end(results.value(result, SH.resultPath)), _component(results, result))
        for result in results.subjects(RDF.type, SH.ValidationResult)
    }
    assert bool(found) is not conforms
    return found


def _component(results: rdflib.Graph, result: rdflib.term.Node) -> str:
    name = _end(results.value(result, SH.sourceConstraintComponent))
    return name.removesuffix("ConstraintComponent")


def _end(node: object) -> str:
    return str(node or "").rsplit("/", 1)[-1].rsplit("#", 1)[-1]

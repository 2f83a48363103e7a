"""Write the table of the ELM application profile from its official sources.

Reads the SHACL shapes and JSON-LD contexts that the Commission publishes for each
version, and keeps only the facts: class → property → IRI, range, cardinality,
vocabulary; term → IRI, coercion, container. The table is the project's own data:
it drives the checker, the `edc-ap` context and docs/elm-profile.md.

    python tools/make_elm_profile.py [--check]

A construct that the table cannot hold stops the run: a new version of the shapes
is either data for this table or a reason to read the checker again. Needs rdflib
and the folder with the standards (`EDC_SHARED`, default `../shared`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, SKOS

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src/edc_issuer/data/elm_profile.json"
BASE, OLDER = "3.2", ("3.1",)
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cred": "https://www.w3.org/2018/credentials#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "person": "http://www.w3.org/ns/person#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rov": "http://www.w3.org/ns/regorg#",
    "sec": "https://w3id.org/security#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AP = "http://data.europa.eu/snb/model/ap/edc-"
_CONCEPT = "http://data.europa.eu/snb/credential/"
# Which file each profile is, what it builds on, and how a credential names it.
# The Commission's own tool never applies the diploma supplement's shapes, because
# it reuses the property of the accredited profile; the imports say what is meant.
PROFILES: dict[str, dict[str, Any]] = {
    "generic-no-cv": {"file": "EDC-generic-no-cv", "needs": []},
    "generic-full": {
        "file": "EDC-generic-full",
        "needs": ["generic-no-cv"],
        "concept": _CONCEPT + "e34929035b",
    },
    "accredited": {
        "file": "EDC-accredited",
        "needs": ["generic-full"],
        "concept": _CONCEPT + "6cf8e68c43",
    },
    "converted": {
        "file": "EDC-converted",
        "needs": ["generic-full"],
        "concept": _CONCEPT + "c_7e400154",
    },
    "issued-by-mandate": {
        "file": "EDC-issuedByMandate",
        "needs": ["generic-full"],
        "concept": _CONCEPT + "c_9a31f32a",
    },
    "diploma-supplement": {
        "file": "EDC-diplomaSupplement",
        "needs": ["accredited"],
        "concept": _CONCEPT + "6dff8a0f87",
    },
}
# Said about a shape rather than demanded by it.
_SILENT = {
    RDF.type,
    SH.name,
    SH.description,
    SH.message,
    SH.severity,
    SH.order,
    SH.targetClass,
    rdflib.RDFS.label,
    rdflib.RDFS.comment,
    rdflib.URIRef(
        f"{SH}nodekind"
    ),  # a misspelling of sh:nodeKind in one shape; it has no effect
}


class Unknown(Exception):
    """The shapes say something that this table has no column for."""


def compact(iri: str) -> str:
    """`prefix:name` where one of the table's prefixes fits, else the whole IRI."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


class Shapes:
    """One shapes file as rows of the table."""

    def __init__(self, path: Path) -> None:
        self.graph = rdflib.Graph()
        self.graph.parse(path)

    def targets(self) -> dict[str, dict[str, Any]]:
        """Class → property IRI → row, for every class that a shape targets."""
        found: dict[str, dict[str, Any]] = {}
        for shape, target in sorted(self.graph.subject_objects(SH.targetClass)):
            if self._off(shape):
                continue
            rules = self.node(shape)
            if set(rules) - {"properties"}:
                raise Unknown(f"{shape}: only properties are read on a target")
            rows = found.setdefault(compact(str(target)), {})
            for iri, row in rules["properties"].items():
                if rows.setdefault(iri, row) != row:
                    raise Unknown(f"{target} {iri}: two rows")
        return found

    def nodes(self) -> dict[str, dict[str, Any]]:
        """Shapes that other shapes point at by name (IssuerNode, ClaimNode, ...)."""
        shapes = set(self.graph.subjects(RDF.type, SH.NodeShape))
        shapes -= set(self.graph.subjects(SH.targetClass, None))
        named = ((_name(shape), shape) for shape in sorted(shapes))
        return {
            name: self.node(shape)
            for name, shape in named
            if not name.endswith("Restriction")
        }

    def node(self, shape: rdflib.term.Node) -> dict[str, Any]:
        """What one node shape demands of a node."""
        rules: dict[str, Any] = {"properties": {}}
        for predicate, value in self.graph.predicate_objects(shape):
            if predicate == SH.property:
                row = self.row(value)
                iri = row.pop("iri", None)
                if iri and rules["properties"].setdefault(iri, row) != row:
                    raise Unknown(f"{shape} {iri}: two rows")
            elif predicate == SH["class"]:
                rules["class"] = [compact(str(value))]
            elif predicate == SH["or"]:
                rules.update(self._either(value))
            elif predicate not in _SILENT:
                raise Unknown(f"{shape} {predicate}")
        rules["properties"] = dict(sorted(rules["properties"].items()))
        return rules

    def row(self, shape: rdflib.term.Node) -> dict[str, Any]:
        """One property shape; empty where it is switched off."""
        if self._off(shape):
            return {}
        row: dict[str, Any] = {}
        for predicate, value in sorted(self.graph.predicate_objects(shape)):
            for column, said in self._column(predicate, value):
                if row.setdefault(column, said) != said:
                    raise Unknown(f"{shape} {column}: two values")
        return row

    def _column(
        self, predicate: rdflib.term.Node, value: rdflib.term.Node
    ) -> Iterator[tuple[str, Any]]:
        plain = {
            SH.path: ("iri", lambda: compact(str(value))),
            SH.minCount: ("min", lambda: int(str(value))),
            SH.maxCount: ("max", lambda: int(str(value))),
            SH.maxInclusive: ("at_most", lambda: int(str(value))),
            SH.uniqueLang: ("unique_lang", lambda: str(value) == "true"),
            SH.nodeKind: ("node_kind", lambda: _name(value)),
            SH.datatype: ("datatype", lambda: compact(str(value))),
            SH["class"]: ("class", lambda: [compact(str(value))]),
        }
        if predicate in plain:
            column, read = plain[predicate]
            yield column, read()
        elif predicate == SH["or"]:
            yield from self._either(value).items()
        elif predicate == SH.node and _name(value).endswith("Restriction"):
            yield from self._scheme(value).items()
        elif predicate == SH.node:
            yield "node", _name(value)
        elif predicate not in _SILENT:
            raise Unknown(f"{predicate} in a property shape")

    def _either(self, items: rdflib.term.Node) -> dict[str, Any]:
        """`sh:or` of classes, and at most one named shape among them."""
        classes, nodes = [], []
        for item in Collection(self.graph, items):
            for predicate, value in self.graph.predicate_objects(item):
                if predicate == SH["class"]:
                    classes.append(compact(str(value)))
                elif predicate == SH.node:
                    nodes.append(_name(value))
                else:
                    raise Unknown(f"{predicate} in sh:or")
        if len(nodes) > 1:
            raise Unknown(f"sh:or of {nodes}")
        return {"class": classes} | ({"or_node": nodes[0]} if nodes else {})

    def _scheme(self, restriction: rdflib.term.Node) -> dict[str, Any]:
        """A concept restriction: which scheme, and whether the scheme is typed."""
        shape = self.graph.value(restriction, SH.property)
        said = dict(self.graph.predicate_objects(shape))
        if said.pop(SH.path) != SKOS.inScheme or said.pop(SH.nodeKind) != SH.IRI:
            raise Unknown(f"{restriction}: not a restriction to one scheme")
        row = {"scheme": str(said.pop(SH.hasValue))}
        typed = said.pop(SH["class"], None)
        if said or typed not in (None, SKOS.ConceptScheme):
            raise Unknown(f"{restriction}: {said or typed}")
        return row | ({"scheme_typed": True} if typed else {})

    def _off(self, shape: rdflib.term.Node) -> bool:
        return str(self.graph.value(shape, SH.deactivated)) == "true"


def _name(node: rdflib.term.Node) -> str:
    return str(node).rsplit("/", 1)[-1].rsplit("#", 1)[-1].removesuffix("Shape")


def read_context(path: Path) -> dict[str, Any]:
    """The terms of an `edc-ap` document: prefixes, classes, properties."""
    context = json.loads(path.read_text("utf-8"))["@context"]
    parts: dict[str, dict[str, Any]] = {"prefixes": {}, "types": {}, "terms": {}}
    for key, said in context.items():
        if isinstance(said, Mapping):
            parts["terms"][key] = _term(key, said)
        else:
            parts["types" if key[0].isupper() else "prefixes"][key] = said
    return {
        "url": "http://data.europa.eu/snb/model/context/edc-ap",
        "prefixes": dict(sorted(parts["prefixes"].items())),
        "types": dict(sorted(parts["types"].items())),
        "terms": dict(sorted(parts["terms"].items())),
    }


def _term(key: str, said: Mapping[str, Any]) -> list[str]:
    """`[iri]`, `[iri, coercion]`; `@language` stands for the container."""
    rest = {k: v for k, v in said.items() if k not in ("@id", "@type", "@container")}
    if rest or said.get("@container") not in (None, "@language", "@graph"):
        raise Unknown(f"term {key}: {said}")
    return [said["@id"], *filter(None, [said.get("@type") or said.get("@container")])]


def read_credentials(path: Path) -> dict[str, Any]:
    """VC 1.1 terms: those of each type are known only on nodes of that type."""
    context = json.loads(path.read_text("utf-8"))["@context"]
    scopes = {}
    for scope in ("VerifiableCredential", "VerifiablePresentation"):
        inner = context[scope]["@context"]
        scopes[scope] = {
            key: _term(key, {k: v for k, v in said.items() if k != "@context"})
            for key, said in sorted(inner.items())
            if isinstance(said, Mapping)
        }
    return {
        "url": "https://www.w3.org/2018/credentials/v1",
        "types": {scope: context[scope]["@id"] for scope in scopes},
        "scopes": scopes,
    }


def read_version(folder: Path) -> dict[str, Any]:
    """One version of the application profile, whole."""
    profiles, nodes = {}, {}
    for name, about in PROFILES.items():
        shapes = Shapes(folder / f"{about['file']}.ttl")
        nodes[name] = shapes.nodes()
        profiles[name] = {
            "schema": _AP + name,
            **({"concept": about["concept"]} if "concept" in about else {}),
            "needs": about["needs"],
            "classes": dict(sorted(shapes.targets().items())),
        }
        if nodes[name]:
            profiles[name]["nodes"] = nodes[name]
    return {
        "context": read_context(folder / "edc-ap-context.jsonld"),
        "profiles": profiles,
    }


def difference(base: Any, other: Any) -> Any:
    """The JSON merge patch (RFC 7386) that turns `base` into `other`."""
    patch = {}
    for key in base.keys() | other.keys():
        if key not in other:
            patch[key] = None
        elif key not in base:
            patch[key] = other[key]
        elif base[key] == other[key]:
            continue
        elif isinstance(base[key], dict) and isinstance(other[key], dict):
            patch[key] = difference(base[key], other[key])
        else:
            patch[key] = other[key]
    return dict(sorted(patch.items()))


def make(standards: Path) -> dict[str, Any]:
    """The whole table: the base version in full, the others as patches of it."""
    base = read_version(standards / f"elm-{BASE}")
    older = {
        version: {
            "patch_of": BASE,
            "patch": difference(base, read_version(standards / f"elm-{version}")),
        }
        for version in OLDER
    }
    return {
        "prefixes": PREFIXES,
        "credentials": read_credentials(standards / "w3c-vc/contexts-credentials-v1"),
        "versions": {BASE: base, **older},
    }


def dump(value: Any, depth: int = 0) -> str:
    """JSON with a row a line, so that a change of the profile reads as one."""
    flat = json.dumps(value, ensure_ascii=False)
    rows = isinstance(value, dict) and any(isinstance(v, dict) for v in value.values())
    if not value or not isinstance(value, dict) or (not rows and len(flat) < 300):
        return flat
    indent = " " * (depth + 1)
    lines = (
        f"{indent}{json.dumps(key)}: {dump(item, depth + 1)}"
        for key, item in value.items()
    )
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"


def main(arguments: Iterable[str]) -> int:
    shared = Path(os.environ.get("EDC_SHARED", ROOT.parent / "shared"))
    text = dump(make(shared / "standards")) + "\n"
    if "--check" in arguments:
        return int(TABLE.read_text("utf-8") != text)
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

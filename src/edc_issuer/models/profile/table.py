"""The ELM application profile as data: what each class may and must hold.

`data/elm_profile.json` holds every version; a version is either whole or a JSON
merge patch (RFC 7386) of another one, so that ELM 3.3 is a row of data. Here the
rows of the profiles that a credential follows are combined, once, into one
dictionary a class. SHACL terms: https://www.w3.org/TR/shacl/, section 4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

VERSION = "3.2"
DEFAULT = ("generic-no-cv", "generic-full")

LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
XSD = "http://www.w3.org/2001/XMLSchema#"
STRING = XSD + "string"
_FREE = frozenset((LANG_STRING, STRING))


class Term(NamedTuple):
    """What a JSON key means: an IRI, and how its values are read.

    `coercion` is `@id`, `@language`, the IRI of a datatype, or empty.
    """

    iri: str
    coercion: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The vocabulary of the two contexts of an EDC, expanded.

    `scopes` are the keys by type: VC 1.1 defines `issuer` and its like only on
    nodes of type VerifiableCredential. `everywhere` holds the keys of `edc-ap`.
    """

    everywhere: Mapping[str, Term]
    scopes: Mapping[str, Mapping[str, Term]]
    types: Mapping[str, str]
    prefixes: Mapping[str, str]

    def expand(self, name: str) -> str:
        """The IRI of a compact or absolute one; empty for anything else."""
        prefix, colon, rest = name.partition(":")
        if not colon or any(letter.isspace() for letter in name):
            return ""
        if prefix in self.prefixes and not rest.startswith("//"):
            return self.prefixes[prefix] + rest
        return name if _is_scheme(prefix) else ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of one class under one set of profiles.

    `name` is the official one (`dc:title`), `key` the JSON key, empty where the
    context has none. `classes`: of each group a value must have one. `max` and
    `at_most` are None where there is no limit; `nodes` are shapes that every value
    must fit, `schemes` the lists a concept must say it is from, and whether the
    scheme itself must be typed.
    """

    iri: str
    name: str
    key: str
    min: int = 0
    max: int | None = None
    classes: tuple[frozenset[str], ...] = ()
    datatype: str = ""
    unique_lang: bool = False
    node_kind: str = ""
    at_most: int | None = None
    schemes: tuple[tuple[str, bool], ...] = ()
    nodes: tuple[NodeShape, ...] = ()


class Quick(NamedTuple):
    """What suffices to accept the values of a property that asks nothing special.

    `is_free`: any text is a value of the datatype; `by_language`: one a language.
    """

    most: float
    classes: frozenset[str] | None
    datatype: str
    is_free: bool
    by_language: bool


@dataclass(frozen=True, slots=True)
class NodeShape:
    """A shape that other shapes point at: IssuerNode, ClaimNode, ClaimTypeNode.

    A node fits if it has one of `classes` or fits `instead`, and fits `shape`.
    """

    name: str
    classes: frozenset[str]
    instead: NodeShape | None
    shape: ClassShape


@dataclass(frozen=True, slots=True)
class ClassShape:
    """The properties of one class by IRI, and those it cannot be without.

    The rest repeats this for speed: the IRIs that are `needed`, a `quick` test for
    properties that ask nothing special, and those whose text has a form to keep.
    """

    name: str
    properties: Mapping[str, Property]
    required: tuple[Property, ...]
    needed: frozenset[str]
    quick: Mapping[str, Quick]
    formed: frozenset[str]

    @classmethod
    def of(cls, name: str, rows: Iterable[Property]) -> ClassShape:
        properties = {row.iri: row for row in rows}
        required = tuple(row for row in properties.values() if row.min)
        tests = ((iri, _quick(row)) for iri, row in properties.items())
        return cls(
            name=name,
            properties=properties,
            required=required,
            needed=frozenset(row.iri for row in required),
            quick={iri: test for iri, test in tests if test},
            formed=frozenset(
                row.iri
                for row in properties.values()
                if row.datatype and row.datatype not in _FREE
            ),
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What a set of profiles demands: class IRI → shape, and the terms to read by.

    `keys`: IRI → JSON key. `homes`: IRI → names of the classes that have it.
    `unreadable`: keys that the official context reads as references, although the
    shapes want a text or date there.
    """

    version: str
    names: tuple[str, ...]
    terms: Terms
    classes: Mapping[str, ClassShape]
    keys: Mapping[str, str]
    homes: Mapping[str, tuple[str, ...]]
    unreadable: frozenset[str]


def versions() -> tuple[str, ...]:
    """The versions of the application profile that are held."""
    return tuple(_table()["versions"])


@lru_cache(maxsize=32)
def profile(names: tuple[str, ...] = DEFAULT, version: str = VERSION) -> Profile:
    """The combined table; `KeyError` for a profile or version that is not held."""
    source = _version(version)
    compiler = _Compiler(source, tuple(needed(names, version)))
    terms, classes = _terms(version), compiler.classes()
    rows = [(s.name, p) for s in classes.values() for p in s.properties.values()]
    homes: dict[str, tuple[str, ...]] = {}
    for name, row in rows:
        homes[row.iri] = (*homes.get(row.iri, ()), name)
    return Profile(
        version=version,
        names=compiler.names,
        terms=terms,
        classes=classes,
        keys=compiler.keys,
        homes=homes,
        unreadable=frozenset(
            row.key
            for _, row in rows
            if row.datatype
            and row.key in terms.everywhere
            and terms.everywhere[row.key].coercion == "@id"
        ),
    )


def needed(names: Iterable[str], version: str = VERSION) -> list[str]:
    """Profiles with everything that they build on, the most general first."""
    profiles = _version(version)["profiles"]
    wanted = set(names)
    for name in reversed(profiles):  # a profile stands behind those it needs
        if name in wanted:
            wanted.update(profiles[name]["needs"])
    return [name for name in profiles if name in wanted]


def named(version: str = VERSION) -> Iterator[tuple[str, str, str]]:
    """Profile, its `credentialSchema` id, its concept (empty where it has none)."""
    for name, row in _version(version)["profiles"].items():
        yield name, row["schema"], row.get("concept", "")


def contexts(version: str = VERSION) -> tuple[str, str]:
    """The `@context` of an EDC, in the order that gives every term its meaning."""
    return _table()["credentials"]["url"], _version(version)["context"]["url"]


def patch(version: str) -> Mapping[str, Any]:
    """How a version differs from the one that is held whole; empty for that one."""
    found: Mapping[str, Any] = _table()["versions"][version].get("patch", {})
    return found


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = files("edc_issuer").joinpath("data/elm_profile.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@lru_cache(maxsize=8)
def _version(version: str) -> dict[str, Any]:
    row: dict[str, Any] = _table()["versions"][version]
    if "patch_of" not in row:
        return row
    merged: dict[str, Any] = _merge(_version(row["patch_of"]), row["patch"])
    return merged


def _merge(target: Any, patch: Any) -> Any:
    """RFC 7386: null takes away, an object goes deeper, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value)
    return merged


def _full(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, rest = name.partition(":")
    return prefixes[prefix] + rest if colon and prefix in prefixes else name


def _is_scheme(prefix: str) -> bool:
    letters = prefix.replace("+", "").replace("-", "").replace(".", "")
    return prefix == "_" or (
        prefix[:1].isalpha() and letters.isascii() and letters.isalnum()
    )


@lru_cache(maxsize=8)
def _terms(version: str) -> Terms:
    context, credentials = _version(version)["context"], _table()["credentials"]
    # JSON-LD 1.1, 4.1.2: only a namespace that ends in a delimiter is a prefix, so
    # `clv:latitude` stays as it stands.
    prefixes = {k: v for k, v in context["prefixes"].items() if v[-1] in ":/?#[]@"}

    def read(rows: Mapping[str, list[str]]) -> dict[str, Term]:
        return {key: _term(row, _table()["prefixes"]) for key, row in rows.items()}

    types = {k: _full(v, prefixes) for k, v in context["types"].items()}
    everywhere = read(context["terms"])
    for key, iri in (context["prefixes"] | types).items():
        everywhere[key] = Term(iri, "")
    scopes = {k: everywhere | read(v) for k, v in credentials["scopes"].items()}
    for scope in scopes.values():
        del scope["proof"]  # a graph of its own, and for the formats to judge
    return Terms(
        everywhere=everywhere,
        scopes=scopes,
        types=types | credentials["types"],
        prefixes=prefixes,
    )


def _term(row: list[str], prefixes: Mapping[str, str]) -> Term:
    iri, coercion = row[0], row[1] if len(row) > 1 else ""
    return Term(_full(iri, prefixes), _full(coercion, prefixes))


class _Compiler:
    """Rows of several profiles into one `Property` a class and path."""

    def __init__(self, source: Mapping[str, Any], names: tuple[str, ...]) -> None:
        self.names = names
        self._profiles = [source["profiles"][name] for name in names]
        self._prefixes = _table()["prefixes"]
        self.keys = {
            _full(row[0], self._prefixes): key
            for rows in (
                *_table()["credentials"]["scopes"].values(),
                source["context"]["terms"],
            )
            for key, row in rows.items()
        }

    def classes(self) -> dict[str, ClassShape]:
        rows: dict[str, dict[str, list[Property]]] = {}
        for profile in self._profiles:
            for name, properties in profile["classes"].items():
                found = rows.setdefault(name, {})
                for iri, row in properties.items():
                    found.setdefault(iri, []).append(
                        self._property(iri, row, profile.get("nodes", {}))
                    )
        return {
            _full(name, self._prefixes): ClassShape.of(
                name.partition(":")[2], map(_combine, properties.values())
            )
            for name, properties in rows.items()
        }

    def _property(
        self, name: str, row: Mapping[str, Any], nodes: Mapping[str, Any]
    ) -> Property:
        iri = _full(name, self._prefixes)
        classes = frozenset(_full(c, self._prefixes) for c in row.get("class", ()))
        scheme = row.get("scheme")
        node = [self._node(row["node"], self._nodes(nodes))] if "node" in row else []
        return Property(
            iri=iri,
            name=name,
            key=self.keys.get(iri, ""),
            min=row.get("min", 0),
            max=row.get("max"),
            classes=(classes,) if classes else (),
            datatype=_full(row.get("datatype", ""), self._prefixes),
            unique_lang=row.get("unique_lang", False),
            node_kind=row.get("node_kind", ""),
            at_most=row.get("at_most"),
            schemes=((scheme, row.get("scheme_typed", False)),) if scheme else (),
            nodes=tuple(node),
        )

    def _nodes(self, own: Mapping[str, Any]) -> Mapping[str, Any]:
        """A profile's named shapes; those of the most general one otherwise."""
        return {**self._profiles[0].get("nodes", {}), **own}

    def _node(self, name: str, nodes: Mapping[str, Any]) -> NodeShape:
        row = nodes[name]
        instead = row.get("or_node")
        rows = [self._property(i, r, nodes) for i, r in row["properties"].items()]
        return NodeShape(
            name,
            frozenset(_full(c, self._prefixes) for c in row.get("class", ())),
            self._node(instead, nodes) if instead else None,
            ClassShape.of(name, rows),
        )


def _quick(row: Property) -> Quick | None:
    special = row.schemes or row.nodes or row.node_kind or len(row.classes) > 1
    if special or row.at_most is not None:
        return None
    return Quick(
        most=float("inf") if row.max is None else row.max,
        classes=row.classes[0] if row.classes else None,
        datatype=row.datatype,
        is_free=row.datatype in _FREE,
        by_language=row.unique_lang,
    )


def _combine(rows: list[Property]) -> Property:
    """What all of the rows together demand."""
    first = rows[0]
    if len(rows) == 1:
        return first
    maxima = [row.max for row in rows if row.max is not None]
    return Property(
        iri=first.iri,
        name=first.name,
        key=first.key,
        min=max(row.min for row in rows),
        max=min(maxima) if maxima else None,
        classes=tuple(dict.fromkeys(g for row in rows for g in row.classes)),
        datatype=next((row.datatype for row in rows if row.datatype), ""),
        unique_lang=any(row.unique_lang for row in rows),
        node_kind=next((row.node_kind for row in rows if row.node_kind), ""),
        at_most=first.at_most,
        schemes=tuple(dict.fromkeys(s for row in rows for s in row.schemes)),
        nodes=tuple(node for row in rows for node in row.nodes),
    )

"""The verdict of the SHACL shapes, without SHACL: nodes against the table.

SHACL (https://www.w3.org/TR/shacl/) 4.1 value types, 4.2 cardinality, 4.3 ranges,
4.4 languages, 4.6 logic, 4.7 nodes: only what the official shapes use. Targets are
classes, a node is of the classes that it names and of no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edc_issuer.errors import Problem
from edc_issuer.models.profile import wording
from edc_issuer.models.profile.graph import Graph
from edc_issuer.models.profile.lexical import Fit, fit
from edc_issuer.models.profile.nodes import Literal, Node, Path, Value, dotted
from edc_issuer.models.profile.table import (
    LANG_STRING,
    ClassShape,
    NodeShape,
    Profile,
    Property,
    Quick,
)

SKOS = "http://www.w3.org/2004/02/skos/core#"
IN_SCHEME = SKOS + "inScheme"
CONCEPT_SCHEME = SKOS + "ConceptScheme"

Found = Iterator[Problem]


def judge(graph: Graph, profile: Profile) -> Found:
    """Every place where a node breaks a shape of its classes."""
    shapes = profile.classes
    for node in graph.nodes:
        for name in node.types:
            shape = shapes.get(name)
            if shape is not None:
                yield from check_shape(node, shape, node.path)


def check_shape(node: Node, shape: ClassShape, path: Path) -> Found:
    """The faults of one node, met at `path`, under one shape."""
    said, quick = node.properties, shape.quick
    if not said.keys() >= shape.needed:
        yield from _missing(node, shape, path)
    for iri, values in said.items():
        test = quick.get(iri)
        if test is not None and _passes(test, values):
            continue
        rule = shape.properties.get(iri)
        if rule is not None and not _is_one_good_value(rule, values):
            yield from _faults(node, rule, values)


def _missing(node: Node, shape: ClassShape, path: Path) -> Found:
    for rule in shape.required:
        if rule.iri not in node.properties:
            where = dotted(path, rule.key or rule.name)
            yield Problem(where, "shape.minCount", wording.missing(shape, rule))


def _passes(test: Quick, values: list[Value]) -> bool:
    """The fast yes for what is nearly always there; no means: look closer."""
    if len(values) > test.most:
        return False
    languages: set[str] = set()
    for value in values:
        if isinstance(value, Node):
            if test.classes is None or test.classes.isdisjoint(value.types):
                return False
        elif value.datatype != test.datatype or not (
            test.is_free or is_of(value, test.datatype)
        ):
            return False
        elif test.by_language:
            languages.add(value.language)
    return not test.by_language or len(languages) == len(values)


def _is_one_good_value(rule: Property, values: list[Value]) -> bool:
    """The fast yes for a single value: counting and languages cannot be wrong."""
    if len(values) != 1 or rule.nodes or rule.max == 0:
        return False
    return not any(_complaints(rule, values[0]))


def _faults(node: Node, rule: Property, found: list[Value]) -> Found:
    values = list(dict.fromkeys(found))  # a statement made twice is one statement
    path = place(node, rule.key)
    if rule.max is not None and len(values) > rule.max:
        message = wording.too_many(rule, len(values))
        yield Problem(dotted(path), "shape.maxCount", message)
    if rule.unique_lang:
        yield from _languages(rule, values, path)
    for index, value in enumerate(values):
        yield from _value(rule, value, (path, index) if len(values) > 1 else path)


def _value(rule: Property, value: Value, path: Path) -> Found:
    """The faults of one value of a property."""
    for code, message in _complaints(rule, value):
        yield Problem(dotted(path), code, message)
    for shape in rule.nodes:
        yield from _nested(rule, shape, value, path)


def _complaints(rule: Property, value: Value) -> Iterator[tuple[str, str]]:
    """Code and sentence for each demand that the value itself does not meet."""
    for group in rule.classes:
        if isinstance(value, Literal):
            yield "shape.class", wording.wrong_class(rule, group, is_text=True)
        elif group.isdisjoint(value.types):
            yield "shape.class", wording.wrong_class(rule, group, is_text=False)
    if rule.datatype and not is_of(value, rule.datatype):
        yield "shape.datatype", wording.wrong_datatype(rule)
    if rule.node_kind == "IRI" and not (isinstance(value, Node) and value.is_iri):
        yield "shape.nodeKind", wording.not_named(rule)
    if rule.node_kind == "Literal" and isinstance(value, Node):
        yield "shape.nodeKind", wording.not_literal(rule)
    if rule.at_most is not None and _exceeds(value, rule.at_most):
        yield "shape.maxInclusive", wording.too_big(rule)
    for scheme, must_be_typed in rule.schemes:
        if not _is_in(value, scheme, must_be_typed):
            yield "vocabulary.scheme", wording.wrong_scheme(rule, scheme)


def _nested(rule: Property, shape: NodeShape, value: Value, path: Path) -> Found:
    """The faults of a value under a shape that is pointed at by name."""
    if (shape.classes or shape.instead) and not _is_one(shape, value):
        yield Problem(dotted(path), "shape.node", wording.fits_nothing(rule, shape))
    elif isinstance(value, Node):
        yield from check_shape(value, shape.shape, path)
    else:
        for row in shape.shape.required:
            message = wording.missing(shape.shape, row)
            yield Problem(dotted(path, row.key), "shape.minCount", message)


def _is_one(shape: NodeShape, value: Value) -> bool:
    if isinstance(value, Node) and not shape.classes.isdisjoint(value.types):
        return True
    return shape.instead is not None and _fits(shape.instead, value)


def _fits(shape: NodeShape, value: Value) -> bool:
    if isinstance(value, Literal):
        return not shape.shape.required
    return not any(True for _ in check_shape(value, shape.shape, None))


def _languages(rule: Property, values: Iterable[Value], path: Path) -> Found:
    seen: set[str] = set()
    for value in values:
        if isinstance(value, Literal) and value.language:
            if value.language in seen:
                message = wording.same_language(rule, value.language)
                yield Problem(dotted(path), "shape.uniqueLang", message)
                return
            seen.add(value.language)


def is_of(value: Value, datatype: str) -> bool:
    """The judge takes this value for one of the datatype."""
    return (
        isinstance(value, Literal)
        and value.datatype == datatype
        and (datatype == LANG_STRING or fit(datatype, value.lexical) is not Fit.BAD)
    )


def _exceeds(value: Value, limit: int) -> bool:
    if isinstance(value, Node):
        return True
    try:
        return int(value.lexical) > limit
    except ValueError:
        return True


def _is_in(value: Value, scheme: str, must_be_typed: bool) -> bool:
    """The concept says that it is from this list, and from nothing unnamed."""
    if isinstance(value, Literal):
        return False
    schemes = value.properties.get(IN_SCHEME, ())
    return any(isinstance(s, Node) and s.id == scheme for s in schemes) and all(
        isinstance(s, Node)
        and s.is_iri
        and (not must_be_typed or CONCEPT_SCHEME in s.types)
        for s in schemes
    )


def place(node: Node, key: str) -> Path:
    """Where in the tree the node has this key; its own place if nowhere."""
    for path, raw in node.mentions:
        if key in raw:
            return path, key
    return node.path, key

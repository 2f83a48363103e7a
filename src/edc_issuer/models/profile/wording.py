"""The sentences of the checker: which property, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from edc_issuer.models.profile.table import (
    LANG_STRING,
    STRING,
    XSD,
    ClassShape,
    NodeShape,
    Property,
)

_WANTED = {
    LANG_STRING: 'a text with its language, as in {"sl": "..."}',
    STRING: "a text without a language",
    XSD + "dateTime": "a moment with its zone, as in 2026-01-15T10:00:00Z",
    XSD + "duration": "a duration, as in PT15H",
    XSD + "integer": "a whole number",
    XSD + "positiveInteger": "a whole number from 1 up",
    XSD + "decimal": "a decimal number",
    XSD + "boolean": "true or false",
    XSD + "anyURI": "a web address",
}


def title(rule: Property) -> str:
    """`title (dc:title)`: the key in the file and the name in ELM."""
    return f"{rule.key} ({rule.name})" if rule.key else rule.name


def local(iri: str) -> str:
    """The part of an IRI that people read."""
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def either(iris: Iterable[str]) -> str:
    return " or ".join(sorted(map(local, iris)))


def wanted(rule: Property) -> str:
    """What a value of the property looks like."""
    if rule.classes:
        return f"an object of type {either(rule.classes[0])}"
    for node in rule.nodes:
        if node.classes:
            return f"an object of type {either(node.classes)}"
    return _WANTED.get(rule.datatype, "a value")


def missing(shape: ClassShape, rule: Property) -> str:
    # IssuerNode and its like are shapes, not classes that anybody writes.
    name = f"The {shape.name.removesuffix('Node').lower()}"
    owner = name if shape.name.endswith("Node") else shape.name
    return f"{owner} has no {title(rule)}; add {wanted(rule)}."


def too_many(rule: Property, count: int) -> str:
    languages = (
        " A second language counts as a second value."
        if rule.datatype == LANG_STRING
        else ""
    )
    return (
        f"{title(rule)} has {count} values, at most {rule.max} is allowed; "
        f"keep {rule.max}.{languages}"
    )


def wrong_class(rule: Property, classes: Iterable[str], *, is_text: bool) -> str:
    what = "is plain text" if is_text else f"is not of type {either(classes)}"
    return (
        f"{title(rule)} {what}; write the object with "
        f'"type": "{either(classes)}", here or where its id is described.'
    )


def wrong_datatype(rule: Property) -> str:
    return f"{title(rule)} is not {wanted(rule)}; write it so."


def same_language(rule: Property, language: str) -> str:
    return f"{title(rule)} has two texts in {language}; keep one for each language."


def not_named(rule: Property) -> str:
    return f"{title(rule)} has no id; name it by its absolute IRI."


def not_literal(rule: Property) -> str:
    return f"{title(rule)} is an object; write a plain text."


def too_big(rule: Property) -> str:
    return f"{title(rule)} is more than {rule.at_most}; {rule.at_most} is the most."


def wrong_scheme(rule: Property, scheme: str) -> str:
    return (
        f'{title(rule)} must be a concept of the list {scheme}; give it "inScheme" '
        f'with that id and "type": "ConceptScheme".'
    )


def fits_nothing(rule: Property, node: NodeShape) -> str:
    instead = " or a Claim with title, awardedBy and dcType" if node.instead else ""
    return f"{title(rule)} is neither {either(node.classes)}{instead}; give its type."

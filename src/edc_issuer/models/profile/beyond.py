"""Rules that the shapes do not have, each for a file that passes them and is wrong.

The official shapes let through a credential without its type, a concept that is in
no list, sixty months for sixty minutes, and every misspelt key, because JSON-LD
drops it first. All codes here begin with `beyond.`, apart from `key.undefined` and
`one-id-two-objects`, which are reasons of a report too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models.profile import wording
from edc_issuer.models.profile.graph import (
    CREDENTIAL,
    PRESENTATION,
    Graph,
)
from edc_issuer.models.profile.judge import IN_SCHEME, SKOS, place
from edc_issuer.models.profile.keys import Suggestions, strange_letter
from edc_issuer.models.profile.lexical import Fit, fit
from edc_issuer.models.profile.nodes import Literal, Node, Slip, dotted
from edc_issuer.models.profile.table import XSD, Profile, Property, contexts

ELM = "http://data.europa.eu/snb/model/elm/"
CRED = "https://www.w3.org/2018/credentials#"
CONCEPT = SKOS + "Concept"
_TYPES = {
    CREDENTIAL: CRED + CREDENTIAL,
    "EuropeanDigitalCredential": ELM + "EuropeanDigitalCredential",
}
# The time a learner spends is counted in hours; a calendar month has none.
_IN_HOURS = frozenset((ELM + "volumeOfLearning", ELM + "workload"))
_CALENDAR = re.compile(r"-?P[^T]*[YM]", re.ASCII)
_DATES = {
    Fit.DATE_ONLY: "is a date without a time",
    Fit.NO_ZONE: "has no time zone",
    Fit.LOOSE: "is not written as XML Schema wants it",
}

Found = Iterator[Problem]


def examine(
    credential: Mapping[str, Any],
    graph: Graph,
    profile: Profile,
    is_member: Callable[[str, str], bool | None],
) -> Found:
    """Everything that is wrong although the shapes say nothing.

    `is_member(scheme, concept)` answers for lists that are held, None for others.
    """
    yield from _context(credential, profile)
    yield from _credential(graph.nodes[0])
    yield from _slips(graph, profile)
    for node in graph.nodes:
        if node.id.startswith("_:"):
            yield Problem(dotted(node.path, "id"), *_SLIPS["blank-id"])
        if not _is_usual(node, profile):
            yield from _values(node, profile)
        if CONCEPT in node.types:
            yield from _concept(node, is_member)
        if node.sides:
            yield from _mentions(node, profile)


def _context(credential: Mapping[str, Any], profile: Profile) -> Found:
    wanted = list(contexts(profile.version))
    if credential.get("@context") != wanted:
        yield Problem(
            "@context",
            "beyond.context",
            f'"@context" must be exactly {wanted[0]} and then {wanted[1]}; the '
            "second gives no meaning to id and type, the first none to ELM.",
        )


def _credential(root: Node) -> Found:
    if CRED + PRESENTATION in root.types:
        return
    for name, iri in _TYPES.items():
        if iri not in root.types:
            yield Problem(
                "type",
                "beyond.credential-type",
                f'The credential is not said to be a {name}; add "{name}" to its '
                "type. Without it no rule of ELM is applied to it.",
            )
    yield from _named("id", root, "The credential")
    for key, what in (("credentialSubject", "The learner"), ("issuer", "The issuer")):
        for node in root.properties.get(CRED + key, ()):
            if isinstance(node, Node):
                yield from _named(dotted(node.path, "id"), node, what)


def _named(path: str, node: Node, what: str) -> Found:
    if not node.is_iri:
        yield Problem(
            path, "beyond.id", f'{what} has no id; add "id" with an absolute IRI.'
        )


def _slips(graph: Graph, profile: Profile) -> Found:
    if not graph.slips:
        return
    keys = Suggestions(sorted({*profile.terms.everywhere, *_scoped(profile)}))
    types = Suggestions(sorted(profile.terms.types))
    for slip in graph.slips:
        if slip.kind == "undefined-key":
            yield from _undefined(slip, keys, profile)
        elif slip.kind == "undefined-type":
            nearest = types.nearest(slip.what)
            yield Problem(
                dotted(slip.path, "type"),
                "beyond.type",
                "The type is no class of ELM, so no rule is applied."
                f"{_did_you_mean(nearest)}",
            )
        elif slip.kind == "bad-id" and _key(slip) in profile.unreadable:
            yield _unreadable(dotted(slip.path), _key(slip))
        else:
            code, message = _SLIPS[slip.kind]
            yield Problem(dotted(slip.path, slip.what), code, message)


_SLIPS = {
    "bad-id": (
        "beyond.id",
        "An id or reference is not an absolute IRI, so JSON-LD drops the whole "
        "object; write an absolute one without spaces (https:, urn:).",
    ),
    "blank-id": (
        "beyond.id",
        "The id is a blank node's name, which means something else in each program; "
        "write an absolute IRI (https:, urn:).",
    ),
    "keyword": (
        "beyond.syntax",
        "A JSON-LD keyword stands where an EDC has plain keys; write the value "
        "without it.",
    ),
    "bad-value": ("beyond.syntax", "JSON-LD cannot read this value; mend its kind."),
    "language": (
        "beyond.syntax",
        "The language is no language tag; write one such as sl or sr-Latn.",
    ),
    "context": (
        "beyond.context",
        "A context inside the credential changes what its keys mean; take it out.",
    ),
    "depth": ("beyond.syntax", "The file is nested deeper than any credential."),
}


def _undefined(slip: Slip, keys: Suggestions, profile: Profile) -> Found:
    path = dotted(slip.path, slip.what[:80])
    if slip.what in _scoped(profile):
        if slip.what == "credentialSubject":
            yield Problem(
                dotted(slip.path, "type"),
                "beyond.credential-type",
                f"This is a credential without its type; add {' and '.join(_TYPES)}.",
            )
        message = f'"{slip.what}" has a meaning only on a {CREDENTIAL}; add that type.'
    else:
        strange = strange_letter(slip.what)
        meant = _did_you_mean(keys.nearest(slip.what))
        letter = f" (it holds the letter {strange})" if strange else ""
        message = (
            f"The key{letter} is defined in neither context, so it is dropped.{meant}"
        )
    yield Problem(path, "key.undefined", message)


def _did_you_mean(nearest: str) -> str:
    return f" Did you mean {nearest}?" if nearest else ""


def _scoped(profile: Profile) -> Mapping[str, object]:
    return profile.terms.scopes[CREDENTIAL]


def _key(slip: Slip) -> str:
    path = slip.path
    while path is not None and isinstance(path[1], int):
        path = path[0]
    return str(path[1]) if path is not None else ""


def _unreadable(path: str, key: str) -> Problem:
    return Problem(
        path,
        "beyond.term",
        f'The official context reads "{key}" as a reference to something, so its text '
        "or date is lost; leave it out.",
    )


def _is_usual(node: Node, profile: Profile) -> bool:
    """The fast yes for a node of one class with nothing in it to look closer at."""
    if len(node.types) != 1:
        return False
    shape = profile.classes.get(next(iter(node.types)))
    return (
        shape is not None
        and node.properties.keys() <= shape.properties.keys()
        and shape.formed.isdisjoint(node.properties)
    )


def _values(node: Node, profile: Profile) -> Found:
    """What is said in a key that its class has not, or in a form that misleads."""
    said = node.properties
    shapes = [profile.classes[name] for name in node.types if name in profile.classes]
    unknown: AbstractSet[str] = said.keys()
    for shape in shapes:
        unknown = unknown - shape.properties.keys()
        for iri in sorted(said.keys() & shape.formed):
            yield from _forms(node, shape.properties[iri], profile)
    if unknown and any(shape.properties for shape in shapes):
        for iri in sorted(unknown):
            yield from _misplaced(node, iri, profile)


def _forms(node: Node, rule: Property, profile: Profile) -> Found:
    if rule.key in profile.unreadable:
        yield _unreadable(dotted(place(node, rule.key)), rule.key)
    for value in node.properties[rule.iri]:
        if isinstance(value, Literal):
            yield from _literal(node, rule, value)


def _misplaced(node: Node, iri: str, profile: Profile) -> Found:
    key = profile.keys.get(iri) or _class_name(iri, profile)
    if not key or iri.startswith(CRED):
        return
    homes = profile.homes.get(iri, ())
    names = wording.either(node.types)
    if homes:
        message = f'"{key}" is no property of {names}; only {", ".join(homes)} has it.'
    else:
        message = (
            f'"{key}" is no property of {names}: under the IRI that the context gives '
            "it no official shape knows it. Leave it out."
        )
    code = "beyond.property" if homes else "beyond.term"
    yield Problem(dotted(place(node, key)), code, message)


def _class_name(iri: str, profile: Profile) -> str:
    """The class that was written as a key; empty for an IRI in full, which may be."""
    return next((key for key, found in profile.terms.types.items() if found == iri), "")


def _literal(node: Node, rule: Property, value: Literal) -> Found:
    key, how = rule.key, fit(value.datatype, value.lexical)
    if how in (Fit.GOOD, Fit.BAD):
        if rule.iri in _IN_HOURS and _CALENDAR.match(value.lexical):
            yield Problem(
                dotted(place(node, key)),
                "beyond.duration",
                f'"{key}" counts months or years where hours are meant (M before T is '
                "a month); write hours, as in PT15H.",
            )
        return
    if value.datatype == XSD + "dateTime":
        message = f'"{key}" {_DATES[how]}; write it as in 2026-01-15T12:00:00Z.'
        yield Problem(dotted(place(node, key)), "beyond.date", message)
    else:
        name = wording.local(value.datatype)
        message = (
            f'"{key}" is not written as XML Schema wants an {name}; mend its form.'
        )
        yield Problem(dotted(place(node, key)), "beyond.lexical", message)


def _concept(node: Node, is_member: Callable[[str, str], bool | None]) -> Found:
    if not node.is_iri:
        yield from _named(dotted(node.path, "id"), node, "A concept")
        return
    for scheme in node.properties.get(IN_SCHEME, ()):
        if isinstance(scheme, Node) and is_member(scheme.id, node.id) is False:
            yield Problem(
                dotted(node.path, "id"),
                "beyond.concept",
                f"There is no such concept in the list {scheme.id}; take one of the "
                "list.",
            )


def _mentions(node: Node, profile: Profile) -> Found:
    """Several descriptions of which none says everything: read apart, each lies."""
    said = Counter(pair for side in node.sides for pair in side)
    if any(len(side) == len(said) for side in node.sides):
        return
    apart = {pair[0] for pair, times in said.items() if times < len(node.sides)}
    keys = sorted(profile.keys.get(iri, wording.local(iri)) for iri in apart)
    yield Problem(
        dotted(node.path),
        "one-id-two-objects",
        f"One id is described in {len(node.sides)} places that differ in "
        f"{', '.join(keys[:5])}; describe it once, or the same way everywhere.",
    )

"""Names for the things of a document that have none, so that parts can be compared.

A document and a part of it are two documents; which nameless thing of the one is
which of the other shows only if each gets a name before the part is taken. The
standard expands, names and compacts again; here names are written into the compact
tree itself, whose every key is a term of its context anyway. Data Integrity ECDSA
Cryptosuites 1.0 sections 3.4.5 to 3.4.9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.canonical.contexts import ActiveContext, active_context
from edc_issuer.canonical.definitions import NotNative, Term
from edc_issuer.canonical.jcs import jcs
from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits, Quad
from edc_issuer.canonical.terms import RDF, Refused
from edc_issuer.canonical.walk import (
    as_malformed,
    child_context,
    context_urls,
    identifier_of,
    key_term,
    quads_of,
    types_of,
)
from edc_issuer.documents import Documents
from edc_issuer.errors import Malformed, Unsupported

_REST = f"<{RDF}rest>"


@dataclass(frozen=True, slots=True)
class Skolemized:
    """A compact document in which every thing has an identifier.

    `quads` turns it, or any part of it, into statements whose nameless things are
    blank nodes again, the same ones for the same things.
    """

    document: Mapping[str, Any]
    active: ActiveContext
    prefix: str
    limits: Limits

    def quads(self, part: Mapping[str, Any] | None) -> list[Quad]:
        """The statements of a part (section 3.4.9); none of None."""
        if part is None:
            return []
        try:
            quads = quads_of(part, self.active, self.limits)
        except NotNative as error:
            raise _unsupported(str(error)) from error
        return _with_cells([self._deskolemized(quad) for quad in quads])

    def _deskolemized(self, quad: Quad) -> Quad:
        subject, predicate, object_, graph = quad
        return self._blank(subject), predicate, self._blank(object_), graph

    def _blank(self, term: str) -> str:
        start = "<" + self.prefix
        return "_:" + term[len(start) : -1] if term.startswith(start) else term


def skolemize(
    document: Mapping[str, Any],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> Skolemized:
    """Name every nameless thing (section 3.4.8).

    `Unsupported` (`selective.unsupported`) for what the standard's selection cannot
    take apart: credentials inside, identifiers and types under other keys than `id`
    and `type`. `Malformed` as `canonicalize` has it.
    """
    active = active_context(context_urls(document), documents)
    prefix = f"urn:bnid:{hashlib.sha256(jcs(document)).hexdigest()}:"
    naming = _Naming(prefix)
    try:
        named = naming.node(document, active)
    except Refused as refused:
        raise as_malformed(refused) from refused
    except NotNative as error:
        raise _unsupported(str(error)) from error
    except RecursionError as error:
        raise Malformed("nested too deep", reason="json.depth") from error
    named = {"@context": document["@context"], **named}
    return Skolemized(named, active, prefix, limits)


class _Naming:
    """Copies a tree and counts the names that it gives."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix  # has the digest of the document: nothing in it is such
        self._count = 0

    def node(self, members: Mapping[str, Any], active: ActiveContext) -> dict[str, Any]:
        types = types_of(members, active)
        inner = active.for_types(types) if types else active
        _check_aliases(members, inner)
        named: dict[str, Any] = {}
        if identifier_of(members, inner) is None:
            named["id"] = f"{self._prefix}n{self._count}"
            self._count += 1
        for key, value in members.items():
            if key != "@context":
                named[key] = self._member(key_term(key, inner), value, inner)
        return named

    def _member(self, term: Term, value: Any, active: ActiveContext) -> Any:
        if "@graph" in term.container:
            raise _unsupported(f"{term.name} holds a graph of its own")
        if term.type == "@json" or not _holds_objects(value):
            return value
        if "@language" in term.container and isinstance(value, dict):
            return value
        if isinstance(value, list):
            return [self._value(term, item, active) for item in value]
        return self._value(term, value, active)

    def _value(self, term: Term, value: Any, active: ActiveContext) -> Any:
        if not isinstance(value, dict) or "@value" in value:
            return value
        if "@context" in value:
            raise _unsupported(f"{term.name} holds a credential")
        return self.node(value, child_context(term, value, active))


def _with_cells(quads: list[Quad]) -> list[Quad]:
    """The same with the cells of ordered lists under names that parts share.

    Each is named for its owner and place: the standard forgets them, so that two
    parts of one document would number them as they come.
    """
    rest = {quad[0]: quad[2] for quad in quads if quad[1] == _REST}
    if not rest:
        return quads
    names: dict[str, str] = {}
    for subject, predicate, head, _ in quads:
        if head not in rest or predicate == _REST:
            continue
        cell, place = head, hashlib.sha256(f"{subject} {predicate}".encode())
        while cell in rest:
            names[cell] = f"_:l{place.hexdigest()}"
            cell = rest[cell]
            place.update(b"+")
    if len(set(names.values())) != len(rest):
        raise _unsupported("one thing has two ordered lists of one kind")
    return [
        (names.get(s, s), predicate, names.get(o, o), graph)
        for s, predicate, o, graph in quads
    ]


def _holds_objects(value: Any) -> bool:
    items: Iterable[Any] = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) for item in items)


def _check_aliases(members: Mapping[str, Any], active: ActiveContext) -> None:
    """Selection keeps `id` and `type` by these names (section 3.4.13)."""
    for name, meaning in (("id", "@id"), ("type", "@type")):
        term = active.terms.get(name)
        if term is None or term.iri != meaning:
            raise _unsupported(f"the contexts do not call {meaning} {name}")
    others = {*active.id_keys, *active.type_keys} - {"id", "type"}
    if found := next((key for key in members if key in others), None):
        raise _unsupported(f"an identifier or a type under {found!a}")


def _unsupported(why: str) -> Unsupported:
    return Unsupported(
        f"no part of this document can be disclosed by itself: {why}",
        reason="selective.unsupported",
    )


def lines_of(quads: Iterable[Quad]) -> Iterator[str]:
    """Statements as N-Quads writes them, one line each."""
    for subject, predicate, object_, graph in quads:
        tail = f" {graph}" if graph else ""
        yield f"{subject} {predicate} {object_}{tail} .\n"

"""From a JSON-LD document straight to quads, refusing what a signature would miss.

A JSON-LD processor drops in silence what it does not know: undefined keys, relative
identifiers, nulls. What is dropped is not signed, and whoever reads the JSON still
sees it. Here every key, type, identifier and value must end up in a quad, or the
document is refused. JSON-LD 1.1 API, sections 5.1 (expansion) and 8.1 (to RDF),
both in one pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from edc_issuer.canonical import terms
from edc_issuer.canonical.contexts import ActiveContext
from edc_issuer.canonical.definitions import KEYWORDS, NotNative, Term
from edc_issuer.canonical.rdfc import Limits, Quad
from edc_issuer.canonical.terms import RDF, Refused
from edc_issuer.errors import Malformed

_TYPE = f"<{RDF}type>"
_FIRST, _REST, _NIL = f"<{RDF}first>", f"<{RDF}rest>", f"<{RDF}nil>"
_NATIVE = frozenset({"@set", "@list", "@language", "@graph"})
_MISSING = "context.missing"
_PROOF = "https://w3id.org/security#proof"
_TEXT_KEYS = frozenset({"@value", "@language", "@direction"})
_CONTEXT_COST = 50  # what compiling two contexts costs, in objects
_CREDENTIALS = frozenset(
    {
        "VerifiableCredential",
        "VerifiablePresentation",
        "EnvelopedVerifiableCredential",
        "EnvelopedVerifiablePresentation",
    }
)


def context_urls(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses in the `@context` of a document, in their order.

    `Malformed`: `context.inline` for anything but addresses, `context.duplicate`
    for one address twice, `context.missing` where there is none.
    """
    context = document.get("@context")
    urls = context if isinstance(context, list) else [context]
    if "@context" not in document or not urls:
        raise Malformed("no @context: nothing says what it means", reason=_MISSING)
    if not all(isinstance(url, str) for url in urls):
        raise Malformed(
            "a context inside the file, not an address: its author could give any "
            "word any meaning",
            reason="context.inline",
        )
    if len(set(urls)) != len(urls):
        raise Malformed("the same context twice", reason="context.duplicate")
    return tuple(urls)


def quads_of(
    document: Mapping[str, Any], active: ActiveContext, limits: Limits
) -> list[Quad]:
    """The dataset that a document means under its compiled context.

    `Malformed` names the place and the reason of a refusal; `NotNative` says that
    a construct was met which this walk does not know.
    """
    walk = _Walk(limits)
    try:
        walk.node(document, active, "")
    except Refused as refused:
        raise as_malformed(refused) from refused
    except RecursionError as error:
        raise Malformed("nested too deep", reason="json.depth") from error
    if not walk.quads:
        raise Malformed(
            "the document says nothing under its contexts", reason="empty.dataset"
        )
    return walk.quads


def as_malformed(refused: Refused) -> Malformed:
    """The refusal as the error that callers see, with its place in the document."""
    place = ".".join(reversed(refused.path)) or "the document"
    return Malformed(f"{place}: {refused.why}", reason=refused.reason)


class _Walk:
    """One document on its way; `node` returns the subject of what it wrote."""

    def __init__(self, limits: Limits) -> None:
        self.quads: list[Quad] = []
        self._limits = limits
        self._nodes = 0
        self._labels = 0
        self._entered: set[ActiveContext] = set()  # of embedded credentials

    def _blank(self) -> str:
        self._labels += 1
        return f"_:b{self._labels - 1}"

    def node(
        self, members: Mapping[str, Any], active: ActiveContext, graph: str
    ) -> str:
        """Write all that one object says (section 5.1.2, steps 9 to 14)."""
        types = types_of(members, active)
        # Types and embedded contexts cost a compilation each, unless they are known.
        self._count(1 + len(types))
        if "@context" in members and active not in self._entered:
            self._entered.add(active)
            self._count(_CONTEXT_COST)
        inner = active.for_types(types) if types else active
        subject = self._subject(members, inner)
        for name in types:
            self.quads.append((subject, _TYPE, _type_iri(name, active), graph))
        for key, value in members.items():
            if key == "@context":
                continue
            term = key_term(key, inner)
            if term.iri == "@type":
                _check_alias(key, active)
            elif term.iri != "@id":
                self._member(subject, term, value, inner, graph)
        return subject

    def _count(self, cost: int) -> None:
        self._nodes += cost
        if self._nodes > self._limits.nodes or len(self.quads) > self._limits.quads:
            raise Refused(
                "limits.canonicalization", "larger than any credential; not read"
            )

    def _subject(self, members: Mapping[str, Any], active: ActiveContext) -> str:
        found = identifier_of(members, active)
        return self._blank() if found is None else terms.iri(found)

    def _member(
        self, subject: str, term: Term, value: Any, active: ActiveContext, graph: str
    ) -> None:
        try:
            self._values(subject, term, value, active, graph)
        except Refused as refused:
            refused.path.append(term.name)
            raise

    def _values(
        self, subject: str, term: Term, value: Any, active: ActiveContext, graph: str
    ) -> None:
        predicate = f"<{term.iri}>"
        if term.type == "@json":
            self.quads.append((subject, predicate, terms.typed(value, "@json"), graph))
            return
        if "@language" in term.container and isinstance(value, dict):
            for literal in language_map(value):
                self.quads.append((subject, predicate, literal, graph))
            return
        values = value if isinstance(value, list) else [value]
        if "@list" in term.container:
            head = self._list(term, values, active, graph)
            self.quads.append((subject, predicate, head, graph))
        elif "@graph" in term.container:
            for item in values:
                name = self._graph(term, item, active)
                self.quads.append((subject, predicate, name, graph))
        else:
            for item in values:
                found = self._value(term, item, active, graph)
                self.quads.append((subject, predicate, found, graph))

    def _graph(self, term: Term, value: Any, active: ActiveContext) -> str:
        name = self._blank()
        before = len(self.quads)
        self._value(term, value, active, name)
        if len(self.quads) == before:
            raise Refused("empty.dataset", "a reference whose value nothing signs")
        return name

    def _list(
        self, term: Term, values: Iterable[Any], active: ActiveContext, graph: str
    ) -> str:
        items = [self._value(term, item, active, graph) for item in values]
        cells = [self._blank() for _ in items]
        for cell, item, rest in zip(cells, items, [*cells[1:], _NIL], strict=False):
            self.quads.append((cell, _FIRST, item, graph))
            self.quads.append((cell, _REST, rest, graph))
        return cells[0] if cells else _NIL

    def _value(self, term: Term, value: Any, active: ActiveContext, graph: str) -> str:
        """The object of one quad; what lies below is written on the way."""
        if isinstance(value, dict):
            if "@value" in value:
                return language_value(value)
            return self.node(value, child_context(term, value, active), graph)
        if value is None:
            raise Refused("null", "null, which no signature covers")
        if isinstance(value, list):
            raise Refused("not-compact", "a list within a list")
        return scalar(term, value, active.for_property(term))


def types_of(members: Mapping[str, Any], active: ActiveContext) -> tuple[str, ...]:
    """Every type of a node, as written."""
    found: list[str] = []
    for key in active.type_keys:
        if key in members:
            value = members[key]
            found.extend(value if isinstance(value, list) else [value])
    for name in found:
        if not isinstance(name, str):
            raise Refused("type.undefined", "a type that is no text")
    return tuple(found)


def _check_alias(key: str, active: ActiveContext) -> None:
    if key not in active.terms or active.terms[key].iri != "@type":
        raise NotNative(f"a type under {key!a}, a name that only types give it")


def identifier_of(members: Mapping[str, Any], active: ActiveContext) -> str | None:
    """The identifier of a node, expanded but not judged; None for a blank node."""
    found = None
    for key in active.id_keys:
        if key in members:
            value = members[key]
            if not isinstance(value, str):
                raise Refused("iri.invalid", "an identifier that is no text")
            if found is not None:
                raise Refused("iri.invalid", "two identifiers for one thing")
            found = active.expand(value, vocab=False)
    return found


def _type_iri(name: str, active: ActiveContext) -> str:
    found = active.expand(name, vocab=True)
    if not terms.is_iri(found):
        raise Refused("type.undefined", f"type {name!a} is not defined")
    return f"<{found}>"


def key_term(key: str, active: ActiveContext) -> Term:
    """What a key means here; `Refused` unless it is a term of the context in force."""
    known = active.plain_terms.get(key)
    if known is not None:
        return known
    term = active.terms.get(key)
    if term is None:
        return _by_vocabulary(key, active)
    if term.iri is None and not term.unusual:
        raise _undefined(key)
    if term.unusual or term.iri is None or not term.container <= _NATIVE:
        raise NotNative(f"term {key!a}")
    if term.iri.startswith("@") and term.iri not in ("@id", "@type"):
        raise Refused("not-compact", f"key {key!a} stands for {term.iri}")
    if not term.iri.startswith("@") and not terms.is_iri(term.iri):
        raise NotNative(f"term {key!a}")
    active.plain_terms[key] = term
    return term


def _undefined(key: str) -> Refused:
    # ascii() shows a Greek iota or a zero-width letter that looks like nothing
    if key in KEYWORDS or ":" in key:
        return Refused("not-compact", f"key {key!a} is no term of the contexts")
    return Refused("key.undefined", f"key {key!a} is not defined by the contexts")


def _by_vocabulary(key: str, active: ActiveContext) -> Term:
    """A key that only the `@vocab` of a pinned context gives a meaning."""
    if active.vocab is None or not key or key in KEYWORDS or ":" in key:
        raise _undefined(key)
    if not terms.is_iri(active.vocab + key):
        raise _undefined(key)
    return Term(key, active.vocab + key)


def child_context(
    term: Term, members: Mapping[str, Any], active: ActiveContext
) -> ActiveContext:
    """The context that a node below `term` starts with (steps 3 and 7 to 9)."""
    inner = active
    if active.previous is not None and not _is_reference(members, active):
        inner = active.previous
    inner = inner.for_property(term)
    if "@context" in members:
        inner = _in_contexts_of(members, term, inner)
    return inner


def _is_reference(members: Mapping[str, Any], active: ActiveContext) -> bool:
    if len(members) != 1:
        return False
    found = active.terms.get(next(iter(members)))
    return found is not None and found.iri == "@id"


def _in_contexts_of(
    members: Mapping[str, Any], term: Term, active: ActiveContext
) -> ActiveContext:
    """Only a whole credential within a credential may name its contexts again.

    Its proof may repeat them, as proofs over the text do (EdDSA Cryptosuites 3.3.1),
    as long as that changes the meaning of no word.
    """
    urls = context_urls(members)
    if is_credential(members):
        return active.entering(urls)
    if term.iri != _PROOF or not active.is_repeated_by(urls):
        raise Refused("context.inline", "a context within the document")
    return active


def is_credential(members: Mapping[str, Any]) -> bool:
    """Whether an object calls itself a credential or a presentation."""
    types = members.get("type")
    named = types if isinstance(types, list) else [types]
    return any(name in named for name in _CREDENTIALS)


def language_map(value: Mapping[str, Any]) -> list[str]:
    """The texts of a language map, one literal a text."""
    return [
        terms.tagged(item, language)
        for language, items in value.items()
        for item in (items if isinstance(items, list) else [items])
    ]


def language_value(value: Mapping[str, Any]) -> str:
    """A text with its language; no other use of `@value` is taken."""
    if not set(value) <= _TEXT_KEYS or "@language" not in value:
        raise Refused("not-compact", "@value for something other than a text")
    # RDF has no direction: it is not signed, and the verified view leaves it out.
    if value.get("@direction", "ltr") not in ("ltr", "rtl"):
        raise Refused("not-compact", "@direction is neither ltr nor rtl")
    return terms.tagged(value["@value"], value["@language"])


def scalar(term: Term, value: Any, active: ActiveContext) -> str:
    """A text, number or boolean as RDF (section 5.3.2, Value Expansion)."""
    # The property's own context may have redefined or forgotten the property.
    term = active.terms.get(term.name, _UNKNOWN)
    datatype = term.type
    if not isinstance(value, str):
        if datatype in ("@id", "@vocab", "@none"):
            datatype = None
        return terms.typed(value, datatype)
    if datatype == "@id":
        return terms.iri(active.expand(value, vocab=False))
    if datatype == "@vocab":
        return terms.iri(active.expand(value, vocab=True))
    if datatype is not None and datatype != "@none":
        return terms.typed(value, datatype)
    language = active.language if term.language is False else term.language
    return terms.text(value) if language is None else terms.tagged(value, language)


_UNKNOWN = Term("", None)

"""What a reader may rely on: the content of a document as its quads say it.

Two trees can have one canonical form: 5.0 and 5, a key and its synonym, an object
written here or there under one id. Whoever reads the tree as it was handed over can
be shown something else than what was signed. `view` turns each of these forms into
one. It expects a document that `canonicalize` accepted; array order stays as it
was, because nothing signs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.canonical.contexts import ActiveContext, active_context
from edc_issuer.canonical.definitions import NotNative, Term
from edc_issuer.canonical.jcs import jcs
from edc_issuer.canonical.literals import scalar
from edc_issuer.canonical.rdfc import DEFAULT_LIMITS, Limits
from edc_issuer.canonical.terms import Refused
from edc_issuer.canonical.walk import (
    as_malformed,
    child_context,
    context_urls,
    identifier_of,
    is_credential,
    key_term,
    types_of,
)
from edc_issuer.documents import Documents
from edc_issuer.errors import Malformed, Unsupported
from edc_issuer.strict_json import MAX_DEPTH

MAX_LETTERS = 48 * 1024 * 1024  # of all mentions together; a file has a third of it
_PER_VALUE = 64  # what a short value costs in memory and in time, in letters


@dataclass(frozen=True, slots=True)
class View:
    """The verified view; `merged` are the ids that had properties in two places."""

    content: dict[str, Any]
    merged: tuple[str, ...] = ()


def view(
    document: Mapping[str, Any],
    *,
    documents: Documents,
    limits: Limits = DEFAULT_LIMITS,
) -> View:
    """The document with canonical values and with its nodes merged by id.

    Every mention of an id as an object shows all that the document says of it,
    but for mentions inside the thing itself, and inside an embedded credential,
    which stays as its own issuer signed it. A property that is said twice with
    two values has both, in a list. `Unsupported` where only the complete processor
    could read the document.
    """
    active = active_context(context_urls(document), documents)
    reading = _Reading(limits)
    try:
        root = reading.node(document, active, _Place("", embedded=False))
        content = _Filling(reading, limits).fill(root)
    except Refused as refused:
        raise as_malformed(refused) from refused
    except RecursionError as error:
        raise Malformed("nested too deep", reason="json.depth") from error
    except NotNative as error:
        raise Unsupported(f"no view of this document: {error}") from error
    return View({"@context": document["@context"], **content}, reading.merged())


class Embedded(dict[str, Any]):
    """The view of a credential within the document, and that one `as_signed`.

    Its own proof may be over its text, which the view puts into another form: the
    letters of a language tag, an empty list, a value that stands there twice.
    """

    __slots__ = ("as_signed",)

    def __init__(self, content: dict[str, Any], as_signed: Mapping[str, Any]) -> None:
        super().__init__(content)
        self.as_signed = as_signed


@dataclass(slots=True, eq=False)
class _Node:
    """One object of the document: its properties by key, each with its IRI."""

    id: str | None
    place: _Place
    context: Any = None
    lists: set[str] = field(default_factory=set)
    iris: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Any]] = field(default_factory=dict)
    digest: bytes = b""
    weight: int = 0
    text: Mapping[str, Any] | None = None  # of an embedded credential

    @property
    def says_something(self) -> bool:
        return any(iri not in ("@id", "@type") for iri in self.iris.values())


@dataclass(frozen=True, slots=True)
class _Place:
    """Which graph an object is in, and whether inside an embedded credential."""

    graph: str
    embedded: bool


@dataclass(frozen=True, slots=True)
class _List:
    """An ordered list, one value as a whole."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Json:
    """A JSON literal: signed as it stands, lists and objects and all."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Texts:
    """A language map: texts by lower-case tag."""

    by_language: Mapping[str, list[Any]]


def _mark(value: Any) -> Any:
    """Equal for values that say the same; None for texts, which are joined later."""
    if isinstance(value, _Texts):
        return None
    if isinstance(value, _List):
        return ("list", *map(_mark, value.items))
    if isinstance(value, _Json):
        return "json", jcs(value.value)
    if isinstance(value, dict):
        return ("text", value["@value"], value["@language"])
    if not isinstance(value, _Node):
        return type(value), repr(value)
    if value.id is not None:
        return "id", value.id
    if not value.digest:  # each object is looked at once
        said = [(k, [_told(v) for v in vs]) for k, vs in value.members.items()]
        value.digest = hashlib.sha256(repr(sorted(said)).encode()).digest()
    return "node", value.digest


class _Reading:
    """The first pass: canonical values, and every object under its id."""

    def __init__(self, limits: Limits) -> None:
        self.mentions: dict[tuple[str, str], list[_Node]] = {}
        self._limits = limits
        self._graphs = 0

    def merged(self) -> tuple[str, ...]:
        """Ids with properties in two places of one graph."""
        return tuple(
            id_
            for (_, id_), nodes in self.mentions.items()
            if sum(node.says_something for node in nodes) > 1
        )

    def node(
        self, members: Mapping[str, Any], active: ActiveContext, place: _Place
    ) -> _Node:
        types = types_of(members, active)
        inner = active.for_types(types) if types else active
        node = _Node(identifier_of(members, inner), place, members.get("@context"))
        if place.embedded and is_credential(members):
            node.text = members
        if node.id is not None:
            self.mentions.setdefault((place.graph, node.id), []).append(node)
        for key, value in members.items():
            if key != "@context":
                self._member(node, key_term(key, inner), value, inner)
        return node

    def _member(
        self, node: _Node, term: Term, value: Any, active: ActiveContext
    ) -> None:
        key = active.spelling(term)
        values = list(self._values(node, term, value, active))
        if not values:
            return  # an empty array: nothing of it is signed
        node.iris[key] = str(term.iri)
        node.members.setdefault(key, []).extend(values)
        if isinstance(value, list) and term.type != "@json":
            node.lists.add(key)

    def _values(
        self, node: _Node, term: Term, value: Any, active: ActiveContext
    ) -> Iterator[Any]:
        values = value if isinstance(value, list) else [value]
        if term.iri == "@id":
            yield node.id
        elif term.iri == "@type":
            yield from dict.fromkeys(values)
        elif term.type == "@json":
            yield _Json(value)
        elif "@language" in term.container and isinstance(value, dict):
            if texts := _language_map(value):
                yield _Texts(texts)
        elif "@list" in term.container:
            yield _List(tuple(self._value(node, term, v, active) for v in values))
        else:
            for item in values:
                yield self._value(node, term, item, active)

    def _value(self, node: _Node, term: Term, value: Any, active: ActiveContext) -> Any:
        if not isinstance(value, dict):
            return scalar(term, value, active.for_property(term))
        if "@value" in value:
            # The direction is left out: RDF does not hold it.
            language = value["@language"].lower()
            return {"@value": value["@value"], "@language": language}
        graph = node.place.graph
        if "@graph" in term.container:
            self._graphs += 1
            graph = str(self._graphs)
        embedded = node.place.embedded or is_credential(value)
        inner = child_context(term, value, active)
        return self.node(value, inner, _Place(graph, embedded))


def _language_map(value: Mapping[str, Any]) -> dict[str, list[Any]]:
    texts: dict[str, list[Any]] = {}
    for language, items in value.items():
        found = items if isinstance(items, list) else [items]
        if found:
            texts.setdefault(language.lower(), []).extend(found)
    return {language: list(dict.fromkeys(found)) for language, found in texts.items()}


class _Filling:
    """The second pass: every mention of an id gets all that is said of it."""

    def __init__(self, reading: _Reading, limits: Limits) -> None:
        self._speaking = {
            key: [node for node in nodes if len(node.members) > 1]
            for key, nodes in reading.mentions.items()
        }
        self._left = limits.work
        self._letters = MAX_LETTERS
        self._depth = 0
        self._open: set[tuple[str, str]] = set()

    def fill(self, node: _Node) -> dict[str, Any]:
        """All that is said of a thing, where it is mentioned once."""
        self._depth += 1
        others = self._others(node)
        self._spend(node, others)
        try:
            return self._filled(node, others)
        finally:
            self._depth -= 1

    def _spend(self, node: _Node, others: list[_Node]) -> None:
        # Mentions within mentions multiply; an honest file has a few hundred.
        self._left -= 1 + len(others)
        self._letters -= sum(map(_weight, (node, *others)))
        if min(self._left, self._letters) < 0 or self._depth > MAX_DEPTH:
            raise Refused("limits.canonicalization", "objects within each other")

    def _filled(self, node: _Node, others: list[_Node]) -> dict[str, Any]:
        key = (node.place.graph, str(node.id))
        if node.id is None or key in self._open:
            return self._written(node)
        self._open.add(key)
        try:
            return self._written(_union(node, others) if others else node)
        finally:
            self._open.discard(key)

    def _others(self, node: _Node) -> list[_Node]:
        key = (node.place.graph, str(node.id))
        if node.id is None or node.place.embedded or key in self._open:
            return []
        return [other for other in self._speaking[key] if other is not node]

    def _written(self, node: _Node) -> dict[str, Any]:
        content: dict[str, Any] = {}
        if node.context is not None and node.place.embedded:
            content["@context"] = node.context
        for key, values in node.members.items():
            kept = _distinct(values)
            written = [self._value(value) for value in kept]
            one = len(kept) == 1 and (
                key not in node.lists or isinstance(kept[0], _List | _Texts)
            )
            content[key] = written[0] if one else written
        return content if node.text is None else Embedded(content, node.text)

    def _value(self, value: Any) -> Any:
        if isinstance(value, _Node):
            return self.fill(value)
        if isinstance(value, _Json):
            return value.value
        if isinstance(value, _List):
            return [self._value(item) for item in value.items]
        if isinstance(value, _Texts):
            return {
                language: texts[0] if len(texts) == 1 else texts
                for language, texts in value.by_language.items()
            }
        return value


def _weight(node: _Node) -> int:
    """The letters of all that one mention says itself; what is below counts there."""
    if not node.weight:
        node.weight = 1 + sum(_size(v) for vs in node.members.values() for v in vs)
    return node.weight


def _size(value: Any) -> int:
    if isinstance(value, _List):
        return _PER_VALUE + sum(map(_size, value.items))
    if isinstance(value, _Texts):
        return sum(
            _size(text) for found in value.by_language.values() for text in found
        )
    if isinstance(value, _Json):
        return _PER_VALUE + len(jcs(value.value))
    if isinstance(value, dict):
        return _PER_VALUE + len(value["@value"])
    return _PER_VALUE + (len(value) if isinstance(value, str) else 0)


def _told(value: Any) -> Any:
    if isinstance(value, _Texts):
        return sorted((k, list(texts)) for k, texts in value.by_language.items())
    return _mark(value)


def _union(node: _Node, others: list[_Node]) -> _Node:
    """What all mentions say; a key that means two things stays with its own."""
    whole = _Node(node.id, node.place, node.context)
    known: dict[str, set[Any]] = {}
    for part in (node, *others):
        for key, values in part.members.items():
            if whole.iris.setdefault(key, part.iris[key]) != part.iris[key]:
                continue
            marks = [_mark(value) for value in values]
            seen = known.setdefault(key, set())
            whole.members.setdefault(key, []).extend(
                value
                for value, mark in zip(values, marks, strict=True)
                if mark is None or mark not in seen
            )
            seen.update(marks)
        whole.lists |= part.lists
    return whole


def _distinct(values: list[Any]) -> list[Any]:
    """Texts, numbers and references once, as RDF holds them; language maps in one.

    Objects without an id stay: they are different things even where they look alike.
    """
    if len(values) == 1:
        return values
    kept: dict[Any, Any] = {}
    languages: dict[str, list[Any]] = {}
    for number, value in enumerate(values):
        if isinstance(value, _Texts):
            for language, texts in value.by_language.items():
                languages.setdefault(language, []).extend(texts)
        else:
            kept.setdefault(number if isinstance(value, _Node) else _mark(value), value)
    if not languages:
        return list(kept.values())
    return [
        _Texts({name: list(dict.fromkeys(t)) for name, t in languages.items()}),
        *kept.values(),
    ]

"""A credential as the nodes it describes, merged by id, as its RDF would have them.

The shapes judge nodes, not places in a tree: what one mention of an id leaves out
another may say. This reads the plain JSON tree by the rules of JSON-LD 1.1 that an
EDC can touch (https://www.w3.org/TR/json-ld11-api/, expansion and node map), with
no RDF engine. What JSON-LD would drop or refuse is kept as a `Slip`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from edc_issuer.models.profile.nodes import Literal, Node, Path, Slip, Value
from edc_issuer.models.profile.table import LANG_STRING, STRING, XSD, Profile, Term

MAX_DEPTH = 64  # the deepest official sample nests 17 levels
CREDENTIAL = "VerifiableCredential"
PRESENTATION = "VerifiablePresentation"
_SCOPED = (CREDENTIAL, PRESENTATION)
# `proof` is not read: it is a graph of its own, and the formats judge it.
_ASIDE = frozenset(("id", "type", "proof"))
_IRI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):\S*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")

# What a plain text is; every other coercion names its datatype itself.
_DATATYPES = {"": STRING, "@language": STRING}
_literal = tuple.__new__  # half the cost of the class's own, for half of all values


class Graph:
    """All nodes of one credential, in the order in which they are met."""

    def __init__(self, profile: Profile) -> None:
        self.nodes: list[Node] = []  # the first is the credential
        self.slips: list[Slip] = []
        self._by_id: dict[str, Node] = {}
        self._terms = profile.terms
        self._blanks = 0
        self._depth = 0

    @classmethod
    def of(cls, credential: Mapping[str, Any], profile: Profile) -> Graph:
        """Read the tree; nothing that it can hold raises."""
        graph = cls(profile)
        raw = {key: value for key, value in credential.items() if key != "@context"}
        ident = raw.get("id", raw.get("@id"))
        # What has no usable id is judged all the same, as a blank node.
        root = graph._new(ident, None) or graph._blank(None)
        terms = graph._scope(raw.get("type", raw.get("@type")))
        # Its keys are read as a credential's even where its type is missing: one
        # missing word should be one complaint.
        if terms is graph._terms.everywhere:
            terms = graph._terms.scopes[CREDENTIAL]
        graph._read(root, raw, None, terms)
        return graph

    def _describe(self, raw: dict[str, Any], path: Path) -> Node | None:
        """The node that an object describes or names; None where JSON-LD drops it."""
        ident = raw.get("id")
        if ident is None:
            ident = raw.get("@id")
        node = self._by_id.get(ident) if type(ident) is str else None
        if node is None:
            node = self._new(ident, path)
            if node is None:
                node = Node("", path)
                self._read(node, raw, path, None)
                return None
        elif node.mentions:
            first = node.mentions[0][1]
            if node.is_closed and (raw is first or _same(raw, first)):
                return node
        if len(raw) > 1 or (raw and ident is None):
            self._read(node, raw, path, None)
        return node

    def _new(self, ident: object, path: Path) -> Node | None:
        """A node for an id met the first time; None if no node can have it."""
        if ident is None:
            return self._blank(path)
        iri = self._absolute(ident) if type(ident) is str else ""
        if not iri:
            self.slips.append(Slip("bad-id", path))
            return None
        node = self._by_id.get(iri) or Node(iri, path)
        if iri not in self._by_id:
            self._by_id[iri] = node
            self.nodes.append(node)
        self._by_id[str(ident)] = node
        return node

    def _blank(self, path: Path) -> Node:
        self._blanks += 1
        node = Node("", path)
        self.nodes.append(node)
        return node

    def _absolute(self, text: str) -> str:
        """The IRI that a reference means; empty for a relative one."""
        prefix = _scheme(text)
        if not prefix:
            return ""
        return self._terms.expand(text) if prefix in self._terms.prefixes else text

    def _read(
        self,
        node: Node,
        raw: dict[str, Any],
        path: Path,
        terms: Mapping[str, Term] | None,
    ) -> None:
        """Add what one object says to its node."""
        if self._depth > MAX_DEPTH:
            self.slips.append(Slip("depth", path))
            return
        if not node.mentions:
            node.path = path
        node.mentions.append((path, raw))
        blanks = self._blanks
        names = raw.get("type", raw.get("@type", ()))
        types = self._read_types(names, path)
        said = self._read_properties(raw, path, terms or self._scope(names))
        node.merge(types, said)
        node.is_closed = self._blanks == blanks and len(node.mentions) == 1

    def _read_properties(
        self, raw: dict[str, Any], path: Path, terms: Mapping[str, Term]
    ) -> dict[str, list[Value]]:
        """IRI → values, of one mention."""
        self._depth += 1
        said: dict[str, list[Value]] = {}
        for key, value in raw.items():
            term = terms.get(key)
            if term is None:
                term = None if key in _ASIDE else self._unknown(key, path)
            if term is None or value is None:
                continue
            # Half of all values are plain texts: they take the short way.
            coercion = term.coercion
            if type(value) is str and coercion != "@id":
                datatype = _DATATYPES.get(coercion, coercion)
                values: list[Value] = [_literal(Literal, (value, datatype, ""))]
            else:
                values = self._values(term, value, (path, key))
            if values:
                if term.iri in said:
                    said[term.iri].extend(values)
                else:
                    said[term.iri] = values
        self._depth -= 1
        return said

    def _scope(self, names: object) -> Mapping[str, Term]:
        """The keys that a node of these types may use."""
        scopes = self._terms.scopes
        if type(names) is str:
            return scopes.get(names, self._terms.everywhere)
        if type(names) is list:
            for name in _SCOPED:
                if name in names:
                    return scopes[name]
        return self._terms.everywhere

    def _read_types(self, names: object, path: Path) -> tuple[str, ...]:
        known = self._terms.types
        if type(names) is str:
            iri = known.get(names)
            if iri is not None:
                return (iri,)
            names = [names]
        if not isinstance(names, list | tuple):
            self.slips.append(Slip("bad-value", path, "type"))
            return ()
        found = []
        for name in names:
            iri = known.get(name) if type(name) is str else None
            if iri is None and type(name) is str:
                iri = self._absolute(name)
            if iri:
                found.append(iri)
            else:
                self.slips.append(Slip("undefined-type", path, str(name)[:80]))
        return tuple(found)

    def _unknown(self, key: object, path: Path) -> Term | None:
        """A key without a term: an IRI in full, or nothing that JSON-LD keeps."""
        if type(key) is not str:
            return None
        if key == "@context":
            self.slips.append(Slip("context", path, key))
        elif key.startswith("@"):
            self.slips.append(Slip("keyword", path, key))
        else:
            iri = self._absolute(key)
            if iri:
                return Term(iri, "")
            self.slips.append(Slip("undefined-key", path, key))
        return None

    def _values(self, term: Term, value: Any, path: Path) -> list[Value]:
        """What a key's value says, in the order in which it stands."""
        kind = type(value)
        if kind is list:
            return self._list(term, value, path)
        if kind is dict:
            if term.coercion == "@language":
                return self._language_map(value, path)
            one = self._object(value, path)
        else:
            one = self._scalar(term.coercion, value, path)
        return [] if one is None else [one]

    def _list(self, term: Term, items: list[Any], path: Path) -> list[Value]:
        if self._depth > MAX_DEPTH:
            self.slips.append(Slip("depth", path))
            return []
        self._depth += 1
        single = len(items) == 1
        found: list[Value] = []
        for index, item in enumerate(items):
            if item is not None:
                where = path if single else (path, index)
                if type(item) is dict and term.coercion == "@language":
                    one = self._object(item, where)
                    found += [] if one is None else [one]
                else:
                    found += self._values(term, item, where)
        self._depth -= 1
        return found

    def _object(self, raw: dict[str, Any], path: Path) -> Value | None:
        if "@value" in raw:
            return self._value_object(raw, path)
        if "@set" in raw or "@list" in raw:
            key = "@set" if "@set" in raw else "@list"
            self.slips.append(Slip("keyword", path, key))
            return None
        return self._describe(raw, path)

    def _scalar(self, coercion: str, value: Any, path: Path) -> Value | None:
        kind = type(value)
        if kind is str:
            if coercion == "@id":
                return self._reference(value, path)
            return self._literal(coercion, value)
        if kind is bool:
            natural, lexical = "boolean", "true" if value else "false"
        elif kind is int:
            natural, lexical = "integer", _digits(value)
        elif kind is float:
            whole = value.is_integer() and abs(value) < 1e21
            natural = "integer" if whole else "double"
            lexical = str(int(value)) if whole else _double(value)
        else:
            self.slips.append(Slip("bad-value", path))
            return None
        plain = coercion in ("", "@id", "@language")
        return Literal(lexical, XSD + natural if plain else coercion)

    @staticmethod
    def _literal(coercion: str, text: str) -> Literal:
        return Literal(text, _DATATYPES.get(coercion, coercion))

    def _reference(self, text: str, path: Path) -> Node | None:
        node = self._by_id.get(text)
        return node if node is not None else self._new(text, path)

    def _value_object(self, raw: dict[str, Any], path: Path) -> Value | None:
        value, language, kind = (
            raw.get(key) for key in ("@value", "@language", "@type")
        )
        if type(value) is str and type(language) is str and language:
            return self._text(language, value, path)
        datatype = self._terms.expand(kind) if type(kind) is str else ""
        return self._scalar(datatype, value, path) if value is not None else None

    def _language_map(self, raw: dict[str, Any], path: Path) -> list[Value]:
        found: list[Value] = []
        for language, texts in raw.items():
            if type(texts) is str and type(language) is str and _tag(language):
                found.append(_literal(Literal, (texts, LANG_STRING, _tag(language))))
                continue
            for text in texts if type(texts) is list else (texts,):
                if type(text) is str:
                    one = self._text(language, text, path)
                    if one is not None:
                        found.append(one)
                elif text is not None:
                    self.slips.append(Slip("bad-value", (path, language)))
        return found

    def _text(self, language: str, text: str, path: Path) -> Literal | None:
        if language in ("", "@none"):
            return Literal(text, STRING)
        tag = _tag(language) if type(language) is str else ""
        if not tag:
            self.slips.append(Slip("language", path, str(language)[:40]))
            return None
        return _literal(Literal, (text, LANG_STRING, tag))


# A credential names a few languages and the same concepts again and again.
@lru_cache(maxsize=1024)
def _tag(language: str) -> str:
    """A language tag in small letters; empty for what is none."""
    return language.lower() if _LANGUAGE.fullmatch(language) else ""


@lru_cache(maxsize=4096)
def _scheme(text: str) -> str:
    """The part of an IRI before its colon; empty for what is no absolute IRI."""
    return text.partition(":")[0] if _IRI.fullmatch(text) else ""


def _same(one: object, other: object) -> bool:
    try:
        return one == other
    except RecursionError:
        return False


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to write out more than 4,300 digits
        return "not a number that anybody reads"


def _double(value: float) -> str:
    """The canonical form of an `xsd:double`."""
    mantissa, _, exponent = f"{value:.15E}".partition("E")
    if not exponent:
        return mantissa
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}"

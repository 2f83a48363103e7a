"""What the native walk does not know, read by pyld under the same refusals.

pyld has no safe mode: it drops what it does not understand and resolves relative
references. So the document is expanded over a vocabulary and a base that nobody
uses, and whatever turns up under them was undefined or relative. Its context cache
is global to the process; a cache of one call keeps a caller's documents apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.canonical import terms
from edc_issuer.canonical.definitions import KEYWORDS
from edc_issuer.canonical.rdfc import Limits, Quad
from edc_issuer.canonical.terms import Refused
from edc_issuer.canonical.walk import as_malformed, context_urls
from edc_issuer.documents import Documents
from edc_issuer.errors import Malformed

_UNDEFINED = "urn:x-undefined:"
_RELATIVE = "https://x-relative.invalid/"
_STRING = terms.XSD + "string"
_LANG_STRING = terms.RDF + "langString"


def quads_by_pyld(
    document: Mapping[str, Any], documents: Documents, limits: Limits
) -> list[Quad]:
    """As `walk.quads_of`, for documents that it gives up on."""
    try:
        _check_tree(document, limits)
        expanded = _expand(document, documents)
        for node in expanded:
            _check_expanded(node)
    except Refused as refused:
        raise as_malformed(refused) from refused
    quads = list(_to_quads(expanded))
    if not quads:
        raise Malformed(
            "the document says nothing under its contexts", reason="empty.dataset"
        )
    return quads


def _check_tree(document: Mapping[str, Any], limits: Limits) -> None:
    """What can be refused before anything is expanded."""
    pending: list[Any] = [value for key, value in document.items() if key != "@context"]
    _check_keys(set(document) - {"@context"})
    nodes = 0
    while pending:
        item = pending.pop()
        nodes += 1
        if nodes > 20 * limits.nodes:
            raise Refused("limits.canonicalization", "larger than any credential")
        if item is None:
            raise Refused("null", "null, which no signature covers")
        if isinstance(item, float | int) and not isinstance(item, bool):
            terms.check_range(item)
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict) and "@value" in item:
            terms.tagged(item["@value"], item.get("@language"))
        elif isinstance(item, dict):
            if "@context" in item:
                context_urls(item)
            _check_keys(set(item) - {"@context"})
            pending.extend(v for k, v in item.items() if k != "@context")


def _check_keys(keys: set[str]) -> None:
    for key in keys:
        if key in KEYWORDS or ":" in key:
            raise Refused("not-compact", f"key {key!a} is no term of the contexts")


def _expand(document: Mapping[str, Any], documents: Documents) -> list[Any]:
    from cachetools import LRUCache
    from pyld import jsonld
    from pyld.context_resolver import ContextResolver

    def load(url: str, _options: Any = None) -> dict[str, Any]:
        return {
            "contextUrl": None,
            "documentUrl": url,
            "contentType": "application/ld+json",
            "document": documents.get(url),
        }

    def dropped(key: Any) -> None:
        raise Refused("key.undefined", f"key {key!a} is not defined by the contexts")

    options = {
        "base": _RELATIVE,
        "expandContext": {"@context": {"@vocab": _UNDEFINED}},
        "documentLoader": load,
        "contextResolver": ContextResolver(LRUCache(64), load),
    }
    try:
        return list(jsonld.expand(document, options, on_property_dropped=dropped))
    except jsonld.JsonLdError as error:
        raise Malformed(
            f"not JSON-LD: {error.code or error.type}", reason="context.invalid"
        ) from error
    except RecursionError as error:
        raise Malformed("nested too deep", reason="json.depth") from error


def _check_expanded(node: Any) -> None:
    """Every key, type and identifier of an expanded document must be absolute."""
    pending = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            _check_object(item)
            pending.extend(v for k, v in item.items() if k not in ("@value", "@type"))


def _check_object(item: Mapping[str, Any]) -> None:
    for key in item:
        if key.startswith(_UNDEFINED):
            name = key.removeprefix(_UNDEFINED)
            raise Refused("key.undefined", f"key {name!a} is not defined")
        if not key.startswith("@"):
            terms.iri(key)
    if "@id" in item:
        _check_iri(item["@id"], "iri.invalid")
    types = item.get("@type", [])
    for name in types if isinstance(types, list) else [types]:
        if name != "@json":
            _check_iri(name, "type.undefined")


def _check_iri(value: str, reason: str) -> None:
    terms.iri(value)
    if value.startswith((_UNDEFINED, _RELATIVE)):
        raise Refused(reason, "an identifier or type that is not defined")


def _to_quads(expanded: list[Any]) -> Iterator[Quad]:
    from pyld import jsonld

    dataset = jsonld.to_rdf(expanded, {"base": _RELATIVE})
    for graph, triples in dataset.items():
        name = "" if graph == "@default" else _name(graph)
        for triple in triples:
            subject, predicate, object_ = (
                _term(triple[part]) for part in ("subject", "predicate", "object")
            )
            yield subject, predicate, object_, name


def _name(value: str) -> str:
    return value if value.startswith("_:") else f"<{value}>"


def _term(part: Mapping[str, str]) -> str:
    if part["type"] != "literal":
        return _name(part["value"])
    literal = terms.text(part["value"])
    if part.get("datatype") == _LANG_STRING:
        return f"{literal}@{part['language']}"
    if part.get("datatype", _STRING) == _STRING:
        return literal
    return f"{literal}^^<{part['datatype']}>"

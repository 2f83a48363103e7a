"""Does an EDC follow the ELM application profile? Every fault, with its place.

`inspect` gives the verdict of the Commission's SHACL shapes, on the plain JSON and
without an RDF engine, and what those shapes let through. European Learning Model
3.2, EDC application profile 1.2.0; the table it reads is docs/elm-profile.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models.profile import beyond, table
from edc_issuer.models.profile.graph import Graph
from edc_issuer.models.profile.judge import judge
from edc_issuer.models.profile.nodes import dotted
from edc_issuer.models.profile.table import versions
from edc_issuer.vocab import is_member

__all__ = [
    "MergedNode",
    "inspect",
    "merged_nodes",
    "profiles_of",
    "undefined_keys",
    "versions",
]


@dataclass(frozen=True, slots=True)
class MergedNode:
    """All that a credential says under one id, wherever it says it.

    `mentions` are its different descriptions (plain JSON objects, first one first)
    with their paths; descriptions that only repeat another are left out.
    """

    id: str
    types: tuple[str, ...]  # IRIs
    mentions: tuple[tuple[str, Mapping[str, Any]], ...]

    def values(self, key: str) -> tuple[Any, ...]:
        """Every value that any description has for a key; lists are opened."""
        found: dict[str, Any] = {}
        for _, raw in self.mentions:
            value = raw.get(key)
            for one in value if isinstance(value, list) else (value,):
                if one is not None:
                    # Comparing each with each would let a hostile file cost its
                    # square.
                    found.setdefault(json.dumps(one, default=str), one)
        return tuple(found.values())


def inspect(
    credential: Mapping[str, Any], *, version: str = table.VERSION
) -> Iterator[Problem]:
    """Where a credential breaks the profiles that it names.

    Codes `shape.*` and `vocabulary.scheme` are the verdict of the official shapes;
    `beyond.*`, `key.undefined` and `one-id-two-objects` are what they let through.
    Paths are dotted (`credentialSubject.hasClaim.awardedBy`), with an index only
    where a list has several members. Any JSON at all may be given: nothing raises,
    and the work is linear. `KeyError` for a version that is not held.
    """
    profile = table.profile(profiles_of(credential, version=version), version)
    graph = Graph.of(credential, profile)
    # Two classes of one node often say the same.
    seen: set[tuple[str, str]] = set()
    for found in (
        judge(graph, profile),
        beyond.examine(credential, graph, profile, is_member),
    ):
        for problem in found:
            mark = (problem.path, problem.code)
            if mark not in seen:
                seen.add(mark)
                yield problem


def undefined_keys(
    credential: Mapping[str, Any], *, version: str = table.VERSION
) -> tuple[str, ...]:
    """Dotted paths of the keys that neither context defines: nobody signed them."""
    graph = Graph.of(credential, table.profile(version=version))
    slips = (slip for slip in graph.slips if slip.kind == "undefined-key")
    return tuple(dotted(slip.path, slip.what) for slip in slips)


def merged_nodes(
    credential: Mapping[str, Any], *, version: str = table.VERSION
) -> dict[str, MergedNode]:
    """Everything with an id, by id, as a processor of JSON-LD would merge it."""
    graph = Graph.of(credential, table.profile(version=version))
    return {
        node.id: MergedNode(
            node.id,
            tuple(node.types),
            tuple((dotted(path), raw) for path, raw in node.mentions),
        )
        for node in graph.nodes
        if node.id
    }


def profiles_of(
    credential: Mapping[str, Any], *, version: str = table.VERSION
) -> tuple[str, ...]:
    """The profiles that a credential names, with all that they build on.

    It names them by the ids of `credentialSchema` and `credentialProfiles`; one
    that names none, or only Generic, follows `generic-no-cv` and `generic-full`.
    Without the controlled lists it is judged only where its schemas say so and
    nothing more.
    """
    schemas, concepts = (
        frozenset(_ids(credential.get(key)))
        for key in ("credentialSchema", "credentialProfiles")
    )
    wanted = {
        name
        for name, schema, concept in table.named(version)
        if schema in schemas or concept in concepts
    }
    plain, full = table.DEFAULT
    schemaless = {name for name, schema, _ in table.named(version) if schema in schemas}
    if schemaless == {plain} and wanted <= {plain, full}:
        return (plain,)
    return tuple(table.needed({*wanted, plain, full}, version))


def _ids(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else (value,):
        name = item.get("id", item.get("@id")) if isinstance(item, Mapping) else item
        if isinstance(name, str):
            yield name

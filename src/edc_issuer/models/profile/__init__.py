"""Does an EDC follow the ELM application profile? The checker and its table.

`inspect` gives the verdict of the Commission's SHACL shapes, on the plain JSON and
without an RDF engine, and what those shapes let through. European Learning Model
3.2, EDC application profile 1.2; the table is docs/elm-profile.md.
"""

from __future__ import annotations

from edc_issuer.models.profile.check import (
    MergedNode,
    inspect,
    merged_nodes,
    profiles_of,
    undefined_keys,
)
from edc_issuer.models.profile.table import VERSION, versions

__all__ = [
    "VERSION",
    "MergedNode",
    "inspect",
    "merged_nodes",
    "profiles_of",
    "undefined_keys",
    "versions",
]

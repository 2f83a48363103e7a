"""Open Badges 2.0 as one table: each class, its properties, of what kind they are.

A line reads `name! range`: `!` must be there. Any property may stand once or in a list,
as JSON-LD allows. IMS Open Badges 2.0, "Open Badges Vocabulary".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from edc_issuer.errors import Problem
from edc_issuer.models.dates import read_span
from edc_issuer.models.tree import types_of, values
from edc_issuer.models.vcdm import is_absolute_uri

MAX_PROBLEMS: Final = 500  # more than anybody mends; a hostile badge has a million
MAX_DEPTH: Final = 12  # assertion, class, profile, key: honest badges nest four deep
_LINE = re.compile(r"(\S+?)(!?) (\S+)")
_HASH = re.compile(r"(sha256\$[0-9A-Fa-f]{64}|md5\$[0-9A-Fa-f]{32})", re.ASCII)

_TABLE: dict[str, str] = {
    "Assertion": """
        id! uri|recipient! IdentityObject|badge! BadgeClass
        verification! Verification|issuedOn! time|image Image|evidence Evidence
        narrative text|expires time|revoked boolean|revocationReason text
        endorsement Endorsement""",
    "Endorsement": """
        id! uri|claim! Claim|issuer! Profile|issuedOn! time
        verification! Verification""",
    "Claim": "id! uri|endorsementComment text",
    "IdentityObject": "identity! text|type! text|hashed! boolean|salt text",
    "BadgeClass": """
        id! uri|name! text|description! text|image! Image|criteria! Criteria
        issuer! Profile|alignment Alignment|tags text|endorsement Endorsement""",
    "Profile": """
        id! uri|name! text|url! uri|email! text|telephone text|description text
        image Image|publicKey CryptographicKey|verification Verification
        revocationList RevocationList|endorsement Endorsement""",
    "Verification": """
        type! text|verificationProperty text|startsWith text|allowedOrigins text
        creator CryptographicKey""",
    "CryptographicKey": "id! uri|owner! uri|publicKeyPem! text",
    "RevocationList": "id! uri",
    "Criteria": "id uri|narrative text",
    "Evidence": """
        id uri|narrative text|name text|description text|genre text
        audience text""",
    "Alignment": """
        targetName! text|targetUrl! uri|targetDescription text
        targetFramework text|targetCode text""",
    "Image": "id! uri|caption text|author uri",
}
# What any node may have besides: the context's own words that no class rules.
_ANYWHERE = frozenset(
    {"@context", "@language", "id", "related", "type", "uid", "version"}
)
# What a class may be called besides by its own name; others need not say their type.
_TYPES: dict[str, frozenset[str]] = {
    "BadgeClass": frozenset({"BadgeClass"}),
    "Profile": frozenset({"Issuer", "Profile"}),
    "CryptographicKey": frozenset({"CryptographicKey", "Key"}),
    "RevocationList": frozenset({"RevocationList"}),
}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_time(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        read_span(value)
    except ValueError:
        return False
    return True


_HOLDS: dict[str, Callable[[object], bool]] = {
    "uri": is_absolute_uri,
    "text": _is_text,
    "boolean": _is_flag,
    "time": _is_time,
}
_SAID = {
    "uri": ("value.uri", "must be an absolute URI"),
    "text": ("value.text", "must be a text"),
    "boolean": ("value.boolean", "must be true or false"),
    "time": ("value.time", "must be a time as ISO 8601 writes it"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One property of a class; `range` is a class or a kind of value."""

    name: str
    range: str
    required: bool


@cache
def rows(kind: str) -> Mapping[str, Row]:
    """The properties of a class by name; `KeyError` for an unknown class."""
    lines = _TABLE[kind].replace("\n", "|").split("|")
    found = [_LINE.fullmatch(line.strip()) for line in lines if line.strip()]
    return {m[1]: Row(m[1], m[3], bool(m[2])) for m in found if m is not None}


def known(node: Mapping[str, Any], kind: str, *, depth: int = MAX_DEPTH) -> Any:
    """A node with the properties of its class only, and so on for all in it.

    What no class has is nothing that the standard says; a reader could take an
    `issuer` beside the badge for the one who signed.
    """
    kept: dict[str, Any] = {}
    for name, value in node.items():
        row = rows(kind).get(name)
        if row is not None and row.range in _TABLE and depth:
            kept[name] = _known_below(value, row.range, depth - 1)
        elif row is not None or name in _ANYWHERE:
            kept[name] = value
    return kept


def _known_below(value: Any, kind: str, depth: int) -> Any:
    if isinstance(value, list):
        return [_known_below(item, kind, depth) for item in value]
    if isinstance(value, Mapping) and "part" not in value:
        return known(value, kind, depth=depth)
    return value


def faults(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    """Where a node and what stands in it leave the table, at most `MAX_PROBLEMS`."""
    pending: list[tuple[Mapping[str, Any], str, str]] = [(node, kind, path)]
    told = 0
    while pending and told < MAX_PROBLEMS:
        here, of, place = pending.pop()
        for problem in _of_node(here, of, place):
            yield problem
            told += 1
        if place.count("/") < MAX_DEPTH:
            pending += _below(here, of, place)


def _below(
    node: Mapping[str, Any], kind: str, path: str
) -> list[tuple[Mapping[str, Any], str, str]]:
    """The objects in the places of classes; an address there was not at hand."""
    return [
        (item, row.range, f"{path}/{name}")
        for name, row in rows(kind).items()
        if row.range in _TABLE
        for item in values(node.get(name))
        if isinstance(item, Mapping) and "part" not in item
    ]


def _of_node(node: Mapping[str, Any], kind: str, path: str) -> Iterator[Problem]:
    wanted = _TYPES.get(kind)
    if wanted is not None and wanted.isdisjoint(types_of(node)):
        names = " or ".join(sorted(wanted))
        yield Problem(f"{path}/type", "node.type", f"the type must be {names}")
    if "@context" not in node or isinstance(node["@context"], str):
        # Without a context of an extension nothing else can have a meaning.
        for name in node.keys() - rows(kind).keys() - _ANYWHERE:
            text = "a key that the context does not define"
            yield Problem(f"{path}/{name}", "key.undefined", text)
    for name, row in rows(kind).items():
        place = f"{path}/{name}"
        if node.get(name) is None:
            if row.required:
                yield Problem(place, "property.missing", "must be there")
            continue
        for item in values(node[name]):
            if row.range in _HOLDS and not _HOLDS[row.range](item):
                yield Problem(place, *_SAID[row.range])
            elif row.range in _TABLE and not _is_node(item):
                text = "must be an address or an object"
                yield Problem(place, "value.kind", text)
    if kind == "Criteria" and not (node.get("id") or node.get("narrative")):
        text = "give the criteria an id or a narrative"
        yield Problem(path, "criteria.empty", text)
    if kind == "IdentityObject" and node.get("hashed") is True:
        identity = node.get("identity")
        if not isinstance(identity, str) or not _HASH.fullmatch(identity):
            text = "is no SHA-256 or MD5 digest as Open Badges writes it"
            yield Problem(f"{path}/identity", "value.text", text)


def _is_node(item: object) -> bool:
    return isinstance(item, str | Mapping)

"""What a record and the record read back from its credential differ in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from edc_issuer.models.base import Built, Read
from edc_issuer.record import CredentialRecord

_RENAMED = {"_source": "source_note"}
_INDEX = re.compile(r"\[[0-9]+\]")


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of JSON with its path, list indexes included."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(item, f"{path}[{index}]")
    else:
        yield path, value


def differences(one: CredentialRecord, other: CredentialRecord) -> set[str]:
    """Paths, without list indexes, at which two records differ."""
    first, second = dict(flat(one.to_dict())), dict(flat(other.to_dict()))
    differ = {
        path
        for path in first.keys() | second.keys()
        if first.get(path) != second.get(path)
    }
    return {_RENAMED.get(path, _INDEX.sub("", path)) for path in differ}


def below(path: str, named: Iterable[str]) -> bool:
    """Whether a path, or one above it, is among `named`."""
    return any(path == name or path.startswith(f"{name}.") for name in named)


def unexplained(source: CredentialRecord, built: Built, read: Read) -> set[str]:
    """Differences that neither the way out calls lost nor the way back assumed."""
    named = {loss.path for loss in built.mapping.losses}
    named |= {loss.path for loss in read.losses if loss.kind == "assumed"}
    return {p for p in differences(source, read.record) if not below(p, named)}


def untold(built: Built, read: Read) -> set[str]:
    """Losses of the way out that the way back does not name."""
    named = {loss.path for loss in read.losses}
    return {loss.path for loss in built.mapping.losses if not below(loss.path, named)}

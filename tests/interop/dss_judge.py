"""Files put before the Commission's validator: one start of Java for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from interop.judges import ask_java


@dataclass(frozen=True)
class Asked:
    """One file; anchors as PEM, lists as DER; judged now unless a time is given."""

    data: bytes = field(repr=False)
    anchors: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    at: datetime | None = None


def judged(cases: Mapping[str, Asked]) -> Mapping[str, Any]:
    """Of each case the list of its signatures, or `{"error": ...}`."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    asked = {
        name: written(folder, f"{number:03}", case)
        for number, (name, case) in enumerate(cases.items())
    }
    request = folder / "request.json"
    request.write_text(json.dumps({"cases": asked}), encoding="utf-8")
    said: Mapping[str, Any] = json.loads(ask_java("Judge", request))
    return said


def only(signatures: Any) -> dict[str, Any]:
    """The one signature of a file."""
    assert isinstance(signatures, list), signatures
    (one,) = signatures
    row: dict[str, Any] = one
    return row


def indication(row: Mapping[str, Any]) -> str:
    """`INDICATION`, or `INDICATION/SUB_INDICATION`."""
    sub = row["sub_indication"]
    return row["indication"] if sub == "null" else f"{row['indication']}/{sub}"


def written(folder: Path, name: str, case: Asked) -> dict[str, Any]:
    file = folder / f"{name}.json"
    file.write_bytes(case.data)
    row: dict[str, Any] = {
        "file": str(file),
        "anchors": _saved(folder, f"{name}-anchor", ".pem", case.anchors),
        "crls": _saved(folder, f"{name}-list", ".crl", case.crls),
    }
    if case.at is not None:
        row["at"] = f"{case.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return row


def _saved(folder: Path, stem: str, suffix: str, items: Iterable[bytes]) -> list[str]:
    paths = [(folder / f"{stem}-{i}{suffix}", one) for i, one in enumerate(items)]
    for path, data in paths:
        path.write_bytes(data)
    return [str(path) for path, _ in paths]

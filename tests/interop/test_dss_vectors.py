"""DSS, the Commission's validator, on its own vectors and on the official samples."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from interop.dss_judge import Asked, indication, judged
from interop.judges import RECORD, dss_version
from jades_vectors import MANIFEST, checks, manifest, told, vectors

pytestmark = pytest.mark.interop


@cache
def said() -> Mapping[str, str]:
    """What DSS says of each vector."""
    given = {
        name: Asked(
            vector.data, _pems(*vector.seals, *vector.timestamps), (), vector.at
        )
        for name, vector in vectors().items()
    }
    return {name: _words(rows) for name, rows in judged(given).items()}


def _pems(*certificates: x509.Certificate) -> tuple[bytes, ...]:
    return tuple(one.public_bytes(Encoding.PEM) for one in dict.fromkeys(certificates))


def _words(rows: Any) -> str:
    if not isinstance(rows, list):
        return f"refused: {rows['error']}"
    return " & ".join(map(indication, rows)) or "no seal found"


def test_the_judge_says_what_it_said_before() -> None:
    if os.environ.get(RECORD) == "1":
        _record()

    assert {name: row["dss"] for name, row in manifest().items()} == dict(said())


def _record() -> None:
    """Write the manifest anew; what explains a difference is kept."""
    before = manifest() if MANIFEST.exists() else {}
    rows: dict[str, dict[str, str]] = {}
    for name, vector in vectors().items():
        report = vector.report()
        rows[name] = {"dss": said()[name]}
        if told(report) != said()[name]:
            why = before.get(name, {}).get("why", "")
            rows[name] |= {"ours": told(report), "why": why}
        rows[name]["checks"] = checks(report)
    whole = {"judge": f"DSS {dss_version()}", "vectors": rows}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    MANIFEST.write_text(text + "\n", encoding="utf-8")

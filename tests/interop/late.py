"""What was said of seals through the years: the judge's word, ours, and why they part.

`late_judgements.json` has a row for each of `late_cases`: `dss` is the word of the
Commission's validator with the level that it recognised; `ours`, only where it is
another, with one line `why`; `checks` what our verdict says besides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jades_vectors import checks, told
from late_cases import levels, stories
from late_life import Case

__all__ = ["cases", "checks", "expected", "manifest", "told", "write"]

MANIFEST = Path(__file__).parent / "late_judgements.json"


def cases() -> Mapping[str, Case]:
    """Every case by its name in the manifest."""
    made = {f"level: {name}": case for name, case in levels().items()}
    return made | {f"story: {name}": case for name, case in stories().items()}


def manifest() -> dict[str, dict[str, Any]]:
    """The rows by case."""
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, Any]] = read["cases"]
    return rows


def expected(row: Mapping[str, Any]) -> str:
    """Our word, which is the judge's unless the row says otherwise."""
    said: str = row.get("ours") or str(row["dss"]).partition(";")[0]
    return said


def write(version: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    text = json.dumps(
        {"judge": f"DSS {version}", "cases": rows}, indent=1, ensure_ascii=False
    )
    MANIFEST.write_text(text + "\n", encoding="utf-8")

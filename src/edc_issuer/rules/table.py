"""The rules as data: what each looks at, how grave it is where, and who says so.

`data/rules.json` holds them. A rule that names no general severity applies only in
the profiles that it names: a country's (`SI`) or a project's (`S4G`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Severity = Literal["error", "warning", "info", "unknown"]
Scope = Literal[
    "record", "stack", "pathway", "matrix", "import", "credential", "engine"
]
GRAVEST_FIRST: tuple[Severity, ...] = ("error", "unknown", "warning", "info")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row; `severity` is None where only the named `profiles` have the rule."""

    id: str
    name: str
    scope: Scope
    severity: Severity | None
    profiles: Mapping[str, Severity]
    source: str
    asks: str

    def severity_in(self, profiles: Iterable[str]) -> Severity | None:
        """The gravest that one of these profiles gives it; None: does not apply."""
        given = {self.profiles.get(name, self.severity) for name in profiles}
        return next((level for level in GRAVEST_FIRST if level in given), None)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the table; not to be changed."""
    return {
        row["id"]: Rule(
            id=row["id"],
            name=row["name"],
            scope=row["scope"],
            severity=row["severity"],
            profiles=row.get("profiles", {}),
            source=row["source"],
            asks=row["asks"],
        )
        for row in data()["rules"]
    }


@cache
def data() -> Mapping[str, Any]:
    """The whole table as JSON; not to be changed."""
    import json
    from importlib.resources import files

    text = files("edc_issuer").joinpath("data", "rules.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content

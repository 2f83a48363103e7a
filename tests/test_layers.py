"""Imports go to a lower layer, or to an earlier module of the same layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import edc_issuer

ROOT = Path(edc_issuer.__file__).parent
# The layers of docs/architecture.md. The digit before the point is the layer; the
# one behind it orders the modules inside, so that no cycle can arise there either.
LAYERS = {
    "cli": 6.1,
    "web": 6.0,
    "batch": 5.0,
    "compare": 4.2,
    "convert": 4.1,
    "derivation": 4.1,
    "twins": 4.1,
    "issue": 4.05,
    "extend": 4.0,
    "draft": 4.0,
    "verify": 4.0,
    "presentation": 3.6,
    "secure": 3.5,
    "recognition": 3.4,
    "sources": 3.3,
    "columns": 3.2,
    "render": 3.2,
    "status": 3.55,
    "formats": 3.1,
    "models": 3.1,
    "rules": 3.0,
    "carriers": 3.0,
    "keys": 2.0,
    "trust": 2.1,
    "timestamp": 2.2,
    "files": 1.1,
    "canonical": 1.1,
    "documents": 1.0,
    "jose": 1.0,
    "cms": 1.0,
    "fetch": 1.0,
    "vocab": 1.0,
    "report_text": 0.5,
    "report_elm": 0.5,
    "summary": 0.4,
    "report": 0.3,
    "record": 0.3,
    "messages": 0.2,
    "strict_json": 0.2,
    "encoding": 0.1,
    "errors": 0.0,
}  # every top-level name has a row
# `report.Report` offers its renderings as methods; they are imported inside them.
UPWARD = {("report", "report_text"), ("report", "report_elm")}


def imported(source: str, package: str) -> Iterator[str]:
    """Top-level names of ours that `source`, a module of `package`, imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = (
                ".".join([*parents, node.module or ""]) if node.level else node.module
            )
            names = [f"{str(base).rstrip('.')}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            root, _, rest = name.partition(".")
            if root == "edc_issuer" and rest:
                yield rest.split(".")[0]


def violations(root: Path) -> list[str]:
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        home = parts[0]
        if home in ("__init__", "__main__"):
            continue
        package = ".".join(["edc_issuer", *parts[:-1]])
        for name in imported(path.read_text(), package):
            if home not in LAYERS or name not in LAYERS:
                found.append(f"{home} or {name} has no layer")
            elif (home, name) in UPWARD:
                continue
            elif name != home and LAYERS[name] >= LAYERS[home]:
                found.append(f"{'.'.join(parts)} imports {name}")
    return found


def test_no_module_imports_from_its_own_layer_or_above() -> None:
    assert violations(ROOT) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param("errors.py", "from edc_issuer import encoding", id="from"),
        pytest.param("errors.py", "import edc_issuer.encoding as e", id="import"),
        pytest.param("errors.py", "from . import encoding", id="relative"),
        pytest.param("trust/deep.py", "from ..formats import X", id="deep"),
        pytest.param("formats/deep.py", "from edc_issuer.models import X", id="twin"),
        pytest.param("unheard_of.py", "from edc_issuer import errors", id="unlisted"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, path: str, line: str) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(line)

    assert violations(tmp_path)

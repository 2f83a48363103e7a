"""The generators of `tools/` as modules."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from conftest import ROOT


def tool(name: str) -> ModuleType:
    """`tools/{name}.py`, without running it."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""Pages that name modules, layers, limits and languages name those that exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import edc_issuer
from conftest import ROOT
from edc_issuer import errors
from test_layers import LAYERS

DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "edc_issuer"
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
STANDARDS = (DOCS / "standards.md").read_text(encoding="utf-8")
UNITS = {"MB": 2**20, "": 1, "letters": 1, "bytes": 1, "bits": 1}


def section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_layer_table_is_the_one_that_is_tested() -> None:
    rows = re.findall(r"`(\w+)` (\d\.\d+)", section(ARCHITECTURE, "The layers"))

    assert {name: float(rank) for name, rank in rows} == LAYERS


def test_every_row_of_the_layer_table_stands_at_its_layer() -> None:
    for line in section(ARCHITECTURE, "The layers").splitlines():
        if match := re.match(r"\| (\d) \|", line):
            assert {rank[0] for rank in re.findall(r"` (\d\.\d)", line)} == {match[1]}


def test_the_tree_has_a_line_for_everything_there_is() -> None:
    tree = section(ARCHITECTURE, "The tree")

    for path in SOURCE.iterdir():
        name = path.stem if path.suffix == ".py" else path.name
        if not name.startswith("__") and path.name != "py.typed":
            assert re.search(rf"\b{name}(\.py|/|\b)", tree), name


LIMITS = re.findall(
    r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", section(ARCHITECTURE, "Limits"), re.M
)[1:]  # without the head


@pytest.mark.parametrize(("said", "names"), LIMITS, ids=[n for _, n in LIMITS])
def test_a_limit_is_the_one_in_the_code(said: str, names: str) -> None:
    numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]+", said)]
    unit = UNITS[re.sub(r"[\d, ]|to", "", said)]

    values = [value_of(name) for name in re.findall(r"`([^`]+)`", names)]

    assert values == [number * unit for number in numbers]


def value_of(dotted: str) -> Any:
    """`strict_json.MAX_BYTES`, or a default: `canonical.rdfc.Limits.nodes`."""
    module, _, name = dotted.rpartition(".")
    if module.endswith(".Limits"):
        module = module.removesuffix(".Limits")
        return getattr(import_module(f"edc_issuer.{module}").DEFAULT_LIMITS, name)
    return getattr(import_module(f"edc_issuer.{module}"), name)


def test_the_error_tree_has_every_error_with_its_code() -> None:
    tree = section(ARCHITECTURE, "Errors")
    drawn = re.findall(r"── (\w+) +([a-z-]+)", tree)

    listed = {
        (name, value.code)
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.EdcError)
    }

    assert listed - {("EdcError", "error")} <= set(drawn)


@pytest.mark.parametrize("page", ["architecture", "standards", "trust", "languages"])
def test_every_module_that_a_page_names_exists(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    tops = "|".join(sorted(LAYERS))

    for dotted in set(re.findall(rf"`((?:{tops})(?:\.\w+)+)`", text)):
        assert exists(dotted), dotted


def exists(dotted: str) -> bool:
    """A module, or something in one: a class, a function, a member of a class."""
    parts = dotted.split(".")
    if parts[-1] in ("py", "json", "md"):
        return (SOURCE / "/".join(parts[:-1])).with_suffix(f".{parts[-1]}").exists()
    for length in range(len(parts), 0, -1):
        path = SOURCE / "/".join(parts[:length])
        if path.is_dir() or path.with_suffix(".py").exists():
            found: Any = import_module(".".join(["edc_issuer", *parts[:length]]))
            for name in parts[length:]:
                if not hasattr(found, name):
                    return False
                found = getattr(found, name)
            return True
    return False


def test_every_test_that_the_standards_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", STANDARDS))

    assert named
    for name in named:
        assert (ROOT / "tests" / f"{name}.py").exists(), name


PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "fixtures" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_every_file_of_the_project_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for name in re.findall(r"(?:tools|tests|fixtures|src)/[\w./-]+\.(?:py|json)", text):
        assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_the_version_has_a_section_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"## \[(Unreleased|{edc_issuer.__version__})\]", changelog)

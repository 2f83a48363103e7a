"""What every test starts from.

The suite is offline because `make test` runs it in a network namespace that has
only loopback, not because sockets are patched: a patch misses subprocesses.

Official standards data and samples lie outside the project, in `EDC_SHARED`
(default `../shared`). Where they are absent a test that needs them skips and says
why; with `EDC_REQUIRE_STANDARDS=1` (set in CI) their absence is one clear failure.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that a red run tells of the change it tests;
# EDC_HYPOTHESIS=search looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("EDC_HYPOTHESIS", "steady"))

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("EDC_SHARED", ROOT.parent / "shared"))
REQUIRED = os.environ.get("EDC_REQUIRE_STANDARDS") == "1"


LONG = os.environ.get("EDC_LONG") == "1"


def rounds(many: int) -> int:
    """How often a case made by chance is tried: a tenth of it outside `make long`.

    Tests that use it carry the mark `long`, by which `make long` finds them.
    """
    return many if LONG else max(2, many // 10)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Of a test marked `sampled(n)` every n-th case runs, and all in `make long`."""
    if LONG:
        return
    seen: Counter[str] = Counter()
    left: list[pytest.Item] = []
    kept: list[pytest.Item] = []
    for item in items:
        mark = item.get_closest_marker("sampled")
        family = item.nodeid.partition("[")[0]
        is_left = mark is not None and seen[family] % mark.args[0] != 0
        seen[family] += 1
        (left if is_left else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def shared_file(name: str) -> Path:
    """A file or folder below the shared folder, for use outside fixtures."""
    path = SHARED / name
    if not path.exists():
        if REQUIRED:
            pytest.fail(f"EDC_REQUIRE_STANDARDS=1, but {name} is not in EDC_SHARED")
        pytest.skip(f"{name} is not at hand (EDC_SHARED names the folder it is in)")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with official standards data and real samples."""
    return shared_file(".")


@pytest.fixture(scope="session")
def offline() -> None:
    """For tests that prove silence: there must be nowhere to connect to."""
    try:
        socket.create_connection(("192.0.2.1", 443), timeout=1).close()
    except OSError as error:
        if "unreachable" in str(error):
            return
    pytest.fail("run through `make test`: this process can reach a network")


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks as the README leaves it: ./demo, ./fixtures, a diploma."""
    from world import PASSWORD, RECORDS, issued, world

    (tmp_path / "demo").symlink_to(world().folder)
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "records").symlink_to(RECORDS)
    (tmp_path / "diploma.jsonld").write_bytes(issued("edc-jades").data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEAL_PASSWORD", PASSWORD)
    return tmp_path

"""The pages about seals are true: commands and Python in them are run on loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from conftest import ROOT
from desks import LOOPBACK, Desk, desk_on_loopback
from edc_issuer.formats.levels import Level
from edc_issuer.issue import NO_LATER_PROOF
from edc_issuer.messages import Messages
from edc_issuer.messages.reasons import listed
from edc_issuer.report import CHECK_IDS
from edc_issuer.verify.signing_time import RENEW
from test_levels_commands import level_of
from world import PASSWORD

PAGES = {name: (ROOT / "docs" / name).read_text("utf-8") for name in
         ("seals.md", "seals.sl.md")}  # fmt: skip
PAGE = PAGES["seals.md"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A school's folder: its seal, whom it trusts, and authorities that answer."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    monkeypatch.chdir(tmp_path)
    with desk_on_loopback(tmp_path) as desk:
        yield desk


def commands(page: str) -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", PAGES[page], re.DOTALL))


def run(text: str, desk: Desk) -> subprocess.CompletedProcess[str]:
    """The commands as they stand, but for the authority that answers here."""
    here = text.replace('--tsa "$TSA"', f'--tsa "$TSA" --allow-private {LOOPBACK}')
    here = here.replace("https://tsa.example", desk.tsa)
    here = here.replace("SEAL_PASSWORD=demo", f"SEAL_PASSWORD={PASSWORD}")
    tools = Path(sys.executable).parent
    return subprocess.run(
        ["sh", "-e", "-c", here],
        cwd=desk.folder,
        env={
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("page", "files"), [("seals.md", 5), ("seals.sl.md", 1)])
def test_the_commands_of_a_page_end_well_one_after_the_other(
    page: str, files: int, desk: Desk
) -> None:
    done = run(commands(page), desk)

    assert done.returncode == 0, done.stderr
    sealed = list((desk.folder / "issued").iterdir())
    assert [level_of(path) for path in sealed] == ["LTA"] * files
    language = "sl" if page.endswith(".sl.md") else "en"
    verdict = Messages(language).text("verdict.PASSED")
    assert (
        done.stdout.count(f"TEST {verdict}") + done.stdout.count(f"\n{verdict}   ")
        >= files
    )


def test_without_the_authority_of_the_page_nothing_is_issued(desk: Desk) -> None:
    """The twin of the test above: the page's `--tsa` is what does it."""
    text = commands("seals.md").replace('--tsa "$TSA"', "")

    done = run(text, desk)

    assert done.returncode == 2
    assert NO_LATER_PROOF in done.stderr
    assert NO_LATER_PROOF in PAGE.replace("\n", " ")


@pytest.mark.slow
def test_the_python_of_the_page_runs(desk: Desk) -> None:
    run(commands("seals.md").partition("edc-issuer batch")[0], desk)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    here = code.replace("https://tsa.example", desk.tsa)
    here = here.replace("Http()", f"Http(private_hosts=[{LOOPBACK!r}])")

    exec(compile(here, "seals.md", "exec"), {})

    (path,) = (desk.folder / "issued").iterdir()
    assert level_of(path) == "LTA"


@pytest.mark.slow
def test_the_page_asks_as_often_as_it_says(desk: Desk) -> None:
    first, _, _ = commands("seals.md").partition("edc-issuer batch")
    for level, times in (("T", 1), ("LT", 1), ("LTA", 2)):
        before = desk.asked("/tsa")
        done = run(first.replace("--tsa", f"--level {level} --tsa"), desk)
        assert done.returncode == 0, done.stderr
        assert desk.asked("/tsa") - before == times
    before = desk.asked("/tsa")
    run('export TSA=https://tsa.example; edc-issuer renew issued --tsa "$TSA"', desk)
    assert desk.asked("/tsa") - before == 1


def test_every_level_has_its_row() -> None:
    for page in PAGES.values():
        rows = re.findall(r"^\| (B|T|LT|LTA) \|", page, re.MULTILINE)
        assert rows == list(Level)


def test_the_pages_name_the_day_of_renewal_that_is_told() -> None:
    assert f"{RENEW.days}\ndays before" in PAGE
    assert f"{RENEW.days} dni pred" in PAGES["seals.sl.md"]


def test_every_reason_on_the_page_is_one_that_a_report_gives() -> None:
    table = PAGE.partition("## 5.")[2].partition("## 6.")[0]
    rows = re.findall(r"^\| `([\w.]+)` \|(.*)$", table, re.MULTILINE)

    assert [check for check, _ in rows] == [
        check for check in CHECK_IDS if check.startswith(("time.", "seal."))
    ]
    reasons = {
        code for _, said in rows for code in re.findall(r"`([A-Za-z_-]+)`:", said)
    }
    assert len(reasons) > 10
    assert {code for code in reasons if not listed(code)} == set()


def test_every_module_and_test_of_the_table_exists() -> None:
    table = PAGE.partition("## 6.")[2]
    names = re.findall(r"`([a-z_.]+)`", table)
    modules = [name for name in names if not name.startswith("test")]

    assert len(modules) > 15
    for name in names:
        if name.startswith("test_"):
            assert (ROOT / "tests" / f"{name}.py").exists(), name
        elif not name.startswith("test"):
            assert found(name), name


def found(name: str) -> bool:
    """Whether this is a module of ours, or a name in one."""
    try:
        import_module(f"edc_issuer.{name}")
    except ModuleNotFoundError:
        module, _, last = name.rpartition(".")
        return hasattr(import_module(f"edc_issuer.{module}"), last)
    return True

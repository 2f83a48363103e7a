"""Asking other people's programs, and holding them to what they said before.

A judge answers a batch of cases at once, because starting Node or Java costs more
than judging. `judgements.json` is what each judge said when it was last written;
`EDC_RECORD_JUDGEMENTS=1` writes it anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conftest import REQUIRED

HERE = Path(__file__).parent
JUDGEMENTS = HERE / "judgements.json"
DSS = "DSS (dss-jades, dss-validation)"
RECORD = "EDC_RECORD_JUDGEMENTS"
JAVA = ("java", "mvn")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one judge said about each case; `direction` is "ours" or "theirs".

    "ours": the judge verified what we issued. "theirs": we verified what the judge
    (as an issuer) made.
    """

    judge: str
    version: str
    direction: str
    said: Mapping[str, str]


def tool(name: str) -> str:
    """The path of a program on this machine; missing is a failure.

    Without Java or Maven their judge is left out, saying so, unless everything is
    required as in CI (`EDC_REQUIRE_STANDARDS=1`).
    """
    path = shutil.which(name)
    if path is None and name in JAVA and not REQUIRED:
        pytest.skip(f"{name} is not on this machine, so that DSS is not asked")
    if path is None:
        pytest.fail(f"`make interop` needs {name}, which is not on this machine")
    return path


def run(command: Sequence[str | Path], *, given: bytes = b"", at: Path = HERE) -> bytes:
    """Run a program to its end and give its output; its words if it fails."""
    done = subprocess.run(
        command, input=given, cwd=at, capture_output=True, timeout=300, check=False
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).decode(errors="replace")[-2000:]
        pytest.fail(f"{command[0]} ended with {done.returncode}: {words}")
    return done.stdout


def ask_node(program: str, cases: Mapping[str, Any]) -> Any:
    """The answer of a program in `node/` about credentials by case."""
    given = [{"case": case, "credential": cases[case]} for case in cases]
    answer = run(
        [tool("node"), program], given=json.dumps(given).encode(), at=HERE / "node"
    )
    return json.loads(answer)


@cache
def _built() -> str:
    """Build the programs in `dss/` once a run; the class path to start them with."""
    build = [tool("mvn"), "-q", "-B", "compile", "dependency:copy-dependencies"]
    run(build, at=HERE / "dss")
    return os.pathsep.join(("target/classes", "target/dependency/*"))


def class_path() -> tuple[str, Path]:
    """Where the programs in `dss/` are, built, and the folder to start them in."""
    return _built(), HERE / "dss"


def ask_java(program: str, *words: str | Path) -> bytes:
    """The output of a program in `dss/`."""
    return run([tool("java"), "-cp", _built(), program, *words], at=HERE / "dss")


def dss_version() -> str:
    """The version of DSS that the project file names."""
    nodes = ElementTree.parse(HERE / "dss" / "pom.xml").iter()
    return next(node.text or "" for node in nodes if node.tag.endswith("dss.version"))


def recorded() -> list[dict[str, Any]]:
    """The rows of `judgements.json`: judge, direction, version, said by case."""
    rows: list[dict[str, Any]] = json.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    return rows


def hold(judgement: Judgement) -> None:
    """Assert that a judge says what it said before; or write it down anew.

    Another version may say the same; it is told where it does not.
    """
    key = {"judge": judgement.judge, "direction": judgement.direction}
    row = {**key, "version": judgement.version, "said": dict(judgement.said)}
    before = [r for r in recorded() if all(r[name] == key[name] for name in key)]
    if os.environ.get(RECORD) == "1":
        _write([*(r for r in recorded() if r not in before), row])
        return
    assert before, f"nothing is recorded of {key}; run with {RECORD}=1"
    assert row["said"] == before[0]["said"], (
        f"{judgement.judge} {judgement.version} no longer says what "
        f"{before[0]['version']} said"
    )


def _write(rows: list[dict[str, Any]]) -> None:
    rows.sort(key=lambda row: (row["judge"], row["direction"]))
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    JUDGEMENTS.write_text(text + "\n", encoding="utf-8")

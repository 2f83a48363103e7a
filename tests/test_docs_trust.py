"""The page about trust: its commands, tried in their order, end as it says."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import ROOT
from edc_issuer.cli import app
from edc_issuer.errors import EdcError
from edc_issuer.trust import Trust, directory
from edc_issuer.trust.directory import read_issuers
from world import PASSWORD, issued, world

PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
ENDINGS = {"PASSED": 0, "NOT CONFIRMED": 3, "usage error": 2, "": 0}


@dataclass
class Office:
    """A folder as the demo leaves it, and what each command of the page answered."""

    folder: Path
    answers: list[tuple[str, str, int]] = field(default_factory=list)

    def run(self, line: str) -> None:
        command, _, said = line.partition("  # ")
        words = shlex.split(command.replace("did:key:z6Mk...", world().did))
        result = CliRunner().invoke(app, [*words[1:]])
        usage = isinstance(result.exception, EdcError)
        self.answers.append((said, result.stdout, 2 if usage else result.exit_code))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    demo = tmp_path / "demo"
    (demo / "credentials").mkdir(parents=True)
    (demo / "keys").symlink_to(world().folder / "keys")
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    made = issued("ob3-jwt")
    (demo / "credentials" / made.filename).write_bytes(made.data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("SEAL_PASSWORD", PASSWORD)
    monkeypatch.delenv("LC_ALL", raising=False)
    return Office(tmp_path)


@pytest.mark.slow
def test_every_command_ends_as_the_page_says(office: Office) -> None:
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            office.run(line)

    assert len(office.answers) == 16
    for said, printed, code in office.answers:
        verdict = said.partition(":")[0]
        assert code == ENDINGS[verdict], (said, printed)
        if verdict.isupper():
            assert re.search(rf"^{verdict} ", printed, re.MULTILINE)


def test_the_example_of_issuers_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```json\n(\{\"issuers.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "issuers.json"
    path.write_text(example, encoding="utf-8")

    (issuer,) = read_issuers(path, test=False)

    assert issuer.identifier == "NTRSI-1234567"
    assert len(issuer.names) == 2


def test_a_did_document_is_stored_as_the_page_does_it(office: Office) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    Path("did.json").write_text('{"id": "did:web:sola.example"}', encoding="utf-8")

    exec(compile(code, "trust.md", "exec"), {})

    (stored,) = Trust.load(Path("office")).dids
    assert stored.did == "did:web:sola.example"


def test_every_part_of_a_trust_folder_is_on_the_page() -> None:
    for name in (*directory._FOLDERS, *directory._FILES):
        assert f"| `{name}" in PAGE

"""The page about proofs is true: its command and its Python are run."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import ROOT
from edc_issuer import PROFILES, CredentialRecord, Issuer, Trust, Verifier, open_signer
from edc_issuer.cli import app
from edc_issuer.report import Status
from world import RECORDS

PAGE = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
(COMMAND,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
FIRST = "urn:uuid:0d3b2f0e-6a2d-4d0b-9a52-0b3f1c8e4d62"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record and a P-256 key, as the page names them."""
    make = ["key", "new", "--did", "did:web:sola.example", "--type", "p-256"]
    made = CliRunner().invoke(app, [*make, "--out", str(tmp_path / "keys")])
    assert made.exit_code == 0
    (tmp_path / "keys" / "badge.pem").rename(tmp_path / "key.pem")
    record = RECORDS / "scouts4green_ecological.json"
    (tmp_path / "record.json").write_bytes(record.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_signs_with_the_suite_that_it_names(desk: Path) -> None:
    done = CliRunner().invoke(app, shlex.split(COMMAND.replace("\\\n", " "))[1:])

    assert done.exit_code == 0, done.stderr
    (path,) = (desk / "badges").iterdir()
    (proof,) = json.loads(path.read_bytes())["proof"]
    assert proof["cryptosuite"] == "ecdsa-jcs-2019"


def test_the_python_adds_a_proof_beside_and_one_over(desk: Path) -> None:
    record = CredentialRecord.from_json((desk / "record.json").read_bytes())
    now = datetime.now(UTC)
    with open_signer("file:key.pem") as signer:
        issuer = Issuer(
            profile=PROFILES["ob3-di"], signer=signer, options={"proof": {"id": FIRST}}
        )
        data = issuer.issue(record).data
        names = {"data": data, "signer": signer, "now": now, "first": FIRST}
        exec(compile(PYTHON, "proofs.md", "exec"), names)

    both = names["data"]
    assert isinstance(both, bytes)
    proofs = json.loads(both)["proof"]
    assert len(proofs) == 3
    assert [proof.get("previousProof") for proof in proofs] == [None, None, FIRST]
    report = Verifier(trust=Trust()).verify(both)
    assert report.check("proof.integrity").status is Status.PASS
    broken = both.replace(b"Ekolo", b"Ekonom")
    assert broken != both
    changed = Verifier(trust=Trust()).verify(broken)
    assert changed.check("proof.integrity").status is Status.FAIL

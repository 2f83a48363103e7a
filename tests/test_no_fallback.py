"""Nothing that is issued needs the complete JSON-LD processor.

The compiled walk and pyld give the same quads, but pyld takes twenty times as long
and is loaded for nothing else. A context or a model that leaves what the walk knows
would not fail any other test: it would only be slow.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED
from edc_issuer.models import MODELS
from edc_issuer.models.base import BuildContext, Media, Model
from world import PAGE, PROFILE_IDS, RECORDS, issued, record, world

NAMES = sorted(
    path.stem for path in RECORDS.glob("*.json") if not path.stem.startswith("neg_")
)


def _built(model: Model, name: str) -> dict[str, Any]:
    """The credential of one record, with a page and files that stand for its own."""
    given = record(name)
    paths = [a.path for a in given.attachments if a.path]
    context = BuildContext(
        at=datetime(2026, 6, 1, tzinfo=UTC),
        credential_id="urn:uuid:7c3b3f0e-6a2d-5d0b-9a52-0b3f1c8e4d61",
        pictures=dict.fromkeys(given.languages, (PAGE,)),
        files={path: Media("application/pdf", b"%PDF-1.7") for path in paths},
    )
    return model.build(given, context).credential


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_the_compiled_walk_reads_all_that_is_issued(model: Model, name: str) -> None:
    credential = _built(model, name)

    canonical = canonicalize(credential, documents=BUNDLED)

    assert canonical.nquads
    assert not canonical.fallback


@pytest.mark.sampled(2)
@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_verifying_loads_no_processor_and_no_record(
    profile: str, tmp_path: Path
) -> None:
    file = tmp_path / "credential"
    file.write_bytes(issued(profile).data)
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from edc_issuer import Trust, Verifier\n"
        "trust = Trust.load(Path(sys.argv[2]))\n"
        "report = Verifier(trust=trust).verify(Path(sys.argv[1]).read_bytes())\n"
        "print(json.dumps([report.outcome, sorted(sys.modules)]))\n"
    )
    command = [sys.executable, "-c", program, str(file), str(world().trust_folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    outcome, modules = json.loads(said)

    assert outcome == "PASSED"
    heavy = {"pyld", "pydantic", "typst", "jwcrypto", "typer", "edc_issuer.record"}
    assert heavy.isdisjoint(modules)

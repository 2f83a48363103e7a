"""Badges under older contexts of Open Badges 3.0: read, and told that they are old."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import SHARED, shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import InputError
from edc_issuer.formats import open_any
from edc_issuer.models.vcdm import contexts_of
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier

BASE = "https://purl.imsglobal.org/spec/ob/v3p0/"
OLDER = tuple(
    f"{BASE}{name}.json" for name in ("context", "context-3.0.1", "context-3.0.2")
)
FOLDERS = ("samples/ob30", "samples/dcc")


def _view(path: Path) -> Any:
    try:
        securing, envelope = open_any(path.read_bytes(), documents=BUNDLED)
    except InputError:
        return None
    proofs = envelope.proofs
    return securing.covered(envelope, proofs[0]) if proofs else envelope.internals


def _older() -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((SHARED / folder).rglob("*")):
            view = _view(path) if path.is_file() else None
            named = contexts_of(view) if isinstance(view, dict) else ()
            if not set(named).isdisjoint(OLDER):
                yield str(path.relative_to(SHARED))


SAMPLES = tuple(_older())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_badge_under_an_older_context_is_verified_and_told_as_old(name: str) -> None:
    report = Verifier(trust=Trust()).verify(shared_file(name).read_bytes())

    model = report.check("credential.model")
    assert (model.status.value, model.reason) == ("warn", "older-version")
    assert "an older version of its standard" in report.to_text(language="en")
    integrity, key = report.check("proof.integrity"), report.check("proof.key")
    # Undecided is only what a key that is not among the samples signed.
    assert integrity.status.value == "pass" or key.reason in (
        "key-not-at-hand",
        "unsigned",
    )


def test_every_older_context_is_among_the_samples() -> None:
    shared_file(FOLDERS[0])

    views = [_view(shared_file(name)) for name in SAMPLES]
    named = {context for view in views for context in contexts_of(view)}

    assert set(OLDER) <= named
    assert len(SAMPLES) >= 15

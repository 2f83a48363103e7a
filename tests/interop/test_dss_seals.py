"""Our verifier on seals that DSS, the Commission's library, made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from edc_issuer.report import Outcome, Status
from interop.judges import DSS, Judgement, ask_java, dss_version, hold
from interop.seals import FORGERIES, authorities, forged, seals, trust_with
from interop.trusting import Theirs
from world import PASSWORD

pytestmark = pytest.mark.interop
KEYS = ("ES256", "RS256, RSA 3072")
LAYOUTS = (
    "COMPACT_SERIALIZATION, base64url",
    "FLATTENED_JSON_SERIALIZATION, b64 false",
    "FLATTENED_JSON_SERIALIZATION, base64url",
    "JSON_SERIALIZATION, b64 false",
    "JSON_SERIALIZATION, base64url",
)
OF_THE_EDC = "JSON_SERIALIZATION, b64 false"


@cache
def _sealed(key: str) -> Mapping[str, bytes]:
    """Our credential in every layout that DSS writes, sealed with the school's key."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    (folder / "out").mkdir()
    content = folder / "credential.json"
    content.write_text(json.loads(seals()[key])["payload"], encoding="utf-8")
    seal = authorities()[key].folder / "seal.p12"
    ask_java("Sealer", seal, PASSWORD, content, folder / "out")
    return {layout: (folder / "out" / layout).read_bytes() for layout in LAYOUTS}


@cache
def theirs() -> Theirs:
    """All of them, and trust in the root above the seals."""
    issued = {
        f"{key}: {layout}": data
        for key in KEYS
        for layout, data in _sealed(key).items()
    }
    crls = {key: authorities()[key].crls for key in KEYS}
    return Theirs(dss_version(), issued, trust_with(crls, anchored=True))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("key", KEYS)
def test_a_seal_of_theirs_is_passed(key: str, layout: str) -> None:
    report = theirs().verify(theirs().issued[f"{key}: {layout}"])

    assert report.outcome is Outcome.PASSED
    assert report.proofs[0].level == "B"


@pytest.mark.parametrize("how", FORGERIES)
@pytest.mark.parametrize("key", KEYS)
def test_a_forged_seal_of_theirs_is_failed(key: str, how: str) -> None:
    genuine = theirs().issued[f"{key}: {OF_THE_EDC}"]

    report = theirs().verify(forged(genuine)[how])

    assert report.check("proof.integrity").status is Status.FAIL
    assert report.outcome is Outcome.FAILED


def test_we_say_what_we_said_before() -> None:
    hold(Judgement(DSS, dss_version(), "theirs", theirs().said()))

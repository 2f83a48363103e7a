"""Two JOSE libraries on the signatures of our seals and tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

import pytest

from edc_issuer.encoding import unb64u
from edc_issuer.jose import PublicKey
from interop import cases, seals
from interop.jose_judges import JOSERFC, JWCRYPTO, VERSIONS, ask
from interop.judges import Judgement, hold

pytestmark = [
    pytest.mark.interop,
    pytest.mark.filterwarnings("ignore:EdDSA is deprecated"),  # RFC 9864, joserfc
]
JUDGES = (JWCRYPTO, JOSERFC)
FORGED = [f"{case}, {how}" for case in seals.KINDS for how in seals.FORGERIES]


@cache
def given() -> Mapping[str, tuple[bytes, PublicKey, str]]:
    """Each signature with its key and the payload that it should cover."""
    sealed: dict[str, tuple[bytes, PublicKey, str]] = {}
    for case, data in seals.seals().items():
        key = seals.authorities()[case].pki.seals[0].key.public_key()
        sealed[case] = (data, key, json.loads(data)["payload"])
        for how, forged in seals.forged(data).items():
            sealed[f"{case}, {how}"] = (forged, key, json.loads(forged)["payload"])
    tokens = {
        case: (data, key, unb64u(data.split(b".")[1].decode()).decode())
        for case, (data, key) in cases.tokens().items()
    }
    return {**sealed, **tokens}


@cache
def judgement(judge: str) -> Judgement:
    """What one of the two says of each."""
    said = {
        case: ask(judge, data, key, payload=payload)
        for case, (data, key, payload) in given().items()
    }
    return Judgement(judge, VERSIONS[judge], "ours", said)


@pytest.mark.parametrize("case", seals.KINDS)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_seal_of_ours_verifies_and_covers_the_text_as_it_stands(
    judge: str, case: str
) -> None:
    assert judgement(judge).said[case] == "valid"


@pytest.mark.parametrize("case", cases.TOKENS)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_token_of_ours_verifies(judge: str, case: str) -> None:
    assert judgement(judge).said[case] == "valid"


@pytest.mark.parametrize("case", FORGED)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_forged_seal_of_ours_is_refused(judge: str, case: str) -> None:
    assert judgement(judge).said[case].startswith("refused: ")


@pytest.mark.parametrize("judge", JUDGES)
def test_the_judge_says_what_it_said_before(judge: str) -> None:
    hold(judgement(judge))

"""Each cryptosuite and token of `openvc-core`, both ways.

Where the two disagree, Digital Bazaar's packages are asked as well: they side with us
in each case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from edc_issuer.derivation import derive
from edc_issuer.formats.data_integrity import DATA_INTEGRITY
from edc_issuer.keys import open_signer
from edc_issuer.report import Outcome, Status
from edc_issuer.secure import secured
from interop.cases import key_file
from interop.judges import HERE, Judgement, hold, run, tool
from interop.openvc_judge import (
    JUDGE,
    VERSION,
    Badge,
    Maker,
    disclosed,
    verify,
    verify_token,
)
from interop.suites import (
    COPY,
    ESCAPED,
    KEYS,
    MANDATORY,
    OF,
    PLAIN,
    REVEAL,
    SD,
    SUITES,
    badges,
    forged,
    issued_with,
    unsigned,
    with_forgeries,
)
from interop.trusting import Theirs, trust_in, verdict

pytestmark = pytest.mark.interop
NAME = f"{JUDGE}, each suite"
SOURCES = (*OF, ESCAPED)
KEYS_OF_TOKENS = ("Ed25519", "P-256", "P-384")
# pyld canonicalizes with SHA-256 alone; on P-384 Digital Bazaar's packages and we take
# SHA-384 for the labels of nameless things, too (RDFC-1.0 4.8, VC-DI-ECDSA 3.2.4).
ONE_HASH = "ecdsa-rdfc-2019, P-384"
WRITTEN = "with its context written down"


def differs(case: str) -> bool:
    """Whether we agree to differ about a badge that is honest."""
    suite, _, of = case.partition(": ")
    if suite == ONE_HASH:
        return True
    if suite.startswith(SD):  # pyld ends a line where N-Quads does not
        return of in ("all texts", ESCAPED)
    return "rdfc" in suite and of == "all texts"


CASES = [
    f"{suite}, {key}: {of}" for suite, key in (*SUITES, (SD, "P-256")) for of in SOURCES
]
AGREED = [case for case in CASES if not differs(case)]
DIFFERENT = [case for case in CASES if differs(case)]
FORGED = [f"{suite}, {key}: forged" for suite, key in (*SUITES, (SD, "P-256"))]


@cache
def said() -> Mapping[str, str]:
    """What it says of ours."""
    ours = with_forgeries(badges(SOURCES))
    return {case: verify(badge) for case, badge in ours.items()}


@cache
def makers() -> Mapping[str, Maker]:
    """A school for each kind of key."""
    return {kind: Maker(kind, generate()) for kind, generate in KEYS.items()}


@cache
def made() -> Mapping[str, dict[str, Any]]:
    """Badges of theirs with each suite; of ecdsa-sd-2023 what we derive of them."""
    found = {
        f"{suite}, {kind}: {of}": makers()[kind].signed(
            suite, makers()[kind].named(unsigned(of))
        )
        for suite, kind in SUITES
        for of in SOURCES
    }
    derived = {
        f"{SD}, P-256: {of}": json.loads(
            derive(
                _encoded(makers()["P-256"].base(unsigned(of), MANDATORY)), reveal=REVEAL
            ).data
        )
        for of in OF[:2]
    }
    written = {
        f"{case}, {WRITTEN}": {
            **badge,
            "proof": {"@context": badge["@context"], **badge["proof"]},
        }
        for case, badge in found.items()
        if "jcs" in case
    }
    return {**found, **derived, **written}


@cache
def theirs() -> Theirs:
    """The same as files, their tokens, and trust in the schools."""
    tokens = {
        f"jwt: {kind}": makers()[kind].token(unsigned(PLAIN)) for kind in KEYS_OF_TOKENS
    }
    envelopes = {
        f"{case}, in its envelope": _encoded(
            {
                "@context": "https://www.w3.org/ns/credentials/v2",
                "type": "EnvelopedVerifiableCredential",
                "id": f"data:application/vc+jwt,{token.decode()}",
            }
        )
        for case, token in tokens.items()
    }
    files = {case: _encoded(badge) for case, badge in made().items()}
    trust = trust_in(maker.did for maker in makers().values())
    return Theirs(VERSION, {**files, **tokens, **envelopes}, trust)


def _encoded(value: Badge) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@cache
def javascript() -> Mapping[str, str]:
    """What Digital Bazaar's packages say of each badge of theirs."""
    given = json.dumps({"verify": made()}).encode()
    answer = run([tool("node"), "suites.mjs"], given=given, at=HERE / "node")
    found: Mapping[str, str] = json.loads(answer)["verified"]
    return found


@pytest.mark.parametrize("case", AGREED)
def test_a_badge_of_ours_verifies(case: str) -> None:
    assert said()[case] == "valid"


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_pyld_writes_otherwise_is_refused(case: str) -> None:
    """An honest badge of ours; Digital Bazaar's verify it (`test_suites`)."""
    assert said()[case].startswith("refused: ")


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_badge_of_ours_is_refused(case: str) -> None:
    assert said()[case].startswith("refused: ")


RDFC = [case for case in AGREED if "rdfc" in case]
JCS = [case for case in AGREED if "jcs" in case]
TOKENS = [
    f"jwt: {kind}{how}" for kind in KEYS_OF_TOKENS for how in ("", ", in its envelope")
]
SELECTIVE = [f"{SD}, P-256: {of}" for of in OF[:2]]


@pytest.mark.parametrize("case", RDFC)
def test_a_badge_of_theirs_is_passed(case: str) -> None:
    report = theirs().verify(theirs().issued[case])
    changed = theirs().verify(_encoded(forged(made()[case])))

    assert report.outcome is Outcome.PASSED
    assert changed.check("proof.integrity").status is Status.FAIL


@pytest.mark.parametrize("case", [case for case in DIFFERENT if "rdfc" in case])
def test_what_pyld_wrote_otherwise_fails_here_and_there(case: str) -> None:
    report = theirs().verify(theirs().issued[case])

    assert report.check("proof.integrity").reason == "signature"
    assert javascript()[case].startswith("refused: ")


@pytest.mark.parametrize("case", JCS)
def test_a_jcs_proof_holds_only_with_the_context_that_it_hashed(case: str) -> None:
    """It hashes a context that it leaves out of the proof (VC-DI-EDDSA and
    VC-DI-ECDSA 3.3.1): whoever reads the proof as it stands hashes another one.
    """
    as_made = theirs().verify(theirs().issued[case])
    written = f"{case}, {WRITTEN}"
    report = theirs().verify(theirs().issued[written])
    changed = theirs().verify(_encoded(forged(made()[written])))

    assert as_made.check("proof.integrity").reason == "signature"
    assert javascript()[case].startswith("refused: ")
    assert report.outcome is Outcome.PASSED
    assert changed.check("proof.integrity").status is Status.FAIL
    assert javascript()[written] == "valid"


@pytest.mark.parametrize("case", SELECTIVE)
def test_what_we_derive_of_their_badge_holds_in_both(case: str) -> None:
    copy = made()[case]

    assert verdict(theirs().verify(_encoded(copy))) == COPY
    assert verify(copy) == "valid"
    assert verify(forged(copy)).startswith("refused: ")
    changed = theirs().verify(_encoded(forged(copy)))
    assert changed.check("proof.integrity").status is Status.FAIL


@pytest.mark.parametrize("of", OF[:2])
def test_it_derives_nothing_of_a_badge(of: str) -> None:
    """pyld numbers nameless things anew, and it looks for the old numbers: neither of
    our badge nor of its own; Digital Bazaar's derive of ours (`test_parts`).
    """
    own = makers()["P-256"].base(unsigned(of), MANDATORY)

    for base in (json.loads(issued_with(SD, "P-256")[of]), own):
        with pytest.raises(Exception, match="no matching base signature"):
            disclosed(base, REVEAL)


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_of_theirs_is_passed(case: str) -> None:
    data = theirs().issued[case]

    assert verify_token(data) == "valid"
    assert theirs().verify(data).outcome is Outcome.PASSED


@pytest.mark.parametrize("kind", KEYS_OF_TOKENS)
def test_a_forged_token_of_theirs_is_failed(kind: str) -> None:
    head, _, signature = theirs().issued[f"jwt: {kind}"].split(b".")
    other = makers()[kind].token(forged(unsigned(PLAIN))).split(b".")[1]
    data = b".".join((head, other, signature))

    assert verify_token(data).startswith("refused: ")
    assert theirs().verify(data).outcome is Outcome.FAILED


def test_the_judge_says_what_it_said_before() -> None:
    hold(Judgement(NAME, VERSION, "ours", said()))


def test_we_say_what_we_said_before() -> None:
    hold(Judgement(NAME, VERSION, "theirs", theirs().said()))


# --- where nothing is nameless, one hash more or less makes no difference ---


def named_throughout(did: str) -> dict[str, Any]:
    """A credential in which everything has an address of its own."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:5b0f7a11-6d1f-4f2a-9d57-5f0c6f1e0f6a",
        "type": ["VerifiableCredential"],
        "issuer": {"id": did, "name": "Šola Zgled"},
        "validFrom": "2026-06-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:ana", "name": "Đurđa Čop"},
    }


def test_on_p384_both_agree_where_nothing_is_nameless() -> None:
    school = makers()["P-384"]
    theirs_made = school.signed("ecdsa-rdfc-2019", named_throughout(school.did))
    with open_signer(key_file(school.key)) as signer:
        ours_made = json.loads(
            secured(
                named_throughout(school.did),
                signer,
                DATA_INTEGRITY,
                at=datetime.now(UTC),
                options={"cryptosuite": "ecdsa-rdfc-2019"},
            )
        )
    changed = {**ours_made, "validFrom": "2020-06-01T00:00:00Z"}

    assert verify(ours_made) == "valid"
    assert verify(changed).startswith("refused: ")
    report = theirs().verify(_encoded(theirs_made))
    assert report.check("proof.integrity").status is Status.PASS
    other = {**theirs_made, "validFrom": "2020-06-01T00:00:00Z"}
    report = theirs().verify(_encoded(other))
    assert report.check("proof.integrity").status is Status.FAIL

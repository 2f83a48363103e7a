"""The proof of a badge beside the same work of others, each at its own best setting.

openvc-core is asked with contexts in memory and the key at hand, without its policy
checks. The JavaScript suite of Digital Bazaar is warm in Node: keys, contexts and
files are in memory, it has done each thing a hundred times, and it is asked for ten
at once, so that the pipe to it does not count.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from benchmarks.measuring import Rounds, Warm
from benchmarks.school import School, school
from benchmarks.test_others import identity_of, proof_work, scouts, simple
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import multibase
from interop.judges import HERE, tool
from world import world

WARM_UP, AT_ONCE = 100, 10
_OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_SECRET = b"\x80\x26"  # Multikey: an Ed25519 secret key
BADGES = [
    pytest.param(simple, 15, 5, id="1edtech-simple"),
    pytest.param(scouts, 8, 3, id="scouts4green"),
]


@pytest.fixture(scope="module")
def node() -> Iterator[Warm]:
    """`warm.mjs` with the key of our school and both badges in memory."""
    it = school("ob3-di")
    pem = (world().folder / "keys" / "badge.pem").read_bytes()
    key: Any = load_pem_private_key(pem, None)
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    did = identity_of(it).did
    given = {
        "did": did,
        "publicKeyMultibase": did.removeprefix("did:key:"),
        "secretKeyMultibase": multibase(_SECRET + raw),
        "documents": {
            row.id: json.dumps(row.values[0]())  # type: ignore[operator]
            for row in BADGES
        },
    }
    with subprocess.Popen(
        [tool("node"), "warm.mjs"],
        cwd=HERE / "node",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        warm = Warm(process)
        assert warm.ask(json.dumps(given)) == "ready"
        yield warm
        process.terminate()


def _name(badge: Any) -> str:
    return next(str(row.id) for row in BADGES if row.values[0] is badge)


def _ten(ours: Any) -> Any:
    def ten() -> None:
        for _ in range(AT_ONCE):
            ours()

    return ten


@pytest.mark.parametrize(("badge", "python", "script"), BADGES)
def test_proof_made_beside_digital_bazaar(
    rounds: Rounds, node: Warm, badge: Any, python: int, script: int
) -> None:
    """Ten badges canonicalized, hashed and signed."""
    rounds.benchmark.group = "peers"
    it, credential = school("ob3-di"), badge()
    assert node.ask(f"sign {_name(badge)} {WARM_UP}") == "done"

    rounds.faster(
        _ten(lambda: it.signed(credential)),
        lambda: node.ask(f"sign {_name(badge)} {AT_ONCE}"),
        factor=script,
        against="jsonld-signatures and eddsa-rdfc-2022-cryptosuite, warm in Node",
    )


@pytest.mark.parametrize(("badge", "python", "script"), BADGES)
def test_proof_work_beside_digital_bazaar(
    rounds: Rounds, node: Warm, badge: Any, python: int, script: int
) -> None:
    """Ten badges canonicalized and hashed, their signatures checked."""
    rounds.benchmark.group = "peers"
    ours = proof_work(school("ob3-di"), badge)
    assert node.ask(f"verify {_name(badge)} {WARM_UP}") == "done"

    rounds.faster(
        _ten(ours),
        lambda: node.ask(f"verify {_name(badge)} {AT_ONCE}"),
        factor=script,
        against="jsonld-signatures and eddsa-rdfc-2022-cryptosuite, warm in Node",
    )


@pytest.mark.parametrize(("badge", "python", "script"), BADGES)
def test_proof_made_beside_openvc(
    rounds: Rounds, badge: Any, python: int, script: int
) -> None:
    rounds.benchmark.group = "peers"
    suite, contexts = _openvc()
    keys = pytest.importorskip("openvc.keys")
    it, credential = school("ob3-di"), badge()
    method = identity_of(it).verification_method
    pem = (world().folder / "keys" / "badge.pem").read_bytes()
    key = keys.Ed25519SigningKey.from_pem(pem, method)

    def theirs() -> bytes:
        signed = suite.add_proof(
            credential,
            signing_key=key,
            verification_method=method,
            extra_contexts=contexts,
        )
        return json.dumps(signed).encode()

    assert theirs()
    rounds.faster(
        lambda: it.signed(credential), theirs, factor=python, against="openvc-core"
    )


@pytest.mark.parametrize(("badge", "python", "script"), BADGES)
def test_proof_work_beside_openvc(
    rounds: Rounds, badge: Any, python: int, script: int
) -> None:
    rounds.benchmark.group = "peers"
    suite, contexts = _openvc()
    it = school("ob3-di")
    data = it.signed(badge())
    jwk = _jwk(it)

    def theirs() -> object:
        secured = json.loads(data)
        secured["proof"] = secured["proof"][0]
        return suite.verify(
            secured, public_key_jwk=jwk, extra_contexts=contexts, check_temporal=False
        )

    assert theirs()
    rounds.faster(proof_work(it, badge), theirs, factor=python, against="openvc-core")


def _openvc() -> tuple[Any, dict[str, Any]]:
    module = pytest.importorskip("openvc.proof.data_integrity")
    return module.DataIntegrityProofSuite(), {_OB: BUNDLED.get(_OB)}


def _jwk(it: School) -> dict[str, str]:
    from edc_issuer.encoding import b64u

    raw = it.public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": b64u(raw)}

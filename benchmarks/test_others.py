"""Our road beside that of other people's programs, on the same files.

pyshacl is handed the parsed graph and the parsed shapes, so that only its judging
counts, while ours begins at the credential. openbadgeslib (LGPL, installed for
interoperability tests and never imported by the library) is asked through its
fastest entry point that does the work in question; each test says which.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.measuring import Rounds
from benchmarks.school import School, school
from conftest import shared_file
from edc_issuer import jose, strict_json
from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import unmultibase
from edc_issuer.keys import DidIdentity
from edc_issuer.models.elm_profile import inspect
from edc_issuer.report import Outcome
from edc_issuer.verify import Verifier
from world import world


def identity_of(it: School) -> DidIdentity:
    assert isinstance(it.signer.identity, DidIdentity)
    return it.signer.identity


def _public_pem(it: School) -> bytes:
    return it.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_profile_check(rounds: Rounds) -> None:
    rounds.benchmark.group = "edc-jades"
    pyshacl = pytest.importorskip("pyshacl")
    import shacl_judge

    credential = school("edc-jades").built()
    data = shacl_judge.triples(credential, "3.2")
    shapes = shacl_judge.shapes(shacl_judge.PLAIN, "3.2")

    def judged() -> Any:
        return pyshacl.validate(data, shacl_graph=shapes)

    assert judged()[0] is True
    assert list(inspect(credential)) == []
    rounds.faster(
        lambda: list(inspect(credential)),
        judged,
        factor=50,
        against="pyshacl (parsed graph, parsed shapes)",
    )


def test_ob3_jwt_full_verify(rounds: Rounds) -> None:
    """A file and a list of trusted issuers, nothing else, on both sides.

    These are the calls of openbadgeslib's own `verify_badge`: whose is it, that
    issuer's key, then signature, rules and dates.
    """
    rounds.benchmark.group = "ob3-jwt"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    issuer_of = importlib.import_module("openbadgeslib.verify").issuer_did_from_token
    it = school("ob3-jwt")
    data = it.signed(it.built())
    verifier = Verifier(trust=world().trust)
    listed = {identity_of(it).did}

    def theirs() -> object:
        token = data.decode()
        did = issuer_of(token)
        if did not in listed:
            raise LookupError(did)
        return ob3.OB3Verifier.for_issuer_did(did).verify(token)

    assert verifier.verify(data).outcome is Outcome.PASSED
    assert theirs()
    rounds.faster(
        lambda: verifier.verify(data),
        theirs,
        factor=2,
        against="openbadgeslib (without a report)",
        rounds=200,
    )


def test_ob3_jwt_verify_for_a_known_issuer(rounds: Rounds) -> None:
    """The other side is told whose file it is; ours finds that out as always."""
    rounds.benchmark.group = "ob3-jwt"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    it = school("ob3-jwt")
    data = it.signed(it.built())
    verifier = Verifier(trust=world().trust)
    did = identity_of(it).did
    rounds.beside(
        lambda: verifier.verify(data),
        lambda: ob3.OB3Verifier.for_issuer_did(did).verify(data.decode()),
        against="openbadgeslib (told the issuer, without a report)",
        rounds=200,
    )


def simple() -> dict[str, Any]:
    """The 1EdTech example, in the name of our school so that its key can sign it."""
    badge: dict[str, Any] = json.loads(
        shared_file("samples/ob30/simple.json").read_text()
    )
    badge.pop("proof", None)
    badge["issuer"]["id"] = identity_of(school("ob3-di")).did
    return badge


def scouts() -> dict[str, Any]:
    return school("ob3-di").built()


BADGES = [
    pytest.param(simple, 15, id="1edtech-simple"),
    pytest.param(scouts, 8, id="scouts4green"),
]


def proof_work(it: School, badge: Callable[[], dict[str, Any]]) -> Callable[[], None]:
    """What a proof is: read, canonicalized twice, hashed, its signature checked."""
    data = json.dumps(_single(it.signed(badge())), ensure_ascii=False).encode()

    def work() -> None:
        document = strict_json.loads_object(data)
        options = document.pop("proof")
        value = unmultibase(options.pop("proofValue"))
        options["@context"] = document["@context"]
        message = b"".join(
            hashlib.sha256(canonicalize(part, documents=BUNDLED).nquads).digest()
            for part in (options, document)
        )
        jose.verify("Ed25519", it.public_key, value, message)

    return work


@pytest.mark.parametrize(("badge", "factor"), BADGES)
def test_ob3_di_proof_made(rounds: Rounds, badge: Any, factor: int) -> None:
    """`add_data_integrity_proof`: no validation of contexts; written out as JSON."""
    rounds.benchmark.group = "ob3-di"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    it = school("ob3-di")
    credential = badge()
    pem = (world().folder / "keys" / "badge.pem").read_bytes()
    method = identity_of(it).verification_method

    def theirs() -> bytes:
        return json.dumps(
            ob3.add_data_integrity_proof(credential, pem, method)
        ).encode()

    ob3.verify_data_integrity_proof(_single(it.signed(credential)), _public_pem(it))
    it.self_verified(theirs())
    rounds.faster(
        lambda: it.signed(credential), theirs, factor=factor, against=_LOW_LEVEL
    )


@pytest.mark.parametrize(("badge", "factor"), BADGES)
def test_ob3_di_proof_work(rounds: Rounds, badge: Any, factor: int) -> None:
    """`verify_data_integrity_proof` and its steps in our words: read the JSON,
    canonicalize document and options, hash, check the signature."""
    rounds.benchmark.group = "ob3-di"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    it = school("ob3-di")
    data = json.dumps(_single(it.signed(badge())), ensure_ascii=False).encode()
    pem = _public_pem(it)

    def theirs() -> None:
        ob3.verify_data_integrity_proof(json.loads(data), pem)

    theirs()
    rounds.faster(proof_work(it, badge), theirs, factor=factor, against=_LOW_LEVEL)


@pytest.mark.parametrize(("badge", "factor"), BADGES)
def test_ob3_di_opened_and_verified(rounds: Rounds, badge: Any, factor: int) -> None:
    """The same on our own road, which also makes the verified view of the file."""
    rounds.benchmark.group = "ob3-di"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    it = school("ob3-di")
    data = json.dumps(_single(it.signed(badge())), ensure_ascii=False).encode()
    pem = _public_pem(it)

    rounds.faster(
        lambda: it.self_verified(data),
        lambda: ob3.verify_data_integrity_proof(json.loads(data), pem),
        factor=factor,
        against=_LOW_LEVEL,
    )


_LOW_LEVEL = "openbadgeslib (low level, contexts not validated)"


def _single(data: bytes) -> dict[str, Any]:
    """The badge with its proof out of the array, as openbadgeslib reads it."""
    badge: dict[str, Any] = json.loads(data)
    return {**badge, "proof": badge["proof"][0]}


def test_ob3_di_full_verify(rounds: Rounds) -> None:
    """`OB3LdpVerifier`, which asks too whether the JSON says what was signed."""
    rounds.benchmark.group = "ob3-di"
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    it = school("ob3-di")
    data = json.dumps(_single(it.signed(it.built())), ensure_ascii=False).encode()
    verifier = Verifier(trust=world().trust)
    did = identity_of(it).did

    def theirs() -> object:
        return ob3.OB3LdpVerifier.for_issuer_did(did).verify(data)

    assert verifier.verify(data).outcome is Outcome.PASSED
    assert theirs()
    rounds.faster(
        lambda: verifier.verify(data),
        theirs,
        factor=8,
        against="openbadgeslib (contexts validated, without a report)",
    )

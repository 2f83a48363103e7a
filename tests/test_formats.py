"""Which kind of file is this? Every kind is recognised, refused, or named."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import sealing
import test_jades_reading
import test_jwt
from conftest import shared_file
from edc_issuer import strict_json
from edc_issuer.errors import InputError, Malformed, ProofInvalid, Unsupported
from edc_issuer.formats import recognise
from edc_issuer.formats.jades import JADES
from edc_issuer.formats.jwt import JWT
from edc_issuer.formats.plain import PLAIN
from sealing import opened, sealed

DOCUMENT = {"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:x"}


def zipped() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("diploma.jsonld", sealed())
    return memory.getvalue()


def packed(value: Any) -> bytes:
    return json.dumps(value).encode()


REFUSED = {
    # row 1
    "empty": ("format.unrecognized", b""),
    "white-space": ("format.unrecognized", b" \n\t "),
    "zeros": ("format.unrecognized", bytes(1000)),
    "random": ("format.unrecognized", random.Random(3).randbytes(1_000_000)),
    "words": ("format.unrecognized", b"This certifies that"),
    # row 2
    "utf-16": ("json.encoding", sealed().decode().encode("utf-16")),
    "utf-16-le": ("json.encoding", sealed().decode().encode("utf-16-le")),
    "utf-16-be": ("json.encoding", sealed().decode().encode("utf-16-be")),
    "byte-order-mark": ("json.encoding", b"\xef\xbb\xbf" + sealed()),
    "latin-2": ("json.encoding", '{"a":"Žagar"}'.encode("iso8859-2")),
    # row 3
    "deep": ("json.depth", b'{"a":' + b"[" * 200_000),
    "deep-in-a-seal": (
        "json.depth",
        sealed(None, '{"a":' + "[" * 300 + "]" * 300 + "}"),
    ),
    "many-digits": ("json.number", b'{"a":' + b"7" * 5000 + b"}"),
    "nan": ("json.number", b'{"a":NaN}'),
    "infinite": ("json.number", b'{"a":1e400}'),
    "half-a-pair": ("json.surrogate", b'{"a":"\\ud800"}'),
    # row 4
    "too-large": ("limits.size", b"{" + b" " * strict_json.MAX_BYTES + b"}"),
    "too-large-a-picture": (
        "limits.size",
        b"\x89PNG\r\n\x1a\n" + bytes(strict_json.MAX_BYTES),
    ),
    "zip": ("format.unrecognized", zipped()),
    "gzip": ("format.unrecognized", gzip.compress(sealed())),
    # row 5
    "member-twice": ("json.duplicate", b'{"issuer":"a","issuer":"b"}'),
    # row 40
    "upload-wrapper": ("empty.dataset", packed({"credential": DOCUMENT})),
    "wrapper-with-proof": (
        "empty.dataset",
        packed({"credential": DOCUMENT, "proof": {}}),
    ),
    # JSON, and nothing of ours
    "json-list": ("format.unrecognized", b"[]"),
    "json-text": ("format.unrecognized", b'"text"'),
    "json-object": ("format.unrecognized", b'{"name":"x"}'),
    "json-object-empty": ("format.unrecognized", b"{}"),
    "json-cut": ("json.syntax", b'{"name":'),
}


@pytest.mark.parametrize(("reason", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_credential_is_refused_with_its_reason(
    reason: str, data: bytes
) -> None:
    with pytest.raises(Malformed) as caught:
        opened(data)

    assert caught.value.reason == reason


ELM2 = b'<?xml version="1.0"?><europassCredential xmlns="http://data.europa.eu/snb">'
NAMED = {
    "pdf": ("PDF", b"%PDF-1.7\n"),
    "elm-2": ("ELM 2", ELM2),
    "xml": ("XML", b"<root/>"),
    "jwe": ("JWE", packed({"ciphertext": "AA", "iv": "AA"})),
    "sd-jwt": ("SD-JWT", test_jwt.UNSUPPORTED["sd-jwt"]),
    "open-badge-2": (
        "Open Badge 2",
        packed({"@context": "https://w3id.org/openbadges/v2"}),
    ),
}


@pytest.mark.parametrize(("name", "data"), NAMED.values(), ids=NAMED.keys())
def test_a_known_kind_that_is_not_read_is_called_by_its_name(
    name: str, data: bytes
) -> None:
    with pytest.raises(Unsupported, match=name) as caught:
        opened(data)

    assert caught.value.reason == "unsupported"


@pytest.mark.parametrize(
    "name",
    [
        "ob20/basic-assertion.json",
        "ob20/simple.jwt",
        "trusted-lists/SI.xml",
    ],
)
def test_files_of_other_kinds_are_not_called_broken(name: str) -> None:
    data = shared_file(f"samples/{name}").read_bytes()

    with pytest.raises(Unsupported):
        opened(data)


@pytest.mark.parametrize(
    ("name", "securing"),
    [("simple-json.png", "data-integrity"), ("simple-jwt.svg", "jwt")],
)
def test_of_a_picture_the_credential_inside_is_opened(name: str, securing: str) -> None:
    data = shared_file(f"samples/ob30/{name}").read_bytes()

    assert opened(data)[0].id == securing


def test_a_picture_without_a_credential_is_not_one() -> None:
    data = shared_file("samples/ob20/assets/beths-robot-badge.png").read_bytes()

    with pytest.raises(Malformed) as caught:
        opened(data)

    assert caught.value.reason == "carrier.empty"


@pytest.mark.parametrize(
    "name", sorted(sealing_twins := __import__("test_jades_reading").TWINS)
)
def test_every_shape_of_a_seal_is_recognised(name: str) -> None:
    data = sealing_twins[name]

    assert recognise(data) is JADES
    assert JADES.recognises(data)


@pytest.mark.parametrize("name", test_jwt.TWINS)
def test_every_shape_of_a_badge_in_jwt_is_recognised(name: str) -> None:
    data = test_jwt.token(test_jwt.TWINS[name])

    assert recognise(data) is JWT
    assert JWT.recognises(data)
    assert not JADES.recognises(data)


def test_a_seal_is_recognised_wherever_its_payload_stands() -> None:
    members = json.loads(sealed())
    turned = packed({"signatures": members["signatures"], "payload": sealing.TEXT})

    assert recognise(turned) is JADES


def test_an_unsigned_credential_opens_without_any_proof() -> None:
    securing, envelope = opened(packed(DOCUMENT))

    assert securing is PLAIN
    assert envelope.proofs == ()
    assert PLAIN.recognises(packed(DOCUMENT))
    assert not PLAIN.recognises(packed({**DOCUMENT, "proof": {}}))
    assert not PLAIN.recognises(b"{")


def test_an_unsigned_credential_proves_nothing_to_any_key() -> None:
    _, envelope = opened(packed(DOCUMENT))
    proof = sealing.only_proof(sealed())
    key: Any = sealing.SEAL.public_key()

    assert PLAIN.covered(envelope, proof) is None
    with pytest.raises(ProofInvalid) as caught:
        PLAIN.verify(envelope, proof, key)
    assert caught.value.reason == "unsigned"


@pytest.mark.parametrize("name", ["Sample-MC-Annex1", "Sample-CertOfPart"])
def test_the_commissions_unsigned_samples_are_unsigned(name: str) -> None:
    data = shared_file(f"samples/edc/{name}-unsigned.jsonld").read_bytes()

    assert opened(data)[1].proofs == ()


def test_the_commissions_upload_file_is_called_a_wrapper() -> None:
    name = "samples/edc/Sample-MC-Annex1-unsigned-uploadable.json"

    with pytest.raises(Malformed) as caught:
        opened(shared_file(name).read_bytes())

    assert caught.value.reason == "empty.dataset"


def test_a_valid_proof_beside_a_changed_credential_is_no_jwt() -> None:
    inner = test_jwt.token(test_jwt.FLAT).decode()
    outer = {**DOCUMENT, "name": "changed", "proof": {"type": "x", "jwt": inner}}

    assert recognise(packed(outer)).id not in ("jwt", "jades")


def test_every_format_has_a_name_and_an_ending_of_its_own() -> None:
    from edc_issuer.formats import FORMATS

    assert [f.id for f in FORMATS] == ["jades", "jwt", "data-integrity", "unsigned"]
    assert {f.suffix for f in FORMATS} <= {".jsonld", ".jwt", ".json"}
    assert all("/" in f.media_type for f in FORMATS)


@pytest.mark.parametrize("module", ["pyld", "pydantic", "jwcrypto", "typst", "httpx"])
def test_opening_a_seal_loads_nothing_heavy(module: str) -> None:
    code = (
        "import sys; from edc_issuer.formats import open_any, recognise;"
        f"sys.exit({module!r} in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def mutants(data: bytes, *, seed: int, rounds: int) -> Any:
    """The same file with one to three bytes changed, put in, or taken out."""
    chance = random.Random(seed)
    for _ in range(rounds):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            position = chance.randrange(len(mutant))
            kind = chance.randrange(3)
            if kind == 0:
                mutant[position] ^= 1 << chance.randrange(8)
            elif kind == 1:
                mutant.insert(position, chance.choice(b'{}[]",:.\\=-_ \0\xffe'))
            else:
                del mutant[position]
        yield bytes(mutant)


SEEDS = {
    "seal": sealed(unprotected={"etsiU": ["e30", {"xVals": []}]}),
    "compact-seal": test_jades_reading.TWINS["compact"],
    "badge": test_jwt.token(test_jwt.FLAT),
    "badge-in-vc": test_jwt.token({"vc": test_jwt.BADGE, **test_jwt.CLAIMS}),
}


@pytest.mark.parametrize("name", SEEDS)
def test_two_thousand_mutants_are_refused_or_say_the_same(name: str) -> None:
    data = SEEDS[name]
    securing, envelope = opened(data)
    content = securing.covered(envelope, envelope.proofs[0])
    certificate = envelope.proofs[0].hint.certificate or sealing.SEAL
    seal: Any = certificate.public_key()
    key = seal if securing is JADES else test_jwt.KEYS["EdDSA"].public_key()
    accepted = 0

    for mutant in mutants(data, seed=7, rounds=2000):
        try:
            found, opened_mutant = opened(mutant)
            for proof in opened_mutant.proofs:
                found.verify(opened_mutant, proof, key)
        except InputError:
            continue
        accepted += 1
        assert found.covered(opened_mutant, opened_mutant.proofs[0]) == content

    assert accepted < 1000


def outcome(data: bytes) -> str:
    try:
        return opened(data)[0].id
    except InputError as error:
        return error.reason


def test_every_sample_opens_or_is_refused_and_nothing_else_happens() -> None:
    root: Path = shared_file("samples")
    files = sorted(path for path in root.rglob("*") if path.is_file())

    outcomes = {str(path): outcome(path.read_bytes()) for path in files}

    assert len(outcomes) > 100
    assert all(outcomes.values())

"""Timestamps of a real seal, and the same work with other people's programs.

The sample has 150 kB and three tokens. Ours begins at the bytes of each token and
ends at the authority's certificate. The same steps are written below on asn1crypto;
`openssl ts` verifies each token in a process of its own, with the path.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import tsp as asn1_tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks.measuring import Rounds
from conftest import shared_file
from edc_issuer.cms.tokens import read_token
from edc_issuer.documents import BUNDLED
from edc_issuer.formats.jades import JADES, seal_of
from edc_issuer.timestamp import verify_token
from test_timestamp import REAL, real_tokens, stamps
from tsa import hashed

SAMPLE = REAL[0]


def _verified(stamped: list[tuple[bytes, bytes]]) -> list[object]:
    return [verify_token(read_token(token), octets) for token, octets in stamped]


def _stamped() -> list[tuple[bytes, bytes]]:
    found = [(token, octets) for _, token, octets in real_tokens(SAMPLE)]
    assert len(found) == 3
    assert len(_verified(found)) == 3
    return found


def _verified_by_asn1crypto(data: bytes, octets: bytes) -> object:
    """The same steps on the structures of asn1crypto; `cryptography` as for ours."""
    signed = asn1_cms.ContentInfo.load(data, strict=True)["content"]
    content = bytes(signed["encap_content_info"]["content"])
    info = asn1_tsp.TSTInfo.load(content, strict=True)
    (signer,) = signed["signer_infos"]
    sid = signer["sid"].chosen
    (theirs,) = (
        c.chosen
        for c in signed["certificates"]
        if c.chosen.serial_number == sid["serial_number"].native
        and c.chosen.issuer.dump() == sid["issuer"].dump()
    )
    assert theirs.extended_key_usage_value.native == ["time_stamping"]
    attributes = {a["type"].native: a["values"][0] for a in signer["signed_attrs"]}
    digest = signer["digest_algorithm"]["algorithm"].native
    assert attributes["content_type"].native == "tst_info"
    assert attributes["message_digest"].native == hashed(content, digest)
    named = attributes["signing_certificate_v2"]["certs"][0]
    assert named["hash_algorithm"]["algorithm"].native == "sha256"
    assert named["cert_hash"].native == hashed(theirs.dump())
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    assert imprint["hashed_message"].native == hashed(octets, algorithm)
    certificate = x509.load_der_x509_certificate(theirs.dump())
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert begin <= info["gen_time"].native <= end
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    message = b"\x31" + signer["signed_attrs"].dump()[1:]
    signature = signer["signature"].native
    key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    return certificate


def test_three_timestamps(rounds: Rounds) -> None:
    rounds.benchmark.group = "timestamps"
    stamped = _stamped()

    rounds.faster(
        lambda: _verified(stamped),
        lambda: [_verified_by_asn1crypto(*one) for one in stamped],
        factor=5,
        against="the same steps on asn1crypto",
    )


def test_three_timestamps_with_openssl(rounds: Rounds, tmp_path: Path) -> None:
    rounds.benchmark.group = "timestamps"
    stamped = _stamped()
    chain = read_token(stamped[0][0]).certificates
    (tmp_path / "chain.pem").write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in chain)
    )
    for number, (token, octets) in enumerate(stamped):
        (tmp_path / f"{number}.der").write_bytes(token)
        (tmp_path / f"{number}.data").write_bytes(octets)
    moment = str(int(read_token(stamped[0][0]).gen_time.timestamp()))

    def theirs() -> None:
        for number in range(len(stamped)):
            given = ("-in", f"{number}.der", "-token_in", "-data", f"{number}.data")
            trusted = ("-CAfile", "chain.pem", "-partial_chain", "-attime", moment)
            command = ["openssl", "ts", "-verify", *given, *trusted]
            subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)

    rounds.beside(
        lambda: _verified(stamped),
        theirs,
        against="openssl ts, three processes, with the path",
        rounds=30,
    )


@pytest.mark.parametrize("part", ["parse", "seal", "timestamps", "all"])
def test_sample_of_the_commission(rounds: Rounds, part: str) -> None:
    """Reading the file, verifying its seal, verifying its three timestamps."""
    rounds.benchmark.group = "timestamps"
    data = shared_file(f"samples/{SAMPLE}").read_bytes()
    stamped = _stamped()

    def parse() -> object:
        return JADES.open(data, documents=BUNDLED)

    envelope = JADES.open(data, documents=BUNDLED)
    (proof,) = envelope.proofs
    assert proof.hint.certificate is not None
    assert seal_of(proof).etsiu.elements
    key = proof.hint.certificate.public_key()

    def everything() -> None:
        opened = JADES.open(data, documents=BUNDLED)
        JADES.verify(opened, opened.proofs[0], key)  # type: ignore[arg-type]
        for _, token, octets in stamps(opened):
            verify_token(read_token(token), octets)

    steps = {
        "parse": parse,
        "seal": lambda: JADES.verify(envelope, proof, key),  # type: ignore[arg-type]
        "timestamps": lambda: _verified(stamped),
        "all": everything,
    }
    rounds.alone(steps[part], rounds=50, most_ms=10 if part == "all" else 0)

"""Seals beside the Commission's own library, which is warm in its JVM.

DSS is started once, has keys and files in memory, and does each thing a hundred times
before anything is measured. Both sides begin at the bytes of a file. *Late verdict* is
our whole report, which also reads the credential and judges its issuer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from benchmarks.measuring import Rounds, Warm
from benchmarks.school import NOW
from edc_issuer.documents import BUNDLED
from edc_issuer.formats.base import Signing
from edc_issuer.formats.jades import JADES, payload_of
from edc_issuer.keys import Signer, open_signer
from edc_issuer.keys.testpki import KeyMaker, TestPki, p256_key
from edc_issuer.verify import Verifier
from edc_issuer.verify.judgement import Judge, Judgement
from interop.judges import class_path, dss_version, tool
from jades_vectors import Vector, vectors
from world import PASSWORD, SCHOOL

SAMPLE = "Sample-MC-Annex1-signed.jsonld, 2023-10-01, its seal CA and timestamp root"
WARM_UP = 100
MANY, FEW = 10_000, 1_000
KEYS: Mapping[str, KeyMaker] = {
    "P-256": p256_key,
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
}


def warmed(dss: Warm, line: str) -> str:
    """The last of many answers."""
    return [dss.ask(line) for _ in range(WARM_UP)][-1]


def sample() -> Vector:
    """The sealed sample of 150 kB a few days after it was sealed."""
    return vectors()[SAMPLE]


def credential() -> dict[str, Any]:
    """What is sealed in it: 113 kB of JSON."""
    envelope = JADES.open(sample().data, documents=BUNDLED)
    content: dict[str, Any] = json.loads(payload_of(envelope))
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that DSS is given, as files."""
    folder = tmp_path_factory.mktemp("warm")
    seals, vector = {}, sample()
    (folder / "credential.json").write_text(json.dumps(credential()), encoding="utf-8")
    for name, key in KEYS.items():
        pki = TestPki.create([SCHOOL], at=NOW, new_key=key)
        pki.write(folder / name, password=PASSWORD)
        file, p12 = folder / "credential.json", folder / name / "seal.p12"
        seals[name] = {"p12": str(p12), "password": PASSWORD, "file": str(file)}
    (folder / "sample.json").write_bytes(vector.data)
    anchors = []
    for number, one in enumerate((*vector.seals, *vector.timestamps)):
        anchors.append(folder / f"{number}.pem")
        anchors[-1].write_bytes(one.public_bytes(Encoding.PEM))
    case = {
        "file": str(folder / "sample.json"),
        "anchors": list(map(str, anchors)),
        "crls": [],
        "at": f"{vector.at:%Y-%m-%dT%H:%M:%SZ}",
    }
    request = {"cases": {"sample": case}, "seals": seals}
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def dss(folder: Path) -> Iterator[Warm]:
    """DSS in its JVM; skipped where Java or Maven is missing."""
    paths, at = class_path()
    command: list[str | Path] = [
        tool("java"),
        "-cp",
        paths,
        "Warm",
        folder / "request.json",
    ]
    with subprocess.Popen(
        command,
        cwd=at,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Warm(process)
        process.terminate()


def verified() -> tuple[Verifier, Vector]:
    vector = sample()
    return Verifier(trust=vector.trust()), vector


CALLS = {
    "validate": "as its documentation calls it",
    "judge": "policy in memory, without the ETSI report",
}


@pytest.mark.parametrize("call", CALLS)
def test_late_validation(rounds: Rounds, dss: Warm, call: str) -> None:
    """A seal of 2023 with three timestamps and what its authorities said then.

    The same work on both sides: neither reads the credential that is sealed.
    """
    rounds.benchmark.group = "seals"
    verifier, vector = verified()
    assert warmed(dss, f"{call} sample") == "TOTAL_PASSED"

    def ours() -> Judgement:
        envelope = JADES.open(vector.data, documents=BUNDLED)
        judge = Judge(verifier.trust, at=vector.at, now=NOW)
        return judge.proof(JADES, envelope, envelope.proofs[0], None)

    assert ours().sub_indication is None
    assert ours().indication.value == "PASSED"
    rounds.faster(
        ours,
        lambda: dss.ask(f"{call} sample"),
        factor=5,
        against=f"DSS {dss_version()}, warm in its JVM, {CALLS[call]}",
        rounds=40,
    )


def test_late_verdict(rounds: Rounds) -> None:
    """The same alone: the whole report, issuer and content included."""
    rounds.benchmark.group = "seals"
    verifier, vector = verified()

    rounds.alone(lambda: verifier.verify(vector.data, at=vector.at), most_ms=15)


@pytest.mark.parametrize("key", KEYS)
def test_sealing_with_read_back(
    rounds: Rounds, dss: Warm, folder: Path, key: str
) -> None:
    """Level B over 113 kB; ours is opened and verified again before it counts."""
    rounds.benchmark.group = "seals"
    content = credential()
    path = f"file:{folder / key / 'seal.p12'}"
    with open_signer(path, secret=lambda prompt: PASSWORD) as signer:
        assert int(warmed(dss, f"seal {key}")) > 110_000
        assert len(_sealed(signer, content)) > 110_000

        rounds.faster(
            lambda: _sealed(signer, content),
            lambda: dss.ask(f"seal {key}"),
            factor=5,
            against=f"DSS {dss_version()}, warm in its JVM, without reading back",
            rounds=60,
        )


def _sealed(signer: Signer, content: Mapping[str, Any]) -> bytes:
    """As `Issuer` does: sealed, put together, opened and verified again."""
    pending = JADES.prepare(content, Signing(signer.identity, signer.algorithm, NOW))
    data = JADES.attach(pending, signer.sign([pending.to_be_signed])[0])
    envelope = JADES.open(data, documents=BUNDLED)
    (proof,) = envelope.proofs
    assert proof.hint.certificate is not None
    key: Any = proof.hint.certificate.public_key()
    JADES.verify(envelope, proof, key)
    JADES.covered(envelope, proof)
    return data


# Prints the kilobytes that this process holds after so many verifications: of the
# sample, each time as another file, so that nothing can be remembered of it.
MEASURED = """
import gc, pathlib, sys
sys.path[:0] = sys.argv[2:]
from benchmarks.test_seals import verified
verifier, vector = verified()
for number in range(int(sys.argv[1])):
    data = vector.data + b" " * (number % 1000)
    verifier.verify(data, at=vector.at)
gc.collect()
status = pathlib.Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]))
"""


def test_memory_of_ten_thousand_verdicts(rounds: Rounds) -> None:
    """The peak after 10,000 files beside that after 1,000."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of memory is read from /proc, which is not here")
    rounds.benchmark.group = "seals"
    few = _peak(FEW)
    many = rounds.benchmark.pedantic(_peak, args=(MANY,))  # type: ignore[no-untyped-call]
    more = (many - few) * 1024 / (MANY - FEW)

    rounds.aim(
        "at most 500 bytes more for each file",
        f"{many / 1024:.0f} MB, {max(more, 0):.0f} bytes more for each file",
        reached=more <= 500,
    )


def _peak(count: int) -> int:
    paths = [path for path in sys.path if path]
    command = [sys.executable, "-c", MEASURED, str(count), *paths]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(run.stdout)

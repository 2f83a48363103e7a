"""OCSP answers of others: openssl takes ours, we take theirs and the samples'."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509 import ocsp

from conftest import shared_file
from edc_issuer import strict_json
from edc_issuer.encoding import unb64, unb64u
from edc_issuer.keys.testocsp import (
    ocsp_answer,
)
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.revocation import (
    Revocation,
    revocation_status,
)
from pki import AT, DAY, authority, root, seal
from responders import (
    GOOD,
    plan,
    responder,
)

# --- openssl ------------------------------------------------------------------------


def pem(folder: Path, name: str, *items: Any) -> str:
    path = folder / name
    path.write_bytes(b"".join(item.public_bytes(Encoding.PEM) for item in items))
    return str(path)


def openssl(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        ["openssl", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


# openssl looks at the clock itself: these certificates outlast this program.
FAR = AT + 20_000 * DAY
LASTING = authority(root(not_after=FAR), not_after=FAR)
LASTING_SEAL = seal(LASTING, not_after=FAR)
LASTING_RESPONDER = responder(LASTING, not_after=FAR)


def lasting(given: ocsp.OCSPResponse, **changes: Any) -> Revocation:
    """The verdict on LASTING_SEAL of today."""
    times = {"at": now(), **changes}
    evidence = Evidence(ocsp=(given,))
    return revocation_status(LASTING_SEAL, LASTING.certificate, evidence, **times)


def test_openssl_takes_our_answers(tmp_path: Path) -> None:
    at = now()
    given = plan(
        certificate=LASTING_SEAL,
        issuer=LASTING.certificate,
        this_update=at - timedelta(hours=1),
        next_update=at + DAY,
    )
    gone = replace(given, status="revoked", revoked_at=at - DAY, reason=1)
    for name, one in (("good", given), ("revoked", gone)):
        made = ocsp_answer(LASTING_RESPONDER, one)
        (tmp_path / f"{name}.der").write_bytes(made)
    pem(tmp_path, "ca.pem", LASTING.certificate)
    pem(tmp_path, "seal.pem", LASTING_SEAL)
    asked = ["-issuer", "ca.pem", "-cert", "seal.pem", "-CAfile", "ca.pem"]
    asked += ["-partial_chain", "-no_nonce"]

    def said(name: str) -> str:
        return openssl("ocsp", "-respin", name, *asked, folder=tmp_path)

    assert "Response verify OK" in said("good.der")
    assert "seal.pem: good" in said("good.der")
    assert "seal.pem: revoked" in said("revoked.der")
    assert "keyCompromise" in said("revoked.der")
    (tmp_path / "changed.der").write_bytes(
        ocsp_answer(LASTING_RESPONDER, replace(given, signature_of=bytes.upper))
    )
    assert "Response Verify Failure" in said("changed.der")


def key_pem(folder: Path, name: str, key: Any) -> str:
    path = folder / name
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return str(path)


def theirs(folder: Path, line: str) -> ocsp.OCSPResponse:
    """What openssl answers about LASTING_SEAL, with this line in its index."""
    (folder / "index.txt").write_text(line)
    pem(folder, "ca.pem", LASTING.certificate)
    pem(folder, "seal.pem", LASTING_SEAL)
    pem(folder, "responder.pem", LASTING_RESPONDER.certificate)
    key_pem(folder, "responder.key", LASTING_RESPONDER.key)
    answering = ["-index", "index.txt", "-CA", "ca.pem", "-rsigner", "responder.pem"]
    answering += ["-rkey", "responder.key", "-ndays", "7", "-respout", "theirs.der"]
    asking = ["-issuer", "ca.pem", "-cert", "seal.pem", "-noverify", "-no_nonce"]
    said = openssl("ocsp", *answering, *asking, folder=folder)
    assert (folder / "theirs.der").exists(), said
    return ocsp.load_der_ocsp_response((folder / "theirs.der").read_bytes())


def test_we_take_openssls_answers(tmp_path: Path) -> None:
    serial = f"{LASTING_SEAL.serial_number:X}"
    serial = serial if len(serial) % 2 == 0 else f"0{serial}"
    name = f"{serial}\tunknown\t/CN=Zgled\n"
    good = theirs(tmp_path, f"V\t300101000000Z\t\t{name}")
    withdrawn_then = "R\t300101000000Z\t260901000000Z,keyCompromise\t"
    gone = theirs(tmp_path, f"{withdrawn_then}{name}")
    nobody = theirs(tmp_path, "")

    assert lasting(good).status == "good"
    assert lasting(gone).reason == "revoked-no-poe"
    found = lasting(gone, proved_at=datetime(2026, 9, 2, tzinfo=UTC))
    assert (found.status, found.revocation_reason) == ("revoked", "keyCompromise")
    assert lasting(nobody).reason == "unknown-to-responder"


# --- the official samples -----------------------------------------------------------


def sample(name: str) -> tuple[x509.Certificate, Evidence]:
    """The seal certificate of a sealed file, and what its `etsiU` brings along."""
    document = strict_json.loads(shared_file(f"samples/edc/{name}").read_bytes())
    (signature,) = document["signatures"]
    header = strict_json.loads(unb64u(signature["protected"]))
    parts = []
    for row in signature["header"]["etsiU"]:
        element = strict_json.loads(unb64u(row))
        for one in element.get("xVals", ()):
            parts.append(unb64(one["x509Cert"]["val"]))
        for values in element.get("rVals", {}).values():
            parts += [unb64(one["val"]) for one in values]
    evidence = Evidence.merged(map(Evidence.read, parts))
    leaf = base64.b64decode(header["x5c"][0])
    return x509.load_der_x509_certificate(leaf), evidence


@pytest.mark.parametrize(
    "name",
    [
        "Sample-MC-Annex1-signed.jsonld",
        "credential-signed.jsonld",
        "json_to_seal-signed-jades-baseline-lta.json",
    ],
)
def test_the_answers_in_the_official_samples_settle_their_time(name: str) -> None:
    leaf, evidence = sample(name)
    (issuer,) = {c for c in evidence.certificates if c.subject == leaf.issuer}
    (given,) = evidence.ocsp
    then = given.responses.__iter__().__next__().this_update_utc

    def at(moment: datetime) -> tuple[str, str]:
        result = revocation_status(leaf, issuer, evidence, at=moment)
        return result.status, result.reason

    # The answer is two or three seconds older than the timestamp, and fresh for it.
    assert at(then + timedelta(seconds=3)) == GOOD
    assert at(then + timedelta(days=6)) == GOOD
    assert at(then + timedelta(days=8)) == ("undecided", "stale")
    assert at(AT) == ("undecided", "stale")


def test_the_list_in_the_official_sample_speaks_for_its_timestamp_authority() -> None:
    _, evidence = sample("Sample-MC-Annex1-signed.jsonld")
    (listed,) = evidence.crls
    (top,) = {c for c in evidence.certificates if c.subject == listed.issuer}
    (tsa,) = {c for c in evidence.certificates if c.issuer == top.subject and c != top}
    then = datetime(2023, 9, 27, 12, tzinfo=UTC)

    assert revocation_status(tsa, top, evidence, at=then).status == "good"
    late = revocation_status(tsa, top, evidence, at=AT)
    assert (late.status, late.reason) == ("undecided", "stale")

"""`openssl` on the test authorities that `key new` makes, and on RSA seals."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edc_issuer.encoding import unb64u
from interop.judges import Judgement, hold, run, tool
from interop.seals import KINDS, Authorities, authorities, seals
from world import PASSWORD

pytestmark = pytest.mark.interop
RSA = {"PS256": "PS256, RSA 3072", "RS256": "RS256, RSA 3072"}


def openssl(*words: str | Path, at: Path) -> str:
    """Everything that `openssl` prints, on either stream."""
    done = subprocess.run(
        [tool("openssl"), *words], cwd=at, capture_output=True, timeout=60, check=False
    )
    return (done.stdout + done.stderr).decode()


def verify_chain(made: Authorities, lists: tuple[bytes, ...]) -> str:
    """`openssl verify` on the seal, strict, with a list for each authority."""
    folder = made.folder
    seal = made.pki.seals[0].certificate.public_bytes(Encoding.PEM)
    (folder / "seal.pem").write_bytes(seal)
    pems = []
    for number, data in enumerate(lists):
        path = folder / f"asked-{number}.crl"
        path.write_bytes(data)
        form = ("crl", "-inform", "DER", "-outform", "PEM", "-in", path)
        pems.append(run([tool("openssl"), *form]))
    (folder / "asked.pem").write_bytes(b"".join(pems))
    said = openssl(
        "verify",
        *("-x509_strict", "-crl_check_all", "-CRLfile", "asked.pem"),
        *("-CAfile", "root.pem", "-untrusted", "seal-ca.pem", "seal.pem"),
        at=folder,
    )
    error = re.search(r"error \d+ at .*?: (.*)", said)
    return error[1] if error else said.strip()


def verify_crl(made: Authorities, name: str, issuer: str) -> str:
    """`openssl crl` on one of the lists as written by `key new`."""
    said = openssl(
        *("crl", "-inform", "DER", "-in", name, "-CAfile", issuer, "-noout"),
        at=made.folder,
    )
    return said.strip()


def read_pkcs12(made: Authorities, password: str) -> str:
    """`openssl pkcs12` on the seal's file: how many certificates and keys."""
    said = openssl(
        *("pkcs12", "-in", "seal.p12", "-passin", f"pass:{password}", "-nodes"),
        at=made.folder,
    )
    if "BEGIN" not in said:
        return said.strip().splitlines()[-1]
    counted = (said.count(f"BEGIN {what}") for what in ("CERTIFICATE", "PRIVATE KEY"))
    return "{} certificates, {} key".format(*counted)


def verify_rsa(algorithm: str) -> str:
    """`openssl dgst` on a seal's signature over the octets of RFC 7797."""
    case = RSA[algorithm]
    made, whole = authorities()[case], json.loads(seals()[case])
    (one,) = whole["signatures"]
    key = made.pki.seals[0].key.public_key()
    (made.folder / "pub.pem").write_bytes(
        key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    signed = f"{one['protected']}.{whole['payload']}".encode()
    (made.folder / "signed").write_bytes(signed)
    (made.folder / "signature").write_bytes(unb64u(one["signature"]))
    padding = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")
    said = openssl(
        *("dgst", "-sha256", "-verify", "pub.pem", "-signature", "signature"),
        *(padding if algorithm == "PS256" else ()),
        "signed",
        at=made.folder,
    )
    return said.strip()


@cache
def judgement() -> Judgement:
    """All that openssl is asked."""
    said = {}
    for case, made in authorities().items():
        said[f"chain: {case}"] = verify_chain(made, made.crls)
        said[f"chain, withdrawn: {case}"] = verify_chain(made, made.crls_that_withdraw)
        said[f"chain, no lists: {case}"] = verify_chain(made, made.crls[:1])
        said[f"CRL of the root: {case}"] = verify_crl(made, "root.crl", "root.pem")
        said[f"CRL of the CA: {case}"] = verify_crl(made, "seal-ca.crl", "seal-ca.pem")
        said[f"PKCS#12: {case}"] = read_pkcs12(made, PASSWORD)
    for algorithm in RSA:
        said[f"signature: {algorithm}"] = verify_rsa(algorithm)
    version = openssl("version", at=Path.cwd()).split()[1]
    return Judgement("openssl", version, "ours", said)


@pytest.mark.parametrize("case", KINDS)
def test_the_chain_holds_in_strict_mode_with_its_lists(case: str) -> None:
    assert judgement().said[f"chain: {case}"] == "seal.pem: OK"


@pytest.mark.parametrize("case", KINDS)
def test_a_withdrawn_seal_is_refused(case: str) -> None:
    assert judgement().said[f"chain, withdrawn: {case}"] == "certificate revoked"


@pytest.mark.parametrize("case", KINDS)
def test_a_seal_without_the_list_of_its_ca_is_refused(case: str) -> None:
    said = judgement().said[f"chain, no lists: {case}"]

    assert said == "unable to get certificate CRL"


@pytest.mark.parametrize("case", KINDS)
def test_each_list_is_signed_by_its_authority(case: str) -> None:
    assert judgement().said[f"CRL of the root: {case}"] == "verify OK"
    assert judgement().said[f"CRL of the CA: {case}"] == "verify OK"


@pytest.mark.parametrize("case", KINDS)
def test_the_pkcs12_opens_with_its_password_only(case: str) -> None:
    made = authorities()[case]

    assert judgement().said[f"PKCS#12: {case}"] == "2 certificates, 1 key"
    assert "invalid password" in read_pkcs12(made, "wrong")


def test_a_list_is_not_that_of_another_authority() -> None:
    made = authorities()["ES256"]

    assert "verify OK" not in verify_crl(made, "seal-ca.crl", "root.pem")


@pytest.mark.parametrize("algorithm", RSA)
def test_a_signature_is_over_header_dot_text(algorithm: str) -> None:
    assert judgement().said[f"signature: {algorithm}"] == "Verified OK"


def test_the_judge_says_what_it_said_before() -> None:
    hold(judgement())

"""Seals made by other people's software, each with its documented result.

Timestamp imprints are compared too: the octets that this library says are covered
must be those that the timestamp authorities were given.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer import cms
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import InputError, Unsupported
from edc_issuer.formats.base import Envelope, Format, Proof
from edc_issuer.formats.jades import (
    JADES,
    imprint_input_adotst,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
)
from sealing import opened
from tsa import tokens

# file, level, notes
INTACT: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "edc/Sample-MC-Annex1-signed.jsonld": ("LTA", ("content-timestamp",)),
    "edc/credential-signed.jsonld": ("LTA", ("content-timestamp",)),
    "edc/json_to_seal-signed-jades-baseline-lta.json": ("LTA", ("content-timestamp",)),
    "jades/dss2620/jades-with-b64-not-in-crit.json": (None, ("b64-not-in-crit",)),
    "jades/dss2620/jades-with-notBefore-header.json": ("B", ()),
    "jades/flattened-extra-element.json": ("B", ("extra-members",)),
    "jades/jades-b-iat-and-sigt.json": (None, ("iat-and-sigT",)),
    "jades/jades-flattened-BpT-broken-sigTst.json": ("T", ()),
    "jades/jades-lta-broken-arcTst.json": ("LTA", ()),
    "jades/jades-lta.json": ("LTA", ()),
    "jades/jades-t-clear-etsiu.json": ("T", ("etsiU-clear",)),
    "jades/jades-triple-LTA.json": ("LTA", ()),
    "jades/jades-with-broken-attached-counter-signature.json": (
        "B",
        ("counter-signature",),
    ),
    "jades/jades-with-broken-detached-counter-signature.json": (
        "B",
        ("counter-signature",),
    ),
    "jades/jades-with-mixed-etsiU-type.json": ("T", ("etsiU-mixed",)),
    "jades/jades-with-sigAndRefsTst-without-dot.json": ("T", ()),
    "jades/jades-with-spdspec.json": ("B", ()),
}
REFUSED = {
    "jades/dss2620/jades-b-level-with-etsiu-in-crit.json": "crit",
    "jades/dss2620/jades-with-crit-with-duplicated-header.json": "crit",
    "jades/dss2620/jades-with-critical-headers-in-crit.json": "crit",
    "jades/dss2620/jades-with-extra-crit-entry.json": "crit",
    "jades/dss2620/jades-with-notBefore-header-in-crit.json": "crit",
    "jades/jades-flattened-BpB-detached-objectByURIHash.json": "unsupported",
    "jades/simple-detached-wrong-algo.json": "unsupported",
    "jades/jades-with-double-sigt.json": "json.duplicate",
    "jades/jws-serialization-no-signatures.json": "jws.members",
    "jades/serialization-wrong-payload-type.json": "jws.members",
    "jades/jades-unsupported-signature-algorithm.json": "alg.not_allowed",
}
# The timestamps whose imprint is of something else, in the order of the elements.
BROKEN_IMPRINTS = {
    "jades/jades-flattened-BpT-broken-sigTst.json": [("sigTst", 0)],
    "jades/jades-lta-broken-arcTst.json": [("arcTst", 3)],
}


def sample(name: str) -> bytes:
    return shared_file(f"samples/{name}").read_bytes()


def verify(data: bytes) -> tuple[Format, Envelope, Proof]:
    securing, envelope = opened(data)
    (proof,) = envelope.proofs
    assert proof.hint.certificate is not None
    key: Any = proof.hint.certificate.public_key()
    securing.verify(envelope, proof, key)
    return securing, envelope, proof


@pytest.mark.parametrize("name", INTACT)
def test_intact_seals_of_others_verify(name: str) -> None:
    level, notes = INTACT[name]

    securing, _, proof = verify(sample(name))

    assert securing is JADES
    assert (proof.level, proof.notes) == (level, notes)


@pytest.mark.parametrize("name", REFUSED)
def test_seals_that_break_a_rule_are_refused_by_its_name(name: str) -> None:
    with pytest.raises(InputError) as caught:
        verify(sample(name))

    assert caught.value.reason == REFUSED[name]


def test_every_sample_at_hand_is_in_a_table() -> None:
    folder = shared_file("samples/jades")
    root = folder.parent

    names = {str(p.relative_to(root)) for p in folder.rglob("*") if p.is_file()}

    assert names == {n for n in INTACT | REFUSED if n.startswith("jades/")}


def misfits(name: str) -> list[tuple[str, int]]:
    """Name and place of each timestamp that covers other octets than we compute."""
    _, envelope, proof = verify(sample(name))
    found = []
    for index, element in enumerate(seal_of(proof).etsiu.elements):
        if element.name == "sigTst":
            octets = imprint_input_sigtst(proof)
        elif element.name == "arcTst":
            octets = imprint_input_arctst(envelope, proof, index)
        else:
            continue
        if not all(covers(token, octets) for token in tokens(element.value)):
            found.append((element.name, index))
    return found


def covers(token: bytes, octets: bytes) -> bool:
    digests = (hashlib.new(h, octets).digest() for h in ("sha256", "sha384", "sha512"))
    return any(digest in token for digest in digests)


@pytest.mark.parametrize(
    "name", [n for n in INTACT if "clear" not in n and "mixed" not in n]
)
def test_timestamps_of_others_cover_the_octets_that_we_compute(name: str) -> None:
    assert misfits(name) == BROKEN_IMPRINTS.get(name, [])


@pytest.mark.parametrize("name", [n for n in INTACT if n.startswith("edc/")])
def test_content_timestamps_of_the_commission_cover_the_payload(name: str) -> None:
    _, envelope, proof = verify(sample(name))
    (token,) = tokens(seal_of(proof).signature.header["adoTst"])

    assert covers(token, imprint_input_adotst(envelope))


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("edc/Sample-MC-Annex1-signed.jsonld", "VATES-A00000000"),
        ("edc/credential-signed.jsonld", "VATES-B00000000"),
        ("edc/json_to_seal-signed-jades-baseline-lta.json", "VATES-B00000000"),
    ],
)
def test_the_certificate_of_a_commission_sample_is_the_stated_one(
    name: str, identifier: str
) -> None:
    proof = verify(sample(name))[2]
    certificate = proof.hint.certificate

    assert certificate is not None
    subject = cms.subject_der(certificate)
    assert cms.name_values(subject, "2.5.4.97") == (identifier,)
    assert len(proof.hint.chain) >= 4


def test_an_archive_timestamp_over_clear_elements_is_not_computed() -> None:
    _, envelope, proof = verify(sample("jades/jades-with-mixed-etsiU-type.json"))

    with pytest.raises(Unsupported):
        imprint_input_arctst(envelope, proof, 1)


def test_the_seal_of_the_commission_covers_the_payload_to_the_last_byte() -> None:
    data = sample("edc/Sample-MC-Annex1-signed.jsonld")
    envelope = JADES.open(data, documents=BUNDLED)
    content = JADES.covered(envelope, envelope.proofs[0])

    assert content["id"] == "urn:credential:1018d05f-21d5-4555-b7f0-8fabfd22ca75"
    assert len(envelope.internals.jws.content) == 113_061

"""Seals as this library writes them, and what still fits after a file is handled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer import cms, jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64, unb64u
from edc_issuer.errors import ConfigError, InputError, ProofInvalid, RecordError
from edc_issuer.formats.base import Pending, Signing
from edc_issuer.formats.jades import JADES
from edc_issuer.keys.identity import DidIdentity, X509Identity
from sealing import (
    AT,
    CA,
    CREDENTIAL,
    KEYS,
    ROOT,
    SEALS,
    TEXT,
    der,
    only_proof,
    thumbprint,
    verify_all,
)


def prepared(
    alg: str = "ES256", credential: Any = CREDENTIAL, **options: Any
) -> Pending:
    identity = X509Identity(SEALS[alg], (CA, ROOT))
    return JADES.prepare(credential, Signing(identity, alg, at=AT, options=options))


def issued(alg: str = "ES256", **options: Any) -> bytes:
    pending = prepared(alg, **options)
    return JADES.attach(pending, jose.sign(alg, KEYS[alg], pending.to_be_signed))


def written_header(data: bytes) -> Any:
    (one,) = json.loads(data)["signatures"]
    return json.loads(unb64u(one["protected"]))


def test_a_seal_has_the_header_that_validators_of_2026_expect() -> None:
    header = written_header(issued())

    assert list(header.items()) == [
        ("alg", "ES256"),
        ("cty", "ld+json"),
        ("kid", b64(cms.issuer_serial(SEALS["ES256"]))),
        ("x5t#S256", thumbprint(SEALS["ES256"])),
        ("x5c", [b64(der(SEALS["ES256"])), b64(der(CA))]),
        ("typ", "jose+json"),
        ("b64", False),
        ("iat", 1793534400),
        ("crit", ["b64"]),
    ]


def test_the_profile_of_old_validators_states_sig_t_and_marks_it_critical() -> None:
    header = written_header(issued(layout="edci-1.x"))

    assert header["sigT"] == "2026-11-01T12:00:00Z"
    assert header["crit"] == ["b64", "sigT"]
    assert "iat" not in header


def test_the_file_begins_with_the_payload_which_is_the_credentials_own_text() -> None:
    data = issued()

    assert data.startswith(b'{"payload":"{')
    assert list(json.loads(data)) == ["payload", "signatures"]
    assert json.loads(data)["payload"] == TEXT
    assert "Čebelarjenje".encode() in data


@pytest.mark.parametrize("alg", KEYS)
def test_what_is_sealed_verifies_and_reads_back(alg: str) -> None:
    data = issued(alg)

    assert verify_all(data) == CREDENTIAL
    proof = only_proof(data)
    assert (proof.algorithm, proof.level, proof.claimed_at) == (alg, "B", AT)
    assert proof.hint.certificate == SEALS[alg]
    assert proof.hint.chain == (CA,)
    assert proof.notes == ()


def test_a_pending_seal_survives_the_walk_to_another_room() -> None:
    pending = prepared()

    carried = Pending.from_json(json.loads(json.dumps(pending.to_json())))
    signature = jose.sign("ES256", KEYS["ES256"], carried.to_be_signed)

    assert verify_all(JADES.attach(carried, signature)) == CREDENTIAL


def test_a_key_without_a_certificate_makes_no_seal() -> None:
    key: Any = KEYS["ES256"].public_key()
    identity = DidIdentity("did:key:z", "did:key:z#z", key)

    with pytest.raises(ConfigError, match="certificate"):
        JADES.prepare(CREDENTIAL, Signing(identity, "ES256", at=AT))


@pytest.mark.parametrize("alg", ["RS256", "ES384", "HS256", "none"])
def test_an_algorithm_of_another_key_makes_no_seal(alg: str) -> None:
    with pytest.raises(ConfigError, match=alg):
        JADES.prepare(CREDENTIAL, Signing(X509Identity(SEALS["ES256"]), alg, at=AT))


def test_an_unknown_profile_is_an_error_of_the_operator() -> None:
    with pytest.raises(ConfigError, match="edci-2"):
        prepared(layout="edci-2")


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(float("nan"), id="not-a-number"),
        pytest.param("\ud800 Žnidaršič", id="half-a-pair"),
        pytest.param({1, 2}, id="set"),
        pytest.param(LOOP, id="loop"),
    ],
)
def test_what_is_no_json_is_not_sealed_and_not_quoted(value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        prepared(credential={"name": value})

    assert "Žnidaršič" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_may_be_reformatted_around_its_seal() -> None:
    members = json.loads(issued())

    pretty = json.dumps(members, indent=2, sort_keys=True, ensure_ascii=True).encode()

    assert verify_all(b"\n " + pretty + b"\r\n\t") == CREDENTIAL


def test_one_space_more_in_the_payload_breaks_the_seal() -> None:
    members = json.loads(issued())
    members["payload"] = members["payload"].replace(":", ": ", 1)

    with pytest.raises(ProofInvalid) as caught:
        verify_all(json.dumps(members).encode())

    assert caught.value.reason == "signature"


def flipped(text: str, position: int) -> str:
    other = "A" if text[position] != "A" else "B"
    return text[:position] + other + text[position + 1 :]


@pytest.mark.parametrize("member", ["protected", "signature", "payload"])
def test_one_changed_letter_anywhere_breaks_the_seal(member: str) -> None:
    whole = json.loads(issued())
    holder = whole if member == "payload" else whole["signatures"][0]
    text = holder[member]

    for position in range(0, len(text), 7):
        holder[member] = flipped(text, position)
        with pytest.raises(InputError):
            verify_all(json.dumps(whole).encode())

    holder[member] = text
    assert verify_all(json.dumps(whole).encode()) == CREDENTIAL


def test_the_content_is_read_once() -> None:
    envelope = JADES.open(issued(), documents=BUNDLED)
    (proof,) = envelope.proofs

    assert JADES.covered(envelope, proof) is JADES.covered(envelope, proof)


def test_a_seal_of_the_commissions_sample_keeps_the_layout_we_write() -> None:
    sample = shared_file("samples/edc/Sample-MC-Annex1-signed.jsonld").read_bytes()

    theirs, ours = json.loads(sample), json.loads(issued(layout="edci-1.x"))

    assert list(theirs) == list(ours)
    left_out = {"adoTst"}  # their two-step sealing adds it
    assert [k for k in written_header(sample) if k not in left_out] == list(
        written_header(issued(layout="edci-1.x"))
    )

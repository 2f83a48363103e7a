"""A timestamp proves a time only if every step holds; each fault is one named change.

Attack row 54, and the authority that is asked: what it may answer and what not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.cms import der
from edc_issuer.cms.algorithms import (
    RSASSA_PSS,
    read_signature_algorithm,
    write_digest,
)
from edc_issuer.cms.certificate import subject_text
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import is_test_certificate
from edc_issuer.cms.tokens import (
    CONTENT_TYPE,
    MESSAGE_DIGEST,
    SIGNING_CERTIFICATE_V2,
    Token,
    read_token,
)
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import (
    ConfigError,
    FetchError,
    InputError,
    NoTimestamp,
    TokenInvalid,
)
from edc_issuer.fetch import CLOSED, Credentials, Http
from edc_issuer.formats.base import Envelope
from edc_issuer.formats.jades import (
    JADES,
    imprint_input_adotst,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
)
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testpki import Authority
from edc_issuer.keys.testtsa import (
    SIGNING_TIME,
    TIME_STAMPING,
    purpose,
    refusal,
    tsa_plan,
)
from edc_issuer.timestamp import Timestamper, authority_of, verify_token
from pki import AT, DAY, new_key, root, seal
from tsa import (
    DATA,
    LASTING,
    MINUTE,
    ROOT,
    TSA,
    URL,
    Desk,
    Directory,
    OpenSsl,
    answering,
    changing,
    damaged,
    hashed,
    reply,
    served,
    token,
    tokens,
    tsa,
)

OTHER = "Спричевало о знању – drugi bajti".encode()
KEYS: dict[str, PrivateKey] = {
    "RSA": rsa.generate_private_key(65537, 2048),
    "P-256": ec.generate_private_key(ec.SECP256R1()),
    "P-384": ec.generate_private_key(ec.SECP384R1()),
    "P-521": ec.generate_private_key(ec.SECP521R1()),
    "brainpool": ec.generate_private_key(ec.BrainpoolP256R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
}
SHA = ("sha256", "sha384", "sha512")


def verified(data: bytes, over: bytes = DATA, **options: Any) -> x509.Certificate:
    return verify_token(read_token(data), over, **options)


def refused(data: bytes, over: bytes = DATA, **options: Any) -> str:
    """The reason why a token proves nothing."""
    with pytest.raises(TokenInvalid) as caught:
        verified(data, over, **options)
    assert caught.value.code == "token-invalid"
    assert str(caught.value)
    return caught.value.reason


# --- what holds ---------------------------------------------------------------------


def test_the_good_token_proves_the_time_of_its_bytes() -> None:
    read = read_token(token())

    assert verify_token(read, DATA) == TSA.certificate
    assert (read.gen_time, read.accuracy) == (AT, timedelta(seconds=1))
    assert is_test_certificate(TSA.certificate)


ALGORITHMS: list[tuple[str, dict[str, Any], str]] = [
    *(("RSA", {"hashed_with": h}, f"RS{h[-3:]}") for h in SHA),
    *(
        ("RSA", {"hashed_with": h, "family": "rsaEncryption"}, f"RS{h[-3:]}")
        for h in SHA
    ),
    *(("RSA", {"hashed_with": h, "family": "PS"}, f"PS{h[-3:]}") for h in SHA),
    ("RSA", {"hashed_with": "sha3-256"}, "RS256"),
    ("RSA", {"hashed_with": "sha256", "signed_with": "sha512"}, "RS512"),
    ("P-256", {}, "ES256"),
    ("P-256", {"hashed_with": "sha3-512"}, "ES512"),
    ("P-384", {"hashed_with": "sha384"}, "ES384"),
    ("P-521", {"hashed_with": "sha512"}, "ES512"),
    ("brainpool", {}, "ES256"),
    ("Ed25519", {"hashed_with": "sha512"}, "Ed25519"),
]


@pytest.mark.parametrize(("key", "changes", "name"), ALGORITHMS)
def test_every_algorithm_in_use_is_verified(
    key: str, changes: dict[str, Any], name: str
) -> None:
    authority = tsa(ROOT, key=KEYS[key])
    read = read_token(token(by=authority, **changes))

    assert verify_token(read, DATA) == authority.certificate
    assert read.signers[0].algorithm.name == name


GOOD: dict[str, dict[str, Any]] = {
    "imprint-sha512": {"digest": "sha512"},
    "imprint-sha3": {"digest": "sha3-384"},
    "ess-v1": {"ess": (1,)},
    "ess-v1-and-v2": {"ess": (1, 2)},
    "ess-with-sha512": {"ess_digest": "sha512"},
    "ess-without-issuer-and-serial": {"ess_issuer_serial": False},
    "signer-by-key-identifier": {"by_key_identifier": True},
    "no-accuracy": {"accuracy": None},
    "signer-second-of-two": {"certificates": (ROOT.certificate, TSA.certificate)},
    "at-the-first-moment": {"gen_time": TSA.certificate.not_valid_before_utc},
    "at-the-last-moment": {"gen_time": TSA.certificate.not_valid_after_utc},
    "uncritical-extension": {"extensions": (("1.2.3.4", False, b"\x05\x00"),)},
    "attributes-in-another-order": {"descending": True},
}


@pytest.mark.parametrize("case", GOOD)
def test_these_tokens_hold(case: str) -> None:
    assert verified(token(**GOOD[case])) == TSA.certificate


def test_a_certificate_that_the_token_leaves_out_is_found_elsewhere() -> None:
    bare = token(certificates=())
    named = authority_of(read_token(bare), pool=[ROOT.certificate, TSA.certificate])
    assert named == TSA.certificate

    assert refused(bare) == "tst.certificate-missing"
    assert verified(bare, pool=[ROOT.certificate, TSA.certificate]) == TSA.certificate


def test_of_two_certificates_with_one_name_and_number_the_signed_hash_decides() -> None:
    serial = TSA.certificate.serial_number
    forger = root(subject=(("2.5.4.3", "Koren časovnih žigov, preskus"),))
    public = new_key().public_key()
    shadow = forger.issue(tsa_plan(AT - DAY), public, serial=serial)
    both = (shadow, TSA.certificate)

    good = token(certificates=both)
    assert verified(good) == TSA.certificate
    assert authority_of(read_token(good)) == TSA.certificate
    assert refused(token(certificates=(shadow,))) == "tst.certificate-hash"


# --- what does not hold: one named change each --------------------------------------


def ascending(signed: bytes) -> bytes:
    """The same attributes in the order of DER."""
    return der.encode(der.SET, *sorted(a.encoded for a in der.parse(signed).children()))


FORGER = tsa(root(), subject=(("2.5.4.3", "Ponarejevalec"),))
SAME_ISSUER = tsa(ROOT).certificate
SAME_NUMBER = root(subject=(("2.5.4.3", "Drug koren"),)).issue(
    tsa_plan(AT - DAY), new_key().public_key(), serial=TSA.certificate.serial_number
)
BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "no-signer": ("tst.signers", {"signers": 0}),
    "two-signers": ("tst.signers", {"signers": 2}),
    "no-content-type": ("tst.attributes", {"without": CONTENT_TYPE}),
    "no-message-digest": ("tst.attributes", {"without": MESSAGE_DIGEST}),
    "no-certificate-hash": ("tst.attributes", {"ess": ()}),
    "content-type-twice": ("tst.attributes", {"doubled": CONTENT_TYPE}),
    "message-digest-twice": ("tst.attributes", {"doubled": MESSAGE_DIGEST}),
    "certificate-hash-twice": ("tst.attributes", {"doubled": SIGNING_CERTIFICATE_V2}),
    "time-of-signing-twice": ("tst.attributes", {"doubled": SIGNING_TIME}),
    "two-message-digests": ("tst.attributes", {"two_values": MESSAGE_DIGEST}),
    "two-content-types": ("tst.attributes", {"two_values": CONTENT_TYPE}),
    "two-certificate-hashes": (
        "tst.attributes",
        {"two_values": SIGNING_CERTIFICATE_V2},
    ),
    "same-number-of-another-authority": (
        "tst.certificate-missing",
        {"signer": SAME_NUMBER},
    ),
    "hash-v1-of-another": (
        "tst.certificate-hash",
        {"ess": (1, 2), "ess_v1_of": FORGER.certificate},
    ),
    "number-beside-the-hash-of-another": (
        "tst.certificate-hash",
        {"ess_named": SAME_ISSUER},
    ),
    "issuer-beside-the-hash-of-another": (
        "tst.certificate-hash",
        {"ess_named": SAME_NUMBER},
    ),
    "another-signer-named": (
        "tst.certificate-missing",
        {"signer": FORGER.certificate},
    ),
    "certificate-of-another": (
        "tst.certificate-missing",
        {"certificates": (ROOT.certificate,)},
    ),
    "hash-of-another": ("tst.certificate-hash", {"ess_of": FORGER.certificate}),
    "hash-of-another-v1": (
        "tst.certificate-hash",
        {"ess_of": FORGER.certificate, "ess": (1,)},
    ),
    "imprint-sha1": ("tst.digest", {"digest": "sha1"}),
    "content-sha1": ("tst.digest", {"hashed_with": "sha1", "signed_with": "sha256"}),
    "signature-sha1": ("tst.digest", {"signed_with": "sha1"}),
    "signed-as-data": ("tst.content-type", {"content_type": "1.2.840.113549.1.7.1"}),
    "digest-of-other-content": ("tst.message-digest", {"message_digest": bytes(32)}),
    "signature-of-something-else": (
        "tst.signature",
        {"signature_of": lambda signed: signed + b"\0"},
    ),
    # RFC 5652 section 5.4: the attributes are signed as a SET, not as they stand.
    "signature-of-another-order": (
        "tst.signature",
        {"descending": True, "signature_of": lambda signed: ascending(signed)},
    ),
    "signature-of-the-tagged-attributes": (
        "tst.signature",
        {"signature_of": lambda signed: b"\xa0" + signed[1:]},
    ),
    "imprint-of-other-bytes": ("tst.imprint", {"imprint": hashed(OTHER)}),
    "before-the-certificate": (
        "tst.validity",
        {"gen_time": TSA.certificate.not_valid_before_utc - timedelta(seconds=1)},
    ),
    "after-the-certificate": (
        "tst.validity",
        {"gen_time": TSA.certificate.not_valid_after_utc + timedelta(seconds=1)},
    ),
    "a-moment-after-the-certificate": (
        "tst.validity",
        {"gen_time": TSA.certificate.not_valid_after_utc + timedelta(milliseconds=1)},
    ),
    "unknown-critical-extension": (
        "tst.extension",
        {"extensions": (("1.2.3.4", True, b"\x05\x00"),)},
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_changed_field_proves_nothing(case: str) -> None:
    reason, changes = BAD[case]

    assert refused(token(**changes)) == reason


def test_every_reason_is_met() -> None:
    documented = set(re.findall(r"`(tst\.[a-z-]+)`", verify_token.__doc__ or ""))
    elsewhere = {"tst.purpose", "tst.algorithm"}  # by another certificate, below

    assert documented == {reason for reason, _ in BAD.values()} | elsewhere


def test_a_good_token_of_other_bytes_proves_nothing_for_these() -> None:
    assert verified(token(OTHER), OTHER) == TSA.certificate

    assert refused(token(OTHER)) == "tst.imprint"


def test_a_token_signed_by_another_key_is_a_forgery() -> None:
    forger = replace(TSA, key=new_key())

    assert refused(token(by=forger)) == "tst.signature"


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param((), id="no-purpose"),
        pytest.param(purpose(TIME_STAMPING, critical=False), id="not-critical"),
        pytest.param(purpose(TIME_STAMPING, "1.3.6.1.5.5.7.3.4"), id="and-mail"),
        pytest.param(purpose("2.5.29.37.0"), id="any-purpose"),
        pytest.param(purpose("1.3.6.1.5.5.7.3.3"), id="signing-programs"),
        pytest.param(purpose(TIME_STAMPING, TIME_STAMPING), id="twice"),
        pytest.param((("2.5.29.37", True, b"\x05\x00"),), id="unreadable"),
    ],
)
def test_a_certificate_for_something_else_makes_no_timestamps(extra: Any) -> None:
    authority = tsa(ROOT, extra=extra)

    assert refused(token(by=authority)) == "tst.purpose"


@pytest.mark.parametrize("place", [0, 1], ids=["begin", "end"])
def test_a_certificate_of_a_year_that_no_calendar_has_is_never_valid(
    place: int,
) -> None:
    year_zero = der.encode(der.GENERALIZED_TIME, b"00000101000000Z")
    plain, odd = of_another_time({}), of_another_time({place: year_zero})

    assert verified(token(by=replace(TSA, certificate=plain)))
    assert refused(token(by=replace(TSA, certificate=odd))) == "tst.validity"


def of_another_time(changes: dict[int, bytes]) -> x509.Certificate:
    """The authority's certificate with its beginning (0) or end (1) replaced."""
    parts = [e.encoded for e in der.parse(_whole(TSA.certificate)).children()]
    body = [e.encoded for e in der.parse(parts[0]).children()]
    times = {n: e.encoded for n, e in enumerate(der.parse(body[4]).children())}
    body[4] = der.sequence(*{**times, **changes}.values())
    parts[0] = der.sequence(*body)
    return x509.load_der_x509_certificate(der.sequence(*parts))


def _whole(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def test_a_seal_certificate_makes_no_timestamps() -> None:
    key = new_key()
    authority = Authority(seal(ROOT, key=key), key)

    assert refused(token(by=authority)) == "tst.purpose"


@pytest.mark.parametrize(
    ("signer", "certified"), [("RSA", "P-256"), ("P-256", "RSA"), ("Ed25519", "RSA")]
)
def test_an_algorithm_that_does_not_fit_the_key_is_refused(
    signer: str, certified: str
) -> None:
    authority = replace(tsa(ROOT, key=KEYS[certified]), key=KEYS[signer])

    assert refused(token(by=authority)) == "tst.algorithm"


def test_a_key_that_can_be_computed_makes_no_timestamps() -> None:
    authority = tsa(ROOT, key=rsa.generate_private_key(65537, 1024))

    with pytest.raises(TokenInvalid, match="1024 bits") as caught:
        verified(token(by=authority))
    assert caught.value.reason == "tst.algorithm"


def test_an_unknown_algorithm_is_named() -> None:
    good = token(by=tsa(ROOT, key=KEYS["Ed25519"]))
    ed448 = good.replace(
        bytes.fromhex("06032b6570") + b"\x04", bytes.fromhex("06032b6571") + b"\x04"
    )
    assert ed448 != good

    with pytest.raises(TokenInvalid, match=r"1\.3\.101\.113") as caught:
        verified(ed448)
    assert caught.value.reason == "tst.algorithm"


def test_an_unknown_hash_is_named() -> None:
    md5_sized = token().replace(
        bytes.fromhex("0609608648016503040201"), bytes.fromhex("060960864801650304027f")
    )

    with pytest.raises(
        TokenInvalid, match=r"2\.16\.840\.1\.101\.3\.4\.2\.127"
    ) as caught:
        verified(md5_sized)
    assert caught.value.reason == "tst.digest"


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param(b"", id="none"),
        pytest.param(der.sequence(der.encode(0xA3, der.integer(2))), id="trailer"),
        pytest.param(der.sequence(der.encode(0xA2, der.integer(-1))), id="salt"),
        pytest.param(der.sequence(der.encode(0xA2, der.integer(4096))), id="long-salt"),
        pytest.param(
            der.sequence(der.encode(0xA1, der.sequence(der.oid("1.2.3")))), id="mask"
        ),
    ],
)
def test_pss_parameters_that_nobody_uses_are_refused(parameters: bytes) -> None:
    element = der.parse(der.sequence(der.oid(RSASSA_PSS), parameters))

    with pytest.raises(DerError):
        read_signature_algorithm(element, "sha256")


def test_pss_without_a_word_means_sha1_which_is_broken() -> None:
    element = der.parse(der.sequence(der.oid(RSASSA_PSS), der.sequence()))

    read = read_signature_algorithm(element, "sha256")

    assert (read.digest, read.mgf, read.salt) == ("sha1", "sha1", 20)
    assert read.digests == {"sha1"}


def test_pss_with_two_hashes_names_both() -> None:
    parameters = der.sequence(
        der.encode(0xA0, write_digest("sha256")),
        der.encode(
            0xA1, der.sequence(der.oid("1.2.840.113549.1.1.8"), write_digest("sha1"))
        ),
    )

    read = read_signature_algorithm(
        der.parse(der.sequence(der.oid(RSASSA_PSS), parameters)), "sha512"
    )

    assert read.digests == {"sha256", "sha1"}


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("seed", range(3))
def test_no_damage_makes_a_token_say_something_else(seed: int) -> None:
    chance = random.Random(seed)
    good = token(nonce=77)
    said = _said(read_token(good))

    for _ in range(700):
        try:
            read = read_token(damaged(good, chance))
            certificate = verify_token(read, DATA)
        except (DerError, TokenInvalid):
            continue
        assert (_said(read), certificate) == (said, TSA.certificate)


def _said(read: Token) -> tuple[Any, ...]:
    return (read.gen_time, read.nonce, read.serial, read.policy, read.accuracy)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_only_the_stamped_bytes_fit(data: bytes) -> None:
    read = read_token(GOOD_TOKEN)

    with pytest.raises(TokenInvalid):
        verify_token(read, data)


GOOD_TOKEN = token()


# --- other people's tokens ----------------------------------------------------------

REAL = (
    "edc/Sample-MC-Annex1-signed.jsonld",
    "edc/credential-signed.jsonld",
    "edc/json_to_seal-signed-jades-baseline-lta.json",
    "jades/jades-lta.json",
    "jades/jades-triple-LTA.json",
)


def real_tokens(name: str) -> list[tuple[str, bytes, bytes]]:
    """Kind, token and stamped octets of every timestamp of a real sealed file."""
    data = shared_file(f"samples/{name}").read_bytes()
    return stamps(JADES.open(data, documents=BUNDLED))


def stamps(envelope: Envelope) -> list[tuple[str, bytes, bytes]]:
    """The same of a file that was opened."""
    (proof,) = envelope.proofs
    seal = seal_of(proof)
    content = seal.signature.header.get("adoTst", {"tstTokens": []})
    found = [("adoTst", t, imprint_input_adotst(envelope)) for t in tokens(content)]
    for index, element in enumerate(seal.etsiu.elements):
        if element.name == "sigTst":
            octets = imprint_input_sigtst(proof)
        elif element.name == "arcTst":
            octets = imprint_input_arctst(envelope, proof, index)
        else:
            continue
        found += [(element.name, t, octets) for t in tokens(element.value)]
    return found


@pytest.mark.parametrize("name", REAL)
def test_the_timestamps_of_real_seals_verify(name: str) -> None:
    found = real_tokens(name)

    assert {"sigTst", "arcTst"} <= {kind for kind, _, _ in found}
    for _, data, octets in found:
        assert "tsa" in subject_text(verified(data, octets)).lower()
        assert refused(data, octets + b"\n") == "tst.imprint"


def test_the_commissions_samples_carry_three_timestamps_each() -> None:
    for name in REAL[:3]:
        kinds = [kind for kind, _, _ in real_tokens(name)]
        assert kinds == ["adoTst", "sigTst", "arcTst"]


# --- openssl ------------------------------------------------------------------------


@pytest.mark.parametrize("ess", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("digest", SHA)
def test_tokens_of_openssl_verify(digest: str, ess: str, tmp_path: Path) -> None:
    openssl = OpenSsl(tmp_path, digest=digest, ess=ess, chain="yes")
    stamper = Timestamper([URL], Answering(openssl.answer), digest=digest)

    made = stamper.stamp(DATA, at=datetime.now(UTC))

    assert verify_token(made, DATA) == LASTING.certificate
    assert made.accuracy == timedelta(seconds=1, microseconds=500_100)


class Answering:
    """A `Fetcher` that hands the body to a function."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer

    def fetch(self, request: Any) -> Any:
        return reply(self._answer(request.body))


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("RSA", {}),
        ("RSA", {"family": "rsaEncryption", "hashed_with": "sha512"}),
        ("P-256", {}),
        ("P-256", {"ess": (1,)}),
        ("P-256", {"ess": (1, 2)}),
        ("P-256", {"ess_digest": "sha512"}),
        ("P-256", {"nonce": 2**64 - 1, "accuracy": None}),
        ("P-384", {"hashed_with": "sha384", "digest": "sha512"}),
        ("P-256", {"gen_time": AT + timedelta(milliseconds=250)}),
        ("P-256", {"descending": True}),
    ],
)
def test_openssl_verifies_our_tokens(
    key: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    data = token(by=tsa(ROOT, key=KEYS[key]), **changes)

    assert OpenSsl(tmp_path).verifies(data, DATA, at=AT) == ""


# `openssl cms` 3.0 knows no Ed25519, and wants one hash for content and signature, as
# RFC 8933 advises; the Commission's validator takes two, and so do we.
OPENSSL = [
    (key, changes)
    for key, changes, _ in ALGORITHMS
    if key != "Ed25519" and "signed_with" not in changes
]


@pytest.mark.parametrize(("key", "changes"), OPENSSL)
def test_openssl_verifies_the_signatures_that_we_verify(
    key: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    data = token(by=tsa(ROOT, key=KEYS[key]), by_key_identifier=True, **changes)

    assert verified(data)
    assert OpenSsl(tmp_path).reads(data) == read_token(data).info


@pytest.mark.parametrize("key", sorted({key for key, _ in OPENSSL}))
def test_openssl_refuses_the_signatures_that_we_refuse(
    key: str, tmp_path: Path
) -> None:
    authority = tsa(ROOT, key=KEYS[key])
    data = token(by=authority, signature_of=lambda signed: signed[::-1])

    assert refused(data) == "tst.signature"
    assert OpenSsl(tmp_path).reads(data) is None


@pytest.mark.parametrize(
    "case",
    [
        "hash-of-another",
        "no-certificate-hash",
        "digest-of-other-content",
        "signature-of-something-else",
        "imprint-of-other-bytes",
        "two-signers",
        "certificate-of-another",
        "signature-of-the-tagged-attributes",
        "signature-of-another-order",
    ],
)
def test_openssl_refuses_what_we_refuse(case: str, tmp_path: Path) -> None:
    data = token(**BAD[case][1])

    assert OpenSsl(tmp_path).verifies(data, DATA, at=AT) != ""
    assert refused(data) == BAD[case][0]


def test_openssl_answers_on_loopback(tmp_path: Path) -> None:
    http = Http(private_hosts=["127.0.0.1"])

    with served(OpenSsl(tmp_path).answer) as url:
        made = Timestamper([url], http).stamp(DATA, at=datetime.now(UTC))

    assert verify_token(made, DATA) == LASTING.certificate
    assert [(line.method, line.status) for line in http.log] == [("POST", 200)]


# --- asking -------------------------------------------------------------------------


def stamper(fetcher: Any, *urls: str, **options: Any) -> Timestamper:
    options.setdefault("pause", lambda _: None)
    return Timestamper(urls or (URL,), fetcher, **options)


def unstamped(asked: Timestamper, *, at: datetime = AT) -> NoTimestamp:
    with pytest.raises(NoTimestamp) as caught:
        asked.stamp(DATA, at=at)
    return caught.value


def test_a_timestamp_is_of_these_bytes_now() -> None:
    desk = Desk()

    made = stamper(desk, policy="1.2.3.4", digest="sha512").stamp(DATA, at=AT + MINUTE)

    assert verify_token(made, DATA) == TSA.certificate
    assert (made.gen_time, made.policy, made.digest) == (AT, "1.2.3.4", "sha512")
    (request,) = desk.requests
    assert request.method == "POST"
    assert request.content_type == "application/timestamp-query"
    assert request.signed_answer


def test_a_paid_service_gets_its_own_password() -> None:
    desk, mine = Desk(), Credentials("šola", "geslo")
    desks = Directory({"https://a.example/": changing(nonce=1), URL: desk})
    asked = stamper(desks, "https://a.example/", URL, credentials={URL: mine})

    asked.stamp(DATA, at=AT)

    assert desk.requests[0].credentials == mine
    assert desks.desks["https://a.example/"].requests[0].credentials is None
    assert "geslo" not in repr(asked)


def test_what_is_sent_says_nothing_of_the_bytes() -> None:
    desk = Desk()

    stamper(desk).stamp(DATA, at=AT)

    body = desk.requests[0].body or b""
    assert hashed(DATA) in body
    assert len(body) < 80


def test_no_two_requests_have_one_nonce() -> None:
    desk = Desk()

    nonces = {stamper(desk).stamp(DATA, at=AT).nonce for _ in range(5)}

    assert len(nonces) == 5
    assert all(nonce is not None and nonce.bit_length() == 64 for nonce in nonces)


def test_a_request_may_be_answered_on_loopback() -> None:
    with served(answering(AT)) as url:
        made = stamper(Http(allow_private=True), url).stamp(DATA, at=AT)

    assert verify_token(made, DATA) == TSA.certificate


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"nonce": None}, "nonce", id="no-nonce"),
        pytest.param({"nonce": 5}, "nonce", id="another-nonce"),
        pytest.param({"imprint": hashed(OTHER)}, "other bytes", id="another-imprint"),
        pytest.param({"policy": "1.2.3.5"}, "1.2.3.5", id="another-policy"),
        pytest.param({"accuracy": timedelta(hours=1)}, "accurate", id="coarse"),
        pytest.param({"gen_time": AT - DAY}, "2026-11-19", id="yesterday"),
        pytest.param({"gen_time": AT + DAY}, "2026-11-21", id="tomorrow"),
        pytest.param({"signers": 2}, "2 signers", id="does-not-verify"),
        pytest.param(
            {"digest": "sha512", "imprint": hashed(DATA, "sha512")},
            "sha512",
            id="another-hash",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_not_used(
    changes: dict[str, Any], said: str
) -> None:
    error = unstamped(stamper(changing(**changes), policy="1.2.3.4"))

    ((url, why),) = error.answers
    assert url == URL
    assert said in why


def test_clocks_may_differ_by_minutes() -> None:
    late = Desk(at=AT + 4 * MINUTE)

    assert stamper(late).stamp(DATA, at=AT).gen_time == AT + 4 * MINUTE
    assert "this machine says" in str(unstamped(stamper(Desk(at=AT + 6 * MINUTE))))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(b"<html>", "not a timestamp", id="web-page"),
        pytest.param(refusal("kvota iscrpljena – нема више"), "kvota", id="refusal"),
        pytest.param(
            refusal("\x1b[31mred\u202e"), "refused", id="refusal-with-controls"
        ),
    ],
)
def test_an_answer_without_a_timestamp_is_told(answer: bytes, said: str) -> None:
    error = unstamped(stamper(Desk(faults=[reply(answer)])))

    assert said in str(error)
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)


@pytest.mark.parametrize("why", ["unreachable", "timeout", "unavailable"])
def test_who_does_not_answer_is_asked_again(why: str) -> None:
    waited: list[float] = []
    desk = Desk(faults=[FetchError(URL, why)])

    made = stamper(desk, pause=waited.append).stamp(DATA, at=AT)

    assert made.gen_time == AT
    assert (len(desk.requests), len(waited)) == (2, 1)


def test_asking_again_ends() -> None:
    desk = Desk(faults=[FetchError(URL, "timeout")] * 9)

    error = unstamped(stamper(desk, attempts=3))

    assert len(desk.requests) == 3
    assert error.answers == ((URL, "timeout"),)


@pytest.mark.parametrize("why", ["offline", "refused", "not-found", "too-large"])
def test_who_says_no_is_not_asked_again(why: str) -> None:
    desk = Desk(faults=[FetchError(URL, why, "HTTP status 403")])

    error = unstamped(stamper(desk))

    assert len(desk.requests) == 1
    assert error.answers == ((URL, f"{why} (HTTP status 403)"),)


def test_the_next_authority_is_asked_where_the_first_fails() -> None:
    second = "https://zig.example/tsa"
    desks = Directory({URL: changing(nonce=1), second: Desk()})

    made = stamper(desks, "https://x.example/", URL, second).stamp(DATA, at=AT)

    assert made.gen_time == AT


def test_where_all_fail_each_is_named_with_its_answer() -> None:
    desks = Directory({URL: changing(nonce=1), "b": Desk(faults=[reply(b"?")])})

    error = unstamped(stamper(desks, "a", URL, "b"))

    assert [url for url, _ in error.answers] == ["a", URL, "b"]
    assert all(part in str(error) for part in ("a: not-found", "nonce", "b: not a"))
    assert isinstance(error, FetchError)
    assert error.code == "no-timestamp"


def test_a_closed_door_gives_no_timestamp() -> None:
    error = unstamped(stamper(CLOSED))

    assert error.answers == ((URL, "offline"),)


@pytest.mark.parametrize(
    ("urls", "options"),
    [
        pytest.param((), {}, id="nobody"),
        pytest.param(URL, {}, id="a-text-for-a-list"),
        pytest.param((URL,), {"digest": "sha1"}, id="broken-hash"),
        pytest.param((URL,), {"digest": "md5"}, id="unknown-hash"),
        pytest.param((URL,), {"attempts": 0}, id="never-asked"),
    ],
)
def test_a_set_up_that_cannot_work_is_told(urls: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Timestamper(urls, CLOSED, **options)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_no_damaged_answer_comes_out_as_anything_else() -> None:
    chance = random.Random(5)
    asked = answering(AT)

    def spoiled(request: bytes) -> bytes:
        return damaged(asked(request), chance)

    for _ in range(300):
        try:
            made = stamper(Answering(spoiled)).stamp(DATA, at=AT)
        except NoTimestamp:
            continue
        assert verify_token(made, DATA) == TSA.certificate


def test_a_token_that_proves_nothing_is_an_input_error() -> None:
    error = TokenInvalid("tst.imprint", "a timestamp of other bytes")

    assert isinstance(error, InputError)
    assert (error.reason, str(error)) == ("tst.imprint", "a timestamp of other bytes")

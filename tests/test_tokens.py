"""Timestamp tokens are read as asn1crypto and openssl read them; nothing else is."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import tsp as asn1_tsp
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.cms import der
from edc_issuer.cms.algorithms import DIGESTS, read_digest
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import TEST_POLICY
from edc_issuer.cms.tokens import (
    MAX_TOKEN,
    SIGNED_DATA,
    TST_INFO,
    Token,
    read_token,
    same_name,
)
from edc_issuer.cms.tsp import RequestRejected, read_response, write_request
from edc_issuer.documents import BUNDLED
from edc_issuer.formats.jades import JADES, seal_of
from edc_issuer.keys.testtsa import granted, read_request, refusal, timestamp_token
from pki import AT
from tsa import DATA, ROOT, TSA, OpenSsl, damaged, hashed, plan, token, tokens

SAMPLES = (
    "edc/Sample-MC-Annex1-signed.jsonld",
    "edc/credential-signed.jsonld",
    "edc/json_to_seal-signed-jades-baseline-lta.json",
    "jades/jades-lta.json",
    "jades/jades-triple-LTA.json",
)
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "nonce": {"nonce": 2**63 + 5},
    "negative-nonce": {"nonce": -5},
    "no-accuracy": {"accuracy": None},
    "fine-accuracy": {"accuracy": timedelta(seconds=2, microseconds=999_001)},
    "fraction": {"gen_time": AT + timedelta(microseconds=120_000)},
    "sha512": {"digest": "sha512"},
    "long-serial": {"serial": 2**159 - 1},
    "by-key-identifier": {"by_key_identifier": True},
    "no-certificates": {"certificates": ()},
    "extension": {"extensions": (("1.2.3.4", False, b"\x05\x00"),)},
    "ess-v1": {"ess": (1,)},
    "ess-both": {"ess": (1, 2)},
}
NOT_OPENSSL = {"by-key-identifier", "negative-nonce"}


def sample_tokens(name: str) -> Iterator[bytes]:
    """The tokens of a real sealed file."""
    data = shared_file(f"samples/{name}").read_bytes()
    envelope = JADES.open(data, documents=BUNDLED)
    for proof in envelope.proofs:
        seal = seal_of(proof)
        yield from tokens(seal.signature.header.get("adoTst", {"tstTokens": []}))
        for element in seal.etsiu.elements:
            if element.name in ("sigTst", "arcTst"):
                yield from tokens(element.value)


def facts(read: Token) -> dict[str, Any]:
    """What we read, in the words of asn1crypto."""
    (signer,) = read.signers
    return {
        "gen_time": read.gen_time,
        "accuracy": read.accuracy,
        "digest": read.digest,
        "imprint": read.imprint,
        "nonce": read.nonce,
        "serial": read.serial,
        "policy": read.policy,
        "certificates": [c.public_bytes(Encoding.DER) for c in read.certificates],
        "info": read.info,
        "attributes": sorted(name for name, _ in signer.attributes),
        "signed": signer.signed,
        "signature": signer.signature,
    }


def other_facts(data: bytes) -> dict[str, Any]:
    """What asn1crypto reads."""
    signed = asn1_cms.ContentInfo.load(data, strict=True)["content"]
    octets = bytes(signed["encap_content_info"]["content"])
    info = asn1_tsp.TSTInfo.load(octets, strict=True)
    imprint = info["message_imprint"]
    (signer,) = signed["signer_infos"]
    certificates = signed["certificates"]
    return {
        "gen_time": info["gen_time"].native,
        "accuracy": _accuracy(info["accuracy"].native),
        "digest": imprint["hash_algorithm"]["algorithm"].native,
        "imprint": imprint["hashed_message"].native,
        "nonce": info["nonce"].native,
        "serial": info["serial_number"].native,
        "policy": info["policy"].dotted,
        "certificates": [
            one.chosen.dump() for one in certificates if one.name == "certificate"
        ],
        "info": octets,
        "attributes": sorted(a["type"].dotted for a in signer["signed_attrs"]),
        "signed": b"\x31" + signer["signed_attrs"].dump()[1:],
        "signature": signer["signature"].native,
    }


def _accuracy(native: Any) -> timedelta | None:
    if native is None:
        return None
    return timedelta(
        seconds=native["seconds"] or 0,
        milliseconds=native["millis"] or 0,
        microseconds=native["micros"] or 0,
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_real_tokens_are_read_as_asn1crypto_reads_them(name: str) -> None:
    found = list(sample_tokens(name))

    assert len(found) >= 2
    assert [facts(read_token(one)) for one in found] == list(map(other_facts, found))


@pytest.mark.parametrize("variant", VARIANTS)
def test_our_tokens_are_read_as_asn1crypto_reads_them(variant: str) -> None:
    data = token(**VARIANTS[variant])

    assert facts(read_token(data)) == other_facts(data)


# `openssl ts` knows signers by issuer and serial only, and prints `-5` its own way.
@pytest.mark.parametrize("variant", sorted(VARIANTS.keys() - NOT_OPENSSL))
def test_our_tokens_are_read_as_openssl_reads_them(
    variant: str, tmp_path: Path
) -> None:
    data = token(**VARIANTS[variant])

    assert said_by(read_token(data)).items() <= OpenSsl(tmp_path).text(data).items()


@pytest.mark.parametrize("name", SAMPLES)
def test_real_tokens_are_read_as_openssl_reads_them(name: str, tmp_path: Path) -> None:
    openssl = OpenSsl(tmp_path)

    for data in sample_tokens(name):
        assert said_by(read_token(data)).items() <= openssl.text(data).items()


def said_by(read: Token) -> dict[str, str]:
    """What we read, in the words of openssl."""
    policy = "testPolicy" if read.policy == TEST_POLICY else read.policy
    said = {
        "Hash Algorithm": read.digest,
        "Time stamp": _openssl_time(read.gen_time),
        "Serial number": f"0x{read.serial:02X}",
        "Nonce": "unspecified",
        "Policy OID": policy,
    }
    if read.nonce is not None:
        sign = "-" if read.nonce < 0 else ""
        said["Nonce"] = f"{sign}0x{abs(read.nonce):02X}"
    # openssl prints numbers in whole octets.
    return {k: _even(v) if "0x" in v else v for k, v in said.items()}


def _openssl_time(moment: datetime) -> str:
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    day = f"{moment.day:2d}"
    return f"{moment:%b} {day} {moment:%H:%M:%S}{fraction} {moment.year} GMT"


def _even(number: str) -> str:
    sign, _, digits = number.partition("0x")
    return f"{sign}0x{digits.rjust(len(digits) + len(digits) % 2, '0')}"


_SHA = st.sampled_from(["sha1", "sha256", "sha384", "sha512"])


@settings(max_examples=60)
@given(
    gen_time=st.datetimes(datetime(1990, 1, 1), datetime(2049, 1, 1)),
    accuracy=st.none() | st.timedeltas(timedelta(0), timedelta(days=300)),
    digest=st.sampled_from(sorted(DIGESTS)),
    nonce=st.none() | st.integers(-(2**64), 2**64),
    serial=st.integers(0, 2**160),
    hashed_with=_SHA,
    policy=st.sampled_from(["1.2.3.4", "2.25.99999999999999999", "0.4.0.2023.1.1"]),
)
def test_every_value_comes_back_as_it_was_written(
    gen_time: datetime, digest: str, **changes: Any
) -> None:
    gen_time = gen_time.replace(tzinfo=UTC)
    read = read_token(token(gen_time=gen_time, digest=digest, **changes))

    hashed_with = changes.pop("hashed_with")
    assert {name: getattr(read, name) for name in changes} == changes
    assert (read.gen_time, read.digest) == (gen_time, digest)
    assert read.imprint == hashed(DATA, digest)
    assert {digest, hashed_with} <= read.digests


def test_revocation_data_inside_is_handed_on() -> None:
    crl, ocsp = der.sequence(der.integer(1)), der.sequence(der.integer(2))

    read = read_token(token(crls=(crl,), ocsps=(ocsp,)))

    assert (read.crls, read.ocsps) == ((crl,), (ocsp,))


def test_one_odd_certificate_does_not_spoil_the_others() -> None:
    odd = der.sequence(der.sequence(der.integer(5)))
    data = rebuilt(certificates=lambda inside: odd + inside)

    assert read_token(data).certificates == (TSA.certificate, ROOT.certificate)


# --- what is not a token ------------------------------------------------------------


def rebuilt(**changes: Any) -> bytes:
    """The good token taken apart and put together again, with parts changed.

    `outer`, `version`, `holds`, `info`, `certificates`, `signers` and `more` name the
    parts; a change is a function of the part's content.
    """

    def changed(part: str, content: bytes) -> bytes:
        return bytes(changes.get(part, lambda same: same)(content))

    fields = der.parse(token()).fields()
    fields.take()
    signed = fields.take().only().fields()
    version, digests = signed.take().encoded, signed.take().encoded
    content = signed.take().fields()
    holds, octets = content.take().encoded, content.take().only().content
    certificates, signers = signed.take().content, signed.take().content
    wrapped = der.encode(0xA0, der.encode(der.OCTET_STRING, changed("info", octets)))
    body = der.sequence(
        changed("version", version),
        digests,
        der.sequence(changed("holds", holds), wrapped),
        der.encode(0xA0, changed("certificates", certificates)),
        der.encode(der.SET, changed("signers", signers)),
        changed("more", b""),
    )
    outer = changed("outer", der.oid(SIGNED_DATA))
    return der.sequence(outer, der.encode(0xA0, body))


def info(**changes: bytes) -> bytes:
    """A TSTInfo of our own, with fields changed."""
    parts = {
        "version": der.integer(1),
        "policy": der.oid(TEST_POLICY),
        "imprint": imprint("sha256", hashed(DATA)),
        "serial": der.integer(7),
        "gen_time": der.encode(der.GENERALIZED_TIME, b"20261120120000Z"),
        "accuracy": b"",
        "ordering": b"",
        "nonce": b"",
        "tail": b"",
    }
    return der.sequence(*{**parts, **changes}.values())


def imprint(digest: str, value: bytes) -> bytes:
    algorithm = der.sequence(der.oid(DIGESTS[digest][0]))
    return der.sequence(algorithm, der.encode(der.OCTET_STRING, value))


def test_the_parts_put_together_unchanged_are_the_token() -> None:
    assert read_token(rebuilt()).gen_time == AT
    assert read_token(rebuilt(info=lambda _: info())).serial == 7


def _time(text: str, tag: int = der.GENERALIZED_TIME) -> bytes:
    return der.encode(tag, text.encode())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": der.integer(2)}, id="another-version"),
        pytest.param({"policy": b""}, id="no-policy"),
        pytest.param({"imprint": imprint("sha256", b"short")}, id="short-imprint"),
        pytest.param({"imprint": imprint("sha512", hashed(DATA))}, id="other-length"),
        pytest.param(
            {"imprint": der.sequence(der.sequence(), b"\x04\x00")}, id="no-hash"
        ),
        pytest.param({"serial": b"\x02\x00"}, id="empty-serial"),
        pytest.param({"serial": b"\x02\x02\x00\x01"}, id="padded-serial"),
        pytest.param({"gen_time": _time("261120120000Z", der.UTC_TIME)}, id="utc-time"),
        pytest.param({"gen_time": _time("20261120120000")}, id="no-zone"),
        pytest.param({"gen_time": _time("20261120120000+0100")}, id="offset"),
        pytest.param({"gen_time": _time("20261120120000.50Z")}, id="zero-fraction"),
        pytest.param({"gen_time": _time("20261120120000,5Z")}, id="comma"),
        pytest.param({"gen_time": _time("20261320120000Z")}, id="month-13"),
        pytest.param(
            {"accuracy": der.sequence(der.integer(-1))}, id="negative-accuracy"
        ),
        pytest.param(
            {"accuracy": der.sequence(der.integer(2**70))}, id="endless-accuracy"
        ),
        pytest.param({"accuracy": der.sequence(b"\x80\x02\x03\xe8")}, id="1000-millis"),
        pytest.param(
            {"accuracy": der.sequence(b"\x81\x01\x01", b"\x80\x01\x01")},
            id="micros-before-millis",
        ),
        pytest.param({"ordering": b"\x01\x01\x01"}, id="ordering-neither"),
        pytest.param({"nonce": b"\x02\x00"}, id="empty-nonce"),
        pytest.param({"tail": b"\x05\x00"}, id="more-behind"),
        pytest.param(
            {"tail": b"\xa1\x12" + 2 * bytes.fromhex("3007060329000104" + "00")},
            id="extension-twice",
        ),
    ],
)
def test_what_is_not_a_tst_info_is_refused(changes: dict[str, bytes]) -> None:
    with pytest.raises(DerError):
        read_token(rebuilt(info=lambda _: info(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"outer": lambda _: der.oid("1.2.840.113549.1.7.1")}, id="data"),
        pytest.param({"holds": lambda _: der.oid("1.2.840.113549.1.7.1")}, id="holds"),
        pytest.param({"version": lambda _: b""}, id="no-version"),
        pytest.param({"info": lambda octets: octets + b"\0"}, id="behind-the-info"),
        pytest.param({"info": lambda octets: octets[:-1]}, id="info-cut-short"),
        pytest.param({"more": lambda _: b"\x05\x00"}, id="element-too-many"),
        pytest.param({"signers": lambda one: one * 11}, id="eleven-signers"),
        pytest.param({"signers": lambda _: b"\x05\x00"}, id="no-signer-info"),
        pytest.param({"certificates": lambda _: b"\x30\x00" * 101}, id="certificates"),
    ],
)
def test_what_is_not_a_token_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DerError):
        read_token(rebuilt(**changes))


def test_a_token_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(DerError, match="octets"):
        read_token(bytes(MAX_TOKEN + 1))


def test_a_token_without_signed_attributes_is_refused() -> None:
    def bare(signer: bytes) -> bytes:
        parts = der.parse(signer).children()
        return der.sequence(*(p.encoded for p in parts if p.tag != 0xA0))

    with pytest.raises(DerError):
        read_token(rebuilt(signers=bare))


@pytest.mark.parametrize("descending", [False, True])
def test_the_signed_attributes_are_a_set_and_otherwise_untouched(
    descending: bool,
) -> None:
    data = token(descending=descending)
    (signer,) = read_token(data).signers

    assert signer.signed[:1] == b"\x31"
    assert b"\xa0" + signer.signed[1:] in data


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_token_or_not_der(data: bytes) -> None:
    with pytest.raises(DerError):
        read_token(data)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_token_is_read_or_not_der(seed: int) -> None:
    chance = random.Random(seed)
    good = [token(), token(by_key_identifier=True, ess=(1, 2), nonce=5, crls=(b"0\0",))]
    refused = 0

    for _ in range(1500):
        data = damaged(chance.choice(good), chance)
        try:
            assert isinstance(read_token(data), Token)
        except DerError:
            refused += 1

    assert refused > 500


def test_every_token_that_is_cut_short_is_refused() -> None:
    data = token()

    for length in range(len(data)):
        with pytest.raises(DerError):
            read_token(data[:length])


# --- asking and answering -----------------------------------------------------------


@pytest.mark.parametrize("policy", [None, "1.2.3.4"])
@pytest.mark.parametrize("certificates", [True, False])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_request_is_read_by_others(
    digest: str, certificates: bool, policy: str | None
) -> None:
    nonce = 2**64 - 3
    data = write_request(
        hashed(DATA, digest), digest, nonce, policy=policy, certificates=certificates
    )

    read = asn1_tsp.TimeStampReq.load(data, strict=True)

    assert read["message_imprint"]["hashed_message"].native == hashed(DATA, digest)
    assert read["message_imprint"]["hash_algorithm"]["algorithm"].native == digest
    assert read["nonce"].native == nonce
    assert read["req_policy"].native == policy
    assert read["cert_req"].native is certificates


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_requests_of_openssl_say_what_ours_say(digest: str, tmp_path: Path) -> None:
    theirs = OpenSsl(tmp_path).query(DATA, f"-{digest}", "-cert")
    asked = read_request(theirs)
    assert asked.nonce is not None

    assert write_request(asked.imprint, asked.digest, asked.nonce) == theirs


def test_a_request_with_an_unknown_hash_is_not_written() -> None:
    with pytest.raises(DerError, match="md5"):
        write_request(bytes(16), "md5", 1)


def test_a_granted_answer_holds_the_token() -> None:
    data = token()

    assert read_response(granted(data)) == data


def test_an_answer_of_openssl_holds_a_token(tmp_path: Path) -> None:
    request = write_request(hashed(DATA), "sha256", 99)

    answer = OpenSsl(tmp_path).answer(request)

    assert read_token(read_response(answer)).nonce == 99


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("zasedeno – pokušajte ponovo"), ["rejection", "badReq", "zasedeno"]),
        (refusal("", status=3, failure=14), ["waiting", "timeNotAvailable"]),
        (refusal("", status=9, failure=20), ["status 9", "failure 20"]),
        (der.sequence(der.sequence(der.integer(2))), ["rejection"]),
    ],
)
def test_a_refusal_says_what_the_authority_said(
    answer: bytes, words: list[str]
) -> None:
    with pytest.raises(RequestRejected) as caught:
        read_response(answer)

    assert all(word in str(caught.value) for word in words)


def test_a_refusal_of_openssl_is_read(tmp_path: Path) -> None:
    answer = OpenSsl(tmp_path).answer(write_request(bytes(20), "sha1", 1))

    with pytest.raises(RequestRejected, match="badAlg"):
        read_response(answer)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>busy</html>", id="a-web-page"),
        pytest.param(der.sequence(der.sequence(der.integer(0))), id="no-token"),
        pytest.param(der.sequence(der.sequence()), id="no-status"),
        pytest.param(granted(b"0\0") + b"\0", id="more-behind"),
        pytest.param(bytes(MAX_TOKEN + 1), id="too-long"),
    ],
)
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(DerError):
        read_response(answer)


@settings(max_examples=200)
@given(st.binary(max_size=100), st.binary(max_size=20))
def test_any_answer_is_a_token_a_refusal_or_not_der(one: bytes, other: bytes) -> None:
    for data in (one, der.sequence(der.sequence(der.integer(2), one)), one + other):
        with pytest.raises((DerError, RequestRejected)):
            read_response(data)


# --- names --------------------------------------------------------------------------


def name(text: bytes, tag: int) -> bytes:
    pair = der.sequence(der.oid("2.5.4.10"), der.encode(tag, text))
    return der.sequence(der.encode(der.SET, pair))


def test_names_are_the_same_whatever_string_types_they_use() -> None:
    printable, utf8 = (name(b"TSA d.d.", t) for t in (0x13, 0x0C))
    assert printable != utf8

    assert same_name(printable, utf8)
    assert not same_name(printable, name(b"TSA d.o.o.", 0x0C))
    assert not same_name(printable, b"\x30\x01")


def test_a_hash_that_is_unknown_keeps_its_object_identifier() -> None:
    md5 = der.sequence(der.oid("1.2.840.113549.2.5"), der.encode(der.NULL))

    assert read_digest(der.parse(md5)) == "1.2.840.113549.2.5"


def test_a_token_of_the_plan_holds_a_tst_info() -> None:
    data = timestamp_token(TSA, plan())

    read = asn1_cms.ContentInfo.load(data)["content"]
    assert read["encap_content_info"]["content_type"].dotted == TST_INFO


def test_reading_a_structure_ends_where_no_honest_one_goes() -> None:
    nulls = [b"\x05\x00"] * (der.MAX_FIELDS + 1)

    der.parse(der.sequence(*nulls[1:])).fields()
    with pytest.raises(DerError, match="more than"):
        der.parse(der.sequence(*nulls)).fields()
    with pytest.raises(DerError, match="more than 3"):
        der.parse(der.sequence(*nulls[:4])).children(most=3)


def test_a_token_with_endless_extensions_is_not_gone_through() -> None:
    one = der.sequence(der.oid("1.2.3"), der.encode(der.OCTET_STRING, b""))
    distinct = [one.replace(b"\x03", bytes([n]), 1) for n in range(1, 102)]

    with pytest.raises(DerError, match="more than 50"):
        read_token(rebuilt(info=lambda _: info(tail=der.encode(0xA1, *distinct))))

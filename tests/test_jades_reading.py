"""What a seal may look like, and each way in which a file is refused.

Every broken file is signed over its broken parts, so nothing but the rule under
test can refuse it; `test_the_twins_*` show that the unbroken ones verify. Row
numbers are those of the project's table of attacks.
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from edc_issuer import cms, jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64, b64u, unb64u
from edc_issuer.errors import InputError, Malformed, ProofInvalid, Unsupported
from edc_issuer.formats.jades import (
    JADES,
    imprint_input_adotst,
    imprint_input_arctst,
    imprint_input_sigtst,
    seal_of,
)
from sealing import (
    AT,
    CA,
    CA_KEY,
    CREDENTIAL,
    KEYS,
    ROOT,
    SEAL,
    SEALS,
    TEXT,
    certificate,
    compact,
    der,
    header,
    only_proof,
    opened,
    protect,
    sealed,
    signature,
    thumbprint,
    verify_all,
)

ENCODED = b64u(TEXT.encode())  # the payload where b64 is true


def general(*rows: dict[str, Any], payload: str = TEXT) -> bytes:
    return json.dumps({"payload": payload, "signatures": rows}).encode()


def flattened(row: dict[str, Any], payload: str = TEXT, **more: Any) -> bytes:
    return json.dumps({"payload": payload, **row, **more}).encode()


def plain_header(**changes: Any) -> dict[str, Any]:
    return header(b64=None, crit=None, **changes)


TWINS = {
    "general": sealed(),
    "flattened": flattened(signature(header())),
    "two-seals": general(signature(header()), signature(header())),
    "encoded": sealed(plain_header(), ENCODED),
    "compact": compact(plain_header(), ENCODED),
    "compact-with-white-space-around": b"\n "
    + compact(plain_header(), ENCODED)
    + b"\n",
    "encoded-flattened": flattened(signature(plain_header(), ENCODED), ENCODED),
    "b64-true-in-crit": sealed(header(b64=True), ENCODED),
    "sigT": sealed(header(iat=None, sigT="2024-02-29T23:59:59Z", crit=["b64", "sigT"])),
    "no-kid": sealed(header(kid=None)),
    "chain-turned-round": sealed(header(x5c=[b64(der(CA)), b64(der(SEAL))])),
    "x5t#o": sealed(
        header(
            x5t_S256=None,
            x5t_o={"digAlg": "S512", "digVal": thumbprint(SEAL, "sha512")},
        )
    ),
    "sigX5ts": sealed(
        header(
            x5t_S256=None,
            sigX5ts=[
                {"digAlg": "S384", "digVal": thumbprint(SEAL, "sha384")},
                {"digAlg": "S256", "digVal": thumbprint(CA)},
            ],
        )
    ),
    "only-x5c": sealed(header(x5t_S256=None)),
    "all-other-headers": sealed(
        header(
            cty="ld+json",
            typ="jose+json",
            sigPl={"addressCountry": "SI"},
            srCms=[
                {"commId": {"id": "http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin"}}
            ],
            srAts=[{"qArrays": []}],
            sigPId={"id": {"id": "urn:oid:1.2.3"}, "digAlg": "S256", "digVal": "AA"},
            crit=["b64", "sigPl", "srCms", "srAts", "sigPId"],
        )
    ),
}


@pytest.mark.parametrize("data", TWINS.values(), ids=TWINS.keys())
def test_the_twins_of_all_broken_files_verify(data: bytes) -> None:
    assert verify_all(data) == CREDENTIAL


CREDENTIAL_AGAIN = TEXT[:-1] + ',"id":"urn:credential:other"}'
VERSION_11 = der(SEAL).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x0a")
X5C_PEM = b64(b"-----BEGIN CERTIFICATE-----\n")
MALFORMED = {
    # row 5 and 6: two members of one name
    "payload-twice-in-json": ("json.duplicate", sealed(None, CREDENTIAL_AGAIN)),
    "alg-twice": (
        "json.duplicate",
        sealed('{"alg":"none",' + json.dumps(header())[1:]),
    ),
    "signatures-twice": (
        "json.duplicate",
        sealed()[:-1] + b',"signatures":[]}',
    ),
    # row 7: no algorithm to speak of
    "alg-missing": ("alg.missing", sealed(header(alg=None))),
    "alg-number": ("alg.missing", sealed(header(alg=7))),
    "alg-list": ("alg.missing", sealed(header(alg=["ES256"]))),
    # row 12: the digest is of no certificate here
    "digest-of-another": ("x5t", sealed(header(x5t_S256=thumbprint(ROOT)))),
    "two-digests-of-two": (
        "x5t",
        sealed(header(x5t_o={"digAlg": "S256", "digVal": thumbprint(CA)})),
    ),
    "digest-padded": ("x5t", sealed(header(x5t_S256=thumbprint(SEAL) + "="))),
    "x5t#o-without-algorithm": ("x5t", sealed(header(x5t_o={"digVal": "AA"}))),
    "x5t#o-number": (
        "x5t",
        sealed(header(x5t_o={"digAlg": "S256", "digVal": 7})),
    ),
    "sigX5ts-empty": ("x5t", sealed(header(x5t_S256=None, sigX5ts=[]))),
    # row 13: certificates in another spelling
    "x5c-pem": ("x5c", sealed(header(x5c=[X5C_PEM]))),
    "x5c-url-safe": ("x5c", sealed(header(x5c=[b64(der(SEAL)) + "-_"]))),
    "x5c-number": ("x5c", sealed(header(x5c=[7]))),
    "x5c-rubbish": ("x5c", sealed(header(x5c=["AAAA"]))),
    "x5c-version-11": ("x5c", sealed(header(x5c=[b64(VERSION_11)]))),
    "x5c-string": ("header", sealed(header(x5c=b64(der(SEAL))))),
    "x5c-of-hundreds": ("x5c", sealed(header(x5c=[b64(der(SEAL))] * 100))),
    # row 14: crit, every sentence of RFC 7515 section 4.1.11
    "crit-unknown": ("crit", sealed(header(crit=["b64", "exp2"], exp2=1))),
    "crit-empty": ("crit", sealed(plain_header() | {"crit": []}, ENCODED)),
    "crit-standard": ("crit", sealed(header(crit=["b64", "alg"]))),
    "crit-absent": ("crit", sealed(header(crit=["b64", "sigPl"]))),
    "crit-twice": ("crit", sealed(header(crit=["b64", "b64"]))),
    "crit-string": ("crit", sealed(header(crit="b64"))),
    "crit-numbers": ("crit", sealed(header(crit=[7]))),
    "crit-unprotected": (
        "crit",
        sealed(plain_header(), ENCODED, unprotected={"crit": ["b64"]}),
    ),
    # row 15: an unencoded payload that does not say so where all must look
    "b64-not-critical": ("b64", sealed(header(crit=None))),
    "b64-not-critical-beside-others": (
        "b64",
        sealed(header(crit=["sigPl"], sigPl={})),
    ),
    "b64-string": ("b64", sealed(header(b64="false"))),
    "b64-unprotected": (
        "b64",
        sealed(plain_header(), ENCODED, unprotected={"b64": False}),
    ),
    "b64-compact-with-dots": ("b64", compact(header(), TEXT)),
    "b64-differs": (
        "b64",
        general(signature(header()), signature(plain_header())),
    ),
    # row 18: not a JWS at all
    "no-signatures": ("jws.members", general()),
    "signatures-object": (
        "jws.members",
        json.dumps({"payload": TEXT, "signatures": {}}).encode(),
    ),
    "signatures-of-strings": (
        "jws.members",
        json.dumps({"payload": TEXT, "signatures": ["x"]}).encode(),
    ),
    "both-serializations": (
        "jws.members",
        flattened(signature(header()), signatures=[signature(header())]),
    ),
    "general-with-protected": (
        "jws.members",
        json.dumps(
            {"payload": TEXT, "signatures": [signature(header())], "protected": ""}
        ).encode(),
    ),
    "payload-missing": (
        "jws.members",
        json.dumps({"signatures": [signature(header())]}).encode(),
    ),
    "payload-object": (
        "jws.members",
        json.dumps({"payload": {}, "signatures": [signature(header())]}).encode(),
    ),
    "signature-missing": (
        "jws.members",
        general({"protected": protect(header())}),
    ),
    "signature-number": (
        "jws.members",
        general({"protected": protect(header()), "signature": 7}),
    ),
    "header-list": ("jws.members", sealed(unprotected=[])),
    "protected-list": ("json.type", sealed("[]")),
    "thousands-of-signatures": (
        "limits.signatures",
        general(*[{"signature": ""}] * 3000),
    ),
    # row 19: the algorithm is not protected, or stands twice
    "alg-unprotected": (
        "alg.missing",
        sealed(header(alg=None), unprotected={"alg": "ES256"}),
    ),
    "alg-in-both": ("header", sealed(unprotected={"alg": "ES384"})),
    "protected-missing": (
        "alg.missing",
        general({"header": {"alg": "ES256"}, "signature": "AA"}),
    ),
    # row 22: another spelling of the same bytes
    "payload-not-base64url": ("base64url", sealed(plain_header(), ENCODED + "=")),
    "compact-padded": ("base64url", compact(plain_header(), ENCODED) + b"="),
    "compact-with-space": (
        "base64url",
        compact(plain_header(), ENCODED).replace(b".", b".\n", 1),
    ),
    # headers of another kind
    "iat-string": ("header", sealed(header(iat="1"))),
    "iat-fraction": ("header", sealed(header(iat=1.5))),
    "iat-true": ("header", sealed(header(iat=True))),
    "iat-negative": ("header", sealed(header(iat=-1))),
    "sigT-with-offset": (
        "sigT",
        sealed(header(iat=None, sigT="2026-11-01T12:00:00+00:00")),
    ),
    "sigT-february-30": (
        "sigT",
        sealed(header(iat=None, sigT="2026-02-30T12:00:00Z")),
    ),
    "sigPl-list": ("header", sealed(header(sigPl=[]))),
    "kid-object": ("header", sealed(header(kid={}))),
    "x5c-by-another-name": (
        "header",
        sealed(header(x5c=None, x5d=[b64(der(SEAL))])),
    ),
    # what is sealed must be honest JSON
    "payload-nan": ("json.number", sealed(None, '{"a":NaN}')),
    "payload-bom": ("json.encoding", sealed(None, "\ufeff{}")),
    "payload-cut": ("json.syntax", sealed(None, '{"a":')),
    "payload-surrogate": ("json.surrogate", sealed(None, '{"a":"\\ud800"}')),
}


@pytest.mark.parametrize(("reason", "data"), MALFORMED.values(), ids=MALFORMED.keys())
def test_broken_files_are_refused_before_any_key_is_asked(
    reason: str, data: bytes
) -> None:
    with pytest.raises(Malformed) as caught:
        opened(data)

    assert caught.value.reason == reason


def test_a_payload_that_is_not_base64url_is_refused_at_once() -> None:
    with pytest.raises(Malformed):
        JADES.open(sealed(plain_header(), ENCODED + "="), documents=BUNDLED)


def last_letter_changed(text: str) -> str:
    """Another text that a lax decoder reads as the same bytes (row 22)."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(text[-1]) + 1]


@pytest.mark.parametrize("member", ["signature", "protected"])
def test_a_last_letter_with_spare_bits_is_refused(member: str) -> None:
    rows = (signature(header(kid="k" * length)) for length in range(3))
    row = next(row for row in rows if len(unb64u(row[member])) % 3)
    row[member] = last_letter_changed(row[member])

    with pytest.raises(Malformed) as caught:
        opened(general(row))

    assert caught.value.reason == "base64url"


ED448 = certificate("Šola", ed448.Ed448PrivateKey.generate(), by=CA, by_key=CA_KEY)
UNSUPPORTED = {
    "jwe": json.dumps({"protected": "e30", "ciphertext": "AA", "payload": ""}).encode(),
    "compact-jwe": b".".join(
        [protect({"alg": "dir", "enc": "A256GCM"}).encode(), *[b""] * 4]
    ),
    "detached": sealed(header(sigD={"mId": "x"}, crit=["b64", "sigD"])),
    "digest-unknown": sealed(
        header(x5t_S256=None, x5t_o={"digAlg": "K12", "digVal": "AA"})
    ),
    "jwt-as-json": sealed(plain_header(typ="JWT"), ENCODED),
    "vc+jwt-as-json": sealed(plain_header(typ="application/vc+jwt"), ENCODED),
    "key-of-another-kind": sealed(header(x5t_S256=None, x5c=[b64(der(ED448))])),
}


@pytest.mark.parametrize("data", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_known_kinds_that_are_not_read_are_not_called_broken(data: bytes) -> None:
    with pytest.raises(Unsupported):
        opened(data)


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "HS256", "RS1", "ES384", "xyz"]
)
def test_an_algorithm_not_the_keys_own_never_verifies(alg: str) -> None:
    with pytest.raises(ProofInvalid) as caught:
        verify_all(sealed(header(alg=alg)))

    assert caught.value.reason == "alg.not_allowed"


def test_a_seal_without_signature_never_verifies() -> None:
    row = {"protected": protect(header(alg="none")), "signature": ""}

    with pytest.raises(ProofInvalid):
        verify_all(general(row))


def test_a_signature_in_der_is_refused_with_a_hint() -> None:
    row = signature(header())
    value = unb64u(row["signature"])
    r, s = int.from_bytes(value[:32]), int.from_bytes(value[32:])
    row["signature"] = b64u(encode_dss_signature(r, s))

    with pytest.raises(ProofInvalid, match="DER encoded"):
        verify_all(general(row))


@pytest.mark.parametrize("bad", [0, 1])
def test_each_of_two_seals_is_judged_on_its_own(bad: int) -> None:
    rows = [signature(header()), signature(header())]
    rows[bad]["signature"] = signature(header(), "another text")["signature"]
    _, envelope = opened(general(*rows))
    key: Any = SEAL.public_key()

    for proof in envelope.proofs:
        if proof.index == bad:
            with pytest.raises(ProofInvalid):
                JADES.verify(envelope, proof, key)
        else:
            JADES.verify(envelope, proof, key)


def test_seals_by_two_organisations_carry_their_own_certificates() -> None:
    other = SEALS["RS256"]
    second = header(
        alg="RS256", x5t_S256=thumbprint(other), x5c=[b64(der(other))], iat=1
    )

    data = general(signature(header()), signature(second, alg="RS256"))

    assert verify_all(data) == CREDENTIAL
    proofs = opened(data)[1].proofs
    assert [p.hint.certificate for p in proofs] == [SEAL, other]
    assert [p.index for p in proofs] == [0, 1]


def test_a_seal_without_certificate_names_no_key() -> None:
    proof = only_proof(sealed(header(x5c=None)))

    assert proof.hint.certificate is None
    assert proof.level == "B"


def test_a_certificate_that_came_along_later_is_found_by_its_digest() -> None:
    values = [{"x509Cert": {"val": b64(der(c))}} for c in (CA, SEAL)]
    proof = only_proof(
        sealed(header(x5c=None), unprotected={"etsiU": [element("xVals", values)]})
    )

    assert proof.hint.certificate == SEAL
    assert proof.hint.chain == (CA,)


NOTES = {
    "iat-and-sigT": header(sigT="2024-01-01T00:00:00Z", crit=["b64", "sigT"]),
    "no-signing-time": header(iat=None),
    "iat-out-of-range": header(iat=1_713_785_785_446),
    "sigT-after-2025-07-15": header(iat=None, sigT="2026-01-01T00:00:00Z"),
    "no-certificate-reference": header(x5t_S256=None),
    "several-certificate-references": header(
        x5t_o={"digAlg": "S256", "digVal": thumbprint(SEAL)}
    ),
    "sha1-certificate-reference": header(x5t="AA"),
    "key-address-not-followed": header(x5u="https://169.254.169.254/key"),
    "kid-names-another-certificate": header(kid=b64(cms.issuer_serial(CA))),
    "content-timestamp": header(adoTst={"tstTokens": []}),
}
OUTSIDE_BASELINE = {
    "iat-and-sigT",
    "no-signing-time",
    "no-certificate-reference",
    "several-certificate-references",
}


@pytest.mark.parametrize("note", NOTES)
def test_oddities_are_told_and_do_not_break_the_seal(note: str) -> None:
    data = sealed(NOTES[note])

    assert verify_all(data) == CREDENTIAL
    proof = only_proof(data)
    assert proof.notes == (note,)
    assert proof.level == (None if note in OUTSIDE_BASELINE else "B")


def test_members_that_no_seal_covers_are_told() -> None:
    proof = only_proof(flattened(signature(header()), credential={"id": "evil"}))

    assert proof.notes == ("extra-members",)


@pytest.mark.parametrize(
    ("members", "claimed"),
    [
        pytest.param(header(), AT, id="iat"),
        pytest.param(header(iat=0), datetime(1970, 1, 1, tzinfo=UTC), id="zero"),
        pytest.param(
            header(iat=None, sigT="2023-09-27T11:54:17Z"),
            datetime(2023, 9, 27, 11, 54, 17, tzinfo=UTC),
            id="sigT",
        ),
        pytest.param(header(sigT="2023-09-27T11:54:17Z"), None, id="both"),
        pytest.param(header(iat=None), None, id="neither"),
    ],
)
def test_the_signers_own_time_is_read(members: Any, claimed: datetime | None) -> None:
    assert only_proof(sealed(members)).claimed_at == claimed


def test_an_end_of_the_seal_is_read() -> None:
    proof = only_proof(sealed(header(exp=1_800_000_000, crit=["b64", "exp"])))

    assert proof.expires == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize("kid", ["did:web:zgled.si#key", "https://zgled.si/key"])
def test_a_kid_that_is_an_address_is_a_hint(kid: str) -> None:
    assert only_proof(sealed(header(kid=kid))).hint.url == kid


def test_a_kid_that_is_a_number_of_a_certificate_is_no_address() -> None:
    kid = b64(cms.issuer_serial(SEAL))

    proof = only_proof(sealed(header(kid=kid)))

    assert (proof.hint.url, proof.notes) == (None, ())


def test_a_jwt_with_the_marks_of_a_seal_is_read_as_a_jwt() -> None:
    securing, envelope = opened(compact(plain_header(typ="JWT"), ENCODED))

    assert securing.id == "jwt"
    assert envelope.proofs[0].hint.certificate is None


ODD_VALUES: list[Any] = [
    0, -1, 1.5, 10**300, True, "", "ž", "AAAA", [], [[]], [7], ["AAAA"], {}, {"": 7},
    [{}], [{"digAlg": []}], {"digAlg": {}}, {"digAlg": "S256"}, {"val": [7]},
]  # fmt: skip
NAMES = (
    "alg kid typ cty x5u jku jwk x5c x5t x5t#S256 x5t#o sigX5ts sigT iat exp nbf "
    "sigPId sigPl srCms srAts adoTst b64 crit etsiU unknown"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_no_value_of_any_parameter_makes_the_reader_stumble(name: str) -> None:
    key: Any = SEAL.public_key()
    for value in ODD_VALUES:
        for data in (
            sealed({**header(), name: value}),
            sealed(unprotected={name: value}),
            sealed(unprotected={"etsiU": [{name: value}]}),
        ):
            with contextlib.suppress(InputError):
                _, envelope = opened(data)
                JADES.verify(envelope, envelope.proofs[0], key)


def element(name: str, value: Any) -> str:
    return b64u(json.dumps({name: value}).encode())


TOKENS = {"tstTokens": [{"val": "AAAA"}]}
T, X, R, A = (
    element("sigTst", TOKENS),
    element("xVals", []),
    element("rVals", {}),
    element("arcTst", TOKENS),
)


@pytest.mark.parametrize(
    ("etsiu", "level", "notes"),
    [
        pytest.param([], "B", (), id="empty"),
        pytest.param([T], "T", (), id="timestamp"),
        pytest.param([X, R], "B", (), id="values-without-timestamp"),
        pytest.param([T, X], "T", (), id="no-revocation-values"),
        pytest.param([T, X, R], "LT", (), id="values"),
        pytest.param([T, element("anyValData", {})], "LT", (), id="any-values"),
        pytest.param([T, X, R, A], "LTA", (), id="archive"),
        pytest.param([T, A], "T", (), id="archive-without-values"),
        pytest.param([T, element("xRefs", []), X, R], "T", (), id="references"),
        pytest.param([{"sigTst": TOKENS}], "T", ("etsiU-clear",), id="clear"),
        pytest.param([T, {"xVals": []}], "T", ("etsiU-mixed",), id="mixed"),
        pytest.param([element("cSig", {})], "B", ("counter-signature",), id="cSig"),
        pytest.param([element("xyz", {})], "B", ("etsiU-unknown",), id="unknown"),
        pytest.param(["?"], "B", ("etsiU-unreadable",), id="not-base64url"),
        pytest.param([7], "B", ("etsiU-unreadable",), id="number"),
        pytest.param([{}], "B", ("etsiU-unreadable",), id="no-member"),
        pytest.param([{"a": 1, "b": 2}], "B", ("etsiU-unreadable",), id="two-members"),
        pytest.param("T", "B", ("etsiU-unreadable",), id="string"),
        pytest.param([T] * 10_000, "B", ("etsiU-too-long",), id="thousands"),
    ],
)
def test_what_was_added_later_never_breaks_the_seal(
    etsiu: Any, level: str, notes: tuple[str, ...]
) -> None:
    data = sealed(unprotected={"etsiU": etsiu})

    assert verify_all(data) == CREDENTIAL
    proof = only_proof(data)
    assert (proof.level, proof.notes) == (level, notes)


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        [7],
        [{"x509Cert": 7}],
        [{"x509Cert": {"val": "AAAA"}}],
        [{"x509Cert": {"val": b64(VERSION_11)}}],
        [{}] * 5000,
    ],
)
def test_certificates_added_later_may_be_rubbish(value: Any) -> None:
    proof = only_proof(sealed(unprotected={"etsiU": [element("xVals", value)]}))

    assert proof.hint.chain == (CA,)


def test_other_unprotected_parameters_are_told_and_not_believed() -> None:
    proof = only_proof(sealed(header(x5c=None), unprotected={"x5c": [b64(der(SEAL))]}))

    assert proof.hint.certificate is None
    assert proof.notes == ("unprotected-header",)


def test_the_octets_that_timestamps_cover_are_those_of_the_standard() -> None:
    data = sealed(unprotected={"etsiU": [T, X, R, A]})
    _, envelope = opened(data)
    (proof,) = envelope.proofs
    row = json.loads(data)["signatures"][0]

    assert imprint_input_adotst(envelope) == TEXT.encode()
    assert imprint_input_sigtst(proof) == row["signature"].encode()
    assert imprint_input_arctst(envelope, proof, 3) == (
        f"{TEXT}.{row['protected']}.{row['signature']}.{T}{X}{R}".encode()
    )
    assert [e.text for e in seal_of(proof).etsiu.elements] == [T, X, R, A]


def test_no_canonical_form_of_clear_elements_is_invented() -> None:
    _, envelope = opened(sealed(unprotected={"etsiU": [{"sigTst": TOKENS}, A]}))

    with pytest.raises(Unsupported):
        imprint_input_arctst(envelope, envelope.proofs[0], 1)


@pytest.mark.parametrize("payload", ["plain words", "[1]", '"text"', "", "ž"])
def test_a_seal_over_something_else_can_still_be_judged(payload: str) -> None:
    assert verify_all(sealed(None, payload)) is None


def test_a_key_of_another_kind_does_not_fit() -> None:
    _, envelope = opened(sealed())

    with pytest.raises(ProofInvalid) as caught:
        JADES.verify(envelope, envelope.proofs[0], KEYS["RS256"].public_key())

    assert caught.value.reason == "alg.not_allowed"


def test_a_seal_fits_no_other_key_of_its_kind() -> None:
    _, envelope = opened(sealed())
    other: Any = CA.public_key()

    with pytest.raises(ProofInvalid) as caught:
        JADES.verify(envelope, envelope.proofs[0], other)

    assert caught.value.reason == "signature"


def test_jose_signs_what_the_envelope_says_was_signed() -> None:
    data = sealed()
    _, envelope = opened(data)
    seal = seal_of(envelope.proofs[0])
    message = envelope.internals.jws.signing_input(seal.signature)
    key: Any = SEAL.public_key()

    jose.verify("ES256", key, seal.signature.value, message)

    assert message == f"{seal.signature.protected}.{TEXT}".encode()

"""Each demand of W3C VC-JOSE-COSE on JWS, by its clause (Recommendation 2025-05-15).

Sections 3.2 and 3.3 (SD-JWT, COSE) are not built: such files are called by their name
and never decided. Every file that breaks a demand stands beside one that keeps it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from attacks.workshop import (
    AT,
    SIGNED_AT,
    V2,
    answer,
    badge,
    compact_json,
    encoded,
    jwt,
    jwt_header,
    method_of,
    proved,
    school,
    signs,
    verify,
)
from edc_issuer import jose
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import RecordError
from edc_issuer.formats import jws
from edc_issuer.formats.base import Signing
from edc_issuer.formats.jwt import VC_JOSE_JWT
from edc_issuer.keys.did import own_identity
from edc_issuer.presentation import enclosed
from edc_issuer.report import Outcome
from test_presentations import (
    ASKED,
    CHALLENGE,
    DOMAIN,
    ana,
    by_jwt,
    envelope,
    presented,
)
from test_presentations import verify as verify_presented
from test_vc_jwt import enveloped, parts, signed, w3c

HONEST = w3c()


def issued_by_school(document: Any = None, **options: Any) -> bytes:
    """What our own issuing writes, with the school's key."""
    key = school().badge
    identity = own_identity(key.key.public_key())
    signing = Signing(identity, "EdDSA", at=SIGNED_AT, options=options)
    pending = VC_JOSE_JWT.prepare(document or badge(), signing)
    return VC_JOSE_JWT.attach(pending, signs(key)(pending.to_be_signed))


# --- 1.1 conformance, 3.1.1 credentials ---


def test_3_1_1_a_jws_of_rfc_7515_secures_the_credential() -> None:
    opened = jws.read(issued_by_school(), understood=frozenset())
    (one,) = opened.signatures

    jose.verify(
        "EdDSA", school().badge.key.public_key(), one.value, opened.signing_input(one)
    )


def test_3_1_1_the_unsecured_credential_is_the_unencoded_payload() -> None:
    payload = parts(issued_by_school())[1]

    assert payload.pop("iat") == int(SIGNED_AT.timestamp())  # a claim, section 3.1.3
    assert payload == badge()


def test_3_1_1_typ_is_vc_jwt_and_cty_is_vc() -> None:
    header = parts(issued_by_school())[0]

    assert (header["typ"], header["cty"]) == ("vc+jwt", "vc")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(HONEST[:-4] + b"AAAA", id="signature"),
        pytest.param(HONEST.replace(b".", b".e30", 1), id="payload"),
        pytest.param(HONEST.rsplit(b".", 1)[0] + b".", id="no-signature"),
        pytest.param(HONEST.rsplit(b".", 1)[0], id="two-parts"),
        pytest.param(b"e" + HONEST, id="header"),
    ],
)
def test_3_1_1_verifying_is_that_of_rfc_7515(broken: bytes) -> None:
    assert verify(HONEST).outcome is Outcome.PASSED
    assert verify(broken).outcome is Outcome.FAILED


def test_3_1_1_an_encrypted_credential_is_called_by_its_name() -> None:
    header = b64u(b'{"alg":"ECDH-ES","enc":"A256GCM","typ":"vc+jwt"}')
    jwe = f"{header}..AAAA.AAAA.AAAA".encode()

    assert answer(verify(jwe), "format.wellformed") == "undecided unsupported"


def test_3_1_the_media_type_is_the_most_specific_one() -> None:
    assert VC_JOSE_JWT.media_type == "application/vc+jwt"


# --- 3.1.2 presentations ---


def test_3_1_2_typ_is_vp_jwt_and_cty_is_vp() -> None:
    header = parts(presented())[0]

    assert (header["typ"], header["cty"]) == ("vp+jwt", "vp")


def test_3_1_2_the_unsecured_presentation_is_the_payload() -> None:
    payload = parts(presented())[1]
    bound = {name: payload.pop(name) for name in ("aud", "nonce", "iat")}

    assert payload["type"] == ["VerifiablePresentation"]
    assert payload["holder"] == ana().did
    assert bound == {
        "aud": DOMAIN,
        "nonce": CHALLENGE,
        "iat": int(SIGNED_AT.timestamp()),
    }


def test_3_1_2_credentials_inside_are_enveloped() -> None:
    (held, embedded) = parts(presented())[1]["verifiableCredential"]

    assert held["type"] == ["EnvelopedVerifiableCredential"]
    assert held["id"].startswith("data:application/vc+jwt,eyJ")
    assert "proof" in embedded  # one with a proof in it cannot be enveloped


def test_3_1_2_presentations_inside_are_enveloped() -> None:
    inner = {
        "@context": [V2],
        "type": ["EnvelopedVerifiablePresentation"],
        "id": f"data:application/vp+jwt,{presented().decode()}",
    }
    swapped = inner | {"type": ["EnvelopedVerifiableCredential"]}

    honest = verify_presented(by_jwt(envelope(verifiableCredential=[inner])))
    forged = verify_presented(by_jwt(envelope(verifiableCredential=[swapped])))

    assert honest.parts[0].kind == "presentation"
    assert answer(forged.parts[0], "format.wellformed") == "fail enveloped"


def test_3_1_2_credentials_inside_are_secured() -> None:
    """One that is not is told as unsigned, and the envelope does not cover for it."""
    report = verify_presented(by_jwt(envelope(verifiableCredential=[badge()])))

    assert answer(report, "proof.integrity") == "pass"
    assert answer(report.parts[0], "proof.key") == "undecided unsigned"


def test_3_1_2_the_compact_serialization_is_read_and_the_json_one_is_not() -> None:
    first, second, third = HONEST.decode().split(".")
    flattened = {"protected": first, "payload": second, "signature": third}

    assert verify(HONEST).outcome is Outcome.PASSED
    report = verify(compact_json(flattened).encode())
    assert report.outcome is not Outcome.PASSED


# --- 3.1.3 header parameters and claims ---


@pytest.mark.parametrize("claim", ["vc", "vp"])
def test_3_1_3_the_claims_vc_and_vp_are_not_there(claim: str) -> None:
    report = verify(w3c({**badge(), claim: {}}))

    assert verify(HONEST).outcome is Outcome.PASSED
    assert answer(report, "format.wellformed") == "fail jwt.claims"
    with pytest.raises(RecordError):
        issued_by_school({**badge(), claim: {}})


def test_3_1_3_members_that_are_not_understood_are_ignored() -> None:
    header = verify(w3c(cnf={"kid": "x"}, neznano=["ž"], x5t="AAAA"))
    payload = verify(w3c({**badge(), "neznano": {"kid": "x"}}))

    assert header.outcome is payload.outcome is Outcome.PASSED
    # They are no part of the credential either.
    assert payload.content is not None
    assert "neznano" not in payload.content


def test_3_1_3_a_member_that_must_be_understood_is_not_ignored() -> None:
    report = verify(w3c(crit=["neznano"], neznano=1))

    assert answer(report, "format.wellformed") == "fail crit"


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", 5), ("sub", []), ("jti", {}), ("iat", "danes"), ("exp", "1"), ("aud", 7)],
)
def test_3_1_3_registered_claims_are_what_their_registry_says(
    claim: str, value: Any
) -> None:
    report = verify(w3c({**badge(), claim: value}))

    assert answer(report, "format.wellformed") == "fail jwt.claims"


def test_3_1_3_iat_and_exp_are_about_the_signature() -> None:
    moment = int(AT.timestamp())
    report = verify(w3c({**badge(), "iat": moment - 60, "exp": moment + 60}))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "time.signed") == "warn claimed-only"
    assert answer(report, "credential.validity") == "pass"
    assert report.content is not None
    assert not report.content.keys() & {"iat", "exp", "validUntil"}


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "did:web:x.si"), ("jti", "urn:x:1"), ("sub", "urn:x:2")],
)
def test_3_1_3_claims_do_not_conflict_with_the_credential(
    claim: str, value: str
) -> None:
    report = verify(w3c({**badge(), claim: value}))

    assert answer(report, "proof.integrity") == "fail claims.conflict"


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "iat", "exp", "nbf", "aud"])
def test_3_1_3_a_credential_with_a_member_named_like_a_claim_is_not_issued(
    claim: str,
) -> None:
    with pytest.raises(RecordError) as caught:
        issued_by_school({**badge(), claim: "x"})

    assert [problem.code for problem in caught.value.problems] == ["jwt.claim"]


def test_3_1_3_alg_none_is_no_protection() -> None:
    header = compact_json(jwt_header(alg="none", typ="vc+jwt"))
    text = f"{b64u(header.encode())}.{b64u(compact_json(badge()).encode())}."

    report = verify(text.encode())

    assert answer(report, "proof.algorithm") == "fail alg.not_allowed"
    assert report.content is None


def test_1_2_2_a_proof_inside_gives_a_jwt_no_protection_of_its_own() -> None:
    """Two mechanisms at once: the JWS decides, what stands in `proof` does not."""
    inside = w3c({**proved(), "name": "Magister"})

    assert answer(verify(HONEST), "proof.integrity") == "pass"
    report = verify(inside)
    assert [proof.format for proof in report.proofs] == ["jwt"]


# --- 4 key discovery ---


def test_4_1_1_kid_is_where_the_key_is() -> None:
    assert parts(issued_by_school())[0]["kid"] == method_of(school().badge)


@pytest.mark.parametrize("kid", [None, "#" + school().badge.did[8:]])
def test_4_1_1_without_an_address_the_key_is_looked_for_in_the_issuer(
    kid: str | None,
) -> None:
    assert verify(w3c(kid=kid)).outcome is Outcome.PASSED


def test_4_1_1_a_key_of_somebody_else_is_not_the_issuers() -> None:
    own = ana()
    report = verify(jwt(badge(), header=jwt_header(typ="vc+jwt", kid=method_of(own)),
                        sign=signs(own)))  # fmt: skip

    assert answer(report, "proof.integrity") == "pass"
    assert report.outcome is not Outcome.PASSED
    assert answer(report, "issuer.identified").startswith(("fail", "undecided"))


def test_4_1_2_iss_in_header_or_claims_is_the_issuer() -> None:
    did = school().badge.did

    assert verify(w3c(iss=did)).outcome is Outcome.PASSED
    assert verify(w3c({**badge(), "iss": did})).outcome is Outcome.PASSED
    assert verify(w3c(iss="did:web:x.si")).outcome is Outcome.FAILED
    assert verify(w3c({**badge(), "iss": "did:web:x.si"}, iss=did)).outcome is (
        Outcome.FAILED
    )


def test_4_1_3_cnf_of_a_credential_is_no_key_of_the_issuer() -> None:
    """`cnf` is the holder's key; the credential is signed by the issuer's."""
    own = ana()
    jwk = jose.public_to_jwk(own.key.public_key())
    forged = jwt(
        {**badge(), "cnf": {"jwk": jwk}},
        header=jwt_header(typ="vc+jwt"),
        sign=signs(own),
    )

    assert answer(verify(forged), "proof.integrity") == "fail signature"


# --- 5 what is verified ---


def test_5_a_payload_that_is_no_json_object_is_refused() -> None:
    for payload in ('["x"]', '"x"', "x", "7"):
        report = verify(jwt(payload, header=jwt_header(typ="vc+jwt")))
        assert answer(report, "format.wellformed").startswith("fail json")


def test_5_the_payload_is_held_against_the_data_model() -> None:
    old = {**badge(), "@context": ["https://www.w3.org/2018/credentials/v1"]}
    late = verify(w3c({**badge(), "validUntil": "2024-01-01T00:00:00Z"}))

    assert answer(verify(w3c(old)), "credential.model") == "fail version.mixed"
    assert answer(late, "credential.validity") == "fail expired"


# --- 6 media types, and what is not built ---


@pytest.mark.parametrize("typ", ["vc+sd-jwt", "vp+sd-jwt", "dc+sd-jwt", "vc+cose"])
def test_6_1_other_kinds_are_called_by_their_name(typ: str) -> None:
    assert answer(verify(w3c(typ=typ)), "format.wellformed") == "undecided unsupported"


@pytest.mark.parametrize("media", ["vc+sd-jwt", "vp+sd-jwt", "vc+cose", "vp+cose"])
def test_6_1_other_kinds_in_an_envelope_too(media: str) -> None:
    report = verify(enveloped(HONEST, f"application/{media}"))

    assert answer(report, "format.wellformed") == "undecided unsupported"


def test_8_each_key_fixes_its_algorithm() -> None:
    for alg in ("ES256", "ES384", "EdDSA", "PS256", "RS256"):
        assert parts(signed(alg))[0]["alg"] == alg


def test_what_is_presented_and_enclosed_is_the_same_text() -> None:
    held = enclosed(b"  " + HONEST + b"\n")

    assert held["id"].removeprefix("data:application/vc+jwt,") == HONEST.decode()
    assert json.loads(unb64u(HONEST.decode().split(".")[1])) == badge()
    assert enclosed(encoded(proved())) == proved()
    assert verify_presented(presented(HONEST), ASKED).parts[0].outcome is Outcome.PASSED

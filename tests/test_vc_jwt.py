"""W3C VC-JOSE-COSE beside the VC-JWT of Open Badges: two profiles, one reader.

Every broken file is signed over its broken parts, beside a twin that is PASSED.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from attacks.workshop import (
    AT,
    V2,
    answer,
    badge,
    claims,
    compact_json,
    jwt,
    jwt_header,
    school,
    subject,
    verify,
)
from edc_issuer import jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import unb64u
from edc_issuer.errors import ConfigError, RecordError
from edc_issuer.formats import open_any
from edc_issuer.formats.base import Signing
from edc_issuer.formats.jwt import JWT, VC_JOSE_JWT
from edc_issuer.formats.jwt_profiles import refuse_unsignable
from edc_issuer.keys.did import did_jwk, own_identity
from edc_issuer.keys.identity import DidIdentity, X509Identity
from edc_issuer.report import Outcome
from sealing import SEALS
from world import issued as issued_by_world
from world import world

KEYS: dict[str, Any] = {
    "ES256": ec.derive_private_key(31, ec.SECP256R1()),
    "ES384": ec.derive_private_key(32, ec.SECP384R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.from_private_bytes(b"\3" * 32),
}
VC = {"typ": "vc+jwt", "cty": "vc"}


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def key_of(alg: str) -> Any:
    return KEYS[alg] if alg in KEYS else rsa_key()


def identity_of(alg: str) -> DidIdentity:
    return own_identity(key_of(alg).public_key())


def signed(alg: str = "EdDSA", document: Any = None, **options: Any) -> bytes:
    holder = identity_of(alg)
    credential = document or badge(issuer={"id": holder.did, "type": ["Profile"]})
    signing = Signing(holder, alg, at=AT, options=options)
    pending = VC_JOSE_JWT.prepare(credential, signing)
    value = jose.sign(alg, key_of(alg), pending.to_be_signed)
    return VC_JOSE_JWT.attach(pending, value)


def parts(data: bytes) -> tuple[Any, Any]:
    header, payload, _ = data.decode().split(".")
    return json.loads(unb64u(header)), json.loads(unb64u(payload))


def w3c(document: Any = None, **header: Any) -> bytes:
    """The school's badge as the W3C signs it, or anything else in its place."""
    return jwt(document or badge(), header=jwt_header(**(VC | header)))


# --- writing ---


@pytest.mark.parametrize("alg", ["ES256", "ES384", "EdDSA", "PS256", "RS256"])
def test_each_key_signs_with_its_own_algorithm_and_verifies(alg: str) -> None:
    data = signed(alg)
    securing, envelope = open_any(data, documents=BUNDLED)

    securing.verify(envelope, envelope.proofs[0], key_of(alg).public_key())

    assert parts(data)[0] == {
        "alg": alg,
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": identity_of(alg).verification_method,
    }
    assert envelope.profile == "vc-jwt"


def test_the_payload_is_the_credential_itself_and_when_it_was_signed() -> None:
    credential = badge(issuer={"id": identity_of("ES256").did, "type": ["Profile"]})
    data = signed("ES256", credential)
    securing, envelope = open_any(data, documents=BUNDLED)

    assert parts(data)[1] == {**credential, "iat": int(AT.timestamp())}
    assert securing.covered(envelope, envelope.proofs[0]) == credential
    assert envelope.proofs[0].claimed_at == AT


@pytest.mark.parametrize("alg", ["ES256", "PS256", "HS256", "none", "Ed25519", "ES512"])
def test_an_algorithm_that_is_not_the_keys_own_is_not_used(alg: str) -> None:
    signing = Signing(identity_of("EdDSA"), alg, at=AT)

    with pytest.raises(ConfigError, match=alg):
        VC_JOSE_JWT.prepare(badge(), signing)


def test_a_certificate_signs_no_vc_jwt() -> None:
    with pytest.raises(ConfigError, match="DID"):
        VC_JOSE_JWT.prepare(badge(), Signing(X509Identity(SEALS["ES256"]), "ES256", AT))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"gradeText": "5"}, "key.undefined", id="undefined-at-the-top"),
        pytest.param(
            {"credentialSubject": subject(razred="5. b")},
            "key.undefined",
            id="undefined-inside",
        ),
        pytest.param({"validFrom": None}, "null", id="a-null"),
    ],
)
def test_what_a_reader_would_drop_can_be_asked_before_signing(
    change: dict[str, Any], code: str
) -> None:
    """Whoever signs what others wrote asks first (the server does)."""
    refuse_unsignable(badge(), BUNDLED)

    with pytest.raises(RecordError) as caught:
        refuse_unsignable({**badge(), **change}, BUNDLED)

    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"issuer": {"id": "did:web:x.si"}}, "issuer.not-signer", id="who"),
        pytest.param({"iss": "did:web:x.si"}, "jwt.claim", id="a-claim"),
        pytest.param({"vc": {}}, "jwt.claim", id="a-vc-claim"),
        pytest.param(
            {"@context": ["https://www.w3.org/2018/credentials/v1"]},
            "version.mixed",
            id="version-1.1",
        ),
    ],
)
def test_what_others_would_refuse_is_not_signed(
    change: dict[str, Any], code: str
) -> None:
    own = {"id": identity_of("EdDSA").did, "type": ["Profile"]}

    with pytest.raises(RecordError) as caught:
        signed(document={**badge(issuer=own), **change})

    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_record_is_issued_in_this_profile_and_passed_where_it_is_trusted() -> None:
    data = issued_by_world("vc-jwt")

    report = world().verify(data.data)

    assert report.outcome is Outcome.PASSED
    assert report.test
    assert (data.media_type, data.filename[-11:]) == (
        "application/vc+jwt",
        ".vc-jwt.jwt",
    )
    assert report.check("format.wellformed").evidence == {"profile": "vc-jwt"}


# --- reading ---


@pytest.mark.parametrize(
    ("data", "profile"),
    [
        pytest.param(jwt(), "ob3-jwt", id="open-badges"),
        pytest.param(w3c(), "vc-jwt", id="w3c"),
        pytest.param(w3c(cty=None), "vc-jwt", id="w3c-without-cty"),
        pytest.param(w3c(typ="application/VC+JWT"), "vc-jwt", id="w3c-media-type"),
        pytest.param(w3c(typ="vc+ld+jwt"), "vc-jwt", id="w3c-as-it-once-was"),
    ],
)
def test_the_report_names_the_profile_that_it_met(data: bytes, profile: str) -> None:
    report = verify(data)

    assert report.outcome is Outcome.PASSED
    assert report.format == "jwt"
    assert report.check("format.wellformed").evidence == {"profile": profile}


def test_a_vc_claim_of_version_1_1_is_a_profile_of_its_own() -> None:
    inner = {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Čebelarjenje",
        "issuer": badge()["issuer"],
        "credentialSubject": badge()["credentialSubject"],
    }
    payload = {k: v for k, v in claims().items() if k in ("iss", "jti", "sub", "nbf")}

    honest = verify(jwt(payload | {"vc": inner}))
    forged = verify(jwt(payload | {"vc": inner, "iss": "did:web:drugi.example"}))

    evidence = honest.check("format.wellformed").evidence
    assert evidence == {"profile": "vcdm-1.1-jwt"}
    assert honest.outcome is Outcome.PASSED
    assert honest.content is not None
    assert honest.content["issuanceDate"] == "2025-06-19T22:00:00Z"
    assert answer(forged, "proof.integrity") == "fail claims.conflict"


def test_iss_may_be_left_out_and_says_the_same_where_it_stands() -> None:
    same = verify(w3c({**badge(), "iss": school().badge.did}))
    other = verify(w3c({**badge(), "iss": "did:web:drugi.example"}))

    assert verify(w3c()).outcome is same.outcome is Outcome.PASSED
    assert answer(other, "proof.integrity") == "fail claims.conflict"


def test_iss_in_the_header_says_the_same_as_the_issuer() -> None:
    same = verify(w3c(iss=school().badge.did))
    other = verify(w3c(iss="did:web:drugi.example"))

    assert same.outcome is Outcome.PASSED
    assert answer(other, "proof.integrity") == "fail claims.conflict"


@pytest.mark.parametrize("claim", [{"jti": "urn:uuid:x"}, {"sub": "did:web:x.si"}])
def test_claims_that_name_something_else_break_it(claim: dict[str, str]) -> None:
    assert verify(w3c()).outcome is Outcome.PASSED
    report = verify(w3c({**badge(), **claim}))

    assert answer(report, "proof.integrity") == "fail claims.conflict"


@pytest.mark.parametrize("issuer", ["https://zgled.example/kljuci", "did:web:zgled.si"])
def test_a_kid_that_is_a_name_is_one_of_the_issuers_keys(issuer: str) -> None:
    """Row 27: it is looked up at the issuer, whatever else is called so."""
    document = badge(issuer={"id": issuer, "type": ["Profile"]})
    data = w3c(document, kid="ključ-1")
    ours = w3c(kid="ključ-1")

    for file, url in ((data, f"{issuer}#ključ-1"), (ours, "ključ-1")):
        (proof,) = open_any(file, documents=BUNDLED)[1].proofs
        assert proof.hint.url == url
        assert answer(verify(file), "proof.key") == "undecided key-not-at-hand"


def test_without_kid_the_key_is_that_of_the_issuer() -> None:
    assert verify(w3c(kid=None)).outcome is Outcome.PASSED
    assert verify(w3c(kid="#" + school().badge.did[8:])).outcome is Outcome.PASSED


# --- what speaks of the signature ---


@pytest.mark.parametrize("claim", ["nbf", "exp"])
def test_dates_of_the_signature_are_no_second_window(claim: str) -> None:
    document = badge(validUntil="2030-06-20T00:00:00+02:00")
    moment = int(AT.timestamp()) + (86_400 if claim == "exp" else -86_400)

    by_w3c = verify(w3c({**document, claim: moment}))
    by_badges = verify(jwt(claims(document, **{claim: moment})))

    assert answer(by_w3c, "credential.validity") == "pass"
    assert answer(by_badges, "credential.validity") == "warn two-windows"


@pytest.mark.parametrize(
    ("claim", "seconds", "expected"),
    [("exp", -60, "fail expired"), ("nbf", 60, "fail not-yet-valid")],
)
def test_a_signature_that_has_ended_ends_the_credential(
    claim: str, seconds: int, expected: str
) -> None:
    stale = verify(w3c({**badge(), claim: int(AT.timestamp()) + seconds}))

    assert verify(w3c()).outcome is Outcome.PASSED
    assert answer(stale, "credential.validity") == expected


# --- one kind never passes for another (attack row 24) ---


VP = {"@context": [V2], "type": ["VerifiablePresentation"]}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(w3c(typ="vp+jwt"), "fail jwt.claims", id="24-credential-as-vp"),
        pytest.param(w3c(VP), "fail jwt.claims", id="24-presentation-as-vc"),
        pytest.param(
            w3c({"vc": badge()}), "fail jwt.claims", id="24-vc-claim-under-vc-jwt"
        ),
        pytest.param(
            w3c({**badge(), "vp": VP}), "fail jwt.claims", id="24-vp-claim-beside"
        ),
        pytest.param(
            w3c({**badge(), "type": [*badge()["type"], "VerifiablePresentation"]},
                typ="vp+jwt"),
            "fail jwt.claims",
            id="24-both-at-once-as-vp",
        ),
        pytest.param(w3c(typ="at+jwt"), "undecided unsupported", id="24-access-token"),
        pytest.param(w3c(typ="dc+sd-jwt"), "undecided unsupported", id="24-sd-jwt-vc"),
        pytest.param(w3c(typ=7), "fail header", id="24-typ-is-a-number"),
    ],
)  # fmt: skip
def test_one_kind_of_jwt_never_passes_for_another(data: bytes, expected: str) -> None:
    report = verify(data)

    assert verify(w3c()).outcome is Outcome.PASSED
    assert answer(report, "format.wellformed") == expected
    assert report.outcome is not Outcome.PASSED


def test_the_header_never_chooses_the_algorithm() -> None:
    """An EC key under `EdDSA`, an Ed25519 key under HS256 with the key for a secret."""
    p256 = identity_of("ES256")
    document = badge(issuer={"id": p256.did, "type": ["Profile"]})
    forged = jwt(document, header=jwt_header(**VC, kid=p256.verification_method))
    secret = w3c(alg="HS256")

    assert answer(verify(forged), "proof.algorithm") == "fail alg.not_allowed"
    assert answer(verify(secret), "proof.algorithm") == "fail alg.not_allowed"
    assert verify(w3c()).outcome is Outcome.PASSED


def test_did_jwk_of_an_rsa_key_is_read() -> None:
    did = did_jwk(rsa_key().public_key())
    report = verify(signed("PS256", badge(issuer={"id": did, "type": ["Profile"]})))

    assert answer(report, "proof.integrity") == "pass"
    assert report.signer is not None
    assert report.signer.identifier == did


def test_a_changed_letter_anywhere_breaks_it() -> None:
    data = w3c()
    broken = data.replace(b".", b".A", 1)

    assert verify(data).outcome is Outcome.PASSED
    assert verify(broken).outcome is Outcome.FAILED


# --- enveloped ---


def enveloped(text: bytes, media: str = "application/vc+jwt", **changes: Any) -> bytes:
    changes = {k.replace("contexts", "@context"): v for k, v in changes.items()}
    made = {
        "@context": [V2],
        "id": f"data:{media},{text.decode()}",
        "type": "EnvelopedVerifiableCredential",
    }
    members = {k: v for k, v in {**made, **changes}.items() if v is not None}
    return compact_json(members).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(enveloped(w3c()), id="as-text"),
        pytest.param(
            enveloped(base64.b64encode(w3c()), "application/vc+jwt;base64"), id="base64"
        ),
        pytest.param(enveloped(jwt()), id="of-the-other-profile"),
        pytest.param(
            enveloped(w3c(), type=["EnvelopedVerifiableCredential"]), id="type-as-list"
        ),
    ],
)
def test_an_enveloped_credential_is_judged_by_what_is_inside(data: bytes) -> None:
    report = verify(data)

    assert report.outcome is Outcome.PASSED
    assert report.content is not None
    assert report.content["name"] == "Čebelarjenje za začetnike"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(enveloped(w3c(), id=None), "fail enveloped", id="no-id"),
        pytest.param(
            enveloped(w3c(), id="https://zgled.example/1"), "fail enveloped", id="link"
        ),
        pytest.param(enveloped(w3c(), contexts=None), "fail enveloped", id="no"),
        pytest.param(
            enveloped(w3c(), "application/vp+jwt"), "fail enveloped", id="media-type"
        ),
        pytest.param(
            enveloped(w3c(), "application/vp+jwt",
                      type="EnvelopedVerifiablePresentation"),
            "fail enveloped", id="credential-as-presentation",
        ),
        pytest.param(
            enveloped(b"e3", "application/vc+jwt;base64"), "fail enveloped", id="base"
        ),
        pytest.param(
            enveloped(w3c(), "application/vc+sd-jwt"), "undecided unsupported", id="sd"
        ),
        pytest.param(
            enveloped(w3c(), "application/vc+cose"), "undecided unsupported", id="cose"
        ),
        pytest.param(
            enveloped(compact_json(badge()).encode()), "fail enveloped", id="no-jwt"
        ),
        # Others would take these for credentials of their own, which nobody signed.
        pytest.param(
            enveloped(w3c(), credentialSubject={"id": "x:y"}),
            "fail enveloped", id="subject-beside",
        ),
        pytest.param(
            enveloped(w3c(), type=["EnvelopedVerifiableCredential",
                                   "VerifiableCredential"]),
            "fail enveloped", id="another-type-beside",
        ),
    ],
)  # fmt: skip
def test_what_is_no_enveloped_credential_is_refused(data: bytes, expected: str) -> None:
    report = verify(data)

    assert verify(enveloped(w3c())).outcome is Outcome.PASSED
    assert answer(report, "format.wellformed") == expected
    assert report.outcome is not Outcome.PASSED


def test_what_stands_beside_an_enveloped_credential_is_not_shown() -> None:
    report = verify(enveloped(w3c(), name="Doktorat"))

    assert report.outcome is Outcome.PASSED
    assert "Doktorat" not in json.dumps(report.to_dict())


def test_an_envelope_with_a_proof_is_not_opened_past_it() -> None:
    report = verify(enveloped(w3c(), proof={"type": "DataIntegrityProof"}))

    assert report.outcome is not Outcome.PASSED


def test_both_profiles_are_read_by_either_format() -> None:
    for securing in (JWT, VC_JOSE_JWT):
        for data, profile in ((jwt(), "ob3-jwt"), (w3c(), "vc-jwt")):
            assert securing.open(data, documents=BUNDLED).profile == profile

"""VC-JWT badges: as they are written, as others write them, and as they are refused.

Every broken token is signed over its broken parts; `test_the_twins_*` show that
the unbroken ones verify. Row numbers are those of the project's table of attacks.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from conftest import shared_file
from edc_issuer import jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u, unb64u
from edc_issuer.errors import (
    ConfigError,
    InputError,
    Malformed,
    ProofInvalid,
    RecordError,
    Unsupported,
)
from edc_issuer.formats import open_any
from edc_issuer.formats.base import Proof, Signing
from edc_issuer.formats.jwt import JWT, not_before
from edc_issuer.keys.identity import DidIdentity, X509Identity
from sealing import SEALS
from test_jades_reading import ODD_VALUES

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
KEYS: dict[str, jose.PrivateKey] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(65537, 2048),
}
DID = "did:web:zgled.si"
BADGE: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:0b7d5f0e-7d5b-4d7f-9a52-0b3f1c8e4d61",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": ["Profile"], "name": "Srednja šola Žabnik"},
    "validFrom": "2026-06-15T00:00:00+02:00",
    "validUntil": "2031-06-14T23:59:59+02:00",
    "credentialSubject": {
        "id": "did:key:z6MkExample",
        "type": ["AchievementSubject"],
        "achievement": {"name": "Ђак генерације"},
    },
}
CLAIMS = {
    "iss": DID,
    "jti": BADGE["id"],
    "nbf": 1_781_474_400,
    "sub": "did:key:z6MkExample",
    "exp": 1_939_240_799,
}


def identity(alg: str = "EdDSA") -> DidIdentity:
    return DidIdentity(DID, f"{DID}#key-1", KEYS[alg].public_key())


def issued(
    alg: str = "EdDSA", badge: Mapping[str, Any] = BADGE, **options: Any
) -> bytes:
    pending = JWT.prepare(badge, Signing(identity(alg), alg, at=AT, options=options))
    return JWT.attach(pending, jose.sign(alg, KEYS[alg], pending.to_be_signed))


def parts(data: bytes) -> tuple[Any, Any]:
    header, payload, _ = data.decode().split(".")
    return json.loads(unb64u(header)), json.loads(unb64u(payload))


HEADER = {"alg": "EdDSA", "typ": "JWT", "kid": f"{DID}#key-1"}


def token(
    payload: Any, header: Mapping[str, Any] | str = HEADER, *, alg: str = "EdDSA"
) -> bytes:
    """A JWT over any payload under any header, rightly signed."""
    texts = (x if isinstance(x, str) else json.dumps(x) for x in (header, payload))
    first = ".".join(b64u(text.encode()) for text in texts).encode()
    return first + b"." + b64u(jose.sign(alg, KEYS[alg], first)).encode()


def verify(data: bytes, *, alg: str = "EdDSA") -> Any:
    securing, envelope = open_any(data, documents=BUNDLED)
    (proof,) = envelope.proofs
    key: Any = KEYS[alg].public_key()
    securing.verify(envelope, proof, key)
    return securing.covered(envelope, proof)


def proof_of(data: bytes) -> Proof:
    (proof,) = open_any(data, documents=BUNDLED)[1].proofs
    return proof


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {k: v for k, v in {**BADGE, **changes}.items() if k not in names}


@pytest.mark.parametrize("alg", KEYS)
def test_what_is_signed_verifies_and_reads_back_without_claims(alg: str) -> None:
    assert verify(issued(alg), alg=alg) == BADGE


def test_the_header_has_what_open_badges_allow_and_no_more() -> None:
    assert parts(issued())[0] == HEADER
    assert parts(issued(key="jwk"))[0] == {
        "alg": "EdDSA",
        "typ": "JWT",
        "jwk": jose.public_to_jwk(KEYS["EdDSA"].public_key()),
    }


def test_the_payload_is_the_badge_and_the_claims_that_repeat_it() -> None:
    _, payload = parts(issued())

    assert payload == {**BADGE, **CLAIMS, "iat": 1_793_534_400}
    assert list(payload)[: len(BADGE)] == list(BADGE)


def test_a_badge_without_subject_id_or_end_has_no_claim_for_them() -> None:
    badge = without("validUntil", credentialSubject={"type": ["AchievementSubject"]})

    _, payload = parts(issued(badge=badge))

    assert payload.keys() & {"sub", "exp"} == set()
    assert verify(issued(badge=badge)) == badge


def test_what_the_proof_says_about_time_and_key_is_read() -> None:
    proof = proof_of(issued())

    assert proof.algorithm == "EdDSA"
    assert proof.claimed_at == AT
    assert proof.expires == datetime(2031, 6, 14, 21, 59, 59, tzinfo=UTC)
    assert not_before(proof) == datetime(2026, 6, 14, 22, tzinfo=UTC)
    assert (proof.hint.url, proof.hint.jwk) == (f"{DID}#key-1", None)
    assert proof.notes == ()


@pytest.mark.parametrize(
    ("badge", "path"),
    [
        pytest.param(without("id"), "id", id="no-id"),
        pytest.param(without("issuer"), "issuer.id", id="no-issuer"),
        pytest.param(without(issuer={"name": "x"}), "issuer.id", id="no-issuer-id"),
        pytest.param(without("validFrom"), "validFrom", id="no-start"),
        pytest.param(without(validFrom="2026-06-15"), "validFrom", id="only-a-day"),
        pytest.param(without(validUntil="2031"), "validUntil", id="only-a-year"),
        pytest.param(without(iss="x"), "iss", id="a-claim-already"),
        pytest.param(without(issuer="did:web:other.si"), "issuer.id", id="not-signer"),
    ],
)
def test_a_badge_that_the_claims_cannot_repeat_is_not_issued(
    badge: Mapping[str, Any], path: str
) -> None:
    with pytest.raises(RecordError) as caught:
        issued(badge=badge)

    assert [problem.path for problem in caught.value.problems] == [path]


def test_a_certificate_signs_no_badge() -> None:
    with pytest.raises(ConfigError, match="DID"):
        JWT.prepare(BADGE, Signing(X509Identity(SEALS["ES256"]), "ES256", at=AT))


@pytest.mark.parametrize("alg", ["ES256", "PS256", "HS256", "none", "Ed25519"])
def test_an_algorithm_that_readers_of_badges_lack_is_not_used(alg: str) -> None:
    with pytest.raises(ConfigError, match=alg):
        JWT.prepare(BADGE, Signing(identity(), alg, at=AT))


def test_a_way_to_name_the_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ConfigError, match="x5c"):
        issued(key="x5c")


FLAT = {**BADGE, **CLAIMS}
V1: dict[str, Any] = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"achievement": {"name": "Čebelar"}},
}
TWINS = {
    "open-badges-3": FLAT,
    "no-sub": {k: v for k, v in FLAT.items() if k != "sub"},
    "audience": {**FLAT, "aud": ["did:example:x"]},
    "fractions-of-seconds": {**FLAT, "iat": 1_781_474_400.25},
    "vc-claim": {"vc": BADGE, **CLAIMS},
    "vc-claim-completed": {"vc": V1, **CLAIMS},
}


@pytest.mark.parametrize("payload", TWINS.values(), ids=TWINS.keys())
def test_the_twins_of_all_broken_tokens_verify(payload: Mapping[str, Any]) -> None:
    verify(token(payload))


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "vc+jwt", "application/vc+jwt"])
def test_every_way_to_say_that_it_is_a_credential_is_read(typ: str | None) -> None:
    header = {k: v for k, v in {**HEADER, "typ": typ}.items() if v}

    assert verify(token(FLAT, header)) == BADGE


def test_claims_stand_in_for_what_a_vc_claim_leaves_out() -> None:
    assert verify(token({"vc": V1, **CLAIMS})) == {
        **V1,
        "id": BADGE["id"],
        "issuer": DID,
        "issuanceDate": "2026-06-14T22:00:00Z",
        "expirationDate": "2031-06-14T21:59:59Z",
        "credentialSubject": {"id": CLAIMS["sub"], **V1["credentialSubject"]},
    }


def test_claims_add_no_member_of_version_1_1_to_a_wrapped_credential_of_2_0() -> None:
    assert verify(token({"vc": BADGE, **CLAIMS})) == BADGE


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"iss": "did:web:other.si"}, id="iss"),
        pytest.param({"sub": "did:key:z6MkOther"}, id="sub"),
        pytest.param({"jti": "urn:uuid:other"}, id="jti"),
        pytest.param({"issuer": "did:web:other.si"}, id="issuer"),
        pytest.param({"id": "urn:uuid:other"}, id="id"),
        pytest.param({"credentialSubject": [{"id": "did:key:a"}]}, id="subjects"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_claims_that_contradict_the_credential_break_it(
    change: dict[str, Any], wrapped: bool
) -> None:
    badge = {k: v for k, v in change.items() if k in BADGE}
    claims = {k: v for k, v in change.items() if k not in BADGE}
    payload = (
        {"vc": {**BADGE, **badge}, **CLAIMS, **claims}
        if wrapped
        else {**FLAT, **change}
    )

    with pytest.raises(ProofInvalid) as caught:
        verify(token({**payload, **CLAIMS, **claims}))

    assert caught.value.reason == "claims.conflict"


@pytest.mark.parametrize(
    ("change", "notes"),
    [
        ({"nbf": CLAIMS["nbf"] + 1}, ("two-windows",)),
        ({"exp": CLAIMS["exp"] - 86_400}, ("two-windows",)),
        ({"nbf": CLAIMS["nbf"] + 0.5}, ()),
        ({"validFrom": "2026-06-15"}, ()),
    ],
)
def test_dates_said_twice_and_unlike_are_told(
    change: dict[str, Any], notes: tuple[str, ...]
) -> None:
    assert proof_of(token({**FLAT, **change})).notes == notes


def changed(**changes: Any) -> dict[str, Any]:
    return {k: v for k, v in {**HEADER, **changes}.items() if v is not None}


JWK = jose.public_to_jwk(KEYS["EdDSA"].public_key())
MALFORMED = {
    "issuer-twice": ("json.duplicate", token(json.dumps(FLAT)[:-1] + ',"iss":"x"}')),
    "alg-twice": (
        "json.duplicate",
        token(FLAT, '{"alg":"none",' + json.dumps(HEADER)[1:]),
    ),
    "alg-missing": ("alg.missing", token(FLAT, changed(alg=None))),
    "alg-number": ("alg.missing", token(FLAT, changed(alg=0))),
    "crit": ("crit", token(FLAT, changed(crit=["b64"], b64=True))),
    "crit-empty": ("crit", token(FLAT, changed(crit=[]))),
    "b64-false": ("b64", token(FLAT, changed(b64=False))),
    "payload-list": ("json.type", token([FLAT])),
    "payload-text": ("json.syntax", token("Čebelar")),
    "payload-nan": ("json.number", token('{"a":NaN}')),
    "header-list": ("format.unrecognized", token(FLAT, "[]")),
    "kid-number": ("header", token(FLAT, changed(kid=7))),
    "typ-list": ("header", token(FLAT, changed(typ=["JWT"]))),
    "jwk-private": ("jwk", token(FLAT, changed(jwk={**JWK, "d": "AA"}))),
    "jwk-string": ("jwk", token(FLAT, changed(jwk="x"))),
    "jwk-of-another-alg": ("jwk", token(FLAT, changed(jwk={**JWK, "alg": "ES256"}))),
    "iss-number": ("jwt.claims", token({**FLAT, "iss": 7})),
    "exp-string": ("jwt.claims", token({**FLAT, "exp": "2031"})),
    "exp-true": ("jwt.claims", token({**FLAT, "exp": True})),
    "exp-null": ("jwt.claims", token({**FLAT, "exp": None})),
    "exp-in-milliseconds": ("jwt.claims", token({**FLAT, "exp": 10**15})),
    "nbf-huge": ("jwt.claims", token({**FLAT, "nbf": 10**300})),
    "vc-and-badge": ("jwt.claims", token({**FLAT, "vc": BADGE})),
    "vc-and-vp": ("jwt.claims", token({"vc": BADGE, "vp": {}})),
    "vc-list": ("jwt.claims", token({"vc": [BADGE]})),
    "vc-under-vc+jwt": ("jwt.claims", token({"vc": BADGE}, changed(typ="vc+jwt"))),
    "vp+jwt-of-a-badge": ("jwt.claims", token(FLAT, changed(typ="vp+jwt"))),
    "two-parts": ("jws.parts", token(FLAT).rpartition(b".")[0]),
    "four-parts": ("jws.parts", token(FLAT) + b".AA"),
    "padding": ("base64url", token(FLAT) + b"=="),
    "space-inside": ("base64url", token(FLAT).replace(b".", b". ", 1)),
    "line-inside": ("base64url", token(FLAT).replace(b".", b".\n")),
    "not-ascii": ("jws.parts", token(FLAT) + b"\xff"),
}


@pytest.mark.parametrize(("reason", "data"), MALFORMED.values(), ids=MALFORMED.keys())
def test_broken_tokens_are_refused_before_any_key_is_asked(
    reason: str, data: bytes
) -> None:
    with pytest.raises(Malformed) as caught:
        open_any(data, documents=BUNDLED)

    assert caught.value.reason == reason


@pytest.mark.parametrize("position", [-1, 20])
def test_another_spelling_of_the_same_bytes_is_refused(position: int) -> None:
    data = token(FLAT)  # the last letter of 64 bytes has four bits to spare
    text = data.decode()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = letters[letters.index(text[-1]) + 1]
    other = text[:-1] + spare if position == -1 else text[:20] + "+" + text[21:]

    with pytest.raises(Malformed) as caught:
        open_any(other.encode(), documents=BUNDLED)

    assert caught.value.reason == "base64url"


UNSUPPORTED = {
    "sd-jwt": token(FLAT) + b"~",
    "sd-jwt-with-disclosures": token(FLAT) + b"~WyJhIl0~WyJhIl0~",
    "jwe": token(FLAT, {"alg": "dir", "enc": "A256GCM", "zip": "DEF"}) + b".AA.AA",
    "access-token": token(FLAT, changed(typ="at+jwt")),
    "key-binding": token(FLAT, changed(typ="kb+jwt")),
    "sd-jwt-vc": token(FLAT, changed(typ="dc+sd-jwt")),
    "open-badge-2": token({"@context": "https://w3id.org/openbadges/v2"}),
}


@pytest.mark.parametrize("data", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_known_kinds_that_are_not_read_are_not_called_broken(data: bytes) -> None:
    with pytest.raises(Unsupported):
        open_any(data, documents=BUNDLED)


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "ES256", "RS256", "ES256K"])
def test_an_algorithm_not_the_keys_own_never_verifies(alg: str) -> None:
    with pytest.raises(ProofInvalid) as caught:
        verify(token(FLAT, changed(alg=alg)))

    assert caught.value.reason == "alg.not_allowed"


def test_no_secret_is_made_of_a_public_key() -> None:
    import hashlib
    import hmac

    first = token(FLAT, changed(alg="HS256")).rpartition(b".")[0]
    secret = json.dumps(JWK).encode()
    forged = first + b"." + b64u(hmac.digest(secret, first, hashlib.sha256)).encode()

    with pytest.raises(ProofInvalid) as caught:
        verify(forged)

    assert caught.value.reason == "alg.not_allowed"


PRESENTATION = {"type": ["VerifiablePresentation"], "verifiableCredential": ["ey"]}
PRESENTATIONS = {
    "vp-claim": token({"vp": PRESENTATION, "iss": DID}),
    "vp+jwt": token(PRESENTATION, changed(typ="vp+jwt")),
    "typ-jwt": token(PRESENTATION),
}


@pytest.mark.parametrize("data", PRESENTATIONS.values(), ids=PRESENTATIONS.keys())
def test_a_presentation_is_called_one(data: bytes) -> None:
    assert proof_of(data).notes == ("presentation",)
    assert verify(data)["verifiableCredential"] == ["ey"]


@pytest.mark.parametrize(
    ("header", "url"),
    [
        pytest.param(changed(), f"{DID}#key-1", id="did-url"),
        pytest.param(changed(kid="#key-2"), f"{DID}#key-2", id="only-a-fragment"),
        pytest.param(changed(kid="key-3"), f"{DID}#key-3", id="a-name"),
        pytest.param(changed(kid=None), DID, id="only-iss"),
        pytest.param(changed(kid=None, jwk=JWK), None, id="jwk"),
        pytest.param(changed(kid="https://zgled.si/k"), "https://zgled.si/k", id="url"),
    ],
)
def test_where_the_key_is_said_to_be(header: dict[str, Any], url: str | None) -> None:
    assert proof_of(token(FLAT, header)).hint.url == url


@pytest.mark.parametrize("name", ["jku", "x5u"])
def test_an_address_of_keys_is_told_and_not_followed(name: str) -> None:
    proof = proof_of(token(FLAT, changed(**{name: "https://169.254.169.254/"})))

    assert "key-address-not-followed" in proof.notes
    assert proof.hint.url == f"{DID}#key-1"


def test_a_certificate_in_the_header_is_not_believed() -> None:
    proof = proof_of(token(FLAT, changed(x5c=["AAAA"])))

    assert proof.hint.certificate is None
    assert proof.notes == ("header-not-of-a-badge",)


@pytest.mark.parametrize("name", ["alg", "kid", "typ", "jwk", "crit", "b64", "zip"])
def test_no_value_of_a_header_makes_the_reader_stumble(name: str) -> None:
    for value in ODD_VALUES:
        with contextlib.suppress(InputError):
            verify(token(FLAT, {**HEADER, name: value}))


@pytest.mark.parametrize("name", [*CLAIMS, *BADGE, "iat", "aud", "vc", "vp"])
def test_no_value_of_a_claim_makes_the_reader_stumble(name: str) -> None:
    for value in [*ODD_VALUES, None, [None], "0000-00-00T00:00:00Z"]:
        with contextlib.suppress(InputError):
            verify(token({**FLAT, name: value}))
        with contextlib.suppress(InputError):
            verify(token({"vc": {**BADGE, name: value}, name: value}))


def test_one_changed_letter_anywhere_breaks_the_badge() -> None:
    text = issued().decode()

    for position in range(0, len(text), 5):
        other = "A" if text[position] != "A" else "B"
        with pytest.raises(InputError):
            verify((text[:position] + other + text[position + 1 :]).encode())


def test_white_space_around_the_whole_file_is_allowed() -> None:
    assert verify(b"\r\n " + issued() + b"\n") == BADGE


def from_svg(name: str) -> bytes:
    text = shared_file(f"samples/ob30/{name}").read_bytes()
    found = re.search(rb"ey[\w-]+\.[\w-]+\.[\w-]+", text)
    assert found
    return found.group()


@pytest.mark.parametrize("name", ["simple-jwt.svg", "simple-jwt_v1.png"])
def test_badges_of_1edtech_verify_with_the_key_they_name(name: str) -> None:
    securing, envelope = open_any(from_svg(name), documents=BUNDLED)
    (proof,) = envelope.proofs
    assert proof.hint.jwk is not None

    securing.verify(envelope, proof, jose.public_from_jwk(proof.hint.jwk))

    content = securing.covered(envelope, proof)
    assert content["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert content.keys().isdisjoint(CLAIMS)


@pytest.mark.parametrize("name", ["simple.jwt", "simple-revoked.jwt"])
def test_signed_open_badges_2_are_called_by_their_name(name: str) -> None:
    data = shared_file(f"samples/ob20/{name}").read_bytes()

    with pytest.raises(Unsupported, match="Open Badge 2"):
        open_any(data, documents=BUNDLED)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_our_badges_verify_with_another_program() -> None:
    from joserfc import jws as other
    from joserfc.jwk import OKPKey

    key = OKPKey.import_key(JWK)  # type: ignore[arg-type]

    read = other.deserialize_compact(issued(), key, algorithms=["EdDSA"])

    assert json.loads(read.payload) == {**BADGE, **CLAIMS, "iat": 1_793_534_400}
    assert base64.urlsafe_b64encode(read.payload).rstrip(b"=") in issued()

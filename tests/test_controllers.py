"""Documents of keys: which keys they list, and what fetching one takes.

Clauses are those of W3C Controlled Identifiers v1.0 (CID); rows of the attack table.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from doors import Door, Json
from edc_issuer.errors import FetchError, InputError, Malformed, Unsupported
from edc_issuer.fetch import CLOSED, Request, Response
from edc_issuer.jose import PublicKey, public_to_jwk
from edc_issuer.keys.did import did_key, multikey, thumbprint
from edc_issuer.trust.anchors import StoredDid
from edc_issuer.trust.controllers import (
    MAX_ADDRESSES,
    MAX_DOCUMENT,
    MAX_FAILURES,
    Captures,
    Controllers,
)
from edc_issuer.trust.did import listings, resolve
from edc_issuer.trust.methods import MAX_METHODS, KeyDocument, Unresolved, keys_in

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
P256 = ec.derive_private_key(7, ec.SECP256R1()).public_key()
P384 = ec.derive_private_key(7, ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()
DID = "did:web:zgled.example"
DID_AT = "https://zgled.example/.well-known/did.json"
CID = "https://zgled.example/issuers/1"
JWKS = "https://zgled.example/jwks.json"


def method(identifier: Any = CID, name: Any = "key-1", **changes: Any) -> Json:
    """A verification method; None takes a member out."""
    good = {
        "id": f"{identifier}#{name}",
        "type": "Multikey",
        "controller": identifier,
        "publicKeyMultibase": multikey(KEY),
    }
    return {k: v for k, v in {**good, **changes}.items() if v is not None}


def document(*methods: Json, identifier: Any = CID, **changes: Any) -> Json:
    listed = methods or (method(identifier),)
    good = {
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": identifier,
        "verificationMethod": list(listed),
        "assertionMethod": [one["id"] for one in listed],
    }
    return {k: v for k, v in {**good, **changes}.items() if v is not None}


def controllers(door: Door, **changes: Any) -> Controllers:
    return Controllers(door, NOW, **changes)


def found(page: Any, url: str = f"{CID}#key-1") -> PublicKey:
    """The key at `url` where `page` lies at its address."""
    address = url.partition("#")[0]
    at = DID_AT if address == DID else address
    return resolve(url, fetch=controllers(Door({at: page})).fetch).public_key


def why(page: Any, url: str = f"{CID}#key-1") -> str:
    with pytest.raises(Unresolved) as caught:
        found(page, url)
    return caught.value.reason


# --- where documents come from ------------------------------------------------------


def test_a_did_web_is_fetched_from_its_one_address_and_dated() -> None:
    page = json.dumps(document(identifier=DID), indent=1).encode()
    door = Door({DID_AT: page})
    kept: list[tuple[KeyDocument, str]] = []
    own = controllers(door, captured=lambda doc, text: kept.append((doc, text)))

    resolved = resolve(f"{DID}#key-1", fetch=own.fetch)

    assert resolved.public_key == KEY
    assert (resolved.did, resolved.how, resolved.stored_at) == (DID, "fetched", None)
    assert door.asked == [DID_AT]
    assert resolved.document is not None
    assert resolved.document.told() == {
        "address": DID,
        "how": "fetched",
        "at": NOW.isoformat(),
        "sha256": hashlib.sha256(page).hexdigest(),
        "url": DID_AT,
    }
    assert kept == [(resolved.document, page.decode())]


def test_an_address_is_asked_once_a_run_also_where_it_fails() -> None:
    door = Door({CID: document()})
    own = controllers(door)

    for _ in range(3):
        assert resolve(f"{CID}#key-1", fetch=own.fetch).public_key == KEY
        assert listings(CID, fetch=own.fetch)
        with pytest.raises(Unresolved):
            resolve(f"{DID}#key-1", fetch=own.fetch)

    assert door.asked == [CID, DID_AT]


def test_nobody_is_asked_through_a_closed_door() -> None:
    with pytest.raises(Unresolved) as caught:
        Controllers(CLOSED, NOW).fetch(DID)
    assert caught.value.reason == "key-not-at-hand"


@pytest.mark.parametrize(
    "address",
    [
        "did:velocity:v2:1",
        "urn:uuid:6a1f0a5e-0000-4000-8000-000000000000",
        "http://zgled.example/issuers/1",
        "key-1",
        "",
    ],
)
def test_an_address_that_nobody_can_ask_is_not_at_hand(address: str) -> None:
    door = Door()
    with pytest.raises(Unresolved) as caught:
        controllers(door).fetch(address)
    assert caught.value.reason == "key-not-at-hand"
    assert door.asked == []


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:169.254.169.254",
        "did:web:zgled.example.",
        "did:web:zgled.example:%2F..%2Fx",
        "did:web:a@b.example",
        "did:web:[::1]",
    ],
)
def test_row_30_no_connection_is_made_for_a_did_web_that_is_none(did: str) -> None:
    door = Door({DID_AT: document(identifier=DID)})

    assert resolve(f"{DID}#key-1", fetch=controllers(door).fetch)
    with pytest.raises(Malformed):
        resolve(f"{did}#key-1", fetch=controllers(door).fetch)
    assert door.asked == [DID_AT]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/keys",
        "https://[::1]/keys",
        "https://2130706433/keys",
        "https://zgled.example./keys",
        "https://zgled.example/a/%2e%2e/keys",
        "https://zgled.example/%2F..%2Fkeys",
        "https://a@zgled.example/keys",
        "https://zgled.example:22/keys",
    ],
)
def test_row_30_no_connection_is_made_to_such_an_address(url: str) -> None:
    door = Door({url: document(identifier=url), CID: document()})

    assert resolve(f"{CID}#key-1", fetch=controllers(door).fetch)
    with pytest.raises(Unresolved) as caught:
        resolve(f"{url}#key-1", fetch=controllers(door).fetch)
    assert caught.value.reason == "key.unavailable"
    assert door.asked == [CID]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(None, id="row-31-not-there"),
        pytest.param(FetchError(CID, "refused", "another host"), id="row-31-redirect"),
        pytest.param(FetchError(CID, "too-large"), id="row-31-too-large"),
        pytest.param(FetchError(CID, "timeout"), id="row-31-slow"),
        pytest.param(b"<!doctype html><p>\xc5\xa1ola", id="row-31-html"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="not-an-object"),
        pytest.param(b'{"id":"a","id":"b"}', id="member-twice"),
        pytest.param(b'{"a":' * 500 + b"1" + b"}" * 500, id="deep"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte-order-mark"),
        pytest.param(b" " * (MAX_DOCUMENT + 1), id="longer-than-asked-for"),
    ],
)
def test_row_31_what_is_no_document_leaves_the_key_unavailable(page: Any) -> None:
    assert found(document()) == KEY
    assert why(page) == "key.unavailable"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        pytest.param("https://evil.example/issuers/1", 200, id="another-host"),
        pytest.param("http://zgled.example/issuers/1", 200, id="http"),
        pytest.param(CID, 404, id="not-found"),
        pytest.param(CID, 302, id="not-followed"),
    ],
)
def test_row_31_a_door_of_another_make_cannot_bring_it_from_elsewhere(
    url: str, status: int
) -> None:
    body = json.dumps(document()).encode()

    class Elsewhere:
        def fetch(self, request: Request) -> Response:
            return Response(url, status, "application/json", body)

    with pytest.raises(Unresolved) as caught:
        Controllers(Elsewhere(), NOW).fetch(CID)
    assert caught.value.reason == "key.unavailable"
    assert found(json.loads(body)) == KEY


def test_a_file_cannot_make_us_ask_without_end() -> None:
    door = Door()
    own = controllers(door)
    for number in range(MAX_FAILURES + 20):
        with pytest.raises(Unresolved):
            own.fetch(f"https://zgled.example/{number}")
    assert len(door.asked) == MAX_FAILURES

    pages = [f"https://zgled.example/{n}" for n in range(MAX_ADDRESSES + 20)]
    door = Door({page: document(identifier=page) for page in pages})
    own = controllers(door)
    for page in pages:
        with suppress(Unresolved):
            own.fetch(page)
    assert len(door.asked) == MAX_ADDRESSES


# --- CID 3.3, Retrieve Verification Method ------------------------------------------


def test_cid_3_3_the_minimum_conformant_example_is_read() -> None:
    url = "https://controller.example/123"
    key = "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu"
    page = {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": url,
        "verificationMethod": [
            {
                "id": f"{url}#key-456",
                "type": "Multikey",
                "controller": url,
                "publicKeyMultibase": key,
            }
        ],
        "assertionMethod": [f"{url}#key-456"],
    }

    assert did_key(found(page, f"{url}#key-456")) == f"did:key:{key}"


def test_cid_3_3_step_6_a_document_with_another_id_is_refused() -> None:
    """Row 29: the document that lies there is about somebody else."""
    for other in (f"{CID}/", "https://evil.example/issuers/1", CID.upper(), 7, None):
        assert why({**document(), "id": other}) == "document-mismatch"
    assert why(document(id=None)) == "document-mismatch"
    assert found(document()) == KEY


def test_cid_3_3_step_7_a_method_is_found_by_value_reference_and_relative_id() -> None:
    by_value = document(assertionMethod=[method()], verificationMethod=None)
    relative = document(method(id="#key-1"), assertionMethod=["#key-1"])

    for page in (document(), by_value, relative):
        assert found(page) == KEY


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"type": None}, id="type-is-required"),
        pytest.param({"type": ["Multikey"]}, id="type-is-one-string"),
        pytest.param({"publicKeyMultibase": None}, id="no-material"),
        pytest.param({"publicKeyMultibase": 7}, id="material-is-no-string"),
        pytest.param({"publicKeyMultibase": "u7QH"}, id="not-base58btc"),
        pytest.param({"publicKeyMultibase": "z6Mk"}, id="cut-short"),
        pytest.param(
            {"publicKeyJwk": public_to_jwk(KEY)}, id="must-not-contain-two-materials"
        ),
        pytest.param({"secretKeyMultibase": "z3u2"}, id="private-half-published"),
        pytest.param({"type": "Ed25519VerificationKey2020"} | {
            "publicKeyMultibase": multikey(P256)}, id="key-of-another-type"),
        pytest.param({"revoked": "2026-01-01"}, id="revoked-is-no-date-time-stamp"),
        pytest.param({"expires": "2026-01-01T00:00:00"}, id="expires-without-a-zone"),
        pytest.param({"expires": 1767225600}, id="expires-is-a-number"),
        pytest.param({"revoked": True}, id="revoked-is-true"),
        pytest.param({"expires": "2026-02-30T00:00:00Z"}, id="expires-on-no-day"),
    ],
)  # fmt: skip
def test_cid_3_3_step_8_a_method_that_does_not_conform_gives_no_key(
    broken: Json,
) -> None:
    assert why(document(method(**broken))) == "key-unreadable"


@pytest.mark.parametrize(
    "secret", ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]
)
def test_cid_2_2_3_a_jwk_with_a_private_member_gives_no_key(secret: str) -> None:
    form = {"type": "JsonWebKey", "publicKeyMultibase": None}
    jwk = public_to_jwk(RSA)

    assert found(document(method(**form, publicKeyJwk=jwk))) == RSA
    whole = {**jwk, secret: "AAAA"}
    assert why(document(method(**form, publicKeyJwk=whole))) == "key-unreadable"
    beside = method(**form, publicKeyJwk=jwk, secretKeyJwk=whole)
    assert why(document(beside)) == "key-unreadable"


def test_cid_2_2_3_publicKeyJwk_must_be_a_map() -> None:
    form = {"type": "JsonWebKey", "publicKeyMultibase": None}

    for value in ("x", None, 7, [public_to_jwk(P256)]):
        broken = {**method(**form), "publicKeyJwk": value}
        assert why(document(broken)) == "key-unreadable"


def test_cid_2_2_each_type_has_its_own_material() -> None:
    jwk = public_to_jwk(KEY)
    as_multikey = method(publicKeyMultibase=None, publicKeyJwk=jwk)
    as_jwk = method(type="JsonWebKey")

    assert why(document(as_multikey)) == "key-unreadable"
    assert why(document(as_jwk)) == "key-unreadable"
    assert found(document({**as_multikey, "type": "JsonWebKey"})) == KEY


@pytest.mark.parametrize("member", ["verificationMethod", "assertionMethod"])
def test_cid_2_2_and_2_3_the_members_must_be_sets(member: str) -> None:
    for value in (None, "x", 7, {}, f"{CID}#key-1", method()):
        assert why({**document(), member: value}) == "key-unreadable"
    assert found(document()) == KEY


def test_cid_2_3_a_method_that_is_no_longer_listed_is_considered_revoked() -> None:
    page = document(method(name="key-2"))

    assert why(page) == "key-not-listed-now"


def test_cid_3_3_step_9_a_method_with_another_id_is_not_the_one() -> None:
    page = document(method(id=f"{CID}#key-2"), assertionMethod=[f"{CID}#key-1"])

    assert why(page) == "key-not-listed-now"
    foreign = document(method(id="https://evil.example/1#key-1"))
    assert why(foreign) == "key-not-listed-now"


def test_cid_3_3_step_10_a_key_with_another_controller_is_refused() -> None:
    """Row 29: a document may list keys of others, but not as its own."""
    for other in ("https://evil.example/1", None, 7, [CID], {"id": CID}, ""):
        assert why(document(method(controller=other))) == "controller-differs"
    assert found(document()) == KEY


def test_cid_3_3_step_11_only_an_assertion_method_may_assert() -> None:
    """Row 28: a key to log in with is no key to sign diplomas with."""
    name = f"{CID}#key-1"
    for other in ("authentication", "keyAgreement", "capabilityInvocation"):
        page = document(assertionMethod=[], **{other: [name]})
        assert why(page) == "wrong-purpose"
        embedded = document(
            verificationMethod=[], assertionMethod=None, **{other: [method()]}
        )
        assert why(embedded) == "issuer-lists-no-keys"
    assert found(document(authentication=[name])) == KEY


def test_cid_3_3_a_method_elsewhere_is_not_made_the_issuers_by_reference() -> None:
    external = "https://evil.example/xyz#key-789"
    door = Door({CID: document(assertionMethod=[external])})
    own = controllers(door)

    assert listings(CID, fetch=own.fetch) == ((),)
    assert door.asked == [CID]


def test_cid_3_3_two_methods_of_one_id_give_no_key() -> None:
    page = document(method(), method(publicKeyMultibase=multikey(OTHER)))

    assert why(page) == "controller-differs"


@pytest.mark.parametrize(
    ("key", "form"),
    [
        pytest.param(KEY, {"publicKeyMultibase": multikey(KEY)}, id="ed25519"),
        pytest.param(P256, {"publicKeyMultibase": multikey(P256)}, id="p256"),
        pytest.param(P384, {"publicKeyMultibase": multikey(P384)}, id="p384"),
        *(
            pytest.param(
                key,
                {"type": kind, "publicKeyJwk": {**public_to_jwk(key), "kid": "š"}},
                id=f"{name}-{kind}",
            )
            for name, key in (
                ("ed25519", KEY),
                ("p256", P256),
                ("p384", P384),
                ("rsa", RSA),
            )
            for kind in ("JsonWebKey", "JsonWebKey2020")
        ),
    ],
)
def test_cid_2_2_2_and_2_2_3_multikeys_and_json_web_keys_are_read(
    key: PublicKey, form: Json
) -> None:
    own = method(**{"publicKeyMultibase": None, **form})

    assert found(document(own)) == key


def test_cid_2_2_expires_and_revoked_are_the_controllers_words() -> None:
    own = method(
        expires="2027-01-01T01:00:00+01:00", revoked="2026-01-02T03:04:05.678Z"
    )
    door = Door({CID: document(own)})

    (key,) = listings(CID, fetch=controllers(door).fetch)[0]

    assert key.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert key.revoked == datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def test_row_27_a_document_with_two_keys_needs_a_name() -> None:
    two = document(
        method(name="a"), method(name="b", publicKeyMultibase=multikey(P256))
    )

    assert why(two, CID) == "key-ambiguous"
    assert found(two, f"{CID}#b") == P256
    assert found(document(), CID) == KEY


def test_a_document_with_endless_keys_is_refused_and_one_with_many_is_read() -> None:
    many = [method(name=str(n)) for n in range(MAX_METHODS)]

    assert found(document(*many), f"{CID}#7") == KEY
    more = document(*many, method(name="x"))
    assert why(more, f"{CID}#7") == "key-unreadable"
    assert keys_in(KeyDocument(CID, more, "fetched", NOW, "")) == ()


def test_a_did_address_with_a_path_is_not_followed() -> None:
    with pytest.raises(Unsupported):
        found(document(identifier=DID), f"{DID}/x?versionTime=2020#key-1")


# --- JWK sets and single JWKs (RFC 7517) --------------------------------------------


def jwk(key: PublicKey, **changes: Any) -> Json:
    return {**public_to_jwk(key), **changes}


@pytest.mark.parametrize(
    ("kid", "url"),
    [
        ("key-1", f"{JWKS}#key-1"),
        ("#key-1", f"{JWKS}#key-1"),
        (f"{JWKS}#key-1", f"{JWKS}#key-1"),
        (None, f"{JWKS}#{thumbprint(KEY)}"),
    ],
)
def test_rfc_7517_section_4_5_a_key_of_a_set_is_found_by_its_kid(
    kid: str | None, url: str
) -> None:
    own = jwk(KEY, **({"kid": kid} if kid else {}))
    page = {"keys": [jwk(P256, kid="other"), own]}

    assert found(page, url) == KEY
    assert why(page, f"{JWKS}#key-2") == "key-not-listed-now"
    assert why(page, JWKS) == "key-ambiguous"
    assert found({"keys": [own]}, JWKS) == KEY


def test_rfc_7517_section_4_2_a_key_for_encryption_signs_nothing() -> None:
    page = {"keys": [jwk(P256, kid="a", use="enc"), jwk(KEY, kid="b", use="sig")]}

    assert why(page, f"{JWKS}#a") == "wrong-purpose"
    assert found(page, f"{JWKS}#b") == KEY


def test_two_keys_of_one_kid_give_none() -> None:
    page = {"keys": [jwk(KEY, kid="a"), jwk(OTHER, kid="a")]}

    assert why(page, f"{JWKS}#a") == "controller-differs"


def test_ob3_8_2_3_a_kid_may_lead_to_one_jwk() -> None:
    url = "https://zgled.example/keys/1"

    assert found(jwk(RSA), url) == RSA
    assert found(jwk(RSA, kid="a"), url) == found(jwk(RSA, kid="a"), f"{url}#a") == RSA
    assert why(jwk(RSA, kid="a"), f"{url}#b") == "key-not-listed-now"
    assert why(jwk(RSA, d="AA"), url) == "key-unreadable"
    assert why(jwk(P256, use="enc"), url) == "wrong-purpose"
    assert why({"keys": []}, url) == "issuer-lists-no-keys"
    assert why({"keys": ["x", 7, None]}, url) == "issuer-lists-no-keys"
    assert why({"keys": jwk(RSA)}, url) == "key-unreadable"


def test_a_document_that_says_whose_it_is_is_no_key_set() -> None:
    """A profile with a member `keys` must not become a set of keys."""
    page = {**document(assertionMethod=[]), "keys": [jwk(KEY, kid="key-1")]}

    assert why(page) == "wrong-purpose"


# --- keys in fragments, and what the issuer says of them ----------------------------


def test_a_key_in_a_fragment_is_the_files_word_unless_its_address_lists_it() -> None:
    name = multikey(KEY)
    url = f"{CID}#{name}"
    listed = document(method(name=str(name)))

    assert resolve(url, fetch=controllers(Door({CID: listed})).fetch).how == "fetched"
    for page in (None, {"id": CID, "type": "Profile"}, document(method(name="other"))):
        door = Door({CID: page} if page else {})
        assert resolve(url, fetch=controllers(door).fetch).how == "fragment"
        assert door.asked == [CID]


# --- the operator's word, and the address's of today --------------------------------


def stored(page: Json) -> tuple[StoredDid, ...]:
    return (StoredDid(page["id"], page, NOW, "0" * 64),)


def test_a_stored_document_is_asked_first_and_today_is_listed_beside_it() -> None:
    mine = document(identifier=DID)
    door = Door({DID_AT: document(method(DID, "key-2"), identifier=DID)})
    own = controllers(door)

    resolved = resolve(f"{DID}#key-1", dids=stored(mine), fetch=own.fetch)
    both = listings(DID, dids=stored(mine), fetch=own.fetch)

    assert resolved.how == "stored"
    assert [[one.url for one in listing] for listing in both] == [
        [f"{DID}#key-1"],
        [f"{DID}#key-2"],
    ]
    assert len(listings(DID, dids=stored(mine), fetch=controllers(Door()).fetch)) == 1


def test_a_stored_key_set_is_read_at_its_address() -> None:
    dids = (StoredDid(JWKS, {"keys": [jwk(KEY, kid="a")]}, NOW, ""),)

    assert resolve(f"{JWKS}#a", dids=dids).public_key == KEY
    assert resolve(f"{JWKS}#a", dids=dids).stored_at == NOW


# --- hostile documents --------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(CID),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "controller", "publicKeyJwk", "kid", "kty", "use", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "verificationMethod", "assertionMethod", "keys", "kty"]),
        _JSON,
    )
)
def test_documents_of_any_shape_give_no_key_and_no_traceback(page: Json) -> None:
    captures = Captures()
    own = Controllers(Door({CID: page}), NOW, captures)
    for url in (CID, f"{CID}#key-1", f"{CID}#"):
        with pytest.raises((Unresolved, InputError)):
            resolve(url, fetch=own.fetch)
    assert not any(listings(CID, fetch=own.fetch))

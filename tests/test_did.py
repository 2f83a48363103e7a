"""DIDs to keys without a network: what resolves, what does not, and why."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from conftest import shared_file
from edc_issuer.encoding import b58, b64u, multibase
from edc_issuer.errors import InputError, Malformed, Unsupported
from edc_issuer.jose import PublicKey, public_to_jwk
from edc_issuer.keys.did import did_jwk, did_key, own_identity, read_multikey
from edc_issuer.trust import StoredDid
from edc_issuer.trust.did import Unresolved, listings, resolve

AT = datetime(2026, 11, 20, tzinfo=UTC)
WEB = "did:web:school.example"
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
P256 = ec.derive_private_key(7, ec.SECP256R1()).public_key()
P384 = ec.derive_private_key(7, ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()


def why(url: str, **changes: Any) -> str:
    """The reason why an address does not resolve."""
    with pytest.raises((Unresolved, InputError)) as caught:
        resolve(url, **changes)
    assert isinstance(caught.value, Unresolved | InputError)
    return caught.value.reason


# --- did:key ------------------------------------------------------------------------


@pytest.mark.parametrize("key", [ED25519, P256, P384], ids=["ed25519", "p256", "p384"])
def test_did_key_yields_the_key_it_was_made_of(key: PublicKey) -> None:
    identity = own_identity(key)

    for url in (identity.did, identity.verification_method):
        resolved = resolve(url)
        assert resolved.public_key == key
        assert (resolved.did, resolved.how) == (identity.did, "did:key")


@pytest.mark.parametrize(
    "did",
    [
        # the examples of the did:key method and of the W3C vectors
        "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        "did:key:zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        "did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54",
    ],
)
def test_published_examples_are_read_and_written_back(did: str) -> None:
    assert did_key(resolve(did).public_key) == did


def changed(body: bytes) -> str:
    return f"did:key:{multibase(body)}"


COMPRESSED = P256.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
UNCOMPRESSED = P256.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
RAW = ED25519.public_bytes_raw()


@pytest.mark.parametrize(
    ("did", "reason"),
    [
        pytest.param(changed(b"\xec\x01" + RAW), "did.multicodec", id="x25519"),
        pytest.param(changed(b"\x12\x20" + RAW), "did.multicodec", id="a-digest"),
        pytest.param(changed(RAW), "did.multicodec", id="no-multicodec"),
        pytest.param(changed(b"\xed\x01" + RAW[:31]), "did.length", id="short"),
        pytest.param(changed(b"\xed\x01" + RAW + b"\0"), "did.length", id="long"),
        pytest.param(
            changed(b"\x80\x24" + UNCOMPRESSED), "did.length", id="uncompressed"
        ),
        pytest.param(
            changed(b"\x80\x24" + b"\x05" + COMPRESSED[1:]),
            "did.point",
            id="not-a-point",
        ),
        pytest.param("did:key:", "did.multibase", id="empty"),
        pytest.param(f"did:key:u{b64u(RAW)}", "did.multibase", id="base64url"),
        pytest.param(did_key(ED25519)[:-1] + "0", "did.base58", id="letter-0"),
        pytest.param(did_key(ED25519)[:-1] + "l", "did.base58", id="letter-l"),
        pytest.param(did_key(ED25519)[:-1] + "š", "did.base58", id="letter-š"),
        pytest.param(did_key(ED25519).upper(), "did.syntax", id="uppercase"),
        pytest.param(
            did_key(ED25519).replace("key", "KEY"), "did.syntax", id="uppercase-method"
        ),
        pytest.param(
            did_key(ED25519).replace("did:", "DID:"),
            "did.syntax",
            id="uppercase-scheme",
        ),
        pytest.param("did:key:z" + "1" * 9000, "did.length", id="endless"),
        pytest.param("did:key", "did.syntax", id="no-id"),
        pytest.param("did::x", "did.syntax", id="no-method"),
    ],
)
def test_a_did_key_that_no_honest_program_writes_is_malformed(
    did: str, reason: str
) -> None:
    with pytest.raises(Malformed):
        resolve(did)
    assert why(did) == reason


@pytest.mark.parametrize("prefix", [b"\xe7\x01", b"\x82\x24", b"\x85\x24"])
def test_keys_of_other_types_are_known_and_not_read(prefix: bytes) -> None:
    with pytest.raises(Unsupported):
        resolve(changed(prefix + bytes(33)))


def test_another_keys_fragment_is_not_this_did() -> None:
    foreign = did_key(OTHER).removeprefix("did:key:")

    assert why(f"{did_key(ED25519)}#{foreign}") == "key-not-listed-now"


@given(st.text(max_size=80))
def test_any_text_is_a_key_or_has_a_reason(text: str) -> None:
    for url in (f"did:key:{text}", f"did:jwk:{text}", text):
        try:
            resolve(url)
        except (Unresolved, InputError):
            continue


# --- did:jwk ------------------------------------------------------------------------


@pytest.mark.parametrize("key", [ED25519, P256, RSA], ids=["ed25519", "p256", "rsa"])
def test_did_jwk_yields_the_key_it_was_made_of(key: PublicKey) -> None:
    did = did_jwk(key)

    assert resolve(did).public_key == resolve(f"{did}#0").public_key == key
    assert resolve(did).how == "did:jwk"


def jwk_did(**members: Any) -> str:
    return "did:jwk:" + b64u(json.dumps({**public_to_jwk(P256), **members}).encode())


@pytest.mark.parametrize(
    ("did", "reason"),
    [
        pytest.param(f"{did_jwk(P256)}#1", "key-not-listed-now", id="fragment-1"),
        pytest.param(jwk_did(use="enc"), "jwk", id="for-encryption"),
        pytest.param(jwk_did(d="AA"), "jwk", id="private"),
        pytest.param(jwk_did(kty="oct"), "unsupported", id="secret-type"),
        pytest.param(jwk_did(x="AA"), "jwk", id="not-a-point"),
        pytest.param("did:jwk:e30=", "did.jwk", id="padded"),
        pytest.param("did:jwk:" + b64u(b"[]"), "json.type", id="not-an-object"),
    ],
)
def test_a_did_jwk_that_cannot_sign_has_a_reason(did: str, reason: str) -> None:
    assert why(did) == reason


# --- stored documents ---------------------------------------------------------------


def method(fragment: str = "key-1", **changes: Any) -> dict[str, Any]:
    given = {
        "id": f"{WEB}#{fragment}",
        "type": "Multikey",
        "controller": WEB,
        "publicKeyMultibase": did_key(ED25519).removeprefix("did:key:"),
    }
    merged = {**given, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def stored(*methods: dict[str, Any], **changes: Any) -> tuple[StoredDid, ...]:
    document = {
        "id": WEB,
        "verificationMethod": list(methods),
        "assertionMethod": [one["id"] for one in methods],
    }
    return (StoredDid(WEB, {**document, **changes}, AT, "0" * 64),)


def test_a_stored_document_yields_its_assertion_key() -> None:
    resolved = resolve(f"{WEB}#key-1", dids=stored(method()))

    assert resolved.public_key == ED25519
    assert (resolved.did, resolved.how) == (WEB, "stored")
    assert resolved.stored_at == AT


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(
            {"publicKeyJwk": public_to_jwk(ED25519), "type": "JsonWebKey2020"}, id="jwk"
        ),
        pytest.param(
            {"publicKeyBase58": b58(RAW), "type": "Ed25519VerificationKey2018"},
            id="base58",
        ),
    ],
)
def test_older_forms_of_a_key_are_read(form: dict[str, Any]) -> None:
    one = method(publicKeyMultibase=None, **form)

    assert resolve(f"{WEB}#key-1", dids=stored(one)).public_key == ED25519


def test_embedded_and_relative_methods_are_found() -> None:
    embedded = stored(assertionMethod=[method()])
    relative = stored(method(id="#key-1"), assertionMethod=["#key-1"])

    for dids in (embedded, relative):
        assert resolve(f"{WEB}#key-1", dids=dids).public_key == ED25519


def test_real_documents_of_others_are_read() -> None:
    for name in ("legacy", "oidf"):
        path = shared_file(f"samples/dcc/dids/{name}/did.json")
        document = json.loads(path.read_bytes())
        dids = (StoredDid(document["id"], document, AT, ""),)

        assert resolve(document["assertionMethod"][0]["id"], dids=dids).public_key
        assert resolve(document["id"], dids=dids).public_key


@pytest.mark.parametrize(
    ("url", "dids", "reason"),
    [
        pytest.param(f"{WEB}#key-1", (), "key-not-at-hand", id="not-stored"),
        pytest.param(
            "did:web:other.example#key-1",
            stored(method()),
            "key-not-at-hand",
            id="kid-of-another-did",
        ),
        pytest.param(
            WEB,
            stored(method("a"), method("b")),
            "key-ambiguous",
            id="no-fragment-and-two-keys",
        ),
        pytest.param(
            f"{WEB}#key-2", stored(method()), "key-not-listed-now", id="not-listed"
        ),
        pytest.param(
            f"{WEB}#key-1", stored(), "issuer-lists-no-keys", id="lists-no-keys"
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(), assertionMethod=[], authentication=[f"{WEB}#key-1"]),
            "wrong-purpose",
            id="only-for-authentication",
        ),
        pytest.param(
            WEB,
            stored(method(), assertionMethod=[]),
            "wrong-purpose",
            id="no-assertion-key-and-no-fragment",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(), id="did:web:other.example"),
            "document-mismatch",
            id="document-of-another",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(controller="did:web:other.example")),
            "controller-differs",
            id="controlled-by-another",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(controller=None)),
            "controller-differs",
            id="controlled-by-nobody",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(publicKeyJwk=public_to_jwk(OTHER))),
            "key-unreadable",
            id="two-keys-in-one-method",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(publicKeyMultibase="zzz")),
            "key-unreadable",
            id="damaged-key",
        ),
        pytest.param(
            f"{WEB}#key-1",
            stored(method(revoked="yesterday")),
            "key-unreadable",
            id="unreadable-revocation",
        ),
    ],
)
def test_what_a_document_does_not_say_is_not_believed(
    url: str, dids: tuple[StoredDid, ...], reason: str
) -> None:
    good = stored(method())

    assert resolve(f"{WEB}#key-1", dids=good).public_key == ED25519
    assert why(url, dids=dids) == reason


def test_two_methods_of_one_id_give_no_key() -> None:
    other = did_key(OTHER).removeprefix("did:key:")
    dids = stored(method(), method(publicKeyMultibase=other))

    assert why(f"{WEB}#key-1", dids=dids) == "controller-differs"


def test_a_key_carries_the_end_its_controller_gave_it() -> None:
    one = method(revoked="2026-01-02T00:00:00Z", expires="2027-01-01T01:00:00+01:00")

    resolved = resolve(f"{WEB}#key-1", dids=stored(one))

    assert resolved.revoked == datetime(2026, 1, 2, tzinfo=UTC)
    assert resolved.expires == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("member", ["verificationMethod", "assertionMethod", "id"])
@pytest.mark.parametrize("value", [None, 7, "x", [], [None], [7], {}, [{"id": 7}]])
def test_documents_of_any_shape_are_survived(member: str, value: object) -> None:
    dids = stored(method(), **{member: value})

    with suppress(Unresolved, InputError):
        assert resolve(f"{WEB}#key-1", dids=dids).public_key == ED25519
    (listed,) = listings(WEB, dids=dids)
    assert all(one.public_key == ED25519 for one in listed)


# --- fragments and addresses --------------------------------------------------------


def test_a_bare_fragment_is_looked_up_inside_the_issuer() -> None:
    resolved = resolve("#key-1", dids=stored(method()), issuer=WEB)

    assert resolved.url == f"{WEB}#key-1"
    assert why("#key-1", dids=stored(method())) == "did.syntax"
    assert why("#key-1", issuer="did:web:other.example") == "key-not-at-hand"


def test_a_key_in_the_fragment_of_an_address_is_only_named_in_the_file() -> None:
    key = did_key(ED25519).removeprefix("did:key:")

    resolved = resolve(f"https://school.example/keys/1#{key}")

    assert (resolved.public_key, resolved.how) == (ED25519, "fragment")


@pytest.mark.parametrize(
    "url",
    [
        "https://school.example/keys/1#zgled",
        "https://school.example/keys/1#key-1",
        "https://school.example/keys/1",
        f"{WEB}#{did_key(ED25519).removeprefix('did:key:')}",
        "urn:uuid:6a1f0a5e-0000-4000-8000-000000000000",
    ],
)
def test_an_address_without_a_key_is_not_at_hand(url: str) -> None:
    assert why(url) == "key-not-at-hand"


# --- what a DID lists ---------------------------------------------------------------


def test_listed_keys_are_known_or_unknown_and_never_guessed() -> None:
    two = stored(
        method("a"),
        method("b", publicKeyMultibase=did_key(OTHER)[8:]),
        method("c", controller="x"),
    )

    (listed,) = listings(WEB, dids=two)
    assert [one.public_key for one in listed] == [ED25519, OTHER]
    assert listings(WEB, dids=stored()) == ((),)
    assert listings(WEB) == ()
    (own,) = listings(did_key(P256))
    assert [one.public_key for one in own] == [P256]
    assert listings("did:key:zzz") == ()
    assert listings("urn:uuid:1") == ()


def test_multikeys_are_read_in_one_spelling_only() -> None:
    text = did_key(ED25519).removeprefix("did:key:")

    assert read_multikey(text) == ED25519
    with pytest.raises(Malformed):
        read_multikey("z1" + text[1:])

"""What a school publishes, and what becomes of the badges that it signs with that."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from typer.testing import CliRunner, Result

from doors import Door, Json
from edc_issuer.cli import app
from edc_issuer.cli import trust as trust_command
from edc_issuer.errors import ConfigError, EdcError
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PublicKey
from edc_issuer.keys import DidIdentity, open_signer
from edc_issuer.keys.badge import KEY_TYPES, new_key, write_key
from edc_issuer.keys.did import multikey
from edc_issuer.keys.document import fingerprint, key_document, method_for, revoke
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.methods import KeyDocument, keys_in
from edc_issuer.verify import Verifier
from world import NAMES, issued, record

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DID = "did:web:sola.example:znacke"
DID_AT = "https://sola.example/znacke/did.json"
ADDRESS = "https://sola.example/issuers/1"
ED = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
P256 = ec.derive_private_key(7, ec.SECP256R1()).public_key()
P384 = ec.derive_private_key(7, ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()


def listed(document: Json) -> list[PublicKey]:
    """The keys that a verifier reads out of a document."""
    read = KeyDocument(document["id"], document, "fetched", NOW, "")
    return [one.public_key for one in keys_in(read)]


# --- the document -------------------------------------------------------------------


@pytest.mark.parametrize("identifier", [DID, ADDRESS])
@pytest.mark.parametrize(
    "key", [ED, P256, P384, RSA], ids=["ed", "p256", "p384", "rsa"]
)
def test_a_document_lists_a_key_as_verifiers_read_it(
    identifier: str, key: PublicKey
) -> None:
    document = key_document(identifier, [key])

    (method,) = document["verificationMethod"]
    assert listed(document) == [key]
    assert document["assertionMethod"] == [method["id"]]
    assert method["controller"] == document["id"] == identifier
    assert method["type"] == ("JsonWebKey" if key is RSA else "Multikey")


def test_the_contexts_of_a_document_define_what_stands_in_it() -> None:
    assert key_document(DID, [ED])["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
    ]
    assert key_document(DID, [RSA])["@context"][1:] == [
        "https://w3id.org/security/jwk/v1"
    ]
    assert key_document(ADDRESS, [ED, RSA])["@context"] == [
        "https://www.w3.org/ns/cid/v1"
    ]


def test_a_new_key_stands_beside_the_old_ones_and_nothing_else_changes() -> None:
    service = [{"id": "#blog", "type": "LinkedDomains", "serviceEndpoint": "x"}]
    old = {**key_document(DID, [ED]), "service": service}

    new = key_document(DID, [P256, ED], onto=old)

    assert {multikey(key) for key in listed(new)} == {multikey(ED), multikey(P256)}
    assert new["service"] == service
    assert new["verificationMethod"][0] == old["verificationMethod"][0]
    assert key_document(DID, [ED], onto=new) == new
    assert len(old["verificationMethod"]) == 1


def test_a_document_of_somebody_else_is_not_added_to() -> None:
    with pytest.raises(ConfigError, match="another"):
        key_document(ADDRESS, [P256], onto=key_document(DID, [ED]))


def test_a_key_is_withdrawn_once_and_for_ever() -> None:
    both = key_document(DID, [ED, P256])
    name = method_for(DID, ED)["id"]

    gone = revoke(both, name, at=NOW)
    again = revoke(gone, name.partition("#")[2], at=datetime(2030, 1, 1, tzinfo=UTC))

    read = keys_in(KeyDocument(DID, gone, "fetched", NOW, ""))
    assert {one.url: one.revoked for one in read} == {
        name: NOW,
        method_for(DID, P256)["id"]: None,
    }
    assert again == gone
    assert "revoked" not in both["verificationMethod"][0]
    with pytest.raises(ConfigError, match="lists no key"):
        revoke(both, "#key-9", at=NOW)


# --- keys of a school ---------------------------------------------------------------


@pytest.mark.parametrize("kind", KEY_TYPES)
def test_a_key_is_written_for_its_owner_only_and_read_again(
    kind: str, tmp_path: Path
) -> None:
    key = new_key(kind)
    plain = write_key(tmp_path / "a.pem", key)
    locked = write_key(tmp_path / "b.pem", key, password="Ščep 7")

    for path in (plain, locked):
        assert path.stat().st_mode & 0o777 == 0o600
        with open_signer(f"file:{path}#{DID}", secret=lambda _: "Ščep 7") as signer:
            identity = signer.identity
            assert isinstance(identity, DidIdentity)
            assert fingerprint(identity.public_key) == fingerprint(key.public_key())
    with pytest.raises(ConfigError, match="password"):
        open_signer(f"file:{locked}", secret=lambda _: "wrong")
    with pytest.raises(ConfigError, match="exists"):
        write_key(plain, key)


def test_there_are_no_other_kinds_of_key() -> None:
    with pytest.raises(ConfigError, match="p-256"):
        new_key("dsa")


@pytest.mark.parametrize("identifier", [DID, ADDRESS])
def test_a_signer_names_the_key_as_the_document_does(
    identifier: str, tmp_path: Path
) -> None:
    for kind in KEY_TYPES:
        path = write_key(tmp_path / f"{kind}.pem", new_key(kind))
        with open_signer(f"file:{path}#{identifier}") as signer:
            identity = signer.identity
        assert isinstance(identity, DidIdentity)
        method = method_for(identifier, identity.public_key)
        assert (identity.did, identity.verification_method) == (
            identifier,
            method["id"],
        )


@pytest.mark.parametrize(
    "identifier",
    [
        "did:web:127.0.0.1",
        "did:web:",
        "did:web:sola.example:..",
        "https://a@sola.example/x",
        "https:///x",
        "https://sola.example/?x",
    ],
)
def test_nobody_signs_as_an_address_that_lists_no_keys(
    identifier: str, tmp_path: Path
) -> None:
    path = write_key(tmp_path / "a.pem", new_key("p-256"))

    with open_signer(f"file:{path}#{DID}"), pytest.raises(ConfigError):
        open_signer(f"file:{path}#{identifier}")


# --- from the key to a badge that is confirmed --------------------------------------


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def published(folder: Path) -> Json:
    document: Json = json.loads((folder / "did.json").read_text(encoding="utf-8"))
    return document


def verified(data: bytes, identifier: str, page: Any) -> Report:
    issuers = (TrustedIssuer(identifier, NAMES, test=True),)
    at = DID_AT if identifier == DID else identifier
    door = Door({at: page})
    return Verifier(trust=Trust(issuers=issuers, test=True), fetcher=door).verify(data)


@pytest.mark.parametrize("identifier", [DID, ADDRESS])
@pytest.mark.parametrize(
    ("kind", "profile", "algorithm"),
    [
        ("ed25519", "ob3-di", None),
        ("ed25519", "ob3-jwt", None),
        ("p-256", "ob3-di", None),
        ("p-256", "ob3-jwt", None),
        ("p-384", "ob3-di", None),
        ("rsa", "ob3-jwt", "RS256"),
    ],
)
def test_a_badge_of_a_new_key_is_confirmed_by_the_document_made_with_it(
    kind: str, profile: str, algorithm: str | None, identifier: str, tmp_path: Path
) -> None:
    made = run("key", "new", "--did", identifier, "--type", kind, "--out", tmp_path)
    uri = f"file:{tmp_path / 'badge.pem'}#{identifier}"
    with open_signer(uri, algorithm=algorithm) as signer:
        data = Issuer(profile=PROFILES[profile], signer=signer).issue(record()).data
    other = key_document(identifier, [ED])

    report = verified(data, identifier, published(tmp_path))

    assert made.exit_code == 0, made.output
    assert report.outcome is Outcome.PASSED, report.to_text(verbose=True)
    assert verified(data, identifier, other).outcome is not Outcome.PASSED


def test_what_to_publish_where_and_how_to_sign_is_said(tmp_path: Path) -> None:
    made = run("key", "new", "--did", DID, "--out", tmp_path / "keys")

    (key,) = listed(published(tmp_path / "keys"))
    assert made.stdout.splitlines() == [
        str(tmp_path / "keys" / "badge.pem"),
        str(tmp_path / "keys" / "did.json"),
    ]
    assert DID_AT in made.stderr
    assert fingerprint(key) in made.stderr
    assert f"badge.pem#{DID}" in made.stderr
    assert run("key", "new", "--did", DID, "--out", tmp_path / "keys").exit_code != 0


def test_a_key_with_a_password_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BADGE", "geslo")

    made = run(
        *("key", "new", "--did", DID, "--out", tmp_path, "--key-secret-env", "BADGE")
    )

    assert made.exit_code == 0, made.output
    assert b"ENCRYPTED" in (tmp_path / "badge.pem").read_bytes()
    assert "has no password" not in made.stderr


def test_a_document_is_renewed_and_a_key_withdrawn(tmp_path: Path) -> None:
    run("key", "new", "--did", DID, "--out", tmp_path / "a")
    run("key", "new", "--did", DID, "--type", "p-384", "--out", tmp_path / "b")
    first = published(tmp_path / "a")["assertionMethod"][0]

    printed = run(
        *("key", "did-document", "--did", DID, "--onto", tmp_path / "a" / "did.json"),
        *("--key", f"file:{tmp_path / 'b' / 'badge.pem'}", "--revoke", first),
    )

    document = json.loads(printed.stdout)
    assert printed.exit_code == 0, printed.output
    assert len(listed(document)) == 2
    assert ["revoked" in one for one in document["verificationMethod"]] == [True, False]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "words",
    [
        ("--did", "did:web:127.0.0.1"),
        ("--did", "did:key:z6Mk"),
        ("--did", "https://127.0.0.1/x"),
        ("--did", "http://sola.example"),
        ("--did", f"{DID}#key-1"),
        ("--did", DID),
        ("--did", DID, "--onto", "badge.pem"),
        ("--did", DID, "--onto", "did.json", "--revoke", "#key-9"),
        ("--did", ADDRESS, "--onto", "did.json"),
    ],
)
def test_a_document_that_would_help_nobody_is_not_made(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("key", "new", "--did", DID, "--out", ".")

    good = run("key", "did-document", "--did", DID, "--onto", "did.json")
    bad = run("key", "did-document", *words)

    assert good.exit_code == 0, good.output
    assert bad.exit_code == 2 or isinstance(bad.exception, EdcError)


# --- keys that an office stores -----------------------------------------------------


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Door:
    """The school's document on the web that `trust add --online` reaches."""
    door = Door({DID_AT: key_document(DID, [ED])})
    monkeypatch.setattr(trust_command, "door", lambda allow_private: door)
    return door


def test_keys_are_fetched_told_and_stored(page: Door, tmp_path: Path) -> None:
    added = run(
        *("trust", "add", DID, "--online", "--name", NAMES[0], "--yes"),
        *("--trust", tmp_path / "t"),
    )

    trust = Trust.load(tmp_path / "t")
    (stored,) = trust.dids
    assert added.exit_code == 0, added.output
    assert page.asked == [DID_AT]
    assert fingerprint(ED) in added.stderr
    assert (stored.did, stored.document) == (DID, page.pages[DID_AT])
    assert [one.identifier for one in trust.issuers] == [DID]
    shown = run("trust", "show", "--trust", tmp_path / "t").stdout
    assert any(DID in line and "keys" in line for line in shown.splitlines())


def test_keys_are_stored_without_a_name_and_replaced(
    page: Door, tmp_path: Path
) -> None:
    words = ("trust", "add", DID, "--online", "--yes", "--trust", tmp_path / "t")

    run(*words)
    page.pages[DID_AT] = key_document(DID, [ED, P256])
    again = run(*words)

    (stored,) = Trust.load(tmp_path / "t").dids
    assert again.exit_code == 0, again.output
    assert len(listed(dict(stored.document))) == 2


def test_an_address_that_does_not_answer_is_told_with_what_to_do(
    page: Door, tmp_path: Path
) -> None:
    del page.pages[DID_AT]

    refused = run("trust", "add", DID, "--online", "--yes", "--trust", tmp_path / "t")

    assert isinstance(refused.exception, ConfigError)
    assert "nothing was stored" in str(refused.exception)
    assert "as a file that the school gave you" in str(refused.exception)
    assert not (tmp_path / "t" / "dids").exists()


def test_a_badge_is_not_taken_for_whom_to_trust(tmp_path: Path) -> None:
    """The nearest mistake: to add the file that is to be checked."""
    badge = tmp_path / "značka.jwt"
    badge.write_bytes(issued("ob3-jwt").data)

    refused = run("trust", "add", badge, "--yes", "--trust", tmp_path / "t")

    assert isinstance(refused.exception, ConfigError)
    assert "by DID or address, with --name" in str(refused.exception)


def test_a_key_set_is_stored_under_its_address(page: Door, tmp_path: Path) -> None:
    address = "https://sola.example/jwks.json"
    jwk = method_for(DID, RSA)["publicKeyJwk"]
    page.pages[address] = {"keys": [{**jwk, "kid": "a"}]}

    added = run(
        *("trust", "add", address, "--online", "--yes", "--trust", tmp_path / "t")
    )

    (stored,) = Trust.load(tmp_path / "t").dids
    assert added.exit_code == 0, added.output
    assert stored.did == address


def test_a_document_in_a_file_is_stored_as_well(tmp_path: Path) -> None:
    file = tmp_path / "did.json"
    file.write_text(json.dumps(key_document(DID, [P256])), encoding="utf-8")

    added = run("trust", "add", file, "--yes", "--trust", tmp_path / "t")

    (stored,) = Trust.load(tmp_path / "t").dids
    assert added.exit_code == 0, added.output
    assert stored.did == DID


@pytest.mark.parametrize(
    ("address", "answered"),
    [
        pytest.param("did:key:z6Mk", None, id="a-bare-key"),
        pytest.param("NTRSI-1234567", None, id="a-number"),
        pytest.param("did:web:127.0.0.1", None, id="inside"),
        pytest.param("https://127.0.0.1/x", None, id="inside-https"),
        pytest.param(f"{DID}#key-1", None, id="a-key-in-it"),
        pytest.param(DID, b"<p>", id="html"),
        pytest.param(DID, {"id": "did:web:evil.example"}, id="about-another"),
        pytest.param(DID, {"id": DID}, id="no-keys"),
    ],
)
def test_what_lists_no_keys_is_not_stored(
    address: str, answered: Any, page: Door, tmp_path: Path
) -> None:
    words = ("--online", "--yes", "--trust", tmp_path / "t")
    assert run("trust", "add", DID, *words).exit_code == 0
    page.pages[DID_AT] = answered or page.pages[DID_AT]

    refused = run(
        "trust", "add", address, "--online", "--yes", "--trust", tmp_path / "u"
    )

    assert refused.exit_code == 2 or isinstance(refused.exception, EdcError)
    assert not (tmp_path / "u").exists()


@pytest.mark.parametrize(
    "identifier", ["did:web:127.0.0.1", "did:web:sola.example:..", "did:key:z6Mk"]
)
def test_nobody_is_named_by_an_address_that_no_key_could_have(
    identifier: str, tmp_path: Path
) -> None:
    words = ("--name", NAMES[0], "--yes", "--trust", tmp_path / "t")

    assert run("trust", "add", "did:web:sola.example", *words).exit_code == 0
    assert run("trust", "add", identifier, *words).exit_code == 2
    assert len(Trust.load(tmp_path / "t").issuers) == 1

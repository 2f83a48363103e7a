"""The server: what a request means, what it may not do, and how it is answered.

W3C-CCG VC-API 0.3; the statuses are those of issue and law: 200 for PASSED only.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner

from asgi import JSON, Said, ask
from edc_issuer import open_signer, present
from edc_issuer.cli import app as commands
from edc_issuer.errors import ConfigError
from edc_issuer.jose import PrivateKey
from edc_issuer.status import StatusBook, StatusList
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from edc_issuer.web import ServerConfig
from edc_issuer.web.app import LOOPBACK, Door, create_app
from edc_issuer.web.desks import opened
from edc_issuer.web.service import Service
from world import issued, world

V2 = "https://www.w3.org/ns/credentials/v2"
NAME = "urn:uuid:7c3b3f0e-6a2d-4d0b-9a52-0b3f1c8e4d61"
TESTS_COUNT = {"allow_test": True}
PLAIN = {
    "@context": [V2],
    "type": ["VerifiableCredential"],
    "name": "Spričevalo · Сведочанство",
    "credentialSubject": {"id": "did:example:ana"},
}


@contextmanager
def server(
    tmp_path: Path,
    *,
    desks: Mapping[str, Mapping[str, Any]] | None = None,
    trust: Trust | None = None,
    **settings: Any,
) -> Iterator[Any]:
    """An application over the keys of the shared world."""
    table = {**settings, "issuers": desks or {}}
    config = ServerConfig.from_dict(table, folder=tmp_path)
    with opened(config) as (service, open_desks):
        if trust is not None:
            service = Service(
                lambda: Verifier(trust),
                proof_only=config.proof_only,
                allow_test=config.verify.allow_test,
            )
        door = Door(config.max_body, config.token(), LOOPBACK)
        yield create_app(service, open_desks, door)


def desk(profile: str = "ob3-di", **more: Any) -> dict[str, Any]:
    return {"key": world().key("ob3-di"), "profile": profile, **more}


def verifying(app: Any, credential: Any, **more: Any) -> Said:
    body = {"verifiableCredential": credential, **more}
    return ask(app, "/credentials/verify", body)


def badge() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(issued("ob3-di").data)
    return found


def test_a_badge_of_somebody_trusted_is_200_and_its_forgery_400(tmp_path: Path) -> None:
    forged = badge()
    forged["credentialSubject"]["achievement"]["name"] = "Doktorat"
    with server(tmp_path, trust=world().trust, verify=TESTS_COUNT) as app:
        good, bad = verifying(app, badge()), verifying(app, forged)

    assert (good.status, good.body["verified"]) == (200, True)
    assert good.body["report"]["outcome"] == "PASSED"
    assert (bad.status, bad.body["verified"]) == (400, False)
    assert bad.body["report"]["outcome"] == "FAILED"
    assert bad.titles == {"signature"}


def test_what_only_test_keys_vouch_for_is_400_unless_allowed(tmp_path: Path) -> None:
    """Decision 12: what a test folder vouches for confirms nothing by itself."""
    with open_signer(world().key("ob3-di")) as holder:
        shown = present(
            [issued("ob3-jwt").data],
            holder,
            secured_as="vp+jwt",
            challenge=None,
            domain=None,
        )
    body = {"verifiablePresentation": shown.decode(), "options": {}}
    with server(tmp_path, trust=world().trust) as app:
        strict = verifying(app, badge())
        strict_whole = ask(app, "/presentations/verify", body)
    with server(tmp_path, trust=world().trust, verify=TESTS_COUNT) as app:
        lax = verifying(app, badge())
        lax_whole = ask(app, "/presentations/verify", body)

    assert (strict.status, strict.body["verified"]) == (400, False)
    assert strict.body["report"]["outcome"] == "PASSED"
    assert strict.titles == {"test"}
    assert (strict_whole.status, lax_whole.status) == (400, 200)
    assert "test" in strict_whole.titles
    assert (lax.status, lax.titles) == (200, set())


def test_what_nobody_vouches_for_is_400_and_200_only_for_its_proof(
    tmp_path: Path,
) -> None:
    forged = badge()
    forged["name"] = "Druga značka"
    with server(tmp_path) as app:
        strict = verifying(app, badge())
    with server(tmp_path, proof_only=True) as app:
        lax, broken = verifying(app, badge()), verifying(app, forged)

    assert strict.status == 400
    assert strict.body["report"]["outcome"] == "INDETERMINATE"
    assert lax.status == 200
    assert broken.status == 400


def test_a_jwt_is_read_as_text_and_enveloped(tmp_path: Path) -> None:
    token = issued("ob3-jwt").data.decode()
    enveloped = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    with server(tmp_path, trust=world().trust, verify=TESTS_COUNT) as app:
        assert verifying(app, token).status == 200
        assert verifying(app, enveloped).status == 200
        assert verifying(app, token[:-4] + "AAAA").status == 400


@pytest.mark.parametrize(
    "suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"], ids=lambda suite: suite
)
def test_a_credential_is_issued_as_it_is_and_verifies(
    tmp_path: Path, suite: str
) -> None:
    settings = desk(path="/a", cryptosuite=suite)
    with server(tmp_path, desks={"a": settings}, proof_only=True) as app:
        answer = ask(app, "/a/credentials/issue", {"credential": PLAIN})
        credential = answer.body["verifiableCredential"]
        again = verifying(app, credential)

    assert answer.status == 201
    assert credential["issuer"].startswith("did:key:")
    assert credential["proof"][0]["cryptosuite"] == suite
    assert {**PLAIN, "issuer": credential["issuer"]} == {
        name: value for name, value in credential.items() if name != "proof"
    }
    assert again.status == 200


KEYS: Mapping[str, Callable[[], PrivateKey]] = {
    "ed": ed25519.Ed25519PrivateKey.generate,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
V1 = {
    "@context": [
        "https://www.w3.org/2018/credentials/v1",
        "https://w3id.org/security/data-integrity/v2",
    ],
    "type": ["VerifiableCredential"],
    "issuanceDate": "2026-09-01T10:00:00Z",
    "credentialSubject": {"id": "did:example:ana"},
}
SELECTIVE = "ecdsa-sd-2023"


@pytest.mark.parametrize("version", ["1.1", "2.0"])
@pytest.mark.parametrize(
    ("suite", "key"),
    [
        ("eddsa-rdfc-2022", "ed"),
        ("eddsa-jcs-2022", "ed"),
        ("ecdsa-rdfc-2019", "p256"),
        ("ecdsa-rdfc-2019", "p384"),
        ("ecdsa-jcs-2019", "p256"),
        ("ecdsa-jcs-2019", "p384"),
        (SELECTIVE, "p256"),
    ],
)
def test_what_the_suites_of_the_w3c_ask_of_a_server(
    tmp_path: Path, suite: str, key: str, version: str
) -> None:
    """Issue, derive where the suite can, verify; a change is a 400."""
    _write_key(tmp_path / "key.pem", KEYS[key]())
    row: dict[str, Any] = {"key": "file:key.pem", "cryptosuite": suite}
    options: dict[str, Any] = {}
    if suite == SELECTIVE:
        row["unsafe_endless"] = True
        options["mandatoryPointers"] = ["/issuer"]
    credential = {**(V1 if version == "1.1" else PLAIN), "id": NAME}
    with server(tmp_path, desks={"a": row}, proof_only=True) as app:
        body = {"credential": credential, "options": options}
        given = ask(app, "/credentials/issue", body).body["verifiableCredential"]
        if suite == SELECTIVE:
            pointers = {"selectivePointers": ["/credentialSubject"]}
            asked = {"verifiableCredential": given, "options": pointers}
            given = ask(app, "/credentials/derive", asked).body["verifiableCredential"]
        other = {**given, "credentialSubject": {"id": "did:example:eva"}}
        statuses = verifying(app, given).status, verifying(app, other).status

    assert given["proof"][0]["cryptosuite"] == suite
    assert statuses == (200, 400)


def _write_key(path: Path, key: Any) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)


def test_further_contexts_are_read_from_a_folder(tmp_path: Path) -> None:
    url = "https://school.example/context/v1"
    context = json.dumps({"@context": {"razred": "https://school.example/razred"}})
    folder = tmp_path / "contexts"
    folder.mkdir()
    (folder / "own.jsonld").write_text(context)
    digest = hashlib.sha256(context.encode()).hexdigest()
    row = {"url": url, "file": "own.jsonld", "sha256": digest}
    (folder / "manifest.json").write_text(json.dumps([row]))
    subject = {"id": "did:example:ana", "razred": "5. b"}
    body = {
        "credential": {**PLAIN, "@context": [V2, url], "credentialSubject": subject}
    }
    with server(tmp_path, desks={"a": desk()}) as app:
        without = ask(app, "/credentials/issue", body).status
    with server(tmp_path, desks={"a": desk()}, contexts="contexts") as app:
        answer = ask(app, "/credentials/issue", body)

    assert (without, answer.status) == (400, 201), answer.body


def test_one_server_offers_several_issuers(tmp_path: Path) -> None:
    desks = {"di": desk(path="/di"), "jwt": desk("vc-jwt", path="/jwt")}
    with server(tmp_path, desks=desks, proof_only=True) as app:
        embedded = ask(app, "/di/credentials/issue", {"credential": PLAIN}).body
        enveloped = ask(app, "/jwt/credentials/issue", {"credential": PLAIN}).body
        absent = ask(app, "/credentials/issue", {"credential": PLAIN})
        answers = [
            verifying(app, one["verifiableCredential"]).status
            for one in (embedded, enveloped)
        ]

    assert "proof" in embedded["verifiableCredential"]
    assert enveloped["verifiableCredential"]["type"] == "EnvelopedVerifiableCredential"
    assert answers == [200, 200]
    assert absent.status == 404


REFUSED = {
    "another issuer": ({**PLAIN, "issuer": "did:example:other"}, "issuer.other"),
    "a proof already": ({**PLAIN, "proof": {"type": "X"}}, "proof"),
    "no type": ({k: v for k, v in PLAIN.items() if k != "type"}, "type.missing"),
    "no subject": (
        {k: v for k, v in PLAIN.items() if k != "credentialSubject"},
        "subject.missing",
    ),
    "an undefined term": ({**PLAIN, "gradeText": "odlično"}, "key.undefined"),
    "an id that is no URL": ({**PLAIN, "id": "not a url"}, "id.uri"),
    "two versions": (
        {**PLAIN, "issuanceDate": "2026-01-01T00:00:00Z"},
        "version.mixed",
    ),
    "a wrong digest of its context": (
        {
            **PLAIN,
            "relatedResource": [{"id": V2, "digestSRI": "sha256-" + "A" * 43 + "="}],
        },
        "related.mismatch",
    ),
}


@pytest.mark.parametrize("profile", ["ob3-di", "vc-jwt"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_verifier_would_refuse_is_not_signed(
    tmp_path: Path, name: str, profile: str
) -> None:
    credential, title = REFUSED[name]
    with server(tmp_path, desks={"a": desk(profile)}) as app:
        assert ask(app, "/credentials/issue", {"credential": PLAIN}).status == 201
        answer = ask(app, "/credentials/issue", {"credential": credential})

    assert answer.status == 400
    assert title in answer.titles
    assert "verifiableCredential" not in answer.body


def test_a_credential_is_revoked_and_its_list_says_so(tmp_path: Path) -> None:
    book = tmp_path / "book.sqlite"
    StatusBook.create(book, url="https://school.example/status")
    credential = {**PLAIN, "id": NAME}
    desks = {"a": desk(status="book.sqlite")}
    with server(tmp_path, desks=desks, proof_only=True) as app:
        issued_one = ask(app, "/credentials/issue", {"credential": credential}).body
        given = issued_one["verifiableCredential"]["credentialStatus"]

        def changed(purpose: str, state: bool, name: str = NAME) -> int:
            status = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
            body = {"credentialId": name, "credentialStatus": status, "status": state}
            return ask(app, "/credentials/status", body).status

        def bit(entry: Mapping[str, Any]) -> bool:
            name = entry["statusListCredential"].rpartition("/")[2]
            found = ask(app, f"/status-lists/{name}", b"", method="GET")
            subject = found.body["credentialSubject"]
            bits = StatusList.decode(subject["encodedList"])
            return bits.is_set(int(entry["statusListIndex"]))

        before = [bit(entry) for entry in given]
        suspended = changed("suspension", True), [bit(entry) for entry in given]
        resumed = changed("suspension", False), [bit(entry) for entry in given]
        revoked = changed("revocation", True), [bit(entry) for entry in given]
        undone = changed("revocation", False)
        unknown = changed("revocation", True, "urn:uuid:unknown")
        nameless = ask(app, "/credentials/issue", {"credential": PLAIN})
        absent = ask(app, "/status-lists/revocation-9.json", b"", method="GET")

    assert [entry["statusPurpose"] for entry in given] == ["revocation", "suspension"]
    assert before == [False, False]
    assert suspended == (200, [False, True])
    assert resumed == (200, [False, False])
    assert revoked == (200, [True, False])
    assert (undone, unknown, nameless.status, absent.status) == (400, 404, 400, 404)


def test_a_copy_is_derived_and_one_of_another_suite_refused(tmp_path: Path) -> None:
    _write_key(tmp_path / "p256.pem", KEYS["p256"]())
    suite = {"key": "file:p256.pem", "cryptosuite": "ecdsa-sd-2023"}
    desks = {"sd": {**suite, "path": "/sd"}, "di": desk(path="/di")}
    ending = {**PLAIN, "validUntil": "2036-09-01T00:00:00Z"}
    with server(tmp_path, desks=desks, proof_only=True) as app:

        def derived(path: str) -> Said:
            issued_one = ask(app, f"{path}/credentials/issue", {"credential": ending})
            body = {
                "verifiableCredential": issued_one.body["verifiableCredential"],
                "options": {"selectivePointers": ["/credentialSubject"]},
            }
            return ask(app, "/credentials/derive", body)

        copy, other = derived("/sd"), derived("/di")
        shown = copy.body["verifiableCredential"]
        whole = verifying(app, shown)
        forged = verifying(app, {**shown, "validUntil": "2099-01-01T00:00:00Z"})

    assert (copy.status, other.status) == (201, 400)
    assert "name" not in shown
    assert (whole.status, forged.status) == (200, 400)


BAD_BODIES = {
    "no JSON": (b"{", "json.syntax"),
    "a member twice": (b'{"credential":{},"credential":{}}', "json.duplicate"),
    "deep": (b'{"a":' * 400 + b"1" + b"}" * 400, "json.depth"),
    "a list": (b"[]", "json.type"),
    "no credential": (b"{}", "request.member"),
    "a number": (b'{"credential": 5}', "request.member"),
    "options": (b'{"credential": {}, "options": []}', "request.member"),
    "NaN": (b'{"credential": NaN}', "json.number"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_request_is_told_what_is_wrong_with_it(tmp_path: Path, name: str) -> None:
    data, title = BAD_BODIES[name]
    with server(tmp_path, desks={"a": desk()}) as app:
        answer = ask(app, "/credentials/issue", data)

    assert answer.status == 400
    assert answer.titles == {title}


def test_a_body_past_the_limit_is_not_read(tmp_path: Path) -> None:
    large = b'{"x":"' + b"a" * 2000 + b'"}'
    with server(tmp_path, max_body=1024) as app:
        stated = ask(
            app, "/credentials/verify", large, headers={"content-length": "9999"}
        )
        in_pieces = ask(app, "/credentials/verify", chunks=[large[:900], large[900:]])
        small = ask(app, "/credentials/verify", b"{}")

    assert (stated.status, in_pieces.status, small.status) == (413, 413, 400)


def test_a_page_of_the_internet_cannot_have_anything_signed(tmp_path: Path) -> None:
    """CSRF: a form sends text/plain; DNS rebinding: it names its own host."""
    body = {"credential": PLAIN}
    with server(tmp_path, desks={"a": desk()}) as app:
        honest = ask(app, "/credentials/issue", body)
        form = ask(
            app, "/credentials/issue", body, headers={"content-type": "text/plain"}
        )
        rebound = ask(
            app, "/credentials/issue", body, headers={"host": "evil.example:8080"}
        )
        asked_first = ask(app, "/credentials/issue", body, method="OPTIONS")

    assert (honest.status, form.status, rebound.status) == (201, 415, 421)
    assert asked_first.status == 405


def test_signing_wants_the_token_and_verifying_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", "skrivnost-" * 3)
    body = {"credential": PLAIN}
    with server(tmp_path, desks={"a": desk()}, token_env="A_TOKEN") as app:
        statuses = [
            ask(
                app, "/credentials/issue", body, headers={"authorization": given}
            ).status
            for given in ("", "Bearer wrong", "Basic x", "Bearer " + "skrivnost-" * 3)
        ]
        unasked = ask(app, "/credentials/verify", {"verifiableCredential": badge()})

    assert statuses == [401, 401, 401, 201]
    assert unasked.status == 400
    assert "report" in unasked.body


def test_a_bug_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Service, body: object) -> object:
        raise RuntimeError("Ana Novak")

    monkeypatch.setattr(Service, "verify_credential", broken)
    with server(tmp_path) as app:
        answer = ask(app, "/credentials/verify", {})

    assert answer.status == 500
    assert answer.titles == {"internal-error"}
    assert b"Ana" not in answer.data


CONFIGS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a misspelt setting": ({"max_bdoy": 5}, "max_bdoy"),
    "another kind": ({"max_body": "5"}, "max_body is a whole number"),
    "too small": ({"max_body": 5}, "1024"),
    "no key": ({"issuers": {"a": {}}}, "no key"),
    "a profile": ({"issuers": {"a": {"key": "file:x", "profile": "pdf"}}}, "profile"),
    "a path": ({"issuers": {"a": {"key": "file:x", "path": "x/"}}}, "path"),
    "one path twice": (
        {"issuers": {"a": {"key": "file:x"}, "b": {"key": "file:y"}}},
        "same path",
    ),
    "a suite of a JWT": (
        {"issuers": {"a": {"key": "k", "profile": "vc-jwt", "cryptosuite": "x"}}},
        "cryptosuite",
    ),
    "trust": ({"verify": {"trusted": "x"}}, "trusted"),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_bad_setting_is_told_at_the_start(name: str) -> None:
    table, said = CONFIGS[name]
    with pytest.raises(ConfigError, match=said):
        ServerConfig.from_dict(table, folder=Path())


def test_a_token_that_is_short_or_absent_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("A_TOKEN", raising=False)
    config = ServerConfig(token_env="A_TOKEN")
    for value in (None, "short"):
        if value:
            monkeypatch.setenv("A_TOKEN", value)
        with pytest.raises(ConfigError, match="A_TOKEN"):
            config.token()


def test_the_command_listens_answers_and_ends(tmp_path: Path) -> None:
    """The whole process, over a real connection."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "edc_issuer", "serve", "--port", str(port)]
    trust = ["--trust", str(world().trust_folder), "--allow-test", "--lang", "sl"]
    with subprocess.Popen([*command, *trust], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert "Poslušam" in process.stderr.readline().decode()
        body = json.dumps({"verifiableCredential": badge()})
        answer = _posted(port, "/credentials/verify", body)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130  # ended by Ctrl-C, as shells have it
        told = process.stderr.read()

    assert answer.status == 200
    assert answer.body["report"]["outcome"] == "PASSED"
    assert b"Traceback" not in told


def _posted(port: int, path: str, body: str) -> Said:
    for _ in range(200):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        answer = connection.getresponse()
        return Said(answer.status, answer.read())
    raise AssertionError("nobody listens")


def test_a_port_of_its_own_choice_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "edc_issuer", "serve", "--port", "0"]
    trust = ["--trust", str(world().trust_folder), "--lang", "en"]
    with subprocess.Popen([*command, *trust], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        told = process.stderr.readline().decode()
        port = int(told.partition("127.0.0.1:")[2].partition(".")[0])
        answer = _posted(port, "/credentials/verify", "{}")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)

    assert port > 0
    assert answer.status == 400


def test_a_port_that_is_taken_is_told_before_anything_is_announced() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(commands, ["serve", "--port", str(port)])

    assert isinstance(done.exception, ConfigError)
    assert str(port) in str(done.exception)
    assert "--port" in str(done.exception)
    assert "127.0.0.1:" not in done.stderr


def test_what_is_not_offered_is_told_in_the_same_words(tmp_path: Path) -> None:
    with server(tmp_path) as app:
        elsewhere = ask(app, "/credentials/issue", {})
        got = ask(app, "/credentials/verify", b"", method="GET")

    assert (elsewhere.status, elsewhere.titles) == (404, {"address"})
    assert (got.status, got.titles) == (405, {"method"})


def test_other_machines_may_not_sign_without_a_token(tmp_path: Path) -> None:
    settings = tmp_path / "server.toml"
    settings.write_text(f"[issuers.a]\nkey = {json.dumps(world().key('ob3-di'))}\n")
    done = CliRunner().invoke(
        commands, ["serve", "--config", str(settings), "--host", "0.0.0.0"]
    )

    assert isinstance(done.exception, ConfigError)
    assert "token_env" in str(done.exception)


def test_headers_of_the_tests_are_those_of_a_client() -> None:
    assert JSON["host"].partition(":")[0] in LOOPBACK

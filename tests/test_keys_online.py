"""Keys that are fetched while verifying: what they prove, and what they never do.

Each hostile case stands beside its twin, which is PASSED under the same trust.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from attacks.workshop import (
    AT,
    DID_WEB,
    NAMES,
    SIGNED_AT,
    SL_NAME,
    answer,
    attacker,
    badge,
    claims,
    encoded,
    jwt,
    jwt_header,
    method_of,
    proof_options,
    proved,
    school,
    signs,
)
from doors import Door, Json
from edc_issuer import jose
from edc_issuer.documents import BUNDLED
from edc_issuer.encoding import b64u
from edc_issuer.errors import FetchError
from edc_issuer.fetch import Fetcher, Http, Limits
from edc_issuer.jose import public_to_jwk
from edc_issuer.keys.badge import BadgeKey
from edc_issuer.keys.did import multikey
from edc_issuer.messages import LANGUAGES, Messages
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import StoredDid, Trust, TrustedIssuer
from edc_issuer.verify.online import Asking
from edc_issuer.verify.run import Run
from web import HOST, Web, moved, serving, web
from web import answer as http_answer

METHOD = f"{DID_WEB}#key-1"
DID_AT = "https://zgled.example/.well-known/did.json"
ISSUER = "https://zgled.example/issuers/1"
JWK_AT = "https://zgled.example/keys/1"
IDENTIFIED = "issuer.identified"


def trust(*identifiers: str, **changes: Any) -> Trust:
    """The school's trust, which names it by these addresses as well."""
    named = tuple(TrustedIssuer(one, NAMES, test=True) for one in identifiers)
    own = school().trust
    return replace(own, issuers=(*own.issuers, *named), **changes)


TRUST = trust(ISSUER)


def document(
    identifier: str = DID_WEB, key: BadgeKey | None = None, **changes: Any
) -> Json:
    """The document that lists the school's key (or another one) as `#key-1`."""
    listed = (key or school().badge).key.public_key()
    name = changes.pop("name", "key-1")
    method = {
        "id": f"{identifier}#{name}",
        "type": "Multikey",
        "controller": identifier,
        "publicKeyMultibase": multikey(listed),
        **changes.pop("method", {}),
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": identifier,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
        **changes,
    }


def of(issuer: str) -> Json:
    return badge(issuer={"id": issuer, "type": ["Profile"], "name": SL_NAME})


def di(
    issuer: str = DID_WEB, method: str = METHOD, key: BadgeKey | None = None
) -> bytes:
    """A badge with a Data Integrity proof that names its key by `method`."""
    sign = signs(key) if key else None
    options = proof_options(verificationMethod=method)
    return encoded(proved(of(issuer), options, sign=sign))


def token(issuer: str = DID_WEB, key: BadgeKey | None = None, **header: Any) -> bytes:
    """A badge as a VC-JWT; `header` says where its key is."""
    sign = signs(key) if key else None
    members = {"kid": None, **header}
    return jwt(claims(of(issuer)), header=jwt_header(**members), sign=sign)


def check(
    data: bytes,
    pages: Mapping[str, Any] | Fetcher | None = None,
    *,
    believed: Trust = TRUST,
    at: datetime | None = None,
) -> Report:
    """The report of somebody with an open door to `pages` (None: a closed one)."""
    door = Door(dict(pages)) if isinstance(pages, Mapping) else pages
    asking = Asking(door) if door is not None else Asking()
    run = Run(believed, BUNDLED, at=at or AT, now=AT, as_of=at, asking=asking)
    return run.file(data)


HONEST = {DID_AT: document()}


@pytest.mark.parametrize(
    "data", [di(), token(kid=METHOD), token(kid="#key-1"), token(kid=DID_WEB), token()]
)
def test_a_badge_of_a_did_web_is_confirmed_by_what_its_domain_lists(
    data: bytes,
) -> None:
    closed, report = check(data), check(data, HONEST)

    assert closed.outcome is Outcome.INDETERMINATE
    assert answer(closed, "proof.key") == "undecided key-not-at-hand"
    assert closed.fetched == ()
    assert report.outcome is Outcome.PASSED, report.to_text(verbose=True)
    assert report.signer is not None
    assert (report.signer.identifier, report.signer.proved_by) == (DID_WEB, "did")


def test_what_was_fetched_is_kept_in_the_report() -> None:
    text = json.dumps(document(), ensure_ascii=False)

    report = check(di(), HONEST)

    digest = hashlib.sha256(json.dumps(document()).encode()).hexdigest()
    (line,) = report.fetched
    assert line["url"] == DID_AT
    assert (line["status"], line["at"], line["sha256"]) == (200, AT, digest)
    assert json.loads(line["text"]) == json.loads(text)
    assert report.check("proof.key").evidence["document"] == {
        "address": DID_WEB,
        "how": "fetched",
        "at": AT.isoformat(),
        "sha256": digest,
        "url": DID_AT,
    }
    assert json.loads(report.to_json())["fetched"][0]["sha256"] == digest


def test_the_captured_text_confirms_the_badge_again_once_it_is_stored() -> None:
    (line,) = check(di(), HONEST).fetched
    kept = StoredDid(DID_WEB, json.loads(line["text"]), AT, line["sha256"])

    assert check(di(), believed=replace(TRUST, dids=(kept,))).outcome is Outcome.PASSED


def test_every_proof_of_a_file_asks_an_address_once() -> None:
    document_ = of(DID_WEB)
    options = proof_options(verificationMethod=METHOD)
    two = proved(document_, options)["proof"] * 2
    door = Door(dict(HONEST))

    report = check(encoded({**document_, "proof": two}), door)

    assert report.outcome is Outcome.PASSED
    assert door.asked == [DID_AT]


# --- rows 27 to 31 ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param(
            {DID_AT: document(assertionMethod=[], authentication=[METHOD])},
            "proof.key undecided wrong-purpose",
            id="28-only-for-authentication",
        ),
        pytest.param(
            {DID_AT: document(id="did:web:other.example")},
            "proof.key undecided document-mismatch",
            id="29-document-of-another",
        ),
        pytest.param(
            {DID_AT: document(method={"controller": "did:web:other.example"})},
            "proof.key undecided controller-differs",
            id="29-controller-is-another",
        ),
        pytest.param({}, "proof.key undecided key.unavailable", id="31-not-found"),
        pytest.param(
            {DID_AT: b"<!doctype html>"},
            "proof.key undecided key.unavailable",
            id="31-html",
        ),
        pytest.param(
            {DID_AT: FetchError(DID_AT, "too-large")},
            "proof.key undecided key.unavailable",
            id="31-too-large",
        ),
        pytest.param(
            {DID_AT: FetchError(DID_AT, "timeout")},
            "proof.key undecided key.unavailable",
            id="31-slow",
        ),
        pytest.param(
            {DID_AT: document(name="key-2")},
            "proof.key undecided key-not-listed-now",
            id="not-listed-now",
        ),
        pytest.param(
            {DID_AT: {"id": DID_WEB}},
            "proof.key undecided issuer-lists-no-keys",
            id="lists-no-keys",
        ),
        pytest.param(
            {DID_AT: document(key=attacker())},
            "proof.integrity fail signature",
            id="another-key-under-that-name",
        ),
        pytest.param(
            {DID_AT: document(method={"revoked": "2025-08-01T00:00:00Z"})},
            "issuer.identified undecided key-retired",
            id="revoked",
        ),
        pytest.param(
            {DID_AT: document(method={"expires": "2025-08-01T00:00:00Z"})},
            "issuer.identified undecided key-retired",
            id="expired",
        ),
        pytest.param(
            {DID_AT: document(method={"expires": AT.isoformat()})},
            "issuer.identified undecided key-retired",
            id="expires-at-this-very-moment",
        ),
    ],
)
def test_a_fetched_key_counts_as_its_controller_lists_it(
    pages: Mapping[str, Any], expected: str
) -> None:
    twin, report = check(di(), HONEST), check(di(), pages)

    which = expected.split(" ")[0]
    assert twin.outcome is Outcome.PASSED
    assert f"{which} {answer(report, which)}" == expected
    assert report.outcome is not Outcome.PASSED


def test_a_key_that_ends_later_is_in_force() -> None:
    later = (AT + timedelta(seconds=1)).isoformat()
    ends = document(method={"expires": later, "revoked": later})

    assert check(di(), {DID_AT: ends}).outcome is Outcome.PASSED


def test_27_a_kid_of_another_did_does_not_speak_for_the_issuer() -> None:
    other = "did:web:evil.example"
    pages = {
        **HONEST,
        "https://evil.example/.well-known/did.json": document(other, attacker()),
    }
    data = token(key=attacker(), kid=f"{other}#key-1")

    report = check(data, pages)

    assert check(token(kid=METHOD), pages).outcome is Outcome.PASSED
    assert answer(report, "proof.integrity") == "pass"
    assert answer(report, IDENTIFIED) == "undecided key-not-listed-now"
    assert report.outcome is Outcome.INDETERMINATE


def test_27_without_a_fragment_and_with_two_keys_none_is_chosen() -> None:
    one, other = document(), document(key=attacker(), name="key-2")
    both = document(
        verificationMethod=one["verificationMethod"] + other["verificationMethod"],
        assertionMethod=[METHOD, f"{DID_WEB}#key-2"],
    )

    report = check(token(kid=DID_WEB), {DID_AT: both})

    assert check(token(kid=METHOD), {DID_AT: both}).outcome is Outcome.PASSED
    assert answer(report, "proof.key") == "undecided key-ambiguous"


def test_27_a_bare_fragment_is_looked_up_inside_the_issuer_only() -> None:
    data = token(key=attacker(), kid="#key-1")
    pages = {**HONEST, "https://evil.example/.well-known/did.json": document(
        "did:web:evil.example", attacker())}  # fmt: skip

    report = check(data, pages)

    assert check(token(kid="#key-1"), pages).outcome is Outcome.PASSED
    assert answer(report, "proof.integrity") == "fail signature"


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1",
        "did:web:169.254.169.254",
        "did:web:[::1]",
        "did:web:0.0.0.0",
        "did:web:2130706433",
        "did:web:zgled.example.",
        "did:web:zgled.example:%2F..%2F",
        "did:web:a@b",
    ],
)
def test_30_a_did_web_that_is_none_is_refused_without_a_connection(did: str) -> None:
    door = Door(dict(HONEST))

    report = check(token(did, kid=f"{did}#key-1"), door)

    assert door.asked == []
    assert report.outcome is Outcome.FAILED
    assert answer(report, "proof.key") == "fail did.web"
    assert check(token(kid=METHOD), door).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("127.0.0.1.nip.io", "127.0.0.1"),
        ("zgled.internal", "10.0.0.7"),
        ("metadata.zgled.example", "169.254.169.254"),
        ("zgled.example", "::ffff:127.0.0.1"),
    ],
)
def test_30_a_name_that_leads_inside_is_refused_without_a_connection(
    host: str, address: str
) -> None:
    with serving(http_answer(b"{}")) as server:
        did = f"did:web:{host}%3A{server.port}"
        door = Http(resolve=lambda *_: [address])
        report = check(token(did, kid=f"{did}#key-1"), door)

    assert server.requests == []
    assert answer(report, "proof.key") == "undecided key.unavailable"
    assert report.fetched[0]["why"] == "refused"


# --- over a real connection ---------------------------------------------------------


@pytest.fixture
def secure(tmp_path: Path) -> Web:
    return web(tmp_path)


def reached(secure: Web | None = None, **changes: Any) -> Http:
    """A door to this machine, which every host name leads to."""
    options: dict[str, Any] = {
        "allow_private": True,
        "resolve": lambda *_: ["127.0.0.1"],
    }
    if secure is not None:
        options["ssl_context"] = secure.client
    options["limits"] = Limits(connect_s=2, total_s=5)
    return Http(**{**options, **changes})


def local(port: int) -> str:
    return f"did:web:{HOST}%3A{port}"


def test_a_badge_is_confirmed_over_tls(secure: Web) -> None:
    pages: list[bytes] = []
    with serving(lambda s: s.sendall(pages[0]), tls=secure.server) as server:
        did = local(server.port)
        pages.append(http_answer(json.dumps(document(did)).encode()))
        data = token(did, kid=f"{did}#key-1")
        report = check(data, reached(secure), believed=trust(did))

    assert report.outcome is Outcome.PASSED, report.to_text(verbose=True)
    assert server.requests[0].startswith(b"GET /.well-known/did.json HTTP/1.1\r\n")
    (line,) = report.fetched
    assert line["url"] == f"https://{HOST}:{server.port}/.well-known/did.json"


def _refusals(port: int, did: str) -> dict[str, tuple[bytes, ...]]:
    page = http_answer(json.dumps(document(did)).encode())
    return {
        "31-redirect-to-another-host": (moved("https://evil.example/did.json"), page),
        "31-redirect-to-http": (moved(f"http://{HOST}:{port}/did.json"), page),
        "31-ten-redirects": (*[moved("/again")] * 10, page),
        "31-large-body": (http_answer(b" " * 300_000 + json.dumps({}).encode()),),
        "31-packed": (http_answer(b"x", headers=("Content-Encoding: gzip",)),),
        "31-error": (http_answer(status="500 Internal Server Error"),),
    }


@pytest.mark.parametrize("name", sorted(_refusals(1, "did:web:a")))
def test_31_what_a_server_may_not_do_leaves_the_key_unavailable(
    name: str, secure: Web
) -> None:
    answers: list[bytes] = []
    with serving(lambda s: s.sendall(answers.pop(0)), tls=secure.server) as server:
        did = local(server.port)
        answers += _refusals(server.port, did)[name]
        data = token(did, kid=f"{did}#key-1")
        report = check(data, reached(secure), believed=trust(did))

        answers[:] = [http_answer(json.dumps(document(did)).encode())]
        twin = check(data, reached(secure), believed=trust(did))

    assert twin.outcome is Outcome.PASSED
    assert answer(report, "proof.key") == "undecided key.unavailable"
    assert len(server.requests) <= 6


def test_a_redirect_on_the_same_host_is_followed(secure: Web) -> None:
    answers: list[bytes] = []
    with serving(lambda s: s.sendall(answers.pop(0)), tls=secure.server) as server:
        did = local(server.port)
        answers += [moved("/new"), http_answer(json.dumps(document(did)).encode())]
        data = token(did, kid=f"{did}#key-1")
        report = check(data, reached(secure), believed=trust(did))

    assert report.outcome is Outcome.PASSED


def test_a_server_whose_certificate_nobody_trusts_proves_no_domain(
    secure: Web,
) -> None:
    pages: list[bytes] = []
    with serving(lambda s: s.sendall(pages[0]), tls=secure.server) as server:
        did = local(server.port)
        pages.append(http_answer(json.dumps(document(did)).encode()))
        data = token(did, kid=f"{did}#key-1")
        report = check(data, reached(), believed=trust(did))
        twin = check(data, reached(secure), believed=trust(did))

    assert twin.outcome is Outcome.PASSED
    assert answer(report, "proof.key") == "undecided key.unavailable"
    assert report.fetched[0]["why"] == "refused"


def test_32_the_address_that_was_judged_is_the_one_connected_to(secure: Web) -> None:
    """Rebinding: the second answer of the name service is never asked for."""
    replies = [["127.0.0.9"], ["127.0.0.1"]]
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return replies[len(asked) - 1]

    with serving(http_answer(b"{}"), tls=secure.server) as server:
        did = local(server.port)
        door = reached(secure, resolve=resolve)
        report = check(token(did, kid=f"{did}#key-1"), door)

    assert len(asked) == 1
    assert server.requests == []
    assert answer(report, "proof.key") == "undecided key.unavailable"


# --- https issuers ------------------------------------------------------------------


def test_an_issuer_at_an_https_address_is_confirmed_by_its_document() -> None:
    pages = {ISSUER: {**document(ISSUER), "type": "Profile", "name": SL_NAME}}
    data = di(ISSUER, f"{ISSUER}#key-1")

    report = check(data, pages)

    assert check(data).outcome is Outcome.INDETERMINATE
    assert report.outcome is Outcome.PASSED, report.to_text(verbose=True)
    assert answer(report, "proof.key") == "pass https"
    assert report.signer is not None
    assert (report.signer.identifier, report.signer.proved_by) == (ISSUER, "https")


def test_a_key_at_an_address_of_its_own_is_the_issuers_if_the_issuer_lists_it() -> None:
    """Open Badges 3.0, 8.2.3: `kid` leads to a JWK; nothing there says whose it is."""
    jwk = public_to_jwk(school().badge.key.public_key())
    theirs = public_to_jwk(attacker().key.public_key())
    pages = {
        JWK_AT: jwk,
        "https://evil.example/jwk": theirs,
        "https://zgled.example/~student/jwk": theirs,
        ISSUER: document(ISSUER),
    }

    assert check(token(ISSUER, kid=JWK_AT), pages).outcome is Outcome.PASSED
    for address in ("https://evil.example/jwk", "https://zgled.example/~student/jwk"):
        report = check(token(ISSUER, attacker(), kid=address), pages)
        assert answer(report, "proof.integrity") == "pass"
        assert answer(report, IDENTIFIED) == "undecided key-not-listed-now"
        assert report.signer is not None
        assert report.signer.identifier == address


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param(None, "key-only-in-file", id="does-not-answer"),
        pytest.param(b"<p>", "key-only-in-file", id="html"),
        pytest.param(
            {"id": ISSUER, "type": "Profile"}, "issuer-lists-no-keys", id="a-profile"
        ),
        pytest.param(
            document(ISSUER, attacker()), "key-not-listed-now", id="another-key"
        ),
        pytest.param(
            document(ISSUER, assertionMethod=[]),
            "issuer-lists-no-keys",
            id="no-purpose",
        ),
        pytest.param(
            document(ISSUER, id=f"{ISSUER}/"), "key-only-in-file", id="about-another"
        ),
    ],
)
@pytest.mark.parametrize("named", ["fragment", "jwk", "jwk-address"])
def test_a_key_that_only_the_file_names_is_bound_to_nobody(
    page: Any, reason: str, named: str
) -> None:
    key = school().badge.key.public_key()
    data = {
        "fragment": di(ISSUER, f"{ISSUER}#{multikey(key)}"),
        "jwk": token(ISSUER, jwk=public_to_jwk(key)),
        "jwk-address": token(ISSUER, kid=JWK_AT),
    }[named]
    pages = {JWK_AT: public_to_jwk(key), **({ISSUER: page} if page else {})}

    listed = document(ISSUER, name=str(multikey(key)))
    twin = check(data, {**pages, ISSUER: listed})
    report = check(data, pages)

    assert twin.outcome is Outcome.PASSED, twin.to_text(verbose=True)
    assert answer(report, "proof.integrity") == "pass"
    assert answer(report, IDENTIFIED) == f"undecided {reason}"
    assert report.outcome is Outcome.INDETERMINATE


def test_9_a_key_in_the_header_is_held_against_what_the_domain_lists() -> None:
    own = public_to_jwk(school().badge.key.public_key())
    theirs = public_to_jwk(attacker().key.public_key())
    forged = token(key=attacker(), jwk=theirs)

    assert check(token(jwk=own), HONEST).outcome is Outcome.PASSED
    assert answer(check(forged), IDENTIFIED) == "undecided key-only-in-file"
    assert answer(check(forged, HONEST), IDENTIFIED) == "undecided key-not-listed-now"


def test_a_broken_file_asks_nobody_about_its_issuer() -> None:
    door = Door(dict(HONEST))
    data = token(jwk=public_to_jwk(school().badge.key.public_key()), key=attacker())

    report = check(data, door)

    assert answer(report, "proof.integrity") == "fail signature"
    assert door.asked == []


# --- the operator's word and the domain's -------------------------------------------


def storing(*pages: Json) -> Trust:
    return replace(
        TRUST,
        dids=tuple(StoredDid(page["id"], page, SIGNED_AT, "0" * 64) for page in pages),
    )


@pytest.mark.parametrize(
    ("kept", "today", "expected"),
    [
        pytest.param(document(), document(), "pass", id="both"),
        pytest.param(document(), None, "pass", id="domain-does-not-answer"),
        pytest.param(
            document(),
            document(key=attacker()),
            "undecided key-not-listed-now",
            id="taken-off",
        ),
        pytest.param(
            document(),
            {"id": DID_WEB},
            "undecided issuer-lists-no-keys",
            id="lists-nothing-any-more",
        ),
        pytest.param(
            document(),
            document(method={"revoked": "2025-08-01T00:00:00Z"}),
            "undecided key-retired",
            id="withdrawn-since",
        ),
        pytest.param(
            document(method={"revoked": "2025-08-01T00:00:00Z"}),
            document(),
            "undecided key-retired",
            id="a-withdrawal-is-not-taken-back",
        ),
    ],
)
def test_a_stored_key_counts_until_its_domain_takes_it_back(
    kept: Json, today: Json | None, expected: str
) -> None:
    pages = {DID_AT: today} if today else {}

    report = check(di(), pages, believed=storing(kept))

    assert check(di(), believed=storing(document())).outcome is Outcome.PASSED
    assert answer(report, "proof.integrity") == "pass"
    assert answer(report, IDENTIFIED).startswith(expected)
    assert (report.outcome is Outcome.PASSED) == (expected == "pass")


def test_whoever_takes_over_a_domain_does_not_take_over_a_stored_key() -> None:
    pages = {DID_AT: document(key=attacker())}
    data = token(key=attacker(), jwk=public_to_jwk(attacker().key.public_key()))

    report = check(data, pages, believed=storing(document()))

    assert check(data, pages).outcome is Outcome.PASSED  # by the domain alone
    assert answer(report, IDENTIFIED) == "undecided key-not-listed-now"


@pytest.mark.parametrize("stored", [True, False], ids=["stored", "fetched"])
def test_a_withdrawal_known_today_counts_for_any_day_that_is_asked_about(
    stored: bool,
) -> None:
    """Part 9: nothing proves that a badge is as old as it says."""
    past = SIGNED_AT + timedelta(minutes=10)
    ends = (SIGNED_AT + timedelta(minutes=20)).isoformat()

    def asked(**method: str) -> Report:
        page = document(method=method)
        if stored:
            return check(di(), believed=storing(page), at=past)
        return check(di(), {DID_AT: page}, at=past)

    assert asked().outcome is Outcome.PASSED
    assert asked(expires=ends).outcome is Outcome.PASSED  # known in advance
    assert answer(asked(revoked=ends), IDENTIFIED) == "undecided key-retired"


# --- what people read ---------------------------------------------------------------


def test_the_sentences_for_a_badge_whose_key_is_not_at_hand() -> None:
    text = check(di()).to_text()

    assert (
        "We could not check whether it was changed: the key is at "
        "https://zgled.example/.well-known/did.json.\n"
        "Allow it with --online (that address learns that someone checks a badge of "
        "this school).\n"
    ) in text


def test_once_asked_in_vain_it_is_not_offered_again() -> None:
    text = check(di(), {}).to_text()

    assert "no usable answer came from there" in text
    assert "Allow it" not in text


def test_a_key_that_is_known_and_refused_is_not_said_to_be_elsewhere() -> None:
    text = check(di(), {DID_AT: document(assertionMethod=[])}).to_text()

    assert "for another use" in text
    assert "--online" not in text


def test_a_key_in_the_file_is_told_with_where_the_issuers_keys_are() -> None:
    data = token(jwk=public_to_jwk(school().badge.key.public_key()))

    assert f"The issuer publishes its keys at {DID_AT}." in check(data).to_text()
    assert "The issuer publishes" not in check(data, {}).to_text()


@pytest.mark.parametrize(
    "issuer",
    ["https://127.0.0.1/x", "https://a@zgled.example/x", "https://zgled.example/a%2f"],
)
def test_no_address_is_offered_that_would_be_refused(issuer: str) -> None:
    key = school().badge.key.public_key()

    def text(of_issuer: str) -> str:
        return check(di(of_issuer, f"{of_issuer}#{multikey(key)}")).to_text()

    assert "--online" in text(ISSUER)
    assert "--online" not in text(issuer)


def test_a_fetched_issuer_that_nobody_lists_can_be_added_by_its_address() -> None:
    data, pages = di(ISSUER, f"{ISSUER}#key-1"), {ISSUER: document(ISSUER)}

    text = check(data, pages, believed=school().trust).to_text()

    assert f"edc-issuer trust add {ISSUER} --name" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_domain_is_told_as_far_as_it_was_asked(language: str) -> None:
    def domain(report: Report) -> tuple[Any, Any]:
        ladder = report.check(IDENTIFIED).evidence["ladder"]
        (step,) = (one for one in ladder if one["step"] == "domain")
        return step["reached"], step["how"]

    by_hand = check(di(), believed=storing(document()))
    fetched = check(di(), HONEST)
    unbound = check(
        token(jwk=public_to_jwk(attacker().key.public_key()), key=attacker()), HONEST
    )

    assert domain(by_hand) == (True, "stored")
    assert domain(fetched) == (True, "fetched")
    assert domain(unbound) == (False, "claimed")
    sentence = Messages(language).text("ladder.domain.fetched", value="zgled.example")
    assert sentence in fetched.to_text(language=language, verbose=True)


def test_the_keys_did_and_the_domain_are_no_certificate() -> None:
    data = encoded(
        proved(badge(), proof_options(verificationMethod=method_of(school().badge)))
    )
    door = Door()

    assert check(data, door).outcome is Outcome.PASSED
    assert door.asked == []  # a did:key is nobody's address


# --- what a key may be used with ------------------------------------------------------


def test_rfc_7517_section_4_4_a_key_is_used_with_the_algorithm_it_names() -> None:
    """A JWK that names PS256 signs no RS256, whichever document it stands in."""
    key = rsa.generate_private_key(65537, 2048)
    jwk = public_to_jwk(key.public_key())

    def report(
        alg: str | None, kid: str = f"{ISSUER}#a", issuer: str = ISSUER
    ) -> Report:
        named = {**jwk, "kid": "a", **({"alg": alg} if alg else {})}
        header = jwt_header(alg="RS256", kid=kid)
        sign = partial(jose.sign, "RS256", key)
        data = jwt(claims(of(issuer)), header=header, sign=sign)
        return check(data, {ISSUER: {"keys": [named]}}, believed=trust(ISSUER, issuer))

    for allowed in (None, "RS256"):
        assert answer(report(allowed), "proof.integrity") == "pass"
        assert report(allowed).outcome is Outcome.PASSED
    assert answer(report("PS256"), "proof.algorithm") == "fail alg.not_allowed"
    for alg, expected in (("RS256", "pass"), ("PS256", "fail alg.not_allowed")):
        did = f"did:jwk:{b64u(json.dumps({**jwk, 'alg': alg}).encode())}"
        own = report(None, f"{did}#0", did)
        assert answer(own, "proof.algorithm").startswith(expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_that_a_stored_document_lacks_is_told_with_its_day(language: str) -> None:
    new = di(method=f"{DID_WEB}#key-2")
    today = {DID_AT: document(name="key-2")}

    report = check(new, today, believed=storing(document()))
    text = report.to_text(language=language)

    assert check(new, today).outcome is Outcome.PASSED  # nothing was stored
    assert answer(report, "proof.key") == "undecided key-not-listed-now"
    assert f"edc-issuer trust add {DID_WEB} --online" in text
    assert Messages(language).day(SIGNED_AT.date()) in text


# --- credentials inside ---------------------------------------------------------------


def test_an_endorsement_inside_is_confirmed_by_the_address_of_its_own_signer() -> None:
    partner = "did:web:partner.example"
    at = "https://partner.example/.well-known/did.json"
    endorsed = {**of(DID_WEB), "endorsementJwt": [_endorsement(partner)]}
    data = jwt(claims(endorsed), header=jwt_header(kid=METHOD))
    pages = {**HONEST, at: document(partner, attacker())}

    report = check(data, pages, believed=trust(partner))
    (part,) = report.parts
    (refused,) = check(data, HONEST, believed=trust(partner)).parts

    assert report.outcome is Outcome.PASSED
    assert answer(part, "proof.key") == "pass did"
    assert answer(part, IDENTIFIED).startswith("pass")
    assert answer(refused, "proof.key") == "undecided key.unavailable"
    assert [line["url"] for line in report.fetched] == [DID_AT, at]
    assert part.fetched == ()  # told once, at the top


def _endorsement(partner: str) -> str:
    subject = {"id": DID_WEB, "type": ["EndorsementSubject"]}
    said = {
        **badge(),
        "id": "urn:uuid:6a1f0a5e-0000-4000-8000-00000000000e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Priporočilo",
        "issuer": {"id": partner, "type": ["Profile"], "name": SL_NAME},
        "credentialSubject": subject,
    }
    header = jwt_header(kid=f"{partner}#key-1")
    return jwt(claims(said), header=header, sign=signs(attacker())).decode()

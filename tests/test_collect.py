"""Collecting revocation answers: asked of whom, judged how, and what is said else."""

from __future__ import annotations

import base64
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp

from authorities import Authorities, Service, answering, failing, giving, listing
from edc_issuer.cms import der
from edc_issuer.cms.ocsp import NONCE, read_request
from edc_issuer.errors import ConfigError
from edc_issuer.fetch import CLOSED, Http
from edc_issuer.keys.testocsp import (
    AnswerPlan,
    TestResponder,
    ocsp_answer,
    responder_plan,
)
from edc_issuer.keys.testpki import Authority, Withdrawn, self_signed
from edc_issuer.trust.caissuers import MAX_STEPS
from edc_issuer.trust.collect import (
    RevocationMissing,
    collect,
    fetch_issuers,
    gather,
)
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult, build_path
from edc_issuer.trust.revocation import path_revocations
from edc_issuer.trust.services import MAX_FETCHES
from pki import AT, DAY, anchor, authority, crl, new_key, root, school_plan, seal

OCSP_AT = "http://ocsp.school-ca.example"
CRL_AT = "http://crl.school-ca.example/1.crl"
ROOT_CRL_AT = "http://crl.root.example/root.crl"
CA_AT = "http://school-ca.example/ca.cer"

TOP = root()
CA = authority(TOP, crl_address=ROOT_CRL_AT)
SEAL = seal(CA, ocsp_address=OCSP_AT, crl_address=CRL_AT, issuer_address=CA_AT)


def responder(above: Authority = CA, **changes: Any) -> Authority:
    key = new_key()
    plan = replace(responder_plan(AT - 50 * DAY), **changes)
    serial = x509.random_serial_number()
    return Authority(above.issue(plan, key.public_key(), serial=serial), key)


RESPONDER = responder()
SERVER = TestResponder(RESPONDER, CA.certificate, (SEAL,))


def path(certificate: x509.Certificate = SEAL) -> PathResult:
    anchors = [anchor(TOP.certificate)]
    return build_path(certificate, pool=[CA.certificate], anchors=anchors, at=AT)


def authorities(**changes: Service | None) -> Authorities:
    """All services as they should be, but for the named ones (None: absent)."""
    services: dict[str, Service | None] = {
        OCSP_AT: answering(SERVER, at=AT),
        CRL_AT: listing(crl(CA)),
        ROOT_CRL_AT: listing(crl(TOP)),
        CA_AT: giving(CA.certificate.public_bytes(Encoding.DER)),
    }
    names = {"ocsp": OCSP_AT, "crl": CRL_AT, "root": ROOT_CRL_AT, "ca": CA_AT}
    services |= {names[name]: service for name, service in changes.items()}
    return Authorities({a: s for a, s in services.items() if s is not None})


def changed(**changes: Any) -> Service:
    """The responder with another answer: what a careless one would give."""
    return answering(
        replace(SERVER, change=lambda plan: replace(plan, **changes)), at=AT
    )


def told(fetcher: Authorities, **changes: Any) -> str:
    """What the refusal says."""
    given = {"at": AT, **changes}
    with pytest.raises(RevocationMissing) as refused:
        collect(path(), fetcher, **given)
    return str(refused.value)


# --- asked of whom ------------------------------------------------------------------


def test_every_certificate_below_the_anchor_gets_its_answer() -> None:
    fetcher = authorities()

    found = collect(path(), fetcher, at=AT)

    assert fetcher.addresses == [("POST", OCSP_AT), ("GET", ROOT_CRL_AT)]
    assert (len(found.ocsp), len(found.crls)) == (1, 1)
    assert found.certificates == (RESPONDER.certificate,)
    statuses = [one.status for one in path_revocations(path(), found, at=AT)]
    assert statuses == ["good", "good"]


def test_a_chain_of_certificates_does_as_well_as_a_path() -> None:
    chain = (SEAL, CA.certificate, TOP.certificate)

    found = collect(chain, authorities(), at=AT)

    assert (len(found.ocsp), len(found.crls)) == (1, 1)
    assert all(one.status == "good" for one in path_revocations(path(), found, at=AT))


def test_the_request_is_what_responders_expect_and_nothing_of_a_file() -> None:
    fetcher = authorities()

    collect(path(), fetcher, at=AT, new_nonce=lambda: b"0123456789abcdef")

    post, get = fetcher.asked
    assert post.content_type == "application/ocsp-request"
    assert "application/ocsp-response" in post.accept
    assert post.signed_answer
    assert get.signed_answer
    assert post.limit < 1024 * 1024 < get.limit
    assert "application/pkix-crl" in get.accept
    asked = read_request(post.body or b"")
    assert [one.serial for one in asked.certificates] == [SEAL.serial_number]
    assert asked.nonce == der.encode(der.OCTET_STRING, b"0123456789abcdef")
    assert b"Zgled" not in (post.body or b"")
    assert get.body is None


def test_a_responder_that_takes_no_post_is_asked_by_get() -> None:
    def only_get(request: Any) -> bytes:
        if request.method == "POST":
            return failing("refused", "HTTP status 405")(request)
        _, _, tail = request.url.removeprefix("http://").partition("/")
        asked = base64.b64decode(urllib.parse.unquote(tail), validate=True)
        assert read_request(asked).nonce is None
        return SERVER.answer(asked, at=AT)

    fetcher = authorities(ocsp=only_get)

    found = collect(path(), fetcher, at=AT)

    assert len(found.ocsp) == 1
    methods = [method for method, url in fetcher.addresses if url.startswith(OCSP_AT)]
    assert methods == ["POST", "GET"]


def test_the_list_is_fetched_where_the_responder_is_silent() -> None:
    fetcher = authorities(ocsp=None)

    found = collect(path(), fetcher, at=AT)

    assert ("GET", CRL_AT) in fetcher.addresses
    assert (len(found.ocsp), len(found.crls)) == (0, 2)


def test_a_list_at_one_address_is_fetched_once() -> None:
    by = responder(extra=(), crl_address=CRL_AT)
    old = listing(crl(CA, made=AT - 20 * DAY, until=AT - 19 * DAY))
    server = answering(replace(SERVER, responder=by), at=AT)
    stale, gone = authorities(ocsp=server, crl=old), authorities(ocsp=server, crl=None)

    said = [told(stale), told(gone)]

    for fetcher in (stale, gone):
        assert [url for _, url in fetcher.addresses].count(CRL_AT) == 1
    seal_name = SEAL.subject.rfc4514_string()
    assert f"{seal_name}: {CRL_AT}: the list at hand is too old" in said[0]
    assert f"{seal_name}: {CRL_AT}: unreachable" in said[1]


def test_lists_may_be_pem() -> None:
    pem = giving(crl(CA).public_bytes(Encoding.PEM))

    assert len(collect(path(), authorities(ocsp=None, crl=pem), at=AT).crls) == 2


def test_what_is_at_hand_is_not_asked_for() -> None:
    fetcher = Authorities({})
    known = Evidence(crls=(crl(CA), crl(TOP), crl(authority(root()))))

    found = collect(path(), fetcher, at=AT, known=known)

    assert fetcher.asked == []
    assert len(found.crls) == 2  # and the one of strangers is left out


def test_what_is_at_hand_and_too_old_is_asked_for_anew() -> None:
    old = {"made": AT - 20 * DAY, "until": AT - 19 * DAY}
    known = Evidence(crls=(crl(CA, **old), crl(TOP)))
    fetcher = authorities()

    found = collect(path(), fetcher, at=AT, known=known)

    assert fetcher.addresses == [("POST", OCSP_AT)]
    assert known.crls[0] not in found.crls


def test_a_shut_door_is_told_as_such() -> None:
    with pytest.raises(RevocationMissing) as refused:
        collect(path(), CLOSED, at=AT)

    assert "offline" in str(refused.value)
    assert refused.value.code == "revocation-missing"
    assert isinstance(refused.value, ConfigError)


def test_without_an_anchor_nobody_is_asked() -> None:
    fetcher = authorities()
    lost = build_path(SEAL, pool=[CA.certificate], anchors=[], at=AT)

    with pytest.raises(ConfigError, match="anchor"):
        collect(lost, fetcher, at=AT)

    assert fetcher.asked == []


# --- pinned -------------------------------------------------------------------------


def pinned(certificate: x509.Certificate) -> PathResult:
    anchors = [anchor(certificate, pinned=True)]
    return build_path(certificate, pool=[], anchors=anchors, at=AT)


def test_a_pinned_certificate_finds_its_issuer_at_hand_or_at_its_address() -> None:
    at_hand, fetched = authorities(), authorities()

    collect(pinned(SEAL), at_hand, at=AT, pool=[CA.certificate])
    collect(pinned(SEAL), fetched, at=AT)

    assert at_hand.addresses == [("POST", OCSP_AT)]
    assert fetched.addresses == [("GET", CA_AT), ("POST", OCSP_AT)]


def test_a_pinned_certificate_whose_issuer_nobody_has_is_told() -> None:
    with pytest.raises(RevocationMissing, match="issuer's certificate"):
        collect(pinned(SEAL), authorities(ca=None), at=AT)


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param({"ocsp_address": OCSP_AT}, id="responder"),
        pytest.param({"crl_address": CRL_AT}, id="list"),
    ],
)
def test_a_pinned_certificate_with_any_service_needs_an_answer(
    addresses: dict[str, Any],
) -> None:
    leaf = seal(CA, **addresses)
    server = answering(replace(SERVER, issued=(leaf,)), at=AT)

    def found(fetcher: Authorities) -> Evidence:
        return collect(pinned(leaf), fetcher, at=AT, pool=[CA.certificate])

    assert found(authorities(ocsp=server))
    with pytest.raises(RevocationMissing, match="unreachable"):
        found(Authorities({}))


def test_a_pinned_certificate_without_a_service_needs_no_answer() -> None:
    own = self_signed(school_plan(), new_key(), serial=9).certificate
    fetcher = authorities()

    assert collect(pinned(own), fetcher, at=AT) == Evidence()
    assert fetcher.asked == []


# --- judged before it is kept -------------------------------------------------------


IMPOSTOR = Authority(RESPONDER.certificate, new_key())


@pytest.mark.parametrize(
    ("service", "words"),
    [
        pytest.param(failing("timeout"), "timeout", id="timeout"),
        pytest.param(failing("refused", "HTTP status 403"), "403", id="refused"),
        pytest.param(giving(b"<html>"), "no OCSP answer", id="page"),
        pytest.param(giving(b""), "no OCSP answer", id="empty"),
        pytest.param(changed(response_status=3), "no OCSP answer", id="try-later"),
        pytest.param(changed(serial=1), "nothing at hand", id="other-serial"),
        pytest.param(
            answering(replace(SERVER, responder=IMPOSTOR), at=AT),
            "nothing at hand",
            id="impostor",
        ),
        pytest.param(answering(SERVER, at=AT - 20 * DAY), "too old", id="stale"),
        pytest.param(changed(status="unknown"), "does not know", id="unknown"),
        pytest.param(
            changed(extensions=((NONCE, False, b"\x04\x01x"),)),
            "another request",
            id="replayed",
        ),
        pytest.param(giving(b"\0" * 300_000), "too-large", id="too-large"),
    ],
)
def test_an_answer_that_settles_nothing_is_not_kept(
    service: Service, words: str
) -> None:
    alone = told(authorities(ocsp=service, crl=None))
    beside_a_list = collect(path(), authorities(ocsp=service), at=AT)

    assert f"{OCSP_AT}: " in alone
    assert words in alone
    assert SEAL.subject.rfc4514_string() in alone
    assert (len(beside_a_list.ocsp), len(beside_a_list.crls)) == (0, 2)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        pytest.param(failing("not-found"), "not-found", id="not-found"),
        pytest.param(giving(b"<html>"), "no revocation list", id="page"),
        pytest.param(
            giving(SEAL.public_bytes(Encoding.DER)), "no revocation list", id="other"
        ),
        pytest.param(
            listing(crl(CA, made=AT - 20 * DAY, until=AT - 19 * DAY)),
            "too old",
            id="stale",
        ),
        pytest.param(
            listing(crl(Authority(CA.certificate, new_key()))),
            "nothing at hand",
            id="impostor",
        ),
        pytest.param(
            listing(crl(CA, extra=(("2.5.29.28", True, b"\x30\x03\x82\x01\xff"),))),
            "about other certificates",
            id="other-scope",
        ),
    ],
)
def test_a_list_that_settles_nothing_is_not_kept(service: Service, words: str) -> None:
    alone = told(authorities(ocsp=None, crl=service))

    assert f"{CRL_AT}: " in alone
    assert words in alone


def test_all_that_stays_open_is_told_at_once() -> None:
    with pytest.raises(RevocationMissing) as refused:
        collect(path(), authorities(ocsp=None, crl=None, root=None), at=AT)

    named = {(one.certificate, one.address) for one in refused.value.problems}
    ca, own = (c.subject.rfc4514_string() for c in (CA.certificate, SEAL))
    assert (own, OCSP_AT) in named
    assert (own, CRL_AT) in named
    assert (ca, ROOT_CRL_AT) in named


def test_a_certificate_that_names_no_address_is_told() -> None:
    silent = seal(CA)

    with pytest.raises(RevocationMissing, match="no address"):
        collect(path(silent), authorities(), at=AT)


def test_what_is_said_is_safe_for_a_terminal() -> None:
    odd = "http://crl.example/\x1b[31m"
    loud = seal(CA, crl_address=odd)

    with pytest.raises(RevocationMissing) as refused:
        collect(path(loud), authorities(), at=AT)

    assert "\x1b" not in str(refused.value)
    assert "crl.example" in str(refused.value)


# --- fresh for when -----------------------------------------------------------------


def test_it_must_be_fresh_for_the_time_that_is_proved() -> None:
    week_old = answering(SERVER, at=AT - 6 * DAY)
    fetcher = authorities(ocsp=week_old, crl=None)

    assert collect(path(), fetcher, at=AT).ocsp
    later = AT + 20 * DAY
    fetcher = authorities(ocsp=week_old, crl=None, root=listing(crl(TOP)))
    assert collect(path(), fetcher, at=later, proved_at=AT).ocsp
    with pytest.raises(RevocationMissing, match="too old"):
        collect(path(), fetcher, at=later)


def test_a_withdrawal_after_the_proved_time_is_no_fault() -> None:
    gone = replace(SERVER, withdrawn=((SEAL.serial_number, AT - DAY),))
    fetcher = authorities(ocsp=answering(gone, at=AT))

    found = collect(path(), fetcher, at=AT, proved_at=AT - 2 * DAY)

    assert len(found.ocsp) == 1


def test_bad_news_ends_the_search() -> None:
    gone = replace(SERVER, withdrawn=((SEAL.serial_number, AT - DAY),))
    fetcher = authorities(ocsp=answering(gone, at=AT))

    said = told(fetcher)

    assert "withdrawn on 2026-11-19" in said
    assert ("GET", CRL_AT) not in fetcher.addresses


def test_bad_news_at_hand_outweighs_good_news_at_hand() -> None:
    line = Withdrawn(SEAL.serial_number, AT - DAY)
    bad = crl(CA, withdrawn=(line,), number=2)
    fetcher = authorities()

    said = told(fetcher, known=Evidence(crls=(crl(CA), bad, crl(TOP))))

    assert "withdrawn on 2026-11-19" in said
    assert fetcher.asked == []


def test_a_withdrawal_is_an_answer_for_whoever_judges() -> None:
    gone = replace(SERVER, withdrawn=((SEAL.serial_number, AT - DAY),))
    fetcher = authorities(ocsp=answering(gone, at=AT))

    found = gather(path(), fetcher, at=AT)

    verdicts = path_revocations(path(), found.evidence, at=AT)
    assert [one.reason for one in verdicts] == ["revoked-no-poe", ""]
    (problem,) = found.problems
    assert "withdrawn" in problem.why
    assert gather(path(), authorities(), at=AT).problems == ()


def test_whoever_judges_gets_what_is_authentic_and_nothing_else() -> None:
    old = answering(SERVER, at=AT - 20 * DAY)
    forged = listing(crl(Authority(CA.certificate, new_key())))

    found = gather(path(), authorities(ocsp=old, crl=forged), at=AT)

    assert (len(found.evidence.ocsp), len(found.evidence.crls)) == (1, 1)
    verdicts = path_revocations(path(), found.evidence, at=AT)
    assert [one.reason for one in verdicts] == ["stale", ""]
    assert gather(path(), CLOSED, at=AT).evidence == Evidence()


# --- a responder that may be withdrawn itself ---------------------------------------


def test_a_responder_without_nocheck_is_asked_about_too() -> None:
    own_list = "http://crl.school-ca.example/responders.crl"
    by = responder(extra=(), crl_address=own_list)
    server = replace(SERVER, responder=by)
    fetcher = authorities(ocsp=answering(server, at=AT), crl=None)
    fetcher.services = {**fetcher.services, own_list: listing(crl(CA))}

    found = collect(path(), fetcher, at=AT)

    assert ("GET", own_list) in fetcher.addresses
    assert (len(found.ocsp), len(found.crls)) == (1, 2)
    assert by.certificate in found.certificates
    assert all(one.status == "good" for one in path_revocations(path(), found, at=AT))


def test_a_responder_that_nobody_vouches_for_settles_nothing() -> None:
    server = replace(SERVER, responder=responder(extra=()))
    fetcher = authorities(ocsp=answering(server, at=AT), crl=None)

    assert "own signer" in told(fetcher)
    beside = authorities(ocsp=answering(server, at=AT))
    assert len(collect(path(), beside, at=AT).crls) == 2


def test_a_responder_that_asks_itself_ends() -> None:
    by = responder(extra=(), ocsp_address=OCSP_AT)
    server = TestResponder(by, CA.certificate, (SEAL, by.certificate))
    fetcher = authorities(ocsp=answering(server, at=AT), crl=None)

    told(fetcher)

    assert len(fetcher.asked) <= MAX_FETCHES


def test_a_long_row_of_responders_ends() -> None:
    servers: dict[str, Service] = {}
    previous = SEAL
    for number in range(8):
        address = OCSP_AT if number == 0 else f"{OCSP_AT}/{number}"
        by = responder(extra=(), ocsp_address=f"{OCSP_AT}/{number + 1}")
        server = TestResponder(by, CA.certificate, (previous,))
        servers[address] = answering(server, at=AT)
        previous = by.certificate
    fetcher = authorities(crl=None)
    fetcher.services = {**fetcher.services, **servers}

    told(fetcher)

    asked = [url for method, url in fetcher.addresses if method == "POST"]
    assert asked == [OCSP_AT, f"{OCSP_AT}/1", f"{OCSP_AT}/2"]


# --- bounds -------------------------------------------------------------------------


def test_addresses_that_are_no_web_addresses_are_skipped() -> None:
    leaf = seal(CA, crl_address="ldap://directory.example/cn=ca")
    fetcher = authorities()

    with pytest.raises(RevocationMissing, match="no address"):
        collect(path(leaf), fetcher, at=AT)

    assert fetcher.addresses == [("GET", ROOT_CRL_AT)]


def test_of_very_many_addresses_only_the_first_are_asked() -> None:
    names = [
        der.encode(0x86, f"http://crl.example/{n}.crl".encode()) for n in range(100)
    ]
    name = der.encode(0xA0, der.encode(0xA0, *names))
    many = der.sequence(der.sequence(name))
    leaf = seal(CA, extra=(("2.5.29.31", False, many),))
    fetcher = authorities()

    with pytest.raises(RevocationMissing):
        collect(path(leaf), fetcher, at=AT)

    asked = [url for _, url in fetcher.addresses if "crl.example/" in url]
    assert len([url for url in asked if url != ROOT_CRL_AT]) == 3


def test_a_long_chain_does_not_ask_without_end() -> None:
    above = root()
    chain: list[x509.Certificate] = []
    for _ in range(9):
        above = authority(
            above, path_length=None, crl_address=CRL_AT, ocsp_address=OCSP_AT
        )
        chain.insert(0, above.certificate)
    fetcher = Authorities({})

    with pytest.raises(RevocationMissing, match="too many addresses"):
        collect((*chain, root().certificate), fetcher, at=AT)

    assert len(fetcher.asked) == MAX_FETCHES


# --- issuers ------------------------------------------------------------------------


def test_an_issuer_is_fetched_from_the_address_in_the_certificate() -> None:
    fetcher = authorities()

    found = fetch_issuers(SEAL, fetcher)

    assert found == (CA.certificate,)
    (asked,) = fetcher.asked
    assert asked.url == CA_AT
    assert asked.signed_answer
    assert asked.body is None
    path_with_it = build_path(
        SEAL, pool=found, anchors=[anchor(TOP.certificate)], at=AT
    )
    assert path_with_it.is_good


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(CA.certificate.public_bytes(Encoding.PEM), id="pem"),
        pytest.param(
            pkcs7.serialize_certificates(
                [TOP.certificate, CA.certificate], Encoding.DER
            ),
            id="p7c",
        ),
        pytest.param(
            pkcs7.serialize_certificates([CA.certificate], Encoding.PEM), id="p7c-pem"
        ),
    ],
)
def test_issuers_come_in_all_usual_encodings(encoded: bytes) -> None:
    found = fetch_issuers(SEAL, authorities(ca=giving(encoded)))

    assert CA.certificate in found


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(failing("timeout"), id="timeout"),
        pytest.param(giving(b""), id="empty"),
        pytest.param(giving(b"<html>"), id="page"),
        pytest.param(giving(b"\x30\x80\x06\x00"), id="garbage"),
        pytest.param(giving(crl(CA).public_bytes(Encoding.DER)), id="list"),
        pytest.param(
            giving(authority(root()).certificate.public_bytes(Encoding.DER)),
            id="another-authority",
        ),
        pytest.param(giving(b"\0" * 2_000_000), id="too-large"),
    ],
)
def test_what_is_no_issuer_is_left_out(service: Service) -> None:
    assert fetch_issuers(SEAL, authorities(ca=service)) == ()
    assert fetch_issuers(SEAL, authorities()) == (CA.certificate,)


def test_issuers_of_issuers_are_fetched_up_to_the_root() -> None:
    top_at = "http://root.example/root.cer"
    middle = authority(TOP, path_length=None, issuer_address=top_at)
    low = authority(middle, issuer_address=CA_AT)
    leaf = seal(low, issuer_address=OCSP_AT)
    encoded = {
        OCSP_AT: low.certificate,
        CA_AT: middle.certificate,
        top_at: TOP.certificate,
    }
    fetcher = Authorities(
        {url: giving(c.public_bytes(Encoding.DER)) for url, c in encoded.items()}
    )

    found = fetch_issuers(leaf, fetcher)

    assert found == (low.certificate, middle.certificate, TOP.certificate)
    assert len(fetcher.asked) == 3  # a root is not asked who is above it


def test_a_root_is_not_asked_who_is_above_it() -> None:
    own = root(issuer_address=CA_AT).certificate
    fetcher = authorities()

    assert fetch_issuers(own, fetcher) == ()
    assert fetcher.asked == []


def test_issuers_that_name_each_other_end() -> None:
    one_key, other_key = new_key(), new_key()
    one_name, other_name = (("2.5.4.3", "One"),), (("2.5.4.3", "Other"),)
    one = authority(TOP, key=one_key, subject=one_name)
    other = authority(one, key=other_key, subject=other_name, issuer_address=CA_AT)
    again = authority(other, key=one_key, subject=one_name, issuer_address=OCSP_AT)
    leaf = seal(again, issuer_address=CRL_AT)
    encoded = {CRL_AT: again, OCSP_AT: other, CA_AT: again}
    fetcher = Authorities(
        {
            url: giving(one.certificate.public_bytes(Encoding.DER))
            for url, one in encoded.items()
        }
    )

    found = fetch_issuers(leaf, fetcher)

    assert set(found) == {again.certificate, other.certificate}
    assert len(fetcher.asked) <= MAX_STEPS


def test_what_was_fetched_is_no_anchor() -> None:
    found = fetch_issuers(SEAL, authorities())

    result = build_path(SEAL, pool=found, anchors=[], at=AT)

    assert result.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


# --- over a real connection ---------------------------------------------------------


@contextmanager
def served(services: dict[str, Any]) -> Iterator[str]:
    """A web server on loopback; services by path, from body to (status, answer)."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            found = services.get(self.path)
            status, data = found(body) if found else (404, b"")
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_answers_come_over_plain_http_because_they_are_signed() -> None:
    issued: list[x509.Certificate] = []

    def answers(body: bytes) -> tuple[int, bytes]:
        server = TestResponder(RESPONDER, CA.certificate, tuple(issued))
        return 200, server.answer(body, at=AT)

    listed = crl(CA).public_bytes(Encoding.DER)
    services = {
        "/ocsp": answers,
        "/ca.crl": lambda _: (200, listed),
        "/ca.cer": lambda _: (200, CA.certificate.public_bytes(Encoding.DER)),
    }
    with served(services) as base:
        by_ocsp = seal(CA, ocsp_address=f"{base}/ocsp", issuer_address=f"{base}/ca.cer")
        by_list = seal(CA, ocsp_address=f"{base}/gone", crl_address=f"{base}/ca.crl")
        issued += [by_ocsp, by_list]
        fetcher = Http(allow_private=True)

        issuers = fetch_issuers(by_ocsp, fetcher)
        answer = collect((by_ocsp, *issuers), fetcher, at=AT)
        lists = collect((by_list, CA.certificate), fetcher, at=AT)
        with pytest.raises(RevocationMissing, match="refused"):
            collect((by_ocsp, *issuers), Http(), at=AT)  # the guard of fetching

    assert issuers == (CA.certificate,)
    assert len(answer.ocsp) == 1
    assert len(lists.crls) == 1


# --- by hand ------------------------------------------------------------------------


def test_a_responder_in_the_pool_answers_without_its_certificate() -> None:
    bare = changed(certificates=())
    fetcher = authorities(ocsp=bare, crl=None)

    assert "nothing at hand" in told(fetcher)
    found = collect(path(), fetcher, at=AT, pool=[RESPONDER.certificate])
    assert found.certificates == (RESPONDER.certificate,)


def test_an_answer_of_the_issuer_itself_brings_no_certificate() -> None:
    by_issuer = ocsp_answer(CA, AnswerPlan(SEAL, CA.certificate, AT, AT + DAY))
    fetcher = authorities(ocsp=giving(by_issuer))

    found = collect(path(), fetcher, at=AT)

    assert found.certificates == ()
    (answer,) = found.ocsp
    assert answer.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL

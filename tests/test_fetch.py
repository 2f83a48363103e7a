"""The door to the network: whom it lets us ask, for how long, and for how much.

Attack rows 31 and 32, and theme 23 (inner addresses behind addresses in files).
"""

from __future__ import annotations

import gzip
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edc_issuer.errors import FetchError
from edc_issuer.fetch import (
    CLOSED,
    Credentials,
    Fetched,
    Http,
    Limits,
    Request,
    Response,
)
from edc_issuer.fetch.guard import MAX_URL, Forbidden, permitted, target
from web import HOST, Web, answer, dripping, moved, serving, silent, web

SHORT = Limits(connect_s=0.3, total_s=0.3)


def home(*_: Any) -> Sequence[str]:
    """A resolver for which every host is this machine."""
    return ["127.0.0.1"]


def http(**options: Any) -> Http:
    """A fetcher that may ask this machine."""
    given_: dict[str, Any] = {"allow_private": True, "resolve": home}
    return Http(**{**given_, **options})


def asked(url: str, **changes: Any) -> Request:
    """A request for something that is signed itself, so that http will do."""
    return Request(url, **{"signed_answer": True, **changes})


def refused(fetcher: Http, request: Request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(request)
    return caught.value


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.fixture
def secure(tmp_path: Path) -> Web:
    return web(tmp_path)


# --- what is fetched ----------------------------------------------------------------


def test_an_answer_is_handed_on_as_it_came() -> None:
    body = "Училиште – šola\r\n\0".encode()
    with serving(answer(body, headers=("Content-Type: text/plain",))) as server:
        url = server.url("/a/b?c=d#e")
        response = http().fetch(asked(url))

    assert response == Response(url, 200, "text/plain", body)
    assert server.requests[0].startswith(b"GET /a/b?c=d HTTP/1.1\r\n")


def test_a_secure_answer_is_handed_on(secure: Web) -> None:
    with serving(answer(b"da"), tls=secure.server) as server:
        fetcher = http(ssl_context=secure.client)
        response = fetcher.fetch(Request(server.url(scheme="https")))

    assert response.body == b"da"


def test_a_question_with_a_body_is_sent_whole() -> None:
    body = bytes(range(256)) * 300
    with serving(answer(b"ok")) as server:
        request = asked(server.url(), method="POST", content_type="a/b", body=body)
        http().fetch(request)

    head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    assert sent == body
    assert b"Content-Type: a/b" in head


def test_nothing_is_sent_that_was_not_asked_for() -> None:
    with serving(answer(b"")) as server:
        http().fetch(asked(server.url(), accept="application/did+json"))

    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "GET / HTTP/1.1"
    assert sorted(filter(None, lines[1:])) == [
        "Accept-Encoding: identity",
        "Accept: application/did+json",
        "Connection: close",
        f"Host: {HOST}:{server.port}",
        "User-Agent: edc-issuer",
    ]


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6 loopback")
def test_an_ipv6_address_is_asked_by_its_name() -> None:
    with serving(answer(b"six"), address="::1") as server:
        url = server.url(host="[::1]")
        response = Http(private_hosts=["[::1]"]).fetch(asked(url))

    assert response.body == b"six"
    assert f"Host: [::1]:{server.port}\r\n".encode() in server.requests[0]


def test_a_closed_door_answers_nothing() -> None:
    with pytest.raises(FetchError) as caught:
        CLOSED.fetch(asked("https://šola.example/"))

    assert caught.value.why == "offline"


def test_nothing_for_the_network_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, edc_issuer.fetch, edc_issuer.timestamp;"
        "print(*sorted({'httpcore', 'h11', 'certifi'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]

    run = subprocess.run(command, capture_output=True, text=True, check=True)

    assert run.stdout.strip() == ""


# --- which addresses are read -------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("/etc/passwd", id="path"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("ftp://example.org/", id="ftp"),
        pytest.param("gopher://example.org/", id="gopher"),
        pytest.param("ldap://example.org/cn=x", id="ldap"),
        pytest.param("HTTP+unix://%2Fvar/", id="unix-socket"),
        pytest.param("https://", id="no-host"),
        pytest.param("https:///path", id="no-host-but-a-path"),
        pytest.param("https://me@example.org/", id="user"),
        pytest.param("https://me:secret@example.org/", id="user-and-password"),
        pytest.param("https://example.org@127.0.0.1/", id="user-that-looks-like-host"),
        pytest.param("https://example.org\\@127.0.0.1/", id="backslash"),
        pytest.param("https://example.org/a b", id="space"),
        pytest.param("https://example.org/\r\nX: y", id="header-injection"),
        pytest.param("https://example.org/\t", id="tab"),
        pytest.param("https://šola.example/", id="letters-beyond-ascii"),
        pytest.param("https://ⓔxample.org/", id="letters-that-become-others"),
        pytest.param("https://example.org:0/", id="port-0"),
        pytest.param("https://example.org:22/", id="port-22"),
        pytest.param("https://example.org:25/", id="port-25"),
        pytest.param("https://example.org:99999/", id="port-too-high"),
        pytest.param("https://example.org:x/", id="port-no-number"),
        pytest.param("https://exam..ple.org/", id="empty-label"),
        pytest.param("https://-example.org/", id="leading-hyphen"),
        pytest.param(f"https://{'a' * 64}.org/", id="long-label"),
        pytest.param(f"https://{'a.' * 130}org/", id="long-host"),
        pytest.param("https://exam%70le.org/", id="escape-in-host"),
        pytest.param("https://[::1/", id="open-bracket"),
        pytest.param("https://[fe80::1%25eth0]/", id="zone"),
        pytest.param("https://2130706433/", id="decimal"),
        pytest.param("https://0x7f000001/", id="hexadecimal"),
        pytest.param("https://0x7f.0.0.1/", id="hexadecimal-part"),
        pytest.param("https://0177.0.0.1/", id="octal"),
        pytest.param("https://127.1/", id="two-parts"),
        pytest.param("https://127.0.0.1.0x0/", id="number-behind"),
        pytest.param("https://example.org/" + "a" * MAX_URL, id="too-long"),
    ],
)
def test_these_addresses_are_not_asked(url: str) -> None:
    def nowhere(host: str, port: int) -> Sequence[str]:
        raise AssertionError(f"{host} was looked up")

    error = refused(http(resolve=nowhere), asked(url))

    assert error.why == "refused"
    assert error.detail


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://Example.ORG", "example.org", 443, "/"),
        ("https://example.org./a?b=c#d", "example.org", 443, "/a?b=c"),
        ("https://xn--ola-9qa.example/", "xn--ola-9qa.example", 443, "/"),
        ("https://example.org:8443/", "example.org", 8443, "/"),
        ("http://tsa.example:318/", "tsa.example", 318, "/"),
        ("http://example.org", "example.org", 80, "/"),
        ("https://93.184.215.14/", "93.184.215.14", 443, "/"),
        ("https://[2606:2800:21F:0::1]/", "2606:2800:21f::1", 443, "/"),
        ("https://a_b.example/?x", "a_b.example", 443, "/?x"),
    ],
)
def test_addresses_are_taken_apart(url: str, host: str, port: int, path: str) -> None:
    found = target(url, plain=True)

    assert (found.host, found.port, found.path) == (host, port, path)


def test_plain_http_is_for_answers_that_are_signed_themselves() -> None:
    with serving(answer(b"crl")) as server:
        assert http().fetch(asked(server.url())).body == b"crl"
        error = refused(http(), Request(server.url()))

    assert (error.why, error.detail) == ("refused", "not an https address")
    assert len(server.requests) == 1


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_forbidden(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example{text}"):
        try:
            found = target(url, plain=True)
        except Forbidden:
            continue
        assert found.host
        assert "@" not in found.host


# --- where they lead ----------------------------------------------------------------

INNER = (
    *("127.0.0.1", "127.8.8.8", "::1", "10.0.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "fd00::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1"),
)
NEVER = (
    *("0.0.0.0", "0.1.2.3", "169.254.169.254", "fe80::1", "fe80::1%eth0", "::"),
    *("224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255", "240.0.0.1"),
    *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fec0::1"),
)
PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e")


@pytest.mark.parametrize("address", [*INNER, *NEVER, "100.64.0.1", "192.0.2.1"])
def test_an_inner_address_is_not_asked(address: str) -> None:
    fetcher = Http(resolve=lambda host, port: [address])

    error = refused(fetcher, asked("https://nip.example/"))

    assert error.why == "refused"
    assert "not public" in error.detail


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert permitted([address], private=False) == (address,)


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_may_be_asked_where_the_operator_says_so(
    address: str,
) -> None:
    assert permitted([address], private=True) == (address,)


@pytest.mark.parametrize("address", NEVER)
def test_where_clouds_keep_their_keys_nobody_may_ask(address: str) -> None:
    with pytest.raises(Forbidden):
        permitted([address], private=True)


def test_one_inner_address_among_public_ones_forbids_the_host() -> None:
    with pytest.raises(Forbidden):
        permitted(["93.184.215.14", "127.0.0.1"], private=False)
    with pytest.raises(Forbidden):
        permitted([], private=False)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:{port}/", "http://localhost:{port}/"),
        *("http://[::ffff:127.0.0.1]:{port}/", "http://0.0.0.0:{port}/"),
        *("http://2130706433:{port}/", "http://0x7f000001:{port}/"),
        "http://127.1:{port}/",
    ],
)
def test_this_machine_is_not_reached_by_any_spelling(url: str) -> None:
    with serving(answer(b"secret")) as server:
        error = refused(Http(limits=SHORT), asked(url.format(port=server.port)))

    assert error.why == "refused"
    assert server.requests == []


def test_a_host_of_the_inner_network_may_be_named() -> None:
    with serving(answer(b"tst")) as server:
        named = Http(private_hosts=[HOST.upper()], resolve=home)
        assert named.fetch(asked(server.url())).body == b"tst"

        error = refused(named, asked(server.url(host="other.example")))

    assert error.why == "refused"


def test_only_hosts_on_the_list_are_asked() -> None:
    with serving(answer(b"ok")) as server:
        fetcher = http(allow_hosts=[HOST.upper()])
        assert fetcher.fetch(asked(server.url())).body == b"ok"

        error = refused(fetcher, asked(server.url(host=f"{HOST}.evil.example")))

    assert "among the hosts" in error.detail


def test_an_empty_list_of_hosts_allows_none() -> None:
    assert refused(http(allow_hosts=()), asked("https://a.example/")).why == "refused"


class Rebinding:
    """A name server that gives another answer every time (attack row 32)."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.questions.append(host)
        return [self.answers.pop(0)]


def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    with serving(answer(b"judged")) as server:
        names = Rebinding("127.0.0.1", "169.254.169.254")
        response = http(resolve=names).fetch(asked(server.url()))

    assert response.body == b"judged"
    assert names.questions == [HOST]


def test_a_name_that_leads_elsewhere_after_a_redirect_is_judged_again() -> None:
    with serving(moved("/there"), answer(b"")) as server:
        names = Rebinding("127.0.0.1", "169.254.169.254")
        error = refused(http(resolve=names), asked(server.url()))

    assert error.why == "refused"
    assert "169.254.169.254" in error.detail
    assert len(server.requests) == 1


def test_the_next_address_of_a_host_is_tried() -> None:
    with serving(answer(b"second")) as server:
        both = http(resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
        response = both.fetch(asked(server.url()))

    assert response.body == b"second"


# --- who answers --------------------------------------------------------------------


def test_a_certificate_of_an_unknown_authority_is_not_trusted(secure: Web) -> None:
    with serving(answer(b"no"), tls=secure.server) as server:
        error = refused(http(), Request(server.url(scheme="https")))

    assert error.why == "refused"
    assert "certificate" in error.detail


def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path) -> None:
    other = web(tmp_path, host="other.example")
    with serving(answer(b"no"), tls=other.server) as server:
        fetcher = http(ssl_context=other.client)
        error = refused(fetcher, Request(server.url(scheme="https")))

    assert error.why == "refused"
    assert "certificate" in error.detail


def test_a_server_without_tls_is_not_asked_plainly_instead(secure: Web) -> None:
    with serving(answer(b"plain")) as server:
        fetcher = http(ssl_context=secure.client, limits=SHORT)
        error = refused(fetcher, Request(server.url(scheme="https")))

    assert error.why in ("refused", "timeout")
    assert not any(b"GET" in request for request in server.requests)


def test_nobody_at_home_is_unreachable() -> None:
    with serving(answer()) as server:
        pass

    assert refused(http(), asked(server.url())).why == "unreachable"


def test_a_name_that_is_not_found_is_unreachable() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    assert refused(http(resolve=unknown), asked("https://a.example/")).why == (
        "unreachable"
    )


# --- what they answer ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("404 Not Found", "not-found"),
        ("410 Gone", "not-found"),
        ("401 Unauthorized", "refused"),
        ("403 Forbidden", "refused"),
        ("300 Multiple Choices", "refused"),
        ("304 Not Modified", "refused"),
        ("408 Request Timeout", "unavailable"),
        ("429 Too Many Requests", "unavailable"),
        ("500 Internal Server Error", "unavailable"),
        ("503 Service Unavailable", "unavailable"),
    ],
)
def test_an_answer_that_is_none_has_a_reason(status: str, why: str) -> None:
    with serving(answer(b"<html>", status=status)) as server:
        error = refused(http(), asked(server.url()))

    assert error.why == why
    assert status[:3] in error.detail


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="another-protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", id="bad-length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            id="two-lengths",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", id="cut-short"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="chunks"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 60_000, id="head-too-long"),
    ],
)
def test_what_is_not_http_is_refused(said: bytes) -> None:
    with serving(said) as server:
        error = refused(http(), asked(server.url()))

    assert error.why in ("refused", "unreachable")


def test_random_bytes_come_out_as_an_answer_or_a_fetch_error() -> None:
    chance = random.Random(3)
    good = answer(b"abc", headers=("Content-Type: text/plain", "Location: /x"))
    said = [spoiled(good, chance) for _ in range(120)]
    outcomes: set[type] = set()
    with serving(*said) as server:
        for _ in said:
            try:
                outcomes.add(type(http(limits=SHORT).fetch(asked(server.url()))))
            except FetchError as error:
                outcomes.add(type(error))

    assert outcomes == {Response, FetchError}


def spoiled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


# --- how much -----------------------------------------------------------------------


def chunked(*parts: bytes) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n" % body


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        pytest.param(answer(bytes(1000)), True, id="just-fits"),
        pytest.param(answer(bytes(1001)), False, id="one-too-many"),
        pytest.param(chunked(bytes(600), bytes(400)), True, id="chunks-that-fit"),
        pytest.param(chunked(bytes(600), bytes(401)), False, id="chunks-too-many"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n",
            False,
            id="announced",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n\r\n" + bytes(2000), False, id="until-it-closes"
        ),
    ],
)
def test_no_more_is_read_than_was_asked_for(said: bytes, fits: bool) -> None:
    with serving(said) as server:
        request = asked(server.url(), limit=1000)
        if fits:
            assert len(http().fetch(request).body) == 1000
        else:
            assert refused(http(), request).why == "too-large"


def test_an_endless_answer_ends_at_the_limit() -> None:
    start = b"HTTP/1.1 200 OK\r\n\r\n"
    with serving(dripping(start, bytes(100_000))) as server:
        error = refused(http(), asked(server.url(), limit=300_000))

    assert error.why == "too-large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x-gzip", "gzip, gzip"])
def test_what_is_packed_is_not_unpacked(encoding: str) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    said = answer(bomb, headers=(f"Content-Encoding: {encoding}",))
    with serving(said) as server:
        error = refused(http(), asked(server.url()))

    assert (error.why, error.detail) == ("refused", "an answer that is packed")


# --- for how long -------------------------------------------------------------------


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param(silent, id="silence"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX: "), id="head-drop-by-drop"),
        pytest.param(
            dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
            id="body-drop-by-drop",
        ),
        pytest.param(
            dripping(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"
            ),
            id="chunk-by-chunk",
        ),
    ],
)
def test_who_talks_too_slowly_is_not_listened_to(slow: Any) -> None:
    with serving(slow) as server:
        error = refused(http(limits=SHORT), asked(server.url()))

    assert error.why == "timeout"


def test_who_talks_too_slowly_in_secret_is_not_listened_to(secure: Web) -> None:
    slow = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
    with serving(slow, tls=secure.server) as server:
        fetcher = http(limits=SHORT, ssl_context=secure.client)
        error = refused(fetcher, Request(server.url(scheme="https")))

    assert error.why == "timeout"


def test_a_silent_handshake_ends() -> None:
    with serving(silent) as server:
        error = refused(http(limits=SHORT), Request(server.url(scheme="https")))

    assert error.why == "timeout"


def test_redirects_share_the_time() -> None:
    def late(talking: socket.socket) -> None:
        time.sleep(0.3)
        talking.sendall(moved("/next"))

    with serving(late) as server:
        error = refused(http(limits=Limits(total_s=0.8)), asked(server.url()))

    assert error.why == "timeout"
    assert len(server.requests) > 1


# --- where they send us on ----------------------------------------------------------


@pytest.mark.parametrize("status", ["301 A", "302 A", "303 A", "307 A", "308 A"])
def test_a_redirect_on_the_same_host_is_followed(status: str) -> None:
    with serving(moved("b?c", status=status), answer(b"there")) as server:
        response = http().fetch(asked(server.url("/a/x")))

    assert (response.url, response.body) == (server.url("/a/b?c"), b"there")


@pytest.mark.parametrize(
    "location",
    [
        "http://other.example/",
        "//other.example/",
        "http://127.0.0.1/",
        "https://me@{host}/",
        "file:///etc/passwd",
        "http://{host}:22/",
        "http://[::1",
        "http://{host}.evil.example/",
    ],
)
def test_a_redirect_elsewhere_is_refused(location: str) -> None:
    with serving(moved(location.format(host=HOST))) as server:
        error = refused(http(), asked(server.url()))

    assert error.why == "refused"
    assert len(server.requests) == 1


def test_a_redirect_from_https_to_http_is_refused(secure: Web) -> None:
    with (
        serving(answer(b"plain")) as plain,
        serving(moved(plain.url()), tls=secure.server) as server,
    ):
        fetcher = http(ssl_context=secure.client)
        error = refused(fetcher, asked(server.url(scheme="https")))

    assert error.why == "refused"
    assert plain.requests == []


def test_a_redirect_from_http_to_https_is_followed(secure: Web) -> None:
    with (
        serving(answer(b"safe"), tls=secure.server) as server,
        serving(moved(server.url(scheme="https"))) as plain,
    ):
        fetcher = http(ssl_context=secure.client)
        assert fetcher.fetch(asked(plain.url())).body == b"safe"


@pytest.mark.parametrize("location", ["/", "/loop", ""])
def test_a_circle_of_redirects_ends(location: str) -> None:
    with serving(moved(location)) as server:
        error = refused(http(), asked(server.url()))

    assert error.why == "refused"
    assert len(server.requests) == Limits().redirects + 1


@pytest.mark.parametrize(("status", "followed"), [("307 A", True), ("302 A", False)])
def test_a_question_is_sent_on_only_as_it_is(status: str, followed: bool) -> None:
    with serving(moved("/tsa", status=status), answer(b"token")) as server:
        request = asked(server.url(), method="POST", body=b"query")
        if followed:
            assert http().fetch(request).body == b"token"
            assert server.requests[1].endswith(b"query")
        else:
            assert refused(http(), request).why == "refused"


# --- passwords ----------------------------------------------------------------------

PAID = Credentials("šola", "geslo:ж")


def test_a_password_goes_over_https_to_the_address_it_is_for(secure: Web) -> None:
    with serving(answer(b"ok"), tls=secure.server) as server:
        url = server.url(scheme="https")
        http(ssl_context=secure.client).fetch(asked(url, credentials=PAID))

    assert b"\r\nAuthorization: Basic xaFvbGE6Z2VzbG860LY=\r\n" in server.requests[0]


def test_a_password_is_not_sent_in_the_clear() -> None:
    with serving(answer(b"ok")) as server:
        error = refused(http(), asked(server.url(), credentials=PAID))

    assert error.why == "refused"
    assert server.requests == []


def test_a_password_is_not_sent_on(secure: Web) -> None:
    with serving(moved("/elsewhere"), tls=secure.server) as server:
        url = server.url(scheme="https")
        fetcher = http(ssl_context=secure.client)
        error = refused(fetcher, asked(url, credentials=PAID))

    assert error.why == "refused"
    assert len(server.requests) == 1


def test_a_password_is_not_shown() -> None:
    assert "geslo" not in repr(asked("https://a.example/", credentials=PAID))


# --- what is taken along, and what is kept ------------------------------------------


def test_no_proxy_password_or_cookie_comes_from_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login me password secret\n")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    said = answer(b"ok", headers=("Set-Cookie: id=1; Path=/",))

    with serving(said) as server:
        fetcher = http()
        for _ in range(2):
            assert fetcher.fetch(asked(server.url())).body == b"ok"

    sent = b"".join(server.requests).lower()
    assert b"cookie" not in sent
    assert b"authorization" not in sent


def test_an_address_from_a_file_is_shown_without_its_tricks() -> None:
    url = "https://a.example/\x1b[2J\u202egnp.ђ" + "a" * 5000

    error = refused(http(), asked(url))

    assert str(error).isprintable()
    assert len(str(error)) < 400
    assert error.url == url


def test_everything_that_was_asked_is_in_the_log() -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with serving(
        moved("/b"), answer(b"abc"), answer(b"", status="404 Not Found")
    ) as server:
        fetcher = http(allow_hosts=[HOST])
        fetcher.fetch(asked(server.url("/a")))
        refused(fetcher, asked(server.url("/c")))
        refused(fetcher, asked("http://x.example/"))

    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert fetcher.log == (
        Fetched(server.url("/a"), "GET", 302, 0, nothing, None),
        Fetched(server.url("/b"), "GET", 200, 3, digest, None),
        Fetched(server.url("/c"), "GET", 404, 0, nothing, "not-found"),
        Fetched("http://x.example/", "GET", None, 0, None, "refused"),
    )


def test_several_threads_may_ask_at_once() -> None:
    with serving(answer(b"ok")) as server:
        fetcher = http()

        def ask() -> None:
            fetcher.fetch(asked(server.url()))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [line.status for line in fetcher.log] == [200] * 8

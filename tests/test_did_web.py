"""did:web: from the DID to the one address of its document, or to a refusal.

Clauses are those of the did:web Method Specification; rows those of the attack table.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edc_issuer.errors import Malformed
from edc_issuer.fetch.guard import Forbidden
from edc_issuer.keys.did_web import MAX_DID_WEB, did_web, document_url
from edc_issuer.trust.controllers import refuse_address
from edc_issuer.trust.did import keys_at


@pytest.mark.parametrize(
    ("did", "url"),
    [
        # The three examples of the specification, and one with all of it.
        (
            "did:web:w3c-ccg.github.io",
            "https://w3c-ccg.github.io/.well-known/did.json",
        ),
        (
            "did:web:w3c-ccg.github.io:user:alice",
            "https://w3c-ccg.github.io/user/alice/did.json",
        ),
        (
            "did:web:example.com%3A3000",
            "https://example.com:3000/.well-known/did.json",
        ),
        (
            "did:web:example.com%3A3000:user:alice",
            "https://example.com:3000/user/alice/did.json",
        ),
        (
            "did:web:xn--ola-zgled-1ob.example:zna%C4%8Dke",
            "https://xn--ola-zgled-1ob.example/zna%C4%8Dke/did.json",
        ),
    ],
)
def test_read_steps_1_to_5_give_the_address_of_the_document(did: str, url: str) -> None:
    assert document_url(did) == url
    assert keys_at(f"{did}#key-1") == url
    refuse_address(url)


@pytest.mark.parametrize(
    "did",
    [
        pytest.param("did:web:127.0.0.1", id="row-30-loopback"),
        pytest.param("did:web:127.0.0.1%3A8443", id="row-30-loopback-with-port"),
        pytest.param("did:web:169.254.169.254", id="row-30-cloud"),
        pytest.param("did:web:0.0.0.0", id="row-30-any"),
        pytest.param("did:web:[::1]", id="row-30-ipv6"),
        pytest.param("did:web:%5B%3A%3A1%5D", id="row-30-ipv6-coded"),
        pytest.param("did:web:2130706433", id="row-30-decimal"),
        pytest.param("did:web:0x7f.1", id="row-30-hexadecimal"),
        pytest.param("did:web:127.1", id="row-30-short"),
        pytest.param("did:web:zgled.example.", id="row-30-trailing-dot"),
        pytest.param("did:web:zgled.example%2F..%2Fx", id="row-30-slash-in-host"),
        pytest.param("did:web:zgled.example:%2F..%2Fx", id="row-30-slash-in-path"),
        pytest.param("did:web:zgled.example:..:x", id="row-30-upwards"),
        pytest.param("did:web:zgled.example:%2e%2E:x", id="row-30-upwards-coded"),
        pytest.param("did:web:a@b.example", id="row-30-user"),
        pytest.param("did:web:a%40b.example", id="row-30-user-coded"),
        pytest.param("did:web:zgled.example%3A", id="no-port"),
        pytest.param("did:web:zgled.example%3A0", id="port-0"),
        pytest.param("did:web:zgled.example%3A65536", id="port-too-large"),
        pytest.param("did:web:zgled.example%3A80%3A90", id="two-ports"),
        pytest.param("did:web:zgled.example%3Ax", id="port-no-number"),
        pytest.param("did:web:", id="empty"),
        pytest.param("did:web:zgled.example:", id="empty-path"),
        pytest.param("did:web:zgled.example::x", id="empty-part"),
        pytest.param("did:web:zgled..example", id="empty-label"),
        pytest.param("did:web:-zgled.example", id="label-begins-with-a-hyphen"),
        pytest.param("did:web:šola.example", id="letters-of-no-did"),
        pytest.param("did:web:zgled.example:š", id="letters-of-no-path"),
        pytest.param("did:web:zgled.example:a b", id="space"),
        pytest.param("did:web:zgled.example:a%00", id="null"),
        pytest.param("did:web:zgled.example:a%5Cb", id="backslash"),
        pytest.param("did:web:zgled.example:100%", id="half-a-code"),
        pytest.param("did:web:zgled.example?x=1", id="query"),
        pytest.param("did:web:zgled.example\n", id="line-end"),
        pytest.param("did:web:zgled.example:" + "a" * MAX_DID_WEB, id="endless"),
        pytest.param("did:webvh:zgled.example", id="another-method"),
        pytest.param("DID:WEB:zgled.example", id="method-name-must-be-lowercase"),
    ],
)
def test_method_specific_identifier_that_must_not_be_is_malformed(did: str) -> None:
    assert document_url("did:web:zgled.example")
    with pytest.raises(Malformed) as caught:
        document_url(did)
    assert caught.value.reason == "did.web"


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://zgled.example", "did:web:zgled.example"),
        ("https://zgled.example/", "did:web:zgled.example"),
        ("https://zgled.example:8443/badges/", "did:web:zgled.example%3A8443:badges"),
    ],
)
def test_a_folder_of_a_website_has_a_did_web(url: str, did: str) -> None:
    assert did_web(url) == did
    assert document_url(did).startswith(url.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    [
        "http://zgled.example",
        "https://a@zgled.example",
        "https://zgled.example/?x",
        "https://zgled.example/#x",
        "https://127.0.0.1/",
        "https://zgled.example:x/",
        "zgled.example",
    ],
)
def test_what_no_did_web_stands_for_is_malformed(url: str) -> None:
    with pytest.raises(Malformed):
        did_web(url)


@given(st.text(max_size=60))
def test_any_text_has_a_plain_https_address_or_none(text: str) -> None:
    try:
        url = document_url(f"did:web:{text}")
    except Malformed:
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.username) == ("https", None)
    assert url.endswith("/did.json")
    assert not {".", ".."} & set(parts.path.split("/"))


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://zgled.example/keys", id="http"),
        pytest.param("ftp://zgled.example/keys", id="ftp"),
        pytest.param("https://a@zgled.example/keys", id="user"),
        pytest.param("https://a:b@zgled.example/keys", id="password"),
        pytest.param("https://93.184.215.14/keys", id="ip"),
        pytest.param("https://[2606:2800:21f::1]/keys", id="ipv6"),
        pytest.param("https://2130706433/keys", id="decimal"),
        pytest.param("https://0x7f.0x1/keys", id="hexadecimal"),
        pytest.param("https://zgled.example./keys", id="trailing-dot"),
        pytest.param("https://zgled.example/a/../keys", id="upwards"),
        pytest.param("https://zgled.example/a%2f..%2Fkeys", id="slash"),
        pytest.param("https://zgled.example/a%2E%2E/keys", id="dots"),
        pytest.param("https://zgled.example/a\\keys", id="backslash"),
        pytest.param("https://zgled.example:22/keys", id="port-22"),
        pytest.param("https:///keys", id="no-host"),
        pytest.param("https://šola.example/keys", id="letters"),
    ],
)
def test_row_30_an_https_address_that_hides_where_it_leads_is_refused(url: str) -> None:
    refuse_address("https://zgled.example/a/keys.json?v=1")
    with pytest.raises(Forbidden):
        refuse_address(url)

"""Contexts: pinned by digest, found by exact URL, never replaced."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from conftest import shared_file
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import ConfigError, Malformed

VC1 = "https://www.w3.org/2018/credentials/v1"
VC2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def folder_with(path: Path, url: str, data: bytes, **changes: object) -> Path:
    (path / "one.jsonld").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    entry = {"url": url, "file": "one.jsonld", "sha256": sha256} | changes
    (path / "manifest.json").write_text(json.dumps([entry]))
    return path


def test_every_bundled_document_has_the_digest_of_its_manifest() -> None:
    for url in BUNDLED.urls:
        assert hashlib.sha256(BUNDLED.raw(url)).hexdigest() == BUNDLED.digest(url)
        assert "@context" in BUNDLED.get(url)


@pytest.mark.parametrize(
    ("url", "official"),
    [
        pytest.param(VC1, "w3c-vc/contexts-credentials-v1", id="vc-1"),
        pytest.param(VC2, "w3c-vc/contexts-credentials-v2", id="vc-2"),
        pytest.param(OB3, "open-badges-3.0/context-3.0.3.json", id="ob-3.0.3"),
    ],
)
def test_published_contexts_are_byte_exact(url: str, official: str) -> None:
    assert BUNDLED.raw(url) == shared_file(f"standards/{official}").read_bytes()


@pytest.mark.parametrize(
    ("url", "official"),
    [
        (
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
            "open-badges-3.0/context.json",
        ),
        (
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
            "open-badges-3.0/context-3.0.1.json",
        ),
        (
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
            "open-badges-3.0/context-3.0.2.json",
        ),
        (
            "https://w3id.org/security/data-integrity/v2",
            "w3c-vc/vc-data-integrity-contexts-data-integrity-v2",
        ),
        (
            "https://w3id.org/security/multikey/v1",
            "w3c-vc/vc-data-integrity-contexts-multikey-v1",
        ),
        ("https://www.w3.org/ns/did/v1", "w3c-vc/did-context-v1"),
    ],
)
def test_packaged_contexts_say_what_the_official_ones_say(
    url: str, official: str
) -> None:
    expected = json.loads(shared_file(f"standards/{official}").read_bytes())

    assert BUNDLED.get(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(VC2 + "/", id="trailing-slash"),
        pytest.param(VC2 + "#", id="fragment"),
        pytest.param(VC2.replace("https", "http"), id="http"),
        pytest.param(VC2.upper(), id="upper-case"),
        pytest.param("https://example.org/context", id="unknown"),
    ],
)
def test_only_the_exact_url_is_known(url: str) -> None:
    with pytest.raises(Malformed, match="not pinned") as caught:
        BUNDLED.get(url)

    assert caught.value.reason == "context.not_allowed"
    assert url in str(caught.value)


def test_an_alias_of_the_manifest_is_the_same_document() -> None:
    alias = "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld"
    url = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"

    assert BUNDLED.get(alias) is BUNDLED.get(url)


def test_a_folder_adds_documents_for_those_who_hold_it(tmp_path: Path) -> None:
    url = "https://example.org/context"
    data = b'{"@context": {}}'

    documents = BUNDLED.with_directory(folder_with(tmp_path, url, data))

    assert documents.raw(url) == data
    assert [(c.url, c.sha256) for c in documents.callers] == [
        (url, hashlib.sha256(data).hexdigest())
    ]
    assert url not in BUNDLED.urls


def test_the_same_document_spaced_differently_may_come_again(tmp_path: Path) -> None:
    respaced = json.dumps(BUNDLED.get(VC2)).encode()

    documents = BUNDLED.with_directory(folder_with(tmp_path, VC2, respaced))

    assert documents.callers == ()
    assert documents.raw(VC2) == BUNDLED.raw(VC2)


def test_the_folder_of_standards_can_be_pinned() -> None:
    documents = BUNDLED.with_directory(shared_file("standards/contexts"))

    urls = [caller.url for caller in documents.callers]
    assert "https://www.w3.org/ns/credentials/examples/v2" in urls
    assert not set(urls) & set(BUNDLED.urls)


@pytest.mark.parametrize(
    ("url", "changes", "complaint"),
    [
        pytest.param(VC2, {}, "pinned already", id="takes-a-bundled-url"),
        pytest.param(
            "https://e.org/c", {"aliases": [VC2]}, "pinned already", id="by-alias"
        ),
        pytest.param("https://e.org/c", {"sha256": "0" * 64}, "SHA-256", id="digest"),
        pytest.param("https://e.org/c", {"file": "../x"}, "plain file", id="outside"),
        pytest.param("https://e.org/c", {"file": "none"}, "No such", id="missing"),
        pytest.param("https://e.org/c", {"sha256": 5}, "not a list", id="no-digest"),
    ],
)
def test_a_folder_cannot_lie_or_redefine(
    tmp_path: Path, url: str, changes: dict[str, object], complaint: str
) -> None:
    folder = folder_with(tmp_path, url, b"{}", **changes)

    with pytest.raises(ConfigError, match=complaint):
        BUNDLED.with_directory(folder)

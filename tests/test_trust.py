"""The trust folder: what is read from it, what is refused, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.errors import ConfigError
from edc_issuer.keys.testpki import Authority
from edc_issuer.trust import Trust, TrustedIssuer, default_directory
from edc_issuer.trust.additions import (
    add_certificate,
    add_crl,
    add_did,
    add_issuer,
    describe,
)
from edc_issuer.trust.issuers import trusted_issuer
from pki import AT, SCHOOL, crl, root, seal

TEST_ROOT = root()
REAL_ROOT = root(policies=())
LISTED = TrustedIssuer("did:web:school.example", ("Šola Zgled", "Школа"))
DID_DOCUMENT = b'{"id": "did:web:school.example", "verificationMethod": []}'


def pem(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(Encoding.PEM)


# --- loading ------------------------------------------------------------------------


def test_trust_is_empty_until_somebody_fills_it() -> None:
    trust = Trust()

    everything = [trust.seal_anchors, trust.timestamp_anchors, trust.crls]
    everything += [trust.issuers, trust.dids, trust.mandates]
    assert not any(everything)
    assert not trust.test


def test_a_filled_folder_is_read_back_whole(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT))
    add_certificate(tmp_path, pem(root(policies=())), kind="timestamps")
    add_crl(tmp_path, crl(REAL_ROOT).public_bytes(Encoding.PEM))
    add_issuer(tmp_path, LISTED)
    add_did(tmp_path, DID_DOCUMENT, stored_at=AT)

    trust = Trust.load(tmp_path)

    (anchor,) = trust.seal_anchors
    assert anchor.certificate == REAL_ROOT.certificate
    assert (anchor.pinned, anchor.test, trust.test) == (False, False, False)
    assert len(trust.timestamp_anchors) == len(trust.crls) == len(trust.dids) == 1
    assert trust.issuers == (LISTED,)
    assert trust.dids[0].document == json.loads(DID_DOCUMENT)
    assert trust.dids[0].stored_at == AT


def test_an_anchor_of_one_kind_never_serves_the_other(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT), kind="timestamps")

    trust = Trust.load(tmp_path)

    assert trust.anchors("seals") == ()
    assert len(trust.anchors("timestamps")) == 1


def test_an_end_entity_certificate_is_pinned(tmp_path: Path) -> None:
    leaf = seal(TEST_ROOT)
    add_certificate(tmp_path, leaf.public_bytes(Encoding.DER), test=True)

    assert Trust.load(tmp_path).seal_anchors[0].pinned


def test_an_anchor_may_be_limited_to_organisations(tmp_path: Path) -> None:
    only = TrustedIssuer(SCHOOL.identifier, (SCHOOL.name,))
    add_certificate(tmp_path, pem(REAL_ROOT), organisations=[only])

    assert Trust.load(tmp_path).seal_anchors[0].organisations == (only,)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anchors/seals/root.pem", b"not a certificate"),
        ("anchors/seals/two.pem", pem(REAL_ROOT) * 2),
        ("anchors/seals/empty.der", b""),
        ("anchors/seals/readme.txt", b"hello"),
        ("anchors/seals/lost.json", b'{"issuers": []}'),
        ("anchors/roots/root.pem", pem(REAL_ROOT)),
        ("crls/list.crl", b"not a list"),
        ("crls/list.txt", b""),
        ("issuers.json", b"[]"),
        ("issuers.json", b'{"issuers": {}}'),
        ("issuers.json", b'{"issuers": [{"identifier": "did:x:y"}]}'),
        ("issuers.json", b'{"issuers": [{"identifier": "did:x:y", "names": []}]}'),
        ("issuers.json", b'{"issuers": [{"identifier": "", "names": ["a"]}]}'),
        ("issuers.json", b'{"issuers": [{"identifier": "x", "name": "a"}]}'),
        ("issuers.json", b'{"issuers": [], "issuers": []}'),
        (
            "issuers.json",
            b'{"issuers": [{"identifier": "x", "names": ["a"], "until": "soon"}]}',
        ),
        (
            "issuers.json",
            b'{"issuers": [{"identifier": "x", "names": ["a"],'
            b' "until": "2026-01-01T00:00:00"}]}',
        ),
        ("mandates.json", b'{"mandates": [{"sealer": "x"}]}'),
        ("dids/school.json", b'{"did": "did:web:x"}'),
        ("root.pem", pem(REAL_ROOT)),
        ("issuer.json", b"{}"),
    ],
)
def test_a_file_that_cannot_be_meant_is_named(
    name: str, content: bytes, tmp_path: Path
) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT))
    Trust.load(tmp_path)
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=path.name.replace(".", r"\.") + "|roots"):
        Trust.load(tmp_path)


@pytest.mark.parametrize("name", [".DS_Store", "anchors/seals/Thumbs.db"])
def test_droppings_of_file_managers_are_overlooked(name: str, tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT))
    (tmp_path / name).write_bytes(b"x")

    assert len(Trust.load(tmp_path).seal_anchors) == 1


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such trust folder"):
        Trust.load(tmp_path / "typo")


def test_a_stored_did_document_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = add_did(tmp_path, DID_DOCUMENT, stored_at=AT)
    entry = json.loads(path.read_text())
    entry["text"] = entry["text"].replace("[]", "[ ]")
    path.write_text(json.dumps(entry))

    with pytest.raises(ConfigError, match="changed since"):
        Trust.load(tmp_path)


def test_mandates_are_read(tmp_path: Path) -> None:
    row = {"sealer": "NTRSI-1", "for": "NTRSI-2", "until": "2026-12-31"}
    (tmp_path / "mandates.json").write_text(json.dumps({"mandates": [row]}))

    (mandate,) = Trust.load(tmp_path).mandates

    assert (mandate.sealer, mandate.mandator) == ("NTRSI-1", "NTRSI-2")
    assert mandate.until == datetime(2027, 1, 1, tzinfo=UTC)


# --- test and real ------------------------------------------------------------------


def test_everything_in_a_test_folder_is_for_tests(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(TEST_ROOT), test=True)
    add_issuer(tmp_path, TrustedIssuer("did:x:y", ("Šola",), test=True))

    trust = Trust.load(tmp_path)

    assert trust.test
    assert trust.seal_anchors[0].test
    assert trust.issuers[0].test


def test_a_test_root_is_refused_as_real(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--test"):
        add_certificate(tmp_path, pem(TEST_ROOT))

    assert not (tmp_path / "anchors").exists()


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            lambda d: add_certificate(d, pem(REAL_ROOT)),
            lambda d: add_certificate(d, pem(TEST_ROOT), test=True),
            id="test-into-real",
        ),
        pytest.param(
            lambda d: add_certificate(d, pem(TEST_ROOT), test=True),
            lambda d: add_certificate(d, pem(REAL_ROOT)),
            id="real-into-test",
        ),
        pytest.param(
            lambda d: add_certificate(d, pem(TEST_ROOT), test=True),
            lambda d: add_issuer(d, LISTED),
            id="real-issuer-into-test",
        ),
        pytest.param(
            lambda d: add_issuer(d, LISTED),
            lambda d: add_did(d, DID_DOCUMENT, stored_at=AT, test=True),
            id="test-did-into-real",
        ),
    ],
)
def test_a_folder_is_all_test_or_all_real(
    first: Change, second: Change, tmp_path: Path
) -> None:
    first(tmp_path)
    before = Trust.load(tmp_path)

    with pytest.raises(ConfigError, match="test"):
        second(tmp_path)

    assert Trust.load(tmp_path) == before


def test_removing_the_marker_does_not_make_test_trust_real(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(TEST_ROOT), test=True)
    (tmp_path / "test").unlink()

    with pytest.raises(ConfigError, match="test certificate"):
        Trust.load(tmp_path)


def test_a_test_root_copied_into_a_real_folder_is_an_error(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT))
    (tmp_path / "anchors/timestamps").mkdir()
    (tmp_path / "anchors/timestamps/x.pem").write_bytes(pem(TEST_ROOT))

    with pytest.raises(ConfigError, match="test certificate"):
        Trust.load(tmp_path)


# --- adding -------------------------------------------------------------------------


def test_a_certificate_is_described_before_it_is_added() -> None:
    described = describe(pem(TEST_ROOT))

    assert "EDC Test Root" in described.subject
    assert described.fingerprint.count(":") == 31
    assert described.not_after == TEST_ROOT.certificate.not_valid_after_utc
    assert (described.is_authority, described.is_test) == (True, True)


def of_unknown_version() -> bytes:
    der = REAL_ROOT.certificate.public_bytes(Encoding.DER)
    return der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x01", 1)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"-----BEGIN CERTIFICATE-----\n", of_unknown_version()]
)
def test_what_is_no_certificate_cannot_be_described(data: bytes) -> None:
    with pytest.raises(ConfigError, match="PEM or DER"):
        describe(data)


def test_adding_twice_changes_nothing(tmp_path: Path) -> None:
    one = add_certificate(tmp_path, pem(REAL_ROOT))
    again = add_certificate(tmp_path, REAL_ROOT.certificate.public_bytes(Encoding.DER))

    assert one == again
    assert len(Trust.load(tmp_path).seal_anchors) == 1


def test_naming_an_issuer_again_replaces_its_names(tmp_path: Path) -> None:
    add_issuer(tmp_path, LISTED)
    add_issuer(tmp_path, TrustedIssuer("did:web:other.example", ("Druga",)))
    add_issuer(tmp_path, TrustedIssuer(LISTED.identifier, ("Novo ime",)))

    issuers = Trust.load(tmp_path).issuers

    assert [(one.identifier, one.names) for one in issuers] == [
        ("did:web:other.example", ("Druga",)),
        (LISTED.identifier, ("Novo ime",)),
    ]


@pytest.mark.parametrize(
    "issuer", [TrustedIssuer(" ", ("Šola",)), TrustedIssuer("did:x:y", ())]
)
def test_an_issuer_needs_identifier_and_name(
    issuer: TrustedIssuer, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError):
        add_issuer(tmp_path, issuer)


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    add_certificate(tmp_path, pem(REAL_ROOT))
    add_issuer(tmp_path, LISTED)

    names = [path.name for path in tmp_path.rglob("*") if path.name.startswith(".")]

    assert names == []


# --- for how long -------------------------------------------------------------------


def test_an_issuer_is_named_from_and_until(tmp_path: Path) -> None:
    begins, ends = AT - timedelta(days=1), AT + timedelta(days=1)
    add_issuer(tmp_path, TrustedIssuer("did:x:y", ("Šola",), begins, ends))
    trust = Trust.load(tmp_path)

    moments = [begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends]
    named = [trusted_issuer(trust, "did:x:y", at) is not None for at in moments]

    assert named == [False, True, True, False]


def test_a_date_means_the_whole_day(tmp_path: Path) -> None:
    row = {
        "identifier": "did:x:y",
        "names": ["Šola"],
        "from": "2026-01-01",
        "until": "2026-12-31",
    }
    (tmp_path / "issuers.json").write_text(json.dumps({"issuers": [row]}))

    (issuer,) = Trust.load(tmp_path).issuers

    assert issuer.from_ == datetime(2026, 1, 1, tzinfo=UTC)
    assert issuer.until == datetime(2027, 1, 1, tzinfo=UTC)


# --- which folder -------------------------------------------------------------------


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.delenv("EDC_TRUST", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    return monkeypatch


def test_the_default_folder_is_the_users_own(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert default_directory() == tmp_path / ".local/share/edc-issuer/trust"
    clean.setattr("sys.platform", "darwin")
    assert tmp_path / "Library" in default_directory().parents


def test_a_relative_data_home_is_ignored(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean.setenv("XDG_DATA_HOME", "data")
    assert default_directory().is_absolute()

    clean.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_directory() == tmp_path / "data/edc-issuer/trust"


def test_the_default_is_nobody_until_a_folder_is_made(
    clean: pytest.MonkeyPatch,
) -> None:
    assert Trust.default() == Trust(directory=default_directory())

    add_issuer(default_directory(), LISTED)
    assert Trust.default().issuers == (LISTED,)


def test_a_folder_named_by_the_environment_must_exist(
    clean: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clean.setenv("EDC_TRUST", str(tmp_path / "typo"))

    with pytest.raises(ConfigError, match="typo"):
        Trust.default()

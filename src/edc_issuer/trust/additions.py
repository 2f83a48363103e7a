"""Writing into a trust folder: what `trust add` does once somebody said yes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer import strict_json
from edc_issuer.cms.certificate import issuer_text, subject_text
from edc_issuer.errors import ConfigError, Malformed
from edc_issuer.keys.files import write_atomically
from edc_issuer.trust.anchors import Mandate, TrustedIssuer
from edc_issuer.trust.directory import (
    KINDS,
    MARKER,
    Kind,
    is_authority,
    is_for_tests,
    read_certificate,
    read_crl,
    read_object,
)
from edc_issuer.trust.issuers import same_identifier

# What makes a folder one for real trust, where it is not marked as one for tests.
_HOLDING = (
    "anchors",
    "issuers.json",
    "dids",
    "lists",
    "mandates.json",
    "accreditations.json",
)


@dataclass(frozen=True, slots=True)
class Description:
    """What `trust add` shows before it asks.

    `fingerprint` is SHA-256 in pairs of hexadecimal digits, as authorities print it.
    """

    subject: str
    issuer: str
    fingerprint: str
    not_before: datetime
    not_after: datetime
    is_authority: bool
    is_test: bool


def describe(data: bytes, *, source: str = "this file") -> Description:
    """What a certificate (PEM or DER) says, for the question before adding it."""
    certificate = read_certificate(data, source)
    digest = certificate.fingerprint(hashes.SHA256())
    return Description(
        subject=subject_text(certificate),
        issuer=issuer_text(certificate),
        fingerprint=digest.hex(":").upper(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        is_authority=is_authority(certificate),
        is_test=is_for_tests(certificate),
    )


def add_certificate(
    directory: Path,
    data: bytes,
    *,
    kind: Kind = "seals",
    test: bool = False,
    organisations: Sequence[TrustedIssuer] = (),
    source: str = "this file",
) -> Path:
    """Add one anchor; returns the file it became. Adding it twice changes nothing.

    `ConfigError` for test certificates without `test`, and where the folder is of
    the other sort. `organisations` limits what the anchor may vouch for.
    """
    if kind not in KINDS:
        raise ConfigError(f"{kind!r}: anchors are for {' or '.join(KINDS)}")
    certificate = read_certificate(data, source)
    if is_for_tests(certificate) and not test:
        raise ConfigError(
            f"{source}: made by a test authority; anybody can make one that looks the "
            "same. For trying things out add it with --test to a folder of its own"
        )
    open_folder(directory, test=test)
    name = certificate.fingerprint(hashes.SHA256()).hex()[:32]
    path = directory / "anchors" / kind / f"{name}.pem"
    if organisations:
        rows = [_row(organisation) for organisation in organisations]
        _write_json(path.with_suffix(".json"), {"issuers": rows})
    write_atomically(path, certificate.public_bytes(Encoding.PEM))
    return path


def add_crl(directory: Path, data: bytes, *, source: str = "this file") -> Path:
    """Add a CRL; it proves nothing until its authority's signature fits."""
    crl = read_crl(data, source)
    if not directory.is_dir():
        raise ConfigError(f"{directory}: there is no such trust folder")
    der = crl.public_bytes(Encoding.DER)
    path = directory / "crls" / f"{hashlib.sha256(der).hexdigest()[:32]}.crl"
    write_atomically(path, der)
    return path


def add_issuer(directory: Path, issuer: TrustedIssuer) -> Path:
    """Name an organisation; an entry of the same identifier is replaced.

    `issuer.test` says which sort of folder it belongs in.
    """
    if not issuer.identifier.strip() or not any(n.strip() for n in issuer.names):
        raise ConfigError("an issuer needs an identifier and at least one name")
    open_folder(directory, test=issuer.test)
    path = directory / "issuers.json"
    rows = read_object(path).get("issuers", [])
    kept = [row for row in rows if row.get("identifier") != issuer.identifier]
    _write_json(path, {"issuers": [*kept, _row(issuer)]})
    return path


def add_mandate(directory: Path, mandate: Mandate, *, test: bool = False) -> Path:
    """Record who may seal for whom; an entry for the same two is replaced.

    From then on it is the operator's word, until the moment that it names.
    """
    sealer, mandator = mandate.sealer.strip(), mandate.mandator.strip()
    if not sealer or not mandator:
        raise ConfigError("a mandate needs who seals and for whom")
    if same_identifier(sealer, mandator):
        raise ConfigError("nobody needs a mandate to seal for itself")
    open_folder(directory, test=test)
    path = directory / "mandates.json"
    rows = read_object(path).get("mandates", [])
    kept = [
        row
        for row in rows
        if not same_identifier(str(row.get("sealer")), sealer)
        or not same_identifier(str(row.get("for")), mandator)
    ]
    added: dict[str, Any] = {"sealer": sealer, "for": mandator}
    if mandate.until:
        added["until"] = mandate.until.isoformat()
    _write_json(path, {"mandates": [*kept, added]})
    return path


def add_did(
    directory: Path,
    data: bytes,
    *,
    stored_at: datetime,
    test: bool = False,
    address: str | None = None,
) -> Path:
    """Store a DID document as it is, with the date and its digest.

    From then on it is the operator's word which keys this DID has. `address` is where
    a document belongs that does not say it (a JWK set); one that does must agree.
    """
    try:
        document = strict_json.loads_object(data)
    except Malformed as error:
        raise ConfigError(f"not a DID document: {error}") from error
    did = document.get("id", address)
    if not isinstance(did, str) or not did:
        raise ConfigError("not a DID document: it has no `id`")
    if address is not None and did != address:
        raise ConfigError(f"the document is about {did}, not about {address}")
    open_folder(directory, test=test)
    name = hashlib.sha256(did.encode()).hexdigest()[:32]
    path = directory / "dids" / f"{name}.json"
    entry = {
        "did": did,
        "stored_at": stored_at.isoformat(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "text": data.decode(),
    }
    _write_json(path, entry)
    return path


def open_folder(directory: Path, *, test: bool) -> None:
    """Make the folder, or be sure that it is of the right sort; `ConfigError`."""
    marker = directory / MARKER
    used = any((directory / name).exists() for name in _HOLDING)
    if marker.exists() and not test:
        raise ConfigError(
            f"{directory} is a trust folder for tests; what is real belongs elsewhere "
            "(or say --test)"
        )
    if used and test and not marker.exists():
        raise ConfigError(
            f"{directory} holds real trust; what is for tests belongs in another folder"
        )
    if test and not marker.exists():
        write_atomically(marker, b"Everything in this folder is for tests.\n")


def _row(issuer: TrustedIssuer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "identifier": issuer.identifier,
        "names": list(issuer.names),
    }
    if issuer.from_:
        row["from"] = issuer.from_.isoformat()
    if issuer.until:
        row["until"] = issuer.until.isoformat()
    return row


def _write_json(path: Path, value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    write_atomically(path, text.encode())

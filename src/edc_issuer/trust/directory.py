"""`Trust`: whom an operator believes, read once from a folder of plain files.

    anchors/seals/*.pem        who may vouch for seals   (+ same name .json: limits)
    anchors/timestamps/*.pem   who may vouch for times
    crls/*.crl                 what authorities withdrew; each is judged by itself
    dids/*.json                DID documents with the date of storing and a digest
    lists/                     trusted lists, written by `trust update` alone
    issuers.json               organisations named by identifier
    mandates.json              who may seal for whom
    accreditations.json        who may award what
    test                       a marker: everything in this folder is for tests

Nothing is trusted by default: `Trust()` is empty and never leads to PASSED.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

from cryptography import x509

from edc_issuer import strict_json
from edc_issuer.cms.certificate import issuer_der, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import basic_constraints, is_test_certificate
from edc_issuer.errors import ConfigError, Malformed
from edc_issuer.keys.files import read_bounded
from edc_issuer.trust.accreditation import Accreditations
from edc_issuer.trust.anchors import Anchor, Mandate, StoredDid, TrustedIssuer
from edc_issuer.trust.lists.qualification import Qualification, qualify
from edc_issuer.trust.lists.services import seal_anchors, timestamp_anchors
from edc_issuer.trust.lists.snapshot import Lists

Kind = Literal["seals", "timestamps"]
KINDS: tuple[Kind, ...] = ("seals", "timestamps")
CERTIFICATE_SUFFIXES = (".pem", ".crt", ".cer", ".der")
CRL_SUFFIXES = (".crl", ".pem", ".der")
MARKER = "test"
_FOLDERS = ("anchors", "crls", "dids", "lists")
_FILES = ("issuers.json", "mandates.json", "accreditations.json", MARKER)
_CERTIFICATE_LIMIT = 64 * 1024
_JSON_LIMIT = 16 * 1024 * 1024
_CRL_LIMIT = 128 * 1024 * 1024  # the largest CRLs of national authorities near 50 MB
_NO_ACCREDITATIONS = Accreditations()
_NO_LISTS = Lists()
_STRAY = ("desktop.ini", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the operator believes. `Trust()` believes nobody.

    `test` says that everything here is for tests, so that a verdict reached with
    it is headed TEST. An anchor of one kind never serves the other.
    """

    seal_anchors: tuple[Anchor, ...] = ()
    timestamp_anchors: tuple[Anchor, ...] = ()
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    issuers: tuple[TrustedIssuer, ...] = ()
    dids: tuple[StoredDid, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    accreditations: Accreditations = _NO_ACCREDITATIONS
    test: bool = False
    directory: Path | None = None
    lists: Lists = _NO_LISTS

    @classmethod
    def load(cls, directory: Path) -> Trust:
        """Read a trust folder; `ConfigError` names every file that cannot be meant.

        A folder is all for tests or all real: a test certificate in a folder
        without the marker `test` is an error, not a smaller trust.
        """
        if not directory.is_dir():
            raise ConfigError(f"{directory}: there is no such trust folder")
        _refuse_unknown(directory)
        test = (directory / MARKER).exists()
        return cls(
            seal_anchors=tuple(_anchors(directory, "seals", test=test)),
            timestamp_anchors=tuple(_anchors(directory, "timestamps", test=test)),
            crls=tuple(_crls(directory / "crls")),
            issuers=read_issuers(directory / "issuers.json", test=test),
            dids=tuple(_dids(directory / "dids")),
            mandates=_mandates(directory / "mandates.json"),
            accreditations=_accreditations(directory / "accreditations.json"),
            test=test,
            directory=directory,
            lists=Lists.load(directory),
        )

    @classmethod
    def default(cls) -> Trust:
        """What lies in `default_directory()`; nobody where it was never made.

        A folder named by EDC_TRUST must exist.
        """
        directory = default_directory()
        if not directory.exists() and not os.environ.get("EDC_TRUST"):
            return cls(directory=directory)
        return cls.load(directory)

    def anchors(self, kind: Kind) -> tuple[Anchor, ...]:
        """The anchors of one kind."""
        return self.seal_anchors if kind == "seals" else self.timestamp_anchors

    def seal_anchors_for(
        self,
        certificate: x509.Certificate,
        pool: Sequence[x509.Certificate] = (),
        *,
        signed_at: datetime,
    ) -> tuple[Anchor, ...]:
        """The operator's anchors for seals, and those of the lists for this seal.

        A list's are the CA/QC services with ForeSeals that were granted when the
        certificate was issued and when it sealed (`signed_at`: the proved time, else
        the time asked for). They carry their `service`; whether its list is fresh
        enough is `anchor.service.list.age(at)`: `current`, `stale` (warn
        `list-stale`) or `too-old` (undecided).
        """
        found = self.lists.around((certificate, *pool))
        issued_at = certificate.not_valid_before_utc
        return (
            *self.seal_anchors,
            *seal_anchors(
                found, issued_at=issued_at, signed_at=signed_at, test=self.test
            ),
        )

    def timestamp_anchors_for(
        self, certificates: Sequence[x509.Certificate], *, gen_time: datetime
    ) -> tuple[Anchor, ...]:
        """The operator's anchors for timestamps, and the QTST services of the lists.

        `certificates` are the unit's and those that came along with the token; the
        services are those that were granted at its genTime.
        """
        found = self.lists.around(certificates)
        return (
            *self.timestamp_anchors,
            *timestamp_anchors(found, gen_time=gen_time, test=self.test),
        )

    def qualify(
        self, path: Sequence[x509.Certificate], *, signed_at: datetime
    ) -> Qualification:
        """What the lists at hand say of the signer of a path, signer first.

        Also of a path to an anchor of the operator's own: the lists may know it too.
        """
        return qualify(
            path[0],
            self.lists.above(path),
            issued_at=path[0].not_valid_before_utc,
            signed_at=signed_at,
        )


def default_directory() -> Path:
    """EDC_TRUST, else a folder of the user's own; never the current one."""
    named = os.environ.get("EDC_TRUST")
    if named:
        return Path(named)
    return _data_home() / "edc-issuer" / "trust"


def _data_home() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    # The XDG base directory specification: a relative value must be ignored.
    named = Path(os.environ.get("XDG_DATA_HOME") or "")
    return named if named.is_absolute() else Path.home() / ".local" / "share"


def read_certificate(data: bytes, source: str) -> x509.Certificate:
    """One certificate, PEM or DER; `ConfigError` names `source`."""
    try:
        if b"-----BEGIN" not in data:
            return x509.load_der_x509_certificate(data)
        found = x509.load_pem_x509_certificates(data)
    except (ValueError, x509.InvalidVersion) as error:
        hint = ""
        if data.lstrip()[:1] in (b"{", b"e"):  # JSON, a JWT: what came with a badge
            hint = "; whoever signs badges is named by DID or address, with --name"
        raise ConfigError(f"{source}: not a certificate (PEM or DER){hint}") from error
    if len(found) != 1:
        raise ConfigError(f"{source}: {len(found)} certificates; one a file, please")
    return found[0]


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether a certificate may stand above others; `ConfigError` if unreadable."""
    try:
        return _is_authority(certificate)
    except DerError as error:
        raise ConfigError(f"a certificate that cannot be read: {error}") from error


def _is_authority(certificate: x509.Certificate) -> bool:
    constraints = basic_constraints(certificate)
    if constraints is None:
        # Roots of the time before extensions existed cannot say that they are one.
        old = certificate.version is x509.Version.v1
        return old and subject_der(certificate) == issuer_der(certificate)
    return constraints.ca


def is_for_tests(certificate: x509.Certificate) -> bool:
    """Whether it comes from a test authority of ours; unreadable ones do not."""
    try:
        return is_test_certificate(certificate)
    except DerError:
        return False


def _refuse_unknown(directory: Path) -> None:
    kinds = [directory / "anchors" / kind for kind in KINDS]
    known = {*_FOLDERS, *_FILES}
    stray = [path.name for path in _listing(directory) if path.name not in known]
    stray += [
        f"anchors/{path.name}"
        for path in _listing(directory / "anchors")
        if path not in kinds
    ]
    if stray:
        raise ConfigError(
            f"{directory}: not part of a trust folder: {', '.join(sorted(stray))}"
        )


def _listing(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and path.name not in _STRAY
    )


def _files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for path in _listing(folder):
        if not path.is_file() or path.suffix.lower() not in suffixes:
            raise ConfigError(f"{path}: only {', '.join(suffixes)} files belong here")
        yield path


def _anchors(directory: Path, kind: Kind, *, test: bool) -> Iterator[Anchor]:
    folder = directory / "anchors" / kind
    for path in _files(folder, (*CERTIFICATE_SUFFIXES, ".json")):
        if path.suffix.lower() == ".json":
            _refuse_orphan(path)
            continue
        data = read_bounded(path, limit=_CERTIFICATE_LIMIT)
        certificate = read_certificate(data, str(path))
        if is_for_tests(certificate) and not test:
            raise ConfigError(
                f"{path}: a test certificate in a trust folder that is not marked as "
                "one for tests; keep the two in separate folders"
            )
        yield Anchor(
            certificate,
            pinned=not is_authority(certificate),
            source=str(path),
            organisations=read_issuers(path.with_suffix(".json"), test=test),
            test=test,
        )


def _refuse_orphan(path: Path) -> None:
    # Limits whose certificate was renamed would silently limit nothing.
    if not any(path.with_suffix(suffix).exists() for suffix in CERTIFICATE_SUFFIXES):
        raise ConfigError(f"{path}: no certificate of this name lies beside it")


def _crls(folder: Path) -> Iterator[x509.CertificateRevocationList]:
    for path in _files(folder, CRL_SUFFIXES):
        yield read_crl(read_bounded(path, limit=_CRL_LIMIT), str(path))


def read_crl(data: bytes, source: str) -> x509.CertificateRevocationList:
    """One CRL, PEM or DER; `ConfigError` names `source`."""
    pem = b"-----BEGIN" in data[:200]
    try:
        return x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
    except (ValueError, x509.InvalidVersion) as error:
        raise ConfigError(f"{source}: not a revocation list (CRL)") from error


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object from a file of the folder; an absent file is an empty one."""
    if not path.exists():
        return {}
    try:
        return strict_json.loads_object(read_bounded(path, limit=_JSON_LIMIT))
    except Malformed as error:
        raise ConfigError(f"{path}: {error}") from error


def read_issuers(path: Path, *, test: bool) -> tuple[TrustedIssuer, ...]:
    """`{"issuers": [{"identifier", "names", "from"?, "until"?}]}` as values."""
    rows = _rows(path, "issuers", {"identifier", "names", "from", "until"})
    return tuple(_issuer(row, path, test=test) for row in rows)


def _issuer(row: Mapping[str, Any], path: Path, *, test: bool) -> TrustedIssuer:
    names = row.get("names")
    if not isinstance(names, list) or not names or not all(map(_is_text, names)):
        raise ConfigError(f"{path}: `names` must be a list of at least one name")
    return TrustedIssuer(
        identifier=_text(row, "identifier", path),
        names=tuple(names),
        from_=_time(row, "from", path),
        until=_time(row, "until", path),
        test=test,
    )


def _mandates(path: Path) -> tuple[Mandate, ...]:
    rows = _rows(path, "mandates", {"sealer", "for", "until"})
    return tuple(
        Mandate(
            sealer=_text(row, "sealer", path),
            mandator=_text(row, "for", path),
            until=_time(row, "until", path),
        )
        for row in rows
    )


def _accreditations(path: Path) -> Accreditations:
    return Accreditations.load(path) if path.exists() else _NO_ACCREDITATIONS


def _rows(path: Path, member: str, known: set[str]) -> list[Mapping[str, Any]]:
    document = read_object(path)
    rows = document.get(member, [])
    if set(document) - {member} or not isinstance(rows, list):
        raise ConfigError(f"{path}: one member is expected, a list called {member!r}")
    for row in rows:
        if not isinstance(row, dict) or set(row) - known:
            raise ConfigError(f"{path}: only {', '.join(sorted(known))} belong in it")
    return rows


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(row: Mapping[str, Any], member: str, path: Path) -> str:
    value = row.get(member)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{path}: {member!r} must be a text")
    return value


def _time(row: Mapping[str, Any], member: str, path: Path) -> datetime | None:
    value = row.get(member)
    if value is None:
        return None
    try:
        return read_moment(str(value), ends=member == "until")
    except ValueError as error:
        raise ConfigError(f"{path}: {member!r} must be a date or a time") from error


def read_moment(text: str, *, ends: bool) -> datetime:
    """A date or a time with its zone, in UTC; `ValueError` for anything else."""
    if len(text) == 10:
        # A date means the whole day: `until` ends with it, `from` begins with it.
        day = date.fromisoformat(text) + timedelta(days=1 if ends else 0)
        return datetime.combine(day, time(), UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)


def _dids(folder: Path) -> Iterator[StoredDid]:
    for path in _files(folder, (".json",)):
        yield _stored_did(read_object(path), path)


def _stored_did(entry: Mapping[str, Any], path: Path) -> StoredDid:
    text = _text(entry, "text", path)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if digest != entry.get("sha256"):
        raise ConfigError(f"{path}: changed since it was stored; store it anew")
    stored_at = _time(entry, "stored_at", path)
    if stored_at is None:
        raise ConfigError(f"{path}: 'stored_at' must be a time")
    try:
        document = strict_json.loads_object(text.encode())
    except Malformed as error:
        raise ConfigError(f"{path}: {error}") from error
    return StoredDid(_text(entry, "did", path), document, stored_at, digest)

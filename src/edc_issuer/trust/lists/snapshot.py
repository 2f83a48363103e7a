"""Verified lists on disk: what `trust update` keeps and `verify` reads.

`lists/index.json` says which lists there are, how fresh, in which file each one's
services are, and under which names somebody could look for them; the files are named
after their content and are read only when a certificate leads there. A new list is
one new file, and then one new index in place of the old one: whoever is interrupted
leaves the old index or the new one, and each names only files that are whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from edc_issuer import strict_json
from edc_issuer.cms.certificate import issuer_der, subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.errors import ConfigError, Malformed
from edc_issuer.keys.files import read_bounded, write_atomically
from edc_issuer.trust.lists.codec import read_service, service_json
from edc_issuer.trust.lists.model import CA_QC, QTST, ListInfo, Service, TrustedList
from edc_issuer.trust.lists.services import ListedService

FOLDER = "lists"
INDEX = "index.json"
FORMAT = 1
LOTL = "EU"
_KEPT = (CA_QC, QTST)
_LIMIT = 16 * 1024 * 1024
_BEGIN = "."  # of files that are being written


@dataclass(frozen=True, slots=True)
class Stored:
    """One list of the index. `file` is None for the list of lists."""

    info: ListInfo
    file: str | None
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a trust folder; each country is read when a certificate needs it."""

    folder: Path | None = None
    stored: Mapping[str, Stored] = field(default_factory=dict)
    _read: dict[str, tuple[ListedService, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def load(cls, directory: Path) -> Lists:
        """The index below a trust folder; none where nothing was ever updated."""
        folder = directory / FOLDER
        path = folder / INDEX
        if not path.exists():
            return cls(folder)
        index = _object(read_bounded(path, limit=_LIMIT), path)
        try:
            if index["format"] != FORMAT:
                raise ConfigError(
                    f"{path}: written by another version; run edc-issuer trust update"
                )
            stored = {key: _stored(key, row) for key, row in index["lists"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path) from error
        for one in stored.values():
            if one.file is not None and not (folder / one.file).is_file():
                raise _damaged(folder / one.file)
        return cls(folder, stored)

    def __bool__(self) -> bool:
        return bool(self.stored)

    @property
    def infos(self) -> tuple[ListInfo, ...]:
        """Every list at hand, the list of lists first."""
        rows = sorted(self.stored.items(), key=lambda row: (row[0] != LOTL, row[0]))
        return tuple(one.info for _, one in rows)

    def services(self, territory: str) -> tuple[ListedService, ...]:
        """The CA/QC and QTST services of one territory; `ConfigError` if damaged."""
        stored = self.stored.get(territory)
        if stored is None or stored.file is None or self.folder is None:
            return ()
        if territory not in self._read:
            self._read[territory] = _services(self.folder / stored.file, stored.info)
        return self._read[territory]

    def around(
        self, certificates: Iterable[x509.Certificate]
    ) -> tuple[ListedService, ...]:
        """Services with the name of one of the certificates or of its issuer.

        Candidates for the end of a path; only names were compared.
        """
        wanted = {name for one in certificates for name in _names_of(one)}
        return tuple(
            service
            for territory, stored in sorted(self.stored.items())
            if stored.names & wanted
            for service in self.services(territory)
            if any(_subject(one) in wanted for one in service.certificates)
        )

    def above(self, path: Sequence[x509.Certificate]) -> tuple[ListedService, ...]:
        """The services of the first certificate of a path (signer first) that has any.

        The signer's own counts last: lists name authorities, and time-stamping units.
        """
        candidates = self.around(path)
        for certificate in (*path[1:], *path[:1]):
            found = tuple(one for one in candidates if one.is_of([certificate]))
            if found:
                return found
        return ()


def keep(
    directory: Path, lists: Lists, found: TrustedList, info: ListInfo
) -> tuple[Lists, Path]:
    """Write one verified list; returns the lists with it and the file of the index.

    The caller has compared sequence numbers; nothing else of the folder changes.
    """
    folder = directory / FOLDER
    is_list_of_lists = info.territory == LOTL
    kept = () if is_list_of_lists else tuple(filter(_is_kept, found.services))
    name = None
    if not is_list_of_lists:
        name = _write_services(folder, info, kept)
    certificates = [der for service in kept for der in service.certificates]
    names = frozenset(filter(None, map(_subject, _loaded(certificates))))
    stored = {**lists.stored, info.territory: Stored(info, name, names)}
    index = {key: _stored_json(one) for key, one in sorted(stored.items())}
    write_atomically(folder / INDEX, _json({"format": FORMAT, "lists": index}))
    return replace(lists, folder=folder, stored=stored, _read={}), folder / INDEX


def clean(directory: Path, *, older_than_s: float = 3600) -> None:
    """Remove files that no index names any more, but none that may be in the making."""
    lists = Lists.load(directory)
    named = {one.file for one in lists.stored.values()} | {INDEX}
    folder = directory / FOLDER
    limit = datetime.now(UTC).timestamp() - older_than_s
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in named and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def _is_kept(service: Service) -> bool:
    return any(state.type in _KEPT for state in service.states)


def _write_services(folder: Path, info: ListInfo, kept: Sequence[Service]) -> str:
    data = _json(
        {
            "format": FORMAT,
            "territory": info.territory,
            "sequence": info.sequence,
            "services": list(map(service_json, kept)),
        }
    )
    digest = hashlib.sha256(data).hexdigest()
    name = f"{info.territory}-{info.sequence}-{digest[:32]}.json"
    write_atomically(folder / name, data, prefix=_BEGIN)
    return name


def _services(path: Path, info: ListInfo) -> tuple[ListedService, ...]:
    data = read_bounded(path, limit=_LIMIT)
    if hashlib.sha256(data).hexdigest()[:32] != path.stem.rpartition("-")[2]:
        raise _damaged(path)
    try:
        services = map(read_service, _object(data, path)["services"])
        return tuple(
            ListedService(one, info, tuple(_loaded(one.certificates)))
            for one in services
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> ConfigError:
    return ConfigError(
        f"{path}: damaged or incomplete; remove the folder {path.parent} and run "
        "edc-issuer trust update"
    )


def _object(data: bytes, path: Path) -> dict[str, Any]:
    try:
        return strict_json.loads_object(data)
    except Malformed as error:
        raise _damaged(path) from error


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _loaded(certificates: Iterable[bytes]) -> Iterator[x509.Certificate]:
    for der in certificates:
        try:
            yield x509.load_der_x509_certificate(der)
        except ValueError:
            continue  # listed, but nothing that is signed by it can be verified


def _names_of(certificate: x509.Certificate) -> Iterator[str]:
    try:
        yield _name(subject_der(certificate))
        yield _name(issuer_der(certificate))
    except DerError:
        return


def _subject(certificate: x509.Certificate) -> str | None:
    try:
        return _name(subject_der(certificate))
    except DerError:
        return None


def _name(der: bytes) -> str:
    # Eight bytes find the file; the path is then built by names and signatures.
    return base64.b16encode(hashlib.sha256(der).digest()[:8]).decode().lower()


def _stored(territory: str, row: Mapping[str, Any]) -> Stored:
    file = row["file"]
    if file is not None and (Path(file).name != file or not file.endswith(".json")):
        raise ValueError("a file elsewhere")
    until = row["next_update"]
    info = ListInfo(
        territory,
        int(row["sequence"]),
        _moment(row["issued"]),
        _moment(until) if until else None,
        str(row["url"]),
        _moment(row["fetched_at"]),
        str(row["sha256"]),
    )
    return Stored(info, file, frozenset(map(str, row["names"])))


def _stored_json(stored: Stored) -> dict[str, Any]:
    info = stored.info
    return {
        "sequence": info.sequence,
        "issued": info.issued.isoformat(),
        "next_update": info.next_update.isoformat() if info.next_update else None,
        "url": info.url,
        "fetched_at": info.fetched_at.isoformat(),
        "sha256": info.sha256,
        "file": stored.file,
        "names": sorted(stored.names),
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment

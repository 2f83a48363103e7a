"""Verified lists on disk: what `trust update` keeps and `verify` reads.

`lists/index.json` says which lists there are, how fresh, in which file each one's
services are, and under which names somebody could look for them; the files are named
after their content, hold one service a line, and are read only where a certificate
leads there. A new list is one new file, and then one new index in place of the old
one: whoever is interrupted leaves the old index or the new one, and each names only
files that are whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
from edc_issuer.trust.path import MAX_LENGTH, issuers_of

FOLDER = "lists"
INDEX = "index.json"
FORMAT = 1
LOTL = "EU"
_KEPT = (CA_QC, QTST)
_LIMIT = 16 * 1024 * 1024
_BEGIN = "."  # of files that are being written


@dataclass(frozen=True, slots=True)
class Stored:
    """One list of the index. `file` is None for the list of lists.

    `lines` says for a name (digest of a subject) in which lines its services are.
    """

    info: ListInfo
    file: str | None
    lines: Mapping[str, tuple[int, ...]]

    def of(self, name: str) -> tuple[int, ...]:
        return self.lines.get(name, ())


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a trust folder; each country is read when a certificate needs it."""

    folder: Path | None = None
    stored: Mapping[str, Stored] = field(default_factory=dict)
    _files: dict[str, tuple[bytes, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _read: dict[tuple[str, int], ListedService] = field(
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
        if stored is None:
            return ()
        count = len(self._lines(stored))
        return tuple(self._service(stored, line) for line in range(count))

    def _lines(self, stored: Stored) -> tuple[bytes, ...]:
        if stored.file is None or self.folder is None:
            return ()
        territory = stored.info.territory
        if territory not in self._files:
            self._files[territory] = _read_lines(self.folder / stored.file)
        return self._files[territory]

    def _service(self, stored: Stored, line: int) -> ListedService:
        key = (stored.info.territory, line)
        if key not in self._read:
            try:
                row = strict_json.loads_object(self._lines(stored)[line])
                service = read_service(row)
            except (Malformed, LookupError, TypeError, ValueError) as error:
                raise _damaged(Path(stored.file or INDEX)) from error
            loaded = tuple(_loaded(service.certificates))
            self._read[key] = ListedService(service, stored.info, loaded)
        return self._read[key]

    def around(
        self, certificates: Iterable[x509.Certificate]
    ) -> tuple[ListedService, ...]:
        """Services with the name of one of the certificates or of its issuer.

        Candidates for the end of a path; only names were compared.
        """
        if not self.stored:
            return ()
        wanted = {name for one in certificates for name in _names_of(one)}
        return tuple(
            self._service(stored, line)
            for _, stored in sorted(self.stored.items())
            for line in sorted({n for name in wanted for n in stored.of(name)})
        )

    def above(self, path: Sequence[x509.Certificate]) -> tuple[ListedService, ...]:
        """The services of every listed authority on a path or above its end.

        Not of the first alone: where an authority is listed and the one above it was
        withdrawn, they disagree about what both have issued. A path ends where
        somebody is trusted, and so need not name them all.
        """
        known = list(path)
        while known and len(known) < len(path) + MAX_LENGTH:
            listed = [c for one in self.around(known[-1:]) for c in one.certificates]
            higher = (c for c in issuers_of(known[-1], listed) if c not in known)
            if (found := next(higher, None)) is None:
                break
            known.append(found)
        return tuple(one for one in self.around(known) if one.is_of(known))


def keep(directory: Path, lists: Lists, found: TrustedList, info: ListInfo) -> Lists:
    """Write one verified list; returns the lists with it.

    The caller has compared sequence numbers; nothing else of the folder changes.
    """
    folder = directory / FOLDER
    kept: tuple[Service, ...] = ()
    name = None
    if info.territory != LOTL:
        kept = tuple(filter(_is_kept, found.services))
        name = _write_services(folder, info, kept)
    stored = {**lists.stored, info.territory: Stored(info, name, _index(kept))}
    index = {key: _stored_json(one) for key, one in sorted(stored.items())}
    write_atomically(folder / INDEX, _json({"format": FORMAT, "lists": index}))
    return Lists(folder, stored)


def clean(directory: Path, *, before: datetime) -> None:
    """Remove files of before a time that no index names any more.

    Newer ones may be in the making, by somebody who updates at the same time.
    """
    lists = Lists.load(directory)
    named = {one.file for one in lists.stored.values()} | {INDEX}
    folder = directory / FOLDER
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)


def _is_kept(service: Service) -> bool:
    return any(state.type in _KEPT for state in service.states)


def _write_services(folder: Path, info: ListInfo, kept: Sequence[Service]) -> str:
    data = b"".join(_json(service_json(service)) + b"\n" for service in kept)
    digest = hashlib.sha256(data).hexdigest()
    name = f"{info.territory}-{info.sequence}-{digest[:32]}.jsonl"
    write_atomically(folder / name, data, prefix=_BEGIN)
    return name


def _index(kept: Sequence[Service]) -> dict[str, tuple[int, ...]]:
    lines: dict[str, tuple[int, ...]] = {}
    for line, service in enumerate(kept):
        for name in {*map(_subject, _loaded(service.certificates))} - {None}:
            lines[str(name)] = (*lines.get(str(name), ()), line)
    return lines


def _read_lines(path: Path) -> tuple[bytes, ...]:
    data = read_bounded(path, limit=_LIMIT)
    if hashlib.sha256(data).hexdigest()[:32] != path.stem.rpartition("-")[2]:
        raise _damaged(path)
    return tuple(data.splitlines())


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
    if file is not None and (Path(file).name != file or not file.endswith(".jsonl")):
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
    lines = {name: tuple(map(int, found)) for name, found in row["lines"].items()}
    return Stored(info, file, lines)


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
        "lines": {name: list(found) for name, found in sorted(stored.lines.items())},
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment

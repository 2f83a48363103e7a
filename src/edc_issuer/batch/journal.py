"""The memory of a batch: which award was issued, with what content, into which file.

A text file to which lines are only ever added: a header that says for whom it is,
then one JSON object for each credential. A line is written after its file is safe on
the disk and is itself on the disk before anything is reported as issued, so whatever
stops the process in between, the next run knows what is done. Only the owner can
read the file, since record ids can be personal numbers.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from edc_issuer.batch.index import Index, alike
from edc_issuer.batch.lock import lock, opened
from edc_issuer.errors import ConfigError, InputError
from edc_issuer.keys.files import PRIVATE
from edc_issuer.strict_json import loads_object

KIND = "edc-issuer batch"
VERSION = 1
# What every journal begins with, and nothing else does.
MARK = b'{"journal":"edc-issuer batch",'
MAX_LINE = 64 * 1024  # bytes; ids and names of an honest line fit many times over


@dataclass(frozen=True, slots=True)
class Header:
    """What all runs on one journal have in common; another value is refused.

    `out` is the folder of the files as seen from the journal's, so that both can be
    moved together. `id_secret` is a fingerprint, None where ids are not hidden.
    """

    profile: str
    language: str | None
    names: bool
    out: str
    id_secret: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One issued credential: its record's digest, its file's name, sum and size."""

    record_id: str
    revision: int
    digest: str
    credential_id: str
    file: str
    sha256: str
    size: int
    issued: str  # UTC, "2026-06-15T10:00:00Z"


_FIELDS = {"record_id", "digest", "credential_id", "file", "sha256", "issued"}
_SAYS = {
    "profile": "issues {ours}, and this journal is of {theirs}",
    "language": "speaks {ours}, and this journal is of badges in {theirs}",
    "names": "names its files otherwise than this journal does (--names)",
    "out": "writes to {ours}, and the files of this journal lie in {theirs}",
    "id_secret": "makes credential ids with another secret than this journal "
    "(--id-secret); every learner would get a second credential",
}


class Journal:
    """An open journal: what it holds, and a place for more. One process at a time."""

    def __init__(self, path: Path, *, writing: bool) -> None:
        self.path = path
        self.id = ""
        # Lines are added through a handle of their own: a buffer that reads and
        # writes would have to guess where the other one stands.
        self._handle = opened(path, os.O_RDWR | os.O_APPEND) if writing else None
        try:
            self._reader = path.open("rb")
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from error
        self._index = Index()
        self._end = 0
        self._key: str | None = None
        self._pending = b""

    @classmethod
    def open(cls, path: Path, header: Header, *, key: str) -> Journal:
        """Open or begin a journal for files made with the key of fingerprint `key`.

        A line that a crash cut short is removed. `ConfigError` where another
        process works with it, where it belongs to another set-up, is damaged, or is
        no journal; then nothing is written to it.
        """
        journal = cls(path, writing=True)
        try:
            assert journal._handle is not None
            lock(journal._handle, path)
            journal._read(header)
            # Not before: the file of somebody else stays as it is.
            if os.name == "posix":
                os.fchmod(journal._handle, PRIVATE)
            journal._begin(header, key)
        except BaseException:
            journal.close()
            raise
        return journal

    @classmethod
    def look(
        cls, path: Path, header: Header, *, ignored: Collection[str] = ()
    ) -> Journal:
        """Read a journal without changing it, for a dry run.

        What of the header is `ignored` may be different.
        """
        journal = cls(path, writing=False)
        try:
            journal._read(header, ignored)
        except BaseException:
            journal.close()
            raise
        return journal

    def find(self, record_id: str, revision: int) -> Line | None:
        """The line of an award, whatever its content was."""
        return self._line_at(self._index.get("record", record_id, str(revision)))

    def find_alike(self, record_id: str, revision: int) -> Line | None:
        """The line of an award whose id is only written otherwise (`index.alike`)."""
        seen, number = alike(record_id), str(revision)
        keys = (("record", seen, number), ("alike", seen, number))
        found = (self._line_at(self._index.get(*key)) for key in keys)
        return next((one for one in found if one and one.record_id != record_id), None)

    def find_credential(self, credential_id: str) -> Line | None:
        """The line that holds a credential id."""
        return self._line_at(self._index.get("credential", credential_id))

    def latest_revision(self, record_id: str) -> int:
        """The highest revision of an award that was issued; 0 where none was."""
        return self._index.get("latest", record_id) or 0

    def start(self) -> None:
        """Say for whom this journal is; to be called before a file is written.

        Until then it stays empty: where nothing was issued, nothing is fixed.
        """
        if self._pending:
            self._write(self._pending)
            self._end += len(self._pending)
            self._pending = b""
            sync_folder(self.path.parent)

    def append(self, lines: Sequence[Line]) -> None:
        """Write lines in one go; they are on the disk when this returns."""
        self.start()
        written = [_encoded(asdict(line)) for line in lines]
        self._write(b"".join(written))
        for line, raw in zip(lines, written, strict=True):
            self._remember(line, self._end)
            self._end += len(raw)

    def close(self) -> None:
        """Let go of the file and its lock."""
        self._reader.close()
        self._index.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Reading

    def _read(self, header: Header, ignored: Collection[str] = ()) -> None:
        for number, start, raw in self._raw_lines():
            if number == 1:
                self._check_first(raw, header, ignored)
            if not raw.endswith(b"\n"):
                self._cut(raw, number)
                return
            self._end += len(raw)
            if number == 1:
                continue
            value = self._value(raw, number)
            if "record_id" in value:
                self._remember(self._as_line(value, number), start)
            else:
                self._key = value.get("key", self._key)

    def _raw_lines(self) -> Iterator[tuple[int, int, bytes]]:
        """Number, offset and bytes of each line; the last may lack its end."""
        number = start = 0
        while raw := self._reader.readline(MAX_LINE + 1):
            number += 1
            yield number, start, raw
            start += len(raw)

    def _cut(self, raw: bytes, number: int) -> None:
        """Remove a line that a crash cut short, unless it is longer than any of ours.

        Only the last line can be cut short: nothing is written behind it.
        """
        if len(raw) > MAX_LINE:
            raise self._damaged(number)
        if self._handle is not None:
            os.ftruncate(self._handle, self._end)
            os.fsync(self._handle)

    def _value(self, raw: bytes, number: int) -> dict[str, Any]:
        try:
            return loads_object(raw)
        except InputError as error:
            raise self._damaged(number) from error

    def _as_line(self, value: dict[str, Any], number: int) -> Line:
        texts = all(isinstance(value.get(name), str) for name in _FIELDS)
        numbers = all(type(value.get(name)) is int for name in ("revision", "size"))
        if not (texts and numbers and len(value) == len(_FIELDS) + 2):
            raise self._damaged(number)
        if Path(value["file"]).name != value["file"]:
            raise self._damaged(number)
        return Line(**value)

    def _line_at(self, offset: int | None) -> Line | None:
        if offset is None:
            return None
        self._reader.seek(offset)
        return Line(**loads_object(self._reader.readline(MAX_LINE)))

    def _check_first(
        self, raw: bytes, header: Header, ignored: Collection[str]
    ) -> None:
        """`ConfigError` unless it is our header, whole or cut short by a crash."""
        if not raw.startswith(MARK):
            raise self._no_journal()
        # A torn header has no end yet. What goes on behind one is more than torn: a
        # journal that lost its ends of lines, say.
        if raw.endswith((b"}", b"\n")):
            self._check_header(self._value(raw, 1), header, ignored)
        elif b"}" in raw:
            raise self._damaged(1)

    def _check_header(
        self, value: dict[str, Any], header: Header, ignored: Collection[str]
    ) -> None:
        if value.get("version") != VERSION:
            raise ConfigError(
                f"{self.path} was written by another version of edc-issuer; go on "
                "with that one, or begin another journal in another folder"
            )
        for name, ours in asdict(header).items():
            theirs = value.get(name)
            if name not in ignored and ours != theirs:
                said = _SAYS[name].format(ours=ours, theirs=theirs)
                raise ConfigError(
                    f"{self.path}: this run {said}. Repeat what the first run said, or "
                    "name another --journal and another --out"
                )
        self.id, self._key = str(value.get("id", "")), value.get("key")

    def _no_journal(self) -> ConfigError:
        return ConfigError(
            f"{self.path} is no journal of a batch and was left as it is; name "
            "another file with --journal"
        )

    def _damaged(self, number: int) -> ConfigError:
        return ConfigError(
            f"{self.path}: line {number} is damaged. Nothing was issued. Restore the "
            "journal from a copy: without it nobody knows what was issued before"
        )

    # Writing

    def _begin(self, header: Header, key: str) -> None:
        """What has to be written before the first line, if there is to be one."""
        if self._end == 0:
            self.id = secrets.token_hex(8)
            about = {"journal": KIND, "version": VERSION, "id": self.id}
            self._pending = _encoded({**about, **asdict(header), "key": key})
        elif key != self._key:
            # A renewed seal goes on with the same work; the journal says from where.
            self._pending = _encoded({"key": key})

    def _write(self, data: bytes) -> None:
        """Add bytes at the end; they are on the disk when this returns."""
        assert self._handle is not None, "opened with look()"
        try:
            while data:
                data = data[os.write(self._handle, data) :]
            os.fsync(self._handle)
        except OSError as error:
            raise ConfigError(f"{self.path}: {error.strerror}") from error

    def _remember(self, line: Line, offset: int) -> None:
        self._index.put("record", line.record_id, str(line.revision), value=offset)
        seen = alike(line.record_id)
        if seen != line.record_id:
            self._index.put("alike", seen, str(line.revision), value=offset)
        self._index.put("credential", line.credential_id, value=offset)
        latest = max(line.revision, self.latest_revision(line.record_id))
        self._index.put("latest", line.record_id, value=latest)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk too, where the system can promise it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _encoded(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"

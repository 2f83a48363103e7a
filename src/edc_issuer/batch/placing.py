"""Files in their folder: whole or absent, and no trace of a run that was stopped."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from edc_issuer.errors import ConfigError
from edc_issuer.keys.files import PRIVATE, read_bounded, write_atomically
from edc_issuer.strict_json import MAX_BYTES


class Folder:
    """The folder of one journal's files; `run` marks what is being written."""

    __slots__ = ("_prefix", "path")

    def __init__(self, path: Path, run: str) -> None:
        self.path = path
        self._prefix = f".edc-{run}-"

    def prepare(self) -> None:
        """Make it, try to write, and remove what a stopped run had begun to write."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.path, prefix=self._prefix).close()
            for left in self.path.glob(f"{self._prefix}*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{self.path}: {error.strerror}") from error

    def place(self, name: str, data: bytes) -> None:
        """Write one file, whole or not at all, for its owner's eyes alone."""
        write_atomically(self.path / name, data, mode=PRIVATE, prefix=self._prefix)

    def found(self, name: str) -> bytes | None:
        """What lies under a name already; None where nothing does.

        `b""` where it is a folder, a pipe or cannot be read: that is none of our
        files, and in the way of its own row only.
        """
        path = self.path / name
        try:
            if not path.exists():
                return None
            return read_bounded(path, limit=MAX_BYTES) if path.is_file() else b""
        except (ConfigError, OSError):
            return b""

    def differs(self, name: str, *, size: int, sha256: str) -> bool | None:
        """Whether a file is another one than was written; None where it is gone."""
        path = self.path / name
        try:
            # The digest of what has the right size only: others can be endless.
            if not path.is_file() or path.stat().st_size != size:
                return True if path.exists() else None
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() != sha256
        except OSError:
            return True

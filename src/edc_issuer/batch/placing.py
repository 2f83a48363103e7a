"""Files in their folder: whole or absent, and no trace of a run that was stopped."""

from __future__ import annotations

import tempfile
from pathlib import Path

from edc_issuer.errors import ConfigError
from edc_issuer.keys.files import read_bounded, write_atomically
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
        """Write one file, whole or not at all."""
        write_atomically(self.path / name, data, prefix=self._prefix)

    def found(self, name: str) -> bytes | None:
        """What lies under a name already; None where nothing does."""
        path = self.path / name
        return read_bounded(path, limit=MAX_BYTES) if path.exists() else None

    def differs(self, name: str, size: int) -> bool | None:
        """Whether a file has another size than was written; None where it is gone."""
        try:
            return (self.path / name).stat().st_size != size
        except OSError:
            return None

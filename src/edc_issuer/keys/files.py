"""Files that must be whole or absent, and keys that only their owner may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from edc_issuer.errors import ConfigError

PRIVATE = 0o600
PUBLIC = 0o644


def read_bounded(path: Path, *, limit: int) -> bytes:
    """Read a file of at most `limit` bytes; `ConfigError` says why it could not."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    if len(data) > limit:
        raise ConfigError(f"{path}: larger than {limit} bytes; is it the right file?")
    return data


def write_atomically(
    path: Path, data: bytes, *, mode: int = PUBLIC, prefix: str = "."
) -> None:
    """Replace `path` by `data`, whole or not at all; makes missing folders.

    Until then the data lies beside it, under a name that begins with `prefix`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp gives 0600 from the first moment: a key is never readable meanwhile.
        handle, name = tempfile.mkstemp(prefix=prefix, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error


def write_new(path: Path, data: bytes, *, mode: int = PUBLIC) -> None:
    """Write a file that must not be there yet: keys are never overwritten."""
    if path.exists():
        raise ConfigError(f"{path} exists already; name another folder or move it")
    write_atomically(path, data, mode=mode)

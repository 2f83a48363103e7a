"""One process at a time: a lock that ends with the process, however it ends."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from edc_issuer.errors import ConfigError
from edc_issuer.keys.files import PRIVATE

LOCK = ".edc-issuer.lock"  # lies in a folder as long as a batch writes to it
_FAR = 2**62  # a byte that no journal reaches; Windows locks ranges, not files


def lock(
    handle: int, path: Path, *, what: Literal["journal", "folder"] = "journal"
) -> None:
    """Hold the file of `handle` for this process until it is closed.

    `ConfigError` where another process, or another part of this one, holds it;
    `path` is `what` it would have worked with.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConfigError(
            f"{path}: another process works with this {what}. Wait until it is done, "
            "or name another --journal and another --out"
        ) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a folder for this process while the block runs; it is made if missing.

    `ConfigError` where another process, or another part of this one, holds it.
    """
    path = folder / LOCK
    handle = _locked(path)
    # Its last holder may have removed it between our opening and our locking it.
    while not _lies_at(handle, path):
        os.close(handle)
        handle = _locked(path)
    try:
        yield
    finally:
        # Before it is let go: whoever opened it meanwhile sees that it is gone.
        if _lies_at(handle, path):
            with suppress(OSError):  # Windows keeps what is open; an empty file stays
                path.unlink()
        os.close(handle)


def _locked(path: Path) -> int:
    handle = opened(path, os.O_RDWR)
    try:
        lock(handle, path.parent, what="folder")
    except BaseException:
        os.close(handle)
        raise
    return handle


def _lies_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def opened(path: Path, flags: int) -> int:
    """A handle of an ordinary file, which is made for the owner's eyes alone."""
    # Without O_NONBLOCK a named pipe would hold us until somebody reads from it.
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, flags | os.O_CREAT, PRIVATE)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ConfigError(f"{path} is not an ordinary file")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    return handle

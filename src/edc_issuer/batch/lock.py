"""One process at a time: a lock that ends with the process, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from edc_issuer.errors import ConfigError

_FAR = 2**62  # a byte that no journal reaches; Windows locks ranges, not files


def lock(handle: int, path: Path) -> None:
    """Hold the file of `handle` for this process until it is closed.

    `ConfigError` where another process, or another part of this one, holds it.
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
            f"{path}: another process works with this journal. Wait until it is done, "
            "or name another --journal and another --out"
        ) from error

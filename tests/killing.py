"""A command of ours in a process of its own, killed after a while."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

from edc_issuer import cli


def killed(words: list[str], after: float) -> bool:
    """Whether the command was killed before it was done."""
    process = os.fork()
    if not process:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        sys.argv = words
        with suppress(BaseException):
            cli.main()
        os._exit(0)
    time.sleep(after)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)

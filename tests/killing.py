"""A command of ours in a process of its own, killed after a while."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn

from edc_issuer import cli


def killed(words: list[str], after: float) -> bool:
    """Whether the command was killed before it was done."""
    process = os.fork()
    if not process:
        _work(words)
    end = time.monotonic() + after
    while time.monotonic() < end:
        if os.waitpid(process, os.WNOHANG)[0]:
            return False
        time.sleep(0.0005)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def killed_at(words: list[str], owner: Any, name: str, *, done: bool) -> bool:
    """The same, killed before or after the function `owner.name` did its work."""
    process = os.fork()
    if not process:
        function = getattr(owner, name)

        def strike(*given: Any, **named: Any) -> None:
            if done:
                function(*given, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(owner, name, strike)
        _work(words)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def _work(words: list[str]) -> NoReturn:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    sys.argv = words
    with suppress(BaseException):
        cli.main()
    os._exit(0)

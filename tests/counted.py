"""Work counted, not timed: how many calls a piece of code makes.

A clock says something else on every machine; the number of calls does not. Where the
input is some times larger and the calls are hardly more times as many, the work grows
with the file and not with its square.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(function: Callable[[], object]) -> int:
    """How many calls, of Python and of C, `function` makes until it returns."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def grows_with_size(work: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether four times the size takes less than six times the calls of `size`."""
    calls(work(10))  # tables are read and caches filled before anything is counted
    small, large = calls(work(size)), calls(work(4 * size))
    return large < 6 * small

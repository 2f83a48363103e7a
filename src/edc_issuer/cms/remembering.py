"""Answers about certificates, remembered by the object that was asked about.

Python's own memory (`functools.lru_cache`) hashes what it is asked about, and to
hash a certificate is to read it whole; a path asks each of them some fifty
questions. `cms.certificate.load` gives one object for the same bytes, so the object
itself is enough to know it again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

Asked = TypeVarTuple("Asked")
T = TypeVar("T")
_MOST = 1024  # rows of each function; then it starts anew


def remembered(function: Callable[[*Asked], T]) -> Callable[[*Asked], T]:
    """Answer again what was answered for these very objects.

    For functions of things that never change, given by their position only: by a
    keyword two questions could pass for one. What raises is not remembered.
    """
    # A row keeps what was asked about alive, so nothing else can bear its number.
    rows: dict[tuple[int, ...], tuple[tuple[*Asked], T]] = {}

    @wraps(function)
    def ask(*given: *Asked) -> T:
        key = tuple(map(id, given))
        row = rows.get(key)
        if row is None:
            if len(rows) >= _MOST:
                rows.clear()
            row = rows[key] = given, function(*given)
        return row[1]

    return ask

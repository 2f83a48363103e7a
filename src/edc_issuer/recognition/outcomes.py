"""A long list cut to what fits on a page, with the rest counted."""

from __future__ import annotations

from collections.abc import Iterable

from edc_issuer.recognition.look import MAX_LOOKED, MAX_SHOWN
from edc_issuer.summary import Several


def several(texts: Iterable[str | None], *, stated: int) -> Several:
    """The different texts in their order: the first few, and how many more.

    `stated` is how many there are in all; no more than `MAX_LOOKED` are read.
    """
    found = tuple(dict.fromkeys(text for text in texts if text))
    total = stated if stated > MAX_LOOKED else len(found)
    return Several(found[:MAX_SHOWN], max(0, total - MAX_SHOWN))

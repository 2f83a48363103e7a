"""A long list cut to what fits on a page, with the rest counted."""

from __future__ import annotations

from collections.abc import Iterable

from edc_issuer.recognition.look import MAX_SHOWN
from edc_issuer.summary import Several


def several(texts: Iterable[str | None]) -> Several:
    """The different texts in their order: the first few, and how many more."""
    found = tuple(dict.fromkeys(text for text in texts if text))
    return Several(found[:MAX_SHOWN], max(0, len(found) - MAX_SHOWN))

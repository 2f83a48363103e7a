"""The languages of a credential: its list knows no script, its texts do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edc_issuer.models.reading import Branch, language_tag
from edc_issuer.models.tree import id_of


def languages_of(root: Branch, display: Branch) -> tuple[str, ...]:
    """The languages of a credential, the primary one first.

    The list calls Serbian one language; which script is meant is seen from the tags
    of the labels and texts that stand in the credential.
    """
    listed = display.codes("language", "language")
    primary = display.code("primaryLanguage", "language")
    used = _used(display, root)
    tags: list[str] = []
    for code in [*listed, *([primary] if primary else [])]:
        own = [tag for tag in used if _base(tag) == code] or [code]
        tags += [tag for tag in own if tag not in tags]
    ordered = [tag for tag in used if tag in tags]
    if {*ordered} == {*tags}:
        tags = ordered
    return tuple(tags or used[:1] or ["en"])


def primary_of(display: Branch, languages: tuple[str, ...]) -> str:
    """The first language in the list's code that the credential is written in."""
    code = display.code("primaryLanguage", "language")
    own = [tag for tag in languages if _base(tag) == code]
    titled = display.texts("title")
    return next((tag for tag in own if tag in titled), (own or list(languages))[0])


def _base(tag: str) -> str:
    return tag.partition("-")[0]


def _used(display: Branch, root: Branch) -> list[str]:
    """Tags of labels in their order, then those of texts."""
    found: dict[str, None] = {}
    for key in ("primaryLanguage", "language"):
        for item in display.take(key):
            labels = item.get("prefLabel") if isinstance(item, Mapping) else None
            _collect(labels, found)
    _collect(display.data.get("title"), found)
    return list(found)


def _collect(texts: Any, found: dict[str, None]) -> None:
    if isinstance(texts, Mapping) and id_of(texts) is None:
        tags = (language_tag(tag, "") for tag in texts)
        found.update(dict.fromkeys(tag for tag in tags if tag))

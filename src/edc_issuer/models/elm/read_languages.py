"""The languages of a credential: its list knows no script, its texts do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edc_issuer.models.reading import Branch, language_tag
from edc_issuer.models.tree import id_of


def languages_of(root: Branch, display: Branch) -> tuple[str, ...]:
    """The languages of a credential in the order of its list.

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
    return tuple(tags or used[:1] or ["en"])


def primary_of(root: Branch, display: Branch, languages: tuple[str, ...]) -> str:
    """The language that the list calls primary, in the script of the learner's name.

    Where that does not tell, in the first one that the title has.
    """
    code = display.code("primaryLanguage", "language")
    own = [tag for tag in languages if _base(tag) == code]
    titled = _names(root) or display.texts("title")
    return next((tag for tag in own if tag in titled), (own or list(languages))[0])


def _names(root: Branch) -> dict[str, str]:
    subject = root.branch("credentialSubject")
    return subject.texts_of("givenName") if subject else {}


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

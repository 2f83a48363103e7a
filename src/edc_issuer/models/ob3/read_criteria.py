"""The criteria read back: paragraphs of Markdown, each headed by one of our words."""

from __future__ import annotations

from collections.abc import Mapping

from edc_issuer.models.reading import Branch, sentences
from edc_issuer.models.vcdm import is_absolute_uri

_HEADED = ("workload", "assessment", "criteria", "entry_requirements")
_DASH = " – "  # between the title of an assessment and its grading
_CREDIT = ("credit.ects", "credit.other")


def sections_of(narrative: str | None) -> dict[str, str]:
    """The headed paragraphs of a narrative by what they are about, and `page`, an
    address at its end."""
    found: dict[str, str] = {}
    here: str | None = None
    said = {text for key in _CREDIT for text in sentences(key).values()}
    for paragraph in (narrative or "").split("\n\n"):
        headed = _headed(paragraph)
        if headed is not None:
            here, text = headed
            found.setdefault(here, text)
        elif paragraph in said:
            here = None
        elif is_absolute_uri(paragraph):
            found["page"], here = paragraph, None
        elif here is not None:
            found[here] += f"\n\n{paragraph}"
    return found


def grading_of(section: str | None, title: str | None) -> tuple[str | None, str | None]:
    """Title and grading scheme of an assessment, from their common paragraph."""
    if not section:
        return title, None
    if title and section == title:
        return title, None
    if title and section.startswith(title + _DASH):
        return title, section[len(title + _DASH) :]
    first, dash, rest = section.partition(_DASH)
    return first, rest if dash else None


def page_of(criteria: Branch | None, sections: Mapping[str, str]) -> str | None:
    """The page of the programme: the id of the criteria, or named in the text."""
    own = criteria.id if criteria else None
    return own if own and is_absolute_uri(own) else sections.get("page")


def _headed(paragraph: str) -> tuple[str, str] | None:
    for key in _HEADED:
        for label in sentences(key, "badge_texts.json").values():
            head = f"**{label}:** "
            if paragraph.startswith(head):
                return key, paragraph[len(head) :]
    return None

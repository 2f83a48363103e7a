"""Stacking read back: with what the programme joins, and where it counts."""

from __future__ import annotations

from typing import Any

from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.read_notes import NotesRead, Texts, everywhere
from edc_issuer.models.elm.read_organisation import identifiers, page
from edc_issuer.models.reading import Branch, sentences
from edc_issuer.record import RecognisedIn, Stacking

_OPTIONS = ("standalone", "stackable", "integrated")
_CODE = "programme code"


def stacking_of(claim: Branch, spec: Branch, notes: NotesRead) -> Stacking | None:
    """How the programme joins with others; None where nothing is said of it.

    Its role follows from the parts that are named.
    """
    options: Any = _options(notes.one(say.STACKABILITY[0]))
    parts = _codes(spec, "hasPart") + _noted(notes, say.STACK_PART[0])
    wholes = _codes(spec, "isPartOf") + _noted(notes, say.STACK_WHOLE[0])
    places = tuple(map(_recognised, claim.branches("entitlesTo")))
    if not (options or parts or wholes or places):
        return None
    return Stacking(
        role="whole" if parts else "part" if wholes else "none",
        options=options,
        parts=parts,
        part_of=wholes,
        recognised_in=places,
    )


def _options(text: Texts | None) -> tuple[str, ...]:
    """The words behind the colon, in whichever language they are ours."""
    for item in (text or {}).values():
        words = item.partition(": ")[2].split(", ")
        found = [
            option for word in words for option in _OPTIONS if _means(word, option)
        ]
        if found:
            return tuple(found)
    return ()


def _means(word: str, option: str) -> bool:
    return word in sentences(f"option.{option}").values()


def _codes(spec: Branch, key: str) -> tuple[str, ...]:
    found = []
    for node in spec.branches(key):
        code = identifiers(node).get(_CODE)
        if code and "LearningAchievementSpecification" in node.types:
            node.confirms("title", dict.fromkeys(node.texts_of("title"), code))
            found.append(code)
    return tuple(found)


def _noted(notes: NotesRead, uri: str) -> tuple[str, ...]:
    return tuple(code for text in notes.about(uri) if (code := everywhere(text)))


def _recognised(node: Branch) -> RecognisedIn:
    spec = node.branch("specifiedBy") or Branch({}, node.source)
    spec.confirms("title", node.texts("title"))
    for key in ("dcType", "entitlementStatus"):
        spec.take(key)  # the same for every entitlement that a record holds
    return RecognisedIn(
        title=node.texts("title") or spec.texts("title"),
        code=next(iter(identifiers(spec).values()), None),
        note=node.texts("description") or None,
        url=page(spec.branch("homepage")),
    )

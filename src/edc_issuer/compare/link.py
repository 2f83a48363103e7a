"""Twins: does each of the two name the other, and the badge the very same EDC?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.sides import Side
from edc_issuer.models.elm.envelope import BADGE
from edc_issuer.models.ob3.build import TWIN
from edc_issuer.models.tree import values

MAX_NAMED = 1_000  # identifiers and pieces of evidence that are looked at
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def links(a: Side, b: Side) -> tuple[Compared, ...]:
    """How an EDC and a badge name each other; empty where neither names another.

    Two files of one model are no twins.
    """
    sides = {a.model: a, b.model: b}
    edc, badge = sides.get("elm"), sides.get("ob3")
    if edc is None or badge is None:
        return ()
    named, (back, digest) = badge_of(edc.credential), edc_of(badge.credential)
    if named is None and back is None:
        return ()
    edc_is_a = edc is a
    return (
        _link("link.badge", named, badge.id, edc_is_a=edc_is_a),
        _link("link.edc", back, edc.id, edc_is_a=not edc_is_a),
        _digest(digest, edc.payload, edc_is_a=edc_is_a),
    )


def badge_of(edc: Mapping[str, Any]) -> str | None:
    """The id of the badge that an EDC names."""
    for item in values(edc.get("identifier"))[:MAX_NAMED]:
        if isinstance(item, Mapping) and item.get("schemeName") == BADGE:
            found = item.get("notation")
            return found if isinstance(found, str) else None
    return None


def edc_of(badge: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The id of the EDC that a badge names, and the digest of its payload."""
    for item in _twins(badge):
        name, text = item.get("id"), item.get("narrative")
        digests = _DIGEST.findall(text) if isinstance(text, str) else []
        one = digests[0] if len(digests) == 1 else None
        return (name if isinstance(name, str) else None), one
    return None, None


def _twins(badge: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in values(badge.get("evidence"))[:MAX_NAMED]:
        if isinstance(item, Mapping) and item.get("genre") == TWIN:
            yield item


def _link(
    fact: str, named: str | None, real: str | None, *, edc_is_a: bool
) -> Compared:
    """`named` stands in one file, `real` is the id of the other."""
    first, second = (named, real) if edc_is_a else (real, named)
    if named is None:
        answer = Answer.ONLY_B if edc_is_a else Answer.ONLY_A
        return Compared(fact, answer, first, second)
    answer = Answer.SAME if named == real else Answer.DIFFERS
    return Compared(fact, answer, first, second)


def _digest(stated: str | None, real: str | None, *, edc_is_a: bool) -> Compared:
    """The digest that the badge states, against that of the sealed payload."""
    first, second = (real, stated) if edc_is_a else (stated, real)
    if real is None:
        answer = Answer.UNSAYABLE  # no seal, so there is nothing that it signs
    elif stated is None:
        answer = Answer.ONLY_A if edc_is_a else Answer.ONLY_B
    else:
        answer = Answer.SAME if stated == real else Answer.DIFFERS
    return Compared("link.payload", answer, first, second)

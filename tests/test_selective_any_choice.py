"""Whatever a learner chooses: the copy verifies, and shows just that.

Every text and number of a generated badge is different from every other, so that one
which was not chosen and is found in the copy after all is a leak.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edc_issuer.derivation import Choice, derive, revealable
from edc_issuer.errors import ConfigError
from edc_issuer.formats.selective.grouping import MAX_STATEMENTS
from selective_badges import (
    IDENTITY,
    LIST,
    Document,
    badge,
    document_of,
    signed,
    value_of,
    verify,
)

LETTERS = st.text('čšžćđČŠŽĆĐаџљњћђЏЉЊЋЂ abc"\\\n~/', min_size=1, max_size=8)
ALIGNMENT = ("targetName", "targetDescription", "targetFramework", "targetCode")
ACHIEVEMENT = ("name", "description", "humanCode", "fieldOfStudy", "specialization")
# Only root members may never be withheld; the id of the badge is one of them.
ALWAYS = ("/id", "/issuer", "/validFrom", "/validUntil", "/credentialStatus")


@st.composite
def badges(draw: st.DrawFn) -> Document:
    """A badge with any of its parts, each value its own."""
    numbers = count(1_000)

    def text() -> str:
        return f"{draw(LETTERS)}{next(numbers)}"

    def some(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: text() for name in names if draw(st.booleans())}

    def named(kind: str) -> dict[str, Any]:
        own = {"id": f"urn:x:{next(numbers)}"} if draw(st.booleans()) else {}
        return {**own, "type": [kind]}

    alignments = [
        {**named("Alignment"), "targetUrl": f"urn:u:{next(numbers)}", **some(ALIGNMENT)}
        for _ in range(draw(st.integers(0, 4)))
    ]
    results = [
        {"type": ["Result"], "value": text()} for _ in range(draw(st.integers(0, 3)))
    ]
    achievement = {
        **named("Achievement"),
        **some(ACHIEVEMENT),
        "criteria": {"narrative": text()},
        "tag": [text() for _ in range(draw(st.integers(1, 3)))],
    }
    subject = {**named("AchievementSubject"), "achievement": achievement}
    if draw(st.booleans()):
        subject["creditsEarned"] = next(numbers)
    if alignments:
        achievement["alignment"] = alignments
    if results:
        subject["result"] = results
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:x:{next(numbers)}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": IDENTITY.did, "type": ["Profile"], "name": text()},
        "validFrom": "2025-06-01T00:00:00Z",
        "validUntil": "2035-06-01T00:00:00Z",
        "name": text(),
        "credentialSubject": subject,
        "credentialStatus": {
            "id": f"{LIST}#7",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": LIST,
        },
    }


def leaves(value: Any) -> list[str]:
    """Each text or number of a value, as JSON writes it."""
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [json.dumps(value, ensure_ascii=False)]


def goes_along(place: Choice, chosen: list[Choice]) -> bool:
    """Whether this is the identifier of something that a chosen place belongs to."""
    home, _, last = place.pointer.rpartition("/")
    return last == "id" and any(c.pointer.startswith(home + "/") for c in chosen)


@settings(max_examples=60)
@given(st.data())
def test_any_choice_verifies_and_shows_what_was_chosen_and_no_more(
    data: st.DataObject,
) -> None:
    document = data.draw(badges())
    file = signed(document)
    places = revealable(file)
    chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, unique_by=id))

    copy = derive(file, reveal=[place.pointer for place in chosen])

    verify(copy.data)
    assert copy.confirmed
    content = {k: v for k, v in document_of(copy.data).items() if k != "proof"}
    told = json.dumps(content, ensure_ascii=False)
    for place in places:
        shown = place in chosen or place.always or goes_along(place, chosen)
        found = [leaf in told for leaf in leaves(place.value)]
        assert all(found) if shown else not any(found), place.pointer


@settings(max_examples=30)
@given(badges())
def test_every_place_of_a_badge_is_on_the_list_once(document: Document) -> None:
    places = revealable(signed(document))

    pointers = [place.pointer for place in places]
    assert len(set(pointers)) == len(pointers)
    told = {leaf for place in places for leaf in leaves(place.value)}
    assert told == {leaf for value in untyped(document) for leaf in leaves(value)}
    assert {p.pointer for p in places if p.always} == {
        pointer for pointer in pointers if pointer.startswith(ALWAYS)
    }


def untyped(value: Any) -> list[Any]:
    """Every text and number but for contexts and types."""
    if isinstance(value, list):
        return [found for item in value for found in untyped(item)]
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in ("@context", "type")}
        return [found for member in kept.values() for found in untyped(member)]
    return [value]


def test_labels_say_nothing_of_what_is_withheld() -> None:
    """Two badges with one name shown have labels in common by chance only."""
    copies = [derive(signed(badge()), reveal=["/name"]).data for _ in range(2)]

    one, two = (set(value_of(copy).labels.values()) for copy in copies)
    assert not one & two


def test_a_badge_with_too_many_statements_is_refused() -> None:
    document = badge()
    tags = [str(number) for number in range(MAX_STATEMENTS)]
    document["credentialSubject"]["achievement"]["tag"] = tags

    with pytest.raises(ConfigError, match="statements"):
        signed(document)

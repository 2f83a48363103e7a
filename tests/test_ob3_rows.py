"""Every row of every class of Open Badges 3.0, bent one by one beside the schema.

For each property of each class a badge is made that has it, and then without it, with
it twice, alone where a list belongs, empty, null, and of each wrong kind. The official
JSON Schema says of each badge whether it conforms, and so do we; where the two differ
the manifest `ob3_rows.tsv` says why.
"""

from __future__ import annotations

import copy
import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edc_issuer.models.ob3 import OB3
from edc_issuer.models.ob3.table import Property, enumeration, profile
from test_ob3_profile import (
    Node,
    achievement,
    badge,
    endorsement,
    schema_check,
    subject,
)

MANIFEST = Path(__file__).parent / "ob3_rows.tsv"
URI = "https://šola.example/č"
# A sound value of each range that is no class.
SOUND: dict[str, Any] = {
    "text": "Čebelarjenje",
    "uri": URI,
    "number": 2.5,
    "boolean": True,
    "time": "2025-06-20T00:00:00+02:00",
    "when": "2025-06-20T00:00:00+02:00",
    "day": "2007-03-01",
    "language": "sr-Cyrl-RS",
    "jws": "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
}
# Values of every kind that JSON has, and of the kinds of text that are told apart.
KINDS: dict[str, Any] = {
    "number": 7,
    "true": True,
    "word": "beseda",
    "address": "urn:uuid:1",
    "extension": "ext:Čebele",
    "object": {},
    "list of words": ["beseda"],
    "list of objects": [{}],
    "list in a list": [[]],
}


def node(kind: str) -> Node:
    """The smallest sound object of a class, from its required properties."""
    special = {
        "Badge": badge,
        "Endorsement": endorsement,
        "AchievementSubject": subject,
        "Achievement": achievement,
    }
    if kind in special:
        return special[kind]()
    made: Node = {"type": [kind]}
    if kind in ("GeoCoordinates", "Image", "IdentifierEntry", "IdentityObject"):
        made = {"type": kind}
    if kind == "Criteria":
        made = {"narrative": "Opravljen preizkus"}
    if kind in ("Proof", "IdTyped", "Typed"):
        made = {"type": "Vrsta"}
    for row in profile(kind).values():
        if row.required:
            made[row.name] = value(row)
    return made


def value(row: Property) -> Any:
    """A sound value of a property, a list where the table has one."""
    if row.range in SOUND:
        one = SOUND[row.range]
    elif row.holds is not None:
        one = min(enumeration(row.range))
    else:
        one = node("Profile" if row.range == "ProfileRef" else row.range)
    return [one] if row.many else one


# Where an object of each class stands in a badge: steps from the top, and the class.
PLACES: dict[str, tuple[str, ...]] = {
    "Badge": (),
    "Endorsement": ("endorsement",),
    "EndorsementSubject": ("endorsement", "credentialSubject"),
    "AchievementSubject": ("credentialSubject",),
    "Achievement": ("credentialSubject", "achievement"),
    "Profile": ("issuer",),
    "Address": ("issuer", "address"),
    "GeoCoordinates": ("issuer", "address", "geo"),
    "IdentifierEntry": ("issuer", "otherIdentifier"),
    "IdentityObject": ("credentialSubject", "identifier"),
    "Result": ("credentialSubject", "result"),
    "Alignment": ("credentialSubject", "achievement", "alignment"),
    "Criteria": ("credentialSubject", "achievement", "criteria"),
    "Related": ("credentialSubject", "achievement", "related"),
    "ResultDescription": ("credentialSubject", "achievement", "resultDescription"),
    "RubricCriterionLevel": (
        "credentialSubject",
        "achievement",
        "resultDescription",
        "rubricCriterionLevel",
    ),
    "Evidence": ("evidence",),
    "Image": ("image",),
    "Proof": ("proof",),
    "IdTyped": ("credentialStatus",),
    "Typed": ("termsOfUse",),
}


def around(kind: str) -> tuple[Node, Node]:
    """A sound badge, and the object of the class that stands in it."""
    whole = badge()
    here, cls = whole, "Badge"
    for step in PLACES[kind]:
        row = profile(cls)[step]
        if step not in here:
            here[step] = value(row)
        held = here[step]
        here = held[0] if isinstance(held, list) else held
        cls = "Profile" if row.range == "ProfileRef" else row.range
    assert cls == kind
    return whole, here


def bent(kind: str, name: str) -> Iterator[tuple[str, Node]]:
    """Badges in which one property of one object is sound, and then is not."""
    for label, change in changes(kind, name).items():
        whole, here = around(kind)
        here[name] = copy.deepcopy(change)
        if label == "missing":
            del here[name]
        yield label, whole


def changes(kind: str, name: str) -> dict[str, Any]:
    """What stands in the place of a property, by what it is called."""
    if name == UNKNOWN:
        return {"sound": "beseda"}
    row = profile(kind).get(name)
    sound = around(kind)[1].get("type", []) if row is None else value(row)
    one = sound[0] if isinstance(sound, list) and sound else sound
    return {
        "sound": sound,
        "missing": None,
        "null": None,
        "empty": [],
        "twice": [one, copy.deepcopy(one)],
        "alone": one,
        "in a list": [one],
        "with another": [*(sound if isinstance(sound, list) else [one]), "Achievement"],
        **KINDS,
    }


# A property that no class has; some classes are closed.
UNKNOWN = "anotherProperty"


def rows() -> Iterator[tuple[str, str]]:
    for kind in PLACES:
        for name in (*profile(kind), "type", UNKNOWN):
            yield kind, name


def difference(whole: Node) -> str | None:
    """ "stricter CODES" or "milder", where the schema and we do not say the same."""
    is_refused = not schema_check().is_valid(whole)
    ours = sorted({problem.code for problem in OB3.inspect(whole)})
    if is_refused == bool(ours):
        return None
    return f"stricter {' '.join(ours)}" if ours else "milder"


@cache
def manifest() -> dict[tuple[str, str, str], str]:
    """(class.property, how they differ, its cases) → why."""
    with MANIFEST.open(encoding="utf-8", newline="") as lines:
        read = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {(where, how, cases): why for where, how, cases, why in read[1:]}


def differences(kind: str, name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for label, whole in bent(kind, name):
        how = difference(whole)
        if how is not None:
            found[how].append(label)
    return found


ROWS = [pytest.param(*pair, id=".".join(pair)) for pair in rows()]


@pytest.mark.parametrize(("kind", "name"), ROWS)
def test_each_row_is_judged_as_the_schema_judges_it(kind: str, name: str) -> None:
    found = {
        (f"{kind}.{name}", how, ", ".join(labels))
        for how, labels in differences(kind, name).items()
    }

    named = {line for line in manifest() if line[0] == f"{kind}.{name}"}

    assert found == named


def test_every_difference_has_its_reason_and_belongs_to_a_row() -> None:
    places = {f"{kind}.{name}" for kind, name in rows()}

    assert all(manifest().values())
    assert {line[0] for line in manifest()} <= places


def test_every_class_of_the_schema_is_bent() -> None:
    # What only says id and type has one row in our table for all of it.
    ours = {
        "EndorsementCredential": "Endorsement",
        "CredentialSchema": "IdTyped",
        "CredentialStatus": "IdTyped",
        "RefreshService": "IdTyped",
        "TermsOfUse": "Typed",
    }
    defined = schema_check().schema["$defs"]
    classes = {name for name, one in defined.items() if "properties" in one}

    assert {ours.get(name, name) for name in classes} | {"Badge"} == set(PLACES)


@pytest.mark.parametrize("kind", PLACES)
def test_the_badge_that_is_bent_is_sound(kind: str) -> None:
    whole, here = around(kind)

    assert [problem.code for problem in OB3.inspect(whole)] == []
    assert schema_check().is_valid(whole)
    assert here

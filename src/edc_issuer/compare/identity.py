"""The learner's e-mail and number: hashed in a badge, in clear in an EDC.

A hash is not undone. Whoever has the value in clear makes the same hash with the
salt of the badge and looks whether it is the one that stands there.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from edc_issuer.compare.answers import Answer, Compared
from edc_issuer.compare.sides import Identity, Side
from edc_issuer.models.ob3.recipient import identity_hash

_KINDS = {
    "learner.email": ("emailAddress",),
    "learner.number": ("sisSourcedId", "sourcedId"),
}
_HASH = "sha256$"


def learner_identifiers(a: Side, b: Side) -> Iterator[Compared]:
    """How the two files name the learner beside the name."""
    for fact, kinds in _KINDS.items():
        first, second = _stated(a, fact, kinds), _stated(b, fact, kinds)
        if first is not None or second is not None:
            yield _compared(fact, first, second)


def _stated(side: Side, fact: str, kinds: tuple[str, ...]) -> Identity | None:
    """The value in clear where it is, else the hash."""
    learner = side.record.learner
    clear = learner.email if fact == "learner.email" else learner.internal_id
    if clear:
        return Identity(kinds[0], clear, hashed=False, salt="")
    found = (item for item in side.identities() if item.type in kinds and item.hashed)
    return next(found, None)


def _compared(fact: str, a: Identity | None, b: Identity | None) -> Compared:
    shown = _shown(a), _shown(b)
    if a is None or b is None:
        return Compared(fact, Answer.ONLY_B if a is None else Answer.ONLY_A, *shown)
    answer = _answer(a, b)
    why = "" if answer is not Answer.UNSAYABLE else "hashed"
    if answer is Answer.SAME and a.hashed is not b.hashed:
        why = "hash-fits"
    return Compared(fact, answer, *shown, why=why)


def _answer(a: Identity, b: Identity) -> Answer:
    if not a.hashed and not b.hashed:
        return _equal(a.value, b.value)
    if a.hashed and b.hashed:
        # Another salt makes another hash, of the same value too.
        same = (a.value, a.salt) == (b.value, b.salt)
        return Answer.SAME if same else Answer.UNSAYABLE
    clear, hidden = (b, a) if a.hashed else (a, b)
    if not hidden.value.startswith(_HASH):
        return Answer.UNSAYABLE
    return _equal(identity_hash(clear.value, hidden.salt), hidden.value.lower())


def _equal(one: str, other: str) -> Answer:
    fits = hmac.compare_digest(one.encode(), other.encode())
    return Answer.SAME if fits else Answer.DIFFERS


def _shown(item: Identity | None) -> str | None:
    return item.value if item else None

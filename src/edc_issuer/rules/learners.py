"""Do two records speak of one learner, and two of one organisation?

Rule ST-02. A number that a school gives means something only at that school; names
are compared without case, diacritics and script, since one school writes Đorđe,
another Djordje and a third Ђорђе.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from edc_issuer.record import CredentialRecord, Learner, Organisation

Sameness = Literal["same", "different", "unknown"]
MAX_IDENTITIES = 100  # of one badge; who has more is no person

_SINGLE = zip(
    "абвгдежзијклмнопрстћуфхцчшѓќѐѝйъь",
    "abvgdezzijklmnoprstcufhccsgkeijaj",
    strict=True,
)
_CYRILLIC = {
    **dict(_SINGLE),
    "ђ": "dj",
    "љ": "lj",
    "њ": "nj",
    "џ": "dz",
    "ѕ": "dz",
    "ю": "ju",
    "я": "ja",
}
# Letters whose stroke is part of them, so that decomposing leaves them alone.
_LETTERS = str.maketrans({**_CYRILLIC, "đ": "dj", "ł": "l", "ø": "o", "ß": "ss"})


def fold(name: str) -> str:
    """The letters and digits of a name in Latin script, without case and marks."""
    text = unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS)
    marked = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in marked if letter.isalnum())


def same_organisation(one: Organisation, other: Organisation) -> bool:
    """By identifier where both have one of a kind; by name only where neither has."""
    pairs = [
        (_number(one.legal_identifier), _number(other.legal_identifier)),
        (_number(one.registration), _number(other.registration)),
        (one.id, other.id),
    ]
    compared = [mine == theirs for mine, theirs in pairs if mine and theirs]
    if compared:
        return compared[0]
    names = {fold(name) for name in one.legal_name.values()}
    return any(fold(name) in names for name in other.legal_name.values())


def _number(identifier: Any) -> tuple[str, str] | None:
    if identifier is None:
        return None
    return identifier.country, identifier.value.replace(" ", "").casefold()


@dataclass(frozen=True, slots=True)
class Person:
    """A learner as one record knows them; `identities` as a badge does."""

    learner: Learner
    issuer: Organisation
    identities: frozenset[str] = frozenset()

    @classmethod
    def of(cls, record: CredentialRecord, identities: frozenset[str]) -> Person:
        """The learner of a record."""
        return cls(record.learner, record.issuer, identities)


def same_learner(one: Person, other: Person) -> Sameness:
    """One sure sign is enough; signs that contradict each other are "unknown"."""
    signs = list(_signs(one, other))
    if not signs:
        return "unknown"
    if all(signs):
        return "same"
    return "unknown" if any(signs) else "different"


def _signs(one: Person, other: Person) -> Iterator[bool]:
    mine, theirs = one.learner, other.learner
    ours, yours = _number(mine.national_id), _number(theirs.national_id)
    if ours and yours and ours[0] == yours[0]:  # one country's numbers
        yield ours == yours
    numbered = mine.internal_id and theirs.internal_id
    if numbered and same_organisation(one.issuer, other.issuer):
        yield mine.internal_id == theirs.internal_id
        # Many schools number each class from one, and begin again every year.
        if _called_otherwise(mine, theirs):
            yield False
    if _identified(one, other):
        yield True
    yield from _name_and_birth(mine, theirs)


def _name_and_birth(mine: Learner, theirs: Learner) -> Iterator[bool]:
    if mine.date_of_birth is None or theirs.date_of_birth is None:
        return
    if mine.date_of_birth != theirs.date_of_birth:
        yield False
    elif _name(mine) == _name(theirs):
        yield True
    # Born on one day and called otherwise: married, or another person. No sign.


def _called_otherwise(mine: Learner, theirs: Learner) -> bool:
    """Another name, and no day of birth that says it is the same person married."""
    born_alike = mine.date_of_birth and mine.date_of_birth == theirs.date_of_birth
    names = _name(mine), _name(theirs)
    return all(map(any, names)) and names[0] != names[1] and not born_alike


def _name(learner: Learner) -> tuple[str, str]:
    return fold(learner.given_name), fold(learner.family_name)


def _identified(one: Person, other: Person) -> bool:
    """One DID, one hash of one salt, or the hash of an e-mail that is known."""
    if one.identities & other.identities:
        return True
    return _mail_fits(one, other) or _mail_fits(other, one)


def _mail_fits(known: Person, hashed: Person) -> bool:
    did, mail = known.learner.subject_did, known.learner.email
    if did and did in (*hashed.identities, hashed.learner.subject_did):
        return True
    if not mail:
        return False
    salts = [text.partition("|")[2] for text in hashed.identities if "|" in text]
    return any(f"{_digest(mail, salt)}|{salt}" in hashed.identities for salt in salts)


def _digest(identity: str, salt: str) -> str:
    """Open Badges 3.0, IdentityObject: SHA-256 of identity and salt."""
    return f"sha256${hashlib.sha256((identity + salt).encode()).hexdigest()}"


def identities_of(credential: Mapping[str, Any]) -> frozenset[str]:
    """What a badge says of who it is about: DIDs, and hashes with their salts.

    Empty for a credential of the other model, whose learner the record names.
    """
    found: set[str] = set()
    for subject in _list(credential.get("credentialSubject")):
        if not isinstance(subject, Mapping):
            continue
        address = subject.get("id")
        if isinstance(address, str) and address.startswith("did:"):
            found.add(address)
        for item in _list(subject.get("identifier"))[:MAX_IDENTITIES]:
            if isinstance(item, Mapping) and item.get("hashed") is True:
                digest, salt = item.get("identityHash"), item.get("salt", "")
                if isinstance(digest, str) and isinstance(salt, str):
                    found.add(f"{digest}|{salt}")
    return frozenset(found)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

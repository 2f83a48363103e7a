"""Is a credential about the person whom the reader expects?

A badge names its recipient by an address of a wallet, by a number, or by an e-mail
address that is hashed so that nobody can read it off. Whoever expects somebody knows
the address and can compare. Open Badges 3.0, class IdentityObject; Open Badges 2.0,
class IdentityObject; ELM, `nationalID` and `contactPoint` of a person.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.models.tree import nodes, values
from edc_issuer.report import Status

MAX_COMPARED = 1_000  # a hostile file could name a million, each to be hashed
_HASHED = re.compile(r"(sha256|md5)\$([0-9A-Fa-f]+)", re.ASCII)
_EMAIL = frozenset({"emailaddress", "email"})


@dataclass(frozen=True, slots=True)
class Named:
    """One way in which the credential names its recipient.

    `kind` is "id", "email" or what the file calls it; `algorithm` is "sha256" or
    "md5" where `value` is a digest of the identity and `salt`.
    """

    kind: str
    value: str
    algorithm: str | None = None
    salt: str = ""

    def is_of(self, identity: str) -> bool:
        """Whether this very identity, letter by letter, is the one named."""
        if self.algorithm is None:
            return self.value == identity
        data = (identity + self.salt).encode()
        # MD5 is read because old badges use it, and told as worth little.
        digest = hashlib.new(self.algorithm, data, usedforsecurity=False).hexdigest()
        return hmac.compare_digest(digest, self.value.lower())


@dataclass(frozen=True, slots=True)
class Match:
    """The answer: a status, its reason, and in which ways the recipient is named."""

    status: Status
    reason: str
    named: tuple[str, ...]


def compare(view: Mapping[str, Any], expected: str) -> Match:
    """Compare `expected` (an e-mail address, a DID, a number) with the recipient.

    pass `recipient-matches`; warn `recipient-case` where only the case of letters
    differs and `recipient-md5` where it was hashed with MD5; fail `other-recipient`
    where the credential names somebody else in the same way; undecided
    `recipient-unknown` where it does not name anybody so.
    """
    found = list(_bounded(recipients(view)))
    told = tuple(sorted({_told(named) for named in found}))
    exact = [named for named in found if named.is_of(expected)]
    loose = [named for named in found if _is_loosely(named, expected)]
    if any(named.algorithm != "md5" for named in exact):
        return Match(Status.PASS, "recipient-matches", told)
    if exact:
        return Match(Status.WARN, "recipient-md5", told)
    if loose:
        return Match(Status.WARN, "recipient-case", told)
    kind = _kind_of(expected)
    if any(named.kind == kind for named in found):
        return Match(Status.FAIL, "other-recipient", told)
    return Match(Status.UNDECIDED, "recipient-unknown", told)


def recipients(view: Mapping[str, Any]) -> Iterator[Named]:
    """Every way in which a credential of any model names whom it is about.

    A word of the one model under a key of the other is nobody's: its readers never
    see it.
    """
    if "credentialSubject" not in view:  # Open Badges 2.0
        recipient = view.get("recipient")
        if isinstance(recipient, Mapping):
            yield from _identity(recipient, "identity", "type")
        return
    for holder in values(view["credentialSubject"]):
        if not isinstance(holder, Mapping):
            continue
        if isinstance(holder.get("id"), str):
            yield Named("id", holder["id"])
        for item in values(holder.get("identifier")):
            yield from _identifier(item)
        for item in values(holder.get("nationalID")):
            if isinstance(item, Mapping) and isinstance(item.get("notation"), str):
                yield Named("number", item["notation"])
        yield from _addresses(holder.get("contactPoint"))


def _identifier(item: Any) -> Iterator[Named]:
    if not isinstance(item, Mapping):
        return
    if "identityHash" in item:
        yield from _identity(item, "identityHash", "identityType")
    elif isinstance(item.get("notation"), str):
        yield Named("number", item["notation"])


def _identity(item: Mapping[str, Any], member: str, kind: str) -> Iterator[Named]:
    value, named = item.get(member), str(item.get(kind, "")).lower()
    if not isinstance(value, str):
        return
    kind = "email" if named in _EMAIL else named or "unknown"
    hashed = _HASHED.fullmatch(value)
    if hashed is None:
        yield Named(kind, value)
        return
    salt = item.get("salt")
    yield Named(kind, hashed[2], hashed[1], salt if isinstance(salt, str) else "")


def _addresses(contact: Any) -> Iterator[Named]:
    for _, node in nodes(contact):
        address = node.get("id")
        if isinstance(address, str) and address.lower().startswith("mailto:"):
            yield Named("email", address[len("mailto:") :])


def _bounded(found: Iterator[Named]) -> Iterator[Named]:
    for count, named in enumerate(found):
        if count >= MAX_COMPARED:
            return
        yield named


def _is_loosely(named: Named, expected: str) -> bool:
    if named.algorithm is None:
        return named.value.casefold() == expected.casefold()
    return named.is_of(expected.lower())


def _kind_of(expected: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", expected):
        return "id"
    return "email" if "@" in expected else "number"


def _told(named: Named) -> str:
    """How it is named, without the value, which may be personal."""
    return f"{named.kind} ({named.algorithm})" if named.algorithm else named.kind

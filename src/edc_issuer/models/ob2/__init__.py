"""Open Badges 2.0: received badges judged by the rules of their own version.

A badge of version 2.0 is four descriptions that lie at addresses of their own: the
assertion (who got it), the badge class (for what), the profile (from whom) and, where
it is signed, the key. They are read as the compact JSON that everybody writes, under
the published context; nothing of this version is issued here. IMS Open Badges 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models.ob2.table import faults, known
from edc_issuer.models.tree import types_of

__all__ = [
    "HOSTED",
    "ID",
    "SIGNED",
    "inspect",
    "kind_of",
    "known_content",
    "verification_of",
]

ID = "ob2"
HOSTED, SIGNED = "hosted", "signed"
_WAYS = {
    "hosted": HOSTED,
    "HostedBadge": HOSTED,
    "signed": SIGNED,
    "SignedBadge": SIGNED,
}
_KINDS = ("Assertion", "Endorsement")


def kind_of(node: Mapping[str, Any]) -> str | None:
    """`Assertion` or `Endorsement`; None for what awards nothing to nobody."""
    return next((kind for kind in _KINDS if kind in types_of(node)), None)


def verification_of(assertion: Mapping[str, Any]) -> str | None:
    """`hosted` or `signed`, as the badge says; None where it says neither or both."""
    stated = assertion.get("verification")
    if not isinstance(stated, Mapping):
        return None
    ways = {_WAYS.get(kind) for kind in types_of(stated)} - {None}
    return ways.pop() if len(ways) == 1 else None


def inspect(view: Mapping[str, Any]) -> Iterator[Problem]:
    """Where an assertion, with what it names put in its place, breaks the rules.

    What is still an address in `view` was not at hand and is not judged. Never raises.
    """
    kind = kind_of(view)
    if kind is None:
        text = "the type must be Assertion"
        yield Problem("/type", "type.missing", text)
        kind = "Assertion"
    yield from faults(view, kind, "")


def known_content(view: Mapping[str, Any]) -> dict[str, Any]:
    """The badge with what its classes define and nothing else."""
    content: dict[str, Any] = known(view, kind_of(view) or "Assertion")
    return content

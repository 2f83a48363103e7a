"""The values that trust is made of: what an operator said, in plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509

if TYPE_CHECKING:
    from edc_issuer.trust.lists.model import Age
    from edc_issuer.trust.lists.services import ListedService


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An organisation that the operator named: an identifier and its names.

    `identifier` is a DID or a legal identifier (`NTRSI-1234567`). `from_` is the
    first moment at which it is believed, `until` the first at which it no longer is.
    """

    identifier: str
    names: tuple[str, ...]
    from_: datetime | None = None
    until: datetime | None = None
    test: bool = False

    def is_named_at(self, at: datetime) -> bool:
        """Whether `at` lies in the time for which the operator named it."""
        begun = self.from_ is None or self.from_ <= at
        return begun and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A certificate the operator believes.

    `pinned` is True for an end-entity certificate: it names its own subject and
    nothing below it, and its validity and revocation are still judged. `source` is
    the file it came from. An anchor with `organisations` is limited to those. One
    that a trusted list vouches for carries the `service` of that list.
    """

    certificate: x509.Certificate
    pinned: bool
    source: str
    organisations: tuple[TrustedIssuer, ...] = ()
    test: bool = False
    service: ListedService | None = None


def list_age(anchor: Anchor | None, at: datetime) -> Age:
    """How old the trusted list is that vouches for an anchor; the operator never is."""
    if anchor is None or anchor.service is None:
        return "current"
    return anchor.service.list.age(at)


@dataclass(frozen=True, slots=True)
class StoredDid:
    """A DID document that the operator stored; `sha256` is of its stored text."""

    did: str
    document: Mapping[str, Any] = field(repr=False)
    stored_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """The operator's word that `sealer` may seal for `mandator` until a moment."""

    sealer: str
    mandator: str
    until: datetime | None = None

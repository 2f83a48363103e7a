"""Services of lists as somebody asks for them: by certificate, at a time.

Trusted lists anchor seals only through CA/QC services with ForeSeals, granted at
issuance and at signing, and timestamps only through QTST granted at genTime (the law
of verdicts, part 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from edc_issuer.cms.certificate import name_and_key
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import basic_constraints
from edc_issuer.trust.anchors import Anchor
from edc_issuer.trust.lists.model import (
    CA_QC,
    FOR_SEALS,
    GRANTED,
    QTST,
    ListInfo,
    Service,
    State,
)

# Regulation (EU) 910/2014 applies from 1 July 2016 in Brussels; services of before
# carry the statuses of Directive 1999/93/EC (TS 119 615 clause 4.3).
EIDAS = datetime(2016, 6, 30, 22, tzinfo=UTC)
_BEFORE_EIDAS = frozenset(["undersupervision", "supervisionincessation", "accredited"])


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service and the list that it stands in."""

    service: Service
    list: ListInfo
    certificates: tuple[x509.Certificate, ...]

    @property
    def territory(self) -> str:
        """The list's territory, such as `SI` (Greece is `EL`)."""
        return self.list.territory

    @property
    def provider(self) -> str:
        """The provider's name, in English where it has one."""
        return in_english(self.service.provider)

    @property
    def name(self) -> str:
        """The service's name, in English where it has one."""
        return in_english(self.service.names)

    @property
    def source(self) -> str:
        """The list and the entry in words, as an anchor names where it came from."""
        entry = f"{self.provider}: {self.name}"
        return f"trusted list {self.territory} no. {self.list.sequence}: {entry}"

    def granted(self, kind: str, at: datetime) -> State | None:
        """The state in which it was a granted service of `kind` at a time, or None."""
        state = self.service.state_at(at)
        fits = state is not None and state.type == kind and state.is_understood
        return state if state and fits and granted_by(state, at) else None

    def anchors_seals(self, issued_at: datetime, signed_at: datetime) -> bool:
        """Whether it may vouch for a seal: CA/QC with ForeSeals at both times."""
        states = (self.granted(CA_QC, issued_at), self.granted(CA_QC, signed_at))
        return all(state and FOR_SEALS in state.additional for state in states)

    def is_of(self, certificates: Iterable[x509.Certificate]) -> bool:
        """Whether one of the certificates is its identity: same name, same key."""
        own = {_identity(one) for one in self.certificates} - {None}
        return any(_identity(certificate) in own for certificate in certificates)


def granted_by(state: State, at: datetime) -> bool:
    """Whether a state makes a service qualified at a time, in that time's words.

    A service that was `granted` before there was this word was entered wrongly, and
    is none, as for the Commission's library.
    """
    if at < EIDAS:
        return state.status in _BEFORE_EIDAS
    return state.status == GRANTED and state.since >= EIDAS


def in_english(names: Mapping[str, str]) -> str:
    """One name out of several languages; empty where there is none."""
    return names.get("en") or next(iter(names.values()), "")


def _identity(certificate: x509.Certificate) -> tuple[bytes, bytes] | None:
    try:
        return name_and_key(certificate)
    except DerError:
        return None


def seal_anchors(
    services: Sequence[ListedService],
    *,
    issued_at: datetime,
    signed_at: datetime,
    test: bool,
) -> tuple[Anchor, ...]:
    """The certificates of services that may vouch for a seal made at `signed_at`."""
    return tuple(
        Anchor(certificate, False, one.source, test=test, service=one)
        for one in services
        if one.anchors_seals(issued_at, signed_at)
        for certificate in one.certificates
    )


def timestamp_anchors(
    services: Sequence[ListedService], *, gen_time: datetime, test: bool
) -> tuple[Anchor, ...]:
    """The certificates of timestamp services that were granted at `gen_time`.

    Lists name authorities above time-stamping units as well as single units; a unit
    is `pinned`: it vouches for nothing below it.
    """
    return tuple(
        Anchor(certificate, not _may_issue(certificate), one.source, (), test, one)
        for one in services
        if one.granted(QTST, gen_time)
        for certificate in one.certificates
    )


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        constraints = basic_constraints(certificate)
    except DerError:
        return False
    return constraints is not None and constraints.ca

"""Asking authorities whether certificates were withdrawn, and for their issuers.

For every certificate below the anchor, and for a responder that can be withdrawn
itself:
1. what is already at hand is judged; whatever settles it is taken;
2. its OCSP responders are asked;
3. else its CRL is fetched (`trust.services`, both).
Every answer is judged before it is kept: it must be authentic, about this
certificate and fresh for the time asked for (`trust.revocation`). What is sent is the
number of a certificate, never anything of the file that it sealed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import pairwise

from cryptography import x509

from edc_issuer.cms.certificate import subject_text
from edc_issuer.errors import ConfigError
from edc_issuer.fetch import Fetcher
from edc_issuer.messages.safe import neutral
from edc_issuer.trust.caissuers import fetch_issuers
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult, issuers_of
from edc_issuer.trust.revocation import (
    Revocation,
    revocation_status,
    statements_about,
)
from edc_issuer.trust.services import Services, lists, responders

__all__ = [
    "Gathered",
    "RevocationMissing",
    "Unsettled",
    "collect",
    "fetch_issuers",
    "gather",
]

_MAX_RESPONDERS = 2  # in a row, as `trust.revocation` follows them


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What stays open about one certificate: an address (or none), and what came of it.

    All three are made printable.
    """

    certificate: str
    address: str
    why: str

    def __str__(self) -> str:
        parts = (self.certificate, self.address, self.why)
        return ": ".join(part for part in parts if part)


class RevocationMissing(ConfigError):
    """Not every certificate could be shown to be in force; nothing may be written.

    `problems` lists for each of them which address answered what; `inner` as of
    `FetchError`.
    """

    code = "revocation-missing"

    def __init__(
        self, problems: Sequence[Unsettled], *, inner: Iterable[str] = ()
    ) -> None:
        self.problems = tuple(problems)
        self.inner = tuple(inner)
        said = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"revocation answers are missing:\n{said}")


def _new_nonce() -> bytes:
    return secrets.token_bytes(16)  # as many as RFC 8954 lets every responder take


def collect(
    path: PathResult | Sequence[x509.Certificate],
    fetcher: Fetcher,
    *,
    at: datetime,
    proved_at: datetime | None = None,
    known: Evidence | None = None,
    pool: Sequence[x509.Certificate] = (),
    new_nonce: Callable[[], bytes] = _new_nonce,
) -> Evidence:
    """What shows that no certificate below the anchor was withdrawn, and no more.

    `path` goes from the signer to the anchor; of a pinned certificate the issuer is
    looked for in `pool`, `known` and at its own address. `at` and `proved_at` are
    those of `revocation_status`: an answer must be fresh for the proved time, and a
    withdrawal after it is no fault. `known` is evidence at hand, which spares asking.
    The result holds delegated responders' certificates and own answers too.
    `RevocationMissing` names everything that stays open, and what was withdrawn.
    """
    asking = _Asking.about(fetcher, at, proved_at, known, pool, new_nonce)
    parts = [asking.settled(*pair) for pair in _pairs(path, fetcher, asking.pool)]
    if asking.problems:
        raise RevocationMissing(asking.problems, inner=asking.services.inner)
    return Evidence.merged(parts)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What authorities said, good or bad, and what stayed open."""

    evidence: Evidence
    problems: tuple[Unsettled, ...]


def gather(
    path: PathResult | Sequence[x509.Certificate],
    fetcher: Fetcher,
    *,
    at: datetime,
    proved_at: datetime | None = None,
    known: Evidence | None = None,
    pool: Sequence[x509.Certificate] = (),
    new_nonce: Callable[[], bytes] = _new_nonce,
) -> Gathered:
    """As `collect`, for whoever judges: everything authentic that was fetched.

    A withdrawal is an answer here and no error. Nothing is raised but for a path
    without an anchor (`ConfigError`).
    """
    asking = _Asking.about(fetcher, at, proved_at, known, pool, new_nonce)
    for pair in _pairs(path, fetcher, asking.pool):
        asking.settled(*pair)
    return Gathered(Evidence.merged(asking.heard), tuple(asking.problems))


def _pairs(
    path: PathResult | Sequence[x509.Certificate],
    fetcher: Fetcher,
    pool: Sequence[x509.Certificate],
) -> list[tuple[x509.Certificate, x509.Certificate | None]]:
    """Each certificate below the anchor with its issuer, as far as that is known."""
    chain: Sequence[x509.Certificate]
    if isinstance(path, PathResult):
        if path.anchor is None:
            raise ConfigError("no path leads from this certificate to an anchor")
        chain = path.certificates
        if path.anchor.pinned:
            own = chain[0]
            if not _has_service(own):
                return []
            above = issuers_of(own, pool) or fetch_issuers(own, fetcher)
            return [(own, next(iter(issuers_of(own, above)), None))]
    else:
        chain = path
    return list(pairwise(chain))


def _has_service(certificate: x509.Certificate) -> bool:
    return bool(responders(certificate) or lists(certificate))


@dataclass(slots=True)
class _Asking:
    """One collection: what was found, what was asked, and what stayed open."""

    services: Services
    at: datetime
    proved_at: datetime | None
    known: Evidence
    pool: tuple[x509.Certificate, ...]
    problems: list[Unsettled] = field(default_factory=list)
    heard: list[Evidence] = field(default_factory=list)
    confirmed: dict[x509.Certificate, Evidence] = field(default_factory=dict)

    @classmethod
    def about(
        cls,
        fetcher: Fetcher,
        at: datetime,
        proved_at: datetime | None,
        known: Evidence | None,
        pool: Sequence[x509.Certificate],
        new_nonce: Callable[[], bytes],
    ) -> _Asking:
        known = known or Evidence()
        candidates = (*known.certificates, *pool)
        services = Services(fetcher, new_nonce)
        return cls(services, at, proved_at, known, candidates)

    def settled(
        self, certificate: x509.Certificate, issuer: x509.Certificate | None
    ) -> Evidence:
        """The evidence for one certificate; what stays open is noted."""
        if issuer is None:
            self._note(certificate, "", "its issuer's certificate is not at hand")
            return Evidence()
        before = len(self.problems)
        found = self._search(certificate, issuer, depth=0)
        if found is not None:
            del self.problems[before:]  # a second address made up for the first
            return found
        if len(self.problems) == before:
            self._note(certificate, "", "it names no address that could be asked")
        return Evidence()

    def _search(
        self, certificate: x509.Certificate, issuer: x509.Certificate, depth: int
    ) -> Evidence | None:
        """The first evidence that settles it; no other answer outweighs bad news."""
        if self._is_bad(certificate, "", self._status(certificate, issuer, self.known)):
            return None
        for address, offered in self._offers(certificate, issuer):
            whole = self._with_responders(certificate, issuer, offered, depth)
            found = self._status(certificate, issuer, whole)
            if found.status == "good":
                return whole
            if self._is_bad(certificate, address, found):
                return None
            if address:
                self._note(certificate, address, found.detail)
        return None

    def _is_bad(
        self, certificate: x509.Certificate, address: str, found: Revocation
    ) -> bool:
        if found.revoked_at is None:
            return False
        self._note(certificate, address, found.detail)
        return True

    def _offers(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> Iterator[tuple[str, Evidence]]:
        """Evidence from near to far: at hand, then OCSP, then lists."""
        for one in _taken_apart(self.known):
            if statements_about(certificate, issuer, one, pool=self.pool):
                yield "", one
        note = partial(self._note, certificate)
        for address in responders(certificate):
            answer = self.services.answer(certificate, issuer, address, note)
            if answer is not None:
                yield address, Evidence(ocsp=(answer,))
        for address in lists(certificate):
            crl = self.services.crl(address, note)
            if crl is not None:
                yield address, Evidence(crls=(crl,))

    def _with_responders(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        offered: Evidence,
        depth: int,
    ) -> Evidence:
        """What is offered, with its responder's certificate and own answers."""
        whole = offered
        statements = statements_about(certificate, issuer, offered, pool=self.pool)
        for said in statements:
            if said.signer != issuer:
                whole += Evidence(certificates=(said.signer,))
            if said.unconfirmed is not None:
                whole += self._confirmed(said.unconfirmed, issuer, depth)
        if statements:
            self.heard.append(whole)
        return whole

    def _confirmed(
        self, responder: x509.Certificate, issuer: x509.Certificate, depth: int
    ) -> Evidence:
        """The same for a responder, once each; empty where nobody vouches for it."""
        if depth >= _MAX_RESPONDERS:
            return Evidence()
        if responder not in self.confirmed:
            self.confirmed[responder] = Evidence()  # it cannot vouch for itself
            found = self._search(responder, issuer, depth + 1)
            self.confirmed[responder] = found or Evidence()
        return self.confirmed[responder]

    def _status(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        evidence: Evidence,
    ) -> Revocation:
        return revocation_status(
            certificate,
            issuer,
            evidence,
            at=self.at,
            proved_at=self.proved_at,
            pool=self.pool,
        )

    def _note(self, certificate: x509.Certificate, address: str, why: str) -> None:
        words = (subject_text(certificate), address, why)
        self.problems.append(Unsettled(*(neutral(word) for word in words)))


def _taken_apart(evidence: Evidence) -> Iterator[Evidence]:
    for answer in evidence.ocsp:
        yield Evidence(ocsp=(answer,))
    for crl in evidence.crls:
        yield Evidence(crls=(crl,))

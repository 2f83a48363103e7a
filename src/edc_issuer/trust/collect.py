"""Asking authorities whether certificates were withdrawn, and for their issuers.

For every certificate below the anchor, and for a responder that can be withdrawn
itself:
1. what is already at hand is judged; whatever settles it is taken;
2. its OCSP responders are asked (RFC 6960 appendix A), by POST, else by GET;
3. else its CRL is fetched from its distribution points.
Every answer is judged before it is kept: it must be authentic, about this
certificate and fresh for the time asked for (`trust.revocation`). The addresses
stand in certificates, which anybody can write: how often and how much is asked is
bounded here, and where to, by the fetcher's own guard. What is sent is the number of
a certificate, never anything of the file that it sealed.
"""

from __future__ import annotations

import base64
import secrets
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import ocsp

from edc_issuer.cms import der
from edc_issuer.cms.certificate import subject_text
from edc_issuer.cms.der import DerError
from edc_issuer.cms.ocsp import NONCE, CertId, Question, read_answer, write_request
from edc_issuer.cms.readers import (
    OCSP,
    access_addresses,
    addresses_among,
    distribution_points,
)
from edc_issuer.errors import ConfigError, FetchError
from edc_issuer.fetch import Fetcher, Request
from edc_issuer.messages.safe import neutral
from edc_issuer.trust.caissuers import fetch_issuers, fetchable
from edc_issuer.trust.evidence import MAX_CRL, Evidence
from edc_issuer.trust.ocsp import cert_id
from edc_issuer.trust.path import PathResult, issuers_of
from edc_issuer.trust.revocation import (
    Revocation,
    revocation_status,
    statements_about,
)

__all__ = ["RevocationMissing", "Unanswered", "collect", "fetch_issuers"]

MAX_FETCHES = 16  # for one path; four certificates need four
_MAX_RESPONDERS = 2  # in a row, as `trust.revocation` follows them
_MAX_ANSWER = 256 * 1024  # an OCSP answer has 0.5 to 8 kB
_MAX_GET = 255  # octets of a request that may be asked by GET (RFC 6960 A.1)
_SHA1 = "1.3.14.3.2.26"  # the one hash that every responder knows (RFC 5019 2.1.1)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One certificate, one address (or none) and what came of it, made printable."""

    certificate: str
    address: str
    why: str

    def __str__(self) -> str:
        parts = (self.certificate, self.address, self.why)
        return ": ".join(part for part in parts if part)


class RevocationMissing(ConfigError):
    """Not every certificate could be shown to be in force; nothing may be written.

    `problems` lists for each of them which address answered what.
    """

    def __init__(self, problems: Sequence[Unanswered]) -> None:
        self.problems = tuple(problems)
        said = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"revocation answers are missing:\n{said}")


def collect(
    path: PathResult | Sequence[x509.Certificate],
    fetcher: Fetcher,
    *,
    at: datetime,
    proved_at: datetime | None = None,
    known: Evidence | None = None,
    pool: Sequence[x509.Certificate] = (),
    new_nonce: Callable[[], bytes] = lambda: secrets.token_bytes(16),
) -> Evidence:
    """What shows that no certificate below the anchor was withdrawn, and no more.

    `path` goes from the signer to the anchor; of a pinned certificate the issuer is
    looked for in `pool`, `known` and at its own address. `at` and `proved_at` are
    those of `revocation_status`: an answer must be fresh for the proved time, and a
    withdrawal after it is no fault. `known` is evidence at hand, which spares asking.
    The result holds delegated responders' certificates and own answers too.
    `RevocationMissing` names everything that stays open, and what was withdrawn.
    """
    known = known or Evidence()
    candidates = (*known.certificates, *pool)
    asking = _Asking(fetcher, at, proved_at, known, candidates, new_nonce)
    parts = [asking.settled(*pair) for pair in _pairs(path, fetcher, candidates)]
    if asking.problems:
        raise RevocationMissing(asking.problems)
    return Evidence.merged(parts)


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
    return bool(_responders(certificate) or _lists(certificate))


@dataclass(slots=True)
class _Asking:
    """One collection: what was found, what was asked, and what stayed open."""

    fetcher: Fetcher
    at: datetime
    proved_at: datetime | None
    known: Evidence
    pool: tuple[x509.Certificate, ...]
    new_nonce: Callable[[], bytes]
    problems: list[Unanswered] = field(default_factory=list)
    fetches: int = 0
    confirmed: dict[x509.Certificate, Evidence | None] = field(default_factory=dict)

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
        for address in _responders(certificate):
            answer = self._asked(certificate, issuer, address)
            if answer is not None:
                yield address, Evidence(ocsp=(answer,))
        for address in _lists(certificate):
            crl = self._list(certificate, address)
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
        for said in statements_about(certificate, issuer, offered, pool=self.pool):
            if said.signer != issuer:
                whole += Evidence(certificates=(said.signer,))
            if said.unconfirmed is not None:
                own = self._confirmed(said.unconfirmed, issuer, depth)
                whole += own or Evidence()
        return whole

    def _confirmed(
        self, responder: x509.Certificate, issuer: x509.Certificate, depth: int
    ) -> Evidence | None:
        """The same for a responder, once each."""
        if depth >= _MAX_RESPONDERS:
            return None
        if responder not in self.confirmed:
            self.confirmed[responder] = None  # it cannot vouch for itself
            found = self._search(responder, issuer, depth + 1)
            self.confirmed[responder] = found
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

    def _asked(
        self, certificate: x509.Certificate, issuer: x509.Certificate, address: str
    ) -> ocsp.OCSPResponse | None:
        """The responder's answer by POST, or, if that was none, by GET."""
        named = cert_id(certificate, issuer, _SHA1)
        if named is None:
            return None
        nonce = der.encode(der.OCTET_STRING, self.new_nonce())
        asked = write_request(Question((named,), nonce))
        post = Request(
            address,
            method="POST",
            accept="application/ocsp-response",
            content_type="application/ocsp-request",
            body=asked,
            limit=_MAX_ANSWER,
            signed_answer=True,
        )
        answer = self._answer(certificate, post, nonce)
        if answer is None:
            answer = self._asked_plainly(certificate, named, address)
        return answer

    def _asked_plainly(
        self, certificate: x509.Certificate, named: CertId, address: str
    ) -> ocsp.OCSPResponse | None:
        """By GET, without a nonce: stored answers serve all who ask."""
        asked = write_request(Question((named,)))
        if len(asked) > _MAX_GET:
            return None
        text = urllib.parse.quote(base64.b64encode(asked).decode(), safe="")
        request = Request(
            f"{address.removesuffix('/')}/{text}",
            accept="application/ocsp-response",
            limit=_MAX_ANSWER,
            signed_answer=True,
        )
        return self._answer(certificate, request, None)

    def _answer(
        self, certificate: x509.Certificate, request: Request, nonce: bytes | None
    ) -> ocsp.OCSPResponse | None:
        data = self._fetched(certificate, request)
        if data is None:
            return None
        try:
            read = read_answer(data)
            answer = ocsp.load_der_ocsp_response(data)
        except ValueError as error:
            self._note(certificate, request.url, f"no OCSP answer ({error})")
            return None
        given = [e.value for e in read.extensions if e.oid == NONCE]
        if nonce is not None and given and given != [nonce]:
            self._note(certificate, request.url, "an answer to another request")
            return None
        return answer

    def _list(
        self, certificate: x509.Certificate, address: str
    ) -> x509.CertificateRevocationList | None:
        request = Request(
            address,
            accept="application/pkix-crl, */*",
            limit=MAX_CRL,
            signed_answer=True,
        )
        data = self._fetched(certificate, request)
        if data is None:
            return None
        try:
            (crl,) = Evidence.read(data, source=address).crls
        except (ConfigError, ValueError):
            self._note(certificate, address, "no revocation list (CRL)")
            return None
        return crl

    def _fetched(self, certificate: x509.Certificate, request: Request) -> bytes | None:
        if self.fetches >= MAX_FETCHES:
            self._note(certificate, request.url, "not asked: too many addresses")
            return None
        self.fetches += 1
        try:
            return self.fetcher.fetch(request).body
        except FetchError as error:
            why = f"{error.why} ({error.detail})" if error.detail else error.why
            self._note(certificate, request.url, why)
            return None

    def _note(self, certificate: x509.Certificate, address: str, why: str) -> None:
        words = (subject_text(certificate), address, why)
        self.problems.append(Unanswered(*(neutral(word) for word in words)))


def _taken_apart(evidence: Evidence) -> Iterator[Evidence]:
    for answer in evidence.ocsp:
        yield Evidence(ocsp=(answer,))
    for crl in evidence.crls:
        yield Evidence(crls=(crl,))


def _responders(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        return fetchable(access_addresses(certificate, OCSP))
    except DerError:
        return ()


def _lists(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where its full list is: for all reasons, and made by its own issuer."""
    try:
        points = distribution_points(certificate)
        names = [
            name
            for point in points
            if point.all_reasons and not point.other_issuer
            for name in point.names
        ]
        return fetchable(addresses_among(names))
    except DerError:
        return ()

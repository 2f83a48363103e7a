"""The revocation services that a certificate names, and what they answer.

OCSP responders are asked by POST, else by GET (RFC 6960 appendix A, RFC 5019); CRLs
are fetched from distribution points (RFC 5280 section 4.2.1.13). Answers are read
here and judged elsewhere. The addresses stand in certificates, which anybody can
write, so that one budget bounds how often is asked.
"""

from __future__ import annotations

import base64
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509 import ocsp

from edc_issuer.cms import der
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
from edc_issuer.trust.caissuers import fetchable
from edc_issuer.trust.evidence import MAX_CRL, Evidence
from edc_issuer.trust.ocsp import cert_id

MAX_FETCHES = 16  # for one path; four certificates need four
_MAX_ANSWER = 256 * 1024  # an OCSP answer has 0.5 to 8 kB
_MAX_GET = 255  # octets of a request that may be asked by GET (RFC 6960 A.1)
_SHA1 = "1.3.14.3.2.26"  # the one hash that every responder knows (RFC 5019 2.1.1)


def responders(certificate: x509.Certificate) -> tuple[str, ...]:
    """The addresses of its OCSP responders that can be asked."""
    try:
        return fetchable(access_addresses(certificate, OCSP))
    except DerError:
        return ()


def lists(certificate: x509.Certificate) -> tuple[str, ...]:
    """Where its full CRL is: for all reasons, and made by its own issuer."""
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


class NoAnswer(Exception):
    """Why an address gave nothing that could be read, in a few words."""


@dataclass(slots=True)
class Services:
    """Asks services through a fetcher, at most `MAX_FETCHES` times.

    Every failure is told to `note` with the address, and is None to the caller.
    """

    fetcher: Fetcher
    new_nonce: Callable[[], bytes]
    fetches: int = 0
    inner: dict[str, None] = field(default_factory=dict)  # hosts, as of `FetchError`
    seen: dict[str, x509.CertificateRevocationList | NoAnswer] = field(
        default_factory=dict
    )

    def answer(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        address: str,
        note: Callable[[str, str], None],
    ) -> ocsp.OCSPResponse | None:
        """The responder's answer by POST, or, if that was none, by GET."""
        named = cert_id(certificate, issuer, _SHA1)
        if named is None:
            note(address, "not asked: its issuer's certificate cannot be read")
            return None
        for request, nonce in self._requests(named, address):
            try:
                return _read(self._fetched(request), nonce)
            except NoAnswer as error:
                note(request.url, str(error))
        return None

    def _requests(
        self, named: CertId, address: str
    ) -> list[tuple[Request, bytes | None]]:
        accept = "application/ocsp-response"
        nonce = der.encode(der.OCTET_STRING, self.new_nonce())
        post = Request(
            address,
            method="POST",
            accept=accept,
            content_type="application/ocsp-request",
            body=write_request(Question((named,), nonce)),
            limit=_MAX_ANSWER,
            signed_answer=True,
        )
        # Without a nonce: a stored answer serves all who ask by GET.
        plain = write_request(Question((named,)))
        if len(plain) > _MAX_GET:
            return [(post, nonce)]
        text = urllib.parse.quote(base64.b64encode(plain).decode(), safe="")
        url = f"{address.removesuffix('/')}/{text}"
        get = Request(url, accept=accept, limit=_MAX_ANSWER, signed_answer=True)
        return [(post, nonce), (get, None)]

    def crl(
        self, address: str, note: Callable[[str, str], None]
    ) -> x509.CertificateRevocationList | None:
        """The CRL at an address, fetched once: there are lists of 50 MB."""
        if address not in self.seen:
            try:
                self.seen[address] = self._crl(address)
            except NoAnswer as error:
                self.seen[address] = error
        found = self.seen[address]
        if isinstance(found, NoAnswer):
            note(address, str(found))
            return None
        return found

    def _crl(self, address: str) -> x509.CertificateRevocationList:
        accept = "application/pkix-crl, */*"
        request = Request(address, accept=accept, limit=MAX_CRL, signed_answer=True)
        try:
            (crl,) = Evidence.read(self._fetched(request), source=address).crls
        except (ConfigError, ValueError) as error:
            raise NoAnswer("no revocation list (CRL)") from error
        return crl

    def _fetched(self, request: Request) -> bytes:
        if self.fetches >= MAX_FETCHES:
            raise NoAnswer("not asked: too many addresses")
        self.fetches += 1
        try:
            return self.fetcher.fetch(request).body
        except FetchError as error:
            self.inner.update(dict.fromkeys(error.inner))
            why = f"{error.why} ({error.detail})" if error.detail else error.why
            raise NoAnswer(why) from error


def _read(data: bytes, nonce: bytes | None) -> ocsp.OCSPResponse:
    try:
        read = read_answer(data)
        answer = ocsp.load_der_ocsp_response(data)
    except ValueError as error:
        raise NoAnswer(f"no OCSP answer ({error})") from error
    given = [e.value for e in read.extensions if e.oid == NONCE]
    # Many responders leave the nonce out; another one is an answer to somebody else.
    if nonce is not None and given and given != [nonce]:
        raise NoAnswer("an answer to another request")
    return answer

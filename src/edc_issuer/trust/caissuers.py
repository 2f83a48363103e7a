"""The certificates above one, fetched from the addresses that each of them names.

They are candidates for building a path and nothing more: nothing is believed for
having been fetched, and no anchor is ever among them. RFC 5280 section 4.2.2.1.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from cryptography import x509

from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import CA_ISSUERS, access_addresses
from edc_issuer.errors import ConfigError, FetchError
from edc_issuer.fetch import Fetcher, Request
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import is_issued_by, issuers_of

MAX_ADDRESSES = 3  # of one kind in one certificate
MAX_STEPS = 5  # issuers above one certificate
_MAX_ANSWER = 1024 * 1024  # a certificate, or several in PKCS#7
_MAX_CANDIDATES = 50


def fetchable(addresses: Sequence[str]) -> tuple[str, ...]:
    """http and https, in their order; ldap, and what is too much, is left out."""
    wanted = [a for a in addresses if a.lower().startswith(("http://", "https://"))]
    return tuple(dict.fromkeys(wanted))[:MAX_ADDRESSES]


def fetch_issuers(
    certificate: x509.Certificate, fetcher: Fetcher
) -> tuple[x509.Certificate, ...]:
    """The certificates above this one, the nearest first; none where none is found.

    Whatever does not answer, or answers something else, is left out. What else lies
    in a PKCS#7 beside the issuer comes along.
    """
    found: list[x509.Certificate] = []
    above: x509.Certificate | None = certificate
    for _ in range(MAX_STEPS):
        if above is None or _is_self_signed(above):
            break
        fetched = _issuers_from(above, fetcher)
        found += [one for one in fetched if one not in found]
        above = next(
            (one for one in issuers_of(above, fetched) if one != certificate), None
        )
    return tuple(found[:_MAX_CANDIDATES])


def _is_self_signed(certificate: x509.Certificate) -> bool:
    return is_issued_by(certificate, certificate)


def _issuers_from(
    certificate: x509.Certificate, fetcher: Fetcher
) -> tuple[x509.Certificate, ...]:
    try:
        addresses = fetchable(access_addresses(certificate, CA_ISSUERS))
    except DerError:
        return ()
    for address in addresses:
        accept = "application/pkix-cert, application/pkcs7-mime, */*"
        request = Request(address, accept=accept, limit=_MAX_ANSWER, signed_answer=True)
        try:
            read = _certificates(fetcher.fetch(request).body)
        except (FetchError, ValueError):
            continue
        if issuers_of(certificate, read):
            return read
    return ()


def _certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """One certificate, PEM or DER, or those of a PKCS#7 without signers (RFC 5280
    section 4.2.2.1); `ValueError` for anything else."""
    try:
        return Evidence.read(data, source="issuer").certificates[:_MAX_CANDIDATES]
    except ConfigError:
        from cryptography.hazmat.primitives.serialization import pkcs7

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numbers of old authorities
            is_pem = b"-----BEGIN" in data[:200]
            load = (
                pkcs7.load_pem_pkcs7_certificates
                if is_pem
                else pkcs7.load_der_pkcs7_certificates
            )
            return tuple(load(data)[:_MAX_CANDIDATES])

"""What a CRL says about a certificate (RFC 5280 sections 5 and 6.3).

It counts only if the certificate's issuer signed it, may sign lists, and did so
with sound cryptography. What it covers is read from its extensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from edc_issuer.cms import der
from edc_issuer.cms.certificate import Extension, crl_extensions, issuer_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import (
    AUTHORITY_KEY_IDENTIFIER,
    DELTA_CRL,
    DIRECTORY_NAME,
    ISSUING_DISTRIBUTION_POINT,
    basic_constraints,
    crl_scope,
    distribution_points,
    expired_kept_since,
    key_usage,
)
from edc_issuer.trust.evidence import LISTS_KEPT, SameList
from edc_issuer.trust.path import weak_signature
from edc_issuer.trust.statement import Statement, Withdrawal

_CRL_NUMBER = "2.5.29.20"
_UNDERSTOOD = frozenset(
    {ISSUING_DISTRIBUTION_POINT, DELTA_CRL, AUTHORITY_KEY_IDENTIFIER, _CRL_NUMBER}
)


def crl_statements(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
) -> Iterator[Statement]:
    """What those of the lists say that this issuer made."""
    for crl in crls:
        if not _is_by(crl, issuer):
            continue
        try:
            made, until = crl.last_update_utc, crl.next_update_utc
        except ValueError:
            continue  # a year that no calendar has
        yield _statement(crl, certificate, issuer, made, until)


def _statement(
    crl: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    made: datetime,
    until: datetime | None,
) -> Statement:
    try:
        withdrawal = _withdrawal(crl, certificate)
    except ValueError:
        return Statement(crl, issuer, made, until, flaw="unreadable")
    try:
        found = _extensions(SameList(crl))
        covers = _covers(found, certificate)
        kept = expired_kept_since(found)
    except DerError:
        covers, kept = False, None
    return Statement(
        crl,
        issuer,
        made,
        until,
        withdrawal=withdrawal,
        flaw=None if covers else "other-scope",
        kept_since=kept,
    )


def _is_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Signed by the issuer's key, which may sign lists, with sound cryptography."""
    try:
        return crl.issuer == issuer.subject and _is_signed(SameList(crl), issuer)
    except (ValueError, TypeError):
        return False  # a name that cannot be read


@lru_cache(maxsize=LISTS_KEPT)
def _is_signed(same: SameList, issuer: x509.Certificate) -> bool:
    try:
        usage = key_usage(issuer)
        if usage is not None and "cRLSign" not in usage:
            return False
        if weak_signature(same.crl.signature_hash_algorithm):
            return False
        key = issuer.public_key()
        return same.crl.is_signature_valid(key)  # type: ignore[arg-type]
    except (DerError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


@lru_cache(maxsize=LISTS_KEPT)
def _extensions(same: SameList) -> tuple[Extension, ...]:
    return crl_extensions(same.crl)


def _withdrawal(
    crl: x509.CertificateRevocationList, certificate: x509.Certificate
) -> Withdrawal | None:
    """The line about this certificate, if there is one; `ValueError` if unreadable."""
    entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None or _is_indirect(crl):
        # In an indirect list the same number may belong to another authority.
        return None
    withdrawn = entry.revocation_date_utc
    try:
        extensions = {extension.oid: extension.value for extension in entry.extensions}
    except ValueError:
        return Withdrawal(withdrawn, is_readable=False)
    given = extensions.get(x509.CRLReason.oid)
    reason = given.reason.value if isinstance(given, x509.CRLReason) else None
    if reason == x509.ReasonFlags.remove_from_crl.value:
        return None
    since = extensions.get(x509.InvalidityDate.oid)
    if not isinstance(since, x509.InvalidityDate):
        return Withdrawal(withdrawn, None, reason, is_readable=since is None)
    return Withdrawal(withdrawn, since.invalidity_date_utc, reason)


def _is_indirect(crl: x509.CertificateRevocationList) -> bool:
    try:
        return crl_scope(_extensions(SameList(crl))).indirect
    except DerError:
        return False


def _covers(found: tuple[Extension, ...], certificate: x509.Certificate) -> bool:
    """Whether a list with these extensions speaks about this certificate at all."""
    critical = {e.oid for e in found if e.critical}
    if any(e.oid == DELTA_CRL for e in found) or critical - _UNDERSTOOD:
        return False
    scope = crl_scope(found)
    if scope.indirect or scope.only_attributes or not scope.all_reasons:
        return False
    constraints = basic_constraints(certificate)
    is_authority = constraints is not None and constraints.ca
    if scope.only_authorities if not is_authority else scope.only_users:
        return False
    return not scope.names or bool(set(scope.names) & _own_places(certificate))


def _own_places(certificate: x509.Certificate) -> set[bytes]:
    """The names under which this certificate's full list is published."""
    points = distribution_points(certificate)
    if not any(point.names for point in points):
        # RFC 5280 6.3.3 (b)(2)(i): without a place of its own it is the issuer's.
        return {der.encode(DIRECTORY_NAME, issuer_der(certificate))}
    return {
        name
        for point in points
        if point.all_reasons and not point.other_issuer
        for name in point.names
    }

"""Was a certificate withdrawn? Answered from CRLs (RFC 5280 section 5 and 6.3).

A CRL settles it for a control time t only if it is about this certificate, made by
its issuer, fresh enough for t, and of a time when the certificate would still have
been listed. Bad news counts at any age. Everything else is undecided, with the
reason: that nobody said "withdrawn" is no evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

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
    revocation_addresses,
)
from edc_issuer.trust.path import PathResult, issuers_of, weak_signature

Answer = Literal["good", "revoked", "undecided"]
_UNDATED = timedelta(hours=24)  # how long a CRL without nextUpdate is taken for fresh
_UNDERSTOOD = frozenset(
    {ISSUING_DISTRIBUTION_POINT, DELTA_CRL, AUTHORITY_KEY_IDENTIFIER, "2.5.29.20"}
)
_NOTHING = "nothing at hand says whether this certificate was withdrawn"


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is known about one certificate at the control time.

    `status` good with the reason `pinned` is a certificate the operator pinned that
    names no revocation service. Reasons of undecided: `no-data`, `other-scope`,
    `stale`, `after-expiry`, `compromised-before`, `revoked-no-poe`. `revoked` is only
    said where the time of signing is proved and lies behind the withdrawal.
    """

    status: Answer
    reason: str = ""
    detail: str = ""
    sub_indication: str | None = None
    this_update: datetime | None = None
    next_update: datetime | None = None
    revoked_at: datetime | None = None
    invalid_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Listed:
    at: datetime
    invalid_since: datetime | None
    is_readable: bool


# DSS's word for a chain about which nothing at all is at hand (measured with 6.4);
# EN 319 102-1 keeps TRY_LATER for an answer that exists and does not settle it.
_UNKNOWN = Revocation(
    "undecided", "no-data", _NOTHING, "CERTIFICATE_CHAIN_GENERAL_FAILURE"
)
_UNREADABLE = "the authority's list at hand cannot be read"
_WORDS = {
    "stale": "the list at hand is too old for the time of this seal",
    "after-expiry": "the list at hand was made when this certificate had expired",
    "other-scope": "the list at hand is about other certificates",
    "no-data": _NOTHING,
}
# The most telling reason wins where several lists fail to settle it.
_ORDER = ("stale", "after-expiry", "other-scope", "no-data")


def revocation_status(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
    *,
    at: datetime,
    proved_at: datetime | None = None,
) -> Revocation:
    """What the lists of this issuer say about this certificate.

    The control time is `proved_at`, the proved time of signing, else `at`. Without
    a proved time every withdrawal counts, whenever it was (REVOKED_NO_POE).
    """
    control = proved_at or at
    own = [crl for crl in crls if _is_by(crl, issuer)]
    for crl in own:
        try:
            listed = _listed(crl, certificate)
        except ValueError:
            return Revocation("undecided", "no-data", _UNREADABLE, "TRY_LATER")
        verdict = listed and _bad_news(listed, crl, proved_at=proved_at)
        if verdict:
            return verdict
    reasons = []
    for crl in own:
        reason = _why_not(crl, certificate, control)
        if reason is None:
            return Revocation(
                "good",
                this_update=crl.last_update_utc,
                next_update=crl.next_update_utc,
            )
        reasons.append((_ORDER.index(reason), reason, crl))
    return _undecided(min(reasons, key=lambda row: row[0])) if reasons else _UNKNOWN


def _undecided(
    row: tuple[int, str, x509.CertificateRevocationList],
) -> Revocation:
    _, reason, crl = row
    return Revocation(
        "undecided",
        reason,
        _WORDS[reason],
        "TRY_LATER",
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
    )


def path_revocations(
    path: PathResult,
    crls: Sequence[x509.CertificateRevocationList],
    *,
    at: datetime,
    proved_at: datetime | None = None,
    pool: Sequence[x509.Certificate] = (),
) -> tuple[Revocation, ...]:
    """One answer for each certificate below the anchor, the signer's first.

    A pinned certificate is judged itself, with its issuer from `pool` where the
    issuer's signature on it fits.
    """
    if path.anchor is None:
        return ()
    if path.anchor.pinned:
        answer = _pinned(path.certificates[0], crls, pool, at=at, proved_at=proved_at)
        return (answer,)
    pairs = zip(path.certificates, path.certificates[1:], strict=False)
    return tuple(
        revocation_status(one, issuer, crls, at=at, proved_at=proved_at)
        for one, issuer in pairs
    )


def _pinned(
    certificate: x509.Certificate,
    crls: Sequence[x509.CertificateRevocationList],
    pool: Sequence[x509.Certificate],
    *,
    at: datetime,
    proved_at: datetime | None,
) -> Revocation:
    answers = [
        revocation_status(certificate, issuer, crls, at=at, proved_at=proved_at)
        for issuer in issuers_of(certificate, pool)
    ]
    known = [answer for answer in answers if answer.reason != "no-data"]
    if known:
        return worst(known)
    try:
        names_service = bool(revocation_addresses(certificate))
    except DerError:
        names_service = True
    if names_service:
        return _UNKNOWN
    words = "you pinned this certificate, and it names nobody who could withdraw it"
    return Revocation("good", "pinned", words)


def sub_indication(path: PathResult, revocations: Sequence[Revocation]) -> str | None:
    """The word of EN 319 102-1 for path and revocation together; None if all holds.

    As validators do that take old lists for good: a stale list is no fault here, and
    a certificate that expired, and was on no list before, is
    OUT_OF_BOUNDS_NOT_REVOKED. How old a list is, is asked by the check alone.
    """
    faults = [
        one for one in revocations if one.status != "good" and one.reason != "stale"
    ]
    if path.reason != "expired":
        return path.sub_indication or (faults and worst(faults).sub_indication) or None
    not_revoked = not faults
    return "OUT_OF_BOUNDS_NOT_REVOKED" if not_revoked else path.sub_indication


def worst(revocations: Sequence[Revocation]) -> Revocation:
    """The answer that decides for a whole path: revoked, then undecided, then good.

    A withdrawn authority is told as REVOKED_CA_NO_POE, not as its seal's fault. An
    empty path (the signer is the anchor) has nothing that could be withdrawn.
    """
    if not revocations:
        return Revocation("good", "anchor", "the certificate is itself trusted")
    for index, one in enumerate(revocations):
        if one.reason == "revoked-no-poe" and index:
            # Told before an undecided seal below it, whose cause it may be.
            return _authority(one)
    rank: dict[Answer, int] = {"revoked": 0, "undecided": 1, "good": 2}
    return min(revocations, key=lambda one: (rank[one.status], one.reason == "no-data"))


def _authority(one: Revocation) -> Revocation:
    return Revocation(
        "undecided",
        one.reason,
        "an authority above this certificate was withdrawn",
        "REVOKED_CA_NO_POE",
        one.this_update,
        one.next_update,
        one.revoked_at,
        one.invalid_since,
    )


def _is_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Signed by the issuer's key, which may sign lists, with sound cryptography."""
    try:
        if crl.issuer != issuer.subject:
            return False
        usage = key_usage(issuer)
        if usage is not None and "cRLSign" not in usage:
            return False
        if weak_signature(crl.signature_hash_algorithm):
            return False
        key = issuer.public_key()
        return crl.is_signature_valid(key)  # type: ignore[arg-type]
    except (DerError, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


def _listed(
    crl: x509.CertificateRevocationList, certificate: x509.Certificate
) -> _Listed | None:
    """The line about this certificate, if there is one."""
    entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None or _is_indirect(crl):
        # In an indirect list the same number may belong to another authority.
        return None
    try:
        extensions = {extension.oid: extension.value for extension in entry.extensions}
    except ValueError:
        return _Listed(entry.revocation_date_utc, None, is_readable=False)
    reason = extensions.get(x509.CRLReason.oid)
    if reason == x509.CRLReason(x509.ReasonFlags.remove_from_crl):
        return None
    since = extensions.get(x509.InvalidityDate.oid)
    withdrawn = entry.revocation_date_utc
    if not isinstance(since, x509.InvalidityDate):
        return _Listed(withdrawn, None, is_readable=since is None)
    return _Listed(withdrawn, since.invalidity_date_utc, is_readable=True)


def _is_indirect(crl: x509.CertificateRevocationList) -> bool:
    try:
        return crl_scope(crl_extensions(crl)).indirect
    except DerError:
        return False


def _bad_news(
    listed: _Listed,
    crl: x509.CertificateRevocationList,
    *,
    proved_at: datetime | None,
) -> Revocation | None:
    """What follows from being listed; None if it was withdrawn later than it sealed."""
    day = f"{listed.at:%Y-%m-%d}"
    if proved_at is None:
        when = f"withdrawn on {day}, and nothing proves that it sealed before"
        words = ("revoked-no-poe", "REVOKED_NO_POE", when)
        return _told(listed, crl, "undecided", words)
    if listed.at <= proved_at:
        words = ("revoked", "REVOKED", f"withdrawn on {day}, before it made this seal")
        return _told(listed, crl, "revoked", words)
    if not listed.is_readable or (
        listed.invalid_since is not None and listed.invalid_since <= proved_at
    ):
        when = "withdrawn later, but said to be compromised when this seal was made"
        words = ("compromised-before", "REVOKED_NO_POE", when)
        return _told(listed, crl, "undecided", words)
    return None


def _told(
    listed: _Listed,
    crl: x509.CertificateRevocationList,
    status: Answer,
    words: tuple[str, str, str],
) -> Revocation:
    reason, sub_indication, detail = words
    return Revocation(
        status,
        reason,
        detail,
        sub_indication,
        this_update=crl.last_update_utc,
        next_update=crl.next_update_utc,
        revoked_at=listed.at,
        invalid_since=listed.invalid_since,
    )


def _why_not(
    crl: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    control: datetime,
) -> str | None:
    """Why this list does not show that the certificate was good; None if it does."""
    try:
        found = crl_extensions(crl)
        if not _covers(found, certificate):
            return "other-scope"
        kept = expired_kept_since(found)
    except DerError:
        return "other-scope"
    made, until = crl.last_update_utc, crl.next_update_utc
    window = max(until - made, timedelta()) if until else _UNDATED
    # Not `control - window`: a list may say that it holds until the year 9999.
    if control - made > window or made < certificate.not_valid_before_utc:
        return "stale"
    ended = certificate.not_valid_after_utc
    if made > ended and (kept is None or kept > ended):
        return "after-expiry"
    return None


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

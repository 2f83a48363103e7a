"""Was a certificate withdrawn? Answered from CRLs and OCSP answers.

A statement settles it for a control time t only if (verdicts, part 8)
1. it is authentic and about this certificate (`trust.crl`, `trust.ocsp`);
2. it is fresh for t: thisUpdate >= t - (nextUpdate - thisUpdate), or 24 hours where
   there is no nextUpdate;
3. thisUpdate lies in the certificate's validity, or expiredCertsOnCRL or
   archiveCutoff reaches back to its end;
4. an OCSP responder that may be withdrawn itself is known not to be, and one whose
   own certificate has ended since is known to have answered before.
Bad news counts at any age. Everything else is undecided, with the reason: that
nobody said "withdrawn" is no evidence. Sub-indications: EN 319 102-1 clause 5.2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cryptography import x509

from edc_issuer.cms.der import DerError
from edc_issuer.cms.readers import revocation_addresses
from edc_issuer.trust.dossier import Dossier
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.path import PathResult, issuers_of
from edc_issuer.trust.statement import Statement, Withdrawal
from edc_issuer.trust.withdrawal import (
    UNKNOWN,
    Revocation,
    bad_news,
    doubted,
    sub_indication,
    told,
    undecided,
    worst,
)

__all__ = [
    "Evidence",
    "Revocation",
    "Statement",
    "Withdrawal",
    "path_revocations",
    "revocation_status",
    "statements_about",
    "sub_indication",
    "worst",
]

KnownSince = Callable[[str], datetime]
_UNDATED = timedelta(hours=24)  # how long something without nextUpdate is fresh
HOLD = "certificateHold"
_MAX_RESPONDERS = 2  # in a row, each vouched for by the next; real ones need none


def revocation_status(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    evidence: Evidence | Dossier,
    *,
    at: datetime,
    proved_at: datetime | None = None,
    pool: Sequence[x509.Certificate] = (),
) -> Revocation:
    """What the evidence of this issuer says about this certificate.

    The control time is `proved_at`, the proved time of signing, else `at`. Without
    a proved time every withdrawal counts, whenever it was (REVOKED_NO_POE). In
    `pool` the certificates of responders are looked for, besides the evidence.
    """
    court = _Court.of(evidence, pool, proved_at or at)
    return court.status(certificate, issuer, proved_at)


def path_revocations(
    path: PathResult,
    evidence: Evidence | Dossier,
    *,
    at: datetime,
    proved_at: datetime | None = None,
    pool: Sequence[x509.Certificate] = (),
    known_since: KnownSince | None = None,
) -> tuple[Revocation, ...]:
    """One answer for each certificate below the anchor, the signer's first.

    A pinned certificate is judged itself, with its issuer from `pool` or the
    evidence where the issuer's signature on it fits. `known_since` says of the hex
    SHA-256 of an answer since when it is known to have existed; without it nothing is
    asked about the end of responders.
    """
    if path.anchor is None:
        return ()
    court = _Court.of(evidence, pool, proved_at or at)
    court = replace(court, known_since=known_since)
    if path.anchor.pinned:
        return (_pinned(path.certificates[0], court, proved_at),)
    pairs = zip(path.certificates, path.certificates[1:], strict=False)
    return tuple(court.status(one, issuer, proved_at) for one, issuer in pairs)


def statements_about(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    evidence: Evidence | Dossier,
    *,
    pool: Sequence[x509.Certificate] = (),
) -> tuple[Statement, ...]:
    """Everything authentic in the evidence about one certificate, the newest first.

    For whoever moves a control time along it (EN 319 102-1 clause 5.6.2.2): nothing
    is said yet of age or scope.
    """
    found = Dossier.of(evidence, pool).about(certificate, issuer)
    return tuple(sorted(found, key=lambda one: one.this_update, reverse=True))


@dataclass(frozen=True, slots=True)
class _Court:
    """The evidence, opened once for all certificates of a path.

    `control` is the time for which something must be fresh; `above` are the
    responders that wait for the answer about the last of them.
    """

    dossier: Dossier
    control: datetime
    above: tuple[x509.Certificate, ...] = ()
    known_since: KnownSince | None = None
    responders: dict[tuple[x509.Certificate, ...], Revocation] = field(
        default_factory=dict
    )

    @classmethod
    def of(
        cls,
        evidence: Evidence | Dossier,
        pool: Sequence[x509.Certificate],
        control: datetime,
    ) -> _Court:
        return cls(Dossier.of(evidence, pool), control)

    def status(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        proved_at: datetime | None,
    ) -> Revocation:
        found = self._heard(certificate, issuer)
        for statement, doubt in found:
            if statement.flaw == "unreadable":
                words = "the authority's list at hand cannot be read"
                return Revocation("undecided", "no-data", words, "TRY_LATER")
            verdict = bad_news(statement, proved_at)
            if verdict and not self._is_lifted(statement, found, certificate):
                # A responder that nobody vouches for can stop a pass, not fail a seal.
                return doubted(verdict) if doubt else verdict
        reasons = []
        for statement, doubt in found:
            reason = self._why_not(statement, certificate, issuer) or doubt
            if reason is None:
                return told(statement, "good")
            reasons.append((reason, statement))
        return undecided(reasons)

    def _is_lifted(
        self,
        statement: Statement,
        found: Sequence[tuple[Statement, str | None]],
        certificate: x509.Certificate,
    ) -> bool:
        """Whether a hold had ended by the control time (RFC 5280 section 5.3.1).

        A later statement that counts and does not name the certificate says so.
        """
        held = statement.withdrawal
        if held is None or held.reason != HOLD:
            return False
        return any(
            doubt is None
            and later.flaw is None
            and later.withdrawal is None
            and statement.this_update < later.this_update <= self.control
            and later.this_update <= certificate.not_valid_after_utc
            for later, doubt in found
        )

    def _heard(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> list[tuple[Statement, str | None]]:
        """The statements that count, each with the doubt about its responder."""
        heard: list[tuple[Statement, str | None]] = []
        for statement in self.dossier.about(certificate, issuer):
            responder = statement.unconfirmed
            own = self._responder(responder, issuer) if responder else None
            if own is None or own.status == "good":
                heard.append((statement, None))
            elif own.revoked_at is None:
                heard.append((statement, "unconfirmed"))
        return heard

    def _responder(
        self, responder: x509.Certificate, issuer: x509.Certificate
    ) -> Revocation:
        """Whether a responder was withdrawn: ever, since its own dates are its word.

        Two that vouch for each other come to an end here as well.
        """
        if len(self.above) >= _MAX_RESPONDERS:
            return UNKNOWN
        # Once each: a file may hold any number of answers by one responder.
        chain = (*self.above, responder)
        if chain not in self.responders:
            inner = replace(self, above=chain)
            self.responders[chain] = inner.status(responder, issuer, None)
        return self.responders[chain]

    def _has_ended(self, statement: Statement, issuer: x509.Certificate) -> bool:
        """Whether a responder's key may have been anybody's when it answered.

        What the issuer itself signed ends with the path.
        """
        if statement.signer == issuer or self.known_since is None:
            return False
        end = statement.signer.not_valid_after_utc
        return self.known_since(statement.sha256) > end

    def _why_not(
        self,
        statement: Statement,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
    ) -> str | None:
        """Why it does not show that the certificate was good; None if it does."""
        if statement.flaw is not None:
            return statement.flaw
        if self._has_ended(statement, issuer):
            return "responder-ended"
        made, until = statement.this_update, statement.next_update
        window = max(until - made, timedelta()) if until else _UNDATED
        # Not `control - window`: a list may say that it holds until the year 9999.
        try:
            begun = certificate.not_valid_before_utc
            ended = certificate.not_valid_after_utc
        except ValueError:
            return "other-scope"  # a year that no calendar has
        if self.control - made > window or made < begun:
            return "stale"
        kept = statement.kept_since
        if made > ended and (kept is None or kept > ended):
            return "after-expiry"
        return None


def _pinned(
    certificate: x509.Certificate, court: _Court, proved_at: datetime | None
) -> Revocation:
    answers = [
        court.status(certificate, issuer, proved_at)
        for issuer in issuers_of(certificate, court.dossier.pool)
    ]
    known = [answer for answer in answers if answer.reason != "no-data"]
    if known:
        return worst(known)
    try:
        names_service = bool(revocation_addresses(certificate))
    except DerError:
        names_service = True
    if names_service:
        return UNKNOWN
    words = "you pinned this certificate, and it names nobody who could withdraw it"
    return Revocation("good", "pinned", words)

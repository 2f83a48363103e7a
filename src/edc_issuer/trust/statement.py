"""What one signed piece of evidence says about one certificate.

A CRL and an OCSP answer say the same things in different words. `trust.crl` and
`trust.ocsp` bring them here, authentic and otherwise undigested; the rules that
weigh them (`trust.revocation`) are then one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.x509 import ocsp

from edc_issuer.cms.certificate import subject_text
from edc_issuer.trust.evidence import crl_digest, ocsp_digest

Kind = Literal["crl", "ocsp"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When it was withdrawn, and since when its key is said to be broken.

    `reason` is the name of RFC 5280 section 5.3.1 (`keyCompromise`), where one is
    given. `is_readable` is False where more is said than can be read here.
    """

    at: datetime
    invalid_since: datetime | None = None
    reason: str | None = None
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """Signed by `signer`, about one certificate; times are aware UTC.

    `flaw` is why it cannot show that the certificate was good (`other-scope`,
    `unknown-to-responder`, `unreadable`), whatever its age. `kept_since` is the
    moment since when it also speaks of certificates that expired
    (expiredCertsOnCRL, archiveCutoff). `unconfirmed` is a delegated responder whose
    own certificate may have been withdrawn as well.
    """

    evidence: x509.CertificateRevocationList | ocsp.OCSPResponse
    signer: x509.Certificate
    this_update: datetime
    next_update: datetime | None
    produced_at: datetime | None = None
    withdrawal: Withdrawal | None = None
    flaw: str | None = None
    kept_since: datetime | None = None
    unconfirmed: x509.Certificate | None = None

    @property
    def kind(self) -> Kind:
        is_crl = isinstance(self.evidence, x509.CertificateRevocationList)
        return "crl" if is_crl else "ocsp"

    @property
    def sha256(self) -> str:
        """The digest of its DER, in hex."""
        if isinstance(self.evidence, x509.CertificateRevocationList):
            return crl_digest(self.evidence)
        return ocsp_digest(self.evidence)

    @property
    def issuer(self) -> str:
        """Who signed it, as RFC 4514 writes a name."""
        return subject_text(self.signer)

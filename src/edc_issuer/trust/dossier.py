"""Evidence about withdrawal, opened once and looked through once a certificate.

A file may hold hundreds of lists and dozens of timestamps; each list's signature is
checked once for all who ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509

from edc_issuer.trust.crl import crl_statements
from edc_issuer.trust.evidence import Evidence
from edc_issuer.trust.ocsp import OpenedAnswer, ocsp_statements, open_answers
from edc_issuer.trust.statement import Statement

# By the numbers of the two objects, which the row keeps alive.
_Rows = dict[
    tuple[int, int], tuple[x509.Certificate, x509.Certificate, tuple[Statement, ...]]
]


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """What is at hand, and what of it is authentic about whom.

    `pool` are certificates in which those of responders are looked for, besides the
    evidence's own.
    """

    evidence: Evidence
    answers: tuple[OpenedAnswer, ...]
    pool: tuple[x509.Certificate, ...]
    _found: _Rows = field(default_factory=dict)

    @classmethod
    def of(
        cls, evidence: Evidence | Dossier, pool: Sequence[x509.Certificate] = ()
    ) -> Dossier:
        """Open evidence; what is open already is taken as it is."""
        if isinstance(evidence, Dossier):
            return evidence
        candidates = (*evidence.certificates, *pool)
        return cls(evidence, open_answers(evidence.ocsp), candidates)

    def about(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> tuple[Statement, ...]:
        """What the issuer or its responders say; lists first, they have more words."""
        pair = id(certificate), id(issuer)
        if pair not in self._found:
            listed = crl_statements(certificate, issuer, self.evidence.crls)
            told = ocsp_statements(certificate, issuer, self.answers, pool=self.pool)
            self._found[pair] = certificate, issuer, (*listed, *told)
        return self._found[pair][2]

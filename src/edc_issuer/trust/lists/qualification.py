"""Is a seal qualified? What trusted lists say of its certificate (ETSI TS 119 615).

Asked twice, for when the certificate was issued and for when it sealed, and both
must agree (clause 4.4). At each time:
 1. the CA/QC services that are an authority above the certificate, granted or not
 2. what the certificate says of itself: QcCompliance, QcCClegislation (another law
    than the Union's), QcType, QcSSCD
 3. corrected by the qualifiers whose criteria it meets (clauses 4.4.4, 4.5.4)
 4. the service must be listed for that kind of certificate (ForeSeals)
 5. services that disagree leave it open, also one that is withdrawn and one that is
    not: nobody can say which of them issued the certificate
Certificates of before eIDAS (July 2016) were qualified for signatures only. What the
Commission's library says of the same certificates is in `docs/interop.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509

from edc_issuer.cms import der
from edc_issuer.cms.certificate import subject_der
from edc_issuer.cms.der import DerError
from edc_issuer.cms.qualified import (
    QC_TYPE_ESEAL,
    QC_TYPE_ESIGN,
    QC_TYPE_WEB,
    QcStatements,
    qc_statements,
)
from edc_issuer.cms.readers import extended_key_usage, key_usage, policies
from edc_issuer.trust.lists.model import CA_QC, Criteria, State
from edc_issuer.trust.lists.services import EIDAS, ListedService, granted_by

Use = Literal["eseal", "esign", "web"]

_USES: dict[str, Use] = {
    QC_TYPE_ESEAL: "eseal",
    QC_TYPE_ESIGN: "esign",
    QC_TYPE_WEB: "web",
}
_FOR: dict[str, Use] = {"QCForESeal": "eseal", "QCForESig": "esign", "QCForWSA": "web"}
_LISTED_FOR: dict[Use, str] = {
    "eseal": "ForeSeals",
    "esign": "ForeSignatures",
    "web": "ForWebSiteAuthentication",
}
# The words of the Directive count for its time, those of eIDAS since (TS 119 612
# clause 5.5.9.2.3).
_DEVICE = frozenset(["QCWithQSCD", "QCQSCDManagedOnBehalf"])
_OLD_DEVICE = frozenset(["QCWithSSCD"])
_NO_DEVICE = frozenset(["QCNoQSCD", "QCNoSSCD"])
_AS_STATED = frozenset(["QCQSCDStatusAsInCert", "QCSSCDStatusAsInCert"])
_OLD_WORDS = frozenset(["QCWithSSCD", "QCNoSSCD"])
_NEW_WORDS = frozenset(["QCWithQSCD", "QCNoQSCD"])


@dataclass(frozen=True, slots=True)
class Finding:
    """What the lists say at one time.

    `is_qualified` is None where they leave it open. `use` is what the certificate is
    for, None where nobody says. `qscd` says whether the key lies in a qualified
    device, None where nobody says. `reason` is one of: `no-service` (the authority is
    on no list at hand), `not-granted`, `not-for-this-use`, `not-qualified` (by the
    certificate or a qualifier), `conflict`, `not-read`; empty where it is qualified.
    """

    is_qualified: bool | None
    use: Use | None = None
    qscd: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer for a seal, with what it rests on.

    `word` is that of TS 119 615 for a seal that is otherwise in order: QESeal,
    AdESeal-QC, AdESeal; QESig, AdESig-QC, AdESig for a person's; Unknown where a
    certificate that is not qualified does not say what it is for; N/A where the lists
    leave it open. `services` are those that were asked.
    """

    word: str
    is_qualified: bool | None
    use: Use | None
    qscd: bool | None
    reason: str
    at_issuance: Finding
    at_signing: Finding
    services: tuple[ListedService, ...] = ()

    @property
    def is_qualified_seal(self) -> bool:
        """Whether it is a qualified electronic seal (eIDAS article 3(27))."""
        return self.word == "QESeal"


def qualify(
    certificate: x509.Certificate,
    services: Sequence[ListedService],
    *,
    issued_at: datetime,
    signed_at: datetime,
) -> Qualification:
    """What lists say of a certificate whose path ends in `services`.

    `services` are all that a certificate of its path is the identity of
    (`Lists.above`); none: its authority is on no list at hand.
    """
    first = _find(certificate, services, issued_at, issued_at=issued_at)
    last = _find(certificate, services, signed_at, issued_at=issued_at)
    use = last.use if first.use == last.use else None
    is_qualified, reason = _both(first, last)
    # A key that moved into a device later, or out of it: what held when it sealed.
    qscd = last.qscd if is_qualified else None
    word = _word(is_qualified, use, qscd)
    return Qualification(
        word, is_qualified, use, qscd, reason, first, last, tuple(services)
    )


def _both(first: Finding, last: Finding) -> tuple[bool | None, str]:
    for finding in (first, last):
        if finding.is_qualified is None:
            return None, finding.reason
    for finding in (first, last):
        if not finding.is_qualified:
            return False, finding.reason
    return (True, "") if first.use == last.use else (None, "conflict")


def _word(is_qualified: bool | None, use: Use | None, qscd: bool | None) -> str:
    if is_qualified is None or use == "web":
        return "N/A"
    if use is None:
        return "Unknown"
    kind = "ESig" if use == "esign" else "ESeal"
    if not is_qualified:
        return f"Ad{kind}"
    return f"Q{kind}" if qscd else f"Ad{kind}-QC"


def _find(
    certificate: x509.Certificate,
    services: Sequence[ListedService],
    at: datetime,
    *,
    issued_at: datetime,
) -> Finding:
    if not services:
        return Finding(None, reason="no-service")
    try:
        facts = _Facts.of(certificate, issued_at)
    except (DerError, ValueError):
        return Finding(None, reason="not-read")
    states = [one.service.state_at(at) for one in services]
    found = [facts.judge(one, at) for one in states if one and one.type == CA_QC]
    if not found:
        return Finding(False, facts.stated[0], reason="not-granted")
    # A service is often listed twice, once for each use: the entry for this use
    # speaks, and the other has nothing to say about it.
    spoken = [one for one in found if one.reason != "not-for-this-use"] or found
    if len({(one.is_qualified, one.use, one.qscd) for one in spoken}) == 1:
        return spoken[0]
    return Finding(None, reason="conflict")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What criteria and qualifiers ask of a certificate."""

    statements: QcStatements
    usage: frozenset[str]
    policies: frozenset[str]
    purposes: frozenset[str]
    attributes: frozenset[str]
    is_old: bool  # issued before eIDAS

    @classmethod
    def of(cls, certificate: x509.Certificate, issued_at: datetime) -> _Facts:
        return cls(
            qc_statements(certificate) or QcStatements(),
            key_usage(certificate) or frozenset(),
            frozenset(policies(certificate)),
            frozenset(extended_key_usage(certificate) or ()),
            frozenset(_attribute_types(certificate)),
            issued_at < EIDAS,
        )

    def judge(self, state: State, at: datetime) -> Finding:
        """What one service says of it: where several would, in this order."""
        is_granted = state.is_understood and granted_by(state, at)
        qualifiers = self._qualifiers(state) if is_granted else frozenset[str]()
        if qualifiers is None:
            return Finding(None, reason="not-read")
        use, is_clear = self._use(qualifiers, at)
        if use and not self._is_listed_for(use, state, qualifiers, at):
            return Finding(False, use, reason="not-for-this-use")
        if not is_granted:
            return Finding(False, use, reason="not-granted")
        if not is_clear or {"NotQualified", "QCStatement"} <= qualifiers:
            return Finding(None, use, reason="conflict")
        says_so = self.is_compliant or "QCStatement" in qualifiers
        if not says_so or "NotQualified" in qualifiers:
            return Finding(False, use, reason="not-qualified")
        if use is None:
            return Finding(None, reason="conflict")
        return Finding(True, use, self._device(use, qualifiers, at))

    @property
    def is_compliant(self) -> bool:
        """Whether it says to be qualified under the law of the Union."""
        # EN 319 412-5 clause 4.2.4: QcCClegislation names the laws of others.
        return self.statements.compliance and not self.statements.legislation

    @property
    def stated(self) -> tuple[Use | None, bool]:
        """For what it says it is meant, and whether that is clear."""
        if self.is_old:
            return ("esign" if self.statements.compliance else None), True
        uses = {_USES[one] for one in self.statements.types if one in _USES}
        if len(uses) > 1:
            return None, False
        # EN 319 412-5 clause 4.2.3: qualified without QcType is for signatures.
        silent: Use | None = "esign" if self.statements.compliance else None
        return (uses.pop() if uses else silent), True

    def _use(self, qualifiers: frozenset[str], at: datetime) -> tuple[Use | None, bool]:
        """What it is meant for, and whether that is clear."""
        corrected = {_FOR[name] for name in qualifiers & _FOR.keys()}
        if at < EIDAS or not corrected:
            return self.stated
        return (corrected.pop(), True) if len(corrected) == 1 else (None, False)

    def _is_listed_for(
        self, use: Use, state: State, qualifiers: frozenset[str], at: datetime
    ) -> bool:
        if at < EIDAS or self.is_old:
            return True
        # TS 119 615 clause 4.4.4: a legal person's certificate is not for signatures.
        if use == "esign" and "QCForLegalPerson" in qualifiers:
            return False
        return _LISTED_FOR[use] in state.additional

    def _device(
        self, use: Use, qualifiers: frozenset[str], at: datetime
    ) -> bool | None:
        if use == "web":
            return None
        is_now = at >= EIDAS
        says = qualifiers & (_DEVICE if is_now else _OLD_DEVICE)
        denies = qualifiers & _NO_DEVICE
        if says and (denies or qualifiers & _AS_STATED):
            return None
        # About a qualified device the words of the Directive alone say nothing.
        if is_now and qualifiers & _OLD_WORDS and not qualifiers & _NEW_WORDS:
            return None
        return bool(says) or (not denies and self.statements.sscd)

    def _qualifiers(self, state: State) -> frozenset[str] | None:
        """Those whose criteria are met; None if that depends on unknown ones."""
        met: set[str] = set()
        for entry in state.qualifiers:
            answer = self.meets(entry.criteria)
            if answer is None:
                return None
            met.update(entry.names if answer else ())
        return frozenset(met)

    def meets(self, criteria: Criteria) -> bool | None:
        """Whether the criteria hold; None where one that is not read decides."""
        answers = [*self._answers(criteria), *[None] * criteria.unknown]
        if criteria.assertion == "all":
            return False if False in answers else None if None in answers else True
        one = True if True in answers else None if None in answers else False
        if criteria.assertion == "atLeastOne" or one is None:
            return one
        return not one

    def _answers(self, criteria: Criteria) -> Iterable[bool | None]:
        for bits in criteria.key_usage:
            yield all((bit in self.usage) is wanted for bit, wanted in bits.items())
        for wanted, own in (
            (criteria.policies, self.policies),
            (criteria.purposes, self.purposes),
            (criteria.attributes, self.attributes),
        ):
            yield from (own.issuperset(entry) for entry in wanted)
        for nested in criteria.nested:
            yield self.meets(nested)


def _attribute_types(certificate: x509.Certificate) -> Iterable[str]:
    for relative in der.parse(subject_der(certificate)).children(der.SEQUENCE):
        for attribute in relative.children(der.SET):
            yield attribute.fields().take().oid()

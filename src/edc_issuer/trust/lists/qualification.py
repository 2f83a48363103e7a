"""Is a seal qualified? What trusted lists say of its certificate (ETSI TS 119 615).

Asked twice, for when the certificate was issued and for when it sealed, and both
must agree (clause 4.4). At each time:
 1. the CA/QC services that are the certificate's authority, and granted then
 2. what the certificate says of itself: QcCompliance, QcType, QcSSCD
 3. corrected by the qualifiers whose criteria it meets (clauses 4.4.4, 4.5.4)
 4. the service must be listed for that kind of certificate (ForeSeals)
 5. services that disagree leave it open
Certificates of before eIDAS (July 2016) were qualified for signatures only.
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
from edc_issuer.trust.lists.model import CA_QC, QTST, Criteria, State
from edc_issuer.trust.lists.services import EIDAS, ListedService

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
_DEVICE = frozenset(["QCWithQSCD", "QCQSCDManagedOnBehalf", "QCWithSSCD"])
_NO_DEVICE = frozenset(["QCNoQSCD", "QCNoSSCD"])


@dataclass(frozen=True, slots=True)
class Finding:
    """What the lists say at one time.

    `is_qualified` is None where they leave it open. `qscd` says whether the key lies
    in a qualified device, None where nobody says. `reason` is one of: `no-service`
    (the authority is on no list at hand), `not-granted`, `not-for-this-use`,
    `not-qualified` (by the certificate or a qualifier), `conflict`, `not-read`; empty
    where it is qualified.
    """

    is_qualified: bool | None
    use: Use | None = None
    qscd: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """The answer for a seal, with what it rests on.

    `word` is that of TS 119 615 for a seal that is otherwise in order: QESeal,
    AdESeal-QC, AdESeal; QESig, AdESig-QC, AdESig for a person's; N/A where the lists
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

    `services` are all that the first listed certificate above it is the identity of
    (`Lists.above`); none: its authority is on no list at hand.
    """
    first = _find(certificate, services, issued_at)
    last = _find(certificate, services, signed_at)
    use = last.use if first.use == last.use else None
    is_qualified, reason = _both(first, last)
    # A key that moved into a device later, or out of it: what held when it sealed.
    qscd = last.qscd if is_qualified else None
    word = _word(is_qualified, use or last.use, qscd)
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
    kind = "ESig" if use == "esign" else "ESeal"
    if not is_qualified:
        return f"Ad{kind}"
    return f"Q{kind}" if qscd else f"Ad{kind}-QC"


def _find(
    certificate: x509.Certificate, services: Sequence[ListedService], at: datetime
) -> Finding:
    if not services:
        return Finding(False, reason="no-service")
    states = [state for one in services if (state := one.granted(CA_QC, at))]
    if not states:
        return Finding(False, reason="not-granted")
    try:
        facts = _Facts.of(certificate)
    except (DerError, ValueError):
        return Finding(None, reason="not-read")
    found = {facts.judge(state, at) for state in states}
    # A service is often listed twice, once for each use: the entry for this use
    # speaks, and the other has nothing to say about it.
    spoken = {one for one in found if one.reason != "not-for-this-use"} or found
    if len(spoken) == 1:
        return spoken.pop()
    return Finding(None, reason="conflict")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What criteria and qualifiers ask of a certificate."""

    statements: QcStatements
    usage: frozenset[str]
    policies: frozenset[str]
    purposes: frozenset[str]
    attributes: frozenset[str]

    @classmethod
    def of(cls, certificate: x509.Certificate) -> _Facts:
        return cls(
            qc_statements(certificate) or QcStatements(),
            key_usage(certificate) or frozenset(),
            frozenset(policies(certificate)),
            frozenset(extended_key_usage(certificate) or ()),
            frozenset(_attribute_types(certificate)),
        )

    def judge(self, state: State, at: datetime) -> Finding:
        qualifiers = self._qualifiers(state)
        if qualifiers is None:
            return Finding(None, reason="not-read")
        use, is_clear = self._use(qualifiers, at)
        if not is_clear or {"NotQualified", "QCStatement"} <= qualifiers:
            return Finding(None, use, reason="conflict")
        says_so = self.statements.compliance or "QCStatement" in qualifiers
        if not says_so or "NotQualified" in qualifiers or use is None:
            return Finding(False, use, reason="not-qualified")
        if at >= EIDAS and _LISTED_FOR[use] not in state.additional:
            return Finding(False, use, reason="not-for-this-use")
        return Finding(True, use, self._device(qualifiers))

    def _use(self, qualifiers: frozenset[str], at: datetime) -> tuple[Use | None, bool]:
        """For what it is meant, and whether that is clear."""
        if at < EIDAS:
            return "esign", True
        corrected = {_FOR[name] for name in qualifiers & _FOR.keys()}
        if corrected:
            return (corrected.pop(), True) if len(corrected) == 1 else (None, False)
        stated = {_USES[one] for one in self.statements.types if one in _USES}
        if len(stated) > 1:
            return None, False
        # EN 319 412-5 clause 4.2.3: without QcType it is for signatures.
        return (stated.pop() if stated else "esign"), True

    def _device(self, qualifiers: frozenset[str]) -> bool | None:
        says, denies = qualifiers & _DEVICE, qualifiers & _NO_DEVICE
        if says and denies:
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


def timestamp_service_granted(
    services: Sequence[ListedService], at: datetime
) -> ListedService | None:
    """The qualified timestamp service among `services` that was granted at a time."""
    return next((one for one in services if one.granted(QTST, at)), None)

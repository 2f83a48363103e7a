"""Seals of one school under lists of our own, each with one thing changed (TS 119 615).

The certificate was issued on 1 March 2024, the seal proved by a timestamp of 1 June,
and everything is asked on 2 June; the good list grants the authority for seals since
November. `interop.qualified` makes the files and asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from edc_issuer.cms.qualified import (
    QC_TYPE_ESEAL,
    QC_TYPE_ESIGN,
    QC_TYPE_WEB,
    SEMANTICS_LEGAL,
    QcStatements,
)
from edc_issuer.cms.readers import TEST_POLICY
from edc_issuer.keys.testpki import Authority
from late_life import BEGIN, DAY, SEALED, Life
from trusted_lists import Entry, ServicePlan

HOUR = timedelta(hours=1)
OLD = datetime(2015, 5, 4, 12, tzinfo=UTC)
EIDAS = datetime(2016, 6, 30, 22, tzinfo=UTC)
COMPLIANT = QcStatements(
    compliance=True, types=(QC_TYPE_ESEAL,), semantics=SEMANTICS_LEGAL
)
IN_DEVICE = replace(COMPLIANT, sscd=True)
PERSON = replace(COMPLIANT, types=(QC_TYPE_ESIGN,))
BOTH = ("ForeSeals", "ForeSignatures")
_QUALIFIER = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt"


@dataclass(frozen=True)
class Times:
    """When the authorities begin (and the certificate is issued), and when it seals."""

    begin: datetime = BEGIN
    sealed: datetime = SEALED


@cache
def life(times: Times) -> Life:
    """The school and its authorities, from a time on."""
    return Life.start(times.begin)


@cache
def stranger() -> Authority:
    """An authority that has nothing to do with the school."""
    return Life.start(BEGIN).desk.seal_ca


@dataclass(frozen=True)
class Row:
    """A certificate, what the list says, and when all of it happened."""

    states: tuple[Entry, ...] = ()
    statements: QcStatements | None = IN_DEVICE
    times: Times = Times()
    more: tuple[tuple[Entry, ...], ...] = ()  # further services of the same authority
    root: tuple[Entry, ...] = ()  # a service of the authority above it
    tsa: tuple[Entry, ...] = ()  # a service of the timestamp authority
    overdue: int = -90  # days since the next update of the list was due
    is_listed: bool = True
    has_lists: bool = True

    @property
    def at(self) -> datetime:
        return self.times.sealed + DAY

    def services(self) -> tuple[ServicePlan, ...]:
        desk = life(self.times).desk
        own, above = (one.certificate for one in (desk.seal_ca, desk.root))
        states = self.states or (self.entry(),)
        listed = [(own, one) for one in (states, *self.more)]
        if not self.is_listed:
            listed = [(stranger().certificate, states)]
        if self.root:
            listed.append((above, self.root))
        if self.tsa:
            listed.append((desk.tsa.authority.certificate, self.tsa))
        return tuple(ServicePlan((c,), one[0], one[1:]) for c, one in listed)

    def entry(self) -> Entry:
        return Entry(since=self.times.begin - 100 * DAY)


class _Foreign(Entry):
    """Granted in words that are somebody else's."""

    def xml(self) -> str:
        return super().xml().replace("http://uri.etsi.org/", "http://lists.example/", 1)


def entry(
    *qualifiers: str, criteria: str = "all", critical: bool = True, **changes: object
) -> Entry:
    """A state since long before; `qualifiers` of the certificates that fit."""
    given = {"since": BEGIN - 100 * DAY, **changes}
    said = _qualified(qualifiers, criteria, critical) if qualifiers else ""
    return Entry(**{**given, "extensions": said})  # type: ignore[arg-type]


def _qualified(names: tuple[str, ...], criteria: str, critical: bool) -> str:
    uris = (n if "://" in n else f"{_QUALIFIER}/{n}" for n in names)
    said = "".join(f'<q:Qualifier uri="{uri}"/>' for uri in uris)
    asked = (
        ""
        if criteria == "all"
        else f"""<q:PolicySet><q:PolicyIdentifier><x:Identifier Qualifier="OIDAsURN">
        urn:oid:{criteria}</x:Identifier></q:PolicyIdentifier></q:PolicySet>"""
    )
    return f"""<Extension Critical="{str(critical).lower()}"><q:Qualifications>
        <q:QualificationElement><q:Qualifiers>{said}</q:Qualifiers>
        <q:CriteriaList assert="all">{asked}</q:CriteriaList>
        </q:QualificationElement></q:Qualifications></Extension>"""


def _changed(at: datetime, now: str, before: str, **changes: object) -> Row:
    return Row((entry(status=now, since=at), entry(status=before)), **changes)  # type: ignore[arg-type]


def _before_eidas() -> Mapping[str, Row]:
    """Certificates of 2015; in July 2016 every service got a new status."""
    then = replace(
        entry(additional=()), since=OLD - 100 * DAY, status="undersupervision"
    )
    since = Entry(since=EIDAS, additional=BOTH)
    late, early = Times(OLD, EIDAS + 60 * DAY), Times(OLD, OLD + 60 * DAY)
    return {
        "issued and sealed under supervision": Row((since, then), times=early),
        "sealed after July 2016": Row((since, then), times=late),
        "sealed after July 2016, a person's": Row((since, then), PERSON, late),
        "never granted since": Row((then,), times=late),
        "granted before there was such a word": Row(
            (since, replace(then, status="granted")), times=early
        ),
        "accredited": Row((since, replace(then, status="accredited")), times=early),
        "in a device, as the list says": Row(
            (since, _with(then, "QCWithSSCD")), COMPLIANT, early
        ),
        "in no device, as the list says": Row(
            (since, _with(then, "QCNoSSCD")), times=early
        ),
    }


def _with(state: Entry, *names: str) -> Entry:
    return replace(state, extensions=_qualified(names, "all", True))


@cache
def rows() -> Mapping[str, Row]:
    """Every case by its name."""
    plain = Row(statements=COMPLIANT)
    device = ("QCWithQSCD", "QCQSCDManagedOnBehalf", "QCWithSSCD", "QCNoQSCD")
    cases = {
        "granted, in a device": Row(),
        "granted": plain,
        "a certificate that states nothing": Row(statements=None),
        "a certificate that is not compliant": Row(
            statements=replace(IN_DEVICE, compliance=False)
        ),
        "a person's certificate": Row((entry(additional=BOTH),), PERSON),
        "no type": Row((entry(additional=BOTH),), replace(IN_DEVICE, types=())),
        "a web server's certificate": Row(
            (entry(additional=(*BOTH, "ForWebSiteAuthentication")),),
            replace(IN_DEVICE, types=(QC_TYPE_WEB,)),
        ),
        "two types": Row(
            (entry(additional=BOTH),),
            replace(IN_DEVICE, types=(QC_TYPE_ESEAL, QC_TYPE_ESIGN)),
        ),
        "under the law of another country": Row(
            statements=replace(IN_DEVICE, legislation=("GB",))
        ),
        # The service.
        "withdrawn since long": Row((entry(status="withdrawn"),)),
        "withdrawn after sealing": _changed(SEALED + HOUR, "withdrawn", "granted"),
        "withdrawn before sealing": _changed(SEALED - DAY, "withdrawn", "granted"),
        "granted only after issuance": _changed(BEGIN + DAY, "granted", "withdrawn"),
        "listed only after issuance": Row((entry(since=BEGIN + DAY),)),
        "withdrawn in between": Row(
            (
                entry(since=SEALED - DAY),
                entry(since=BEGIN + DAY, status="withdrawn"),
                entry(),
            )
        ),
        "withdrawn at that second": _changed(SEALED, "withdrawn", "granted"),
        "recognised at national level": Row(
            (entry(status="recognisedatnationallevel"),)
        ),
        "still under supervision": Row((entry(status="undersupervision"),)),
        "a status of somebody else's": Row((_Foreign(since=BEGIN - 100 * DAY),)),
        "granted before there was such a word": Row((entry(since=OLD),)),
        "no qualified service": Row((entry(kind="CA/PKC"),)),
        "makes timestamps": Row((entry(kind="TSA/QTST", additional=()),)),
        "listed for signatures": Row((entry(additional=("ForeSignatures",)),)),
        "listed for both": Row((entry(additional=BOTH),)),
        "listed for nothing": Row((entry(additional=()),)),
        "for seals only since after issuance": Row(
            (entry(since=BEGIN + DAY), entry(additional=("ForeSignatures",)))
        ),
        "twice, once for each use": Row(
            more=((entry(additional=("ForeSignatures",)),),)
        ),
        "twice, once withdrawn": Row(more=((entry(status="withdrawn"),),)),
        "twice, once not qualified": Row(more=((entry("NotQualified"),),)),
        "twice, once in a device": Row(
            statements=COMPLIANT, more=((entry("QCWithQSCD"),),)
        ),
        "the authority above is listed, too": Row(root=(entry(status="withdrawn"),)),
        "withdrawn, and the authority above granted": Row(
            (entry(status="withdrawn"),), root=(entry(),)
        ),
        "only the authority above is listed": Row(is_listed=False, root=(entry(),)),
        # The list.
        "another authority is listed": Row(is_listed=False),
        "no list": Row(has_lists=False),
        "a list ten days overdue": Row(overdue=10),
        "a list a hundred days overdue": Row(overdue=100),
        # Qualifiers.
        "qualifier NotQualified": Row((entry("NotQualified"),)),
        "qualifier QCStatement": Row((entry("QCStatement"),), None),
        "qualifiers QCStatement, QCForESeal": Row(
            (entry("QCStatement", "QCForESeal"),), None
        ),
        "qualifiers QCStatement, NotQualified": Row(
            (entry("QCStatement", "NotQualified"),)
        ),
        **{f"qualifier {name}": Row((entry(name),), COMPLIANT) for name in device[:3]},
        **{f"qualifier {name}": Row((entry(name),)) for name in device[3:]},
        "qualifier QCNoSSCD": Row((entry("QCNoSSCD"),)),
        "qualifiers QCWithSSCD, QCWithQSCD": Row(
            (entry("QCWithSSCD", "QCWithQSCD"),), COMPLIANT
        ),
        "qualifiers QCWithQSCD, QCNoQSCD": Row((entry("QCWithQSCD", "QCNoQSCD"),)),
        "qualifier QCQSCDStatusAsInCert": Row((entry("QCQSCDStatusAsInCert"),)),
        "qualifiers QCQSCDStatusAsInCert, QCWithQSCD": Row(
            (entry("QCQSCDStatusAsInCert", "QCWithQSCD"),)
        ),
        "qualifiers QCQSCDStatusAsInCert, QCNoQSCD": Row(
            (entry("QCQSCDStatusAsInCert", "QCNoQSCD"),)
        ),
        "qualifier QCForESeal on a person's": Row((entry("QCForESeal"),), PERSON),
        "qualifier QCForESeal on two types": Row(
            (entry("QCForESeal"),),
            replace(IN_DEVICE, types=(QC_TYPE_ESEAL, QC_TYPE_ESIGN)),
        ),
        "qualifier QCForESeal, listed for signatures": Row(
            (entry("QCForESeal", additional=("ForeSignatures",)),), PERSON
        ),
        "qualifier QCForESig": Row((entry("QCForESig", additional=BOTH),)),
        "qualifier QCForESig, listed for seals": Row((entry("QCForESig"),)),
        "qualifiers QCForESig, QCForESeal": Row(
            (entry("QCForESig", "QCForESeal", additional=BOTH),)
        ),
        "qualifier QCForLegalPerson": Row((entry("QCForLegalPerson"),)),
        "qualifier QCForLegalPerson on a person's": Row(
            (entry("QCForLegalPerson", additional=BOTH),), PERSON
        ),
        "qualifier of somebody else's": Row(
            (entry("http://lists.example/SvcInfoExt/QCWithQSCD"),), COMPLIANT
        ),
        "qualifier QCWithQSCD for its policy": Row(
            (entry("QCWithQSCD", criteria=TEST_POLICY),), COMPLIANT
        ),
        "qualifier QCWithQSCD for another policy": Row(
            (entry("QCWithQSCD", criteria="1.2.3.4"),), COMPLIANT
        ),
        "qualifier QCWithQSCD since after issuance": Row(
            (entry("QCWithQSCD", since=BEGIN + DAY), entry()), COMPLIANT
        ),
        "qualifier QCWithQSCD until before sealing": Row(
            (entry(since=SEALED - DAY), entry("QCWithQSCD")), COMPLIANT
        ),
    }
    before = {f"before eIDAS: {name}": row for name, row in _before_eidas().items()}
    return cases | before


@cache
def stamps() -> Mapping[str, Row]:
    """Every case of a timestamp, by what the list says of who made it."""
    good = entry(kind="TSA/QTST", additional=())
    withdrawn = replace(good, status="withdrawn")
    return {
        "not listed": Row(),
        "granted": Row(tsa=(good,)),
        "the authority above is listed": Row(root=(good,)),
        "not qualified": Row(tsa=(replace(good, kind="TSA"),)),
        "makes certificates": Row(tsa=(entry(),)),
        "withdrawn since long": Row(tsa=(withdrawn,)),
        "withdrawn before": Row(tsa=(replace(withdrawn, since=SEALED - DAY), good)),
        "withdrawn afterwards": Row(
            tsa=(replace(withdrawn, since=SEALED + HOUR), good)
        ),
        "listed only afterwards": Row(tsa=(replace(good, since=SEALED + HOUR),)),
        "granted in words of before eIDAS": Row(
            tsa=(replace(good, status="undersupervision"),)
        ),
        "recognised at national level": Row(
            tsa=(replace(good, status="recognisedatnationallevel"),)
        ),
    }

"""A school, its seal and its authorities through the years, for tests.

Test authorities with a clock of their own (`TestDesk`) make each seal in 2024; then
certificates expire, are withdrawn or renewed, and everything is judged at a set time.
The keys are fresh in every run, the story is not: verdicts can be written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography import x509

from edc_issuer.extend import Extender
from edc_issuer.fetch import Request, Response
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.keys.testdesk import TestDesk
from edc_issuer.keys.testpki import Seal
from edc_issuer.report import Report
from edc_issuer.timestamp import Timestamper
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from world import NAMES, PASSWORD, RECORDS, SCHOOL
from years import old_record

DAY, YEAR = timedelta(days=1), timedelta(days=365)
BEGIN = datetime(2024, 3, 1, 12, tzinfo=UTC)  # the authorities are founded
SEALED = datetime(2024, 6, 1, 12, tzinfo=UTC)
SOON = SEALED + DAY  # everything is still valid
LATE = datetime(2026, 11, 1, 12, tzinfo=UTC)  # the seal ended in March 2026


@dataclass
class Clock:
    """What time it is for the authorities."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Case:
    """One file with the time and the evidence to judge it by."""

    data: bytes = field(repr=False)
    at: datetime
    anchors: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...] = ()

    def report(self) -> Report:
        """What we say."""
        anchors = tuple(
            Anchor(one, pinned=False, source="root", test=True) for one in self.anchors
        )
        trust = Trust(
            seal_anchors=anchors,
            timestamp_anchors=anchors,
            issuers=(TrustedIssuer(SCHOOL.identifier, NAMES, test=True),),
            test=True,
        )
        return Verifier(trust=trust).verify(
            self.data, at=self.at, evidence=list(self.crls)
        )


@dataclass
class Life:
    """A school, its seal and the authorities, from `BEGIN` on."""

    clock: Clock
    desk: TestDesk
    stamping: TestDesk | None = None  # where another root has the timestamps

    @classmethod
    def start(cls, at: datetime = BEGIN, **plans: Any) -> Life:
        clock = Clock(at)
        return cls(clock, TestDesk.create([SCHOOL], clock=clock, **plans))

    @property
    def root(self) -> x509.Certificate:
        return self.desk.root.certificate

    def sealed(
        self,
        at: datetime = SEALED,
        *,
        seal: Seal | None = None,
        algorithm: str | None = None,
        **options: str,
    ) -> bytes:
        """A credential sealed at level B."""
        self.clock.now = at
        path = Path(mkdtemp(prefix="edc-late-")) / "seal.p12"
        made = self.desk.pkcs12(seal or self.desk.seals[0], password=PASSWORD)
        path.write_bytes(made)
        path.chmod(0o600)
        with open_signer(
            f"file:{path}", secret=lambda prompt: PASSWORD, algorithm=algorithm
        ) as signer:
            issuer = Issuer(
                profile=PROFILES["edc-jades"],
                signer=signer,
                level=Level.B,
                files=RECORDS,
                options=options,
            )
            return issuer.issue(old_record(), at=at).data

    def extender(self, layout: str | None = None) -> Extender:
        stamping = self.stamping or self.desk
        desks = _Desks((self.desk, stamping))
        address = f"{stamping.host}/tsa"
        return Extender(Timestamper([address], stamping), desks, layout=layout)

    def at_level(self, data: bytes, level: Level, layout: str | None = None) -> bytes:
        return self.extender(layout).extend(data, level=level, at=self.clock.now)

    def renewed(self, data: bytes, at: datetime) -> bytes:
        self.clock.now = at
        return self.extender().renew(data, at=at)

    def case(self, data: bytes, at: datetime, *, lists: bool = False) -> Case:
        """The file at a time; `lists` hands over both authorities' lists of then."""
        self.clock.now = at - timedelta(hours=1)
        authorities = (self.desk.root, self.desk.seal_ca) if lists else ()
        crls = tuple(self.desk.crl(one) for one in authorities)
        return Case(data, at, (self.root,), crls)


@dataclass(frozen=True)
class _Desks:
    """Several desks behind one door; each address is answered by whom it knows."""

    desks: tuple[TestDesk, ...]

    def fetch(self, request: Request) -> Response:
        return self.desks[0].fetch(request)

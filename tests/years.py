"""A school's seals over the years: authorities with a clock that a test turns.

Made in March 2020, sealed in June 2020. The seal's certificate ends in March 2022,
the timestamp authority's and the seal CA's in February 2025, the root's in 2030.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.encoding import b64u, unb64u
from edc_issuer.extend import Extender
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.keys.testdesk import TSA, TestDesk
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Report
from edc_issuer.timestamp import Timestamper
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from world import NAMES, PASSWORD, RECORDS, SCHOOL, record_dict


def day(text: str) -> datetime:
    """Noon of a day, UTC."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00").astimezone(UTC)


MADE, SEALED = day("2020-03-01"), day("2020-06-01")
SOON = day("2020-06-03")  # everything is in force, and what was collected is fresh
EXPIRED = day("2023-06-01")  # the seal's certificate has ended
GONE = day("2026-06-01")  # so have the timestamp authority's and the CA's


@dataclass
class Clock:
    """What time it is for everybody."""

    now: datetime = MADE

    def __call__(self) -> datetime:
        return self.now


def old_record() -> CredentialRecord:
    """A record of an award in May 2020, with letters of the region."""
    value = record_dict()
    award = value["award"]
    for name in ("date_awarded", "date_issued", "valid_from"):
        award[name] = "2020-05-04"
    award["result"]["date"] = "2020-05-04"
    award["activity"] |= {"start": "2020-03-02", "end": "2020-05-04"}
    return CredentialRecord.from_dict(value)


@dataclass
class Years:
    """A school with a seal, the authorities that answer, and whom a reader trusts."""

    desk: TestDesk
    clock: Clock
    folder: Path
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        *,
        options: Mapping[str, str] | None = None,
        made: datetime = MADE,
        **plans: Any,
    ) -> Years:
        clock = Clock(made)
        desk = TestDesk.create([SCHOOL], clock=clock, **plans)
        folder = Path(mkdtemp(prefix="edc-years-"))
        years = cls(desk, clock, folder, options or {})
        key = desk.pkcs12(desk.seals[0], password=PASSWORD)
        (folder / "seal.p12").write_bytes(key)
        (folder / "seal.p12").chmod(0o600)
        return years

    @property
    def trust(self) -> Trust:
        root = Anchor(
            self.desk.root.certificate, pinned=False, source="root", test=True
        )
        school = TrustedIssuer(SCHOOL.identifier, NAMES, test=True)
        return Trust((root,), (root,), issuers=(school,), test=True)

    @property
    def extender(self) -> Extender:
        layout = self.options.get("layout")
        return Extender(Timestamper([TSA], self.desk), self.desk, layout=layout)

    def seal(self, level: str = "B", *, at: datetime = SEALED) -> bytes:
        """A fresh seal of the old record, made and extended at a time."""
        self.clock.now = at
        with open_signer(
            f"file:{self.folder / 'seal.p12'}", secret=lambda _: PASSWORD
        ) as signer:
            issuer = Issuer(
                profile=PROFILES["edc-jades"],
                signer=signer,
                level=Level(level),
                timestamper=Timestamper([TSA], self.desk),
                fetcher=self.desk,
                files=RECORDS,
                options=self.options,
            )
            return issuer.issue(old_record(), at=at).data

    def renew(self, data: bytes, *, at: datetime) -> bytes:
        self.clock.now = at
        return self.extender.renew(data, at=at)

    def crls(self, at: datetime) -> list[bytes]:
        """The lists of root and CA as they were then."""
        self.clock.now = at
        return [self.desk.crl(self.desk.root), self.desk.crl(self.desk.seal_ca)]

    def verify(self, data: bytes, at: datetime, **given: Any) -> Report:
        trust = given.pop("trust", self.trust)
        return Verifier(trust=trust).verify(data, at=at, **given)


@cache
def years() -> Years:
    """Authorities that withdrew nothing; only read by tests."""
    return Years.create()


@cache
def seals(level: str) -> bytes:
    """One seal of each level by them."""
    return years().seal(level)


def without_timestamp_anchors(trust: Trust) -> Trust:
    return replace(trust, timestamp_anchors=())


def elements(data: bytes) -> list[Any]:
    """The elements of `etsiU` as they are stored."""
    [seal] = json.loads(data)["signatures"]
    stored: list[Any] = seal["header"]["etsiU"]
    return stored


def named(data: bytes) -> list[str]:
    """Their names."""
    return [next(iter(opened(element))) for element in elements(data)]


def opened(element: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(unb64u(element))
    return value


def stored(value: Mapping[str, Any]) -> str:
    return b64u(json.dumps(value).encode())


def with_etsiu(data: bytes, change: Callable[[list[Any]], Iterable[Any]]) -> bytes:
    """The file with its `etsiU` changed, which no seal covers."""
    whole = json.loads(data)
    header = whole["signatures"][0]["header"]
    header["etsiU"] = list(change(list(header["etsiU"])))
    return json.dumps(whole, ensure_ascii=False).encode()


def der(certificate: Any) -> bytes:
    data: bytes = certificate.public_bytes(Encoding.DER)
    return data

"""A small world to verify in: fresh test authorities, a school, and its trust.

Every forgery test runs in a world in which the unforged twin is PASSED, and
asserts both: without that, "never PASSED" could not fail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issued, Issuer
from edc_issuer.keys import open_signer
from edc_issuer.keys.badge import new_badge_key
from edc_issuer.keys.testpki import TestOrganisation, TestPki
from edc_issuer.models.base import Media
from edc_issuer.record import CredentialRecord
from edc_issuer.report import Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer
from edc_issuer.verify import Verifier

RECORDS = Path(__file__).parent.parent / "fixtures" / "records"
PASSWORD = "secret"
SCHOOL = TestOrganisation("Srednja strokovna šola Zgled", "NTRSI-1234567", "SI")
NAMES = ("Srednja strokovna šola Zgled", "Zgled Secondary Technical School")
PROFILE_IDS = ("edc-jades", "ob3-jwt", "vc-jwt", "ob3-di")


def record(name: str = "scouts4green_ecological") -> CredentialRecord:
    """A record of the fixtures."""
    return CredentialRecord.from_json((RECORDS / f"{name}.json").read_bytes())


def record_dict(name: str = "scouts4green_ecological") -> dict[str, Any]:
    """The same as JSON, to change."""
    value: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text())
    return value


@dataclass(frozen=True)
class World:
    """A school with a seal and a badge key, and a folder that trusts both."""

    folder: Path
    pki: TestPki
    did: str

    @classmethod
    def create(cls) -> World:
        folder = Path(mkdtemp(prefix="edc-world-"))
        pki = TestPki.create([SCHOOL], at=datetime.now(UTC))
        pki.write(folder / "keys", password=PASSWORD)
        badge = new_badge_key()
        badge.write(folder / "keys" / "badge.pem")
        world = cls(folder, pki, badge.did)
        trust = world.trust_folder
        root = (folder / "keys" / "root.pem").read_bytes()
        add_certificate(trust, root, test=True)
        for crl in sorted((folder / "keys").glob("*.crl")):
            add_crl(trust, crl.read_bytes())
        for identifier in (badge.did, SCHOOL.identifier):
            add_issuer(trust, TrustedIssuer(identifier, NAMES, test=True))
        return world

    @property
    def trust_folder(self) -> Path:
        return self.folder / "trust"

    @property
    def trust(self) -> Trust:
        return Trust.load(self.trust_folder)

    def key(self, profile: str) -> str:
        name = "seal.p12" if profile == "edc-jades" else "badge.pem"
        return f"file:{self.folder / 'keys' / name}"

    def issue(
        self,
        profile: str = "edc-jades",
        source: CredentialRecord | None = None,
        **options: Any,
    ) -> Issued:
        """One credential of a fixture record (or of `source`)."""
        if profile == "edc-jades":
            options.setdefault("level", Level.B)
        with open_signer(self.key(profile), secret=lambda prompt: PASSWORD) as signer:
            issuer = Issuer(profile=PROFILES[profile], signer=signer, **options)
            return issuer.issue(source or record())

    def verify(self, data: bytes, **options: Any) -> Report:
        """The report under this world's trust."""
        return Verifier(trust=self.trust).verify(data, **options)


@cache
def world() -> World:
    """One world for all tests of a process; its files are only read."""
    return World.create()


@cache
def issued(profile: str, name: str = "scouts4green_ecological") -> Issued:
    """A credential of the shared world, made once."""
    return world().issue(profile, record(name))


PAGE = Media("image/png", b"\x89PNG\r\n\x1a\n")

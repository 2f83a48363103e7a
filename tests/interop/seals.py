"""Seals of ours for every kind of key, their test authorities, and forgeries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.encoding import b64u, unb64u
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import open_signer
from edc_issuer.keys.testpki import (
    CrlPlan,
    TestPki,
    Withdrawn,
    p256_key,
)
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.additions import add_certificate, add_crl, add_issuer
from world import NAMES, PASSWORD, RECORDS, SCHOOL, record


@dataclass(frozen=True, slots=True)
class Kind:
    """How one seal is made: whose key, which algorithm, which options."""

    key: Callable[[], PrivateKey]
    algorithm: str
    options: Mapping[str, str]


def _rsa_2048() -> PrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _rsa_3072() -> PrivateKey:
    return rsa.generate_private_key(65537, 3072)


KINDS: Mapping[str, Kind] = {
    "ES256": Kind(p256_key, "ES256", {}),
    "PS256, RSA 3072": Kind(_rsa_3072, "PS256", {}),
    "RS256, RSA 3072": Kind(_rsa_3072, "RS256", {}),
    "RS256, RSA 2048": Kind(_rsa_2048, "RS256", {}),
    "ES256, edci-1.x": Kind(p256_key, "ES256", {"layout": "edci-1.x"}),
}


@dataclass(frozen=True, slots=True)
class Authorities:
    """Fresh test authorities with one school below them, as files."""

    pki: TestPki
    folder: Path

    @classmethod
    def create(cls, key: Callable[[], PrivateKey]) -> Authorities:
        folder = Path(mkdtemp(prefix="edc-interop-"))
        pki = TestPki.create([SCHOOL], at=datetime.now(UTC), new_key=key)
        pki.write(folder, password=PASSWORD)
        return cls(pki, folder)

    @property
    def root(self) -> bytes:
        """The anchor as PEM."""
        return self.pki.root.certificate.public_bytes(Encoding.PEM)

    @property
    def crls(self) -> tuple[bytes, ...]:
        """The current lists of root and CA, as DER."""
        return tuple(crl.public_bytes(Encoding.DER) for crl in self.pki.crls)

    @property
    def crls_that_withdraw(self) -> tuple[bytes, ...]:
        """The same, but the CA has withdrawn the seal a minute ago."""
        now = datetime.now(UTC)
        serial = self.pki.seals[0].certificate.serial_number
        line = Withdrawn(serial, now - timedelta(minutes=1))
        return self._with(
            CrlPlan(now - timedelta(seconds=30), now + timedelta(days=1), (line,), 2)
        )

    @property
    def crls_that_are_stale(self) -> tuple[bytes, ...]:
        """The same, but the CA's was good for forty minutes, ten minutes ago."""
        now = datetime.now(UTC)
        plan = CrlPlan(now - timedelta(minutes=50), now - timedelta(minutes=10))
        return self._with(plan)

    def _with(self, plan: CrlPlan) -> tuple[bytes, ...]:
        """The lists at hand with another one of the CA."""
        made = self.pki.seal_ca.crl(plan)
        others = [crl for crl in self.pki.crls if crl.issuer != made.issuer]
        return tuple(crl.public_bytes(Encoding.DER) for crl in (made, *others))


@cache
def authorities() -> Mapping[str, Authorities]:
    """Those of each kind of seal."""
    return {case: Authorities.create(kind.key) for case, kind in KINDS.items()}


@cache
def seals() -> Mapping[str, bytes]:
    """One sealed credential of each kind."""
    return {case: _sealed(case) for case in KINDS}


def _sealed(case: str) -> bytes:
    kind = KINDS[case]
    key = f"file:{authorities()[case].folder / 'seal.p12'}"
    with open_signer(
        key, secret=lambda prompt: PASSWORD, algorithm=kind.algorithm
    ) as signer:
        issuer = Issuer(
            profile=PROFILES["edc-jades"],
            signer=signer,
            level=Level.B,
            files=RECORDS,
            options=kind.options,
        )
        return issuer.issue(record()).data


FORGERIES = ("forged: payload", "forged: protected", "forged: signature")


def forged(data: bytes) -> Mapping[str, bytes]:
    """One seal with one thing changed: all of `FORGERIES`."""
    whole: dict[str, Any] = json.loads(data)
    (one,) = whole["signatures"]
    header = json.loads(unb64u(one["protected"]))
    dated = "iat" if "iat" in header else "sigT"
    later = header["iat"] + 1 if dated == "iat" else "2026-01-01T00:00:00Z"
    protected = b64u(json.dumps({**header, dated: later}).encode())
    value = bytearray(unb64u(one["signature"]))
    value[40] ^= 1
    changed: tuple[dict[str, Any], ...] = (
        {**whole, "payload": whole["payload"].replace("Vzorec", "Vzorek")},
        {**whole, "signatures": [{**one, "protected": protected}]},
        {**whole, "signatures": [{**one, "signature": b64u(bytes(value))}]},
    )
    written = (json.dumps(one, ensure_ascii=False).encode() for one in changed)
    return dict(zip(FORGERIES, written, strict=True))


def trust_with(crls: Mapping[str, tuple[bytes, ...]], *, anchored: bool) -> Trust:
    """A test trust folder with these lists by kind, and their roots if anchored."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    add_issuer(folder, TrustedIssuer(SCHOOL.identifier, NAMES, test=True))
    for case, lists in crls.items():
        if anchored:
            add_certificate(folder, authorities()[case].root, test=True)
        for data in lists:
            add_crl(folder, data)
    return Trust.load(folder)

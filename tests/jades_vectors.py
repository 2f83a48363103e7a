"""Other people's seals with times and anchors to judge them by.

The vectors of the Commission's library, and the official samples of the European
Learning Model. Anchors are certificates that stand in the files themselves, because
these tests ask what a validator concludes, not whom one should trust.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509

from conftest import shared_file
from edc_issuer.cms.tokens import read_token
from edc_issuer.documents import BUNDLED
from edc_issuer.errors import EdcError
from edc_issuer.formats import open_any
from edc_issuer.formats.base import Envelope
from edc_issuer.formats.jades import seal_of
from edc_issuer.report import ProofReport, Report
from edc_issuer.trust import Anchor, Trust
from edc_issuer.verify import Verifier

MANIFEST = Path(__file__).with_suffix(".json")
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Each sample with a day soon after it was sealed, when its timestamps still held.
EDC = {
    "Sample-MC-Annex1-signed.jsonld": "2023-10-01",
    "credential-signed.jsonld": "2023-01-01",
    "json_to_seal-signed-jades-baseline-lta.json": "2022-09-01",
}
LATER = ("2025-01-01", "2026-11-20")


@dataclass(frozen=True)
class Vector:
    """One file, the time to judge it at, and the anchors of seals and timestamps."""

    data: bytes = field(repr=False)
    at: datetime
    seals: tuple[x509.Certificate, ...] = ()
    timestamps: tuple[x509.Certificate, ...] = ()

    def trust(self) -> Trust:
        """The anchors and nothing else."""
        return Trust(
            seal_anchors=tuple(map(_anchor, self.seals)),
            timestamp_anchors=tuple(map(_anchor, self.timestamps)),
        )

    def report(self) -> Report:
        """What we say."""
        return Verifier(trust=self.trust()).verify(self.data, at=self.at)


def _anchor(certificate: x509.Certificate) -> Anchor:
    return Anchor(certificate, pinned=False, source="in the file")


@cache
def vectors() -> Mapping[str, Vector]:
    """Every file at hand by its name, the time and what is trusted."""
    return dict([*_of_dss(), *_of_edc()])


def _of_dss() -> Iterator[tuple[str, Vector]]:
    folder = shared_file("samples/jades")
    for path in sorted(folder.rglob("*.json")):
        name, data = str(path.relative_to(folder)), path.read_bytes()
        yield f"{name}, today, nobody", Vector(data, TODAY)
        tops, at = roots(data), _sealed(data)
        if tops and at:
            yield f"{name}, when sealed, its own roots", Vector(data, at, tops, tops)


def _of_edc() -> Iterator[tuple[str, Vector]]:
    for name, soon in EDC.items():
        data = shared_file(f"samples/edc/{name}").read_bytes()
        seals, tops = seal_ca(data), roots(data)
        for day in (soon, *LATER):
            at = datetime.fromisoformat(f"{day}T00:00:00+00:00")
            yield f"{name}, {day}, nobody", Vector(data, at)
            yield f"{name}, {day}, its seal CA", Vector(data, at, seals)
            both = Vector(data, at, seals, tops)
            yield f"{name}, {day}, its seal CA and timestamp root", both


def seal_certificate(data: bytes) -> x509.Certificate:
    """The certificate of a file's first seal."""
    opened = _opened(data)
    assert opened is not None
    signer = opened.proofs[0].hint.certificate
    assert signer is not None
    return signer


def seal_ca(data: bytes) -> tuple[x509.Certificate, ...]:
    """The certificate in a file whose name the seal's certificate has as its issuer."""
    issuer = seal_certificate(data).issuer
    return tuple(c for c in _inside(data) if c.subject == issuer)


def roots(data: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a file that vouch for themselves."""
    return tuple(c for c in _inside(data) if c.subject == c.issuer)


def _sealed(data: bytes) -> datetime | None:
    """A day after the newest timestamp, or after the time that the signer says."""
    opened = _opened(data)
    if opened is None:
        return None
    times = [proof.claimed_at for proof in opened.proofs if proof.claimed_at]
    for proof in opened.proofs:
        for stamped in seal_of(proof).etsiu.tokens():
            if stamped.data is not None:
                times.append(read_token(stamped.data).gen_time)
    return max(times) + timedelta(days=1) if times else None


def _inside(data: bytes) -> list[x509.Certificate]:
    opened = _opened(data)
    found: dict[x509.Certificate, None] = {}
    for proof in opened.proofs if opened else ():
        found |= dict.fromkeys(
            [*proof.hint.chain, *seal_of(proof).etsiu.certificates()]
        )
    return list(found)


def _opened(data: bytes) -> Envelope | None:
    try:
        securing, envelope = open_any(data, documents=BUNDLED)
    except EdcError:
        return None
    return envelope if securing.id == "jades" else None


def manifest() -> dict[str, dict[str, Any]]:
    """What DSS said, and what we say, by the name of the vector."""
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, Any]] = read["vectors"]
    return rows


def told(report: Report) -> str:
    """The word on each seal, or why the file was refused; then our outcome."""
    if not report.proofs:
        check = report.check("format.wellformed")
        return f"refused: {check.reason}"
    return " & ".join(_word(proof) for proof in report.proofs)


def _word(proof: ProofReport) -> str:
    total = {"PASSED": "TOTAL_PASSED", "FAILED": "TOTAL_FAILED"}
    indication = total.get(proof.indication.value, proof.indication.value)
    sub = proof.sub_indication
    return indication if sub is None else f"{indication}/{sub}"


def checks(report: Report) -> str:
    """Our outcome, and what the checks of time and withdrawal say."""
    found = (report.check(name) for name in ("time.signed", "seal.revocation"))
    parts = (f"{one.id} {one.status.value} {one.reason}".strip() for one in found)
    return "; ".join([report.outcome.value, *parts])

"""Whether a seal is qualified (TS 119 615): the judge's words, ours, and the files.

The cases are those of `interop.qualified_cases`, and the official sample under the
real lists. What lists say of the certificate is told for when it was issued and for
when it sealed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from attacks.workshop import es256, sealed
from conftest import shared_file
from edc_issuer.cms.qualified import QcStatements
from edc_issuer.fetch import CLOSED
from edc_issuer.formats import jades_headers
from edc_issuer.formats.levels import Level
from edc_issuer.keys.identity import X509Identity
from edc_issuer.keys.testpki import Seal, seal_plan
from edc_issuer.report import Report
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.trust.lists.qualification import Finding, Qualification
from edc_issuer.trust.lists.update import update_lists
from edc_issuer.verify import Verifier
from interop.dss_judge import Asked
from interop.lists import LOTL, SAMPLES, World
from interop.qualified_cases import Row, Times, life, rows
from jades_vectors import roots, seal_ca, seal_certificate
from test_lists_update import URL, InMemory
from trusted_lists import ListWorld
from world import NAMES, SCHOOL

SEAL = "seal"


@cache
def _payload(times: Times) -> str:
    text: str = json.loads(life(times).sealed(times.sealed))["payload"]
    return text


@cache
def _sealed(times: Times, statements: QcStatements | None) -> tuple[bytes, Seal]:
    """A file of level LT, and its seal: also such as our issuer would refuse."""
    school, payload = life(times), _payload(times)
    school.clock.now = times.begin
    plan = replace(seal_plan(SCHOOL, times.begin), qualified=statements)
    seal = school.desk.new_seal(SCHOOL, plan=plan)
    identity = X509Identity(seal.certificate, (school.desk.seal_ca.certificate,))
    header = jades_headers.write(identity, "ES256", at=times.sealed, layout=None)
    assert isinstance(seal.key, ec.EllipticCurvePrivateKey)
    base = sealed(header, payload=payload, sign=es256(seal.key))
    school.clock.now = times.sealed
    return school.at_level(base, Level.LT), seal


def _lists(row: Row) -> ListWorld:
    # Lists of our own are due a hundred days after the day they are made for.
    at = row.at - timedelta(days=100 + row.overdue)
    return ListWorld.create(row.services(), url=URL, at=at)


def world(row: Row) -> World:
    """What the judge is given."""
    root = life(row.times).root.public_bytes(Encoding.PEM)
    asked = Asked(_sealed(row.times, row.statements)[0], (root,), (), row.at)
    lists = _lists(row)
    address = f"{URL}/{lists.territory}.xml"
    files = {address: lists.national_plan.signed(lists.operator)}
    signers = (lists.operator.certificate,)
    seals = {SEAL: asked}
    return World(files if row.has_lists else {}, address, signers, seals=seals)


def trust(row: Row) -> Trust:
    """What our verifier is given: the same root, and lists as an update keeps them."""
    root = (Anchor(life(row.times).root, False, "root.pem", test=True),)
    folder = Path(mkdtemp(prefix="edc-interop-"))
    lists = _lists(row)
    if row.has_lists:
        update_lists(
            folder,
            fetcher=InMemory(lists.files()),
            at=row.at,
            authority=lists.authority,
            test=True,
        )
    return replace(
        Trust.load(folder) if row.has_lists else Trust(test=True),
        seal_anchors=root,
        timestamp_anchors=root,
        issuers=(TrustedIssuer(SCHOOL.identifier, NAMES, test=True),),
    )


@dataclass(frozen=True)
class Answer:
    """Ours: the report, and what the lists say at both times."""

    report: Report
    found: Qualification

    @property
    def word(self) -> str:
        """In the judge's words: the seal, its certificate when issued and sealing."""
        issued, sealed = self.found.at_issuance, self.found.at_signing
        return f"{self.found.word}; {_certificate(issued)}; {_certificate(sealed)}"

    @property
    def check(self) -> str:
        check = self.report.check("seal.qualified")
        return f"{check.status} {check.reason}".strip()


def _ours(row: Row) -> Answer:
    data, seal = _sealed(row.times, row.statements)
    believed, desk = trust(row), life(row.times).desk
    path = (seal.certificate, desk.seal_ca.certificate, desk.root.certificate)
    found = believed.qualify(path, signed_at=row.times.sealed)
    return Answer(Verifier(trust=believed).verify(data, at=row.at), found)


_USES = {"eseal": "eSeal", "esign": "eSig", "web": "WSA", None: "unknown type"}


def _certificate(finding: Finding) -> str:
    if finding.is_qualified is None:
        return "N/A"
    kind = "QC" if finding.is_qualified else "Cert"
    device = " with QSCD" if finding.is_qualified and finding.qscd else ""
    return f"{kind} for {_USES[finding.use]}{device}"


# The official sample, sealed below an authority of the Spanish list


SAMPLE = "Sample-MC-Annex1-signed.jsonld"
PROVED = datetime(2023, 9, 27, 11, 54, 20, tzinfo=UTC)  # by its first timestamp
SAMPLED = {
    f"the official sample, {day}": datetime.fromisoformat(f"{day}T00:00:00+00:00")
    for day in ("2023-10-01", "2026-11-20")
}


@cache
def _sample() -> bytes:
    return shared_file(f"samples/edc/{SAMPLE}").read_bytes()


def sample_seals() -> Mapping[str, Asked]:
    """What the judge is given beside the real lists: the root of the timestamps."""
    tops = tuple(one.public_bytes(Encoding.PEM) for one in roots(_sample()))
    return {name: Asked(_sample(), tops, (), at) for name, at in SAMPLED.items()}


@cache
def _sample_trust() -> Trust:
    folder = Path(mkdtemp(prefix="edc-interop-"))
    lists = shared_file(f"{SAMPLES}/{LOTL}").parent
    fresh = SAMPLED["the official sample, 2023-10-01"]
    update_lists(
        folder, fetcher=CLOSED, at=fresh, countries=("ES",), source_folder=lists
    )
    tops = tuple(Anchor(one, False, "in the file") for one in roots(_sample()))
    return replace(Trust.load(folder), timestamp_anchors=tops)


def _ours_of_sample(name: str) -> Answer:
    believed = _sample_trust()
    path = (seal_certificate(_sample()), *seal_ca(_sample()))
    found = believed.qualify(path, signed_at=PROVED)
    return Answer(Verifier(trust=believed).verify(_sample(), at=SAMPLED[name]), found)


def names() -> tuple[str, ...]:
    """Every case that stands in the manifest."""
    return (*rows(), *SAMPLED)


def answer(name: str) -> Answer:
    """Ours of a case."""
    return _ours_of_sample(name) if name in SAMPLED else _ours(rows()[name])


def stamped(row: Row) -> str:
    """What our check of the time says where lists alone vouch for timestamps."""
    data, _ = _sealed(row.times, row.statements)
    believed = replace(trust(row), timestamp_anchors=())
    check = Verifier(trust=believed).verify(data, at=row.at).check("time.signed")
    return f"{check.status} {check.reason}".strip()


def expected(row: Mapping[str, str]) -> str:
    """Our word, which is the judge's unless the manifest says otherwise."""
    return row.get("ours") or row["dss"]


def needs_reason(dss: str, ours: Answer) -> bool:
    """Whether the manifest has to say why: another word, or a stricter check."""
    is_stricter = dss.startswith("QESeal") and ours.check != "pass"
    return is_stricter or ours.word != dss


def said(signature: Mapping[str, str]) -> str:
    """The judge's words: the seal, its certificate when issued and when sealing."""
    times = ("CERTIFICATE_ISSUANCE_TIME", "BEST_SIGNATURE_TIME")
    words = (signature.get(time, "N/A") for time in times)
    return "; ".join((signature["qualification"], *words))

"""Seals through the years: what becomes of them when things end, fail or are withdrawn.

Test authorities with a clock of their own (`TestDesk`) make each seal in 2024; then
certificates expire, are withdrawn or renewed, and everything is judged at a set time.
The keys are fresh in every run, the story is not: verdicts can be written down.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.encoding import b64, b64u, unb64, unb64u
from edc_issuer.extend import Extender, Level
from edc_issuer.fetch import Request, Response
from edc_issuer.formats.etsiu import (
    certificate_values,
    revocation_values,
    write_element,
)
from edc_issuer.formats.jades import with_elements
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.jose import PrivateKey
from edc_issuer.keys import open_signer
from edc_issuer.keys.testdesk import OCSP, TestDesk
from edc_issuer.keys.testocsp import responder_plan
from edc_issuer.keys.testpki import Authority, Plan, Seal, p256_key
from edc_issuer.keys.testtsa import TestTsa, tsa_plan
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
LEVELS = tuple(Level)


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


# Levels


def _rsa_3072() -> PrivateKey:
    return rsa.generate_private_key(65537, 3072)


def _p384() -> PrivateKey:
    return ec.generate_private_key(ec.SECP384R1())


KEYS: Mapping[str, tuple[Callable[[], PrivateKey], str, Mapping[str, str]]] = {
    "ES256": (p256_key, "ES256", {}),
    "ES384": (_p384, "ES384", {}),
    "PS256": (_rsa_3072, "PS256", {}),
    "RS256": (_rsa_3072, "RS256", {}),
    "edci-1.x": (p256_key, "ES256", {"profile": "edci-1.x"}),
}
# Since July 2025 the standard wants `iat`; what was sealed before may have `sigT`.
DATES = {
    "2024": SEALED,
    "2026": datetime(2026, 6, 1, 12, tzinfo=UTC),
}


@cache
def levels() -> Mapping[str, Case]:
    """Every level we write, by kind of key, layout and serialization."""
    return {name: case for key in KEYS for name, case in _levels_of(key)}


def _levels_of(key: str) -> Iterator[tuple[str, Case]]:
    make, algorithm, options = KEYS[key]
    years = ["2026"] if key != "edci-1.x" else ["2024", "2026"]
    for year in years:
        at = DATES[year]
        life = Life.start(at - 90 * DAY)
        seal = life.desk.new_seal(SCHOOL, key=make)
        base = life.sealed(at, seal=seal, algorithm=algorithm, **options)
        for serialization, sealed in (("general", base), ("flattened", flat(base))):
            for level in LEVELS:
                data = life.at_level(sealed, level, options.get("profile"))
                case = Case(data, at + DAY, (life.root,))
                yield f"{key}, {year}, {serialization}, {level}", case


def flat(data: bytes) -> bytes:
    """The flattened serialization of a file with one seal (RFC 7515, 7.2.2)."""
    whole = json.loads(data)
    (seal,) = whole.pop("signatures")
    return _written({**whole, **seal})


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# Changes


def seal_in(data: bytes) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(data)
    (seal,) = whole["signatures"]
    found: dict[str, Any] = seal
    return found


def etsiu_of(data: bytes) -> list[dict[str, Any]]:
    """What stands in `etsiU`, in either serialization."""
    whole = json.loads(data)
    seal = whole["signatures"][0] if "signatures" in whole else whole
    return [json.loads(unb64u(one)) for one in seal.get("header", {}).get("etsiU", [])]


def with_etsiu(data: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    """The file with another `etsiU`."""
    whole = json.loads(data)
    (seal,) = whole["signatures"]
    seal["header"]["etsiU"] = change(seal["header"]["etsiU"])
    return _written(whole)


def name_of(element: str) -> str:
    (name,) = json.loads(unb64u(element))
    return str(name)


def with_element(
    data: bytes, name: str, change: Callable[[Any], Any], *, last: bool = False
) -> bytes:
    """The file with the value of the first (or last) element of a name changed."""

    def changed(elements: list[str]) -> list[str]:
        places = [i for i, one in enumerate(elements) if name_of(one) == name]
        place = places[-1 if last else 0]
        value = json.loads(unb64u(elements[place]))[name]
        elements[place] = write_element(name, change(value))
        return elements

    return with_etsiu(data, changed)


def without(data: bytes, *names: str) -> bytes:
    """The file without the elements of these names."""
    return with_etsiu(data, lambda all_: [e for e in all_ if name_of(e) not in names])


def _other_payload(data: bytes) -> bytes:
    whole = json.loads(data)
    changed = whole["payload"].replace("Vzorec", "Vzorek")
    assert changed != whole["payload"]
    return _written({**whole, "payload": changed})


def _bent(container: Any) -> Any:
    """A token with one bit of its signature turned."""
    token = bytearray(unb64(container["tstTokens"][0]["val"]))
    token[-3] ^= 1
    return {"tstTokens": [{"val": b64(bytes(token))}]}


def _element_of(data: bytes, name: str, *, last: bool = False) -> Any:
    found = [
        json.loads(unb64u(one))[name]
        for one in seal_in(data)["header"]["etsiU"]
        if name_of(one) == name
    ]
    return found[-1 if last else 0]


def _swapped(elements: list[str]) -> list[str]:
    """xVals and rVals in the other order."""
    return [elements[0], elements[2], elements[1], *elements[3:]]


TAMPERED: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "payload": lambda data, other: _other_payload(data),
    "sigTst: a bit of its signature": lambda data, other: with_element(
        data, "sigTst", _bent
    ),
    "sigTst: that of another seal": lambda data, other: with_element(
        data, "sigTst", lambda value: _element_of(other, "sigTst")
    ),
    "arcTst: a bit of its signature": lambda data, other: with_element(
        data, "arcTst", _bent
    ),
    "arcTst: that of another seal": lambda data, other: with_element(
        data, "arcTst", lambda value: _element_of(other, "arcTst")
    ),
    "xVals: a certificate less": lambda data, other: with_element(
        data, "xVals", lambda value: value[:-1]
    ),
    "xVals: the same, written with spaces": lambda data, other: with_etsiu(
        data,
        lambda all_: [
            b64u(json.dumps(json.loads(unb64u(one)), indent=1).encode())
            if name_of(one) == "xVals"
            else one
            for one in all_
        ],
    ),
    "xVals and rVals swapped": lambda data, other: with_etsiu(data, _swapped),
    "tstVD: taken out": lambda data, other: without(data, "tstVD"),
}


# Stories


@cache
def stories() -> Mapping[str, Case]:
    """Every scenario, by its name."""
    told = (
        _lasting,
        _withdrawn_later,
        _withdrawn_before,
        _unknown_authority,
        _authority_expired,
        _renewed,
        _authority_withdrawn,
        _seal_ca_withdrawn,
        _tampered,
        _missing,
        _stale,
        _responder_expired,
        _responder_of_timestamps_expired,
    )
    return {name: case for tell in told for name, case in tell()}


def _short_responder() -> Plan:
    return replace(responder_plan(BEGIN), not_after=BEGIN + YEAR)


def _each_level(life: Life) -> Mapping[Level, bytes]:
    base = life.sealed()
    return {level: life.at_level(base, level) for level in LEVELS}


def _lasting() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    for level, data in _each_level(life).items():
        yield f"all valid: {level}", life.case(data, SOON)
        yield f"seal expired: {level}", life.case(data, LATE)


def _withdrawn_later() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    files = _each_level(life)
    life.desk.withdraw(life.desk.seals[0].certificate, at=SEALED + 10 * DAY)
    for level, data in files.items():
        soon, late = SEALED + 20 * DAY, LATE
        yield f"withdrawn later: {level}", life.case(data, soon, lists=True)
        yield f"withdrawn later, expired: {level}", life.case(data, late, lists=True)
        told = replace(life.case(data, soon, lists=True), at=late)
        yield f"withdrawn later, told then, expired: {level}", told


def _withdrawn_before() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    files = _each_level(life)
    life.desk.withdraw(life.desk.seals[0].certificate, at=SEALED - 10 * DAY)
    for level, data in files.items():
        soon, late = SEALED + 20 * DAY, LATE
        yield f"withdrawn before: {level}", life.case(data, soon, lists=True)
        yield f"withdrawn before, expired: {level}", life.case(data, late, lists=True)
        told = replace(life.case(data, soon, lists=True), at=late)
        yield f"withdrawn before, told then, expired: {level}", told


def _unknown_authority() -> Iterator[tuple[str, Case]]:
    """The timestamps come from below a root that nobody trusts."""
    life = Life.start()
    life.stamping = TestDesk.create([], clock=life.clock)
    base = life.sealed()
    stamped = life.at_level(base, Level.T)
    found = with_values(life, stamped)
    yield "unknown authority: T", life.case(stamped, SOON)
    yield "unknown authority: LT", life.case(found, SOON)
    yield "unknown authority, expired: LT", life.case(found, LATE)
    life.desk.withdraw(life.desk.seals[0].certificate, at=SEALED + 10 * DAY)
    soon = SEALED + 20 * DAY
    yield "unknown authority, withdrawn later: LT", life.case(found, soon, lists=True)


def with_values(life: Life, data: bytes, *, at: datetime | None = None) -> bytes:
    """`xVals` and `rVals` of the seal as the authorities make them at a time."""
    before, life.clock.now = life.clock.now, at or life.clock.now
    desk = life.desk
    lists = (desk.crl(desk.root), desk.crl(desk.seal_ca))
    life.clock.now = before
    known = (desk.seal_ca.certificate, desk.root.certificate)
    values = {
        "xVals": certificate_values(c.public_bytes(Encoding.DER) for c in known),
        "rVals": revocation_values(lists, ()),
    }
    elements = [write_element(name, values[name]) for name in values]
    return with_elements(data, 0, elements)


def _short_tsa() -> Plan:
    return replace(tsa_plan(BEGIN), not_after=BEGIN + YEAR)


def _authority_expired() -> Iterator[tuple[str, Case]]:
    life = Life.start(tsa=_short_tsa())
    for level, data in _each_level(life).items():
        between = BEGIN + YEAR + 60 * DAY  # the seal is still valid
        yield f"timestamps expired: {level}", life.case(data, between)
        yield f"timestamps and seal expired: {level}", life.case(data, LATE)


def _renewed() -> Iterator[tuple[str, Case]]:
    life = Life.start(tsa=_short_tsa())
    archived = life.at_level(life.sealed(), Level.LTA)
    life.clock.now = BEGIN + YEAR - 30 * DAY
    life.desk.another_tsa(
        plan=replace(tsa_plan(life.clock.now, name="TSA 2"), not_after=LATE + YEAR)
    )
    renewed = life.renewed(archived, life.clock.now)
    yield "renewed by a second authority", life.case(renewed, LATE)
    yield "renewed: before the first ended", life.case(renewed, BEGIN + YEAR - 10 * DAY)
    broken = with_element(renewed, "arcTst", _bent, last=True)
    yield "renewed: the renewal damaged", life.case(broken, LATE)
    broken = with_element(renewed, "arcTst", _bent)
    yield "renewed: the first archive timestamp damaged", life.case(broken, LATE)
    life.desk.withdraw(life.desk.seals[0].certificate, at=LATE - 300 * DAY)
    yield "renewed: then withdrawn", life.case(renewed, LATE, lists=True)


def _authority_withdrawn() -> Iterator[tuple[str, Case]]:
    """The timestamp authority is withdrawn half a year later."""
    life = Life.start()
    files = _each_level(life)
    life.desk.withdraw(life.desk.tsa.authority.certificate, at=SEALED + 180 * DAY)
    for level, data in files.items():
        if level is not Level.B:
            soon, late = SEALED + 200 * DAY, LATE
            told = life.case(data, soon, lists=True)
            yield f"timestamp authority withdrawn: {level}", told
            told = life.case(data, late, lists=True)
            yield f"timestamp authority withdrawn, seal expired: {level}", told


def _seal_ca_withdrawn() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    files = _each_level(life)
    life.desk.withdraw(life.desk.seal_ca.certificate, at=SEALED + 180 * DAY)
    for level, data in files.items():
        told = life.case(data, SEALED + 200 * DAY, lists=True)
        yield f"seal authority withdrawn later: {level}", told


def _tampered() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    data = life.at_level(life.sealed(), Level.LTA)
    other = life.at_level(life.sealed(SEALED + timedelta(minutes=1)), Level.LTA)
    for name, change in TAMPERED.items():
        broken = change(data, other)
        yield f"tampered, {name}", life.case(broken, SEALED + 2 * DAY)
        yield f"tampered, expired, {name}", life.case(broken, LATE)


def _missing() -> Iterator[tuple[str, Case]]:
    life = Life.start()
    files = _each_level(life)
    for level, name in ((Level.LT, "LT"), (Level.LTA, "LTA")):
        data = without(files[level], "rVals")
        yield f"no answers about the seal: {name}", life.case(data, SOON)
        yield f"no answers about the seal, expired: {name}", life.case(data, LATE)
    data = without(files[Level.LT], "tstVD")
    yield "no answers about the timestamps: LT", life.case(data, SOON)
    yield "no answers about the timestamps, expired: LT", life.case(data, LATE)


def _stale() -> Iterator[tuple[str, Case]]:
    """Lists of three months before the seal, good for a week."""
    life = Life.start()
    stamped = life.at_level(life.sealed(), Level.T)
    fresh = revocation_values([life.desk.crl(life.desk.root)], ())
    data = with_values(life, stamped, at=BEGIN + DAY)
    yield "all lists of long before: LT", life.case(data, SOON)
    yield "all lists of long before, expired: LT", life.case(data, LATE)
    data = with_elements(data, 0, [write_element("tstVD", {"rVals": fresh})])
    yield "lists of the seal of long before: LT", life.case(data, SOON)
    yield "lists of the seal of long before, expired: LT", life.case(data, LATE)


def _responder_expired() -> Iterator[tuple[str, Case]]:
    """The OCSP responder's certificate ends a year before the seal's."""
    life = Life.start(responder=_short_responder())
    for level, data in _each_level(life).items():
        if level.rank >= Level.LT.rank:
            yield f"responder expired: {level}", life.case(data, SEALED + 300 * DAY)
            yield f"responder and seal expired: {level}", life.case(data, LATE)


def _responder_of_timestamps_expired() -> Iterator[tuple[str, Case]]:
    """The timestamp authority is one that a responder answers for."""
    life = Life.start(responder=_short_responder())
    desk = life.desk
    plan = replace(tsa_plan(BEGIN), not_after=LATE + YEAR, ocsp_address=OCSP)
    key = p256_key()
    made = desk.seal_ca.issue(plan, key.public_key(), serial=77)
    desk.tsa = TestTsa(Authority(made, key))
    desk.seals.append(Seal(SCHOOL, made, key))  # so that the responder knows it
    for level, data in _each_level(life).items():
        if level.rank >= Level.LT.rank:
            valid = SEALED + 300 * DAY
            yield f"responder of timestamps expired: {level}", life.case(data, valid)
            yield (
                f"responder of timestamps and seal expired: {level}",
                life.case(data, LATE),
            )

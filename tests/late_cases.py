"""Seals of every level, and what becomes of them: expired, withdrawn, renewed, damaged.

Each case is a file with a time and the evidence to judge it by (`late_life`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.formats.etsiu import (
    certificate_values,
    revocation_values,
    write_element,
)
from edc_issuer.formats.jades import with_elements
from edc_issuer.formats.levels import Level
from edc_issuer.jose import PrivateKey
from edc_issuer.keys.testdesk import OCSP, TestDesk
from edc_issuer.keys.testocsp import responder_plan
from edc_issuer.keys.testpki import Authority, Plan, Seal, p256_key
from edc_issuer.keys.testtsa import TestTsa, tsa_plan
from late_changes import TAMPERED, bent, flat, with_element, without
from late_life import BEGIN, DAY, LATE, SEALED, SOON, YEAR, Case, Life
from world import SCHOOL

LEVELS = tuple(Level)


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
    "edci-1.x": (p256_key, "ES256", {"layout": "edci-1.x"}),
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
                data = life.at_level(sealed, level, options.get("layout"))
                case = Case(data, at + DAY, (life.root,))
                yield f"{key}, {year}, {serialization}, {level}", case


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
    broken = with_element(renewed, "arcTst", bent, last=True)
    yield "renewed: the renewal damaged", life.case(broken, LATE)
    broken = with_element(renewed, "arcTst", bent)
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

"""What somebody adds to a seal, to make good of bad or bad of good: found by attack.

Each forgery stands beside its PASSED twin, each vandalism beside what it damages.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from edc_issuer.encoding import b64
from edc_issuer.keys.testdesk import OCSP, ROOT_CRL
from edc_issuer.keys.testpki import (
    Authority,
    CrlPlan,
    Withdrawn,
    p256_key,
    seal_ca_plan,
    seal_plan,
)
from edc_issuer.keys.testtsa import over, timestamp_token
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.verify import Verifier
from test_late import answer, by_hand, lately
from world import SCHOOL
from years import (
    EXPIRED,
    MADE,
    SEALED,
    SOON,
    Years,
    day,
    der,
    seals,
    stored,
    with_etsiu,
    years,
)


def lists(*crls: bytes) -> str:
    return stored({"rVals": {"crlVals": [{"val": b64(crl)} for crl in crls]}})


def certificates(*found: Any) -> str:
    return stored({"xVals": [{"x509Cert": {"val": b64(der(one))}} for one in found]})


def with_unprotected(data: bytes, *elements: str) -> bytes:
    """The file with elements added to a seal that has none."""
    whole = json.loads(data)
    whole["signatures"][0]["header"] = {"etsiU": list(elements)}
    return json.dumps(whole, ensure_ascii=False).encode()


def online(world: Years, data: bytes) -> Report:
    world.desk.requests.clear()
    return Verifier(trust=world.trust, fetcher=world.desk).verify(data)


# Asking cannot be switched off by the file


def test_good_news_in_the_file_spares_no_question() -> None:
    world, data = lately()
    old = [world.desk.crl(world.desk.root), world.desk.crl(world.desk.seal_ca)]
    forged = with_unprotected(data, lists(*old))
    assert online(world, forged).outcome is Outcome.PASSED
    world.desk.withdraw(world.desk.seals[0].certificate)

    report = online(world, forged)

    assert {OCSP, ROOT_CRL} <= {line["url"] for line in report.fetched}
    assert answer(report, "seal.revocation") == ("undecided", "REVOKED_NO_POE")


def test_whoever_confirms_the_time_is_asked_about_as_well() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    world = Years.create(made=now - timedelta(days=400))
    data = world.seal("LT", at=now - timedelta(days=100))
    world.clock.now = now
    assert online(world, data).check("time.signed").status is Status.PASS
    world.desk.withdraw(world.desk.tsa.authority.certificate)

    report = online(world, data)

    assert answer(report, "time.signed") == ("warn", "tsa-withdrawn")


def test_no_address_below_somebody_elses_seal_is_asked() -> None:
    """A certificate that a school "issued" with its seal names any host it likes."""
    world, _ = lately()
    holder = world.desk.seals[0]
    plan = replace(seal_plan(SCHOOL, world.clock.now), ocsp_address="http://x.example/")
    key = p256_key()
    made = Authority(holder.certificate, holder.key).issue(
        plan, key.public_key(), serial=99
    )
    world.desk.seals.append(replace(holder, certificate=made, key=key))
    data = by_hand(world, world.clock.now)
    chain = certificates(holder.certificate, world.desk.seal_ca.certificate)

    report = online(world, with_unprotected(data, chain))

    assert report.outcome is Outcome.INDETERMINATE
    assert report.fetched == ()


def test_nobody_is_asked_about_a_broken_seal() -> None:
    world, data = lately()
    assert online(world, data).fetched

    report = online(world, data.replace(b"Vzorec", b"Vzorek"))

    assert report.outcome is Outcome.FAILED
    assert report.fetched == ()


# Vandals: what a third party adds to a genuine diploma


def test_a_time_at_the_end_of_the_calendar_stops_nothing() -> None:
    world = years()
    tsa = world.desk.tsa.authority
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    plan = over(b"", replace(token_plan(), gen_time=end, accuracy=timedelta(days=300)))
    token = timestamp_token(tsa, plan)
    junk = stored({"sigTst": {"tstTokens": [{"val": b64(token)}]}})

    report = world.verify(with_etsiu(seals("LT"), lambda own: [*own, junk]), SOON)

    assert report.outcome is Outcome.PASSED


def token_plan() -> Any:
    from tsa import plan

    return plan(b"")


def test_a_hold_that_was_lifted_before_the_seal_was_made_is_no_fault() -> None:
    world = Years.create()
    data = world.seal("LT")
    serial = world.desk.seals[0].certificate.serial_number
    line = Withdrawn(serial, day("2020-04-01"), reason="certificateHold")
    plan = CrlPlan(day("2020-04-02"), day("2020-04-09"), (line,))
    old = world.desk.seal_ca.crl(plan).public_bytes(Encoding.DER)
    update = SEALED + timedelta(hours=2)
    still = replace(plan, this_update=update, next_update=update + timedelta(days=7))
    later = world.desk.seal_ca.crl(still).public_bytes(Encoding.DER)

    assert world.verify(data, SOON).outcome is Outcome.PASSED
    assert world.verify(data, SOON, evidence=[old]).outcome is Outcome.PASSED
    report = world.verify(data, SOON, evidence=[later])
    assert answer(report, "seal.revocation") == ("fail", "revoked")


def test_an_old_certificate_of_the_authority_withdraws_nothing_of_the_new() -> None:
    world = Years.create()
    data = world.seal("LT")
    ca = world.desk.seal_ca
    old = world.desk.root.issue(seal_ca_plan(MADE), ca.key.public_key(), serial=4711)
    world.desk.withdrawn.append(Withdrawn(4711, day("2020-04-01")))
    world.clock.now = SEALED
    added = [certificates(old), lists(world.desk.crl(world.desk.root))]

    for order in (lambda own: [*added, *own], lambda own: [*own, *added]):
        assert world.verify(with_etsiu(data, order), SOON).outcome is Outcome.PASSED
    # Where it is the only one above the seal, it counts.
    world.desk.withdraw(ca.certificate, at=day("2020-04-01"))
    report = world.verify(data, SOON, evidence=world.crls(SEALED)[:1])
    assert report.check("seal.revocation").status is not Status.PASS


def test_hundreds_of_strangers_in_a_file_are_not_all_tried() -> None:
    """The work is bounded by counting: what is beyond is left out, not read."""
    world = years()
    key = p256_key()
    crowd = [
        world.desk.root.issue(seal_ca_plan(MADE), key.public_key(), serial=n)
        for n in range(1, 300)
    ]
    crowded = with_etsiu(seals("LT"), lambda own: [*own, certificates(*crowd)])

    report = world.verify(crowded, EXPIRED)

    assert report.outcome is Outcome.PASSED

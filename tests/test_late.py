"""Seals judged years later: what timestamps, and what was collected then, prove.

The law of verdicts, parts 2, 6, 8 and 9; ETSI EN 319 102-1 clauses 5.5 and 5.6.
Every forgery and every gap stands beside its PASSED twin.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import rounds
from edc_issuer import jose
from edc_issuer.draft import draft
from edc_issuer.encoding import b64, unb64
from edc_issuer.errors import ConfigError
from edc_issuer.formats.base import Signing
from edc_issuer.formats.jades import JADES
from edc_issuer.formats.levels import Level
from edc_issuer.keys import X509Identity
from edc_issuer.keys.testdesk import OCSP, ROOT_CRL, TSA
from edc_issuer.keys.testocsp import responder_plan
from edc_issuer.keys.testpki import p256_key, seal_plan
from edc_issuer.keys.testtsa import TokenPlan, tsa_plan
from edc_issuer.models.elm import ELM
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.trust import Trust, algorithms
from edc_issuer.verify import Verifier
from world import RECORDS, SCHOOL
from years import (
    EXPIRED,
    GONE,
    MADE,
    SEALED,
    SOON,
    Years,
    day,
    elements,
    named,
    old_record,
    opened,
    seals,
    stored,
    with_etsiu,
    without_timestamp_anchors,
    years,
)

LT, LTA = Level.LT, Level.LTA


def ended_in(year: int) -> tuple[tuple[str, date | None], ...]:
    """The table of hashes with an end of SHA-256."""
    rows = dict(algorithms._DIGESTS) | {"sha256": date(year, 1, 1)}
    return tuple(rows.items())


def newly_certified(**dates: Any) -> Years:
    """A school with another certificate, valid at other times."""
    world = Years.create()
    plan = replace(seal_plan(SCHOOL, MADE), **dates)
    world.desk.new_seal(SCHOOL, plan=plan)
    return world


def stamped(world: Years, at: datetime) -> bytes:
    """A seal by the newest certificate with a timestamp, whatever its dates say."""
    data = by_hand(world, at)
    world.clock.now = at
    return world.extender.extend(data, level=Level.T, at=at)


def by_hand(world: Years, at: Any) -> bytes:
    """What `issue` would refuse to seal with a certificate out of its time."""
    seal = world.desk.seals[-1]
    identity = X509Identity(seal.certificate, (world.desk.seal_ca.certificate,))
    built = draft(
        old_record(),
        ELM,
        at=at,
        credential_id="urn:credential:5f0c8a52-3c1f-5a8e-9d37-0d3c53c1a001",
        files=RECORDS,
    )
    pending = JADES.prepare(built.credential, Signing(identity, "ES256", at=at))
    return JADES.attach(pending, jose.sign("ES256", seal.key, pending.to_be_signed))


def answer(report: Report, check: str) -> tuple[str, str]:
    found = report.check(check)
    return found.status.value, found.reason


def word(report: Report) -> tuple[str, str | None]:
    [proof] = report.proofs
    return proof.indication.value, proof.sub_indication


# What each level is good for


@pytest.mark.parametrize(
    ("level", "soon", "expired", "gone"),
    [
        ("B", "INDETERMINATE", "INDETERMINATE", "INDETERMINATE"),
        ("T", "INDETERMINATE", "INDETERMINATE", "INDETERMINATE"),
        ("LT", "PASSED", "PASSED", "INDETERMINATE"),
        ("LTA", "PASSED", "PASSED", "INDETERMINATE"),
    ],
)
def test_each_level_lasts_as_long_as_it_promises(
    level: str, soon: str, expired: str, gone: str
) -> None:
    data = seals(level)

    said = [years().verify(data, at).outcome.value for at in (SOON, EXPIRED, GONE)]

    assert said == [soon, expired, gone]


def test_a_renewed_seal_outlives_its_authorities() -> None:
    world = Years.create()
    data = world.seal("LTA")
    world.clock.now = day("2024-12-01")
    world.desk.another_tsa()

    renewed = world.renew(data, at=day("2024-12-01"))

    assert elements(renewed)[: len(elements(data))] == elements(data)
    assert world.verify(data, GONE).outcome is Outcome.INDETERMINATE
    report = world.verify(renewed, GONE)
    assert report.outcome is Outcome.PASSED
    assert report.check("time.signed").evidence["time"] == SEALED.isoformat()


def test_a_seal_dated_in_the_future_is_told() -> None:
    world, _ = lately()
    data = world.seal("B", at=world.clock.now + timedelta(days=2))

    report = Verifier(trust=world.trust).verify(data)

    assert answer(report, "time.signed") == ("warn", "future-time")


def test_a_list_at_hand_makes_up_for_what_a_seal_of_level_b_does_not_hold() -> None:
    lists = years().crls(SOON)

    assert years().verify(seals("B"), SOON).outcome is Outcome.INDETERMINATE
    report = years().verify(seals("B"), SOON, evidence=lists)
    assert report.outcome is Outcome.PASSED
    assert answer(report, "time.signed") == ("warn", "claimed-only")


# Part 2: the time of sealing, and who says so


def test_a_timestamp_of_a_trusted_authority_proves_the_time() -> None:
    report = years().verify(seals("LT"), SOON)

    assert answer(report, "time.signed") == ("pass", "")
    evidence = report.check("time.signed").evidence
    assert evidence["time"] == SEALED.isoformat()
    assert "EDC Test TSA" in evidence["authority"]
    assert evidence["until"].startswith("2025-02")


def test_a_timestamp_of_an_unknown_authority_proves_no_time() -> None:
    unknown = without_timestamp_anchors(years().trust)

    assert years().verify(seals("LT"), EXPIRED).outcome is Outcome.PASSED
    report = years().verify(seals("LT"), EXPIRED, trust=unknown)

    assert answer(report, "time.signed") == ("warn", "untrusted-tsa")
    assert answer(report, "seal.certificate") == ("undecided", "OUT_OF_BOUNDS_NO_POE")


def test_a_time_that_only_a_test_authority_proves_makes_the_report_a_test() -> None:
    trust = years().trust
    real = [replace(anchor, test=False) for anchor in trust.seal_anchors]
    listed = [replace(issuer, test=False) for issuer in trust.issuers]
    mixed = replace(trust, seal_anchors=tuple(real), issuers=tuple(listed), test=False)
    all_real = replace(
        mixed,
        timestamp_anchors=tuple(
            replace(a, test=False) for a in trust.timestamp_anchors
        ),
    )

    assert not forgiving(all_real).test
    assert forgiving(mixed).test


def forgiving(trust: Trust) -> Report:
    return years().verify(seals("LT"), SOON, trust=trust)


def test_what_the_signer_says_of_the_time_proves_none() -> None:
    report = years().verify(seals("B"), EXPIRED, evidence=years().crls(SOON))

    assert answer(report, "time.signed") == ("warn", "claimed-only")
    assert report.check("seal.certificate").status is Status.UNDECIDED


def test_a_coarse_clock_proves_its_latest_time() -> None:
    def coarse(plan: TokenPlan) -> TokenPlan:
        return replace(plan, accuracy=timedelta(minutes=4))

    world = Years.create()
    world.desk.tsa = replace(world.desk.tsa, change=coarse)

    report = world.verify(world.seal("LT"), SOON)

    assert report.outcome is Outcome.PASSED
    latest = SEALED + timedelta(minutes=4)
    assert report.check("time.signed").evidence["time"] == latest.isoformat()


def test_a_certificate_of_the_same_number_put_first_is_not_the_authority() -> None:
    world = Years.create()
    true = world.desk.tsa.authority
    plan = tsa_plan(MADE)
    twin = world.desk.root.issue(
        plan, p256_key().public_key(), serial=true.certificate.serial_number
    )
    world.desk.tsa = replace(world.desk.tsa, change=partial(put_first, twin))

    data = world.seal("LTA")

    assert world.verify(data, EXPIRED).outcome is Outcome.PASSED


def put_first(twin: Any, plan: TokenPlan) -> TokenPlan:
    return replace(plan, certificates=(twin, *plan.certificates))


def test_a_timestamp_of_another_seal_proves_nothing_here() -> None:
    other = [elements(years().seal("T"))[0]]
    forged = with_etsiu(seals("LT"), lambda own: other + own[1:])

    assert years().verify(seals("LT"), EXPIRED).outcome is Outcome.PASSED
    report = years().verify(forged, EXPIRED)

    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "time.signed") == ("warn", "broken")
    # It was added later, so that the seal itself is none the worse for it.
    assert report.check("proof.integrity").status is Status.PASS
    assert years().verify(forged, SOON).outcome is Outcome.PASSED


def test_a_time_that_the_signer_gives_after_the_timestamp_is_told() -> None:
    world = Years.create()
    world.clock.now = SEALED
    late = world.seal("B", at=SEALED + timedelta(days=2))
    world.clock.now = SEALED
    data = world.extender.extend(late, level=LT, at=SEALED)

    report = world.verify(data, SOON + timedelta(days=1))

    assert answer(report, "time.signed") == ("warn", "claimed-later")


def test_a_short_lived_responder_ends_what_no_archive_timestamp_covers() -> None:
    brief = replace(responder_plan(MADE), not_after=day("2021-03-01"))
    world = Years.create(responder=brief)
    bare, archived = world.seal("LT"), world.seal("LTA")

    def until(data: bytes, at: datetime) -> str:
        evidence = world.verify(data, at).check("time.signed").evidence
        return str(evidence["until"])[:7]

    assert (until(bare, SOON), until(archived, SOON)) == ("2021-03", "2025-02")
    # As was told: the one needs a list or an answer again, the other does not.
    assert world.verify(bare, SOON).outcome is Outcome.PASSED
    assert world.verify(bare, EXPIRED).outcome is Outcome.INDETERMINATE
    assert world.verify(archived, EXPIRED).outcome is Outcome.PASSED


def test_the_end_of_a_proof_is_told_before_it_comes() -> None:
    assert answer(years().verify(seals("LTA"), day("2024-10-01")), "time.signed") == (
        "pass",
        "",
    )
    report = years().verify(seals("LTA"), day("2025-01-15"))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "time.signed") == ("warn", "renew-soon")


# Part 8: withdrawn before, withdrawn after


def test_a_seal_made_before_the_withdrawal_stays_good_where_that_is_proved() -> None:
    world = Years.create()
    proved, unproved = world.seal("LT"), world.seal("B")
    world.desk.withdraw(world.desk.seals[0].certificate, at=day("2020-09-01"))
    lists = [*world.crls(SOON), *world.crls(day("2021-01-01"))]

    report = world.verify(proved, day("2021-01-02"), evidence=lists)
    assert report.outcome is Outcome.PASSED
    assert word(report) == ("PASSED", None)
    report = world.verify(unproved, day("2021-01-02"), evidence=lists)
    assert answer(report, "seal.revocation") == ("undecided", "REVOKED_NO_POE")


def test_a_seal_made_after_the_withdrawal_is_a_fail() -> None:
    world = Years.create()
    data = world.seal("LT")  # what was collected then did not know it yet
    honest = world.crls(day("2020-07-01"))
    world.desk.withdraw(world.desk.seals[0].certificate, at=day("2020-05-20"))
    lists = world.crls(day("2020-07-01"))

    assert world.verify(data, day("2020-07-02"), evidence=honest).outcome is (
        Outcome.PASSED
    )
    report = world.verify(data, day("2020-07-02"), evidence=lists)

    assert answer(report, "seal.revocation") == ("fail", "revoked")
    assert report.outcome is Outcome.FAILED


def test_a_key_that_was_broken_before_it_sealed_proves_nothing() -> None:
    world = Years.create()
    data = world.seal("LTA")
    honest = world.crls(day("2021-01-01"))
    world.desk.withdraw(
        world.desk.seals[0].certificate,
        at=day("2020-09-01"),
        invalid_since=day("2020-05-20"),
    )
    lists = world.crls(day("2021-01-01"))

    assert world.verify(data, EXPIRED, evidence=honest).outcome is Outcome.PASSED
    report = world.verify(data, EXPIRED, evidence=lists)

    assert answer(report, "seal.revocation") == ("undecided", "compromised-before")


def test_a_withdrawn_ca_is_believed_for_what_is_proved_to_be_older() -> None:
    world = Years.create()
    plain, archived = world.seal("LT"), world.seal("LTA")
    world.desk.withdraw(world.desk.seal_ca.certificate, at=day("2021-02-01"))
    lists = world.crls(day("2021-06-01"))[:1]

    at = day("2021-06-02")
    assert world.verify(plain, at).outcome is Outcome.PASSED
    assert world.verify(archived, at, evidence=lists).outcome is Outcome.PASSED
    report = world.verify(plain, at, evidence=lists)
    assert answer(report, "seal.revocation") == ("undecided", "REVOKED_CA_NO_POE")


def test_a_withdrawn_timestamp_authority_proves_only_what_a_later_one_confirms() -> (
    None
):
    world = Years.create()
    data = world.seal("LTA")
    first = world.desk.tsa.authority.certificate
    world.desk.another_tsa()
    renewed = world.renew(data, at=day("2020-08-01"))
    world.desk.withdraw(first, at=day("2020-10-01"))
    lists = world.crls(day("2021-06-01"))

    at = EXPIRED
    assert world.verify(data, at).outcome is Outcome.PASSED
    assert world.verify(renewed, at, evidence=lists).outcome is Outcome.PASSED
    report = world.verify(data, at, evidence=lists)
    assert answer(report, "time.signed") == ("warn", "tsa-withdrawn")
    assert report.outcome is Outcome.INDETERMINATE


def test_a_timestamp_authority_about_which_nothing_is_known_proves_nothing() -> None:
    unknown = with_etsiu(seals("LT"), lambda own: own[:2])

    assert named(unknown) == ["sigTst", "xVals"]
    assert years().verify(seals("LT"), EXPIRED).outcome is Outcome.PASSED
    report = years().verify(unknown, EXPIRED)

    assert answer(report, "time.signed") == ("warn", "tsa-unchecked")
    assert report.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("level", "at", "complaint"),
    [("LTX", SEALED, "no level 'LTX'"), ("LT", datetime(2020, 6, 1), "no zone")],
)
def test_what_cannot_be_meant_is_a_fault_of_the_setup(
    level: str, at: datetime, complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        years().extender.extend(seals("B"), level=level, at=at)


def test_a_seal_withdrawn_while_it_is_made_is_not_made() -> None:
    world = Years.create()
    data = world.seal("B")
    moment = SEALED + timedelta(seconds=1)  # after the timestamp, before the answer
    world.desk.withdraw(world.desk.seals[0].certificate, at=moment)

    with pytest.raises(ConfigError, match="withdrawn"):
        world.extender.extend(data, level=LT, at=SEALED)


def test_nothing_is_written_for_a_certificate_that_is_withdrawn() -> None:
    world = Years.create()
    data = world.seal("B")
    world.desk.withdraw(world.desk.seals[0].certificate, at=day("2020-05-20"))
    world.clock.now = SEALED

    with pytest.raises(ConfigError, match="withdrawn"):
        world.extender.extend(data, level=LT, at=SEALED)


# Certificates out of their time (row 52)


def test_a_certificate_that_had_expired_before_it_sealed_is_undecided() -> None:
    world = newly_certified(not_after=day("2020-09-01"))
    honest, late = stamped(world, SEALED), stamped(world, day("2020-12-01"))
    lists = [*world.crls(SEALED), *world.crls(day("2020-12-01"))]

    assert world.verify(honest, EXPIRED, evidence=lists).outcome is Outcome.PASSED
    report = world.verify(late, EXPIRED, evidence=lists)

    assert answer(report, "time.signed")[0] == "pass"
    assert answer(report, "seal.certificate") == ("undecided", "OUT_OF_BOUNDS_NO_POE")


def test_a_certificate_that_was_not_valid_yet_when_it_sealed_fails() -> None:
    world = newly_certified(not_before=day("2020-07-01"))
    early, timely = stamped(world, day("2020-06-15")), stamped(world, day("2020-07-15"))
    lists = [*world.crls(day("2020-06-15")), *world.crls(day("2020-07-15"))]

    assert world.verify(timely, EXPIRED, evidence=lists).outcome is Outcome.PASSED
    report = world.verify(early, EXPIRED, evidence=lists)

    assert answer(report, "seal.certificate") == ("fail", "NOT_YET_VALID")
    assert report.outcome is Outcome.FAILED


# Part 9: the time that is asked about


def test_a_timestamp_later_than_the_time_asked_about_proves_nothing_then() -> None:
    world = Years.create()
    data = world.seal("B")
    world.clock.now = day("2020-08-01")
    data = world.extender.extend(data, level=LT, at=day("2020-08-01"))

    report = world.verify(data, SOON)

    assert answer(report, "time.signed") == ("warn", "later-than-asked")
    assert world.verify(data, EXPIRED).check(
        "time.signed"
    ).status is not Status.PASS or (
        world.verify(data, EXPIRED).outcome is Outcome.PASSED
    )


def test_what_you_say_about_the_time_counts_and_is_called_yours() -> None:
    lists = years().crls(day("2020-06-14"))
    given: dict[str, Any] = {"evidence": lists, "existed_by": day("2020-06-15")}

    assert years().verify(seals("B"), EXPIRED, evidence=lists).outcome is (
        Outcome.INDETERMINATE
    )
    report = years().verify(seals("B"), EXPIRED, **given)

    assert report.outcome is Outcome.PASSED
    assert answer(report, "time.signed") == ("warn", "you-say")


def test_a_slip_in_your_word_is_no_fault_of_the_seal() -> None:
    """No such seal can have existed before its certificate did."""
    early = MADE - timedelta(days=300)

    report = years().verify(seals("LTA"), EXPIRED, existed_by=early)

    assert report.outcome is Outcome.PASSED
    assert report.check("time.signed").evidence["time"] == SEALED.isoformat()


def test_your_word_makes_no_forged_seal_good() -> None:
    forged = seals("B").replace(b"Vzorec", b"Vzorek")
    lists = years().crls(day("2020-06-14"))

    report = years().verify(
        forged, EXPIRED, evidence=lists, existed_by=day("2020-06-15")
    )

    assert report.outcome is Outcome.FAILED


def test_nobody_can_say_that_it_existed_after_the_time_asked_about() -> None:
    with pytest.raises(ConfigError, match="existed_by"):
        years().verify(seals("B"), SOON, existed_by=EXPIRED)


# Asking while verifying


def online(world: Years, data: bytes) -> Report:
    """Verified today, with the door open to the authorities."""
    verifier = Verifier(trust=world.trust, fetcher=world.desk)
    return verifier.verify(data)


def lately() -> tuple[Years, bytes]:
    """A world whose clock is the real one, and a seal without any answers."""
    world = Years.create(made=datetime.now(UTC).replace(microsecond=0))
    return world, world.seal("B", at=world.clock.now)


def test_with_the_door_open_the_authority_is_asked_and_the_report_says_so() -> None:
    world, data = lately()

    assert world.verify(data, datetime.now(UTC)).outcome is Outcome.INDETERMINATE
    report = online(world, data)

    assert report.outcome is Outcome.PASSED
    assert [line["url"] for line in report.fetched] == [OCSP, ROOT_CRL]
    assert all(line["status"] == 200 for line in report.fetched)


def test_what_is_learned_by_asking_can_be_bad_news() -> None:
    world, data = lately()
    assert online(world, data).outcome is Outcome.PASSED
    world.desk.withdraw(world.desk.seals[0].certificate)

    report = online(world, data)

    assert answer(report, "seal.revocation") == ("undecided", "REVOKED_NO_POE")


def test_an_authority_that_does_not_answer_leaves_it_open() -> None:
    world, data = lately()
    world.desk.answers = False

    report = online(world, data)

    assert report.outcome is Outcome.INDETERMINATE
    assert {line["why"] for line in report.fetched} == {"timeout"}


def test_nobody_is_asked_about_a_seal_whose_authority_is_not_trusted() -> None:
    world, data = lately()

    Verifier(trust=Trust(), fetcher=world.desk).verify(data)

    assert world.desk.requests == []


def test_nothing_of_the_credential_is_sent() -> None:
    world, data = lately()
    online(world, data)
    sent = b"".join((r.body or b"") + r.url.encode() for r in world.desk.requests)

    for text in ("Vzorec", "Vzorčna", "S4G", "Zgled"):
        assert text.encode() not in sent
        assert hashlib.sha256(text.encode()).digest() not in sent


# Algorithms that have ended


def test_an_algorithm_that_ended_since_does_not_sink_a_seal_proved_to_be_older(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = ended_in(2021)
    monkeypatch.setattr(algorithms, "_DIGESTS", ended)
    world = Years.create()
    data = world.seal("LTA")

    # SHA-256 ends for timestamps as well, so that only time before that counts.
    assert world.verify(data, day("2020-12-01")).outcome is Outcome.PASSED
    report = world.verify(data, day("2021-06-01"))

    assert answer(report, "time.signed") == ("warn", "algorithm-ended")


# etsiU (row 55): whatever is in it, the seal itself is reported


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (
            "swapped",
            lambda own: [*own[:1], own[2], own[1], *own[3:]],
            "timestamp-damaged",
        ),
        ("left-out", lambda own: [own[0], *own[2:]], "timestamp-damaged"),
        ("unrelated", lambda own: [*own, own[1]], ""),
        ("unknown", lambda own: [*own, stored({"š-neznano": [1, {"č": "Ђ"}]})], ""),
        ("no-tokens", lambda own: [*own, stored({"arcTst": {}})], "timestamp-damaged"),
        (
            "rubbish",
            lambda own: [*own, stored({"arcTst": {"tstTokens": [{"val": "AAAA"}]}})],
            "timestamp-damaged",
        ),
    ],
)
def test_what_is_changed_under_an_archive_timestamp_is_told(
    name: str, change: Any, reason: str
) -> None:
    changed = with_etsiu(seals("LTA"), change)

    assert answer(years().verify(seals("LTA"), SOON), "time.signed") == ("pass", "")
    report = years().verify(changed, SOON)

    assert report.check("proof.integrity").status is Status.PASS
    assert report.check("time.signed").reason == reason
    assert report.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "change",
    [
        lambda own: [opened(element) for element in own],
        lambda own: [own[0], *map(opened, own[1:])],
        lambda own: [*own, *[stored({"š": 1})] * 10_000],
        lambda own: ["%%%"],
        lambda own: [
            stored({"sigTst": 1}),
            stored({"xVals": {}}),
            stored({"rVals": []}),
        ],
        lambda own: [stored({"sigTst": {"tstTokens": "x"}})],
        lambda own: [stored({"sigTst": {"tstTokens": [1, None, {"val": 1}]}})],
    ],
    ids=["clear", "mixed", "ten-thousand", "no-base64", "types", "text", "rows"],
)
def test_an_archive_that_cannot_be_read_leaves_the_seal_as_one_without(
    change: Any,
) -> None:
    changed = with_etsiu(seals("LTA"), change)
    lists = years().crls(SOON)

    report = years().verify(changed, SOON, evidence=lists)

    assert report.check("proof.integrity").status is Status.PASS
    assert report.check("time.signed").status is Status.WARN
    assert report.outcome is Outcome.PASSED
    assert years().verify(changed, GONE).outcome is Outcome.INDETERMINATE


def test_each_element_may_be_missing_and_no_other_time_is_ever_proved() -> None:
    times = {None, SEALED.isoformat()}
    count = len(elements(seals("LTA")))

    for place in range(count):
        changed = with_etsiu(seals("LTA"), partial(without, place))
        for at in (SOON, EXPIRED, GONE):
            report = years().verify(changed, at)
            assert report.check("time.signed").evidence.get("time") in times
            assert report.check("proof.integrity").status is Status.PASS
        assert report.outcome is Outcome.INDETERMINATE


NAMES_OF_ELEMENTS = st.sampled_from(
    ["sigTst", "arcTst", "xVals", "rVals", "tstVD", "anyValData", "axVals", "ž", ""]
)
MEMBERS = st.sampled_from(
    ["tstTokens", "val", "x509Cert", "crlVals", "ocspVals", "xVals", "rVals", "č"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("MAA="),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.long
@settings(max_examples=rounds(200))
@given(added=st.lists(st.tuples(NAMES_OF_ELEMENTS, ANYTHING), min_size=1, max_size=4))
def test_nothing_that_somebody_adds_later_stops_the_verdict(added: list[Any]) -> None:
    extra = [stored({name: value}) for name, value in added]

    for order in (lambda own: [*own, *extra], lambda own: [*extra, *own]):
        report = years().verify(with_etsiu(seals("LT"), order), SOON)
        assert report.check("proof.integrity").status is Status.PASS
        assert report.outcome is Outcome.PASSED


@pytest.mark.long
@settings(max_examples=rounds(200))
@given(data=st.data())
def test_no_damaged_token_proves_another_time(data: st.DataObject) -> None:
    own = elements(seals("LTA"))
    place = data.draw(st.sampled_from([0, len(own) - 1]))
    value = opened(own[place])
    [container] = value.values()
    token = bytearray(unb64(container["tstTokens"][0]["val"]))
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= data.draw(st.integers(1, 255))
    container["tstTokens"][0]["val"] = b64(bytes(token))

    changed = with_etsiu(seals("LTA"), partial(replaced, place, stored(value)))
    report = years().verify(changed, EXPIRED)

    assert report.check("time.signed").evidence.get("time") in {
        None,
        SEALED.isoformat(),
    }


def replaced(place: int, element: str, own: list[Any]) -> list[Any]:
    return [*own[:place], element, *own[place + 1 :]]


def without(place: int, own: list[Any]) -> list[Any]:
    return own[:place] + own[place + 1 :]


# Extending and renewing


def test_what_was_there_is_never_touched() -> None:
    world = Years.create()
    lower = world.seal("T")
    world.clock.now = SEALED + timedelta(hours=1)

    higher = world.extender.extend(lower, level=LTA, at=world.clock.now)

    assert named(higher) == ["sigTst", "xVals", "rVals", "tstVD", "arcTst"]
    assert elements(higher)[:1] == elements(lower)
    before, after = json.loads(lower), json.loads(higher)
    assert after["payload"] == before["payload"]
    for member in ("protected", "signature"):
        assert after["signatures"][0][member] == before["signatures"][0][member]


def test_two_calls_of_a_timestamp_authority_make_the_highest_level() -> None:
    world = Years.create()
    world.desk.requests.clear()

    world.seal("LTA")

    assert len([r for r in world.desk.requests if r.url.endswith("/tsa")]) == 2


def test_a_class_asks_about_the_authorities_once_and_about_each_seal_anew() -> None:
    world = Years.create()
    lower = [world.seal("B"), world.seal("B")]
    world.desk.requests.clear()
    extender = world.extender

    for data in lower:
        world.clock.now += timedelta(minutes=1)
        extended = extender.extend(data, level=LTA, at=world.clock.now)
        assert world.verify(extended, EXPIRED).outcome is Outcome.PASSED

    asked = [request.url for request in world.desk.requests]
    assert (asked.count(OCSP), asked.count(ROOT_CRL), asked.count(TSA)) == (2, 1, 4)


def test_a_seal_withdrawn_since_its_timestamp_can_still_be_extended() -> None:
    world = Years.create()
    data = world.seal("T")
    world.desk.withdraw(world.desk.seals[0].certificate, at=day("2020-09-01"))
    world.clock.now = day("2020-10-01")

    extended = world.extender.extend(data, level=LTA, at=world.clock.now)

    assert world.verify(extended, EXPIRED).outcome is Outcome.PASSED


def test_a_seal_that_has_the_level_is_left_as_it_is() -> None:
    world = Years.create()
    data = world.seal("LTA")

    assert world.extender.extend(data, level=LT, at=SOON) == data


def test_old_validators_get_their_layout() -> None:
    world = Years.create(options={"layout": "edci-1.x"})

    data = world.seal("LTA")

    assert named(data) == ["sigTst", "xVals", "rVals", "arcTst"]
    assert world.verify(data, EXPIRED).outcome is Outcome.PASSED


def test_a_seal_with_a_timestamp_of_other_bytes_is_not_built_upon() -> None:
    world = Years.create()
    other = elements(world.seal("T"))
    forged = with_etsiu(world.seal("T"), lambda own: other)

    with pytest.raises(Exception, match="does not fit"):
        world.extender.extend(forged, level=LTA, at=SEALED)


def test_a_seal_is_renewed_in_time_or_not_at_all() -> None:
    world = Years.create()
    data = world.seal("LTA")
    world.clock.now = day("2025-06-01")
    world.desk.another_tsa()

    with pytest.raises(ConfigError, match="2025-02"):
        world.renew(data, at=day("2025-06-01"))


def test_only_an_archive_timestamp_can_be_renewed() -> None:
    world = Years.create()

    with pytest.raises(ConfigError, match="LTA first"):
        world.renew(world.seal("LT"), at=SOON)

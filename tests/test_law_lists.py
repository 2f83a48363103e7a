"""The law of verdicts, part 6, on trusted lists: whom they vouch for, and how long.

Each sentence stands beside its twin: the same seal under the same list, PASSED. The
lists come the whole way: signed, fetched, verified, kept, and read again.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from attacks.seals import (
    certificate,
    lists_of,
    real,
    real_ca,
    real_seal,
    sealed_for_real,
    sealed_with,
)
from attacks.workshop import AT, MADE, NAMES, SCHOOL, answer, school, sealed
from edc_issuer.cms.qualified import QC_TYPE_ESEAL, SEMANTICS_LEGAL, QcStatements
from edc_issuer.documents import BUNDLED
from edc_issuer.keys.testpki import Authority, CrlPlan
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.lists.update import update_lists
from edc_issuer.trust.path import build_path
from edc_issuer.verify.run import Run
from pki import AT as STAMPED_AT
from pki import DAY
from test_lists_update import URL, InMemory
from trusted_lists import Entry, ListWorld, ServicePlan
from tsa import ROOT, TSA, tsa

LISTED = MADE - 100 * DAY
QUALIFIED = QcStatements(
    compliance=True, sscd=True, types=(QC_TYPE_ESEAL,), semantics=SEMANTICS_LEGAL
)


def ca_service(*states: Entry, by: Authority | None = None) -> ServicePlan:
    now, *past = states or (Entry(since=LISTED),)
    return ServicePlan(((by or real_ca()).certificate,), now, tuple(past))


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Trust]:
    """Trust in one national list with these services, and in nothing else."""

    def made(*services: ServicePlan, at: datetime = AT, **options: Any) -> Trust:
        test = options.pop("test", False)
        policies: dict[str, Any] = {} if test else {"policies": ()}
        lists = ListWorld.create(services, url=URL, at=at, **policies)
        update_lists(
            tmp_path,
            fetcher=InMemory(lists.files()),
            at=at,
            authority=lists.authority,
            test=test,
        )
        trust = Trust.load(tmp_path)
        assert trust.lists
        return replace(trust, crls=lists_of(real(), real_ca()), **options)

    return made


def judged(data: bytes, trust: Trust, *, at: datetime = AT) -> Report:
    return Run(trust, BUNDLED, at=at, now=at).file(data)


@cache
def diploma() -> bytes:
    return sealed_for_real()


def test_a_list_vouches_for_a_name_only(listed: Callable[..., Trust]) -> None:
    report = judged(diploma(), listed(ca_service()))

    assert report.outcome is Outcome.PASSED
    assert answer(report, "seal.certificate") == "pass"
    assert answer(report, "issuer.trusted") == "warn identity-only"


def test_an_organisation_that_the_operator_names_passes(
    listed: Callable[..., Trust],
) -> None:
    named = (TrustedIssuer(SCHOOL.identifier, NAMES),)

    report = judged(diploma(), listed(ca_service(), issuers=named))

    assert answer(report, "issuer.trusted") == "pass named-by-you"


SOME_TIME = MADE + timedelta(days=10)  # after the certificate, before the seal


@pytest.mark.parametrize(
    "states",
    [
        pytest.param((Entry(kind="CA/PKC", since=LISTED),), id="not-a-qualified-ca"),
        pytest.param((Entry(kind="TSA/QTST", since=LISTED),), id="makes-timestamps"),
        pytest.param(
            (Entry(additional=("ForeSignatures",), since=LISTED),), id="for-signatures"
        ),
        pytest.param((Entry(additional=(), since=LISTED),), id="for-nothing-named"),
        pytest.param((Entry(status="withdrawn", since=LISTED),), id="withdrawn"),
        pytest.param(
            (Entry(status="recognisedatnationallevel", since=LISTED),), id="national"
        ),
        pytest.param((Entry(since=SOME_TIME),), id="listed-after-issuance"),
        pytest.param(
            (
                Entry(status="withdrawn", since=SOME_TIME),
                Entry(since=LISTED),
            ),
            id="withdrawn-before-sealing",
        ),
        pytest.param(
            (
                Entry(since=SOME_TIME),
                Entry(status="withdrawn", since=LISTED),
            ),
            id="not-granted-at-issuance",
        ),
        pytest.param(
            (
                Entry(since=SOME_TIME, additional=("ForeSignatures",)),
                Entry(since=LISTED),
            ),
            id="no-longer-for-seals",
        ),
    ],
)
def test_only_ca_qc_for_seals_granted_at_issuance_and_signing_anchors_seals(
    listed: Callable[..., Trust], states: tuple[Entry, ...]
) -> None:
    report = judged(diploma(), listed(ca_service(*states)))

    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "seal.certificate") == "undecided no-anchor"
    assert answer(report, "issuer.trusted") == "undecided no-anchor"


@pytest.mark.parametrize(
    "states",
    [
        pytest.param(
            (Entry(status="withdrawn", since=AT + DAY), Entry(since=LISTED)),
            id="withdrawn-later",
        ),
        pytest.param(
            (Entry(since=SOME_TIME), Entry(since=LISTED)), id="granted-in-two-periods"
        ),
    ],
)
def test_what_was_granted_at_both_times_anchors(
    listed: Callable[..., Trust], states: tuple[Entry, ...]
) -> None:
    assert judged(diploma(), listed(ca_service(*states))).outcome is Outcome.PASSED


def test_another_authority_on_the_list_does_not_vouch(
    listed: Callable[..., Trust],
) -> None:
    other = ca_service(by=school().pki.seal_ca)

    report = judged(diploma(), listed(other))

    assert answer(report, "seal.certificate") == "undecided no-anchor"


def test_a_listed_root_vouches_for_authorities_below_it(
    listed: Callable[..., Trust],
) -> None:
    report = judged(diploma(), listed(ca_service(by=real())))

    assert report.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, "warn identity-only", id="on-the-last-day"),
        pytest.param(1, "warn list-stale", id="a-day-later"),
        pytest.param(90, "warn list-stale", id="ninety-days-later"),
        pytest.param(91, "undecided list-outdated", id="later-still"),
    ],
)
def test_a_list_ages(listed: Callable[..., Trust], days: int, expected: str) -> None:
    """Its next update is due a hundred days after the day of the world."""
    at = AT + (100 + days) * DAY
    fresh = tuple(one.crl(CrlPlan(at - DAY, at + DAY)) for one in (real(), real_ca()))

    trust = replace(listed(ca_service()), crls=fresh)
    report = judged(diploma(), trust, at=at)

    assert answer(report, "issuer.trusted") == expected
    passes = not expected.startswith("undecided")
    assert (report.outcome is Outcome.PASSED) is passes


def test_a_list_for_tests_never_passes_for_real(listed: Callable[..., Trust]) -> None:
    pki = school().pki
    trust = listed(ca_service(by=pki.seal_ca), test=True)
    report = judged(sealed(), replace(trust, crls=pki.crls))

    assert report.test
    assert answer(report, "issuer.trusted") == "warn test"


def test_a_test_certificate_below_a_real_list_fails(
    listed: Callable[..., Trust],
) -> None:
    pki = school().pki
    trust = replace(listed(ca_service(by=pki.seal_ca)), crls=pki.crls)

    report = judged(sealed(), trust)

    assert answer(report, "seal.certificate") == "fail test-policy"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(QUALIFIED, "pass", id="in-a-device"),
        pytest.param(
            replace(QUALIFIED, sscd=False), "warn without-qscd", id="without-one"
        ),
        pytest.param(
            replace(QUALIFIED, compliance=False), "warn not-qualified", id="says-not"
        ),
    ],
)
def test_the_list_says_whether_the_seal_is_qualified(
    listed: Callable[..., Trust], statements: QcStatements, expected: str
) -> None:
    seal = certificate(by=real_ca(), policies=(), qualified=statements)

    report = judged(sealed_with(seal), listed(ca_service()))

    assert answer(report, "seal.qualified") == expected


def test_without_lists_nobody_says_whether_it_is_qualified() -> None:
    assert not Trust().lists
    report = judged(diploma(), Trust())

    assert answer(report, "seal.qualified").startswith("undecided")
    assert Trust().seal_anchors_for(real_seal(), signed_at=AT) == ()
    assert Trust().timestamp_anchors_for([TSA.certificate], gen_time=AT) == ()


def times(*certificates: x509.Certificate, **changes: Any) -> ServicePlan:
    given = {"kind": "TSA/QTST", "additional": (), "since": STAMPED_AT - 200 * DAY}
    return ServicePlan(certificates, Entry(**{**given, **changes}))


@pytest.mark.parametrize(
    ("service", "anchored"),
    [
        pytest.param(times(ROOT.certificate), True, id="authority-above-the-unit"),
        pytest.param(times(TSA.certificate), True, id="the-unit-itself"),
        pytest.param(times(tsa(ROOT).certificate), False, id="another-unit"),
        pytest.param(times(ROOT.certificate, kind="TSA"), False, id="not-qualified"),
        pytest.param(
            times(ROOT.certificate, kind="CA/QC", additional=("ForeSeals",)),
            False,
            id="makes-certificates",
        ),
        pytest.param(
            times(ROOT.certificate, status="withdrawn"), False, id="withdrawn"
        ),
        pytest.param(
            times(ROOT.certificate, since=STAMPED_AT + DAY), False, id="listed-later"
        ),
    ],
)
def test_only_qtst_granted_at_gen_time_anchors_timestamps(
    listed: Callable[..., Trust], service: ServicePlan, anchored: bool
) -> None:
    trust = listed(service, at=STAMPED_AT, test=True)
    came_along = (TSA.certificate, ROOT.certificate)

    anchors = trust.timestamp_anchors_for(came_along, gen_time=STAMPED_AT)
    path = build_path(TSA.certificate, pool=came_along, anchors=anchors, at=STAMPED_AT)

    assert path.is_good is anchored
    assert all(one.service is not None for one in anchors)


def test_a_unit_on_the_list_vouches_for_nothing_below_it(
    listed: Callable[..., Trust],
) -> None:
    trust = listed(times(TSA.certificate), at=STAMPED_AT, test=True)

    (anchor,) = trust.timestamp_anchors_for([TSA.certificate], gen_time=STAMPED_AT)

    assert anchor.pinned


def test_an_anchor_of_one_kind_never_serves_the_other(
    listed: Callable[..., Trust],
) -> None:
    seals, stamps = ca_service(), times(real().certificate, since=LISTED)
    trust = listed(seals, stamps)
    came_along = (real_ca().certificate, real().certificate)

    for_seals = trust.seal_anchors_for(real_seal(), came_along, signed_at=AT)
    for_times = trust.timestamp_anchors_for(came_along, gen_time=AT)

    assert [one.certificate for one in for_seals] == [real_ca().certificate]
    assert [one.certificate for one in for_times] == [real().certificate]


def test_an_anchor_says_which_list_and_which_entry_vouch(
    listed: Callable[..., Trust],
) -> None:
    trust = listed(ca_service())

    (anchor,) = trust.seal_anchors_for(real_seal(), signed_at=AT)

    assert anchor.source == (
        "trusted list SI no. 7: Overitelj Žužemberk d.o.o.: "
        "Kvalificirani pečati Čemšenik (en)"
    )
    assert anchor.service is not None
    assert anchor.service.list.due == AT + 100 * DAY


LOOK = """
import sys
from datetime import datetime
from pathlib import Path
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
trust = Trust.load(Path(sys.argv[1]))
report = Verifier(trust=trust).verify(Path(sys.argv[2]).read_bytes())
assert report.check("issuer.trusted").evidence["anchor"], report.check("issuer.trusted")
print(*sorted(name for name in sys.modules if name.startswith(("lxml", "edc_issuer"))))
"""


def test_verify_reads_no_xml_and_no_journal(
    listed: Callable[..., Trust], tmp_path: Path
) -> None:
    listed(ca_service())
    file = tmp_path.parent / f"{tmp_path.name}.jsonld"
    file.write_bytes(diploma())

    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "edc_issuer.trust.lists.snapshot" in loaded
    for module in ("lxml", "lxml.etree"):
        assert module not in loaded
    for module in ("lotl", "xades", "reading", "update"):
        assert f"edc_issuer.trust.lists.{module}" not in loaded

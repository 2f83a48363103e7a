"""The official samples as they look years later, and who they turn out to speak for.

Anchors are the certificates in the files: the authority of the seal (its own list of
trusted authorities is another test) and the root of its timestamps. What DSS says at
the same times stands in `jades_vectors.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from conftest import shared_file
from edc_issuer.encoding import b64, b64u, unb64, unb64u
from edc_issuer.report import Outcome, Report
from edc_issuer.trust import Anchor, Trust, TrustedIssuer
from edc_issuer.verify import Verifier
from jades_vectors import EDC, roots, seal_ca, told
from test_jades_samples import misfits

SAMPLE, OTHER, TO_SEAL = EDC
SOON = datetime(2023, 10, 1, tzinfo=UTC)
VALID = datetime(2025, 1, 1, tzinfo=UTC)  # the timestamps have ended, the seal not
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
LISTED = TrustedIssuer("VATES-A00000000", ("ORGANIZACION TEST",))


def sample(name: str = SAMPLE) -> bytes:
    return shared_file(f"samples/edc/{name}").read_bytes()


@cache
def trust(name: str = SAMPLE) -> Trust:
    """The seal's authority and the root of its timestamps."""
    data = sample(name)

    def anchors(certificates: Any) -> tuple[Anchor, ...]:
        return tuple(Anchor(c, pinned=False, source="sample") for c in certificates)

    return Trust(
        seal_anchors=anchors(seal_ca(data)), timestamp_anchors=anchors(roots(data))
    )


def judged(data: bytes, at: datetime, by: Trust) -> Report:
    return Verifier(trust=by).verify(data, at=at)


def reason(report: Report, check: str) -> str:
    one = report.check(check)
    return f"{one.status.value} {one.reason}".strip()


def with_element(data: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """The file with the first element of a name changed."""
    whole = json.loads(data)
    rows = whole["signatures"][0]["header"]["etsiU"]
    for place, row in enumerate(rows):
        value = json.loads(unb64u(row))
        if name in value:
            rows[place] = b64u(json.dumps({name: change(value[name])}).encode())
            return json.dumps(whole, ensure_ascii=False).encode()
    raise KeyError(name)


# The sample with a certificate for its own seal


def test_soon_after_the_seal_is_good_and_speaks_for_another_organisation() -> None:
    report = judged(sample(), SOON, trust())

    assert told(report) == "TOTAL_PASSED"
    assert report.outcome is Outcome.INDETERMINATE
    assert reason(report, "issuer.trusted") == "undecided speaks-for-others"
    for check in ("seal.certificate", "seal.revocation", "issuer.identified"):
        assert reason(report, check).startswith("pass"), check
    assert report.check("time.signed").evidence["time"].startswith("2023-09-27T11:54")


def test_soon_after_it_passes_where_its_issuer_is_listed() -> None:
    listed = replace(trust(), issuers=(LISTED,))
    another = replace(LISTED, identifier="VATES-B99999999")

    assert judged(sample(), SOON, listed).outcome is Outcome.PASSED
    unlisted = judged(sample(), SOON, replace(trust(), issuers=(another,)))
    assert unlisted.outcome is Outcome.INDETERMINATE


def test_today_nothing_proves_that_it_was_sealed_in_time() -> None:
    report = judged(sample(), TODAY, replace(trust(), issuers=(LISTED,)))

    assert told(report) == "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED"
    assert report.outcome is Outcome.INDETERMINATE
    assert reason(report, "time.signed") == "warn tsa-expired"


def test_while_its_certificate_is_valid_old_timestamps_do_not_matter() -> None:
    report = judged(sample(), VALID, trust())

    assert told(report) == "TOTAL_PASSED"
    assert reason(report, "time.signed") == "warn tsa-expired"
    assert reason(report, "seal.certificate") == "pass"
    # Stricter than the word: the only answer about it is of 2023.
    assert reason(report, "seal.revocation") == "undecided stale"


def test_without_an_anchor_of_timestamps_the_seal_is_judged_alone() -> None:
    alone = replace(trust(), timestamp_anchors=())

    soon, today = (judged(sample(), at, alone) for at in (SOON, TODAY))

    assert told(soon) == "TOTAL_PASSED"
    assert told(today) == "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED"
    assert reason(soon, "time.signed") == "warn untrusted-tsa"


def test_an_answer_two_seconds_older_than_the_timestamp_does_not_sink_the_seal() -> (
    None
):
    report = judged(sample(), SOON, trust())

    signed = datetime.fromisoformat(report.check("time.signed").evidence["time"])
    answered = datetime.fromisoformat(
        report.check("seal.revocation").evidence["this_update"]
    )
    assert 0 < (signed - answered).total_seconds() < 5
    assert reason(report, "seal.revocation") == "pass"


# Timestamps


@pytest.mark.parametrize("name", EDC)
def test_every_timestamp_is_of_the_bytes_that_we_say_it_covers(name: str) -> None:
    report = judged(sample(name), TODAY, trust(name))
    stamps = report.check("time.signed").evidence["timestamps"]

    assert [one["kind"] for one in stamps] == ["adoTst", "sigTst", "arcTst"]
    assert misfits(f"edc/{name}") == []
    assert not {one["reason"] for one in stamps} & {"broken", "unreadable"}


def _bent(container: Any) -> Any:
    token = bytearray(unb64(container["tstTokens"][0]["val"]))
    token[-3] ^= 1
    return {"tstTokens": [{"val": b64(bytes(token))}]}


DAMAGED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "xVals: a certificate less": ("xVals", lambda value: value[:-1]),
    "xVals: written otherwise": ("xVals", lambda value: value),
    "rVals: no list": ("rVals", lambda value: {"ocspVals": value["ocspVals"]}),
    "arcTst: a bit": ("arcTst", _bent),
}


@pytest.mark.parametrize("change", DAMAGED)
def test_damage_under_the_archive_timestamp_is_told_and_breaks_no_seal(
    change: str,
) -> None:
    name, bent = DAMAGED[change]
    sound = judged(sample(), SOON, trust())

    report = judged(with_element(sample(), name, bent), SOON, trust())

    assert reason(sound, "time.signed") == "warn renew-soon"
    found = {one["kind"]: one for one in _stamps(report)}
    assert found["arcTst"]["reason"] == "broken"
    assert {one["kind"]: one["reason"] for one in _stamps(sound)}["arcTst"] == ""
    assert told(report) == told(sound) == "TOTAL_PASSED"
    # Without the list nobody says whether the timestamp authority was withdrawn.
    expected = "tsa-unchecked" if name == "rVals" else "timestamp-damaged"
    assert reason(report, "time.signed") == f"warn {expected}"


def _stamps(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report.check("time.signed").evidence["timestamps"]
    return found


def test_a_changed_payload_breaks_the_seal_and_its_content_timestamp() -> None:
    whole = json.loads(sample())
    whole["payload"] = whole["payload"].replace("ORGANIZACION", "ORGANISACION")

    report = judged(json.dumps(whole).encode(), SOON, trust())

    assert told(report) == "TOTAL_FAILED/HASH_FAILURE"
    assert report.outcome is Outcome.FAILED
    same = json.dumps(json.loads(sample()), indent=2, sort_keys=True).encode()
    assert told(judged(same, SOON, trust())) == "TOTAL_PASSED"


# The others


@pytest.mark.parametrize("at", [datetime(2023, 1, 1, tzinfo=UTC), VALID, TODAY])
def test_a_seal_of_another_organisation_stays_failed(at: datetime) -> None:
    report = judged(sample(OTHER), at, trust(OTHER))

    assert report.outcome is Outcome.FAILED
    assert reason(report, "issuer.identified").startswith("fail")


def test_its_seal_alone_is_good_while_its_timestamps_hold() -> None:
    report = judged(sample(OTHER), datetime(2023, 1, 1, tzinfo=UTC), trust(OTHER))

    assert told(report) == "TOTAL_PASSED"


@pytest.mark.parametrize("at", [datetime(2022, 9, 1, tzinfo=UTC), VALID, TODAY])
def test_what_is_no_credential_never_passes_however_well_it_is_sealed(
    at: datetime,
) -> None:
    report = judged(sample(TO_SEAL), at, trust(TO_SEAL))

    assert told(report) == "TOTAL_PASSED"
    assert report.outcome is Outcome.FAILED

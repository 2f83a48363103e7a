"""What each step of issuing and verifying takes, profile by profile.

The record is the first of Scouts4Green, in two languages; the steps are those of
`Issuer.issue` and `Verifier.verify`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.measuring import Rounds
from benchmarks.school import PROFILE_IDS, School, school
from edc_issuer.canonical import canonicalize
from edc_issuer.documents import BUNDLED
from edc_issuer.formats.jades import JADES
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, Issuer
from edc_issuer.record import refusals
from edc_issuer.render import render_pages
from edc_issuer.report import Outcome
from edc_issuer.verify import Verifier
from world import world

Step = Callable[[School], Callable[[], object]]


def _check_record(it: School) -> Callable[[], object]:
    return lambda: [*refusals(it.record), *it.model.check(it.record)]


def _map(it: School) -> Callable[[], object]:
    return it.built


def _check(it: School) -> Callable[[], object]:
    credential = it.built()
    return lambda: list(it.model.inspect(credential))


def _sign(it: School) -> Callable[[], object]:
    credential = it.built()
    return lambda: it.signed(credential)


def _self_verify(it: School) -> Callable[[], object]:
    data = it.signed(it.built())
    return lambda: it.self_verified(data)


def _open(it: School) -> Callable[[], object]:
    data = it.signed(it.built())
    return lambda: it.opened(data)


def _verify(it: School) -> Callable[[], object]:
    data = it.signed(it.built())
    verifier = Verifier(trust=world().trust)
    assert verifier.verify(data).outcome is Outcome.PASSED
    return lambda: verifier.verify(data)


def _issue(it: School) -> Callable[[], object]:
    """All of it: record checked, page drawn, mapped, signed, opened, verified."""
    profile = next(
        row
        for row in PROFILES.values()
        if (row.model, row.format) == (it.model, it.format)
    )
    level = Level.B if profile.format is JADES else None
    issuer = Issuer(profile=profile, signer=it.signer, level=level)
    return lambda: issuer.issue(it.record)


STEPS: dict[str, Step] = {
    "check the record": _check_record,
    "map": _map,
    "check the credential": _check,
    "sign": _sign,
    "self-verify": _self_verify,
    "open": _open,
    "issue, with self-verification": _issue,
    "verify, with report": _verify,
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_step(rounds: Rounds, profile: str, step: str) -> None:
    rounds.benchmark.group = profile

    rounds.alone(STEPS[step](school(profile)), rounds=100)


@pytest.mark.parametrize("profile", ["edc-jades", "ob3-jwt"])
def test_map_and_check(rounds: Rounds, profile: str) -> None:
    rounds.benchmark.group = profile
    it = school(profile)

    def map_and_check() -> list[object]:
        found = [*refusals(it.record), *it.model.check(it.record)]
        return [*found, *it.model.inspect(it.built())]

    assert map_and_check() == []
    rounds.alone(map_and_check, rounds=200, most_ms=2)


def test_picture_of_one_page(rounds: Rounds) -> None:
    rounds.benchmark.group = "edc-jades"
    it = school("edc-jades")

    rounds.alone(lambda: render_pages(it.record, "sl"), rounds=20, most_ms=50)


def test_canonicalize(rounds: Rounds) -> None:
    rounds.benchmark.group = "ob3-di"
    credential = school("ob3-di").built()

    rounds.alone(lambda: canonicalize(credential, documents=BUNDLED), rounds=100)

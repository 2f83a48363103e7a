"""DSS, the Commission's validator of electronic signatures, on our seals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from edc_issuer.report import Report
from edc_issuer.verify import Verifier
from interop.dss_judge import Asked, indication, judged, only
from interop.judges import DSS, Judgement, dss_version, hold
from interop.seals import (
    FORGERIES,
    KINDS,
    Authorities,
    authorities,
    forged,
    seals,
    trust_with,
)

pytestmark = pytest.mark.interop
BASELINE = [case for case in KINDS if "edci" not in case]
AGREED = ("trusted", "not anchored", "no lists", "withdrawn")
SITUATIONS = (*AGREED, "stale lists")


@dataclass(frozen=True, slots=True)
class Situation:
    """What both verifiers are given beside the files."""

    name: str

    @property
    def anchored(self) -> bool:
        return self.name != "not anchored"

    @property
    def crls(self) -> Mapping[str, tuple[bytes, ...]]:
        return {case: self._lists(made) for case, made in authorities().items()}

    def _lists(self, made: Authorities) -> tuple[bytes, ...]:
        if self.name == "no lists":
            return ()
        if self.name == "withdrawn":
            return made.crls_that_withdraw
        return made.crls_that_are_stale if self.name == "stale lists" else made.crls


@cache
def files(situation: str) -> Mapping[str, bytes]:
    """Every seal by case, and where all is well each forgery of every seal."""
    forgeries = {
        f"{case}, {how}": data
        for case, seal in seals().items()
        for how, data in forged(seal).items()
    }
    return {**seals(), **(forgeries if situation == "trusted" else {})}


@cache
def asked(situation: str) -> Mapping[str, dict[str, Any]]:
    """What DSS says of the one signature of each file."""
    return {case: only(_all()[f"{situation}: {case}"]) for case in files(situation)}


@cache
def _all() -> Mapping[str, Any]:
    """Every file in every situation: Java is started once."""
    return judged(
        {
            f"{situation}: {case}": given
            for situation in SITUATIONS
            for case, given in _given(situation).items()
        }
    )


def _given(name: str) -> Mapping[str, Asked]:
    situation = Situation(name)
    roots = tuple(made.root for made in authorities().values())
    anchors = roots if situation.anchored else ()
    crls = tuple(crl for lists in situation.crls.values() for crl in lists)
    return {case: Asked(data, anchors, crls) for case, data in files(name).items()}


@cache
def ours(situation: str) -> Mapping[str, Report]:
    """What we say of the same files, given the same."""
    given = Situation(situation)
    verifier = Verifier(trust=trust_with(given.crls, anchored=given.anchored))
    return {case: verifier.verify(data) for case, data in files(situation).items()}


@pytest.mark.parametrize("case", KINDS)
def test_a_seal_of_ours_is_intact_and_passes_under_its_anchor(case: str) -> None:
    row = asked("trusted")[case]

    assert row["intact"]
    assert row["structure"] == []
    assert indication(row) == "TOTAL_PASSED"
    assert row["signer"] == "Srednja strokovna šola Zgled"


@pytest.mark.parametrize("case", BASELINE)
def test_a_seal_of_ours_is_recognised_as_baseline_b(case: str) -> None:
    assert asked("trusted")[case]["level"] == "JAdES-BASELINE-B"


def test_sigt_for_old_viewers_is_no_baseline_since_july_2025() -> None:
    assert asked("trusted")["ES256, edci-1.x"]["level"] == "JSON-NOT-ETSI"


@pytest.mark.parametrize("how", FORGERIES)
@pytest.mark.parametrize("case", KINDS)
def test_a_forged_seal_of_ours_fails(case: str, how: str) -> None:
    row = asked("trusted")[f"{case}, {how}"]

    assert not row["intact"]
    assert row["indication"] == "TOTAL_FAILED"


@pytest.mark.parametrize("situation", AGREED)
def test_we_say_the_same_about_every_seal(situation: str) -> None:
    theirs = asked(situation)
    said = {case: _ours(report) for case, report in ours(situation).items()}

    assert said == {case: indication(row) for case, row in theirs.items()}


@pytest.mark.parametrize("case", KINDS)
def test_only_we_ask_how_old_a_list_is(case: str) -> None:
    """DSS's policy ignores freshness unless told; a stale list settles nothing here.

    The indication stays the one of DSS, the check and so the verdict are stricter.
    """
    report = ours("stale lists")[case]

    assert _ours(report) == indication(asked("stale lists")[case]) == "TOTAL_PASSED"
    assert report.check("seal.revocation").reason == "stale"
    assert report.outcome.value == "INDETERMINATE"


def _ours(report: Report) -> str:
    (proof,) = report.proofs
    total = {"PASSED": "TOTAL_PASSED", "FAILED": "TOTAL_FAILED"}
    indication = total.get(proof.indication.value, proof.indication.value)
    sub = proof.sub_indication
    return indication if sub is None else f"{indication}/{sub}"


def test_the_judge_says_what_it_said_before() -> None:
    said = {
        f"{situation}: {case}": f"{indication(row)}; {row['level']}"
        for situation in SITUATIONS
        for case, row in asked(situation).items()
    }
    hold(Judgement(DSS, dss_version(), "ours", said))

"""Thousands of random changes: none may be PASSED with another content.

A mutant is verified under the trust in which its twin is PASSED. It may be PASSED
only if what is verified is the same; nothing may raise, and no answer may be
`internal-error`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from attacks import suites, workshop
from attacks.mutants import mutants
from attacks.workshop import verify
from edc_issuer.canonical.jcs import jcs
from edc_issuer.report import Outcome, Report

# Small batches, so that several processes share the work.
BATCHES, ROUNDS = 8, 250
FORMS = (
    "edc-jades",
    "ob3-jwt",
    "ob3-di",
    "ob3-di-by-text",
    "ob3-di-p384",
    "ob3-di-chain",
)


@cache
def _twins(form: str) -> tuple[bytes, bytes]:
    """An honest file, and another honest one of the same school."""
    if form == "edc-jades":
        other = workshop.edc(id="urn:credential:2", title={"sl": "Druga"})
        return workshop.sealed(), workshop.sealed(credential=other)
    other = workshop.badge(id="urn:uuid:2", name="Druga značka")
    if form == "ob3-jwt":
        return workshop.jwt(), workshop.jwt(workshop.claims(other))
    if form == "ob3-di-by-text":
        suite = "eddsa-jcs-2022"
        return suites.made(suite), suites.made(suite, document=other)
    if form == "ob3-di-p384":
        suite, kind = "ecdsa-rdfc-2019", "P-384"
        renamed = suites.document_of(suites.key(kind), name="Druga značka")
        return suites.made(suite, kind), suites.made(suite, kind, document=renamed)
    if form == "ob3-di-chain":
        return suites.chained(), suites.chained(other)
    encoded, proved = workshop.encoded, workshop.proved
    return encoded(proved()), encoded(proved(other))


def _ordered(content: Any) -> bytes:
    """The content without the order of its arrays, which Data Integrity never signs."""
    return jcs(_sorted(content))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    items = sorted(map(_sorted, value), key=jcs)
    # One value and a list of it are the same thing to a reader of the graph.
    return items[0] if len(items) == 1 else items


def _same_content(form: str, report: Report, twin: Report) -> bool:
    if form in ("edc-jades", "ob3-jwt", "ob3-di-by-text"):
        return report.content == twin.content
    return _ordered(report.content) == _ordered(twin.content)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("form", FORMS)
def test_a_mutant_is_passed_only_with_the_content_of_its_twin(
    form: str, batch: int
) -> None:
    data, beside = _twins(form)
    trust = suites.trust()
    twin = verify(data, trust=trust)
    seed = FORMS.index(form) * 1000 + batch

    made = mutants(data, beside=beside, seed=seed, count=ROUNDS)
    verdicts = [(mutant, verify(mutant.data, trust=trust)) for mutant in made]

    assert twin.outcome is Outcome.PASSED
    assert [mutant for mutant, report in verdicts if _is_a_bug(report)] == []
    assert [
        mutant
        for mutant, report in verdicts
        if report.outcome is Outcome.PASSED and not _same_content(form, report, twin)
    ] == []
    # What is PASSED changed nothing that is covered: nine in ten must change it.
    passed = sum(report.outcome is Outcome.PASSED for _, report in verdicts)
    assert passed < ROUNDS * 0.1


def _is_a_bug(report: Report) -> bool:
    return any(check.reason == "internal-error" for check in report.checks)

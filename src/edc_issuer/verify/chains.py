"""Proofs over other proofs: a signature is no better than what it stands on.

In a chain a proof covers the document and the proofs that it names. It says that
these were there, so all of them must hold, near and far, each under its own key.
W3C VC Data Integrity 1.0 section 4.5; the law of verdicts, part 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edc_issuer.report import GOOD, SEAL_CHECKS, Status
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.judgement import Judgement

_CHECKS = ("proof.key", "proof.integrity", "proof.algorithm")


def linked(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements in their order, each with what those below it take away."""
    return [
        _standing_on(item, [judgements[index] for index in item.proof.after])
        for item in judgements
    ]


def _standing_on(item: Judgement, below: Sequence[Judgement]) -> Judgement:
    if not item.answers.is_good("proof.integrity"):
        return item
    statuses = [one.answers.status(check) for one in below for check in _CHECKS]
    if Status.FAIL in statuses:
        return _weakened(item, Status.FAIL, "chain.broken")
    if any(status not in GOOD for status in statuses):
        return _weakened(item, Status.UNDECIDED, "chain.open")
    return item


def _weakened(item: Judgement, status: Status, reason: str) -> Judgement:
    """The judgement without all that followed from the signature (part 1)."""
    answers = Answers()
    answers.give("proof.integrity", status, reason)
    kept = {"proof.key", "proof.algorithm", *SEAL_CHECKS}
    answers.merge({k: v for k, v in item.checks.items() if k in kept})
    return replace(item, answers=answers, signer=None)

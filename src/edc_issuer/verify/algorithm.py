"""`proof.algorithm`: was it sound when the proof is known to have existed?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from edc_issuer.formats.base import Proof
from edc_issuer.formats.suites import LEGACY, UNKNOWN, Suite, suite_named
from edc_issuer.jose import ALGORITHMS, fits, jwk_allows, weakness
from edc_issuer.trust.algorithms import end_of
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.signing_key import SigningKey

SOON = timedelta(days=365)  # an algorithm that ends within a year is worth a word


def judge_algorithm(
    answers: Answers, proof: Proof, key: SigningKey | None, moment: datetime
) -> None:
    """Answer `proof.algorithm`: the key fixes what may be used with it."""
    if answers.status("proof.algorithm") is not None:
        return  # the key itself was too weak to be read
    alg = proof.algorithm
    suite = suite_named(alg)
    if UNKNOWN in proof.notes:
        answers.leaves_open("proof.algorithm", "suite.unsupported", algorithm=alg)
        return
    if suite is None and alg not in ALGORITHMS:
        answers.fails("proof.algorithm", "alg.not_allowed", algorithm=alg)
        return
    if key is None:
        answers.leaves_open("proof.algorithm", "blocked", algorithm=alg)
        return
    if not _is_for(suite, alg, key):
        answers.fails("proof.algorithm", "alg.not_allowed", algorithm=alg)
        return
    weak = weakness(key.public_key)
    if weak:
        answers.fails("proof.algorithm", "weak.key", detail=weak, algorithm=alg)
        return
    if LEGACY in proof.notes:
        answers.warns("proof.algorithm", LEGACY, algorithm=alg)
        return
    _judge_end(answers, alg, key, moment)


def _is_for(suite: Suite | None, alg: str, key: SigningKey) -> bool:
    """Whether the algorithm, or one of the suite's, is the key's own."""
    if suite is None:
        only = key.resolved.algorithm if key.resolved else None
        is_named = only is None or jwk_allows({"alg": only}, alg)
        return fits(alg, key.public_key) and is_named
    return suite.means_for(key.public_key) is not None


def _judge_end(answers: Answers, alg: str, key: SigningKey, moment: datetime) -> None:
    """Whether it was enough when the proof is known to have existed."""
    end = end_of(alg, key.public_key)
    evidence: dict[str, Any] = {
        "algorithm": alg,
        "until": end.isoformat() if end else None,
    }
    if end is not None and moment.date() >= end:
        answers.leaves_open(
            "proof.algorithm", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", **evidence
        )
    elif end is not None and (moment + SOON).date() >= end:
        answers.warns("proof.algorithm", "ends-soon", **evidence)
    else:
        answers.passes("proof.algorithm", **evidence)

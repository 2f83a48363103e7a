"""Every row of the attack table: the honest twin is PASSED, the attack is not.

Without the first half the second could not fail. `attacks/README.md` says which
rows are here and where the cases of each row stand.
"""

from __future__ import annotations

from functools import cache

import pytest

from attacks import CASES
from attacks.case import Case
from attacks.workshop import verify
from edc_issuer.report import Outcome


@cache
def _outcome_of_twin(case: Case) -> Outcome:
    return verify(case.twin(), trust=case.trust()).outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_attack_is_answered_beside_its_honest_twin(case: Case) -> None:
    twin = _outcome_of_twin(case)
    report = verify(case.attack(), trust=case.trust())

    check = report.check(case.expected.split(" ")[0])
    text = f"{check.id} {check.status} {check.reason}".strip()
    assert twin is Outcome.PASSED
    assert text == case.expected, report.to_text(verbose=True)
    assert (report.outcome is Outcome.PASSED) == case.passes
    assert all(c.reason != "internal-error" for c in report.checks)

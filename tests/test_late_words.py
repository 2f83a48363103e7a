"""Where the word of validators and our own checks part, told apart in both directions.

The words were measured with DSS 6.4 (`interop/late_judgements.json` has them all).
"""

from __future__ import annotations

import pytest

from edc_issuer.report import Outcome, Report
from late_cases import levels, stories
from late_changes import etsiu_of

pytestmark = pytest.mark.slow


def report(story: str) -> Report:
    return stories()[story].report()


def told(found: Report, check: str = "seal.revocation") -> tuple[str, str]:
    one = found.check(check)
    return one.status.value, one.reason


def word(found: Report) -> tuple[str, str | None]:
    (proof,) = found.proofs
    return proof.indication.value, proof.sub_indication


@pytest.mark.parametrize("when", ["responder", "responder and seal"])
def test_an_answer_whose_responder_has_ended_counts_if_it_is_known_to_be_older(
    when: str,
) -> None:
    """Whoever gets hold of an old responder's key could write "good" with any date."""
    archived, bare = report(f"{when} expired: LTA"), report(f"{when} expired: LT")

    assert (archived.outcome, told(archived)) == (Outcome.PASSED, ("pass", ""))
    assert (bare.outcome, told(bare)) == (
        Outcome.INDETERMINATE,
        ("undecided", "no-data"),
    )
    sub = (
        "OUT_OF_BOUNDS_NO_POE" if "seal" in when else "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    )
    assert word(bare) == ("INDETERMINATE", sub)


def test_a_timestamp_outlives_whoever_answered_for_its_authority() -> None:
    """Nothing could prove the answers about the newest timestamp to be older."""
    archived = report("responder of timestamps and seal expired: LTA")
    expired = report("timestamps and seal expired: LTA")

    assert told(archived, "time.signed") == ("pass", "")
    assert archived.outcome is Outcome.PASSED
    assert told(expired, "time.signed") == ("warn", "tsa-expired")


def test_a_seal_stamped_after_its_withdrawal_fails_but_is_no_total_failure() -> None:
    """A timestamp shows that the seal is no younger, not that it is no older."""
    before, later = report("withdrawn before: LT"), report("withdrawn later: LT")

    assert (before.outcome, told(before)) == (Outcome.FAILED, ("fail", "revoked"))
    assert word(before) == ("INDETERMINATE", "REVOKED_NO_POE")
    assert (later.outcome, word(later)) == (Outcome.PASSED, ("PASSED", None))


def test_an_authority_withdrawn_later_leaves_the_word_and_opens_the_check() -> None:
    """Its answers must be known to be older than that; validators ask only the seal."""
    bare = report("seal authority withdrawn later: LT")
    archived = report("seal authority withdrawn later: LTA")

    assert word(bare) == word(archived) == ("PASSED", None)
    assert told(bare) == ("undecided", "REVOKED_CA_NO_POE")
    assert (archived.outcome, told(archived)) == (Outcome.PASSED, ("pass", ""))


def test_nothing_empty_is_written_since_the_schema_allows_none() -> None:
    """The test authorities share one list, so that `tstVD` has only certificates."""
    for name, case in levels().items():
        elements = etsiu_of(case.data)
        assert all(value for element in elements for value in element.values()), name
        inside = [one["tstVD"] for one in elements if "tstVD" in one]
        assert all(value for one in inside for value in one.values()), name

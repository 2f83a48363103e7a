"""The decision of the receiving organisation, as it is kept.

Rule ST-14: an answer of the rules is not a decision. Somebody decides on a day, may
decide otherwise than the rules answered, and then says why.
Source: Annex II of the Council Recommendation of 16 June 2022, principle 5.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from edc_issuer.errors import ConfigError
from edc_issuer.rules.stacking import Eligibility

Verdict = Literal["accepted", "refused", "deferred"]
DECISIONS: tuple[Verdict, ...] = ("accepted", "refused", "deferred")


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what on which day, and what the rules had answered.

    `eligibility` is the answer that lay before `decided_by`; `reasons` are their own.
    """

    decided_by: str
    on: date
    decision: Verdict
    eligibility: Eligibility
    reasons: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """What the rules had answered: eligible, not_eligible or unknown."""
        return self.eligibility.answer

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON values, with the whole answer that it rests on."""
        return {
            "decided_by": self.decided_by,
            "date": self.on.isoformat(),
            "decision": self.decision,
            "reasons": list(self.reasons),
            "answer": self.eligibility.to_dict(),
        }

    def to_json(self) -> str:
        """The decision as JSON text, for the file of the host."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


def record_decision(
    eligibility: Eligibility,
    *,
    decided_by: str,
    on: date,
    decision: Verdict,
    reasons: Sequence[str] = (),
) -> Decision:
    """Keep what a person decided.

    `ConfigError` where nobody is named, where the word is no decision, or where it
    goes against the answer of the rules and says no reason.
    """
    if not decided_by.strip():
        raise ConfigError("a decision needs the name of who decided")
    if decision not in DECISIONS:
        raise ConfigError(f"a decision is one of {', '.join(DECISIONS)}")
    given = tuple(reason for reason in reasons if reason.strip())
    if decision == "accepted" and eligibility.answer != "eligible" and not given:
        raise ConfigError(
            f"the rules answer {eligibility.answer}; to accept all the same, say why"
        )
    return Decision(decided_by.strip(), on, decision, eligibility, given)

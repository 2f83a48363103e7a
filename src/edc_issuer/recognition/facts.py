"""What a receiving school wants to know about a credential, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from edc_issuer.summary import Several, Summary

_NONE = Several()
Procedure = Literal["standard", "individual", "unknown"]


@dataclass(frozen=True, slots=True)
class Quality:
    """One statement on quality assurance; `body` is who decided, if anybody is named.

    `kind`: "accreditation" (a named body decided), "external", "internal", or
    "statement" where the file does not say which.
    """

    text: str
    kind: Literal["accreditation", "external", "internal", "statement"]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a credential says, for recognition; texts are neutralised single lines.

    `provider_status`, `setting` and `route` are codes of the record, None where the
    file does not say; the other texts are in `language` where the file has it.
    `hours` are clock hours of notional workload. Indicative credits never stand
    among `credits`; `recommended` says that a level is no more than that. `cycles` are
    codes of the record (`first`) where the file has one.
    """

    language: str
    model: str | None
    summary: Summary
    achievements: int = 0
    levels: tuple[str, ...] = ()
    level_basis: tuple[str, ...] = ()
    recommended: bool = False
    cycles: tuple[str, ...] = ()
    equivalents: tuple[tuple[str, int, str], ...] = ()  # national level, EQF, source
    level_absent: str | None = None
    hours: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    indicative_credits: tuple[str, ...] = ()
    outcomes: Several = _NONE
    assessments: tuple[str, ...] = ()
    assessment_types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    supervision: tuple[str, ...] = ()
    identity_checked: bool | None = None
    grades: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    assessors: tuple[str, ...] = ()
    quality: tuple[Quality, ...] = ()
    provider: str | None = None
    provider_identifiers: tuple[str, ...] = ()
    provider_status: Literal["formal", "not_formal"] | None = None
    setting: Literal["formal", "non_formal"] | None = None
    route: str | None = None
    evidence: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def procedure(self) -> Procedure:
        """Annex II, principle 6: standard procedures for formal providers."""
        if self.provider_status is None:
            return "unknown"
        return "standard" if self.provider_status == "formal" else "individual"

    @property
    def external_quality(self) -> bool:
        """Whether any statement says that somebody outside looked."""
        return any(item.kind in ("accreditation", "external") for item in self.quality)

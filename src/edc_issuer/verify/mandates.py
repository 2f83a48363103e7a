"""Sealed by one organisation for another: whose word makes that believable.

A mandate inside the file is the sealer's own claim (the law of verdicts, part 5).
It is believed where the operator recorded it (`mandates.json`), or where the
mandator's own seal over a statement naming this sealer passes in the same run.
Such a statement is a sealed EDC: its issuer is the mandator, its subject the
organisation that may seal, its evidence of the kind mandate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from edc_issuer.models.identifier import StatedIdentifier
from edc_issuer.models.issuer import StatedIssuer, stated_organisation
from edc_issuer.models.tree import values
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.trust import Mandate, Trust
from edc_issuer.trust.issuers import (
    legal_identifier,
    same_identifier,
    same_name,
    trusted_issuer,
)
from edc_issuer.verify.proved import Proved

_MANDATE = "http://data.europa.eu/snb/evidence-type/c_18016257"
_BY_MANDATE = "http://data.europa.eu/snb/credential/c_9a31f32a"
# Why a mandate is not confirmed, the nearest miss first.
WHY = (
    "ended",
    "other-name",
    "other-number",
    "wrong-direction",
    "for-another",
    "of-another",
    "own-statement",
    "statement-refused",
    "not-recorded",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file handed over as a mandator's statement says.

    `refused` is why it counts for nothing, as a code: `not-passed` (its own verdict),
    `not-its-own-seal`, `no-mandate`, `names-nobody`. `mandator` is proved,
    `sealer` is whom it names.
    """

    refused: str = ""
    mandator: str = ""
    mandator_names: tuple[str, ...] = ()
    sealer: StatedIssuer | None = None

    @classmethod
    def of(cls, report: Report) -> Statement:
        """Read it from its own report, made in the same run as the file's."""
        identified = report.check("issuer.identified")
        if report.outcome is not Outcome.PASSED or report.signer is None:
            return cls("not-passed")
        if identified.status is not Status.PASS or report.format != "jades":
            return cls("not-its-own-seal")
        content = report.content or {}
        if _MANDATE not in _kinds_of_evidence(content):
            return cls("no-mandate")
        subjects = values(content.get("credentialSubject"))
        named = stated_organisation(content, subjects)
        if named is None or named.ambiguous:
            return cls("names-nobody")
        names = identified.evidence["proved"]["names"]
        return cls("", report.signer.identifier or "", tuple(names), named)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a mandate is confirmed, by whom, else why not (a code of `WHY`).

    `mandator` is its identifier in the mandate; `names` are names that somebody other
    than the file gives it: its own certificate, or the operator's list. None may be
    known.
    """

    why: str = ""
    by: str = ""  # "operator" or "statement"
    names: tuple[str, ...] = ()
    until: datetime | None = None
    mandator: str | None = None

    @property
    def confirmed(self) -> bool:
        return not self.why

    def mandator_as(self, stated: StatedIssuer) -> StatedIssuer | None:
        """For whom the signer may seal: by the mandate's number and no other.

        Its names are the file's only where nobody else gives it one.
        """
        if not self.confirmed or self.mandator is None:
            return None
        number = StatedIdentifier.parse(self.mandator)
        return StatedIssuer(None, self.names or stated.names, (number,))


def claims_mandate(view: Any) -> bool:
    """Whether the content says it was sealed for somebody else: a claim, no proof."""
    if not isinstance(view, Mapping):
        return False
    profiles = _ids(view.get("credentialProfiles"))
    return _BY_MANDATE in profiles or _MANDATE in _kinds_of_evidence(view)


def _kinds_of_evidence(view: Mapping[str, Any]) -> set[str]:
    return {
        kind
        for node in values(view.get("evidence"))
        if isinstance(node, Mapping)
        for kind in _ids(node.get("dcType"))
    }


def _ids(concepts: Any) -> set[str]:
    return {
        item["id"]
        for item in values(concepts)
        if isinstance(item, Mapping) and isinstance(item.get("id"), str)
    }


def confirmation(
    proved: Proved,
    stated: StatedIssuer,
    *,
    trust: Trust,
    statements: Sequence[Statement],
    at: datetime,
) -> Finding:
    """Whether anybody but the sealer says that it may seal for the stated issuer.

    `at` is the proved time of sealing, or the time asked about where none is proved.
    """
    if proved.identifier is None:
        return Finding("not-recorded")
    missed: list[str] = []
    for mandate in trust.mandates:
        why = _why_not_recorded(mandate, proved.identifier, stated, at)
        if not why:
            listed = trusted_issuer(trust, mandate.mandator, at)
            names = listed.names if listed else ()
            found = Finding("", "operator", names, mandate.until, mandate.mandator)
            return _compared(found, stated)
        missed.append(why)
    for statement in statements:
        why = statement.refused and "statement-refused"
        why = why or _why_not_stated(statement, proved, stated)
        if not why:
            names, number = statement.mandator_names, statement.mandator
            return _compared(Finding("", "statement", names, None, number), stated)
        missed.append(why)
    return Finding(min(missed, key=WHY.index, default="not-recorded"))


def _compared(finding: Finding, stated: StatedIssuer) -> Finding:
    """Not confirmed where the file calls the mandator what it is not known to be.

    A sealer that may act for one organisation could name another one beside it.
    """
    pairs = ((a, b) for a in finding.names for b in stated.names)
    if finding.names and not any(same_name(a, b) for a, b in pairs):
        return replace(finding, why="other-name")
    own = legal_identifier(finding.mandator or "")
    for item in stated.identifiers:
        other = legal_identifier(str(item))
        if own and other and own[:2] == other[:2] and own != other:
            return replace(finding, why="other-number")
    return finding


def _why_not_recorded(
    mandate: Mandate, sealer: str, stated: StatedIssuer, at: datetime
) -> str:
    by_sealer = same_identifier(mandate.sealer, sealer)
    for_issuer = _is_one_of(mandate.mandator, stated)
    if by_sealer and for_issuer:
        return "ended" if mandate.until is not None and mandate.until <= at else ""
    if same_identifier(mandate.mandator, sealer) and _is_one_of(mandate.sealer, stated):
        return "wrong-direction"
    if by_sealer:
        return "for-another"
    return "of-another" if for_issuer else "not-recorded"


def _why_not_stated(statement: Statement, proved: Proved, stated: StatedIssuer) -> str:
    sealer = proved.identifier or ""
    if same_identifier(statement.mandator, sealer):
        return "own-statement"
    for_issuer = _is_one_of(statement.mandator, stated)
    by_sealer = statement.sealer is not None and _is_signer(proved, statement.sealer)
    if by_sealer and not for_issuer:
        return "for-another"
    if for_issuer and not by_sealer:
        return "of-another"
    return "" if for_issuer else "not-recorded"


def _is_one_of(identifier: str, stated: StatedIssuer) -> bool:
    """Whether it is stated; a number in the place of an id is nobody's number."""
    return any(
        same_identifier(identifier, str(one))
        for one in stated.identifiers
        if one.source != "id" or one.type in ("did", "uri")
    )


def _is_signer(proved: Proved, named: StatedIssuer) -> bool:
    """By identifier and name, as everywhere (verdicts, part 5)."""
    return _is_one_of(proved.identifier or "", named) and any(
        same_name(a, b) for a in proved.names for b in named.names
    )


def refusals(statements: Sequence[Statement]) -> Iterator[str]:
    """Why each statement that was handed over counts for nothing."""
    return (statement.refused for statement in statements if statement.refused)

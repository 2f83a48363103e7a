"""Credentials inside a credential or presentation, each with its own verdict.

An outer signature says nothing about who signed what is inside. Parts are taken
out of the content and replaced by `{"part": n}`, so that none of them is ever
shown under somebody else's verdict.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from edc_issuer.models.tree import Survey, values
from edc_issuer.report import Report
from edc_issuer.verify.endorsements import endorsable, speaks_of

if TYPE_CHECKING:
    from edc_issuer.canonical import Limits

MAX_PARTS = 2_000  # of one credential or presentation
MAX_IN_ALL = 2_500  # with all that is inside of them: levels would multiply
LABORIOUS = 100  # that may be as hard to canonicalize as a file of its own
FURTHER_WORK = 2_000  # of each other: twice what the largest official file needs
_ENDORSEMENTS = frozenset({"endorsement", "endorsementJwt"})
_HOLDERS = _ENDORSEMENTS | {"verifiableCredential"}
_KINDS = frozenset({"VerifiableCredential", "EuropeanDigitalCredential"})
_PRESENTATIONS = frozenset({"VerifiablePresentation", "EuropeanDigitalPresentation"})


def is_presentation(view: Any) -> bool:
    """Whether the content is an envelope that somebody holds credentials out in."""
    if not isinstance(view, Mapping):
        return False
    kinds = {kind for kind in values(view.get("type")) if isinstance(kind, str)}
    return bool(kinds & _PRESENTATIONS) and not kinds & _KINDS


@dataclass(slots=True)
class Allowance:
    """How many inner credentials may still be verified, whatever their depth."""

    left: int = MAX_IN_ALL

    @property
    def limits(self) -> Limits | None:
        """How hard the one last taken may be to canonicalize; None: as any file."""
        if self.left >= MAX_IN_ALL - LABORIOUS:
            return None
        # Here, because most files need no processor of JSON-LD to be loaded.
        from edc_issuer.canonical import Limits

        return Limits(work=FURTHER_WORK)

    def take(self) -> bool:
        """Whether there is one more; it is used up."""
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True)
class Parts:
    """Takes the inner credentials out of a content and has each verified."""

    verify: Callable[[bytes], Report]
    allowance: Allowance = field(default_factory=Allowance)
    reports: list[Report] = field(default_factory=list)
    left_out: int = 0  # credentials that are not verified, for there are too many
    _endorsable: frozenset[str] = frozenset()

    def taken_out(self, content: Any, survey: Survey) -> Any:
        """The content with `{"part": n}` for each inner credential: a copy if any."""
        if isinstance(content, dict) and _HOLDERS.isdisjoint(survey.keys):
            return content
        if not _ENDORSEMENTS.isdisjoint(survey.keys):
            self._endorsable = endorsable(content, _HOLDERS)
        return self._copy(content)

    def _copy(self, content: Any) -> Any:
        if isinstance(content, Mapping):
            return {key: self._member(key, value) for key, value in content.items()}
        if isinstance(content, list):
            return [self._copy(item) for item in content]
        return content

    def _member(self, key: str, value: Any) -> Any:
        if key not in _HOLDERS or value is None:
            return value if isinstance(value, str) else self._copy(value)
        is_endorsement = key in _ENDORSEMENTS
        parts = [self._part(item, is_endorsement) for item in values(value)]
        return parts if isinstance(value, list) else parts[0]

    def _part(self, item: Any, is_endorsement: bool) -> Any:
        if len(self.reports) >= MAX_PARTS or not self.allowance.take():
            self.left_out += 1
            return {"part": "too many"}
        if isinstance(item, str):
            data = item.encode()
        elif isinstance(item, Mapping):
            # The view of a credential within keeps the text that its issuer signed.
            signed = getattr(item, "as_signed", item)
            data = json.dumps(signed, ensure_ascii=False).encode()
        else:
            return None
        report = self.verify(data)
        if is_endorsement:
            report = speaks_of(report, self._endorsable)
        self.reports.append(report)
        return {"part": len(self.reports) - 1}

"""Credentials inside a credential or presentation, each with its own verdict.

An outer signature says nothing about who signed what is inside. Parts are taken
out of the content and replaced by `{"part": n}`, so that none of them is ever
shown under somebody else's verdict.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.models.tree import Survey, values
from edc_issuer.report import Report

MAX_PARTS = 100  # of one credential or presentation
MAX_IN_ALL = 400  # with all that is inside of them: three levels would be a million
_HOLDERS = frozenset({"verifiableCredential", "endorsement", "endorsementJwt"})
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

    def taken_out(self, content: Any, survey: Survey) -> Any:
        """The content with `{"part": n}` for each inner credential: a copy if any."""
        if isinstance(content, dict) and _HOLDERS.isdisjoint(survey.keys):
            return content
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
        parts = [self._part(item) for item in values(value)]
        return parts if isinstance(value, list) else parts[0]

    def _part(self, item: Any) -> Any:
        if len(self.reports) >= MAX_PARTS or not self.allowance.take():
            return {"part": "too many"}
        if isinstance(item, str):
            data = item.encode()
        elif isinstance(item, Mapping):
            # The view of a credential within keeps the text that its issuer signed.
            signed = getattr(item, "as_signed", item)
            data = json.dumps(signed, ensure_ascii=False).encode()
        else:
            return None
        self.reports.append(self.verify(data))
        return {"part": len(self.reports) - 1}

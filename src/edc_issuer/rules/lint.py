"""Hints on the wording of learning outcomes; nothing is ever refused for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.rules.elements import Inspected


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark on one outcome.

    `severity` is "warning", or "info" for what is only usually so; `path` is the
    place of the text, `language` its language, `values` go into the sentence
    `lint.<code>`.
    """

    code: str
    severity: str
    path: str
    language: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    def sentence(self, messages: Messages) -> str:
        """The hint in words."""
        return messages.text(f"lint.{self.code}", **self.values)

    def to_json(self, messages: Messages) -> dict[str, Any]:
        """The hint as JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "path": self.path,
            "language": self.language,
            "message": self.sentence(messages),
        }


def lint(document: Any) -> tuple[Hint, ...]:
    """Hints."""
    Inspected.of(document)
    return ()

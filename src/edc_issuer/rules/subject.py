"""What a rule looks at: a record or a programme, and the profiles that apply to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation

from edc_issuer.record import CredentialRecord, Programme, ProgrammeDocument
from edc_issuer.rules.table import Severity

Document = CredentialRecord | ProgrammeDocument
MICRO_KINDS = ("micro_credential", "stacked_micro_credential", "skill_credential")
# Longer than any honest number; what does not fit is not rounded but refused.
_EXACT = Context(prec=420, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found, before the table says how grave it is.

    `severity` only where the rule itself knows: it cannot answer ("unknown"), or
    speaks less gravely of this case.
    """

    rule: str
    path: str
    detail: str | Decimal | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """One document under its profiles: national, of a project, or asked for."""

    document: Document
    profiles: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, profile: str | None = None) -> Subject:
        """The document under `profile`, else under those it names itself."""
        return cls(document, profiles_of(document) if profile is None else (profile,))

    @property
    def programme(self) -> Programme:
        return self.document.programme

    @property
    def record(self) -> CredentialRecord | None:
        """The award with its programme; None for a programme alone."""
        found = self.document
        return found if isinstance(found, CredentialRecord) else None

    @property
    def kind(self) -> str:
        found = self.document
        if isinstance(found, CredentialRecord):
            return found.credential_kind
        return found.programme.kind


def profiles_of(document: Document) -> tuple[str, ...]:
    """The profiles that a document names; who names no country means the Union."""
    project = document.project_profile
    return (document.national_profile or "EU", *([project] if project else ()))


def total(numbers: Iterator[Decimal]) -> Decimal | None:
    """The exact sum; None where it is longer than any honest number."""
    result = Decimal(0)
    try:
        for number in numbers:
            result = _EXACT.add(result, number)
    except DecimalException:
        return None
    return result


def times(number: Decimal, factor: int) -> Decimal | None:
    """The exact product; None where it is longer than any honest number."""
    try:
        return _EXACT.multiply(number, Decimal(factor))
    except DecimalException:
        return None


def shown(number: Decimal) -> str:
    """A number as it is read: 45, 1.5, without zeros at the end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

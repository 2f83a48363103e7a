"""What the rules say about a record, a programme or a credential.

Each theme has a module that finds (`workload`, `assessment`, `level`,
`presentation`); here the table says how grave a finding is under the profiles that
apply. A finding is not yet a refusal: `record.refusals` says what is never issued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.rules.assessment import assessment_findings
from edc_issuer.rules.level import level_findings
from edc_issuer.rules.presentation import presentation_findings
from edc_issuer.rules.subject import Document, Found, Subject
from edc_issuer.rules.table import Severity, rules
from edc_issuer.rules.workload import workload_findings

MAX_FINDINGS = 500  # of one theme: who has more has one cause, told often enough
THEMES: tuple[Callable[[Subject], Iterator[Found]], ...] = (
    workload_findings,
    assessment_findings,
    level_findings,
    presentation_findings,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule.

    `path` is where in the record (`programme.units[4]`) or, as a JSON pointer, in
    the credential; `detail` the code or number that it is about, None where path
    and rule say all; `values` go into the sentence. `severity` "unknown" means that
    the rule could not answer.
    """

    rule: str
    severity: Severity
    path: str
    detail: str | Decimal | None = None
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def sentence(self, messages: Messages, *, profile: str | None = None) -> str:
        """The finding in words, in those of a profile where it has its own."""
        key, case = f"rule.{self.rule}", self.values.get("case")
        if self.severity == "unknown":
            own = f"{key}.unknown"
            chosen = own if messages.has(own) else "rule.unknown"
        else:
            chosen = key if case is None else f"{key}.{case}"
        values = {
            name: _listed(messages, key, value) if isinstance(value, tuple) else value
            for name, value in self.values.items()
        }
        values.update(rule=self.rule, profile=profile)
        return messages.text(chosen, **values)

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON values; numbers as text, so that they stay exact."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "path": self.path,
            "detail": None if self.detail is None else str(self.detail),
            "values": {name: _plain(value) for name, value in self.values.items()},
        }


def findings(subject: Document, *, profile: str | None = None) -> tuple[Finding, ...]:
    """All findings of the rules of scope `record`, in the order of the table.

    `profile` ("SI", "S4G") asks under this one alone; without it the profiles apply
    that the document names. Of one theme at most `MAX_FINDINGS` are told.
    """
    asked = Subject.of(subject, profile)
    found = (one for theme in THEMES for one in islice(theme(asked), MAX_FINDINGS))
    return judged(found, asked.profiles)


def judged(found: Iterable[Found], profiles: tuple[str, ...]) -> tuple[Finding, ...]:
    """What applies under these profiles, each with its severity, in table order."""
    table = rules()
    order = {rule: number for number, rule in enumerate(table)}
    kept = [
        Finding(one.rule, one.severity or severity, one.path, one.detail, one.values)
        for one in found
        if (severity := table[one.rule].severity_in(profiles)) is not None
    ]
    return tuple(sorted(kept, key=lambda finding: order[finding.rule]))


def _listed(messages: Messages, key: str, codes: tuple[object, ...]) -> str:
    """Codes one after the other, in words where this rule has words for them."""
    own = [f"{key}.{code}" for code in codes]
    return ", ".join(
        messages.text(name) if messages.has(name) else str(code)
        for name, code in zip(own, codes, strict=True)
    )


def _plain(value: object) -> object:
    """A value of a sentence as JSON."""
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return value if value is None or isinstance(value, str | int) else str(value)

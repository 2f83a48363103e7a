"""Our verifier, under a trust folder that names the makers of other people's badges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from edc_issuer.report import REQUIRED, Report, Status
from edc_issuer.trust import Trust, TrustedIssuer
from edc_issuer.trust.additions import add_issuer
from edc_issuer.verify import Verifier
from interop.cases import records

_OPEN = (Status.FAIL, Status.UNDECIDED)


def verdict(report: Report) -> str:
    """The outcome, and each question it rests on that was not answered well."""
    open_ends = [
        f"{check.id} {check.reason}"
        for check in report.checks
        if check.id in REQUIRED and check.status in _OPEN and check.reason != "blocked"
    ]
    return "; ".join([report.outcome.value, *open_ends])


def presented(report: Report) -> str:
    """What holds of a presentation: its proof, its holder, and each badge in it."""
    asked = [report.check(name) for name in ("proof.integrity", "credential.holder")]
    answers = [f"{check.id} {check.status} {check.reason}".strip() for check in asked]
    inside = [f"inside {verdict(part)}" for part in report.parts]
    return "; ".join([report.outcome.value, *answers, *inside])


@cache
def _names() -> tuple[str, ...]:
    """Every name of every school in the fixtures, each once."""
    names = (
        name
        for record in records().values()
        for name in record.issuer.legal_name.values()
    )
    return tuple(dict.fromkeys(names))


def trust_in(issuers: Iterable[str]) -> Trust:
    """A test trust folder in which these DIDs are the schools of the fixtures."""
    folder = Path(mkdtemp(prefix="edc-interop-"))
    for did in issuers:
        add_issuer(folder, TrustedIssuer(did, _names(), test=True))
    return Trust.load(folder)


@dataclass(frozen=True, slots=True)
class Theirs:
    """Signed badges that somebody else made, by case, and the trust in their maker."""

    version: str
    issued: Mapping[str, bytes]
    trust: Trust

    def verify(self, data: bytes) -> Report:
        """What our verifier says of these bytes."""
        return Verifier(trust=self.trust).verify(data)

    def said(self) -> dict[str, str]:
        """Our verdict on each."""
        return {case: verdict(self.verify(data)) for case, data in self.issued.items()}

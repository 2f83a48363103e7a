"""The ten principles of Annex II: which fields support each, and what is missing.

A principle is about how a micro-credential is made and offered; a document can only
show traces of it. `data/principles.json` names the fields that are such traces, so
the answer is "supported", "partly" or "not", never "fulfilled".
Council Recommendation 2022/C 243/02, Annex II.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from edc_issuer.messages import Messages
from edc_issuer.rules.elements import Inspected, Kind, Presence, answer, data


class Support(StrEnum):
    """How far a document shows a principle."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that supports a principle: whether and where the document says it."""

    id: str  # "P01.external"; its name is the message `principle.P01.external`
    status: Presence
    where: tuple[str, ...] = ()

    @property
    def supports(self) -> bool:
        """Whether it is there; what this program does itself always is."""
        return self.status in (Presence.PRESENT, Presence.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle of Annex II with its traces in a document."""

    id: str  # "P01"
    labels: Mapping[str, str] = field(hash=False)
    summary: str
    traces: tuple[Trace, ...]

    @property
    def status(self) -> Support:
        """Supported where every trace is there that can be there by now."""
        due = [t for t in self.traces if t.status is not Presence.NOT_YET]
        there = sum(trace.supports for trace in due)
        if there and there == len(due):
            return Support.SUPPORTED
        return Support.PARTLY if there else Support.NOT

    @property
    def missing(self) -> tuple[Trace, ...]:
        """What would support it and is not there."""
        return tuple(trace for trace in self.traces if not trace.supports)

    def label(self, language: str) -> str:
        """Its name, in English where the language has none."""
        return self.labels.get(language) or self.labels["en"]

    def to_json(self, messages: Messages) -> dict[str, Any]:
        """The principle as JSON values."""
        return {
            "id": self.id,
            "label": self.label(messages.language),
            "status": str(self.status),
            "supports": [
                {
                    "id": trace.id,
                    "label": messages.text(f"principle.{trace.id}"),
                    "status": str(trace.status),
                    "where": list(trace.where),
                }
                for trace in self.traces
            ],
        }


def principles(document: Any) -> tuple[Principle, ...]:
    """The ten principles; `document` as `completeness` takes it."""
    inspected = Inspected.of(document)
    return tuple(
        Principle(
            given["id"],
            given["labels"],
            given["summary"],
            tuple(_trace(inspected, given["id"], one) for one in given["supports"]),
        )
        for given in data("principles.json")["principles"]
    )


def _trace(inspected: Inspected, principle: str, given: Mapping[str, Any]) -> Trace:
    own_id = f"{principle}.{given['id']}"
    if given.get("by_library"):
        return Trace(own_id, Presence.NOT_APPLICABLE)
    paths: Sequence[str] = given[inspected.expressions]
    found = answer(inspected, {"any_of": paths})
    status = found.presence
    if given.get("award") and inspected.kind is Kind.PROGRAMME:
        status = Presence.NOT_YET if status is Presence.MISSING else status
    return Trace(own_id, status, found.where)

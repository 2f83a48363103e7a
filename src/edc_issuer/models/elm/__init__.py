"""The European Digital Credential: a record in the European Learning Model.

The credential is plain JSON for JSON-LD (ELM 3.2, W3C VC Data Model 1.1, context
`edc-ap`), complete and conforming to the official shapes; sealing it is the work of
a format. What ELM has no place for stands in the mapping report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edc_issuer.errors import Problem
from edc_issuer.models.base import BuildContext, Built, MappingReport, Read
from edc_issuer.models.elm.kind import CONTEXTS, TYPES

if TYPE_CHECKING:
    from edc_issuer.models.tree import Survey
    from edc_issuer.record import CredentialRecord

__all__ = ["CONTEXTS", "ELM", "TYPES", "ElmModel"]


@dataclass(frozen=True, slots=True)
class ElmModel:
    """The model `elm`; see `models.base.Model` for what each member promises.

    What makes credentials is loaded when the first one is made: a verifier that
    reads one file does without it.
    """

    id: str = "elm"

    def check(self, record: CredentialRecord) -> Iterator[Problem]:
        """Faults for which no EDC can be built, each with its path in the record."""
        from edc_issuer.models.elm.checks import problems

        return problems(record)

    def build(self, record: CredentialRecord, context: BuildContext) -> Built:
        """The credential, and where every field of the record went.

        Equal objects are one shared Python object: read the credential, do not
        change it. The record must have passed `check`; `RecordError` where a file
        that it names is not in `context.files`.
        """
        from edc_issuer.models.elm.account import rules
        from edc_issuer.models.elm.envelope import envelope
        from edc_issuer.models.elm.nodes import Nodes
        from edc_issuer.models.mapping import account

        credential = envelope(Nodes(record), context)
        return Built(
            credential,
            MappingReport(
                self.id, lambda: account(self.id, record, rules(record)).fields
            ),
        )

    def recognises(self, credential: Mapping[str, Any]) -> bool:
        """Whether the credential says that it is a European Digital Credential."""
        types = credential.get("type")
        return isinstance(types, list) and TYPES[1] in types

    def inspect(
        self, credential: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Iterator[Problem]:
        """Where a credential breaks the rules of its application profiles."""
        from edc_issuer.models.elm_profile import inspect

        return iter(inspect(credential))

    def read(self, credential: Mapping[str, Any]) -> Read:
        """The record that a credential tells, ours or anybody's.

        Nothing is verified. `RecordError` where it names no issuer, claims nothing or
        states no day.
        """
        from edc_issuer.models.elm.read import read

        return read(credential)


ELM = ElmModel()

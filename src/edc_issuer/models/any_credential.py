"""A credential of a kind that is not known here: only the rules all of them share.

Employers receive more than diplomas and badges. Such a file is held against the data
model of the W3C and nothing else, and the report says so. It is no row of `MODELS`:
no record is made of it, and none is issued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models import vcdm
from edc_issuer.models.terms import undefined_keys
from edc_issuer.models.tree import Survey, types_of


@dataclass(frozen=True, slots=True)
class AnyCredential:
    """The W3C data model alone, in the version that the first context names."""

    @property
    def id(self) -> str:
        return "vcdm"

    def recognises(self, credential: Mapping[str, Any]) -> bool:
        """Whether it calls itself a credential of a version that is known."""
        is_credential = "VerifiableCredential" in types_of(credential)
        return is_credential and vcdm.version_of(credential) is not None

    def inspect(
        self, credential: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Iterator[Problem]:
        """Where it breaks the rules of its version, and keys that nobody defined."""
        survey = survey or Survey.of(credential)
        yield from vcdm.inspect(credential, survey=survey)
        yield from undefined_keys(credential, survey=survey)


ANY_CREDENTIAL = AnyCredential()

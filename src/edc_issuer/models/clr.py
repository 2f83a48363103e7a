"""Comprehensive Learner Record 2.0: many achievements of one person in one envelope.

It is made of the classes of Open Badges and holds credentials that others signed; each
of them has a verdict of its own. Records of this kind are read here and never issued.
1EdTech Comprehensive Learner Record Standard 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edc_issuer.errors import Problem
from edc_issuer.models import vcdm
from edc_issuer.models.ob3.profile import faults
from edc_issuer.models.terms import undefined_keys
from edc_issuer.models.tree import Survey, types_of

_CONTEXT = re.compile(
    r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])?\.json"
)


@dataclass(frozen=True, slots=True)
class LearnerRecord:
    """The learner record; `LEARNER_RECORD` is its only value, and no row of `MODELS`.

    Codes of `inspect` are those of a badge (`models.ob3`), and `context.clr`.
    """

    @property
    def id(self) -> str:
        return "clr"

    def recognises(self, credential: Mapping[str, Any]) -> bool:
        """By its type."""
        return "ClrCredential" in types_of(credential)

    def inspect(
        self, credential: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Iterator[Problem]:
        """Where it leaves the specification; never raises."""
        seen: set[str] = set()
        survey = survey or Survey.of(credential)
        for problem in vcdm.inspect(credential, survey=survey):
            seen.add(problem.path)
            yield problem
        second = vcdm.contexts_of(credential)[1:2]
        if not any(map(_CONTEXT.fullmatch, second)):
            text = "the second context must be one of the learner record 2.0"
            yield Problem("/@context", "context.clr", text)
        old = vcdm.version_of(credential) == "1.1"
        for problem in faults(credential, root="Clr 1.1" if old else "Clr"):
            # The rules of every credential have said so already.
            if problem.path not in seen:
                yield problem
        yield from undefined_keys(credential, survey=survey)


LEARNER_RECORD = LearnerRecord()

"""Open Badges 3.0: a record as an AchievementCredential, and badges of others judged.

Issued badges follow VCDM 2.0 with exactly the two published contexts; what Open
Badges cannot say travels as alignments or stands in the mapping report. Received
badges may be of any 3.0 version, under VCDM 1.1 or 2.0. 1EdTech Open Badges
Specification 3.0, document 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edc_issuer.errors import Problem
from edc_issuer.models import vcdm
from edc_issuer.models.base import BuildContext, Built, MappingReport, Read
from edc_issuer.models.ob3.kind import OB3_CONTEXT
from edc_issuer.models.ob3.profile import faults
from edc_issuer.models.ob3.table import BADGE_TYPES
from edc_issuer.models.terms import undefined_keys
from edc_issuer.models.tree import Survey, types_of, values

if TYPE_CHECKING:
    from edc_issuer.record import CredentialRecord

NOTES = frozenset({"context.old", "ob3.strict"})
_CONTEXT = re.compile(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/"
    r"(context(-3\.[0-9]\.[0-9])?\.json|context/ob_v3p0\.jsonld)"
)
# The first two contexts redefine protected terms of VCDM 2.0, so that a reader of
# the graph can read no file that names both.
_BEFORE_2_0 = re.compile(r".*/(context(-3\.0\.[01])?\.json|ob_v3p0\.jsonld)")


@dataclass(frozen=True, slots=True)
class OpenBadges:
    """The Open Badges 3.0 model; `OB3` is its only value.

    Of the codes that `inspect` gives, those in `NOTES` are worth telling and no
    fault; `vcdm.FATAL` and `vcdm.MALFORMED` are told apart there; `key.undefined` is
    content that no graph holds; every other one means that the badge does not conform.
    What makes badges is loaded when the first one is made.
    """

    @property
    def id(self) -> str:
        return "ob3"

    def check(self, record: CredentialRecord) -> Iterator[Problem]:
        """Faults for which no badge can be made of this record."""
        from edc_issuer.models.ob3.checks import faults_of

        return faults_of(record)

    def build(self, record: CredentialRecord, context: BuildContext) -> Built:
        """The unsigned badge in one language, and where each field went.

        Raises `RecordError` for an unknown time zone and `ConfigError` for a
        language that the record does not have.
        """
        from edc_issuer.models.ob3.account import account_of
        from edc_issuer.models.ob3.build import badge, voice_of

        voice = voice_of(record, context)
        return Built(
            badge(record, context),
            MappingReport(self.id, lambda: account_of(record, voice).fields),
        )

    def recognises(self, credential: Mapping[str, Any]) -> bool:
        """By type; by its second context where it states no type of its own.

        A badge without its type is a badge with a fault. A credential of another
        type may use the context of Open Badges (a CLR does) and is none.
        """
        types = {*types_of(credential)}
        if types & {*BADGE_TYPES, "EndorsementCredential"}:
            return True
        return types <= {"VerifiableCredential"} and _is_badge_context(
            _second_context(credential)
        )

    def inspect(
        self, credential: Mapping[str, Any], *, survey: Survey | None = None
    ) -> Iterator[Problem]:
        """Where a received badge leaves the specification; never raises."""
        seen: set[str] = set()
        survey = survey or Survey.of(credential)
        for problem in vcdm.inspect(credential, survey=survey):
            seen.add(problem.path)
            yield problem
        yield from _contexts(credential)
        for problem in faults(credential, root=_root(credential)):
            # The rules of every credential have said so already.
            if problem.path not in seen:
                yield problem
        yield from undefined_keys(credential, survey=survey)

    def read(self, credential: Mapping[str, Any]) -> Read:
        """The record that a badge tells, ours or anybody's, in its one language.

        Nothing is verified. `RecordError` where it names no issuer and no
        achievement, or states no day.
        """
        from edc_issuer.models.ob3.read import read

        return read(credential)


OB3 = OpenBadges()


def _root(credential: Mapping[str, Any]) -> str:
    endorsement = "EndorsementCredential" in types_of(credential)
    kind = "Endorsement" if endorsement else "Badge"
    return f"{kind} 1.1" if vcdm.version_of(credential) == "1.1" else kind


def _is_badge_context(context: object) -> bool:
    return isinstance(context, str) and _CONTEXT.fullmatch(context) is not None


def _second_context(credential: Mapping[str, Any]) -> object:
    contexts = values(credential.get("@context"))
    return contexts[1] if len(contexts) > 1 else None


def _contexts(credential: Mapping[str, Any]) -> Iterator[Problem]:
    second = _second_context(credential)
    if not isinstance(second, str) or not _is_badge_context(second):
        text = "the second context must be one of Open Badges 3.0"
        yield Problem("/@context", "context.ob3", text)
    elif second != OB3_CONTEXT:
        protected = vcdm.version_of(credential) == "2.0" and _BEFORE_2_0.match(second)
        clash = "; it cannot be combined with version 2.0" if protected else ""
        text = f"names an older context of Open Badges{clash}"
        yield Problem("/@context/1", "context.old", text)

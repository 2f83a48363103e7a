"""What both models ask of a record before they build anything from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from edc_issuer import vocab
from edc_issuer.errors import Problem, RecordError
from edc_issuer.models.dates import zone_of
from edc_issuer.record import CredentialRecord, Programme

# Both models say of it that it is a skill; an occupation or a page is none.
_ESCO_SKILL = re.compile(r"http://data\.europa\.eu/esco/skill/[A-Za-z0-9._-]+")
Code = tuple[str, str, str | None]  # path in the record, list, code or nothing


def zone_faults(record: CredentialRecord) -> Iterator[Problem]:
    """Why no time zone is known in which the days of the record begin and end."""
    try:
        zone_of(record)
    except RecordError as error:
        yield from error.problems


def code_faults(codes: Iterable[Code]) -> Iterator[Problem]:
    """Every code that its controlled list does not hold."""
    for path, list_name, code in codes:
        if code is None:
            continue
        try:
            vocab.concept(list_name, code)
        except vocab.UnknownConcept as error:
            yield error.problem(path)


def esco_faults(programme: Programme) -> Iterator[Problem]:
    """Every address under `outcomes.esco` that is not that of an ESCO skill."""
    for number, outcome in enumerate(programme.outcomes):
        if not all(_ESCO_SKILL.fullmatch(uri) for uri in outcome.esco):
            yield Problem(
                f"programme.outcomes[{number}].esco",
                "esco.not-a-skill",
                "names no ESCO skill; its address begins with "
                "http://data.europa.eu/esco/skill/",
            )

"""Signs that nobody sees, in what names a person, an award or a school.

A sign that turns the direction of writing shows a name as another one; one without
width makes two numbers look the same. No name of the region has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from edc_issuer.errors import Problem

# C0 without tab and line breaks, C1, marks without width, signs of direction (Unicode
# 16, sections 23.1 and 23.2), and what stands for a letter that was lost.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2069\ufeff\ufffd\ufffe\uffff]"
)
_LINES = re.compile(r"[\t\n\r\u2028\u2029]")


def unseen_signs(record: Any) -> Iterator[Problem]:
    """One fault for each name of a `CredentialRecord` that holds such a sign."""
    for path, name in _names(record):
        # Quick for nearly all; a space that does not break is seen, after all.
        if name.isprintable():
            continue
        if UNSEEN.search(name) or _LINES.search(name):
            yield Problem(
                path, "unseen-sign", "holds a sign that cannot be seen; type it anew"
            )


def _names(record: Any) -> Iterator[tuple[str, str]]:
    learner, award = record.learner, record.award
    yield "record_id", record.record_id
    yield "document_number", record.document_number or ""
    yield "learner.given_name", learner.given_name
    yield "learner.family_name", learner.family_name
    yield "learner.internal_id", learner.internal_id or ""
    yield "award.certificate_number", award.certificate_number
    if award.result is not None and award.result.assessed_by is not None:
        yield "award.result.assessed_by.name", award.result.assessed_by.name
    for path, organisation in (
        ("issuer", record.issuer),
        *((f"awarding_bodies[{n}]", o) for n, o in enumerate(record.awarding_bodies)),
    ):
        for language, name in organisation.legal_name.items():
            yield f"{path}.legal_name.{language}", name

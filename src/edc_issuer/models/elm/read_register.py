"""Registers and standards read back, and who adopted the programme."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.read_notes import NotesRead, Texts, without_tail
from edc_issuer.models.elm.read_organisation import identifiers, organisation, own_id
from edc_issuer.models.elm.read_quality import is_adoption
from edc_issuer.models.reading import NOWHERE, Branch, day_of
from edc_issuer.record import (
    Address,
    Adoption,
    Hko,
    Organisation,
    ProgrammeStandard,
    Register,
)

PROGRAMME_CODE, OUTCOME_SET = "programme code", "outcome set"
STANDARD = "qualification standard"
NAMELESS = "register"
_ADOPTED = re.compile(r"(.*) \(([0-9]{4}-[0-9]{2}-[0-9]{2})\)", re.DOTALL)


def register_of(spec: Branch, codes: dict[str, str]) -> Register | None:
    """The entry in a register: of a qualification a concept, else an identifier."""
    entry = spec.branch("qualificationCode")
    code = entry.text("notation") if entry else None
    if entry and code:
        name = entry.text("prefLabel")
        return Register(code, name=name, url=own_id(entry))
    if PROGRAMME_CODE not in codes:
        return None  # of another maker: the first identifier is the programme's
    others = (item for item in codes.items() if item[0] not in _OWN)
    scheme, code = next(others, ("", None))
    if not code:
        return None
    return Register(code, name=scheme if scheme != NAMELESS else None)


_OWN = (PROGRAMME_CODE, OUTCOME_SET)


def hko_of(spec: Branch, codes: dict[str, str], notes: NotesRead) -> Hko | None:
    """What the Croatian register holds; its level and volume are the programme's."""
    standards = map(_standard, spec.branches("isPartOf"))
    spec.take("isPartialQualification")
    texts: dict[str, Any] = {
        name: notes.one(f"urn:x-hko:{name}") for name in say.HKO_TEXTS
    }
    found = Hko(
        outcome_set_code=codes.get(OUTCOME_SET),
        qualification_standard_code=next(filter(None, standards), None),
        **texts,
    )
    return found if found != Hko() else None


def _standard(whole: Branch) -> str | None:
    if "Qualification" not in whole.types:
        return None
    whole.take("title")  # says the code once more
    return identifiers(whole).get(STANDARD)


def standards_of(notes: NotesRead) -> tuple[ProgrammeStandard, ...]:
    """Standards that the programme follows; code and register are in the subject."""
    found = []
    for uri, parts, text in notes.among(*(f"{say.STANDARD}:{k}" for k in _KINDS)):
        code, register = (*parts, "", "")[:2]
        origin = ", ".join(filter(None, (code, register)))
        found.append(
            ProgrammeStandard(
                kind=uri.rpartition(":")[2],  # type: ignore[arg-type]
                title=without_tail(text, f" ({origin})" if origin else ""),
                code=code or None,
                register=register or None,
            )
        )
    return tuple(found)


_KINDS = ("occupational", "qualification")


def adoption_of(spec: Branch, notes: NotesRead) -> Adoption | None:
    """Who adopted the programme: an accreditation, or a note with name and day."""
    for node in filter(is_adoption, spec.branches("accreditation")):
        body = organisation(node.branch("accreditingAgent"))
        if body is not None:
            return Adoption(body, date=node.day("dateIssued"))
    text = notes.one(say.ADOPTION[0])
    return _noted(text) if text else None


def _noted(text: Texts) -> Adoption:
    matches = {tag: _ADOPTED.fullmatch(item) for tag, item in text.items()}
    names, days = dict(text), set()
    for tag, match in matches.items():
        if match is not None:
            names[tag] = match[1]
            days.add(match[2])
    body = Organisation(legal_name=text, address=Address(NOWHERE))
    if len(days) != 1:
        return Adoption(body)
    return Adoption(replace(body, legal_name=names), date=day_of(days.pop()))

"""The level read back: a property where it was assigned, else words with a basis."""

from __future__ import annotations

from typing import Any

from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.read_notes import NotesRead, everywhere, pattern_values
from edc_issuer.models.reading import Branch, sentences
from edc_issuer.record import Level, Nqf

_FRAMEWORKS = ("SI", "HR", "RS", "ME", "BA")
_CYCLES = ("short", "first", "second", "third")
_BASES = ("referenced", "register", "where_possible", "where_needed", "if_applicable")
_UNSTATED = "if_applicable"  # claims least: that there may be a level


def level_of(spec: Branch, notes: NotesRead) -> Level | None:
    """The level of a programme; None where nothing is said of one."""
    eqf, nqf = _stated(spec)
    assigned = eqf is not None or nqf is not None
    for text in notes.about(say.LEVEL[0]):
        number = pattern_values(text, "level.eqf")
        if number is not None:
            eqf = _eqf(number["level"]) or eqf
        else:
            nqf = _national(pattern_values(text, "level.nqf")) or nqf
    cycle: Any = everywhere(notes.one(say.EHEA_CYCLE[0]))
    basis: Any = _basis(notes)
    by = notes.one(say.LEVEL_ASSIGNED_BY[0])
    rationale = notes.one(say.LEVEL_RATIONALE[0])
    if not any((eqf, nqf, cycle, basis, by, rationale)):
        return None
    unstated: Any = "register" if assigned else _UNSTATED
    return Level(
        basis=basis or unstated,
        eqf=eqf,
        nqf=nqf,
        ehea_cycle=cycle if cycle in _CYCLES else None,
        assigned_by=next(iter(by.values())) if by else None,
        rationale=rationale,
    )


def _stated(spec: Branch) -> tuple[int | None, Nqf | None]:
    code = spec.code("nqfLevel", "nqf") or ""
    return _eqf(spec.code("eqfLevel", "eqf")), _nqf(*code.partition("/")[::2])


def _eqf(code: str | None) -> int | None:
    return int(code) if code and code in "12345678" and len(code) == 1 else None


def _nqf(framework: str, level: str) -> Nqf | None:
    known = framework in _FRAMEWORKS and level
    return Nqf(framework, level) if known else None  # type: ignore[arg-type]


def _national(found: Any) -> Nqf | None:
    if not found:
        return None
    for country in _FRAMEWORKS:
        if found["framework"] in sentences(f"framework.{country}").values():
            return _nqf(country, found["level"])
    return None


def _basis(notes: NotesRead) -> Any:
    for parts, text in notes.below(say.LEVEL_BASIS[0]):
        if not parts and text:
            return "recommended"
        if parts and parts[0] in _BASES:
            return parts[0]
    return None

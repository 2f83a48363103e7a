"""Levels as a page tells them: which framework, on what it rests, what follows.

An EQF level is made of a national one only where a source says so; the table and
its source are those of the rules (LV-01).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from edc_issuer.models.texts import abbreviation, say, table
from edc_issuer.recognition.look import Look, once
from edc_issuer.record import Nqf
from edc_issuer.rules.level import eqf_of
from edc_issuer.rules.table import data

COUNTRIES: tuple[Literal["SI", "HR", "RS", "ME", "BA"], ...] = (
    "SI",
    "HR",
    "RS",
    "ME",
    "BA",
)


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that a file says about a level.

    `kind`: "eqf", "nqf" (code `SI/5`), "words", "basis", "cycle", "absent".
    """

    kind: str
    code: str | None
    text: str | None


def level_facts(look: Look, stated: Iterable[Stated]) -> dict[str, Any]:
    """The facts on levels by the names of `Recognition`'s fields."""
    by_kind: dict[str, list[Stated]] = {}
    for item in stated:
        by_kind.setdefault(item.kind, []).append(item)
    bases = [item.code for item in by_kind.get("basis", [])]
    absent = [item.text for item in by_kind.get("absent", [])]
    levels = (
        _shown(look, item)
        for kind in ("eqf", "nqf", "words")
        for item in by_kind.get(kind, [])
    )
    national = () if by_kind.get("eqf") else by_kind.get("nqf", ())
    return {
        "levels": once(levels),
        "level_basis": once(_basis(look, basis) for basis in bases),
        "recommended": "recommended" in bases,
        "cycles": once(item.code or item.text for item in by_kind.get("cycle", [])),
        "equivalents": tuple(_equivalents(look, national)),
        "level_absent": absent[0] if absent else None,
    }


def _shown(look: Look, item: Stated) -> str | None:
    if item.kind == "eqf" and item.code:
        return one(look, "level.eqf", level=item.code)
    country, _, level = (item.code or "").partition("/")
    if item.kind == "nqf" and country in COUNTRIES and level:
        return f"{abbreviation(country, look.language)} {level}"
    return item.text


def _basis(look: Look, basis: str | None) -> str | None:
    key = "level.recommended" if basis == "recommended" else f"level.basis.{basis}"
    return one(look, key) if key in table("credential_texts.json") else None


def _equivalents(
    look: Look, national: Iterable[Stated]
) -> Iterator[tuple[str, int, str]]:
    for item in national:
        country, _, level = (item.code or "").partition("/")
        for framework in COUNTRIES:
            if framework != country:
                continue
            eqf = eqf_of(Nqf(framework, level))
            source = data()["nqf_to_eqf"][framework]["source"]
            if eqf is not None:
                named = f"{abbreviation(country, look.language)} {level}"
                yield named, eqf, str(source)


def one(look: Look, key: str, **values: str) -> str:
    """One of our own sentences in the language, English where we do not speak it."""
    texts = say(key, (look.language,), **values)
    return texts.get(look.language) or next(iter(texts.values()))

"""The element lists of the countries: what each calls a micro-credential's parts.

`data/profiles.json` holds, with sources, the lists of the Council Recommendation
(`EU`), Slovenia, Croatia (register of the HKO), Serbia, Montenegro, the
Herzegovina-Neretva Canton and of the project Scouts4Green (`S4G`, which applies
beside the national one). SI and RS list what an award says, ME and HR what the
specification of a programme says, BA-HNK both. Where a list comes from a document
in another language, its labels are back-translations (`label_source`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from edc_issuer.rules.elements import Expression, data, elements

PROFILES: tuple[str, ...] = ("EU", "SI", "HR", "RS", "ME", "BA-HNK", "S4G")
# A text in one of these is readable to who asks for the other; Serbian by script.
_NEAR = {
    "bs": ("hr", "cnr", "sr-Latn"),
    "hr": ("bs", "cnr", "sr-Latn"),
    "cnr": ("bs", "sr-Latn", "hr"),
    "sr-Latn": ("cnr", "bs", "hr"),
    "sr-Cyrl": ("sr-Latn", "cnr", "bs"),
    "sr": ("sr-Cyrl", "sr-Latn"),
}


@dataclass(frozen=True, slots=True)
class ProfileElement:
    """One row of a list.

    `annex1` is the element of Annex I that it corresponds to, or None.
    `requirement`: "mandatory", "conditional" (where applicable), "partial" (a part
    is enough) or "optional". `belongs_to`: "specification" or "award". `labels` are
    by language tag; `note` is English.
    """

    id: str  # "SI.7"; in the list of the Recommendation "A1.07"
    annex1: str | None
    requirement: str
    belongs_to: str
    labels: Mapping[str, str] = field(hash=False)
    expressions: Mapping[str, Expression] = field(hash=False)
    note: str = ""

    def label(self, language: str) -> str:
        """Its name in a language, else in the nearest one, else in English."""
        for tag in (language, *_NEAR.get(language, ())):
            if tag in self.labels:
                return self.labels[tag]
        return self.labels["en"]

    @property
    def is_counted(self) -> bool:
        """Whether it belongs to the N of the score."""
        return self.requirement != "optional"


@dataclass(frozen=True, slots=True)
class Profile:
    """One list with what is known about it, in English and with its source."""

    id: str
    name: str
    term: str
    elements: tuple[ProfileElement, ...]
    label_language: str  # in which its country reads it
    label_source: str  # "the source", or "back-translation": the wording is then ours
    legal_status: str
    source: str
    facts: Mapping[str, Any] = field(hash=False)

    @property
    def is_back_translated(self) -> bool:
        """Whether the labels are our translation and no official wording."""
        return self.label_source.startswith("back-translation")

    @property
    def counted(self) -> tuple[ProfileElement, ...]:
        """The N of the score: every element that is not optional."""
        return tuple(item for item in self.elements if item.is_counted)


def profile(name: str) -> Profile:
    """A list by its name in `PROFILES`; `KeyError` for another."""
    return _profiles()[name]


def common() -> tuple[str, ...]:
    """What all partner countries agree on (MC.PIU), in English."""
    return tuple(data("profiles.json")["common"])


def annex1() -> tuple[ProfileElement, ...]:
    """All 16 elements of Annex I as rows, the optional ones last."""
    return tuple(
        ProfileElement(
            item.id,
            item.id,
            item.requirement,
            "award"
            if _comes_with_award(item.expressions["record"])
            else "specification",
            item.labels,
            item.expressions,
        )
        for item in elements().values()
    )


@cache
def _profiles() -> Mapping[str, Profile]:
    given = data("profiles.json")["profiles"]
    return {name: _profile(name, one) for name, one in given.items()}


def _profile(name: str, given: Mapping[str, Any]) -> Profile:
    rows = annex1() if name == "EU" else tuple(map(_row, given["elements"]))
    return Profile(
        id=name,
        name=given["name_en"],
        term=given["term"],
        elements=rows,
        label_language=given.get("label_language", "en"),
        label_source=given.get("label_source", "the source"),
        legal_status=given.get("legal_status", ""),
        source=given["source"],
        facts=given,
    )


def _row(given: Mapping[str, Any]) -> ProfileElement:
    """A row; Annex I says where it stands unless the row does itself."""
    own = {kind: given[kind] for kind in ("record", "elm", "ob3") if kind in given}
    same = elements()[given["annex1"]].expressions if given["annex1"] else {}
    return ProfileElement(
        given["id"],
        given["annex1"],
        given["requirement"],
        given["belongs_to"],
        given["labels"],
        {**same, **own},
        given["note"],
    )


def _comes_with_award(expression: Expression) -> bool:
    """Whether a record says it outside the block of the programme."""
    terms = [expression.get("first", ""), *expression.get("all_of", ())]
    terms += expression.get("any_of", ())
    paths = [term for term in terms if isinstance(term, str) and term]
    return not any(path.startswith("programme.") for path in paths)

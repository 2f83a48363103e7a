"""Alignments with registers and standards, and with who adopted a programme."""

from __future__ import annotations

from collections.abc import Iterator

from edc_issuer.models.ob3.aligning import Bench, Node, alignment
from edc_issuer.record import Hko, Programme

_HKO_REGISTER = "Register of the Croatian Qualifications Framework"
HKO_TEXTS = (
    "access_conditions",
    "conditions_acquisition",
    "conditions_assessment",
    "assessment_procedure",
)


class OfRegisters(Bench):
    """What a register holds of a programme, and how the programme came about."""

    __slots__ = ()

    def register(self, programme: Programme) -> Iterator[Node]:
        register = programme.register
        if register is not None:
            yield alignment(
                register.name or register.code,
                self.url(register.url, "register"),
                "Register",
                kind="RegisterEntry",
                code=register.code,
            )

    def hko(self, hko: Hko | None) -> Iterator[Node]:
        """What the Croatian register holds of a set of outcomes, field by field."""
        if hko is None:
            return
        code, size = hko.outcome_set_code, _size(hko)
        if code or hko.outcome_set_title or size:
            yield alignment(
                self.voice.text(hko.outcome_set_title) or code or "HKO",
                self.here("hko-outcome-set"),
                _HKO_REGISTER,
                kind="HkoOutcomeSet",
                code=code,
                description=size,
            )
        if hko.qualification_standard_code:
            code = hko.qualification_standard_code
            url = self.here("hko-qualification-standard")
            kind = "HkoQualificationStandard"
            yield alignment(code, url, _HKO_REGISTER, kind=kind, code=code)
        for name in HKO_TEXTS:
            text = self.voice.text(getattr(hko, name))
            if text:
                url = self.here(f"hko-{name}")
                yield alignment(text, url, _HKO_REGISTER, kind="HkoText", code=name)

    def development(self, programme: Programme) -> Iterator[Node]:
        """Who adopted the programme and when, how it is evaluated, why no level."""
        adoption, evaluation = programme.adoption, programme.programme_evaluation
        if adoption is not None:
            yield alignment(
                self.voice.text(adoption.body.legal_name) or "",
                self.url(adoption.body.id, "adoption"),
                "Adoption of the programme",
                kind="Adoption",
                code=adoption.date.isoformat() if adoption.date else None,
            )
        for text, kind, framework in (
            (
                evaluation.method if evaluation else None,
                "ProgrammeEvaluation",
                "Programme evaluation method",
            ),
            (
                programme.level_absent_reason if programme.level is None else None,
                "LevelAbsent",
                "Level of the learning experience",
            ),
        ):
            said = self.voice.text(text)
            if said:
                yield alignment(said, self.here(kind), framework, kind=kind)

    def standards(self, programme: Programme) -> Iterator[Node]:
        for number, standard in enumerate(programme.standards, start=1):
            yield alignment(
                self.voice.text(standard.title) or str(standard.code),
                self.here(f"standard-{number}"),
                f"{standard.kind.capitalize()} standard",
                kind="Standard",
                code=standard.code,
                description=standard.register,
            )


def _size(hko: Hko) -> str | None:
    volume = hko.volume and f"{hko.volume.system} {hko.volume.points}"
    said = (("level", hko.level), ("volume", volume))
    return "; ".join(f"{key}: {value}" for key, value in said if value) or None

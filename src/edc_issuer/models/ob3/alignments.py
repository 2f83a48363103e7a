"""What Open Badges has no property for, as alignments with `ext:` types.

Level, field of study, participation, assessment, quality assurance, stacking,
outcomes, workload and credits: readers that know only the standard show each as an
alignment with its name; ours reads it back by `targetType`. Names of frameworks
stay English, like the lists they come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from edc_issuer import vocab
from edc_issuer.models.dates import hours_duration
from edc_issuer.models.ob3.aligning import Bench, Node, alignment
from edc_issuer.models.ob3.aligning import took_part as took_part
from edc_issuer.models.ob3.alignments_bodies import OfBodies
from edc_issuer.models.ob3.alignments_register import HKO_TEXTS as HKO_TEXTS
from edc_issuer.models.ob3.alignments_register import OfRegisters
from edc_issuer.models.ob3.recipient import points
from edc_issuer.record import Level, Outcome, Programme, QualityMeasure

_ELM_VOLUME = "http://data.europa.eu/snb/model/elm/volumeOfLearning"
_FRAMEWORKS = {
    "SI": "Slovenian Qualifications Framework",
    "HR": "Croatian Qualifications Framework",
    "RS": "Serbian Qualifications Framework",
    "ME": "Montenegrin Qualifications Framework",
    "BA": "Qualifications Framework of Bosnia and Herzegovina",
}
# The EU list does not tell supervision on site from supervision online.
_SUPERVISION = {
    "supervised_onsite_id": "supervised_id",
    "supervised_online_id": "supervised_id",
}
ASSIGNED_BY = "assigned by: "  # begins the last line about a level
_VALIDATION = {
    "validation_of_non_formal": "validation.non_formal",
    "validation_of_informal": "validation.informal",
    "validation_of_prior_learning": "validation.prior_learning",
}


class Aligner(Bench):
    """Makes the alignments of one record's achievement."""

    __slots__ = ()

    def all(self) -> list[Node]:
        """Every alignment, in the order of Annex I of the Recommendation."""
        programme = self.record.programme
        known = (self.record, self.voice, self.addresses, self.achievement)
        of_registers, of_bodies = OfRegisters(*known), OfBodies(*known)
        return list(
            chain(
                self._level(programme.level),
                self._lists(programme),
                self._outcomes(programme),
                self._quality(programme),
                self._stacking(programme),
                self._entry(programme),
                of_registers.register(programme),
                of_registers.hko(programme.hko),
                of_registers.development(programme),
                of_registers.standards(programme),
                self._credits(programme),
                self._volume(programme),
                self._validation(),
                of_bodies.accreditations(),
                of_bodies.providers(),
                of_bodies.bodies(),
            )
        )

    def _listed(
        self,
        list_name: str,
        code: str | None,
        *,
        framework: str,
        kind: str,
        description: str | None = None,
    ) -> Iterator[Node]:
        if code is None:
            return
        concept = vocab.concept(list_name, code)
        name = self.voice.label(concept)
        url = concept.uri or self.here(f"{list_name}-{code}")
        yield alignment(
            name, url, framework, kind=kind, code=code, description=description
        )

    def _level(self, level: Level | None) -> Iterator[Node]:
        if level is None:
            return
        about = self._basis(level)
        if level.eqf is not None:
            number = str(level.eqf)
            yield alignment(
                self.voice.say("level.eqf", level=number),
                vocab.concept("eqf", number).uri,
                "European Qualifications Framework",
                kind="EQFLevel",
                code=number,
                description=about,
            )
        if level.nqf is not None:
            home = self.voice.framework(level.nqf.framework)
            yield alignment(
                f"{home} {level.nqf.level}",
                vocab.concept("nqf", f"{level.nqf.framework}/{level.nqf.level}").uri,
                _FRAMEWORKS[level.nqf.framework],
                kind="NQFLevel",
                code=level.nqf.level,
                description=about,
            )
        if level.ehea_cycle is not None:
            yield alignment(
                f"{level.ehea_cycle} cycle",
                self.here(f"cycle-{level.ehea_cycle}"),
                "Framework of Qualifications of the European Higher Education Area",
                kind="EHEACycle",
                code=level.ehea_cycle,
                description=about if level.eqf is None and level.nqf is None else None,
            )

    def _basis(self, level: Level) -> str:
        """A recommended level is never a bare level: it says on what it rests."""
        sentences = [f"basis: {level.basis}"]
        if level.basis == "recommended":
            sentences[0] += f". {self.voice.say('level.recommended')}"
        rationale = self.voice.text(level.rationale)
        if rationale:
            sentences.append(rationale)
        if level.assigned_by:
            sentences.append(f"{ASSIGNED_BY}{level.assigned_by}")
        return "\n".join(sentences)

    def _lists(self, programme: Programme) -> Iterator[Node]:
        """Codes of controlled lists."""
        for code in programme.isced_f:
            url = vocab.concept("isced_f", code).uri
            name = f"ISCED-F {code}"
            yield alignment(name, url, "ISCED-F 2013", kind="ISCEDF", code=code)
        yield from self._listed(
            "learning_mode",
            programme.participation_form or programme.delivery_mode,
            framework="Form of participation",
            kind="ParticipationForm",
        )
        yield from self._listed(
            "learning_setting",
            programme.learning_setting,
            framework="Learning setting",
            kind="LearningSetting",
        )
        yield from self._assessment(programme)
        for goal in programme.sdg:
            url = f"http://metadata.un.org/sdg/{goal}"
            framework = "UN Sustainable Development Goals"
            yield alignment(f"SDG {goal}", url, framework, kind="SDG", code=str(goal))

    def _assessment(self, programme: Programme) -> Iterator[Node]:
        assessment = programme.assessment
        if assessment is None:
            return
        yield from self._listed(
            "assessment_type",
            assessment.type,
            framework="Type of assessment",
            kind="AssessmentType",
        )
        code = assessment.supervision
        yield from self._listed(
            "supervision",
            code and _SUPERVISION.get(code, code),
            framework="Supervision and identity verification",
            kind="Supervision",
            description=f"form: {code}" if code in _SUPERVISION else None,
        )

    def _outcomes(self, programme: Programme) -> Iterator[Node]:
        # Who only took part has reached no outcome.
        if took_part(self.record):
            return
        for number, outcome in enumerate(programme.outcomes, start=1):
            code = outcome.code or f"LO{number}"
            title = self.voice.text(outcome.title) or code
            yield alignment(
                title,
                self.here(code),
                "Learning outcomes",
                kind="LearningOutcome",
                code=outcome.code,
                description=_nature(outcome),
            )
            # Without a code the order tells whose skill it is.
            for uri in outcome.esco:
                kind = "ESCOSkill"
                yield alignment(title, uri, "ESCO", kind=kind, code=outcome.code)

    def _quality(self, programme: Programme) -> Iterator[Node]:
        quality = programme.quality_assurance
        if quality is None:
            return
        for number, measure in enumerate(quality.types, start=1):
            yield alignment(
                self.voice.text(measure.text) or measure.kind,
                self.url(measure.url, f"qa-{number}"),
                f"Quality assurance ({measure.scope})",
                kind="QualityAssurance",
                code=measure.kind,
                description=self._decided(measure),
            )
        summary = self.voice.text(quality.summary)
        if summary and not quality.types:
            url = self.here("qa")
            yield alignment(summary, url, "Quality assurance", kind="QualityAssurance")

    def _decided(self, measure: QualityMeasure) -> str | None:
        said = (
            measure.framework,
            measure.accreditation_type,
            measure.body and self.voice.text(measure.body.legal_name),
        )
        return "; ".join(text for text in said if text) or None

    def _stacking(self, programme: Programme) -> Iterator[Node]:
        stacking = programme.stacking
        if stacking is None:
            return
        for option in stacking.options:
            yield alignment(
                self.voice.say(f"option.{option}"),
                self.here(f"stacking-{option}"),
                "Integration/stackability options",
                kind="Stackability",
                code=option,
            )
        for codes, framework, kind in (
            (stacking.parts, "Parts of this micro-credential", "StackPart"),
            (stacking.part_of, "Counts towards", "StackWhole"),
        ):
            for code in codes:
                url = self.addresses.achievement(code)
                yield alignment(code, url, framework, kind=kind, code=code)
        for number, place in enumerate(stacking.recognised_in, start=1):
            yield alignment(
                self.voice.text(place.title) or str(place.code),
                self.url(place.url, f"recognised-{number}"),
                "Recognised in",
                kind="RecognisedIn",
                code=place.code,
                description=self.voice.text(place.note),
            )

    def _entry(self, programme: Programme) -> Iterator[Node]:
        text = self.voice.text(programme.entry_requirements)
        if text:
            url = self.here("entry-requirements")
            yield alignment(text, url, "Entry requirements", kind="EntryRequirement")

    def _credits(self, programme: Programme) -> Iterator[Node]:
        for credit in programme.credits:
            system, number = credit.system, credit.points
            if credit.indicative:
                note = self.voice.say(
                    "credit.ects" if system == "ECTS" else "credit.other"
                )
                yield alignment(
                    f"{note} ({system} {number})",
                    self.here("indicative-credit"),
                    f"{system} (indicative)",
                    kind="IndicativeCredit",
                    code=number,
                )
            elif not took_part(self.record):
                url = vocab.concept("credit_system", system).uri
                name = f"{number} {system}"
                yield alignment(name, url, system, kind="CreditPoint", code=number)

    def _volume(self, programme: Programme) -> Iterator[Node]:
        workload = programme.workload
        if workload is not None and workload.hours is not None:
            yield alignment(
                f"{points(workload.hours)} h",
                _ELM_VOLUME,
                "European Learning Model",
                kind="VolumeOfLearning",
                code=hours_duration(workload.hours),
            )

    def _validation(self) -> Iterator[Node]:
        basis = self.record.award.validation_basis
        if basis in _VALIDATION:
            name = self.voice.say(_VALIDATION[basis])
            url = self.here("validation")
            framework = "Validation of learning"
            yield alignment(name, url, framework, kind="Validation", code=basis)


def _nature(outcome: Outcome) -> str | None:
    said = (("type", outcome.type), ("bloom", outcome.bloom_level))
    return "; ".join(f"{key}: {value}" for key, value in said if value) or None

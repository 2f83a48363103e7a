"""What Open Badges has no property for, as alignments with `ext:` types.

Level, field of study, participation, assessment, quality assurance, stacking,
outcomes, workload and credits: readers that know only the standard show each as an
alignment with its name; ours reads it back by `targetType`. Names of frameworks
stay English, like the lists they come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from edc_issuer import vocab
from edc_issuer.models.dates import hours_duration
from edc_issuer.models.issuer import FURTHER_BODY
from edc_issuer.models.ob3.organisations import Addresses, own_id, same
from edc_issuer.models.ob3.recipient import points
from edc_issuer.models.ob3.voice import Voice
from edc_issuer.models.vcdm import is_absolute_uri
from edc_issuer.record import (
    Accreditation,
    CredentialRecord,
    Hko,
    Level,
    Outcome,
    Programme,
    QualityMeasure,
)

Node = dict[str, Any]
_ELM_VOLUME = "http://data.europa.eu/snb/model/elm/volumeOfLearning"
_FRAMEWORKS = {
    "SI": "Slovenian Qualifications Framework",
    "HR": "Croatian Qualifications Framework",
    "RS": "Serbian Qualifications Framework",
    "ME": "Montenegrin Qualifications Framework",
    "BA": "Qualifications Framework of Bosnia and Herzegovina",
}
_HKO_REGISTER = "Register of the Croatian Qualifications Framework"
HKO_TEXTS = (
    "access_conditions",
    "conditions_acquisition",
    "conditions_assessment",
    "assessment_procedure",
)
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


@dataclass(frozen=True, slots=True)
class Aligner:
    """Makes the alignments of one record's achievement."""

    record: CredentialRecord
    voice: Voice
    addresses: Addresses
    achievement: str

    def all(self) -> list[Node]:
        """Every alignment, in the order of Annex I of the Recommendation."""
        programme = self.record.programme
        return list(
            chain(
                self._level(programme.level),
                self._lists(programme),
                self._outcomes(programme),
                self._quality(programme),
                self._stacking(programme),
                self._entry(programme),
                self._register(programme),
                self._hko(programme.hko),
                self._development(programme),
                self._standards(programme),
                self._credits(programme),
                self._volume(programme),
                self._validation(),
                self._accreditations(),
                self._providers(),
                self._bodies(),
            )
        )

    def _here(self, name: str) -> str:
        return self.addresses.part(self.achievement, name)

    def _url(self, url: str | None, name: str) -> str:
        return url if url is not None and is_absolute_uri(url) else self._here(name)

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
        url = concept.uri or self._here(f"{list_name}-{code}")
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
                self._here(f"cycle-{level.ehea_cycle}"),
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
                self._here(code),
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
                self._url(measure.url, f"qa-{number}"),
                f"Quality assurance ({measure.scope})",
                kind="QualityAssurance",
                code=measure.kind,
                description=self._decided(measure),
            )
        summary = self.voice.text(quality.summary)
        if summary and not quality.types:
            url = self._here("qa")
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
                self._here(f"stacking-{option}"),
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
                self._url(place.url, f"recognised-{number}"),
                "Recognised in",
                kind="RecognisedIn",
                code=place.code,
                description=self.voice.text(place.note),
            )

    def _entry(self, programme: Programme) -> Iterator[Node]:
        text = self.voice.text(programme.entry_requirements)
        if text:
            url = self._here("entry-requirements")
            yield alignment(text, url, "Entry requirements", kind="EntryRequirement")

    def _register(self, programme: Programme) -> Iterator[Node]:
        register = programme.register
        if register is not None:
            yield alignment(
                register.name or register.code,
                self._url(register.url, "register"),
                "Register",
                kind="RegisterEntry",
                code=register.code,
            )

    def _hko(self, hko: Hko | None) -> Iterator[Node]:
        """What the Croatian register holds of a set of outcomes, field by field."""
        if hko is None:
            return
        code, size = hko.outcome_set_code, _size(hko)
        if code or hko.outcome_set_title or size:
            yield alignment(
                self.voice.text(hko.outcome_set_title) or code or "HKO",
                self._here("hko-outcome-set"),
                _HKO_REGISTER,
                kind="HkoOutcomeSet",
                code=code,
                description=size,
            )
        if hko.qualification_standard_code:
            code = hko.qualification_standard_code
            url = self._here("hko-qualification-standard")
            kind = "HkoQualificationStandard"
            yield alignment(code, url, _HKO_REGISTER, kind=kind, code=code)
        for name in HKO_TEXTS:
            text = self.voice.text(getattr(hko, name))
            if text:
                url = self._here(f"hko-{name}")
                yield alignment(text, url, _HKO_REGISTER, kind="HkoText", code=name)

    def _development(self, programme: Programme) -> Iterator[Node]:
        """Who adopted the programme and when, how it is evaluated, why no level."""
        adoption, evaluation = programme.adoption, programme.programme_evaluation
        if adoption is not None:
            yield alignment(
                self.voice.text(adoption.body.legal_name) or "",
                self._url(adoption.body.id, "adoption"),
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
                yield alignment(said, self._here(kind), framework, kind=kind)

    def _standards(self, programme: Programme) -> Iterator[Node]:
        for number, standard in enumerate(programme.standards, start=1):
            yield alignment(
                self.voice.text(standard.title) or str(standard.code),
                self._here(f"standard-{number}"),
                f"{standard.kind.capitalize()} standard",
                kind="Standard",
                code=standard.code,
                description=standard.register,
            )

    def _credits(self, programme: Programme) -> Iterator[Node]:
        for credit in programme.credits:
            system, number = credit.system, credit.points
            if credit.indicative:
                note = self.voice.say(
                    "credit.ects" if system == "ECTS" else "credit.other"
                )
                yield alignment(
                    f"{note} ({system} {number})",
                    self._here("indicative-credit"),
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
            url = self._here("validation")
            framework = "Validation of learning"
            yield alignment(name, url, framework, kind="Validation", code=basis)

    def _accreditations(self) -> Iterator[Node]:
        found = [*self.record.issuer.accreditations]
        for body in self.record.awarding_bodies:
            found += [item for item in body.accreditations if item not in found]
        for number, item in enumerate(found, start=1):
            yield alignment(
                self.voice.text(item.title) or item.type,
                self._url(item.url, f"accreditation-{number}"),
                "Accreditation",
                kind="QualityAssurance",
                code=item.type,
                description=self._accredited(item),
            )

    def _accredited(self, item: Accreditation) -> str | None:
        by = item.body and self.voice.text(item.body.legal_name)
        on = item.date and item.date.isoformat()
        return "; ".join(text for text in (by, on) if text) or None

    def _providers(self) -> Iterator[Node]:
        """Which organisations are formal providers, of those that a badge names."""
        issuer = self.record.issuer
        found = [issuer]
        for body in self.record.awarding_bodies:
            found += [body] if not any(same(body, known) for known in found) else []
        for body in found:
            if body.formal_provider is None:
                continue
            status = "formal" if body.formal_provider else "not_formal"
            yield alignment(
                self.voice.say(f"provider.{status}"),
                self.addresses.issuer if body is issuer else own_id(body),
                "Education providers",
                kind="ProviderStatus",
                code=status,
                description=self.voice.text(body.legal_name),
            )

    def _bodies(self) -> Iterator[Node]:
        """Awarding bodies after the first, which is the achievement's creator."""
        for body in self.record.awarding_bodies[1:]:
            if same(body, self.record.awarding_bodies[0]):
                continue
            legal = body.legal_identifier
            own = same(body, self.record.issuer)
            yield alignment(
                self.voice.text(body.legal_name) or "",
                self.addresses.issuer if own else own_id(body),
                "Awarding bodies",
                kind=FURTHER_BODY.removeprefix("ext:"),
                code=legal.value if legal else None,
            )


def took_part(record: CredentialRecord) -> bool:
    """Whether the learner took part and no more: no outcomes, no credits."""
    kinds = (record.credential_kind, record.programme.kind)
    return "participation" in (*kinds, record.award.validation_basis)


def alignment(
    name: str,
    url: str,
    framework: str,
    *,
    kind: str,
    code: str | None = None,
    description: str | None = None,
) -> Node:
    """One alignment; absent members are left out."""
    node: Node = {
        "type": ["Alignment"],
        "targetName": name,
        "targetUrl": url,
        "targetFramework": framework,
        "targetType": f"ext:{kind}",
    }
    if code:
        node["targetCode"] = code
    if description:
        node["targetDescription"] = description
    return node


def _size(hko: Hko) -> str | None:
    volume = hko.volume and f"{hko.volume.system} {hko.volume.points}"
    said = (("level", hko.level), ("volume", volume))
    return "; ".join(f"{key}: {value}" for key, value in said if value) or None


def _nature(outcome: Outcome) -> str | None:
    said = (("type", outcome.type), ("bloom", outcome.bloom_level))
    return "; ".join(f"{key}: {value}" for key, value in said if value) or None

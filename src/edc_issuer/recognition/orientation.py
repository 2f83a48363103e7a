"""The class of the ETF's typology that a credential falls in, by what it says.

The rules classify a record; here the few values that they look at are taken from
the facts of a credential. Orientation only: the typology is proposed for higher
education, and what contradicts a class is no fault.
"""

from __future__ import annotations

import re
from decimal import Decimal

from edc_issuer.recognition.facts import Recognition
from edc_issuer.record import (
    Assessment,
    Outcome,
    Programme,
    ProgrammeDocument,
    Quality,
    QualityMeasure,
    Workload,
)
from edc_issuer.rules.typology import Typology, classify

_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_TEXT = {"en": "-"}  # names nothing; classes do not look at texts


def typology_of(said: Recognition) -> Typology:
    """The class by the hours that the file states; none where it states several."""
    return classify(
        ProgrammeDocument(
            record_version="1",
            document_type="programme",
            document_id="-",
            primary_language="en",
            languages=("en",),
            programme=_programme(said),
        )
    )


def _programme(said: Recognition) -> Programme:
    hours = _hours(said)
    external = QualityMeasure(scope="external", kind="stated")
    assessed = bool(said.assessment_types or said.assessments or said.grades)
    return Programme(
        code="-",
        title=_TEXT,
        kind="micro_credential",
        outcomes=(Outcome(title=_TEXT),),
        learning_setting=said.setting,
        workload=Workload(hours) if hours is not None else None,
        assessment=Assessment(title=_TEXT, type="-") if assessed else None,
        quality_assurance=Quality(types=(external,)) if said.external_quality else None,
    )


def _hours(said: Recognition) -> Decimal | None:
    # What is no plain number (months, or 1e999999999) is shown as it stands.
    plain = len(said.hours) == 1 and _PLAIN.fullmatch(said.hours[0])
    return Decimal(said.hours[0]) if plain else None

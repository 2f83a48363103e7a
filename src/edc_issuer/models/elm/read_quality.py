"""Quality assurance read back: measures, their words, and decisions of a body.

A note for each measure says of what kind it is; the next note about quality
assurance has its words, and an accreditation with the number of the measure says
who decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edc_issuer.models.elm import notes as say
from edc_issuer.models.elm.read_notes import NotesRead, Texts
from edc_issuer.models.elm.read_organisation import accreditation, measure_number
from edc_issuer.models.reading import Branch, is_said
from edc_issuer.record import Accreditation, Quality, QualityMeasure

_SCOPES = ("internal", "external")
_FRAMEWORKS = ("EQAVET", "ESG", "EQF-ANNEX-IV", "other")
Page = tuple[str | None, Texts]


def quality_of(
    spec: Branch, providers: Iterable[Branch], notes: NotesRead, pages: list[Page]
) -> Quality | None:
    """How quality is assured; None where nothing is said of it.

    `pages` are the web pages of the programme; those of measures are taken out.
    """
    summary, said = _said(notes)
    for number, decided in _decisions([spec, *providers]).items():
        if 0 < number <= len(said):
            measure, words = said[number - 1]
            said[number - 1] = _decided(measure, decided), words
    measures = [_linked(measure, pages, words) for measure, words in said]
    measures += _foreign(spec)
    if not summary and not measures:
        return None
    return Quality(types=tuple(measures), summary=summary)


def _said(notes: NotesRead) -> tuple[Texts | None, list[tuple[QualityMeasure, Texts]]]:
    """The words about quality in their order: each measure's follow its kind.

    With each measure the words that stand where it has none of its own.
    """
    summary: Texts | None = None
    said: list[tuple[QualityMeasure, Texts]] = []
    for uri, parts, text in notes.among(say.QUALITY[0], say.QUALITY_MEASURE):
        if uri == say.QUALITY_MEASURE:
            said.append((_measure(parts), text))
        elif said and said[-1][0].text is None:
            said[-1] = replace(said[-1][0], text=text), said[-1][1]
        elif summary is None and not said:
            summary = text
        else:  # of another maker, who says no more than this
            said.append((QualityMeasure("internal", "other", text=text), {}))
    return summary, said


def _measure(parts: tuple[str, ...]) -> QualityMeasure:
    scope, kind, framework = (*parts, "", "", "")[:3]
    return QualityMeasure(
        scope=scope if scope in _SCOPES else "internal",  # type: ignore[arg-type]
        kind=kind or "other",
        framework=framework if framework in _FRAMEWORKS else None,  # type: ignore[arg-type]
    )


def _decisions(nodes: Iterable[Branch]) -> dict[int, Accreditation]:
    found: dict[int, Accreditation] = {}
    for node in nodes:
        for item in node.branches("accreditation"):
            number, decided = measure_number(item), accreditation(item)
            if number is not None and decided is not None:
                found.setdefault(number, decided)
    return found


def _decided(measure: QualityMeasure, decided: Accreditation) -> QualityMeasure:
    return replace(
        measure,
        body=decided.body,
        accreditation_type=decided.type,
        url=decided.url,
    )


def _linked(measure: QualityMeasure, pages: list[Page], words: Texts) -> QualityMeasure:
    """With the page that has its words as title, which then is nobody else's."""
    for item in pages:
        url, title = item
        if measure.url is None and url and title and title == (measure.text or words):
            pages.remove(item)
            return replace(measure, url=url)
    return measure


def _foreign(spec: Branch) -> list[QualityMeasure]:
    """Accreditations of other makers, who number no measures."""
    found = [
        accreditation(item)
        for item in spec.branches("accreditation")
        if measure_number(item) is None and not is_adoption(item)
    ]
    return [
        QualityMeasure(
            "external",
            "accreditation",
            text=item.title,
            body=item.body,
            accreditation_type=item.type,
            url=item.url,
        )
        for item in found
        if item is not None
    ]


def is_adoption(node: Branch) -> bool:
    """Whether an accreditation stands for the adoption of the programme."""
    return measure_number(node) is None and is_said(node.texts("title"), "adoption")

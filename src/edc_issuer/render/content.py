"""What stands on the diploma page, as plain texts in one language."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from edc_issuer import vocab
from edc_issuer.models.texts import abbreviation, say, spoken, table
from edc_issuer.record import CredentialRecord, LangText, Organisation

# Together these keep a page of letters as small as 8 points within three pages.
MAX_OUTCOMES = 30
MAX_OUTCOME = 300  # characters, as below
MAX_TITLE = 220
MAX_DESCRIPTION = 500
MAX_NAME = 120
MAX_ORGANISATIONS = 5


def content(record: CredentialRecord, language: str) -> dict[str, Any]:
    """All texts of the page, cleaned and cut; the template only places them."""
    words = _Words(record, language)
    learner, programme = record.learner, record.programme
    born = learner.date_of_birth
    ours = spoken(language, table("page_labels.json")["picture"])
    took_part = record.credential_kind == "participation"
    return {
        "lang": ours.partition("-")[0][:2],
        "script": "cyrl" if ours.endswith("Cyrl") else "latn",
        "body": _bodies(words, record.awarding_bodies or (record.issuer,)),
        "kind": words.label(f"kind.{record.credential_kind}"),
        "title": words.text(programme.title, MAX_TITLE),
        "awarded_to": words.label("awarded_to"),
        "name": clean(f"{learner.given_name} {learner.family_name}", MAX_NAME),
        "born": f"{words.label('born')}: {words.date(born)}" if born else None,
        "description": words.text(programme.description, MAX_DESCRIPTION) or None,
        "outcomes_label": words.label("outcomes"),
        "outcomes": [] if took_part else _outcomes(words),
        "facts": [[label, value] for label, value in _facts(words) if value],
        "notes": _notes(words),
        "picture": words.label("picture"),
    }


def clean(text: str, limit: int) -> str:
    """Text that cannot disturb the page: no control characters, no endless words."""
    # Only what is looked at: a hostile text may be megabytes long.
    plain = "".join(char if char.isprintable() else " " for char in text[: 4 * limit])
    short = " ".join(plain.split())
    if len(short) > limit:
        short = short[: limit - 1].rstrip() + "…"
    # A line can break at a zero-width space; nothing is seen of it.
    return re.sub(r"(\S{30})(?=\S)", "\\1\u200b", short)


class _Words:
    """Texts in the language of one page."""

    def __init__(self, record: CredentialRecord, language: str) -> None:
        self.record = record
        self.language = language
        self.profile = record.national_profile

    def label(self, key: str) -> str:
        """One of our own words; a national profile may have its own."""
        labels = table("page_labels.json")
        for name in (f"{key}@{self.profile}", key):
            found = labels.get(name, {})
            ours = spoken(self.language, labels[key])
            if ours in found:
                return found[ours]
        return labels[key]["en"]

    def text(self, text: LangText | None, limit: int) -> str:
        """A text of the school: in this language, the first one, or any."""
        if not text:
            return ""
        first = self.record.primary_language
        chosen = text.get(self.language) or text.get(first)
        return clean(chosen or next(iter(text.values())), limit)

    def date(self, day: datetime.date) -> str:
        """A day as it is written in this language."""
        months = table("page_labels.json")["months"]["en"].split()
        return self.label("date_format").format(
            day=day.day, number=day.month, month=months[day.month - 1], year=day.year
        )

    def number(self, number: Decimal | str) -> str:
        """A number with the decimal sign of this language."""
        text = number if isinstance(number, str) else f"{number:f}"
        return text.replace(".", self.label("decimal"))


def _bodies(words: _Words, bodies: tuple[Organisation, ...]) -> str:
    names = [words.text(body.legal_name, 160) for body in bodies[:MAX_ORGANISATIONS]]
    return ", ".join(names) + (" …" if len(bodies) > MAX_ORGANISATIONS else "")


def _outcomes(words: _Words) -> list[str]:
    outcomes = words.record.programme.outcomes
    shown = [words.text(item.title, MAX_OUTCOME) for item in outcomes[:MAX_OUTCOMES]]
    return shown + (["…"] if len(outcomes) > MAX_OUTCOMES else [])


def _facts(words: _Words) -> list[tuple[str, str]]:
    record = words.record
    award = record.award
    place = award.place
    issuer = words.text(record.issuer.legal_name, 200)
    bodies = _bodies(words, record.awarding_bodies)
    return [
        *_learning(words),
        *_proof(words),
        (words.label("awarding_body"), bodies),
        (words.label("issuer"), issuer if issuer != bodies else ""),
        (words.label("date"), words.date(award.date_awarded)),
        (words.label("place"), clean(place.locality or "", 120) if place else ""),
        (
            words.label("valid_until"),
            words.date(award.valid_until) if award.valid_until else "",
        ),
        (words.label("number"), clean(award.certificate_number, 120)),
    ]


def _learning(words: _Words) -> list[tuple[str, str]]:
    """How much, how high, when and where."""
    programme, done = words.record.programme, words.record.award.activity
    hours = programme.workload.hours if programme.workload else None
    host = done.host_organisation if done else None
    credits = [
        f"{words.number(item.points)} {_system(words, item.system)}"
        for item in programme.credits
        if not item.indicative
    ]
    workload = ""
    if hours is not None:
        workload = words.label("hours").format(hours=words.number(hours))
    return [
        (words.label("workload"), workload),
        (words.label("credits"), clean(", ".join(credits), 120)),
        (words.label("level"), _level(words)),
        (words.label("period"), _period(words)),
        (words.label("host"), words.text(host.legal_name, 160) if host else ""),
    ]


def _system(words: _Words, code: str) -> str:
    """ECTS is known by its letters; our own codes (`KT_SI`) tell people nothing."""
    try:
        concept = vocab.concept("credit_system", code)
    except vocab.UnknownConcept:
        return code
    ours = concept.scheme is None
    return (concept.label(words.language) if ours else None) or code


def _level(words: _Words) -> str:
    level = words.record.programme.level
    if level is None:
        return ""
    found = []
    if level.eqf is not None:
        found += _say(words, "level.eqf", level=str(level.eqf))
    if level.nqf is not None:
        name = abbreviation(level.nqf.framework, words.language)
        found += _say(words, "level.nqf", framework=name, level=level.nqf.level)
    return clean("; ".join(found), 200)


def _period(words: _Words) -> str:
    done = words.record.award.activity
    days = [day for day in (done.start, done.end) if day] if done else []
    return " – ".join(map(words.date, days))


def _proof(words: _Words) -> list[tuple[str, str]]:
    """What was assessed, with which result, by whom."""
    planned, result = words.record.programme.assessment, words.record.award.result
    if planned is None or result is None:
        return []
    by = result.assessed_by
    grade = words.text(result.grade, 200)
    if not grade and result.points is not None:
        grade = words.number(result.points)
    return [
        (words.label("assessment"), words.text(planned.title, 200)),
        (words.label("grade"), grade),
        (words.label("assessor"), clean(by.name, 120) if by else ""),
    ]


def _notes(words: _Words) -> list[str]:
    """What would be misread without a word: levels proposed, credits not awarded."""
    record = words.record
    level = record.programme.level
    notes = []
    if level is not None and level.basis == "recommended":
        notes += _say(words, "level.recommended")
    if record.credential_kind in ("micro_credential", "stacked_micro_credential"):
        notes.append(words.label("not_qualification"))
    return notes


def _say(words: _Words, key: str, **values: str) -> list[str]:
    texts = table("credential_texts.json")[key]
    language = spoken(words.language, texts)
    return list(say(key, (language,), **values).values())

"""The one language that a badge speaks, and what it says where a text is missing.

Open Badges texts carry no language, so a badge holds one (decision 17). A missing
text falls back to the record's first language, then English, then any; the account
of the mapping says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from edc_issuer import vocab
from edc_issuer.models.texts import abbreviation, spoken, table
from edc_issuer.record import LangText

# Bare `sr` is taken as Cyrillic, in the record's schema and here.
_SAME = {"sr": "sr-Cyrl", "sr-Cyrl": "sr"}


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks `language`; where it lacks a text, `primary`, English, and else any."""

    language: str
    primary: str

    def text(self, text: LangText | None) -> str | None:
        """The text in the badge's language; None only where there is none at all."""
        if not text:
            return None
        return text[self.spoken(text)]

    def spoken(self, text: LangText) -> str:
        """The tag of the language in which `text` is shown."""
        for wanted in (self.language, self.primary, "en"):
            for tag in (wanted, _SAME.get(wanted, "")):
                if tag in text:
                    return tag
        return next(iter(text))

    def fallen_back(self, text: LangText) -> bool:
        """Whether the text is shown in another language than the badge's."""
        return self.spoken(text) not in (self.language, _SAME.get(self.language))

    def say(self, key: str, **values: str) -> str:
        """One of our own sentences; in English where we do not speak the language."""
        own = table("badge_texts.json")
        texts = own[key] if key in own else table("credential_texts.json")[key]
        return texts[spoken(self.language, texts)].format(**values)

    def framework(self, country: str) -> str:
        """How a national qualifications framework is called at home."""
        return abbreviation(country, self.language)

    def label(self, concept: vocab.Concept) -> str:
        """What a listed concept is called; English is the list's own language."""
        return concept.label(self.language) or concept.labels["en"]

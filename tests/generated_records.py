"""Records made up at random: every language and script, every field there or not.

One number makes one record, so that a failure can be looked at again. Codes are of
the controlled lists, texts are words in the letters of their language, and whatever
may be absent is absent about half of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Literal, get_args, get_origin, get_type_hints

from edc_issuer import vocab
from edc_issuer.record import (
    Accreditation,
    Assessment,
    CredentialRecord,
    Credit,
    LegalIdentifier,
    Nqf,
    Organisation,
    Programme,
    Unit,
    Volume,
)

ALPHABETS = {
    "sl": "abcčdefghijklmnoprsštuvzžABČŠŽ",
    "hr": "abcčćdđefghijklmnoprsštuvzžĆĐŠ",
    "sr-Latn": "abcčćdđefghijklmnoprsštuvzžĆĐŠ",
    "sr-Cyrl": "абвгдђежзијклљмнњопрстћуфхцчџшЉЊЂ",
    "bs": "abcčćdđefghijklmnoprsštuvzžĆĐŠ",
    "cnr": "abcčćdđefghijklmnoprsśštuvzźžŚŹ",
    "en": "abcdefghijklmnopqrstuvwxyzABCXYZ",
    "de": "abcdefghijklmnopqrstuvwxyzäöüßÄÖÜ",
}
COUNTRIES = ("SI", "HR", "RS", "ME", "BA", "AT", "DE")
_MARKS = (
    "",
    "",
    "",
    "",
    ",",
    ".",
    "!",
    "?",
    ";",
    " (I)",
    " »x«",
    ": ž",
    " – ",
    "/",
    "&",
)
_LISTS = {
    (Programme, "opportunity_type"): "learning_opportunity_type",
    (Programme, "delivery_mode"): "learning_mode",
    (Programme, "participation_form"): "learning_mode",
    (Programme, "isced_f"): "isced_f",
    (Assessment, "type"): "assessment_type",
    (Assessment, "mode"): "learning_mode",
    (Unit, "mode"): "learning_mode",
    (Credit, "system"): "credit_system",
    (Volume, "system"): "credit_system",
}
_ADDRESSES = {"url", "homepage", "credential_id"}
_DEEP = 4


def generated(seed: int) -> CredentialRecord:
    """The record of one number; it passes what both models check."""
    return _Maker(Random(seed)).record()


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        count = random.choice((1, 1, 2, 3, 8))
        self.languages = tuple(random.sample([*ALPHABETS], count))
        self.primary = self.languages[random.randrange(count)]
        self.numbers = 0

    def record(self) -> CredentialRecord:
        made: CredentialRecord = self.make(CredentialRecord, 0)
        issuer = replace(made.issuer, legal_identifier=self.seal_number())
        bodies = self.random.choice(((issuer,), made.awarding_bodies))
        return replace(
            made,
            record_version="1",
            primary_language=self.primary,
            languages=self.languages,
            issuer=issuer,
            awarding_bodies=bodies,
            programme=self.awarded(made.programme),
            attachments=(),
            pictures=None,
            extensions=None,
            mandate=None,
            time_zone=self.random.choice((None, "Europe/Ljubljana", "Europe/London")),
            award=replace(made.award, valid_until=self.later(made.award.valid_from)),
        )

    def awarded(self, programme: Programme) -> Programme:
        """With what an award always has, and with outcomes of one code each."""
        outcomes = tuple(
            replace(item, code=item.code and f"{item.code}-{number}")
            for number, item in enumerate(programme.outcomes)
        )
        hints = get_type_hints(Programme)
        filled = {
            name: getattr(programme, name)
            or self.value(hints[name], Programme, name, 1)
            for name in ("learning_setting", "delivery_mode", "workload")
        }
        return replace(programme, outcomes=outcomes, **filled)

    def make(self, kind: type[Any], depth: int) -> Any:
        if kind is Nqf:
            return self.national_level()
        hints = get_type_hints(kind)
        values = {}
        for item in fields(kind):
            optional = item.default is not MISSING
            if optional and self.random.random() < self.absent(depth):
                continue
            values[item.name] = self.value(hints[item.name], kind, item.name, depth + 1)
        return kind(**values)

    def absent(self, depth: int) -> float:
        """How likely a field is left out: the deeper, the likelier."""
        return 0.4 if depth < _DEEP else 0.8

    def value(self, hint: Any, kind: type[Any], name: str, depth: int) -> Any:
        inner = _class_in(hint)
        if get_origin(hint) is tuple:
            count = self.random.choice((1, 1, 2, 3))
            if inner is Accreditation and depth > _DEEP:
                count = 0
            of = get_args(hint)[0]
            found = [self.value(of, kind, name, depth) for _ in range(count)]
            # Codes are named once; so are two things that are alike in everything.
            return tuple(item for n, item in enumerate(found) if item not in found[:n])
        if inner is not None:
            return None if depth > 2 * _DEEP else self.make(inner, depth)
        return self.leaf(hint, kind, name)

    def leaf(self, hint: Any, kind: type[Any], name: str) -> Any:
        if (kind, name) in _LISTS:
            return self.random.choice([*vocab.lists()[_LISTS[kind, name]].concepts])
        hint = _some(hint)
        if get_origin(hint) is Literal:
            return self.random.choice(get_args(hint))
        if get_origin(hint) is Mapping:
            return self.texts(name)
        if hint is bool:
            return self.random.random() < 0.5
        if hint is int:
            return self.random.randrange(1, 8 if name == "eqf" else 17)
        if hint is Decimal:
            return Decimal(self.random.randrange(1, 400)) / 4
        if hint is date:
            return date(2024, 1, 1) + timedelta(days=self.random.randrange(900))
        return self.text(kind, name)

    def text(self, kind: type[Any], name: str) -> str:
        self.numbers += 1
        number = self.numbers
        if name == "country":
            return self.random.choice(COUNTRIES)
        if name in ("esco",):
            return f"http://data.europa.eu/esco/skill/{number}"
        if name in ("language_of_instruction", "languages"):
            return self.random.choice([*ALPHABETS])
        if name == "id" and kind is Organisation:
            return f"https://org.example/{number}"
        if name in _ADDRESSES:
            return f"https://page.example/{number}"
        if name == "email":
            return f"n{number}@zgled.example"
        if name == "subject_did":
            return f"did:example:{number}"
        if name in ("nuts", "atu"):
            return f"SI{number % 1000:03}" if name == "nuts" else f"SVN{number}"
        if name == "points":
            return self.random.choice(("0.5", "1", "1.5", "30"))
        if name in ("code", "programme_code", "parts", "part_of", "outcomes"):
            return f"K-{number}{self.random.choice(('', 'č', 'Ж', ' a', ':b', '(c)'))}"
        return self.words(self.primary)

    def texts(self, name: str) -> dict[str, str]:
        """Always in the primary language where a record needs it, else in some."""
        least = (self.primary,) if name in ("title", "legal_name") else ()
        some = self.random.sample(
            self.languages, self.random.randint(1, len(self.languages))
        )
        chosen = [tag for tag in self.languages if tag in (*least, *some)]
        return {tag: self.words(tag) for tag in chosen}

    def words(self, tag: str) -> str:
        letters = ALPHABETS[tag]
        words = [
            "".join(self.random.choices(letters, k=self.random.randint(2, 9)))
            + self.random.choice(_MARKS)
            for _ in range(self.random.randint(1, 4))
        ]
        return " ".join(words).strip()

    def national_level(self) -> Nqf:
        known = [code for code in vocab.lists()["nqf"].concepts if "/" in code]
        framework, level = self.random.choice(known).split("/")
        return Nqf(framework, level)  # type: ignore[arg-type]

    def seal_number(self) -> LegalIdentifier:
        return LegalIdentifier(f"NTRSI-{self.random.randrange(10**7)}", "SI")

    def later(self, day: date) -> date | None:
        if self.random.random() < 0.5:
            return None
        return day + timedelta(days=self.random.randrange(2000))


def _some(hint: Any) -> Any:
    """The type behind `X | None` and its marks."""
    while True:
        args = [arg for arg in get_args(hint) if arg is not type(None)]
        if get_origin(hint) in (Literal, Mapping, tuple) or not args:
            return hint
        hint = args[0]


def _class_in(hint: Any) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next(filter(None, map(_class_in, get_args(hint))), None)

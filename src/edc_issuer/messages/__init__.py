"""What the program says to people: plain sentences, one file a language.

`Messages("sl").text("reason.unsigned")` gives a sentence. A missing sentence falls
back to English and says so (`[en] ...`), a missing key or value stays visible in
brackets: nothing here raises, because a report must reach its reader. Values put into
a sentence are neutralised (`neutral`), since names in a credential are chosen by
strangers. A file is read when its language is first asked for.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from edc_issuer.errors import Problem
from edc_issuer.messages.plurals import form
from edc_issuer.messages.reasons import REASONS as REASONS
from edc_issuer.messages.reasons import spellings
from edc_issuer.messages.safe import neutral as neutral
from edc_issuer.messages.safe import printable as printable
from edc_issuer.messages.tags import FALLBACK as FALLBACK
from edc_issuer.messages.tags import LANGUAGES as LANGUAGES
from edc_issuer.messages.tags import WINDOWS
from edc_issuer.messages.tags import known_language as known_language
from edc_issuer.messages.tags import spoken as spoken

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def system_language() -> str:
    """The language of this computer's user, else English.

    `LC_ALL`, `LC_MESSAGES`, `LANG`; Windows sets none of them and is asked itself.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return known_language(value)
    return known_language(_language_of_windows() or FALLBACK)


def _language_of_windows() -> str | None:
    """`sl_SI` for a Windows in Slovenian; None on other systems."""
    if sys.platform != "win32":
        return None
    import ctypes
    import locale

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return WINDOWS.get(number) or locale.windows_locale.get(number)


@cache
def table(language: str) -> Mapping[str, str]:
    """All sentences of one language as they stand in its file."""
    text = files(__package__).joinpath(f"{language}.json").read_text("utf-8")
    sentences: dict[str, str] = json.loads(text)
    return sentences


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces of a sentence."""
    return frozenset(_PLACEHOLDER.findall(sentence))


class Messages:
    """The sentences of one language (`language` after falling back)."""

    __slots__ = ("_own", "language")

    def __init__(self, language: str) -> None:
        self.language = known_language(language)
        self._own = table(self.language)

    def has(self, key: str) -> bool:
        """Whether this language or English knows this key."""
        return key in self._own or key in table(FALLBACK)

    def text(self, key: str, /, **values: object) -> str:
        """The sentence with its values; `[key]` where no language knows it.

        `profile` among the values also chooses the wording of a country, where it
        has one: `rule.ST-07@BA-HNK` before `rule.ST-07`.
        """
        sentence = self._sentence(key, values.get("profile"))
        if sentence is None:
            return f"[{neutral(key)}]"
        return self._filled(sentence, values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """The sentence in the form that a whole number takes: `key.one`, `key.few`.

        `{count}` in the sentence is the number.
        """
        own = f"{key}.{form(self.language, number)}"
        known = own if own in self._own else f"{key}.{form(FALLBACK, number)}"
        return self.text(known, **{**values, "count": number})

    def _sentence(self, key: str, profile: object) -> str | None:
        """What this language says, else what English says; a profile's words first."""
        keys = (f"{key}@{profile}", key) if profile else (key,)
        for candidate in keys:
            if candidate in self._own:
                return self._own[candidate]
        for candidate in keys:
            if candidate in table(FALLBACK):
                return self._borrowed(table(FALLBACK)[candidate])
        return None

    def _borrowed(self, english: str) -> str:
        """An English sentence among others, marked so that a reader can see it."""
        return english if self.language == FALLBACK else f"[{FALLBACK}] {english}"

    def _filled(self, sentence: str, values: Mapping[str, object]) -> str:
        def put(match: re.Match[str]) -> str:
            value = values.get(match[1])
            if value is None:
                return match[0]
            shown = self._shown(value)
            # "3. 11. 2025." and "d. o. o." end a sentence with the dot they have.
            doubled = shown.endswith(".") and sentence.startswith(".", match.end())
            return shown[:-1] if doubled else shown

        return _PLACEHOLDER.sub(put, sentence)

    def reason(self, code: str, check: str, /, **values: object) -> str | None:
        """The sentence for a reason code on a check; None where there is none.

        A dotted code falls back to its family: `json.syntax` to `json.*`.
        """
        for spelling in spellings(code):
            for key in (f"reason.{spelling}@{check}", f"reason.{spelling}"):
                if self.has(key):
                    return self.text(key, **values)
        return None

    def problem(self, problem: Problem, /) -> str:
        """What is wrong and what to do, in this language, without the path.

        `Problem.values` fill the sentence; `case` among them chooses the wording
        (`problem.wrong-type@text`), `count` its form, and a `suggestion` is added. A
        code without a sentence falls back to its family, then to the English message.
        """
        if self.language == FALLBACK:
            return neutral(problem.message)
        values = {k: v for k, v in problem.values.items() if v is not None}
        for key in _problem_keys(problem):
            sentence = self._own.get(self._counted(key, values.get("count")))
            if sentence is not None and placeholders(sentence) <= values.keys():
                more = "problem.suggestion" if "suggestion" in values else None
                hint = self.text(more, **values) if more else ""
                return self._filled(sentence, values) + hint
        return self._borrowed(neutral(problem.message))

    def _counted(self, key: str, number: object) -> str:
        if isinstance(number, int) and f"{key}.other" in self._own:
            return f"{key}.{form(self.language, number)}"
        return key

    def answer(self, check: str, status: str, reason: str, /, **values: object) -> str:
        """What one answered question means: the reason's sentence, else the status's.

        `detail` among the values is shown only where no sentence says more.
        """
        own = self.reason(reason, check, **values)
        if own is not None:
            return own
        if status == "skipped":
            return self.text("status.skipped")
        if status == "warn":
            # The general sentence of a warning names one cause among several.
            detail = values.get("detail") or reason or None
            return self.text(
                "kind.warn" if detail else "kind.warn_plain", detail=detail
            )
        return self.text(f"check.{check}.{status}", **values)

    def day(self, value: date) -> str:
        """A calendar day as people of this language write it."""
        month = self.text(f"month.{value.month}")
        return self.text("date.day", day=value.day, month=month, year=value.year)

    def moment(self, value: datetime) -> str:
        """A moment in UTC, to the minute."""
        try:
            moment = value.astimezone(UTC) if value.tzinfo else value
        except OverflowError:
            moment = value  # the first or last hours of the calendar, anywhere on Earth
        day = self.day(moment.date())
        return self.text("date.moment", date=day, time=f"{moment:%H:%M}")

    def _shown(self, value: object) -> str:
        match value:
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case (*some, last) if some:
                shown = ", ".join(self._shown(item) for item in some)
                return self.text("join.or", some=shown, last=last)
            case (only,):
                return self._shown(only)
        return neutral(str(value))


def _problem_keys(problem: Problem) -> Iterator[str]:
    for spelling in spellings(problem.code):
        if "case" in problem.values:
            yield f"problem.{spelling}@{problem.values['case']}"
        yield f"problem.{spelling}"

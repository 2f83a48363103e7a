"""Our own sentences inside credentials and on their pages, in the users' languages.

What a school writes is never translated; these are the few words around it. A
language that we do not speak gets English rather than silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

Texts = Mapping[str, Mapping[str, str]]  # key to language to text
_NEAREST = {"sr": "sr-Cyrl", "me": "cnr"}


def say(key: str, languages: Iterable[str], **values: str) -> dict[str, str]:
    """One sentence in those of `languages` that we speak; in English if in none."""
    texts = table("credential_texts.json")[key]
    known = [language for language in languages if language in texts] or ["en"]
    return {language: texts[language].format(**values) for language in known}


def abbreviation(framework: str, language: str) -> str:
    """How a national qualifications framework is called at home (`SI`: SOK)."""
    names = table("credential_texts.json")[f"framework.{framework}"]
    return names.get(language, names[""])


def spoken(language: str, texts: Mapping[str, str]) -> str:
    """The language of `texts` to use for `language`: itself, a near one, English."""
    base = language.partition("-")[0]
    for candidate in (language, _NEAREST.get(base, base)):
        if candidate in texts:
            return candidate
    return "en"


@cache
def table(name: str) -> Texts:
    """A file of texts that comes with this package."""
    source = files("edc_issuer") / "data" / name
    loaded: dict[str, dict[str, str]] = json.loads(source.read_text("utf-8"))
    return loaded

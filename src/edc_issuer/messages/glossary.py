"""What a country calls a thing: mikrodokazilo, mikrokvalifikacija, mikroprogram.

`data/glossary.json` is written by `tools/make_glossary.py` and read when the first
term is asked for. Terms are lower-case nouns in the nominative, for headings and
tables; a sentence says them in its own words (`messages`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from edc_issuer.messages.safe import neutral
from edc_issuer.messages.tags import FALLBACK, known_language

Terms = Mapping[str, str]  # `sl` or `sl@HR` → term


def term(code: str, language: str, *, profile: str | None = None) -> str:
    """The term in a language, as the profile's country has it.

    In English and marked `[en]` where the language lacks it, `[code]` where nobody
    has it: never silence, and never an exception.
    """
    known = known_language(language)
    terms = entries().get(code, {})
    own = terms.get(f"{known}@{profile}") or terms.get(known)
    if own:
        return own
    spare = terms.get(f"{FALLBACK}@{profile}") or terms.get(FALLBACK)
    return f"[{FALLBACK}] {spare}" if spare else f"[{neutral(code)}]"


@cache
def entries() -> Mapping[str, Terms]:
    """Every term by its code; read once a process and not to be changed."""
    source = files("edc_issuer").joinpath("data", "glossary.json")
    loaded: dict[str, dict[str, str]] = json.loads(source.read_text("utf-8"))
    return loaded

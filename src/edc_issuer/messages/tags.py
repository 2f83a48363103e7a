"""Which of our languages a tag means: `sl_SI.UTF-8`, `sr-Latn-RS`, `cnr`.

People write language tags as their system does (POSIX: `sr_RS@latin`) or as BCP 47
says; case and separators are of no account. Serbian without a script is Cyrillic,
the script of official use; Serbian of Montenegro is answered in Montenegrin.
"""

from __future__ import annotations

import re

LANGUAGES: tuple[str, ...] = ("en", "sl", "hr", "sr-Latn", "sr-Cyrl", "bs", "cnr")
FALLBACK = "en"
# Windows numbers languages; Python's names for these numbers drop the script.
WINDOWS = {
    0x081A: "sr-Latn",
    0x0C1A: "sr-Cyrl",
    0x181A: "sr-Latn",
    0x1C1A: "sr-Cyrl",
    0x241A: "sr-Latn",
    0x281A: "sr-Cyrl",
    0x2C1A: "cnr",
    0x301A: "sr-Cyrl",
}


def spoken(tag: str) -> str | None:
    """The language of ours that `tag` asks for; None where we speak no such one."""
    parts = re.split(r"[-_.@]", tag.strip().lower())
    language, rest = parts[0], parts[1:]
    if language == "sr":
        return _serbian(rest)
    return language if language in LANGUAGES else None


def _serbian(rest: list[str]) -> str:
    if "me" in rest and "cyrl" not in rest:
        return "cnr"
    return "sr-Latn" if "latn" in rest or "latin" in rest else "sr-Cyrl"


def known_language(tag: str) -> str:
    """As `spoken`; English where we speak no such language."""
    return spoken(tag) or FALLBACK

"""Text from strangers, made harmless for terminals and narrow consoles.

A credential names people and schools in words that its maker chose. Escape
sequences would repaint the terminal, bidirectional overrides would turn a name
round, and a line break would let a name write a verdict line of its own.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import partial

MAX_SHOWN = 400  # letters of one value; a longer one is an attack on the eye
_LINE_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{4,}")
_WORD = re.compile(r"\w+|\W")
# Letters and signs that lose their meaning or nothing at all by decomposition.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("–—‑−", "-"),
        **dict.fromkeys("„“”»«", '"'),
        **dict.fromkeys("‚‘’›‹", "'"),
        **dict(zip("đĐłŁøØħĦ", "dDlLoOhH", strict=True)),
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "€": "EUR",
        "…": "...",
    }
)
_LATIN = (
    "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š "
    "A B V G D Đ E Ž Z I J K L Lj M N Nj O P R S T Ć U F H C Č Dž Š"
)
_SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
_CYRILLIC = dict(zip(_SERBIAN, _LATIN.split(), strict=True))


def neutral(text: str) -> str:
    r"""One line without anything unseen: breaks become spaces, the rest `\u202e`."""
    line = _LINE_BREAKS.sub(" ", text[: MAX_SHOWN * 4])
    shown = "".join(
        f"\\u{ord(letter):04x}"
        if unicodedata.category(letter) in _UNSEEN
        else " "
        if letter.isspace()
        else letter
        for letter in line
    )
    # A stack of marks on one letter covers the lines above and below it.
    shown = _MARKS.sub(lambda match: match[0][:3], shown).strip()
    return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"


def printable(text: str, encoding: str) -> str:
    """The text as a console of this encoding can show it; never fails.

    Letters lose their marks (`č` → `c`) and Serbian Cyrillic becomes Latin before
    a question mark is the last resort.
    """
    known = _known(encoding)
    if _fits(text, known):
        return text
    return "".join(map(partial(_word, encoding=known), _WORD.findall(text)))


def _word(word: str, encoding: str) -> str:
    if _fits(word, encoding):
        return word
    # A word that mixes alphabets is not ours to spell: that would hide the mixture.
    if all(letter in _CYRILLIC for letter in word):
        word = "".join(_CYRILLIC[letter] for letter in word)
    return "".join(_letter(letter, encoding) for letter in word)


def _letter(letter: str, encoding: str) -> str:
    if _fits(letter, encoding):
        return letter
    base = unicodedata.normalize("NFKD", letter.translate(_PLAIN))
    plain = "".join(part for part in base if not unicodedata.combining(part))
    return plain if plain and _fits(plain, encoding) else "?"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return "ascii"


def looks_like_another(text: str) -> bool:
    """Whether a word mixes alphabets whose letters look alike (`Šоla`, `Zgλed`)."""
    return any(len(_alphabets(word)) > 1 for word in re.findall(r"\w+", text))


def is_coded_name(text: str) -> bool:
    """Whether an internet name in it is spelt in punycode (`xn--...`)."""
    return "xn--" in text.lower()


def _alphabets(word: str) -> set[str]:
    names = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
    return names & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}

"""Keys that mean nothing, and what their author probably meant.

JSON-LD drops an unknown key without a word. A key can look right and be wrong: a
Greek iota for an `i` makes another key, and so does a letter of no width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 64  # no term of ELM has more than 32 letters
# Letters of other scripts that look like a Latin one (Unicode confusables, UTS 39,
# cut down to what stands in the names of ELM).
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝкмнтвАВЕКМНОРСТХІЈЅαεινορτυχκΑΒΕΗΙΚΜΝΟΡΤΥΧΖıƖӏ",
    "aeopcyxijsdhqwkmhtbABEKMHOPCTXIJSaeivoptuxkABEHIKMNOPTYXZiil",
)


def strange_letter(key: str) -> str:
    """The Unicode name of the first letter that is not plain ASCII; else empty."""
    for letter in key:
        if not letter.isascii():
            return unicodedata.name(letter, f"U+{ord(letter):04X}")
    return ""


class Suggestions:
    """Finds the known key that an unknown one stands for; bounded in its work."""

    def __init__(self, known: Iterable[str], limit: int = 50) -> None:
        self._known = tuple(known)
        self._by_skeleton: dict[str, str] = {}
        self._left = limit  # comparing is slow, and a hostile file has many keys

    def nearest(self, key: str) -> str:
        """A known key, or an empty text where none is near."""
        if self._left <= 0 or len(key) > _LONGEST:
            return ""
        self._left -= 1
        if not self._by_skeleton:
            self._by_skeleton = {skeleton(name): name for name in self._known}
        alike = self._by_skeleton.get(skeleton(key))
        if alike:
            return alike
        close = get_close_matches(key, self._known, n=1, cutoff=0.75)
        return close[0] if close else ""


def skeleton(key: str) -> str:
    """The key as an eye sees it: no letters without width, one script, one case."""
    plain = unicodedata.normalize("NFKC", key.translate(_LOOKALIKES))
    visible = (c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Mn"))
    return "".join(visible).translate(_LOOKALIKES).casefold().replace("_", "")

"""Is this the organisation that the operator named? Names, identifiers, look-alikes.

Names are compared after NFKC, case, punctuation and diacritics folding; legal
identifiers as type, country and number (ETSI EN 319 412-1 clause 5.1.4); DIDs
exactly. Letters that only look like others are told, never repaired.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase, digits

from edc_issuer.trust.anchors import Anchor, TrustedIssuer
from edc_issuer.trust.directory import Trust

MAX_IDENTIFIER = 1_000  # letters; X.520 has room for 64
CUT_LENGTHS = range(60, 65)  # X.520 allows 64 letters in O; authorities cut near it

_LEGAL = re.compile(r"([A-Z]{3})([A-Z]{2})-(.+)", re.DOTALL)
# Only ASCII: `upper` makes an I of a dotless ı, and two letters of ß.
_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
_COUNTRIES = {"EL": "GR", "UK": "GB"}  # what the Union writes, and what ISO 3166 does
# Letters whose stroke or shape is part of them, so that NFD leaves them alone.
_STROKES = str.maketrans(
    {
        **dict(zip("đðłøħŧı", "ddlohti", strict=True)),
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
# The pairs of Unicode TR 39 between the scripts that occur on European diplomas.
_TWINS = {
    **dict(zip("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX", strict=True)),
    **dict(zip("аеѕіјорсухһԁԛԝ", "aesijopcyxhdqw", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αοινυρκ", "aoivupk", strict=True)),
}
_SKELETON = str.maketrans({**_TWINS, "0": "o", "1": "l", "|": "l"})
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_PLAIN = re.compile("[A-Za-z0-9]")  # of these folding leaves something
# RFC 3986 section 3.2; a did:web ends its host at `:` and writes a port as `%3A`.
_HOST = re.compile(r"(?:https?://|did:web:)([^/?#%]+)", re.IGNORECASE)
_SHORT = 3  # "у" and "а" are words of Serbian, and look like y and a


class _Kept(dict[int, int | None]):
    """What `fold` leaves of each character, looked up once for most of them."""

    def __missing__(self, code: int) -> int | None:
        kept = code if unicodedata.category(chr(code))[0] in "LNS" else None
        if code < _OFTEN:
            self[code] = kept
        return kept


_OFTEN = 0x2000  # Latin, Greek, Cyrillic and their marks
_KEPT = _Kept()


def fold(name: str) -> str:
    """The letters, digits and symbols of a name, without case and diacritics."""
    return _fold_often(name) if len(name) <= _OFTEN_ASKED else _fold(name)


def _fold(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().translate(_STROKES)
    return unicodedata.normalize("NFD", text).translate(_KEPT)


# One school has many diplomas; longer names are not worth the memory.
_OFTEN_ASKED = 200
_fold_often = lru_cache(maxsize=4096)(_fold)


def same_name(proved: str, stated: str) -> bool:
    """Whether two names are the same after folding; nothing left is no name.

    `proved` may be a certificate's: one of 60-64 letters may have been cut there,
    and then matches a stated name that begins with it.
    """
    if proved == stated and _PLAIN.search(proved):
        return True
    folded, other = fold(proved), fold(stated)
    if not folded:
        return False
    return folded == other or (len(proved) in CUT_LENGTHS and other.startswith(folded))


def same_identifier(one: str, other: str) -> bool:
    """Whether two identifiers name the same: DIDs and URIs letter by letter."""
    if one == other:
        return bool(one.strip())
    first, second = legal_identifier(one), legal_identifier(other)
    return first is not None and first == second


def legal_identifier(identifier: str) -> tuple[str, str, str] | None:
    """Type, country and number of `NTRSI-1234567`; None for anything else."""
    if len(identifier) > MAX_IDENTIFIER or ":" in identifier:
        return None
    return _legal_identifier(identifier)


@lru_cache(maxsize=4096)
def _legal_identifier(identifier: str) -> tuple[str, str, str] | None:
    match = _LEGAL.fullmatch(identifier.strip().translate(_CAPITALS))
    if match is None:
        return None
    number = "".join(c for c in match[3] if not _separates(c))
    country = _COUNTRIES.get(match[2], match[2])
    if match[1] == "VAT":
        number = _without_country(number, country)
    return (match[1], country, number) if number else None


def _without_country(number: str, country: str) -> str:
    """A VAT number as such: `SI12345678` in Slovenia is 12345678.

    On invoices and in registers the country stands in front of it; in a certificate
    it is told apart.
    """
    aliases = (alias for alias, meant in _COUNTRIES.items() if meant == country)
    for prefix in (country, *aliases):
        rest = number.removeprefix(prefix)
        if rest != number and any(c in digits for c in rest):
            return rest
    return number


def _separates(letter: str) -> bool:
    """Whether a letter only groups the digits of a number."""
    if letter.isascii():
        return not letter.isalnum()
    # What cannot be seen is no separator: it would make two numbers look like one.
    return unicodedata.category(letter)[0] in "PZ"


def trusted_issuer(trust: Trust, identifier: str, at: datetime) -> TrustedIssuer | None:
    """What the operator said about this identifier, if it was in force at `at`."""
    return _named(trust.issuers, identifier, at)


def named_by(anchor: Anchor, identifier: str, at: datetime) -> TrustedIssuer | None:
    """The organisation among those an anchor is limited to; None if it is not one."""
    return _named(anchor.organisations, identifier, at)


def _named(
    issuers: Iterable[TrustedIssuer], identifier: str, at: datetime
) -> TrustedIssuer | None:
    for issuer in issuers:
        if same_identifier(issuer.identifier, identifier) and issuer.is_named_at(at):
            return issuer
    return None


def look_alike(name: str) -> tuple[str, ...]:
    """What is odd about the letters of a name, in words; empty for an honest one.

    A name in Cyrillic or Greek is honest, and so is one beside its translation.
    """
    # No letter of ASCII looks like one of another script that a name begins with.
    return () if name.isascii() else tuple(_oddities(name))


def _oddities(name: str) -> Iterator[str]:
    if any(unicodedata.category(c) == "Cf" for c in name):
        yield "it contains letters that cannot be seen"
    words = _words(name)
    if any(len(_scripts(word)) > 1 for word in words):
        yield "it mixes letters of several scripts within one word"
    disguised = [w for w in words if len(w) >= _SHORT and all(c in _TWINS for c in w)]
    if disguised and ("LATIN" in _scripts(name) or disguised == words):
        yield "it is written with letters that only look like Latin ones"


def imitates(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one looks like without being it, if there is one."""
    skeleton, folded = _skeleton(name), fold(name)
    for candidate in known:
        if _skeleton(candidate) == skeleton and fold(candidate) != folded:
            return candidate
    return None


def _skeleton(name: str) -> str:
    return fold(unicodedata.normalize("NFKC", name).translate(_SKELETON))


def _words(name: str) -> list[str]:
    text = unicodedata.normalize("NFC", name)
    return re.findall(r"[^\W\d_]+", text)


def _scripts(text: str) -> frozenset[str | None]:
    return frozenset(map(_script, text)) - {None}


@lru_cache(maxsize=1_024)
def _script(letter: str) -> str | None:
    name = unicodedata.name(letter, "").split(" ")[0]
    return name if name in _SCRIPTS else None


def odd_host(address: str) -> tuple[str, ...]:
    """What is odd about the host of a URL or did:web, in words; empty if nothing is.

    A host in coded spelling is always told, with the letters it hides; so is one
    whose letters only look like others.
    """
    readable = punycode(address)
    if readable is not None:
        return (f"its address hides letters: {readable}",)
    host = host_of(address)
    if host is None or host.isascii():
        return ()
    return tuple(f"in its address {host}: {what}" for what in look_alike(host))


def host_of(address: str) -> str | None:
    """The host of a web address or did:web; None where the text names no host."""
    match = _HOST.match(address.strip())
    return match[1].rpartition("@")[2].partition(":")[0].lower() if match else None


def punycode(address: str) -> str | None:
    """The host of a URL or did:web as a person would read it, if it hides letters.

    None where nothing is hidden; the address itself where it cannot be decoded.
    """
    labels = re.findall(r"xn--[a-z0-9-]*", address.lower())
    if not labels:
        return None
    text = address.lower()
    for label in labels:
        try:
            text = text.replace(label, label.encode().decode("idna"))
        except UnicodeError:
            return address
    return text

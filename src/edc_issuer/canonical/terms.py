"""How values are written as RDF terms, and which values are refused.

N-Quads in the canonical spelling of RDFC-1.0 section 5; numbers as JSON-LD 1.1 API
section 8.2.2 writes them. Refused is what two honest processors would read as two
different things: a signature over it would hold for one of them only.
"""

from __future__ import annotations

import math
import re
from typing import Any

from edc_issuer.canonical.jcs import MAX_INTEGER, jcs

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_MIN_FLOAT = 1e-6  # smaller ones become "0" in one widespread processor
_MAX_FLOAT = 1e21  # larger ones are integers to some, doubles to others

_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\\x7f]')
_OFTEN = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_SELDOM = re.compile(r"[\x00-\x1f\x7f]")
_NAMED = {"\b": "\\b", "\f": "\\f"}
# An absolute IRI of characters that N-Quads takes between its angle brackets.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*\Z")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")  # BCP 47, well-formed


class Refused(Exception):
    """A place in a document that cannot be signed or verified safely.

    `reason` is the word of the report; `path` grows, innermost key first, while
    the exception travels outwards.
    """

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason
        self.why = why
        self.path: list[str] = []


def is_iri(value: str) -> bool:
    """Whether the value is an absolute IRI that survives N-Quads."""
    return _IRI.match(value) is not None


def iri(value: str) -> str:
    """An absolute IRI in angle brackets; `Refused` for anything else."""
    if _IRI.match(value) is None:
        if value.startswith("_:"):
            raise Refused("iri.blank", "a blank node label chosen by the author")
        raise Refused("iri.invalid", "an identifier that is no absolute IRI")
    return f"<{value}>"


def text(value: str) -> str:
    """A plain literal."""
    if _TO_ESCAPE.search(value):
        for letter, escaped in _OFTEN:  # the backslash first
            value = value.replace(letter, escaped)
        value = _SELDOM.sub(_escape, value)
    return f'"{value}"'


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    return _NAMED.get(letter) or f"\\u{ord(letter):04X}"


def tagged(value: Any, language: Any) -> str:
    """A literal in a language; the tag is written in lower case."""
    if not isinstance(value, str):
        raise Refused("language.invalid", "a value in a language that is no text")
    if not isinstance(language, str) or not _TAG.match(language):
        raise Refused("language.invalid", "a language tag that is not well-formed")
    return f"{text(value)}@{language.lower()}"


def typed(value: Any, datatype: str | None) -> str:
    """A literal of JSON's `value`; `datatype` is an absolute IRI, `@json` or None."""
    if datatype == "@json":
        return f"{text(jcs(value).decode())}^^<{RDF}JSON>"
    if isinstance(value, str):
        if datatype == XSD + "double":
            value = _double_of(value)
        if datatype is None or datatype == XSD + "string":
            return text(value)
        return f"{text(value)}^^{iri(datatype)}"
    lexical, natural = scalar(value, datatype)
    return f'"{lexical}"^^{iri(datatype or XSD + natural)}'


def scalar(value: Any, datatype: str | None) -> tuple[str, str]:
    """The lexical form of a number or boolean and the datatype it has by nature."""
    if isinstance(value, bool):
        return ("true" if value else "false"), "boolean"
    if isinstance(value, int):
        check_range(value)
        if datatype == XSD + "double":
            return _double(float(value)), "double"
        return str(value), "integer"
    if isinstance(value, float):
        check_range(value)
        if value.is_integer() and datatype != XSD + "double":
            return str(int(value)), "integer"
        return _double(value), "double"
    raise Refused("not-compact", f"a value of kind {type(value).__name__}")


def check_range(value: float) -> None:
    """`Refused` for a number that processors write in different ways."""
    size = abs(value)
    if not math.isfinite(value) or size >= _MAX_FLOAT:
        raise Refused("number.range", "a number of 1e21 or more")
    if size > MAX_INTEGER and value == int(value):
        raise Refused("number.range", "an integer beyond 2^53")
    if 0 < size < _MIN_FLOAT:
        raise Refused("number.range", "a number below 1e-6")


def _double(value: float) -> str:
    """The canonical lexical form of xsd:double (XML Schema 1.1 part 2, E.2)."""
    mantissa, _, exponent = f"{value:.15E}".partition("E")
    mantissa = mantissa.rstrip("0")
    if mantissa.endswith("."):
        mantissa += "0"
    return f"{mantissa}E{int(exponent)}"


def _double_of(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        raise Refused("number.range", "a text where a number belongs") from None
    check_range(number)
    return _double(number)

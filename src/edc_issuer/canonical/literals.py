"""One JSON value for all spellings of a literal that have the same canonical form.

5.0 and 5, or the number and the text under a numeric type, are signed as one; whoever
reads them gets one of them (`canonical.view`).
"""

from __future__ import annotations

import re
from typing import Any

from edc_issuer.canonical import terms
from edc_issuer.canonical.contexts import ActiveContext
from edc_issuer.canonical.definitions import Term
from edc_issuer.canonical.terms import XSD

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_DOUBLE = re.compile(r"-?[0-9]\.[0-9]+E-?[0-9]+\Z")
# Datatypes whose value is a number, whether JSON wrote it as one or as a text. Both
# addresses, because Open Badges contexts before 3.0.3 spell XML Schema with https.
_NUMERIC = frozenset(
    base + name
    for base in (XSD, XSD.replace("http:", "https:"))
    for name in (
        "integer",
        "int",
        "long",
        "decimal",
        "float",
        "double",
        "positiveInteger",
        "nonNegativeInteger",
    )
)
_BOOLEAN = frozenset({XSD + "boolean", XSD.replace("http:", "https:") + "boolean"})
_READ_AS_VALUE = _NUMERIC | _BOOLEAN


def scalar(term: Term, value: Any, active: ActiveContext) -> Any:
    """The one JSON value for a literal or an identifier."""
    datatype = active.terms[term.name].type if term.name in active.terms else None
    if isinstance(value, str) and datatype == "@id":
        return active.expand(value, vocab=False)
    if isinstance(value, str) and datatype not in _READ_AS_VALUE:
        return value
    if datatype in (None, "@id", "@vocab", "@none") or datatype in _NUMERIC:
        return _number(value, datatype)
    if datatype in _BOOLEAN:
        return {"true": True, "false": False}.get(str(value).lower(), value)
    return terms.scalar(value, datatype)[0]


def _number(value: Any, datatype: str | None) -> Any:
    """The number that a number or a text has in common with its canonical form."""
    if isinstance(value, bool):
        # Under a numeric type `true` and "true" are one literal.
        return value if datatype not in _NUMERIC else terms.scalar(value, datatype)[0]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        if datatype == XSD + "double":
            return _number(float(value), datatype)
        if _NUMBER.match(value) and value != "-0":
            return int(value)
        if _DOUBLE.match(value) and terms.scalar(float(value), datatype)[0] == value:
            return float(value)
    return value

"""What was added to a seal later: timestamps, certificates, revocation answers.

`etsiU` is an array in the unprotected header, so no seal covers it and anyone can
write into it. Whatever is wrong in it is told as a note and never breaks the seal
itself. ETSI TS 119 182-1 clause 5.3; levels: clause 6.3.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from edc_issuer import strict_json
from edc_issuer.encoding import unb64, unb64u
from edc_issuer.errors import InputError

MAX_ELEMENTS = 256  # yearly renewal for a lifetime, three elements each time
MAX_CERTIFICATES = 64  # those of sealer, timestamp and revocation answers are ten
_KNOWN = frozenset(
    [
        "sigTst",
        "xVals",
        "rVals",
        "arcTst",
        "tstVD",
        "anyValData",
        "axVals",
        "arVals",
        "xRefs",
        "rRefs",
        "axRefs",
        "arRefs",
        "sigRTst",
        "rfsTst",
        "cSig",
        "sigPSt",
    ]
)
_REFERENCES = frozenset(["xRefs", "rRefs", "axRefs", "arRefs", "sigRTst", "rfsTst"])


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `text` is the base64url as stored, None where it stood clear."""

    name: str
    value: Any
    text: str | None


@dataclass(frozen=True, slots=True)
class EtsiU:
    """All elements in their order, and what was odd about them."""

    elements: tuple[Element, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, unprotected: Mapping[str, Any]) -> EtsiU:
        """Read an unprotected header; never raises for what stands in it."""
        rows = unprotected.get("etsiU", [])
        if not isinstance(rows, list):
            return cls(notes=("etsiU-unreadable",))
        if len(rows) > MAX_ELEMENTS:
            return cls(notes=("etsiU-too-long",))
        try:
            elements = tuple(map(_element, rows))
        except (InputError, TypeError, ValueError):
            return cls(notes=("etsiU-unreadable",))
        return cls(elements, tuple(_notes(elements)))

    @property
    def level(self) -> str:
        """B, T, LT or LTA, by what is there and whether or not it is any good."""
        names = [element.name for element in self.elements]
        if "sigTst" not in names:
            return "B"
        values = "anyValData" in names or {"xVals", "rVals"} <= set(names)
        if not values or not _REFERENCES.isdisjoint(names):
            return "T"
        return "LTA" if "arcTst" in names else "LT"

    def named(self, name: str) -> Iterator[tuple[int, Any]]:
        """Position and value of every element with this name."""
        for index, element in enumerate(self.elements):
            if element.name == name:
                yield index, element.value

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Every certificate that can be read, in its order; at most 64."""
        found: list[x509.Certificate] = []
        for text in self._certificate_texts():
            if len(found) == MAX_CERTIFICATES:
                break
            try:
                found.append(_load(text))
            except (TypeError, ValueError, x509.InvalidVersion):
                continue  # what was added later cannot break what was sealed
        return tuple(found)

    def _certificate_texts(self) -> Iterator[Any]:
        for element in self.elements:
            value = element.value
            if element.name in ("tstVD", "anyValData") and isinstance(value, dict):
                value = value.get("xVals")
            elif element.name not in ("xVals", "axVals"):
                continue
            for row in value if isinstance(value, list) else ():
                holder = row.get("x509Cert") if isinstance(row, dict) else None
                yield holder.get("val") if isinstance(holder, dict) else None


def _element(row: Any) -> Element:
    value = strict_json.loads(unb64u(row)) if isinstance(row, str) else row
    if not isinstance(value, dict):
        raise ValueError("an element of etsiU is an object")
    ((name, content),) = value.items()  # ValueError unless exactly one
    return Element(name, content, row if isinstance(row, str) else None)


def _notes(elements: tuple[Element, ...]) -> Iterator[str]:
    stored = {element.text is None for element in elements}
    if stored == {True, False}:
        yield "etsiU-mixed"
    elif stored == {True}:
        yield "etsiU-clear"
    names = {element.name for element in elements}
    if "cSig" in names:
        yield "counter-signature"
    if names - _KNOWN:
        yield "etsiU-unknown"


def _load(text: Any) -> x509.Certificate:
    with warnings.catch_warnings():
        # Certificates of old authorities have serial numbers that are not positive.
        warnings.simplefilter("ignore")
        return x509.load_der_x509_certificate(unb64(text))

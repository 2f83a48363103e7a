"""What was added to a seal later: timestamps, certificates, revocation answers.

`etsiU` is an array in the unprotected header, so no seal covers it and anyone can
write into it. Whatever is wrong in it is told as a note and never breaks the seal
itself. ETSI TS 119 182-1 clause 5.3; levels: clause 6.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from cryptography import x509

from edc_issuer import strict_json
from edc_issuer.cms.certificate import load
from edc_issuer.encoding import b64, b64u, unb64, unb64u
from edc_issuer.errors import InputError
from edc_issuer.formats.jws import dump

MAX_ELEMENTS = 256  # yearly renewal for a lifetime, three elements each time
MAX_CERTIFICATES = 64  # those of sealer, timestamp and revocation answers are ten
MAX_TOKENS = 64  # each costs a signature; yearly renewal for a working life
MAX_REVOCATIONS = 128  # lists, and answers; a seal brings two, each renewal one
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
# The members that hold values (TS 119 182-1, clauses 5.3.3 and 5.3.5).
_HOLDERS = {"x509Cert": "certificate", "crlVals": "crl", "ocspVals": "ocsp"}
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
        for _, text in self._values("x509Cert"):
            if len(found) == MAX_CERTIFICATES:
                break
            try:
                found.append(_load(text))
            except (TypeError, ValueError, x509.InvalidVersion):
                continue  # what was added later cannot break what was sealed
        return tuple(found)

    def stored(self) -> Iterator[Stored]:
        """Every certificate, list and answer as DER, with the element it stands in.

        What is no base64 is left out; nothing else is read.
        """
        for kind in _HOLDERS:
            for index, text in islice(self._values(kind), MAX_REVOCATIONS):
                try:
                    yield Stored(index, _HOLDERS[kind], unb64(text))
                except (InputError, TypeError, ValueError):
                    continue

    def tokens(self) -> Iterator[Stamped]:
        """Every timestamp token of `sigTst` and `arcTst`; at most 64."""
        found = (
            stamped
            for name in ("sigTst", "arcTst")
            for index, value in self.named(name)
            for stamped in tokens_in(value, name, index)
        )
        yield from islice(found, MAX_TOKENS)

    def _values(self, kind: str) -> Iterator[tuple[int, Any]]:
        """Index of the element, and the base64, of all that is of one kind."""
        for index, element in enumerate(self.elements):
            certificates, revocations = _validation_data(element)
            for row in _list(certificates) if kind == "x509Cert" else ():
                yield index, _member(_member(row, "x509Cert"), "val")
            for row in _list(_member(revocations, kind)):
                yield index, _member(row, "val")


@dataclass(frozen=True, slots=True)
class Stored:
    """One value of `xVals` or `rVals`: `kind` is certificate, crl or ocsp."""

    index: int
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Stamped:
    """One token of a container, as DER; `data` is None where it is no base64.

    `index` is the place of the container in `etsiU`, None in the protected header.
    """

    name: str
    index: int | None
    data: bytes | None


def tokens_in(container: Any, name: str, index: int | None) -> Iterator[Stamped]:
    """The tokens of one `tstTokens` (TS 119 182-1, clause 5.4.3.3)."""
    rows = _list(_member(container, "tstTokens"))
    if not rows:
        yield Stamped(name, index, None)
    for row in rows:
        try:
            data = unb64(_member(row, "val"))
        except (InputError, TypeError, ValueError):
            yield Stamped(name, index, None)
        else:
            yield Stamped(name, index, data)


def write_element(name: str, value: Any) -> str:
    """One element as it is stored: base64url of its JSON, never to change again."""
    return b64u(dump({name: value}))


def timestamp_value(token: bytes) -> dict[str, Any]:
    """`tstTokens` with one token (clause 5.4.3.3): DER in base64."""
    return {"tstTokens": [{"val": b64(token)}]}


def certificate_values(certificates: Iterable[bytes]) -> list[dict[str, Any]]:
    """`xVals` (clause 5.3.3) of certificates in DER."""
    return [{"x509Cert": {"val": b64(data)}} for data in certificates]


def revocation_values(
    crls: Iterable[bytes], answers: Iterable[bytes]
) -> dict[str, list[dict[str, str]]]:
    """`rVals` (clause 5.3.5) of CRLs and whole OCSP responses in DER."""
    found = {
        "crlVals": [{"val": b64(data)} for data in crls],
        "ocspVals": [{"val": b64(data)} for data in answers],
    }
    return {name: values for name, values in found.items() if values}


def _validation_data(element: Element) -> tuple[Any, Any]:
    """What one element holds of certificates and of revocation data."""
    value = element.value
    match element.name:
        case "xVals" | "axVals":
            return value, None
        case "rVals" | "arVals":
            return None, value
        case "tstVD" | "anyValData":
            return _member(value, "xVals"), _member(value, "rVals")
    return None, None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


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
    return load(unb64(text))
